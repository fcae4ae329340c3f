"""Schools of the page: campuses, sections, their pupils, classes and seats by year, what the plan does, who moves."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from simulator.operation import Operation
from simulator.outputs.geopackage.view import GisView
from simulator.outputs.maps.symbols import ACTIONS, KINDS, Mark, main_actions, site_kinds
from simulator.outputs.webpage.ground import Grid
from simulator.outputs.webpage.plain import tenths, wholes
from simulator.plan import Plan
from simulator.terms import Action, Network, SectionKind, Stage, Way, label


def shown_sections(view: GisView) -> pd.DataFrame:
    """Sections of the page: those that run today or in some phase of the plan; plots that stay candidates have none."""
    plan = view.result.plan.sections
    running = list(set(plan.loc[plan["open"].astype(bool), "section_id"]))
    sections = view.result.supply.sections
    return sections[sections["existing"].astype(bool) | sections.index.isin(running)]


def shown_sites(view: GisView, sections: pd.DataFrame) -> pd.DataFrame:
    """Campuses of these sections."""
    sites = view.maps.sites
    return sites[sites.index.isin(sections["site_id"])]


def site_columns(view: GisView, sites: pd.DataFrame, grid: Grid) -> dict[str, Any]:
    """Campuses, a list a column: id, name, township, kind, x, y (on the grid), existing, action (its gravest)."""
    kinds = site_kinds(view.maps).reindex(sites.index).fillna("")
    gravest = main_actions(view.result.plan.actions[_acted(view)]).reindex(sites.index).fillna("")
    points = [grid.of(x, y) for x, y in sites[["x", "y"]].to_numpy(np.float64)]
    return {
        "id": sites.index.astype(str).tolist(),
        "name": sites["name"].astype(str).tolist(),
        "township": sites["township"].astype(str).tolist(),
        "kind": kinds.astype(str).tolist(),
        "x": [x for x, _y in points],
        "y": [y for _x, y in points],
        "existing": sites["existing"].astype(int).tolist(),
        "action": gravest.astype(str).tolist(),
    }


def section_columns(view: GisView, sections: pd.DataFrame, sites: pd.DataFrame, years: list[int]) -> dict[str, Any]:
    """Sections, a list a column; of both networks pupils, classes, seats, largest class by year, minutes by phase.

    `no_action` of a section is None where it does not run today; a column of it that equals the plan's is None.
    """
    places = {site: number for number, site in enumerate(sites.index)}
    found: dict[str, Any] = {
        "id": sections.index.astype(str).tolist(),
        "site": [places[site] for site in sections["site_id"]],
        "stage": sections["stage"].astype(str).tolist(),
    }
    result = view.result
    for plan, operation in ((result.plan, result.operation), (result.no_action, result.no_action_operation)):
        found[plan.network] = _figures(view, plan, operation, sections.index, years)
    ours, idle = found[Network.PLAN.value], found[Network.NO_ACTION.value]
    for name in ours:
        idle[name] = [None if before == after else before for before, after in zip(idle[name], ours[name], strict=True)]
    return found


def _figures(
    view: GisView, plan: Plan, operation: Operation, sections: pd.Index, years: list[int]
) -> dict[str, list[Any]]:
    rows = view.result.indicators.schools
    names = ["pupils", "classes", "seats_standard", "largest_class"]
    rows = rows[rows["network"] == plan.network]
    table = rows.pivot_table(index="section_id", columns="year", values=names, dropna=False).reindex(sections)
    table = table.reindex(columns=pd.MultiIndex.from_product([names, years]))
    wide = {name: table[name].to_numpy(np.float64) for name in names}
    pupils = view.counts(wide["pupils"])
    few = np.isnan(pupils)
    return {
        "pupils": wholes(pupils),
        "classes": wholes(wide["classes"]),
        "seats": wholes(wide["seats_standard"]),
        "largest": wholes(np.where(few, np.nan, view.counts(wide["largest_class"]))),
        "minutes": _minutes(view, operation, sections, few, years),
    }


def _minutes(view: GisView, operation: Operation, sections: pd.Index, few: np.ndarray, years: list[int]) -> list[Any]:
    """Mean minutes of the pupils who come every day, in the last year of each phase."""
    lasts = [min(last, years[-1]) for _phase, _first, last in view.phases]
    rows = operation.pupils
    rows = rows[rows["year"].isin(lasts) & np.isfinite(rows["minutes"]) & (rows["way"] != Way.BOARDS)]
    rows = rows.assign(spent=rows["children"] * rows["minutes"])
    sums = rows.pivot_table(index="section_id", columns="year", values=["children", "spent"], aggfunc="sum")
    children, spent = (
        sums[name].reindex(index=sections, columns=lasts).to_numpy(np.float64) for name in ("children", "spent")
    )
    table = np.divide(spent, children, out=np.full_like(spent, np.nan), where=children > 0)
    hidden = few[:, [years.index(last) for last in lasts]]
    return tenths(np.where(hidden, np.nan, table))


def actions(view: GisView, sections: pd.Index) -> list[dict[str, Any]]:
    """What the plan does, by year: section, action, year, classes; reason, capital and robustness in the internal edition."""
    places = {section: number for number, section in enumerate(sections)}
    rows = view.result.plan.actions[_acted(view)]
    rows = rows[rows["section_id"].isin(sections)].sort_values(["year", "section_id"], kind="stable")
    found = []
    for row in rows.to_dict("records"):
        one: dict[str, Any] = {
            "section": places[row["section_id"]],
            "action": row["action"],
            "year": int(row["year"]),
            "classes": int(row["classes"]),
        }
        if view.internal:
            one["reason"] = str(row["reason"])
            one["capital"] = round(float(row["capital_wan"]), 1)
            one["robustness"] = str(row.get("robustness", "") or "")
        found.append(one)
    return found


def moves(view: GisView, sections: pd.Index) -> list[dict[str, Any]]:
    """Where children of closing sections go: section, to (-1 = nowhere), year, children, minutes before and after."""
    places = {section: number for number, section in enumerate(sections)}
    rows = view.maps.moves
    rows = rows[rows["section_id"].isin(sections)]
    children = wholes(view.counts(rows["children"].to_numpy(np.float64)))
    before, after = (tenths(rows[name].to_numpy(np.float64)) for name in ("minutes_before", "minutes_after"))
    return [
        {
            "section": places[section],
            "to": places.get(receiving, -1),
            "year": int(year),
            "children": number,
            "before": was,
            "after": then,
        }
        for section, receiving, year, number, was, then in zip(
            rows["section_id"], rows["to_section"], rows["year"], children, before, after, strict=True
        )
        if number is not None
    ]


def kind_words() -> dict[str, dict[str, Any]]:
    """Kind of a campus → its word and mark."""
    return {kind: {"label": label(SectionKind(kind)), **_mark(mark)} for kind, mark in KINDS.items()}


def action_marks() -> dict[str, dict[str, Any]]:
    """Action → its word and mark, the gravest first."""
    return {action: {"label": label(Action(action)), **_mark(mark)} for action, mark in ACTIONS.items()}


def stage_words(view: GisView) -> list[dict[str, str]]:
    """Stages that have sections."""
    own = set(view.result.supply.sections["stage"])
    return [{"id": stage.value, "label": label(stage)} for stage in Stage if stage.value in own]


def _mark(mark: Mark) -> dict[str, Any]:
    return {"shape": mark.shape, "colour": mark.colour, "size": mark.size}


def _acted(view: GisView) -> pd.Series:
    return view.result.plan.actions["action"] != Action.KEEP
