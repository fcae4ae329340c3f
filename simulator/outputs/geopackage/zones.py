"""招生范围 by stage and phase, and 撤并与安置流向: where the children of closing schools go."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from simulator.language import translate as _
from simulator.outputs.geopackage.layer import Layer, fields_of
from simulator.outputs.geopackage.style import GREY, INK, Entry, Kind, Style, Words, area, line
from simulator.outputs.geopackage.view import GisView
from simulator.outputs.maps.shapes import dissolve, neighbour_numbers, tint
from simulator.outputs.titles import section_words
from simulator.terms import WHOLE_UNIT_REGIMES, Action, Band, Stage, label

_ARROW = "#B2182B"
# Children on an arrow: least, most, width in mm.
_FLOWS = ((0.0, 20.0, 0.4), (20.0, 100.0, 0.8), (100.0, 300.0, 1.3), (300.0, 1e6, 2.0))
# Borders are told from rounding at the precision of the file, metres.
_GRID = 0.01
_UNSERVED = -1


def catchment_layers(view: GisView) -> list[Layer]:
    """One layer a band with catchments and phase; bands of a stage with the same catchments throughout share theirs."""
    return [layer for band in mapped_bands(view) for layer in _of_band(view, band)]


def mapped_bands(view: GisView) -> list[Band]:
    """Bands with catchments, those of a stage joined that have the same catchments in every phase."""
    zoned = set(view.result.catchments.table["band"])
    found: list[Band] = []
    for band in view.result.supply.bands:
        if band.band_id not in zoned:
            continue
        before = found[-1] if found and found[-1].stage is band.stage else None
        if before and all(
            _zoned(view, before, phase).equals(_zoned(view, band, phase)) for phase, *_span in view.phases
        ):
            found[-1] = Band(band.stage, before.grade_from, band.grade_to)
        else:
            found.append(band)
    return found


def _zoned(view: GisView, band: Band, phase: int) -> pd.Series:
    """unit_id → sections of its catchment, joined by `；`; empty where unserved."""
    rows = view.result.plan.catchments
    regimes = view.result.supply.sections["regime"]
    named = next(one.band_id for one in view.result.supply.bands_of(band.stage) if one.grade_to == band.grade_to)
    rows = rows[(rows["phase"] == phase) & (rows["band"] == named)]
    rows = rows[rows["section_id"].map(regimes).isin(WHOLE_UNIT_REGIMES)].sort_values("section_id", kind="stable")
    joined: pd.Series = rows.groupby("unit_id")["section_id"].agg("；".join)
    return joined.reindex(view.units.index).fillna("")


def _of_band(view: GisView, band: Band) -> list[Layer]:
    schools = [_zoned(view, band, phase) for phase, _first, _last in view.phases]
    shapes = [_shapes(view, zoned) for zoned in schools]
    served = [{sections: area for sections, area in areas.items() if sections} for areas in shapes]
    colours = neighbour_numbers(*served) | {"": _UNSERVED}
    last = view.phases[-1][0]
    highest = max(one.grade_to for one in view.result.supply.bands_of(Stage.PRIMARY))
    shown = band.stage is Stage.PRIMARY and band.grade_to == highest
    return [
        _layer(view, band, phase, (zoned, areas, colours), shown=shown and phase[0] == last)
        for phase, zoned, areas in zip(view.phases, schools, shapes, strict=True)
    ]


def _layer(
    view: GisView,
    band: Band,
    phase: tuple[int, int, int],
    drawn: tuple[pd.Series, dict[str, object], dict[str, int]],
    *,
    shown: bool,
) -> Layer:
    number, first, last = phase
    zoned, areas, colours = drawn
    frame = _areas(view, band, last, zoned, areas)
    frame["colour"] = [colours[sections] for sections in frame["sections"]]
    fields = fields_of(
        *(("sections", _("学部编号")), ("school", _("学校")), ("units", _("单元数"))),
        *(
            ("children", _("片内学生 {year}年").format(year=last)),
            ("km2", _("面积（平方公里）")),
            ("colour", _("配色")),
        ),
    )
    entries = [
        Entry(_("招生范围（配色{number}）").format(number=place + 1), area(tint(place), width=0.4), value=str(place))
        for place in range(max(colours.values()) + 1)
    ]
    if "" in areas:
        hatched = area(GREY, outline=GREY, width=0.3, pattern="f_diagonal")
        entries.append(Entry(_("未划入任何学校"), hatched, value=str(_UNSERVED)))
    style = Style(Kind.CATEGORIES, tuple(entries), "colour", Words('"school"', 8.0, INK), opacity=0.85)
    span = _("现状{year}年").format(year=first) if number == 0 else _("{first}—{last}年").format(first=first, last=last)
    title = _("招生范围 {words} {span}").format(words=band.title, span=span)
    about = _("由单元合并而成，只供看图；改招生范围请改“划片单元”中标“可改”的列")
    group = _("招生范围　{words}").format(words=band.title)
    return Layer(title, group, fields, frame, "MultiPolygon", (style,), shown=shown, about=about)


def zoned_areas(view: GisView, band: Band, phase: tuple[int, int, int]) -> gpd.GeoDataFrame:
    """Catchments of a band in a phase as a coverage: sections, school, units, children (last year), km2, geometry."""
    zoned = _zoned(view, band, phase[0])
    return _areas(view, band, phase[2], zoned, _shapes(view, zoned))


def _shapes(view: GisView, zoned: pd.Series) -> dict[str, object]:
    """Sections → the union of their units; the empty name holds what is unserved."""
    areas = dissolve(view.units.geometry, zoned)
    left = view.units.geometry[(zoned == "").to_numpy()]
    return areas | ({"": shapely.union_all(left.to_numpy())} if len(left) else {})


def _areas(view: GisView, band: Band, year: int, zoned: pd.Series, areas: dict[str, object]) -> gpd.GeoDataFrame:
    demand = view.result.projection.plan_demand
    by_unit = pd.Series(demand.of(band.stage, band.grades)[:, demand.years.index(year)], index=list(demand.units))
    children = by_unit.groupby(zoned.reindex(by_unit.index)).sum().reindex(list(areas)).fillna(0.0)
    shapes = list(areas.values())
    return gpd.GeoDataFrame(
        {
            "sections": list(areas),
            "school": [section_words(view.schools, sections) or _("（未划入学校）") for sections in areas],
            "units": [int((zoned == sections).sum()) for sections in areas],
            "children": view.counts(children.to_numpy(np.float64).round(1)),
            "km2": (shapely.area(shapes) / 1e6).round(3),
        },
        geometry=shapes,
        crs=view.result.district.crs,
    )


def move_layer(view: GisView) -> Layer:
    """Lines from closing to receiving schools, with the children who move."""
    moves, sections, sites = view.maps.moves, view.result.supply.sections, view.result.supply.sites
    rows = moves[moves["to_section"].isin(sections.index) & (moves["children"] > 0)].reset_index(drop=True)
    places = sites[["x", "y"]]
    starts, ends = (
        places.loc[rows[name].map(sections["site_id"])].to_numpy(np.float64) for name in ("section_id", "to_section")
    )
    closing = view.result.plan.actions.drop_duplicates("section_id", keep="last").set_index("section_id")["action"]
    frame = gpd.GeoDataFrame(
        {
            "from_section": rows["section_id"].astype(str),
            "from_school": rows["section_id"].map(view.schools),
            "to_section": rows["to_section"].astype(str),
            "to_school": rows["to_section"].map(view.schools),
            "action": [label(Action(closing[section])) for section in rows["section_id"]],
            "year": rows["year"].astype("int64"),
            "children": view.counts(rows["children"].to_numpy(np.float64)),
            "bus_seats": view.counts(rows["bus_seats"].to_numpy(np.float64)),
            "boarders": view.counts(rows["boarders"].to_numpy(np.float64)),
            "min_before": rows["minutes_before"].to_numpy(np.float64),
            "min_after": rows["minutes_after"].to_numpy(np.float64),
        },
        geometry=list(shapely.linestrings(np.stack([starts, ends], axis=1))) if len(rows) else [],
        crs=view.result.district.crs,
    )
    frame = frame[frame["children"].notna() & (frame.geometry.length > _GRID)]
    fields = fields_of(
        *(("from_section", _("撤并学部")), ("from_school", _("撤并学校")), ("to_section", _("接收学部"))),
        *(("to_school", _("接收学校")), ("action", _("举措")), ("year", _("完成年份")), ("children", _("安置学生"))),
        *(("bus_seats", _("其中乘校车")), ("boarders", _("其中寄宿"))),
        *(("min_before", _("现通学分钟")), ("min_after", _("新通学分钟"))),
    )
    entries = tuple(
        Entry(_flow_words(least, most), line(_ARROW, width, arrow=True), least=least, most=most)
        for least, most, width in _FLOWS
    )
    style = Style(Kind.GRADES, entries, "children", Words(f"""round("children") || '{_("人")}'""", 8.0, _ARROW))
    title, about = _("撤并与安置流向"), _("撤并学校的学生去向和人数")
    return Layer(title, _("举措"), fields, frame, "MultiLineString", (style,), shown=True, about=about)


def _flow_words(least: float, most: float) -> str:
    if least == 0:
        return _("不足 {most} 人").format(most=f"{most:.0f}")
    if most >= 1e6:
        return _("{least} 人以上").format(least=f"{least:.0f}")
    return _("{least}—{most} 人").format(least=f"{least:.0f}", most=f"{most:.0f}")
