"""An invented district written as the folder that a planner would hand in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import geopandas as gpd
import pyogrio

from simulator.inputs.synthetic.district import Tables
from simulator.inputs.write import write_layer, write_table

LAYERS_FILE = "layers.gpkg"
_ONLY_LAYERS = ("travel", "barriers", "crossings")


@dataclass(frozen=True)
class DistrictCard:
    """What `district.toml` says.

    Parameters
    ----------
    name, title
        Short name, and title printed on outputs.
    crs, source, licence
        CRS of the coordinates; source and licence of the data.
    as_of
        Year that the tables describe; the key `default` holds for tables that are not named.
    """

    name: str
    title: str
    crs: str
    source: str
    as_of: Mapping[str, int]
    licence: str = "MIT"
    note: str = field(default="")


def write_district(tables: Tables, folder: Path, card: DistrictCard) -> None:
    """Write tables as CSV, map layers as one GeoPackage, and `district.toml`.

    Parameters
    ----------
    tables
        Tables under the names and columns of their contracts.
    folder
        Folder; created if missing. Files of these names are replaced, others are left alone.
    card
        What `district.toml` says.
    """
    folder.mkdir(parents=True, exist_ok=True)
    layers = folder / LAYERS_FILE
    layers.unlink(missing_ok=True)
    # GDAL stamps the time of writing into the file; a fixed one keeps equal content equal.
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": f"{card.as_of['default']}-09-01T00:00:00.000Z"})
    for name, table in tables.items():
        if name not in _ONLY_LAYERS:
            write_table(table, name, folder / f"{name}.csv")
        if isinstance(table, gpd.GeoDataFrame):
            columns = ["unit_id", "name", "geometry"] if name == "units" else list(table.columns)
            write_layer(table[columns], name, layers)
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": None})
    (folder / "district.toml").write_text(_declaration(card), encoding="utf-8", newline="\n")


def _declaration(card: DistrictCard) -> str:
    """The text of `district.toml`."""
    years = "\n".join(f"{table} = {year}" for table, year in card.as_of.items())
    note = "".join(f"# {line}\n" for line in card.note.splitlines())
    return (
        f"{note}"
        f'name = "{card.name}"\n'
        f'title = "{card.title}"\n'
        "invented = true\n"
        f'crs = "{card.crs}"\n'
        f'source = "{card.source}"\n'
        f'licence = "{card.licence}"\n'
        f"\n[as_of]\n{years}\n"
    )
