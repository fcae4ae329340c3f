"""An empty district to fill in: a workbook with drop-down lists and notes, and a scenario that points at it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from simulator.errors import InputError, Problem
from simulator.inputs.contracts import CGCS2000_BANDS, Column, Contract, Kind
from simulator.inputs.contracts_all import CONTRACTS
from simulator.inputs.contracts_declaration import (
    DECLARATION_KEYS,
    DECLARATION_NOTES,
    DECLARATION_SHEETS,
    NOTES_SHEET,
    WORKBOOK_FILE,
)
from simulator.inputs.reference import KIND_WORDS, column_notes, empty_meaning
from simulator.language import translate as _
from simulator.scenario.horizon import HorizonSettings

SCENARIO_FILE = "scenario.toml"
_LAST_ROW = 20_000
_GRADES = ["小班", "中班", "大班", *(str(grade) for grade in range(1, 13))]
_KEY_WIDTH, _NOTE_WIDTH, _ROW_HEIGHT = 14, 70, 32
_TEXT_KINDS = (Kind.CODE, Kind.TEXT, Kind.DATE, Kind.GEOMETRY, Kind.WORD, Kind.WORDS, Kind.GRADE)

_SCENARIO = """\
# 规划情景。井号后是说明；把要改的行去掉行首的井号再改。
# 全部设置和默认值见程序所附的 scenarios/defaults.toml。
#
# 用法：先填好同一文件夹中的 {workbook}，再依次运行
#   python cli.py check {scenario}
#   python cli.py optimize {scenario}

title = "学校布局规划"            # 印在所有成果上的标题

[district]
folder = "."                      # 数据所在文件夹：{workbook}，以及放在一起的图层（如 units.gpkg）

[horizon]
base_year = {base_year}                  # 基准年，指 {base_year}—{next_year} 学年，9月1日统计
target_year = {target_year}                # 规划目标年
projection_to = {projection_to}              # 预测到哪一年

# [outputs]
# author = "某某县教育局"         # 编制单位，印在图和表上

# [budget]
# capital_wan = [0, 5000, 8000]   # 分期建设资金（万元），第一个数是第一期以前；不写表示不限

# [candidates]
# close_below_pupils = 100        # 少于此人数的教学点才可提出撤并
# build = true                    # 可否在教育用地上新建
# extend = true                   # 可否扩建
# convert = true                  # 可否学段转换

# [[decisions]]                   # 已经定下的事，一件一段
# place = "学校编号或地块编号"
# decision = "keep"               # keep 保留、close 撤并、build 新建、extend 扩建、forbid 不得变动
# year = {target_year}
"""


def write_template(folder: Path) -> tuple[Path, ...]:
    """Write an empty district and its scenario into a new or empty folder.

    Parameters
    ----------
    folder
        The folder; it is made if it does not exist.

    Returns
    -------
    tuple of Path
        The workbook and the scenario.

    Raises
    ------
    InputError
        The folder holds anything already, is a file, or cannot be written.
    """
    folder = Path(folder)
    _refuse_used(folder)
    workbook, scenario = folder / WORKBOOK_FILE, folder / SCENARIO_FILE
    horizon = HorizonSettings()
    text = _SCENARIO.format(
        workbook=WORKBOOK_FILE,
        scenario=SCENARIO_FILE,
        base_year=horizon.base_year,
        next_year=horizon.base_year + 1,
        target_year=horizon.target_year,
        projection_to=horizon.projection_to,
    )
    try:
        folder.mkdir(parents=True, exist_ok=True)
        scenario.write_text(text, encoding="utf-8")
        write_workbook(workbook, {}, {})
    except OSError as error:
        problem = Problem(str(folder), _("写不进去：{error}").format(error=error.strerror))
        raise InputError(_("不能生成模板"), [problem]) from error
    return workbook, scenario


def _refuse_used(folder: Path) -> None:
    """Refuse a folder that holds anything, so that nobody's data is overwritten."""
    if folder.exists() and not folder.is_dir():
        fault = _("是文件，不是文件夹")
    elif folder.is_dir() and any(folder.iterdir()):
        fault = _("文件夹不是空的")
    else:
        return
    raise InputError(_("不能生成模板"), [Problem(str(folder), fault, _("换一个新的文件夹名"))])


def write_workbook(path: Path, tables: dict[str, Sequence[Sequence[str]]], declaration: dict[str, str]) -> None:
    """Write the workbook of a district: a sheet a table, the declaration and the notes.

    Parameters
    ----------
    path
        The .xlsx file.
    tables
        Table name → rows of text, in the order of the contract's columns; a table that is not
        named is empty.
    declaration
        Key of the declaration → value.
    """
    import xlsxwriter

    book = xlsxwriter.Workbook(str(path), {"strings_to_numbers": False})
    formats = {
        "title": book.add_format({"bold": True, "font_size": 14}),
        "required": book.add_format({"bold": True, "bg_color": "#F8CBAD", "border": 1, "text_wrap": True}),
        "optional": book.add_format({"bold": True, "bg_color": "#DDEBF7", "border": 1, "text_wrap": True}),
        "text": book.add_format({"num_format": "@"}),
        "wrap": book.add_format({"text_wrap": True, "valign": "top"}),
    }
    _declaration_sheet(book, formats, declaration)
    _notes_sheet(book, formats)
    for name, contract in CONTRACTS.items():
        _table_sheet(book, formats, contract, tables.get(name, ()))
    book.close()


def _declaration_sheet(book: Any, formats: dict[str, Any], declaration: dict[str, str]) -> None:  # noqa: ANN401 — xlsxwriter ships no types
    """The sheet 说明: keys, values to fill in, and what they are."""
    sheet = book.add_worksheet(DECLARATION_SHEETS[0])
    sheet.set_column(0, 0, _KEY_WIDTH)
    sheet.set_column(1, 1, _KEY_WIDTH * 2, formats["text"])
    sheet.set_column(2, 2, _NOTE_WIDTH)
    sheet.write_row(0, 0, [_("项目"), _("填写"), _("说明")], formats["optional"])
    for row, (key, chinese) in enumerate(DECLARATION_KEYS.items(), start=1):
        required = key in {"name", "crs", "as_of"}
        sheet.write_string(row, 0, chinese, formats["required" if required else "optional"])
        sheet.write_string(row, 1, declaration.get(key, ""), formats["text"])
        sheet.write_string(row, 2, _(DECLARATION_NOTES[key]), formats["wrap"])
        if key == "invented":
            sheet.data_validation(row, 1, row, 1, {"validate": "list", "source": ["是", "否"]})
        if key == "crs":
            # Other systems may be typed in: the list only informs.
            rule = {"validate": "list", "source": list(CGCS2000_BANDS), "error_type": "information"}
            sheet.data_validation(row, 1, row, 1, rule)
    sheet.freeze_panes(1, 0)


def _notes_sheet(book: Any, formats: dict[str, Any]) -> None:  # noqa: ANN401 — xlsxwriter ships no types
    """The sheet that describes every table and column."""
    sheet = book.add_worksheet(NOTES_SHEET)
    header = [_("表"), _("列"), _("类型"), _("单位"), _("空单元格"), _("取值与说明")]
    sheet.write_row(0, 0, header, formats["optional"])
    sheet.set_column(0, 4, _KEY_WIDTH * 1.4, formats["wrap"])
    sheet.set_column(5, 5, _NOTE_WIDTH, formats["wrap"])
    row = 1
    for contract in CONTRACTS.values():
        without = _("必需的表") if contract.required else _("没有此表时：{assumed}").format(assumed=_(contract.assumed))
        sheet.write_row(row, 0, [_(contract.chinese), _(contract.row), "", "", "", without], formats["optional"])
        for number, column in enumerate(contract.columns, start=row + 1):
            cells = (
                _(contract.chinese),
                column.chinese,
                _(KIND_WORDS[column.kind]),
                _(column.unit),
                _(empty_meaning(column)),
                column_notes(column),
            )
            sheet.write_row(number, 0, cells)
        row += len(contract.columns) + 1
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, row - 1, len(header) - 1)


def _table_sheet(book: Any, formats: dict[str, Any], contract: Contract, rows: Sequence[Sequence[str]]) -> None:  # noqa: ANN401 — xlsxwriter ships no types
    """The sheet of a table: headers with comments, drop-down lists, codes as text."""
    sheet = book.add_worksheet(contract.chinese)
    sheet.set_row(0, _ROW_HEIGHT)
    sheet.freeze_panes(1, 1)
    for number, column in enumerate(contract.columns):
        is_text = column.kind in _TEXT_KINDS
        width = max(2 * len(column.chinese) + 2, 10)
        sheet.set_column(number, number, width, formats["text"] if is_text else None)
        sheet.write_string(0, number, column.header, formats["required" if column.required else "optional"])
        sheet.write_comment(0, number, header_comment(column), {"x_scale": 2, "y_scale": 1.5})
        rule = _cell_rule(column)
        if rule:
            sheet.data_validation(1, number, _LAST_ROW, number, rule)
    for number, row in enumerate(rows, start=1):
        for position, (column, text) in enumerate(zip(contract.columns, row, strict=True)):
            if text and column.kind in {Kind.INTEGER, Kind.NUMBER, Kind.YEAR}:
                sheet.write_number(number, position, float(text))
            elif text:
                sheet.write_string(number, position, text)


def header_comment(column: Column) -> str:
    """The comment on a header: type, unit, what an empty cell means, allowed values."""
    lines = [_("类型：{kind}").format(kind=_(KIND_WORDS[column.kind]))]
    if column.unit:
        lines.append(_("单位：{unit}").format(unit=_(column.unit)))
    lines.append(_("必填") if column.required else _("空着：{empty}").format(empty=_(column.empty)))
    notes = column_notes(column)
    return "\n".join([*lines, notes] if notes else lines)


def _cell_rule(column: Column) -> dict[str, Any] | None:
    """The check that Excel makes while a planner types into a column."""
    choices = {
        Kind.WORD: list(column.words.values()),
        Kind.BOOLEAN: ["是", "否"],
        Kind.GRADE: _GRADES,
    }.get(column.kind)
    if choices:
        # Other accepted spellings may be typed; the reader checks them.
        return {"validate": "list", "source": choices, "error_type": "warning"}
    if column.low is None:
        return None
    rule: dict[str, Any] = {"validate": "decimal" if column.kind is Kind.NUMBER else "integer"}
    if column.high is None:
        return rule | {"criteria": ">=", "value": column.low}
    return rule | {"criteria": "between", "minimum": column.low, "maximum": column.high}
