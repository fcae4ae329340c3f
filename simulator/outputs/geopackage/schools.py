"""现状学校, 规划学校/学部, 学位利用率: the schools of today, what the plan does with each section, how full they are."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd

from simulator.language import translate as _
from simulator.outputs.editable import CONVERTED, Editable, action_words, key_columns, work_columns
from simulator.outputs.geopackage.layer import Field, Layer, fields_of
from simulator.outputs.geopackage.style import GREY, INK, Entry, Kind, Style, Words, marker
from simulator.outputs.geopackage.view import GisView
from simulator.outputs.maps.symbols import ACTIONS, KINDS, Mark, main_actions, site_kinds
from simulator.outputs.workbook.network import action_words as said_of_actions
from simulator.terms import Action, SectionKind, Stage, label

_NAMES_FROM = 150_000
_ACTION_SCALE = 1.25
# Share of the standard seats that is used: bounds, colours from blue (spare) to orange (crowded), centre near full.
_USE = (
    (0.0, 0.5, "#2166ac"),
    (0.5, 0.7, "#67a9cf"),
    (0.7, 0.9, "#d1e5f0"),
    (0.9, 1.0, "#fddbc7"),
    (1.0, 1.1, "#ef8a62"),
    (1.1, 99.0, "#b35806"),
)


def present_layer(view: GisView) -> Layer:
    """The campuses that run in the base year."""
    supply, base = view.result.supply, view.result.scenario.horizon.base_year
    sections = supply.sections[supply.sections["existing"].astype(bool)]
    sums = sections.groupby("site_id").agg(
        classes=("classes", "sum"), pupils=("pupils", "sum"), stages=("stage", _stage_words)
    )
    kinds = site_kinds(view.maps).reindex(sums.index)
    sites = supply.sites.loc[sums.index]
    places = sums.index.to_series()
    frame = gpd.GeoDataFrame(
        {
            "school_id": places.astype(str).to_numpy(),
            "name": sites["name"].astype(str).to_numpy(),
            "kind": [label(SectionKind(kind)) for kind in kinds],
            "stages": sums["stages"].to_numpy(),
            "township": sites["township"].astype(str).to_numpy(),
            "classes": sums["classes"].to_numpy(),
            "pupils": view.counts(sums["pupils"].to_numpy(np.float64)),
            "rooms": sites["rooms"].to_numpy(),
            "land_m2": sites["land_area_m2"].to_numpy(np.float64),
        },
        geometry=view.points(places),
        crs=view.result.district.crs,
    )
    fields = fields_of(
        *(("school_id", _("学校编号")), ("name", _("学校")), ("kind", _("办学类型")), ("stages", _("学段"))),
        *(("township", _("乡镇街道")), ("classes", _("{year}年班数").format(year=base))),
        *(("pupils", _("{year}年在校生").format(year=base)), ("rooms", _("教室数")), ("land_m2", _("用地（平方米）"))),
    )
    entries = tuple(
        Entry(label(SectionKind(kind)), marker(mark), value=label(SectionKind(kind)))
        for kind, mark in KINDS.items()
        if kind in set(kinds)
    )
    style = Style(Kind.CATEGORIES, entries, "kind", Words('"name"', 8.0, beside=True, least_scale=_NAMES_FROM))
    about = _("基准年运行的学校（校区、园），班数和在校生按学籍")
    return Layer(_("现状学校"), _("学校"), fields, frame, "Point", (style,), about=about)


def _stage_words(stages: pd.Series) -> str:
    return _("、").join(label(stage) for stage in Stage if stage.value in set(stages))


def planned_layer(view: GisView, tables: Editable) -> Layer:
    """Every section of today and of the plan: what is done with it, classes, seats and pupils by phase."""
    plan, supply = view.result.plan, view.result.supply
    sections = supply.sections
    words = said_of_actions(plan.actions).reindex(sections.index).fillna("")
    main = main_actions(plan.actions[plan.actions["action"] != Action.KEEP])
    by_section = plan.actions[plan.actions["action"] != Action.KEEP].drop_duplicates("section_id")
    symbol = pd.Series(by_section["action"].to_numpy(), index=by_section["section_id"]).reindex(sections.index)
    gravest = sections["site_id"].map(main)
    columns: dict[str, object] = {
        "section_id": sections.index.astype(str),
        "school": view.schools.reindex(sections.index).to_numpy(),
        "stage": [label(Stage(stage)) for stage in sections["stage"]],
        "kind": [label(SectionKind(kind)) for kind in sections["kind"]],
        "township": sections["site_id"].map(supply.sites["township"]).astype(str).to_numpy(),
        "action": words["action"].to_numpy(),
        "when": words["when"].to_numpy(),
        "reason": words["reason"].to_numpy(),
        "mark": [
            label(Action(own)) if isinstance(own, str) and own == main_one else ""
            for own, main_one in zip(symbol, gravest, strict=True)
        ],
    }
    fields = [
        *fields_of(("section_id", key_columns()["section_id"]), ("school", _("校名")), ("stage", _("学段"))),
        *fields_of(("kind", _("办学类型"))),
        *fields_of(("township", _("乡镇街道")), ("action", _("性质")), ("when", _("建设时序")), ("reason", _("理由"))),
        *fields_of(("mark", _("图上符号"))),
    ]
    for name, title, values in _by_phase(view):
        columns[name] = values
        fields.append(Field(name, title))
    if view.internal:
        for name, field, values in _asked(tables):
            columns[name] = values
            fields.append(field)
    frame = gpd.GeoDataFrame(columns, geometry=view.points(sections["site_id"]), crs=view.result.district.crs)
    last = view.phases[-1][0]
    runs = (
        frame[f"open_p{last}"].to_numpy(bool) | sections["existing"].to_numpy(bool) | (frame["mark"] != "").to_numpy()
    )
    # Parcels on which nothing is built stay: a planner may build there, but they bear no symbol.
    frame["mark"] = np.where(runs & (frame["mark"] == ""), label(Action.KEEP), frame["mark"])
    order = {label(Action.KEEP): len(ACTIONS)} | {label(Action(action)): place for place, action in enumerate(ACTIONS)}
    frame = frame.iloc[frame["mark"].map(order).fillna(len(ACTIONS)).argsort(kind="stable")[::-1]]
    about = _("各学部的举措、班数、学位、在校生，分期；标“可改”的列可以改")
    return Layer(
        planned_title(), _("学校"), tuple(fields), frame, "Point", (_action_style(frame),), shown=True, about=about
    )


def planned_title() -> str:
    """Name of the layer of sections."""
    return _("规划学校学部")


def _by_phase(view: GisView) -> list[tuple[str, str, object]]:
    """Whether a section runs, its classes, seats and pupils (in the last year) of every phase."""
    sections = view.result.supply.sections
    found: list[tuple[str, str, object]] = []
    rows = view.result.plan.sections
    for phase, first, last in view.phases:
        own = rows[rows["phase"] == phase].set_index("section_id")[["open", "classes", "seats"]]
        own = own.astype(float).reindex(sections.index).fillna(0.0)
        span = _("{first}—{last}年").format(first=first, last=last)
        pupils = view.operated["pupils"].reindex(pd.MultiIndex.from_product([sections.index, [last]])).fillna(0.0)
        found += [
            (f"open_p{phase}", _("{span}运行").format(span=span), own["open"].to_numpy(bool)),
            (f"classes_p{phase}", _("{span}班数").format(span=span), own["classes"].to_numpy(np.int64)),
            (f"seats_p{phase}", _("{span}学位").format(span=span), own["seats"].to_numpy(np.float64)),
            (f"pupils_p{phase}", _("{last}年在校生").format(last=last), view.counts(pupils.to_numpy(np.float64))),
        ]
    return found


def _asked(tables: Editable) -> list[tuple[str, Field, object]]:
    """The columns that a planner may change."""
    titles, words, works = work_columns(), action_words(), tables.works
    choices = tuple(word for action, word in words.items() if action != CONVERTED)
    asked = [words[action] for action in works["action"]]
    return [
        ("do", Field("do", titles["do"], editable=True, choices=choices), asked),
        ("do_year", Field("do_year", titles["do_year"], editable=True), works["year"].astype("Int32").to_numpy()),
        (
            "do_amount",
            Field("do_amount", titles["do_amount"], editable=True),
            works["amount"].astype("Int32").to_numpy(),
        ),
    ]


def _action_style(frame: gpd.GeoDataFrame) -> Style:
    """Actions in the symbols of the printed maps, the gravest on top; what stays is small and grey."""
    present = set(frame["mark"])
    keep = Entry(label(Action.KEEP), marker(Mark("o", GREY, 4.0)), value=label(Action.KEEP))
    entries = [
        Entry(label(Action(action)), marker(mark, scale=_ACTION_SCALE, outline="#ffffff"), value=label(Action(action)))
        for action, mark in reversed(ACTIONS.items())
        if label(Action(action)) in present
    ]
    expression = f"""CASE WHEN "mark" NOT IN ('', '{label(Action.KEEP)}') THEN "school" END"""
    return Style(Kind.CATEGORIES, (keep, *entries), "mark", Words(expression, 8.0, beside=True))


def use_layer(view: GisView) -> Layer:
    """How full the sections are in the target year: pupils over standard seats."""
    year = view.result.scenario.horizon.target_year
    rows = view.operated.xs(year, level="year")
    rows = rows[rows["seats_standard"] > 0]
    sections = view.result.supply.sections.loc[rows.index]
    frame = gpd.GeoDataFrame(
        {
            "section_id": rows.index.astype(str),
            "school": view.schools.reindex(rows.index).to_numpy(),
            "stage": [label(Stage(stage)) for stage in sections["stage"]],
            "year": year,
            "pupils": view.counts(rows["pupils"].to_numpy(np.float64)),
            "classes": rows["classes"].to_numpy(),
            "seats": rows["seats_standard"].to_numpy(np.float64),
            "utilization": rows["utilization"].to_numpy(np.float64),
        },
        geometry=view.points(sections["site_id"]),
        crs=view.result.district.crs,
    )
    if not view.internal:
        frame = frame[frame["pupils"].notna()]
    fields = fields_of(
        *(("section_id", _("学部编号")), ("school", _("校名")), ("stage", _("学段")), ("year", _("年份"))),
        *(("pupils", _("在校生")), ("classes", _("班数")), ("seats", _("标准学位")), ("utilization", _("学位利用率"))),
    )
    entries = tuple(
        Entry(_use_words(least, most), marker(Mark("o", colour, 5.0 + number), outline=INK), least=least, most=most)
        for number, (least, most, colour) in enumerate(_USE)
    )
    words = Words("\"school\" || ' ' || round(\"utilization\" * 100) || '%'", 7.5, beside=True, least_scale=_NAMES_FROM)
    style = Style(Kind.GRADES, entries, "utilization", words)
    title = _("学位利用率")
    about = _("{year}年各学部在校生与标准学位之比").format(year=year)
    return Layer(title, _("学校"), fields, frame, "Point", (style,), about=about)


def _use_words(least: float, most: float) -> str:
    if least == 0:
        return _("不足 {most}").format(most=f"{most:.0%}")
    if most > 2:
        return _("{least} 以上").format(least=f"{least:.0%}")
    return f"{least:.0%}—{most:.0%}"
