"""A far village: keep its teaching point, send a bus, or let the children board."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.capacity import Access, Catchments
from simulator.model.blocks import reach_of
from simulator.model.compile import compile_model
from simulator.model.declare import Model, declare
from simulator.model.problem import BOARDS, OWN_WAY, SCHOOL_BUS, Prices, Problem
from simulator.model.solve import Limits, solve
from simulator.model.variables import pupils_of_pair
from simulator.scenario import AccessSettings
from tests.capacity_cases import read
from tests.model_cases import LOWER, UPPER, problem, section, site

EXACT = Limits(60.0, 0.0, None, 1)
RULES = frozenset({"every_child_has_a_place", "pupils_within_seats", "stages_share_rooms", "boarding_within_beds"})
MOVED = 300.0


def prices(bus: float, boarder: float) -> Prices:
    """Ten yuan a minute; a bus seat and a bed as given."""
    return Prices(10.0, 50_000.0, 2_000.0, MOVED, 0.05, 20.0, bus_seat=bus, boarder=boarder)


def villages(
    children: list[list[int]], ways: list[tuple[int, float]], keep: float, beds: float, price: Prices, **changes: object
) -> Problem:
    """A centre S0 beyond the limit of every village, and a teaching point in each, for one year.

    Parameters
    ----------
    children
        Upper grades of a village by year.
    ways
        Mode and daily minutes from a village to the centre.
    keep
        Yuan a year of a teaching point; classes cost nothing.
    """
    count = len(children)
    far = [-1.0] * count
    free = {"class_year": 0.0}
    usual = {
        "bands": (UPPER,),
        "children": children,
        "minutes": [[minutes, *far[:k], 5.0, *far[k + 1 :]] for k, (_, minutes) in enumerate(ways)],
        "sections": [
            section(0, section_year=0.0, **free),
            *(section(k + 1, can_close=True, section_year=keep, **free) for k in range(count)),
        ],
        "sites": [site(0, (0,), beds=beds), *(site(k + 1, (k + 1,)) for k in range(count))],
        "today": [k + 1 for k in range(count)],
        "years": (2026,),
        "starts": (2026,),
        "mode": np.array([code for mode, _ in ways for code in (mode, OWN_WAY)]),
        "prices": price,
        "rules": RULES,
    }
    return problem(**usual | changes)


def solved(p: Problem) -> tuple[float, dict[str, float], Model]:
    """Objective, values by name and model."""
    model = declare(p)
    compiled = compile_model(model.lp)
    found = solve(compiled, EXACT)
    assert found.status == "optimal"
    by_name = zip(compiled.names, np.asarray(found.values).tolist(), strict=True)
    return found.objective, dict(by_name), model


@pytest.mark.parametrize(
    ("children", "mode", "keep", "closed", "cost"),
    [
        # 10 children stay for 20,000 + 10 × 5 × 10, or ride for 10 × (4,500 + 25 × 10 + 300).
        (10, SCHOOL_BUS, 20_000, False, 20_500),
        (10, SCHOOL_BUS, 60_000, True, 50_500),
        # Boarding costs 10 × (3,000 + 8 × 10 + 300).
        (10, BOARDS, 20_000, False, 20_500),
        (10, BOARDS, 40_000, True, 33_800),
        # 13 of them would want 12 beds.
        (13, BOARDS, 90_000, False, 90_650),
        # With a school near enough there is nothing to pay.
        (10, OWN_WAY, 20_000, True, 5_500),
    ],
)
def test_the_cheapest_lawful_way_wins(children: int, mode: int, keep: float, closed: bool, cost: float) -> None:
    """Keep, bus, or board, by hand."""
    minutes = {SCHOOL_BUS: 25.0, BOARDS: 8.0, OWN_WAY: 25.0}[mode]
    objective, values, _ = solved(villages([[children]], [(mode, minutes)], keep, 12, prices(4500, 3000)))
    assert objective == pytest.approx(cost)
    assert round(values["open_s1_p1"]) == (0 if closed else 1)


@settings(deadline=None, max_examples=25)
@given(
    st.lists(st.tuples(st.integers(1, 20), st.sampled_from([SCHOOL_BUS, BOARDS])), min_size=1, max_size=3),
    st.sampled_from([10_000.0, 30_000.0, 45_000.0]),
    st.integers(0, 40),
)
def test_all_ways_one_by_one_give_the_same_optimum(places: list[tuple[int, int]], keep: float, beds: int) -> None:
    """Every village stays or goes; those who board share the beds; no school costs as much as a child without a seat."""
    price = prices(4_000.0, 2_500.0)
    minutes = {SCHOOL_BUS: 25.0, BOARDS: 8.0}
    best = np.inf
    for going in product([False, True], repeat=len(places)):
        boarders = sum(n for (n, mode), goes in zip(places, going, strict=True) if goes and mode == BOARDS)
        cost = 0.0
        for (n, mode), goes in zip(places, going, strict=True):
            seat = price.bus_seat if mode == SCHOOL_BUS else price.boarder
            cost += n * (minutes[mode] * 10 + seat + MOVED) if goes else keep + n * 50
        best = min(best, cost if boarders <= beds else np.inf)
    p = villages([[n] for n, _ in places], [(mode, minutes[mode]) for _, mode in places], keep, beds, price)
    assert solved(p)[0] == pytest.approx(best)


def test_enrolled_children_keep_their_beds_and_count() -> None:
    """Where only new entrants are re-zoned, those of two phases need beds in the second: 8 + 8 on 12 are too many."""
    entered = np.zeros((1, 6, 2))
    entered[0, 3] = [8, 8]
    entered[0, 5] = [0, 8]
    p = villages(
        *([[8, 16]], [(BOARDS, 8.0)], 90_000.0, 12.0, prices(4500, 3000)),
        years=(2026, 2027),
        starts=(2026, 2027),
        rezoning="entrants",
        entered=entered,
    )

    def boarders(one: Problem) -> list[float]:
        _, values, model = solved(one)
        return [
            sum(
                count * (term if isinstance(term, int | float) else values[term.name])
                for term, count in pupils_of_pair(one, model.variables, 0, year, year)
            )
            for year in range(2)
        ]

    assert boarders(replace(p, rules=RULES - {"boarding_within_beds"})) == pytest.approx([8, 16])
    assert max(boarders(p)) <= 12


PAIRS = """
unit_id  site_id  minutes_young  minutes_older
V        A        20             20
V        B        40             40
V        C        50             50
V        D        90             90
"""
WAYS = """
band         unit_id  site_id  way         minutes
primary_1_3  V        B        school_bus  26
primary_4_6  V        C        school_bus  28
primary_4_6  V        D        boards      60
"""
LIMITS = """
stage    grade_from  grade_to  area_kind  minutes  effect
primary  1           6         village    30       hard
"""


@pytest.mark.parametrize(
    ("band", "today", "expected"),
    [
        # Two nearest are kept, lawful or not; a school with beds is kept beyond them, one ride home a week.
        (LOWER, "A", [("A", 20, True, OWN_WAY), ("B", 26, True, SCHOOL_BUS)]),
        (UPPER, "A", [("A", 20, True, OWN_WAY), ("B", 40, False, OWN_WAY), ("D", 12, True, BOARDS)]),
        # Today's school stays lawful, and its children come as they do.
        (LOWER, "B", [("A", 20, True, OWN_WAY), ("B", 40, True, OWN_WAY)]),
        (UPPER, "D", [("A", 20, True, OWN_WAY), ("B", 40, False, OWN_WAY), ("D", 90, True, OWN_WAY)]),
    ],
)
def test_choices_know_their_way(band, today, expected) -> None:
    """Section, daily minutes, lawful, mode of the choices of a village with four schools."""
    access = Access(read(PAIRS), read(LIMITS), "straight_line", (), read(WAYS))
    table = pd.DataFrame(
        [("V", band.band_id, f"{today}:primary", 1.0, False)],
        columns=["unit_id", "band", "section_id", "share", "derived"],
    )
    options = AccessSettings(nearest=2, most_choices=3)
    reach = reach_of(access, options, Catchments(table, ()), {}, ("V",), {"V": "village"}, (LOWER, UPPER))
    running = [(code, section(0, section_id=f"{name}:primary")) for code, name in enumerate("ABCD")]
    found = reach.choices(0, band, running)
    assert [("ABCD"[c.section], c.minutes, c.lawful, c.mode) for c in found] == expected
