"""The risk of a network over the draws, against the draws themselves one by one."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from simulator import run
from simulator.indicators import measure_risk, no_risk
from simulator.indicators.network import seats_of_plan
from simulator.indicators.risk import DISTRICT, PROJECT, RISK_COLUMNS, SECTION, STAGE
from simulator.inputs.synthetic import DistrictCard, invent_district, small_district, write_district
from simulator.operation import children_by_section
from simulator.plan import Plan
from simulator.planning import present
from simulator.prepared import Prepared
from simulator.scenario import DistrictSettings, HorizonSettings, Scenario, UncertaintySettings

DRAWS = 12


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Prepared:
    """A small town with twelve draws; nothing is optimized."""
    folder, town = tmp_path_factory.mktemp("risk"), small_district(1)
    card = DistrictCard(town.name, town.name, town.crs, "invented", {"default": 2025})
    write_district(invent_district(town), folder, card)
    scenario = Scenario(
        title="试",
        district=DistrictSettings(folder=folder),
        horizon=HorizonSettings(base_year=2025, target_year=2030, projection_to=2031),
        uncertainty=UncertaintySettings(draws=DRAWS),
    )
    return run.prepare(scenario, path=Path("scenario.toml"))


@pytest.fixture(scope="module")
def network(prepared: Prepared) -> Plan:
    """The present network with a conversion noted at one campus, so that there is a project."""
    today, _operated = present(prepared)
    row = today.sections[today.sections["open"]].iloc[0]
    site, stage = str(row["section_id"]).rsplit(":", 1)
    work = {"site_id": site, "section_id": row["section_id"], "stage": stage, "action": "extension", "phase": 2,
            "year": 2027, "classes": 1, "module": "", "capital_wan": 1.0, "reason": ""}  # fmt: skip
    return replace(today, actions=pd.DataFrame([work]))


def measured(prepared: Prepared, network: Plan, workers: int = 1) -> pd.DataFrame:
    return measure_risk(
        prepared.projection, (network,), prepared.supply, prepared.standards, prepared.scenario, workers
    )


def test_risk_is_what_counting_the_draws_one_by_one_gives(prepared: Prepared, network: Plan):
    """Pupils of each section and draw, replayed by the operation: how often they exceed the seats or leave them empty."""
    medium = prepared.projection.demand["medium"]
    years: dict[int, list] = {}
    prepared.projection.ensemble.each(
        lambda _draws, position, children: years.setdefault(position, []).append(children), workers=1
    )
    drawn = np.stack([np.concatenate(years[position]) for position in sorted(years)], axis=-1).astype(float)
    seats = seats_of_plan(network, prepared.supply, prepared.standards, prepared.scenario)
    offered = seats.set_index(["section_id", "phase"])["seats_standard"]
    counts: dict[tuple[str, int], list[bool]] = {}
    for children in drawn:
        future = replace(medium, children=np.concatenate([medium.children[..., :1], children], axis=-1))
        flows = children_by_section(network, future, prepared.supply)
        flows = flows[(flows["section_id"] != "") & (flows["year"] > medium.years[0])]
        for (section, year), pupils in flows.groupby(["section_id", "year"])["children"].sum().items():
            room = offered[section, network.phase_of(year)]
            counts.setdefault((section, year), []).append(pupils > room + 0.5)
    told = measured(prepared, network).query("level == @SECTION").set_index(["place", "year"])["shortage"]
    assert len(counts) > 20
    expected = pd.Series({key: np.sum(short) / DRAWS for key, short in counts.items()})
    assert 0 < expected.mean() < 1
    np.testing.assert_allclose(told.reindex(expected.index), expected, atol=1.01 / DRAWS)
    assert (told.reindex(expected.index) - expected).abs().mean() < 0.1 / DRAWS


def test_stages_sections_projects_and_the_district_agree(prepared: Prepared, network: Plan):
    """Seats and children beyond them add up; the district is at least as likely short as any stage."""
    risk = measured(prepared, network)
    assert list(risk.columns) == RISK_COLUMNS
    assert set(risk["level"]) == {PROJECT, SECTION, STAGE, DISTRICT}
    sections, stages = (risk[risk["level"] == level] for level in (SECTION, STAGE))
    np.testing.assert_allclose(
        sections.groupby(["stage", "year"])["seats"].sum(), stages.set_index(["stage", "year"])["seats"].sort_index()
    )
    whole = risk[risk["level"] == DISTRICT].set_index("year")
    for name in ("shortage", "surplus"):
        assert (whole[name] >= stages.groupby("year")[name].max() - 1e-9).all()
    by_stage = stages.set_index(["stage", "year"])["beyond"]
    assert (by_stage >= sections.groupby(["stage", "year"])["beyond"].sum() - 1e-3).all()
    projects = risk[risk["level"] == PROJECT]
    assert projects["year"].min() == 2027
    assert risk[["shortage", "surplus"]].apply(lambda column: column.between(0, 1)).all(axis=None)


def test_any_number_of_workers_counts_the_same(prepared: Prepared, network: Plan):
    pd.testing.assert_frame_equal(measured(prepared, network), measured(prepared, network, workers=3))


def test_without_draws_there_is_no_risk_to_tell(prepared: Prepared, network: Plan):
    nothing = replace(prepared, projection=replace(prepared.projection, ensemble=None))
    pd.testing.assert_frame_equal(measured(nothing, network), no_risk())
