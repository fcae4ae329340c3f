"""Closures in the files of a result: the sheets of T22, the summary, the tables that are read back."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from simulator.indicators import ClosingEvidence, examine_closures
from simulator.outputs.consolidation import building_words, consolidation_lines, consolidation_tables, transition_until
from simulator.outputs.workbook.consolidation import consolidation_sheets
from simulator.outputs.workbook.network import network_sheets
from simulator.result import Result
from tests import plan_cases
from tests.audit_closing_cases import district_table
from tests.result_cases import make_result

# P1 stays for its veto, P2 closes in 2028 with two steps taken.
OPINIONS = """
school_id kind date asked in_favor against travel_safe text adopted
P1 hearing 2026-05-01 30 9 21 _ 路远 adopted
P2 survey 2026-06-01 12 9 3 yes 同意 partly
"""
STEPS = "school_id step date\nP2 draft 2026-03-01\nP2 notice 2026-04-01"
ARRANGED = "school_id transition_until building_use teachers\nP2 2031 practice 随学生走"


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> Result:
    """A finished run whose closures are examined, with what the district says of them."""
    made = make_result(tmp_path_factory.mktemp("closing"))
    district = replace(
        made.district,
        opinions=district_table("opinions", OPINIONS),
        procedure=district_table("procedure", STEPS),
        arrangements=district_table("arrangements", ARRANGED),
    )
    sections = made.supply.sections
    supply = replace(made.supply, sections=sections.assign(protected=sections.index == "P1:primary"))
    found = examine_closures(
        ClosingEvidence(
            plan=made.plan,
            operation=made.operation,
            no_action_operation=made.no_action_operation,
            supply=supply,
            access=made.access,
            standards=plan_cases.standards(),
            scenario=made.scenario,
            units=pd.DataFrame(district.units.drop(columns="geometry")),
            opinions=district.opinions,
            procedure=district.procedure,
        )
    )
    return replace(made, district=district, supply=supply, closures=found, standards=plan_cases.standards())


def test_t22_tells_of_closures_vetoes_opinions_and_journeys(result: Result) -> None:
    """One row a school that closes or stays, one an opinion, one a unit and receiver."""
    sheets = {sheet.name: sheet for sheet in consolidation_sheets(result)}
    assert list(sheets) == ["T22 撤并程序", "T22 撤并条件", "T22 意见采纳", "T22 撤并通学"]
    rows = sheets["T22 撤并程序"].rows.set_index("section_id")
    assert rows["outcome"].to_dict() == {"P2:primary": "撤并", "P1:primary": "保留（有否决意见）"}
    assert rows.loc["P1:primary", "vetoes"] == "多数学生家长或听证代表反对"
    assert "反对 21" in rows.loc["P1:primary", "votes"]
    closed = rows.loc["P2:primary"]
    assert (closed["year"], closed["transition"], closed["done"]) == (2028, 2031, "起草方案；公示")
    assert closed["building"] == "研学、劳动实践基地"
    assert sheets["T22 意见采纳"].rows["adopted"].tolist() == ["采纳", "部分采纳"]
    journeys = sheets["T22 撤并通学"].rows
    assert journeys["children"].sum() == pytest.approx(closed["children"])


def test_the_public_edition_has_no_sheets_of_people(result: Result) -> None:
    """Votes and units of few children stay in the house."""
    public = result.scenario.outputs.model_copy(update={"edition": "public"})
    assert consolidation_sheets(replace(result, scenario=result.scenario.model_copy(update={"outputs": public}))) == []


def test_the_table_of_closures_is_filled_from_what_was_arranged(result: Result) -> None:
    """T11 has the votes, the teachers and the building."""
    t11 = next(sheet for sheet in network_sheets(result) if sheet.name.startswith("T11"))
    row = t11.rows.iloc[0]
    assert "赞成 9" in row["hearing"]
    assert (row["teachers"], row["building"]) == ("随学生走", "研学、劳动实践基地")


def test_without_an_arrangement_the_setting_and_the_rule_speak(result: Result) -> None:
    """One year of transition; a kindergarten where none is near, else practice."""
    bare = replace(
        result, district=replace(result.district, arrangements=district_table("arrangements", "school_id\nP9"))
    )
    assert transition_until(bare, "P2:primary", 2028) == 2029
    assert building_words(bare, "P2:primary").startswith("建议：")


def test_the_summary_says_why_a_school_stays(result: Result) -> None:
    """The number of closures, the school that a veto keeps, the steps that are missing."""
    text = "\n".join(consolidation_lines(result))
    assert "方案撤并 1 个学部（2028年 1 个）" in text
    assert "不撤：多数学生家长或听证代表反对" in text
    assert "程序走完前不得撤并" in text


def test_tables_have_their_columns_also_without_rows(tmp_path: Path) -> None:
    """A district without opinions writes tables that can be read back."""
    made = make_result(tmp_path)
    tables = consolidation_tables(made)
    assert {"school_id", "stage", "step", "date"} <= set(tables["procedure"].columns)
    assert consolidation_lines(made) == []
    assert consolidation_sheets(made) == []
