"""The draws of a projection, their bands, and what the optimizer plans for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from simulator.inputs.district import District
from simulator.language import translate as _
from simulator.projection.bands import NO_BANDS, Bands
from simulator.projection.calibration import Calibration
from simulator.projection.demand import Demand, FloatArray
from simulator.projection.draws import Around
from simulator.projection.draws_housing import housing_draws
from simulator.projection.first_step import present_destinations
from simulator.projection.population import Residents
from simulator.projection.progression import Rates
from simulator.projection.quantiles import Places, bands_of, plan_at_quantile, rescale, stage_totals
from simulator.projection.register import StageRegister
from simulator.projection.uncertainty import Ensemble
from simulator.projection.widths import calibrated_scale
from simulator.scenario import Scenario
from simulator.terms import Stage

_MEDIAN = 0.5
# Half of a 90 % range in standard deviations.
_HALF_WIDTH = 1.645
_ACROSS_THE_BORDER = ("outside", "private", "returning")


@dataclass(frozen=True)
class Drawn:
    """What the draws give a projection: as `Projection` names them."""

    bands: Bands = NO_BANDS
    ensemble: Ensemble | None = None
    at_quantile: Demand | None = None
    assumptions: tuple[str, ...] = ()


@dataclass(frozen=True)
class Medium:
    """The medium variant, around which futures are drawn.

    Parameters
    ----------
    rates, residents, demand
        How children go on, who lives here, and what they ask for.
    given
        The planner's own demand, NaN where there is none, shape (units, cells, years).
    registers
        Where children study today.
    """

    rates: Rates
    residents: Residents
    demand: Demand
    given: FloatArray
    registers: Mapping[Stage, StageRegister]


def draw_bands(medium: Medium, district: District, scenario: Scenario, calibration: Calibration) -> Drawn:
    """Draw the futures that the scenario asks for; none give nothing.

    Parameters
    ----------
    medium
        The run that they deviate from.
    district, scenario
        Units, births and housing; widths, number of draws, what is planned for.
    calibration
        How wide the bands of the history had to be.
    """
    settings, run = scenario.uncertainty, medium.demand
    if not settings.draws or not run.cells:
        return Drawn()
    plain = Ensemble(
        around=around_run(medium, district, scenario, calibration),
        children=run.children,
        scale=np.ones(len(run.years)),
        draws=settings.draws,
        seed=settings.seed,
    )
    places = _places(medium, district.units)
    totals = stage_totals(plain, places)
    ensemble = replace(plain, scale=calibrated_scale(totals, plain, places, calibration))
    rescale(totals, ensemble, places)
    wanted = {"median": _MEDIAN, "quantile": scenario.projection.quantile}.get(scenario.projection.plan_for)
    at_quantile = None
    if wanted is not None:
        at_quantile = Demand(run.units, run.cells, run.years, plan_at_quantile(ensemble, totals, places, wanted))
    bands = bands_of(totals, ensemble, places)
    return Drawn(bands, ensemble, at_quantile, tuple(_assumptions(medium, scenario, ensemble)))


def around_run(medium: Medium, district: District, scenario: Scenario, calibration: Calibration) -> Around:
    """The run that draws deviate from, with the widths of the scenario and the noise that the history shows."""
    settings, run = scenario.uncertainty, medium.demand
    years = range(run.years[0], run.years[-1] + 1)
    units = pd.Index(district.units["unit_id"])
    across = [half for flow, half in scenario.study.band.items() if flow in _ACROSS_THE_BORDER]
    return Around(
        rates=medium.rates,
        residents=medium.residents,
        start=run.children[..., 0],
        given=medium.given,
        kinds=tuple(district.units["area_kind"]),
        known_births=int(district.births["year"].max()) - years[0] if len(district.births) else 0,
        housing=housing_draws(
            district.housing, units, medium.residents, years, settings.housing_delay, scenario.projection
        ),
        settings=settings,
        noise=calibration.noise,
        floor=calibration.floor,
        study_sd=float(np.hypot.reduce(across)) / _HALF_WIDTH if across else 0.0,
    )


def _places(medium: Medium, units: pd.DataFrame) -> Places:
    """Units, townships and today's sections."""
    townships = units["township"] if "township" in units else pd.Series("", index=units.index)
    registers = medium.registers
    return Places(
        units=medium.demand.units,
        townships=tuple(townships.astype(str)),
        columns=medium.rates.columns,
        sections={stage: register.sections for stage, register in registers.items()},
        destinations={stage: present_destinations(register)[:-1] for stage, register in registers.items()},
        years=medium.demand.years,
    )


def _assumptions(medium: Medium, scenario: Scenario, ensemble: Ensemble) -> Iterator[str]:
    """What the bands rest on and what is planned for, in the planner's words."""
    settings = scenario.projection
    yield _("不确定性区间以中方案为中心，抽样 {draws} 次，随机种子 {seed}").format(
        draws=scenario.uncertainty.draws, seed=scenario.uncertainty.seed
    )
    if not np.isnan(medium.given).all():
        yield _("规划者自定预测的学段不抽样，没有区间")
    if (ensemble.scale != 1).any():
        yield _("区间宽度按本地历史回测校准：第一年为抽样所得的 {first:.2f} 倍，最后一年 {last:.2f} 倍").format(
            first=ensemble.scale[1], last=ensemble.scale[-1]
        )
    if settings.plan_for == "median":
        yield _("规划所依据的需求：各乡镇街道各学段取抽样的中位数，单元和年级按中方案的比例分摊")
    if settings.plan_for == "quantile":
        yield _("规划所依据的需求：各乡镇街道各学段取抽样的 {share:.0%} 分位数，单元和年级按中方案的比例分摊").format(
            share=settings.quantile
        )
