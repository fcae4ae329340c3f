"""The tables of a comparison as sheets: one source for the workbook, the Word section and the page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd

from simulator.language import translate as _
from simulator.outputs.board import item_title
from simulator.outputs.comparison.comparison import Comparison
from simulator.outputs.comparison.shifts import FELT_MIN, affected, flows
from simulator.outputs.comparison.sides import Side, section_name
from simulator.outputs.schemes import figure_titles
from simulator.outputs.titles import rezoning_words, stage_names
from simulator.outputs.workbook.sheet import Column, Format, Sheet, numbers, texts
from simulator.terms import COMPULSORY, Action, band_of, label

_LEAST = 0.5


def comparison_sheets(comparison: Comparison) -> list[Sheet]:
    """Every table of a comparison; those of decisions and children only where plans can be laid beside each other."""
    found = [_schemes(comparison), _figures(comparison), _coefficients(comparison), _notes(comparison)]
    if comparison.year is not None:
        found += [
            _counts(comparison),
            _works(comparison),
            _zones(comparison),
            *_affected(comparison),
            _flows(comparison),
        ]
    return [sheet for sheet in found if len(sheet.rows)]


def _schemes(comparison: Comparison) -> Sheet:
    """Which plan is which."""
    rows = pd.DataFrame([_scheme(side) for side in comparison.plans])
    columns = (
        *texts(("name", _("方案")), ("title", _("名称")), ("district", _("区域")), ("folder", _("文件夹"))),
        *texts(("period", _("规划期")), ("phases", _("分期"))),
        *texts(("rezoning", _("招生范围口径")), ("status", _("求解"))),
    )
    return Sheet(_("方案说明"), _("参加比选的方案"), "", columns, rows)


def _scheme(side: Side) -> dict[str, str]:
    stored, solution = side.stored, side.plan.solution
    horizon = stored.scenario.horizon
    spans = side.plan.phases[side.plan.phases["phase"] > 0].sort_values("phase")
    status = {"optimal": _("达到要求的差距"), "time_limit": _("到时限为止"), "work_limit": _("到工作量上限为止"),
              "interrupted": _("中途停止"), "approved_part": _("只含已批准的举措")}  # fmt: skip
    return {
        "name": side.name,
        "title": stored.title,
        "district": stored.district[1] or stored.district[0],
        "folder": stored.folder.name,
        "period": _("{base}—{target}年").format(base=horizon.base_year, target=horizon.target_year),
        "phases": _("、").join(
            f"{first}—{last}" for first, last in zip(spans["first_year"], spans["last_year"], strict=True)
        ),
        "rezoning": rezoning_words(side.plan),
        "status": _("{status}（差距 {gap}）").format(
            status=status.get(solution.status, solution.status), gap=f"{solution.gap:.1%}"
        ),
    }


def _figures(comparison: Comparison) -> Sheet:
    """T18: a row a figure, a column a network."""
    titles = figure_titles()
    rows = pd.DataFrame(
        {
            "title": [title for title, _unit in titles.values()],
            "unit": [unit for _title, unit in titles.values()],
            **{
                side.key: [float(comparison.figures[name].iloc[place]) for name in titles]
                for place, side in enumerate(comparison.sides)
            },
        }
    )
    columns = (
        *texts(("title", _("指标")), ("unit", _("单位"))),
        *(Column(side.key, side.name, Format.FIGURE) for side in comparison.sides),
    )
    note = _(
        "远期为各方案的目标年；大班额占比、通学时间、差异系数按小学、初中计；差异系数为各县区、学段、资源指标中最大的一项。"
    )
    return Sheet(_("T18 情景比选"), _("情景比选表"), _("单位：见表列"), columns, rows, note)


def _coefficients(comparison: Comparison) -> Sheet:
    """Coefficients of variation of each resource in the target year, a column a network."""
    keys = ["county", "stage", "item"]
    columns: dict[str, pd.Series] = {}
    for side in comparison.sides:
        table = side.stored.variation
        rows = table[(table["network"] == side.plan.network) & (table["year"] == side.target)]
        columns[side.key] = rows.set_index(keys)["coefficient"].astype(float)
    table = pd.DataFrame(columns)
    frame = table.reset_index() if len(table) else pd.DataFrame(columns=[*keys, *columns])
    words = stage_names()
    frame = frame.assign(
        stage_name=[words.get(str(stage), str(stage)) for stage in frame["stage"]],
        item_name=[item_title(str(item)) for item in frame["item"]],
    )
    heads = (
        *texts(("county", _("县区")), ("stage_name", _("学段")), ("item_name", _("资源指标"))),
        *(Column(side.key, side.name, Format.HUNDREDTH) for side in comparison.sides),
    )
    return Sheet(_("差异系数"), _("远期校际差异系数比较表"), _("单位：系数"), heads, frame)


def _notes(comparison: Comparison) -> Sheet:
    rows = pd.DataFrame({"number": range(1, len(comparison.notes) + 1), "note": list(comparison.notes)})
    columns = (Column("number", _("序号"), Format.WHOLE), Column("note", _("能否直接比较")))
    return Sheet(_("可比性"), _("可比性说明"), "", columns, rows)


def _counts(comparison: Comparison) -> Sheet:
    rows = comparison.counts.assign(action_name=[label(Action(a)) for a in comparison.counts["action"]])
    columns = (
        Column("action_name", _("举措")),
        *numbers(Format.WHOLE, *((side.key, side.name) for side in comparison.plans)),
    )
    return Sheet(_("举措数"), _("各方案举措数"), _("单位：个学部"), columns, rows)


def _works(comparison: Comparison) -> Sheet:
    """What each plan does where, those that differ first."""
    table = comparison.works
    words = stage_names()
    rows = table.assign(
        school=[section_name(comparison.names, section) for section in table["section_id"]],
        stage_name=[words.get(stage, stage) for stage in table["stage"]],
        action_name=[label(Action(action)) for action in table["action"]],
        differs_word=[_("不同") if differs else _("相同") for differs in table["differs"]],
        **{side.key: table[side.key].replace("", "—") for side in comparison.plans},
    )
    columns = (
        *texts(("school", _("学校")), ("stage_name", _("学段")), ("action_name", _("举措"))),
        *(Column(side.key, side.name) for side in comparison.plans),
        Column("differs_word", _("各方案")),
        *(
            Column(f"capital_{side.key}", _("{name}\n投资（万元）").format(name=side.name), Format.WHOLE)
            for side in comparison.plans
        ),
    )
    note = _("—：该方案没有这项举措。")
    return Sheet(_("举措差异"), _("各方案举措对照表"), _("单位：见表列"), columns, rows, note)


def _zones(comparison: Comparison) -> Sheet:
    """Units that the plans zone differently."""
    table = comparison.zones
    units = comparison.first.units.set_index("unit_id")
    keys = ["today", *(side.key for side in comparison.plans)]
    rows = table.assign(
        unit=table["unit_id"].map(units["name"]).fillna(table["unit_id"]),
        township=table["unit_id"].map(units["township"]).fillna(""),
        band_name=[band_of(str(band)).title for band in table["band"]],
        **{key: [section_name(comparison.names, str(cell)) for cell in table[key]] for key in keys},
    )
    columns = (
        *texts(("unit", _("划片单元")), ("township", _("乡镇街道")), ("band_name", _("年级段")), ("today", _("现状"))),
        *(Column(side.key, side.name) for side in comparison.plans),
    )
    title = _("各方案划法不同的单元（{year}年）").format(year=comparison.year)
    return Sheet(_("招生范围差异"), title, "", columns, rows)


def _affected(comparison: Comparison) -> list[Sheet]:
    """Children by stage and by township, pair by pair."""
    words = stage_names()
    townships = comparison.first.units.set_index("unit_id")["township"]
    by_stage, by_place = [], []
    for pair in comparison.pairs:
        table = affected(pair.table, "stage")
        by_stage.append(table.assign(pair=pair.name, place=[words.get(str(s), str(s)) for s in table["stage"]]))
        school_age = pair.table[pair.table["stage"].isin([stage.value for stage in COMPULSORY])]
        table = affected(school_age.assign(place=school_age["unit_id"].map(townships).fillna("")), "place")
        by_place.append(table.assign(pair=pair.name).sort_values("changed", ascending=False))
    note = _(
        "同一批儿童在两种安排下各去哪所学校、单程多少分钟；路程变长、变短按 {felt} 分钟以上计；幼儿园、高中为择校的测算。"
    ).format(felt=f"{FELT_MIN:g}")
    year = comparison.year
    return [
        Sheet(_("影响学生"), _("受影响学生（分学段，{year}年）").format(year=year), _("单位：人、分钟（单程）"),
              _affected_columns(_("学段")), _joined(by_stage), note),
        Sheet(_("影响学生分乡镇"), _("受影响的小学、初中学生（分乡镇街道，{year}年）").format(year=year),
              _("单位：人、分钟（单程）"), _affected_columns(_("乡镇街道")), _joined(by_place), note),
    ]  # fmt: skip


def _joined(parts: Sequence[pd.DataFrame]) -> pd.DataFrame:
    filled = [part for part in parts if len(part)]
    return pd.concat(filled, ignore_index=True) if filled else pd.DataFrame()


def _affected_columns(place: str) -> tuple[Column, ...]:
    return (
        *texts(("pair", _("比较")), ("place", place)),
        *numbers(Format.WHOLE, ("children", _("学生")), ("changed", _("换学校"))),
        Column("share", _("换学校\n占比"), Format.SHARE),
        *numbers(Format.WHOLE, ("longer", _("路程\n变长"))),
        *numbers(Format.TENTH, ("longer_min", _("平均多\n（分钟）"))),
        *numbers(Format.WHOLE, ("shorter", _("路程\n变短"))),
        *numbers(Format.TENTH, ("shorter_min", _("平均少\n（分钟）")), ("most_min", _("最多增加\n（分钟）"))),
    )


def _flows(comparison: Comparison) -> Sheet:
    """Children from school to school."""
    words = stage_names()
    parts = []
    for pair in comparison.pairs:
        table = flows(pair.table)
        parts.append(table[table["children"] >= _LEAST].assign(pair=pair.name))
    rows = _joined(parts)
    if len(rows):
        rows = rows.assign(
            stage_name=[words.get(str(stage), str(stage)) for stage in rows["stage"]],
            from_school=[section_name(comparison.names, str(section)) for section in rows["from_section"]],
            to_school=[section_name(comparison.names, str(section)) for section in rows["to_section"]],
        )
    columns = (
        *texts(
            ("pair", _("比较")), ("stage_name", _("学段")), ("from_school", _("原学校")), ("to_school", _("新学校"))
        ),
        *numbers(Format.WHOLE, ("children", _("学生"))),
        *numbers(Format.TENTH, ("minutes_before", _("原单程\n（分钟）")), ("minutes_after", _("新单程\n（分钟）"))),
    )
    title = _("学生流向（{year}年）").format(year=comparison.year)
    return Sheet(_("学生流向"), title, _("单位：人、分钟（单程）"), columns, rows)


def shortened(sheet: Sheet, most: int, where: str) -> Sheet:
    """A sheet with its first rows only, and a note on where the rest is."""
    if len(sheet.rows) <= most:
        return sheet
    more = _("另有 {count} 行，见{where}。").format(count=len(sheet.rows) - most, where=where)
    return replace(sheet, rows=sheet.rows.head(most), note=f"{sheet.note}{more}")
