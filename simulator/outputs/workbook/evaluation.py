"""T3 and the evaluation board, both tails of the class sizes, the schedule of oversized classes."""

from __future__ import annotations

import numpy as np
import pandas as pd

from simulator.indicators.board import resource_norms
from simulator.indicators.elimination import elimination_cost
from simulator.language import translate as _
from simulator.outputs.board import (
    item_title,
    means_words,
    moments,
    outcome_words,
    place_in_document,
    programme_title,
    state_words,
    turn_words,
)
from simulator.outputs.findings import number
from simulator.outputs.titles import section_names, stage_order, with_names
from simulator.outputs.workbook.sheet import Column, Format, Sheet, numbers, texts
from simulator.outputs.workbook.sides import both_columns, side_by_side
from simulator.result import Result
from simulator.rules.board import BOARD, RESOURCES, Answer, Programme
from simulator.terms import COMPULSORY, AreaKind, label


def evaluation_sheets(result: Result) -> list[Sheet]:
    """The sheets of the evaluations; none where nothing was measured."""
    if result.board.items.empty:
        return []
    return [_schools(result), _variation(result), _items(result), _tails(result), _schedule(result)]


def _at(table: pd.DataFrame, result: Result, moment: str) -> pd.DataFrame:
    network, year = moments(result)[moment]
    return table[(table["network"] == network) & (table["year"] == year)]


def _schools(result: Result) -> Sheet:
    """Every school × seven indicators today, and how many it reaches later."""
    table = result.board.schools
    rows = _at(table, result, "today").set_index("section_id")
    every = pd.Index(sorted(table["section_id"].unique()), name="section_id")
    rows = rows.reindex(every)
    words = state_words()
    for moment in moments(result):
        own = _at(table, result, moment).set_index("section_id").reindex(every)
        rows[f"{moment}_reached"] = own["reached"]
        rows[f"{moment}_state"] = own["state"].map(words).astype(object).fillna("")
    rows = with_names(rows.drop(columns="stage").reset_index(), result)
    rows = rows.assign(order=stage_order(rows["stage"])).sort_values(["order", "section_id"], ignore_index=True)
    horizon = result.scenario.horizon
    heads = {
        "today": _("现状"),
        "near": _("{year}年").format(year=moments(result)["near"][1]),
        "target": _("{year}年").format(year=horizon.target_year),
        "idle": _("{year}年\n不采取措施").format(year=horizon.target_year),
    }
    columns = (
        *texts(("school", _("学校")), ("stage_name", _("学段")), ("school_township", _("乡镇街道"))),
        *numbers(Format.WHOLE, ("pupils", _("学生"))),
        *(Column(r.item_id, f"{r.code} {_(r.short)}\n{_(r.unit)}", Format.HUNDREDTH) for r in RESOURCES),
        *(
            column
            for moment, head in heads.items()
            for column in (
                Column(f"{moment}_reached", _("{when}\n达标项").format(when=head), Format.WHOLE),
                Column(f"{moment}_state", _("{when}\n结论").format(when=head)),
            )
        ),
    )
    return Sheet(
        _("T3 办学条件"), _("办学条件达标表（七项资源指标）"), _("单位：见表列"), columns, rows, _school_note(result)
    )


def _school_note(result: Result) -> str:
    norms = resource_norms(result.standards)
    told = _("；").join(
        _("{code} 小学 {primary}、初中 {junior}（{unit}）").format(
            code=r.code,
            primary=number(float(norms["primary"][r.item_id])),
            junior=number(float(norms["junior"][r.item_id])),
            unit=_(r.unit),
        )
        for r in RESOURCES
    )
    return _(
        "标准：{norms}。七项中至少 {needed} 项达标、余项不低于标准的 {floor}% 为达标。不足 {tiny} 人的教学点不计入。空格为没有数据。"
        "以后各年：现有校舍、设备留在原校；扩建教室按标准增加教学用房、设备和一间网络教室；新建学校按标准配齐；"
        "教师按师资计划，没有师资计划的留在原校，停办学校的教师按学生数转入同学段学校。"
    ).format(
        norms=told,
        needed=number(result.standards.value("balance.items_needed")),
        floor=number(100 * result.standards.value("balance.other_item_floor")),
        tiny=number(result.standards.value("small_school.tiny")),
    )


def _variation(result: Result) -> Sheet:
    """Coefficients today and later, and what moves them."""
    table = result.board.variation
    keys = ["county", "stage", "item"]
    rows = table[keys].drop_duplicates().set_index(keys).sort_index()
    rows["limit"] = table.groupby(keys)["limit"].first()
    for moment in moments(result):
        rows[moment] = _at(table, result, moment).set_index(keys)["coefficient"]
    target = _at(table, result, "target").set_index(keys)
    rows["from_children"], rows["from_plan"] = target["from_children"], target["from_plan"]
    turns = table[(table["turn"] != "") & (table["year"] <= result.scenario.horizon.target_year)]
    firsts = turns.sort_values("year").groupby([*keys, "turn"], sort=False)["year"].min().reset_index()
    words = turn_words()
    firsts["told"] = [_("{turn}（{year}年起）").format(turn=words[t], year=y) for t, y in zip(firsts["turn"], firsts["year"], strict=True)]  # fmt: skip
    rows["turns"] = firsts.groupby(keys)["told"].agg(_("；").join)
    rows = with_names(rows.reset_index(), result)
    order = {r.item_id: place for place, r in enumerate(RESOURCES)}
    rows = rows.assign(
        item_name=[item_title(item) for item in rows["item"]],
        turns=rows["turns"].astype(object).fillna(""),
        order=stage_order(rows["stage"]),
        place=rows["item"].map(order),
    ).sort_values(["county", "order", "place"], ignore_index=True)
    horizon, near = result.scenario.horizon, moments(result)["near"][1]
    columns = (
        *texts(("county", _("县区")), ("stage_name", _("学段")), ("item_name", _("指标"))),
        Column("limit", _("上限"), Format.HUNDREDTH),
        Column("today", _("现状\n{year}年").format(year=horizon.base_year), Format.HUNDREDTH),
        Column("near", _("近期\n{year}年").format(year=near), Format.HUNDREDTH),
        Column("target", _("远期\n{year}年").format(year=horizon.target_year), Format.HUNDREDTH),
        Column("idle", _("远期\n不采取措施"), Format.HUNDREDTH),
        Column("from_children", _("其中\n学生变化"), Format.HUNDREDTH),
        Column("from_plan", _("其中\n方案举措"), Format.HUNDREDTH),
        *texts(("turns", _("何时因何越线或达标"))),
    )
    weighted = result.scenario.balance.weighting == "enrolment"
    note = _(
        "差异系数 = 标准差 ÷ 县均值，{weights}（教督〔2012〕3号附件公式）。远期 = 现状 + 学生变化 + 方案举措；"
        "学生变化是资源不动、只有学生增减时系数的变化。"
    ).format(weights=_("各校按在校生加权") if weighted else _("各校同等"))
    return Sheet(_("T3 差异系数"), _("校际差异系数表"), _("单位：系数"), columns, rows, note)


def _items(result: Result) -> Sheet:
    """Every item of both evaluations, today and later."""
    table = result.board.items
    keys = ["county", "item"]
    rows = table[keys].drop_duplicates().reset_index(drop=True)
    words = state_words()
    for moment in moments(result):
        own = _at(table, result, moment).set_index(keys).reindex(pd.MultiIndex.from_frame(rows[keys]))
        rows[f"{moment}_figure"] = own["figure"].to_numpy(np.float64)
        rows[f"{moment}_state"] = own["state"].map(words).astype(object).fillna("").to_numpy()
        rows["norm"], rows["answer"] = own["norm"].to_numpy(np.float64), own["answer"].to_numpy()
    items = [BOARD[item] for item in rows["item"]]
    answers = {Answer.COMPUTED: _("推算"), Answer.DECLARED: _("自报"), "": _("待自报")}
    rows = rows.assign(
        programme=[programme_title(Programme(item.programme)) for item in items],
        place=[place_in_document(item) for item in items],
        title=[item_title(item.item_id) for item in items],
        unit=[_(item.unit) if item.unit else "" for item in items],
        answer_name=[answers[answer] for answer in rows["answer"]],
    )
    horizon, near = result.scenario.horizon, moments(result)["near"][1]
    heads = {
        "today": _("现状\n{year}年").format(year=horizon.base_year),
        "near": _("近期\n{year}年").format(year=near),
        "target": _("远期\n{year}年").format(year=horizon.target_year),
        "idle": _("远期\n不采取措施"),
    }
    columns = (
        *texts(("county", _("县区")), ("programme", _("督导评估")), ("place", _("条目")), ("title", _("内容"))),
        *texts(("unit", _("单位"))),
        Column("norm", _("标准"), Format.FIGURE),
        *(
            column
            for moment, head in heads.items()
            for column in (Column(f"{moment}_figure", head, Format.FIGURE), Column(f"{moment}_state", _("结论")))
        ),
        *texts(("answer_name", _("来源"))),
    )
    note = _("未填的项目请在 declared_items（督导评估自报项）表中填写；未填不作达标。")
    return Sheet(_("督导评估"), _("优质均衡与普及普惠评估板"), _("单位：见表列"), columns, rows, note, place=17.3)


def _tails(result: Result) -> Sheet:
    """Both tails by stage and kind of area, plan beside no action."""
    table = result.class_vectors.tails
    table = table[table["stage"].isin(COMPULSORY)]
    values = ["classes", "small_share", "oversized", "oversized_share", "extreme", "entry_over"]
    rows = with_names(side_by_side(table, ["stage", "area_kind", "year"], values), result)
    names = {kind.value: label(kind) for kind in AreaKind} | {"": _("合计")}
    rows = rows.assign(area=rows["area_kind"].map(names), order=stage_order(rows["stage"]))
    rows = rows.sort_values(["order", "area_kind", "year"], ignore_index=True)
    lines = [
        number(result.standards.value(name))
        for name in ("small_school.class_review", "oversized.line", "oversized.extreme_line")
    ]
    columns = (
        *texts(("stage_name", _("学段")), ("area", _("城乡分类"))),
        *numbers(Format.YEAR, ("year", _("年份"))),
        *both_columns(Format.WHOLE, "classes", _("班数")),
        *both_columns(Format.SHARE, "small_share", _("小班占比\n（不足{line}人）").format(line=lines[0])),
        *both_columns(Format.WHOLE, "oversized", _("大班额\n（{line}人以上）").format(line=lines[1])),
        *both_columns(Format.SHARE, "oversized_share", _("大班额占比")),
        *both_columns(Format.WHOLE, "extreme", _("超大班额\n（{line}人以上）").format(line=lines[2])),
        *both_columns(Format.WHOLE, "entry_over", _("起始年级\n超标准班额")),
    )
    return Sheet(_("班额两端"), _("农村小班与城镇大班并存情况表"), _("单位：班"), columns, rows, place=2.5)


def _schedule(result: Result) -> Sheet:
    """消除大班额时间表, with the number of oversized classes by year."""
    schedule = result.class_vectors.schedule
    by_year = result.class_vectors.oversized
    own = by_year[by_year["network"] == "plan"]
    years = [result.scenario.horizon.base_year, *result.scenario.plan_years]
    wide = own.pivot_table(index="section_id", columns="year", values="oversized", aggfunc="sum")
    wide = wide.reindex(index=schedule["section_id"], columns=years).fillna(0)
    wide.columns = pd.Index([f"y{year}" for year in years])
    rows = with_names(schedule.join(wide, on="section_id"), result)
    names = section_names(result)
    rows = rows.assign(
        means_name=[means_words(codes) for codes in rows["means"]],
        receiver_names=[_("、").join(str(names.get(one, one)) for one in ids.split()) for ids in rows["receivers"]],
        outcome_name=rows["outcome"].map(outcome_words()),
    )
    columns = (
        *texts(("school", _("学校")), ("stage_name", _("学段")), ("school_township", _("乡镇街道"))),
        *(Column(f"y{year}", _("{year}年").format(year=year), Format.WHOLE) for year in years),
        *texts(("outcome_name", _("结果"))),
        *numbers(Format.YEAR, ("cleared_year", _("消除年份")), ("last_year_idle", _("不采取措施\n最后一年"))),
        *texts(("means_name", _("举措")), ("receiver_names", _("分流学校"))),
        Column("cost_here_wan", _("本校区投资\n（万元）"), Format.TENTH),
        Column("cost_there_wan", _("分流学校投资\n（万元）"), Format.TENTH),
    )
    needed = result.class_vectors.needed
    first = needed[(needed["network"] == "no_action") & (needed["year"] == years[0])]
    told = _("；").join(
        _("{stage} {pupils} 人按 {size} 人一班至少需 {needed} 班，现有 {classes} 班").format(
            stage=name, pupils=row.pupils, size=number(row.size), needed=row.needed, classes=row.classes
        )
        for name, row in zip(with_names(first, result)["stage_name"], first.itertuples(), strict=True)
    )
    note = _(
        "各年为规划方案中 {line} 人以上的班数。{needed}。分流学校投资为其工程中按转入学生分摊的部分，本身在表中的列在自己的行；"
        "同校区几个学部的工程在各行重复列示，合计 {cost} 万元只计一次。"
    ).format(
        line=number(result.standards.value("oversized.line")),
        needed=told,
        cost=number(round(elimination_cost(schedule))),
    )
    return Sheet(_("消除大班额"), _("消除大班额时间表"), _("单位：班"), columns, rows, note, place=2.6)
