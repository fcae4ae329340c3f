"""What to expect of a run before it begins: size of the model, time of its steps, gap that like sizes reached."""

from __future__ import annotations

import csv
import math
from dataclasses import dataclass
from importlib.resources import files

from simulator.language import translate as _
from simulator.model.size import Size
from simulator.scenario import SolverSettings

# A measured run tells of a model up to so many times larger or smaller.
_LIKE = 3.0


@dataclass(frozen=True)
class Reached:
    """A measured run: decisions of its model, seconds before its search, seconds of search, gap (NaN: not measured)."""

    district: str
    decisions: int
    prepare_s: float
    seconds: float
    gap: float


def measured() -> tuple[Reached, ...]:
    """The measured runs that ship with the program."""
    text = files("simulator.terminal").joinpath("reached.csv").read_text(encoding="utf-8")
    return tuple(
        Reached(
            row["district"],
            int(row["decisions"]),
            float(row["prepare_s"]),
            float(row["seconds"] or "nan"),
            float(row["gap"] or "nan"),
        )
        for row in csv.DictReader(text.splitlines())
    )


def estimate_lines(size: Size, settings: SolverSettings, runs: tuple[Reached, ...] | None = None) -> list[str]:
    """Sentences about a run that is to begin.

    Parameters
    ----------
    size
        Of the problem.
    settings
        Limits of the run.
    runs
        Measured runs; those that ship with the program by default.
    """
    known = measured() if runs is None else runs
    lines = [
        _(
            "规模：{units} 个划片单元，{schools} 所学校，{parcels} 块用地，{phases} 期 {years} 年，约 {decisions} 项决定"
        ).format(
            units=size.units,
            schools=size.schools,
            parcels=size.parcels,
            phases=size.phases,
            years=size.years,
            decisions=f"{size.decisions:,}",
        ),
        _time_line(size, settings, known),
    ]
    if like := _like(size, settings, known):
        lines.append(like)
    return lines


def _time_line(size: Size, settings: SolverSettings, known: tuple[Reached, ...]) -> str:
    """Seconds before the search, in proportion to the nearest measured run, and the limit of the search."""
    near = min(known, key=lambda run: abs(math.log(max(size.decisions, 1) / run.decisions)), default=None)
    before = near.prepare_s * size.decisions / near.decisions if near else 0.0
    if settings.work_limit is not None:
        return _("预计：列式约 {before} 秒，求解到工作量 {work} 为止").format(
            before=math.ceil(before), work=settings.work_limit
        )
    return _(
        "预计：列式约 {before} 秒，求解连同列式至多约 {limit:g} 秒，相差到 {gap} 提前结束；Ctrl-C 停止并保留已有方案"
    ).format(before=math.ceil(before), limit=settings.time_limit_s, gap=f"{settings.gap:.1%}")


def _like(size: Size, settings: SolverSettings, known: tuple[Reached, ...]) -> str:
    """What a run of like size reached within the limit, the longest of the likest; empty where none was measured."""
    near = [
        run
        for run in known
        if math.isfinite(run.gap)
        and run.seconds <= settings.time_limit_s
        and run.decisions / _LIKE <= size.decisions <= run.decisions * _LIKE
    ]
    if not near:
        return ""
    run = min(near, key=lambda run: (abs(math.log(size.decisions / run.decisions)), -run.seconds))
    return _("相近规模：{district}（{decisions} 项决定）{seconds:g} 秒时与最优值相差 {gap}").format(
        district=run.district, decisions=f"{run.decisions:,}", seconds=run.seconds, gap=f"{run.gap:.1%}"
    )
