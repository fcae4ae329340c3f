"""校核问题: what the audit finds of the plan, at its place."""

from __future__ import annotations

import geopandas as gpd
import shapely

from simulator.language import translate as _
from simulator.outputs.findings import finding_sentence, finding_words, once_a_place, place_names
from simulator.outputs.geopackage.layer import Layer, fields_of
from simulator.outputs.geopackage.style import Entry, Kind, Style, Words, marker
from simulator.outputs.geopackage.view import GisView
from simulator.outputs.maps.symbols import Mark
from simulator.terms import Effect, FindingStatus, Network, label

# Shape and size tell the effect as well as colour does.
_MARKS = {
    Effect.OWN: Mark("o", "#999999", 6.0),
    Effect.ADVISORY: Mark("o", "#56B4E9", 6.5),
    Effect.EVALUATION: Mark("D", "#E69F00", 8.5),
    Effect.RIGID: Mark("^", "#D00000", 12.0),
}
_NAMES_FROM = 40_000


def finding_layer(view: GisView) -> Layer:
    """The plan's findings, one a rule and place, at the school, unit, township or district that they are about."""
    result = view.result
    words = finding_words(result.audit.of(Network.PLAN), place_names(result.supply, result.district.units))
    # The gravest last, so that it is drawn on top.
    rows = once_a_place(words).iloc[::-1].reset_index(drop=True)
    places = _places(view)
    status = label(FindingStatus.NEW)
    frame = gpd.GeoDataFrame(
        {
            "rule": rows["rule_title"].astype(str),
            "effect": rows["effect_name"],
            "status": rows["status_name"],
            "place_id": rows["place_id"].astype(str),
            "place": rows["place"].astype(str),
            "year": rows["year"].astype("int64"),
            "years": rows["years"].astype("int64"),
            "figure": rows["figure"].astype(float),
            "norm": rows["norm"].astype(float),
            "unit": rows["unit"].astype(str),
            "sentence": [finding_sentence(row) for _number, row in rows.iterrows()],
            "source": rows["source"].astype(str),
        },
        geometry=[_place_of(str(place), str(name), places) for place, name in rows[["place_id", "place"]].to_numpy()],
        crs=result.district.crs,
    )
    fields = fields_of(
        *(("rule", _("规则")), ("effect", _("效力")), ("status", _("性质")), ("place_id", _("对象编号"))),
        *(
            ("place", _("对象")),
            ("year", _("最早年份")),
            ("years", _("年数")),
            ("figure", _("数值")),
            ("norm", _("标准")),
        ),
        *(("unit", _("单位")), ("sentence", _("说明")), ("source", _("依据"))),
    )
    entries = [
        Entry(
            _("现状延续、方案已列明"),
            marker(Mark("o", "#d9d9d9", 3.5), outline="#b0b0b0"),
            value=f"\"status\" <> '{status}'",
        )
    ]
    entries += [
        Entry(label(effect), marker(mark), value=f"\"status\" = '{status}' AND \"effect\" = '{label(effect)}'")
        for effect, mark in _MARKS.items()
    ]
    shown = f"""CASE WHEN "status" = '{status}' AND "effect" = '{label(Effect.RIGID)}' THEN "rule" END"""
    style = Style(Kind.RULES, tuple(entries), words=Words(shown, 7.5, "#a32020", beside=True, least_scale=_NAMES_FROM))
    about = _("独立校核的问题，每条规则每处一点，位于学校、单元、乡镇或全区中心")
    return Layer(_("校核问题"), _("校核"), fields, frame, "Point", (style,), about=about)


def _places(view: GisView) -> dict[str, object]:
    """Id of a section, site, unit or township → a point; the empty id is the district."""
    supply = view.result.supply
    sites = dict(zip(supply.sites.index.astype(str), view.points(supply.sites.index.to_series()), strict=True))
    shapes = view.units.geometry
    inside = shapely.point_on_surface(shapes.to_numpy())
    centre = shapely.centroid(shapely.multipoints(inside))
    found: dict[str, object] = {"": centre}
    townships = view.result.district.units["township"].astype(str).to_numpy()
    for name in dict.fromkeys(townships):
        found[name] = shapely.centroid(shapely.multipoints(inside[townships == name]))
    found |= dict(zip(shapes.index.astype(str), inside, strict=True))
    found |= sites
    return found | {
        str(section): sites[str(site)] for section, site in supply.sections["site_id"].items() if str(site) in sites
    }


def _place_of(place_id: str, name: str, places: dict[str, object]) -> object:
    return places.get(place_id, places.get(name, places[""]))
