"""Toy problems of connected ground: small maps of units on which the rules bind, and exempt cases beside them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from simulator.model.problem import Problem
from tests.model_cases import LOWER, UPPER, parcel, problem, section, site

ONE_YEAR = {"years": (2026,), "starts": (2026,)}
TWO_YEARS = {"years": (2026, 2027), "starts": (2026, 2027)}
LINE = [(0, 1), (1, 2), (2, 3)]
RING = [(0, 1), (1, 2), (2, 3), (3, 0)]


def mapped(
    p: Problem, edges: list[tuple[int, int]], home: list[int], **exempt: list[tuple[int, int]] | list[int]
) -> Problem:
    """The toy on a map; `detached` lists (unit, section), `away` sections."""
    apart, away = exempt.get("detached", []), exempt.get("away", [])
    of_pair = [(p.blocks[b].unit, s) for b, s in zip(p.pair_block.tolist(), p.pair_section.tolist(), strict=True)]
    return replace(
        p,
        edges=np.array(edges, dtype=np.int64).reshape(-1, 2),
        home=np.array(home, dtype=np.int64),
        detached=np.array([pair in apart for pair in of_pair]),
        away=np.array([code in away for code in range(len(home))]),
    )


def two_on_a_line(**exempt: list[tuple[int, int]] | list[int]) -> Problem:
    """U0 to U3 in a line, a school at each end; by road U1 is near to the far one, U2 too."""
    p = problem(
        children=[[30], [30], [30], [30]],
        minutes=[[5, 60], [90, 8], [6, 80], [60, 5]],
        sections=[section(0), section(1)],
        sites=[site(0, (0,)), site(1, (1,))],
        today=[0, 0, 1, 1],
        **ONE_YEAR,
    )
    return mapped(p, LINE, [0, 3], **exempt)


def detached_today() -> Problem:
    """U2 may lie apart from S0; U1 may not from S1, and may not lean on U2."""
    return two_on_a_line(detached=[(2, 0)])


def far_beyond_the_detached() -> Problem:
    """U1 is exempt from connection with S1 and U2 would hang on it: a piece with a unit that is not exempt."""
    p = problem(
        children=[[30], [30], [30], [30], [30]],
        minutes=[[5, 60], [90, 8], [90, 9], [6, 60], [60, 5]],
        sections=[section(0), section(1)],
        sites=[site(0, (0,)), site(1, (1,))],
        today=[0, 0, 0, 0, 1],
        **ONE_YEAR,
    )
    return mapped(p, [(0, 1), (1, 2), (2, 3), (3, 4), (0, 3)], [0, 4], detached=[(1, 1)])


def away_from_home() -> Problem:
    """S1 stands in U2, which S0 serves: its own units need only hang together, and may not be U1 and U3 alone."""
    p = problem(
        children=[[30], [30], [30], [30]],
        minutes=[[5, 60], [90, 8], [6, 80], [70, 5]],
        sections=[section(0), section(1)],
        sites=[site(0, (0,)), site(1, (1,))],
        today=[0, 0, 0, 1],
        **ONE_YEAR,
    )
    return mapped(p, [(0, 1), (1, 2), (2, 3), (0, 2)], [0, 2], away=[1])


def unknown_home() -> Problem:
    """Nobody knows where S1 stands; a detached unit may be all that it serves beside one piece."""
    p = problem(
        children=[[30], [30], [30], [30]],
        minutes=[[5, 9], [90, 8], [6, 80], [70, 5]],
        sections=[section(0), section(1)],
        sites=[site(0, (0,)), site(1, (1,))],
        today=[0, 0, 0, 1],
        **ONE_YEAR,
    )
    return mapped(p, [(0, 1), (1, 2), (2, 3), (0, 2)], [0, -1], detached=[(3, 1)])


def school_of_its_unit() -> Problem:
    """U1 would go past its own school S1 to S0 and leave it to U2."""
    p = problem(
        children=[[30], [30], [30]],
        minutes=[[5, 60], [5, 60], [90, 6]],
        sections=[section(0), section(1)],
        sites=[site(0, (0,)), site(1, (1,))],
        today=[0, 1, 1],
        **ONE_YEAR,
    )
    return mapped(p, [(0, 1), (1, 2)], [0, 1])


def two_in_a_unit() -> Problem:
    """S0 and S1 both stand in U0; U3 is near to S1 but hangs on U1, which is S0's."""
    p = problem(
        children=[[30], [30], [30], [30]],
        minutes=[[5, 9], [5, 60], [70, 5], [60, 5]],
        sections=[section(0), section(1)],
        sites=[site(0, (0,)), site(1, (1,))],
        today=[0, 0, 1, 0],
        **ONE_YEAR,
    )
    return mapped(p, [(0, 1), (0, 2), (1, 3)], [0, 0])


def one_of_two_closes() -> Problem:
    """S1 shares U0 with S0; both would leave it to S2. S1 may close, S0 then has to hold it."""
    p = problem(
        children=[[30, 30], [30, 20], [30, 30]],
        minutes=[[60, 70, 5], [5, 30, 60], [90, 6, 7]],
        sections=[section(0), section(1, can_close=True, section_year=20_000.0), section(2)],
        sites=[site(0, (0,)), site(1, (1,)), site(2, (2,))],
        today=[0, 0, 2],
        **TWO_YEARS,
    )
    return mapped(p, [(0, 1), (0, 2), (1, 2)], [0, 0, 2])


def new_school_on_a_ring() -> Problem:
    """Four units in a ring, S0 and a parcel opposite each other, S1 in between may close; over two years."""
    p = problem(
        children=[[40, 20], [30, 30], [20, 45], [30, 10]],
        minutes=[[5, 30, 60], [60, 5, 9], [70, 40, 5], [90, 6, 8]],
        sections=[
            section(0),
            section(1, can_close=True, section_year=50_000.0),
            section(2, existing=False, classes=0, rooms=0, section_year=10_000.0),
        ],
        sites=[site(0, (0,)), site(1, (1,)), parcel(2, (2,), (2,))],
        today=[0, 1, 1, 1],
        **TWO_YEARS,
    )
    return mapped(p, RING, [0, 1, 2])


def point_on_the_way() -> Problem:
    """The point S2 in U1 has the lower grades only; U2's upper grades have to pass through U1 to S0."""
    p = problem(
        bands=(LOWER, UPPER),
        children=[[20], [20], [15], [15], [10], [10]],
        minutes=[[5, 40, -1], [5, 40, -1], [30, 9, 5], [60, 5, -1], [9, 60, 20], [8, 60, -1]],
        sections=[section(0), section(1), section(2, rooms=1, classes=1, class_size=40.0)],
        sites=[site(0, (0,)), site(1, (1,)), site(2, (2,), rooms=1, max_rooms=1)],
        today=[0, 0, 2, 0, 0, 0],
        **ONE_YEAR,
    )
    return mapped(p, [(0, 1), (1, 2)], [0, 2, 1])


BINDING: dict[str, Callable[[], Problem]] = {
    "catchment_connected": two_on_a_line,
    "catchment_holds_school": school_of_its_unit,
}
"""Rule → the toy in which it binds."""
OTHERS: dict[str, Callable[[], Problem]] = {
    function.__name__: function
    for function in (
        detached_today,
        far_beyond_the_detached,
        away_from_home,
        unknown_home,
        two_in_a_unit,
        one_of_two_closes,
        new_school_on_a_ring,
        point_on_the_way,
    )
}
MORE: dict[str, tuple[Callable[[], Problem], ...]] = {
    "catchment_connected": (away_from_home,),
    "catchment_holds_school": (two_in_a_unit,),
}
"""Toys beside the one in which a rule binds, for its other rows."""
