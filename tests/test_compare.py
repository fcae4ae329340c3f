"""Plans side by side: children paired, decisions, what is comparable, refusals, and the written comparison read back."""

from __future__ import annotations

import dataclasses
import io
import json
import re
import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from docx import Document
from hypothesis import given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from simulator.errors import InputError
from simulator.outputs.compare import read_results
from simulator.outputs.comparison import dots, ground, lay_side_by_side, streams, write_comparison
from simulator.outputs.comparison.dots import figure_words
from simulator.outputs.comparison.notes import comparability
from simulator.outputs.comparison.page import page_text
from simulator.outputs.comparison.shifts import affected, flows, shifts
from simulator.outputs.comparison.sides import plan_sides
from simulator.outputs.manifest import write_manifest
from simulator.outputs.schemes import figure_titles
from simulator.outputs.stored import StoredResult
from simulator.outputs.stored_scenario import write_scenario
from simulator.outputs.tables import result_tables, write_tables
from simulator.result import Result
from tests.cli_cases import told
from tests.result_cases import make_result


def pupils(table: str) -> pd.DataFrame:
    """Rows of an operation: unit, section, children, minutes; all of the primary band."""
    names = {"unit_id": str, "section_id": str, "children": float, "minutes": float}
    rows = pd.read_csv(io.StringIO(table), sep=r"\s+", header=None, names=list(names), dtype=names)
    return rows.assign(band="primary_1_6", section_id=rows["section_id"].replace("-", ""))


def test_as_few_children_as_possible_change_school() -> None:
    """U1: 30 of A's 60 stay, 30 go to C. U2 stays, 4 minutes longer. U3: of 20 at A and 20 at B, 10 each go to C."""
    before = pupils("U1 A 60 10\nU2 B 50 5\nU3 A 20 8\nU3 B 20 6")
    after = pupils("U1 A 30 10\nU1 C 30 25\nU2 B 50 9\nU3 A 10 8\nU3 B 10 6\nU3 C 20 4")
    table = shifts(before, after).set_index(["unit_id", "from_section", "to_section"])["children"].to_dict()
    assert table == pytest.approx(
        {
            ("U1", "A", "A"): 30, ("U1", "A", "C"): 30, ("U2", "B", "B"): 50,
            ("U3", "A", "A"): 10, ("U3", "B", "B"): 10, ("U3", "A", "C"): 10, ("U3", "B", "C"): 10,
        }
    )  # fmt: skip


def test_who_is_affected_is_counted_by_hand() -> None:
    """Of 150, 30 + 20 change; longer: 30 by 15 and 50 by 4; shorter: 10 by 4 and 10 by 2; most 15."""
    before = pupils("U1 A 60 10\nU2 B 50 5\nU3 A 20 8\nU3 B 20 6")
    after = pupils("U1 A 30 10\nU1 C 30 25\nU2 B 50 9\nU3 A 10 8\nU3 B 10 6\nU3 C 20 4")
    table = shifts(before, after)
    row = affected(table, "stage").iloc[0].to_dict()
    expected = {"children": 150, "changed": 50, "share": 1 / 3, "longer": 80, "longer_min": (30 * 15 + 50 * 4) / 80,
                "shorter": 20, "shorter_min": 3, "most_min": 15}  # fmt: skip
    assert {name: row[name] for name in expected} == pytest.approx(expected)
    ways = flows(table).set_index(["from_section", "to_section"])
    assert ways["children"].to_dict() == pytest.approx({("A", "C"): 40, ("B", "C"): 10})
    assert ways.loc[("A", "C"), ["minutes_before", "minutes_after"]].tolist() == pytest.approx([9.5, 19.75])


def test_children_of_another_forecast_are_those_of_the_second() -> None:
    table = shifts(pupils("U1 A 60 10\nU2 A 10 1"), pupils("U1 A 10 10\nU1 B 20 12"))
    assert table.set_index(["from_section", "to_section"])["children"].to_dict() == pytest.approx(
        {("A", "A"): 10, ("A", "B"): 20}
    )


counts = st.lists(st.integers(0, 40), min_size=4, max_size=4).filter(any)


@settings(max_examples=20, deadline=None)
@given(st.lists(st.tuples(counts, counts), min_size=1, max_size=4))
def test_no_child_is_lost_and_no_pairing_moves_fewer(units: list[tuple[list[int], list[int]]]) -> None:
    """Beside a plain loop: of each unit, children as after; movers are what sections lose of as many children."""
    sides = [
        pd.DataFrame(
            [
                (f"U{u}", "junior", f"S{s}", float(n), 5.0)
                for u, unit in enumerate(units)
                for s, n in enumerate(unit[k])
            ],
            columns=["unit_id", "band", "section_id", "children", "minutes"],
        )
        for k in (0, 1)
    ]
    table = shifts(*sides)
    moved = 0.0
    for before, after in units:
        factor = sum(after) / sum(before)
        moved += sum(max(b * factor - a, 0.0) for b, a in zip(before, after, strict=True))
    assert table["children"].sum() == pytest.approx(sum(sum(after) for _before, after in units), abs=1e-3)
    assert table.loc[table["from_section"] != table["to_section"], "children"].sum() == pytest.approx(moved, abs=1e-3)


def sheet(book: Path, name: str) -> list[list[object]]:
    """Rows of a sheet below its header."""
    return CalamineWorkbook.from_path(str(book)).get_sheet_by_name(name).to_python(skip_empty_area=False)[3:]


def store(result: Result, folder: Path) -> Path:
    """A result folder without its drawings."""
    (folder / "tables").mkdir(parents=True)
    write_tables(result_tables(result), folder / "tables")
    write_scenario(result, folder / "scenario.toml")
    write_manifest(result, folder, "")
    return folder


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> Result:
    """The hand-made result: L1 built in 2026, P2 closed in 2028."""
    return make_result(tmp_path_factory.mktemp("case"))


@pytest.fixture(scope="module")
def folders(result: Result, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The plan, and one that builds nothing but closes P2 all the same; not to be changed."""
    folder = tmp_path_factory.mktemp("plans")
    actions = result.plan.actions
    less = dataclasses.replace(result.plan, actions=actions[actions["action"] != "new_build"])
    scenario = result.scenario.model_copy(update={"title": "不新建方案"})
    other = dataclasses.replace(result, plan=less, scenario=scenario)
    return store(result, folder / "one"), store(other, folder / "other")


@pytest.fixture(scope="module")
def stored(folders: tuple[Path, Path]) -> list[StoredResult]:
    """Both read back."""
    return read_results(folders, unchanged=True)


def test_decisions_that_differ_come_first(stored: list[StoredResult]) -> None:
    found = lay_side_by_side(stored)
    rows = found.works[["section_id", "action", "a", "b", "differs"]].to_numpy().tolist()
    assert rows == [
        ["L1:primary", "new_build", "2026年 12班", "", True],
        ["P2:primary", "consolidation", "2028年", "2028年", False],
    ]
    assert found.year == 2030
    assert found.zones.empty
    assert [pair.key for pair in found.pairs] == ["idle_a_a", "idle_a_b", "a_b"]
    same = found.pairs[2].table
    assert (same["from_section"] == same["to_section"]).all()


def test_one_plan_is_compared_with_no_action(stored: list[StoredResult]) -> None:
    found = lay_side_by_side(stored[:1])
    assert [side.name for side in found.sides] == ["方案A", "不采取措施"]
    assert found.notes == ("只有一份成果：与不采取措施相比。",)


def test_other_periods_and_districts_are_said(stored: list[StoredResult]) -> None:
    sooner = stored[1].scenario.horizon.model_copy(update={"target_year": 2028})
    short = dataclasses.replace(stored[1], scenario=stored[1].scenario.model_copy(update={"horizon": sooner}))
    notes = comparability(plan_sides([stored[0], short]))
    assert notes[0].startswith("规划期不同：方案A为2025—2030年、方案B为2025—2028年")
    assert "2028" in notes[1]
    away = dataclasses.replace(stored[1], facts=stored[1].facts | {"district": "邻区", "district_title": "邻区"})
    found = lay_side_by_side([stored[0], away])
    assert found.notes[0].startswith("区域不同")
    assert found.year is None
    assert found.pairs == ()
    assert len(found.idle) == 2


def test_more_than_six_are_refused(stored: list[StoredResult]) -> None:
    with pytest.raises(InputError, match="6"):
        lay_side_by_side(stored[:1] * 7)


def test_a_changed_result_and_what_is_none_are_refused_by_file(folders: tuple[Path, Path], tmp_path: Path) -> None:
    """All problems of all folders at once, each with its file; what was not read may be changed."""
    shutil.copytree(folders[0], tmp_path / "copy")
    (tmp_path / "copy" / "plan.docx").write_text("grown on", encoding="utf-8")
    assert told("compare", folders[0], tmp_path / "copy")[0] == 0
    table = tmp_path / "copy" / "tables" / "plan_actions.csv"
    table.write_text(table.read_text("utf-8-sig").replace("2028", "2029"), "utf-8")
    code, out, err = told("compare", tmp_path / "copy", tmp_path / "nothing", "--out", tmp_path / "out")
    assert code == 2
    assert "plan_actions.csv" in err
    assert "nothing" in err
    assert not (tmp_path / "out").exists()
    assert out == ""


@pytest.fixture(scope="module")
def written(stored: list[StoredResult], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The comparison of both, its pictures coarse."""
    with pytest.MonkeyPatch.context() as patch:
        for module in (ground, dots, streams):
            patch.setattr(module, "PICTURE_DPI", 40)
        found = lay_side_by_side(stored)
        return write_comparison(found, tmp_path_factory.mktemp("written") / "out")


def test_all_files_quote_the_same_figures(folders: tuple[Path, Path], written: Path) -> None:
    """T18 of the workbook, the table of the Word section and the page hold what `compare --json` answers."""
    plans = json.loads(told("compare", *folders, "--json")[1])["plans"]
    rows = {row[0]: row[2:5] for row in sheet(written / "comparison.xlsx", "T18 情景比选")}
    page = (written / "comparison.html").read_text(encoding="utf-8")
    document = Document(str(written / "comparison.docx"))
    cells = {tuple(cell.text for cell in row.cells) for table in document.tables for row in table.rows}
    for name, (title, _unit) in figure_titles().items():
        values = [plan[name] for plan in plans]
        assert rows[title] == ["" if value is None else pytest.approx(value) for value in values], name
        assert title in page
        assert any(row[0] == title for row in cells), name
    assert "5400" in page
    assert any(row[0] == "投资合计" and row[2] == "5400" for row in cells)


def test_the_page_asks_no_network_and_runs_no_script(written: Path) -> None:
    page = (written / "comparison.html").read_text(encoding="utf-8")
    assert "<script" not in page
    assert "default-src &#x27;none&#x27;" in page
    assert set(re.findall(r'(?:src|href)="(data:image/png|#|[^"]{0,12})', page)) == {"data:image/png", "#"}
    assert page.count("<figure") == len(list((written / "pictures").glob("*.png")))


def test_names_of_the_data_are_escaped_in_the_page(stored: list[StoredResult]) -> None:
    scenario = stored[0].scenario.model_copy(update={"title": "<img src=x>"})
    found = lay_side_by_side([dataclasses.replace(stored[0], scenario=scenario)])
    assert "<img src=x>" not in page_text(found, [], [], Path())


def test_pictures_of_plans_of_one_district_are_drawn(written: Path) -> None:
    """Indicators, works, catchments of each compulsory stage, and flows where children change school: P2 closes."""
    stems = {path.stem for path in (written / "pictures").glob("*.png")}
    assert {"indicators", "map_works", "map_catchments_primary", "map_catchments_junior"} <= stems
    assert {"flows_idle_a_a_primary", "flows_idle_a_b_primary"} <= stems
    assert not {stem for stem in stems if stem.startswith("flows_a_b")}


def test_a_second_comparison_replaces_the_first_but_not_a_changed_one(
    folders: tuple[Path, Path], written: Path
) -> None:
    (written / "comparison.docx").write_bytes(b"changed")
    code, _out, err = told("compare", *folders, "--out", written)
    assert (code, "comparison.docx" in err) == (2, True)


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [("oversized_share", np.nan, "—"), ("mean_minutes", 9.46, "9.5"), ("largest_variation", 0.456, "0.46")],
)
def test_figures_have_the_digits_that_they_need(name: str, value: float, words: str) -> None:
    assert figure_words(name, value) == words
