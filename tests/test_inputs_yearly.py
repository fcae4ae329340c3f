"""The table of yearly figures: stocks and flows close, and a spoiled figure is told with its year."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.national import FILE
from simulator.inputs import District, check_consistency, read_district
from simulator.inputs.check_yearly import YEARLY_CHECKS, far_years, stock_residuals
from tests.inputs_cases import write_folder
from tests.projection_cases import case

SHARED = Path(__file__).parents[2] / "shared" / "data"
needs_national = pytest.mark.skipif(not (SHARED / FILE).exists(), reason="the national table is not here")
COUNTS = ("entrants", "graduates", "pupils")

# Every year 100 enter and 90 leave: the stock grows by 10, but for 2022, when 60 are entered too many.
YEARLY = """\
学段  学年  招生数（人）  毕业生数  在校生
小学  2018  100  90  600
小学  2019  100  90  610
小学  2020  100  90  620
primary  2021  100  90  630
小学  2022  160  90  640
小学  2023  100  90  650
小学  2024  100  90  660
初中  2023  88  80  250
"""


NOTHING = case(pd.DataFrame(columns=["school_id", "stage", "grade_from", "grade_to"])).district
"""A district whose tables are all empty."""


def made_district(yearly: pd.DataFrame, births: pd.DataFrame) -> District:
    """A district that has these two tables only."""
    return replace(NOTHING, yearly=yearly, births=births)


def told(district: District) -> list[str]:
    """What the checks of the yearly table say."""
    return [str(problem) for check in YEARLY_CHECKS for problem in check(district, 2025)]


def years_in(lines: list[str]) -> set[int]:
    """Every year that is named."""
    return {int(year) for line in lines for year in re.findall(r"(?<!\d)20\d\d(?!\d)", line)}


def test_a_year_that_does_not_close_is_told_with_its_figures(tmp_path: Path) -> None:
    """640 pupils in 2022, where 630 − 90 + 160 = 700 were to be expected: −60 of 630 = −9.52 %."""
    district = read_district(write_folder(tmp_path / "d", {"yearly": YEARLY}, names={"yearly": "历年教育统计"}))
    found = [str(problem) for problem in check_consistency(district, 2025) if "历年教育统计" in str(problem)]
    assert found == [
        "历年教育统计 历年教育统计.csv 小学 2022  2022 年在校生 640 人；2021 年在校生减毕业加招生为 700 人，"
        "相差 -9.52%（近年通常 +0.00%） → 核对 2022 年招生、毕业和 2021 年在校生"
    ]


def test_the_identity_by_hand() -> None:
    """2019: 600 − 90 + 100 + 5 = 615 against 610; a year without graduates is not told."""
    stage = pd.DataFrame(
        {
            "pupils": [600, 610, 620.0],
            "graduates": [90, 90, np.nan],
            "entrants": [100, 100, 100.0],
            "net_transfers": [np.nan, 5, 0],
        },
        index=pd.Index([2018, 2019, 2020]),
    )
    residuals = stock_residuals(stage)["residual"]
    assert residuals[2019] == pytest.approx(-5 / 600)
    assert residuals.isna().tolist() == [True, False, True]


def test_far_from_the_others_or_from_nothing() -> None:
    """Four years compare with each other; three only with 0."""
    calm = {2018: 0.01, 2019: 0.011, 2020: 0.009, 2021: 0.01}
    assert far_years(pd.Series(calm), 0.002).years == ()
    assert far_years(pd.Series(calm | {2021: 0.05}), 0.002).years == (2021,)
    assert far_years(pd.Series({2018: 0.01, 2019: 0.05}), 0.002, alone=0.03).years == (2019,)
    assert far_years(pd.Series(dtype=float), 0.002).years == ()


def test_pupils_that_differ_from_the_register_are_told(tmp_path: Path) -> None:
    enrolment = "school_id stage grade year pupils\ns1 小学 1 2024 300\ns1 小学 2 2024 300\ns1 小学 1 2023 650\n"
    district = read_district(write_folder(tmp_path / "d", {"yearly": YEARLY, "enrolment": enrolment}))
    assert any(
        line.endswith("小学 2024  2024 年在校生 660 人，在校生表合计 600 人 → 以在校生表为准；核对是否漏了学校")
        for line in told(district)
    )


def test_entrants_that_births_do_not_explain_are_told() -> None:
    """Births of 120 every year and 120 entrants, but 150 in 2023: ratio 1.25 where it was 1."""
    births = pd.DataFrame({"unit_id": "", "year": range(2010, 2019), "births": 120.0})
    entrants = {2018: 120, 2019: 120, 2020: 120, 2021: 120, 2022: 120, 2023: 150, 2024: 120}
    yearly = pd.DataFrame(
        {"stage": "primary", "year": list(entrants), "entrants": [float(v) for v in entrants.values()]}
    )
    found = told(made_district(yearly.reindex(columns=["stage", "year", *COUNTS, "net_transfers"]), births))
    assert len(found) == 1
    assert "2023 年小学招生 150 人，对应出生人口 120 人，比例 1.25（近年通常 1.00）" in found[0]


@st.composite
def county_tables(draw: st.DrawFn) -> tuple[pd.DataFrame, float]:
    """A county's primary and junior figures that close but for families who move, and how much they move by year."""
    rng = np.random.default_rng(draw(st.integers(0, 10_000)))
    moving, noise = draw(st.sampled_from([(0.0, 0.0), (-0.02, 0.0002), (0.01, 0.0004)]))
    rows: list[tuple[object, ...]] = []
    leaving: dict[int, float] = {}
    for stage, grades in (("primary", 6), ("junior", 3)):
        pupils = grades * draw(st.floats(1_000, 6_000))
        for year in range(2015, 2025):
            graduates = pupils / grades
            entrants = 0.995 * leaving[year] if stage == "junior" else graduates * rng.uniform(0.95, 1.05)
            if stage == "primary":
                leaving[year] = graduates
            before, moved = pupils, pupils * (moving + noise * rng.uniform(-1, 1))
            pupils = before - graduates + entrants + moved
            rows.append((stage, year, entrants, graduates, pupils, np.nan))
    return pd.DataFrame(rows, columns=["stage", "year", *COUNTS, "net_transfers"]), moving


@settings(max_examples=25, deadline=None)
@given(
    table=county_tables(),
    year=st.integers(2017, 2024),
    stage=st.sampled_from(["primary", "junior"]),
    column=st.sampled_from(COUNTS),
    factor=st.sampled_from([0.5, 0.9, 0.985, 1.015, 1.1, 10.0]),
)
def test_any_figure_spoiled_by_a_hundredth_and_a_half_is_named(
    table: tuple[pd.DataFrame, float], year: int, stage: str, column: str, factor: float
) -> None:
    """A county that closes is passed in silence, however many families move; with one figure spoiled its year is named."""
    nothing = pd.DataFrame(columns=["unit_id", "year", "births"])
    assert told(made_district(table[0], nothing)) == []
    spoiled = table[0].copy()
    spoiled.loc[(spoiled["stage"] == stage) & (spoiled["year"] == year), column] *= factor
    assert year in years_in(told(made_district(spoiled, nothing)))


def national_tables() -> tuple[pd.DataFrame, pd.DataFrame]:
    """The national table as a planner would fill it in (persons), and its births."""
    source = pd.read_csv(SHARED / FILE)
    parts = []
    for stage in ("primary", "junior"):
        part = pd.DataFrame({"stage": stage, "year": source["year"]})
        for column, named in zip(COUNTS, ("entrants", "graduates", "enrolment"), strict=True):
            part[column] = source[f"{stage}_{named}_10k"] * 10_000
        parts.append(part.dropna(subset=list(COUNTS), how="all").assign(net_transfers=np.nan))
    born = source["births_10k_revised_2020census"].fillna(source["births_10k_official_at_release"]) * 10_000
    births = pd.DataFrame({"unit_id": "", "year": source["year"], "births": born}).dropna()
    return pd.concat(parts, ignore_index=True), births


@needs_national
def test_the_national_table_closes_since_the_register_was_cleaned() -> None:
    """Nothing is said of 2018–2024; the clean-up of 2010–2016 is told as one."""
    found = told(made_district(*national_tables()))
    assert max(years_in(found)) == 2016
    assert "小学 2010—2016  在校生与上年在校生减毕业加招生连年不符" in found[0]
    assert "2013 年 -4.64%" in found[0]


@needs_national
def test_the_spoiled_figure_is_told_apart() -> None:
    """Pupils leave a mirrored residual; graduates also spoil the share that goes on; entrants neither."""
    table, births = national_tables()
    hints = {
        "pupils": "先核对 2021 年在校生",
        "graduates": "先核对 2021 年小学毕业生",
        "entrants": "核对 2021 年招生、毕业和 2020 年在校生",
    }
    for column, hint in hints.items():
        spoiled = table.copy()
        spoiled.loc[(spoiled["stage"] == "primary") & (spoiled["year"] == 2021), column] *= 1.02
        assert any(hint in line for line in told(made_district(spoiled, births))), column


@needs_national
def test_every_figure_of_the_national_table_since_2018_is_watched() -> None:
    """Each of the known figures of 2018–2024, spoiled by 1.6 % up or down, is told with its year."""
    table, births = national_tables()
    sound = set(told(made_district(table, births)))
    watched = [(row, column) for row in table.index[table["year"] >= 2018] for column in COUNTS]
    missed = []
    for row, column in watched:
        if np.isnan(table.loc[row, column]):
            continue
        for factor in (0.984, 1.016):
            spoiled = table.copy()
            spoiled.loc[row, column] *= factor
            new = set(told(made_district(spoiled, births))) - sound
            if int(table.loc[row, "year"]) not in years_in(list(new)):
                missed.append((table.loc[row, "stage"], table.loc[row, "year"], column, factor))
    assert missed == []
