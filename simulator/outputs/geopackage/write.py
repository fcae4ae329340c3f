"""A run → plan.gpkg."""

from __future__ import annotations

from pathlib import Path

from simulator.outputs.editable import BASELINE, Editable, baseline, editable
from simulator.outputs.geopackage.container import write_beside, write_features
from simulator.outputs.geopackage.findings import finding_layer
from simulator.outputs.geopackage.ground import barrier_layer, link_layer, parcel_layer, radius_layer
from simulator.outputs.geopackage.layer import Layer
from simulator.outputs.geopackage.project import project_row
from simulator.outputs.geopackage.schools import planned_layer, planned_title, present_layer, use_layer
from simulator.outputs.geopackage.units import township_layer, unit_layer, unit_title
from simulator.outputs.geopackage.view import GisView
from simulator.outputs.geopackage.zones import catchment_layers, move_layer
from simulator.outputs.maps.view import MapView
from simulator.outputs.titles import stamped_title
from simulator.result import Result


def plan_layers(result: Result, maps: MapView, tables: Editable) -> list[Layer]:
    """Every layer, the topmost first; the public edition has no findings and no plots that are only candidates."""
    view = GisView(result, maps)
    audited = [finding_layer(view)] if view.internal else []
    return [
        move_layer(view),
        planned_layer(view, tables),
        use_layer(view),
        present_layer(view),
        *audited,
        parcel_layer(view),
        link_layer(view),
        barrier_layer(view),
        township_layer(view),
        radius_layer(view),
        *catchment_layers(view),
        unit_layer(view, tables),
    ]


def write_geopackage(result: Result, maps: MapView, path: Path) -> None:
    """Write plan.gpkg: layers with Chinese titles of fields, styles, a project, and what an edit is compared with.

    Parameters
    ----------
    result
        A finished run.
    maps
        Its maps' view (:func:`simulator.outputs.maps.view.map_view`).
    path
        A file that does not exist yet.
    """
    tables = editable(result)
    layers = plan_layers(result, maps, tables)
    # The lowest first: programs that know no project list the tables as they were written, the last on top.
    write_features(reversed(layers), path)
    title = stamped_title(result, result.scenario.title)
    project = project_row(layers, path, title, result.district.crs)
    beside = {BASELINE: baseline(result, tables, unit_title(), planned_title())} if maps.internal else {}
    write_beside(path, layers, beside, project)
