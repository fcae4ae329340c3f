"""The page of published plans: every fact is there, every place exists, every figure is the one that the program gives."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from docs import published_plans
from docs.measured import answered, parsed, result_tables
from docs.places import kinds, places, word_of
from docs.published_plans import OUT_OF_SCOPE, SCENARIOS, Fact, Figure, every_figure, kept_figures, sources
from simulator.scenario import read_scenario

FACTS = {fact.number: fact for source in sources() for fact in source.facts}
NUMBERS = {"S0": 50, "S1": 20, "S2": 25, "S3": 35, "S4": 38}
"""Published plan → facts; those of S2 are 2.1 to 2.25."""
BESIDE = {"1.17": "the day's length changes neither seats nor journeys"}
"""Facts that no layout program could hold, though the list of facts does not mark them."""
OWN_YEARS = {
    "S0": ("shawan", 2021, 2025),
    "S1": ("linxian", 2022, 2024),
    "S2": ("taizhou", 2022, 2023),
    "S3": ("dinghai-2022", 2021, 2022),
    "S4": ("chengzhong-2025", 2021, 2025),
}
"""Published plan → scenario of its own period, its first and last year."""
LATER = ("shawan-2035", "linxian-2035", "taizhou-2035", "dinghai-2035", "chengzhong-2035")


def figure(**values: object) -> Figure:
    """A figure of which a test states what matters."""
    usual = {
        "what": "seats",
        "scenario": "shawan",
        "query": "count units",
        "of_plan": False,
        "published": 10.0,
        "relation": "equals",
        "within": 0.0,
        "percent": False,
    }
    return Figure(**(usual | values))  # type: ignore[arg-type]  # a test may state any field


def test_every_fact_of_the_five_plans_has_a_row_in_order():
    found = {source.name: [fact.number for fact in source.facts] for source in sources()}
    assert found == {name: [f"{name[1]}.{row}" for row in range(1, last + 1)] for name, last in NUMBERS.items()}
    assert len(FACTS) == 168


@pytest.mark.parametrize("fact", FACTS.values(), ids=lambda fact: fact.number)
def test_a_fact_lives_in_places_that_exist_or_says_why_not(fact: Fact):
    assert fact.text
    assert len(fact.text) <= 160
    assert fact.lives or fact.out
    assert [reference for reference in fact.lives if not _exists(reference)] == []


def _exists(reference: str) -> bool:
    try:
        word_of(reference)
    except KeyError:
        return False
    return True


def test_out_of_scope_are_the_facts_marked_so_and_those_listed_here():
    marked = {fact.number for fact in FACTS.values() if fact.kind == OUT_OF_SCOPE}
    assert {fact.number for fact in FACTS.values() if fact.out} == marked | set(BESIDE)
    assert {number: FACTS[number].out for number in BESIDE} == BESIDE
    assert len(marked) == 14


@pytest.mark.parametrize("kind", kinds())
def test_every_kind_of_place_has_places(kind: str):
    assert places(kind)


@pytest.mark.parametrize("reference", ["rule:no_such_rule", "setting:projection.no_such", "sheet:T99", "no_kind:x"])
def test_a_place_that_is_not_there_is_refused(reference: str):
    with pytest.raises(KeyError):
        word_of(reference)


@pytest.fixture(scope="module")
def measured() -> dict[published_plans.Key, float]:
    """Figures of the five demonstrations, measured now."""
    return published_plans.measured_again()


@pytest.mark.slow
def test_figures_of_the_demonstrations_are_those_of_their_tables(measured: dict[published_plans.Key, float]):
    """The kept figures of data equal what the districts and scenarios give today, to the last digit."""
    kept = kept_figures()
    assert {key: kept.get(key) for key in measured} == measured


def test_every_figure_is_to_the_published_one_as_claimed():
    """Figures of data are all kept; those of plans where a result was read, and then they are as claimed, too."""
    kept = kept_figures()
    assert [asked.what for asked in every_figure() if not asked.of_plan and asked.key not in kept] == []
    known = [(asked, kept[asked.key]) for asked in every_figure() if asked.key in kept]
    assert [asked.words(own) for asked, own in known if not asked.holds(own)] == []


def test_the_facts_that_everybody_quotes_are_reproduced():
    """By hand: 15 ÷ 379 = 0.03958; ⌈18,430 ÷ 45⌉ = ⌈409.6⌉ = 410; 3 × 16 = 48; 35,000 − 7,000 − 20,000 = 8,000."""
    kept = kept_figures()
    told = {
        (fact.number, asked.what): round(kept[asked.key], 4) for fact in FACTS.values() for asked in fact.figures
        if not asked.of_plan
    }  # fmt: skip
    expected = {
        ("0.6", "radius, m"): 3_000,
        ("0.25", "own target"): 0.70,
        ("1.9", "quota of the three years"): 48,
        ("2.2", "seats promised"): 35_000,
        ("2.4", "places promised"): 7_000,
        ("2.5", "seats promised"): 20_000,
        ("2.6", "left"): 8_000,
        ("3.1", "resources"): 7,
        ("4.1", "schools"): 26,
        ("4.3", "primary"): 18_430,
        ("4.3", "junior"): 8_138,
        ("4.4", "primary classes"): 379,
        ("4.4", "classes that 18,430 need at 45"): 410,
        ("4.5", "primary classes above 55"): 15,
        ("4.5", "of the primary classes"): 0.0396,
    }
    assert {key: told[key] for key in expected} == expected


@pytest.mark.parametrize(
    ("relation", "within", "own", "holds"),
    [
        ("equals", 0.0, 10.0, True),
        ("equals", 0.0, 10.1, False),
        ("equals", 0.5, 10.4, True),
        ("at_least", 0.0, 11.0, True),
        ("at_least", 0.0, 9.0, False),
        ("at_most", 0.0, 11.0, False),
        ("at_most", 0.0, 10.0, True),
        ("beside", 0.0, 99.0, True),
    ],
)
def test_a_figure_is_held_against_the_published_one(relation: str, within: float, own: float, holds: bool):
    assert figure(relation=relation, within=within).holds(own) is holds


@pytest.mark.parametrize(
    ("values", "own", "words"),
    [
        ({}, 10.0, "seats: 10 → **10**"),
        ({"published": None}, 2_025.0, "seats: **2025**"),
        ({"published": 35_000.0, "of_plan": True}, 12_345.678, "seats: 35,000 → plan **12,345.68**"),
        ({"published": 0.0396, "percent": True}, 15 / 379, "seats: 3.96 % → **3.958 %**"),
        ({"of_plan": True}, None, "seats: 10 → plan —"),
    ],
)
def test_a_figure_is_printed_beside_the_published_one(values: dict[str, object], own: float | None, words: str):
    assert figure(**values).words(own) == words


TOY = {
    "classes": pd.DataFrame(
        {"stage": ["primary", "primary", "junior"], "pupils": [56, 40, 30], "own": [True, False, True]}
    )
}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("count classes", 3),
        ("sum classes.pupils stage=primary", 96),
        ("count classes stage=primary|junior pupils>=40 own=yes", 1),
        ("most classes.pupils stage!=primary", 30),
        ("mean classes.pupils stage=primary", 48),
        ("only classes.pupils stage=junior", 30),
        ("distinct classes.stage", 2),
        ("primary_classes_for classes.pupils stage=primary", 3),
        ("count classes pupils>55 / count classes stage=primary", 0.5),
        ("sum classes.pupils - sum classes.pupils stage=junior - count classes", 93),
    ],
)
def test_a_query_is_answered(query: str, expected: float):
    assert answered(query, TOY) == expected


@pytest.mark.parametrize("text", ["count", "middle classes.pupils", "count classes stage"])
def test_what_is_no_query_is_refused(text: str):
    with pytest.raises(ValueError, match=r"not a query|not enough values"):
        parsed(text)


def test_figures_of_plans_are_read_from_a_written_result(tmp_path: Path):
    """A folder that bears another scenario's name is refused; cells of its tables are text, unknown ones empty."""
    folder = tmp_path / "shawan"
    (folder / "tables").mkdir(parents=True)
    (folder / "manifest.json").write_text(json.dumps({"title": "别的方案"}), encoding="utf-8")
    (folder / "tables" / "shares.csv").write_text("﻿item,county,figure\nsenior_gross,,0.7\n", encoding="utf-8")
    with pytest.raises(ValueError, match="is not a result of"):
        published_plans.figures_of_result(folder)
    assert answered("only shares.figure county= item=senior_gross", result_tables(folder)) == 0.7


def test_keeping_figures_drops_what_nothing_asks_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(published_plans, "FIGURES", tmp_path / "figures.csv")
    first = next(every_figure())
    published_plans.keep_figures({first.key: 0.996, ("shawan", "count nothing"): 1.0})
    assert kept_figures() == {first.key: 0.996}


@pytest.mark.parametrize("source", sources(), ids=lambda source: source.name)
def test_every_plan_has_its_own_period_a_later_one_and_two_what_ifs(source: published_plans.Source):
    """The first scenario decides the plan's own years; one, marked apart in its title, 2026–2035; two more ask what if."""
    name, first, last = OWN_YEARS[source.name]
    assert source.scenarios[0] == name
    assert len([other for other in source.scenarios if other not in LATER]) >= 3
    assert len([other for other in source.scenarios if other in LATER]) == 1
    for other in source.scenarios:
        scenario = read_scenario(SCENARIOS / f"{other}.toml")
        years = (scenario.plan_years[0], scenario.horizon.target_year)
        if other == name:
            assert years == (first, last)
        if other in LATER:
            assert years == (2026, 2035)
            assert "期外" in scenario.title


def test_no_scenario_is_forgotten():
    named = {scenario for source in sources() for scenario in source.scenarios}
    assert named == {path.stem for path in SCENARIOS.glob("*.toml")} - {"defaults"}
