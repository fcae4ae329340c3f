"""综合评价指数: one figure a county and year, the weighted mean of five degrees of attainment."""

from __future__ import annotations

import numpy as np
import pandas as pd

from simulator.indicators.board.schools import resource_norms
from simulator.indicators.board.side import PLACE, Side
from simulator.rules.board import RESOURCES
from simulator.terms import COMPULSORY, IndexHead, Stage, Way, band_of

WHOLE = "whole"
"""The index itself, beside its heads."""
HEADS = tuple(head.value for head in IndexHead)
INDEX_COLUMNS = ["network", "county", "year", "head", "weight", "figure"]
_STAGES = (Stage.KINDERGARTEN, *COMPULSORY)


def composite_index(side: Side, variation: pd.DataFrame) -> pd.DataFrame:
    r"""The index of a network and its five heads, in points of 100.

    .. math:: I = \frac{\sum_h w_h A_h}{\sum_h w_h}

    over the heads that are known, with the weights of the scenario (`balance.index`). A head is a degree of attainment,
    at most 100, so that more than enough of one thing does not make up for another:

    * `resources`: :math:`\min(x / norm, 1)` of the seven indicators, mean of a school's known ones, over schools by pupils;
    * `balance`: :math:`\min(limit / CV, 1)`, mean over the coefficients of primary and junior schools;
    * `seats`: kindergarten and compulsory pupils within the standard seats of their section, of all of them and those
      without a place;
    * `journeys`: kindergarten and compulsory children whose way keeps the scenario's limits, or who ride or board;
    * `class_sizes`: compulsory classes up to the standard size.

    No published formula of such an index is known to us: heads, form and equal weights are a choice of this program.

    Parameters
    ----------
    side
        A network as the board looks at it.
    variation
        Its difference coefficients.

    Returns
    -------
    pandas.DataFrame
        :data:`INDEX_COLUMNS`: the heads and the whole (`whole`, weight NaN) of every county and year; NaN where unknown.
    """
    attained = {
        IndexHead.RESOURCES.value: _resources(side),
        IndexHead.BALANCE.value: _balance(variation),
        IndexHead.SEATS.value: _seats(side),
        IndexHead.JOURNEYS.value: _journeys(side),
        IndexHead.CLASS_SIZES.value: _class_sizes(side),
    }
    points = 100 * pd.DataFrame({head: found.reindex(side.county_years) for head, found in attained.items()})
    weights = pd.Series({head.value: weight for head, weight in side.scenario.balance.index.items()}, dtype=float)[
        [*HEADS]
    ]
    told = points.notna().mul(weights, axis=1)
    whole = (points * weights).sum(axis=1) / told.sum(axis=1).replace(0.0, np.nan)
    table = points.assign(**{WHOLE: whole}).reset_index().melt(PLACE, var_name="head", value_name="figure")
    table = table.assign(network=side.operation.network, weight=table["head"].map(weights))
    order = table["head"].map({head: place for place, head in enumerate((WHOLE, *HEADS))})
    return table.assign(order=order).sort_values([*PLACE, "order"], ignore_index=True)[INDEX_COLUMNS]


def _resources(side: Side) -> pd.Series[float]:
    """Mean attainment of the schools' indicators, by pupils."""
    names = [resource.item_id for resource in RESOURCES]
    schools = side.schools
    norms = resource_norms(side.standards)[[*COMPULSORY]].T.reindex(schools["stage"])[names].to_numpy(np.float64)
    reached = pd.DataFrame(np.minimum(schools[names].to_numpy(np.float64) / norms, 1.0), index=schools.index)
    return _mean(schools.assign(attained=reached.mean(axis=1), weight=schools["pupils"].astype(float)))


def _balance(variation: pd.DataFrame) -> pd.Series[float]:
    """Mean attainment of the coefficients."""
    limit = variation["limit"].astype(float)
    attained = (limit / variation["coefficient"].astype(float).clip(lower=limit)).astype(float)
    return _mean(variation.assign(attained=attained, weight=1.0))


def _mean(rows: pd.DataFrame) -> pd.Series[float]:
    """Mean of `attained` by `weight`, of the rows that tell it."""
    known = rows.dropna(subset=["attained"])
    sums = known.assign(attained=known["attained"] * known["weight"]).groupby(PLACE)[["attained", "weight"]].sum()
    return sums["attained"] / sums["weight"].where(sums["weight"] > 0)


def _seats(side: Side) -> pd.Series[float]:
    """Share of children within the standard seats of the section that they are in."""
    rows = side.sections[side.sections["stage"].isin(_STAGES)]
    phases = {year: side.plan.phase_of(year) for year in rows["year"].unique()}
    seats = side.plan.sections.set_index(["phase", "section_id"])["seats"].astype(float)
    places = pd.MultiIndex.from_arrays([rows["year"].map(phases), rows["section_id"]])
    offered = seats.reindex(places).fillna(0.0).to_numpy()
    within = rows.assign(within=np.minimum(rows["pupils"].to_numpy(np.float64), offered))
    sums = within.groupby(PLACE)[["within", "pupils"]].sum()
    flows = side.flows[side.flows["stage"].isin(_STAGES) & (side.flows["section_id"] == "")]
    unserved = flows.groupby(PLACE)["children"].sum().reindex(sums.index, fill_value=0.0)
    return sums["within"] / (sums["pupils"] + unserved).replace(0.0, np.nan)


def _journeys(side: Side) -> pd.Series[float]:
    """Share of children with a place whose way keeps the limits, or is by a bus or to a bed that the plan provides."""
    flows = side.flows[side.flows["stage"].isin(_STAGES) & (side.flows["section_id"] != "")]
    pairs = flows[["band", "area_kind"]].drop_duplicates().itertuples(index=False, name=None)
    limits = {
        (band, kind): min(
            side.access.limit_of(band_of(str(band)), str(kind), effect) for effect in ("hard", "advisory")
        )
        for band, kind in pairs
    }
    limit = pd.Series(list(zip(flows["band"], flows["area_kind"], strict=True)), index=flows.index).map(limits)
    kept = (flows["way"] != Way.OWN) | (flows["minutes"].astype(float) <= limit.astype(float) + 1e-6)
    rows = flows.assign(kept=flows["children"].where(kept, 0.0))
    sums = rows.groupby(PLACE)[["kept", "children"]].sum()
    return sums["kept"] / sums["children"].where(sums["children"] > 0)


def _class_sizes(side: Side) -> pd.Series[float]:
    """Share of compulsory classes up to the standard size."""
    rows = side.sizes[side.sizes["stage"].isin(COMPULSORY)]
    most = rows["stage"].map({stage.value: side.standards.value(f"class_size.{stage}") for stage in COMPULSORY})
    return (rows["size"] <= most.astype(float)).groupby([rows[name] for name in PLACE]).mean().astype(float)
