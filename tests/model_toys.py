"""Toy problems, one a rule, in which the rule binds: the best plan with it is not the best plan without it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from simulator.model.consolidation import Consolidation
from simulator.model.problem import Module, Prices, Problem, Requirement
from simulator.terms import Stage
from tests import model_toys_enrolled as entrants
from tests import model_toys_ground as ground
from tests import model_toys_zoning as zoning
from tests.model_cases import JUNIOR, KINDERGARTEN, LOWER, PRIMARY, UPPER, parcel, problem, section, site

TWO = ((2026, 2027), (2026, 2027))
"""Two years, a phase each."""
ONE = ((2026,), (2026,))
PRICES_OF_WAYS = Prices(
    minute=10.0,
    shortage=50_000.0,
    over_standard=2_000.0,
    moved=300.0,
    annuity=0.05,
    conversion_room_wan=20.0,
    bus_seat=4_500.0,
    boarder=3_000.0,
)
FOUR = ((2026, 2027, 2028, 2029), (2026, 2028))
"""Four years in two phases of two."""


def when(years_and_starts: tuple[tuple[int, ...], tuple[int, ...]]) -> dict[str, tuple[int, ...]]:
    return {"years": years_and_starts[0], "starts": years_and_starts[1]}


def nobody_near() -> Problem:
    """The second unit has no school in reach."""
    return problem(
        children=[[40], [30]],
        minutes=[[5], [-1]],
        sections=[section(0)],
        sites=[site(0, (0,))],
        today=[0, None],
        **when(ONE),
    )


def two_bands() -> Problem:
    """Lower grades live nearer to S0, upper grades nearer to S1; the point S2 runs lower grades only."""
    return problem(
        bands=(LOWER, UPPER),
        children=[[20], [20], [20], [20]],
        minutes=[[5, 22, 9], [30, 5, -1], [6, 20, 4], [31, 9, -1]],
        sections=[section(0), section(1), section(2, rooms=1, classes=1, class_size=30.0, class_size_max=45.0)],
        sites=[site(0, (0,)), site(1, (1,)), site(2, (2,), rooms=1, max_rooms=1)],
        today=[0, 1, 0, 1],
        **when(ONE),
    )


def upper_out_of_reach() -> Problem:
    """S0 runs all grades, but the upper grades of unit 1 have no way to it: its lower grades may not go there either."""
    return problem(
        bands=(LOWER, UPPER),
        children=[[20], [20], [20], [20]],
        minutes=[[5, 9], [5, 9], [5, 9], [-1, 9]],
        sections=[section(0), section(1)],
        sites=[site(0, (0,)), site(1, (1,))],
        today=[0, 0, 0, None],
        **when(ONE),
    )


def crowded() -> Problem:
    """S0 is near and has one class; a second school lies farther and others' S2 takes 20 of the district."""
    return problem(
        children=[[40, 44], [30, 34], [16, 20]],
        minutes=[[5, 30, -1], [6, 40, 12], [7, -1, 9]],
        sections=[
            section(0, rooms=1, classes=1, fill=0.9),
            section(1, rooms=1, classes=1, fill=0.9),
            section(2, ours=False, seats_fixed=60.0, seats_for_district=15.0, class_year=0.0, section_year=0.0),
        ],
        sites=[site(0, (0,), rooms=1, max_rooms=1), site(1, (1,), rooms=1, max_rooms=1), site(2, (2,))],
        today=[0, 0, 2],
        **when(TWO),
    )


def shared_campus() -> Problem:
    """A nine-year school whose primary part shrinks while its junior part grows: rooms change stage."""
    base = problem(
        bands=(PRIMARY,),
        children=[[100, 50], [100, 160]],
        minutes=[[5, -1], [-1, 5]],
        sections=[section(0, rooms=3, classes=3), section(0, Stage.JUNIOR, rooms=2, classes=2)],
        sites=[site(0, (0, 1), rooms=6, max_rooms=6)],
        today=[0, 1],
        **when(TWO),
    )
    primary, junior = base.blocks
    return replace(base, blocks=(primary, replace(junior, stage=Stage.JUNIOR, bands=(JUNIOR,))))


def small_grounds() -> Problem:
    """Sports ground for 80 pupils only; four added rooms would bring teaching area but no ground."""
    return problem(
        children=[[60, 70], [40, 60]],
        minutes=[[5, 25], [6, 30]],
        sections=[section(0, rooms=2, classes=2), section(1, rooms=2, classes=2)],
        sites=[
            site(
                0,
                (0,),
                rooms=2,
                max_rooms=4,
                can_extend=True,
                room_capital_wan=4.0,
                teaching_area=440.0,
                teaching_norm={0: 4.5},
                sports_area=600.0,
                sports_norm={0: 7.5},
            ),
            site(1, (1,), rooms=2, max_rooms=2),
        ],
        today=[0, 0],
        **when(TWO),
    )


def odd_sizes() -> Problem:
    """Five classes would be best on the parcel, but a new school has two or three."""
    return problem(
        children=[[100], [110]],
        minutes=[[60, 5], [60, 6]],
        sections=[section(0), section(1, existing=False, classes=0, rooms=0, section_year=10_000.0)],
        sites=[site(0, (0,)), parcel(1, (1,), (2, 3))],
        today=[0, 0],
        **when(ONE),
    )


def nine_year_parcel() -> Problem:
    """A new nine-year school: one size for both stages, its capital counted once, opening in the second phase."""
    base = problem(
        children=[[60, 80], [70, 90]],
        minutes=[[240, -1, 5, -1], [-1, 240, -1, 5]],
        sections=[
            section(0),
            section(1, Stage.JUNIOR),
            section(2, existing=False, classes=0, rooms=0, section_year=10_000.0),
            section(2, Stage.JUNIOR, existing=False, classes=0, rooms=0, section_year=10_000.0),
        ],
        sites=[
            site(0, (0,)),
            site(1, (1,)),
            site(
                2,
                (2, 3),
                rooms=0,
                max_rooms=0,
                ready_year=2027,
                modules=(Module("2+1", {2: 2, 3: 1}, 40.0), Module("2+2", {2: 2, 3: 2}, 50.0)),
            ),
        ],
        today=[0, 1],
        **when(TWO),
    )
    primary, junior = base.blocks
    return replace(base, blocks=(primary, replace(junior, stage=Stage.JUNIOR, bands=(JUNIOR,))))


def too_small() -> Problem:
    """A new school of two classes is worth its money for 40 children at first, but later only 20 are left."""
    return problem(
        children=[[40, 20], [20, 20]],
        minutes=[[150, 5], [9, 80]],
        sections=[section(0), section(1, existing=False, classes=0, rooms=0, section_year=10_000.0)],
        sites=[site(0, (0,)), parcel(1, (1,), (2,))],
        today=[0, 0],
        **when(TWO),
    )


def too_large() -> Problem:
    """S0 has rooms for 270 but may hold 100."""
    return problem(
        children=[[60, 70], [50, 45]],
        minutes=[[5, 40], [6, 44]],
        sections=[section(0), section(1)],
        sites=[site(0, (0,), largest=100.0), site(1, (1,))],
        today=[0, 0],
        **when(TWO),
    )


def kindergartens() -> Problem:
    """Two kindergartens by choice, one alone in its township and empty enough to close; T3 gets one on a parcel."""
    own = {"rooms": 1, "classes": 1, "class_size": 8.0, "class_size_max": 10.0, "section_year": 9_000.0}
    return problem(
        bands=(KINDERGARTEN,),
        whole=False,
        children=[[6], [5]],
        minutes=[[5, 15, 30], [9, 4, 30]],
        sections=[
            section(0, Stage.KINDERGARTEN, **own),
            section(1, Stage.KINDERGARTEN, can_close=True, township="T2", **own),
            section(2, Stage.KINDERGARTEN, township="T3", **own | {"existing": False, "rooms": 0, "classes": 0}),
        ],
        sites=[site(0, (0,), rooms=1, max_rooms=1), site(1, (1,), rooms=1, max_rooms=1), parcel(2, (2,), (1,))],
        today=[None, None],
        centres={"T": (0,), "T2": (1,), "T3": (2,)},
        **when(ONE),
    )


def two_kindergartens() -> Problem:
    """Fourteen children by choice on places for six each: two stay short, the others fill both."""
    own = {"rooms": 1, "classes": 1, "class_size": 4.0, "class_size_max": 6.0}
    return problem(
        bands=(KINDERGARTEN,),
        whole=False,
        children=[[8, 8], [6, 6]],
        minutes=[[5, 300], [9, 320]],
        sections=[section(0, Stage.KINDERGARTEN, **own), section(1, Stage.KINDERGARTEN, **own)],
        sites=[site(0, (0,), rooms=1, max_rooms=1), site(1, (1,), rooms=1, max_rooms=1)],
        today=[None, None],
        years=(2026, 2027),
        starts=(2026,),
    )


def dip_and_rise() -> Problem:
    """S1 would best pause in the first phase, when few children live there, and run again in the second."""
    return problem(
        children=[[30, 30], [1, 60]],
        minutes=[[5, 40], [200, 5]],
        sections=[section(0), section(1, can_close=True, section_year=30_000.0)],
        sites=[site(0, (0,)), site(1, (1,))],
        today=[0, 1],
        **when(TWO),
    )


def rise_and_dip() -> Problem:
    """A new school and added rooms serve a peak in the first phase; afterwards they would best be gone."""
    return problem(
        children=[[80, 10], [90, 30]],
        minutes=[[5, 90], [90, 5]],
        sections=[
            section(0, rooms=1, classes=1),
            section(1, existing=False, classes=0, rooms=0, section_year=30_000.0),
        ],
        sites=[
            site(0, (0,), rooms=1, max_rooms=2, can_extend=True, room_capital_wan=20.0),
            parcel(1, (1,), (2,)),
        ],
        today=[0, 0],
        least_use=0.1,
        **when(TWO),
    )


def last_school() -> Problem:
    """S1 costs more than the journeys to S0 but must stay."""
    return problem(
        children=[[60], [20]],
        minutes=[[5, 30], [30, 5]],
        sections=[section(0), section(1, can_close=True, protected=True)],
        sites=[site(0, (0,)), site(1, (1,))],
        today=[0, 1],
        **when(ONE),
    )


def replaced_school() -> Problem:
    """S0 closes into the new school on the parcel: it has to run a year before."""
    return problem(
        children=[[60, 60], [30, 30]],
        minutes=[[5, 90, 9], [50, 5, 40]],
        sections=[
            section(0, can_close=True, section_year=150_000.0),
            section(1, rooms=1, classes=1),
            section(2, existing=False, classes=0, rooms=0, section_year=10_000.0),
        ],
        sites=[site(0, (0,)), site(1, (1,), rooms=1, max_rooms=1), parcel(2, (2,), (2,))],
        today=[0, 1],
        overlap_years=1,
        **when(TWO),
    )


def two_closing() -> Problem:
    """Two schools would close into S2, which has seats for the pupils of one; the other's would be short."""
    return problem(
        children=[[40, 40], [30, 30]],
        minutes=[[5, -1, 20], [-1, 5, 20]],
        sections=[
            section(0, can_close=True, section_year=900_000.0),
            section(1, can_close=True, section_year=900_000.0),
            section(2, rooms=1, classes=1),
        ],
        sites=[site(0, (0,)), site(1, (1,)), site(2, (2,), rooms=1, max_rooms=1)],
        today=[0, 1],
        overlap_years=1,
        **when(TWO),
    )


def shared_zone_closing() -> Problem:
    """Unit 0 is zoned to S0 and S1 together; S0 closes and the unit goes to S1 whole."""
    base = replaced_school()
    today = base.today.copy()
    today[:2] = 0.5
    return replace(base, today=today)


def two_worth_closing() -> Problem:
    """Both small schools are worth closing, one a year is allowed."""
    return problem(
        children=[[40, 40], [10, 10], [10, 12]],
        minutes=[[5, -1, -1], [15, 4, -1], [18, -1, 4]],
        sections=[section(0), section(1, can_close=True), section(2, can_close=True)],
        sites=[site(0, (0,)), site(1, (1,)), site(2, (2,))],
        today=[0, 1, 2],
        closures_per_year=1.0,
        **when(TWO),
    )


def planned_closings() -> Problem:
    """Three small schools are worth closing: two in the second phase at most by the quota, two in all, one at least."""
    base = problem(
        children=[[40, 40], [10, 10], [10, 12], [8, 8]],
        minutes=[[5, -1, -1, -1], [15, 4, -1, -1], [18, -1, 4, -1], [19, -1, -1, 4]],
        sections=[section(0), *(section(code, can_close=True) for code in (1, 2, 3))],
        sites=[site(code, (code,)) for code in range(4)],
        today=[0, 1, 2, 3],
        **when(TWO),
    )
    return replace(base, consolidation=Consolidation(quota=(0.0, 2.0), least=1.0, most=2.0))


def far_receiver() -> Problem:
    """S1 is worth closing, but from its unit S0 is beyond the limit, and S2 near by is full."""
    base = problem(
        children=[[30], [10], [45]],
        minutes=[[5, -1, -1], [31, 4, 29], [-1, -1, 5]],
        sections=[section(0), section(1, can_close=True), section(2, rooms=1, classes=1)],
        sites=[site(0, (0,)), site(1, (1,)), site(2, (2,), rooms=1, max_rooms=1)],
        today=[0, 1, 2],
        **when(ONE),
    )
    return replace(base, consolidation=Consolidation(too_far=frozenset({1})))


def two_schools_of_today() -> Problem:
    """Half of the second unit goes to far S0 today, half to S1; when S1 closes, all go to S2, and nobody to S0 before."""
    base = problem(
        children=[[20, 20], [16, 4], [30, 30]],
        minutes=[[5, -1, -1], [31, 4, 35], [-1, -1, 5]],
        sections=[section(0), section(1, can_close=True, section_year=1_000.0, class_year=3_000.0), section(2)],
        sites=[site(0, (0,)), site(1, (1,)), site(2, (2,))],
        today=[0, 1, 2],
        **when(TWO),
    )
    today = base.today.copy()
    today[1:3] = 0.5
    return replace(base, today=today, consolidation=Consolidation(too_far_then=((1, 1),)))


def little_money() -> Problem:
    """Money for the new school comes with the second phase; rooms may be added before."""
    return problem(
        children=[[60, 60], [50, 60]],
        minutes=[[5, 90], [60, 5]],
        sections=[section(0, rooms=1, classes=1), section(1, existing=False, classes=0, rooms=0, section_year=9_000.0)],
        sites=[site(0, (0,), rooms=1, max_rooms=3, can_extend=True, room_capital_wan=30.0), parcel(1, (1,), (2,))],
        today=[0, 0],
        lead_new=2,
        lead_extension=1,
        budget_wan=(31.0, 12.0, 40.0),
        base_year=2023,
        **when(TWO),
    )


def late_land() -> Problem:
    """The land is there in 2026 and a school takes a year; rooms take a year too."""
    return problem(
        children=[[60, 60], [50, 60]],
        minutes=[[5, 90], [90, 5]],
        sections=[section(0, rooms=1, classes=1), section(1, existing=False, classes=0, rooms=0, section_year=9_000.0)],
        sites=[
            site(0, (0,), rooms=1, max_rooms=2, can_extend=True, room_capital_wan=10.0),
            parcel(1, (1,), (2,), ready_year=2026),
        ],
        today=[0, 0],
        lead_new=1,
        lead_extension=2,
        **when(TWO),
    )


def far_school() -> Problem:
    """The emptier school lies beyond the hard limit for unit 1."""
    base = problem(
        children=[[40], [30]],
        minutes=[[5, 9], [12, 8]],
        sections=[section(0), section(1)],
        sites=[site(0, (0,)), site(1, (1,))],
        today=[0, 0],
        **when(ONE),
    )
    return replace(base, lawful=np.array([True, True, True, False]), prices=replace(base.prices, moved=1.0))


def committed_works() -> Problem:
    """Two rooms and a new school are committed, at stated costs, though nobody needs them yet."""
    works = (
        Requirement("committed_happens", "rooms", 1, 0, 0, 2, "J1"),
        Requirement("committed_happens", "open", 1, 1, 1, 2, "J2"),
    )
    return problem(
        children=[[40, 40], [30, 30]],
        minutes=[[5, 30], [30, 5]],
        sections=[section(0, rooms=1, classes=1, fill=0.9), section(1, existing=False, classes=0, rooms=0)],
        sites=[
            site(0, (0,), rooms=1, max_rooms=4, can_extend=True, room_capital_wan=30.0, extra_wan={1: -25.0}),
            parcel(1, (1,), (2, 3)),
        ],
        today=[0, 0],
        requirements=works,
        **when(TWO),
    )


def committed_conversion() -> Problem:
    """A room of the primary part is to become a junior one."""
    base = shared_campus()
    work = Requirement("committed_happens", "converted", 0, 1, 0, 2, "J1")
    return replace(base, requirements=(work,), sites=(replace(base.sites[0], extra_wan={0: 11.0}),))


def decided() -> Problem:
    """The planner closes S0, keeps S1 and lets nobody touch S2."""
    asked = (
        Requirement("planner_decides", "closed", 0, 0, 0, 0, "close S0"),
        Requirement("planner_decides", "open", 0, 1, 1, 0, "keep S1"),
        Requirement("planner_decides", "forbidden", 0, 2, 2, 0, "leave S2"),
    )
    return problem(
        children=[[20], [20], [100]],
        minutes=[[5, 30, -1], [30, 5, 6], [-1, 9, 5]],
        sections=[
            section(0, can_close=True, section_year=1_000.0),
            section(1, can_close=True),
            section(2, can_close=True, rooms=1, classes=1),
        ],
        sites=[
            site(0, (0,)),
            site(1, (1,)),
            site(2, (2,), rooms=1, max_rooms=3, can_extend=True, room_capital_wan=2.0),
        ],
        today=[0, 1, 2],
        requirements=asked,
        **when(ONE),
    )


def others_school() -> Problem:
    """S1 belongs to others and has seats left: only units of its catchment of today may stay."""
    return problem(
        children=[[60], [30], [20]],
        minutes=[[60, 5], [5, 9], [20, 5]],
        sections=[
            section(0),
            section(1, ours=False, classes=3, rooms=3, class_year=0.0, section_year=0.0),
        ],
        sites=[site(0, (0,)), site(1, (1,), rooms=3, max_rooms=3)],
        today=[0, 0, 1],
        **when(ONE),
    )


def district_pool() -> Problem:
    """Senior schools balance the whole district; one is of others with seats for 50 from here, one may grow."""
    base = problem(
        children=[[40, 40]],
        minutes=[[5, -1, -1]],
        sections=[
            section(0),
            section(1, Stage.SENIOR, pool=True, rooms=2, classes=2, fill=0.9),
            section(
                2, Stage.SENIOR, pool=True, ours=False, classes=2, rooms=2, class_year=0.0, seats_for_district=50.0
            ),
        ],
        sites=[
            site(0, (0,), can_convert=False),
            site(1, (1,), rooms=2, max_rooms=4, can_extend=True, room_capital_wan=40.0),
            site(2, (2,), rooms=2, max_rooms=2),
        ],
        today=[0],
        **when(TWO),
    )
    return replace(base, pools={Stage.SENIOR: np.array([140.0, 210.0])})


def others_pool() -> Problem:
    """Nobody here decides about the senior school: 30 of the district find no seat, whatever is done."""
    base = problem(
        children=[[40]],
        minutes=[[5, -1]],
        sections=[
            section(0),
            section(1, Stage.SENIOR, pool=True, ours=False, classes=2, rooms=2, class_year=0.0, section_year=0.0),
        ],
        sites=[site(0, (0,)), site(1, (1,), rooms=2, max_rooms=2)],
        today=[0],
        **when(ONE),
    )
    return replace(base, pools={Stage.SENIOR: np.array([140.0])})


def closed_by_order() -> Problem:
    """A school of others closes by a committed work: its classes end with it."""
    work = Requirement("committed_happens", "closed", 1, 1, 1, 0, "J1")
    return problem(
        children=[[40, 40], [30, 30]],
        minutes=[[5, 30], [30, 5]],
        sections=[section(0, rooms=2, classes=2), section(1, ours=False, can_close=True, classes=2, rooms=2)],
        sites=[site(0, (0,), rooms=2, max_rooms=2), site(1, (1,), rooms=2, max_rooms=2)],
        today=[0, 1],
        requirements=(work,),
        **when(TWO),
    )


def long_phases() -> Problem:
    """Two phases of two years: seats must do in every year of a phase, and a school may close at its start only."""
    return problem(
        children=[[40, 50, 30, 10], [20, 30, 60, 70]],
        minutes=[[5, 25], [30, 5]],
        sections=[section(0, can_close=True, rooms=1, classes=1), section(1, rooms=1, classes=1)],
        sites=[
            site(0, (0,), rooms=1, max_rooms=1),
            site(1, (1,), rooms=1, max_rooms=3, can_extend=True, room_capital_wan=10.0),
        ],
        today=[0, 1],
        weights=np.array([0.4, 0.3, 0.2, 0.1]),
        overlap_years=1,
        **when(FOUR),
    )


def few_beds() -> Problem:
    """Both villages could board at S0 and let the dear point S1 close, but 30 beds are not enough for 24 + 14."""
    return problem(
        bands=(UPPER,),
        children=[[24, 10], [14, 10]],
        minutes=[[8, 5], [9, 6]],
        sections=[section(0), section(1, can_close=True, section_year=200_000.0)],
        sites=[site(0, (0,), beds=30.0), site(1, (1,))],
        today=[1, 1],
        mode=np.array([2, 0, 2, 0]),
        prices=PRICES_OF_WAYS,
        **when(TWO),
    )


def village_bus() -> Problem:
    """A bus brings one village to S0 for less than the point S1 costs; the other one's bus is dearer than its own S2."""
    return problem(
        children=[[12, 12], [40, 60]],
        minutes=[[25, 5, -1], [28, -1, 6]],
        sections=[
            section(0),
            section(1, can_close=True, section_year=90_000.0),
            section(2, can_close=True, section_year=90_000.0),
        ],
        sites=[site(0, (0,)), site(1, (1,)), site(2, (2,))],
        today=[1, 2],
        mode=np.array([1, 0, 1, 0]),
        prices=PRICES_OF_WAYS,
        **when(TWO),
    )


BINDING: dict[str, Callable[[], Problem]] = {
    "boarding_within_beds": few_beds,
    "every_child_has_a_place": nobody_near,
    "bands_together": two_bands,
    "pupils_within_seats": crowded,
    "stages_share_rooms": shared_campus,
    "standard_class_counts": odd_sizes,
    "smallest_section": too_small,
    "largest_campus": too_large,
    "township_centre": kindergartens,
    "closed_stays_closed": dip_and_rise,
    "built_stays_built": rise_and_dip,
    "protected_stays_open": last_school,
    "build_before_close": replaced_school,
    "closures_a_year": two_worth_closing,
    "closure_travel": far_receiver,
    "capital_within_budget": little_money,
    "site_ready": late_land,
    "travel_within_limit": far_school,
    "committed_happens": committed_works,
    "planner_decides": decided,
    "not_ours": others_school,
}
BINDING |= zoning.BINDING | ground.BINDING
"""Rule → the toy in which it binds."""
OTHERS: dict[str, Callable[[], Problem]] = {
    function.__name__: function
    for function in (
        upper_out_of_reach,
        small_grounds,
        nine_year_parcel,
        two_kindergartens,
        two_closing,
        two_schools_of_today,
        shared_zone_closing,
        committed_conversion,
        district_pool,
        others_pool,
        closed_by_order,
        village_bus,
        planned_closings,
        long_phases,
    )
}
OTHERS |= zoning.OTHERS | ground.OTHERS | entrants.TOYS
