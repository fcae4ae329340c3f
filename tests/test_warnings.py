"""学位预警: levels, peaks, first years, against hand-derived figures, plain loops and properties."""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.indicators import Alerts, alerts
from simulator.indicators.warnings import KEY, levels, peaks
from simulator.outputs.warnings import cell_words, warning_lines
from simulator.terms import AlertLevel
from tests import plan_cases
from tests.plan_cases import table

ORDER = ["deep_surplus", "surplus", "none", "yellow", "red"]
NO_PLAN = pd.DataFrame(columns=["school_id", "stage", "year", "classes", "seats"])


def measured(admission_plan: pd.DataFrame) -> Alerts:
    """The hand-made district, plan and present network, both townships in one area."""
    case = plan_cases.evidence()
    return alerts(
        [(case.plan, case.operation), (case.no_action, case.no_action_operation)],
        case.demand,
        case.supply,
        case.territory,
        case.standards,
        case.scenario,
        plan_cases.UNITS.assign(area="全片"),
        admission_plan,
    )


@cache
def usual() -> Alerts:
    return measured(NO_PLAN)


def rows(found: Alerts, **wanted: object) -> pd.DataFrame:
    table_of = found.warnings
    for name, value in wanted.items():
        table_of = table_of[table_of[name] == value]
    return table_of


# N1's area holds 1500 ÷ (270 × 4.5 + 150 × 5.8) of the seats of its classes: 194.2 of 270 and 107.9 of 150.
TOWNSHIPS = """
place   stage         children seats  level
东街道  kindergarten  120      180    surplus
东街道  primary       528      540    yellow
东街道  junior        240      300    none
东街道  senior        150      300    surplus
西乡    kindergarten  48       90     surplus
西乡    primary       120      284.2  deep_surplus
西乡    junior        60       107.9  surplus
"""


@pytest.mark.parametrize("line", TOWNSHIPS.split("\n")[2:-1])
def test_the_present_network_of_a_township_has_a_level_every_year(line: str) -> None:
    """All grades against the standard seats; the senior school of the town takes the country's children too."""
    place, stage, children, seats, level = line.split()
    found = rows(usual(), network="no_action", scope="township", place=place, stage=stage, measure="stage")
    assert found["year"].tolist() == list(plan_cases.YEARS)
    assert found["children"].tolist() == [float(children)] * len(found)
    assert found["seats"].tolist() == pytest.approx([float(seats)] * len(found), abs=0.05)
    assert set(found["level"]) == {level}


def test_new_entrants_stand_against_the_rooms_that_leavers_free() -> None:
    """88 children enter P1 every year, where two classes of 45 leave: 90 seats."""
    found = rows(usual(), network="no_action", scope="school", place="P1:primary", measure="entry")
    assert found[["children", "seats", "spare"]].drop_duplicates().to_numpy().tolist() == [[88.0, 90.0, 2.0]]
    assert set(found["basis"]) == {"rooms"}
    assert set(found["level"]) == {"yellow"}


def test_an_admission_plan_stands_in_place_of_the_rooms() -> None:
    """With 80 planned seats in 2027 that year is red and 8 short, for the school, its township and the district."""
    plan = table("school_id stage year classes seats\nP1 primary 2027 2 80")
    planned = measured(plan)
    found = rows(planned, network="no_action", measure="entry", stage="primary", year=2027)
    own = found.set_index(["scope", "place"])
    assert own.loc[("school", "P1:primary"), ["seats", "short", "level", "basis"]].tolist() == [
        80,
        8,
        "red",
        "admission_plan",
    ]
    assert own.loc[("township", "东街道"), ["seats", "short", "level"]].tolist() == [80, 8, "red"]
    assert own.loc[("district", ""), "short"] == 8
    series = planned.peaks.set_index(KEY)
    first = series.loc[("no_action", "school", "P1:primary", "primary", "entry")]
    assert first[["short_year", "short_until", "notice_year", "most_short"]].tolist() == [2027, 2027, 2025, 8]


def test_rooms_that_the_plan_leaves_empty_are_empty_seats() -> None:
    """Rooms, not classes opened, are the seats: a plan cannot hide a surplus by opening fewer classes."""
    case = plan_cases.evidence(network=plan_cases.reclassed(plan_cases.plan(), (1, 2, 3), "K1:kindergarten", 5))
    found = alerts(
        [(case.plan, case.operation)], case.demand, case.supply, case.territory, case.standards, case.scenario,
        plan_cases.UNITS.assign(area="全片"), NO_PLAN,
    )  # fmt: skip
    seats = rows(found, scope="township", place="东街道", stage="kindergarten", measure="stage")["seats"]
    assert set(seats) == {180.0}


def test_scopes_add_up_and_short_and_spare_are_not_netted() -> None:
    """Children, seats, short and spare of the district are those of its townships, and of its one area."""
    key = ["network", "stage", "measure", "year"]
    values = ["children", "seats", "short", "spare"]
    sums = {scope: rows(usual(), scope=scope).groupby(key)[values].sum() for scope in ("district", "area", "township")}
    for scope in ("area", "township"):
        pd.testing.assert_frame_equal(sums[scope], sums["district"])
    found = usual().warnings
    assert (found["short"] - found["spare"]).to_numpy() == pytest.approx(
        (found["children"] - found["seats"]).to_numpy()
    )
    assert ((found["short"] > 0) & (found["spare"] > 0)).any()


def test_schools_hold_what_the_operated_classes_hold() -> None:
    """A plain loop over the classes of the operation gives the children of every catchment school and year."""
    case = plan_cases.evidence()
    counted: dict[tuple[str, int], float] = {}
    for row in case.operation.classes.to_dict("records"):
        counted[row["section_id"], row["year"]] = counted.get((row["section_id"], row["year"]), 0.0) + row["pupils"]
    found = rows(usual(), network="plan", scope="school", measure="stage")
    for row in found.to_dict("records"):
        assert row["children"] == counted.get((row["place"], row["year"]), 0.0)


LEVELS = """
children seats level
120      100   red
100      100   red
99.9     100   yellow
90       100   yellow
89.9     100   none
70       100   none
69.9     100   surplus
50       100   surplus
49.9     100   deep_surplus
0        100   deep_surplus
12       0     red
0        0     none
"""


@pytest.mark.parametrize("line", LEVELS.split("\n")[2:-1])
def test_levels_begin_at_their_thresholds(line: str) -> None:
    children, seats, level = line.split()
    assert level_of(float(children), float(seats)) == level


def level_of(children: float, seats: float) -> str:
    ratio = children / seats if seats > 0 else np.nan
    frame = pd.DataFrame({"children": [children], "seats": [seats], "ratio": [ratio]})
    return str(levels(frame, plan_cases.standards()).iloc[0])


def test_thresholds_are_the_figures_of_the_norms() -> None:
    norms = plan_cases.standards(alert__red=1.2, alert__yellow=1.0)
    frame = pd.DataFrame({"children": [110.0], "seats": [100.0], "ratio": [1.1]})
    assert levels(frame, norms).tolist() == ["yellow"]


@settings(max_examples=25, deadline=None)
@given(st.floats(0, 1e4), st.floats(0, 1e4), st.floats(1, 1e4))
def test_more_children_never_lower_a_level(few: float, more: float, seats: float) -> None:
    lower, higher = sorted((few, more))
    assert ORDER.index(level_of(lower, seats)) <= ORDER.index(level_of(higher, seats))


SERIES = st.lists(st.tuples(st.integers(0, 300), st.integers(0, 60), st.sampled_from(ORDER)), min_size=1, max_size=12)


@settings(max_examples=20, deadline=None)
@given(SERIES)
def test_peaks_are_those_that_a_plain_loop_finds(series: list[tuple[int, int, str]]) -> None:
    frame = pd.DataFrame(
        [("plan", "township", "甲", "primary", "stage", 2025 + n, float(c), 100.0, float(s), level)
         for n, (c, s, level) in enumerate(series)],
        columns=[*KEY, "year", "children", "seats", "short", "level"],
    )  # fmt: skip
    found = peaks(frame, 2).iloc[0]
    best, first_red, last_red, first_empty, worst = 0, None, None, None, None
    for number, (children, short, level) in enumerate(series):
        if children > series[best][0]:
            best = number
        if level == "red":
            first_red = 2025 + number if first_red is None else first_red
            last_red = 2025 + number
        if level in {"surplus", "deep_surplus"} and first_empty is None:
            first_empty = 2025 + number
        if short > 0 and (worst is None or short > series[worst][1]):
            worst = number
    assert (found["peak_year"], found["peak"]) == (2025 + best, series[best][0])
    expected = (first_red, last_red, None if first_red is None else first_red - 2, first_empty)
    for name, value in zip(("short_year", "short_until", "notice_year", "empty_year"), expected, strict=True):
        assert np.isnan(found[name]) if value is None else found[name] == value
    assert np.isnan(found["most_short"]) if worst is None else found["most_short"] == series[worst][1]


def test_lines_name_the_place_its_years_and_by_when_to_warn() -> None:
    """From 2025: 2026 is in the two years before a shortage in 2027, and 2029 is told two years ahead of 2031."""
    text = """
    network    scope     place   stage    measure  base  peak_year  peak  peak_seats  last_year  last  short_year  short_until  notice_year  most_short_year  most_short  empty_year
    no_action  township  甲镇    junior   stage    90    2030       130   100         2031       120   2031        2031         2029         2031             30          -
    no_action  township  乙镇    primary  entry    95    2027       120   100         2031       80    2027        2028         2025         2027             20          2031
    no_action  township  丙镇    primary  stage    99    2025       120   100         2031       60    2025        2025         2023         2025             20          2029
    no_action  district  _       primary  stage    500   2027       520   600         2031       400   -           -            -            -                -           -
    """
    found = Alerts(usual().warnings, table(text))
    lines = warning_lines(found, 2025, 5)
    assert lines[0] == "到 2031 年，各乡镇街道各学段学位不足 2 处，其中已到预警期 1 处；学位富余 2 处。"
    assert lines[1] == "- ▲乙镇小学（招生）：2027—2028 年学位不足，最多时（2027 年）缺 20 个；已到预警期"
    assert lines[2] == "- ▲甲镇初中（在校）：2031 年学位不足，最多时（2031 年）缺 30 个；2029 年发出预警"
    assert lines[3] == "在校生最多的一年：小学 2027 年 520 人。"


def test_every_level_but_balance_has_a_sign_of_its_own() -> None:
    signs = {cell_words(level.value, 5.0, 5.0)[0] for level in AlertLevel if level is not AlertLevel.NONE}
    assert len(signs) == len(AlertLevel) - 1
