"""Children whose catchment changes from one phase to the next."""

from __future__ import annotations

import pandas as pd

from simulator.capacity.access import Access, minutes_column
from simulator.capacity.supply import Supply
from simulator.plan import Plan
from simulator.projection.demand import Demand
from simulator.terms import WHOLE_UNIT_REGIMES, Band

_COLUMNS = ["phase", "stage", "children_moved", "share", "longer", "mean_change_min"]


def moved(plan: Plan, demand: Demand, supply: Supply, access: Access) -> pd.DataFrame:
    """Children whose unit goes to another school than in the phase before, counted in the phase's first year.

    A child without a section before has not moved. `longer` counts those whose journey grows; the mean
    change is over the children who have a way both before and after.

    Returns
    -------
    pandas.DataFrame
        As `Indicators.moved`.
    """
    regimes = supply.sections["regime"]
    rows = []
    for band in supply.bands:
        covering = [section for section in supply.sections.index if supply.covers(section, band)]
        if not regimes[covering].isin(WHOLE_UNIT_REGIMES).any():
            continue
        for phase, year in plan.phases.loc[plan.phases["phase"] > 0, ["phase", "first_year"]].itertuples(index=False):
            if year in demand.years:
                rows.append(_moves(int(phase), int(year), band, plan, demand, access))
    if not rows:
        return pd.DataFrame(columns=_COLUMNS)
    sums = pd.DataFrame(rows).groupby(["phase", "stage"], as_index=False).sum()
    share = sums["children_moved"] / sums["children"].where(sums["children"] > 0)
    change = sums["change"] / sums["timed"].where(sums["timed"] > 0)
    return sums.assign(share=share, mean_change_min=change)[_COLUMNS]


def _moves(phase: int, year: int, band: Band, plan: Plan, demand: Demand, access: Access) -> dict[str, object]:
    """Sums of one band and phase: children, children_moved, longer, change (minutes × children), timed (children)."""
    children = pd.Series(demand.of(band.stage, band.grades)[:, demand.years.index(year)], index=list(demand.units))
    moves = unit_moves(plan, band, phase, access)
    weight = moves["share"] * children.reindex(moves.index).fillna(0.0)
    change = moves["after"] - moves["before"]
    timed = weight.where(change.abs() < float("inf"), 0.0)
    return {
        "phase": phase,
        "stage": band.stage.value,
        "children": float(children.sum()),
        "children_moved": float(weight.sum()),
        "longer": float(weight.where(change > 0, 0.0).sum()),
        "change": float((timed * change.where(timed > 0, 0.0)).sum()),
        "timed": float(timed.sum()),
    }


def unit_moves(plan: Plan, band: Band, phase: int, access: Access) -> pd.DataFrame:
    """Units of a band that change school at the start of a phase.

    Returns
    -------
    pandas.DataFrame
        Index unit_id: share (of the unit that leaves its school), before, after (minutes; NaN after = unserved).
    """
    table = plan.catchments[(plan.catchments["band"] == band.band_id) & (plan.catchments["section_id"] != "")]
    keys = ["unit_id", "section_id"]
    old = table[table["phase"] == phase - 1].groupby(keys)["share"].sum()
    new = table[table["phase"] == phase].groupby(keys)["share"].sum()
    both = pd.concat({"old": old, "new": new}, axis=1).fillna(0.0).reset_index()
    both = both.assign(
        site_id=both["section_id"].str.rsplit(":", n=1).str[0],
        left=(both["old"] - both["new"]).clip(lower=0),
        joined=(both["new"] - both["old"]).clip(lower=0),
    )
    column = minutes_column(band)
    both = both.merge(access.pairs[["unit_id", "site_id", column]], on=["unit_id", "site_id"], how="left")
    weighed = both.assign(
        before=(both["left"] * both[column]).where(both["left"] > 0, 0.0),
        after=(both["joined"] * both[column]).where(both["joined"] > 0, 0.0),
    )
    summed = weighed.groupby("unit_id")[["left", "joined", "before", "after"]].sum()
    summed = summed[summed["left"] > 1e-9]
    return pd.DataFrame(
        {
            "share": summed["left"],
            "before": summed["before"] / summed["left"],
            "after": summed["after"] / summed["joined"].where(summed["joined"] > 0),
        }
    )
