"""Teachers: what schools need, who goes where at least cost, who rotates, and what a whole county adds up to."""

from __future__ import annotations

import io
import itertools
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from simulator import planning
from simulator.capacity.supply import Supply
from simulator.indicators.staffing import staff_need, subject_shares
from simulator.indicators.staffing_stock import retired_by, stock_of
from simulator.inputs.check_staff import parts_against_full_time, subjects_against_whole
from simulator.model.teachers_rotation import Exchange, rotate
from simulator.model.teachers_state import whole_by_subject
from simulator.model.teachers_transfer import (
    RECRUIT_COST,
    SHORT_COST,
    STAGE_COST,
    SUBJECT_COST,
    TRANSFER_COST,
    Year,
    transfer,
)
from simulator.operation import Operation
from simulator.outputs.staff import staff_lines, staff_tables
from simulator.outputs.workbook.book import tidied, write_sheets
from simulator.outputs.workbook.staff import staff_sheets
from simulator.standards import read_standards
from simulator.terms import Stage
from tests.result_cases import make_result
from tests.staff_cases import county, staff

NATIONAL = read_standards(("national.toml",), {})


def table(text: str) -> pd.DataFrame:
    """Aligned text as a frame."""
    return pd.read_csv(io.StringIO(text), sep=r"\s+")


def test_need_is_the_largest_of_pupils_classes_and_subjects() -> None:
    """Posts at 1:19, 1:13.5, 1:12.5; classes at 2, 3.5, 3.8 posts; lessons 28.7 ÷ 16 and 34 ÷ 12 teachers a class.

    P1: 1900 ÷ 19 = 100; × 0.91 = 91. P2, village, 60 pupils: 6 × 1.7 = 10.2 posts; 6 × 28.7 ÷ 16 = 10.76 teachers, ÷ 0.91 =
    11.8 posts. P3, village, 3 classes of 12: lessons 5.4 teachers, 5.9 posts. J1: 1350 ÷ 13.5 = 100; × 0.88 = 88. J2: 3 × 3.5 = 10.5 posts; at
    least 10 teachers, ÷ 0.88 = 11.4 posts. K1: 90 ÷ 7 = 12.9; 2 × 3 teachers. S1: 1250 ÷ 12.5 = 100; × 0.85 = 85.
    """
    cases = table("""
    section  stage         area     grade_to  pupils  classes  posts  teachers  carers  basis
    P1       primary       city     6         1900    42       100    91        0       pupils
    P2       primary       village  6         60      6        12     11        0       subjects
    P3       primary       village  3         36      3        6      6         0       subjects
    J1       junior        town     9         1350    27       100    88        0       pupils
    J2       junior        city     9         100     3        12     10        0       subjects
    K1       kindergarten  city     0         90      3        13     6         3       pupils
    S1       senior        city     12        1250    25       100    85        0       pupils
    """)
    ids = cases["section"] + ":" + cases["stage"]
    first = {"primary": 1, "junior": 7, "kindergarten": -2, "senior": 10}
    sections = pd.DataFrame(
        {
            "site_id": cases["section"],
            "stage": cases["stage"],
            "public": True,
            "decided_here": True,
            "grade_from": cases["stage"].map(first),
            "grade_to": cases["grade_to"],
        }
    ).set_axis(pd.Index(ids, name="section_id"))
    sites = pd.DataFrame({"area_kind": cases["area"]}).set_axis(pd.Index(cases["section"], name="site_id"))
    classes = pd.DataFrame(
        {"year": 2025, "section_id": ids, "grade": 1, "pupils": cases["pupils"], "classes": cases["classes"]}
    )
    supply = Supply(sites, sections, pd.DataFrame(), pd.DataFrame(), (), ())
    need = staff_need(Operation("plan", classes, pd.DataFrame()), supply, NATIONAL).set_index("section_id").loc[ids]
    for column in ("posts", "teachers", "carers", "basis"):
        assert need[column].tolist() == cases[column].tolist(), column


def test_lesson_shares_of_the_subjects_add_up() -> None:
    """Shares are those of the norms, made to add up to one; a stage without shares has none."""
    assert sum(subject_shares(NATIONAL, Stage.PRIMARY).values()) == pytest.approx(1)
    assert sum(subject_shares(NATIONAL, Stage.JUNIOR).values()) == pytest.approx(1)
    assert subject_shares(NATIONAL, Stage.SENIOR) == {}


@given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6), st.integers(0, 9)), min_size=1, max_size=20))
def test_retirements_are_exact_after_five_and_ten_years(rows: list[tuple[int, int, int]]) -> None:
    """Never falling, never more than there are; after five and ten years the numbers of the table."""
    five, more, rest = (np.array(column) for column in zip(*rows, strict=True))
    ten, held = five + more, five + more + rest
    gone = retired_by(five, ten, held, 15)
    assert (np.diff(gone, axis=1) >= 0).all()
    assert (gone <= held[:, None]).all()
    assert gone[:, 0].tolist() == [0] * len(rows)
    assert gone[:, 5].tolist() == five.tolist()
    assert gone[:, 10].tolist() == ten.tolist()


@given(st.integers(0, 40), st.lists(st.integers(0, 8), min_size=5, max_size=5))
def test_whole_teachers_by_subject_add_up_and_stay_near_their_shares(total: int, held: list[int]) -> None:
    """Every subject has its share rounded down or up, whatever is held; together they are the total."""
    shares = np.array([[0.4, 0.25, 0.2, 0.15, 0.0]])
    found = whole_by_subject(np.array([total]), shares, np.array([held]))
    assert found.sum() == total
    assert (np.abs(found - total * shares) < 1).all()


def test_the_row_of_all_subjects_tells_a_section() -> None:
    """P1 has 9 teachers, 6 of them by subject; J1 only a total; P2 no number and is left out."""
    rows = table("""
    school_id  stage    subject  full_time  backbone  retiring_5y  retiring_10y  principal_since
    P1         primary  nan      9          2         1            3             2019
    P1         primary  maths    4          1         0            1             nan
    P1         primary  pe       2          0         1            1             nan
    J1         junior   nan      7          1         nan          2             nan
    P2         primary  nan      nan        nan       nan          nan           nan
    """)
    stock = stock_of(rows)
    assert stock.sections["full_time"].dropna().to_dict() == {"J1:junior": 7, "P1:primary": 9}
    assert stock.sections.loc["P1:primary", "principal_since"] == 2019
    found = stock.subjects.set_index(["section_id", "subject"])
    assert found["full_time"].to_dict() == {("P1:primary", "maths"): 4, ("P1:primary", "pe"): 2, ("J1:junior", ""): 7}
    assert found["retiring_10y"].tolist() == [1, 1, 2]


def year_of(release: list[list[int]], demand: list[list[int]], **known: object) -> Year:
    """Two qualifications (0 primary, 1 junior), of which the junior one teaches everywhere; all movable, 10 minutes apart."""
    count, subjects = np.array(release).shape
    stage = np.asarray(known.pop("stage", [0] * count))
    movable = np.zeros((count, 2, subjects), dtype=np.int64)
    movable[np.arange(count), stage] = np.array(release)
    plain = {
        "release": np.array(release),
        "movable": movable,
        "demand": np.array(demand),
        "minutes": np.full((count, count), 10.0),
        "may_teach": np.stack([stage == 0, np.ones(count, dtype=bool)]),
        "stage": stage,
        "recruits": np.zeros((2, subjects), dtype=np.int64),
        "most_recruits": np.inf,
        "anybody": np.zeros((count, subjects), dtype=bool),
    }
    return Year(**(plain | known))  # type: ignore[arg-type]  # columns by name


def test_a_primary_teacher_does_not_teach_juniors_but_a_junior_one_teaches_children() -> None:
    """Sections 0 primary, 1 junior: each can spare one of what the other lacks; only the junior teacher goes."""
    down = transfer(year_of([[0], [1]], [[1], [0]], stage=[0, 1]))
    up = transfer(year_of([[1], [0]], [[0], [1]], stage=[0, 1]))
    assert down.moves.tolist() == [[1, 1, 0, 0, 0, 1]]
    assert len(up.moves) == 0
    assert up.short.tolist() == [[0], [1]]


def test_the_nearest_spare_teacher_goes_and_none_beyond_the_limit() -> None:
    """Section 2 lacks one; 0 is 30 minutes away, 1 is 12; then both are too far and a recruit comes."""
    minutes = np.array([[0, 9, 30], [9, 0, 12], [30, 12, 0]], dtype=float)
    near = transfer(year_of([[1], [1], [0]], [[0], [0], [1]], minutes=minutes))
    recruits = np.array([[1], [0]])
    far = transfer(
        year_of([[1], [1], [0]], [[0], [0], [1]], minutes=np.where(minutes > 10, np.inf, minutes), recruits=recruits)
    )
    assert near.moves.tolist() == [[1, 0, 2, 0, 0, 1]]
    assert len(far.moves) == 0
    assert far.recruited.tolist() == [[0], [0], [1]]


def test_recruits_stay_within_their_limit() -> None:
    """Three lacking in two subjects, at most one recruit in all: two stay short."""
    found = transfer(year_of([[0, 0]], [[2, 1]], recruits=np.full((2, 2), 5), most_recruits=1.0))
    assert (found.recruited.sum(), found.short.sum()) == (1, 2)


def cheapest_by_trying(year: Year) -> float:
    """The least cost over every way to send each spare teacher, and every number of recruits."""
    count, subjects = year.release.shape
    units = [(i, k) for i, k in np.ndindex(count, subjects) for _ in range(year.release[i, k])]
    sinks = [(j, k) for j, k in np.ndindex(count, subjects) if year.demand[j, k]]
    best = np.inf
    for chosen in itertools.product([None, *sinks], repeat=len(units)):
        left, cost = year.demand.copy(), 0.0
        for (i, k), sink in zip(units, chosen, strict=True):
            if sink is None:
                continue
            j, to = sink
            lawful = year.may_teach[year.stage[i], j] and (k == to or year.anybody[j, to])
            left[j, to] -= 1
            if not lawful or left[j, to] < 0:
                cost = np.inf
                break
            cost += TRANSFER_COST + year.minutes[i, j] + STAGE_COST * (year.stage[i] != year.stage[j])
            cost += SUBJECT_COST * (k != to)
        if not np.isfinite(cost):
            continue
        lacking = [(j, k) for j, k in np.ndindex(count, subjects) for _ in range(left[j, k])]
        for hired in itertools.product([0, 1], repeat=len(lacking)):
            by_kind = np.zeros(year.recruits.shape)
            for take, (j, k) in zip(hired, lacking, strict=True):
                by_kind[year.stage[j], k] += take
            if (by_kind <= year.recruits).all() and sum(hired) <= year.most_recruits:
                best = min(best, cost + sum(RECRUIT_COST if take else SHORT_COST for take in hired))
    return float(best)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000))
def test_transfers_are_as_cheap_as_the_best_of_all_ways(seed: int) -> None:
    """Three sections, two subjects, up to three spare and four lacking: the flow costs what trying everything finds."""
    rng = np.random.default_rng(seed)
    spare = rng.multinomial(rng.integers(0, 4), [1 / 6] * 6).reshape(3, 2)
    lacking = np.where(spare > 0, 0, rng.multinomial(rng.integers(0, 5), [1 / 6] * 6).reshape(3, 2))
    way = rng.integers(5, 60, (3, 3)).astype(float)
    year = year_of(
        spare.tolist(),
        lacking.tolist(),
        stage=rng.integers(0, 2, 3),
        minutes=np.where(rng.random((3, 3)) < 0.2, np.inf, way),
        recruits=rng.integers(0, 3, (2, 2)),
        most_recruits=float(rng.integers(0, 4)),
        anybody=rng.random((3, 2)) < 0.3,
    )
    found = transfer(year)
    cost = RECRUIT_COST * found.recruited.sum() + SHORT_COST * found.short.sum()
    for i, _q, j, k, to, teachers in found.moves.tolist():
        step = TRANSFER_COST + year.minutes[i, j] + STAGE_COST * (year.stage[i] != year.stage[j])
        cost += teachers * (step + SUBJECT_COST * (k != to))
    assert cost == pytest.approx(cheapest_by_trying(year))


def test_two_schools_exchange_a_tenth_and_a_fifth_of_them_are_backbone_teachers() -> None:
    """20 eligible each: 10 % of 40 is 4, two each way; at least 0.8 of them backbone, sent from the strong school."""
    downward = np.array([[False, True], [False, False]])
    asked = Exchange(np.array([20, 20]), np.array([5, 5]), np.full((2, 2), 8.0), downward, 0.1, 0.2)
    pairs = rotate(asked).pairs
    assert pairs[:, :3].tolist() == [[0, 1, 2], [1, 0, 2]]
    assert pairs[:, 3].tolist() == [1, 0]


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10_000))
def test_rotation_leaves_every_school_as_many_teachers_as_it_had(seed: int) -> None:
    """Sent equals received; nobody sends more than it has; backbone teachers are a fifth and go only downward."""
    rng = np.random.default_rng(seed)
    count = int(rng.integers(2, 7))
    eligible = rng.integers(0, 30, count)
    rank = rng.random(count)
    minutes = rng.uniform(2, 40, (count, count))
    asked = Exchange(
        eligible, eligible // 3, (minutes + minutes.T) / 2, rank[:, None] > rank[None, :], share=0.1, key_share=0.2
    )
    pairs = rotate(asked).pairs
    sent, received = (np.bincount(pairs[:, side], weights=pairs[:, 2], minlength=count) for side in (0, 1))
    keys = np.bincount(pairs[:, 0], weights=pairs[:, 3], minlength=count)
    assert sent.tolist() == received.tolist()
    assert (sent <= eligible).all()
    assert (keys <= asked.backbone).all()
    assert all(asked.downward[start, to] for start, to, _all, leaders in pairs.tolist() if leaders)
    if (eligible >= 10).all():
        assert pairs[:, 2].sum() >= asked.target
        assert pairs[:, 3].sum() >= 0.2 * pairs[:, 2].sum() - 1e-9


def test_teachers_of_a_year_are_those_before_less_who_go_and_more_who_come() -> None:
    """Teachers(t) = teachers(t − 1) − retired − left + recruited, over the pooled stages together: transfers lose nobody."""
    pooled = staff().stages[staff().stages["ours"] & staff().stages["stage"].isin(["primary", "junior"])]
    for _network, rows in pooled.groupby("network"):
        sums = rows.groupby("year")[["teachers", "retired", "left", "recruited"]].sum()
        change = sums["recruited"] - sums["retired"] - sums["left"]
        assert sums["teachers"].diff().iloc[1:].tolist() == change.iloc[1:].tolist()


def test_short_less_spare_is_need_less_teachers_in_every_stage_and_year() -> None:
    """Nothing is netted away: needed − teachers = short − spare."""
    rows = staff().stages[staff().stages["teachers"].notna()]
    assert (rows["teachers_needed"] - rows["teachers"]).tolist() == (rows["short"] - rows["spare"]).tolist()


def test_moves_stay_within_stage_and_way() -> None:
    """Nobody goes from primary to junior, nobody farther than the limit unless a school closes; at most three recruits a year."""
    prepared, _present = county()
    stage = prepared.supply.sections["stage"]
    moves = staff().moves[staff().moves["reason"] != "closing"]
    assert len(moves)
    upward = (moves["from_section"].map(stage) == "primary") & (moves["to_section"].map(stage) == "junior")
    assert not upward.any()
    assert (moves["minutes"] <= prepared.scenario.teachers.longest_minutes).all()
    assert staff().recruits.groupby("year")["teachers"].sum().max() <= 3


def test_the_plan_leaves_no_more_short_than_doing_nothing() -> None:
    """Summed over years and pooled stages."""
    pooled = staff().stages[staff().stages["ours"] & staff().stages["stage"].isin(["primary", "junior"])]
    short = pooled.groupby("network")["short"].sum()
    assert short["plan"] <= short["no_action"]


def test_without_a_table_of_teachers_only_the_need_is_shown() -> None:
    """The need of every section, nothing of what there is, and a note that says so."""
    prepared, present = county()
    district = replace(prepared.district, teachers=prepared.district.teachers.iloc[:0])
    found = planning.staff(replace(prepared, district=district), replace(present, network="plan"), present)
    assert len(found.need)
    assert found.stages["teachers"].isna().all()
    assert found.stages["teachers_needed"].gt(0).any()
    assert len(found.moves) == len(found.groups) == 0
    assert "没有教师表" in found.notes[0]


def test_check_names_sections_whose_teachers_do_not_add_up() -> None:
    """A row of all subjects one too high, and more backbone teachers than teachers: one line each, with the figures."""
    prepared, _present = county()
    assert [*subjects_against_whole(prepared.district, 2025), *parts_against_full_time(prepared.district, 2025)] == []
    teachers = prepared.district.teachers.copy()
    row = teachers.index[(teachers["stage"] == "primary") & (teachers["subject"] == "")][0]
    teachers.loc[row, "full_time"] += 1
    teachers.loc[row, "backbone"] = teachers.loc[row, "full_time"] + 5
    district = replace(prepared.district, teachers=teachers)
    (apart,), (many,) = list(subjects_against_whole(district, 2025)), list(parts_against_full_time(district, 2025))
    whole = int(teachers.loc[row, "full_time"])
    assert apart.what == f"专任教师合计 {whole} 人，各学科之和 {whole - 1} 人"
    assert many.what == f"骨干教师 {whole + 5} 人，多于专任教师 {whole} 人"


def test_sheets_and_lines_tell_the_tables(tmp_path: Path) -> None:
    """T14 read back has the need of the target year; the summary names it; every table has a file."""
    prepared, _present = county()
    result = replace(
        make_result(tmp_path),
        staff=staff(),
        supply=prepared.supply,
        scenario=prepared.scenario,
        standards=prepared.standards,
        district=prepared.district,
    )
    write_sheets(result, [tidied(sheet) for sheet in staff_sheets(result)], tmp_path / "staff.xlsx")
    book = CalamineWorkbook.from_path(str(tmp_path / "staff.xlsx"))
    rows = book.get_sheet_by_name("T14 师资需求").to_python()
    assert {"教师招聘", "教师调配", "交流轮岗", "校长任期", "教育集团", "集团化成效"} <= set(book.sheet_names)
    head = rows[2]
    last = next(row for row in rows if row[head.index("学段")] == "小学" and row[head.index("年份")] == 2035)
    need = staff().need
    need = need[(need["network"] == "plan") & (need["year"] == 2035)]
    teachers = need.loc[(need["stage"] == "primary") & need["public"] & need["decided_here"], "teachers"].sum()
    assert last[head.index("需专任\n教师")] == teachers
    assert f"小学需专任教师 {teachers} 人" in staff_lines(result)[0]
    assert {"staff_need", "staff_stages", "staff_moves", "staff_groups", "staff_notes"} <= set(staff_tables(staff()))
