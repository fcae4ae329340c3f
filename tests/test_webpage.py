"""report.html as a file: its figures against the tables, its borders, what the public edition holds back."""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import Polygon, box

from simulator.outputs.maps.view import map_view
from simulator.outputs.tables import result_tables
from simulator.outputs.webpage import write_webpage
from simulator.outputs.webpage.ground import Borders, Grid, borders, grid_of, thinned
from simulator.outputs.webpage.words import frame_words, script_words
from simulator.result import Result
from simulator.terms import Network
from tests.result_cases import BASE, TARGET, make_result

PAGE = Path(__file__).parents[1] / "simulator" / "outputs" / "webpage"
SCRIPTS = sorted((PAGE / "script").glob("*.js"))
EVIL_SCHOOL, EVIL_UNIT = "<script>alert(1)</script>", "\"</script><!--\u2028 & 'c' {{title}}"
YEARS = list(range(BASE, TARGET + 1))


def renamed(result: Result, school: str, unit: str) -> Result:
    """The result with other names of a school and of a unit."""
    sites, units = result.supply.sites.copy(), result.district.units.copy()
    sites.loc["P1", "name"] = school
    units.loc[0, "name"] = unit
    return dataclasses.replace(
        result,
        supply=dataclasses.replace(result.supply, sites=sites),
        district=dataclasses.replace(result.district, units=units),
    )


def written(result: Result, folder: Path) -> str:
    path = folder / "report.html"
    write_webpage(result, map_view(result), path)
    return path.read_text(encoding="utf-8")


def data_of(page: str) -> dict:
    """The data in the page, as its script reads them."""
    found = re.findall(r'<script type="application/json" id="data">(.*?)</script>', page, re.DOTALL)
    assert len(found) == 1
    return json.loads(found[0])


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> Result:
    return make_result(tmp_path_factory.mktemp("case"))


@pytest.fixture(scope="module")
def page(result: Result, tmp_path_factory: pytest.TempPathFactory) -> str:
    return written(result, tmp_path_factory.mktemp("page"))


@pytest.fixture(scope="module")
def data(page: str) -> dict:
    return data_of(page)


# Borders


def rebuilt(found: Borders) -> list[shapely.Geometry]:
    """Polygons out of the arcs, as the script walks them."""

    def ring(numbers: list[int]) -> list[tuple[int, int]]:
        points: list[tuple[int, int]] = []
        for number in numbers:
            points += found.arcs[number] if number >= 0 else found.arcs[~number][::-1]
        return points

    return [
        shapely.union_all([Polygon(ring(rings[0]), [ring(hole) for hole in rings[1:]]) for rings in unit])
        for unit in found.shapes
    ]


def test_a_border_between_two_units_is_stored_once():
    """Two squares side by side: one common arc, and one outer arc of each."""
    found = borders([box(0, 0, 10, 10), box(10, 0, 20, 10)], Grid(0.0, 10.0, 1.0))
    assert sorted(map(sorted, found.sides)) == [[-1, 0], [-1, 1], [0, 1]]
    common = found.arcs[[sorted(sides) for sides in found.sides].index([0, 1])]
    assert sorted(common) == [(10, 0), (10, 10)]


def test_an_enclave_and_an_island_keep_their_shape():
    """A square in the hole of a square, whose border has no corner in common with any other; an island of the outer one."""
    outer = box(0, 0, 30, 30).difference(box(10, 10, 20, 20)).union(box(40, 0, 50, 10))
    found = borders([outer, box(10, 10, 20, 20)], Grid(0.0, 30.0, 1.0))
    assert sorted(map(sorted, found.sides)) == [[-1, 0], [-1, 0], [0, 1]]
    assert [shape.area for shape in rebuilt(found)] == [30 * 30 - 100 + 100, 100]


@settings(max_examples=12, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), min_size=3, max_size=25, unique=True))
def test_arcs_hold_every_unit_and_leave_no_gap(points: list[tuple[int, int]]):
    """Cells around any points: their areas come back (to half a step along a border of up to 260), the whole exactly."""
    frame = box(0, 0, 60, 60)
    cells = shapely.get_parts(
        shapely.voronoi_polygons(shapely.multipoints([(x + y / 977, y) for x, y in points]), extend_to=frame)
    )
    cells = shapely.coverage_clean(shapely.intersection(cells, frame))
    grid = grid_of((0.0, 0.0, 60.0, 60.0))
    found = borders(cells, grid)
    areas = [shape.area * grid.metres**2 for shape in rebuilt(found)]
    assert areas == pytest.approx(shapely.area(cells), abs=1.3)
    assert sum(areas) == pytest.approx(3600)
    walked = [arc if arc >= 0 else ~arc for unit in found.shapes for rings in unit for ring in rings for arc in ring]
    assert [walked.count(arc) for arc in range(len(found.arcs))] == [1 + (sides[1] >= 0) for sides in found.sides]


def test_thinned_borders_stay_common():
    """A wavy border of 401 points, 808 with the corners of both sides, loses most; no gap and no overlap appear."""
    wave = [(10_000 + np.sin(step), step * 50) for step in range(401)]
    west, east = Polygon([(0, 20_000), (0, 0), *wave]), Polygon([*wave, (20_000, 20_000), (20_000, 0)])
    simple = thinned(np.array([west, east]), (0.0, 0.0, 20_000.0, 20_000.0))
    assert shapely.get_num_coordinates(simple).sum() < 300
    assert shapely.coverage_is_valid(simple)
    assert shapely.area(simple).sum() == pytest.approx(4e8)


# Figures


def test_children_of_units_are_those_of_the_demand_table(result, data):
    demand = result_tables(result)["demand"]
    sums = demand.groupby(["stage", "unit_id", "year"])["children"].sum()
    assert data["years"] == YEARS
    for stage, units in data["children"].items():
        for unit, own in zip(data["units"]["id"], units, strict=True):
            assert own == pytest.approx([sums[stage, unit, year] for year in YEARS], abs=0.5)


def test_figures_of_schools_are_those_of_the_indicator(result, data):
    schools = result_tables(result)["indicators_schools"].set_index(["network", "section_id", "year"])
    pairs = (("pupils", "pupils"), ("classes", "classes"), ("seats", "seats_standard"), ("largest", "largest_class"))
    for network in Network:
        for number, section in enumerate(data["sections"]["id"]):
            for name, column in pairs:
                own = data["sections"][network.value][name][number]
                # The page stores a column without action only where it differs from the plan's.
                own = data["sections"]["plan"][name][number] if own is None else own
                for year, value in zip(YEARS, own, strict=True):
                    key = (network.value, section, year)
                    known = float(schools[column].get(key, np.nan))
                    assert (value is None and np.isnan(known)) or value == pytest.approx(known, abs=0.5)


def test_seats_and_shortages_are_those_of_the_indicator(result, data):
    seats = result_tables(result)["indicators_seats"].set_index(["network", "stage", "township", "year"])
    places = ["", *data["townships"]]
    for stage, own in data["balance"].items():
        for network in Network:
            for name in ("seats_standard", "shortage", "spare"):
                for place, values in zip(places, own[network.value][name], strict=True):
                    known = [seats.loc[(network.value, stage, place, year), name] for year in YEARS]
                    assert values == pytest.approx(known, abs=0.5)


def test_every_unit_is_in_the_catchment_that_the_plan_says(result, data):
    tables = result_tables(result)["plan_catchments"]
    known = tables.set_index(["network", "phase", "band", "unit_id"])["section_id"]
    sections = data["sections"]["id"]
    assert [layer["band"] for layer in data["layers"]] == ["primary_4_6", "junior"]
    for layer in data["layers"]:
        for network in Network:
            for (phase, *_span), number in zip(data["phases"], layer[network.value], strict=True):
                own = layer["units"][number]
                named = [[sections[one] for one in layer["zones"][zone]] for zone in own]
                assert named == [[known[network.value, phase, layer["band"], unit]] for unit in data["units"]["id"]]


def test_catchments_that_touch_have_different_colours(data):
    for layer in data["layers"]:
        for own in layer["units"]:
            for one, other in data["ground"]["sides"]:
                if other >= 0 and own[one] != own[other]:
                    assert layer["colours"][own[one]] != layer["colours"][own[other]]


def test_minutes_to_the_school_are_those_of_the_journeys(result, data):
    minutes = result.access.pairs.set_index(["unit_id", "site_id"])["minutes_young"]
    for layer in data["layers"]:
        for own, spent in zip(layer["units"], layer["minutes"], strict=True):
            for unit, zone, value in zip(data["units"]["id"], own, spent, strict=True):
                (section,) = layer["zones"][zone]
                site = data["sections"]["id"][section].split(":")[0]
                assert value == pytest.approx(minutes[unit, site], abs=0.051)


def test_units_within_the_service_radius_are_those_near_an_open_school(result, data):
    """Town units 500 m, village units 2,000 m, along the way; the primary schools that run in the last year of a phase."""
    pairs = result.access.pairs.set_index(["unit_id", "site_id"])["km"]
    kinds = result.district.units.set_index("unit_id")["area_kind"]
    (layer,) = [one for one in data["covered"] if one["stage"] == "primary"]
    for plan in (result.plan, result.no_action):
        for (phase, *_span), number in zip(data["phases"], layer[plan.network], strict=True):
            rows = plan.sections[(plan.sections["phase"] == phase) & plan.sections["open"]]
            sites = [name.split(":")[0] for name in rows["section_id"] if name.endswith(":primary")]
            expected = [
                min(pairs[unit, site] for site in sites) * 1000 <= (2000 if kinds[unit] == "village" else 500)
                for unit in data["units"]["id"]
            ]
            assert layer["units"][number] == "".join("1" if inside else "0" for inside in expected)


def test_findings_lead_to_their_place(data):
    """Three findings of the plan: of school J1 twice, of unit U012; the gravest status first."""
    found = data["findings"]
    sites, units = data["sites"]["id"], data["units"]["id"]
    named = {"site": sites, "unit": units}
    places = [named[kind][number] for kind, number in found["at"]]
    assert sorted(places) == ["J1", "J1", "U012"]
    assert len(found["sentence"]) == len(found["year"]) == len(found["status"]) == 3
    assert found["status"] == ["new", "new", "declared"]


def test_closing_and_building_are_listed_with_their_year(data):
    names, sections = data["sites"]["name"], data["sections"]
    listed = [(one["action"], one["year"], names[sections["site"][one["section"]]]) for one in data["actions"]]
    assert listed == [("new_build", 2026, "西山新建小学（新建）"), ("consolidation", 2028, "文华第2小学")]


# The file


def test_names_cannot_break_out_of_the_page(result, tmp_path):
    page = written(renamed(result, EVIL_SCHOOL, EVIL_UNIT), tmp_path)
    assert len(re.findall(r"<\s*/?\s*script", page)) == 4
    assert "<!--" not in page
    assert "\u2028" not in page
    found = data_of(page)
    assert EVIL_SCHOOL in found["sites"]["name"]
    assert found["units"]["name"][0] == EVIL_UNIT


def test_the_page_names_no_other_file(page):
    for forbidden in ("src=", "url(", "@import", "<link", "fetch(", "XMLHttpRequest", "WebSocket", "import(", "eval("):
        assert forbidden not in page
    assert re.findall(r'href="([^"]*)"', page) == ["#side"]
    assert set(re.findall(r"https?://[^'\" ]+", page)) == {"http://www.w3.org/2000/svg"}
    assert "default-src 'none'" in page.replace("&#x27;", "'")


def test_the_script_keeps_to_what_chrome_109_knows():
    newer = r"toSorted|toReversed|toSpliced|\.with\(|groupBy|withResolvers|isSubsetOf|showPopover|startViewTransition"
    for script in SCRIPTS:
        assert not re.search(newer, script.read_text(encoding="utf-8")), script.name
    style = (PAGE / "page.css").read_text(encoding="utf-8")
    assert not re.search(r"color-mix|oklch|@layer|@scope|\n\s*&|text-wrap", style)


def test_every_word_of_the_script_and_the_frame_is_given_and_used():
    script = "".join(path.read_text(encoding="utf-8") for path in SCRIPTS)
    assert set(re.findall(r"\bT\.(\w+)", script)) == set(script_words())
    frame = set(re.findall(r"\{\{(\w+)\}\}", (PAGE / "page.html").read_text(encoding="utf-8")))
    assert frame - set(frame_words()) == {"language", "title", "edition", "policy", "style", "script", "data"}
    assert set(frame_words()) <= frame


def test_script_and_style_hold_no_words_of_their_own():
    """Every word that a reader sees comes from the catalogue, so none stands in the script."""
    for path in (*SCRIPTS, PAGE / "page.css", PAGE / "page.html"):
        assert not re.search("[\u4e00-\u9fff]", path.read_text(encoding="utf-8")), path.name


# The public edition


def with_few_children(result: Result) -> Result:
    """Three children in the first unit, three pupils in school P1 in 2026, three children who move."""
    few = result.projection.plan_demand.children.copy()
    few[0, :, :] = 0.0
    few[0, 4, :] = 3.0
    demand = dataclasses.replace(result.projection.plan_demand, children=few)
    schools = result.indicators.schools.copy()
    schools.loc[(schools["section_id"] == "P1:primary") & (schools["year"] == 2026), "pupils"] = 3
    seats = result.indicators.seats.copy()
    seats.loc[seats["year"] == 2027, "shortage"] = 4.0
    return dataclasses.replace(
        result,
        projection=dataclasses.replace(result.projection, demand=dict.fromkeys(result.projection.demand, demand)),
        indicators=dataclasses.replace(result.indicators, schools=schools, seats=seats),
    )


def with_a_candidate(result: Result) -> Result:
    """One more plot, on which the plan builds nothing."""
    supply = result.supply
    sites = pd.concat([supply.sites, supply.sites.loc[["L1"]].rename({"L1": "L2"}).assign(name="候选地块乙")])
    sections = supply.sections.loc[["L1:primary"]].rename({"L1:primary": "L2:primary"})
    sections = pd.concat([supply.sections, sections.assign(site_id="L2", name="候选地块乙")])
    return dataclasses.replace(result, supply=dataclasses.replace(supply, sites=sites, sections=sections))


def edition(result: Result, name: str) -> Result:
    outputs = result.scenario.outputs.model_copy(update={"edition": name})
    return dataclasses.replace(result, scenario=result.scenario.model_copy(update={"outputs": outputs}))


def counts(data: dict) -> Iterator[float]:
    """Every number of children in the page's data."""

    def flat(value: object) -> Iterator[float]:
        if isinstance(value, list):
            for one in value:
                yield from flat(one)
        elif value is not None:
            yield value

    yield from flat(list(data["children"].values()))
    for own in data["balance"].values():
        yield from flat([own["children"], own["plan"]["shortage"], own["no_action"]["shortage"]])
    for network in Network:
        yield from flat([data["sections"][network.value][name] for name in ("pupils", "largest")])
    yield from flat([move["children"] for move in data["moves"]])
    yield from flat([[one["low"], one["high"]] for one in data["spread"].values()])


def test_the_public_edition_has_no_findings_no_candidates_and_no_small_counts(result, tmp_path):
    spoiled = with_a_candidate(with_few_children(result))
    internal, page = written(edition(spoiled, "internal"), tmp_path), written(edition(spoiled, "public"), tmp_path)
    assert any(0 < count < 5 for count in counts(data_of(internal)))
    found = data_of(page)
    assert not any(0 < count < 5 for count in counts(found))
    assert found["children"]["primary"][0] == [None] * len(YEARS)
    assert found["findings"]["sentence"] == found["summary"] == []
    assert {frozenset(one) for one in found["actions"]} == {frozenset({"section", "action", "year", "classes"})}
    for hidden in ("候选地块乙", "东部缺学位", "在校生不足百人", "内部资料"):
        assert hidden not in page
    assert "公开版" in page
    assert "内部资料，未经审核不得公开" in internal


def test_an_invented_district_bears_its_stamp(page, data):
    assert "<title>〔演示〕示范方案</title>" in page
    assert data["title"] == "〔演示〕示范方案"
    assert data["district"] == "〔演示〕示范区"


def test_steps_along_a_line_lead_back_to_its_points(data):
    """The flat steps of every arc stay inside the map, and arcs of one ring join end to end."""
    arcs = []
    for x, y, *steps in data["ground"]["arcs"]:
        points = [(x, y)]
        for east, south in zip(steps[::2], steps[1::2], strict=True):
            points.append((points[-1][0] + east, points[-1][1] + south))
        arcs.append(points)
        assert all(0 <= across <= data["ground"]["size"][0] for across, _down in points)
    for unit in data["ground"]["units"]:
        for rings in unit:
            for ring in rings:
                walked = [arcs[one] if one >= 0 else arcs[~one][::-1] for one in ring]
                assert all(before[-1] == after[0] for before, after in pairwise([*walked, walked[0]]))
