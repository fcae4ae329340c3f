"""From a district to the optimization problem, and from its solution to a plan that the audit passes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from simulator import audit, model, planning, run
from simulator.inputs.synthetic import (
    DistrictCard,
    Invention,
    SchoolGroup,
    Work,
    invent_district,
    small_district,
    write_district,
)
from simulator.model import Problem
from simulator.plan import Plan, present_network
from simulator.prepared import Prepared
from simulator.result import Result
from simulator.scenario import Scenario
from simulator.terms import Nature, SectionKind, Stage
from tests.test_audit import SPOILED

OFF = {"off": ("protected_stays_open",)}
WORKS = (
    Work(Stage.PRIMARY, "extension", 4, 180, 2027, 999, "committed"),
    Work(Stage.JUNIOR, "extension", 3, 150, 2028, 500, "under_construction", school=SectionKind.JUNIOR_SCHOOL),
    Work(Stage.JUNIOR, "conversion", 2, 100, 2029, 77, "committed", school=SectionKind.NINE_YEAR),
)


def written(folder: Path, spec: Invention, **settings: object) -> Scenario:
    """A scenario over an invented district."""
    card = DistrictCard(spec.name, spec.name, spec.crs, "invented", {"default": 2025})
    write_district(invent_district(spec), folder, card)
    return Scenario.model_validate(
        {
            "title": "小样区方案",
            "district": {"folder": folder},
            "horizon": {"base_year": 2025, "target_year": 2033, "projection_to": 2036},
            "solver": {"time_limit_s": 8.0, "gap": 0.3},
            **settings,
        }
    )


def with_works(seed: int) -> Invention:
    return replace(small_district(seed), works=WORKS)


def with_private_school(seed: int) -> Invention:
    base = small_district(seed)
    private = SchoolGroup(SectionKind.COMPLETE_PRIMARY, 1, nature=Nature.PRIVATE, decided_here=False)
    return replace(base, schools=(*base.schools, private))


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Prepared:
    """A small district with three works and a decision, phases of one and of several years."""
    return run.prepare(
        written(
            tmp_path_factory.mktemp("works"),
            with_works(9),
            decisions=[
                {"place": "P01", "decision": "build", "year": 2028},
                {"place": "S002", "decision": "keep"},
                {"place": "S003", "decision": "forbid", "year": 2030},
            ],
        )
    )


@pytest.fixture(scope="module")
def problem(prepared: Prepared) -> Problem:
    return model.assemble(planning.sources(prepared))


def test_phases_hold_the_years_of_the_scenario(prepared, problem):
    """Default phases: 2026…2030 one year each, the rest to the target year; years by position, weights discounted at 4 %."""
    assert problem.years == tuple(range(2026, 2034))
    assert [(p.number, p.first_year, p.last_year, p.years) for p in problem.phases] == [
        (1, 2026, 2026, (0,)),
        (2, 2027, 2027, (1,)),
        (3, 2028, 2028, (2,)),
        (4, 2029, 2029, (3,)),
        (5, 2030, 2030, (4,)),
        (6, 2031, 2033, (5, 6, 7)),
    ]
    assert problem.weights.sum() == pytest.approx(1)
    assert problem.weights[1] / problem.weights[0] == pytest.approx(1 / 1.04)
    assert [problem.gap_between(code) for code in range(6)] == [1, 1, 1, 1, 1, 1]


def children_by_stage(problem: Problem) -> dict[Stage, np.ndarray]:
    sums: dict[Stage, np.ndarray] = {}
    for block, counts in zip(problem.blocks, problem.children, strict=True):
        left = 1 - sum(problem.aside.get(block.bands[0].band_id, {}).values())
        sums[block.stage] = sums.get(block.stage, 0.0) + counts / left
    return sums | dict(problem.pools)


def test_no_child_is_lost_on_the_way_to_the_problem(prepared, problem):
    """Children of blocks and pools by stage and year are the demand of the projection."""
    demand = prepared.projection.plan_demand
    columns = [demand.years.index(year) for year in problem.years]
    sums = children_by_stage(problem)
    assert set(sums) == {stage for stage, _ in demand.cells}
    for stage, counts in sums.items():
        assert counts == pytest.approx(demand.of(stage)[:, columns].sum(axis=0)), stage


def test_every_unit_of_today_keeps_its_school_as_a_choice(prepared, problem):
    """The catchments of today are pairs with their shares, lawful whatever the journey."""
    today = prepared.catchments.table
    found = {
        (problem.units[block.unit], band.band_id, problem.sections[section].section_id): (share, lawful)
        for section, share, lawful, block in zip(
            problem.pair_section.tolist(),
            problem.today.tolist(),
            problem.lawful.tolist(),
            [problem.blocks[code] for code in problem.pair_block.tolist()],
            strict=True,
        )
        for band in block.bands
    }
    for unit, band, section, share in today[["unit_id", "band", "section_id", "share"]].itertuples(index=False):
        assert found[unit, band, section] == (pytest.approx(share), True)


def test_works_and_decisions_become_requirements(problem):
    """Rooms, converted rooms and decisions, from the phase that starts in their year or later."""
    asked = {
        (entry.rule, entry.kind, problem.phases[entry.phase].first_year, entry.amount): entry.section
        for entry in problem.requirements
    }
    junior = [code for code, section in enumerate(problem.sections) if section.section_id == "S001:junior"]
    assert ("committed_happens", "rooms", 2027, 4) in asked
    assert ("committed_happens", "rooms", 2028, 3) in asked
    assert asked["committed_happens", "converted", 2029, 2] in junior
    assert ("planner_decides", "open", 2028, 0) in asked  # P01
    assert ("planner_decides", "open", 2026, 0) in asked  # S002 keeps running
    assert ("planner_decides", "forbidden", 2030, 0) in asked


def test_committed_extensions_cost_what_the_projects_state(problem):
    """999 and 500 万元 for 4 and 3 rooms: what they cost beyond the unit price stands beside the rooms."""
    extras = {
        (entry.kind, site.extra_wan[entry.phase]): (site.room_capital_wan, entry.amount)
        for entry in problem.requirements
        if entry.rule == "committed_happens"
        for site in [problem.sites[entry.site]]
    }
    for (kind, extra), (price, rooms) in extras.items():
        stated = {("rooms", 4): 999, ("rooms", 3): 500, ("converted", 2): 77}[kind, rooms]
        unit = price if kind == "rooms" else problem.prices.conversion_room_wan
        assert extra == pytest.approx(stated - rooms * unit)


def test_a_campus_that_is_too_large_today_may_stay_as_large(prepared, problem):
    """The evaluation allows 2,000: a primary school of 4,100 today seats 4,100, a junior school of 300 seats 2,000."""
    sections = prepared.supply.sections
    kinds = (SectionKind.COMPLETE_PRIMARY, SectionKind.JUNIOR_SCHOOL)
    schools = [sections.index[(sections["kind"] == kind) & sections["existing"].astype(bool)][0] for kind in kinds]
    pupils = sections["pupils"].mask(sections.index == schools[0], 4100).mask(sections.index == schools[1], 300)
    crowded = replace(prepared, supply=replace(prepared.supply, sections=sections.assign(pupils=pupils)))
    largest = {site.site_id: site.largest for site in model.assemble(planning.sources(crowded)).sites}
    assert [largest[school.split(":")[0]] for school in schools] == [4100, 2000]


def test_a_private_school_takes_its_share_of_every_unit_aside(tmp_path):
    """It has no catchment: its share stands apart, the rest goes by catchment, and no pool of the stage is counted twice."""
    ready = run.prepare(written(tmp_path, with_private_school(11)))
    problem = model.assemble(planning.sources(ready))
    private = [s.section_id for s in problem.sections if not s.public and s.stage is Stage.PRIMARY]
    assert private
    shares = {section for sections in problem.aside.values() for section in sections}
    assert set(private) <= shares
    assert Stage.PRIMARY not in problem.pools
    assert not {problem.sections[code].section_id for code in problem.pair_section.tolist()} & set(private)
    demand = ready.projection.plan_demand
    columns = [demand.years.index(year) for year in problem.years]
    assert children_by_stage(problem)[Stage.PRIMARY] == pytest.approx(demand.of(Stage.PRIMARY)[:, columns].sum(axis=0))


CASES = {
    "as it is": (small_district(1), {}),
    "works and decisions": (
        with_works(9),
        {"decisions": [{"place": "P01", "decision": "build", "year": 2028}, {"place": "S002", "decision": "keep"}]},
    ),
    "no money": (small_district(3), {"budget": {"capital_wan": [0] * 7}}),
}
SLOW_CASES = {
    "private school": (with_private_school(11), {}),
    "everything may close": (
        small_district(6),
        {
            "candidates": {"close": list(SectionKind), "close_below_pupils": 5000},
            "timing": {"overlap_years": 2},
            "rules": OFF,
        },
    ),
    "a school must close": (
        small_district(7),
        {
            "decisions": [
                {"place": "S002", "decision": "close", "year": 2029},
                {"place": "P01", "decision": "build", "year": 2028},
            ],
            "rules": OFF,
        },
    ),
    "a committed closure": (
        replace(
            small_district(9),
            works=(
                Work(Stage.PRIMARY, "consolidation", 0, 0, 2028, 0, "committed", school=SectionKind.TEACHING_POINT),
            ),
        ),
        {"rules": OFF},
    ),
    "two long phases": (
        small_district(12),
        {"phases": [{"first_year": 2027, "last_year": 2029}, {"first_year": 2030, "last_year": 2033}]},
    ),
    "few choices": (small_district(10, 20), {"access": {"most_choices": 3}}),
    "no rule but the law": (
        small_district(4),
        {"rules": {"off": ("largest_campus", "smallest_section", "bands_together", "standard_class_counts")}},
    ),
}


@pytest.fixture(scope="module")
def solved(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Result]:
    """The result of a case, solved once."""

    @cache
    def result(name: str) -> Result:
        spec, settings = {**CASES, **SLOW_CASES}[name]
        return run.run_scenario(written(tmp_path_factory.mktemp("case"), spec, **settings))

    return result


def check_result(result: Result) -> None:
    plan = result.plan
    findings = result.audit.of("plan")
    failing = findings[(findings["effect"] == "rigid") & (findings["status"] == "new")]
    assert failing[["rule", "place_id", "year", "figure", "norm"]].to_dict("records") == []
    assert plan.solution.unavoidable <= plan.solution.bound + 1e-3
    assert plan.solution.bound <= plan.solution.objective + 1e-3
    assert plan.objective["yuan"].sum() == pytest.approx(plan.solution.objective)
    assert (plan.sections["rooms"] >= plan.sections["classes"]).all()
    assert plan.actions["capital_wan"].sum() == pytest.approx(plan.capital["capital_wan"].sum())
    zones = plan.catchments[plan.catchments["phase"] > 0]
    assert zones.groupby(["phase", "unit_id", "band"])["share"].sum().to_numpy() == pytest.approx(1)
    assert not zones.duplicated(["phase", "unit_id", "band", "section_id"]).any()


@pytest.mark.parametrize("name", sorted(CASES))
def test_a_solved_plan_passes_the_audit(name, solved):
    """No rigid finding but those inherited or declared, and tables that agree."""
    check_result(solved(name))


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(SLOW_CASES))
def test_a_solved_plan_passes_the_audit_with_other_settings(name, solved):
    """Closures, private schools, long phases, few choices, rules off."""
    check_result(solved(name))


@pytest.mark.slow
@pytest.mark.parametrize("seed", [2, 5, 8, 13])
def test_plans_of_other_districts_pass_the_audit(seed, tmp_path):
    """The same with other geography and registers."""
    check_result(run.run_scenario(written(tmp_path, small_district(seed, 12 + seed % 9))))


def test_extensions_carry_the_section_that_grows(solved):
    """Committed rooms stand at the section of their project, with its stated cost and its name as the reason."""
    plan = solved("works and decisions").plan
    works = plan.actions[plan.actions["action"] == "extension"]
    for rooms, wan, stage, project in ((4, 999, "primary", "J01"), (3, 500, "junior", "J02")):
        own = works[works["reason"].str.contains(project)]
        assert set(own["stage"]) == {stage}
        assert own["classes"].sum() >= rooms
        extra_rooms = own["classes"].sum() - rooms
        assert (extra_rooms == 0) == (own["capital_wan"].sum() == pytest.approx(wan))
    converted = plan.actions[plan.actions["action"] == "conversion"]
    assert converted.loc[converted["reason"].str.contains("J03"), "classes"].sum() >= 2


def test_at_least_twelve_plans_are_spoiled_on_purpose():
    """The audit's own test spoils a plan for each of at least twelve rules."""
    assert len({rule for rule, *_ in SPOILED}) >= 12
    assert {rule for rule, *_ in SPOILED} <= set(audit.register.CHECKS)


def test_catchments_of_phase_zero_are_those_of_today(prepared, problem):
    """The plan's phase 0 is the present network."""
    plan = solved_quickly(prepared, problem)
    today = plan.catchments[plan.catchments["phase"] == 0]
    known = prepared.catchments.table[["unit_id", "band", "section_id", "share"]]
    merged = known.merge(today, on=["unit_id", "band", "section_id"], suffixes=("", "_plan"))
    assert len(merged) == len(known)
    assert np.allclose(merged["share"], merged["share_plan"])


def solved_quickly(prepared: Prepared, problem: Problem) -> Plan:
    no_action = present_network(
        prepared.supply.sections, prepared.catchments.table, model.present_choices(problem), prepared.scenario
    )
    settings = prepared.scenario.solver.model_copy(update={"time_limit_s": 8.0, "gap": 0.3})
    return model.optimize(problem, no_action, settings)
