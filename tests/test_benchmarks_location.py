"""Published location problems: read as they are written, posed as they are meant, checked by code of its own."""

from __future__ import annotations

import ast
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from benchmarks import FAMILIES, Options
from benchmarks.__main__ import main
from benchmarks.check import check, read_solution
from benchmarks.instances import ReadError
from benchmarks.kong_files import read_cflsap, read_sap60
from benchmarks.location import pose
from benchmarks.location_files import read_cflp, read_cpmp, read_sscflp
from benchmarks.results import Results
from benchmarks.solving import solve_cbc, solve_highs, solve_planner
from tests.benchmark_cases import best, row_instance, solution, task, write_row

HERE = Path(__file__).parent.parent
SHARED = HERE.parent / "shared" / "instances"
needs_data = pytest.mark.skipif(not SHARED.is_dir(), reason="the published instances are not beside the project")


@pytest.mark.parametrize(
    "module",
    [
        "check",
        "instances",
        "kong_files",
        "location_files",
        "results",
        "county_check",
        "county_attend",
        "county_cost",
    ],
)
def test_readers_and_checks_import_nothing_of_the_planner(module):
    """A mistake of the planner cannot hide in its own check."""
    tree = ast.parse((HERE / "benchmarks" / f"{module}.py").read_text(encoding="utf-8"))
    names = [node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    names += [name.name for node in ast.walk(tree) if isinstance(node, ast.Import) for name in node.names]
    assert [name for name in names if name.startswith("simulator")] == []
    posing = ("benchmarks.location.", "benchmarks.solving", "benchmarks.county.")
    assert [name for name in names if f"{name}.".startswith(posing)] == []


def test_the_check_counts_fixed_cost_and_journeys():
    """11555: 50 + 50 fixed, 0 + 10 + 24 + 8 + 0 journeys; loads 20 of 25 and 30 of 30."""
    verdict = check(solution("11555"), task())
    assert verdict.faults == ()
    assert verdict.objective == 50 + 50 + 10 + 24 + 8
    assert verdict.feasible
    assert verdict.connected


@pytest.mark.parametrize(
    ("wrong", "changes", "fault"),
    [
        # schools of units 1–5   rules                       what the check must say
        ("11155", {}, "school 1 overloaded: 32 of 25"),
        ("11515", {}, "school 1 overloaded"),
        ("15155", {}, "units of school 1 in 2 parts"),
        ("51155", {}, "school 1 does not hold its own unit 1"),
        ("1155", {}, "1 units not served once: 5"),
        ("11559", {}, "1 schools unknown: 9"),
        ("11555", {"schools": 1}, "2 schools, not 1"),
    ],
)
def test_the_check_notices_a_wrong_solution(wrong, changes, fault):
    """Each way to break a rule is named, and the solution is not feasible."""
    verdict = check(solution(wrong), task(**changes))
    assert not verdict.feasible
    assert any(line.startswith(fault) for line in verdict.faults), verdict.faults


def test_the_check_notices_a_unit_that_is_split_or_unknown_or_served_twice():
    """Unit 3 at both schools is a split (load 24.8 of 25); a unit 9 is none; two rows of a unit count twice."""
    half = pd.concat([solution("11155"), solution("11555")])
    half["share"] = np.where(half["unit"] != "3", 1.0, np.where(half["school"] == "1", 0.4, 0.6))
    half = half.drop_duplicates(["unit", "school"])
    assert check(half, task()).faults == ("1 units split: 3",)
    assert check(half, task(whole=False)).faults == ()
    assert check(solution("11555").replace({"unit": {"5": "9"}}), task()).faults == ("1 units unknown: 9",)
    twice = check(pd.concat([solution("11555"), solution("1")]), task())
    assert any(line.startswith("1 units not served once: 1") for line in twice.faults)


def test_rules_that_do_not_hold_are_not_asked():
    """Without connection 15155 lacks nothing (loads 22 and 28); whether it is connected is still said."""
    verdict = check(solution("15155"), task(connected=False, holds_school=False))
    assert verdict.feasible
    assert verdict.connected is False


def test_a_school_too_few_is_filled_up_with_the_cheapest():
    """Asked for two schools, one that serves everybody leaves one to open for nobody: 50 more."""
    free = task(schools=2, connected=False, holds_school=False)
    roomy = pd.Series([60.0, 60.0]).to_numpy()
    one = check(solution("55555"), task(instance=_with(capacity=roomy), connected=False, holds_school=False))
    two = check(solution("55555"), task(instance=_with(capacity=roomy), schools=2, connected=False, holds_school=False))
    assert two.objective == one.objective + 50
    assert free.name == "CFLSAP-row-2"


def _with(**changes):
    return type(row_instance())(**{**row_instance().__dict__, **changes})


@pytest.mark.parametrize("separator", ["\t", ","])
def test_units_and_their_own_adjacency_are_read(tmp_path, separator):
    """The unit file is known by its columns, its neighbours by their units, whatever the files are called."""
    tasks = {one.name: one for one in read_cflsap(write_row(tmp_path, separator=separator))}
    assert list(tasks) == ["SSCFLP-row", "CFLSAP-row"]
    found, expected = tasks["CFLSAP-row"].instance, row_instance()
    assert found.units == expected.units
    assert found.schools == expected.schools
    for name in ("demand", "capacity", "fixed_cost", "cost", "home", "edges"):
        assert getattr(found, name) == pytest.approx(getattr(expected, name)), name
    assert np.isnan(tasks["CFLSAP-row"].published)


def test_published_values_and_numbers_of_schools_are_found(tmp_path):
    """The better of the two published values; K from the file, or as asked."""
    source = write_row(tmp_path)
    (source / "published.csv").write_text(
        "problem,instance,K,cplex_UB,matheuristic_obj\n"
        "CFLSAP(contiguous),row,,143,142\nSSCKFLP,row,2,150,151\nSSCKFLP,other,2,1,1\n",
        encoding="utf-8",
    )
    values = {one.name: one.published for one in read_cflsap(source)}
    assert values["CFLSAP-row"] == 142
    assert values["SSCKFLP-row-2"] == 150
    asked = [one.name for one in read_cflsap(source, [1]) if one.schools]
    assert asked == ["SSCKFLP-row-1", "CKFLSAP-row-1"]


def test_one_file_is_read_alone(tmp_path):
    """A file in place of a folder; its neighbours lie beside it."""
    source = write_row(tmp_path)
    write_row(tmp_path, name="second")
    assert [one.name for one in read_sap60(source / "row.txt")] == ["contiguous-row", "noncontiguous-row"]
    assert all(one.fixed and not one.instance.fixed_cost.any() for one in read_sap60(source))


def test_connection_without_neighbours_is_refused(tmp_path):
    """An instance whose adjacency is missing cannot be asked for connected catchments."""
    source = write_row(tmp_path)
    (source / "some_neighbours.txt").unlink()
    with pytest.raises(ReadError, match="5 units"):
        list(read_sap60(source))


def test_classical_formats_are_told_apart_by_their_numbers(tmp_path):
    """Two facilities (capacity 9 and 8, fixed 5 and 6), three customers; the same problem in the three formats."""
    texts = {
        "holmberg": "2 3\n9 5\n8 6\n1 2 3\n10 11 12\n20 21 22\n",
        "diaz": "3 2\n10 20\n11 21\n12 22\n1 2 3\n5 6\n9 8\n",
        "orlib": "2 3\n9 5\n8 6\n1\n10 20\n2\n11 21\n3\n12 22\n",
    }
    for name, text in texts.items():
        (tmp_path / name).mkdir()
        (tmp_path / name / "p1").write_text(text + "\0\0", encoding="utf-8")
    (tmp_path / "diaz" / "optimum.csv").write_text("instance,optimum\np1,39\n", encoding="utf-8")
    (tmp_path / "orlib" / "capopt.txt").write_text("Data file   Optimal value\np1  38.5\n", encoding="utf-8")
    found = [*read_sscflp(tmp_path / "holmberg"), *read_sscflp(tmp_path / "diaz"), *read_cflp(tmp_path / "orlib")]
    assert [one.instance.name for one in read_sscflp(tmp_path)][:1] == ["diaz_p1"]
    for one in found:
        assert one.instance.demand.tolist() == [1, 2, 3]
        assert one.instance.capacity.tolist() == [9, 8]
        assert one.instance.fixed_cost.tolist() == [5, 6]
        assert one.instance.cost.tolist() == [[10, 20], [11, 21], [12, 22]]
    assert [one.whole for one in found] == [True, True, False]
    assert [one.published for one in found[1:]] == [39, 38.5]


def test_p_medians_cost_their_distance_once(tmp_path):
    """Those of pmedcap are rounded down (√2 → 1), those of SJC are not; capacity common or by row."""
    (tmp_path / "a.txt").write_text(" 1 7\n 2 1 9\n 1 0 0 4\n 2 1 1 5\n", encoding="utf-8")
    (tmp_path / "b.dat").write_text("2 1\n0 0 8 4\n1 1 9 5\n", encoding="utf-8")
    rounded, exact = read_cpmp(tmp_path)
    assert rounded.instance.cost.tolist() == [[0, 1], [1, 0]]
    assert exact.instance.cost[0, 1] == pytest.approx(2**0.5)
    assert rounded.instance.capacity.tolist() == [9, 9]
    assert exact.instance.capacity.tolist() == [8, 9]
    assert rounded.name == "CPMP-a-1"
    assert rounded.published == 7


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"connected": False, "holds_school": False},
        {"connected": False},
        {"fixed": True},
        {"schools": 2},
    ],
)
@pytest.mark.parametrize("solve", [solve_planner, solve_highs, solve_cbc])
def test_every_solver_finds_the_best_of_all_solutions(changes, solve, tmp_path):
    """The posed problem has the published objective: its optimum is the least of all feasible ones (2⁵ of them)."""
    asked = task(**changes)
    answer = solve(pose(asked), 10)
    shares = answer.shares.reshape(asked.instance.cost.shape)
    chosen = "".join(asked.instance.schools[code] for code in shares.argmax(axis=1))
    verdict = check(solution(chosen), asked)
    assert verdict.faults == ()
    assert verdict.objective == pytest.approx(best(asked))
    assert answer.objective == pytest.approx(verdict.objective)
    assert answer.bound <= verdict.objective * (1 + 1e-6)


def test_a_cost_without_demand_is_refused():
    """A unit without pupils has no journeys that could cost anything."""
    demand = np.array([0.0, 10.0, 12.0, 8.0, 10.0])
    with pytest.raises(ValueError, match="without demand"):
        pose(task(instance=_with(demand=demand)))


def test_results_are_written_row_by_row(tmp_path):
    """A row of a known key is replaced, the others stay, and what was written is read again."""
    results = Results(tmp_path / "new" / "x-results.csv")
    key = {"problem": "CPMP", "instance": "007", "K": 5}
    results.write(key | {"objective": 2.0})
    results.write(key | {"K": pd.NA, "objective": 3.0})
    results.write(key | {"objective": 1.0})
    again = Results(tmp_path / "new" / "x-results.csv")
    assert again.table["objective"].tolist() == [1.0, 3.0]
    assert again.table["instance"].tolist() == ["007", "007"]
    assert again.has(**key)
    assert not again.has(**(key | {"K": 6}))
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["x-results.csv"]


def test_a_family_is_run_once_and_its_solution_can_be_checked(tmp_path, capsys):
    """The command writes results and solutions; a finished row is not solved again unless it is asked to."""
    source, out = write_row(tmp_path / "data"), tmp_path / "out"
    words = ["run", "kong_cflsap", "--from", str(source), "--only", "r*", "--out", str(out), "--problem", "CFLSAP"]
    assert main([*words, "--seconds", "5"]) == 0
    table = pd.read_csv(out / "kong_cflsap-results.csv")
    assert table.columns[:4].tolist() == ["problem", "instance", "K", "objective"]
    assert table["objective"].tolist() == [best(task())]
    assert table["feasible"].tolist() == [True]
    assert check(read_solution(out / "CFLSAP-row.csv"), task()).feasible
    written = (out / "CFLSAP-row.csv").stat().st_mtime_ns
    capsys.readouterr()
    assert main(words) == 0
    assert (out / "CFLSAP-row.csv").stat().st_mtime_ns == written
    assert main([*words, "--again", "--seconds", "5"]) == 0
    assert (out / "CFLSAP-row.csv").stat().st_mtime_ns > written


def test_a_spoiled_solution_fails_the_run(tmp_path):
    """The report of a finished row checks its file anew."""
    source, out = write_row(tmp_path / "data"), tmp_path / "out"
    options = Options(seconds=5, problems=("CFLSAP",))
    assert FAMILIES["kong_cflsap"].run(source, out, options).passed
    solution("11155").to_csv(out / "CFLSAP-row.csv", index=False)
    report = FAMILIES["kong_cflsap"].run(source, out, options)
    assert report.faults == ("CFLSAP-row: school 1 overloaded: 32 of 25",)


def test_what_is_not_there_is_said(tmp_path, capsys):
    """An unknown problem, no source, or no instance of that name: code 2 and a sentence."""
    source = write_row(tmp_path / "data")
    common = ["run", "kong_sap60", "--out", str(tmp_path / "out")]
    assert main([*common, "--from", str(source), "--problem", "CFLSAP"]) == 2
    assert "has no problem CFLSAP" in capsys.readouterr().err
    assert main(common) == 2
    assert "--from" in capsys.readouterr().err
    assert main([*common, "--from", str(source), "--only", "zy*"]) == 2
    assert "no instance" in capsys.readouterr().err


def test_rivals_solve_the_same_rows(tmp_path):
    """HiGHS and CBC stand beside the planner, checked the same way."""
    source, out = write_row(tmp_path / "data"), tmp_path / "out"
    options = Options(seconds=5, problems=("CFLSAP",), rivals=True)
    report = FAMILIES["kong_cflsap"].run(source, out, options)
    table = pd.read_csv(out / "kong_cflsap-rivals.csv")
    assert table["solver"].tolist() == ["HiGHS", "CBC"]
    assert table["objective"].tolist() == [best(task())] * 2
    assert len(report.tables["Rivals"]) == 2


@needs_data
@pytest.mark.parametrize(
    ("family", "folder", "only", "rows"),
    [
        ("orlib_cflp", "orlib_cflp", "cap*", 13),
        ("sscflp", "sscflp/diaz", "p[16]", 2),
        ("sscflp", "sscflp/holmberg", "p[1259]", 4),
        pytest.param("cpmp", "cpmp", "pmedcap01", 1, marks=pytest.mark.slow),
    ],
)
def test_known_optima_are_found(family, folder, only, rows, tmp_path):
    """A share of the regression instances; all of them are run by hand."""
    report = FAMILIES[family].run(SHARED / folder, tmp_path, Options(seconds=20, only=only))
    assert report.faults == ()
    assert [bar.name for bar in report.bars if not bar.met] == []
    assert len(report.tables["Results"]) == rows


@needs_data
def test_the_published_counties_are_read_whole():
    """324 units and 36 candidates of 3,873 pupils, 1,276 and 33 of 819,812; 24 instances with fixed schools."""
    tasks = {one.name: one for one in read_cflsap(SHARED / "kong_cflsap")}
    assert len(tasks) == 66
    town, county = tasks["CFLSAP-zya1"].instance, tasks["CFLSAP-gya1"].instance
    assert (town.demand.sum(), len(town.schools), len(town.edges)) == (3873, 36, 809)
    assert (county.demand.sum(), len(county.schools), len(county.edges)) == (819812, 33, 3910)
    assert tasks["CFLSAP-zya3"].published == 5045.69
    connected = [one for one in read_sap60(SHARED / "kong_sap60") if one.connected]
    assert {len(one.instance.units) for one in connected} == {297, 324, 1276}
    assert len(connected) == 24
    assert not any(np.isnan(one.published) for one in connected)
