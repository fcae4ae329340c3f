"""handover/: what the natural resources bureau takes over, in its coordinates and its codes.

Shapefiles with names of at most ten ASCII bytes (Chinese ones are cut in the middle of a character), a table that says
what each field holds, the balance of education land, and a note.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
from pyproj import CRS

from simulator.language import translate as _
from simulator.outputs import stamp
from simulator.outputs.edition import edition_words
from simulator.outputs.geopackage.view import GisView
from simulator.outputs.geopackage.zones import mapped_bands, zoned_areas
from simulator.outputs.land import land_balance, land_class, land_class_words, parcel_rows
from simulator.outputs.maps.view import MapView, crs_name
from simulator.outputs.offices import author_name
from simulator.outputs.titles import site_names, stamped_title
from simulator.outputs.workbook import write_sheets
from simulator.outputs.workbook.land import balance_sheet
from simulator.outputs.workbook.network import action_words
from simulator.outputs.workbook.sheet import Sheet, texts
from simulator.result import Result
from simulator.terms import COMPULSORY, Action, Stage, label

_FIRST_ZONE, _LAST_ZONE, _FIRST_CODE = 25, 45, 4513
_ZONE_DEGREES = 3


@dataclass(frozen=True)
class _Column:
    """A field: ASCII name, Chinese name, unit or meaning, cells."""

    name: str
    title: str
    unit: str
    cells: object


def write_handover(result: Result, maps: MapView, folder: Path) -> None:
    """Write the package.

    Parameters
    ----------
    result
        A finished run.
    maps
        Its maps' view.
    folder
        A folder that does not exist yet.
    """
    folder.mkdir()
    view = GisView(result, maps)
    crs = national_band(result.district.units)
    described: list[tuple[str, str, str, str, str]] = []
    for stem, title, columns, geometry in (_schools(view), _land(view), *_catchments(view)):
        county = _Column("COUNTY", _("县级行政区代码"), _("六位数字"), result.scenario.outputs.county_code)
        whole = [county, *columns]
        frame = gpd.GeoDataFrame(
            {column.name: column.cells for column in whole}, geometry=list(geometry), crs=result.district.crs,
            index=range(len(geometry)),
        )  # fmt: skip
        path = folder / f"{stem}.shp"
        pyogrio.write_dataframe(frame.to_crs(crs), path, driver="ESRI Shapefile", encoding="UTF-8")
        described += [(path.name, title, column.name, column.title, column.unit) for column in whole]
    names = ["file", "layer", "name", "title", "unit"]
    write_sheets(result, [_field_sheet(pd.DataFrame(described, columns=names)), balance_sheet(result)],
                 folder / "fields_and_balance.xlsx")  # fmt: skip
    (folder / "readme.txt").write_text(_note(result, crs), encoding="utf-8-sig", newline="\n")


def national_band(units: gpd.GeoDataFrame) -> CRS:
    """The 3° band of CGCS2000 (with its number in the eastings, EPSG 4513–4533) in which the district's centre lies.

    >>> from shapely import Point
    >>> national_band(gpd.GeoDataFrame(geometry=[Point(101.8, 36.6)], crs=4490)).to_epsg()
    4522
    """
    west, _south, east, _north = units.to_crs(4490).total_bounds
    zone = round((west + east) / 2 / _ZONE_DEGREES)
    zone = min(max(zone, _FIRST_ZONE), _LAST_ZONE)
    return CRS.from_epsg(_FIRST_CODE + zone - _FIRST_ZONE)


def _schools(view: GisView) -> tuple[str, str, list[_Column], list[object]]:
    """Every campus that runs today or in the target year."""
    result = view.result
    supply, plan = result.supply, result.plan
    last = plan.sections[plan.sections["phase"] == plan.phase_of(result.scenario.horizon.target_year)]
    running = last[last["open"].astype(bool)].assign(site_id=last["section_id"].map(supply.sections["site_id"]))
    sums = running.groupby("site_id")[["classes", "seats"]].sum()
    sections = supply.sections.groupby("site_id")
    sites = supply.sites[supply.sites["existing"].astype(bool) | supply.sites.index.isin(sums.index)]
    done = action_words(plan.actions[plan.actions["action"] != Action.KEEP]).join(supply.sections["site_id"])
    actions = done.groupby("site_id")["action"].agg(lambda words: "；".join(dict.fromkeys(words)))
    stages = {str(site): [stage for stage in Stage if stage.value in set(own)] for site, own in sections["stage"]}
    codes = [land_class([stage.value for stage in stages[str(site)]]) for site in sites.index]
    columns = [
        _Column("SITE_ID", _("学校或地块编号"), "", sites.index.astype(str)),
        _Column("NAME", _("校名"), "", site_names(result).loc[sites.index].astype(str).to_numpy()),
        _Column("TOWNSHIP", _("乡镇街道"), "", sites["township"].astype(str).to_numpy()),
        _Column(
            "STAGES", _("学段"), "", [_("、").join(label(stage) for stage in stages[str(site)]) for site in sites.index]
        ),
        _Column("ACTION", _("规划举措"), _("空为保留"), actions.reindex(sites.index).fillna("").to_numpy()),
        _Column(
            "CLASSES", _("规划班数"), _("班"), sums["classes"].reindex(sites.index).fillna(0).astype("int32").to_numpy()
        ),
        _Column("SEATS", _("规划学位"), _("个"), sums["seats"].reindex(sites.index).fillna(0.0).to_numpy()),
        _Column("AREA_M2", _("用地面积"), _("平方米"), sites["land_area_m2"].to_numpy(np.float64)),
        _Column("LAND_CODE", _("用地用海代码"), _("待核"), codes),
        _Column("LAND_NAME", _("用地性质"), _("待核"), [land_class_words(code) for code in codes]),
    ]
    return "school_pt", _("规划学校"), columns, view.points(sites.index.to_series())


def _land(view: GisView) -> tuple[str, str, list[_Column], list[object]]:
    rows = parcel_rows(view.result)
    if not view.internal:
        rows = rows[rows["used"].notna()].reset_index(drop=True)
    states = land_balance(view.result).set_index("site_id")["state"]
    shapes = view.result.district.parcels.set_index("parcel_id").geometry.reindex(rows["parcel_id"])
    columns = [
        _Column("PARCEL_ID", _("地块编号"), "", rows["parcel_id"].astype(str)),
        _Column("PLOT_CODE", _("控规编号"), "", rows["plot_code"].fillna("").astype(str)),
        _Column("NAME", _("地块"), "", rows["name"].astype(str)),
        _Column("TOWNSHIP", _("乡镇街道"), "", rows["township"].astype(str)),
        _Column("LAND_CODE", _("用地用海代码"), _("待核"), rows["land_code"]),
        _Column("LAND_NAME", _("用地性质"), _("待核"), rows["land_class"]),
        _Column("AREA_M2", _("面积"), _("平方米"), rows["area_m2"].astype(float)),
        _Column("STATE", _("规划安排"), "", rows["parcel_id"].map(states).fillna("")),
        _Column("SUPPLY_YR", _("供地年度"), _("年"), _years(rows["supply_year"])),
        _Column("USED_YR", _("规划启用"), _("年，0 为未安排"), _years(rows["used"])),
        _Column("CLASSES", _("规划班数"), _("班"), _years(rows["classes"])),
        _Column("CONFLICT", _("用地冲突"), "", rows["conflict_name"]),
        _Column("DELIVERY", _("交付方式"), "", rows["delivery_name"]),
    ]
    return "edu_land", _("教育用地"), columns, list(shapes)


def _years(values: pd.Series) -> np.ndarray:
    return pd.to_numeric(values).fillna(0).astype("int32").to_numpy()


def _catchments(view: GisView) -> list[tuple[str, str, list[_Column], list[object]]]:
    """Catchments of the target year, one file a stage."""
    stems = dict(zip(COMPULSORY, ("catch_pri", "catch_jun"), strict=True))
    # The highest band names the school: a teaching point ends earlier than the school it belongs to.
    highest = {band.stage: band for band in mapped_bands(view) if band.stage in stems}
    found = []
    for stage, band in highest.items():
        areas = zoned_areas(view, band, view.phases[-1])
        columns = [
            _Column("SECT_ID", _("学部编号"), "", areas["sections"]),
            _Column("SCHOOL", _("学校"), "", areas["school"]),
            _Column("UNITS", _("单元数"), _("个"), areas["units"].astype("int32")),
            _Column("CHILDREN", _("片内学生"), _("人"), areas["children"]),
            _Column("AREA_KM2", _("面积"), _("平方公里"), areas["km2"]),
        ]
        title = _("{band}招生范围").format(band=band.title)
        found.append((stems[stage], title, columns, list(areas.geometry)))
    return found


def _field_sheet(rows: pd.DataFrame) -> Sheet:
    columns = texts(
        *(
            ("file", _("文件")),
            ("layer", _("图层")),
            ("name", _("字段")),
            ("title", _("中文名")),
            ("unit", _("单位、说明")),
        )
    )
    return Sheet(_("字段说明表"), _("字段说明表"), "", columns, rows)


def _note(result: Result, crs: CRS) -> str:
    outputs = result.scenario.outputs
    lines = [
        stamped_title(result, result.scenario.title),
        _("坐标系：{crs}").format(crs=crs_name(crs.to_string())),
        _("县级行政区代码：{code}").format(code=outputs.county_code or _("（待填，情景 outputs.county_code）")),
        _("编制单位：{author}").format(author=author_name(result)),
        _("日期：{date}").format(date=stamp.created().date().isoformat()),
        edition_words(outputs),
        _("Shapefile 的文字为 UTF-8 编码（.cpg 已注明）；字段含义见 fields_and_balance.xlsx 的“字段说明表”。"),
        _("用地用海代码按学段取默认值，待自然资源部门核定；有中小学部的按中小学用地计。"),
    ]
    if result.district.invented:
        lines.append(_("地理与校名为虚构，总量采用公开数据，仅供演示"))
    return "\n".join(lines) + "\n"
