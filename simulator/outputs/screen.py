"""One terminal screen that answers the five questions."""

from __future__ import annotations

from simulator.language import translate as _
from simulator.outputs.answers import answers
from simulator.outputs.sentences import action_lines, cost_lines, finding_lines, journey_lines, shortage_lines
from simulator.outputs.summary import quality_lines
from simulator.outputs.titles import stamped_title
from simulator.outputs.widths import shortened
from simulator.result import Result

COLUMNS = 100
_FEW = 4


def screen_lines(result: Result) -> list[tuple[str, list[str]]]:
    """Sections of the screen: title and lines, together at most 40 lines of 100 columns.

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
    sections = [
        (stamped_title(result, result.scenario.title), quality_lines(result)),
        (_("哪里缺学位"), shortage_lines(found, _FEW)),
        (_("方案做什么"), action_lines(found, result)),
        (_("花多少钱"), cost_lines(found, result)),
        (_("谁走得更远"), journey_lines(found)[:5]),
        (_("哪些规则没有满足"), finding_lines(found, _FEW)),
    ]
    return [(title, [shortened(line, COLUMNS - 2) for line in lines]) for title, lines in sections]
