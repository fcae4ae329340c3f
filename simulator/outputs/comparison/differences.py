"""What plans decide differently: works by section, schools by unit."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from simulator.language import plural
from simulator.language import translate as _
from simulator.outputs.comparison.sides import Side
from simulator.outputs.titles import stage_order
from simulator.terms import WHOLE_UNIT_REGIMES, Action

_KEYS = ["site_id", "section_id", "stage", "action"]
CLOSING = (Action.CONSOLIDATION, Action.STOP_SECTION, Action.SUSPENSION)


def work_table(plans: Sequence[Side]) -> pd.DataFrame:
    """Every work that one of the plans takes, a column a plan.

    Parameters
    ----------
    plans
        Plans of one district.

    Returns
    -------
    DataFrame
        site_id, section_id, stage, action, a column a plan with its year and size (empty where it does not take the
        work), differs (whether they do), capital_wan by plan as `capital_a` …; those that differ first.
    """
    found: dict[tuple[str, ...], dict[str, object]] = {}
    for side in plans:
        actions = side.plan.actions
        works = actions[actions["action"] != Action.KEEP.value]
        for row in works.sort_values("year", kind="stable").to_dict("records"):
            key = tuple(str(row[name]) for name in _KEYS)
            cells = found.setdefault(key, {})
            words = _work_words(str(row["action"]), int(row["year"]), int(row["classes"]))
            cells[side.key] = _("；").join(filter(None, [str(cells.get(side.key, "")), words]))
            cells[f"capital_{side.key}"] = float(str(cells.get(f"capital_{side.key}", 0.0))) + float(row["capital_wan"])
    names = [side.key for side in plans]
    columns = [*_KEYS, *names, *(f"capital_{name}" for name in names), "differs"]
    rows = [dict(zip(_KEYS, key, strict=True)) | cells for key, cells in found.items()]
    table = pd.DataFrame(rows, columns=columns[:-1])
    table[names] = table[names].astype(object).where(table[names].notna(), "")
    table = table.assign(differs=unlike(table[names]), order=stage_order(table["stage"]))
    order = {action.value: place for place, action in enumerate(Action)}
    table = table.assign(rank=table["action"].map(order))
    ordered = table.sort_values(["differs", "rank", "order", "section_id"], ascending=[False, True, True, True])
    return ordered[columns].reset_index(drop=True)


def unlike(table: pd.DataFrame) -> pd.Series:
    """Whether the cells of a row are not all the same."""
    return table.ne(table.iloc[:, 0], axis=0).any(axis=1)


def _work_words(action: str, year: int, classes: int) -> str:
    if Action(action) in CLOSING or not classes:
        return _("{year}年").format(year=year)
    return plural("{year}年 {classes}班", classes).format(year=year, classes=classes)


def work_counts(plans: Sequence[Side]) -> pd.DataFrame:
    """Works by kind, a column a plan: action and sections."""
    counted = {side.key: side.plan.actions["action"].value_counts() for side in plans}
    rows = [
        {"action": action.value, **{key: int(counts.get(action.value, 0)) for key, counts in counted.items()}}
        for action in Action
        if action is not Action.KEEP and any(counts.get(action.value, 0) for counts in counted.values())
    ]
    return pd.DataFrame(rows, columns=["action", *counted])


def zone_table(plans: Sequence[Side], year: int) -> pd.DataFrame:
    """Units whose planned school of a band differs between the plans in a year.

    Returns
    -------
    DataFrame
        unit_id, band, today, a column a plan: section ids (several joined by ；, empty = unserved).
    """
    columns = {"today": _zones(plans[0], plans[0].stored.scenario.horizon.base_year)}
    columns |= {side.key: _zones(side, year) for side in plans}
    table = pd.DataFrame(columns).fillna("")
    names = [side.key for side in plans]
    differing = table[unlike(table[names])]
    return differing.rename_axis(["unit_id", "band"]).reset_index()


def _zones(side: Side, year: int) -> pd.Series:
    """(unit_id, band) → sections of its catchment in a year."""
    rows = side.plan.catchments
    regimes = side.stored.supply.sections["regime"]
    zoned = rows["section_id"].map(regimes).isin([regime.value for regime in WHOLE_UNIT_REGIMES])
    rows = rows[(rows["phase"] == side.plan.phase_of(year)) & zoned].sort_values("section_id", kind="stable")
    joined: pd.Series = rows.groupby(["unit_id", "band"])["section_id"].agg("；".join)
    return joined
