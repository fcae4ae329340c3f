"""教育用地, 交通障碍, 轮渡桥隧, 服务半径覆盖: the ground on which schools stand and children walk."""

from __future__ import annotations

from collections.abc import Iterable

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from simulator.indicators.coverage import RADIUS_STAGES, radius_m
from simulator.language import translate as _
from simulator.outputs.geopackage.layer import Layer, fields_of
from simulator.outputs.geopackage.style import Entry, Kind, Style, Words, area, line, marker
from simulator.outputs.geopackage.view import GisView
from simulator.outputs.land import parcel_rows
from simulator.outputs.maps.symbols import Mark
from simulator.terms import Network, Stage, label

_BUILT, _HELD, _REFUSED = "built", "held", "refused"
# Kind of link → colour, width in mm, dashes.
_LINK_KINDS = {"ferry": ("#0072B2", 0.6, "dot"), "bridge": ("#7a7a7a", 0.3, "dash")}
_RADIUS_COLOURS = {Stage.KINDERGARTEN: "#E69F00", Stage.PRIMARY: "#56B4E9", Stage.JUNIOR: "#009E73"}


def parcel_layer(view: GisView) -> Layer:
    """Education plots: what is planned on them; the public edition shows only those that are built on."""
    rows = parcel_rows(view.result)
    if not view.internal:
        rows = rows[rows["used"].notna()]
    use = np.select([rows["used"].notna(), rows["conflict"] != "none"], [_BUILT, _REFUSED], _HELD)
    words = {_BUILT: _("规划建设"), _HELD: _("规划储备"), _REFUSED: _("用地冲突，不能建设")}
    own = view.result.district.parcels.set_index("parcel_id").geometry
    frame = gpd.GeoDataFrame(
        {
            "parcel_id": rows["parcel_id"].astype(str),
            "name": rows["name"].astype(str),
            "plot_code": rows["plot_code"].fillna("").astype(str),
            "township": rows["township"].astype(str),
            "stages": rows["stage_names"],
            "land_code": rows["land_code"],
            "area_m2": rows["area_m2"].astype(float),
            "supply": pd.to_numeric(rows["supply_year"]).astype("Int32"),
            "conflict": rows["conflict_name"],
            "delivery": rows["delivery_name"],
            "used": pd.to_numeric(rows["used"]).astype("Int32"),
            "classes": pd.to_numeric(rows["classes"]).astype("Int32"),
            "state": [words[one] for one in use],
        },
        geometry=list(own.reindex(rows["parcel_id"])),
        crs=view.result.district.crs,
    )
    fields = fields_of(
        *(("parcel_id", _("地块编号")), ("name", _("地块")), ("plot_code", _("控规编号")), ("township", _("乡镇街道"))),
        *(("stages", _("可建学段")), ("land_code", _("用地用海代码（待核）")), ("area_m2", _("面积（平方米）"))),
        *(("supply", _("供地年度")), ("conflict", _("用地冲突")), ("delivery", _("交付方式"))),
        *(("used", _("规划启用")), ("classes", _("规划班数")), ("state", _("规划安排"))),
    )
    colours = {_BUILT: "#D00000", _HELD: "#F5CF80", _REFUSED: "#8f8f8f"}
    is_area = len(frame) > 0 and frame.geom_type.isin(["Polygon", "MultiPolygon"]).all()
    if not is_area:
        frame = frame.set_geometry(frame.geometry.representative_point())
    entries = tuple(
        Entry(words[one], area(colour, outline=colour) if is_area else marker(Mark("s", colour, 9.0)), value=words[one])
        for one, colour in colours.items()
    )
    style = Style(Kind.CATEGORIES, entries, "state", Words('"name"', 7.5, "#7A3E00", beside=not is_area))
    kind = "MultiPolygon" if is_area else "Point"
    return Layer(_("教育用地"), _("用地"), fields, frame, kind, (style,), about=_("教育用地和规划安排"))


def barrier_layer(view: GisView) -> Layer:
    """Lines that small children cross only at listed crossings."""
    barriers = view.result.district.barriers
    frame = gpd.GeoDataFrame(
        {"name": _texts(barriers, "name"), "kind": _texts(barriers, "kind")},
        geometry=list(barriers.geometry),
        crs=view.result.district.crs,
    )
    fields = fields_of(("name", _("名称")), ("kind", _("类型")))
    style = Style(
        Kind.SINGLE, (Entry(_("交通障碍"), line("#1f4e79", 0.9, dash="dash")),), words=Words('"name"', 7.5, "#1f4e79")
    )
    about = _("低年级学生只能从通道穿越的河道、公路、铁路等")
    return Layer(_("交通障碍"), _("底图"), fields, frame, "MultiLineString", (style,), shown=True, about=about)


def _texts(table: pd.DataFrame, column: str) -> list[str]:
    return table[column].fillna("").astype(str).tolist() if column in table else [""] * len(table)


def link_layer(view: GisView) -> Layer:
    """Ferries, bridges and tunnels that join units, as lines between the units."""
    edges = view.result.territory.edges
    edges = edges[edges["kind"].isin(list(_LINK_KINDS))].reset_index(drop=True)
    shapes = view.units.geometry
    points = dict(zip(shapes.index, shapely.point_on_surface(shapes.to_numpy()), strict=True))
    names = view.units["name"].astype(str)
    words = {"ferry": _("轮渡"), "bridge": _("桥隧")}
    lines = [
        shapely.linestrings([shapely.get_coordinates(points[one])[0] for one in pair])
        for pair in edges[["unit_a", "unit_b"]].itertuples(index=False)
    ]
    frame = gpd.GeoDataFrame(
        {
            "kind": edges["kind"].map(words),
            "unit_a": edges["unit_a"].astype(str),
            "name_a": edges["unit_a"].map(names),
            "unit_b": edges["unit_b"].astype(str),
            "name_b": edges["unit_b"].map(names),
        },
        geometry=lines,
        crs=view.result.district.crs,
    )
    fields = fields_of(
        *(("kind", _("类型")), ("unit_a", _("单元一")), ("name_a", _("单元一名称"))),
        *(("unit_b", _("单元二")), ("name_b", _("单元二名称"))),
    )
    entries = tuple(
        Entry(words[kind], line(colour, width, dash=dash), value=words[kind])
        for kind, (colour, width, dash) in _LINK_KINDS.items()
    )
    style = Style(Kind.CATEGORIES, entries, "kind")
    about = _("轮渡和桥隧：视为相邻的单元，两端在单元内部，不是航线位置")
    return Layer(_("轮渡桥隧联系"), _("底图"), fields, frame, "MultiLineString", (style,), shown=True, about=about)


def radius_layer(view: GisView) -> Layer:
    """Straight-line service radii around the schools of a stage, today and in the target year, with the coverage."""
    horizon = view.result.scenario.horizon
    rows = [
        _radius_row(view, stage, year) for stage in RADIUS_STAGES for year in (horizon.base_year, horizon.target_year)
    ]
    frame = gpd.GeoDataFrame(
        [row for row in rows if row],
        columns=["stage", "year", "children", "within", "share", "basis", "key", "geometry"],
        geometry="geometry",
        crs=view.result.district.crs,
    )
    fields = fields_of(
        *(("stage", _("学段")), ("year", _("年份")), ("children", _("学生")), ("within", _("半径内学生"))),
        *(("share", _("覆盖率")), ("basis", _("口径")), ("key", _("学段和年份"))),
    )
    colours = {label(stage): colour for stage, colour in _RADIUS_COLOURS.items()}
    entries = tuple(
        Entry(
            str(row["key"]),
            area(colours[str(row["stage"])], outline=colours[str(row["stage"])], width=0.6, pattern="b_diagonal"),
            value=str(row["key"]),
            shown=row["year"] == horizon.target_year and row["stage"] == label(Stage.PRIMARY),
        )
        for row in frame.to_dict("records")
    )
    style = Style(Kind.CATEGORIES, entries, "key", opacity=0.7)
    about = _("范围按直线半径画；半径内学生按到校路程计，与指标一致")
    return Layer(_("服务半径覆盖"), _("服务范围"), fields, frame, "MultiPolygon", (style,), about=about)


def _radius_row(view: GisView, stage: Stage, year: int) -> dict[str, object]:
    """The circles that hold in each kind of area, cut to it, as one shape; nothing where no school of the stage runs."""
    result = view.result
    covered = result.indicators.coverage
    own = covered[
        (covered["network"] == Network.PLAN)
        & (covered["stage"] == stage)
        & (covered["year"] == year)
        & (covered["township"] == "")
    ]
    if own.empty:
        return {}
    running = result.plan.sections[
        (result.plan.sections["phase"] == result.plan.phase_of(year)) & result.plan.sections["open"].astype(bool)
    ]
    sections = result.supply.sections.loc[running["section_id"]]
    points = shapely.multipoints(view.points(sections.loc[sections["stage"] == stage, "site_id"]))
    kinds = result.district.units["area_kind"].astype(str).to_numpy()
    radii = np.array([radius_m(result.standards, stage, kind) for kind in kinds])
    shapes = view.units.geometry.to_numpy()
    parts = _circles(points, radii, shapes)
    row = own.iloc[0]
    return {
        "stage": label(stage),
        "year": year,
        "children": float(row["children"]),
        "within": float(row["within_radius"]),
        "share": float(row["share"]),
        "basis": _("半径 {radii} 米").format(radii=_("、").join(f"{radius:.0f}" for radius in np.unique(radii))),
        "key": _("{stage} {year}年").format(stage=label(stage), year=year),
        "geometry": shapely.union_all(list(parts)),
    }


def _circles(points: object, radii: np.ndarray, shapes: np.ndarray) -> Iterable[object]:
    for radius in np.unique(radii):
        ground = shapely.union_all(shapes[radii == radius])
        yield shapely.intersection(shapely.buffer(points, float(radius)), ground)
