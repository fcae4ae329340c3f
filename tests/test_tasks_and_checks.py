"""任务分工 (T19), 数据核对 (T20) and what Word makes of maps and closings: one source, read from the sheets and the papers."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from simulator.outputs.data_check import children_by_age, schools_against_register
from simulator.outputs.tasks import plan_tasks
from simulator.outputs.word.blocks import Block, Grid, Picture, Text
from simulator.outputs.word.collect import document_context
from simulator.outputs.word.context import Context
from simulator.outputs.word.grids import task_grid
from simulator.outputs.word.picture_blocks import pictures
from simulator.outputs.word.plan_closing import closing_blocks
from simulator.outputs.word.plan_paper import plan_paper
from simulator.outputs.workbook.book import plan_sheets
from simulator.result import Result
from simulator.scenario.maps import MAP_NAMES
from simulator.terms import Network
from tests.result_cases import make_result


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> Result:
    return make_result(tmp_path_factory.mktemp("case"))


@pytest.fixture(scope="module")
def context(result: Result) -> Context:
    return document_context(result, {})


def _with_targets(result: Result, *rows: tuple[str, bool, float, int, float, str]) -> Result:
    names = ["item", "at_least", "value", "year", "figure", "met"]
    targets = pd.DataFrame(rows, columns=names).assign(network=Network.PLAN.value, source="某文件")
    return replace(result, finance=replace(result.finance, targets=targets))


def test_tasks_are_those_that_the_plan_contains(result: Result) -> None:
    """One new school and one extension or none, one plot, one school closed, whoever is responsible by default."""
    tasks = {task.title: task for task in plan_tasks(result)}
    assert tasks["新建项目"].measures[1] == "项目：西山新建小学。"
    assert tasks["新建项目"].office.split("、")[0] == "区教育局"
    assert tasks["教育用地保障"].office == "区自然资源和规划局、各乡镇人民政府、街道办事处"
    assert tasks["学校撤并与学生安置"].deadline == "2028年8月底前"
    assert "新增学位承诺" not in tasks
    assert list(tasks)[-1] == "监测与动态调整"


def test_who_is_entered_for_a_project_is_named_with_it_and_in_the_table_of_projects(result: Result) -> None:
    projects = pd.DataFrame({"place_id": ["L1"], "stage": ["primary"], "responsible": ["区住建局"]})
    told = replace(result, district=replace(result.district, projects=projects))
    task = next(task for task in plan_tasks(told) if task.title == "新建项目")
    assert task.measures[-1] == "西山新建小学由区住建局负责。"
    by_site = _sheet(told, "T12").rows.set_index("site_id")["responsible"]
    assert by_site["L1"] == "区住建局"
    assert set(by_site.drop("L1")) <= {"区教育局"}


PROMISES = [
    ("new_seats", True, 500.0, 2030, 540.0, "yes", "新增学位承诺", "2030年新增学位合计不低于 500，方案测算 540。"),
    ("new_seats", True, 500.0, 2030, 400.0, "no", "新增学位承诺", "2030年新增学位合计不低于 500，方案测算 400，未达到。"),
    ("private_compulsory", False, 0.05, 2028, 0.031, "yes", "规划指标目标",
     "2028年民办义务教育在校生占比不高于 5.0%，方案测算 3.1%。"),
    ("senior_gross", True, 0.9, 2030, np.nan, "", "规划指标目标",
     "2030年高中阶段毛入学率不低于 90.0%，按现有数据无法测算。"),
]  # fmt: skip


@pytest.mark.parametrize(("item", "least", "value", "year", "figure", "met", "title", "sentence"), PROMISES)
def test_a_promised_target_is_a_task_with_its_figure(
    result: Result, item: str, least: bool, value: float, year: int, figure: float, met: str, title: str, sentence: str
) -> None:
    tasks = {task.title: task for task in plan_tasks(_with_targets(result, (item, least, value, year, figure, met)))}
    assert tasks[title].measures == (sentence,)
    assert tasks[title].deadline == f"{year}年底前"


def _sheet(result: Result, number: str) -> object:
    return next(sheet for sheet in plan_sheets(result) if sheet.name.split(" ")[0] == number)


def test_word_and_excel_print_the_same_tasks(result: Result, context: Context) -> None:
    rows = _sheet(result, "T19").rows
    printed = task_grid(context).rows
    names = ["title", "words", "office", "deadline"]
    assert [row[1:] for row in printed] == list(rows[names].itertuples(index=False, name=None))
    grids = [block for block in plan_paper(context).blocks if isinstance(block, Grid) and "任务分工表" in block.title]
    assert [grid.rows for grid in grids] == [printed]


def _counted(result: Result, registered: float, residents: float) -> Result:
    """Every unit and age has the same numbers; unit 1 alone tells of migrants."""
    units = result.district.units["unit_id"]
    rows = [
        (unit, age, residents, registered, 5.0 if unit == "U001" else np.nan) for unit in units for age in range(18)
    ]
    population = pd.DataFrame(rows, columns=["unit_id", "age", "residents", "registered", "migrant"])
    shape = (len(units), 18, len(result.projection.plan_demand.years))
    people = {name: np.full(shape, residents) for name in result.projection.population}
    return replace(
        result,
        district=replace(result.district, population=population),
        projection=replace(result.projection, population=people),
    )


def test_three_counts_of_children_stand_side_by_side(result: Result) -> None:
    """Twelve units with 22 registered and 20 resident children of each age, six of them in each township.

    The register has classes of 40 in every grade: kindergartens in units 3, 6, 9, 12, primary schools in 1, 5, 9, the
    junior school in unit 2, the senior school in unit 1. Columns 1 and 2 of four are the town.
    """
    rows = children_by_age(_counted(result, 22.0, 20.0)).set_index(["township", "age"])
    table = [
        # township, age, residents, registered, register
        ("", 0, 240, 264, np.nan),
        ("", 4, 240, 264, 160),
        ("", 7, 240, 264, 120),
        ("", 13, 240, 264, 40),
        ("东川街道", 13, 120, 132, 40),
        ("西山乡", 13, 120, 132, 0),
        ("西山乡", 16, 120, 132, 0),
    ]
    for town, age, residents, registered, register in table:
        found = rows.loc[(town, age)]
        assert (found["residents"], found["registered"]) == (residents, registered), (town, age)
        assert found["register"] == register or np.isnan(register), (town, age)
        assert found["away"] == registered - residents
    assert rows.loc[("", 3), "migrants"] == 5.0
    assert rows.loc[("西山乡", 13), "words"] == "户籍多于常住：随家庭外出；学籍少于常住：本地没有初中，到外地就读"
    assert rows.loc[("", 0), "words"] == "户籍多于常住：随家庭外出"


def test_townships_add_up_to_the_district(result: Result) -> None:
    rows = children_by_age(_counted(result, 18.0, 21.5))
    names = ["residents", "registered", "register"]
    whole, towns = rows[rows["township"] == ""], rows[rows["township"] != ""]
    assert np.allclose(towns.groupby("age")[names].sum(), whole.set_index("age")[names].fillna(0.0))


def test_without_a_table_of_population_only_the_projection_and_the_register_stand(result: Result) -> None:
    rows = children_by_age(result)
    assert rows[["registered", "migrants", "away"]].isna().all(axis=None)
    assert (rows.loc[rows["township"] == "", "residents"] == 240.0).all()


DIFFERENCES = [(10.0, "相差不到半个班"), (-22.4, "相差不到半个班"), (60.0, "片外学生就读，须逐人核实"),
               (-60.0, "片内儿童到外校、外区就读，须逐人核实")]  # fmt: skip


@pytest.mark.parametrize(("difference", "words"), DIFFERENCES)
def test_a_difference_of_a_school_is_explained(result: Result, difference: float, words: str) -> None:
    """A class has 45 children: half a class is 22.5."""
    rows = result.projection.differences
    own = rows[rows["section_id"] == "P1:primary"].assign(difference=difference)
    found = schools_against_register(replace(result, projection=replace(result.projection, differences=own)))
    assert found["words"].tolist() == [words]


def test_the_public_edition_has_neither_townships_nor_schools_in_the_check(result: Result) -> None:
    outputs = result.scenario.outputs.model_copy(update={"edition": "public"})
    public = replace(result, scenario=result.scenario.model_copy(update={"outputs": outputs}))
    sheets = [sheet for sheet in plan_sheets(public) if sheet.name.startswith("T20")]
    assert [sheet.name for sheet in sheets] == ["T20 数据核对"]
    assert set(sheets[0].rows["township"]) == {""}


DRAWN = ("layout", "balance_junior", "balance_primary", "coverage_primary", "coverage_planned_primary", "land_sheets_L1",
         "layout_甲县")  # fmt: skip


def _drawn(context: Context, *stems: str) -> Context:
    return context.model_copy(update={"pictures": {stem: Path(f"{stem}.png") for stem in stems}})


REFERRED = [
    # maps asked for, sentence, captions
    (("moves",), None, []),
    (("layout",), "规划布局图见0。", ["规划布局图"]),
    (("balance",), "学位供需缺口图见0至1。", ["学位供需缺口图（小学）", "学位供需缺口图（初中）"]),
    (("coverage",), "现状服务半径覆盖图见0。", ["现状服务半径覆盖图（小学）"]),
    (("land_sheets",), "用地控制图则见0。", ["用地控制图则（西山新建小学用地）"]),
]


@pytest.mark.parametrize(("names", "sentence", "captions"), REFERRED)
def test_maps_that_were_drawn_are_figures_with_a_sentence(
    context: Context, names: tuple[str, ...], sentence: str | None, captions: list[str]
) -> None:
    found = list(pictures(_drawn(context, *(stem for stem in DRAWN if "甲县" not in stem)), *names))
    shown = [block for block in found if isinstance(block, Picture)]
    assert [picture.title for picture in shown] == [f"〔演示〕示范区{caption}" for caption in captions]
    said = [block.text for block in found if isinstance(block, Text)]
    for place, picture in enumerate(shown):
        said = [text.replace(f"\ue000{picture.key}\ue001", str(place)) for text in said]
    assert said == ([] if sentence is None else [sentence])


def test_a_sheet_of_a_county_says_which(context: Context) -> None:
    found = [
        block for block in pictures(_drawn(context, "layout", "layout_甲县"), "layout") if isinstance(block, Picture)
    ]
    assert [picture.title.removeprefix("〔演示〕示范区") for picture in found] == ["规划布局图", "规划布局图（甲县）"]


def test_every_map_and_chart_has_its_place_in_the_explanation(context: Context) -> None:
    charts = ("children_and_seats", "class_sizes", "wave", "methods_compared", "frontier")
    placed = [
        block.key for block in plan_paper(_drawn(context, *MAP_NAMES, *charts)).blocks if isinstance(block, Picture)
    ]
    assert sorted(placed) == sorted([*MAP_NAMES, *charts])


PROCEDURES = [
    # outcome and missing steps of each school; what is said
    ([("撤并", "")], "撤并程序均已走完。"),
    ([("撤并", "听证")], "1 个学部的撤并程序尚未走完，走完前不得撤并。"),
    ([("撤并", "听证"), ("撤并", "公示"), ("保留（有否决意见）", "")],
     "2 个学部的撤并程序尚未走完，走完前不得撤并。因否决意见保留 1 个学部。"),
    ([("保留（应留必留）", "")], "列为应留必留的有 1 个学部。"),
]  # fmt: skip


@pytest.mark.parametrize(("schools", "sentence"), PROCEDURES)
def test_the_chapter_on_closings_says_what_the_procedure_still_asks_for(
    context: Context, schools: list[tuple[str, str]], sentence: str
) -> None:
    sheet = context.tables["T11"].model_copy(
        update={
            "name": "T22", "title": "撤并程序与否决情形表", "names": ("outcome", "missing"),
            "columns": ("处理", "待办步骤"), "numeric": (False, False), "rows": tuple(schools),
        }
    )  # fmt: skip
    found = list(closing_blocks(context.model_copy(update={"tables": {**context.tables, "T22": sheet}})))
    assert _words(found, sentence)
    assert [block.rows for block in found if isinstance(block, Grid) and block.key == "sheet_T22"] == [tuple(schools)]


def _words(blocks: list[Block], sentence: str) -> bool:
    return any(sentence in block.text for block in blocks if isinstance(block, Text))


def test_a_plan_without_closings_has_no_chapter_on_them(context: Context) -> None:
    tables = {name: sheet for name, sheet in context.tables.items() if not name.startswith("T22")}
    assert list(closing_blocks(context.model_copy(update={"closures": (), "tables": tables}))) == []
