"""Shares that change from year to year: targets of senior schools, migrant children, entrants from births."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from simulator.projection.arrivals import Arrivals, base_year_arrivals, share_from_births
from simulator.projection.attendance import StageShare, Transfer
from simulator.projection.demand import FloatArray
from simulator.projection.migrants import attendance_mix
from simulator.projection.register import StageRegister
from simulator.projection.residents import People
from simulator.scenario import ProjectionSettings, Scenario
from simulator.terms import Stage


def way_to_target(years: range, base_year: int, goal: int) -> FloatArray:
    """Part of the way to a target by year: 0 in the base year, 1 from the goal year on.

    >>> way_to_target(range(2025, 2029), 2025, 2027).tolist()
    [0.0, 0.5, 1.0, 1.0]
    """
    return np.clip((np.asarray(years) - base_year) / (goal - base_year), 0.0, 1.0)


def goal_year(scenario: Scenario) -> int:
    """Year in which shares reach their targets, at the earliest the one after the base year."""
    stated = scenario.projection.participation_year
    return max(scenario.horizon.base_year + 1, stated or scenario.horizon.target_year)


def transfers_by_year(
    transfers: Mapping[Stage, Transfer], shares: Mapping[Stage, StageShare], scenario: Scenario
) -> dict[Stage, Transfer]:
    r"""Transfers to senior and vocational schools with their targets, `unit` then of shape (units, years).

    All units change alike, so that the district reaches the target:

    .. math:: \tau_u(t) = \tau_u \left(1 + \left(\frac{\rho^*}{\rho} - 1\right) w(t)\right)

    with today's district ratio ρ, the target ρ* and the part w of the way that has passed. A stage without a target
    keeps its shape (units,).
    """
    settings = scenario.projection
    targets = {Stage.SENIOR: settings.junior_to_senior_target, Stage.VOCATIONAL: settings.junior_to_vocational_target}
    way = way_to_target(scenario.projection_years, scenario.horizon.base_year, goal_year(scenario))
    found = dict(transfers)
    for stage, target in targets.items():
        if target is None or stage not in transfers:
            continue
        now = transfer_today(transfers[stage], shares, stage)
        factor = 1 + (target / now - 1) * way if now > 0 else np.ones(len(way))
        found[stage] = replace(transfers[stage], unit=transfers[stage].unit[:, None] * factor[None, :])
    return found


def transfer_today(transfer: Transfer, shares: Mapping[Stage, StageShare], stage: Stage) -> float:
    """Part of the district's graduates of a stage who enter another, as the base year shows it."""
    before, after = shares[transfer.feeder], shares[stage]
    if after.fitted and before.district > 0:
        return after.district / before.district
    return transfer.ratio


def shares_by_year(
    shares: Mapping[Stage, StageShare],
    people: People,
    registers: Mapping[Stage, StageRegister],
    late_share: float,
    scenario: Scenario,
) -> dict[Stage, StageShare]:
    """Attendance shares as the settings of the group `population` change them; without any, the same objects."""
    found = dict(shares)
    medium = people.variants["medium"]
    relative = scenario.population.migrant_attendance
    if relative != 1 and people.migrants.any():
        for stage, share in shares.items():
            mix = attendance_mix(people.migrants, stage, medium.trend, relative)
            found[stage] = replace(share, unit=share.unit[:, None] * mix)
    arrivals = arrivals_today(people, registers, late_share, scenario)
    if scenario.population.entry == "births" and arrivals is not None:
        found[Stage.PRIMARY] = share_from_births(
            shares[Stage.PRIMARY], arrivals, people.births, medium, scenario.projection_years, late_share
        )
    return found


def arrivals_today(
    people: People, registers: Mapping[Stage, StageRegister], late_share: float, scenario: Scenario
) -> Arrivals | None:
    """Arrival ratios of the base year; none without a primary register or births of its cohorts."""
    if Stage.PRIMARY not in registers:
        return None
    year, credibility = scenario.horizon.base_year, scenario.population.arrival_credibility
    return base_year_arrivals(registers[Stage.PRIMARY], people.births, year, late_share, credibility)


def kindergarten_growth(share: StageShare, scenario: Scenario) -> FloatArray:
    """Factor on the kindergarten share by year: linear to its target, never falling."""
    settings: ProjectionSettings = scenario.projection
    goal = settings.kindergarten_enrolment_target / share.district if share.district > 0 else 1.0
    way = way_to_target(scenario.projection_years, scenario.horizon.base_year, goal_year(scenario))
    return np.asarray(1.0 + max(0.0, goal - 1.0) * way)
