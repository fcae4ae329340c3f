"""Neighbours, homes of schools and what is exempt from connection, on small drawn districts."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.capacity import Catchments, build_supply, build_territory
from simulator.capacity.adjacency import shared_boundaries, unit_edges
from simulator.inputs.district import District
from tests.capacity_cases import CRS, district, norms, read, scenario, schools, units

SIDE = 1000


def drawn(picture: str) -> gpd.GeoDataFrame:
    """Units from a picture: each letter is a square of 1 km, equal letters are one unit, `.` is water."""
    squares: dict[str, list[shapely.Polygon]] = {}
    for row, line in enumerate(picture.split()):
        for column, name in enumerate(line):
            corner = (column * SIDE, -row * SIDE)
            squares.setdefault(name, []).append(shapely.box(*corner, corner[0] + SIDE, corner[1] + SIDE))
    squares.pop(".", None)
    return shaped({name: shapely.union_all(shapes) for name, shapes in sorted(squares.items())})


def shaped(shapes: dict[str, shapely.Geometry]) -> gpd.GeoDataFrame:
    """Units of the given shapes, named by their ids."""
    frame = {"unit_id": list(shapes), "name": [f"村{name}" for name in shapes], "township": "T", "area_kind": "village"}
    return gpd.GeoDataFrame(frame, geometry=list(shapes.values()), crs=CRS)


def pairs_of(layer: gpd.GeoDataFrame, adjacency: str = "") -> str:
    """Neighbours of a layer in short: `AB BC~` with ~ for a ferry, = for a bridge."""
    table = read(adjacency) if adjacency else pd.DataFrame()
    edges = unit_edges(district(units=layer, adjacency=table))
    marks = {"touch": "", "ferry": "~", "bridge": "="}
    return " ".join(f"{a}{b}{marks[kind]}" for a, b, kind in edges.itertuples(index=False))


@pytest.mark.parametrize(
    ("picture", "neighbours"),
    [
        ("AB CD", "AB AC BD CD"),  # corners that meet do not count
        ("AAB CAB", "AB AC"),
        ("A.B", ""),
        ("ABA", "AB"),  # a unit of two parts
    ],
)
def test_units_that_share_a_side_are_neighbours(picture: str, neighbours: str) -> None:
    """Sides of positive length make neighbours."""
    assert pairs_of(drawn(picture)) == neighbours


@pytest.mark.parametrize(
    ("left", "bottom", "neighbours"),
    [
        (1000.0, 0.0, "AB"),
        (1000.6, 0.0, "AB"),  # a sliver of 60 cm between them
        (999.5, 0.0, "AB"),  # an overlap
        (1002.0, 0.0, ""),  # a lane of 2 m
        (1000.0, 995.0, "AB"),  # 5 m of exactly common boundary
        (1000.0, 1000.0, ""),  # a corner
        (1000.5, 1000.0, ""),  # a corner, and a sliver
    ],
)
def test_slivers_and_overlaps_of_hand_drawn_layers_still_touch(left: float, bottom: float, neighbours: str) -> None:
    """A square of 1 km and another one whose lower left corner is at (left, bottom)."""
    first, second = shapely.box(0, 0, 1000, 1000), shapely.box(left, bottom, left + 1000, bottom + 1000)
    assert pairs_of(shaped({"A": first, "B": second})) == neighbours


def test_the_adjacency_table_adds_ferries_and_bridges_and_takes_away() -> None:
    """A row says more than the shapes; the order of its units does not matter."""
    table = """
    unit_a unit_b kind
    C      A      ferry
    D      A      touch
    B      A      remove
    C      D      bridge
    """
    assert pairs_of(drawn("AB.CD")) == "AB CD"
    assert pairs_of(drawn("AB.CD"), table) == "AC~ AD CD="


def test_units_given_as_points_are_neighbours_of_the_cells_around_them() -> None:
    """Four places on a square with one in the middle, and far apart two at the same place."""
    cross = units("unit_id x y\nA 0 0\nB 2000 0\nC 0 2000\nD 2000 2000\nM 1000 1000")
    assert set(pairs_of(cross).split()) >= {"AM", "BM", "CM", "DM"}
    assert not {"AD", "BC"} & set(pairs_of(cross).split())
    line = units("unit_id x y\nA 0 0\nB 1000 0\nC 1000 0\nD 2000 0")
    assert pairs_of(line) == "AB AC BC BD CD"
    assert pairs_of(units("unit_id x y\nA 0 0")) == ""


def test_a_point_among_shapes_joins_the_units_around_it() -> None:
    """Shapes keep their own neighbours; the point takes those of its cell."""
    layer = drawn("AB")
    mixed = pd.concat([layer, shaped({"P": shapely.Point(500, 1700)})], ignore_index=True)
    assert pairs_of(gpd.GeoDataFrame(mixed, crs=CRS)) == "AB AP BP"


@settings(deadline=None, max_examples=40)
@given(st.integers(2, 6), st.integers(2, 6), st.integers(0, 2**31))
def test_neighbours_do_not_depend_on_the_order_of_the_units(columns: int, rows: int, seed: int) -> None:
    """A grid has (columns - 1) rows + columns (rows - 1) sides inside, however it is listed."""
    squares = np.array([shapely.box(x, y, x + 1, y + 1) for x in range(columns) for y in range(rows)])
    order = np.random.default_rng(seed).permutation(len(squares))
    scaled = shapely.transform(squares[order], lambda xy: xy * SIDE)
    pairs = shared_boundaries(scaled)
    assert len(pairs) == (columns - 1) * rows + columns * (rows - 1)
    assert (pairs[:, 0] < pairs[:, 1]).all()


SECTIONS = """
school_id stage   grade_from grade_to kind
s         primary 1          6        complete
t         primary 1          6        complete
"""


def place(picture: str, campuses: str, zoned: str, inferred: str = "") -> tuple[District, Catchments]:
    """A drawn district with campuses `id x y` in km; `zoned` and `inferred` hold `unit section-letter` pairs."""
    text = "school_id x y\n" + "\n".join(
        f"{name} {float(x) * SIDE} {float(y) * SIDE}" for name, x, y in (line.split() for line in campuses.split(";"))
    )
    rows = [
        (unit, "primary", f"{school}:primary", 1.0, derived)
        for words, derived in ((zoned, False), (inferred, True))
        for unit, school in words.split()
    ]
    table = pd.DataFrame(rows, columns=["unit_id", "band", "section_id", "share", "derived"])
    return district(units=drawn(picture), schools=schools(text), sections=read(SECTIONS)), Catchments(table, ())


@pytest.mark.parametrize(
    ("picture", "campuses", "zoned", "inferred", "detached", "away"),
    [
        # Own unit B; D is cut off by C.
        ("ABCD", "s 1.5 0.5; t 2.5 0.5", "As Bs Ct Ds", "", "D", ""),
        # The same, but nobody wrote that D belongs to s.
        ("ABCD", "s 1.5 0.5; t 2.5 0.5", "As Bs Ct", "Ds", "", ""),
        # s stands in C, whose children go to t: its largest piece stays, and C is cut off from t.
        ("ABCDE", "s 2.5 0.5; t 4.5 0.5", "As Bs Ct Ds Et", "", "DC", "s"),
        # Both schools stand in C: s touches it, with A and B on one side.
        ("ABCDE", "s 2.4 0.5; t 2.6 0.5", "As Bs Ct Dt Et", "", "", ""),
        # Both stand in C, and s has nothing beside it.
        ("ABCDE", "s 2.4 0.5; t 2.6 0.5", "As Bt Ct Dt Et", "", "", "s"),
        # Its own unit is only inferred to go elsewhere.
        ("ABC", "s 1.5 0.5; t 2.5 0.5", "As Ct", "Bt", "", ""),
    ],
)
def test_pieces_of_todays_catchments_are_exempt_only_where_the_table_puts_them(
    picture: str, campuses: str, zoned: str, inferred: str, detached: str, away: str
) -> None:
    """Units cut off from the school, and schools whose own unit is zoned to another one."""
    case, catchments = place(picture, campuses, zoned, inferred)
    territory = build_territory(case, build_supply(case, scenario(), norms()), catchments)
    assert "".join(territory.detached["unit_id"]) == detached
    assert "".join(territory.away["section_id"]).replace(":primary", "") == away
    assert len(territory.assumptions) == (detached != "") + (away != "")


def test_a_school_has_its_home_in_the_unit_around_it_or_in_the_nearest() -> None:
    """One school in A, one in the water nearer to B."""
    case, catchments = place("A.B", "s 0.5 0.5; t 1.9 0.5", "As Bt")
    territory = build_territory(case, build_supply(case, scenario(), norms()), catchments)
    assert territory.homes.to_dict() == {"s": "A", "t": "B"}
    assert territory.parts.to_dict() == {"A": 0, "B": 1}
    assert any("村B" in sentence for sentence in territory.assumptions)
