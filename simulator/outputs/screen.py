"""One terminal screen that answers the five questions."""

from __future__ import annotations

from simulator.language import translate as _
from simulator.outputs.answers import Answers, answers
from simulator.outputs.goals import change_lines, goal_lines, stays_close
from simulator.outputs.sentences import action_lines, cost_lines, finding_lines, journey_lines, shortage_lines
from simulator.outputs.summary import quality_lines
from simulator.outputs.titles import site_names, stamped_title
from simulator.outputs.warnings import warning_lines
from simulator.outputs.widths import wrapped
from simulator.result import Result

COLUMNS, LINES = 100, 44
_FEW = 4


def screen_lines(result: Result) -> list[tuple[str, list[str]]]:
    """Sections of the screen: title and lines of at most 100 columns, long lists cut so that all fits one screen.

    Parameters
    ----------
    result
        A finished run.

    Returns
    -------
    list
        (title, lines) in the order of the questions; the first section is the title of the run.
    """
    found = answers(result)
    for few in range(_FEW, 0, -1):
        sections = _sections(result, found, few)
        if sum(1 + len(lines) for _title, lines in sections) <= LINES:
            break
    return sections


def _sections(result: Result, found: Answers, few: int) -> list[tuple[str, list[str]]]:
    """All sections with so many items of each list."""
    sections = [
        (stamped_title(result, result.scenario.title), [*quality_lines(result), *goal_lines(result.plan.goals)]),
        (_("哪里缺学位"), shortage_lines(found, few)),
        *_warned(result),
        (_("方案做什么"), action_lines(found, result, few)),
        (_("花多少钱"), cost_lines(found, result)),
        (_("谁走得更远"), journey_lines(found)[:5]),
        (_("哪些规则没有满足"), finding_lines(found, few)),
    ]
    if stays_close(result.plan):
        lines = change_lines(result.plan.changes, site_names(result), few)
        sections.insert(1, (_("与原方案的不同"), lines))
    return [(title, [part for line in lines for part in wrapped(line, COLUMNS - 2)]) for title, lines in sections]


def _warned(result: Result) -> list[tuple[str, list[str]]]:
    """How many warnings there are, and which comes first."""
    lines = warning_lines(result.alerts, result.scenario.horizon.base_year, 1)
    return [(_("学位预警"), lines[:2])] if lines else []
