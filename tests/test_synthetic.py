"""Invented districts: the same seed gives the same tables, nobody is lost, and every place can be reached."""

from __future__ import annotations

import geopandas as gpd
import networkx as nx
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.inputs import read_district
from simulator.inputs.synthetic import (
    DistrictCard,
    Invention,
    Roll,
    SchoolGroup,
    apportion,
    apportion_within,
    benchmark_district,
    invent_district,
    single_ages,
    small_district,
    write_district,
)
from simulator.inputs.synthetic.zoning import balanced_zones
from simulator.terms import SectionKind, Stage

SEEDS = st.integers(0, 10_000)
QUICK = settings(max_examples=12, deadline=None)


def with_islands(seed: int) -> Invention:
    """A small district with two islands, a teaching point on the larger and pupils who cross by ferry."""
    base = small_district(seed, units=20)
    spec = {name: getattr(base, name) for name in base.__dataclass_fields__}
    point = SchoolGroup(SectionKind.TEACHING_POINT, 1, islands=1)
    return Invention(
        **spec | {"island_units": (3, 1), "schools": (*base.schools, point), "rolls": _more_classes(base.rolls)}
    )


def _more_classes(rolls: tuple[Roll, ...]) -> tuple[Roll, ...]:
    return tuple(
        Roll(
            roll.stage, roll.kinds, roll.pupils, roll.classes + 6 * (roll.stage is Stage.PRIMARY), largest=roll.largest
        )
        for roll in rolls
    )


def test_largest_remainder_by_hand() -> None:
    """Seven seats on weights 5 : 3 : 2 are 3.5, 2.1, 1.4: floors 3, 2, 1 and the seventh to the remainder .5."""
    assert apportion(7, np.array([5.0, 3.0, 2.0])).tolist() == [4, 2, 1]


def test_shares_within_bounds_by_hand() -> None:
    """Wishes 6 : 3 : 1 for 10 with at most 4 in the first: 4 there, the other 6 in the proportion 3 : 1 → 4.5, 1.5."""
    wishes = np.array([6.0, 3.0, 1.0])
    shares = apportion_within(10, wishes, np.zeros(3, dtype=np.int64), np.array([4, 9, 9]))
    assert shares.tolist() == [4, 5, 1]


def test_bounds_that_cannot_hold_the_total_are_refused() -> None:
    """Ten pupils do not fit into two places of four."""
    with pytest.raises(ValueError, match="10 does not fit between 0 and 8"):
        apportion_within(10, np.ones(2), np.zeros(2, dtype=np.int64), np.array([4, 4]))


@given(st.integers(0, 5000), st.lists(st.floats(0, 1e3), min_size=1, max_size=30))
def test_shares_are_whole_and_sum_to_the_total(total: int, weights: list[float]) -> None:
    """No child is lost or invented, and no share is more than one away from the exact one."""
    shares = apportion(total, np.array(weights))
    exact = (
        total * np.array(weights) / sum(weights) if sum(weights) > 0 else np.full(len(weights), total / len(weights))
    )
    assert shares.sum() == total
    assert np.abs(shares - exact).max() < 1 + 1e-6


@given(st.lists(st.integers(0, 9000), min_size=5, max_size=5))
def test_single_ages_keep_the_census_groups(totals: list[int]) -> None:
    """Single ages of a census group sum exactly to it and are never negative."""
    groups = list(zip((0, 1, 5, 10, 15), (0, 4, 9, 14, 19), totals, strict=True))
    ages = single_ages(groups)
    assert [sum(ages[first : last + 1]) for first, last, _ in groups] == totals
    assert min(ages) >= 0


def test_a_straight_line_of_ages_stays_straight() -> None:
    """Groups cut out of 100, 110, … 190 give these ages back: the smoothest curve through them is the line."""
    line = [100 + 10 * age for age in range(10)]
    assert list(single_ages([(0, 0, line[0]), (1, 4, sum(line[1:5])), (5, 9, sum(line[5:]))])) == line


def test_zones_follow_targets_on_a_line() -> None:
    """Six units in a row, schools at both ends: targets 40 and 20 children give four units and two.

    unit      0   1   2   3   4   5
    children 10  10  10  10  10  10
    """
    place = np.arange(6.0)
    distance = np.vstack([place, 5 - place])
    zones = balanced_zones(distance, np.full(6, 10.0), np.array([40.0, 20.0]), np.array([0, 5]))
    assert zones.tolist() == [0, 0, 0, 0, 1, 1]


@QUICK
@given(SEEDS, st.integers(12, 20))
def test_control_totals_are_met(seed: int, units: int) -> None:
    """Ages, rolls and classes of any seed equal the description's control totals, and enrolment equals the classes."""
    spec = small_district(seed, units)
    tables = invent_district(spec)
    ages = tables["population"].groupby("age")["residents"].sum()
    classes = tables["classes"]
    assert tuple(ages) == spec.ages
    assert (
        tables["population"]["registered"] + tables["population"]["migrant"] == tables["population"]["residents"]
    ).all()
    for roll in spec.rolls:
        own = classes[classes["stage"] == roll.stage.value]
        assert (own["pupils"].sum(), len(own)) == (roll.pupils, roll.classes)
        assert own["pupils"].max() <= roll.largest
    key = ["school_id", "stage", "grade"]
    base = tables["enrolment"][tables["enrolment"]["year"] == spec.base_year].set_index(key)["pupils"]
    assert base.sort_index().equals(classes.groupby(key)["pupils"].sum().sort_index())


@QUICK
@given(SEEDS)
def test_every_unit_can_be_reached_by_land_and_ferry(seed: int) -> None:
    """The travel layer joins all units, islands by their ferries."""
    tables = invent_district(with_islands(seed))
    graph = travel_graph(tables["travel"], tables["units"])
    assert nx.is_connected(graph)
    assert (tables["travel"]["kind"] == "ferry").sum() == 2


@QUICK
@given(SEEDS)
def test_schools_stand_in_their_township(seed: int) -> None:
    """Every school and plot lies inside a unit of the township it names."""
    tables = invent_district(with_islands(seed))
    for name in ("schools", "parcels"):
        assert_within_township(tables[name], tables["units"])


@QUICK
@given(SEEDS)
def test_units_do_not_overlap(seed: int) -> None:
    """Unit polygons are valid and overlap by no more than rounding."""
    units = invent_district(with_islands(seed))["units"]
    assert units.geometry.is_valid.all()
    assert units.geometry.area.sum() - shapely.union_all(units.geometry.to_numpy()).area < 200


@QUICK
@given(SEEDS)
def test_catchments_name_a_school_of_the_stage_for_every_unit(seed: int) -> None:
    """Every unit has one whole school a stage, or a point and the school that takes its upper grades."""
    tables = invent_district(with_islands(seed))
    grades = tables["sections"].set_index(["school_id", "stage"])["grade_to"]
    for stage, last in (("primary", 6), ("junior", 9)):
        rows = tables["catchments"][tables["catchments"]["stage"] == stage]
        ends = rows.assign(grade_to=[grades[school, stage] for school in rows["school_id"]])
        full = ends[ends["grade_to"] == last].groupby("unit_id").size()
        assert set(full.index) == set(tables["units"]["unit_id"])
        assert (full == 1).all()


def test_the_same_seed_gives_the_same_district() -> None:
    """Two inventions of one description are equal; another seed gives another district."""
    first, again = invent_district(small_district(7)), invent_district(small_district(7))
    assert set(first) == set(again)
    for name, table in first.items():
        pd.testing.assert_frame_equal(pd.DataFrame(table), pd.DataFrame(again[name]))
    other = invent_district(small_district(8))
    assert not other["units"].geometry.geom_equals(first["units"].geometry, align=False).all()


def test_the_written_folder_is_read_without_a_problem(tmp_path) -> None:
    """The folder of an invented district passes the contracts and holds what was invented."""
    spec = with_islands(3)
    tables = invent_district(spec)
    write_district(tables, tmp_path, DistrictCard("小样区", "小样区〔演示〕", spec.crs, "虚构", {"default": 2025}))
    district = read_district(tmp_path)
    assert district.invented
    assert len(district.units) == spec.units
    assert district.classes["pupils"].sum() == sum(roll.pupils for roll in spec.rolls)
    assert district.units.geometry.geom_equals_exact(tables["units"].geometry, 0.001, align=False).all()


def test_a_benchmark_district_has_the_size_asked_for() -> None:
    """200 units and 30 schools: 30 = 21 complete primary + 2 nine-year + 7 junior."""
    tables = invent_district(benchmark_district(200, 30))
    kinds = tables["sections"].drop_duplicates("school_id")["kind"].value_counts()
    assert len(tables["units"]) == 200
    assert kinds[["complete_primary", "nine_year", "junior_school"]].tolist() == [21, 2, 7]


def test_impossible_descriptions_are_refused() -> None:
    """Islands that hold all units, and more oversized classes than grades can make up, are refused with the figures."""
    base = small_district(1)
    spec = {name: getattr(base, name) for name in base.__dataclass_fields__}
    with pytest.raises(ValueError, match="16 island units leave no unit of 16"):
        Invention(**spec | {"island_units": (10, 6)})
    primary = next(roll for roll in base.rolls if roll.stage is Stage.PRIMARY)
    crowded = Roll(primary.stage, primary.kinds, primary.pupils, primary.classes, oversized=500)
    with pytest.raises(ValueError, match="exactly 500 classes"):
        invent_district(Invention(**spec | {"rolls": (crowded,)}))


def travel_graph(travel: gpd.GeoDataFrame, units: gpd.GeoDataFrame) -> nx.Graph:
    """Units joined by roads, paths and ferries, by the ends of the lines."""
    place = {
        (round(x, 1), round(y, 1)): unit for unit, x, y in zip(units["unit_id"], units["x"], units["y"], strict=True)
    }
    graph = nx.Graph()
    graph.add_nodes_from(place.values())
    for line in travel.loc[travel["kind"] != "bus", "geometry"]:
        first, last = (place[round(x, 1), round(y, 1)] for x, y in (line.coords[0], line.coords[-1]))
        graph.add_edge(first, last)
    return graph


def assert_within_township(places: pd.DataFrame, units: gpd.GeoDataFrame) -> None:
    """Each place lies in a unit of its township."""
    tree = shapely.STRtree(units.geometry.to_numpy())
    found = tree.query(shapely.points(places["x"], places["y"]), predicate="intersects")
    home = {int(place): units["township"].iloc[unit] for place, unit in found.T}
    assert [home.get(number) for number in range(len(places))] == places["township"].tolist()
