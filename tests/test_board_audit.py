"""The checks of the evaluations, of rural journeys and of ground: each with a network that passes and one that fails."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pandas as pd
import pytest

from simulator.audit import Evidence
from simulator.audit.case import Case
from simulator.audit.register import CHECKS, Breach
from simulator.rules import RULES
from simulator.standards import read_standards
from simulator.terms import Effect, Network
from tests import plan_cases as cases
from tests.board_cases import FACILITIES, evidence, facts
from tests.plan_cases import reclassed, rezoned, table


def breaches(rule: str, given: Evidence) -> list[Breach]:
    """What a check finds in the plan."""
    case = Case(given, Network.PLAN, given.plan, given.operation)
    return list(CHECKS[rule].function(case))


def changed(site: str, **values: float) -> pd.DataFrame:
    rows = FACILITIES.set_index("site_id")
    for column, value in values.items():
        rows.loc[site, column] = value
    return rows.reset_index()


def with_sections(**columns: object) -> Evidence:
    """The evidence with a column of P1's section changed."""
    given = evidence()
    sections = given.supply.sections.copy()
    for column, value in columns.items():
        sections.loc["P1:primary", column] = value
    return replace(given, supply=replace(given.supply, sections=sections))


def with_pairs(unit: str, site: str, **columns: object) -> Evidence:
    """The evidence with another way from a unit to a site."""
    given = evidence()
    pairs = given.access.pairs.copy()
    hit = (pairs["unit_id"] == unit) & (pairs["site_id"] == site)
    for column, value in columns.items():
        pairs.loc[hit, column] = value
    return replace(given, access=replace(given.access, pairs=pairs))


def with_land(area: float) -> Evidence:
    given = evidence()
    sites = given.supply.sites.copy()
    sites.loc["P1", "land_area_m2"] = area
    return replace(given, supply=replace(given.supply, sites=sites))


def boarding(units: str) -> Evidence:
    """From 2030 the upper grades of villages board at L1."""
    network = cases.plan()
    for unit in units.split():
        network = rezoned(network, (3,), unit, "primary_4_6", "L1:primary")
    rows = "\n".join(f"primary_4_6 {unit} L1 boards 60" for unit in units.split())
    return cases.with_ways(evidence(network=network), f"band unit_id site_id way minutes\n{rows}", {"L1": 100.0})


def new_classes(count: int) -> Evidence:
    return evidence(network=reclassed(cases.plan(), (2, 3), "L1:primary", count))


# rule → (a network that passes, one that fails, place, year, figure and norm of its first breach)
CASES: dict[str, tuple[Callable[[], Evidence], Callable[[], Evidence], tuple[str, int, float, float]]] = {
    # J1 with 1180 m² for 240: 4.917 of 5.8 is 84.8 %.
    "resource_indicators": (
        lambda: evidence(network=reclassed(cases.plan(), (), "P1:primary", 12), of=None, known=facts(
            teachers=table("""
                section_id  full_time  above_degree  backbone  pe_arts
                P1:primary  32         26            6         5
                N1:primary  10         6             2         2
                N1:junior   8          4             1         1
                J1:junior   20         14            3         3
            """))),
        lambda: evidence(facts(changed("J1", teaching_area_m2=1180))),
        ("J1:junior", 2026, 84.8, 85),
    ),
    # J1's 240 have 12.5 m² each, N1's 60 now 30 000 × 10.2 / (90 × 7.5 + 60 × 10.2) = 237.8: mean 57.6, S 90.1.
    "difference_coefficient": (
        evidence,
        lambda: evidence(facts(changed("N1", sports_area_m2=30_000))),
        ("junior", 2026, 1.566, 0.45),
    ),
    # N1 has 9 classes: a room of each kind.
    "music_art_rooms": (
        lambda: evidence(facts(changed("J1", art_rooms=1, art_room_m2=67))),
        evidence,
        ("J1", 2026, 0, 1),
    ),
    # 168 of 200; of 190 it is 88 %.
    "preschool_inclusion": (
        lambda: evidence(replace(facts(), young=facts().young.assign(children=190.0))),
        evidence,
        ("kindergarten", 2026, 84, 85),
    ),
    # P1's 528 of 528 + 30 + 90 + 60 + 240 compulsory pupils.
    "private_share": (evidence, lambda: with_sections(public=False), ("", 2026, 55.7, 15)),
    "migrant_places": (
        lambda: evidence(facts(migrants="P1:primary 40\nJ1:junior 10")),
        lambda: replace(with_sections(public=False), facts=facts(migrants="P1:primary 40\nJ1:junior 10")),
        ("", 2026, 20, 85),
    ),
    # From 2028 U3's lower grades go 2.5 km to N1, U4's 0.6 km: half of them are within 1.5 km.
    "rural_distance": (
        lambda: evidence(network=rezoned(cases.plan(), (2, 3), "U3", "primary_1_3", "P2:primary")),
        evidence,
        ("primary_1_3", 2028, 50, 100),
    ),
    # U2's 48 in each of grades 1–3 and 4–6 walk over the line in phase 1: 6 × 48.
    "barrier_crossed": (
        evidence,
        lambda: with_pairs("U2", "P1", crosses_barrier=True),
        ("P1:primary", 2026, 288, 0),
    ),
    "upper_primary_boarding": (lambda: boarding("U3"), lambda: boarding("U3 U4"), ("primary", 2030, 100, 50)),
    # U3's upper grades, 30 children, walk 45 minutes to N1.
    "bus_needed": (
        evidence,
        lambda: with_pairs("U3", "N1", minutes_young=45.0),
        ("N1:primary", 2026, 30, 0),
    ),
    "new_build_classes": (lambda: new_classes(36), lambda: new_classes(37), ("L1", 2028, 37, 36)),
    # 12 × 45 seats in a city: 12 m² each.
    "land_per_seat": (lambda: with_land(6480), lambda: with_land(6000), ("P1", 2026, 11.1, 12)),
    # 12 classes, 540 seats: 6.6 m² each; with 4000 m² 7.4.
    "building_per_seat": (
        evidence,
        lambda: evidence(facts(changed("P1", building_area_m2=3000))),
        ("P1", 2026, 5.6, 6.6),
    ),
    "horizon_reaches": (
        lambda: evidence(
            settings=cases.scenario(horizon={"base_year": 2025, "target_year": 2030, "projection_to": 2040})
        ),
        evidence,
        ("", 2031, 6, 15),
    ),
}  # fmt: skip


@pytest.mark.parametrize("rule", CASES)
def test_a_check_passes_what_keeps_it_and_finds_what_does_not(rule):
    passing, failing, expected = CASES[rule]
    assert breaches(rule, passing()) == []
    found = breaches(rule, failing())
    place, year, figure, norm = expected
    first = next(breach for breach in found if (breach.place_id, breach.year) == (place, year))
    assert (first.figure, first.norm) == (
        pytest.approx(figure, abs=0.06 if figure > 10 else 0.001),
        pytest.approx(norm),
    )


@pytest.mark.parametrize("rule", CASES)
def test_evaluations_and_reminders_never_block_a_plan(rule):
    assert RULES[rule].effect in {Effect.EVALUATION, Effect.ADVISORY}
    assert not RULES[rule].in_model


@pytest.mark.parametrize(
    ("area_kind", "norm"),
    [("city", 6.6), ("town", 6.6), ("village", 7.2)],
)
def test_the_building_norm_is_that_of_the_kind_of_area(area_kind, norm):
    """With the example of editions side by side villages follow the rural one."""
    standards = read_standards(("national.toml", "example_editions.toml"), {})
    assert standards.value_in("building_per_seat", "primary_12", area_kind) == norm
