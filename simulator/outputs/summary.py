"""summary.md: one page in a planner's words."""

from __future__ import annotations

from pathlib import Path

from simulator.language import translate as _
from simulator.outputs.answers import answers
from simulator.outputs.sentences import cost_lines, finding_lines, journey_lines, shortage_lines, work_lines
from simulator.outputs.solution import gap_percent, status_words
from simulator.outputs.titles import stamped_title, stamps
from simulator.result import Result


def write_summary(result: Result, path: Path) -> None:
    """Write the summary as Markdown."""
    path.write_text(summary_text(result), encoding="utf-8", newline="\n")


def summary_text(result: Result) -> str:
    """The summary: five answers, the quality of the plan, what it rests on."""
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
        _section(_("方案做什么"), work_lines(found, result)),
        _section(_("花多少钱"), cost_lines(found, result)),
        _section(_("谁走得更远"), journey_lines(found)),
        _section(_("哪些规则没有满足"), finding_lines(found)),
        _section(_("方案质量"), quality_lines(result)),
        _section(_("依据的假设"), _assumption_lines(result)),
    ]
    if result.scenario.outputs.edition == "internal":
        parts.append(_("内部资料，未经审核不得公开。"))
    return "\n\n".join(parts) + "\n"


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
    return [
        _("{gap}（{status}）。").format(gap=gap_percent(solution), status=status_words(solution.status)),
    ]


def _assumption_lines(result: Result) -> list[str]:
    said = [
        *result.district.assumptions,
        *result.projection.assumptions,
        *result.supply.assumptions,
        *result.access.assumptions,
        *result.catchments.assumptions,
        *result.plan.notes,
    ]
    checked = sorted(figure.title for figure in result.standards.figures.values() if figure.to_be_checked)
    lines = [f"- {text}" for text in dict.fromkeys(said)]
    if checked:
        lines.append(_("- 有 {count} 项指标为默认参数(待核)，见 plan.xlsx 的“编制依据”。").format(count=len(checked)))
    return lines or [_("没有另外的假设。")]
