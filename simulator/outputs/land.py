"""Education land: plots with their class of use, what the plan does with them, and the balance of land."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from simulator.capacity.newbuilds import stages_named
from simulator.language import translate as _
from simulator.result import Result
from simulator.terms import Action, Conflict, Delivery, Stage, label

SCHOOL_LAND, VOCATIONAL_LAND, KINDERGARTEN_LAND, SPECIAL_LAND = "080403", "080402", "080404", "080405"
"""Classes of use in the national classification of land and sea use (国土空间调查、规划、用途管制用地用海分类指南);
written from memory, so every output marks them 待核."""
_CLASS_OF = {
    Stage.KINDERGARTEN: KINDERGARTEN_LAND,
    Stage.VOCATIONAL: VOCATIONAL_LAND,
    Stage.SPECIAL: SPECIAL_LAND,
}


def land_class(stages: str | Iterable[str]) -> str:
    """Class of use of a plot by its highest stage: a school with a kindergarten part stands on school land.

    >>> land_class("primary,junior"), land_class("kindergarten"), land_class("vocational")
    ('080403', '080404', '080402')
    """
    classes = [_CLASS_OF.get(stage, SCHOOL_LAND) for stage in stages_named(stages)]
    if SCHOOL_LAND in classes or not classes:
        return SCHOOL_LAND
    return classes[-1]


def land_class_words(code: str) -> str:
    """Name of a class of use."""
    words = {
        SCHOOL_LAND: _("中小学用地"),
        VOCATIONAL_LAND: _("中等职业教育用地"),
        KINDERGARTEN_LAND: _("幼儿园用地"),
        SPECIAL_LAND: _("其他教育用地"),
    }
    return words[code]


def stages_words(value: object) -> str:
    """Words of the stages of a parcel, however the reader holds several of them.

    >>> stages_words("primary,junior")
    '小学、初中'
    """
    parts = value if isinstance(value, list | tuple | set | frozenset) else str(value).replace("、", ",").split(",")
    known = [Stage(str(part).strip()) for part in parts if str(part).strip() in set(Stage)]
    return _("、").join(label(stage) for stage in known)


def parcel_rows(result: Result) -> pd.DataFrame:
    """Every plot with what the plan builds on it.

    Returns
    -------
    DataFrame
        The columns of the parcels table and stage_names, conflict_name, delivery_name, land_code, land_class; used
        (first year, NaN = not built on), classes (of all its sections); of a plot that goes with a housing project its name,
        the year in which its dwellings are handed over, and lateness in words.
    """
    parcels = pd.DataFrame(result.district.parcels.drop(columns="geometry"))
    built = result.plan.actions
    built = (
        built[built["action"] == Action.NEW_BUILD]
        .groupby("site_id")[["year", "classes"]]
        .agg({"year": "min", "classes": "sum"})
    )
    codes = [land_class(value) for value in parcels["stages"]]
    homes = result.district.housing.set_index("housing_id") if len(result.district.housing) else pd.DataFrame()
    linked = parcels["housing_id"].fillna("").astype(str)
    completed = linked.map(homes["completion_year"]) if len(homes) else pd.Series(np.nan, index=parcels.index)
    used = parcels["parcel_id"].map(built["year"])
    return parcels.assign(
        housing_name=linked.map(homes["name"]).fillna("") if len(homes) else "",
        housing_year=completed.astype(float),
        lateness=[_housing_words(float(home), float(own)) for home, own in zip(completed, used, strict=True)],
        stage_names=[stages_words(value) for value in parcels["stages"]],
        conflict_name=[label(Conflict(value)) for value in parcels["conflict"]],
        delivery_name=[label(Delivery(value)) for value in parcels["delivery"]],
        land_code=codes,
        land_class=[land_class_words(code) for code in codes],
        used=used,
        classes=parcels["parcel_id"].map(built["classes"]),
    ).reset_index(drop=True)


def _housing_words(completed: float, used: float) -> str:
    """Whether a school that goes with housing opens in time; nothing where there is no such duty."""
    if np.isnan(completed):
        return ""
    if np.isnan(used):
        return _("规划期内不启用")
    return _("不晚于住宅交付") if used <= completed else _("晚于住宅交付{years:.0f}年").format(years=used - completed)


def land_balance(result: Result) -> pd.DataFrame:
    """教育用地平衡表: the land of every campus and plot, today and in the target year.

    Returns
    -------
    DataFrame
        site_id, name, township, land_code, land_class, area_m2 (NaN = not known), state, now_m2, planned_m2, released_m2:
        land that serves schools today, that serves or is kept for them in the target year, and that closures release.
    """
    supply, plan = result.supply, result.plan
    last = plan.phase_of(result.scenario.horizon.target_year)
    running = {
        phase: set(rows.loc[rows["open"].astype(bool), "section_id"])
        for phase, rows in plan.sections[plan.sections["phase"].isin([0, last])].groupby("phase")
    }
    conflict = supply.sites["conflict"].astype(str)
    rows = []
    for site, sections in supply.sections.groupby("site_id", sort=False):
        place = pd.Series(supply.sites.loc[site])
        now, then = (bool(running[phase] & set(sections.index.astype(str))) for phase in (0, last))
        refused = conflict[str(site)] not in {"", Conflict.NONE.value}
        state = _land_state(now=now, then=then, refused=refused, parcel=str(place["kind"]) == "parcel")
        code = land_class(",".join(sections["stage"]))
        rows.append(
            (str(site), str(place["name"]), str(place["township"]), code, land_class_words(code),
             float(place["land_area_m2"]), *state)
        )  # fmt: skip
    names = ["site_id", "name", "township", "land_code", "land_class", "area_m2", "state", "now", "planned", "released"]
    table = pd.DataFrame(rows, columns=names)
    for name in ("now", "planned", "released"):
        table[f"{name}_m2"] = table["area_m2"].where(
            table.pop(name).astype(bool), np.where(table["area_m2"].isna(), np.nan, 0.0)
        )
    return table.sort_values(["land_code", "township", "site_id"], kind="stable").reset_index(drop=True)


def _land_state(*, now: bool, then: bool, refused: bool, parcel: bool) -> tuple[str, bool, bool, bool]:
    """What becomes of a plot: words, and whether it counts today, in the target year, as released."""
    if now and then:
        return _("保留"), True, True, False
    if now:
        return _("撤并调出"), True, False, True
    if then:
        return _("规划新增"), False, True, False
    if refused:
        return _("用地冲突"), False, False, False
    return (_("规划储备") if parcel else _("停用校舍")), False, parcel, False
