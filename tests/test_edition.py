"""What the public edition holds back, on tables small enough to check by hand, and the approved part of a plan."""

from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator import planning
from simulator.outputs.edition import edition_words, held_back, shown_counts
from simulator.outputs.edition.approved import approved_part, approved_sites
from simulator.outputs.edition.hidden import without_places
from simulator.outputs.edition.publish import published
from simulator.outputs.maps.transport import riders
from simulator.result import Result
from simulator.run import prepare
from simulator.scenario.network import Decision
from simulator.scenario.solution import OutputSettings
from tests.cli_cases import write_small
from tests.plan_cases import table
from tests.result_cases import make_result

# unit × school, children of one year: U1 sends 3 to A, so that 12 to B and the unit's total of 15 would tell it.
PAIRS = table("""
    unit_id section_id children share
    U1      A                 3  0.2
    U1      B                12  0.8
    U2      A                 9  0.5
    U2      B                 9  0.5
    U3      A                 0  0.0
    U3      B                40  1.0
""")
SHOWN = {
    ("U1", "A"): None,
    ("U1", "B"): None,
    ("U2", "A"): None,
    ("U2", "B"): None,
    ("U3", "A"): 0.0,
    ("U3", "B"): 40.0,
}


def cells(shown: pd.DataFrame, name: str = "children") -> dict[tuple[str, str], float | None]:
    rows = zip(shown["unit_id"], shown["section_id"], shown[name], strict=True)
    return {(unit, section): None if pd.isna(value) else float(value) for unit, section, value in rows}


def test_no_total_of_a_unit_or_a_school_gives_a_small_number_away():
    """3 is held back; 12 beside it, or 15 − 12 = 3; then 9 in each school, or its total would tell the 3 or the 12."""
    assert cells(held_back(PAIRS)) == SHOWN


# Ages of a small place: 3 boys and girls aged 1 would follow from the total, so the 9 aged 0 go too.
AGES = table("""
    year residents age_0 age_1 age_2
    2025        52     9     3    40
    2026        60    10    10    40
""")
# A township of two hamlets beside a town: 3 is held back, and 8 beside it, though the district's total hides two already.
HAMLETS = table("""
    unit_id children
    U1             3
    U2             8
    U3             4
    U4            30
    U5            50
""")
TOWNS = {"U1": "乡", "U2": "乡", "U3": "镇", "U4": "镇", "U5": "镇"}


CLASSES = table("""
    section_id children bus_seats cost_wan largest
    A                40         3     1.35       4
    B                50         9     4.05      25
    C                60        12     5.40      30
""")


def test_cost_that_tells_of_few_riders_and_classes_of_few_are_held_back():
    """Only A has few riders and a small class; the riders of B would follow from the total."""
    shown = held_back(CLASSES)
    assert shown["bus_seats"].isna().tolist() == [True, True, False]
    assert shown["cost_wan"].isna().tolist() == [True, True, False]
    assert shown["largest"].isna().tolist() == [True, True, False]


def test_no_sum_across_a_row_gives_a_small_number_away():
    shown = held_back(AGES)
    rows = [[None if pd.isna(cell) else cell for cell in row] for row in shown.to_numpy(float).tolist()]
    assert rows == [[2025, 52, None, None, 40], [2026, 60, 10, 10, 40]]


def test_no_total_of_a_township_gives_a_small_number_away():
    assert held_back(HAMLETS)["children"].isna().tolist() == [True, False, True, False, False]
    assert held_back(HAMLETS, TOWNS)["children"].isna().tolist() == [True, True, True, True, False]


def test_shares_of_what_is_held_back_are_held_back_too():
    shown = cells(held_back(PAIRS), "share")
    assert {place for place, share in shown.items() if share is None} == {
        place for place, children in SHOWN.items() if children is None
    }


def test_seats_rooms_and_years_stay_beside_children_that_are_held_back():
    rows = pd.DataFrame(
        {"year": [2026], "pupils": [4], "classes": [1], "seats_standard": [45.0], "utilization": [0.09]}
    )
    shown = held_back(rows).iloc[0]
    assert shown[["year", "classes", "seats_standard"]].tolist() == [2026, 1, 45]
    assert shown[["pupils", "utilization"]].isna().all()


def test_class_sizes_as_text_are_held_back_with_their_pupils():
    rows = pd.DataFrame({"section_id": ["A", "B"], "grade": [1, 1], "pupils": [4, 44], "sizes": ["4", "44"]})
    assert held_back(rows)["sizes"].tolist() == ["", ""]
    assert held_back(rows.assign(pupils=[44, 46], sizes=["44", "46"]))["sizes"].tolist() == ["44", "46"]


def test_a_table_without_people_or_without_rows_stays_as_it_is():
    for rows in (pd.DataFrame({"site_id": ["A"], "rooms": [3]}), PAIRS.iloc[:0]):
        assert held_back(rows) is rows


@given(st.lists(st.integers(0, 30), min_size=12, max_size=12))
@settings(deadline=None, max_examples=60)
def test_what_is_shown_is_true_and_what_is_held_back_cannot_be_told_from_a_sum(counts):
    """Of a 3 × 4 table every number shown is 0 or at least 5, and no sum lacks one number while it shows others."""
    rows = pd.DataFrame(
        {"unit_id": np.repeat(list("abc"), 4), "section_id": list("wxyz") * 3, "children": np.array(counts, float)}
    )
    shown = held_back(rows)["children"]
    known = shown.notna()
    assert shown[known].equals(rows["children"][known])
    assert ((shown[known] == 0) | (shown[known] >= 5)).all()
    assert known[(rows["children"] == 0)].all()
    for key in ("unit_id", "section_id"):
        for _place, own in shown.groupby(rows[key]):
            assert own.isna().sum() != 1 or (own.dropna() == 0).all()


def test_places_of_one_group_are_held_back_together():
    children = np.array([[3.0, 20.0], [8.0, 21.0], [6.0, 22.0], [2.0, 1.0], [9.0, 9.0]])
    shown = shown_counts(children, np.array(["a", "a", "a", "b", "b"]))
    expected = [[np.nan, 20.0], [8.0, 21.0], [np.nan, 22.0], [np.nan, np.nan], [np.nan, np.nan]]
    np.testing.assert_array_equal(shown, expected)


@pytest.mark.parametrize(
    ("edition", "number", "words"),
    [
        ("internal", "", "内部资料，未经审核不得公开"),
        ("internal", "甲S（2026）1号", "内部资料，未经审核不得公开"),
        ("public", "", "公开版：对外使用前须经地图审核并标注审图号"),
        ("public", "甲S（2026）1号", "公开版　审图号：甲S（2026）1号"),
    ],
)
def test_every_edition_says_what_it_is(edition, number, words):
    assert edition_words(OutputSettings(edition=edition, map_number=number)) == words


# The approved part


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> Result:
    """L1 is built in 2026, P2 closed in 2028."""
    return make_result(tmp_path_factory.mktemp("case"))


def asked(result: Result, *, approved: tuple[str, ...] = (), decisions: tuple[Decision, ...] = ()) -> Result:
    outputs = result.scenario.outputs.model_copy(update={"edition": "public", "approved": approved})
    scenario = result.scenario.model_copy(update={"outputs": outputs, "decisions": decisions})
    return dataclasses.replace(result, scenario=scenario)


@pytest.mark.parametrize(
    ("approved", "decisions", "sites"),
    [
        ((), (), set()),
        (("L1",), (), {"L1"}),
        (("P1",), (), set()),
        (("all",), (), {"L1", "P2"}),
        ((), (Decision(place="P2", decision="close"),), {"P2"}),
        ((), (Decision(place="P2", decision="keep"),), set()),
    ],
)
def test_approved_are_works_that_are_named_decided_or_all(result, approved, decisions, sites):
    assert approved_sites(asked(result, approved=approved, decisions=decisions)) == sites


def test_works_under_construction_and_closures_with_their_approval_are_approved(result):
    committed = pd.DataFrame({"project_id": ["X"], "site_id": ["L1"], "stage": ["primary"]})
    steps = pd.DataFrame(
        {"school_id": ["P2", "P2"], "step": ["hearing", "approval"], "date": ["2026-01-01", "2026-05-01"]}
    )
    known = dataclasses.replace(
        asked(result),
        supply=dataclasses.replace(result.supply, committed=committed),
        district=dataclasses.replace(result.district, procedure=steps),
    )
    assert approved_sites(known) == {"L1", "P2"}
    undated = dataclasses.replace(known, district=dataclasses.replace(known.district, procedure=steps.iloc[:1]))
    assert approved_sites(undated) == {"L1"}


def part_of(result: Result, *sites: str):
    return approved_part(result.plan, result.no_action, frozenset(sites), result.supply.sections, set())


def zoned(plan, phase: int, band: str) -> dict[str, str]:
    rows = plan.catchments[(plan.catchments["phase"] == phase) & (plan.catchments["band"] == band)]
    assert rows.groupby("unit_id")["share"].sum().round(9).eq(1).all()
    return dict(zip(rows["unit_id"], rows["section_id"], strict=True))


def test_of_a_plan_with_nothing_approved_only_the_present_network_is_left(result):
    part = part_of(result)
    acted = part.actions[part.actions["action"] != "keep"]
    assert acted.empty
    assert part.capital.empty
    assert set(part.actions["section_id"]) == set(result.no_action.actions["section_id"])
    for phase in (0, 1, 2):
        assert zoned(part, phase, "primary_1_3") == zoned(result.no_action, phase, "primary_1_3")


def test_an_approved_school_opens_with_its_catchment_and_a_closure_that_is_not_approved_does_not_show(result):
    part = part_of(result, "L1")
    assert part.actions.loc[part.actions["action"] != "keep", "section_id"].tolist() == ["L1:primary"]
    last = part.sections[part.sections["phase"] == 2].set_index("section_id")["open"]
    assert last["L1:primary"]
    assert last["P2:primary"]
    planned, today, shown = (zoned(plan, 2, "primary_1_3") for plan in (result.plan, result.no_action, part))
    expected = {unit: planned[unit] if planned[unit] == "L1:primary" else today[unit] for unit in today}
    assert shown == expected
    assert "L1:primary" in shown.values()


def test_children_of_an_approved_closure_go_to_schools_that_are_named(result):
    """Those whom the plan sends to a plot that is not approved have no school that may be named."""
    planned, today, shown = (
        zoned(plan, 2, "primary_1_3") for plan in (result.plan, result.no_action, part_of(result, "P2"))
    )
    for unit, school in shown.items():
        if today[unit] != "P2:primary":
            assert school == today[unit]
        else:
            assert school == ("" if planned[unit] == "L1:primary" else planned[unit])


RIDERS = table("""
    unit_id children
    U001           3
    U002           7
    U003          20
""")


def test_the_map_of_buses_shows_no_few_riders_and_no_total_that_tells_them(result):
    """3 ride from U001; the 7 of U002 go too, or the 30 of the school would tell the 3."""
    rows = RIDERS.assign(year=2027, band="primary_1_3", section_id="P1:primary", way="school_bus", minutes=20.0)
    run = dataclasses.replace(result.operation, pupils=rows)
    found = riders(dataclasses.replace(asked(result), operation=run))
    assert [None if pd.isna(count) else count for count in found.rows["shown"]] == [None, None, 20.0]
    internal = riders(dataclasses.replace(result, operation=run))
    assert internal.rows["shown"].tolist() == [3.0, 7.0, 20.0]


def test_a_plan_that_is_approved_as_a_whole_is_not_measured_anew(result):
    shown = published(asked(result, approved=("all",)))
    assert shown.indicators.seats is result.indicators.seats
    assert shown.operation is result.operation
    assert shown.plan.actions["reason"].eq("").all()


def test_the_internal_edition_is_the_run_itself(result):
    assert published(result) is result


def test_rows_of_a_place_go_from_every_table_whatever_it_is_called(result):
    gone = without_places(result, frozenset({"L1", "L1:primary"}))
    assert "L1" not in gone.supply.sites.index
    assert "L1:primary" not in gone.supply.sections.index
    assert not gone.access.pairs["site_id"].eq("L1").any()
    assert not gone.plan.actions["site_id"].eq("L1").any()
    assert gone.district.parcels.empty
    assert len(gone.district.schools) == len(result.district.schools)


@pytest.fixture(scope="module")
def extended(result: Result, tmp_path_factory: pytest.TempPathFactory) -> Result:
    """The small district over two years; its present network, with six classes more at one school, is the plan.

    Everything that is measured is of another run, so that whatever is not measured anew stands out.
    """
    path = write_small(tmp_path_factory.mktemp("small"))
    path.write_text(path.read_text(encoding="utf-8") + SHORT, encoding="utf-8")
    prepared = prepare(path)
    no_action, run = planning.present(prepared)
    last = no_action.sections["phase"] == no_action.sections["phase"].max()
    sections = no_action.sections.copy()
    sections.loc[last & (sections["section_id"] == "S002:primary"), ["classes", "rooms", "seats"]] += [6, 6, 270.0]
    actions = no_action.actions.copy()
    work = actions["section_id"] == "S002:primary"
    actions.loc[work, ["action", "phase", "year", "capital_wan"]] = ["extension", 1, 2027, 300.0]
    plan = dataclasses.replace(no_action, network="plan", sections=sections, actions=actions)
    ground = {field.name: getattr(prepared, field.name) for field in dataclasses.fields(prepared)}
    return dataclasses.replace(
        result, **ground, plan=plan, no_action=no_action, operation=run, no_action_operation=run, frontier=None
    )


SHORT = """
[horizon]
base_year = 2025
target_year = 2027
projection_to = 2027

[[phases]]
first_year = 2026
last_year = 2027
"""


def test_the_public_edition_is_measured_anew_without_what_is_not_approved(extended):
    """With nothing approved the plan measures as the present network does: the hidden extension adds no seat."""
    shown = published(asked(extended))
    seats = shown.indicators.seats.set_index(["network", "stage", "township", "year"]).sort_index()
    assert seats.loc["plan"].equals(seats.loc["no_action"])
    assert set(shown.indicators.schools["section_id"]) == set(shown.plan.sections["section_id"])
    assert shown.plan.solution.status == "approved_part"
    assert published(asked(extended, decisions=(Decision(place="S002", decision="extend"),))).plan.actions.equals(
        extended.plan.actions.assign(reason="", robustness="")
    )
