"""An invented district, from its description to the tables of a real one."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd

from simulator.inputs.synthetic.barriers import draw_barriers
from simulator.inputs.synthetic.campuses import catchments_table, pupils_by_school, schools_table, sections_table
from simulator.inputs.synthetic.geography import cut_cells, shape_land
from simulator.inputs.synthetic.invention import Invention
from simulator.inputs.synthetic.names import NameBook
from simulator.inputs.synthetic.network import Network, join_units, travel_layer, water_links
from simulator.inputs.synthetic.people import households, population_table, settle
from simulator.inputs.synthetic.registers import classes_table, history_rows
from simulator.inputs.synthetic.schooling import enrol, parents
from simulator.inputs.synthetic.siting import place_schools
from simulator.inputs.synthetic.staff import groups_table, teachers_table
from simulator.inputs.synthetic.territory import divide, units_layer
from simulator.inputs.synthetic.works import housing_table, parcels_table, projects_table, with_duties

Tables = dict[str, pd.DataFrame | gpd.GeoDataFrame]
"""Tables of a district under the names of their contracts."""


def invent_district(spec: Invention) -> Tables:
    """Invent a whole district: land, units, ways, children, schools, catchments, registers, works.

    Parameters
    ----------
    spec
        What it is made of.

    Returns
    -------
    dict
        Tables under the names and columns of their contracts; `units`, `travel`, `barriers` and
        `crossings` carry geometry in `spec.crs`. The same description gives the same tables.

    Raises
    ------
    ValueError
        Control totals that no register can meet, such as more oversized classes than grades hold.
    """
    land_rng, people_rng, school_rng, detail_rng = np.random.default_rng(spec.seed).spawn(4)
    names = NameBook(np.random.default_rng(spec.seed))
    land = shape_land(spec, land_rng)
    cells = cut_cells(spec, land, land_rng)
    territory = divide(spec, land, cells, land_rng)
    network = join_units(spec, land, cells, territory.seats, land_rng)
    island = cells.pieces >= land.mainland_pieces
    residents = settle(spec, cells.kinds, island, territory.new_quarter, people_rng)
    sites = place_schools(spec, land, cells, residents, school_rng)
    schooling = enrol(spec, sites, network, residents, territory.new_quarter, school_rng)
    registers = schooling.registers
    units = units_layer(spec, cells, territory, households(spec, residents), names)
    schools = schools_table(spec, sites, registers, territory, parents(sites, network), names, detail_rng)
    housing = housing_table(spec, cells, territory, names, detail_rng)
    parcels = parcels_table(spec, cells, territory, residents, housing, names, detail_rng)
    loads = {register.stage: pupils_by_school(registers, register.stage, sites) for register in registers}
    barriers, crossings = draw_barriers(spec, land, cells, network)
    tables: Tables = {
        "units": units,
        "population": population_table(spec, list(territory.unit_ids), residents, territory.new_quarter, people_rng),
        "births": pd.DataFrame({"unit_id": "", "year": list(spec.births), "births": list(spec.births.values())}),
        "schools": schools,
        "sections": sections_table(sites, registers),
        "classes": classes_table(list(registers), sites),
        "enrolment": pd.DataFrame(
            [row for register in registers for row in history_rows(spec, register, sites, detail_rng)]
        ),
        "catchments": catchments_table(schooling.zones, sites, territory),
        "parcels": parcels,
        "housing": with_duties(housing, parcels),
        "travel": travel_layer(network, cells, spec.crs, detail_rng),
        "barriers": barriers,
        "crossings": crossings,
        "adjacency": _adjacency(network, territory.unit_ids),
        "projects": projects_table(spec, schools, parcels, sites, loads),
    }
    if spec.faculty is not None:
        tables["teachers"] = teachers_table(spec, spec.faculty, sites, registers, cells.kinds)
        tables["groups"] = groups_table(spec.faculty, tables["teachers"], sites, registers)
    return {name: table for name, table in tables.items() if len(table)}


def _adjacency(network: Network, unit_ids: tuple[str, ...]) -> pd.DataFrame:
    links = water_links(network)
    return pd.DataFrame(
        [{"unit_a": unit_ids[first], "unit_b": unit_ids[last], "kind": kind} for first, last, kind in links],
        columns=["unit_a", "unit_b", "kind"],
    )
