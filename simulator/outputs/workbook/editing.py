"""The sheets in which a planner changes the plan, and the hidden ones that tell what was changed."""

from __future__ import annotations

from itertools import zip_longest

import pandas as pd
from xlsxwriter.utility import xl_col_to_name

from simulator.language import translate as _
from simulator.outputs.editable import (
    BASELINE,
    BASELINE_COLUMNS,
    CONVERTED,
    Editable,
    action_words,
    baseline,
    editable,
    key_columns,
    work_columns,
    zone_title,
)
from simulator.outputs.titles import section_names
from simulator.outputs.workbook.sheet import FIRST_ROW, Column, Format, Sheet, texts
from simulator.result import Result
from simulator.terms import Stage, label

_PLACE = 90.0
_ACTIONS = "do"


def editing_sheets(result: Result) -> list[Sheet]:
    """Schools of every unit, works of every section, and what they are compared with; none in the public edition."""
    if result.scenario.outputs.edition == "public":
        return []
    tables = editable(result)
    zones, works, lists = _("改招生范围"), _("改学校举措"), _("可选学校")
    choices = dict(tables.schools) | {_ACTIONS: tuple(w for key, w in action_words().items() if key != CONVERTED)}
    ranges = {
        name: f"='{lists}'!${xl_col_to_name(at)}${FIRST_ROW + 1}:${xl_col_to_name(at)}${FIRST_ROW + len(values)}"
        for at, (name, values) in enumerate(choices.items())
    }
    return [
        _zones(result, tables, zones, ranges),
        _works(result, tables, works, ranges),
        _lists(lists, choices),
        Sheet(
            BASELINE,
            BASELINE,
            "",
            texts(*((name, name) for name in BASELINE_COLUMNS)),
            baseline(result, tables, zones, works),
            place=_PLACE + 3,
            hidden=True,
        ),
    ]


def _zones(result: Result, tables: Editable, name: str, ranges: dict[str, str]) -> Sheet:
    units = result.district.units.set_index("unit_id")
    rows = tables.zones.reset_index()
    rows["name"] = rows["unit_id"].map(units["name"])
    rows["township"] = rows["unit_id"].map(units["township"])
    columns = [*texts(("unit_id", key_columns()["unit_id"]), ("name", _("单元")), ("township", _("乡镇街道")))]
    columns += [Column(one.name, zone_title(one), choices=ranges[one.band]) for one in tables.columns]
    note = _(
        "黄色格可改：从下拉表选学校，或写学校编号。改后用 audit --plan 校核，或用 optimize --fix-from 固定后重新优化。"
    )
    return Sheet(name, _("改招生范围（逐单元、逐期）"), "", tuple(columns), rows, note, place=_PLACE)


def _works(result: Result, tables: Editable, name: str, ranges: dict[str, str]) -> Sheet:
    titles = work_columns()
    rows = tables.works.rename(columns={"action": "do", "year": "do_year", "amount": "do_amount"})
    rows = rows.assign(
        do=rows["do"].map(action_words()),
        school=section_names(result),
        stage_name=[label(Stage(stage)) for stage in rows["stage"]],
    ).reset_index()
    columns = (
        *texts(("section_id", key_columns()["section_id"]), ("school", _("校名")), ("stage_name", _("学段"))),
        Column("do", titles["do"], choices=ranges[_ACTIONS]),
        Column("do_year", titles["do_year"], Format.YEAR, editable=True),
        Column("do_amount", titles["do_amount"], Format.WHOLE, editable=True),
    )
    note = _(
        "黄色格可改。撤并、新建、改扩建要写生效年份；新建写班数（不写由程序定），改扩建写增加的教室数；“不变动”指不建、不扩、不撤。"
    )
    return Sheet(name, _("改学校举措（逐学部）"), _("单位：年、班、间"), columns, rows, note, place=_PLACE + 1)


def _lists(name: str, choices: dict[str, tuple[str, ...]]) -> Sheet:
    """The values of the drop-down lists, one column a list."""
    rows = pd.DataFrame(list(zip_longest(*choices.values(), fillvalue="")), columns=list(choices), dtype=str)
    return Sheet(name, name, "", texts(*((one, one) for one in choices)), rows, place=_PLACE + 2, hidden=True)
