"""Tasks of the plan with the bodies that are responsible: only what the plan really contains."""

from __future__ import annotations

from collections.abc import Iterator

from simulator.language import plural
from simulator.language import translate as _
from simulator.outputs.titles import unstamped
from simulator.outputs.word.context_places import Closure, Project
from simulator.outputs.word.context_plan import Offices, Task
from simulator.outputs.word.context_stages import Stage
from simulator.outputs.word.figures import together
from simulator.outputs.word.words import named, total_words
from simulator.result import Result

_KINDS = "市区县旗"


def office_fields(result: Result) -> Offices:
    """Bodies by role: as the scenario names them, else the usual word for this kind of place."""
    title = unstamped(result.district.title)
    kind = title[-1:] if title[-1:] in _KINDS else ""
    usual = {
        "education": _("{place}教育局"),
        "planning": _("{place}自然资源和规划局"),
        "finance": _("{place}财政局"),
        "development": _("{place}发展和改革局"),
        "housing": _("{place}住房和城乡建设局"),
        "staffing": _("{place}委编办"),
        "transport": _("{place}公安、交通运输部门"),
        "townships": _("各乡镇人民政府、街道办事处"),
    }
    words = {role: word.format(place=_place_word(kind)) for role, word in usual.items()}
    return Offices(**(words | {str(role): name for role, name in result.scenario.outputs.offices.items()}))


def _place_word(kind: str) -> str:
    return {"市": _("市"), "区": _("区"), "县": _("县"), "旗": _("旗")}.get(kind, "")


def task_fields(
    offices: Offices, projects: tuple[Project, ...], closures: tuple[Closure, ...], stages: tuple[Stage, ...],
    rezoned: int, result: Result,
) -> tuple[Task, ...]:  # fmt: skip
    """The tasks that this plan has, each with measures of its own figures.

    Parameters
    ----------
    offices
        Who is responsible.
    projects, closures, stages, rezoned
        What the plan does.
    result
        The run.
    """
    tasks = [
        *_building(offices, projects),
        *_land(offices, result),
        *_zoning(offices, rezoned, result),
        *_closing(offices, closures),
        *_carrying(offices, result),
        *_classes(offices, stages, result),
        _watching(offices, result),
    ]
    return tuple(tasks)


def _building(offices: Offices, projects: tuple[Project, ...]) -> Iterator[Task]:
    for action in dict.fromkeys(project.action for project in projects):
        own = [project for project in projects if project.action == action]
        last = max(project.year for project in own)
        yield Task(
            title=_("{action}项目").format(action=action),
            measures=(total_words(own), _("项目：{names}。").format(names=named([project.name for project in own]))),
            office=_("、").join([offices.education, offices.development, offices.housing, offices.finance]),
            deadline=_("{year}年8月底前").format(year=last),
        )


def _land(offices: Offices, result: Result) -> Iterator[Task]:
    sites, built = (
        result.supply.sites,
        set(result.plan.actions.loc[result.plan.actions["action"] == "new_build", "site_id"]),
    )
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
            office=_("、").join([offices.planning, offices.townships]),
            deadline=_("{year}年底前").format(year=max(*years, result.scenario.horizon.base_year)),
        )


def _zoning(offices: Offices, rezoned: int, result: Result) -> Iterator[Task]:
    if rezoned:
        yield Task(
            title=_("招生范围调整"),
            measures=(
                plural("分期调整 {count} 个划片单元的招生范围，调整前公告，老生不动。", rezoned).format(count=rezoned)
                if result.plan.rezoning == "entrants"
                else plural("分期调整 {count} 个划片单元的招生范围，调整前公告。", rezoned).format(count=rezoned),
            ),
            office=_("、").join([offices.education, offices.townships]),
            deadline=_("每年4月底前"),
        )


def _closing(offices: Offices, closures: tuple[Closure, ...]) -> Iterator[Task]:
    if closures:
        children = together(closure.children for closure in closures)
        measures = [
            plural("撤并、停办 {count} 个学部：{names}。", len(closures)).format(
                count=len(closures), names=named([closure.school for closure in closures])
            )
        ]
        if children:
            measures.append(plural("先建后撤，安置学生 {count} 人。", children).format(count=children))
        yield Task(
            title=_("学校撤并与学生安置"),
            measures=(*measures, _("撤并前履行听证、公示和报批程序，校舍优先用于教育。")),
            office=_("、").join([offices.education, offices.staffing, offices.townships]),
            deadline=_("{year}年8月底前").format(year=max(closure.year for closure in closures)),
        )


def _carrying(offices: Offices, result: Result) -> Iterator[Task]:
    rows = result.indicators.transport
    rows = rows[(rows["network"] == result.plan.network) & rows["year"].isin(list(result.scenario.plan_years))]
    if len(rows):
        yearly = rows.groupby("year")[["bus_seats", "boarders"]].sum().round()
        most = {name: int(yearly[name].max()) for name in yearly}
        words = [
            word.format(count=most[name])
            for name, word in (("bus_seats", _("校车最多 {count} 座")), ("boarders", _("寄宿最多 {count} 人")))
            if most[name]
        ]
        if words:
            yield Task(
                title=_("校车与寄宿"),
                measures=(_("{words}，逐年安排见附表。").format(words=_("、").join(words)),),
                office=_("、").join([offices.education, offices.transport, offices.finance]),
                deadline=_("{year}年8月底前").format(year=int(rows["year"].min())),
            )


def _classes(offices: Offices, stages: tuple[Stage, ...], result: Result) -> Iterator[Task]:
    horizon = result.scenario.horizon
    measures = [
        _("{stage}大班额占比由{before}降到{year}年的{after}。").format(
            stage=stage.name,
            before=f"{stage.base.oversized_share:.1%}",
            year=horizon.target_year,
            after=f"{stage.target.oversized_share or 0.0:.1%}",
        )
        for stage in stages
        if stage.is_compulsory
        and stage.base.oversized_share
        and stage.base.oversized_share > (stage.target.oversized_share or 0.0)
    ]
    if measures:
        yield Task(
            title=_("消除大班额"),
            measures=(*measures, _("从起始年级控制班额，均衡编班。")),
            office=offices.education,
            deadline=_("{year}年底前").format(year=horizon.target_year),
        )


def _watching(offices: Offices, result: Result) -> Task:
    return Task(
        title=_("监测与动态调整"),
        measures=(_("每年9月核对在校生、学位和项目进度，出现偏差时重新测算。"),),
        office=_("、").join([offices.education, offices.planning]),
        deadline=_("{first}—{last}年，每年").format(
            first=result.scenario.plan_years[0], last=result.scenario.horizon.target_year
        ),
    )
