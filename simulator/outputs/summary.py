"""summary.md: one page in a planner's words."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from simulator.language import translate as _
from simulator.outputs.answers import answers
from simulator.outputs.basis import basis_lines
from simulator.outputs.board import board_lines
from simulator.outputs.consolidation import consolidation_lines
from simulator.outputs.edition import edition_words
from simulator.outputs.goals import (
    change_lines,
    frontier_rows,
    frontier_title,
    frontier_titles,
    goal_table_lines,
    stays_close,
    table_lines,
)
from simulator.outputs.levers import closing_lines, lever_lines, target_lines
from simulator.outputs.reach import reach_lines
from simulator.outputs.risk import risk_lines
from simulator.outputs.sentences import cost_lines, finding_lines, journey_lines, shortage_lines, work_lines
from simulator.outputs.solution import gap_percent, status_words
from simulator.outputs.staff import staff_lines
from simulator.outputs.titles import site_names, stamped_title, stamps
from simulator.outputs.warnings import warning_lines
from simulator.result import Result

_FEW_CHANGES = 12
_FEW_WARNINGS = 6


def write_summary(result: Result, path: Path, maps_not_drawn: Mapping[str, str] = MappingProxyType({})) -> None:
    """Write the summary as Markdown; `maps_not_drawn`: title of each map that could not be drawn → the reason."""
    path.write_text(summary_text(result, maps_not_drawn), encoding="utf-8", newline="\n")


def summary_text(result: Result, maps_not_drawn: Mapping[str, str] = MappingProxyType({})) -> str:
    """The summary: five answers, the quality of the plan, what it rests on, maps that could not be drawn."""
    found, horizon = answers(result), result.scenario.horizon
    parts = [
        f"# {stamped_title(result, result.scenario.title)}",
        _("{district}，规划期 {first}—{last}年，基准年 {base}年。{stamps}。").format(
            district=stamped_title(result, result.district.title),
            first=result.scenario.plan_years[0],
            last=horizon.target_year,
            base=horizon.base_year,
            stamps=_("；").join(stamps(result)),
        ),
        _section(_("哪里缺学位"), shortage_lines(found)),
        *_warning_section(result),
        _section(_("方案做什么"), work_lines(found, result)),
        _section(_("花多少钱"), cost_lines(found, result)),
        *_lever_sections(result),
        _section(_("谁走得更远"), [*journey_lines(found), *reach_lines(result)]),
        _section(_("哪些规则没有满足"), finding_lines(found)),
        *_consolidation_section(result),
        *_staff_section(result),
        *_board_section(result),
        *_risk_section(result),
        _section(_("方案质量"), quality_lines(result)),
        *_goal_sections(result),
        _section(_("编制依据"), basis_lines(result)),
        _section(_("依据的假设"), _assumption_lines(result)),
        *_map_section(maps_not_drawn),
    ]
    parts.append(_("{words}。").format(words=edition_words(result.scenario.outputs)))
    return "\n\n".join(parts) + "\n"


def _warning_section(result: Result) -> list[str]:
    lines = warning_lines(result.alerts, result.scenario.horizon.base_year, _FEW_WARNINGS)
    return [_section(_("学位预警"), lines)] if lines else []


def _consolidation_section(result: Result) -> list[str]:
    lines = consolidation_lines(result)
    return [_section(_("学校撤并"), lines)] if lines else []


def _lever_sections(result: Result) -> list[str]:
    """What is done under each lever, what closings save, the plan's own targets."""
    done = [*lever_lines(result), *closing_lines(result)]
    sections = [_section(_("用了哪些举措"), done)] if done else []
    targets = target_lines(result)
    return [*sections, _section(_("本地目标"), targets)] if targets else sections


def _staff_section(result: Result) -> list[str]:
    lines = staff_lines(result)
    return [_section(_("师资"), lines)] if lines else []


def _board_section(result: Result) -> list[str]:
    lines = board_lines(result)
    return [_section(_("优质均衡与普及普惠"), lines)] if lines else []


def _risk_section(result: Result) -> list[str]:
    lines = risk_lines(result)
    return [_section(_("不确定性：缺口与富余的概率"), lines)] if lines else []


def _map_section(maps_not_drawn: Mapping[str, str]) -> list[str]:
    lines = [_("- {title}：{reason}。").format(title=title, reason=why) for title, why in maps_not_drawn.items()]
    return [_section(_("没有出的图"), lines)] if lines else []


def _section(title: str, lines: list[str]) -> str:
    """A heading, its sentences and its list; a list needs an empty line before it."""
    body: list[str] = []
    for line in lines:
        if body and line.startswith("- ") != body[-1].startswith("- "):
            body.append("")
        body.append(line)
    return "\n".join([f"## {title}", "", *body])


def quality_lines(result: Result) -> list[str]:
    """How good the plan is, without technical words."""
    solution = result.plan.solution
    words = _("{gap}（{status}）。").format(gap=gap_percent(solution), status=status_words(solution.status))
    goals = len(result.plan.goals)
    return [_("依次优化 {count} 个目标，最后一个目标{words}").format(count=goals, words=words) if goals else words]


def _goal_sections(result: Result) -> list[str]:
    """Goals in order, changes from an earlier plan, the trade-off of two goals, where they were asked for."""
    plan, names, parts = result.plan, site_names(result), []
    if len(plan.goals):
        parts.append(_section(_("依次优化的目标"), goal_table_lines(plan.goals)))
    if stays_close(plan):
        parts.append(_section(_("与原方案的不同"), change_lines(plan.changes, names, _FEW_CHANGES)))
    if result.frontier is not None and len(result.frontier):
        lines = table_lines(frontier_titles(result.frontier), frontier_rows(result.frontier, names))
        parts.append(_section(frontier_title(result.frontier), lines))
    return parts


def _assumption_lines(result: Result) -> list[str]:
    said = [
        *result.district.assumptions,
        *result.projection.assumptions,
        *result.supply.assumptions,
        *result.access.assumptions,
        *result.catchments.assumptions,
        *result.territory.assumptions,
        *result.plan.notes,
    ]
    checked = sorted(figure.title for figure in result.standards.figures.values() if figure.to_be_checked)
    lines = [f"- {text}" for text in dict.fromkeys(said)]
    if checked:
        lines.append(_("- 有 {count} 项指标为默认参数(待核)，见 plan.xlsx 的“编制依据”。").format(count=len(checked)))
    return lines or [_("没有另外的假设。")]
