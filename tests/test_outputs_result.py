"""The result folder: whole or not at all, traced by its manifest, read back as it was written."""

from __future__ import annotations

import dataclasses
import json
import os
import pickle
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from simulator.errors import InputError
from simulator.outputs import check_target, compare_results, read_result, write_result
from simulator.outputs import write as write_module
from simulator.outputs.manifest import file_hashes, sha256
from simulator.outputs.placing import placed
from simulator.outputs.tables import result_tables
from simulator.result import Result
from tests.result_cases import make_result


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> Result:
    """A finished run of a dozen units, with two of its maps."""
    return make_result(tmp_path_factory.mktemp("case"), maps=("moves", "catchments"))


@pytest.fixture(scope="module")
def folder(result: Result, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Its result folder."""
    return write_result(result, tmp_path_factory.mktemp("results") / "case")


@pytest.fixture
def copy(folder: Path, tmp_path: Path) -> Path:
    """A result folder that a test may spoil."""
    target = tmp_path / "case"
    for path in folder.rglob("*"):
        if path.is_file():
            (target / path.relative_to(folder)).parent.mkdir(parents=True, exist_ok=True)
            (target / path.relative_to(folder)).write_bytes(path.read_bytes())
    return target


def test_a_result_holds_every_promised_file(folder: Path) -> None:
    """A result holds tables, workbook, maps, charts, summary, scenario and manifest, none empty."""
    expected = {
        "plan.xlsx",
        "report.html",
        "summary.md",
        "scenario.toml",
        "manifest.json",
        "maps/moves.png",
        "maps/catchments_primary.png",
        "maps/catchments_junior.png",
        "charts/children_and_seats.png",
        "charts/class_sizes.png",
        "charts/methods_compared.png",
        "tables/rivals.csv",
        "tables/plan_catchments.csv",
    }
    files = {path.relative_to(folder).as_posix(): path.stat().st_size for path in folder.rglob("*") if path.is_file()}
    assert expected <= set(files)
    assert all(size > 0 for size in files.values())


def test_the_manifest_has_the_hash_of_every_output_and_input(result: Result, folder: Path) -> None:
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["outputs"] == file_hashes(folder)
    assert manifest["inputs"]["case.toml"] == sha256(result.scenario_path)
    assert manifest["inputs"]["grid/units.csv"] == "0" * 64
    assert manifest["seed"] == 1
    assert list(manifest) == sorted(manifest)


def test_the_manifest_counts_findings_and_states_the_solver(folder: Path) -> None:
    """Of the plan's three findings one is an evaluation, one advisory, one declared; none is rigid and new."""
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    audit = {
        name: manifest["audit"][name] for name in ("rigid", "evaluation", "advisory", "own", "declared", "inherited")
    }
    assert audit == {"rigid": 0, "evaluation": 1, "advisory": 1, "own": 0, "declared": 1, "inherited": 0}
    solver = manifest["solver"]
    assert {"objective", "bound", "gap", "unavoidable", "shortage", "seconds", "status"} <= set(solver)
    assert (solver["gap"], solver["seconds"]) == (0.01, 3.21)


def test_every_frame_reads_back_equal(result: Result, folder: Path) -> None:
    """Tables of plan, operation, supply, access and indicators come back exactly as they were written."""
    stored = read_result(folder)
    for network in ("plan", "no_action"):
        was, now = getattr(result, network), getattr(stored, network)
        for name in ("sections", "catchments", "shortage", "actions", "phases", "objective"):
            _equal(getattr(now, name), getattr(was, name))
        assert (now.rezoning, now.notes) == (was.rezoning, was.notes)
        assert now.solution == dataclasses.replace(was.solution, seconds=0.0)
    for name in ("operation", "no_action_operation"):
        _equal(getattr(stored, name).classes, getattr(result, name).classes)
        _equal(getattr(stored, name).pupils, getattr(result, name).pupils)
    for name in ("sites", "sections", "modules"):
        _equal(getattr(stored.supply, name).reset_index(), getattr(result.supply, name).reset_index())
    _equal(stored.access.pairs, result.access.pairs)
    _equal(stored.access.limits, result.access.limits)
    _equal(stored.catchments.table, result.catchments.table)
    _equal(stored.audit.findings, result.audit.findings)
    for field in dataclasses.fields(result.indicators):
        _equal(getattr(stored.indicators, field.name), getattr(result.indicators, field.name))
    _equal(stored.classes, result.district.classes)


def test_everything_else_reads_back_equal(result: Result, folder: Path) -> None:
    """Demand, norms, costs, bands and the scenario come back as they were, the district's folder apart."""
    stored, demand = read_result(folder), result.projection.plan_demand
    assert (stored.demand.units, stored.demand.cells, stored.demand.years) == (demand.units, demand.cells, demand.years)
    assert np.array_equal(stored.demand.children, demand.children)
    assert stored.standards == result.standards
    assert stored.costs == result.costs
    assert stored.supply.bands == result.supply.bands
    assert stored.supply.assumptions == result.supply.assumptions
    assert stored.access.basis == "straight_line"
    assert stored.scenario.horizon == result.scenario.horizon
    assert stored.scenario.plan_phases == result.scenario.plan_phases


def _equal(now: pd.DataFrame, was: pd.DataFrame) -> None:
    was = was.reset_index(drop=True)
    if len(was) == 0:
        assert list(now.columns) == list(was.columns)
        assert len(now) == 0
        return
    assert_frame_equal(now, was, check_dtype=False, check_exact=True)


def test_catchments_edited_by_hand_are_read_as_they_are(copy: Path) -> None:
    """A unit moved to another school in the table, saved again by Excel as GB18030, is moved."""
    path = copy / "tables" / "plan_catchments.csv"
    table = pd.read_csv(path, encoding="utf-8-sig", dtype=str, keep_default_na=False)
    row = table.index[(table["network"] == "plan") & (table["phase"] == "2") & (table["band"] == "junior")][0]
    table.loc[row, "section_id"] = ""
    table.to_csv(path, index=False, encoding="gb18030")
    catchments = read_result(copy).plan.catchments
    unit = table.loc[row, "unit_id"]
    moved = catchments[(catchments["phase"] == 2) & (catchments["band"] == "junior") & (catchments["unit_id"] == unit)]
    assert list(moved["section_id"]) == [""]


def test_all_problems_of_a_garbled_result_are_told_at_once(copy: Path) -> None:
    (copy / "tables" / "limits.csv").unlink()
    (copy / "tables" / "modules.csv").write_text("site_id,module\nL1,12\n", encoding="utf-8")
    (copy / "tables" / "bands.csv").write_text("", encoding="utf-8")
    demand = (copy / "tables" / "demand.csv").read_text(encoding="utf-8-sig").splitlines()
    demand[3] = demand[3].rsplit(",", 1)[0] + ",viele"
    (copy / "tables" / "demand.csv").write_text("\n".join(demand), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_result(copy)
    places = [problem.where for problem in caught.value.problems]
    assert sorted(places) == ["bands.csv", "demand.csv", "limits.csv", "modules.csv"]
    assert "viele" in str(caught.value)


@pytest.mark.parametrize(
    ("table", "column", "value"),
    [
        ("plan_catchments", "section_id", "X9:primary"),
        ("plan_catchments", "unit_id", "U999"),
        ("sections", "site_id", "?"),
    ],
)
def test_a_name_that_no_table_has_is_refused(copy: Path, table: str, column: str, value: str) -> None:
    path = copy / "tables" / f"{table}.csv"
    frame = pd.read_csv(path, encoding="utf-8-sig", dtype=str, keep_default_na=False)
    frame.loc[0, column] = value
    frame.to_csv(path, index=False)
    with pytest.raises(InputError, match=f"{table}.csv") as caught:
        read_result(copy)
    assert value in str(caught.value)


def test_a_folder_that_is_no_result_is_not_read(tmp_path: Path) -> None:
    with pytest.raises(InputError):
        read_result(tmp_path)


def test_a_changed_result_is_not_replaced_without_force(result: Result, copy: Path) -> None:
    """A changed, an added and a missing file are each named; nothing is touched."""
    (copy / "summary.md").write_text("手改", encoding="utf-8")
    (copy / "笔记.txt").write_text("备注", encoding="utf-8")
    (copy / "maps" / "moves.png").unlink()
    with pytest.raises(InputError) as caught:
        write_result(result, copy)
    assert {problem.where for problem in caught.value.problems} == {"summary.md", "笔记.txt", "maps/moves.png"}
    assert caught.value.exit_code == 2
    assert (copy / "summary.md").read_text(encoding="utf-8") == "手改"
    check_target(copy, force=True)


def test_a_folder_of_the_user_is_never_replaced(result: Result, tmp_path: Path) -> None:
    """Not even with force: it has no manifest of ours."""
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.docx").write_text("x", encoding="utf-8")
    with pytest.raises(InputError):
        write_result(result, tmp_path / "mine", force=True)
    assert (tmp_path / "mine" / "thesis.docx").exists()
    assert [path.name for path in tmp_path.iterdir()] == ["mine"]


def test_a_file_in_the_place_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "result").write_text("x", encoding="utf-8")
    with pytest.raises(InputError):
        check_target(tmp_path / "result", force=True)


def test_an_interrupted_write_leaves_the_old_result(
    result: Result, copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ctrl-C while the workbook is written: the old result stands whole and nothing lies beside it."""
    before = file_hashes(copy)

    def interrupted(*_arguments: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(write_module, "write_workbook", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write_result(result, copy)
    assert file_hashes(copy) == before
    assert [path.name for path in copy.parent.iterdir()] == [copy.name]


def test_an_interrupted_first_write_leaves_no_folder(tmp_path: Path) -> None:
    def interrupted_write() -> None:
        with placed(tmp_path / "new", force=False) as fresh:
            (fresh / "half.csv").write_text("x", encoding="utf-8")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted_write()
    assert list(tmp_path.iterdir()) == []


def test_an_untouched_result_is_replaced(copy: Path) -> None:
    """The new folder stands in the old one's place and no other folder is left."""
    with placed(copy, force=False) as fresh:
        (fresh / "only.txt").write_text("new", encoding="utf-8")
    assert [path.name for path in copy.iterdir()] == ["only.txt"]
    assert [path.name for path in copy.parent.iterdir()] == [copy.name]


def test_equal_runs_give_equal_files_with_one_worker_and_with_two(
    result: Result, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the time fixed every byte is the same, the manifest's too."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1767225600")
    one = write_result(result, tmp_path / "a" / "one", workers=1)
    slower = dataclasses.replace(
        result, plan=dataclasses.replace(result.plan, solution=dataclasses.replace(result.plan.solution, seconds=9.0))
    )
    two = write_result(slower, tmp_path / "two", workers=2)
    assert file_hashes(one) == file_hashes(two)
    assert (one / "manifest.json").read_bytes() == (two / "manifest.json").read_bytes()
    assert '"created": "2026-01-01T00:00:00+00:00"' in (one / "manifest.json").read_text(encoding="utf-8")


def test_progress_counts_to_its_total(result: Result, tmp_path: Path) -> None:
    told: list[tuple[str, int, int]] = []
    few = result.scenario.model_copy(update={"outputs": result.scenario.outputs.model_copy(update={"maps": ()})})
    write_result(dataclasses.replace(result, scenario=few), tmp_path / "r", report=lambda *step: told.append(step))
    assert [done for _name, done, _total in told] == list(range(told[0][2]))


def test_no_table_holds_wall_time(result: Result) -> None:
    tables = result_tables(result)
    assert not [name for name, table in tables.items() if "seconds" in table.columns]


def test_plans_are_compared_by_their_figures(folder: Path) -> None:
    """One new school, one closure, 5400 万元, 60 + 30 = 90 children moved; without action nothing of that."""
    table = compare_results([folder, folder])
    assert list(table["scheme"]) == ["〔演示〕示范方案", "〔演示〕示范方案", "不采取措施"]
    expected = """
    capital_wan   5400  0
    closures         1  0
    new_schools      1  0
    moved           90  0
    findings         3  1
    """
    for line in expected.strip().splitlines():
        name, plan, idle = line.split()
        assert list(table[name]) == [float(plan), float(plan), float(idle)], name


def test_each_district_has_its_own_column_without_action(folder: Path, copy: Path) -> None:
    """Two plans of one district and one of another: a column a plan, two without action, which say whose they are."""
    facts, scenario = copy / "tables" / "facts.csv", copy / "scenario.toml"
    facts.write_text(facts.read_text("utf-8-sig").replace("示范区", "邻区").replace("True", "False"), "utf-8")
    scenario.write_text(scenario.read_text("utf-8").replace("示范方案", "邻区方案"), "utf-8")
    table = compare_results([folder, copy, folder])
    plans = ["〔演示〕示范方案", "邻区方案", "〔演示〕示范方案"]
    assert list(table["scheme"]) == [*plans, "不采取措施（〔演示〕示范方案）", "不采取措施（邻区方案）"]
    assert list(table["network"]) == ["plan"] * 3 + ["no_action"] * 2


def test_the_manifest_bears_the_stamp_of_an_invented_district(folder: Path) -> None:
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert (manifest["title"], manifest["district"]["title"]) == ("〔演示〕示范方案", "〔演示〕示范区")


def test_comparing_tells_the_problems_of_every_folder(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        compare_results([tmp_path / "a", tmp_path / "b"])
    assert len(caught.value.problems) == 2


def test_a_script_without_a_main_guard_is_not_run_again_by_the_workers(result: Result, tmp_path: Path) -> None:
    """Two workers draw for a script that starts them at its top level: it says its one line once, and nothing else."""
    (tmp_path / "result.pickle").write_bytes(pickle.dumps(result))
    script = tmp_path / "unguarded.py"
    script.write_text(
        "import pickle\nfrom pathlib import Path\nfrom simulator.outputs import write_result\nprint('once')\n"
        f"result = pickle.loads(Path({str(tmp_path / 'result.pickle')!r}).read_bytes())\n"
        f"write_result(result, Path({str(tmp_path / 'out')!r}), workers=2)\n",
        encoding="utf-8",
    )
    done = subprocess.run(  # noqa: S603  a script of this test
        [sys.executable, script], capture_output=True, text=True, check=False, env=_with_path()
    )
    assert (done.stdout, done.stderr, done.returncode) == ("once\n", "", 0)


def _with_path() -> dict[str, str]:
    return os.environ | {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
