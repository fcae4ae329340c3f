"""From a district's tables to the facts of the zoning rules, and from its solution to a plan that their audit passes."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from simulator import capacity, model, planning, run
from simulator.inputs.synthetic import small_district
from simulator.model import Problem
from simulator.prepared import Prepared, Watcher
from simulator.result import Result
from simulator.scenario import Scenario
from simulator.terms import Effect, FindingStatus, Network, Stage
from tests.test_model_assemble import written

ZONE = ("S001:primary", "S002:primary")
JUNIORS = ("S001:junior", "S004:junior")
ADMITS = pd.DataFrame(
    [("S001", "primary", 2027, 6, 260), ("S002", "primary", 2027, 6, 240), ("S004", "junior", 2028, 10, 500)],
    columns=["school_id", "stage", "year", "classes", "seats"],
)
RULES = (
    *("units_together", "nearest_share", "feeder_whole", "shared_zone", "intake_fits_plan", "oversized_share"),
    *("no_extreme_class", "school_count", "children_moved_limit", "planner_decides"),
)


def with_zone(prepared: Prepared) -> Prepared:
    """S001 and S002 admit the primary children of their units together; the junior schools take whole catchments."""
    sections = prepared.supply.sections.copy()
    sections.loc[list(ZONE), "regime"] = "shared_catchment"
    sections.loc[list(JUNIORS), "regime"] = "feeder"
    rows = prepared.catchments.table
    both = rows[rows["section_id"].isin(ZONE)]
    halves = [both.assign(section_id=section, share=both["share"] / 2) for section in ZONE]  # 12 classes each
    table = pd.concat([rows.drop(both.index), *halves], ignore_index=True)
    return replace(
        prepared,
        supply=replace(prepared.supply, sections=sections),
        catchments=replace(prepared.catchments, table=table),
        district=replace(prepared.district, admission_plan=ADMITS),
    )


@pytest.fixture(scope="module")
def scenario(tmp_path_factory: pytest.TempPathFactory) -> Scenario:
    """Everything that a planner may ask of the catchments."""
    return written(
        tmp_path_factory.mktemp("zoned"),
        small_district(9),
        phases=[{"first_year": 2026, "last_year": 2027}, {"first_year": 2028, "last_year": 2033}],
        rules={"off": ["catchment_connected", "catchment_holds_school"]},
        zoning={"nearest_share": 0.5, "moved_share": 0.6},
        candidates={"schools": {"primary": [2, 4]}},
        decisions=[
            {"place": "U0012", "school": "S004", "decision": "assign", "stage": "junior", "year": 2028},
            {"place": "U0016", "school": "S003", "decision": "forbid"},
        ],
    )


@pytest.fixture(scope="module")
def prepared(scenario: Scenario) -> Prepared:
    return with_zone(run.prepare(scenario))


@pytest.fixture(scope="module")
def problem(prepared: Prepared) -> Problem:
    return model.assemble(planning.sources(prepared))


@pytest.fixture(scope="module")
def result(prepared: Prepared) -> Result:
    return run.optimize_prepared(prepared, Watcher())


def code_of(problem: Problem, section: str) -> int:
    return next(code for code, one in enumerate(problem.sections) if one.section_id == section)


def test_one_school_stands_for_a_zone(prepared, problem):
    """The other has no pairs; the journey is the mean of both; the units of both are its units of today."""
    lead, other = (code_of(problem, section) for section in ZONE)
    assert problem.zoning.zones == ((lead, other),)
    assert len(problem.pairs_of_section(other)) == 0
    pairs = prepared.access.pairs.set_index(["unit_id", "site_id"])["minutes_young"]
    for pair in problem.pairs_of_section(lead).tolist():
        unit = problem.units[problem.blocks[int(problem.pair_block[pair])].unit]
        assert problem.minutes[pair] == pytest.approx((pairs[unit, "S001"] + pairs[unit, "S002"]) / 2)
    assert set(problem.today[problem.pairs_of_section(lead)].round(9)) <= {0.0, 1.0}


def test_without_the_rule_every_school_stands_for_itself(prepared):
    rules = prepared.scenario.rules.model_copy(update={"off": ("shared_zone",)})
    alone = replace(prepared, scenario=prepared.scenario.model_copy(update={"rules": rules}))
    problem = model.assemble(planning.sources(alone))
    assert problem.zoning.zones == ()
    assert all(len(problem.pairs_of_section(code_of(problem, section))) for section in ZONE)


def test_the_facts_of_the_zoning_rules_are_those_of_the_tables(prepared, problem):
    """Groups, feeders, town units, limits, and what the planner asks for."""
    zoning = problem.zoning
    assert [[problem.units[unit] for unit in group] for group in zoning.together] == [["U0001", "U0005"]]
    assert zoning.feeders == {code_of(problem, section) for section in JUNIORS}
    kinds = prepared.district.units.set_index("unit_id")["area_kind"]
    assert {problem.units[unit] for unit in zoning.town} == set(kinds.index[kinds != "village"])
    assert (zoning.oversized_line, zoning.extreme_line, zoning.oversized_share) == (56, 66, 0.05)
    assert (zoning.nearest_share, zoning.moved_share) == (0.5, 0.6)
    assert problem.school_count == {Stage.PRIMARY: (2, 4)}


def test_a_zone_admits_what_its_schools_plan_together(problem):
    """260 + 240 and a tenth in 2027; 500 and a tenth in 2028."""
    zone, junior = code_of(problem, ZONE[0]), code_of(problem, "S004:junior")
    assert problem.zoning.intake == {(zone, 1): pytest.approx(550), (junior, 2): pytest.approx(550)}


def test_entrants_are_the_children_of_the_entry_grade(prepared, problem):
    """Of a block with grade 1, those of grade 1; of one with grades 4 to 6, none."""
    demand = prepared.projection.plan_demand
    columns = [demand.years.index(year) for year in problem.years]
    for pair in problem.pairs_of_section(code_of(problem, ZONE[0])).tolist():
        block = problem.blocks[int(problem.pair_block[pair])]
        left = 1 - sum(problem.aside.get(block.bands[0].band_id, {}).values())
        first = left * demand.children[block.unit, demand.cells.index((Stage.PRIMARY, 1)), columns]
        expected = first if block.bands[0].grade_from == 1 else np.zeros(len(columns))
        assert problem.zoning.entrants[pair] == pytest.approx(expected)


def test_units_of_a_group_have_the_same_choices(problem):
    one, other = problem.zoning.together[0]
    reach = [
        {
            (block.stage, block.bands, int(section))
            for code, block in enumerate(problem.blocks)
            if block.unit == unit and block.whole
            for section in problem.pair_section[problem.pairs_of_block(code)]
        }
        for unit in (one, other)
    ]
    assert reach[0] == reach[1]


def test_decisions_about_units_become_requirements(problem):
    """From the second phase on, and from the first one; as the unit and the section that are meant."""
    asked = {
        (entry.kind, problem.units[entry.unit], problem.sections[entry.section].section_id, entry.phase)
        for entry in problem.requirements
    }
    assert asked == {("assigned", "U0012", "S004:junior", 1), ("apart", "U0016", "S003:primary", 0)}


def test_the_plan_keeps_every_zoning_rule(result):
    """Nothing new that binds, by any of these rules; single classes are an evaluation of what operation makes of means."""
    found = result.audit.of(Network.PLAN)
    mine = found[found["rule"].isin(RULES) & (found["status"] == FindingStatus.NEW)]
    assert (
        mine.loc[mine["effect"].isin([Effect.RIGID, Effect.OWN]), ["rule", "place_id", "year"]].to_numpy().tolist()
        == []
    )


def test_children_of_a_zone_are_spread_alike(result):
    """Every unit of the zone has the same shares in a phase, in both schools."""
    plan = result.plan
    rows = plan.catchments[plan.catchments["section_id"].isin(ZONE) & (plan.catchments["phase"] > 0)]
    parts = rows.groupby(["phase", "unit_id", "band"])["share"].transform(lambda share: share / share.sum())
    groups = parts.groupby([rows["phase"], rows["section_id"]])
    assert groups.ngroups == 4
    assert (groups.max() - groups.min()).max() < 1e-9


def problems_of(prepared: Prepared, **settings: object) -> list[str]:
    scenario = prepared.scenario.model_copy(
        update={"decisions": (), "candidates": type(prepared.scenario.candidates)()}
    )
    data = scenario.model_dump() | settings
    return [
        f"{problem.where} {problem.what}"
        for problem in capacity.impossible_decisions(
            Scenario.model_validate(data), prepared.supply, set(prepared.district.units["unit_id"])
        )
    ]


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        (
            {"decisions": [{"place": "U9", "school": "S004", "decision": "assign"}]},
            "decisions[1].place U9 不是本区的划片单元",
        ),
        (
            {"decisions": [{"place": "U0001", "school": "S9", "decision": "assign"}]},
            "decisions[1].school S9 不是本区的学校",
        ),
        (
            {"decisions": [{"place": "U0001", "school": "S007", "decision": "forbid", "stage": "senior"}]},
            "decisions[1].school S007 没有按招生范围招生的普通高中学部",
        ),
        (
            {"candidates": {"schools": {"junior": [0, 1]}}},
            "candidates.schools.junior 初中最多 1 所，少于不能撤并的 2 所",
        ),
        ({"candidates": {"schools": {"senior": [4, 9]}}}, "candidates.schools.senior 普通高中最少 4 所"),
    ],
)
def test_what_no_plan_can_carry_out_is_told_before_anything_is_computed(prepared, settings, words):
    """The setting, the place and the two numbers."""
    assert [problem for problem in problems_of(prepared, **settings) if problem.startswith(words)]


def test_zones_that_share_a_school_are_one_zone(prepared):
    """One unit lists S001 and S002, another one S002 and S003: S003 runs other grades and stays alone."""
    sections = prepared.supply.sections.copy()
    sections.loc[["S003:primary"], "regime"] = "shared_catchment"
    supply = replace(prepared.supply, sections=sections)
    rows = prepared.catchments.table
    extra = pd.DataFrame([("U0001", "primary_1_3", "S003:primary", 0.1, False)], columns=list(rows.columns))
    table = pd.concat([rows, extra], ignore_index=True)
    assert capacity.shared_zones(supply, replace(prepared.catchments, table=table)) == (ZONE,)
    assert Path(prepared.scenario.district.folder).is_dir()
