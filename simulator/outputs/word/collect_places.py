"""Findings, rules, alerts and schools: what is said about single places."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

from simulator.language import translate as _
from simulator.outputs.answers import Answers
from simulator.outputs.figures import share, whole
from simulator.outputs.findings import finding_sentence, once_a_place, rule_title, rules_failing
from simulator.outputs.titles import section_names, stage_names, stage_order
from simulator.outputs.word.collect_stages import near_year
from simulator.outputs.word.context_places import Alert, Finding, School, SchoolYear
from simulator.outputs.word.context_plan import Counts, RuleCheck
from simulator.result import Result
from simulator.rules import RULES
from simulator.terms import Action, Effect, Nature, Network, SectionKind, label

_ALERT_RULE = "alert_level"
_ALERT_YEARS = 3


def level_names() -> dict[str, str]:
    """Level of a seat alert → its word."""
    return {
        "red": _("红色预警"),
        "yellow": _("黄色预警"),
        "green": _("正常（绿）"),
        "surplus": _("学位富余"),
        "deep_surplus": _("学位严重富余"),
    }


def count_fields(found: Answers) -> Counts:
    """Numbers of findings of the plan."""
    return Counts(**found.counts)


def finding_fields(found: Answers) -> tuple[Finding, ...]:
    """New findings of the plan, one a rule and place, rule by rule."""
    once = once_a_place(found.failing)
    if len(once) == 0:
        return ()
    return tuple(
        Finding(
            rule=rule_title(str(row["rule"])),
            effect=str(row["effect_name"]),
            place=str(row["place"]),
            sentence=finding_sentence(row),
        )
        for rows in rules_failing(once)
        for _number, row in rows.iterrows()
    )


def rule_fields(result: Result) -> tuple[RuleCheck, ...]:
    """Every rule that was checked, rigid ones first, with the places that fail."""
    horizon = result.scenario.horizon
    counted = result.audit.findings.groupby(["rule", "network", "year"])["place_id"].nunique()

    def places(rule: str, network: Network, year: int) -> int:
        return whole(counted.get((rule, network.value, year), 0))

    order = {effect: place for place, effect in enumerate(Effect)}
    rules = sorted(
        (RULES[name] for name in result.audit.rules_checked if name in RULES), key=lambda one: order[one.effect]
    )
    return tuple(
        RuleCheck(
            title=rule_title(rule.name),
            effect=label(rule.effect),
            source=rule.source,
            today=places(rule.name, Network.NO_ACTION, horizon.base_year),
            target=places(rule.name, Network.PLAN, horizon.target_year),
            idle=places(rule.name, Network.NO_ACTION, horizon.target_year),
        )
        for rule in rules
    )


def alert_fields(result: Result, work_year: int) -> tuple[Alert, ...]:
    """The level of every catchment school in the work year and the two after it."""
    findings = result.audit.of(Network.PLAN)
    levels = findings[findings["rule"] == _ALERT_RULE].set_index(["place_id", "year"])["detail"].to_dict()
    bands = set(result.catchments.table["band"])
    table = result.plan.catchments
    zoned = set(table.loc[table["band"].isin(bands) & (table["section_id"] != ""), "section_id"])
    schools = result.indicators.schools
    last = result.scenario.horizon.target_year
    years = range(work_year, min(work_year + _ALERT_YEARS, last + 1))
    rows = schools[
        (schools["network"] == Network.PLAN)
        & schools["year"].isin(list(years))
        & schools["section_id"].isin(zoned)
        & (schools["seats_standard"] > 0)
    ]
    sections, names, stages, words = result.supply.sections, section_names(result), stage_names(), level_names()
    towns = sections["site_id"].map(result.supply.sites["township"])
    rows = rows.assign(order=stage_order(rows["section_id"].map(sections["stage"])))
    found = []
    for row in rows.sort_values(["year", "order", "section_id"], kind="stable").to_dict("records"):
        section, year = str(row["section_id"]), int(row["year"])
        level = str(levels.get((section, year), "green"))
        found.append(
            Alert(
                year=year,
                school=str(names[section]),
                township=str(towns[section]),
                stage=stages[str(sections["stage"][section])],
                level=level,
                level_name=words[level],
                pupils=whole(row["pupils"]),
                seats=whole(row["seats_standard"]),
                use=float(row["pupils"]) / float(row["seats_standard"]),
            )
        )
    return tuple(found)


def school_fields(found: Answers, works: pd.DataFrame, served: dict[str, str], result: Result) -> tuple[School, ...]:
    """The bureau's own schools with works or new findings, by stage and township.

    Parameters
    ----------
    found, works
        Answers of the run, and its works with names.
    served
        section_id → units served in the target year.
    result
        The run.
    """
    sections = result.supply.sections
    acted = {str(section): own for section, own in works.groupby("section_id")}
    once = once_a_place(found.failing)
    failing = {str(place): own for place, own in once.groupby("place_id")}
    site = sections["site_id"]
    own = sections[sections["decided_here"].astype(bool)]
    own = own[[section in acted or section in failing or site[section] in failing for section in own.index]]
    own = own.assign(order=stage_order(own["stage"]), township=own["site_id"].map(result.supply.sites["township"]))
    own = own.sort_values(["order", "township"], kind="stable")
    names = section_names(result)
    measured = result.indicators.schools
    measured = measured[measured["network"] == Network.PLAN].set_index(["section_id", "year"])
    return tuple(
        School(
            section_id=section,
            name=str(names[section]),
            township=str(row["township"]),
            stage=stage_names()[str(row["stage"])],
            kind=label(SectionKind(row["kind"])),
            nature=label(Nature(row["nature"])),
            land_m2=_land(result, str(row["site_id"])),
            rooms=whole(row["rooms"]),
            years=tuple(_school_years(measured, section, result)),
            works=tuple(_work_words(acted[section])) if section in acted else (),
            findings=tuple(_findings(failing, section, str(row["site_id"]))),
            serves=served.get(section, ""),
        )
        for section, row in ((str(section), row) for section, row in own.iterrows())
    )


def _land(result: Result, site: str) -> int | None:
    area = share(result.supply.sites["land_area_m2"].get(site))
    return None if area is None else round(area)


def _school_years(measured: pd.DataFrame, section: str, result: Result) -> Iterator[SchoolYear]:
    horizon = result.scenario.horizon
    for year in sorted({horizon.base_year, near_year(result), horizon.target_year}):
        if (section, year) not in measured.index:
            continue
        row: dict[str, Any] = dict(measured.loc[[(section, year)]].iloc[0])
        if not row["pupils"] and not row["classes"]:
            continue
        yield SchoolYear(
            year=year,
            pupils=whole(row.get("pupils")),
            classes=whole(row.get("classes")),
            seats=whole(row.get("seats_standard")),
            largest_class=whole(row.get("largest_class")),
            use=share(row.get("utilization")),
        )


def _work_words(rows: pd.DataFrame) -> Iterator[str]:
    for row in rows.to_dict("records"):
        action, classes = label(Action(row["action"])), whole(row["classes"])
        words = _("{year}年9月{action}").format(year=int(row["year"]), action=action)
        if classes:
            words += _("，{classes}班").format(classes=classes)
        if row["capital_wan"] > 0:
            words += _("，投资 {capital} 万元").format(capital=f"{row['capital_wan']:.0f}")
        yield words


def _findings(failing: dict[str, pd.DataFrame], section: str, site: str) -> Iterator[str]:
    for place in dict.fromkeys((section, site)):
        if place in failing:
            yield from (finding_sentence(row) for _number, row in failing[place].iterrows())
