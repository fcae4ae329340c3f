"""The story of a year on, top to bottom: read, settle what happened, roll forward, compare, plan again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import pandas as pd

from simulator import counties, planning
from simulator.errors import InfeasibleError, InputError, Problem
from simulator.inputs.contracts_all import CONTRACTS
from simulator.inputs.editing import Key, TableEdit, rows_of
from simulator.inputs.next_year import NewFiles, NextYear, read_next_year
from simulator.inputs.read_sources import Found, find_tables
from simulator.inputs.rolled import SCENARIO_FILE, write_edited
from simulator.language import translate as _
from simulator.outputs.earlier import result_of_base_year
from simulator.outputs.placing import placed
from simulator.outputs.stored import StoredResult
from simulator.outputs.update import Update, write_update
from simulator.plan import Plan
from simulator.prepared import Prepared, Request, Watcher
from simulator.run import prepare
from simulator.scenario import Scenario
from simulator.scenario.dump import scenario_toml
from simulator.updating.classes import rolled_classes
from simulator.updating.compared import forecast_against_actual
from simulator.updating.earlier import decision_table, seen_from, zone_table
from simulator.updating.network import network_edits
from simulator.updating.scenario import next_scenario
from simulator.updating.works import CLOSING, Facts, due_works, opening_grades, running_grades, settle, works_under_way

_ROLLED = ("schools", "sections", "classes", "enrolment", "births", "catchments", "projects")
"""Tables that describe the new base year once they are rolled forward."""


SECONDS = 20.0
"""Time limit of planning again where none is given: enough to see what changes, too short for a new plan."""


@dataclass(frozen=True)
class Wish:
    """What is asked of an update.

    Parameters
    ----------
    files
        Enrolment, births and maybe classes of the new year.
    folder
        Where the new district shall stand.
    year
        The new base year as the user names it; None takes the one after the scenario's.
    result
        The last plan; None compares no decisions.
    solver
        Settings of the solver for planning again.
    force
        Replace a folder that was changed since it was written.
    """

    files: NewFiles
    folder: Path
    year: int | None = None
    result: Path | None = None
    solver: Mapping[str, object] = field(default_factory=lambda: {"time_limit_s": SECONDS})
    force: bool = False


def update_district(prepared: Prepared, wish: Wish, watcher: Watcher) -> Update:
    """Roll a district forward by a year and say what the new data mean.

    Parameters
    ----------
    prepared
        The scenario and district of the base year.
    wish
        New data, where to write, the last plan.
    watcher
        Told of progress; asked whether to stop.

    Returns
    -------
    Update
        Facts, forecast against actual, decisions; written into the folder with the new district and its scenario.

    Raises
    ------
    InputError
        The new data do not fit the district, or the last plan is another's; nothing was written.
    """
    year = prepared.scenario.horizon.base_year + 1
    _check_year(wish.year, year)
    stored = None if wish.result is None else result_of_base_year(wish.result, prepared)
    watcher.step(_("读取新一年的数据"))
    plan = None if stored is None else stored.plan
    told, facts = _read(prepared, wish.files, plan, year)
    scenario = next_scenario(prepared.scenario, facts, wish.folder.absolute())
    watcher.step(_("预测与实际"))
    compared = _compared(prepared, stored, told)
    with placed(wish.folder.absolute(), force=wish.force) as fresh:
        watcher.step(_("滚动更新区域数据"))
        found = find_tables(prepared.district.path)
        edits = _edits(prepared, found, told, facts, plan)
        write_edited(prepared.district.path, found, edits, _years(found, edits, year), fresh)
        text = scenario_toml(scenario, wish.folder.absolute())
        (fresh / SCENARIO_FILE).write_text(text, encoding="utf-8", newline="\n")
        new = prepare(_in_folder(scenario, fresh), watcher, fresh / SCENARIO_FILE)
        decisions, zones, undecided = _planned_again(new, plan, wish.solver, watcher)
        update = Update(
            year=year,
            title=prepared.district.title,
            invented=prepared.district.invented,
            folder=wish.folder.absolute(),
            names={str(site): str(name).removesuffix("用地") for site, name in prepared.supply.sites["name"].items()},
            comparison=compared,
            facts=facts.frame(),
            decisions=decisions,
            zones=zones,
            undecided=undecided,
            classes_worked_out=bool(len(prepared.district.classes)) and not len(told.classes),
            revised_births=_revised(prepared.district.births, told.births),
        )
        write_update(update, prepared, wish.files, fresh)
    return update


def _check_year(asked: int | None, year: int) -> None:
    if asked is not None and asked != year:
        what = _("基准年是 {base}，下一年是 {year}，不是 {asked}").format(base=year - 1, year=year, asked=asked)
        raise InputError(_("无法滚动更新"), [Problem("--year", what, _("隔了几年的，一年一年地更新"))])


def _read(prepared: Prepared, files: NewFiles, plan: Plan | None, year: int) -> tuple[NextYear, Facts]:
    """The tables of the new year, and what they show of the works that were due."""
    due = due_works(prepared, plan, year)
    may_close = {work.section for work in due if work.action in CLOSING}
    opening = opening_grades(prepared, due)
    running = running_grades(prepared)
    told = read_next_year(files, prepared.district, year, running, opening, may_close)
    facts = settle(due, works_under_way(prepared, plan, year), told)
    # A school that has not opened may be listed with 0 pupils; it has no rows of its own yet.
    there = {*running, *(work.section for work in facts.happened)}
    rows = told.enrolment
    known = [section in there for section in zip(rows["school_id"], rows["stage"], strict=True)]
    return replace(told, enrolment=rows[known]), facts


def _compared(prepared: Prepared, stored: StoredResult | None, told: NextYear) -> pd.DataFrame:
    """What was forecast, under the last plan where there is one, beside what was counted."""
    bands = prepared.projection.bands.table
    if stored is not None:
        return forecast_against_actual(stored.demand, stored.operation, bands, told.enrolment, told.year)
    _network, operation = counties.present(prepared)
    demand = prepared.projection.plan_demand
    return forecast_against_actual(demand, operation, bands, told.enrolment, told.year)


def _edits(prepared: Prepared, found: Found, told: NextYear, facts: Facts, plan: Plan | None) -> dict[str, TableEdit]:
    """Everything that changes in the tables of the district."""
    edits = network_edits(prepared, found.tables, facts, plan, told.year)
    counted = prepared.district.enrolment
    again: frozenset[Key] = frozenset(
        counted.loc[counted["year"] == told.year, list(CONTRACTS["enrolment"].key)].itertuples(index=False, name=None)
    )
    edits["enrolment"] = TableEdit(drop=again, add=rows_of(told.enrolment))
    births, given = prepared.district.births, set(told.births["year"].astype(int))
    gone: frozenset[Key] = frozenset(
        (unit, year) for unit, year in births[["unit_id", "year"]].itertuples(index=False) if int(year) in given
    )
    edits["births"] = TableEdit(drop=gone, add=rows_of(told.births))
    classes = rolled_classes(prepared, told.enrolment, told.classes)
    if len(classes):
        edits["classes"] = TableEdit(add=rows_of(classes), anew=True)
    return edits


def _years(found: Found, edits: Mapping[str, TableEdit], year: int) -> dict[str, int]:
    """The year of the tables that now describe the new base year."""
    return {name: year for name in _ROLLED if name in found.tables or name in edits}


def _in_folder(scenario: Scenario, folder: Path) -> Scenario:
    return scenario.model_copy(update={"district": scenario.district.model_copy(update={"folder": folder})})


def _planned_again(
    new: Prepared, plan: Plan | None, solver: Mapping[str, object], watcher: Watcher
) -> tuple[pd.DataFrame | None, pd.DataFrame | None, str]:
    """Plan from the new base year on, close to the earlier plan: decisions and catchments beside it, or why there are none."""
    if plan is None:
        return None, None, ""
    watcher.step(_("贴近原方案再求解"))
    settings = new.scenario.solver.model_copy(update=dict(solver))
    short = replace(new, scenario=new.scenario.model_copy(update={"solver": settings}))
    earlier = seen_from(plan, new.scenario)
    try:
        now, _present, _operation, _problem = planning.decide(short, watcher, Request(near=earlier))
    except InfeasibleError as error:
        return None, None, str(error)
    return decision_table(earlier, now), zone_table(now), ""


def _revised(before: pd.DataFrame, given: pd.DataFrame) -> dict[int, tuple[float, float]]:
    """Year → births known before and now, where the new file says otherwise."""
    was, now = (rows.groupby("year")["births"].sum() for rows in (before, given))
    both = was.index.intersection(now.index)
    return {int(year): (float(was[year]), float(now[year])) for year in both if was[year] != now[year]}
