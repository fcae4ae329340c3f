"""优质均衡: the items of the county that the tables tell, one figure a county and year."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from simulator.indicators.board.schools import FAILS, UNKNOWN
from simulator.indicators.board.side import PLACE, Side, counted
from simulator.terms import COMPULSORY, WHOLE_UNIT_REGIMES, AreaKind, Network, SectionKind, Stage, Way, band_of

TOWN = (AreaKind.CITY, AreaKind.TOWN)
Figures = pd.DataFrame
"""Index (county, year): figure, norm (NaN: the item's own), unknown (places that nobody can tell)."""


def _figures(figure: pd.Series[float], norm: pd.Series[float] | float = np.nan, unknown: object = 0.0) -> Figures:
    return pd.DataFrame({"figure": figure, "norm": norm, "unknown": unknown})


def schools_reach(side: Side) -> Figures:
    """Schools that pass their resource indicators, of all schools that are counted."""
    rows = side.schools
    everybody = counted(rows, rows["state"] != "", side)
    failing, unknown = counted(rows, rows["state"] == FAILS, side), counted(rows, rows["state"] == UNKNOWN, side)
    return _figures(everybody - failing - unknown, everybody, unknown)


def layout(side: Side) -> Figures:
    """Compulsory children without a school, or beyond the hard limit of their journey."""
    rows = side.flows[side.flows["stage"].isin(COMPULSORY)]
    kinds = rows[["band", "area_kind"]].drop_duplicates().itertuples(index=False)
    limits = {(band, kind): side.access.limit_of(band_of(band), kind, "hard") for band, kind in kinds}
    hard = pd.Series([limits[pair] for pair in zip(rows["band"], rows["area_kind"], strict=True)], index=rows.index)
    beyond = (rows["way"] != Way.BOARDS) & ~(rows["minutes"] <= hard)
    children = rows["children"].where((rows["section_id"] == "") | beyond, 0.0)
    return _figures(
        children.groupby([rows[name] for name in PLACE]).sum().reindex(side.county_years, fill_value=0.0), 0.0
    )


def special_rooms(side: Side) -> pd.DataFrame:
    """Music and art rooms of every campus that exists, by year.

    Returns
    -------
    pandas.DataFrame
        county, year, site_id, needed (a room of each kind for every 12 classes or part of them), music, art (rooms
        large enough; NaN unknown), lacking (bool). Rooms of schools built up to 2016 may be smaller.
    """
    rows = side.sections[side.sections["stage"].isin(COMPULSORY) & side.sections["existing"].astype(bool)]
    campus = rows.groupby([*PLACE, "site_id"], as_index=False)["classes"].sum()
    known = side.facts.facilities.set_index("site_id").reindex(campus["site_id"]).reset_index(drop=True)
    needed = np.ceil(campus["classes"] / side.standards.value("area.special_room_classes"))
    older = known["opening_year"] < 2017
    table = campus.assign(needed=needed)
    for kind in ("music", "art"):
        least = side.standards.value(f"area.{kind}_room")
        before = side.standards.value(f"area.{kind}_room_before_2017")
        large = known[f"{kind}_room_m2"] >= older.map({True: before, False: least}).astype(float)
        told = known[f"{kind}_rooms"].notna() & (known[f"{kind}_room_m2"].notna() | (known[f"{kind}_rooms"] == 0))
        table[kind] = known[f"{kind}_rooms"].where(large, 0.0).where(told)
    return pd.DataFrame(table.assign(lacking=(table["music"] < table["needed"]) | (table["art"] < table["needed"])))


def music_art_rooms(side: Side) -> Figures:
    """Campuses without enough music or art rooms."""
    rows = special_rooms(side)
    unknown = (rows["music"].isna() | rows["art"].isna()) & ~rows["lacking"]
    return _figures(counted(rows, rows["lacking"], side), 0.0, counted(rows, unknown, side))


def school_size(side: Side) -> Figures:
    """Campuses with more compulsory pupils than the evaluation allows."""
    rows = side.sections[side.sections["stage"].isin(COMPULSORY)]
    nine_year = rows["kind"] == SectionKind.NINE_YEAR
    campus = rows.assign(nine_year=nine_year).groupby([*PLACE, "site_id"], as_index=False)
    sums = campus.agg(pupils=("pupils", "sum"), stages=("stage", "nunique"), nine_year=("nine_year", "any"))
    both = (sums["stages"] > 1) | sums["nine_year"]
    values = (side.standards.value("school_size.nine_year"), side.standards.value("school_size.compulsory"))
    return _figures(counted(sums, sums["pupils"] > np.where(both, *values), side), 0.0)


def class_size(side: Side) -> Figures:
    """Classes of the compulsory stages beyond the standard size."""
    rows = side.sizes[side.sizes["stage"].isin(COMPULSORY)]
    norms = {stage.value: side.standards.value(f"class_size.{stage}") for stage in COMPULSORY}
    return _figures(counted(rows, rows["size"] > rows["stage"].map(norms).astype(float), side), 0.0)


def catchment_share(side: Side, stage: Stage) -> Figures:
    """Day pupils of the public town schools who are enrolled through their catchment; children stated as short are not."""
    flows = side.flows[(side.flows["stage"] == stage) & (side.flows["way"] != Way.BOARDS)]
    known = side.supply.sections[["site_id", "public", "regime"]].join(
        side.supply.sites["area_kind"].rename("site_kind"), on="site_id"
    )
    rows = flows.join(known, on="section_id")
    rows = rows[rows["site_kind"].isin(TOWN) & rows["public"].eq(True)]
    through = rows["children"].where(rows["regime"].isin(WHOLE_UNIT_REGIMES), 0.0)
    sums = rows.assign(through=through).groupby([*PLACE, "section_id"])[["children", "through"]].sum().reset_index()
    short = side.plan.shortage.groupby(["year", "section_id"])["short"].sum().rename("short").astype(float)
    sums = sums.join(short, on=["year", "section_id"]).fillna({"short": 0.0})
    sums["through"] = (sums["through"] - sums["short"]).clip(lower=0.0)
    both = sums.groupby(PLACE)[["children", "through"]].sum().reindex(side.county_years)
    return _figures(both["through"] / both["children"].where(both["children"] > 0))


def migrant_places(side: Side) -> Figures:
    """Share of children registered elsewhere who sit in public schools in the base year, held for later years."""
    rows = side.facts.migrants.join(side.supply.sections[["site_id", "stage", "public"]], on="section_id")
    rows = rows[rows["stage"].isin(COMPULSORY)]
    counties = side.facts.county_of(rows["site_id"])
    all_pupils = rows.groupby(counties)["pupils"].sum()
    public = rows["pupils"].where(rows["public"].astype(bool), 0.0).groupby(counties).sum()
    share = public / all_pupils.where(all_pupils > 0)
    return _figures(_every_year(share, side))


def rotation(side: Side, part: str, whole: str) -> Figures:
    """Teachers who rotate in the plan ÷ those who may, or those with backbone among them; in the present network unknown."""
    table = side.facts.rotation
    rows = table if side.operation.network == Network.PLAN else table.iloc[:0]
    sums = rows.groupby(PLACE)[[part, whole]].sum().reindex(side.county_years).astype(float)
    return _figures(sums[part] / sums[whole].where(sums[whole] > 0))


def junior_retention(side: Side) -> Figures:
    """Pupils of grade 7 who are in grade 9 two years later, as the projection has them."""
    return _figures(pd.Series(side.scenario.projection.retention**2, index=side.county_years))


def _every_year(by_county: pd.Series[float], side: Side) -> pd.Series[float]:
    counties = side.county_years.get_level_values("county")
    return pd.Series(by_county.reindex(counties).to_numpy(dtype=float), index=side.county_years)


COUNTY_FIGURES: dict[str, Callable[[Side], Figures]] = {
    "schools_reach": schools_reach,
    "layout": layout,
    "music_art_rooms": music_art_rooms,
    "school_size": school_size,
    "class_size": class_size,
    "catchment_primary": lambda side: catchment_share(side, Stage.PRIMARY),
    "catchment_junior": lambda side: catchment_share(side, Stage.JUNIOR),
    "rotation": lambda side: rotation(side, "rotated", "eligible"),
    "rotation_backbone": lambda side: rotation(side, "backbone", "rotated"),
    "migrant_places": migrant_places,
    "junior_retention": junior_retention,
}
"""Item → its figures."""
