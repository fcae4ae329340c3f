"""Census age groups become single years that keep the groups exactly."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.errors import InputError
from simulator.inputs import read_district
from simulator.inputs.age_groups import AUTUMN_SHARE, cohort_births, single_years, split_smoothly
from tests.projection_cases import table

CENSUS = [range(1), range(1, 5), range(5, 10), range(10, 15)]
NO_BIRTHS = pd.DataFrame({"unit_id": pd.Series(dtype="str"), "year": [], "births": []})


def population(text: str) -> pd.DataFrame:
    """A population table of `unit_id age age_to residents`, nobody's registration known."""
    return table(text).assign(registered=np.nan, migrant=np.nan)


def test_a_straight_line_through_groups_stays_straight():
    """Sums of 10, 11, …, 24 over the census groups give back 10, 11, …, 24."""
    line = np.arange(10.0, 25.0)
    totals = np.array([line[group.start : group.stop].sum() for group in CENSUS])
    np.testing.assert_allclose(split_smoothly(totals, CENSUS), line, atol=1e-5)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.floats(0, 1e5), min_size=4, max_size=4))
def test_groups_are_kept_and_nobody_is_negative(totals: list[float]):
    years = split_smoothly(np.array(totals), CENSUS)
    assert (years >= 0).all()
    sums = [years[group.start : group.stop].sum() for group in CENSUS]
    np.testing.assert_allclose(sums, totals, rtol=1e-9, atol=1e-6)


def test_births_say_how_a_group_divides():
    """Ages 1–2 of 2020: cohorts of 4/12 × 90 + 8/12 × 120 = 110 and 4/12 × 60 + 8/12 × 90 = 80, so 190 is 110 + 80."""
    births = table("""
        unit_id year births
        -       2017 60
        -       2018 90
        -       2019 120
    """)
    assert cohort_births(births, 2020) == pytest.approx({1: 110.0, 2: 80.0})
    split = single_years(population("unit_id age age_to residents\na 1 2 190\nb 1 2 19"), births, 2020)
    assert split["residents"].tolist() == pytest.approx([110.0, 11.0, 80.0, 8.0])
    assert AUTUMN_SHARE == 4 / 12


def test_ages_above_seventeen_leave_the_table():
    """A census group of 15–19 keeps its years 15, 16 and 17."""
    split = single_years(population("unit_id age age_to residents\na 15 19 500"), NO_BIRTHS, 2020)
    assert split["age"].tolist() == [15, 16, 17]
    assert split["residents"].tolist() == pytest.approx([100.0, 100.0, 100.0])


def test_a_table_of_single_years_stays_as_it_is():
    rows = population("unit_id age age_to residents\na 0 - 5\na 1 1 7")
    pd.testing.assert_frame_equal(single_years(rows, NO_BIRTHS, 2020), rows.assign(age_to=np.nan))


def test_splitting_a_unit_in_two_changes_no_single_year():
    """Units of the same groups share the years inside them, so parts sum to the whole."""
    whole = population("unit_id age age_to residents\na 0 - 40\na 1 4 200\na 5 9 150\nb 0 - 8\nb 1 4 10\nb 5 9 90")
    halves = population("""
        unit_id age age_to residents
        a       0   -      30
        a       1   4      60
        a       5   9      150
        c       0   -      10
        c       1   4      140
        c       5   9      0
        b       0   -      8
        b       1   4      10
        b       5   9      90
    """)
    one, two = (
        single_years(rows, NO_BIRTHS, 2020)
        .replace({"unit_id": {"c": "a"}})
        .groupby(["unit_id", "age"])["residents"]
        .sum()
        for rows in (whole, halves)
    )
    np.testing.assert_allclose(one, two.reindex(one.index))


def _folder(path: Path, **tables: str) -> Path:
    """A district of one unit and one school, and other tables."""
    files = {
        "district.toml": 'name = "t"\ntitle = "试"\ncrs = "EPSG:4547"\nas_of = 2020\n',
        "units.csv": "unit_id,name,township,area_kind,x,y\na,甲,东镇,town,500000,4000000\n",
        "schools.csv": "school_id,name,township,x,y,affiliation,nature,decided_here,status,opening_year,rooms\n"
        "s,校,东镇,500000,4000000,county,education_bureau,yes,operating,1990,6\n",
        "sections.csv": "school_id,stage,grade_from,grade_to,kind\ns,primary,1,6,complete_primary\n",
    }
    for name, text in (files | {f"{name}.csv": text for name, text in tables.items()}).items():
        (path / name).write_text(text, "utf-8")
    return path


def test_a_district_may_give_groups_residents_and_totals(tmp_path: Path):
    """Groups are split when a district is read; the other tables stand as they are."""
    folder = _folder(
        tmp_path,
        population="unit_id,age,age_to,residents\na,0,,5\na,1,4,20\na,5,9,30\n",
        residents="unit_id,sex,age,age_to,residents\n,female,15,49,300\n",
        control="year,township,age,age_to,residents\n2025,东镇,0,4,25\n2025,,,,60\n",
    )
    district = read_district(folder)
    assert district.population["age"].tolist() == list(range(10))
    assert district.population["residents"].sum() == pytest.approx(55)
    assert len(district.residents) == 1
    assert district.control["township"].tolist() == ["东镇", ""]


def test_ages_told_twice_and_unknown_townships_are_refused_together(tmp_path: Path):
    folder = _folder(
        tmp_path,
        population="unit_id,age,age_to,residents\na,0,4,5\na,3,,20\na,9,5,1\n",
        control="year,township,age,age_to,residents\n2025,西镇,0,4,25\n",
    )
    with pytest.raises(InputError) as refused:
        read_district(folder)
    told = str(refused.value)
    assert "年龄与第 2 行重叠" in told
    assert "9 大于 5" in told
    assert "没有单元属于“西镇”" in told
