"""What happened in a year as edits of tables and scenario: works done, late and under way; phases, money, decisions."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from simulator.errors import InputError
from simulator.inputs import read_district
from simulator.inputs.next_year import NewFiles, NextYear
from simulator.plan import CHANGE_COLUMNS
from simulator.prepared import Watcher
from simulator.run import prepare
from simulator.scenario import Scenario, read_scenario
from simulator.terms import Action
from simulator.updating import Wish, update_district
from simulator.updating.earlier import decision_table, seen_from
from simulator.updating.scenario import next_scenario
from simulator.updating.works import DONE, POSTPONED, TAKEN_AS_DONE, Facts, Work, settle
from tests import plan_cases
from tests.cli_cases import edit
from tests.plan_cases import table
from tests.update_cases import BASE, YEAR, rows, write_tiny

PROJECTS = """\
项目编号,学校或地块编号,项目名称,学段,举措,新增教室,新增学位,启用年份,投资,进度,依据
J1,P01,新园,幼儿园,新建,6,,2026,900,在建,
J2,S002,教学点撤并,小学,撤并,,,2026,,已立项,
J3,S001,扩建,小学,改扩建,2,,2026,300,在建,
J4,S004,后园撤并,幼儿园,撤并,,,2026,,已立项,
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tiny district a year on: J1 to J3 happened, S004 should have closed and has not."""
    place = tmp_path_factory.mktemp("facts")
    scenario = write_tiny(place)
    (place / "data" / "projects.csv").write_text(PROJECTS, encoding="utf-8")
    edit(scenario, "[[phases]]", '[[decisions]]\nplace = "S001"\ndecision = "keep"\n\n[[phases]]')
    prepared = prepare(scenario)
    counts = prepared.supply.sections["pupils"]
    grades = {"S001:primary": range(1, 7), "S003:kindergarten": range(-2, 1), "S004:kindergarten": range(-2, 1)}
    told = [
        (*section.split(":"), grade, YEAR, int(counts[section] // len(of)))
        for section, of in grades.items()
        for grade in of
    ]
    told += [("P01", "kindergarten", grade, YEAR, 30) for grade in range(-2, 1)]
    frame = pd.DataFrame(told, columns=["school_id", "stage", "grade", "year", "pupils"])
    frame.to_csv(place / "enrolment.csv", index=False)
    (place / "births.csv").write_text("年份,出生人口\n2025,90\n2026,95\n", encoding="utf-8")
    update = update_district(
        prepared, Wish(NewFiles(place / "enrolment.csv", place / "births.csv"), place / "new"), Watcher()
    )
    assert update.decisions is None
    assert update.revised_births[2025][1] == 90
    return place / "new"


def test_what_happened_is_told_with_its_ground(folder: Path) -> None:
    found = {(row["site_id"], row["action"]): row["state"] for row in rows(folder / "update" / "facts.csv")}
    assert found == {
        ("P01", "new_build"): DONE,
        ("S002", "consolidation"): DONE,
        ("S001", "extension"): TAKEN_AS_DONE,
        ("S004", "consolidation"): POSTPONED,
    }
    page = (folder / "update" / "summary.md").read_text(encoding="utf-8")
    assert "请核对教室数" in page
    assert "2025 年出生人口由" in page


def test_facts_stand_in_the_tables(folder: Path) -> None:
    """P01 is a school with six rooms, S002 is disused and nobody's catchment, S001 has two rooms more, J4 is a year late."""
    district = read_district(folder)
    schools = district.schools.set_index("school_id")
    before = {row["学校编号"]: row for row in rows(folder.parent / "data" / "schools.csv")}
    assert schools["status"][["P01", "S002"]].tolist() == ["operating", "disused"]
    assert schools["rooms"]["P01"] == 6
    assert schools["rooms"]["S001"] == float(before["S001"]["教室数（间）"]) + 2
    assert schools["opening_year"]["P01"] == YEAR
    assert ("P01", "kindergarten") in set(zip(district.sections["school_id"], district.sections["stage"], strict=True))
    assert "P01" not in set(district.parcels["parcel_id"])
    assert "S002" not in set(district.catchments["school_id"])
    assert district.projects[["project_id", "year"]].to_numpy().tolist() == [["J4", YEAR + 1]]
    assert district.births.set_index("year")["births"].tail(2).to_dict() == {2025: 90.0, 2026: 95.0}


def test_the_scenario_goes_with_the_district(folder: Path) -> None:
    """It reads the folder that it stands in, from the new base year on, with the decision that still holds."""
    scenario = read_scenario(folder / "scenario.toml")
    assert scenario.horizon.base_year == YEAR
    assert scenario.district.folder == folder
    assert [decision.place for decision in scenario.decisions] == ["S001"]


def told_of(pupils: dict[str, int]) -> NextYear:
    """A new year in which sections have these pupils in one grade."""
    enrolment = pd.DataFrame(
        [(*section.split(":"), 1, YEAR, count) for section, count in pupils.items()],
        columns=["school_id", "stage", "grade", "year", "pupils"],
    )
    return NextYear(YEAR, enrolment, pd.DataFrame(), pd.DataFrame())


SETTLED = """
action        pupils  state
new_build     30      done
new_build     0       postponed
consolidation 0       done
consolidation 12      postponed
extension     40      taken_as_done
conversion    0       taken_as_done
"""


@pytest.mark.parametrize("line", SETTLED.split("\n")[2:-1])
def test_the_register_settles_what_opened_and_what_closed(line: str) -> None:
    action, pupils, state = line.split()
    work = Work("P1", "primary", Action(action), 6, YEAR, 0.0, "projects")
    assert settle([work], [], told_of({"P1:primary": int(pupils)})).states == (state,)


def scenario(**changes: object) -> Scenario:
    """A scenario from 2025 to 2030."""
    values = {
        "title": "算例",
        "district": {"folder": Path("hand")},
        "horizon": {"base_year": BASE, "target_year": 2030, "projection_to": 2035},
    }
    return Scenario.model_validate(values | changes)


NOTHING = Facts((), ())


def test_default_phases_go_on_without_the_one_that_has_passed() -> None:
    """Five of one year from 2026 become four from 2027."""
    found = next_scenario(scenario(), NOTHING, Path("new")).plan_phases
    assert [(phase.first_year, phase.last_year) for phase in found] == [(y, y) for y in range(2027, 2031)]


def test_a_phase_that_has_begun_gives_its_years_part_of_the_money() -> None:
    """300 万元 for 2026–28: 100 for 2026, now before phase 1, and 200 for 2027–28; what was for 2025 is gone."""
    phases = [{"first_year": 2026, "last_year": 2028}, {"first_year": 2029, "last_year": 2030}]
    before = scenario(phases=phases, budget={"capital_wan": [50, 300, 80]})
    found = next_scenario(before, NOTHING, Path("new"))
    assert [(phase.first_year, phase.last_year) for phase in found.phases] == [(2027, 2028), (2029, 2030)]
    assert found.budget.capital_wan == pytest.approx((100, 200, 80))


def test_decisions_carried_out_go_and_late_ones_are_due_next() -> None:
    """P1 closed as decided; the school on L1 is late; U1 stays zoned, from the new phase 1 on; L2 is for later."""
    decided = [
        {"place": "P1", "decision": "close", "year": 2026},
        {"place": "L1", "decision": "build", "year": 2026, "stage": "primary"},
        {"place": "U1", "decision": "assign", "school": "P3", "year": 2026},
        {"place": "L2", "decision": "build", "year": 2029},
    ]
    works = (
        Work("P1", "primary", Action.CONSOLIDATION, 0, 2026, 0.0, "decisions"),
        Work("L1", "primary", Action.NEW_BUILD, 0, 2026, 0.0, "decisions"),
    )
    found = next_scenario(scenario(decisions=decided), Facts(works, (DONE, POSTPONED)), Path("new"))
    assert [(one.place, one.year) for one in found.decisions] == [("L1", 2027), ("U1", None), ("L2", 2029)]


def test_after_the_target_year_there_is_nothing_to_plan() -> None:
    near = scenario(horizon={"base_year": BASE, "target_year": YEAR, "projection_to": 2030})
    with pytest.raises(InputError, match="规划目标年"):
        next_scenario(near, NOTHING, Path("new"))


def test_an_earlier_plan_is_seen_from_the_new_base_year() -> None:
    """Phases 2026–27, 2028–29 and 2030 a year on: 2027, 2028–29 and 2030, with the same networks and works to come."""
    later = next_scenario(plan_cases.scenario(), NOTHING, Path("new"))
    plan = plan_cases.plan()
    found = seen_from(plan, later)
    assert found.phases[["phase", "first_year", "last_year"]].to_numpy().tolist() == [
        [0, 2026, 2026], [1, 2027, 2027], [2, 2028, 2029], [3, 2030, 2030],
    ]  # fmt: skip
    classes = found.sections.pivot_table(index="section_id", columns="phase", values="classes")
    assert classes.loc["P1:primary"].tolist() == [12, 12, 6, 6]
    assert found.actions[["action", "phase", "year"]].to_numpy().tolist() == [
        ["new_build", 2, 2028], ["consolidation", 2, 2028],
    ]  # fmt: skip


def test_decisions_are_kept_changed_dropped_or_added() -> None:
    """Of two works one is kept and one comes two years later; a third is new, and one is gone."""
    earlier = replace(
        plan_cases.plan(),
        actions=table("""
        section_id   site_id  stage    action         year  classes
        L1:primary   L1       primary  new_build      2028  12
        P2:primary   P2       primary  consolidation  2028  3
        J1:junior    J1       junior   extension      2029  4
        """),
    )
    changes = table("""
        kind           phase  stage    section_id  children  year_before  classes_before  year_now  classes_now
        catchment      1      primary  _           25        -            -               -         -
        new_build      -      primary  L1:primary  -         2028         12              2030      12
        extension      -      junior   J1:junior   -         2029         4               -         -
        extension      -      primary  N1:primary  -         -            -               2030      2
    """)
    now = replace(plan_cases.plan(), changes=changes[CHANGE_COLUMNS])
    found = decision_table(earlier, now).set_index("section_id")
    assert found["state"].to_dict() == {
        "L1:primary": "changed", "J1:junior": "dropped", "N1:primary": "added", "P2:primary": "kept",
    }  # fmt: skip
    assert found.loc["L1:primary", ["year_before", "year_now"]].tolist() == [2028, 2030]
    assert found.loc["P2:primary", ["year_before", "year_now"]].tolist() == [2028, 2028]
