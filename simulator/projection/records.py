"""What the projection tells beside demand: groups of children, where they study, how many of those born arrive."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from simulator.inputs.district import District
from simulator.projection.arrivals import arrivals_frame
from simulator.projection.attendance import StageShare
from simulator.projection.migrants import groups_frame
from simulator.projection.participation import arrivals_today
from simulator.projection.register import StageRegister
from simulator.projection.residents import People
from simulator.projection.study import study_frame
from simulator.scenario import Scenario
from simulator.terms import Stage


def tell_records(
    people: People,
    registers: Mapping[Stage, StageRegister],
    shares: Mapping[Stage, StageShare],
    district: District,
    sections: pd.DataFrame,
    late_share: float,
    scenario: Scenario,
) -> dict[str, pd.DataFrame]:
    """Tables by the name of their files: children_groups, study_flows, arrival_ratios.

    Parameters
    ----------
    people, registers, shares
        Residents of every variant, and the base year.
    district
        Tables of the district.
    sections
        `Supply.sections`; `public` is used where it stands.
    late_share
        Share of children who enter a year late.
    scenario
        Horizon and settings.
    """
    units, years = pd.Index(district.units["unit_id"]), scenario.projection_years
    public = dict(sections["public"].astype(bool)) if "public" in sections else {}
    return {
        "children_groups": groups_frame(
            {variant: residents.all_children for variant, residents in people.variants.items()},
            people.migrants,
            people.registered,
            tuple(registers),
            years,
            scenario.population.migrant_public_share,
        ),
        "study_flows": study_frame(registers, shares, district, public, years, scenario.study),
        "arrival_ratios": arrivals_frame(arrivals_today(people, registers, late_share, scenario), units),
    }
