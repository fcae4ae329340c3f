"""What a district says about itself, beside its tables: names of files and sheets, keys, their meaning."""

from __future__ import annotations

DECLARATION_FILE = "district.toml"
WORKBOOK_FILE = "district.xlsx"
DECLARATION_SHEETS = ("说明", "district")
NOTES_SHEET = "填写说明"
RECORD_FILE = "manifest.json"
"""Written beside the tables by `update`: what they were made from; no table."""

DECLARATION_KEYS = {
    "name": "名称",
    "title": "标题",
    "invented": "虚构",
    "crs": "坐标系",
    "licence": "许可",
    "source": "来源",
    "as_of": "数据年份",
}
"""Key → its Chinese word."""

DECLARATION_NOTES = {
    "name": "地区简称，必填",
    "title": "成果上的标题；空着用名称",
    "invented": "是否虚构地区，true 或 false（是或否）；空着为否。虚构地区的成果都标“演示”",
    "crs": "x、y 坐标和未声明坐标系的图层所用的坐标系，例如 EPSG:4546；表中有坐标时必填",
    "licence": "数据许可",
    "source": "数据来源",
    "as_of": (
        "数据年份，必填；各表不同时写成表 [as_of]，例如 population = 2020，default 为其余各表"
        "（工作簿中另起一行，写 数据年份.人口）"
    ),
}
"""Key → what it holds, in Chinese."""
