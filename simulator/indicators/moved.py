"""Children who change school, and new entrants whose catchment changes, from one phase to the next."""

from __future__ import annotations

import numpy as np
import pandas as pd

from simulator.capacity.access import Access, minutes_column
from simulator.capacity.supply import Supply
from simulator.operation import CATCHMENT, EVERYBODY, SCHOOL, moves
from simulator.plan import Plan
from simulator.projection.demand import Demand
from simulator.terms import WHOLE_UNIT_REGIMES, Stage, band_of

_KEY = ["phase", "stage", "cause"]
_COLUMNS = [*_KEY, "children_moved", "share", "longer", "mean_change_min"]

# Sums of shares leave fractions of children that are nobody.
_DUST = 1e-9


def moved(plan: Plan, demand: Demand, supply: Supply, access: Access) -> pd.DataFrame:
    """Children who go to another school because of the plan, counted in the first year of each phase.

    Where enrolled children keep their school, those whose school closes (`school`) and new entrants whose catchment
    is another than in the phase before (`catchment`) are told apart; else all are of the cause `everybody`. A child without a section before has not moved. `longer` counts those whose journey grows; the mean
    change is over the children who have a way both before and after.

    Returns
    -------
    pandas.DataFrame
        As `Indicators.moved`; the share is of the children of the stage.
    """
    causes = (SCHOOL, CATCHMENT) if plan.rezoning == "entrants" else (EVERYBODY,)
    regimes = supply.sections["regime"]
    zoned = set(supply.sections.loc[regimes.isin(WHOLE_UNIT_REGIMES), "stage"])
    starts = plan.phases.loc[plan.phases["phase"] > 0, ["phase", "first_year"]]
    rows = [
        (int(phase), stage.value, cause, float(demand.of(stage)[:, demand.years.index(year)].sum()))
        for phase, year in starts.itertuples(index=False)
        for stage in Stage
        if stage.value in zoned and year in demand.years
        for cause in causes
    ]
    table = pd.DataFrame(rows, columns=[*_KEY, "children"]).set_index(_KEY)
    summed = _sums(moves(plan, demand, supply), access).reindex(table.index, fill_value=0.0)
    share = summed["children_moved"] / table["children"].where(table["children"] > 0)
    change = summed["spent"] / summed["timed"].where(summed["timed"] > 0)
    return summed.assign(share=share, mean_change_min=change).reset_index()[_COLUMNS]


def _sums(rows: pd.DataFrame, access: Access) -> pd.DataFrame:
    """children_moved, longer, spent (minutes × children) and timed (children) by phase, stage and change."""
    bands = {name: band_of(name) for name in rows["band"].unique()}
    young = rows["band"].map({name: minutes_column(band) == "minutes_young" for name, band in bands.items()})
    pairs = access.pairs[["unit_id", "site_id", "minutes_young", "minutes_older"]]
    timed = rows.assign(
        site_id=rows["section_id"].str.rsplit(":", n=1).str[0],
        stage=rows["band"].map({name: band.stage.value for name, band in bands.items()}),
    ).merge(pairs, on=["unit_id", "site_id"], how="left")
    minutes = timed["minutes_young"].where(young.to_numpy(bool), timed["minutes_older"]).astype(float).fillna(np.inf)
    timed = timed.assign(
        before=(timed["left"] * minutes).where(timed["left"] > 0, 0.0),
        after=(timed["joined"] * minutes).where(timed["joined"] > 0, 0.0),
    )
    unit = [*_KEY, "band", "unit_id"]
    sums = timed.groupby(unit)[["left", "joined", "before", "after"]].sum()
    sums = sums[sums["left"] > _DUST]
    sums = sums.astype(float)  # of nobody they are sums of nothing
    longer = sums["after"] / sums["joined"].where(sums["joined"] > 0) - sums["before"] / sums["left"]
    known = np.isfinite(longer)
    return (
        pd.DataFrame(
            {
                "children_moved": sums["left"],
                "longer": sums["left"].where(longer > 0, 0.0),
                "spent": (sums["left"] * longer).where(known, 0.0),
                "timed": sums["left"].where(known, 0.0),
            }
        )
        .groupby(_KEY)
        .sum()
    )
