"""T20: registered, resident and enrolled children by age and township, and school by school."""

from __future__ import annotations

from simulator.language import translate as _
from simulator.outputs.data_check import children_by_age, schools_against_register
from simulator.outputs.edition import is_public
from simulator.outputs.workbook.sheet import Format, Sheet, numbers, texts
from simulator.result import Result


def checking_sheets(result: Result) -> list[Sheet]:
    """T20 in two sheets; the public edition has the whole district by age alone."""
    return [_by_age(result)] if is_public(result) else [_by_age(result), _by_school(result)]


def _by_age(result: Result) -> Sheet:
    rows = children_by_age(result)
    if is_public(result):
        rows = rows[rows["township"] == ""].reset_index(drop=True)
    rows = rows.assign(place=rows["township"].where(rows["township"] != "", _("合计")))
    columns = (
        *texts(("place", _("乡镇街道"))),
        *numbers(Format.YEAR, ("age", _("年龄"))),
        *numbers(Format.WHOLE, ("registered", _("户籍")), ("residents", _("常住"))),
        *numbers(Format.WHOLE, ("migrants", _("其中随迁")), ("register", _("学籍"))),
        *numbers(Format.WHOLE, ("away", _("户籍−常住")), ("beyond", _("学籍−常住"))),
        *texts(("words", _("差异说明"))),
    )
    note = _(
        "{year}年，年龄为8月31日满周岁；户籍、随迁为人口表的登记数，早于基准年的按同一出生年份移到基准年；学籍按年级折算年龄（一年级6岁），记在学校所在的乡镇街道。空格为没有数据。"
    ).format(year=result.scenario.horizon.base_year)
    return Sheet(_("T20 数据核对"), _("户籍、常住、学籍核对表（单岁年龄）"), _("单位：人"), columns, rows, note)


def _by_school(result: Result) -> Sheet:
    columns = (
        *texts(("school", _("学校")), ("section_id", _("学部编号")), ("stage_name", _("学段"))),
        *numbers(Format.WHOLE, ("catchment_children", _("片内学龄儿童"))),
        *numbers(Format.SHARE, ("share", _("就读率"))),
        *numbers(Format.WHOLE, ("expected", _("推算在校")), ("register", _("学籍在校")), ("difference", _("口径差"))),
        *texts(("words", _("差异说明"))),
    )
    note = _("口径差 = 学籍在校 − 片内学龄儿童 × 就读率；来自择校、寄宿、户籍与常住不一致等，基准年以学籍为准。")
    rows = schools_against_register(result)
    return Sheet(_("T20 学校核对"), _("数据核对表（口径差）"), _("单位：人"), columns, rows, note)
