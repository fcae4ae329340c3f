"""A planner's own forecast replaces the projection."""

from __future__ import annotations

import pandas as pd
import pytest

from simulator.terms import Stage
from tests.projection_cases import Case, case, children_of, evenly, table

UNITS = table("""
    unit_id area_kind
    a       city
    b       city
""")
SECTIONS = table("""
    school_id stage        grade_from grade_to
    A         primary      1          6
    K         kindergarten -2         0
""")
CATCHMENTS = table("""
    unit_id band    section_id share
    a       primary A:primary  1
    b       primary A:primary  1
""")
CLASSES = table("""
    school_id stage        grade pupils
    A         primary      1     40
    K         kindergarten 0     30
""")


def with_demand(rows: str, **tables: pd.DataFrame) -> Case:
    """A primary school and a kindergarten, with a demand table."""
    given = {"units": UNITS, "classes": CLASSES, "population": evenly({"a": 20, "b": 20})} | tables
    return case(SECTIONS, CATCHMENTS, demand=table(rows), **given)


def test_one_year_of_demand_holds_for_all_years():
    projection = with_demand("""
        unit_id stage   grade year children
        a       primary 1     2025 25
        b       primary 4     2025 12.5
    """).project()
    for year in (2025, 2026, 2030):
        children = children_of(projection, Stage.PRIMARY, year)
        assert (children.loc["a", 1], children.loc["b", 4]) == (25, 12.5)
        assert children.to_numpy().sum() == 37.5


def test_missing_years_hold_the_latest_given_and_the_base_year_the_register():
    projection = with_demand("""
        unit_id stage   grade year children
        a       primary 2     2027 50
        a       primary 2     2029 60
    """).project()
    totals = projection.plan_demand.of(Stage.PRIMARY).sum(axis=0)
    # The register's 40 until 2026, then the table.
    assert totals.tolist() == [40, 40, 50, 50, 60, 60]


def test_other_stages_are_projected_as_ever():
    rows = """
        unit_id stage   grade year children
        a       primary 1     2025 25
    """
    given, projected = with_demand(rows).project(), with_demand("unit_id stage grade year children").project()
    kindergarten = [one.plan_demand.of(Stage.KINDERGARTEN).tolist() for one in (given, projected)]
    assert kindergarten[0] == kindergarten[1]


def test_its_flow_bears_one_name_and_the_first_step_adds_up():
    projection = with_demand("""
        unit_id stage   grade year children
        a       primary 1     2025 40
        a       primary 1     2026 35
        b       primary 2     2026 20
    """).project()
    flows = projection.flows.query("stage == 'primary' and variant == 'medium'")
    assert flows[["year", "flow", "pupils"]].to_numpy().tolist() == [[2026, "规划者自定预测", 15]]
    steps = projection.first_step.query("stage == 'primary'").set_index(["grade", "flow"])["pupils"]
    assert steps.xs("next_year", level="flow").loc[[1, 2]].tolist() == [35, 20]
    assert steps.xs("规划者自定预测", level="flow").to_dict() == {1: -5, 2: 20}


def test_a_district_of_blocks_and_pupils_alone_works():
    """No classes, no children by age, no catchments: the demand table is enough."""
    sections = SECTIONS[SECTIONS["stage"] == "primary"]
    demand = table("""
        unit_id stage   grade year children
        a       primary 1     2025 16
        b       primary 1     2025 9
    """)
    projection = case(sections, units=UNITS, demand=demand).project()
    assert projection.plan_demand.of(Stage.PRIMARY).sum(axis=0).tolist() == [25] * 6
    assert projection.attendance["register"].tolist() == [0]
    assert projection.differences.empty


def test_a_base_year_that_differs_from_the_register_is_said():
    projection = with_demand("""
        unit_id stage   grade year children
        a       primary 1     2025 25
        a       primary 9     2025 3
    """).project()
    assert any("25" in said and "40" in said for said in projection.assumptions)
    assert any("3" in said and "年级" in said for said in projection.assumptions)
    assert projection.plan_demand.of(Stage.PRIMARY)[:, 0].sum() == pytest.approx(25)
