"""班额两端: small and oversized classes side by side, how many classes a roll needs, when oversized ones end."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

from simulator.capacity.supply import Supply
from simulator.operation import Operation, class_sizes
from simulator.standards import Standards
from simulator.terms import COMPULSORY, STAGE_GRADES, Stage

EVERYWHERE = ""
"""`area_kind` of the rows of the whole district."""
_STAGES = (*COMPULSORY, Stage.SENIOR)
_KEY = ["network", "year", "stage", "area_kind"]


def sized_classes(operation: Operation, supply: Supply) -> pd.DataFrame:
    """Every class of the compulsory and senior stages: network, year, section_id, stage, area_kind, grade, size, combined."""
    sizes = class_sizes(operation.classes).join(supply.sections[["stage", "site_id"]], on="section_id")
    sizes = sizes[sizes["stage"].isin(_STAGES)].join(supply.sites["area_kind"], on="site_id")
    return sizes.assign(network=operation.network).drop(columns="site_id").reset_index(drop=True)


def class_tails(classes: pd.DataFrame, standards: Standards) -> pd.DataFrame:
    """Both tails of the class sizes, by stage, kind of area and year: 农村被动小班化 and 城镇被动大班化.

    Parameters
    ----------
    classes
        Rows of :func:`sized_classes`, of one network or both.
    standards
        `small_school.class_review`, `oversized.line`, `oversized.extreme_line`, entry-grade sizes.

    Returns
    -------
    pandas.DataFrame
        network, year, stage, area_kind (empty: everywhere), classes, small, small_share, oversized, oversized_share,
        extreme, extreme_share, entry (classes of the entry grade), entry_over (of them, beyond the size that holds for it).
    """
    small, large, extreme = (
        standards.value(name) for name in ("small_school.class_review", "oversized.line", "oversized.extreme_line")
    )
    first = classes["stage"].map({stage.value: STAGE_GRADES[stage][0] for stage in _STAGES})
    caps = {stage.value: entry_cap(stage, standards) for stage in _STAGES}
    entry = (classes["grade"] == first) & ~classes["combined"].astype(bool)
    marked = classes.assign(
        small=classes["size"] < small,
        oversized=classes["size"] >= large,
        extreme=classes["size"] >= extreme,
        entry=entry,
        entry_over=entry & (classes["size"] > classes["stage"].map(caps).astype(float)),
    )
    both = pd.concat([marked, marked.assign(area_kind=EVERYWHERE)], ignore_index=True)
    counts = ["small", "oversized", "extreme", "entry", "entry_over"]
    grouped = both.groupby(_KEY)
    table = grouped[counts].sum().astype(int).join(grouped.size().rename("classes")).reset_index()
    shares = {f"{name}_share": table[name] / table["classes"] for name in counts[:3]}
    columns = [*_KEY, "classes", *(column for name in counts[:3] for column in (name, f"{name}_share")), *counts[3:]]
    return table.assign(**shares)[columns]


def entry_cap(stage: Stage, standards: Standards) -> float:
    """Largest class with which an entry grade may start: the standard size, of senior schools the largest lawful one."""
    return standards.value(f"{'class_size_max' if stage is Stage.SENIOR else 'class_size'}.{stage}")


def classes_for(pupils: float, size: float) -> int:
    """Fewest classes in which no class is larger than a size, were pupils free to sit anywhere.

    >>> classes_for(18430, 45)
    410
    """
    return math.ceil(pupils / size - 1e-9)


def classes_needed(operation: Operation, supply: Supply, standards: Standards) -> pd.DataFrame:
    """Classes that a roll needs at the standard size, beside those that there are.

    Returns
    -------
    pandas.DataFrame
        network, year, stage, pupils, classes, size (the standard one), needed (were pupils free to sit anywhere),
        needed_in_place (every grade of every school by itself), lacking (needed − classes, at least 0).
    """
    rows = operation.classes.join(supply.sections[["stage", "class_size"]], on="section_id")
    rows = rows[rows["stage"].isin(_STAGES)]
    rows = rows.assign(in_place=np.ceil(rows["pupils"] / rows["class_size"]))
    sums = rows.groupby(["year", "stage"], as_index=False).agg(
        pupils=("pupils", "sum"), classes=("classes", "sum"), needed_in_place=("in_place", "sum")
    )
    sizes = sums["stage"].map({stage.value: standards.value(f"class_size.{stage}") for stage in _STAGES}).astype(float)
    needed = [classes_for(pupils, size) for pupils, size in zip(sums["pupils"], sizes, strict=True)]
    table = sums.assign(network=operation.network, size=sizes, needed=needed)
    table = table.assign(
        lacking=(table["needed"] - table["classes"]).clip(lower=0), needed_in_place=table["needed_in_place"].astype(int)
    )
    order = ["network", "year", "stage", "pupils", "classes", "size", "needed", "needed_in_place", "lacking"]
    return table[order]
