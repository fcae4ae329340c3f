"""T5–T8: children, history, parameters, demand."""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np
import pandas as pd
from pydantic.fields import FieldInfo

from simulator.language import Language, current_language
from simulator.language import translate as _
from simulator.outputs.tables import demand_totals, population_totals
from simulator.outputs.titles import planned_words, stage_names, stage_order, variant_names
from simulator.outputs.workbook.sheet import Column, Format, Sheet, numbers, texts
from simulator.result import Result
from simulator.scenario import Settings
from simulator.terms import STAGE_GRADES, AreaKind, Stage, label

_CHINESE = re.compile("[\u4e00-\u9fff]")


def demand_sheets(result: Result) -> list[Sheet]:
    """The sheets about children and demand."""
    return [_population(result), _history(result), _parameters(result), _demand(result)]


def _population(result: Result) -> Sheet:
    planned = result.projection.planned
    totals = population_totals(result.projection)
    wide = totals[totals["variant"] == planned].pivot_table(
        index="year", columns="age", values="children", aggfunc="sum"
    )
    ages = list(wide.columns)
    rows = wide.rename(columns={age: f"age_{age}" for age in ages}).reset_index()
    rows["residents"] = wide.to_numpy().sum(axis=1)
    columns = (
        *numbers(Format.YEAR, ("year", _("年份"))),
        *numbers(Format.WHOLE, ("residents", _("合计"))),
        *numbers(Format.WHOLE, *((f"age_{age}", _("{age}岁").format(age=age)) for age in ages)),
    )
    title = _("人口基础表（0—17岁常住儿童，{variant}）").format(variant=variant_names().get(planned, planned))
    return Sheet(_("T5 人口基础"), title, _("单位：人"), columns, rows)


def _history(result: Result) -> Sheet:
    enrolment = result.district.enrolment
    keys = ["year", "stage"]
    grades = enrolment["stage"].map({stage.value: ends for stage, ends in STAGE_GRADES.items()})
    first = [bool(ends) and grade == ends[0] for grade, ends in zip(enrolment["grade"], grades, strict=True)]
    last = [bool(ends) and grade == ends[1] for grade, ends in zip(enrolment["grade"], grades, strict=True)]
    pupils = enrolment["pupils"]
    marked = enrolment.assign(
        entrants=pupils.where(np.array(first, dtype=bool), 0), leaving=pupils.where(np.array(last, dtype=bool), 0)
    )
    rows = marked.groupby(keys)[["entrants", "pupils", "leaving"]].sum().reset_index()
    rows["stage_name"] = rows["stage"].map(stage_names())
    rows = rows.assign(order=stage_order(rows["stage"])).sort_values(["order", "year"]).reset_index(drop=True)
    columns = (
        *texts(("stage_name", _("学段"))),
        *numbers(Format.YEAR, ("year", _("学年"))),
        *numbers(Format.WHOLE, ("entrants", _("起始年级")), ("pupils", _("在校")), ("leaving", _("毕业年级"))),
    )
    return Sheet(_("T6 历年在校"), _("历年招生在校表"), _("单位：人"), columns, rows)


def _settings(settings: Settings) -> Iterator[tuple[str, str, object, str]]:
    """What a setting means, the key or place of its value where it has several, the value, its name."""
    for name, info in type(settings).model_fields.items():
        value = getattr(settings, name)
        if isinstance(value, dict):
            yield from ((_described(info), _key_word(str(key)), item, name) for key, item in value.items())
        elif isinstance(value, tuple):
            yield from ((_described(info), str(place), item, name) for place, item in enumerate(value, start=1))
        else:
            yield _described(info), "", value, name


def _parameters(result: Result) -> Sheet:
    rows = [
        row for settings in (result.scenario.projection, result.scenario.uncertainty) for row in _settings(settings)
    ]
    attendance = result.projection.attendance
    rows += [
        (_("在册比例（本县区学籍 ÷ 常住儿童）：{basis}").format(basis=row["basis"]),
         stage_names().get(row["stage"], row["stage"]), row["share"], "attendance")
        for row in attendance.to_dict("records")
    ]  # fmt: skip
    frame = pd.DataFrame(rows, columns=["title", "group", "value", "name"])
    frame["value"] = [
        variant_names().get(value, value) if isinstance(value, str) else value for value in frame["value"]
    ]
    columns = (
        *texts(("title", _("参数")), ("group", _("分组"))),
        Column("value", _("取值"), Format.FIGURE),
        *texts(("name", _("设定项"))),
    )
    note = _("假设：{texts}").format(texts=" ".join(result.projection.assumptions))
    return Sheet(_("T7 预测参数"), _("预测参数表"), _("单位：比例，另注明者除外"), columns, frame, note)


def _described(info: FieldInfo) -> str:
    """The field's own words: Chinese lines stand first, English lines after them."""
    lines = [line.strip() for line in (info.description or "").splitlines() if line.strip()]
    chinese = [line for line in lines if _CHINESE.search(line)]
    english = [line for line in lines if not _CHINESE.search(line)]
    wanted = english if current_language() is Language.EN else chinese
    return " ".join(wanted or lines)


def _key_word(key: str) -> str:
    if key in set(AreaKind):
        return label(AreaKind(key))
    statuses = {
        "completed": _("已建成"),
        "under_construction": _("在建"),
        "approved": _("已批准"),
        "planned": _("规划"),
    }
    return (variant_names() | stage_names() | statuses).get(key, key)


def _demand(result: Result) -> Sheet:
    totals = demand_totals(result.projection).pivot_table(
        index=["stage", "variant"], columns="year", values="children", aggfunc="sum"
    )
    years = list(totals.columns)
    rows = totals.rename(columns={year: f"children_{year}" for year in years}).reset_index()
    rows["peak_year"] = totals.idxmax(axis=1).to_numpy()
    rows["peak"] = totals.max(axis=1).to_numpy()
    rows["stage_name"] = rows["stage"].map(stage_names())
    rows["variant_name"] = rows["variant"].map(variant_names()).fillna(rows["variant"])
    ranks = {"low": 0, "medium": 1, "high": 2}
    rows = rows.assign(order=stage_order(rows["stage"]), rank=rows["variant"].map(ranks))
    rows = rows.sort_values(["order", "rank"]).reset_index(drop=True)
    columns = (
        *texts(("stage_name", _("学段")), ("variant_name", _("情景"))),
        *numbers(Format.YEAR, ("peak_year", _("峰值年"))),
        *numbers(Format.WHOLE, ("peak", _("峰值"))),
        *numbers(Format.WHOLE, *((f"children_{year}", _("{year}年").format(year=year)) for year in years)),
    )
    note = _("规划按{variant}安排。").format(variant=planned_words(result.scenario.projection))
    return Sheet(_("T8 学位需求"), _("学位需求预测表（在校生）"), _("单位：人"), columns, rows, note)


def planned_stages(result: Result) -> list[Stage]:
    """Stages that have children or sections in this district."""
    return [stage for stage in Stage if (result.supply.sections["stage"] == stage).any()]
