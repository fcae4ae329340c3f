"""The whole set of maps: which sheets there are, what each must show, and why one is not drawn."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.figure import Figure
from matplotlib.legend import Legend
from matplotlib.text import Text

from simulator.outputs.fonts import drawing_style
from simulator.outputs.maps import KINDS, MapJob, MapView, draw_map, map_jobs, map_view, undrawn_words
from simulator.outputs.maps.labels import LABEL, place_words
from simulator.outputs.maps.page import new_page
from simulator.outputs.maps.paired import two_step
from simulator.outputs.maps.titles import map_titles
from simulator.outputs.summary import summary_text
from simulator.result import Result
from simulator.scenario.maps import MAP_CODES, MAP_NAMES, chosen_maps
from simulator.standards import read_standards
from simulator.terms import Action, SectionKind, label
from tests.result_cases import make_result

PLAIN = ("location", "stage_schools", "crowding", "coverage", "journeys", "reach", "catchments_now", "catchments_planned",
         "stage_layout", "coverage_planned", "near_term", "land", "land_sheets", "reserve", "legend")  # fmt: skip
"""Maps that the small district has the inputs of."""


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> Result:
    found = make_result(tmp_path_factory.mktemp("case"))
    national = read_standards(["national.toml"], {})
    figures = {**national.figures, **found.standards.figures}
    return dataclasses.replace(found, standards=dataclasses.replace(found.standards, figures=figures))


@pytest.fixture(scope="module")
def view(result: Result) -> MapView:
    return map_view(result)


@pytest.fixture(autouse=True)
def _style() -> Iterator[None]:
    with drawing_style():
        yield


def asked(result: Result, *names: str, **more: object) -> Result:
    """The run with other maps asked for."""
    outputs = result.scenario.outputs.model_copy(update={"maps": names, **more})
    return dataclasses.replace(result, scenario=result.scenario.model_copy(update={"outputs": outputs}))


def jobs_of(result: Result, *names: str, **more: object) -> list[MapJob]:
    return map_jobs(asked(result, *names, **more), map_view(result))[0]


def words_of(figure: Figure) -> str:
    return "\n".join(text.get_text() for text in figure.findobj(Text))


def drawn(result: Result, view: MapView, name: str) -> Figure:
    """The first sheet of a map."""
    job = jobs_of(result, name)[0]
    return KINDS[name].draw(view, job)


def test_every_code_of_the_usual_list_stands_for_maps_that_can_be_drawn() -> None:
    assert list(MAP_CODES) == [f"M{number}" for number in range(1, 19)]
    assert set(MAP_NAMES) == set(KINDS) == set(map_titles())
    assert chosen_maps(["M6", "reach", "layout"]) == ("journeys", "reach", "layout")


@pytest.mark.parametrize("name", PLAIN)
def test_a_map_bears_its_title_the_district_and_the_edition(result: Result, view: MapView, name: str) -> None:
    words = words_of(drawn(result, view, name))
    for wanted in (
        map_titles()[name],
        "〔演示〕示范区",
        "CGCS2000",
        "数据截止：2025年",
        "编制单位：示范区教育局",
        "内部资料",
    ):
        assert wanted in words, wanted


def test_maps_of_stages_have_a_sheet_a_stage(result: Result) -> None:
    stems = {job.stem for job in jobs_of(result, "M8", "M9", "M5", "M10")}
    assert stems == {
        *("catchments_now_primary", "catchments_now_junior", "catchments_planned_primary", "catchments_planned_junior"),
        *("coverage_kindergarten", "coverage_primary", "coverage_junior", "layout"),
        *(f"stage_layout_{stage}" for stage in ("kindergarten", "primary", "junior", "senior")),
    }


def test_a_map_without_inputs_is_not_drawn_and_the_summary_says_why(result: Result, view: MapView) -> None:
    jobs, undrawn = map_jobs(asked(result, "groups", "teachers", "transport", "legend"), view)
    assert [job.stem for job in jobs] == ["legend"]
    words = undrawn_words(undrawn)
    assert list(words) == ["集团化办学分布图", "教师交流流向图", "校车与寄宿组织图"]
    text = summary_text(result, words)
    assert "## 没有出的图" in text
    assert "- 校车与寄宿组织图：规划期内没有学生乘校车或寄宿。" in text
    assert "没有出的图" not in summary_text(result)


def test_candidate_land_is_not_for_the_public(result: Result, view: MapView) -> None:
    jobs, undrawn = map_jobs(asked(result, "land", "land_sheets"), dataclasses.replace(view, internal=False))
    assert jobs == []
    assert {item.reason for item in undrawn} == {"公开版不出候选用地"}


def test_each_county_of_a_city_has_a_sheet_of_its_own(result: Result, tmp_path: Path) -> None:
    """The western half is one county, the eastern another; a sheet holds its own units and schools only."""
    units = result.district.units
    west = units.geometry.centroid.x < units.geometry.centroid.x.median()
    district = dataclasses.replace(result.district, units=units.assign(county=np.where(west, "甲县", "乙县")))
    city = asked(dataclasses.replace(result, district=district), "legend", county_maps=("layout",))
    view = map_view(city)
    jobs, _undrawn = map_jobs(city, view)
    assert sorted(job.stem for job in jobs) == ["layout_乙县", "layout_甲县", "legend"]
    part = view.of_county("甲县")
    assert list(part.units.index) == list(units.loc[west, "unit_id"])
    assert 0 < len(part.sites) < len(view.sites)
    assert set(part.sections["site_id"]) <= set(part.sites.index)
    assert draw_map(view, next(job for job in jobs if job.county == "甲县"), tmp_path) == ""
    assert (tmp_path / "layout_甲县.png").is_file()


def test_a_page_of_several_counties_names_the_counties_and_a_sheet_of_one_its_schools(result: Result) -> None:
    """Hundreds of names find no room on the page of a city."""
    units = result.district.units
    west = units.geometry.centroid.x < units.geometry.centroid.x.median()
    district = dataclasses.replace(result.district, units=units.assign(county=np.where(west, "甲县", "乙县")))
    city = map_view(dataclasses.replace(result, district=district))
    names = set(city.sites["name"].astype(str))
    for view, counties, schools in ((city, {"甲县", "乙县"}, False), (city.of_county("甲县"), set(), True)):
        page = KINDS["layout"].draw(view, MapJob("layout", "", "layout"))
        written = {word.split("\n")[0] for panel in page.axes for word in (text.get_text() for text in panel.texts)}
        assert written & {"甲县", "乙县"} == counties
        assert bool(written & names) is schools


def test_a_pdf_embeds_the_letters_as_they_are(result: Result, view: MapView, tmp_path: Path) -> None:
    """TrueType inside, none as drawn shapes (Type 3), no date, so that equal pages are equal files."""
    (job,) = jobs_of(result, "legend", map_formats=("pdf",))
    draw_map(view, job, tmp_path)
    page = (tmp_path / "legend.pdf").read_bytes()
    assert b"/FontFile2" in page
    assert b"/Type3" not in page
    assert b"/CreationDate" not in page
    assert not (tmp_path / "legend.png").exists()


def test_the_legend_sheet_names_every_school_and_action(result: Result, view: MapView) -> None:
    figure = drawn(result, view, "legend")
    entries = {text.get_text() for legend in figure.findobj(Legend) for text in legend.get_texts()}
    kinds = {label(kind) for kind in SectionKind if label(kind)}
    actions = {label(action) for action in Action if action != Action.KEEP}
    assert actions <= entries
    assert len(kinds & entries) >= 11


def test_a_shared_catchment_is_one_area_that_names_its_members(result: Result, view: MapView) -> None:
    """P1 and P3 under 多校划片 admit the units of P1 together: one key, one area, both names on the sheet."""
    sections = view.sections.copy()
    shared = ["P1:primary", "P3:primary"]
    sections.loc[shared, "regime"] = "shared_catchment"
    rows = view.catchments
    own = rows[(rows["section_id"] == "P1:primary") & (rows["network"] == "plan")]
    both = pd.concat([rows, own.assign(section_id="P3:primary", share=0.5)], ignore_index=True)
    view = dataclasses.replace(view, sections=sections, catchments=both)
    zoned = view.catchments_in("plan", "primary", 2025)
    assert set(zoned[zoned.str.contains("P1")]) == {"P1:primary；P3:primary"}
    words = words_of(KINDS["catchments_now"].draw(view, MapJob("catchments_now", "primary", "x")))
    one, other = view.sites["name"].loc[["P1", "P3"]]
    assert f"{one}、{other}\n（多校划片）" in words
    assert "多校划片（同色一片，成员学校）" in words


@pytest.mark.parametrize("count", [10, 70])
def test_names_never_cover_one_another(view: MapView, count: int) -> None:
    """Few names are all written; of many too close together as many as find room."""
    page = new_page(view, "图", "副题")
    (panel,) = page.panels
    west, south, east, north = view.bounds
    places = np.random.default_rng(3).uniform((west, south), (east, north), (count, 2))
    words = [f"第{number}实验小学\n改扩建 2026年" for number in range(count)]
    place_words(panel, places, words, ["#222222"] * count, places, size=7)
    page.figure.canvas.draw()
    boxes = [text.get_window_extent() for text in panel.texts if text.get_gid() == LABEL]
    assert len(boxes) == count if count < 20 else len(boxes) > 30
    for number, box in enumerate(boxes):
        for other in boxes[:number]:
            assert (
                min(box.x1, other.x1) - max(box.x0, other.x0) <= 0.5
                or min(box.y1, other.y1) - max(box.y0, other.y0) <= 0.5
            )


def test_groups_transfers_and_buses_are_drawn_where_there_are_some(result: Result, view: MapView) -> None:
    """P1 leads P3; three teachers go from P1 to P3; 20 children of the first unit come to J1 by bus."""
    staff = dataclasses.replace(
        result.staff,
        groups=_groups(view),
        moves=pd.DataFrame(
            [("示范区", 2026, "P1:primary", "P3:primary", "", "rotation", 3, 1, 4.0)],
            columns=[
                "county",
                "year",
                "from_section",
                "to_section",
                "subject",
                "reason",
                "teachers",
                "backbone",
                "minutes",
            ],
        ),
    )
    pupils = result.operation.pupils.copy()
    bus = pupils.index[(pupils["year"] == 2027) & (pupils["section_id"] == "J1:junior")][0]
    pupils.loc[bus, ["way", "children"]] = ["school_bus", 20.0]
    run = dataclasses.replace(result, staff=staff, operation=dataclasses.replace(result.operation, pupils=pupils))
    unit = view.units["name"].loc[pupils.loc[bus, "unit_id"]]
    for name, wanted in (
        ("groups", ("明德教育集团", "未入集团：1所")),
        ("teachers", ("交流教师：3人次", "交流轮岗")),
        ("transport", ("校车：20人，1个单元", f"{unit} → 示范第1初级中学 校车20人", "2027年（人数最多的一年）")),
    ):
        words = words_of(KINDS[name].draw(view, jobs_of(run, name)[0])).replace("\n", "")
        assert all(text in words for text in wanted), (name, words)


def _groups(view: MapView) -> pd.DataFrame:
    rows = [("G1", "明德教育集团", "group", "P1", "lead"), ("G1", "明德教育集团", "group", "P3", "member"),
            ("", "太远", "", "P2", "member")]  # fmt: skip
    table = pd.DataFrame(rows, columns=["group_id", "name", "kind", "school_id", "role"])
    places = view.sites.loc[table["school_id"], ["x", "y"]].to_numpy(dtype=float)
    lead = view.sites.loc["P1", ["x", "y"]].astype(float)
    return table.assign(x=places[:, 0], y=places[:, 1], lead_x=lead["x"], lead_y=lead["y"])


def test_near_works_are_listed_with_year_classes_and_money(result: Result, view: MapView) -> None:
    words = words_of(drawn(result, view, "near_term"))
    assert "2026年 西山新建小学 小学新建 12班 5400万元" in words
    assert "投资：5400万元" in words


def test_a_sheet_of_a_plot_has_its_figures(result: Result, view: MapView) -> None:
    """2.4 hectares for 12 classes are 2000 m² a class."""
    (job,) = jobs_of(result, "land_sheets")
    assert job.stem == "land_sheets_L1"
    words = words_of(KINDS["land_sheets"].draw(view, job))
    for wanted in (
        "地块编号：CZ-01-02",
        "用地面积：2.40公顷",
        "规划用途：2026年建成，12班",
        "平均每班用地：2000平方米",
    ):
        assert wanted in words, wanted
    assert re.search("300米.*500米", words, re.DOTALL)


@given(
    inside=st.lists(st.lists(st.booleans(), min_size=3, max_size=3), min_size=1, max_size=6),
    seats=st.lists(st.integers(0, 500), min_size=3, max_size=3),
    children=st.lists(st.integers(0, 300), min_size=6, max_size=6),
)
@settings(max_examples=40, deadline=None)
def test_seats_within_reach_are_those_of_a_plain_loop(
    inside: list[list[bool]], seats: list[int], children: list[int]
) -> None:
    """Each school's seats go in equal shares to all children within reach, so the sum over them is all the seats."""
    units, schools = len(inside), range(3)
    within = pd.DataFrame(inside)
    found = two_step(within, pd.Series(seats), pd.Series(children[:units]))
    asking = [sum(children[unit] for unit in range(units) if inside[unit][school]) for school in schools]
    for unit in range(units):
        near = [school for school in schools if inside[unit][school] and asking[school]]
        assert found[unit] == pytest.approx(sum(seats[school] / asking[school] for school in near))
    served = sum(seats[school] for school in schools if asking[school])
    assert float((found * children[:units]).sum()) == pytest.approx(served)
