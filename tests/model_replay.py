"""Where enrolled children sit when only new entrants are re-zoned: every year of entry of every unit followed by itself.

Written from the rule's words (老生老办法), apart from the model, which knows cohorts of a phase only.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields

import numpy as np

from simulator.model.problem import Problem

Shares = dict[int, dict[int, float]]
"""Block → section → share; what is left of 1 is unserved."""
FIRST, LAST = 1, 6
"""Grades of the stage that the toys follow."""


@dataclass(frozen=True)
class Enrolled(Problem):
    """A problem of primary schools in which enrolled children keep their school.

    Parameters
    ----------
    entering
        (unit, year of entering the stage) → children.
    """

    entering: Mapping[tuple[int, int], float] = field(default_factory=dict)

    def newly(self, block: int, phase: int, year: int) -> float:
        """Children of a block in a year who entered the stage in a phase, and the block too."""
        data, (first, last) = self.blocks[block], span(self, phase)
        return sum(
            count
            for (unit, entry), count in self.entering.items()
            if unit == data.unit and grade_of(self.years[year], entry) in grades(self, block)
            if first <= entry <= last and first <= entry + data.bands[0].grade_from - FIRST <= last
        )


@dataclass(frozen=True)
class Followed:
    """By year where children sit, as shares of their block; by phase how many leave a school that closes.

    `waiting` has the children without a place by year.
    """

    sits: list[Shares]
    leaves: list[dict[int, float]]
    waiting: list[float]


def pairs(p: Problem) -> dict[tuple[int, int], int]:
    return {(int(b), int(s)): n for n, (b, s) in enumerate(zip(p.pair_block, p.pair_section, strict=True))}


def today_of(p: Problem) -> Shares:
    served: Shares = {block: {} for block in range(len(p.blocks))}
    for (block, section), pair in pairs(p).items():
        if p.today[pair]:
            served[block][section] = float(p.today[pair])
    return served


def span(p: Problem, phase: int) -> tuple[int, int]:
    return p.phases[phase].first_year, p.phases[phase].last_year


def grade_of(year: int, entry: int) -> int:
    return FIRST + year - entry


def grades(p: Problem, block: int) -> range:
    return range(p.blocks[block].bands[0].grade_from, p.blocks[block].bands[-1].grade_to + 1)


def block_of(p: Problem, unit: int, grade: int) -> int:
    return next(code for code, data in enumerate(p.blocks) if data.unit == unit and grade in grades(p, code))


def follow(p: Enrolled, running: list[list[int]], goes: list[Shares]) -> Followed:
    """Follow the children of every unit and year of entry through their grades."""
    sums: list[dict[tuple[int, int], float]] = [{} for _ in p.years]
    found = Followed([{block: {} for block in range(len(p.blocks))} for _ in p.years], [{} for _ in p.phases], [])
    waiting = [0.0 for _ in p.years]
    for (unit, entry), count in p.entering.items():
        place: dict[int, float] = {}
        if entry < p.years[0] <= entry + LAST - FIRST + 1:  # enrolled already: where they sit today
            place = today_of(p).get(block_of(p, unit, min(grade_of(p.years[0] - 1, entry), LAST)), {})
        for number, year in enumerate(p.years):
            if FIRST <= grade_of(year, entry) <= LAST:
                block = block_of(p, unit, grade_of(year, entry))
                phase = next(q for q in range(len(p.phases)) if span(p, q)[0] <= year <= span(p, q)[1])
                if year == span(p, phase)[0] and entry < year:
                    gone = sum(x for s, x in place.items() if not running[phase][s] and (block, s) in pairs(p))
                    if gone and count:
                        found.leaves[phase][block] = found.leaves[phase].get(block, 0.0) + gone * count
                place = _placed(p, block, place, running[phase], goes[phase][block])
                for s, x in place.items():
                    sums[number][block, s] = sums[number].get((block, s), 0.0) + x * count
                waiting[number] += count * (1 - sum(place.values()))
    for number, held in enumerate(sums):
        for (block, s), children in held.items():
            if children:
                found.sits[number][block][s] = children / float(p.children[block, number])
    return Followed(found.sits, found.leaves, waiting)


def _placed(
    p: Enrolled, block: int, place: dict[int, float], running: list[int], catchment: dict[int, float]
) -> dict[int, float]:
    """They stay where the school runs and has their grades; all others go to the catchment in force, if there is one."""
    kept = {s: x for s, x in place.items() if running[s] and (block, s) in pairs(p)}
    left = 1 - sum(kept.values())
    for s, x in catchment.items():
        kept[s] = kept.get(s, 0.0) + left * x
    return {s: x for s, x in kept.items() if x > 0}


def enrolled(p: Problem, entering: Mapping[tuple[int, int], float]) -> Enrolled:
    """A toy with its children counted from (unit, year of entry), block by block and cohort by cohort."""
    phases = range(len(p.phases) + 1)
    codes = [(entered, came) for entered in phases for came in phases if came >= entered]
    starts = [phase.first_year for phase in p.phases]
    found = np.zeros((len(p.blocks), len(codes), len(p.years)))
    for (unit, entry), count in entering.items():
        for number, year in enumerate(p.years):
            if FIRST <= grade_of(year, entry) <= LAST:
                block = block_of(p, unit, grade_of(year, entry))
                came = entry + p.blocks[block].bands[0].grade_from - FIRST
                code = tuple(sum(year >= start for start in starts) for year in (entry, came))
                found[block, codes.index(code), number] += count
    known = {one.name: getattr(p, one.name) for one in fields(Problem)}
    known |= {"rezoning": "entrants", "entered": found, "children": found.sum(axis=1)}
    return Enrolled(**known, entering=dict(entering))
