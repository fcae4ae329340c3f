"""The resolved scenario reads back as itself; the generated files do not drift from the settings."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.scenario import Scenario, defaults_toml, json_schema, read_scenario, scenario_toml, settings_reference
from simulator.scenario.explain import fields_at

SCENARIOS = Path(__file__).parents[1] / "scenarios"
RENEW = "the settings changed: renew the generated files with `python -m docs.generate`"

RICH = """
title = "甲区 \\"高\\" 方案"
[district]
folder = "geodata/jia"
[standards]
files = ["national.toml", "./local.toml"]
[standards.figures]
class_size.primary = 40
[horizon]
target_year = 2030
[[phases]]
first_year = 2026
last_year = 2027
[[phases]]
first_year = 2028
last_year = 2030
[projection.migration]
city = 1e-07
[[access.limits]]
stage = "junior"
minutes = 40
[budget]
capital_wan = [0, 1200.5, 800]
[[decisions]]
place = "x1"
decision = "close"
stage = "primary"
year = 2027
[outputs]
author = '教育局 \\ 规划科'
"""


@pytest.fixture
def rich(tmp_path):
    """A scenario with every kind of value in it."""
    (tmp_path / "local.toml").write_text('title = "地方标准"\n', encoding="utf-8")
    (tmp_path / "rich.toml").write_text(RICH, encoding="utf-8")
    return read_scenario(tmp_path / "rich.toml")


def test_round_trip(rich, tmp_path):
    """Written and read again, a scenario is the same, and so is its text."""
    text = scenario_toml(rich)
    (tmp_path / "again.toml").write_text(text, encoding="utf-8")
    again = read_scenario(tmp_path / "again.toml")
    assert again == rich
    assert scenario_toml(again) == text


def test_text_does_not_depend_on_where_the_project_stands(rich, tmp_path):
    """Written relative to the result folder, paths hold no machine's folder and still lead home."""
    result = tmp_path / "results" / "rich"
    result.mkdir(parents=True)
    text = scenario_toml(rich, result)
    assert str(tmp_path) not in text
    assert tomllib.loads(text)["district"]["folder"] == "../../geodata/jia"
    assert tomllib.loads(text)["standards"]["files"] == ["national.toml", "../../local.toml"]
    (result / "scenario.toml").write_text(text, encoding="utf-8")
    assert read_scenario(result / "scenario.toml") == rich


@given(
    title=st.text(st.characters(exclude_categories=["Cs"]), min_size=1),
    figures=st.dictionaries(
        st.text(st.characters(exclude_categories=["Cs"])), st.floats(allow_nan=False, allow_infinity=False)
    ),
    capital=st.lists(st.floats(0, 1e9), min_size=7, max_size=7),
)
def test_any_words_and_numbers_survive(title, figures, capital):
    """Quotes, line ends, control characters and long fractions come back unchanged."""
    scenario = Scenario(
        title=title, district={"folder": "x"}, standards={"figures": figures}, budget={"capital_wan": capital}
    )
    assert Scenario.model_validate(tomllib.loads(scenario_toml(scenario))) == scenario


def test_defaults_are_the_defaults():
    """A scenario that extends defaults.toml is the one that states nothing."""
    stated = tomllib.loads(defaults_toml()) | {"title": "甲", "district": {"folder": "x"}}
    assert Scenario.model_validate(stated) == Scenario(title="甲", district={"folder": "x"})


def test_every_setting_is_documented_in_both_languages():
    """The line below each setting has a Chinese and an English part, and reaches all three generated texts."""
    texts = (defaults_toml(), settings_reference(), json_schema())
    for group in Scenario.model_fields:
        for name, field in {group: Scenario.model_fields[group], **fields_at((group,))}.items():
            chinese, newline, english = (field.description or "").partition("\n")
            assert newline, name
            assert not chinese.isascii(), name
            assert english[0].isascii() or english.startswith("先建后撤"), name
            for text in texts:
                assert chinese in text, name


@pytest.mark.parametrize(("name", "text"), [("defaults.toml", defaults_toml), ("schema.json", json_schema)])
def test_generated_files_are_current(name, text):
    """defaults.toml and schema.json say what the settings say."""
    assert (SCENARIOS / name).read_text(encoding="utf-8") == text(), RENEW


def test_schema_accepts_what_the_reader_accepts():
    """The schema knows every group, `extends`, and that one may stand for the other's required keys."""
    schema = json.loads(json_schema())
    assert set(schema["properties"]) == {"extends", *Scenario.model_fields}
    assert schema["anyOf"] == [{"required": ["extends"]}, {"required": ["title", "district"]}]
    assert schema["additionalProperties"] is False
