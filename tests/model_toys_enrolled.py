"""Toy problems in which enrolled children keep their school and only new entrants are re-zoned (老生老办法)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from simulator.model.problem import Prices, Problem, Requirement
from tests.model_cases import LOWER, UPPER, parcel, problem, section, site
from tests.model_replay import Enrolled, enrolled
from tests.model_toys_ground import LINE, mapped

FOUR = {"years": (2026, 2027, 2028, 2029), "starts": (2026, 2028)}
"""Four years in two phases of two."""


def coming(until: int, *a_year: int, more: dict[tuple[int, int], int] | None = None) -> dict[tuple[int, int], float]:
    """So many enter in every unit each year from 2020 on; `more` replaces some."""
    usual = {(unit, year): float(n) for unit, n in enumerate(a_year) for year in range(2020, until + 1)}
    return usual | {key: float(n) for key, n in (more or {}).items()}


def toy(minutes: list[list[float]], entering: dict[tuple[int, int], float], **facts: object) -> Enrolled:
    """A toy of primary schools from its journeys and entrants."""
    years = len(facts["years"])
    return enrolled(problem(children=[[0.0] * years for _ in minutes], minutes=minutes, **facts), entering)


def school_closing() -> Enrolled:
    """S1 is dear: who sits there goes to S0 when it closes; zoning U1 to S0 earlier leaves fewer to move."""
    return toy(
        minutes=[[5, 40], [25, 5]],
        entering=coming(2029, 8, 6),
        sections=[section(0), section(1, can_close=True, section_year=60_000.0)],
        sites=[site(0, (0,)), site(1, (1,))],
        today=[0, 1],
        closures_per_year=0.5,
        **FOUR,
    )


def nearer_school() -> Enrolled:
    """S1 with one class is nearer to both units: new entrants fill it grade by grade, enrolled children stay."""
    return toy(
        minutes=[[70, 5], [60, 9]],
        entering=coming(2029, 9, 7, more={(0, 2028): 20}),
        sections=[section(0), section(1, rooms=1, classes=1)],
        sites=[site(0, (0,)), site(1, (1,), rooms=1, max_rooms=2, can_extend=True, room_capital_wan=20.0)],
        today=[0, 0],
        **FOUR,
    )


def last_ones_leave() -> Enrolled:
    """Today's children of S1 have graduated by the third phase: it closes then, and nobody has to move."""
    return toy(
        minutes=[[5, -1], [20, 5]],
        entering=coming(2033, 8, 5),
        sections=[section(0), section(1, can_close=True, section_year=20_000.0)],
        sites=[site(0, (0,)), site(1, (1,))],
        today=[0, 1],
        years=tuple(range(2026, 2034)),
        starts=(2026, 2029, 2032),
        prices=replace(usual_prices(), moved=9_000.0),
    )


def short_and_long() -> Enrolled:
    """A phase of one year and one of five; numbers rise and S1 may close in either, S0 may grow."""
    return toy(
        minutes=[[5, 30], [40, 5]],
        entering=coming(2031, 8, 5, more={(0, 2027): 30, (0, 2029): 25, (1, 2030): 0}),
        sections=[section(0, rooms=1, classes=1), section(1, can_close=True, section_year=45_000.0)],
        sites=[site(0, (0,), rooms=1, max_rooms=3, can_extend=True, room_capital_wan=5.0), site(1, (1,))],
        today=[0, 1],
        years=tuple(range(2026, 2032)),
        starts=(2026, 2027),
    )


def point_and_schools() -> Enrolled:
    """The point S2 runs the lower grades; who leaves it goes to the upper grades of the catchment then in force."""
    return toy(
        bands=(LOWER, UPPER),
        minutes=[[30, 12, 5], [30, 12, -1]],
        entering=coming(2029, 9),
        sections=[
            section(0),
            section(1, can_close=True, section_year=8_000.0),
            section(2, can_close=True, rooms=1, classes=1, section_year=3_000.0),
        ],
        sites=[site(0, (0,)), site(1, (1,)), site(2, (2,), rooms=1, max_rooms=1)],
        today=[2, 0],
        **FOUR,
    )


def upper_grades_elsewhere() -> Enrolled:
    """S1 closes while children sit in its lower and its upper grades; the point S2 takes only the lower ones."""
    return toy(
        bands=(LOWER, UPPER),
        minutes=[[30, 12, 5], [30, 12, -1]],
        entering=coming(2029, 9, more={(0, 2026): 15}),
        sections=[
            section(0),
            section(1, can_close=True, section_year=90_000.0),
            section(2, rooms=1, classes=1),
        ],
        sites=[site(0, (0,)), site(1, (1,)), site(2, (2,), rooms=1, max_rooms=1)],
        today=[1, 1],
        closures_per_year=0.5,
        **FOUR,
    )


def place_at_last() -> Enrolled:
    """U1 has no school in reach until the parcel is ready: who waited goes there in the second phase."""
    return toy(
        minutes=[[5, 60], [-1, 9]],
        entering=coming(2029, 6, 4),
        sections=[section(0), section(1, existing=False, classes=0, rooms=0, section_year=10_000.0)],
        sites=[site(0, (0,)), parcel(1, (1,), (1, 2), ready_year=2028)],
        today=[0, None],
        **FOUR,
    )


def nowhere_to_sit() -> Enrolled:
    """S1 has to close into S0, which is full: who has a catchment sits there, crowded, and does not wait at home."""
    p = toy(
        minutes=[[5, 40], [55, 5]],
        entering=coming(2029, 6, 6),
        sections=[section(0, rooms=1, classes=1), section(1, can_close=True)],
        sites=[site(0, (0,), rooms=1, max_rooms=1), site(1, (1,))],
        today=[0, 1],
        requirements=(Requirement("planner_decides", "closed", 1, 1, 1, 0, "close S1"),),
        **FOUR,
    )
    return replace(p, rules=p.rules - {"build_before_close"})


def full_receiver() -> Enrolled:
    """As before, but S0 may not be short where it takes the children of a closing school: U1 has no catchment then."""
    p = nowhere_to_sit()
    return replace(p, rules=p.rules | {"build_before_close"})


def shared_today() -> Enrolled:
    """U1 is zoned to S1 and S2 together today; S1 closes, and its half goes where the catchment says."""
    p = toy(
        minutes=[[5, 40, -1], [35, 5, 20]],
        entering=coming(2029, 5, 6),
        sections=[section(0), section(1, can_close=True, section_year=50_000.0), section(2, rooms=1, classes=1)],
        sites=[site(0, (0,)), site(1, (1,)), site(2, (2,), rooms=1, max_rooms=1)],
        today=[0, None],
        closures_per_year=0.5,
        **FOUR,
    )
    return replace(p, today=np.array([1.0, 0.0, 0.0, 0.5, 0.5]))


def shared_and_full() -> Enrolled:
    """Half of U1's children have to leave S1 for S0, where they would be short: no such closure."""
    p = shared_today()
    return replace(
        p,
        sections=(
            section(0, rooms=1, classes=1),
            section(1, can_close=True, section_year=6_000_000.0),
            section(2, rooms=1, classes=1),
        ),
        sites=(site(0, (0,), rooms=1, max_rooms=1), site(1, (1,)), site(2, (2,), rooms=1, max_rooms=1)),
        entering={key: 2.0 * count for key, count in p.entering.items()},
        entered=2.0 * p.entered,
        children=2.0 * p.children,
    )


def filling_slowly() -> Enrolled:
    """A new school has to use nine tenths of its seats, less while its grades come in: two sizes, two openings."""
    return toy(
        minutes=[[90, 5], [60, 30]],
        entering=coming(2029, 9, 3),
        sections=[section(0), section(1, existing=False, classes=0, rooms=0, section_year=5_000.0)],
        sites=[site(0, (0,)), parcel(1, (1,), (1, 2))],
        today=[0, 0],
        least_use=0.9,
        **FOUR,
    )


def replaced_by_new() -> Enrolled:
    """S0 closes into the new school, which has to run a year before: its enrolled children follow."""
    return toy(
        minutes=[[60, 90, 5], [50, 5, 40]],
        entering=coming(2029, 7, 4),
        sections=[
            section(0, can_close=True, section_year=150_000.0),
            section(1, rooms=1, classes=1),
            section(2, existing=False, classes=0, rooms=0, section_year=10_000.0),
        ],
        sites=[site(0, (0,)), site(1, (1,), rooms=1, max_rooms=1), parcel(2, (2,), (1,))],
        today=[0, 1],
        overlap_years=1,
        **FOUR,
    )


def beds_of_the_enrolled() -> Enrolled:
    """Who boards keeps the bed: 20 beds at S0 do for new entrants of two villages or for all of one."""
    return toy(
        minutes=[[8, 5], [9, 6]],
        entering=coming(2029, 5, 4),
        sections=[section(0), section(1, can_close=True, section_year=100_000.0)],
        sites=[site(0, (0,), beds=20.0), site(1, (1,))],
        today=[1, 1],
        mode=np.array([2, 0, 1, 0]),
        prices=replace(usual_prices(), bus_seat=4_500.0, boarder=3_000.0),
        **FOUR,
    )


def no_new_entrants() -> Enrolled:
    """Nobody enters in U1 from 2028 on, and U2 is empty; both still go to a near school."""
    return toy(
        minutes=[[5, 40], [45, 5], [30, 20]],
        entering=coming(2029, 6, 5, 0, more={(1, 2028): 0, (1, 2029): 0}),
        sections=[section(0), section(1, can_close=True, section_year=15_000.0)],
        sites=[site(0, (0,)), site(1, (1,))],
        today=[0, 1, 1],
        **FOUR,
    )


def connected_entrants() -> Problem:
    """Catchments of new entrants have to be connected; where enrolled children sit does not."""
    p = toy(
        minutes=[[5, 60], [90, 8], [6, 80], [60, 5]],
        entering=coming(2029, 5, 5, 5, 5),
        sections=[section(0), section(1)],
        sites=[site(0, (0,)), site(1, (1,))],
        today=[0, 0, 1, 1],
        years=(2026, 2027),
        starts=(2026, 2027),
        prices=replace(usual_prices(), moved=1.0),
    )
    return mapped(p, LINE, [0, 3])


def usual_prices() -> Prices:
    return Prices(
        minute=10.0, shortage=50_000.0, over_standard=2_000.0, moved=300.0, annuity=0.05, conversion_room_wan=20.0
    )


TOYS: dict[str, Callable[[], Problem]] = {
    function.__name__: function
    for function in (
        school_closing,
        nearer_school,
        last_ones_leave,
        short_and_long,
        point_and_schools,
        upper_grades_elsewhere,
        place_at_last,
        nowhere_to_sit,
        full_receiver,
        shared_today,
        shared_and_full,
        filling_slowly,
        replaced_by_new,
        beds_of_the_enrolled,
        no_new_entrants,
        connected_entrants,
    )
}
