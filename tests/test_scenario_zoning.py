"""Settings of the catchments and decisions about units: what they take, and what contradicts what."""

from __future__ import annotations

from pathlib import Path

import pytest

from simulator.errors import InputError
from simulator.scenario import Scenario, read_scenario, scenario_toml
from simulator.terms import Stage


def read(folder: Path, text: str) -> Scenario:
    file = folder / "scenario.toml"
    file.write_text(f'title = "甲区"\n[district]\nfolder = "."\n{text}', encoding="utf-8")
    return read_scenario(file)


def decisions(*rows: str) -> str:
    """`place decision [school] [stage] [year]`, one decision a row; `-` is empty."""
    text = ""
    for row in rows:
        place, decision, school, stage, year = [*row.split(), "-", "-", "-"][:5]
        text += f'[[decisions]]\nplace = "{place}"\ndecision = "{decision}"\n'
        text += "".join(f'{key} = "{word}"\n' for key, word in (("school", school), ("stage", stage)) if word != "-")
        text += f"year = {year}\n" if year != "-" else ""
    return text


def faults(folder: Path, text: str) -> list[str]:
    with pytest.raises(InputError) as error:
        read(folder, text)
    return [problem.what for problem in error.value.problems]


def test_what_is_not_asked_for_is_empty(tmp_path):
    scenario = read(tmp_path, "")
    assert (scenario.zoning.nearest_share, scenario.zoning.moved_share) == (None, None)
    assert scenario.candidates.schools == {}


def test_settings_of_the_catchments_are_read_and_written_back(tmp_path):
    text = "[zoning]\nnearest_share = 0.95\n[candidates]\nschools = { primary = [10, 15] }\n"
    scenario = read(tmp_path, text + decisions("U1 assign S1 primary 2028", "U2 forbid S1"))
    assert scenario.zoning.nearest_share == 0.95
    assert scenario.candidates.schools == {Stage.PRIMARY: (10, 15)}
    assert [(one.place, one.school, one.about_unit) for one in scenario.decisions] == [
        ("U1", "S1", True),
        ("U2", "S1", True),
    ]
    again = tmp_path / "again.toml"
    again.write_text(scenario_toml(scenario, tmp_path), encoding="utf-8")
    assert read_scenario(again) == scenario


@pytest.mark.parametrize("numbers", ["[3]", "[4, 3]", "[-1, 3]", "[1, 2, 3]"])
def test_a_number_of_schools_is_a_least_and_a_most(tmp_path, numbers):
    told = faults(tmp_path, f"[candidates]\nschools = {{ primary = {numbers} }}\n")
    assert told == [f"candidates.schools.primary = {numbers}：应为最少、最多两个数，最少不大于最多"]


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        ("U1 assign", "decisions[1].school：assign 要写划入哪所学校"),
        ("S1 close S2", 'decisions[1].school = "S2"：只有 assign 和 forbid 才写 school'),
    ],
)
def test_a_school_stands_beside_a_unit_only(tmp_path, row, fault):
    assert faults(tmp_path, decisions(row)) == [fault]


# Both hold to the end of the plan, so their years do not matter; other stages, other schools and other units do.
CONTRADICT = [
    ("S1 keep", "S1 close"),
    ("S1 close - primary 2028", "S1 keep - - 2030"),
    ("L1 build", "L1 forbid"),
    ("L1 close", "L1 build"),
    ("S1 extend", "S1 close - junior"),
    ("S1 forbid - - 2030", "S1 extend - - 2027"),
    ("S1 forbid", "S1 close"),
    ("U1 assign S1", "U1 assign S2 primary"),
    ("U1 assign S1 primary", "U1 forbid S1"),
    ("U1 assign S1", "S1 close"),
]
AGREE = [
    ("S1 keep - primary", "S1 close - junior"),
    ("S1 keep", "S1 extend"),
    ("S1 keep", "S1 forbid"),
    ("S1 close", "S2 close"),
    ("U1 assign S1 primary", "U1 assign S2 junior"),
    ("U1 assign S1", "U2 assign S2"),
    ("U1 assign S1", "U1 forbid S2"),
    ("U1 forbid S1", "U1 forbid S2"),
    ("U1 forbid S1", "S1 close"),
]


@pytest.mark.parametrize(("one", "other"), CONTRADICT)
def test_decisions_that_contradict_each_other_are_refused_in_either_order(tmp_path, one, other):
    for first, second in ((one, other), (other, one)):
        told = faults(tmp_path, decisions(first, second))
        place, decision = first.split()[:2]
        assert told == [
            f'decisions[2].decision = "{second.split()[1]}"：与第 1 项已定事项（{place} {decision}）矛盾，只能保留一项'
        ]


@pytest.mark.parametrize(("one", "other"), AGREE)
def test_decisions_that_agree_are_taken(tmp_path, one, other):
    assert len(read(tmp_path, decisions(one, other)).decisions) == 2
