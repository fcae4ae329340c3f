"""A planner's own Word template: filled with loops, conditions and a picture; faults told with their places."""

from __future__ import annotations

from pathlib import Path

import docx
import pytest
from docx.document import Document
from PIL import Image

import cli
from docs.generate import GENERATED
from simulator.errors import InputError
from simulator.outputs.word.context import Context
from simulator.outputs.word.context_places import Project
from simulator.outputs.word.field import Fields
from simulator.outputs.word.template_check import check_template
from simulator.outputs.word.template_fill import fill_template
from simulator.outputs.word.template_types import Keyed, Listed, kind_of

PROJECTS = [("甲&乙小学", 2026, 900.0), ("<丙>幼儿园", 2028, 0.0)]


def _value(annotation: object) -> object:
    """Some value of an annotation; lists are empty."""
    kind = kind_of(annotation)
    if isinstance(kind, Listed):
        return ()
    if isinstance(kind, Keyed):
        return {}
    if isinstance(kind, type) and issubclass(kind, Fields):
        return _filled(kind)
    return {str: "文", int: 7, float: 0.25, bool: True}[kind]


def _filled(kind: type[Fields], **given: object) -> Fields:
    return kind(**{name: given.get(name, _value(field.annotation)) for name, field in kind.model_fields.items()})


@pytest.fixture(scope="module")
def context(tmp_path_factory: pytest.TempPathFactory) -> Context:
    picture = tmp_path_factory.mktemp("maps") / "layout.png"
    Image.new("RGB", (60, 40), "white").save(picture)
    projects = tuple(_filled(Project, name=name, year=year, capital=capital) for name, year, capital in PROJECTS)
    found = _filled(Context, title="〔演示〕某县规划", projects=projects, pictures={"layout": picture}, closures=())
    assert isinstance(found, Context)
    return found


def _template(folder: Path, *paragraphs: str, cells: tuple[tuple[str, ...], ...] = (), footer: str = "") -> Path:
    document = docx.Document()
    for text in paragraphs:
        document.add_paragraph(text)
    if cells:
        table = document.add_table(len(cells), len(cells[0]))
        for row, texts in zip(table.rows, cells, strict=True):
            for cell, text in zip(row.cells, texts, strict=True):
                cell.text = text
    if footer:
        document.sections[0].footer.paragraphs[0].text = footer
    path = folder / "模板.docx"
    document.save(str(path))
    return path


def _fill(path: Path, context: Context) -> Document:
    target = path.with_name("filled.docx")
    fill_template(path, context, target)
    return docx.Document(str(target))


def test_loops_conditions_and_a_picture_are_filled(tmp_path: Path, context: Context) -> None:
    path = _template(
        tmp_path,
        "{{ title }}（{{ base_year }}年）利用率 {{ money.running_base|percent }}",
        "{%p for project in projects %}",
        "{{ loop.index }}. {{ project.name }}{% if project.capital %}，投资 {{ project.capital }} 万元{% endif %}",
        "{%p endfor %}",
        "{%p if closures %}",
        "撤并",
        "{%p else %}",
        "不撤并",
        "{%p endif %}",
        "{{ pictures.layout }}",
        cells=(("项目", "年份"), ("{%tr for p in projects|sort(attribute=“year”, reverse=true) %}", ""),
               ("{{ p.name }}", "{{ p.year }}"), ("{%tr endfor %}", "")),
        footer="{{ author }}",
    )  # fmt: skip
    document = _fill(path, context)
    texts = [paragraph.text for paragraph in document.paragraphs if paragraph.text]
    assert texts == [
        "〔演示〕某县规划（7年）利用率 25.0%",
        "1. 甲&乙小学，投资 900 万元",
        "2. <丙>幼儿园",
        "不撤并",
    ]
    assert [[cell.text for cell in row.cells] for row in document.tables[0].rows] == [
        ["项目", "年份"],
        ["<丙>幼儿园", "2028"],
        ["甲&乙小学", "2026"],
    ]
    assert document.element.xpath("count(//w:drawing)") == 1
    assert document.sections[0].footer.paragraphs[0].text == "文"


@pytest.mark.parametrize(
    ("paragraphs", "cells", "footer", "place", "what"),
    [
        (("好", "{{ titel }}"), (), "", "第 2 段“{{ titel }}”", "没有“titel”这个字段；是否想写 title？"),
        (("{{ money.capitl }}",), (), "", "第 1 段", "没有“capitl”这个字段；是否想写 capital？"),
        (("{{ stages.name }}",), (), "", "第 1 段", "这里是列表，要用 for 循环逐项取"),
        (("{% for s in stages %}{{ s.years[0].demnd }}{% endfor %}",), (), "", "第 1 段", "没有“demnd”这个字段；是否想写 demand？"),
        (("甲", "乙"), (("a", "b"), ("c", "{{ x }}")), "", "第 1 张表第 2 行第 2 格", "没有“x”这个字段"),
        ((), (), "{{ writer }}", "页脚“{{ writer }}”", "没有“writer”这个字段"),
        (("{%p for s in stages %}", "{{ s.name }}"), (), "", "第 1 段“{%p for s in st", "for 没有用 endfor 结束"),
        (("{% endif %}",), (), "", "第 1 段", "endif 前面没有 if"),
        (("{% if title %}", "{% endfor %}"), (), "", "第 2 段", "endfor 与 第 1 段“{% if title %}” 的 if 不配对"),
        (("{{ title ",), (), "", "第 1 段", "标记没有写完整"),
        (("{{ title + }}",), (), "", "第 1 段", "语法错误"),
        (("{{ title|upcase }}",), (), "", "第 1 段", "没有“|upcase”这个字段"),
        (("{{ date.year }}",), (), "", "第 1 段", "这里是文字，没有下一级字段"),
    ],
)  # fmt: skip
def test_a_broken_template_is_refused_with_the_place(
    tmp_path: Path,
    context: Context,
    paragraphs: tuple[str, ...],
    cells: tuple[tuple[str, ...], ...],
    footer: str,
    place: str,
    what: str,
) -> None:
    path = _template(tmp_path, *paragraphs, cells=cells, footer=footer)
    with pytest.raises(InputError) as told:
        fill_template(path, context, tmp_path / "filled.docx")
    assert place in told.value.problems[0].where
    assert what in told.value.problems[0].what
    assert not (tmp_path / "filled.docx").exists()


def test_all_problems_are_told_at_once(tmp_path: Path) -> None:
    path = _template(tmp_path, "{{ titel }}", "{{ autor }}", cells=(("{{ money.x }}",),))
    assert [problem.where.split("“")[0] for problem in check_template(path).problems] == [
        "第 1 段",
        "第 2 段",
        "第 1 张表第 1 行第 1 格",
    ]


def test_a_fault_that_shows_only_with_figures_has_its_place(tmp_path: Path, context: Context) -> None:
    path = _template(tmp_path, "好", "{{ base_year // closures|length }}")
    assert check_template(path).problems == ()
    with pytest.raises(InputError) as told:
        fill_template(path, context, tmp_path / "filled.docx")
    assert "第 2 段" in told.value.problems[0].where


def test_a_template_reaches_nothing_but_its_fields(tmp_path: Path, context: Context) -> None:
    path = _template(tmp_path, "{{ title.__class__.__mro__ }}")
    with pytest.raises(InputError):
        fill_template(path, context, tmp_path / "filled.docx")


def test_tags_split_by_formatting_are_read_as_one(tmp_path: Path, context: Context) -> None:
    document = docx.Document()
    paragraph = document.add_paragraph("")
    for piece in ("{{ ti", "tle", " }}"):
        paragraph.add_run(piece).bold = piece == "tle"
    path = tmp_path / "split.docx"
    document.save(str(path))
    assert check_template(path).used == ("title",)
    assert _fill(path, context).paragraphs[0].text == "〔演示〕某县规划"


def test_the_command_lists_unknown_and_unused_fields(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    good = _template(tmp_path, "{{ title }}", "{% for s in stages %}{{ s.name }}{% endfor %}")
    assert cli.run(["template", "check", str(good)]) == 0
    told = capsys.readouterr().out
    assert "模板没有问题，用到 2 个字段" in told
    unused = told.split("没有用到的字段：")[1]
    assert "projects" in unused
    assert "title" not in unused.split("、")
    bad = _template(tmp_path, "{{ titel }}")
    assert cli.run(["template", "check", str(bad)]) == 2
    assert "第 1 段“{{ titel }}”  没有“titel”这个字段" in capsys.readouterr().out


def test_a_file_that_is_no_document_is_an_input_error(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "模板.docx"
    path.write_text("不是文档", encoding="utf-8")
    assert cli.run(["template", "check", str(path)]) == 2
    assert "不是可读的 Word 文档" in capsys.readouterr().err


def test_the_reference_page_lists_every_field() -> None:
    page = GENERATED["docs/reference/template-fields.md"]()
    assert [name for name in Context.model_fields if f"| `{name}` |" not in page] == []
    rows = [line for line in page.splitlines() if line.startswith("| `")]
    assert [row for row in rows if any(not cell.strip() for cell in row.strip("|").split("|"))] == []
