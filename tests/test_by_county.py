"""A city of two counties: each a problem of its own, together one plan; nothing lost, nothing across the line."""

from __future__ import annotations

from dataclasses import fields, replace

import pandas as pd
import pytest

from simulator import counties
from simulator.capacity import with_counties
from simulator.capacity.supply import one_county
from simulator.errors import InputError
from simulator.inputs import District
from simulator.inputs.counties import counties_of, county_district
from simulator.inputs.synthetic import DistrictCard, invent_city, small_district, write_district
from simulator.plan import Solution
from simulator.prepared import Prepared, Request, Watcher
from simulator.result import Result
from simulator.run import optimize_prepared, prepare
from simulator.terms import Regime

CARD = DistrictCard("双县市", "双县市〔演示〕", "EPSG:4543", "虚构", {"default": 2025})
SCENARIO = """
title = "双县市〔演示〕"

[district]
folder = "city"

[horizon]
base_year = 2025
target_year = 2027
projection_to = 2028

[[phases]]
first_year = 2026
last_year = 2027

[budget]
capital_wan = [3_000, 9_000]

[timing]
closures_per_year = 2

[solver]
time_limit_s = 30
gap = 0.05
"""


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Prepared:
    """Two small counties 30 km apart, of twelve and fourteen units."""
    folder = tmp_path_factory.mktemp("city")
    first, second = small_district(1, 12), small_district(2, 14)
    specs = {
        "A": replace(first, name="甲县", townships=("甲心街道", "甲北镇")),
        "B": replace(second, name="乙县", townships=("乙心街道", "乙北镇"), origin=(510_000.0, 4_490_000.0)),
    }
    write_district(invent_city(specs), folder / "city", CARD)
    (folder / "city.toml").write_text(SCENARIO, encoding="utf-8")
    return prepare(folder / "city.toml")


@pytest.fixture(scope="module")
def result(prepared: Prepared) -> Result:
    """The city planned, operated, measured and audited."""
    return optimize_prepared(prepared, Watcher())


def test_the_counties_share_out_every_row_and_none_twice(prepared: Prepared) -> None:
    """Units 12 + 14; every other table of places is the two parts, one below the other."""
    city = prepared.district
    parts = [county_district(city, county) for county in counties_of(city)]
    assert counties_of(city) == ("甲县", "乙县")
    assert [len(part.units) for part in parts] == [12, 14]
    for field in fields(District):
        whole = getattr(city, field.name)
        if isinstance(whole, pd.DataFrame) and field.name not in {"births", "travel", "barriers", "crossings"}:
            assert sum(len(getattr(part, field.name)) for part in parts) == len(whole), field.name


def test_rows_of_the_whole_city_stay_with_every_county(prepared: Prepared) -> None:
    """Births are told for the whole district, so that each county keeps them all."""
    city = prepared.district
    assert all(county_district(city, county).births.equals(city.births) for county in counties_of(city))


def test_the_city_plan_holds_every_unit_and_every_section_once(prepared: Prepared, result: Result) -> None:
    """Shares of a unit add up to 1 in each band and phase; each section has one row a phase."""
    shares = result.plan.catchments.groupby(["phase", "unit_id", "band"])["share"].sum()
    rows = result.plan.sections.groupby(["phase", "section_id"]).size()
    assert set(result.plan.catchments["unit_id"]) == set(prepared.district.units["unit_id"])
    assert shares.to_numpy() == pytest.approx(1.0)
    assert (rows == 1).all()
    assert set(rows.index.get_level_values("section_id")) == set(prepared.supply.sections.index)


def test_no_catchment_crosses_the_county_line(result: Result) -> None:
    """Units and schools of a county bear its letter."""
    zoned = result.plan.catchments[result.plan.catchments["section_id"] != ""]
    assert (zoned["unit_id"].str[0] == zoned["section_id"].str[0]).all()


def test_stages_without_catchments_too_are_for_the_children_of_the_county(result: Result) -> None:
    """The children of a pool are shared out over the schools of their county, as each county was planned."""
    regime = result.supply.sections["regime"]
    for run in (result.operation, result.no_action_operation):
        seated = run.pupils[run.pupils["section_id"] != ""]
        pooled = seated[seated["section_id"].map(regime) == Regime.POOL]
        assert set(pooled["unit_id"].str[0]) == {"A", "B"}
        assert (pooled["unit_id"].str[0] == pooled["section_id"].str[0]).all()


@pytest.mark.parametrize(
    ("county", "within", "found"),
    [
        (["甲县", "乙县"], True, {"A1": "甲县", "B1": "乙县", "S": "乙县"}),
        (["甲县", "乙县"], False, {}),
        (["甲县", "甲县"], True, {}),
        (None, True, {}),
    ],
)
def test_only_several_counties_that_plan_by_themselves_are_told_apart(prepared, county, within, found):
    """School S stands in unit B1."""
    settings = prepared.scenario.candidates.model_copy(update={"within_county": within})
    units = pd.DataFrame({"unit_id": ["A1", "B1"]} | ({} if county is None else {"county": county}))
    supply = with_counties(
        replace(prepared.supply, counties=one_county()),
        pd.Series({"S": "B1"}),
        units,
        prepared.scenario.model_copy(update={"candidates": settings}),
    )
    assert supply.county_of == found


def test_the_present_network_too_is_put_together_from_the_counties(prepared: Prepared, result: Result) -> None:
    """What a forecast without a plan runs is the network without action of the plan."""
    network, run = counties.present(prepared)
    pd.testing.assert_frame_equal(network.catchments, result.no_action.catchments)
    pd.testing.assert_frame_equal(run.pupils, result.no_action_operation.pupils)


def test_the_city_is_audited_as_a_whole(result: Result) -> None:
    """No rigid finding; the money of both counties stays within the city's."""
    capital = result.plan.capital.groupby("phase")["capital_wan"].sum()
    assert result.audit.rigid == 0
    assert (capital <= pd.Series({0: 3_000.0, 1: 9_000.0}).reindex(capital.index) + 1e-6).all()


def test_the_gap_of_a_city_is_that_of_the_sums() -> None:
    """Objectives 110 + 210, bounds 100 + 205, unavoidable 50 + 70: (320 − 305) ÷ (320 − 120) = 7.5 %; the worse state."""
    parts = [
        Solution("optimal", 110.0, 100.0, 50.0, 10 / 60, 3.0, 1.0, "HiGHS"),
        Solution("time_limit", 210.0, 205.0, 70.0, 5 / 140, 4.0, 2.5, "HiGHS", 2),
    ]
    assert counties.solution_of(parts, 8.0) == Solution("time_limit", 320.0, 305.0, 120.0, 0.075, 8.0, 3.5, "HiGHS", 2)


def test_what_counts_over_the_whole_city_is_refused(prepared: Prepared) -> None:
    """A trade-off curve of the whole city cannot be drawn county by county; the message says what to do."""
    with pytest.raises(InputError) as caught:
        counties.decide(prepared, Watcher(), Request(frontier=("shortage", "cost")))
    assert "--frontier" in str(caught.value)
    assert "within_county = false" in str(caught.value)
