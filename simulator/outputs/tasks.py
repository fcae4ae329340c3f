"""任务分工: what the plan has to be done, by whom, until when; only what this plan really contains."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from simulator.language import plural
from simulator.language import translate as _
from simulator.outputs.answers import proposed
from simulator.outputs.edition import is_public
from simulator.outputs.figures import people, together
from simulator.outputs.moves import closures, resettled, rezoned
from simulator.outputs.offices import office_names
from simulator.outputs.projects import named, named_works, project_rows, total_words
from simulator.outputs.titles import section_names, stage_names
from simulator.result import Result
from simulator.scenario.targets import PROMISED
from simulator.terms import COMPULSORY, Network, TargetItem, label

_COUNTED = frozenset(item.value for item in PROMISED)


@dataclass(frozen=True)
class Task:
    """A task: title, measures (a sentence each), who is responsible, until when."""

    title: str
    measures: tuple[str, ...]
    office: str
    deadline: str


def plan_tasks(result: Result) -> tuple[Task, ...]:
    """The tasks that this plan has, each with measures of its own figures.

    Parameters
    ----------
    result
        A finished run; bodies are those of :func:`simulator.outputs.offices.office_names`, and of projects who is
        entered for them.
    """
    offices = office_names(result)
    return (
        *_building(offices, result),
        *_land(offices, result),
        *_zoning(offices, result),
        *_closing(offices, result),
        *_carrying(offices, result),
        *_classes(offices, result),
        *_promises(offices, result),
        _watching(offices, result),
    )


def _together(offices: Mapping[str, str], *roles: str) -> str:
    return _("、").join(dict.fromkeys(offices[role] for role in roles))


def _building(offices: Mapping[str, str], result: Result) -> Iterator[Task]:
    projects = project_rows(named_works(proposed(result), result), result)
    for action, own in projects.groupby("action", sort=False):
        total = total_words(len(own), own["seats"].sum(), own["capital"].sum())
        names = _("项目：{names}。").format(names=named(own["name"].tolist()))
        others = own[own["responsible"] != offices["education"]]
        entered = [
            _("{names}由{office}负责。").format(names=named(rows["name"].tolist()), office=office)
            for office, rows in others.groupby("responsible", sort=False)
        ]
        yield Task(
            title=_("{action}项目").format(action=action),
            measures=(total, names, *entered),
            office=_together(offices, "education", "development", "housing", "finance"),
            deadline=_("{year}年8月底前").format(year=own["year"].max()),
        )


def _land(offices: Mapping[str, str], result: Result) -> Iterator[Task]:
    sites, actions = result.supply.sites, result.plan.actions
    built = set(actions.loc[actions["action"] == "new_build", "site_id"])
    parcels = [str(site) for site in sites.index if site in built and not sites["existing"][site]]
    if parcels:
        years = [int(sites["supply_year"][site]) for site in parcels]
        yield Task(
            title=_("教育用地保障"),
            measures=(
                plural("落实 {count} 块教育用地：{names}。", len(parcels)).format(
                    count=len(parcels), names=named([str(sites["name"][site]) for site in parcels])
                ),
            ),
            office=_together(offices, "planning", "townships"),
            deadline=_("{year}年底前").format(year=max(*years, result.scenario.horizon.base_year)),
        )


def _zoning(offices: Mapping[str, str], result: Result) -> Iterator[Task]:
    changed = rezoned(result)
    units = int(changed.loc[changed["year"] > 0, "unit_id"].nunique())
    if units:
        yield Task(
            title=_("招生范围调整"),
            measures=(
                plural("分期调整 {count} 个划片单元的招生范围，调整前公告，老生不动。", units).format(count=units)
                if result.plan.rezoning == "entrants"
                else plural("分期调整 {count} 个划片单元的招生范围，调整前公告。", units).format(count=units),
            ),
            office=_together(offices, "education", "townships"),
            deadline=_("每年4月底前"),
        )


def _closing(offices: Mapping[str, str], result: Result) -> Iterator[Task]:
    gone = closures(result).drop_duplicates("section_id")
    if gone.empty:
        return
    moved, public = resettled(result), is_public(result)
    settled = moved[moved["to_section"].fillna("") != ""].groupby("section_id")["children"].sum()
    children = together(people(settled.get(section, 0.0), public=public) for section in gone["section_id"])
    names = gone["section_id"].map(section_names(result)).fillna(gone["section_id"]).tolist()
    closing = plural("撤并、停办 {count} 个学部：{names}。", len(gone)).format(count=len(gone), names=named(names))
    settling = [plural("先建后撤，安置学生 {count} 人。", children).format(count=children)] if children else []
    yield Task(
        title=_("学校撤并与学生安置"),
        measures=(closing, *settling, _("撤并前履行听证、公示和报批程序，校舍优先用于教育。")),
        office=_together(offices, "education", "staffing", "townships"),
        deadline=_("{year}年8月底前").format(year=gone["year"].max()),
    )


def _carrying(offices: Mapping[str, str], result: Result) -> Iterator[Task]:
    rows, public = result.indicators.transport, is_public(result)
    rows = rows[(rows["network"] == result.plan.network) & rows["year"].isin(list(result.scenario.plan_years))]
    yearly = rows.groupby("year")[["bus_seats", "boarders"]].sum().round()
    most = {name: people(yearly[name].max(), public=public) for name in yearly} if len(rows) else {}
    words = [
        word.format(count=most[name])
        for name, word in (("bus_seats", _("校车最多 {count} 座")), ("boarders", _("寄宿最多 {count} 人")))
        if most.get(name)
    ]
    if words:
        yield Task(
            title=_("校车与寄宿"),
            measures=(_("{words}，逐年安排见附表。").format(words=_("、").join(words)),),
            office=_together(offices, "education", "transport", "finance"),
            deadline=_("{year}年8月底前").format(year=int(rows["year"].min())),
        )


def _classes(offices: Mapping[str, str], result: Result) -> Iterator[Task]:
    horizon, sizes, names = result.scenario.horizon, result.indicators.class_sizes, stage_names()
    shares = sizes[sizes["network"] == Network.PLAN].set_index(["stage", "year"])["oversized_share"].fillna(0.0)
    measures = []
    for stage in COMPULSORY:
        before, after = (shares.get((stage.value, year), 0.0) for year in (horizon.base_year, horizon.target_year))
        if before > after:
            words = _("{stage}大班额占比由{before}降到{year}年的{after}。")
            measures.append(
                words.format(
                    stage=names[stage.value], before=f"{before:.1%}", year=horizon.target_year, after=f"{after:.1%}"
                )
            )
    if measures:
        yield Task(
            title=_("消除大班额"),
            measures=(*measures, _("从起始年级控制班额，均衡编班。")),
            office=offices["education"],
            deadline=_("{year}年底前").format(year=horizon.target_year),
        )


def _promises(offices: Mapping[str, str], result: Result) -> Iterator[Task]:
    """The targets that the scenario states, seats promised apart from shares."""
    found = result.finance.targets
    rows = found[found["network"] == Network.PLAN] if len(found) else found
    counted = rows["item"].isin(_COUNTED)
    parts = (
        (_("新增学位承诺"), rows[counted], _together(offices, "education", "development", "finance")),
        (_("规划指标目标"), rows[~counted], offices["education"]),
    )
    for title, own, office in parts:
        if len(own):
            yield Task(
                title=title,
                measures=tuple(_promise(row) for row in own.sort_values("year", kind="stable").to_dict("records")),
                office=office,
                deadline=_("{year}年底前").format(year=own["year"].max()),
            )


def _promise(row: Mapping[Hashable, object]) -> str:
    figure, value = float(str(row["figure"])), float(str(row["value"]))
    shown = "{:.0f}" if row["item"] in _COUNTED else "{:.1%}"
    words = _("{year}年{item}不低于 {value}") if row["at_least"] else _("{year}年{item}不高于 {value}")
    target = words.format(year=row["year"], item=label(TargetItem(str(row["item"]))), value=shown.format(value))
    if not np.isfinite(figure):
        return _("{target}，按现有数据无法测算。").format(target=target)
    told = _("{target}，方案测算 {figure}。") if row["met"] == "yes" else _("{target}，方案测算 {figure}，未达到。")
    return told.format(target=target, figure=shown.format(figure))


def _watching(offices: Mapping[str, str], result: Result) -> Task:
    return Task(
        title=_("监测与动态调整"),
        measures=(_("每年9月核对在校生、学位和项目进度，出现偏差时重新测算。"),),
        office=_together(offices, "education", "planning"),
        deadline=_("{first}—{last}年，每年").format(
            first=result.scenario.plan_years[0], last=result.scenario.horizon.target_year
        ),
    )


def task_frame(tasks: tuple[Task, ...]) -> pd.DataFrame:
    """number, title, measures, words (the measures as one text), office, deadline: a row a task."""
    rows = [(place, task.title, task.measures, "".join(task.measures), task.office, task.deadline)
            for place, task in enumerate(tasks, start=1)]  # fmt: skip
    return pd.DataFrame(rows, columns=["number", "title", "measures", "words", "office", "deadline"])
