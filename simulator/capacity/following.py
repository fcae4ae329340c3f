"""随并率: children of a closed school who do not follow to the receiving school, but go to school in a town."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from simulator.capacity.access import Access, minutes_column
from simulator.capacity.supply import FOLLOWING_COLUMNS, Catchments, Supply
from simulator.language import translate as _
from simulator.scenario import Scenario
from simulator.terms import WHOLE_UNIT_REGIMES, AreaKind, Band, Regime, Serves, band_of

_TOWNS = (AreaKind.TOWN, AreaKind.CITY)


def with_following(
    supply: Supply, access: Access, catchments: Catchments, arrangements: pd.DataFrame, scenario: Scenario
) -> Supply:
    """The same supply, which knows who would not follow if a school closed, and where they would go.

    Of the children of a unit whose school of today is closed, the share 1 − following share goes to the school of the
    stage in a town or city, of their own township first, else the nearest one that the plan cannot close.
    They settle near it; their journey is that of the unit nearest to it.

    Parameters
    ----------
    supply, access, catchments
        As built.
    arrangements
        Table 撤并安排: following_share of single schools.
    scenario
        `consolidation.following_share` of all others.

    Returns
    -------
    Supply
        `following` set; empty where everybody follows.
    """
    leaving = _leaving(supply, arrangements, scenario)
    if leaving.empty:
        return supply
    rows = catchments.table[catchments.table["section_id"].isin(leaving.index)]
    rows = rows.assign(share=rows["share"] * rows["section_id"].map(leaving))
    frames = [_towards(supply, access, own, band_of(str(band)), scenario) for band, own in rows.groupby("band")]
    found = [frame for frame in frames if len(frame)]
    if not found:
        return supply
    table = pd.concat(found, ignore_index=True)[list(FOLLOWING_COLUMNS)]
    sentence = _(
        "撤并学校的学生按随并率就读：不随并的到本乡镇或最近的镇区、城区学校（{count} 所），计入该校；"
        "优化时接收学校仍按全部学生备足学位"
    ).format(count=table["to_section"].nunique())
    return replace(supply, following=table, assumptions=(*supply.assumptions, sentence))


def _leaving(supply: Supply, arrangements: pd.DataFrame, scenario: Scenario) -> pd.Series:
    """Section → share of its children who would not follow; only where there are any."""
    sections = supply.sections[supply.sections["existing"].astype(bool) & supply.sections["decided_here"].astype(bool)]
    share = pd.Series(1 - scenario.consolidation.following_share, index=sections.index)
    if len(arrangements):
        stated = arrangements[arrangements["following_share"].notna()]
        for site, stage, follows in zip(stated["school_id"], stated["stage"], stated["following_share"], strict=True):
            own = (sections["site_id"] == site) & ((stage == "") | (sections["stage"] == stage))
            share[own] = 1 - float(follows)
    return share[share > 0]


def _towards(supply: Supply, access: Access, rows: pd.DataFrame, band: Band, scenario: Scenario) -> pd.DataFrame:
    """Rows of one band with the school in town that each unit would go to."""
    towns = _town_sections(supply, band, scenario)
    if towns.empty:
        return pd.DataFrame(columns=FOLLOWING_COLUMNS)
    column = minutes_column(band)
    pairs = access.pairs[access.pairs["site_id"].isin(towns["site_id"]) & np.isfinite(access.pairs[column])]
    pairs = pairs[["unit_id", "site_id", column]].rename(columns={column: "journey"})
    short = pairs.groupby("site_id")["journey"].min()
    options = rows.rename(columns={"section_id": "closing"}).merge(pairs, on="unit_id")
    options = options.merge(towns, on="site_id")
    options = options[options["closing"] != options["to_section"]]
    home = options["closing"].str.rsplit(":", n=1).str[0].map(supply.sites["township"])
    options = options.assign(away=options["township"] != home, minutes=options["site_id"].map(short))
    options = options.sort_values(["unit_id", "closing", "away", "journey", "to_section"], kind="stable")
    nearest = options.drop_duplicates(["unit_id", "closing"])
    return nearest.rename(columns={"closing": "section_id"})


def _town_sections(supply: Supply, band: Band, scenario: Scenario) -> pd.DataFrame:
    """to_section, site_id, township of public schools in towns that run the band and that the plan cannot close."""
    sections = supply.sections
    asked = {decision.place for decision in scenario.decisions if decision.decision == "close"}
    asked |= set(supply.committed.loc[supply.committed["kind"] == "consolidation", "site_id"])
    stays = (
        sections["existing"].astype(bool)
        & sections["public"].astype(bool)
        & ~sections["can_close"].astype(bool)
        & ~sections["site_id"].isin(asked)
        & (sections["serves"] == Serves.ALL)
        & sections["regime"].isin(set(WHOLE_UNIT_REGIMES) - {Regime.SHARED_CATCHMENT})
    )
    runs = [section for section in sections.index[stays] if supply.covers(str(section), band)]
    found = sections.loc[runs, ["site_id"]].rename_axis("to_section").reset_index()
    found = found.assign(
        township=found["site_id"].map(supply.sites["township"]), kind=found["site_id"].map(supply.sites["area_kind"])
    )
    return found[found["kind"].isin(_TOWNS)].drop(columns="kind")
