"""The reference page of all tables, written from their contracts."""

from __future__ import annotations

from simulator.inputs.contracts import FAR_KM, Column, Contract, Kind
from simulator.inputs.contracts_all import CONTRACTS
from simulator.inputs.contracts_declaration import DECLARATION_FILE, DECLARATION_KEYS, DECLARATION_NOTES

KIND_WORDS = {
    Kind.CODE: "编号（文本）",
    Kind.TEXT: "文本",
    Kind.INTEGER: "整数",
    Kind.NUMBER: "数",
    Kind.YEAR: "年份",
    Kind.DATE: "日期",
    Kind.GRADE: "年级",
    Kind.BOOLEAN: "是/否",
    Kind.WORD: "选词",
    Kind.WORDS: "选词（可几个）",
    Kind.GEOMETRY: "几何",
}
"""Kind of column → its Chinese word."""

_INTRODUCTION = """# Tables of a district · 数据表

Generated from the contracts in `simulator/inputs`; do not edit.
由程序中的表格约定生成，请勿手改。

A district is a folder of CSV files (UTF-8 or GB18030) and map layers (GeoPackage, GeoJSON, Shapefile),
or one workbook with a sheet a table. Files, layers, sheets and columns may carry their English or their
Chinese name. A unit in brackets behind a header is checked. A CSV file and a layer of the same table
are joined by its key.

A Shapefile keeps only the first ten bytes of a column name. There, and only there, a name cut to ten bytes
(in UTF-8 or GB18030; half a character at the end is dropped) stands for the column: `单元编` for `单元编号`,
`opening_ye` for `opening_year`. A cut name that may be several columns is an error.
Shapefile 的列名最多 10 个字节：截短后的列名仍按原列读取；可能是几列时报错。

Schools and parcels more than {far_km} km outside the bounding box of the units, and units whose x, y are
farther than that from their polygon, are an error: the declared CRS is probably wrong.
学校、地块离单元范围超过 {far_km} 千米，或单元的 x、y 离其面超过 {far_km} 千米时报错：多半是坐标系写错。

* Grades 年级: `小班 中班 大班` (−2, −1, 0) and `1`–`12`; `三年级`, `初一`, `高三` are understood.
* Flags 是/否: `是 否 true false 1 0`.
* Dates 日期: `2023-05-10`, `2023/5/10`, `2023年5月10日`.
* School years 学年: 2025 is the school year 2025–26, counted on 1 September.
* Codes 编号 are always text: leading zeros are kept.
"""


def contracts_reference() -> str:
    """The reference page as Markdown: every table with its columns, types, units, keys and empty cells."""
    parts = [_INTRODUCTION.format(far_km=FAR_KM), _declaration(), _overview()]
    parts += [_section(contract) for contract in CONTRACTS.values()]
    return "\n".join(parts)


def column_notes(column: Column) -> str:
    """Allowed values, bounds, references and notes of a column, in Chinese."""
    notes = []
    if column.words:
        notes.append("、".join(f"{word}（{value}）" for value, word in column.words.items()))
    if column.low is not None and column.high is not None:
        notes.append(f"{column.low:g} 至 {column.high:g}")
    elif column.low is not None:
        notes.append(f"不小于 {column.low:g}")
    if column.refers:
        notes.append("须在" + "或".join(f"“{CONTRACTS[table].chinese}”" for table in column.refers) + "表中")
    if column.note:
        notes.append(column.note)
    return "；".join(notes)


def empty_meaning(column: Column) -> str:
    """What an empty cell means, in Chinese."""
    return "必填" if column.required else column.empty


def _declaration() -> str:
    rows = [f"| `{key}` | {DECLARATION_KEYS[key]} | {note} |" for key, note in DECLARATION_NOTES.items()]
    head = f"## `{DECLARATION_FILE}` · 工作表“说明”\n\n| key | 键 | 说明 |\n|---|---|---|"
    return "\n".join([head, *rows, ""])


def _overview() -> str:
    rows = [
        f"| [`{name}`](#{name}-{contract.chinese}) | {contract.chinese} | {contract.row} | "
        f"{'必需' if contract.required else contract.assumed} |"
        for name, contract in CONTRACTS.items()
    ]
    return "\n".join(["## Overview · 总表\n", "| table | 表 | 一行是 | 没有此表时 |", "|---|---|---|---|", *rows, ""])


def _section(contract: Contract) -> str:
    """A table's own section."""
    lines = [f"## {contract.name} {contract.chinese}", "", f"一行是{contract.row}。"]
    lines.append("必需。" if contract.required else f"可选；没有此表时：{contract.assumed}。")
    if contract.key:
        keys = "、".join(contract.column(name).chinese for name in contract.key)
        lines.append(f"主键：{keys}。")
    if contract.geometry:
        lines.append(f"几何类型：{'、'.join(contract.geometry)}。")
    lines += ["", "| column | 列名 | 类型 | 空单元格 | 取值与说明 |", "|---|---|---|---|---|"]
    lines += [
        f"| `{column.name}` | {column.header} | {KIND_WORDS[column.kind]} | {empty_meaning(column)} | "
        f"{column_notes(column)} |"
        for column in contract.columns
    ]
    return "\n".join([*lines, ""])
