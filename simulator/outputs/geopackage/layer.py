"""A layer of the GeoPackage as data: name, fields with their Chinese titles, features, look."""

from __future__ import annotations

from dataclasses import dataclass, field

import geopandas as gpd

from simulator.outputs.geopackage.style import Style


@dataclass(frozen=True)
class Field:
    """A field: its name in the file, the title that GIS programs show, and whether a planner may change it.

    `choices` are the values offered where it may be changed.
    """

    name: str
    title: str
    editable: bool = False
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Layer:
    """A layer.

    Parameters
    ----------
    title
        Name of the table, as GIS programs list it.
    group
        Heading under which the project lists it.
    fields
        Fields in order; the frame has them all.
    features
        Fields and geometry; may be empty.
    geometry
        `Point`, `MultiLineString` or `MultiPolygon`.
    styles
        The first is used when the layer is opened.
    shown
        Whether the project shows it at once.
    about
        One sentence on what it holds.
    """

    title: str
    group: str
    fields: tuple[Field, ...]
    features: gpd.GeoDataFrame
    geometry: str
    styles: tuple[Style, ...]
    shown: bool = False
    about: str = field(default="", kw_only=True)


def fields_of(*pairs: tuple[str, str]) -> tuple[Field, ...]:
    """Fields that nobody changes, from (name, title) pairs."""
    return tuple(Field(name, title) for name, title in pairs)
