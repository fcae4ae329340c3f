"""Plots, dwelling projects and works of an invented district."""

from __future__ import annotations

import numpy as np
import pandas as pd

from simulator.inputs.synthetic.apportion import IntArray
from simulator.inputs.synthetic.geography import Cells
from simulator.inputs.synthetic.invention import Invention, Plot, Work
from simulator.inputs.synthetic.names import NameBook
from simulator.inputs.synthetic.siting import Site, spot_in
from simulator.inputs.synthetic.territory import Territory
from simulator.terms import AreaKind, Delivery, Stage, source_label

_CERTAINTY = {"under_construction": 0.95, "approved": 0.8, "planned": 0.5}
_SMALLEST_EXTENDED = 10
_YIELDS = {"yield_kindergarten": 8.0, "yield_primary": 15.0, "yield_junior": 6.5, "yield_senior": 5.5}


def housing_table(
    spec: Invention, cells: Cells, territory: Territory, names: NameBook, rng: np.random.Generator
) -> pd.DataFrame:
    """The table `housing`: most projects in the new quarter, the rest in the town core."""
    city = np.array([unit for unit, kind in enumerate(cells.kinds) if kind is AreaKind.CITY])
    rows = []
    for number in range(spec.housing_projects):
        quarter = len(territory.new_quarter) and number % 4 != 3
        unit = int(rng.choice(territory.new_quarter if quarter else city))
        status = ("under_construction", "approved", "planned")[number % 3]
        rows.append(
            {
                "housing_id": f"H{number + 1:02d}",
                "unit_id": territory.unit_ids[unit],
                "name": names.word() + "苑",
                "dwellings": int(rng.integers(5, 16)) * 60,
                "completion_year": spec.base_year + 1 + number % 3 * 2 + int(rng.integers(0, 2)),
                "status": status,
                "certainty": _CERTAINTY[status],
                **_YIELDS,
            }
        )
    return pd.DataFrame(rows)


def parcels_table(
    spec: Invention,
    cells: Cells,
    territory: Territory,
    residents: IntArray,
    housing: pd.DataFrame,
    names: NameBook,
    rng: np.random.Generator,
) -> pd.DataFrame:
    """The table `parcels`: each plot in the most peopled unit of the kind it asks for that has none yet."""
    rows = []
    taken: list[int] = []
    homes = {
        str(unit): str(project)
        for project, unit in zip(housing.get("housing_id", []), housing.get("unit_id", []), strict=True)
    }
    for number, plot in enumerate(spec.plots):
        unit = _unit_for(plot, cells, territory, residents, taken, homes)
        taken.append(unit)
        x, y = spot_in(cells, unit, rng)
        project = homes.get(territory.unit_ids[unit], "") if plot.linked else ""
        rows.append(
            {
                "parcel_id": f"P{number + 1:02d}",
                "name": f"{names.word()}{_title(plot)}用地",
                "plot_code": f"{spec.base_year % 100:02d}-{number + 1:02d}-A33",
                "township": spec.townships[territory.townships[unit]],
                "x": x,
                "y": y,
                "stages": ",".join(stage.value for stage in plot.stages),
                "area_m2": plot.area_m2,
                "supply_year": plot.supply_year,
                "conflict": plot.conflict.value,
                "delivery": (Delivery.LINKED if project else plot.delivery).value,
                "housing_id": project,
            }
        )
    return pd.DataFrame(rows)


def with_duties(housing: pd.DataFrame, parcels: pd.DataFrame) -> pd.DataFrame:
    """Housing with the stages of the schools that are to be delivered with it."""
    if housing.empty or parcels.empty:
        return housing
    duties = dict(zip(parcels["housing_id"], parcels["stages"], strict=True))
    return housing.assign(school_duty=[duties.get(project, "") for project in housing["housing_id"]])


def projects_table(
    spec: Invention,
    schools: pd.DataFrame,
    parcels: pd.DataFrame,
    sites: tuple[Site, ...],
    loads: dict[Stage, dict[str, tuple[int, int]]],
) -> pd.DataFrame:
    """The table `projects`: extensions at the fullest schools of their kind, buildings on the plots."""
    rows = []
    for number, work in enumerate(spec.works):
        place, name = _place_of(work, schools, parcels, sites, loads)
        rows.append(
            {
                "project_id": f"J{number + 1:02d}",
                "place_id": place,
                "name": name + ("改扩建" if work.kind == "extension" else "新建"),
                "stage": work.stage.value,
                "kind": work.kind,
                "rooms": work.rooms,
                "seats": work.seats,
                "year": work.year,
                "cost_wan": work.cost_wan,
                "status": work.status,
                "source": "演示项目",
            }
        )
    return pd.DataFrame(rows)


def _title(plot: Plot) -> str:
    if Stage.PRIMARY in plot.stages and Stage.JUNIOR in plot.stages:
        return "九年一贯制学校"
    return source_label(plot.stages[0])


def _unit_for(
    plot: Plot, cells: Cells, territory: Territory, residents: IntArray, taken: list[int], homes: dict[str, str]
) -> int:
    quarter = set(territory.new_quarter.tolist())
    wanted = {
        unit
        for unit, kind in enumerate(cells.kinds)
        if (unit in quarter if plot.near == "new_quarter" else kind.value == plot.near)
    }
    if plot.linked:
        wanted = {unit for unit in wanted if territory.unit_ids[unit] in homes} or wanted
    options = sorted(wanted - set(taken)) or sorted(set(range(len(cells.kinds))) - set(taken))
    # The plots of one kind of place stand apart: children count more where no plot is near.
    nodes = cells.nodes
    apart = [
        min((float(np.linalg.norm(nodes[unit] - nodes[other])) for other in taken), default=1e4) for unit in options
    ]
    score = residents[options, :12].sum(axis=1) * np.minimum(apart, 1500.0)
    return options[int(np.argmax(score))]


def _place_of(
    work: Work,
    schools: pd.DataFrame,
    parcels: pd.DataFrame,
    sites: tuple[Site, ...],
    loads: dict[Stage, dict[str, tuple[int, int]]],
) -> tuple[str, str]:
    """Id and name of the plot that a work builds on, or of the school it extends."""
    if work.plot:
        row = parcels.iloc[work.plot - 1]
        return str(row["parcel_id"]), str(row["name"]).removesuffix("用地")
    load = loads[work.stage]
    own = [site.school_id for site in sites if site.group.kind is work.school and site.school_id in load]
    whole = [school for school in own if load[school][1] >= _SMALLEST_EXTENDED] or own
    fullest = sorted(whole, key=lambda school: -load[school][0] / load[school][1])
    school = fullest[work.rank]
    return school, str(schools.set_index("school_id").loc[school, "name"])
