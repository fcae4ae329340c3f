"""Plans side by side as data: figures, what is comparable, decisions, catchments, children affected."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from simulator.language import translate as _
from simulator.outputs.compare import compare_stored
from simulator.outputs.comparison.differences import work_counts, work_table, zone_table
from simulator.outputs.comparison.notes import common_year, comparability, is_one_district
from simulator.outputs.comparison.shifts import SHIFT_COLUMNS, shifts
from simulator.outputs.comparison.sides import Side, idle_sides, plan_sides, school_names
from simulator.outputs.stored import StoredResult
from simulator.outputs.titles import stamped, unstamped
from simulator.terms import use_system


@dataclass(frozen=True)
class Pair:
    """Two networks whose children were paired: `table` as :func:`simulator.outputs.comparison.shifts.shifts`."""

    before: Side
    after: Side
    table: pd.DataFrame

    @property
    def key(self) -> str:
        """Code of its pictures and rows."""
        return f"{self.before.key}_{self.after.key}"

    @property
    def name(self) -> str:
        """Which network against which."""
        return _("{after}与{before}相比").format(after=self.after.name, before=self.before.name)


@dataclass(frozen=True)
class Comparison:
    """Plans side by side.

    Parameters
    ----------
    plans, idle
        The plans, and the present network of each district without action.
    figures
        As :func:`simulator.outputs.compare.compare_stored`, in the order of `sides`.
    notes
        What can be compared and what cannot.
    year
        The year of decisions, children and maps; None where they cannot be laid beside each other.
    works, counts, zones
        What the plans decide differently (:mod:`simulator.outputs.comparison.differences`); empty without `year`.
    pairs
        Each plan against no action, then the other plans against the first; none without `year`.
    names
        Site id → name.
    """

    plans: tuple[Side, ...]
    idle: tuple[Side, ...]
    figures: pd.DataFrame
    notes: tuple[str, ...]
    year: int | None
    works: pd.DataFrame
    counts: pd.DataFrame
    zones: pd.DataFrame
    pairs: tuple[Pair, ...]
    names: dict[str, str]

    @property
    def sides(self) -> tuple[Side, ...]:
        """The columns of every table."""
        return (*self.plans, *self.idle)

    @property
    def first(self) -> StoredResult:
        """The first result: its edition, author and language of marks hold for the whole."""
        return self.plans[0].stored

    @property
    def is_invented(self) -> bool:
        """Whether one of the districts is invented."""
        return any(side.stored.facts.get("invented") == str(True) for side in self.plans)

    @property
    def title(self) -> str:
        """Title of every file, stamped where a district is invented."""
        districts = dict.fromkeys(unstamped(side.stored.district[1] or side.stored.district[0]) for side in self.plans)
        words = _("{districts}布局方案比选").format(districts=_("、").join(districts))
        return stamped(words, invented=self.is_invented)


def lay_side_by_side(stored: Sequence[StoredResult]) -> Comparison:
    """Lay results side by side.

    Parameters
    ----------
    stored
        Results that were read, one to six; a single one is compared with no action.

    Raises
    ------
    InputError
        More plans than a page can show.
    """
    plans = plan_sides(stored)
    idle = idle_sides(plans)
    year = common_year(plans) if is_one_district(plans) else None
    use_system(stored[0].scenario.district.system)
    return Comparison(
        plans=plans,
        idle=idle,
        figures=compare_stored(stored),
        notes=comparability(plans),
        year=year,
        works=pd.DataFrame() if year is None else work_table(plans),
        counts=pd.DataFrame() if year is None else work_counts(plans),
        zones=pd.DataFrame() if year is None else zone_table(plans, year),
        pairs=() if year is None else _pairs(plans, idle[0], year),
        names=school_names(plans),
    )


def _pairs(plans: Sequence[Side], idle: Side, year: int) -> tuple[Pair, ...]:
    first, *others = plans
    wanted = [*((idle, side) for side in plans), *((first, side) for side in others)]
    return tuple(Pair(before, after, _shifts(before, after, year)) for before, after in wanted)


def _shifts(before: Side, after: Side, year: int) -> pd.DataFrame:
    """Children of the year; a network that does not reach it has none."""
    rows = [side.pupils(year) for side in (before, after)]
    return shifts(*rows) if all(len(part) for part in rows) else pd.DataFrame(columns=SHIFT_COLUMNS)
