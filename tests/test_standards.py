"""Every figure has a source, and later files override earlier ones in the open."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from simulator.errors import InputError
from simulator.standards import read_standards, sources_table, standards_folder
from simulator.terms import Basis, Effect, Stage

NATIONAL = ("national.toml",)


@pytest.fixture(scope="module")
def national():
    """The national figures."""
    return read_standards(NATIONAL, {})


def refusal(*files, figures=None):
    with pytest.raises(InputError) as caught:
        read_standards(files, figures or {})
    return str(caught.value)


def test_every_figure_says_where_it_comes_from(national):
    """Title and source are Chinese words, never a web address; units are stated."""
    for figure in national.figures.values():
        assert re.search(r"[一-龥]", figure.title), figure
        assert re.search(r"[一-龥]", figure.source), figure
        assert "http" not in figure.source, figure
        assert "www" not in figure.source, figure
        assert figure.unit, figure


def test_uncertain_figures_never_fail_a_plan(national):
    """What is remembered or assumed (C, D) is advisory and prints as 默认参数(待核)."""
    uncertain = [figure for figure in national.figures.values() if figure.to_be_checked]
    assert uncertain
    assert {figure.effect for figure in uncertain} == {Effect.ADVISORY}
    notes = {row.figure_id: row.note for row in sources_table(national)}
    assert {notes[figure.figure_id] for figure in uncertain} == {"默认参数(待核)"}


def test_assumptions_are_called_so(national):
    """A figure of certainty D says in its source that it is a working default, and only such a one does."""
    for figure in national.figures.values():
        assert (figure.certainty == "D") == figure.source.startswith("工作默认值"), figure


@pytest.mark.parametrize(
    ("figure_id", "value", "certainty", "effect", "basis"),
    [
        ("class_size.primary", 45, "A", Effect.EVALUATION, Basis.TECHNICAL),
        ("class_size.primary_partial", 30, "A", Effect.ADVISORY, Basis.TECHNICAL),
        ("class_size.junior", 50, "A", Effect.EVALUATION, Basis.TECHNICAL),
        ("class_size.kindergarten", 30, "B", Effect.ADVISORY, Basis.POLICY),
        ("class_size.vocational", 40, "D", Effect.ADVISORY, Basis.LOCAL),
        ("class_size_max.primary", 55, "B", Effect.ADVISORY, Basis.POLICY),
        ("oversized.share", 0.05, "B", Effect.RIGID, Basis.POLICY),
        ("school_size.compulsory", 2000, "A", Effect.EVALUATION, Basis.EVALUATION),
        ("area.teaching.junior", 5.8, "A", Effect.EVALUATION, Basis.EVALUATION),
        ("area.sports.primary", 7.5, "A", Effect.EVALUATION, Basis.EVALUATION),
        ("land_per_seat.primary", 20, "D", Effect.ADVISORY, Basis.LOCAL),
        ("radius_m.primary", 500, "B", Effect.ADVISORY, Basis.POLICY),
        ("travel.young_minutes", 30, "B", Effect.RIGID, Basis.POLICY),
        ("alert.yellow", 0.9, "B", Effect.ADVISORY, Basis.LOCAL),
        ("alert.surplus", 0.7, "D", Effect.ADVISORY, Basis.LOCAL),
        ("cost.pupil_year.primary", 720, "A", Effect.RIGID, Basis.POLICY),
        ("cost.seat_capital_wan.primary", 5.5, "D", Effect.ADVISORY, Basis.LOCAL),
        ("building_per_seat_planned.primary_24", 7.9, "C", Effect.ADVISORY, Basis.TECHNICAL),
    ],
)
def test_national_figure(national, figure_id, value, certainty, effect, basis):
    """The figures that decide a plan, with the certainty of the evidence seen for them."""
    figure = national.figures[figure_id]
    assert (figure.value, figure.certainty, figure.effect, figure.basis) == (value, certainty, effect, basis)


@pytest.mark.parametrize(
    "group",
    [
        "class_size",
        "class_size_max",
        "cost.seat_capital_wan",
        "cost.room_capital_wan",
        "cost.class_year",
        "cost.pupil_year",
        "cost.section_year",
        "land_per_seat",
        "staff.posts_per_class",
    ],
)
def test_every_stage_has_it(national, group):
    """What the model asks of every stage is there for every stage."""
    assert [national.value(f"{group}.{stage}") for stage in Stage]


def test_a_class_costs_less_than_a_post(national):
    """Yuan a class and year leave out the posts that pupils bring, or wages would count twice."""
    for stage in Stage:
        assert 0 < national.value(f"cost.class_year.{stage}") < national.value("cost.wage")


def test_modules(national):
    """Class counts of new schools, as standards offer them."""
    assert national.modules == {
        "kindergarten": (6, 9, 12),
        "primary": (12, 18, 24, 30, 36),
        "junior": (12, 18, 24, 30, 36),
        "nine_year": (18, 27, 36, 45),
        "senior": (24, 30, 36, 48, 60),
        "partial_primary": (4,),
    }


def test_later_files_and_the_scenario_override():
    """Every replaced figure is kept beside the one in force; title and unit need not be repeated."""
    standards = read_standards((*NATIONAL, "example_local.toml"), {"class_size.primary": 38, "class_size.junior": 48.0})
    pairs = [(earlier.figure_id, earlier.value, later.value, later.file) for earlier, later in standards.replaced]
    assert pairs == [
        ("class_size.junior", 50, 48, "scenario"),
        ("class_size.primary", 45, 40, "example_local.toml"),
        ("class_size.primary", 40, 38, "scenario"),
        ("cost.seat_capital_wan.primary", 5.5, 6.2, "example_local.toml"),
        ("land_per_seat.primary", 20, 18, "example_local.toml"),
        ("radius_m_rural.primary", 2000, 2500, "example_local.toml"),
    ]
    assert standards.modules["primary"] == (18, 24, 30, 36)
    own = standards.figures["class_size.primary"]
    assert (own.title, own.unit, own.basis, own.effect) == ("完全小学标准班额", "人/班", Basis.LOCAL, Effect.OWN)
    row = next(row for row in sources_table(standards) if row.figure_id == "class_size.primary")
    assert (row.value, row.basis, row.effect, row.source, row.note) == (38, "本地目标", "自定", "本情景自定", "")
    assert row.instead_of.startswith("45（GB 50099-2011")
    assert row.instead_of.endswith("；40（示例县小班化推进方案（演示））")


def test_both_ways_of_writing_a_figure(tmp_path):
    """`[figures."a.b"]` and `[figures.a.b]` are the same figure."""
    rest = 'title = "甲"\nvalue = 3\nunit = "人"\nbasis = "local"\neffect = "own"\nsource = "乙"\ncertainty = "A"\n'
    (tmp_path / "one.toml").write_text(f'[figures."a.b"]\n{rest}', encoding="utf-8")
    (tmp_path / "two.toml").write_text(f"[figures.a.b]\n{rest}", encoding="utf-8")
    figures = [read_standards((tmp_path / name,), {}).value("a.b") for name in ("one.toml", "two.toml")]
    assert figures == [3, 3]


def test_every_fault_of_a_norm_file_at_once(tmp_path, monkeypatch):
    """Faults are told with line, figure, value and what would be right."""
    monkeypatch.chdir(tmp_path)
    Path("bad.toml").write_text(
        """titel = "x"
[modules]
primry = [12]
junior = [18, 12]
[figures."class_size.primary"]
title = "甲"
value = "四十"
unit = "人"
basis = "laws"
effect = "rigid"
source = ""
certainty = "D"
[figures.radius_m.primary]
title = "乙"
value = -1
yaer = 2020
[figures]
"cost.wage" = 5
""",
        encoding="utf-8",
    )
    assert refusal(Path("bad.toml")) == (
        """bad.toml：11 个问题
  第 1 行   titel：没有这项；是否想写 title？
  第 3 行   modules.primry：没有这项；是否想写 primary？
  第 4 行   modules.junior = [18, 12]：应为由小到大的班数，形如 [12, 18, 24]
  第 7 行   class_size.primary.value = "四十"：应为数字
  第 9 行   class_size.primary.basis = "laws"：应为 law（法律法规）、policy（规范性文件）、evaluation（督导评估）、technical（技术标准）、local（本地目标） 之一
  第 10 行  class_size.primary：可信度为 C、D 的数据不得定为刚性（rigid）
  第 11 行  class_size.primary.source = ""：应为加引号的文字，不能为空
  第 13 行  radius_m.primary：缺少 unit、basis、effect、source、certainty
  第 15 行  radius_m.primary.value = -1：应为不小于 0 的数
  第 16 行  radius_m.primary.yaer = 2020：没有这项；是否想写 year？
  第 18 行  cost.wage：缺少 title、unit、basis、effect、source、certainty"""
    )


def test_files_that_are_not_there(tmp_path):
    """A misspelled norm file is told with the nearest; a broken one with its place; both at once."""
    (tmp_path / "broken.toml").write_text("a = = 1\n", encoding="utf-8")
    said = refusal("natonal.toml", tmp_path / "broken.toml")
    assert said.startswith("规范数据：2 个问题\n  natonal.toml  找不到规范文件；是否想写 national.toml？\n")
    assert "broken.toml:1:5" in said


@pytest.mark.parametrize(
    ("figures", "said"),
    [
        (
            {"class_size.primry": 40.0},
            "standards.figures.class_size.primry = 40.0：规范文件中没有这项数据；是否想写 class_size.primary？",
        ),
        ({"cost.wage": -1.0}, "standards.figures.cost.wage = -1.0：应为不小于 0 的数"),
        ({"class_size.primary": 60.0}, "standards.figures.class_size.primary = 60.0：大于 class_size_max.primary = 55"),
        ({"alert.yellow": 1.5}, "standards.figures.alert.yellow = 1.5：大于 alert.red = 1"),
    ],
)
def test_own_figures_that_cannot_be(figures, said):
    """A scenario's own figure must exist, be a number, and leave limits in their order."""
    assert refusal(*NATIONAL, figures=figures).split("\n  ")[1] == said


def test_files_that_contradict_each_other(tmp_path):
    """A local file that lowers a limit below the norm under it is told with its line."""
    local = tmp_path / "local.toml"
    local.write_text(
        'title = "甲"\n[figures.class_size_max.primary]\nvalue = 40\nbasis = "local"\neffect = "own"\n'
        'source = "乙"\ncertainty = "A"\n',
        encoding="utf-8",
    )
    said = refusal(*NATIONAL, local).split("\n  ")[1]
    assert said == "第 2 行  class_size_max.primary = 40：小于 class_size.primary = 45"


def test_norm_files_are_found_without_the_repository(national):
    """The folder holds the national file, whether in the repository or in the package."""
    path = standards_folder() / "national.toml"
    assert set(tomllib.loads(path.read_text(encoding="utf-8"))) == {"title", "modules", "figures"}
    assert len(sources_table(national)) == len(national.figures)
