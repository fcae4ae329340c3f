"""Levers in a district that is read from files: what the supply and the model know of them before anything is decided."""

from __future__ import annotations

import pytest

from simulator import model, planning, run
from simulator.errors import InputError
from simulator.prepared import Prepared
from tests.lever_cases import LEVERS, write_with_levers


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Prepared:
    return run.prepare(write_with_levers(tmp_path_factory.mktemp("levers")))


def test_tables_of_sources_and_budgets_are_read(prepared: Prepared):
    district = prepared.district
    assert district.funding[["place_id", "source", "share"]].to_numpy().tolist() == [["P01", "专项债券", 0.6]]
    assert district.budgets.set_index("year")["education_wan"].to_dict() == {2025: 5000.0, 2026: 4900.0}


def test_the_private_kindergarten_leaves_as_the_curve_says_and_stays_until_then(prepared: Prepared):
    works = prepared.supply.committed
    assert works[["site_id", "kind", "year"]].to_numpy().tolist() == [["S008", "consolidation", 2027]]
    problem = model.assemble(planning.sources(prepared))
    code = next(code for code, one in enumerate(problem.sections) if one.section_id == "S008:kindergarten")
    held = {(entry.kind, entry.phase, entry.last) for entry in problem.requirements if entry.section == code}
    assert held == {("open", 0, 0), ("closed", 1, None)}


def test_temporary_rooms_and_their_cost_reach_the_model_in_their_phases(prepared: Prepared):
    problem = model.assemble(planning.sources(prepared))
    site = next(one for one in problem.sites if one.site_id == "S002")
    years = {problem.phases[phase].first_year: rooms for phase, rooms in site.temporary.items()}
    assert years == {2027: 2, 2028: 2}
    assert site.extra_wan == {1: pytest.approx(2 * 45 * 1.5)}


def test_a_school_that_serves_migrant_children_has_no_catchment(tmp_path):
    serves = '\n[[levers.serves]]\nschool = "S004"\nstage = "junior"\nserves = "migrant"\n'
    changed = run.prepare(write_with_levers(tmp_path, LEVERS + serves))
    section = changed.supply.sections.loc["S004:junior"]
    assert (section["serves"], section["regime"]) == ("migrant", "choice")
    zones = changed.catchments.table
    shares = zones.loc[zones["section_id"] == "S004:junior", "share"]
    # 220 of the 385 juniors of the register, the same share of every unit.
    assert shares.tolist() == pytest.approx([220 / 385] * len(changed.district.units))


def test_levers_about_schools_that_are_not_there_are_refused_together(tmp_path):
    wrong = LEVERS.replace('place = "S002"', 'place = "S099"').replace('school = "S008"', 'school = "S001"')
    with pytest.raises(InputError) as told:
        run.prepare(write_with_levers(tmp_path, wrong))
    assert len(told.value.problems) == 3
