"""The sheet of capital under the four heads in which a bureau accounts for it."""

from __future__ import annotations

import pandas as pd

from simulator.indicators.capital_heads import CAPITAL_HEADS, EQUIPMENT, PRESCHOOL, RENEWAL, REPAIR
from simulator.language import translate as _
from simulator.outputs.workbook.sheet import Format, Sheet, numbers, texts
from simulator.result import Result

_PLACE = 23.5


def capital_words() -> dict[str, str]:
    """The four heads of capital in a planner's words."""
    return {
        PRESCHOOL: _("学前"),
        RENEWAL: _("新建改造"),
        EQUIPMENT: _("设备信息化"),
        REPAIR: _("维修"),
    }


def capital_sheets(result: Result) -> list[Sheet]:
    """Capital under four heads by year, the sum last; nothing where nothing was measured."""
    if result.finance.heads.empty:
        return []
    heads = result.finance.heads
    wide = heads.pivot_table(index="year", columns="head", values="amount_wan", aggfunc="sum")[[*CAPITAL_HEADS]]
    rows = pd.concat([wide, wide.sum().to_frame().T]).assign(total=lambda table: table.sum(axis=1))
    rows = rows.assign(when=[*(_("{year}年").format(year=year) for year in wide.index), _("合计")])
    words = capital_words()
    columns = (
        *texts(("when", _("年度"))),
        *numbers(Format.TENTH, *((head, words[head]) for head in CAPITAL_HEADS), ("total", _("合计"))),
    )
    note = _(
        "学前、新建改造为本方案的基建投资（T23），分别是幼儿园和其余学段的工程；设备信息化为规划目标年本局公办义务教育学校的教学仪器设备、"
        "网络多媒体教室与标准的差额，按规划年份平均安排；维修 = 当年办学校区的校舍建筑面积（未填的按教学用房面积）× 年维修单价。后两类是另行测算，不在基建预算之内；"
        "没有填报设备、面积的学校不计。"
    )
    return [
        Sheet(
            _("投资分类"),
            _("投资分类汇总表（四类）"),
            _("单位：万元"),
            columns,
            rows.reset_index(drop=True),
            note,
            place=_PLACE,
        )
    ]
