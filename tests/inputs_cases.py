"""A district of four units and three schools as aligned text, and ways to write it as a planner would."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from simulator.errors import InputError
from simulator.inputs import read_district

DECLARATION = """\
name = "甲区"
title = "甲区布局规划"
crs = "EPSG:4546"
as_of = 2025
"""

TABLES = {
    "units": """\
unit_id  name  township  area_kind  terrain  x       y
007      东街  城关镇    城区       -        500000  3300000
008      西街  城关镇    city       plain    501000  3300000
101      上村  上乡      220        山地     505000  3304000
102      下村  上乡      乡村       丘陵     506000  3304000
""",
    "population": """\
unit_id  age  residents  registered
007      6    40         30
007      7    41         -
008      6    20         -
101      6    9.5        -
102      6    8          -
""",
    "schools": """\
school_id  school_code        name      parent  township  x       y        affiliation  nature            decided_here  status  rooms  protected
s1         2133000000000001   一小      -       城关镇    500100  3300100  县区         教育部门          是            现状    12     -
s2         -                  上村点    s1      上乡      505100  3304100  county       education_bureau  true          现状    -      1
s3         -                  民办园    -       城关镇    501100  3300100  民办         非普惠民办        否            现状    -      否
""",
    "sections": """\
school_id  stage         grade_from  grade_to  kind              lodging  seats
s1         小学          1           6         完小              走读     -
s2         primary       1           3         teaching_point    -        -
s3         幼儿园        小班        大班      幼儿园            -        180
""",
    "classes": """\
school_id  stage    grade  class_no  pupils
s1         小学     1      01        45
s1         小学     一年级 02        44
s2         primary  1      1         9
s3         幼儿园   小班   1         25
""",
    "catchments": """\
unit_id  stage  school_id
007      小学   s1
008      小学   s1
101      小学   s2
102      小学   s2
""",
    "parcels": """\
parcel_id  name    township  x       y        stages      area_m2   supply_year  conflict
p1         北地块  城关镇    500500  3300900  小学、初中  30,000    2027         永久基本农田
""",
}


def rows_of(text: str) -> list[list[str]]:
    """Header and rows of aligned text; `-` is an empty cell."""
    return [["" if word == "-" else word for word in line.split()] for line in text.splitlines()]


def csv_of(text: str) -> str:
    """Aligned text as CSV."""
    return "".join(",".join(f'"{cell}"' if "," in cell else cell for cell in row) + "\n" for row in rows_of(text))


def write_folder(
    folder: Path,
    changes: Mapping[str, str | None] | None = None,
    *,
    declaration: str = DECLARATION,
    encoding: str = "utf-8",
    names: Mapping[str, str] | None = None,
) -> Path:
    """Write the district as CSV files; `changes` replace tables, or leave them out with None."""
    folder.mkdir(exist_ok=True)
    (folder / "district.toml").write_text(declaration, encoding="utf-8")
    for table, text in (TABLES | dict(changes or {})).items():
        if text is not None:
            stem = (names or {}).get(table, table)
            (folder / f"{stem}.csv").write_text(csv_of(text), encoding=encoding)
    return folder


def edited(table: str, old: str, new: str) -> dict[str, str]:
    """The table with one text replaced, which must stand in it."""
    assert old in TABLES[table]
    return {table: TABLES[table].replace(old, new, 1)}


def problems_of(path: Path) -> list[str]:
    """The problems of a district, one line each."""
    with pytest.raises(InputError) as raised:
        read_district(path)
    assert raised.value.exit_code == 2
    return [str(problem) for problem in raised.value.problems]
