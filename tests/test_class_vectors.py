"""Class sizes as vectors: both tails, classes that a roll needs, when oversized classes end and by what."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from simulator.indicators.class_vectors import class_tails, classes_for, classes_needed, sized_classes
from simulator.indicators.elimination import Operated, class_vectors, elimination_cost
from simulator.operation import Operation, operate
from tests import plan_cases as cases
from tests.plan_cases import table


def operated(*classes: tuple[str, int, str]) -> Operation:
    """An operation of 2025 from (section, grade, sizes)."""
    rows = [
        (2025, section, grade, sum(map(int, sizes.split())), len(sizes.split()), sizes, False)
        for section, grade, sizes in classes
    ]
    columns = ["year", "section_id", "grade", "pupils", "classes", "sizes", "combined"]
    return Operation("no_action", pd.DataFrame(rows, columns=columns), cases.present()[1].pupils.iloc[:0])


def test_fifteen_of_379_classes_are_3_96_percent_and_18430_children_need_410():
    """城中区 2018: 15 classes of 58, 88 of 49 and 276 of 48 hold 870 + 4312 + 13 248 = 18 430 children."""
    sizes = " ".join(["58"] * 15 + ["49"] * 88 + ["48"] * 276)
    run = operated(("P1:primary", 2, sizes))
    tails = class_tails(sized_classes(run, cases.supply()), cases.standards())
    row = tails[tails["area_kind"] == ""].iloc[0]
    assert (row["classes"], row["oversized"], row["extreme"]) == (379, 15, 0)
    assert round(100 * row["oversized_share"], 2) == 3.96
    needed = classes_needed(run, cases.supply(), cases.standards()).iloc[0]
    assert needed[["pupils", "classes", "needed", "lacking"]].tolist() == [18430, 379, 410, 31]


@pytest.mark.parametrize(("pupils", "size", "classes"), [(0, 45, 0), (45, 45, 1), (46, 45, 2), (18430, 45, 410)])
def test_classes_for_a_roll(pupils, size, classes):
    assert classes_for(pupils, size) == classes


def test_both_tails_stand_side_by_side_by_kind_of_area():
    """A city school of 46 to 66, a village one of 10 to 20; the entry grade of the city has 56 where 45 is the standard."""
    run = operated(
        ("P1:primary", 1, "56 45"), ("P1:primary", 2, "66 55"), ("P2:primary", 1, "10"), ("P2:primary", 2, "20")
    )
    found = class_tails(sized_classes(run, cases.supply()), cases.standards()).set_index("area_kind")
    expected = table("""
        area_kind  classes  small  oversized  extreme  entry  entry_over
        city       4        0      2          1        2      1
        village    2        1      0          0        1      0
        _          6        1      2          1        3      1
    """).set_index("area_kind")  # fmt: skip
    assert found[expected.columns].sort_index().to_numpy().tolist() == expected.sort_index().to_numpy().tolist()
    assert found.loc["village", "small_share"] == 0.5


@pytest.fixture(scope="module")
def crowded() -> Operated:
    """U2 has 90 children in every grade: with U1's 40 two classes of 65, until L1 opens for them in 2028."""
    children = cases.CHILDREN.assign(primary=[40, 90, 10, 10])
    asked, supply, journeys, today = cases.demand(children), cases.supply(), cases.access(), cases.register()
    plan, idle = cases.plan(), cases.no_action(supply, cases.scenario())
    return Operated(
        plan, operate(plan, asked, supply, journeys, today), idle, operate(idle, asked, supply, journeys, today)
    )


def schedule(run: Operated) -> pd.Series:
    found = class_vectors(run, cases.supply(), cases.standards(), cases.scenario().plan_years).schedule
    return found.set_index("section_id").loc["P1:primary"]


def test_a_new_school_ends_the_oversized_classes_and_its_cost_is_told(crowded):
    """Twelve classes of 65 in 2026 and 2027; all 540 of L1's children come from P1, so its 2970 万元 count in full."""
    row = schedule(crowded)
    assert row[["today", "most", "last_year", "last_year_idle", "cleared_year"]].tolist() == [0, 12, 2027, 2030, 2028]
    assert row["outcome"] == "cleared"
    assert row[["means", "receivers", "cost_here_wan", "cost_there_wan"]].tolist() == [
        "diversion",
        "L1:primary",
        0,
        2970,
    ]


def test_works_on_the_campus_are_told_beside_it(crowded):
    action = table("""
        site_id  section_id  stage    action     phase  year  classes  module  capital_wan  reason
        P1       P1:primary  primary  extension  2      2028  2        _       540          _
    """)
    plan = replace(crowded.plan, actions=pd.concat([crowded.plan.actions, action], ignore_index=True))
    row = schedule(replace(crowded, plan=plan))
    assert row[["means", "cost_here_wan", "cost_there_wan"]].tolist() == ["more_classes diversion", 540, 2970]
    assert elimination_cost(pd.DataFrame([row]).rename_axis("section_id").reset_index()) == 3510


def test_classes_that_stay_oversized_have_no_year(crowded):
    """Without L1's phase 2 the plan is the present network: its classes of 65 stay to the end."""
    row = schedule(replace(crowded, plan=crowded.no_action, operation=crowded.no_action_operation))
    assert pd.isna(row["cleared_year"])
    assert row[["last_year", "outcome", "means", "cost_here_wan"]].tolist() == [2030, "remains", "", 0]


def test_what_the_plan_alone_makes_and_keeps_is_told_too(crowded):
    """Without action P1 keeps its classes of 44; a plan with classes of 65 to the end has none to end."""
    idle = cases.present()
    row = schedule(Operated(crowded.no_action, crowded.no_action_operation, *idle))
    assert pd.isna(row["last_year_idle"])
    assert row["outcome"] == "remains"
