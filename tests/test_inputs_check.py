"""The consistency check: each thing that does not add up is told with its figures and never stops a run."""

from __future__ import annotations

from pathlib import Path

import pytest

from simulator.inputs import check_consistency, read_district
from tests.inputs_cases import DECLARATION, TABLES, edited, write_folder

ENROLMENT = """\
school_id  stage    grade  year  pupils
s1         小学     1      2025  90
s1         小学     2      2025  40
s2         小学     1      2025  9
s2         小学     5      2025  3
s1         初中     7      2025  12
"""

CASES = {
    # s1, grade 1: classes 45 + 44 = 89, enrolment 90; grade 2: no class, enrolment 40.
    "classes and enrolment disagree": (
        {"enrolment": ENROLMENT},
        "在校生 enrolment.csv 一小（s1） 小学  2025 学年班级表 89 人，在校生表 130 人"
        "（1年级 89 与 90；2年级 0 与 40） → 以班级表为准",
    ),
    "enrolment of a section that is not there": (
        {"enrolment": ENROLMENT},
        "在校生 enrolment.csv 一小（s1）  没有初中学部，却有 1 行 → 核对学段，或补上学部",
    ),
    "enrolment in a grade that the section does not run": (
        {"enrolment": ENROLMENT},
        "在校生 enrolment.csv 上村点（s2）  小学不办5年级，却有 3 人 → 核对起止年级",
    ),
    "a section without classes": (
        {"classes": "\n".join(line for line in TABLES["classes"].splitlines() if not line.startswith("s2"))},
        "班级 classes.csv 上村点（s2） 小学  没有班级 → 按 0 班 0 人计；停用的学校请改状态",
    ),
    "a school without sections": (
        {
            "sections": "\n".join(line for line in TABLES["sections"].splitlines() if not line.startswith("s3")),
            "classes": "\n".join(line for line in TABLES["classes"].splitlines() if not line.startswith("s3")),
        },
        "学部 sections.csv 民办园（s3）  没有学部 → 不计学位",
    ),
    "an extreme class": (
        edited("classes", "45", "66"),
        "班级 classes.csv 一小（s1）  小学1年级（01）班 66 人，达到超大班额 66 人 → 核对人数；属实则计入现状",
    ),
    "a catchment of a stage that the school does not have": (
        edited("catchments", "008      小学", "008      初中"),
        "招生范围 catchments.csv 一小（s1）  没有初中学部，却有 1 行 → 核对学段，或补上学部",
    ),
    "a unit without catchment": (
        edited("catchments", "008      小学   s1\n", ""),
        "招生范围 catchments.csv 西街（008）  没有划入任何小学 → 按就近推定",
    ),
    "a unit without population": (
        edited("population", "102      6    8          -\n", ""),
        "人口 population.csv 下村（102）  没有人口 → 按 0 人计",
    ),
    # 45 + 44 + 9 = 98 pupils; aged 6–11: 40 + 41 + 20 + 9.5 + 8 = 118.5 residents, less 41 and 20 = 57.5.
    "more pupils than residents": (
        {"population": "unit_id age residents\n007 6 40\n101 6 9.5\n102 6 8\n"},
        "人口 population.csv 小学  在校生 98 人，多于6—11 岁常住儿童 58 人 → 差额按口径差列出",
    ),
    "pupils where nobody of their age lives": (
        {"population": "unit_id age residents\n007 6 400\n"},
        "人口 population.csv 上乡  小学在校生 9 人，而本乡镇街道没有6—11 岁常住儿童 → 核对乡镇街道名称和人口",
    ),
    "a parcel in conflict": (
        {},
        "教育用地 parcels.csv 北地块（p1）  30000 平方米，与永久基本农田冲突 → 不作为新建用地",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_what_does_not_add_up_is_told_with_figures(tmp_path: Path, case: str) -> None:
    changes, expected = CASES[case]
    district = read_district(write_folder(tmp_path / "d", changes))
    assert expected in [str(problem) for problem in check_consistency(district, 2025)]


def test_a_table_older_than_the_base_year_is_told(tmp_path: Path) -> None:
    declaration = DECLARATION.replace("as_of = 2025", "[as_of]\ndefault = 2025\npopulation = 2020\nunits = 2020")
    district = read_district(write_folder(tmp_path / "d", declaration=declaration))
    expected = "单元、人口  数据年份 2020，早于基准年 2025 5 年 → 人口逐年推算到基准年，其余按未变使用"
    assert str(check_consistency(district, 2025)[0]) == expected


def test_a_district_that_adds_up_has_nothing_to_tell(tmp_path: Path) -> None:
    changes = {
        **edited("parcels", "永久基本农田", "-"),
        # 25 children of 小班 live where they go to kindergarten.
        **edited("population", "007      7    41 ", "007      3    41 "),
        **edited("classes", "s1         小学     一年级 02        44\n", ""),
    }
    district = read_district(write_folder(tmp_path / "d", changes))
    assert check_consistency(district, 2025) == ()


def test_a_register_of_another_year_is_told(tmp_path: Path) -> None:
    enrolment = "school_id stage grade year pupils\ns1 小学 1 2023 90\n"
    district = read_district(write_folder(tmp_path / "d", {"classes": None, "enrolment": enrolment}))
    found = [str(problem) for problem in check_consistency(district, 2025)]
    assert "在校生 enrolment.csv  没有班级表，在校生表也没有 2025 学年 → 在校生表最近为 2023 学年" in found


def test_the_same_finding_in_many_places_is_counted(tmp_path: Path) -> None:
    units = TABLES["units"] + "".join(f"n{i} 新村{i} 上乡 乡村 - 505000 3305000\n" for i in range(25))
    district = read_district(write_folder(tmp_path / "d", {"units": units}))
    found = [problem.what for problem in check_consistency(district, 2025)]
    assert found.count("没有人口") == 20
    assert "另有 5 处同样的情况" in found
