"""What the plan risks over the draws: seats short, or left empty, by project, section, stage and year."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import sparse

from simulator.capacity.supply import Supply
from simulator.indicators.network import seats_of_plan
from simulator.operation import BandPlaces, band_places
from simulator.operation.shares import entries_of, keep_columns, to_whole
from simulator.plan import Plan
from simulator.projection.demand import Demand, FloatArray, Projection
from simulator.scenario.settings import Scenario
from simulator.standards import Standards
from simulator.terms import Action, Stage

PROJECT, SECTION, STAGE, DISTRICT = "project", "section", "stage", "district"
RISK_COLUMNS = ["network", "level", "place", "stage", "year", "seats", "pupils", "beyond", "shortage", "surplus"]
_BUILDING = (Action.NEW_BUILD, Action.EXTENSION, Action.CONVERSION)
# Less than half a child is not one without a seat.
_NOBODY = 0.5
_NO_REGISTER = pd.DataFrame(columns=["section_id", "grade", "pupils"])
IntArray = npt.NDArray[np.int64]
Float32 = npt.NDArray[np.float32]


def no_risk() -> pd.DataFrame:
    """The table of a run without draws."""
    return pd.DataFrame(columns=RISK_COLUMNS)


def measure_risk(
    projection: Projection,
    networks: Sequence[Plan],
    supply: Supply,
    standards: Standards,
    scenario: Scenario,
    workers: int | None = None,
) -> pd.DataFrame:
    """Probabilities of shortage and surplus over the draws, in one pass that keeps none of them.

    The children of a draw sit where the plan seats its units, grade by grade (a pool by its seats).

    Parameters
    ----------
    projection
        Its `ensemble` is drawn again; without one there is no risk to tell.
    networks
        The plan, and the network without action.
    supply, standards, scenario
        Sections and their seats.
    workers
        Threads; as many as processors where not given.

    Returns
    -------
    pandas.DataFrame
        network, level (`project`: a campus with new build, extension or conversion, from the year of it; `section`; `stage`;
        `district`), place (site_id, section_id, empty), stage (empty: all of the project or district), year, seats
        (standard), pupils (mean; of stages and the district all children, seated or not), beyond (mean children beyond
        the seats of their section, those without a section included), shortage (probability that pupils exceed the seats;
        of a project in any of its sections; of a stage in its total; of the district in any stage), surplus
        (probability that pupils are below the figure `alert.surplus` of the seats).
    """
    ensemble = projection.ensemble
    if ensemble is None:
        return no_risk()
    demand = projection.demand["medium"]
    empty = standards.value("alert.surplus")
    layouts = [lay_seats(plan, demand, supply, standards, scenario) for plan in networks]
    counted: dict[int, dict[int, list[FloatArray]]] = {}

    def take(draws: slice, position: int, children: Float32) -> None:
        memory = np.ascontiguousarray(children.swapaxes(1, 2).reshape(len(children), -1).T)
        found = [_count(layout, position, memory, empty) for layout in layouts]
        counted.setdefault(draws.start, {})[position] = found

    ensemble.each(take, workers)
    # Chunks are added up in their order, so that sums do not depend on the threads.
    parts = [counted[start] for start in sorted(counted)]
    frames = [
        _frame(layout, position, np.sum([part[position][code] for part in parts], axis=0) / ensemble.draws)
        for code, layout in enumerate(layouts)
        for position in range(1, len(demand.years))
    ]
    table = pd.concat(frames, ignore_index=True)
    order = {level: number for number, level in enumerate((PROJECT, SECTION, STAGE, DISTRICT))}
    ordered = table.assign(order=table["level"].map(order))
    keys = ["network", "order", "place", "stage", "year"]
    return ordered.sort_values(keys, ascending=[False, True, True, True, True], kind="stable")[
        RISK_COLUMNS
    ].reset_index(drop=True)


@dataclass(frozen=True)
class SeatLayout:
    """Where a network seats the children of every unit, grade and year, and on how many seats.

    Parameters
    ----------
    network
        `plan` or `no_action`.
    years
        Years, the base year first.
    sections
        Ids of the sections.
    stages
        Stages with a section, and of which stage each section is, shape (stages, sections).
    of_stage
        See `stages`.
    cells
        1 where a cell belongs to a stage, shape (stages, cells × units).
    sending
        By year: share of each unit and cell that a section takes, shape (sections, cells × units).
    seats
        Standard seats, shape (sections, years).
    open
        Whether a section runs, the same shape.
    projects
        Sites with works, and their sections, shape (projects, sections).
    member
        See `projects`.
    since
        First year of each project.
    """

    network: str
    years: tuple[int, ...]
    sections: tuple[str, ...]
    stages: tuple[Stage, ...]
    of_stage: sparse.csr_array
    cells: sparse.csr_array
    sending: tuple[sparse.csr_array, ...]
    seats: FloatArray
    open: npt.NDArray[np.bool_]
    projects: tuple[str, ...]
    member: sparse.csr_array
    since: tuple[int, ...]


def lay_seats(plan: Plan, demand: Demand, supply: Supply, standards: Standards, scenario: Scenario) -> SeatLayout:
    """Lay out the seats of a network and who sits on them."""
    found, zoned = band_places(plan, demand, supply, _NO_REGISTER), set(plan.catchments["band"])
    sections = tuple(sorted({section for band in found for section in band.places if section}))
    stages = tuple(stage for stage in Stage if any(band.band.stage is stage for band in found))
    phases = [plan.phase_of(year) for year in demand.years]
    wanted = pd.MultiIndex.from_product([sections, phases])
    counted = seats_of_plan(plan, supply, standards, scenario).set_index(["section_id", "phase"])
    seats, running = (
        counted[column].reindex(wanted).fillna(0).to_numpy(float).reshape(len(sections), len(phases))
        for column in ("seats_standard", "open")
    )
    works = plan.actions[plan.actions["action"].isin(_BUILDING)]
    since = works.groupby("site_id")["year"].min()
    own = {section: str(site) for section, site in supply.sections["site_id"].items()}
    of_cell = np.array([[cell is stage for cell, _grade in demand.cells] for stage in stages], dtype=np.float32)
    return SeatLayout(
        network=plan.network,
        years=demand.years,
        sections=sections,
        stages=stages,
        of_stage=_matrix([[section.endswith(f":{stage}") for section in sections] for stage in stages], len(sections)),
        cells=sparse.csr_array(np.repeat(of_cell, len(demand.units), axis=1)),
        sending=_sending(found, zoned, sections, demand),
        seats=seats,
        open=running > 0,
        projects=tuple(str(site) for site in since.index),
        member=_matrix([[own[section] == site for section in sections] for site in since.index], len(sections)),
        since=tuple(int(year) for year in since),
    )


def _matrix(members: list[list[bool]], columns: int) -> sparse.csr_array:
    """1 where a column belongs to a row."""
    return sparse.csr_array(np.asarray(members, dtype=np.float64).reshape(len(members), columns))


def _sending(
    bands: Sequence[BandPlaces], zoned: set[str], sections: tuple[str, ...], demand: Demand
) -> tuple[sparse.csr_array, ...]:
    """By year: share of each cell and unit that a section takes, shape (sections, cells × units)."""
    cells = {cell: column for column, cell in enumerate(demand.cells)}
    place = {section: row for row, section in enumerate(sections)}
    entries: list[list[tuple[IntArray, IntArray, FloatArray]]] = [[] for _year in demand.years]
    for band in bands:
        codes = np.array([place.get(name, -1) for name in band.places])
        served = np.array([bool(name) for name in band.places])
        pool = band.band.band_id not in zoned
        for number, years in zip(band.grades, band.shares, strict=True):
            first = cells[band.band.stage, number] * len(demand.units)
            for own, shares in zip(entries, years, strict=True):
                # A pool seats everybody on its sections, full as they may be.
                found = keep_columns(shares, served)
                unit, section, share = entries_of(to_whole(found) if pool else found)
                own.append((codes[section], first + unit, share))
    shape = (len(sections), len(demand.cells) * len(demand.units))
    return tuple(_shares_matrix(own, shape) for own in entries)


def _shares_matrix(entries: list[tuple[IntArray, IntArray, FloatArray]], shape: tuple[int, int]) -> sparse.csr_array:
    none = np.zeros(0, dtype=np.int64)
    rows, columns = (np.concatenate([*(entry[axis] for entry in entries), none]) for axis in (0, 1))
    values = np.concatenate([*(entry[2] for entry in entries), np.zeros(0)])
    return sparse.csr_array((values.astype(np.float32), (rows, columns)), shape=shape)


def _count(layout: SeatLayout, position: int, children: Float32, empty: float) -> FloatArray:
    """Sums over the draws of a chunk by row of the table: pupils, beyond, shortage, surplus; shape (rows, 4)."""
    pupils = np.maximum(layout.sending[position] @ children, 0.0)
    seats = layout.seats[:, position, None]
    beyond = np.maximum(pupils - seats, 0.0)
    short = beyond > _NOBODY
    spare = (pupils < empty * seats) & layout.open[:, position, None]
    asked, offered = layout.cells @ children, layout.of_stage @ seats
    unseated = np.maximum(asked - layout.of_stage @ pupils, 0.0)
    stage_short = asked > offered + _NOBODY
    stage_spare = asked < empty * offered
    project_short = layout.member @ short.astype(np.float64) > 0
    project_spare = layout.member @ pupils < empty * (layout.member @ seats)
    stage_beyond = layout.of_stage @ beyond + unseated
    everybody = [asked.sum(axis=0), stage_beyond.sum(axis=0), stage_short.any(axis=0), stage_spare.any(axis=0)]
    groups = (
        (layout.member @ pupils, layout.member @ beyond, project_short, project_spare),
        (pupils, beyond, short, spare),
        (asked, stage_beyond, stage_short, stage_spare),
        tuple(value[None] for value in everybody),
    )
    return np.concatenate(
        [np.stack([values.sum(axis=1, dtype=np.float64) for values in group], axis=1) for group in groups]
    )


def _frame(layout: SeatLayout, position: int, means: FloatArray) -> pd.DataFrame:
    """The rows of one year; projects before their first year and closed sections without pupils are left out."""
    seats = layout.seats[:, position]
    year, stages = layout.years[position], layout.stages
    stage_of = {section: section.rsplit(":", 1)[1] for section in layout.sections}
    rows: list[Mapping[str, object]] = [
        *({"level": PROJECT, "place": site, "stage": ""} for site in layout.projects),
        *({"level": SECTION, "place": section, "stage": stage_of[section]} for section in layout.sections),
        *({"level": STAGE, "place": "", "stage": stage.value} for stage in stages),
        {"level": DISTRICT, "place": "", "stage": ""},
    ]
    frame = pd.DataFrame(rows).assign(network=layout.network, year=year)
    frame["seats"] = np.concatenate([layout.member @ seats, seats, layout.of_stage @ seats, [seats.sum()]])
    frame[["pupils", "beyond", "shortage", "surplus"]] = means
    begun = [year >= first for first in layout.since]
    running = layout.open[:, position] | (means[len(begun) : len(begun) + len(seats), 0] > _NOBODY)
    kept = np.concatenate([begun, running, np.ones(len(stages) + 1, dtype=bool)]).astype(bool)
    return frame[kept]
