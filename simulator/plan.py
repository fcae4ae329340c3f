"""The plan: what is decided for each phase, as plain tables, and what is known of its quality."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import pandas as pd

from simulator.scenario import Scenario
from simulator.terms import Action, Network


@dataclass(frozen=True)
class Solution:
    """How good the plan is, and how it was found.

    Parameters
    ----------
    status
        `optimal` (within the gap asked for), `time_limit`, `work_limit`, `interrupted`, or `no_action`.
    objective, bound, unavoidable
        Yuan a year (generalized cost): value, proven bound, part that no decision can change.
    gap
        (objective − bound) ÷ (objective − unavoidable), a fraction.
    seconds
        Wall seconds of the solver.
    shortage
        Children × years without a seat in the plan.
    solver
        Name and version.
    rounds
        Times the model was solved (fill lowered where classes did not fit).
    """

    status: str
    objective: float
    bound: float
    unavoidable: float
    gap: float
    seconds: float
    shortage: float
    solver: str
    rounds: int = 1


@dataclass(frozen=True)
class Plan:
    """布局方案.

    Parameters
    ----------
    network
        `plan` or `no_action`.
    sections
        phase (0 = today), section_id, open (bool), classes (int), rooms (int), added_rooms (int, in this phase),
        converted_in, converted_out (rooms, in this phase), seats (classes × class size, or fixed).
        Every section × every phase.
    catchments
        phase, unit_id, band, section_id (empty = unserved), share (1 for whole units; shares of a unit sum to 1).
        Kindergarten choice is held here as shares too.
    shortage
        year, section_id (or band id for a pool), over_standard, short (children).
    actions
        site_id, section_id, stage, action, phase, year (in effect from 1 September), classes, module, capital_wan, reason,
        robustness (whether it stays in plans nearly as good; empty where nobody asked).
        `keep` is listed too: one row a section and plan.
    capital
        year, phase, site_id, source, capital_wan.
    objective
        item, yuan (a year): the items add up to the objective.
    solution
        Quality of the plan.
    phases
        phase, first_year, last_year (phase 0: the base year).
    rezoning
        Whom the catchments of a phase hold for: `entrants` (老生老办法), its new entrants, or `everybody`, stamped
        全体重划口径 on every output.
    notes
        Sentences for the report.
    goals
        Where goals were pursued in order: goal, unit, value, bound (proven), gap (value − bound), tolerance, most (how
        far it was held for the goals after it). Empty under one generalized cost.
    changes
        What differs from the earlier plan that this one was to stay close to: kind (`catchment`, or an action), phase,
        stage, section_id, children (of changed catchments, in the first year of the phase), and year and classes of an
        action before and now (NaN where it is not taken).
    """

    network: str
    sections: pd.DataFrame
    catchments: pd.DataFrame
    shortage: pd.DataFrame
    actions: pd.DataFrame
    capital: pd.DataFrame
    objective: pd.DataFrame
    solution: Solution
    phases: pd.DataFrame
    rezoning: str = "everybody"
    notes: tuple[str, ...] = field(default=())
    goals: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=GOAL_COLUMNS))
    changes: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=CHANGE_COLUMNS))

    def phase_of(self, year: int) -> int:
        """Number of the phase that a year lies in; years after the last phase belong to it."""
        return max(number for first, number in self._starts if first <= year)

    @cached_property
    def _starts(self) -> list[tuple[int, int]]:
        """(first year, number) of every phase."""
        years, numbers = self.phases["first_year"].astype(int), self.phases["phase"].astype(int)
        return list(zip(years.tolist(), numbers.tolist(), strict=True))


SECTION_COLUMNS = [
    "phase",
    "section_id",
    "open",
    "classes",
    "rooms",
    "added_rooms",
    "converted_in",
    "converted_out",
    "seats",
]
CATCHMENT_COLUMNS = ["phase", "unit_id", "band", "section_id", "share"]
ACTION_COLUMNS = [
    "site_id",
    "section_id",
    "stage",
    "action",
    "phase",
    "year",
    "classes",
    "module",
    "capital_wan",
    "reason",
    "robustness",
]
GOAL_COLUMNS: list[str] = ["goal", "unit", "value", "bound", "gap", "tolerance", "most"]
CHANGE_COLUMNS: list[str] = [
    "kind",
    "phase",
    "stage",
    "section_id",
    "children",
    "year_before",
    "classes_before",
    "year_now",
    "classes_now",
]


def phase_table(scenario: Scenario) -> pd.DataFrame:
    """phase, first_year, last_year: phase 0 is the base year (and the years before phase 1)."""
    base = scenario.horizon.base_year
    starts = [base, *[phase.first_year for phase in scenario.plan_phases]]
    ends = [starts[1] - 1, *[phase.last_year for phase in scenario.plan_phases]]
    return pd.DataFrame({"phase": range(len(starts)), "first_year": starts, "last_year": ends})


def present_sections(plan: Plan) -> pd.DataFrame:
    """Rows of phase 0."""
    return plan.sections[plan.sections["phase"] == 0]


def today_catchments(plan: Plan) -> pd.DataFrame:
    """Catchments of phase 0."""
    return plan.catchments[plan.catchments["phase"] == 0]


def present_network(sections: pd.DataFrame, today: pd.DataFrame, choice: pd.DataFrame, scenario: Scenario) -> Plan:
    """The present network without any action, in every phase.

    Parameters
    ----------
    sections
        `Supply.sections`.
    today
        `Catchments.table`: unit_id, band, section_id, share of the whole-unit bands.
    choice
        The same columns of the bands under 择园就近, where children go today.
    scenario
        For years and phases.
    """
    phases = phase_table(scenario)
    running = sections[sections["existing"]]
    fixed = running["seats_fixed"]
    one = pd.DataFrame(
        {
            "section_id": running.index.astype(str),
            "open": True,
            "classes": running["classes"].to_numpy(),
            "rooms": running["rooms"].to_numpy(),
            "added_rooms": 0,
            "converted_in": 0,
            "converted_out": 0,
            "seats": fixed.fillna(running["classes"] * running["class_size"]).to_numpy(float),
        }
    )
    columns = ["unit_id", "band", "section_id", "share"]
    zones = pd.concat([today[columns], choice[columns]], ignore_index=True)
    base = scenario.horizon.base_year
    actions = pd.DataFrame(
        {
            "site_id": running["site_id"].to_numpy(),
            "section_id": running.index.astype(str),
            "stage": running["stage"].to_numpy(),
            "action": Action.KEEP.value,
            "phase": 0,
            "year": base,
            "classes": running["classes"].to_numpy(),
            "module": "",
            "capital_wan": 0.0,
            "reason": "",
            "robustness": "",
        }
    )
    return Plan(
        network=Network.NO_ACTION.value,
        sections=_every_phase(one, phases)[SECTION_COLUMNS],
        catchments=_every_phase(zones, phases)[CATCHMENT_COLUMNS],
        shortage=pd.DataFrame(columns=["year", "section_id", "over_standard", "short"]),
        actions=actions[ACTION_COLUMNS],
        capital=pd.DataFrame(columns=["year", "phase", "site_id", "source", "capital_wan"]),
        objective=pd.DataFrame(columns=["item", "yuan"]),
        solution=Solution("no_action", 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, ""),
        phases=phases,
        rezoning=scenario.candidates.rezoning,
    )


def _every_phase(frame: pd.DataFrame, phases: pd.DataFrame) -> pd.DataFrame:
    return phases[["phase"]].merge(frame, how="cross")
