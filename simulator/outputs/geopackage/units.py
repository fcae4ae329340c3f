"""划片单元: the units with their children by stage and year, and the schools that a planner may change; townships."""

from __future__ import annotations

from itertools import pairwise

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from simulator.language import translate as _
from simulator.outputs.editable import Editable, key_columns, zone_title
from simulator.outputs.geopackage.layer import Field, Layer, fields_of
from simulator.outputs.geopackage.style import PAPER, Entry, Kind, Style, Words, area
from simulator.outputs.geopackage.view import GisView
from simulator.terms import AreaKind, Stage, label

# Children of compulsory age per km² in five classes, light to dark: reads in grey and by colour-blind people.
_RAMP = ("#ffffe5", "#d9f0a3", "#78c679", "#238443", "#004529")
_QUIET_SCALE = 60_000


def unit_layer(view: GisView, tables: Editable) -> Layer:
    """The units: children by stage and year, today's and the planned schools, which a planner may change."""
    result = view.result
    units = result.district.units
    frame = gpd.GeoDataFrame(
        units[["unit_id", "name", "township"]].astype(str).reset_index(drop=True),
        geometry=np.asarray(view.units.geometry, dtype=object),
        crs=result.district.crs,
    )
    frame["area_kind"] = [label(AreaKind(kind)) for kind in units["area_kind"]]
    frame["km2"] = (frame.geometry.area / 1e6).round(4)
    fields = [
        *fields_of(("unit_id", key_columns()["unit_id"]), ("name", _("单元")), ("township", _("乡镇街道"))),
        *fields_of(("area_kind", _("城乡分类")), ("km2", _("面积（平方公里）"))),
    ]
    demand = _demand(view)
    frame = gpd.GeoDataFrame(pd.concat([frame, demand.reset_index(drop=True)], axis=1), crs=result.district.crs)
    fields += [Field(str(name), _demand_title(str(name))) for name in demand]
    base = result.scenario.horizon.base_year
    zoned = demand[[name for name in (f"primary_{base}", f"junior_{base}") if name in demand]].sum(axis=1, skipna=False)
    frame["density"] = (zoned.to_numpy() / frame["km2"]).round(1)
    fields.append(Field("density", _("{year}年小学、初中学生密度（人/平方公里）").format(year=base)))
    if view.internal:
        for column in tables.columns:
            frame[column.name] = tables.zones[column.name].to_numpy()
            fields.append(Field(column.name, zone_title(column), editable=True, choices=tables.schools[column.band]))
    return Layer(
        unit_title(),
        _("单元与需求"),
        tuple(fields),
        frame,
        "MultiPolygon",
        (_density_style(frame["density"], base),),
        about=_("划片单元：各学段逐年学位需求；标“可改”的列可以改划学校"),
    )


def unit_title() -> str:
    """Name of the layer of units."""
    return _("划片单元")


def _demand(view: GisView) -> pd.DataFrame:
    """Children of every unit by stage and year: columns `primary_2025`."""
    demand = view.result.projection.plan_demand
    townships = view.units["township"].reindex(list(demand.units)).to_numpy()
    stages = [stage for stage in Stage if any(own is stage for own, _grade in demand.cells)]
    columns = {
        f"{stage.value}_{year}": view.counts(demand.of(stage)[:, place].round(1), townships)
        for stage in stages
        for place, year in enumerate(demand.years)
        if year <= view.result.scenario.horizon.target_year
    }
    rows = pd.DataFrame(columns, index=pd.Index(demand.units))
    return rows.reindex(view.result.district.units["unit_id"].astype(str))


def _demand_title(name: str) -> str:
    stage, year = name.rsplit("_", 1)
    return _("{stage}学位需求 {year}年（人）").format(stage=label(Stage(stage)), year=year)


def _density_style(density: pd.Series, year: int) -> Style:
    """Five classes of about as many units each, at round bounds."""
    known = density[np.isfinite(density)]
    most = float(known.max()) if len(known) else 1.0
    inner = [_rounded(float(known.quantile(share))) for share in (0.2, 0.4, 0.6, 0.8)] if len(known) else []
    bounds = [0.0, *sorted({bound for bound in inner if 0 < bound < most}), most]
    entries = []
    for number, (least, above) in enumerate(pairwise(bounds)):
        words = f"{least:g}—{above:g}"
        if above == most:
            words = _("{least} 以上").format(least=f"{least:g}")
        entries.append(Entry(words, area(_RAMP[number], outline="#9a9a9a", width=0.1), least=least, most=above))
    return Style(
        Kind.GRADES,
        tuple(entries),
        "density",
        Words('"name"', 7.0, "#444444", least_scale=_QUIET_SCALE),
        name=_("学生密度 {year}年").format(year=year),
    )


def _rounded(value: float) -> float:
    """A bound with two digits at most.

    >>> _rounded(1234.5), _rounded(37.26)
    (1200.0, 37.0)
    """
    return 0.0 if value <= 0 else float(f"{value:.2g}")


def township_layer(view: GisView) -> Layer:
    """Borders and names of the townships."""
    shapes = view.units.geometry.to_numpy()
    names = view.result.district.units["township"].astype(str).to_numpy()
    rows = [
        {"name": name, "geometry": shapely.union_all(shapes[names == name], grid_size=0.01)}
        for name in dict.fromkeys(names)
    ]
    frame = gpd.GeoDataFrame(rows, geometry="geometry", crs=view.result.district.crs)
    symbol = area(PAPER, outline="#6b5b95", width=0.45, pattern="no", dash="dash dot")
    style = Style(Kind.SINGLE, (Entry(_("乡镇街道界"), symbol),), words=Words('"name"', 10.0, "#6b5b95"))
    return Layer(
        *(_("乡镇街道"), _("底图"), fields_of(("name", _("乡镇街道"))), frame, "MultiPolygon", (style,)), shown=True
    )
