"""Journeys along a network and in straight lines, barriers, islands, limits."""

from __future__ import annotations

from dataclasses import replace

import geopandas as gpd
import networkx as nx
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.capacity import Access, build_supply, measure_access, minutes_column
from simulator.capacity.lines import Graph
from simulator.capacity.network import shortest
from simulator.inputs.district import District
from simulator.scenario import AccessSettings
from simulator.terms import band_of
from tests.capacity_cases import CRS, district, lines, norms, points, read, scenario, schools, square, units

# 100 m a minute on foot, 500 m a minute by bus after a wait of 5 minutes, ferries 200 m a minute.
SPEEDS = {"walking_kmh": 6, "bus_kmh": 30, "bus_wait_min": 5, "ferry_kmh": 12, "detour": {"plain": 1.0}}
ON_FOOT = SPEEDS | {"bus_from_grade": 12}


def place(units_text: str, schools_text: str, **layers: gpd.GeoDataFrame) -> District:
    """A district of units and schools, all of them primaries."""
    campuses = schools(schools_text)
    runs = pd.DataFrame(
        {
            "school_id": campuses["school_id"],
            "stage": "primary",
            "grade_from": 1,
            "grade_to": 6,
            "kind": "complete_primary",
        }
    )
    return district(units=units(units_text), schools=campuses, sections=runs, **layers)


def journeys(home: District, **given_settings: object) -> Access:
    """Access of a district with the given settings."""
    return measure_access(home, build_supply(home, scenario(), norms()), AccessSettings.model_validate(given_settings))


def check(access: Access, expected: str) -> None:
    """The pairs agree with an aligned table; `-` is an empty cell."""
    wanted = read(expected)
    words = wanted.select_dtypes("str").columns
    wanted[words] = wanted[words].fillna("")
    pd.testing.assert_frame_equal(access.pairs[list(wanted)], wanted, check_dtype=False, check_exact=False, rtol=1e-9)


UNITS = """
unit_id  x     y
U1       0     0
U2       3000  0
U3       3000  4000
"""
SCHOOLS = """
school_id  x     y
S1         1000  1000
S2         3000  4000
"""
FIVE_NODES = """
name  kind   line                 minutes  headway_min  suspended_days
main  road   0,0;1000,0;3000,0    -        -            0
hill  path   1000,0;1000,1000     -        -            0
sea   ferry  3000,0;3000,4000     12       20           15
"""


def test_a_network_of_five_nodes_with_a_ferry() -> None:
    """Minutes on foot, by bus and by ferry are those worked out by hand."""
    access = journeys(place(UNITS, SCHOOLS, travel=lines(FIVE_NODES)), **SPEEDS)
    assert access.basis == "network"
    # The ferry takes 12 minutes after 20 ÷ 2 of waiting. U1→S1: 1 km of road and 1 km of path:
    # 10 + 10 on foot, 5 + 2 + 10 by bus. U3→S2 is the pier itself. U1→S2: 30 + 22 or 5 + 6 + 22.
    check(
        access,
        """
        unit_id  site_id  km  walk_min  transit_min  ferry  minutes_older  mode_older
        U1       S1       2   20        17           False  17             bus
        U1       S2       7   52        33           True   33             ferry
        U2       S1       3   30        19           False  19             bus
        U2       S2       4   22        27           True   22             ferry
        U3       S1       7   52        41           True   41             ferry
        U3       S2       0   0         5            False  0              walk
        """,
    )
    assert "sea 15 天/年" in access.assumptions[1]


def test_young_children_walk_where_they_may_not_take_the_bus() -> None:
    """From grade 7 the bus counts, up to grade 6 only walks and ferries do; in the bad season all takes longer."""
    access = journeys(
        place(UNITS, SCHOOLS, travel=lines(FIVE_NODES)), **SPEEDS, bus_from_grade=7, bad_season_factor=1.5
    )
    check(
        access,
        """
        unit_id  site_id  minutes_young  mode_young  minutes_older  mode_older
        U1       S1       30             walk        25.5           bus
        U1       S2       78             ferry       49.5           ferry
        U2       S1       45             walk        28.5           bus
        U2       S2       33             ferry       33             ferry
        U3       S1       78             ferry       61.5           ferry
        U3       S2       0              walk        0              walk
        """,
    )


def test_a_ferry_without_minutes_sails_at_its_speed() -> None:
    """4 km at 12 km/h are 20 minutes, at its own 24 km/h 10, each without a wait where no headway is stated."""
    sea = """
    name  kind   line               speed_kmh
    main  road   0,0;3000,0         -
    sea   ferry  3000,0;3000,4000   {speed}
    """
    for speed, minutes in (("-", 20), ("24", 10)):
        access = journeys(place(UNITS, SCHOOLS, travel=lines(sea.format(speed=speed))), **ON_FOOT)
        pairs = access.pairs.set_index(["unit_id", "site_id"])
        assert pairs.loc[("U2", "S2"), "walk_min"] == pytest.approx(minutes)


def test_lines_meet_where_an_end_touches_another_line() -> None:
    """A side road that ends half a metre short of the middle of the main road is joined to it."""
    layer = lines("""
    name  kind  line
    main  road  0,0;3000,0
    side  road  1500,0.5;1500,1000
    """)
    home = place(
        "unit_id x y\nU1 0 0\n",
        "school_id x y\nS1 1500 1000\n",
        travel=layer,
    )
    # 1,500 m along the main road (less the half metre that the end is off) and 1,000 m up the side road.
    assert journeys(home, **ON_FOOT).pairs["walk_min"].tolist() == pytest.approx([25], abs=0.01)


def test_a_place_walks_to_the_nearest_point_of_the_network() -> None:
    """Units and schools off the road reach it by a straight walk × the detour of their terrain."""
    home = place(
        "unit_id x y terrain\nU1 500 200 mountain\nU2 2500 -100 plain\n",
        "school_id x y\nS1 1500 300\n",
        travel=lines("name kind line\nmain road 0,0;3000,0\n"),
    )
    # U1: 200 × 2 + 1,000 + 300 × 1; U2: 100 + 1,000 + 300. S1 lies nearest to U1 (1,005 m), so its
    # detour is the mountain's: 300 × 2.
    access = journeys(home, **SPEEDS | {"detour": {"plain": 1.0, "mountain": 2.0}})
    assert access.pairs["km"].tolist() == pytest.approx([2.0, 1.7])


def test_neighbours_far_from_the_network_walk_directly() -> None:
    """Nobody walks a kilometre to the road and back to a school 300 m away."""
    home = place(
        "unit_id x y\nU1 0 1000\n",
        "school_id x y\nS1 300 1000\n",
        travel=lines("name kind line\nmain road 0,0;3000,0\n"),
    )
    assert journeys(home, **ON_FOOT).pairs.loc[0, ["km", "walk_min"]].tolist() == pytest.approx([0.3, 3.0])


def test_islands_without_a_ferry_are_out_of_reach() -> None:
    """Between two road networks without a ferry there is no way, and the assumptions name the units cut off."""
    islands = lines("""
    name  kind  line
    west  road  0,0;3000,0
    east  road  3000,4000;3500,4000
    """)
    home = place(UNITS, "school_id x y\nS1 1000 0\n", travel=islands)
    check(
        journeys(home, **SPEEDS),
        """
        unit_id  site_id  km   walk_min  transit_min  minutes_older  mode_older
        U1       S1       1    10        7            7              bus
        U2       S1       2    20        9            9              bus
        U3       S1       inf  inf       -            inf            -
        """,
    )
    assert journeys(home, **SPEEDS).assumptions[-1] == "1 个单元沿交通图层到不了任何学校"


def test_straight_lines_stand_in_for_a_missing_travel_layer() -> None:
    """Straight kilometres × the mean detour of both ends: 2 km between plain (1.3) and mountain (2.0) is 3.3 km."""
    home = place(
        "unit_id x y terrain\nU1 0 0 plain\nU2 2000 0 mountain\n",
        "school_id x y\nS1 0 0\nS2 2000 0\n",
    )
    access = journeys(home, walking_kmh=6, bus_kmh=30, bus_wait_min=5)
    assert access.basis == "straight_line"
    # 3.3 km: 33 minutes on foot, 5 + 6.6 by bus.
    check(
        access,
        """
        unit_id  site_id  straight_km  km   walk_min  transit_min  minutes_young  mode_young
        U1       S1       0            0    0         5            0              walk
        U1       S2       2            3.3  33        11.6         11.6           bus
        U2       S1       2            3.3  33        11.6         11.6           bus
        U2       S2       0            0    0         5            0              walk
        """,
    )


BESIDE = ("unit_id x y\nU1 0 0\n", "school_id x y\nS1 2000 0\n")
RAILWAY = "name line\nrail 1000,-5000;1000,5000\n"


@pytest.mark.parametrize(
    ("crossings", "crosses", "minutes"),
    [
        # By way of (1000, 750): 2 × √(1000² + 750²) = 2,500 m.
        ("name x y\nbridge 1000 750\n", True, 25.0),
        # 25 m off the straight line, within 30 m: the way itself passes it.
        ("name x y\nbridge 1000 25\n", False, 20.0),
        # The nearer of two bridges: 2 × √(1000² + 750²), not 2 × √(1000² + 2400²).
        ("name x y\nfar 1000 2400\nnear 1000 -750\n", True, 25.0),
        # No crossing on this railway.
        ("name x y\nelsewhere 9000 0\n", True, float("inf")),
    ],
)
def test_young_children_go_round_by_the_best_crossing(crossings: str, crosses: bool, minutes: float) -> None:
    """A straight way over a railway leads through a listed crossing, or there is no lawful walk."""
    home = place(*BESIDE, barriers=lines(RAILWAY), crossings=points(crossings))
    row = journeys(home, **ON_FOOT).pairs.iloc[0]
    assert row["crosses_barrier"] == crosses
    assert row["minutes_young"] == pytest.approx(minutes)
    assert row["minutes_older"] == pytest.approx(20)


def test_two_barriers_need_two_crossings() -> None:
    """Railway at 700 m and river at 1,300 m, bridges at (700, 400) and (1300, 400): up, across and down."""
    barriers = lines("name line\nrail 700,-5000;700,5000\nriver 1300,-5000;1300,5000\n")
    bridges = points("name x y\na 700 400\nb 1300 400\n")
    home = place(*BESIDE, barriers=barriers, crossings=bridges)
    # 2 × √(700² + 400²) + 600 = 2 × 806.2 + 600 = 2,212.5 m
    walked = 2 * np.hypot(700, 400) + 600
    assert journeys(home, **ON_FOOT).pairs["minutes_young"].tolist() == pytest.approx([walked / 100])


def test_a_barrier_without_crossing_data_is_a_hint() -> None:
    """Without any crossing the pair is marked and the walk stays as it is."""
    access = journeys(place(*BESIDE, barriers=lines(RAILWAY)), **ON_FOOT)
    assert access.pairs[["crosses_barrier", "minutes_young"]].to_numpy().tolist() == [[True, 20.0]]
    assert "穿越阻隔只作标注" in access.assumptions[1]


def test_a_barrier_that_is_an_area_is_passed_at_its_bridge() -> None:
    """A lake as a polygon blocks the straight way; 10 m beside the bridge it does not."""
    lake = gpd.GeoDataFrame({"name": ["lake"]}, geometry=[square(900, -1000, 2000)], crs=CRS)
    closed = place(*BESIDE, barriers=lake, crossings=points("name x y\nb 900 1000\n"))
    opened = place(*BESIDE, barriers=lake, crossings=points("name x y\nb 1000 10\n"))
    assert journeys(closed, **ON_FOOT).pairs["crosses_barrier"].tolist() == [True]
    assert journeys(opened, **ON_FOOT).pairs["crosses_barrier"].tolist() == [False]


def test_on_a_network_young_children_avoid_streets_that_cross_a_barrier() -> None:
    """The direct street crosses the railway with no crossing near; the way round passes the bridge."""
    streets = lines("""
    name    kind  line
    direct  road  0,0;2000,0
    round   road  0,0;0,1000;2000,1000;2000,0
    """)
    home = place(*BESIDE, travel=streets, barriers=lines(RAILWAY), crossings=points("name x y\nbridge 1000 1010\n"))
    # Direct 2 km = 20 minutes; round 1 + 2 + 1 km = 40.
    check(
        journeys(home, **ON_FOOT),
        """
        unit_id  site_id  walk_min  crosses_barrier  minutes_young  minutes_older
        U1       S1       20        True             40             20
        """,
    )


def test_a_place_joins_the_network_on_its_own_side_of_a_barrier() -> None:
    """The nearest road lies behind the railway, so the unit walks to the farther one on its side."""
    home = place(
        "unit_id x y\nU1 0 0\n",
        "school_id x y\nS1 -500 2000\n",
        travel=lines("""
        name   kind  line
        east   road  100,-3000;100,3000
        west   road  -500,-3000;-500,3000
        """),
        barriers=lines("name line\nrail 50,-5000;50,5000\n"),
        crossings=points("name x y\nbridge 50 4000\n"),
    )
    # 500 m to the western road, 2,000 m along it.
    assert journeys(home, **ON_FOOT).pairs["minutes_young"].tolist() == pytest.approx([25])


@given(st.integers(0, 10_000))
@settings(max_examples=20, deadline=None)
def test_shortest_ways_agree_with_networkx(seed: int) -> None:
    """On random graphs with parallel edges every distance equals that of another library."""
    random = np.random.default_rng(seed)
    nodes, edges, homes = 40, 90, 8
    start, end = random.integers(0, nodes, (2, edges))
    weight = random.uniform(0.5, 9, edges)
    joints = random.integers(0, nodes, homes + 5)
    graph = Graph(start, end, weight, np.zeros(edges, dtype=np.int64), np.zeros((nodes, 2)), joints, joints * 0.0, 0)
    other = nx.MultiGraph()
    other.add_nodes_from(range(nodes))
    other.add_weighted_edges_from(zip(start.tolist(), end.tolist(), weight.tolist(), strict=True))
    found = shortest(graph, weight, homes)
    for site, joint in enumerate(joints[homes:].tolist()):
        lengths = nx.single_source_dijkstra_path_length(other, joint)
        expected = [lengths.get(home, np.inf) for home in joints[:homes].tolist()]
        np.testing.assert_allclose(found[:, site], expected)


@given(st.permutations(range(3)))
@settings(max_examples=6, deadline=None)
def test_the_order_of_the_units_does_not_matter(order: list[int]) -> None:
    """Shuffled units have the journeys they had before."""
    home = place(UNITS, SCHOOLS, travel=lines(FIVE_NODES))
    shuffled = replace(home, units=home.units.iloc[order].reset_index(drop=True))
    key = ["unit_id", "site_id"]
    first, second = (journeys(case, **SPEEDS).pairs.sort_values(key, ignore_index=True) for case in (home, shuffled))
    pd.testing.assert_frame_equal(first, second)


def test_units_start_at_their_stated_point() -> None:
    """A polygon with x and y starts there; without them inside its shape."""
    home = place(*BESIDE)
    shapes = units("unit_id x y\nU1 0 0\nU2 0 0\n").set_geometry([square(0, 0, 1000), square(0, 0, 1000)], crs=CRS)
    stated = shapes.assign(x=[2000.0, np.nan], y=[0.0, np.nan])
    access = journeys(replace(home, units=stated))
    assert access.pairs["straight_km"].tolist() == pytest.approx([0.0, np.hypot(1.5, 0.5)])


def test_a_limit_is_the_strictest_that_holds_for_the_band() -> None:
    """Villages hold grades 1–3 to 30 minutes; a band is bound by any limit on one of its grades."""
    limits = [
        {"stage": "primary", "grade_from": 1, "grade_to": 3, "area_kinds": ["village"], "minutes": 30, "effect": "hard"},
        {"stage": "primary", "grade_from": 1, "grade_to": 6, "minutes": 40},
        {"stage": "primary", "grade_from": 5, "grade_to": 6, "minutes": 35},
    ]  # fmt: skip
    access = journeys(place(*BESIDE), limits=limits)
    assert len(access.limits) == 1 + 3 + 3
    expected = read("""
    band         area_kind  effect    minutes
    primary_1_3  village    hard      30
    primary_1_3  city       hard      inf
    primary_4_6  village    hard      inf
    primary      village    hard      30
    primary_1_3  town       advisory  40
    primary_4_6  town       advisory  35
    junior       village    advisory  inf
    """)
    for row in expected.itertuples():
        assert access.limit_of(band_of(row.band), row.area_kind, row.effect) == row.minutes


def test_grades_up_to_six_respect_barriers() -> None:
    """Kindergarten and primary use the young column, junior the other."""
    assert minutes_column(band_of("kindergarten")) == "minutes_young"
    assert minutes_column(band_of("primary_4_6")) == "minutes_young"
    assert minutes_column(band_of("junior")) == "minutes_older"
