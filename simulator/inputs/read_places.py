"""Geometries and points of all tables, checked and brought into the district's metric CRS."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyproj import CRS

from simulator.errors import Problem
from simulator.inputs.contracts import FAR_KM, Contract
from simulator.inputs.coordinates import (
    coordinate_arrays,
    metric_crs,
    misfit_words,
    misfits,
    name_of,
    parse_crs,
)
from simulator.inputs.read_declaration import Declaration
from simulator.inputs.read_raw import RawTable
from simulator.inputs.read_report import broken_rows, row_problems
from simulator.inputs.read_values import empty_frame
from simulator.language import plural
from simulator.language import translate as _

_SITES = ("schools", "parcels")


@dataclass(frozen=True)
class _Places:
    """Geometries and points of one table, each in the CRS in which it was given; None where there are none."""

    geometry: gpd.GeoSeries | None
    points: gpd.GeoSeries | None


def place_tables(
    raws: dict[str, RawTable],
    frames: dict[str, pd.DataFrame],
    declaration: Declaration,
    declared_at: str,
) -> tuple[dict[str, gpd.GeoDataFrame], str, list[Problem]]:
    """Tables with geometry in one metric CRS, that CRS, and all that is wrong with places.

    `x` and `y` of a table that has them are its points in that CRS: as given, else a point
    inside the geometry. A table with a fault is left out.
    """
    declared = parse_crs(declaration.crs) if declaration.crs else None
    problems = []
    if declaration.crs and declared is None:
        what = _("crs = {crs}：不是认识的坐标系").format(crs=declaration.crs)
        problems.append(Problem(declared_at, what, _("写 EPSG 代码，例如 EPSG:4546")))
    places: dict[str, _Places] = {}
    for name, raw in raws.items():
        if raw.contract.geometry:
            found, faults = _read_places(raw, frames[name], declared, bool(declaration.crs))
            problems += faults
            if found is not None and not faults:
                places[name] = found
    if "units" not in places:
        return {}, "", problems
    units = places["units"]
    target = metric_crs(declared, units.points if units.geometry is None else units.geometry)
    placed = {name: _framed(frames[name], found, target, raws[name].contract) for name, found in places.items()}
    return placed, target.to_string(), problems + _far_from_units(raws, places, placed["units"])


def _far_from_units(raws: dict[str, RawTable], places: dict[str, _Places], units: gpd.GeoDataFrame) -> list[Problem]:
    """Schools and parcels far outside the bounding box of the units, and units far from their own polygon."""
    polygons, points = places["units"].geometry, places["units"].points
    reference = points if polygons is None else polygons
    problems = []
    if reference is polygons and points is not None:
        apart = points.to_crs(units.crs).distance(units.geometry)
        problems += _far(raws["units"], apart, points, reference)
    around = shapely.box(*units.total_bounds)
    for name in _SITES:
        if name in places:
            for given in (places[name].geometry, places[name].points):
                if given is not None:
                    problems += _far(raws[name], given.to_crs(units.crs).distance(around), given, reference)
    return problems


def _far(raw: RawTable, metres: pd.Series[float], given: gpd.GeoSeries, reference: gpd.GeoSeries) -> list[Problem]:
    """One problem for all places of a table that are too far off, at the farthest; both CRS are named."""
    away = metres[~given.isna()].fillna(np.inf)
    far = away[away > FAR_KM * 1000]
    if far.empty:
        return []
    own, other = name_of(CRS(given.crs)), name_of(CRS(reference.crs))
    what = _(
        "离单元 {km:.0f} 千米；{total} 行中有 {count} 行超过 {limit} 千米，这是最远的；坐标按 {own}，单元按 {other}"
    )
    text = what.format(km=far.max() / 1000, total=len(away), count=len(far), limit=FAR_KM, own=own, other=other)
    remedy = _("核对这些行的坐标和 crs")
    if own != other:
        remedy = _("若坐标其实是 {other} 的，把 crs 改为 {other}；否则核对图层的坐标系和这些行的坐标").format(
            other=other
        )
    return [Problem(raw.where(int(str(far.idxmax()))), text, remedy)]


def empty_places(contract: Contract, crs: str) -> gpd.GeoDataFrame:
    """A layer without features."""
    return gpd.GeoDataFrame(empty_frame(contract), geometry=gpd.GeoSeries([], crs=crs or None))


def _framed(frame: pd.DataFrame, places: _Places, target: CRS, contract: Contract) -> gpd.GeoDataFrame:
    """A table with its geometry, and its points as x and y, in the target CRS."""
    nowhere = gpd.GeoSeries([None] * len(frame), index=frame.index, crs=target)
    points = nowhere if places.points is None else places.points.to_crs(target)
    geometry = points if places.geometry is None else places.geometry.to_crs(target)
    geometry = geometry.where(~geometry.isna(), points)
    if contract.has_points:
        points = points.where(~points.isna(), geometry.representative_point())
        frame = frame.assign(x=points.x, y=points.y)
    return gpd.GeoDataFrame(frame, geometry=geometry, crs=target)


def _read_places(
    raw: RawTable, frame: pd.DataFrame, declared: CRS | None, was_declared: bool
) -> tuple[_Places | None, list[Problem]]:
    """Places of one table in their own CRS, or what is wrong with them."""
    geometry, problems = _read_geometry(raw)
    points, more = _read_points(raw, frame)
    problems += more
    own = raw.geometry.crs if raw.geometry is not None else None
    crs = declared if own is None else CRS.from_user_input(own)
    point_crs = declared or crs
    if geometry is not None or points is not None:
        if crs is None or point_crs is None:
            what = _("没有坐标系")
            remedy = _('在 district.toml（工作簿中为“说明”表）中写 crs，例如 crs = "EPSG:4546"')
            return None, problems if was_declared else [*problems, Problem(raw.source.place, what, remedy)]
        geometry = _with_crs(geometry, crs)
        points = _with_crs(points, point_crs)
    problems += _unplaced(raw, geometry, points)
    columns = ("geometry",) if raw.geometry is None else ()
    problems += _outside(raw, geometry, columns) + _outside(raw, points, ("x", "y"))
    if geometry is None and points is None:
        return None, problems
    return _Places(geometry, points), problems


def _with_crs(places: gpd.GeoSeries | None, crs: CRS) -> gpd.GeoSeries | None:
    return None if places is None else places.set_crs(crs, allow_override=True)


def _read_geometry(raw: RawTable) -> tuple[gpd.GeoSeries | None, list[Problem]]:
    """Geometries of the layer, or of WKT text; None where the table has neither."""
    problems: list[Problem] = []
    columns: tuple[str, ...] = ()
    if raw.geometry is not None:
        geometry = raw.geometry
    elif (raw.cells["geometry"] != "").any():
        written = raw.cells["geometry"]
        parsed = shapely.from_wkt(written.where(written != "", None).to_numpy(dtype=object), on_invalid="ignore")
        geometry = gpd.GeoSeries(shapely.force_2d(parsed), index=written.index)
        columns = ("geometry",)
        unread = broken_rows(raw, (written != "") & geometry.isna())
        problems += row_problems(
            raw,
            unread,
            columns,
            lambda row: _("“{value}”不是 WKT").format(value=written[row][:30]),
            _("例如 POINT (500000 3300000)"),
        )
    else:
        return None, []
    known = ~geometry.isna() & ~geometry.is_empty
    return geometry.where(known, None), problems + _geometry_faults(raw, geometry, columns)


def _geometry_faults(raw: RawTable, geometry: gpd.GeoSeries, columns: tuple[str, ...]) -> list[Problem]:
    """Geometries that are empty, of another type than the contract's, or invalid."""
    allowed = raw.contract.geometry
    known = ~geometry.isna()
    empty = known & geometry.is_empty
    wrong = known & ~geometry.geom_type.isin(allowed)
    invalid = known & ~empty & ~wrong & ~geometry.is_valid
    problems = row_problems(raw, broken_rows(raw, empty), columns, lambda _row: _("几何是空的"), _("补画或删去"))
    problems += row_problems(
        raw,
        broken_rows(raw, wrong & ~empty),
        columns,
        lambda row: _("几何类型是 {kind}").format(kind=geometry.geom_type[row]),
        _("应为 {kinds}").format(kinds=_("、").join(allowed)),
    )
    problems += row_problems(
        raw,
        broken_rows(raw, invalid),
        columns,
        lambda row: _("几何无效：{reason}").format(reason=shapely.is_valid_reason(geometry[row])),
        _("用 QGIS 的“修复几何”处理"),
    )
    return problems


def _read_points(raw: RawTable, frame: pd.DataFrame) -> tuple[gpd.GeoSeries | None, list[Problem]]:
    """Points of the columns x and y; None where no row has both."""
    if not raw.contract.has_points:
        return None, []
    x, y = frame["x"], frame["y"]
    half = (raw.cells["x"] == "") != (raw.cells["y"] == "")
    problems = row_problems(
        raw, broken_rows(raw, half), ("x", "y"), lambda _row: _("x、y 只填了一个"), _("两个都填或都空着")
    )
    known = (x.notna() & y.notna()).to_numpy()
    if not known.any():
        return None, problems
    points = gpd.GeoSeries(np.where(known, gpd.points_from_xy(x, y), None), index=frame.index)
    return points, problems


def _unplaced(raw: RawTable, geometry: gpd.GeoSeries | None, points: gpd.GeoSeries | None) -> list[Problem]:
    """Rows that need a place and have none; one problem where the table has no column for it."""
    needs = raw.contract.placed or raw.contract.column("geometry").required
    if not needs or raw.cells.empty:
        return []
    written = {"geometry"} if raw.geometry is not None else set(raw.headers)
    by_points = raw.contract.has_points
    remedy = _("填 x坐标、y坐标，或放入有几何的同名图层") if by_points else _("放入有几何的同名图层，或填 WKT")
    if "geometry" not in written and not (by_points and {"x", "y"} <= written):
        return [Problem(raw.source.place, _("没有位置：没有几何，也没有坐标"), remedy)]
    columns = [name for name in ("x", "y", "geometry") if name in raw.contract.names]
    missing = (raw.cells[columns] == "").all(axis=1)
    for places in (geometry, points):
        if places is not None:
            missing &= places.isna()
    return row_problems(raw, broken_rows(raw, missing), (), lambda _row: _("没有位置"), remedy)


def _outside(raw: RawTable, places: gpd.GeoSeries | None, columns: tuple[str, ...]) -> list[Problem]:
    """Places that cannot be in their CRS, one problem a reason."""
    if places is None:
        return []
    known = places[~places.isna()]
    x, y = coordinate_arrays(known)
    problems = []
    for reason, mask in misfits(x, y, known.crs).items():
        rows = known.index[mask]
        what, remedy = misfit_words(reason, float(x[mask][0]), known.crs)
        text = _("坐标 ({x:.10g}, {y:.10g}) {what}").format(x=x[mask][0], y=y[mask][0], what=what)
        if len(rows) > 1:
            text = plural("{text}（共 {count} 行）", len(rows)).format(text=text, count=len(rows))
        problems.append(Problem(raw.where(int(rows[0]), *columns), text, remedy))
    return problems
