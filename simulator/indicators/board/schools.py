"""七项资源指标: every school against the norms, item by item, and whether it passes as a whole."""

from __future__ import annotations

import numpy as np
import pandas as pd

from simulator.indicators.board.resources import counted_schools
from simulator.rules.board import RESOURCES
from simulator.standards import Standards
from simulator.terms import COMPULSORY

PASSES, FAILS, UNKNOWN = "reached", "missed", "unfilled"
"""States of an item, a school or an evaluation: reached, not reached, not told."""
SCHOOL_COLUMNS = [
    *("network", "county", "year", "section_id", "site_id", "stage", "area_kind", "pupils", "classes"),
    *(resource.item_id for resource in RESOURCES),
    *("reached", "unknown", "lowest", "state"),
]
# A figure that meets its norm but for rounding meets it.
_ROUNDING = 1e-9


def resource_norms(standards: Standards) -> pd.DataFrame:
    """Norms of the seven items: index item_id, a column a stage."""
    return pd.DataFrame(
        {
            stage.value: {
                resource.item_id: standards.value(f"{resource.norm}.{stage}") for resource in RESOURCES
            }
            for stage in COMPULSORY
        }
    )  # fmt: skip


def school_values(rows: pd.DataFrame, network: str, standards: Standards) -> pd.DataFrame:
    """The seven indicators of every school that they count, and its verdict.

    A school passes where at least `balance.items_needed` items reach their norm and the others at least
    `balance.other_item_floor` of it; it fails where it cannot pass whatever the unknown items are.

    Parameters
    ----------
    rows
        Of :func:`simulator.indicators.board.resources.school_resources`.
    network
        `plan` or `no_action`.
    standards
        Norms.

    Returns
    -------
    pandas.DataFrame
        :data:`SCHOOL_COLUMNS`: the values by item (NaN where unknown), items reached and unknown, the lowest
        value ÷ norm, and the state.
    """
    counted = counted_schools(rows, standards).reset_index(drop=True)
    names = [resource.item_id for resource in RESOURCES]
    values = {r.item_id: counted[r.carrier] * r.per / counted["pupils"] for r in RESOURCES}
    table = counted.assign(network=network, **values)
    norms = resource_norms(standards)[[*COMPULSORY]].T.reindex(table["stage"])[names].to_numpy(np.float64)
    ratios = table[names].to_numpy(np.float64) / norms
    judged = judge(ratios, standards)
    return pd.DataFrame(table.assign(**judged)[SCHOOL_COLUMNS])


def judge(ratios: np.ndarray, standards: Standards) -> dict[str, np.ndarray]:
    """reached, unknown, lowest and state of schools from value ÷ norm, shape (schools, items)."""
    needed, floor = round(standards.value("balance.items_needed")), standards.value("balance.other_item_floor")
    known = np.isfinite(ratios)
    reached = (ratios >= 1 - _ROUNDING).sum(axis=1)
    low = (ratios < floor - _ROUNDING).any(axis=1)
    unknown = (~known).sum(axis=1)
    lowest = np.where(known, ratios, np.inf).min(axis=1, initial=np.inf)
    fails = low | (reached + unknown < needed)
    state = np.where(fails, FAILS, np.where(unknown > 0, UNKNOWN, PASSES))
    return {
        "reached": reached,
        "unknown": unknown,
        "lowest": np.where(np.isfinite(lowest), lowest, np.nan),
        "state": state,
    }
