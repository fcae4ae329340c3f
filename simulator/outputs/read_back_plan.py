"""A plan as a planner changed it: its tables with the edits in them, so that it can be operated and audited."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from simulator.capacity.costs import Costs
from simulator.capacity.supply import Supply
from simulator.language import translate as _
from simulator.outputs.editable import BUILD, CLOSE, EXTEND, KEEP
from simulator.outputs.read_back import WorkEdit, ZoneEdit
from simulator.plan import ACTION_COLUMNS, CATCHMENT_COLUMNS, Plan
from simulator.scenario import Scenario
from simulator.terms import Action, Regime, Stage

_ACTIONS = {BUILD: Action.NEW_BUILD, CLOSE: Action.CONSOLIDATION, EXTEND: Action.EXTENSION, KEEP: Action.KEEP}


@dataclass(frozen=True)
class Prices:
    """What new works cost, and how long they take."""

    supply: Supply
    costs: Costs
    scenario: Scenario


def edited_plan(plan: Plan, zones: Iterable[ZoneEdit], works: Iterable[WorkEdit], prices: Prices) -> Plan:
    """The plan with catchments and works as they were changed; everything else stays as it is.

    Classes of other schools are not raised for the children that they gain: the audit tells where they are short.

    Parameters
    ----------
    plan
        The stored plan.
    zones, works
        Changes.
    prices
        Seats and costs of new works.
    """
    for work in works:
        plan = _with_work(plan, work, prices)
    return replace(plan, catchments=_with_zones(plan, list(zones), prices.supply))


def _with_zones(plan: Plan, zones: list[ZoneEdit], supply: Supply) -> pd.DataFrame:
    """Catchments in which the share of a unit that goes by catchment goes to the schools named."""
    table = plan.catchments
    # Schools without a catchment take their share of every unit, whatever its catchment.
    aside = table["section_id"].map(supply.sections["regime"]).isin([Regime.CHOICE, Regime.POOL])
    left = pd.Series(True, index=table.index)
    rows: list[tuple[int, str, str, str, float]] = []
    for edit in zones:
        key = (edit.phase, edit.unit_id, edit.band.band_id)
        own = (table["phase"] == key[0]) & (table["unit_id"] == key[1]) & (table["band"] == key[2])
        left &= ~own | aside
        share = 1.0 - float(table.loc[own & aside, "share"].sum())
        sections = [f"{site}:{edit.band.stage.value}" for site in edit.after]
        parts = _parts(plan, sections, edit.phase)
        rows += [(*key, section, share * part) for section, part in zip(sections, parts, strict=True)]
    moved = pd.DataFrame(rows, columns=CATCHMENT_COLUMNS)
    return pd.concat([table[left], moved], ignore_index=True) if rows else table


def _parts(plan: Plan, sections: list[str], phase: int) -> list[float]:
    """Shares of the members of a shared catchment, by their seats."""
    rows = plan.sections[plan.sections["phase"] == phase].set_index("section_id")["seats"]
    seats = rows.reindex(sections).fillna(0.0).to_numpy(np.float64)
    total = float(seats.sum())
    return [1.0 / len(sections)] * len(sections) if total <= 0 else [float(count) / total for count in seats]


def _with_work(plan: Plan, work: WorkEdit, prices: Prices) -> Plan:
    """The plan with another decision about one section."""
    section = pd.Series(prices.supply.sections.loc[work.section_id])
    since = next((int(phase) for phase, first in plan.phases[["phase", "first_year"]].itertuples(index=False)
                  if phase > 0 and first >= work.year), int(plan.phases["phase"].max()) + 1)  # fmt: skip
    rows = plan.sections.copy()
    own = (rows["section_id"] == work.section_id) & (rows["phase"] > 0)
    classes = _classes(work, prices)
    changed = _changed_rows(rows[own].sort_values("phase"), section, work, since, classes)
    for name in ("open", "classes", "rooms", "seats", "added_rooms"):
        rows.loc[changed.index, name] = changed[name].astype(rows[name].dtype)
    wan = _capital(work, classes, prices, str(section["stage"]))
    return replace(
        plan,
        sections=rows,
        actions=_actions(plan, work, since, classes, wan, section),
        capital=_spent(plan, work, wan, prices, str(section["site_id"])),
    )


def _changed_rows(rows: pd.DataFrame, section: pd.Series, work: WorkEdit, since: int, classes: int) -> pd.DataFrame:
    """The rows of one section, phase by phase, with another decision in place of the plan's own; conversions stay.

    An extension raises the classes of the plan by what it adds; with fewer rooms there are no more classes than rooms.
    """
    later = rows["phase"] >= since
    if not section["existing"]:
        runs, rooms, taught = later & (work.do == BUILD), later * classes, later * classes
        added = pd.Series(0, index=rows.index)
    else:
        converted = (rows["converted_in"] - rows["converted_out"]).cumsum()
        planned, before = rows["open"].astype(bool), rows["added_rooms"].cumsum()
        runs = ~(later & (work.do == CLOSE))
        more = later * (work.amount if work.do == EXTEND else 0)
        rooms = (int(section["rooms"]) + converted + more).clip(lower=0)
        taught = rows["classes"].where(planned, int(section["classes"]) + converted) + (more - before).clip(lower=0)
        added = (rows["phase"] == since) * more
    taught = taught.where(taught < rooms, rooms).where(runs, 0)
    fixed = float(section["seats_fixed"])
    seats = taught * float(section["class_size"]) if np.isnan(fixed) else runs * fixed
    return rows.assign(open=runs, classes=taught, rooms=rooms.where(runs, 0), seats=seats, added_rooms=added)


def _classes(work: WorkEdit, prices: Prices) -> int:
    """Classes of a new school: as named, else those of its smallest standard size."""
    if work.do != BUILD or work.amount:
        return work.amount
    stage = prices.supply.sections.loc[work.section_id, "stage"]
    modules = _modules(work, prices)
    return int(modules.loc[modules["stage"] == stage, "classes"].min()) if len(modules) else 0


def _modules(work: WorkEdit, prices: Prices) -> pd.DataFrame:
    modules = prices.supply.modules
    return modules[modules["site_id"] == work.section_id.rsplit(":", 1)[0]]


def _capital(work: WorkEdit, classes: int, prices: Prices, stage: str) -> float:
    """万元 of a work: seats or rooms at the unit costs of the run."""
    costs = prices.costs.stages[Stage(stage)]
    if work.do == EXTEND:
        return work.amount * costs.room_capital_wan
    size = float(prices.supply.sections["class_size"][work.section_id])
    return classes * size * costs.seat_capital_wan if work.do == BUILD else 0.0


def _actions(plan: Plan, work: WorkEdit, since: int, classes: int, wan: float, section: pd.Series) -> pd.DataFrame:
    kept = plan.actions[~_replaced(plan, work)]
    done = _ACTIONS.get(work.do, Action.KEEP)
    keeps = done is Action.KEEP
    if keeps and (not section["existing"] or (kept["section_id"] == work.section_id).any()):
        return kept.reset_index(drop=True)
    row = {
        "site_id": section["site_id"],
        "section_id": work.section_id,
        "stage": section["stage"],
        "action": done.value,
        "phase": 0 if keeps else since,
        "year": int(plan.phases["first_year"].min()) if keeps else work.year,
        "classes": int(section["classes"]) if keeps else classes,
        "module": str(classes) if done is Action.NEW_BUILD else "",
        "capital_wan": wan,
        "reason": _("手工修改"),
        "robustness": "",
    }
    return pd.concat([kept, pd.DataFrame([row])[ACTION_COLUMNS]], ignore_index=True)


def _replaced(plan: Plan, work: WorkEdit) -> pd.Series:
    """Actions of the section that the change takes the place of; rooms that change their stage stay."""
    conversion = (plan.actions["action"] == Action.CONVERSION) & (work.do != CLOSE)
    return (plan.actions["section_id"] == work.section_id) & ~conversion


def _spent(plan: Plan, work: WorkEdit, wan: float, prices: Prices, site: str) -> pd.DataFrame:
    """Capital: that of the section's former works is dropped, that of the new one spread over its lead years."""
    dropped = float(plan.actions.loc[_replaced(plan, work), "capital_wan"].sum())
    own = plan.capital["site_id"] == site
    spent = float(plan.capital.loc[own, "capital_wan"].sum())
    scale = max(spent - dropped, 0.0) / spent if spent > 0 else 1.0
    table = plan.capital.assign(
        capital_wan=plan.capital["capital_wan"].where(~own, plan.capital["capital_wan"] * scale)
    )
    rows = pd.DataFrame(list(_by_year(plan, work, wan, prices, site)), columns=table.columns)
    return pd.concat([frame for frame in (table, rows) if len(frame)], ignore_index=True) if len(rows) else table


def _by_year(
    plan: Plan, work: WorkEdit, wan: float, prices: Prices, site: str
) -> Iterator[tuple[int, int, str, str, float]]:
    if wan <= 0:
        return
    timing = prices.scenario.timing
    lead = timing.lead_years_new if work.do == BUILD else timing.lead_years_extension
    years = range(work.year - max(lead, 1), work.year)
    base = int(plan.phases["first_year"].min())
    for year in years:
        yield year, plan.phase_of(max(year, base)), site, "", wan / len(years)
