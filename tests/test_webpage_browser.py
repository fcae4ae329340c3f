"""report.html in a real Chromium without a network: what a planner and a resident do on it."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from simulator.outputs.maps.view import map_view
from simulator.outputs.webpage import page_data, write_webpage
from simulator.result import Result
from tests.browser import Page, browser_page
from tests.result_cases import TARGET, make_result

pytestmark = pytest.mark.program("chromium")

EVIL = "<script>alert(1)</script>"


def renamed(result: Result) -> Result:
    """The closing school and the third unit get names that are markup."""
    sites, units = result.supply.sites.copy(), result.district.units.copy()
    sites.loc["P2", "name"] = EVIL
    units.loc[2, "name"] = "\"</script><img src=x onerror='alert(2)'>村"
    return dataclasses.replace(
        result,
        supply=dataclasses.replace(result.supply, sites=sites),
        district=dataclasses.replace(result.district, units=units),
    )


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> Result:
    return renamed(make_result(tmp_path_factory.mktemp("case")))


@pytest.fixture(scope="module")
def file(result: Result, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("page") / "report.html"
    write_webpage(result, map_view(result), path)
    return path


@pytest.fixture(scope="module")
def opened(file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    with browser_page(tmp_path_factory.mktemp("browser")) as page:
        yield page


@pytest.fixture
def page(opened: Page, file: Path) -> Iterator[Page]:
    """The page, just opened; whatever a test did on it, it asked for nothing else and met no error."""
    opened.requests.clear()
    opened.open(file, 1366, 768)
    yield opened
    opened.settle()
    assert opened.requests == [file.as_uri()]
    assert opened.errors == []


def text(page: Page, selector: str) -> str:
    return page.run(f"document.querySelector({json.dumps(selector)}).innerText")


def find(page: Page, words: str, field: str = "find") -> None:
    """Type into a search field and take the first name that it offers."""
    page.run(f"document.getElementById('{field}').value = ''; document.getElementById('{field}').focus()")
    page.type(words)
    page.press("Enter")


def middle_of_map(page: Page) -> list[float]:
    return page.run(
        "(() => { const box = document.getElementById('map').getBoundingClientRect();"
        " return [box.x + box.width / 2, box.y + box.height / 2]; })()"
    )


def test_the_map_is_painted_and_fits_the_window(page):
    colours = page.run(
        "(() => { const canvas = document.getElementById('map'); const seen = new Set();"
        " const all = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;"
        " for (let at = 0; at < all.length; at += 404) seen.add(`${all[at]},${all[at + 1]},${all[at + 2]}`);"
        " return seen.size; })()"
    )
    assert colours > 6
    assert text(page, "h1") == "〔演示〕示范方案"
    assert "内部资料" in text(page, "header")
    assert page.run("document.documentElement.scrollWidth") <= 1366


def test_the_slider_moves_the_year_of_everything(page, result):
    """One key to the left of the target year: words, row of the year, and the table follow."""
    page.run("document.getElementById('year').focus()")
    page.press("ArrowLeft")
    assert text(page, "#yearWord") == f"{TARGET - 1}年"
    assert text(page, "#phase") == "2028—2030年"
    seats = result.indicators.seats.set_index(["network", "stage", "township", "year"])
    children = seats.loc[("plan", "primary", "", TARGET - 1), "children"]
    assert text(page, "#figures tr.now td") == f"{children:.0f}"
    assert text(page, "#listYear").startswith(f"{TARGET - 1}年")


def test_figures_of_a_school_stand_in_the_table_beside_no_action(page, result):
    """The first school under the plan and without action in the target year."""
    schools = result.indicators.schools.set_index(["network", "section_id", "year"])
    cells = page.run("[...document.querySelectorAll('#table tbody tr:first-child td')].map((one) => one.innerText)")
    plan, idle = (schools.loc[(network, "P1:primary", TARGET)] for network in ("plan", "no_action"))
    use = round(100 * plan["pupils"] / plan["seats_standard"])
    expected = [plan["classes"], plan["seats_standard"], plan["pupils"], use, idle["pupils"], idle["seats_standard"]]
    assert cells[4:] == [f"{value:.0f}" for value in expected]


def test_a_name_that_is_markup_is_only_text(page):
    find(page, "alert(1)")
    assert text(page, "#card h2") == EVIL
    assert page.run("document.querySelectorAll('img').length") == 0
    assert page.run("document.querySelectorAll('script').length") == 2


def test_a_click_on_the_map_opens_the_card_of_the_unit(page):
    """Zoomed to a unit without a school by search, a click in the middle of the map finds that unit again."""
    find(page, "乙8村")
    page.click("#tab-overview")
    page.click_at(*middle_of_map(page))
    assert text(page, "#card h2") == "乙8村"
    assert page.run("document.getElementById('tab-card').getAttribute('aria-selected')") == "true"


def test_the_card_of_a_school_tells_what_changes_and_who_comes(page):
    """The parcel's new school of 2026: its action, its units, all of them gained."""
    find(page, "西山新建")
    card = text(page, "#card")
    assert "2026年9月新建" in card
    assert "比现状划入" in card
    assert "乙12村" in card


def test_a_resident_reads_school_and_year_before_and_after(page, result):
    """The unit beside the closing school P2: P2 today, another school from 2028 on, and when P2 closes."""
    plan = result.plan.catchments
    plan = plan[(plan["unit_id"] == "U005") & (plan["band"] == "primary_4_6")].set_index("phase")["section_id"]
    assert plan[0] == "P2:primary"
    after = result.supply.sites.loc[plan[2].split(":")[0], "name"]
    page.click("#tab-mine")
    find(page, "甲5社区", "mineFind")
    card = text(page, "#mineCard")
    assert f"现在：{EVIL}，单程约" in card
    assert "2028年9月起" in card
    assert after in card
    assert f"{EVIL}：2028年9月撤并。" in card


def test_a_finding_zooms_to_its_place_and_year(page, result):
    findings = page_data(result, map_view(result))["findings"]
    number = next(at for at, place in enumerate(findings["at"]) if place[0] == "unit")
    page.click("#tab-findings")
    page.click(f'[data-finding="{number}"]')
    assert text(page, "#card h2") == "乙12村"
    assert text(page, "#yearWord") == f"{findings['year'][number]}年"
    page.click_at(*middle_of_map(page))
    assert text(page, "#card h2") in {"乙12村", "西山新建小学（新建）"}


def test_a_table_sorts_both_ways_and_filters(page):
    page.run("document.getElementById('filter').focus()")
    page.type("小学")
    column = "[...document.querySelectorAll('#table tbody tr')].map((row) => Number(row.cells[6].innerText))"
    page.click("#table th:nth-child(7) button")
    up = page.run(column)
    page.click("#table th:nth-child(7) button")
    known = [pupils for pupils in up if pupils is not None]
    # The closed school has no pupils in the target year: its dash stands last both ways.
    assert up == [*sorted(known), None]
    assert page.run(column) == [*sorted(known, reverse=True), None]
    assert page.run("document.querySelectorAll('#table th')[6].getAttribute('aria-sort')") == "descending"
    assert known[0] < known[-1]
    stages = page.run("[...document.querySelectorAll('#table tbody tr')].map((row) => row.cells[1].innerText)")
    assert set(stages) == {"小学"}


def test_without_action_the_closing_school_stays(page):
    """The units table shows the catchment in 2030: of U005 another school under the plan, P2 without action."""
    page.run(
        "document.getElementById('list').value = 'units'; document.getElementById('list').dispatchEvent(new Event('change'))"
    )
    row = "[...document.querySelectorAll('#table tbody tr')].find((one) => one.cells[0].innerText === '甲5社区').innerText"
    planned = page.run(row)
    page.click("#network input[value=no_action]")
    assert planned.count(EVIL) == 1
    assert page.run(row).count(EVIL) == 2
    assert "不采取措施" in page.run("document.getElementById('map').getAttribute('aria-label')")


def test_every_control_has_a_name_and_keys_move_between_tabs(page):
    nameless = page.run(
        "[...document.querySelectorAll('button, input, select, canvas, table')].filter((one) => !(one.innerText"
        " || one.getAttribute('aria-label') || (one.labels && one.labels.length) || one.title || one.ariaHidden)).map((one) => one.outerHTML)"
    )
    assert nameless == []
    page.run("document.getElementById('tab-overview').focus()")
    page.press("ArrowRight")
    assert page.run("document.activeElement.id") == "tab-card"
    assert page.run("document.getElementById('card').hidden") is False


def test_the_scale_bar_is_true(page, result):
    """The grid is 4 km wide, the map 6000 steps of its longer side: metres a pixel as the bar says and as drawn."""
    metres, pixels = page.run(
        "(({barMetres, barPixels}) => [Number(barMetres), Number(barPixels)])(document.getElementById('map').dataset)"
    )
    size = page.run(
        "(() => { const box = document.getElementById('mapBox'); return [box.clientWidth, box.clientHeight]; })()"
    )
    # The whole map fills 94 % of the tighter side: 4 km across, 3 km down.
    assert metres / pixels == pytest.approx(max(4000 / size[0], 3000 / size[1]) / 0.94, rel=0.01)


def test_it_fits_a_telephone(page):
    page.resize(390, 800)
    page.settle()
    assert page.run("document.documentElement.scrollWidth") <= 390
    find(page, "alert(1)")
    assert text(page, "#card h2") == EVIL
    assert len(page.picture()) > 5000
