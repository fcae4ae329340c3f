"""What the command line asks of a run beside its scenario: a trade-off, an earlier result to go on from or stay close to."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from simulator.errors import Problem
from simulator.language import translate as _
from simulator.terminal.options import wrong_command_line

if TYPE_CHECKING:
    from simulator.outputs import StoredResult
    from simulator.prepared import Prepared, Request

_FEWEST_POINTS, _POINTS, _MOST_POINTS = 2, 5, 99


@dataclass(frozen=True)
class Asked:
    """Values of the options, checked as far as they can be without the district.

    Parameters
    ----------
    resume, near
        Result folders; None where not given.
    frontier, points
        Two goals, and plans on their curve.
    """

    resume: Path | None
    near: Path | None
    frontier: tuple[str, str] | None
    points: int


def asked(resume: Path | None, near: Path | None, frontier: str, points: str) -> Asked:
    """The options as they were typed.

    Raises
    ------
    InputError
        Goals or numbers that cannot be used, all at once.
    """
    from simulator.scenario import GOALS

    problems: list[Problem] = []
    names = tuple(name.strip() for name in frontier.split(","))
    known = _("可用的目标：{names}").format(names=_("、").join(GOALS))
    if frontier and (len(names) != len(set(names)) or len(names) != 2):
        what = _("“{value}”不是两个不同的目标").format(value=frontier)
        problems.append(Problem("--frontier", what, _("写成 cost,journeys 这样。{known}").format(known=known)))
    elif frontier:
        problems += [
            Problem("--frontier", _("没有“{goal}”这个目标").format(goal=name), known)
            for name in names
            if name not in GOALS
        ]
    if "changes" in names and near is None:
        problems.append(Problem("--frontier", _("目标 changes 需要一个原方案"), _("请用 --stay-close-to 给出")))
    count = int(points) if points.isdecimal() and len(points) <= len(str(_MOST_POINTS)) else 0
    if points and not _FEWEST_POINTS <= count <= _MOST_POINTS:
        what = _("“{value}”不是 {least} 到 {most} 的整数").format(value=points, least=_FEWEST_POINTS, most=_MOST_POINTS)
        problems.append(Problem("--points", what))
    if points and not frontier:
        problems.append(Problem("--points", _("没有 --frontier，点数没有用处")))
    if problems:
        raise wrong_command_line(problems)
    return Asked(resume, near, (names[0], names[1]) if frontier else None, count or _POINTS)


def request_of(wanted: Asked, prepared: Prepared, say: Callable[[str], None]) -> Request:
    """What is asked of the run, with the earlier results read.

    Parameters
    ----------
    wanted
        Of :func:`asked`.
    prepared
        What is to be planned.
    say
        Told in a line what of the earlier results is used.

    Raises
    ------
    InputError
        A folder is no result, or one of another district or of other phases.
    """
    from simulator.outputs import earlier_result
    from simulator.prepared import Request

    request = Request(frontier=wanted.frontier, points=wanted.points)
    if wanted.near is not None:
        near = earlier_result(wanted.near, prepared)
        say(_("贴近原方案 {folder}：与其不同的招生范围和举措计入目标").format(folder=wanted.near))
        request = replace(request, near=near.plan)
    if wanted.resume is not None:
        request = _resumed(request, earlier_result(wanted.resume, prepared), prepared, say)
    return request


def _resumed(request: Request, stored: StoredResult, prepared: Prepared, say: Callable[[str], None]) -> Request:
    """Start from a stored plan; what was proven of it holds only for the very same model."""
    from simulator.outputs import why_other_model

    reason = why_other_model(stored, prepared) or (_("本次要贴近另一方案") if request.near is not None else "")
    request = replace(request, starts=(stored.plan,))
    if reason:
        say(_("接着原成果求解：以其方案为起点；其下限不沿用（{reason}）").format(reason=reason))
        return request
    say(_("接着原成果求解：以其方案为起点，沿用已证明的下限"))
    goals = stored.plan.goals
    bound = -math.inf if len(goals) else stored.plan.solution.bound
    return replace(request, bound=bound, known=goals if len(goals) else None)
