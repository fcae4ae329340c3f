"""Toy problems of the zoning rules, one a rule, in which the rule binds; and further ones beside them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from simulator.model.problem import Problem, Requirement
from simulator.model.zoning import Zoning
from simulator.terms import Stage
from tests.model_cases import JUNIOR, PRIMARY, parcel, problem, section, site

ONE_YEAR = {"years": (2026,), "starts": (2026,)}
TWO_YEARS = {"years": (2026, 2027), "starts": (2026, 2027)}


def by_pair(p: Problem, of_block: list[list[float]]) -> np.ndarray:
    """Entrants of every pair, from those of its block by year."""
    return np.array(of_block, dtype=float)[p.pair_block]


def zoned(p: Problem, **facts: object) -> Problem:
    return replace(p, zoning=Zoning(**facts))


def one_village() -> Problem:
    """Two halves of a village, each nearer to another school, belong together."""
    p = problem(
        children=[[40], [30], [20]],
        minutes=[[5, 12], [20, 5], [9, 8]],
        sections=[section(0), section(1)],
        sites=[site(0, (0,)), site(1, (1,))],
        today=[0, 1, 1],
        **ONE_YEAR,
    )
    return zoned(p, together=((0, 1),))


def one_village_beyond_reach() -> Problem:
    """One half has a school in reach that the other has not: neither may go there."""
    p = problem(
        children=[[40], [30]],
        minutes=[[5, 12], [-1, 5]],
        sections=[section(0), section(1)],
        sites=[site(0, (0,)), site(1, (1,))],
        today=[0, 1],
        **ONE_YEAR,
    )
    return zoned(p, together=((0, 1),))


def nearest_by_the_map() -> Problem:
    """S0 is quicker for U0, S1 nearer on the map; the parcel S2 is nearest for U1, while it runs."""
    p = problem(
        children=[[40], [30], [20], [20]],
        minutes=[[5, 9, 30], [6, 30, 30], [30, 7, 40], [4, 90, 50]],
        sections=[section(0), section(1), section(2, existing=False, classes=0, rooms=0, section_year=20_000.0)],
        sites=[site(0, (0,)), site(1, (1,)), parcel(2, (2,), (2,))],
        today=[0, 0, 1, 0],
        **ONE_YEAR,
    )
    km = {0: (2.0, 1.0, 3.0), 1: (1.0, 2.0, 0.5), 2: (3.0, 1.0, 4.0), 3: (2.0, 1.0, 4.0)}
    return zoned(
        p,
        nearest_share=0.7,
        town=frozenset({0, 1, 2}),  # U3 is a village and does not count
        entrants=by_pair(p, [[10], [6], [4], [5]]),
        straight_km=np.array([km[b][s] for b, s in zip(p.pair_block, p.pair_section, strict=True)]),
    )


def nearest_of_others() -> Problem:
    """The nearest school of both units belongs to others and serves only U0 today: for U1 the next one counts."""
    p = problem(
        children=[[40], [30]],
        minutes=[[9, 5], [9, 5]],
        sections=[section(0, ours=False, class_year=0.0, section_year=0.0), section(1)],
        sites=[site(0, (0,)), site(1, (1,))],
        today=[0, 1],
        **ONE_YEAR,
    )
    return zoned(
        p,
        nearest_share=1.0,
        town=frozenset({0, 1}),
        entrants=by_pair(p, [[10], [6]]),
        straight_km=np.array([1.0, 2.0, 1.0, 2.0]),
    )


def two_junior_schools(**facts: object) -> Problem:
    """S0's two units live near different junior schools S2 and S3; S1 is a primary school farther off."""
    p = problem(
        bands=(PRIMARY, JUNIOR),
        children=[[40], [30], [30], [25]],
        minutes=[[5, 40, -1, -1], [-1, -1, 5, 14], [6, 9, -1, -1], [-1, -1, 30, 5]],
        sections=[section(0), section(1), section(2, Stage.JUNIOR), section(3, Stage.JUNIOR)],
        sites=[site(code, (code,), can_convert=False) for code in range(4)],
        today=[0, 2, 0, 3],
        **ONE_YEAR,
    )
    return zoned(p, **{"feeders": frozenset({2, 3})} | facts)


def feeder_beside_others() -> Problem:
    """S3 takes units one by one, S2 only whole catchments."""
    return two_junior_schools(feeders=frozenset({2}))


def nine_year_school() -> Problem:
    """S0 and S1 are the parts of a nine-year school; another junior school is nearer to its second unit."""
    p = problem(
        bands=(PRIMARY, JUNIOR),
        children=[[40], [30], [30], [25]],
        minutes=[[5, -1, 60, -1], [-1, 5, -1, 30], [6, -1, 60, -1], [-1, 20, -1, 5]],
        sections=[section(0), section(0, Stage.JUNIOR), section(1), section(1, Stage.JUNIOR)],
        sites=[
            site(0, (0, 1), rooms=12, max_rooms=12, can_convert=False),
            site(1, (2, 3), rooms=12, max_rooms=12, can_convert=False),
        ],
        today=[0, 1, 0, 3],
        **ONE_YEAR,
    )
    return zoned(p, feeders=frozenset({1, 3}))


def shared_schools() -> Problem:
    """S0 and S1 admit one zone together, 45 seats each; S2 lies apart."""
    p = problem(
        children=[[40, 40], [40, 44], [30, 38]],
        minutes=[[5, -1, 40], [6, -1, 30], [7, -1, 25]],
        sections=[
            section(0, rooms=1, classes=1),
            section(1, rooms=1, classes=1),
            section(2, rooms=2, classes=2),
        ],
        sites=[site(code, (code,), rooms=rooms, max_rooms=rooms) for code, rooms in enumerate((1, 1, 2))],
        today=[0, 0, 0],
        **TWO_YEARS,
    )
    return zoned(p, zones=((0, 1),))


def shared_school_closing() -> Problem:
    """The second school of a zone may close; others' school in the zone holds only some seats for the district."""
    p = problem(
        children=[[40, 20], [35, 30]],
        minutes=[[5, -1, -1, 40], [6, -1, -1, 30]],
        sections=[
            section(0, rooms=1, classes=1),
            section(1, rooms=1, classes=1, can_close=True, section_year=60_000.0),
            section(2, ours=False, seats_fixed=50.0, seats_for_district=8.0, class_year=0.0, section_year=0.0),
            section(3, rooms=2, classes=2),
        ],
        sites=[site(code, (code,), rooms=rooms, max_rooms=rooms) for code, rooms in enumerate((1, 1, 6, 2))],
        today=[0, 0],
        **TWO_YEARS,
    )
    return zoned(p, zones=((0, 1, 2),))


def uneven_zone() -> Problem:
    """S0 has two rooms and S1 four; a class costs less at S1, which may not take all of them: S0 keeps its third."""
    p = problem(
        children=[[50, 90], [60, 70]],
        minutes=[[5, -1], [6, -1]],
        sections=[
            section(0, rooms=2, classes=2, class_year=5_000.0),
            section(1, rooms=4, classes=4, can_close=True, section_year=2_000.0),
        ],
        sites=[site(0, (0,), rooms=2, max_rooms=2), site(1, (1,), rooms=4, max_rooms=4)],
        today=[0, 0],
        **TWO_YEARS,
    )
    return zoned(p, zones=((0, 1),))


def small_intake() -> Problem:
    """S0 plans to admit 8; 6 and 5 would come; in the second year it has no plan."""
    p = problem(
        children=[[40, 40], [30, 30]],
        minutes=[[5, 25], [6, 30]],
        sections=[section(0), section(1)],
        sites=[site(0, (0,)), site(1, (1,))],
        today=[0, 0],
        **TWO_YEARS,
    )
    return zoned(p, entrants=by_pair(p, [[6, 7], [5, 5]]), intake={(0, 0): 8.0})


def large_classes(share: float = 0.05, rooms: int = 6) -> Problem:
    """A class of 70 is allowed; S0 has one room, S1 lies five hours away."""
    p = problem(
        children=[[40], [25], [30]],
        minutes=[[5, 300], [5, 300], [300, 5]],
        sections=[
            section(0, rooms=1, classes=1, class_size_max=70.0),
            section(1, class_size_max=70.0, rooms=rooms, classes=rooms),
        ],
        sites=[site(0, (0,), rooms=1, max_rooms=1), site(1, (1,), rooms=rooms, max_rooms=rooms)],
        today=[0, 0, 1],
        **ONE_YEAR,
    )
    return zoned(p, oversized_line=56.0, oversized_share=share)


def few_large_classes() -> Problem:
    """A quarter of the classes may be oversized: S1 runs as many as that takes."""
    return large_classes(share=0.25)


def extreme_class() -> Problem:
    """A class of 80 is allowed, but none of 66 and more."""
    p = problem(
        children=[[45], [25]],
        minutes=[[5, 300], [5, 300]],
        sections=[section(0, rooms=1, classes=1, class_size_max=80.0), section(1)],
        sites=[site(0, (0,), rooms=1, max_rooms=1), site(1, (1,))],
        today=[0, 0],
        **ONE_YEAR,
    )
    return zoned(p, extreme_line=66.0)


def too_many_schools() -> Problem:
    """Three schools are worth their money; two are asked for in every phase."""
    return problem(
        children=[[40, 40], [40, 40], [30, 20]],
        minutes=[[5, 60, 70], [60, 5, 50], [70, 60, 5]],
        sections=[
            section(0),
            section(1, can_close=True, section_year=9_000.0),
            section(2, can_close=True, section_year=9_000.0),
        ],
        sites=[site(0, (0,)), site(1, (1,)), site(2, (2,))],
        today=[0, 1, 2],
        school_count={Stage.PRIMARY: (2, 2)},
        **TWO_YEARS,
    )


def all_at_once() -> Problem:
    """Two units would move to the nearer S1 in the first phase; half of the children may in one."""
    p = problem(
        children=[[40, 40], [30, 30], [10, 10]],
        minutes=[[30, 5], [40, 5], [5, 30]],
        sections=[section(0), section(1)],
        sites=[site(0, (0,)), site(1, (1,))],
        today=[0, 0, 0],
        **TWO_YEARS,
    )
    return zoned(p, moved_share=0.5)


def zoned_by_order() -> Problem:
    """The planner sends U0 to the farther S1 from the second phase on, and U1 not to S0."""
    asked = (
        Requirement("planner_decides", "assigned", 1, 1, -1, 0, "U0 to S1", 0),
        Requirement("planner_decides", "apart", 0, 0, -1, 0, "U1 not to S0", 1),
    )
    return problem(
        children=[[40, 40], [30, 30]],
        minutes=[[5, 25], [6, 30]],
        sections=[section(0), section(1)],
        sites=[site(0, (0,)), site(1, (1,))],
        today=[0, 0],
        requirements=asked,
        **TWO_YEARS,
    )


BINDING: dict[str, Callable[[], Problem]] = {
    "units_together": one_village,
    "nearest_share": nearest_by_the_map,
    "feeder_whole": two_junior_schools,
    "shared_zone": shared_schools,
    "intake_fits_plan": small_intake,
    "oversized_share": large_classes,
    "no_extreme_class": extreme_class,
    "school_count": too_many_schools,
    "children_moved_limit": all_at_once,
}
"""Rule → the toy in which it binds."""
OTHERS: dict[str, Callable[[], Problem]] = {
    function.__name__: function
    for function in (
        one_village_beyond_reach,
        nearest_of_others,
        feeder_beside_others,
        nine_year_school,
        shared_school_closing,
        uneven_zone,
        few_large_classes,
        zoned_by_order,
    )
}
MORE: dict[str, tuple[Callable[[], Problem], ...]] = {
    "units_together": (one_village_beyond_reach,),
    "nearest_share": (nearest_of_others,),
    "feeder_whole": (feeder_beside_others, nine_year_school),
    "shared_zone": (shared_school_closing, uneven_zone),
    "planner_decides": (zoned_by_order,),
}
"""Toys beside the one in which a rule binds, for its other rows."""
