"""Service areas: metres on foot along the roads, around barriers, against distances derived by hand."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import LineString, Point, box

from simulator.capacity.barriers import cut_barriers
from simulator.outputs.maps.location import Ways, degree_words
from simulator.outputs.maps.service import Service, metres_on_foot, service_field
from simulator.outputs.maps.shapes import apartness, dense_core, densest_square

CRS = "EPSG:4543"
WINDOW = (0.0, 0.0, 1000.0, 1000.0)
SCHOOL = np.array([[100.0, 500.0]])


def lines(*shapes: LineString, kind: str = "road") -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame({"kind": [kind] * len(shapes)}, geometry=list(shapes), crs=CRS)


def points(*places: tuple[float, float]) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame({"name": [""] * len(places)}, geometry=[Point(place) for place in places], crs=CRS)


def case(
    travel: gpd.GeoDataFrame, barriers: gpd.GeoDataFrame, crossings: gpd.GeoDataFrame, radius: float = 1000.0
) -> Service:
    """One square unit of a kilometre, detour 1, the school at its western edge."""
    units = gpd.GeoDataFrame({"unit_id": ["U"]}, geometry=[box(*WINDOW)], crs=CRS)
    return Service(
        year=2025, sites=("S",), radius=np.array([radius]), detour=np.array([1.0]), radii={"city": radius},
        travel=travel, barriers=cut_barriers(barriers, crossings), units=units, ways=Ways((), ()), covered=0.5,
    )  # fmt: skip


def metres(found: Service, x: float, y: float) -> float:
    return float(metres_on_foot(found, np.array([[x, y]], dtype=float), SCHOOL)[0])


NOTHING = lines()
WALL = lines(LineString([(500, -100), (500, 1100)]), kind="river")


@pytest.mark.parametrize(
    ("travel", "barriers", "crossings", "to", "expected"),
    [
        # no roads, no barrier: a straight line
        (NOTHING, NOTHING, points(), (900, 500), 800.0),
        # no roads, a river with its bridge far to the south: by the bridge, 2 x hypot(400, 400)
        (NOTHING, WALL, points((500, 100)), (900, 500), 2 * np.hypot(400, 400)),
        # a river without any crossing known is a hint only
        (NOTHING, WALL, points(), (900, 500), 800.0),
        # a road straight to the school
        (lines(LineString([(100, 500), (900, 500)])), NOTHING, points(), (900, 500), 800.0),
        # a road that goes round: 300 up, 600 across, 300 down
        (lines(LineString([(100, 500), (100, 800), (700, 800), (700, 500)])), NOTHING, points(), (700, 500), 1200.0),
    ],
)
def test_the_way_on_foot_is_as_long_as_derived_by_hand(
    travel: gpd.GeoDataFrame, barriers: gpd.GeoDataFrame, crossings: gpd.GeoDataFrame, to: tuple[float, float],
    expected: float,
) -> None:  # fmt: skip
    assert metres(case(travel, barriers, crossings), *to) == pytest.approx(expected, rel=1e-4)


def test_a_road_over_a_river_is_closed_away_from_the_bridge() -> None:
    """Roads cross the river at y = 500 and at y = 100; only the southern one has a bridge."""
    roads = lines(
        LineString([(100, 500), (900, 500)]),
        LineString([(100, 500), (100, 100), (900, 100), (900, 500)]),
    )
    assert metres(case(roads, WALL, points((500, 100))), 900, 500) == pytest.approx(1600.0, rel=1e-4)
    assert metres(case(roads, NOTHING, points()), 900, 500) == pytest.approx(800.0, rel=1e-4)


def test_nothing_is_measured_beyond_the_radius_and_where_there_is_no_school() -> None:
    far = service_field(case(NOTHING, NOTHING, points(), radius=200.0), SCHOOL, WINDOW)
    assert np.isnan(far.share[:, far.x > 400]).all()
    none = service_field(case(NOTHING, NOTHING, points()), np.zeros((0, 2)), WINDOW)
    assert np.isnan(none.share).all()


def test_a_barrier_never_brings_a_place_nearer() -> None:
    free = service_field(case(NOTHING, NOTHING, points()), SCHOOL, WINDOW).share
    cut = service_field(case(NOTHING, WALL, points((500, 900))), SCHOOL, WINDOW).share
    both = np.isfinite(free) & np.isfinite(cut)
    assert (cut[both] >= free[both] - 1e-9).all()
    assert (cut[both] > free[both] + 0.05).any()


@given(st.lists(st.tuples(st.integers(0, 99), st.integers(0, 99)), min_size=1, max_size=30), st.integers(1, 10))
@settings(max_examples=40, deadline=None)
def test_the_densest_square_holds_its_share_and_none_is_smaller(places: list[tuple[int, int]], tenths: int) -> None:
    """Against every point as the middle, with the reach to its n-th nearest in the larger of both directions."""
    points_there = np.array(places, dtype=float)
    count = max(round(len(places) * tenths / 10), 1)
    west, south, east, north = densest_square(points_there, tenths / 10)
    inside = ((points_there >= (west, south)) & (points_there <= (east, north))).all(axis=1)
    assert inside.sum() >= count
    reaches = [np.sort(np.abs(points_there - middle).max(axis=1))[count - 1] for middle in points_there]
    assert (east - west) / 2 == pytest.approx(min(reaches))


def test_a_town_in_a_wide_county_is_the_core() -> None:
    """Ten schools 300 m apart in a county of 100 km with twenty more: the panel shows the ten, hardly more."""
    town = np.array([(50_000 + 300 * (number % 5), 50_000 + 300 * (number // 5)) for number in range(10)], dtype=float)
    villages = np.random.default_rng(1).uniform(0, 100_000, (20, 2))
    core = dense_core(np.vstack([town, villages]), (0.0, 0.0, 100_000.0, 100_000.0))
    assert core is not None
    assert core[2] - core[0] < 4_000
    assert ((town >= core[:2]) & (town <= core[2:])).all()
    assert dense_core(villages, (0.0, 0.0, 100_000.0, 100_000.0)) is None
    assert apartness(town, (0.0, 0.0, 100_000.0, 100_000.0), 100_000.0) == pytest.approx(0.003)


def test_degrees_are_written_with_minutes() -> None:
    assert [degree_words(102.5, upright=True), degree_words(-0.25, upright=False)] == ["102°30'E", "0°15'S"]
