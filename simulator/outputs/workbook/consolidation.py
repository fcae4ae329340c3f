"""T22: opinions and what became of them, the procedure and vetoes of every closure, each child's journey by unit."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from simulator.inputs.contracts_all import CONTRACTS
from simulator.language import translate as _
from simulator.outputs.consolidation import (
    building_words,
    kept_words,
    step_words,
    transition_until,
    veto_words,
    vote_words,
)
from simulator.outputs.edition import is_public
from simulator.outputs.titles import section_names, section_words, unit_names, with_names
from simulator.outputs.workbook.sheet import Format, Sheet, numbers, texts
from simulator.result import Result
from simulator.terms import Way, band_of, label

_CHOSEN = (
    *("stage", "kind", "majority_against", "travel_safe", "beds_enough", "meals_enough"),
    *("receiver_fits", "adopted"),
)


def consolidation_sheets(result: Result) -> list[Sheet]:
    """T22 in four sheets; those without rows are left out, and all of them where the edition is for the public."""
    if is_public(result):
        return []
    sheets = [_procedure(result), _conditions(result), _opinions(result), _journeys(result)]
    return [sheet for sheet in sheets if len(sheet.rows)]


def _procedure(result: Result) -> Sheet:
    """One row a school that closes, or stays because it must."""
    rows = pd.concat([_closed(result), _kept(result)], ignore_index=True)
    columns = (
        *texts(("school", _("学校")), ("stage_name", _("学段")), ("school_township", _("乡镇街道"))),
        *texts(("outcome", _("处理"))),
        *numbers(Format.YEAR, ("year", _("撤并年份"))),
        *texts(("reason", _("理由")), ("votes", _("听证、问卷")), ("vetoes", _("否决情形"))),
        *texts(("done", _("已办步骤")), ("missing", _("待办步骤"))),
        *numbers(Format.YEAR, ("transition", _("过渡期至"))),
        *texts(("building", _("校舍用途"))),
    )
    note = _(
        "否决情形：多数家长或听证代表反对、上下学不便或不安全、寄宿就餐没有保障、接收学校超大规模或出现大班额，"
        "有其一即不得强行撤并。"
    )
    return Sheet(_("T22 撤并程序"), _("撤并程序与否决情形表"), "", columns, rows, note)


def _conditions(result: Result) -> Sheet:
    """What the vetoes are worked out from: journeys, beds and meals, the receiving school."""
    columns = (
        *texts(("school", _("撤并学校")), ("stage_name", _("学段"))),
        *numbers(Format.YEAR, ("year", _("撤并年份"))),
        *numbers(Format.WHOLE, ("children", _("学生")), ("follow", _("随并")), ("settled", _("进镇进城"))),
        *numbers(Format.TENTH, ("minutes_before", _("现通学分钟")), ("minutes_after", _("新通学分钟"))),
        *numbers(Format.TENTH, ("longest_after", _("最远分钟"))),
        *numbers(
            Format.WHOLE, ("over_limit", _("超限人数")), ("beds_short", _("缺床位")), ("meals_short", _("缺餐位"))
        ),
        *texts(("receiver_name", _("主要接收学校"))),
        *numbers(Format.WHOLE, ("receiver_pupils", _("接收校学生")), ("receiver_most", _("规模上限"))),
        *numbers(Format.WHOLE, ("receiver_class", _("接收校最大班额"))),
        *texts(("vetoes", _("否决情形"))),
    )
    note = _("时间为单程，走读生；学生为该年若不撤并将在该校就读的人数。")
    return Sheet(_("T22 撤并条件"), _("撤并条件核对表"), _("单位：人、分钟"), columns, _closed(result), note)


def _closed(result: Result) -> pd.DataFrame:
    found = result.closures.closures
    reasons = result.plan.actions.drop_duplicates("section_id", keep="last").set_index("section_id")["reason"]
    names = section_names(result)
    ids = found["section_id"].astype(str)
    rows = with_names(found, result) if len(found) else found
    return rows.assign(
        outcome=_("撤并"),
        reason=ids.map(reasons).fillna(""),
        votes=[vote_words(result, section) for section in ids],
        vetoes=[veto_words(codes) or _("未触及") for codes in found["vetoes"]],
        receiver_name=[section_words(names, section) for section in found["receiver"].astype(str)],
        done=[step_words(codes) for codes in found["steps_done"]],
        missing=[step_words(codes) for codes in found["steps_missing"]],
        transition=[
            transition_until(result, section, int(year)) for section, year in zip(ids, found["year"], strict=True)
        ],
        building=[building_words(result, section) for section in ids],
    )


def _kept(result: Result) -> pd.DataFrame:
    """Schools that stay, with why: a veto entered, entered as 应留必留, or the only one near."""
    found = result.closures.kept
    if found.empty:
        return found
    schools = result.district.schools
    entered = set(schools.loc[schools["protected"].astype(bool), "school_id"]) if "protected" in schools else set()
    ids = found["section_id"].astype(str)
    vetoed = found["reasons"] != "protected"
    words = [
        kept_words(reasons, entered=section.rsplit(":", 1)[0] in entered)
        for section, reasons in zip(ids, found["reasons"], strict=True)
    ]
    return with_names(found, result).assign(
        outcome=[_("保留（有否决意见）") if veto else _("保留（应留必留）") for veto in vetoed],
        reason=[word if not veto else "" for word, veto in zip(words, vetoed, strict=True)],
        vetoes=[word if veto else "" for word, veto in zip(words, vetoed, strict=True)],
        votes=[vote_words(result, section) for section in ids],
        receiver_name="",
        done="",
        missing="",
        building="",
    )


def _opinions(result: Result) -> Sheet:
    """意见采纳情况表: every opinion entered, and what became of it."""
    contract = CONTRACTS["opinions"]
    table = result.district.opinions.reindex(columns=list(contract.names))
    names = result.supply.sites["name"]
    told = {name: [_word(contract.column(name).words, value) for value in table[name]] for name in _CHOSEN}
    rows = table.assign(**told, school=table["school_id"].map(names).fillna(table["school_id"]))
    columns = (
        *texts(("source", _("意见来源")), ("school", _("学校")), ("stage", _("学段")), ("kind", _("方式"))),
        *texts(("date", _("日期"))),
        *numbers(Format.WHOLE, ("asked", _("人数")), ("in_favor", _("赞成")), ("against", _("反对"))),
        *texts(("majority_against", _("多数反对")), ("travel_safe", _("上下学方便安全")), ("beds_enough", _("床位够"))),
        *texts(("meals_enough", _("就餐够")), ("receiver_fits", _("接收校不超规模")), ("text", _("内容"))),
        *texts(("adopted", _("采纳与否")), ("reason", _("理由"))),
    )
    return Sheet(_("T22 意见采纳"), _("意见采纳情况表"), _("单位：人"), columns, rows)


def _word(words: Mapping[str, str], value: object) -> str:
    """The word of a cell in the language spoken; nothing where the cell is empty."""
    title = words.get(str(value), "")
    return _(title) if title else ""


def _journeys(result: Result) -> Sheet:
    """Each child's journey before and after, by unit and band."""
    found = result.closures.journeys
    found = found[found["children"] > 0]
    names, units = section_names(result), unit_names(result)
    rows = found.assign(
        school=[section_words(names, section) for section in found["section_id"].astype(str)],
        unit=found["unit_id"].map(units),
        band_name=[band_of(str(band)).title for band in found["band"]],
        to_school=[section_words(names, section) or _("（没有学位）") for section in found["to_section"].astype(str)],
        way_name=[
            label(Way(way)) if section else "" for way, section in zip(found["way"], found["to_section"], strict=True)
        ],
        change=found["minutes_after"].astype(float) - found["minutes_before"].astype(float),
    )
    columns = (
        *texts(("school", _("撤并学校"))),
        *numbers(Format.YEAR, ("year", _("年份"))),
        *texts(("unit_id", _("单元编号")), ("unit", _("单元")), ("band_name", _("年级段"))),
        *numbers(Format.TENTH, ("children", _("学生"))),
        *texts(("to_school", _("就读学校")), ("way_name", _("方式"))),
        *numbers(Format.TENTH, ("minutes_before", _("现通学分钟")), ("minutes_after", _("新通学分钟"))),
        *numbers(Format.TENTH, ("change", _("增减分钟")), ("limit", _("时限"))),
    )
    note = _("随家进镇的学生按从镇区住处上学计；寄宿生为回家一趟的时间。")
    return Sheet(_("T22 撤并通学"), _("撤并前后逐单元通学表"), _("单位：人、分钟"), columns, rows, note)
