"""学前教育普及普惠: the items that the tables tell, one figure a county and year."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from simulator.indicators.board.side import PLACE, Side
from simulator.terms import Nature, Stage

AGES = {-2: "young", -1: "middle", 0: "old"}


def _sum(rows: pd.DataFrame, column: str, side: Side) -> pd.Series[float]:
    return rows.groupby(PLACE)[column].sum().reindex(side.county_years, fill_value=0.0).astype(float)


def _share(part: pd.Series[float], whole: pd.Series[float]) -> pd.DataFrame:
    return pd.DataFrame({"figure": part / whole.where(whole > 0), "norm": np.nan, "unknown": 0.0})


def _kindergartens(side: Side) -> pd.DataFrame:
    return side.sections[side.sections["stage"] == Stage.KINDERGARTEN]


def gross_enrolment(side: Side) -> pd.DataFrame:
    """Children in kindergartens ÷ children of 3 to 5 who live there."""
    young = side.facts.young.set_index(PLACE)["children"].reindex(side.county_years).astype(float)
    return _share(_sum(_kindergartens(side), "pupils", side), young)


def inclusive_share(side: Side) -> pd.DataFrame:
    """Children in public and inclusive private kindergartens ÷ children in kindergartens."""
    rows = _kindergartens(side)
    inclusive = rows["public"].astype(bool) | (rows["nature"] == Nature.INCLUSIVE_PRIVATE)
    return _share(_sum(rows[inclusive], "pupils", side), _sum(rows, "pupils", side))


def public_share(side: Side) -> pd.DataFrame:
    """Children in public kindergartens ÷ children in kindergartens."""
    rows = _kindergartens(side)
    return _share(_sum(rows[rows["public"].astype(bool)], "pupils", side), _sum(rows, "pupils", side))


def class_sizes_kept(side: Side) -> pd.DataFrame:
    """Classes that keep the size of their age ÷ classes."""
    rows = side.sizes[side.sizes["stage"] == Stage.KINDERGARTEN]
    norms = {grade: side.standards.value(f"class_size_grade.kindergarten_{word}") for grade, word in AGES.items()}
    mixed = side.standards.value("class_size_grade.kindergarten_mixed")
    norm = rows["grade"].map(norms).where(~rows["combined"].astype(bool), mixed)
    rows = rows.assign(kept=(rows["size"] <= norm).astype(float), one=1.0)
    return _share(_sum(rows, "kept", side), _sum(rows, "one", side))


def children_per_teacher(side: Side) -> pd.DataFrame:
    """Children in kindergartens of today ÷ their full-time teachers of today; new kindergartens are staffed at norm."""
    rows = _kindergartens(side)
    rows = rows[rows["existing"].astype(bool)].join(
        side.facts.teachers.set_index("section_id")["full_time"].astype(float), on="section_id"
    )
    told = rows[rows["full_time"].notna()]
    untold = rows["full_time"].isna().groupby([rows[name] for name in PLACE]).sum()
    found = _share(_sum(told, "pupils", side), _sum(told, "full_time", side))
    return found.assign(unknown=untold.reindex(side.county_years, fill_value=0).astype(float))


def area_per_child(side: Side, column: str) -> pd.DataFrame:
    """Area of the kindergartens with a campus of their own ÷ their children; new ones are built at norm."""
    shared = side.supply.sections.groupby("site_id")["stage"].nunique()
    rows = _kindergartens(side)
    rows = rows[rows["existing"].astype(bool) & (rows["site_id"].map(shared) == 1)]
    rows = rows.assign(area=rows["site_id"].map(side.facts.facilities.set_index("site_id")[column]).astype(float))
    told = rows[rows["area"].notna()]
    untold = rows["area"].isna().groupby([rows[name] for name in PLACE]).sum()
    found = _share(_sum(told, "area", side), _sum(told, "pupils", side))
    return found.assign(unknown=untold.reindex(side.county_years, fill_value=0).astype(float))


def townships_without(side: Side) -> pd.DataFrame:
    """Townships without a public kindergarten that runs."""
    homes = side.units.reset_index() if "unit_id" not in side.units.columns else side.units
    counties = side.facts.counties.set_index("unit_id")["county"]
    townships = homes.assign(county=homes["unit_id"].map(counties).fillna(""))
    wanted = townships.drop_duplicates(["county", "township"]).groupby("county")["township"].nunique()
    rows = _kindergartens(side)
    served = rows[rows["public"].astype(bool)].groupby(PLACE)["township"].nunique()
    all_of_them = pd.Series(
        wanted.reindex(side.county_years.get_level_values("county")).to_numpy(dtype=float), index=side.county_years
    )
    missing = all_of_them - served.reindex(side.county_years, fill_value=0)
    return pd.DataFrame({"figure": missing.clip(lower=0.0), "norm": 0.0, "unknown": 0.0})


PRESCHOOL_FIGURES: dict[str, Callable[[Side], pd.DataFrame]] = {
    "preschool_gross": gross_enrolment,
    "preschool_inclusive": inclusive_share,
    "preschool_public": public_share,
    "preschool_building": lambda side: area_per_child(side, "building_area_m2"),
    "preschool_activity": lambda side: area_per_child(side, "teaching_area_m2"),
    "preschool_outdoor": lambda side: area_per_child(side, "sports_area_m2"),
    "preschool_classes": class_sizes_kept,
    "preschool_teachers": children_per_teacher,
    "preschool_centres": townships_without,
}
"""Item → its figures."""
