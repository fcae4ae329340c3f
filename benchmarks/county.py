"""An invented county as a problem of the planner, hard on purpose: many candidates, seats tight, then far too many."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from benchmarks.county_children import Wave, by_phase, fit, make_wave
from benchmarks.county_plane import Plane, catchments, journeys, make_plane
from benchmarks.county_schools import Builder, School, make_schools
from benchmarks.instances import FloatArray, IntArray
from simulator.capacity.prices import build_costs
from simulator.model.cohorts import cohort_codes
from simulator.model.problem import Block, Phase, Prices, Problem, Section, Site
from simulator.model.unavoidable import constant_cost, unavoidable_cost
from simulator.rules import active
from simulator.scenario import ObjectiveSettings, TimingSettings
from simulator.standards import Standards, read_standards
from simulator.terms import STAGE_GRADES, Band, Stage

BASE_YEAR = 2025
_STAGES = {1: (Stage.PRIMARY,), 3: (Stage.KINDERGARTEN, Stage.PRIMARY, Stage.JUNIOR)}
# Years after the base year in which the phases begin, and the last year.
_STARTS = {2: (1, 4), 4: (1, 3, 6, 10), 5: (1, 3, 5, 8, 12)}
_LAST = {2: 12, 4: 15, 5: 16}
# Sections in reach of a unit: the nearest ones (at most half of them all) within the longest journey, in minutes.
_REACH = 14
_LONGEST = {Stage.KINDERGARTEN: 40.0, Stage.PRIMARY: 40.0, Stage.JUNIOR: 50.0}
# Children of a mean section at the base year.
_A_SECTION = {Stage.KINDERGARTEN: 240, Stage.PRIMARY: 650, Stage.JUNIOR: 650}
# 万元 a year for works, by child of the base year; but in every phase enough for a school.
_CAPITAL_A_CHILD, _A_SCHOOL = 0.25, 9_000.0
_CONNECTED = ("catchment_connected", "catchment_holds_school")


@dataclass(frozen=True)
class _Part:
    """One stage of the county.

    Parameters
    ----------
    stage
        The stage.
    sections
        Positions of its sections.
    entered
        Children by unit, phase of entering and year.
    minutes
        From a unit to a section of the stage, shape (units, sections of the stage).
    today
        Which of its sections serves a unit, shape (units,).
    """

    stage: Stage
    sections: IntArray
    entered: FloatArray
    minutes: FloatArray
    today: IntArray

    @property
    def whole(self) -> bool:
        """Kindergartens are chosen; the others have catchments."""
        return self.stage is not Stage.KINDERGARTEN

    @property
    def reached(self) -> npt.NDArray[np.bool_]:
        """Which of its sections a unit may go to: the nearest ones, and today's, shape (units, sections)."""
        most = min(_REACH, self.minutes.shape[1] // 2)
        near = np.argsort(np.argsort(self.minutes, axis=1), axis=1) < most
        return np.asarray(near & (self.minutes <= _LONGEST[self.stage]) | self.served)

    @property
    def served(self) -> npt.NDArray[np.bool_]:
        """Which of its sections serves a unit today."""
        return np.asarray(np.arange(self.minutes.shape[1]) == self.today[:, None])


def county(units: int, schools: int, stages: int, phases: int, seed: int, rezoning: str = "entrants") -> Problem:
    """An invented county.

    Parameters
    ----------
    units, schools
        Number of units, and of places of schools (campuses and parcels).
    stages
        1 (primary), or 3 (kindergarten by choice, primary and junior by catchment, some campuses with both).
    phases
        2, 4 or 5.
    seed
        Random seed; the same county for the same seed.
    rezoning
        `entrants` or `everybody`.
    """
    random = np.random.default_rng([seed, units, schools, stages, phases])
    standards = read_standards(["national.toml"], {})
    plane = make_plane(units, random)
    places = make_schools(plane, schools, _STAGES[stages], random)
    minutes = journeys(plane, np.array([place.home for place in places]), random)
    served = {stage: _served(plane, places, stage) for stage in _STAGES[stages]}
    waves = {
        stage: make_wave(
            plane, _grades(stage), _LAST[phases], _A_SECTION[stage] * len(np.unique(served[stage])), random
        )
        for stage in _STAGES[stages]
    }
    sections, sites = Builder(plane, standards, BASE_YEAR, served, waves).build(places, random)
    parts = [
        _part(stage, sections, waves[stage], minutes, served[stage], np.array(_STARTS[phases], dtype=float))
        for stage in _STAGES[stages]
    ]
    home = np.array([places[section.site].home for section in sections], dtype=np.int64)
    problem = _problem(plane, sections, sites, parts, _phases(phases), standards)
    problem = replace(problem, rezoning=rezoning, home=home, away=np.zeros(len(home), dtype=bool))
    constant = constant_cost(problem, build_costs(standards, ObjectiveSettings().discount_rate))
    return replace(problem, constant=constant, unavoidable=unavoidable_cost(problem, constant))


def _grades(stage: Stage) -> int:
    first, last = STAGE_GRADES[stage]
    return last - first + 1


def _served(plane: Plane, places: Sequence[School], stage: Stage) -> IntArray:
    """Campus that serves a unit today, shape (units,)."""
    running = np.array([code for code, place in enumerate(places) if place.existing and stage in place.stages])
    return np.asarray(running[catchments(plane, np.array([places[code].home for code in running]))])


def _part(
    stage: Stage,
    sections: Sequence[Section],
    wave: Wave,
    minutes: FloatArray,
    served: IntArray,
    starts: FloatArray,
) -> _Part:
    codes = np.array([code for code, section in enumerate(sections) if section.stage is stage])
    places = np.array([sections[code].site for code in codes])
    seats = sum(sections[code].classes * sections[code].class_size for code in codes)
    entered = by_phase(wave, fit(wave, seats), starts)
    return _Part(stage, codes, entered, minutes[:, places], np.searchsorted(places, served))


def _phases(count: int) -> tuple[Phase, ...]:
    starts = (*_STARTS[count], _LAST[count] + 1)
    return tuple(
        Phase(number, BASE_YEAR + first, BASE_YEAR + after - 1, tuple(range(first - 1, after - 1)))
        for number, (first, after) in enumerate(pairwise(starts), start=1)
    )


def _pairs(part: _Part, first_block: int) -> tuple[IntArray, IntArray, FloatArray, FloatArray]:
    """Block, section, minutes and today's share of every pair of a stage."""
    units, columns = np.nonzero(part.reached)
    today = part.served[units, columns].astype(float) * part.whole
    return first_block + units, part.sections[columns], part.minutes[units, columns], today


def _problem(
    plane: Plane,
    sections: tuple[Section, ...],
    sites: tuple[Site, ...],
    parts: Sequence[_Part],
    phases: tuple[Phase, ...],
    standards: Standards,
) -> Problem:
    units = len(plane.points)
    pairs = zip(*(_pairs(part, number * units) for number, part in enumerate(parts)), strict=True)
    block, section, minutes, today = (np.concatenate(column) for column in pairs)
    entered = np.concatenate([part.entered for part in parts])
    years = tuple(range(phases[0].first_year, phases[-1].last_year + 1))
    timing, weights = TimingSettings(), (1 + ObjectiveSettings().discount_rate) ** -np.arange(len(years), dtype=float)
    return Problem(
        units=tuple(f"U{code:04d}" for code in range(units)),
        years=years,
        phases=phases,
        sections=sections,
        sites=sites,
        blocks=tuple(
            Block(unit, part.stage, (Band(part.stage, *STAGE_GRADES[part.stage]),), part.whole)
            for part in parts
            for unit in range(units)
        ),
        children=entered.sum(axis=1),
        pools={},
        pair_block=block,
        pair_section=section,
        minutes=minutes,
        today=today,
        lawful=np.ones(len(block), dtype=bool),
        weights=weights / weights.sum(),
        lead_new=timing.lead_years_new,
        lead_extension=timing.lead_years_extension,
        overlap_years=timing.overlap_years,
        closures_per_year=timing.closures_per_year,
        base_year=BASE_YEAR,
        budget_wan=_budget(phases, float(entered[:, :, 0].sum())),
        requirements=(),
        centres=_centres(sections),
        least_use=standards.value("alert.deep_surplus"),
        unavoidable=0.0,
        constant=0.0,
        aside={},
        prices=_prices(standards),
        rules=active((), ()) | frozenset(_CONNECTED),
        entered=_by_cohort(entered * np.repeat([float(part.whole) for part in parts], units)[:, None, None]),
        edges=plane.edges,
        detached=np.zeros(len(block), dtype=bool),
    )


def _by_cohort(entered: FloatArray) -> FloatArray:
    """Children by phase of entering the stage as children by cohort: in a stage of one band both are entered at once."""
    codes = cohort_codes(entered.shape[1] - 1)
    found = np.zeros((entered.shape[0], len(codes), entered.shape[2]))
    for phase in range(entered.shape[1]):
        found[:, codes.index((phase, phase))] = entered[:, phase]
    return found


def _budget(phases: Sequence[Phase], children: float) -> tuple[float, ...]:
    """万元 of the years before phase 1, then by phase."""
    years = [phases[0].first_year - BASE_YEAR, *(len(phase.years) for phase in phases)]
    return tuple(max(_CAPITAL_A_CHILD * children * number, _A_SCHOOL) for number in years)


def _centres(sections: Sequence[Section]) -> dict[str, tuple[int, ...]]:
    found: dict[str, list[int]] = {}
    for code, section in enumerate(sections):
        if section.stage is Stage.KINDERGARTEN:
            found.setdefault(section.township, []).append(code)
    return {township: tuple(codes) for township, codes in found.items()}


def _prices(standards: Standards) -> Prices:
    goals = ObjectiveSettings()
    costs = build_costs(standards, goals.discount_rate)
    return Prices(
        minute=2 * goals.school_days * goals.value_of_time / 60,
        shortage=goals.shortage,
        over_standard=goals.over_standard,
        moved=goals.moved,
        annuity=costs.annuity,
        conversion_room_wan=costs.conversion_room_wan,
    )
