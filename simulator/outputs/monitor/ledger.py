"""销号 list: the problems of the base year, which of them are cleared, which are not, which are new."""

from __future__ import annotations

import pandas as pd

from simulator.capacity.supply import Supply
from simulator.indicators.elimination import oversized_by_year
from simulator.outputs.monitor.monitored import Measured
from simulator.outputs.stored import StoredResult
from simulator.terms import Effect, Network

CLEARED, OPEN, NEW = "cleared", "open", "new"
"""States: gone, still there, not there when the plan was made."""
OVERSIZED = "oversized_classes"
"""Kind of the problem that a section has oversized classes; every other is the name of a rule."""
LEDGER_COLUMNS = ["kind", "place_id", "place", "effect", "before", "promised", "now", "unit", "state"]
_EFFECTS = (Effect.RIGID, Effect.EVALUATION)


def ledger(stored: StoredResult, actual: Measured, supply: Supply, year: int) -> pd.DataFrame:
    """Every problem of the base year or of the later year.

    Oversized classes are counted in the register of both years. Rules are those with rigid or evaluation effect that the
    present network of the base year broke at a place in its first audited year, and that of the later year in its own.

    Parameters
    ----------
    stored
        The plan.
    actual, supply
        The later year's network and its seats.
    year
        The later year.

    Returns
    -------
    DataFrame
        kind (`oversized_classes` or a rule), place_id, place, effect, before, promised (what the plan has in the later
        year; NaN where it does not say), now (NaN = no problem), unit, state (`cleared`, `open`, `new`); open ones first.
    """
    table = pd.concat([_oversized(stored, actual, supply, year), _rules(stored, actual)], ignore_index=True)
    was, still = table["before"].notna(), table["now"].notna()
    states = pd.Series(NEW, index=table.index).where(~was, OPEN).where(still | ~was, CLEARED)
    order = {OPEN: 0, NEW: 1, CLEARED: 2}
    ranked = table.assign(state=states).assign(rank=states.map(order), first=table["kind"] != OVERSIZED)
    ranked = ranked.sort_values(["rank", "first", "kind", "place_id"], kind="stable")
    return ranked[LEDGER_COLUMNS].reset_index(drop=True)


def _oversized(stored: StoredResult, actual: Measured, supply: Supply, year: int) -> pd.DataFrame:
    """Sections with oversized classes: numbers of them."""
    base = stored.scenario.horizon.base_year
    sides = {
        "before": (stored.no_action_operation, stored.supply, base),
        "promised": (stored.operation, stored.supply, year),
        "now": (actual.operation, supply, year),
    }
    columns = {}
    for name, (operation, own, when) in sides.items():
        counted = oversized_by_year(operation, own, stored.standards)
        columns[name] = counted[counted["year"] == when].set_index("section_id")["oversized"].astype(float)
    table = pd.DataFrame(columns)
    table = table[table["before"].notna() | table["now"].notna()]
    names = {**supply.sections["name"].to_dict(), **stored.supply.sections["name"].to_dict()}
    return table.rename_axis("place_id").reset_index().assign(
        kind=OVERSIZED,
        place=[names.get(section, section) for section in table.index],
        promised=table["promised"].fillna(0.0).to_numpy(),
        effect=Effect.EVALUATION.value,
        unit="",
    )[LEDGER_COLUMNS[:-1]]  # fmt: skip


def _rules(stored: StoredResult, actual: Measured) -> pd.DataFrame:
    """Rules broken at a place: the figure that breaks them most."""
    before, now = (_first_year(rows, network) for rows, network in (
        (stored.audit.findings, Network.NO_ACTION), (actual.findings, actual.network)
    ))  # fmt: skip
    keys = ["kind", "place_id"]
    table = before.merge(now, on=keys, how="outer", suffixes=("_before", "_now"))
    for name in ("place", "effect", "unit"):
        table[name] = table[f"{name}_before"].where(table[f"{name}_before"].notna(), table[f"{name}_now"])
    table = table.rename(columns={"figure_before": "before", "figure_now": "now"}).assign(promised=float("nan"))
    return table[LEDGER_COLUMNS[:-1]]


def _first_year(findings: pd.DataFrame, network: Network) -> pd.DataFrame:
    """Findings of a network in its first audited year, one a rule and place."""
    own = findings[(findings["network"] == network) & findings["effect"].isin([effect.value for effect in _EFFECTS])]
    own = own[own["year"] == own["year"].min()] if len(own) else own
    excess = (own["figure"] - own["norm"]).abs()
    gravest = own.assign(excess=excess).sort_values("excess", ascending=False, kind="stable")
    gravest = gravest.drop_duplicates(["rule", "place_id"]).rename(columns={"rule": "kind"})
    return gravest[["kind", "place_id", "place", "effect", "figure", "unit"]]
