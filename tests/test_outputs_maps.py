"""Maps: what every map must bear, and that it tells the truth about direction and length."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from matplotlib.collections import PathCollection
from matplotlib.colors import to_rgb
from matplotlib.image import imread
from matplotlib.text import Text
from matplotlib_scalebar.scalebar import ScaleBar
from pyproj import Geod, Transformer
from shapely.geometry import LineString, box

from simulator.outputs.fonts import SUBSTITUTE, drawing_style, missing_glyphs, replace_missing
from simulator.outputs.maps import MapView, draw_map, map_jobs, map_view
from simulator.outputs.maps.balance import balance_totals, unit_balance
from simulator.outputs.maps.labels import label_townships
from simulator.outputs.maps.layout import action_labels
from simulator.outputs.maps.page import ferry_handles, new_page, ratio
from simulator.outputs.maps.shapes import hatch_of, neighbour_numbers, tint
from simulator.outputs.maps.symbols import main_actions
from simulator.result import Result
from tests.result_cases import make_result


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> Result:
    return make_result(tmp_path_factory.mktemp("case"))


@pytest.fixture(scope="module")
def view(result: Result) -> MapView:
    return map_view(result)


@pytest.fixture(autouse=True)
def _style() -> Iterator[None]:
    with drawing_style():
        yield


def test_every_map_of_the_scenario_is_drawn_and_shows_something(view: MapView, result: Result, tmp_path: Path) -> None:
    """No warning, no missing glyph, and more than one colour on each page."""
    jobs, undrawn = map_jobs(result, view)
    assert undrawn == []
    whole = ["schools", "children", "layout", "moves", "phases"]
    staged = [f"{name}_{stage}" for name in ("balance", "catchments") for stage in ("primary", "junior")]
    assert sorted(job.stem for job in jobs) == sorted([*whole, *staged, "balance_kindergarten"])
    for job in jobs:
        assert draw_map(view, job, tmp_path) == ""
        pixels = (imread(tmp_path / f"{job.stem}.png")[..., :3] * 255).astype(np.int64)
        assert len(np.unique(pixels @ [65536, 256, 1])) > 20


def test_a_map_is_as_old_as_the_register(result: Result) -> None:
    """Births of later years and schools of earlier ones do not date it; without a register the schools do."""
    source = result.district.sources[0]
    dated = {
        name: dataclasses.replace(source, table=name, as_of=year)
        for name, year in (("births", 2023), ("classes", 2020), ("schools", 2019))
    }
    for tables, year in ((("births", "classes", "schools"), 2020), (("births", "schools"), 2019)):
        district = dataclasses.replace(result.district, sources=tuple(dated[name] for name in tables))
        assert f"数据截止：{year}年" in map_view(dataclasses.replace(result, district=district)).footer


def test_the_north_arrow_points_to_where_y_grows(view: MapView) -> None:
    """The tip of the arrow and the letter stand above its foot, as +y is above −y in the panel."""
    page = new_page(view, "图", "副题")
    arrow = next(item for item in page.figure.findobj(PathCollection) if item.get_gid() == "north_arrow")
    points = arrow.get_paths()[0].vertices
    tip = points[np.abs(points[:, 0] - points[:, 0].mean()).argsort()][:, 1].max()
    assert tip == points[:, 1].max()
    letter = next(text for text in page.figure.texts if text.get_text() == "北")
    assert letter.get_position()[1] > tip
    (panel,) = page.panels
    low, high = panel.transData.transform([(view.bounds[0], view.bounds[1]), (view.bounds[0], view.bounds[3])])
    assert high[1] > low[1]


def test_the_scale_bar_is_true_within_one_percent(view: MapView) -> None:
    """The bar measured in the drawn picture, taken to the ground along the ellipsoid, is as long as it says."""
    page = new_page(dataclasses.replace(view, dpi=300), "图", "副题")
    (panel,) = page.panels
    page.figure.canvas.draw()
    bar = next(item for item in panel.artists if isinstance(item, ScaleBar))
    stated = bar.info.value * {"m": 1.0, "km": 1000.0}[bar.info.units]
    picture = np.asarray(page.figure.canvas.buffer_rgba())[::-1, :, 0]
    place = bar.info.window_extent
    dark = picture[int(place.y0) : int(place.y1), int(place.x0) : int(place.x1)] < 100
    pixels = dark.sum(axis=1).max()
    (left, bottom), (right, _top) = panel.transData.inverted().transform([(0, 0), (pixels, 0)])
    to_degrees = Transformer.from_crs(view.crs, "EPSG:4490", always_xy=True)
    start, end = to_degrees.transform(left, bottom), to_degrees.transform(right, bottom)
    ground = Geod(ellps="GRS80").inv(*start, *end)[2]
    assert ground == pytest.approx(stated, rel=0.01)


def test_a_metre_is_as_long_up_as_across(view: MapView) -> None:
    page = new_page(view, "图", "副题", panels=("一", "二", "三"), rows=1, paper="A3")
    for panel in page.panels:
        origin, across, up = panel.transData.transform([(0, 0), (1000, 0), (0, 1000)])
        assert across[0] - origin[0] == pytest.approx(up[1] - origin[1], rel=1e-6)


def test_every_page_bears_title_footer_notes_and_scale(view: MapView) -> None:
    page = new_page(view, "现状学校布局图", "各学段　2025年")
    words = "".join(text.get_text() for text in page.figure.texts)
    for wanted in (
        "〔演示〕示范区现状学校布局图",
        "2025年",
        "CGCS2000",
        "EPSG:4543",
        "数据截止：2025年",
        "编制单位：示范区教育局",
        "内部资料，未经审核不得公开",
        "全体重划口径",
        "直线距离",
        f"1:{ratio(page.figure, page.panels[0]):,}".replace(",", " "),
    ):
        assert wanted in words, wanted


def test_rare_characters_of_place_names_have_glyphs() -> None:
    assert missing_glyphs("甪直镇 砦 垟 䶮 第一小学（〔演示〕）≥45 ▲△○✚") == ""


def test_a_character_without_a_glyph_is_listed_and_shown(view: MapView) -> None:
    page = new_page(view, "图", "副题")
    page.figure.text(0.5, 0.5, "甲\U000f0000乙")
    assert replace_missing(page.figure) == "\U000f0000"
    assert f"甲{SUBSTITUTE}乙" in [text.get_text() for text in page.figure.findobj(Text)]


def test_neighbours_never_share_a_colour() -> None:
    """A row of squares in two layers: whoever touches in either layer differs."""
    first = {"A": box(0, 0, 1, 1), "B": box(1, 0, 2, 1), "C": box(2, 0, 3, 1)}
    second = {"A": box(0, 0, 1, 1), "C": box(1, 0, 2, 1)}
    numbers = neighbour_numbers(first, second)
    assert len({numbers["A"], numbers["B"], numbers["C"]}) == 3


def test_colours_differ_in_lightness_or_in_hatch() -> None:
    """Whatever two of sixteen catchments meet, a grey print and a colour-blind reader tell them apart.

    Lightness is L* of CIE 1976 by relative luminance Y: 116 Y^(1/3) - 16; eight steps of it are plain to see.
    """
    for one in range(16):
        for other in range(one):
            apart = abs(_lightness(tint(one)) - _lightness(tint(other)))
            assert apart >= 8 or hatch_of(one) != hatch_of(other), (one, other)
            assert (tint(one), hatch_of(one)) != (tint(other), hatch_of(other))
    assert all(not hatch_of(number) for number in range(4))
    assert len({tint(number) for number in range(8)}) == 8


def _lightness(colour: str) -> float:
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in to_rgb(colour)]
    luminance = float(np.dot(linear, [0.2126, 0.7152, 0.0722]))
    return float(116 * luminance ** (1 / 3) - 16)


def test_balance_counts_unserved_units_as_wholly_short(view: MapView) -> None:
    """(seats − pupils) ÷ seats of the own school; −1 for a unit without one."""
    rows = view.catchments.copy()
    phase = view.phase_of(2028)
    here = (rows["network"] == "plan") & (rows["phase"] == phase) & (rows["band"] == "junior")
    rows.loc[here & (rows["unit_id"] == "U001"), "section_id"] = ""
    values = unit_balance(dataclasses.replace(view, catchments=rows), "plan", "junior", 2028)
    school = view.schools[(view.schools["network"] == "plan") & (view.schools["year"] == 2028)]
    junior = school.set_index("section_id").loc["J1:junior"]
    assert values["U001"] == -1
    assert values["U002"] == pytest.approx((450 - junior["pupils"]) / 450)


def test_units_that_are_points_get_cells_and_a_note(result: Result) -> None:
    points = result.district.units.assign(geometry=result.district.units.centroid)
    view = map_view(dataclasses.replace(result, district=dataclasses.replace(result.district, units=points)))
    assert set(view.units.geom_type) == {"Polygon"}
    assert any("最近点" in note for note in view.notes)
    assert view.units.geometry.contains(points.geometry.set_axis(view.units.index)).all()


def test_shortage_and_spare_of_a_stage_are_not_netted(view: MapView) -> None:
    """Two junior schools, one 30 over and one 50 under its seats: short 30 and spare 50, not spare 20."""
    junior = view.sections.index[view.sections["stage"] == "junior"][0]
    rows = view.schools[(view.schools["network"] == "plan") & (view.schools["year"] == 2028)]
    row = rows[rows["section_id"] == junior].iloc[[0]]
    sections = pd.concat([view.sections.loc[[junior]].rename(index={junior: name}) for name in ("A", "B")])
    schools = pd.concat(
        [row.assign(section_id="A", pupils=480.0, seats_standard=450.0),
         row.assign(section_id="B", pupils=400.0, seats_standard=450.0)]
    )  # fmt: skip
    two = dataclasses.replace(view, sections=sections, schools=schools)
    assert balance_totals(two, "plan", "junior", 2028) == "缺 30、余 50"


def test_a_built_parcel_bears_the_name_of_its_school_and_others_keep_theirs(view: MapView, result: Result) -> None:
    built = result.plan.actions.loc[result.plan.actions["action"] == "new_build", "site_id"]
    assert view.sites["name"].loc["L1"] == "西山新建小学（新建）"
    rest = view.sites.index.difference(pd.Index(built))
    assert (view.sites["name"].loc[rest] == result.supply.sites["name"].loc[rest]).all()


def test_a_township_is_named_off_its_schools(view: MapView) -> None:
    """The points under every name keep off every site that the panel shows."""
    page = new_page(view, "图", "副题")
    taken = label_townships(page.panels[0], view, size=10.5)
    sites = view.sites[["x", "y"]].to_numpy(dtype=float)
    off = np.abs(taken[:, None, :] - sites[None, :, :]).max(axis=2)
    assert len(taken) > 0
    assert off.min() > 0.0


def test_ferries_are_drawn_and_named_only_where_there_are_some(view: MapView) -> None:
    assert ferry_handles(view) == []
    (entry,) = ferry_handles(dataclasses.replace(view, ferries=(LineString([(0, 0), (1, 1)]),)))
    assert entry.get_label() == "轮渡航线"


def test_an_action_of_many_years_is_written_once(view: MapView) -> None:
    """The main action of a site comes first, each action on a line of its own with all its years."""
    rows = [("S1", "conversion", 2021), ("S1", "conversion", 2026), ("S1", "extension", 2021)]
    site = str(view.sites.index[0])
    works = pd.DataFrame([(site, *row[1:]) for row in rows], columns=["site_id", "action", "year"])
    assert action_labels(view, works)[site].split("\n")[1:] == ["改扩建 2021年", "学段转换 2021、2026年"]
    assert list(main_actions(works)) == ["extension"]


def test_a_crowded_core_gets_a_panel_of_its_own(view: MapView) -> None:
    """Forty sites within 400 m in a district of 4 km are crowded; spread out they are not."""
    sites = pd.concat([view.sites.iloc[[0]]] * 40, ignore_index=True)
    spread = np.linspace(0, 400, 40)
    middle_x, middle_y = (view.bounds[0] + view.bounds[2]) / 2, (view.bounds[1] + view.bounds[3]) / 2
    one = view.sections[view.sections["stage"] == "primary"].iloc[[0]]
    sections = pd.concat([one.assign(site_id=site) for site in sites.index])
    crowded = dataclasses.replace(view, sections=sections, sites=sites.assign(x=middle_x + spread, y=middle_y + spread))
    loose = dataclasses.replace(
        view, sections=sections, sites=sites.assign(x=middle_x + 10 * spread - 2000, y=middle_y)
    )
    assert crowded.core is not None
    assert loose.core is None
    assert view.core is None
