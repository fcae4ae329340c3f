"""Works and building projects of the plan: one source for the workbook, the tasks and the documents."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from simulator.language import plural
from simulator.language import translate as _
from simulator.outputs.figures import whole
from simulator.outputs.offices import office_names
from simulator.outputs.sentences import robustness_words
from simulator.outputs.titles import built_name, section_names, site_names, stage_names, stage_order
from simulator.result import Result
from simulator.terms import Action, Delivery, label

BUILDING = (Action.NEW_BUILD, Action.EXTENSION, Action.RELOCATION, Action.ADD_SECTION, Action.CONVERSION)
"""Actions that are building projects."""
_BY_OTHERS = frozenset({Delivery.HANDOVER, Delivery.LINKED})
_COLUMNS = (
    *("year", "name", "township", "action", "scale", "stages", "classes", "seats", "capital"),
    *("committed", "by_others", "robustness", "responsible"),
)


def named_works(works: pd.DataFrame, result: Result) -> pd.DataFrame:
    """Rows of :func:`simulator.outputs.answers.proposed` with school, township, seats, words of how sure they are, place of their stage."""
    sites, sections = result.supply.sites, result.supply.sections
    names = section_names(result)
    site = site_names(result)
    return works.assign(
        school=works["section_id"].map(names).fillna(works["site_id"].map(site)).fillna(works["site_id"]),
        township=works["site_id"].map(sites["township"]).fillna(""),
        seats=(works["classes"] * works["section_id"].map(sections["class_size"])).fillna(0.0),
        words=robustness_words(works),
        order=stage_order(works["stage"]),
    )


def project_rows(works: pd.DataFrame, result: Result) -> pd.DataFrame:
    """Building projects: the sections of one campus that share an action and a year are one.

    Parameters
    ----------
    works
        Rows of :func:`named_works`.
    result
        The run.

    Returns
    -------
    DataFrame
        year, name, township, action (its word), scale (words), stages (words), classes, seats, capital (万元), committed,
        by_others (how it is delivered where others pay, else empty), robustness, responsible (who, as
        :func:`responsible_offices`).
    """
    building = works[works["action"].isin([action.value for action in BUILDING])]
    building = building.sort_values(["year", "site_id", "order"], kind="stable")
    committed = set(result.supply.committed["site_id"])
    building = building.assign(responsible=responsible_offices(building["section_id"], result))
    grouped = building.groupby(["year", "action", "site_id"], sort=False)
    rows = [_project(own, result, committed) for _key, own in grouped]
    return pd.DataFrame(rows, columns=list(_COLUMNS))


def _project(own: pd.DataFrame, result: Result, committed: set[str]) -> tuple[object, ...]:
    first, stages = own.iloc[0], stage_names()
    site, action = str(first["site_id"]), Action(first["action"])
    sites = result.supply.sites
    delivery = str(sites["delivery"].get(site, "")) if "delivery" in sites else ""
    paid = float(own["capital_wan"].sum())
    others = action is Action.NEW_BUILD and delivery in _BY_OTHERS and not paid
    scale = [
        class_words(stages[row["stage"]], whole(row["classes"]))
        for row in own.to_dict("records")
        if row["stage"] in stages
    ]
    return (
        int(first["year"]),
        str(site_names(result).get(site, site)).removesuffix(built_name("")),
        str(first["township"]),
        label(action),
        _("、").join(scale),
        tuple(stages.get(str(stage), "") for stage in own["stage"]),
        whole(own["classes"].sum()),
        whole(own["seats"].sum()),
        paid,
        site in committed,
        label(Delivery(delivery)) if others else "",
        _("、").join(dict.fromkeys(word for word in own["words"] if word)),
        _("、").join(dict.fromkeys(own["responsible"])),
    )


def responsible_offices(sections: pd.Series, result: Result) -> pd.Series:
    """责任单位 of the works at some sections: as the table of projects names it, else the education bureau."""
    usual, projects = office_names(result)["education"], result.district.projects
    known: dict[str, str] = {}
    if "responsible" in projects:
        told = projects[projects["responsible"].notna() & (projects["responsible"] != "")]
        names = told["place_id"].astype(str) + ":" + told["stage"].astype(str)
        known = dict(zip(names, told["responsible"].astype(str), strict=True))
    return pd.Series([known.get(str(section), usual) for section in sections], index=sections.index, dtype=str)


def class_words(stage: str, classes: int) -> str:
    """A number of classes of a stage.

    >>> class_words("小学", 6)
    '小学6班'
    """
    return plural("{stage}{classes}班", classes).format(stage=stage, classes=classes)


def total_words(count: int, seats: float, capital: float) -> str:
    """How many projects, seats and 万元, without what is nought."""
    parts = [_("共 {count} 项").format(count=count)]
    if seats:
        parts.append(_("学位 {count} 个").format(count=f"{seats:.0f}"))
    if capital >= 1:
        parts.append(_("投资 {count} 万元").format(count=f"{capital:.0f}"))
    return _("{words}。").format(words=_("，").join(parts))


def named(names: Sequence[str], few: int = 8) -> str:
    """Different names in order, the first few of many.

    >>> named(["甲", "乙", "甲"]), named(["甲", "乙", "丙"], few=2)
    ('甲、乙', '甲、乙等')
    """
    once = list(dict.fromkeys(names))
    words = _("、").join(once[:few])
    return words if len(once) <= few else _("{names}等").format(names=words)
