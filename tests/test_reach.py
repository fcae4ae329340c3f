"""Further kindergartens within the radius: as cheap as trying every way, by hand on five villages, on the sheet and in words."""

from __future__ import annotations

import itertools
from dataclasses import replace
from pathlib import Path

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator import capacity
from simulator.capacity import measure_km
from simulator.indicators import NO_REACH, Reach
from simulator.inputs.district import District
from simulator.model import ReachEvidence, complete_reach
from simulator.model.reach_choice import Choice, choose_sites
from simulator.outputs.reach import reach_lines
from simulator.outputs.workbook.reach import reach_sheets
from simulator.plan import present_network
from simulator.projection.demand import Demand
from simulator.scenario import Scenario
from simulator.standards import Standards, read_standards
from simulator.terms import Stage
from tests.capacity_cases import classes, district, lines, read, schools, sections, units
from tests.result_cases import make_result

YEARS = tuple(range(2025, 2036))
GRADES = (-2, -1, 0)
# Kilometers along a road of 10 km: V1 has a kindergarten, V3 a school of one class and three rooms.
VILLAGES = """
unit_id  x      y
V1       0      0
V2       6000   0
V3       8000   0
V4       10000  0
V5       20000  0
"""


def choice_of(reach: np.ndarray, rng: np.random.Generator) -> Choice:
    """Places of two prices, some with little room; the last place is in reach of everybody and has room for all."""
    reach = np.column_stack([reach, np.ones(len(reach), dtype=bool)])
    children = rng.integers(1, 50, len(reach)).astype(float)
    places = reach.shape[1]
    most = rng.integers(0, 3, places)
    most[-1] = 8
    return Choice(
        children=children,
        reach=reach,
        site_yuan=rng.integers(10, 30, places).astype(float),
        class_yuan=rng.integers(5, 20, places).astype(float),
        most_classes=most,
        class_size=30.0,
    )


def takes_all(choice: Choice, counts: tuple[int, ...]) -> bool:
    """Whether classes by place take all children within reach: a flow from units to places."""
    graph = nx.DiGraph()
    for unit, children in enumerate(choice.children.tolist()):
        graph.add_edge("from", ("unit", unit), capacity=children)
        for place in np.flatnonzero(choice.reach[unit]).tolist():
            graph.add_edge(("unit", unit), ("place", place), capacity=children)
    for place, count in enumerate(counts):
        graph.add_edge(("place", place), "to", capacity=count * choice.class_size)
    return bool(nx.maximum_flow_value(graph, "from", "to") >= choice.children.sum() - 1e-6)


def cost_of(choice: Choice, counts: tuple[int, ...]) -> float:
    number = np.array(counts)
    return float((choice.site_yuan * (number > 0) + choice.class_yuan * number).sum())


def cheapest_by_trying(choice: Choice) -> float:
    ways = itertools.product(*(range(int(most) + 1) for most in choice.most_classes))
    return min(cost_of(choice, counts) for counts in ways if takes_all(choice, counts))


@settings(max_examples=12, deadline=None)
@given(st.integers(0, 10_000))
def test_sites_are_as_cheap_as_the_cheapest_of_all_ways(seed: int) -> None:
    """Four units, four places with at most two to eight classes: every number of classes is tried."""
    rng = np.random.default_rng(seed)
    choice = choice_of(rng.random((4, 3)) < 0.5, rng)
    chosen = choose_sites(choice)
    counts = tuple(chosen.classes.tolist())
    assert takes_all(choice, counts)
    assert cost_of(choice, counts) == pytest.approx(chosen.yuan)
    assert chosen.yuan == pytest.approx(cheapest_by_trying(choice))
    assert chosen.bound == pytest.approx(chosen.yuan)
    np.testing.assert_allclose(chosen.share.sum(axis=1), 1.0)
    assert not chosen.share[~choice.reach].any()


def test_a_unit_that_nothing_reaches_is_left_out() -> None:
    choice = Choice(
        children=np.array([10.0, 10.0]),
        reach=np.array([[True], [False]]),
        site_yuan=np.array([5.0]),
        class_yuan=np.array([1.0]),
        most_classes=np.array([2]),
        class_size=30.0,
    )
    chosen = choose_sites(choice)
    assert (chosen.classes.tolist(), chosen.share.tolist(), chosen.yuan) == ([1], [[1.0], [0.0]], 6.0)


def villages(rooms: int = 3, **tables: pd.DataFrame) -> District:
    """Five villages, a kindergarten K1 in V1, a primary school P1 with some rooms in V3."""
    campuses = schools(f"school_id x y rooms\nK1 0 0 1\nP1 8000 0 {rooms}\n")
    runs = sections("""
        school_id  stage         grade_from  grade_to  kind
        K1         kindergarten  -2          0         kindergarten
        P1         primary       1           6         complete_primary
        """)
    register = classes("school_id stage grade sizes\nK1 kindergarten 0 15\nP1 primary 1 30\n")
    return district(units=units(VILLAGES), schools=campuses, sections=runs, classes=register, **tables)


def norms() -> Standards:
    return read_standards(("national.toml",), {})


def completed(home: District, children: float = 5.0, kind: str = "village", **norm: float) -> Reach:
    """The completion of the present network, every grade of every unit with the same children."""
    home = replace(home, units=home.units.assign(area_kind=kind))
    scenario = Scenario.model_validate(
        {
            "title": "五村",
            "district": {"folder": "."},
            "access": {"detour": {"plain": 1.0}},
            "objective": {"discount_rate": 0.0},
        }
    )
    standards = read_standards(("national.toml",), norm)
    supply = capacity.build_supply(home, scenario, standards)
    nothing = pd.DataFrame(columns=["unit_id", "band", "section_id", "share"])
    cells = tuple((Stage.KINDERGARTEN, grade) for grade in GRADES)
    return complete_reach(
        ReachEvidence(
            scenario=scenario,
            standards=standards,
            district=home,
            supply=supply,
            access=capacity.measure_access(home, supply, scenario.access),
            costs=capacity.build_costs(standards, 0.0),
            demand=Demand(
                tuple(home.units["unit_id"]), cells, YEARS, np.full((len(home.units), 3, len(YEARS)), children)
            ),
            plan=present_network(supply.sections, nothing, nothing, scenario),
        )
    )


def test_free_rooms_and_a_village_complete_the_radius_by_hand() -> None:
    """Beyond the radius of 3 km are V2 to V5, 15 children each; V1 has K1.

    P1 at 8 km reaches V2, V3, V4: 45 children, two classes in its two free rooms. V5 has a class of its own. 2 × 40 万元 of conversion and 30 × 8 = 240 万元 of building; 24 万元 of posts a
    site and 3 万元 a class. Coverage 15 of 75, then 60, then 75. Capital over its life without interest: 85 % over 50 years
    and 15 % over 10 are 3.2 % a year, so V5 costs 27 + 7.68 万元 a year for 15 children, P1 30 + 2.56 for 45.
    """
    found = completed(villages())
    expected = read("""
        order  place_id  kind     units  unit_ids  children  classes  seats  capital_wan  running_wan  covered  share
        1      P1        campus   3      V2,V3,V4  45        2        60     80           30           60       0.8
        2      V5        village  1      V5        15        1        30     240          27           75       1.0
        """)
    expected["unit_ids"] = expected["unit_ids"].str.replace(",", " ")
    pd.testing.assert_frame_equal(found.places[list(expected)], expected, check_dtype=False)
    assert found.places["yuan_each"].tolist() == pytest.approx([325_600 / 45, 346_800 / 15])
    total = found.total.iloc[0]
    told = ["children", "within", "share", "beyond", "places", "classes", "capital_wan", "running_wan", "gap"]
    assert total[told].tolist() == pytest.approx([75, 15, 0.2, 60, 2, 3, 320, 57, 0])
    assert (total["year"], total["radius_m"]) == (2035, 3_000)


@pytest.mark.parametrize(
    ("rooms", "use", "expected"),
    [
        (2, "", {"V3": 2, "V5": 1}),
        (1, "", {"V3": 2, "V5": 1}),
        (3, "practice", {"V3": 2, "V5": 1}),
        (3, "kindergarten", {"P1": 2, "V5": 1}),
    ],
)
def test_a_campus_gives_what_it_has_free_and_is_not_used_otherwise(
    rooms: int, use: str, expected: dict[str, int]
) -> None:
    """A campus with one free room, with none, with another use, and with the use that is asked for.

    With one free room P1 and a second site would cost 28.28 + 34.68 万元 a year, V3 in the middle alone with two classes
    24 + 6 + 15.36 = 45.36.
    """
    arranged = pd.DataFrame({"school_id": ["P1"], "building_use": [use]})
    found = completed(replace(villages(rooms), arrangements=arranged)).places.set_index("place_id")["classes"]
    assert found.to_dict() == expected


def test_a_wider_radius_asks_for_fewer_sites() -> None:
    """Within 12 km P1 would reach everybody beyond K1's 12 km: V5 only, 12 km away."""
    found = completed(villages(), **{"radius_m_rural.kindergarten": 12_000})
    assert found.places[["place_id", "unit_ids"]].to_numpy().tolist() == [["P1", "V5"]]
    assert found.total["within"].tolist() == [60.0]


@pytest.mark.parametrize(("children", "kind"), [(0.0, "village"), (5.0, "city")])
def test_without_rural_children_there_is_nothing_to_complete(children: float, kind: str) -> None:
    assert completed(villages(), children, kind) is NO_REACH


def test_kilometers_to_points_are_those_of_the_journeys() -> None:
    """Along a road with a bend, and in straight lines: the same kilometers as to sites at these points."""
    road = lines("name kind line\nmain road 0,0;4000,3000;20000,3000\n")
    scenario = Scenario.model_validate({"title": "路", "district": {"folder": "."}})
    for layers in ({}, {"travel": road}):
        home = villages(**layers)
        supply = capacity.build_supply(home, scenario, norms())
        access = capacity.measure_access(home, supply, scenario.access)
        km = measure_km(home, supply.sites[["x", "y"]].to_numpy(float), scenario.access)
        np.testing.assert_allclose(km.reshape(-1), access.pairs["km"])


def test_the_sheet_and_the_summary_tell_the_places(tmp_path: Path) -> None:
    """Two places, 320 万元, 57 万元 a year; the public edition has neither, since nobody has decided them."""
    result = replace(make_result(tmp_path), reach=completed(villages()))
    assert reach_lines(result) == [
        "2035年农村在园幼儿 20.0% 在 3 公里内有幼儿园；最省的补点是增设 2 处（其中 1 处利用现有校舍），"
        "基建 320 万元、每年运行 57 万元，全部覆盖，见表“就近补点”。"
    ]
    (sheet,) = reach_sheets(result)
    assert sheet.rows["kind_name"].tolist() == ["利用现有校舍", "村内新建"]
    assert sheet.rows["homes"].tolist() == ["V2、V3、V4", "V5"]
    assert "已证明为最省" in sheet.note
    outputs = result.scenario.outputs.model_copy(update={"edition": "public"})
    public = replace(result, scenario=result.scenario.model_copy(update={"outputs": outputs}))
    assert (reach_sheets(public), reach_lines(public)) == ([], [])
    everybody = replace(result, reach=completed(villages(), **{"radius_m_rural.kindergarten": 20_000}))
    assert reach_lines(everybody) == ["2035年农村在园幼儿 100.0% 在 20 公里内有幼儿园。"]
    assert reach_sheets(everybody) == []
