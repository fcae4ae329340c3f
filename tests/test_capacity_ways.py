"""School buses and boarding: which journeys beyond the hard limit they make lawful, and what follows from it."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from simulator.audit import Evidence, audit_networks
from simulator.capacity import Access, build_supply, measure_access, provide_ways, ways_taken
from simulator.indicators.network import lay_out
from simulator.indicators.transport import transport
from simulator.indicators.travel import travel
from simulator.scenario import AccessSettings
from simulator.terms import Way
from tests import plan_cases
from tests.capacity_cases import district, lines, norms, read, scenario, schools, units

# 100 m a minute on foot, 500 m by bus after 5 minutes, 600 m by school bus after 3; straight lines without detour.
SPEEDS = {
    "walking_kmh": 6,
    "bus_kmh": 30,
    "bus_wait_min": 5,
    "school_bus_kmh": 36,
    "school_bus_wait_min": 3,
    "detour": {"plain": 1.0},
    "limits": [
        {
            "stage": "primary",
            "grade_from": 1,
            "grade_to": 3,
            "area_kinds": ["village"],
            "minutes": 20,
            "effect": "hard",
        },
        {"stage": "junior", "grade_from": 7, "grade_to": 9, "area_kinds": ["village"], "minutes": 20, "effect": "hard"},
        {"stage": "junior", "grade_from": 7, "grade_to": 9, "minutes": 10, "effect": "advisory"},
    ],
}
UNITS = """
unit_id  x      y  area_kind
near     1000   0  village
middle   9000   0  village
far      18000  0  village
town     9000   0  city
"""
SCHOOLS = """
school_id  x  y  beds
S          0  0  40
"""
RUNS = """
school_id  stage    grade_from  grade_to  kind
S          primary  1           6         complete_primary
S          junior   7           9         nine_year
"""


def provided(**settings: object) -> Access:
    """Access of one nine-year school, with the ways of the given settings."""
    home = district(units=units(UNITS), schools=schools(SCHOOLS), sections=read(RUNS))
    supply = build_supply(home, scenario(), norms())
    measured = measure_access(home, supply, AccessSettings.model_validate(SPEEDS | settings))
    return provide_ways(measured, supply, home, norms())


def listed(access: Access) -> list[str]:
    """Rows of `ways` in short: `band unit way minutes`."""
    rows = access.ways[["band", "unit_id", "way", "minutes"]].itertuples(index=False)
    return [f"{band} {unit} {way} {minutes:g}" for band, unit, way, minutes in rows]


def test_a_bus_serves_within_the_limit_and_older_children_board_beyond_it() -> None:
    """By public bus 23 and 41 minutes, by school bus 18 and 33; only the junior band may board; towns have no hard limit."""
    access = provided()
    assert listed(access) == ["primary middle school_bus 18", "junior middle school_bus 18", "junior far boards 41"]
    assert len(access.assumptions) == len(provided(school_bus=False, limits=[]).assumptions) + 2


@pytest.mark.parametrize(
    ("settings", "ways"),
    [
        # Without school buses the nearer village boards, too: 5 minutes of waiting and 18 of riding.
        ({"school_bus": False}, ["junior middle boards 23", "junior far boards 41"]),
        ({"school_bus_longest_min": 17}, ["junior middle boards 23", "junior far boards 41"]),
        # Children who may not take a public bus alone walk: 90 minutes, yet a school bus takes them.
        (
            {"bus_from_grade": 10},
            ["primary middle school_bus 18", "junior middle school_bus 18", "junior far boards 41"],
        ),
        ({"limits": SPEEDS["limits"][:1]}, ["primary middle school_bus 18"]),
        ({"bad_season_factor": 1.2}, ["junior middle boards 27.6", "junior far boards 49.2"]),
        ({"limits": []}, []),
    ],
)
def test_settings_decide_what_the_plan_may_provide(settings: dict[str, object], ways: list[str]) -> None:
    """Buses off, too long, or slowed; limits that are not hard."""
    assert listed(provided(**settings)) == ways


def test_along_a_travel_layer_a_school_bus_takes_roads_but_no_ferry() -> None:
    """6 km of road by school bus: 3 + 10 minutes; the island is reached by ferry only."""
    place = district(
        units=units("unit_id x y\nland 6000 0\nisle 0 3000"),
        schools=schools("school_id x y\nS 0 0"),
        sections=read(RUNS).head(1),
        travel=lines("name kind line minutes headway_min\nr road 0,0;6000,0 - -\nf ferry 0,0;0,3000 15 10"),
    )
    supply = build_supply(place, scenario(), norms())
    pairs = measure_access(place, supply, AccessSettings.model_validate(SPEEDS)).pairs.set_index("unit_id")
    assert pairs.loc["land", "school_bus_min"] == pytest.approx(13)
    assert pd.isna(pairs.loc["isle", "school_bus_min"])


def test_children_of_a_catchment_of_today_come_as_they_do_today() -> None:
    """The same journey is provided for where it is new, and left alone where it is not."""
    rows = read("""
    unit_id  band     section_id
    middle   primary  S:primary
    far      junior   S:junior
    near     primary  S:primary
    """)
    access = provided()
    assert ways_taken(rows, access, rows.head(0))["way"].tolist() == ["school_bus", "boards", "own"]
    taken = ways_taken(rows, access, rows.head(1))
    assert taken["way"].tolist() == ["own", "boards", "own"]
    assert taken["minutes"].fillna(-1).tolist() == [-1, 41, -1]


# ---------------------------------------------------------------------------------- the plan made by hand, after ways

WAYS = """
band         unit_id  site_id  way         minutes
primary_1_3  U3       P1       school_bus  24
primary_4_6  U3       P1       boards      60
"""


def after(bands: str, ways: str = WAYS, beds: float = 30) -> Evidence:
    """The correct plan, but U3's bands go to P1, an hour on foot, in phase 1; ten children a grade."""
    evidence = plan_cases.evidence(network=plan_cases.rezoned(plan_cases.plan(), (1,), "U3", bands, "P1:primary"))
    return plan_cases.with_ways(evidence, ways, {"P1": beds})


@pytest.mark.parametrize(
    ("bands", "ways", "beds", "found"),
    [
        ("primary_1_3", WAYS, 30, []),
        ("primary_4_6", WAYS, 30, []),
        ("primary_1_3", WAYS.replace("U3", "U4"), 30, ["travel_within_limit U3 60 > 30"]),
        ("primary_1_3", WAYS.replace("24", "35"), 30, ["travel_within_limit U3 35 > 30"]),
        ("primary_4_6", WAYS, 29, ["boarding_within_beds P1 30 > 29"]),
        ("primary_1_3", WAYS.replace("school_bus", "boards"), 30, ["boarding_within_beds U3 1 > 4"]),
    ],
)
def test_the_audit_holds_buses_to_the_limit_and_boarders_to_beds_and_grades(
    bands: str, ways: str, beds: float, found: list[str]
) -> None:
    """No bus, a bus that takes too long, a bed too few, boarders of grade 1."""
    findings = audit_networks(after(bands, ways, beds)).findings
    rules = findings["rule"].isin(["travel_within_limit", "boarding_within_beds"])
    rows = findings[rules & (findings["network"] == "plan") & (findings["effect"] == "rigid")]
    rows = rows.drop_duplicates(["rule", "place_id"])
    said = [f"{r.rule} {r.place_id} {r.figure:g} > {r.norm:g}" for r in rows.itertuples()]
    assert said == found


def test_operation_and_indicators_tell_buses_boarders_and_their_cost() -> None:
    """30 children by bus and 30 boarders at P1: 30 × 4,500 + 30 × 3,000 yuan; boarders have no daily journey."""
    evidence = after("primary_1_3 primary_4_6")
    rows = evidence.operation.pupils
    rows = rows[(rows["year"] == 2026) & (rows["unit_id"] == "U3") & (rows["section_id"] == "P1:primary")]
    assert dict(zip(rows["way"], rows["minutes"], strict=True)) == {Way.SCHOOL_BUS: 24, Way.BOARDS: 60}
    measured = lay_out(
        *(evidence.plan, evidence.operation, evidence.demand, evidence.supply),
        *(evidence.standards, evidence.scenario, evidence.units),
    )
    costs = replace(plan_cases.costs(), bus_pupil_year=4500.0, boarder_year=3000.0)
    table = transport(measured, evidence.supply, costs).set_index("year").loc[2026]
    assert table.drop("network").to_dict() == {
        "section_id": "P1:primary", "bus_seats": 30, "boarders": 30, "beds": 30, "cost_wan": 22.5,
    }  # fmt: skip
    journeys = travel(measured, evidence.access)
    country = journeys[(journeys["township"] == "西乡") & (journeys["stage"] == "primary")].set_index("year").loc[2026]
    # U3: 30 by bus for 24 minutes; U4: 60 for 6 minutes.
    assert country["children"] == 120
    assert country["mean_min"] == pytest.approx((30 * 24 + 60 * 6) / 90)
    assert country["over_limit"] == 0
