"""Shapes and points that were moved in a GIS: they are told and not taken, since children and journeys belong to the data."""

from __future__ import annotations

from collections.abc import Iterator

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from simulator.language import translate as _
from simulator.outputs.editable import FILE, SITE, UNIT
from simulator.outputs.read_back_files import WrittenPlan

# Less than this is rounding of coordinates: metres, and square metres of a unit.
_MOVED_M, _LEAST_M2, _LEAST_SHARE = 1.0, 10.0, 0.001
_FEW = 8


def shape_notes(written: WrittenPlan) -> Iterator[str]:
    """Sentences about units whose border was changed, about overlaps and gaps that this makes, about moved schools.

    Parameters
    ----------
    written
        The file; a workbook has no shapes.
    """
    if written.units.shapes is not None:
        yield from _unit_notes(written, written.units.shapes)
    if written.works.shapes is not None:
        yield from _site_notes(written, written.works.shapes)


def _unit_notes(written: WrittenPlan, drawn: gpd.GeoSeries) -> Iterator[str]:
    shapes = drawn.to_crs(str(written.before(FILE)["crs"]))
    ids = written.units.cells["unit_id"].astype(str)
    area, x, y = (written.before(UNIT, name).astype(float).reindex(ids).to_numpy() for name in ("area", "x", "y"))
    centres = shapes.centroid
    moved = np.hypot(centres.x.to_numpy() - x, centres.y.to_numpy() - y) > _MOVED_M
    moved |= np.abs(shapes.area.to_numpy() - area) > np.maximum(_LEAST_M2, _LEAST_SHARE * area)
    if not moved.any():
        return
    places = [_("{unit}（第{row}个要素）").format(unit=unit, row=row) for row, unit in ids[moved].items()]
    yield _("{count} 个单元的边界改动过，没有采用：{units}；儿童按单元统计，改边界请改 units 表后重新运行").format(
        count=len(places), units=_listed(places)
    )
    yield from _overlaps(shapes.to_numpy(), ids.to_numpy(), moved)
    missing = float(area.sum()) - float(shapely.area(shapely.union_all(shapes.to_numpy())))
    if missing > _LEAST_M2:
        yield _("改动后的单元之间或边缘空出 {area} 平方米").format(area=f"{missing:.0f}")


def _overlaps(shapes: np.ndarray, ids: np.ndarray, moved: np.ndarray) -> Iterator[str]:
    changed = np.flatnonzero(moved)
    first, second = shapely.STRtree(shapes).query(shapes[changed], predicate="intersects")
    pairs = {(int(min(changed[a], b)), int(max(changed[a], b))) for a, b in zip(first, second, strict=True)}
    for one, other in sorted(pair for pair in pairs if pair[0] != pair[1]):
        size = shapely.area(shapely.intersection(shapes[one], shapes[other]))
        if size > _LEAST_M2:
            yield _("单元 {one} 与 {other} 重叠 {area} 平方米").format(
                one=ids[one], other=ids[other], area=f"{size:.0f}"
            )


def _site_notes(written: WrittenPlan, drawn: gpd.GeoSeries) -> Iterator[str]:
    points = drawn.to_crs(str(written.before(FILE)["crs"]))
    sites = written.works.cells["section_id"].astype(str).str.rsplit(":", n=1).str[0]
    x, y = (written.before(SITE, name).astype(float).reindex(sites).to_numpy() for name in ("x", "y"))
    metres = pd.Series(np.hypot(points.x.to_numpy() - x, points.y.to_numpy() - y), index=sites.index)
    moved = metres[metres > _MOVED_M]
    if len(moved):
        told = dict.fromkeys(
            _("{site} {metres} 米").format(site=sites[row], metres=f"{moved[row]:.0f}") for row in moved.index
        )
        yield _("点位移动过，没有采用：{sites}；移动学校或用地请改 schools、parcels 表的坐标后重新运行").format(
            sites=_listed(list(told))
        )


def _listed(names: list[str]) -> str:
    shown = _("、").join(names[:_FEW])
    return shown if len(names) <= _FEW else _("{names} 等 {count} 个").format(names=shown, count=len(names))
