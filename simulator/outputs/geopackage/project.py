"""A QGIS project inside the GeoPackage: every layer in order and in groups, the finished ones shown."""

from __future__ import annotations

import io
import xml.etree.ElementTree as ET
import zipfile
from pathlib import Path

from pyproj import CRS

from simulator.outputs import stamp
from simulator.outputs.geopackage.layer import Layer
from simulator.outputs.geopackage.qml import style_elements

_VERSION = "3.22.0"
_GEOMETRY_NAMES = {"Point": "Point", "MultiLineString": "Line", "MultiPolygon": "Polygon"}
# The first date that a zip archive can hold: the project is the same whenever it is written.
_ZIP_DATE = (1980, 1, 1, 0, 0, 0)
_MARGIN = 0.04


def project_row(layers: list[Layer], path: Path, title: str, crs: str) -> tuple[str, str, str]:
    """Name, metadata and content of the project, as QGIS keeps them in a GeoPackage.

    Parameters
    ----------
    layers
        The topmost first.
    path
        The GeoPackage; only its name counts, so that it may be moved.
    title
        Title of the project.
    crs
        The district's.
    """
    document = "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n"
    document += ET.tostring(_project(layers, path.name, title, crs), encoding="unicode")
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr(zipfile.ZipInfo("plan.qgs", _ZIP_DATE), document.encode(), zipfile.ZIP_DEFLATED)
    when = stamp.created().strftime("%Y-%m-%dT%H:%M:%S")
    metadata = f'{{"last_modified_time": "{when}", "last_modified_user": ""}}'
    return title, metadata, packed.getvalue().hex()


def _project(layers: list[Layer], file: str, title: str, crs: str) -> ET.Element:
    root = ET.Element("qgis", version=_VERSION, projectname=title)
    ET.SubElement(root, "title").text = title
    system = CRS.from_user_input(crs)
    ET.SubElement(root, "projectCrs").append(_srs(system))
    settings = ET.SubElement(root, "properties")
    projections = ET.SubElement(settings, "SpatialRefSys")
    ET.SubElement(projections, "ProjectionsEnabled", type="int").text = "1"
    paths = ET.SubElement(settings, "Paths")
    ET.SubElement(paths, "Absolute", type="bool").text = "false"
    # QGIS makes up another id where it finds one of ten letters or fewer.
    ids = {layer.title: f"school_planner_layer_{number}" for number, layer in enumerate(layers)}
    root.append(_tree(layers, ids, file))
    root.append(_canvas(layers, system))
    listed = ET.SubElement(root, "projectlayers")
    for layer in layers:
        listed.append(_layer(layer, ids[layer.title], file, system))
    order = ET.SubElement(root, "layerorder")
    for layer in layers:
        ET.SubElement(order, "layer", id=ids[layer.title])
    return root


def _srs(system: CRS) -> ET.Element:
    root = ET.Element("spatialrefsys", nativeFormat="Wkt")
    code = system.to_epsg()
    for tag, text in (
        ("wkt", system.to_wkt()),
        ("srid", str(code or "")),
        ("authid", f"EPSG:{code}" if code else ""),
        ("description", system.name),
        ("geographicflag", "true" if system.is_geographic else "false"),
    ):
        ET.SubElement(root, tag).text = text
    return root


def _tree(layers: list[Layer], ids: dict[str, str], file: str) -> ET.Element:
    """Groups in the order of their first layers, legends folded."""
    root = ET.Element("layer-tree-group")
    groups: dict[str, ET.Element] = {}
    for layer in layers:
        if layer.group not in groups:
            any_shown = any(other.shown for other in layers if other.group == layer.group)
            state = "Qt::Checked" if any_shown else "Qt::Unchecked"
            groups[layer.group] = ET.SubElement(
                root, "layer-tree-group", name=layer.group, checked=state, expanded="1" if any_shown else "0"
            )
        ET.SubElement(
            groups[layer.group],
            "layer-tree-layer",
            id=ids[layer.title],
            name=layer.title,
            source=_source(layer, file),
            providerKey="ogr",
            checked="Qt::Checked" if layer.shown else "Qt::Unchecked",
            expanded="0",
        )
    return root


def _source(layer: Layer, file: str) -> str:
    return f"./{file}|layername={layer.title}"


def _canvas(layers: list[Layer], system: CRS) -> ET.Element:
    """The part of the world that is shown first: every feature, with a margin."""
    root = ET.Element("mapcanvas", name="theMapCanvas", annotationsVisible="1")
    ET.SubElement(root, "units").text = "meters"
    boxes = [layer.features.total_bounds for layer in layers if len(layer.features)]
    west, south = (min(float(box[at]) for box in boxes) for at in (0, 1))
    east, north = (max(float(box[at]) for box in boxes) for at in (2, 3))
    margin = _MARGIN * max(east - west, north - south)
    extent = ET.SubElement(root, "extent")
    values = {"xmin": west - margin, "ymin": south - margin, "xmax": east + margin, "ymax": north + margin}
    for tag, value in values.items():
        ET.SubElement(extent, tag).text = f"{value:.3f}"
    ET.SubElement(root, "destinationsrs").append(_srs(system))
    return root


def _layer(layer: Layer, layer_id: str, file: str, system: CRS) -> ET.Element:
    style = layer.styles[0]
    root = ET.Element("maplayer", type="vector", geometry=_GEOMETRY_NAMES[layer.geometry], wkbType=layer.geometry)
    root.set("labelsEnabled", "1" if style.words else "0")
    ET.SubElement(root, "id").text = layer_id
    ET.SubElement(root, "datasource").text = _source(layer, file)
    ET.SubElement(root, "layername").text = layer.title
    ET.SubElement(root, "srs").append(_srs(system))
    ET.SubElement(root, "provider", encoding="UTF-8").text = "ogr"
    root.extend(style_elements(layer, style))
    return root
