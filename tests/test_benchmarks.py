"""The benchmarks measure what they say, from the published files alone."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from benchmarks import FAMILIES, Bar, Family, Options, Report, register
from benchmarks.__main__ import main
from benchmarks.command import CommandError, optimize
from benchmarks.demonstrations import entrants_cost
from benchmarks.phases import ALL, REST, STEPS, measure_phases
from benchmarks.santa_rosa import judge, run_santa_rosa
from benchmarks.santa_rosa_check import (
    Instance,
    against_published,
    by_school,
    compared,
    faults_of,
    great_circle_km,
    least_mean_km,
    measures,
    read_instance,
    read_plan,
)
from benchmarks.santa_rosa_district import write_santa_rosa
from simulator.inputs import read_district
from simulator.run import run_scenario

DATA = Path(__file__).parent.parent.parent / "shared" / "data" / "santa_rosa"
needs_data = pytest.mark.skipif(not DATA.is_dir(), reason="the published Santa Rosa files are not beside the project")

INSTANCE = """
block  students  official    A    B
b1           10         A  1.0  4.0
b2           20         B  2.0  3.0
b3           30         B  5.0  1.0
b4            0         A  6.0  1.0
"""
# Official loads: A 10, B 20 + 30 = 50; limits 11 and 55.


@pytest.fixture
def instance():
    table = pd.read_csv(StringIO(INSTANCE), sep=r"\s+").set_index("block")
    return Instance(table["students"], table["official"], table[["A", "B"]])


def plan_of(text: str) -> pd.DataFrame:
    return pd.read_csv(StringIO(text), sep=r"\s+")


OFFICIAL = "block school share\nb1 A 1\nb2 B 1\nb3 B 1\nb4 A 1\n"


def test_a_degree_of_a_meridian_is_111_kilometers():
    """One degree of latitude is 2π · 6371.0088 ÷ 360 = 111.195 km; on the 60th parallel one of longitude is half of it."""
    start = pd.DataFrame({"lon": [0.0], "lat": [60.0]})
    ends = pd.DataFrame({"lon": [0.0, 1.0], "lat": [61.0, 60.0]})
    assert great_circle_km(start, ends).to_numpy()[0] == pytest.approx([111.195, 55.597], abs=0.002)


def test_measures_weigh_blocks_by_their_pupils(instance):
    """Today: (10·1 + 20·3 + 30·1) ÷ 60 km; b2's 20 of 60 pupils are not at the nearest school, the empty b4 counts nothing."""
    today = measures(instance.official, instance)
    assert today["mean straight km"] == pytest.approx(100 / 60)
    assert today["longest km"] == 3.0
    assert today["not at nearest"] == pytest.approx(20 / 60)
    assert today["change school"] == 0
    assert today["balance (largest / smallest)"] == 1.0
    # Nearest: b1 and b2 at A, so 30 pupils instead of 10; B keeps 30 of 50.
    nearest = measures(instance.nearest, instance)
    assert nearest["mean straight km"] == pytest.approx((10 + 40 + 30) / 60)
    assert nearest["change school"] == pytest.approx(20 / 60)
    assert nearest["largest load / official"] == pytest.approx(3.0)
    assert nearest["smallest load / official"] == pytest.approx(0.6)
    assert nearest["balance (largest / smallest)"] == pytest.approx(5.0)


def test_a_school_without_pupils_has_no_balance(instance):
    """Everybody at B leaves A empty: the ratio of loads is infinite, not an error."""
    assert measures(pd.Series("B", index=instance.km.index), instance)["balance (largest / smallest)"] == np.inf


def test_todays_zones_are_a_valid_plan(instance):
    """The official zones are whole, complete and within 1.1 × their own loads."""
    assert faults_of(plan_of(OFFICIAL), instance) == ()


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (("b2 B 1", "b2 A 1"), "A: 30 pupils, more than 11"),
        (("b3 B 1", "b3 B 0.5\nb3 A 0.5"), "1 blocks not whole"),
        (("b4 A 1\n", ""), "1 blocks without a row"),
        (("b1 A 1", "b1 C 1"), "1 blocks without a school"),
        (("b1 A 1", "b1 NaN 1"), "1 blocks without a school"),
        (("b1 A 1", "b1 A 1\nb9 A 1"), "1 blocks not a block"),
        (("b4 A 1", "b4 A 1\nb4 A 1"), "1 blocks not whole"),
    ],
)
def test_a_spoiled_plan_is_named(instance, change, fault):
    """Each way to spoil a plan is found and says where."""
    found = faults_of(plan_of(OFFICIAL.replace(*change)), instance)
    assert any(line.startswith(fault) for line in found), found


def test_no_plan_goes_below_the_bound(instance):
    """A has one seat more than today, and the pupil of b2 who takes it saves 1 km: (100 − 1) ÷ 60."""
    assert least_mean_km(instance) == pytest.approx(99 / 60)


def test_schools_are_listed_with_their_loads(instance):
    """At the nearest school A holds 30 pupils over (10 + 40) ÷ 30 km, B 30 over 1 km."""
    table = by_school(instance.nearest, instance)
    assert table["plan"].tolist() == [30, 30]
    assert table["limit"].tolist() == pytest.approx([11, 55])
    assert table["mean km"].tolist() == pytest.approx([50 / 30, 1.0])


def test_a_measure_that_differs_from_the_published_one_is_a_fault(instance):
    """The toy is not Santa Rosa: all three published figures differ, and each is named."""
    _table, faults = against_published(compared(instance.official, instance))
    assert len(faults) == 3


def test_an_invalid_plan_is_not_measured(instance):
    """A report of a plan with faults holds nothing but the faults, and is not passed."""
    report = judge(plan_of(OFFICIAL.replace("b2 B", "b2 A")), {}, instance)
    assert not report.passed
    assert report.tables == {}


def test_a_missed_bar_fails_the_report():
    """A bar is met up to its limit and missed above it."""
    assert Report({}, (Bar("x", 1.0, 1.0),)).passed
    assert not Report({}, (Bar("x", 1.0, 1.0), Bar("y", 1.1, 1.0))).passed


def test_two_families_of_one_name_are_refused():
    """A register that forgets would run the wrong benchmark."""
    with pytest.raises(ValueError, match="santa_rosa"):
        register(Family("santa_rosa", "again", (), run_santa_rosa))


def test_list_names_every_family(capsys):
    """`list` prints a line a family."""
    assert main(["list"]) == 0
    assert [line.split()[0] for line in capsys.readouterr().out.splitlines()] == list(FAMILIES)


def test_run_says_what_it_lacks(tmp_path, capsys):
    """An unknown family and a folder without the data end with code 2, and nothing is written."""
    options = ["--from", str(tmp_path), "--out", str(tmp_path / "out")]
    assert main(["run", "atlantis", *options]) == 2
    assert "santa_rosa" in capsys.readouterr().err
    assert main(["run", "santa_rosa", *options]) == 2
    assert "schools.csv" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_the_result_of_an_earlier_run_is_not_taken_for_a_new_one(tmp_path):
    """A command that ends without writing is an error, though a manifest already lies there."""
    result = tmp_path / "result"
    result.mkdir()
    (result / "manifest.json").write_text("{}", encoding="utf-8")
    with pytest.raises(CommandError):
        optimize(tmp_path / "nothing.toml", result, 1)


BLOCKS = """\
block,lon,lat,students,residents,pop2020,housing2020,official_school
060970000000001,-122.755,38.44,10.0,,,,West
060970000000002,-122.735,38.44,20.0,,,,East
060970000000003,-122.715,38.44,30.0,,,,East
060970000000004,-122.695,38.44,0.0,,,,East
"""
SCHOOLS = "school,lon,lat\nEast,-122.70,38.441\nNobody,-122.60,38.441\nWest,-122.75,38.441\n"


def write_source(folder: Path) -> Path:
    """A folder like the published one, with four blocks in a row and two schools (a third has no zone)."""
    folder.mkdir()
    (folder / "elementary_blocks_2025_26.csv").write_text(BLOCKS, encoding="utf-8")
    (folder / "schools.csv").write_text(SCHOOLS, encoding="utf-8")
    blocks = pd.read_csv(StringIO(BLOCKS), dtype={"block": str})
    features = [
        {
            "type": "Feature",
            "properties": {"block_of_residence": block},
            "geometry": {
                "type": "Polygon",
                "coordinates": [
                    [
                        [lon + x, lat + y]
                        for x, y in ((-1e-2, -5e-3), (1e-2, -5e-3), (1e-2, 5e-3), (-1e-2, 5e-3), (-1e-2, -5e-3))
                    ]
                ],
            },
        }
        for block, lon, lat in zip(blocks["block"], blocks["lon"], blocks["lat"], strict=True)
    ]
    text = json.dumps({"type": "FeatureCollection", "features": features})
    (folder / "elementary_blocks_2025_26.geojson").write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def source(tmp_path):
    return write_source(tmp_path / "source")


def test_the_builder_keeps_every_pupil(source, tmp_path):
    """Demand, population and enrolment hold the 60 pupils; seats are 1.1 × official: 11 and 55; leading zeros stay."""
    district = read_district(write_santa_rosa(source, tmp_path / "out").parent / "district")
    assert district.demand["children"].sum() == 60
    assert district.population["residents"].sum() == 60
    assert district.enrolment.groupby("school_id")["pupils"].sum().to_dict() == {"SR1": 50, "SR2": 10}
    assert district.sections.set_index("school_id")["seats"].to_dict() == {"SR1": 55, "SR2": 11}
    assert district.schools["name"].tolist() == ["East", "West"]
    assert district.units["unit_id"].tolist() == [f"06097000000000{n}" for n in range(1, 5)]
    assert set(district.units.geom_type) == {"Polygon"}


def test_the_planner_solves_what_the_builder_wrote(source, tmp_path):
    """West has a seat for one more pupil only, so all stay where they are; the empty block goes to its nearest, East."""
    result = run_scenario(write_santa_rosa(source, tmp_path / "out"))
    zones = result.plan.catchments
    plan = zones[zones["phase"] == 1].set_index("unit_id")["section_id"]
    assert plan.sort_index().tolist() == ["SR2:primary", "SR1:primary", "SR1:primary", "SR1:primary"]
    # Journeys are straight lines at walking speed, minutes ÷ 60 × 3.5 km/h = km; a sphere differs from the ellipsoid by 0.2 %.
    minutes = result.access.pairs.set_index(["unit_id", "site_id"])["minutes_young"].unstack()  # noqa: PD010  # a table, not a summary
    km = read_instance(source).km[["East", "West"]]
    assert minutes[["SR1", "SR2"]].to_numpy() * 3.5 / 60 == pytest.approx(km.to_numpy(), rel=3e-3)


def test_every_step_of_a_run_is_timed(source, tmp_path):
    """Each step of the table is called on the way from reading to writing, and the seconds add up to all."""
    scenario = write_santa_rosa(source, tmp_path / "out")
    scenario.write_text(scenario.read_text(encoding="utf-8") + "\n[outputs]\nmaps = []\ndpi = 72\n", encoding="utf-8")
    table = measure_phases(scenario, 10, tmp_path / "result")
    assert (table["calls"] >= 1).all()
    assert list(table.index) == [*dict.fromkeys(step for step, _, _ in STEPS), REST, ALL]
    assert table["seconds"].drop(ALL).sum() == pytest.approx(table.loc[ALL, "seconds"])
    assert (tmp_path / "result" / "manifest.json").is_file()


@needs_data
def test_the_measures_reproduce_the_published_figures():
    """Official 1.209 km and 33.7 % not at the nearest school, which would be 0.964 km away."""
    instance = read_instance(DATA)
    assert len(instance.students) == 967
    assert instance.students.sum() == 2861
    _table, faults = against_published(compared(instance.official, instance))
    assert faults == ()


@needs_data
@pytest.mark.slow
def test_santa_rosa_meets_its_bars(tmp_path):
    """The main command zones whole blocks at ≤ 1.045 km within 1.1 × official loads, and proves a gap ≤ 0.5 %."""
    report = run_santa_rosa(DATA, tmp_path / "out", Options(seconds=30))
    assert report.faults == ()
    assert [bar.name for bar in report.bars if not bar.met] == []
    assert len(read_plan(tmp_path / "out" / "result")) == 967


def test_moving_entrants_only_costs_the_difference_and_at_most_what_the_bounds_allow() -> None:
    """105 - 100 = 5 more; at least 103 - 100 = 3, at most 105 - 98 = 7, whatever the search missed."""
    rows = pd.DataFrame(
        [("entrants", "d", 30.0, 105.0, 103.0), ("everybody", "d", 30.0, 100.0, 98.0)],
        columns=["problem", "instance", "limit", "objective", "bound"],
    )
    assert entrants_cost(rows).loc[("d", 30.0)].tolist() == [105.0, 100.0, 5.0, 3.0, 7.0]
    assert entrants_cost(rows[:1]).empty
