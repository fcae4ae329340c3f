"""The small invented district with a private kindergarten, levers, own targets, sources of money and budgets."""

from __future__ import annotations

from pathlib import Path

from tests.cli_cases import add, write_small

SCHOOL = "S008,9001000008,蔚汀幼儿园,,样心街道,479700,4490700,民办,非普惠民办,否,现状,2005,3,3,2000,1100,650,0,,150000,3,否\n"
SECTION = "S008,幼儿园,小班,大班,幼儿园,择园就近,否,走读,全部,,\n"
CLASSES = "".join(f"S008,幼儿园,{grade},1,20\n" for grade in ("小班", "中班", "大班"))
FUNDING = "学校或地块编号,来源,所占比例\nP01,专项债券,0.6\n"
FUNDS = "年份,来源,金额（万元）\n2027,专项债券,100\n"
BUDGETS = "年份,一般公共预算教育支出（万元）,公用经费（万元）,教师培训经费（万元）\n2025,5000,150,8\n2026,4900,150,3\n"
LEVERS = """
[solver]
time_limit_s = 20

[levers]
private_exit = { kindergarten = 0.5 }
nursery_seats_new = 28

[[levers.temporary]]
place = "S002"
stage = "primary"
rooms = 2
first_year = 2027
last_year = 2028

[[levers.bought]]
school = "S008"
stage = "kindergarten"
first_year = 2026
last_year = 2026
seats = 30
price_yuan = 5000

[[levers.recognised]]
school = "S008"
year = 2026

[[targets]]
item = "kindergarten_public"
least = 0.95
year = 2026

[[targets]]
item = "new_seats"
least = 100000
year = 2030
"""


def write_with_levers(folder: Path, levers: str = LEVERS) -> Path:
    """The district and its scenario in a folder; returns the scenario file."""
    path = write_small(folder)
    data = folder / "data"
    for name, text in (("schools", SCHOOL), ("sections", SECTION), ("classes", CLASSES)):
        add(data / f"{name}.csv", text)
    for name, text in (("funding", FUNDING), ("funds", FUNDS), ("budgets", BUDGETS)):
        (data / f"{name}.csv").write_text(text, encoding="utf-8")
    add(path, levers)
    return path
