"""Every table of a run under the name of its CSV file: the one source of what is stored and read back."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Protocol

import numpy as np
import pandas as pd
import shapely

from simulator.indicators import Alerts, Board, BoardFacts, ClassVectors, Finance, Reach
from simulator.inputs import District
from simulator.operation import Operation
from simulator.outputs.consolidation import consolidation_tables
from simulator.outputs.staff import staff_tables
from simulator.plan import Plan
from simulator.projection.demand import Projection
from simulator.projection.rivals import rival_seats
from simulator.result import Result
from simulator.scenario import Scenario
from simulator.standards import Figure, Standards


def result_tables(result: Result) -> dict[str, pd.DataFrame]:
    """Every table of a run, by the name of its file, in the order in which the data flow.

    Parameters
    ----------
    result
        A finished run.

    Returns
    -------
    dict
        File stem → frame. Tables of both networks carry a `network` column; indexes are columns.
        No table holds wall time, so equal runs give equal files.
    """
    return {
        **_input_tables(result),
        **projection_tables(result.projection),
        **_supply_tables(result),
        **_network_tables((result.plan, result.no_action)),
        **_operation_tables((result.operation, result.no_action_operation)),
        **_indicator_tables(result),
        **alert_tables(result.alerts),
        **fact_tables(result.facts),
        **board_tables(result.board),
        **class_tables(result.class_vectors),
        **staff_tables(result.staff),
        **consolidation_tables(result),
        **finance_tables(result.finance),
        **reach_tables(result.reach),
        "risk": result.risk,
        "rivals": rival_table(result),
        "findings": result.audit.findings,
        "rules_checked": pd.DataFrame({"rule": list(result.audit.rules_checked)}, dtype=str),
        "assumptions": _assumptions(result),
        "facts": _facts(result),
        **({} if result.frontier is None else {"frontier": result.frontier}),
    }


def write_tables(tables: dict[str, pd.DataFrame], folder: Path) -> None:
    """Write each table as CSV: UTF-8 with a byte order mark, so that Excel shows Chinese, floats in full.

    Parameters
    ----------
    tables
        File stem → frame.
    folder
        An existing folder.
    """
    for name, frame in tables.items():
        frame.to_csv(folder / f"{name}.csv", index=False, encoding="utf-8-sig", lineterminator="\n")


def _input_tables(result: Result) -> dict[str, pd.DataFrame]:
    district, standards = result.district, result.standards
    units = pd.DataFrame(district.units.drop(columns="geometry"))
    points = shapely.point_on_surface(district.units.geometry.to_numpy())
    units["x"], units["y"] = shapely.get_x(points).round(1), shapely.get_y(points).round(1)
    return {
        "units": units,
        "register": district.classes,
        "admission_plan": district.admission_plan,
        "sources": _sources(result),
        "standards": _figures(standards.figures.values()),
        "standards_replaced": _replaced(standards),
        "standard_modules": pd.DataFrame(
            [(kind, number) for kind, numbers in standards.modules.items() for number in numbers],
            columns=["kind", "classes"],
        ),
    }


def _sources(result: Result) -> pd.DataFrame:
    """Where each table came from; the path is the file's name only, the manifest has the rest."""
    return pd.DataFrame(
        [(s.table, s.path.name, s.rows, s.as_of, s.sha256) for s in result.district.sources],
        columns=["table", "file", "rows", "as_of", "sha256"],
    )


_FIGURE_COLUMNS = [field.name for field in dataclasses.fields(Figure)]


def _figures(figures: object) -> pd.DataFrame:
    rows = [_figure_row(figure) for figure in figures]  # type: ignore[attr-defined]  # any iterable of figures
    return pd.DataFrame(rows, columns=_FIGURE_COLUMNS)


def _figure_row(figure: Figure) -> dict[str, object]:
    row = dataclasses.asdict(figure)
    return row | {"file": Path(figure.file).name}


def _replaced(standards: Standards) -> pd.DataFrame:
    """Pairs of figures: the earlier one under its names, the one in force under `new_…`."""
    rows = [
        _figure_row(before) | {f"new_{key}": value for key, value in _figure_row(after).items()}
        for before, after in standards.replaced
    ]
    return pd.DataFrame(rows, columns=[*_FIGURE_COLUMNS, *(f"new_{name}" for name in _FIGURE_COLUMNS)])


def projection_tables(projection: Projection) -> dict[str, pd.DataFrame]:
    """The tables of a projection by the name of their files."""
    return {
        "population": population_totals(projection),
        "projection": demand_totals(projection),
        "demand": projection.plan_demand.frame(),
        "attendance": projection.attendance,
        "flows": projection.flows,
        "first_step": projection.first_step,
        "differences": projection.differences,
        "demand_bands": projection.bands.table,
        **projection.records,
    }


def alert_tables(alerts: Alerts) -> dict[str, pd.DataFrame]:
    """Warnings and peaks by the name of their files."""
    return {"warnings": alerts.warnings, "peaks": alerts.peaks}


def fact_tables(facts: BoardFacts) -> dict[str, pd.DataFrame]:
    """What the evaluation board knows of the district, by the name of the files."""
    return {f"facts_{field.name}": getattr(facts, field.name) for field in dataclasses.fields(facts)}


def board_tables(board: Board) -> dict[str, pd.DataFrame]:
    """The evaluation board by the name of its files."""
    return {
        "board": board.items,
        "board_verdicts": board.verdicts,
        "board_schools": board.schools,
        "board_variation": board.variation,
        "board_country": board.country,
        "board_index": board.index,
    }


def finance_tables(finance: Finance) -> dict[str, pd.DataFrame]:
    """Money, shares and levers by the name of their files."""
    names = {
        "running": "running_cost",
        "falls": "spending_falls",
        "closings": "closing_savings",
        "openings": "opening_cost",
        "shares": "shares",
        "targets": "own_targets",
        "levers": "levers",
        "heads": "capital_heads",
    }
    return {file: getattr(finance, name) for name, file in names.items()}


def reach_tables(reach: Reach) -> dict[str, pd.DataFrame]:
    """Further kindergartens within the radius of rural children, by the name of the files."""
    return {"reach_places": reach.places, "reach_total": reach.total}


def class_tables(vectors: ClassVectors) -> dict[str, pd.DataFrame]:
    """Class sizes as vectors, classes that the rolls need, and when oversized classes end, by the name of the files."""
    return {
        "class_tails": vectors.tails,
        "classes_needed": vectors.needed,
        "oversized_by_year": vectors.oversized,
        "oversized_schedule": vectors.schedule,
    }


class Compared(Protocol):
    """What the projection and its rivals are found from."""

    @property
    def scenario(self) -> Scenario:
        """The scenario."""

    @property
    def standards(self) -> Standards:
        """Norms in force."""

    @property
    def district(self) -> District:
        """The district's tables."""

    @property
    def projection(self) -> Projection:
        """The projection."""


def rival_table(compared: Compared) -> pd.DataFrame:
    """Seats by stage, year and method: the projection beside the simpler methods of a bureau."""
    demand = compared.projection.plan_demand
    return rival_seats(demand, compared.district, compared.scenario, compared.standards)


def population_totals(projection: Projection) -> pd.DataFrame:
    """Resident children of the whole district: variant, year, age, children."""
    years = projection.plan_demand.years
    parts = []
    for variant, population in projection.population.items():
        totals = np.asarray(population).sum(axis=0)
        ages = totals.shape[0]
        parts.append(
            pd.DataFrame(
                {
                    "variant": variant,
                    "year": np.tile(years, ages),
                    "age": np.repeat(np.arange(ages), len(years)),
                    "children": totals.reshape(-1),
                }
            )
        )
    return pd.concat(parts, ignore_index=True)


def demand_totals(projection: Projection) -> pd.DataFrame:
    """Demand of the whole district, of every variant: variant, stage, grade, year, children."""
    parts = []
    for variant, demand in projection.demand.items():
        cells, years = len(demand.cells), len(demand.years)
        parts.append(
            pd.DataFrame(
                {
                    "variant": variant,
                    "stage": np.repeat([stage.value for stage, _ in demand.cells], years),
                    "grade": np.repeat([grade for _, grade in demand.cells], years),
                    "year": np.tile(demand.years, cells),
                    "children": demand.children.sum(axis=0).reshape(-1),
                }
            )
        )
    return pd.concat(parts, ignore_index=True)


def _supply_tables(result: Result) -> dict[str, pd.DataFrame]:
    supply, access, costs, territory = result.supply, result.access, result.costs, result.territory
    stage_costs = [{"stage": stage.value, **dataclasses.asdict(values)} for stage, values in costs.stages.items()]
    return {
        "sites": supply.sites.reset_index(),
        "sections": supply.sections.reset_index(),
        "modules": supply.modules,
        "committed": supply.committed,
        "bands": pd.DataFrame({"band": [band.band_id for band in supply.bands]}, dtype=str),
        "limits": access.limits,
        "travel_pairs": access.pairs,
        "travel_ways": access.ways,
        "catchments_today": result.catchments.table,
        "territory_edges": territory.edges,
        "territory_homes": territory.homes.reset_index(),
        "territory_parts": territory.parts.reset_index(),
        "territory_detached": territory.detached,
        "territory_away": territory.away,
        "costs": pd.DataFrame(stage_costs),
    }


def _network_tables(plans: tuple[Plan, Plan]) -> dict[str, pd.DataFrame]:
    names = ("sections", "catchments", "shortage", "actions", "capital", "objective", "phases", "goals", "changes")
    tables = {f"plan_{name}": _both([(plan.network, getattr(plan, name)) for plan in plans]) for name in names}
    solutions = [
        {"network": plan.network, "rezoning": plan.rezoning, **dataclasses.asdict(plan.solution)} for plan in plans
    ]
    notes = [(plan.network, note) for plan in plans for note in plan.notes]
    # Wall time differs from run to run: the manifest has it, the tables must not.
    tables["plan_solution"] = pd.DataFrame(solutions).drop(columns="seconds")
    tables["plan_notes"] = pd.DataFrame(notes, columns=["network", "note"], dtype=str)
    return tables


def _operation_tables(operations: tuple[Operation, Operation]) -> dict[str, pd.DataFrame]:
    return {
        f"operation_{name}": _both([(one.network, getattr(one, name)) for one in operations])
        for name in ("classes", "pupils")
    }


def _both(frames: list[tuple[str, pd.DataFrame]]) -> pd.DataFrame:
    """One frame of both networks, `network` first; an empty frame does not spoil the other's types."""
    named = [frame.assign(network=network) for network, frame in frames]
    filled = [frame for frame in named if len(frame)] or named[:1]
    table = pd.concat(filled, ignore_index=True)
    return table[["network", *(name for name in table.columns if name != "network")]]


def _indicator_tables(result: Result) -> dict[str, pd.DataFrame]:
    indicators = result.indicators
    return {f"indicators_{field.name}": getattr(indicators, field.name) for field in dataclasses.fields(indicators)}


def _assumptions(result: Result) -> pd.DataFrame:
    parts = {
        "district": result.district.assumptions,
        "supply": result.supply.assumptions,
        "access": result.access.assumptions,
        "catchments": result.catchments.assumptions,
        "territory": result.territory.assumptions,
        "projection": result.projection.assumptions,
    }
    rows = [(part, text) for part, texts in parts.items() for text in texts]
    return pd.DataFrame(rows, columns=["part", "assumption"], dtype=str)


def _facts(result: Result) -> pd.DataFrame:
    """Single values that are no table's, as name and value."""
    facts = {
        "district": result.district.name,
        "district_title": result.district.title,
        "invented": str(result.district.invented),
        "crs": result.district.crs,
        "travel_basis": result.access.basis,
        "planned_variant": result.projection.planned,
        "conversion_room_wan": repr(float(result.costs.conversion_room_wan)),
        "annuity": repr(float(result.costs.annuity)),
        "bus_pupil_year": repr(float(result.costs.bus_pupil_year)),
        "boarder_year": repr(float(result.costs.boarder_year)),
    }
    return pd.DataFrame(list(facts.items()), columns=["name", "value"], dtype=str)
