"""The Word documents, read back and compared with the workbook and the indicators."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import docx
import pytest
from docx.document import Document
from docx.oxml.ns import qn
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from python_calamine import CalamineWorkbook

from simulator.language import Language, use_language
from simulator.outputs.offices import office_names
from simulator.outputs.word import write_documents
from simulator.outputs.word.blocks import Grid, Heading, Paper, Text, see
from simulator.outputs.word.brief import brief_paper
from simulator.outputs.word.collect import document_context
from simulator.outputs.word.context import Context
from simulator.outputs.word.context_places import Closure, Move
from simulator.outputs.word.numbering import chinese_number
from simulator.outputs.word.plan_paper import plan_paper
from simulator.outputs.word.sentences import (
    balance_sentence,
    closure_sentence,
    move_sentence,
    phase_sentence,
    shortage_sentence,
)
from simulator.outputs.word.table_xml import _fitted
from simulator.outputs.word.writer import write_paper
from simulator.outputs.workbook import write_workbook
from simulator.result import Result
from simulator.scenario.solution import DOCUMENTS
from tests.result_cases import make_result

PAGE_MM = {"top": 37, "left": 28, "right": 26, "bottom": 35}


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> Result:
    return make_result(tmp_path_factory.mktemp("case"), documents=DOCUMENTS)


@pytest.fixture(scope="module")
def folder(result: Result, tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("result")
    (place / "maps").mkdir()
    for name in ("layout", "balance_primary"):
        Image.new("RGB", (3400, 2400), "#dddddd").save(place / "maps" / f"{name}.png")
    write_documents(result, place)
    return place


@pytest.fixture(scope="module")
def context(result: Result) -> Context:
    return document_context(result, {})


@pytest.fixture(scope="module")
def documents(folder: Path) -> dict[str, Document]:
    return {path.stem: docx.Document(str(path)) for path in sorted(folder.rglob("*.docx"))}


@pytest.fixture(scope="module")
def plan(documents: dict[str, Document]) -> Document:
    return documents["plan"]


def _asking(result: Result, **outputs: object) -> Result:
    """The same run under other output settings."""
    asked = result.scenario.outputs.model_copy(update=outputs)
    return replace(result, scenario=result.scenario.model_copy(update={"outputs": asked}))


def _texts(document: Document, style: str) -> list[str]:
    wanted = style.replace(" ", "")
    return [
        _text(paragraph)
        for paragraph in document.element.body.findall(qn("w:p"))
        if paragraph.find(f"{qn('w:pPr')}/{qn('w:pStyle')}").get(qn("w:val")) == wanted
    ]


def _text(element: Any) -> str:
    return "".join(node.text or "" for node in element.iter(qn("w:t")))


def _table(document: Document, title: str) -> list[list[str]]:
    """The cells of the first table whose title holds the words."""
    after = False
    for element in document.element.body:
        if element.tag == qn("w:tbl") and after:
            return [[_cell_text(cell) for cell in row.iter(qn("w:tc"))] for row in element.iter(qn("w:tr"))]
        style = element.find(f"{qn('w:pPr')}/{qn('w:pStyle')}")
        after = after or (style is not None and style.get(qn("w:val")) == "TableTitle" and title in _text(element))
    raise AssertionError(title)


def _cell_text(cell: Any) -> str:
    marks = {qn("w:t"): lambda node: node.text or "", qn("w:br"): lambda _node: "\n"}
    return "".join(marks[node.tag](node) for node in cell.iter() if node.tag in marks)


def test_every_chosen_document_is_written(folder: Path) -> None:
    written = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*.docx"))
    assert written == sorted(f"documents/{name}.docx" if name != "plan" else "plan.docx" for name in DOCUMENTS)


def test_nothing_is_written_that_was_not_chosen(result: Result, tmp_path: Path) -> None:
    write_documents(_asking(result, documents=("livelihood",)), tmp_path)
    assert [path.name for path in tmp_path.rglob("*.docx")] == ["livelihood.docx"]


def test_the_plan_has_articles_numbered_by_word_in_chapters_of_three_parts(plan: Document) -> None:
    assert _texts(plan, "Heading 1") == ["规划文本", "说明书", "附表"]
    chapters = _texts(plan, "Heading 2")
    assert chapters[0] == "总则"
    assert {"学龄人口与学位需求", "学校布局", "撤并与学生安置", "投资与运行费用", "供需平衡与缺口、富余分析"} <= set(
        chapters
    )
    assert len(_texts(plan, "Article")) > 20
    numbering = plan.part.numbering_part.element
    words = [level.get(qn("w:val")) for level in numbering.iter(qn("w:lvlText"))]
    assert {"第%1条　", "第%1部分　", "第%2章　"} <= set(words)
    assert plan.styles["Article"].element.find(f".//{qn('w:numId')}") is not None


def test_tables_and_figures_are_numbered_fields_with_lists_that_show_at_once(plan: Document) -> None:
    codes = [node.text for node in plan.element.iter(qn("w:instrText"))]
    tables, figures = (sum(f"SEQ {word} " in code for code in codes) for word in ("表", "图"))
    assert tables == len(plan.tables)
    assert figures == len(list(plan.element.iter(qn("w:drawing")))) == 2
    assert [code.strip().split(" ")[0] for code in codes].count("TOC") == 3
    captions = _texts(plan, "Table Title") + _texts(plan, "Caption")
    assert sorted(text for text in _texts(plan, "table of figures") if text) == sorted(captions)
    first = next(text for text in _texts(plan, "toc 1") if text)
    assert first == "第一部分　规划文本"


def test_references_point_at_tables_that_exist(documents: dict[str, Document]) -> None:
    for name, document in documents.items():
        body = document.element
        named = {mark.get(qn("w:name")) for mark in body.iter(qn("w:bookmarkStart"))}
        asked = {code.text.split()[1] for code in body.iter(qn("w:instrText")) if code.text.split()[0] == "REF"}
        links = {link.get(qn("w:anchor")) for link in body.iter(qn("w:hyperlink"))}
        assert asked | links <= named, name


def test_titles_stand_above_tables_and_captions_below_figures(plan: Document) -> None:
    body = list(plan.element.body)
    for place, element in enumerate(body):
        if element.tag == qn("w:tbl"):
            styles = [one.find(f"{qn('w:pPr')}/{qn('w:pStyle')}").get(qn("w:val")) for one in body[place - 2 : place]]
            assert "TableTitle" in styles
            assert element.find(f"{qn('w:tr')}/{qn('w:trPr')}/{qn('w:tblHeader')}") is not None
        elif element.find(f".//{qn('w:drawing')}") is not None:
            below = body[place + 1].find(f"{qn('w:pPr')}/{qn('w:pStyle')}").get(qn("w:val"))
            assert below == "Caption"


@pytest.mark.parametrize("name", [name for name in DOCUMENTS if name != "plan"])
def test_official_papers_have_the_page_and_type_of_the_standard(documents: dict[str, Document], name: str) -> None:
    document = documents[name]
    section = document.sections[0]
    for side, wanted in PAGE_MM.items():
        assert getattr(section, f"{side}_margin").mm == pytest.approx(wanted, abs=0.1)
    faces = {
        style: document.styles[style].element.find(f".//{qn('w:rFonts')}").get(qn("w:eastAsia"))
        for style in ("Normal", "Title", "Heading 1", "Heading 2")
    }
    assert faces == {
        "Normal": "仿宋_GB2312",
        "Title": "方正小标宋简体",
        "Heading 1": "黑体",
        "Heading 2": "楷体_GB2312",
    }
    spacing = document.styles["Normal"].element.find(f".//{qn('w:spacing')}")
    assert (spacing.get(qn("w:line")), spacing.get(qn("w:lineRule"))) == ("579", "exact")
    assert document.styles["Normal"].element.find(f".//{qn('w:sz')}").get(qn("w:val")) == "32"
    assert document.settings.odd_and_even_pages_header_footer
    assert section.footer._element.find(f".//{qn('w:jc')}").get(qn("w:val")) == "right"
    assert section.even_page_footer._element.find(f".//{qn('w:jc')}").get(qn("w:val")) == "left"
    assert "内部资料" in "".join(paragraph.text for paragraph in section.footer.paragraphs)


def test_every_title_of_an_invented_district_is_stamped(documents: dict[str, Document]) -> None:
    for document in documents.values():
        titles = _texts(document, "Title") + _texts(document, "Table Title") + _texts(document, "Caption")
        assert titles
        assert [title for title in titles if "〔演示〕" not in title] == []
        assert "〔演示〕" in document.core_properties.title


def test_wide_tables_stand_on_landscape_pages_with_the_same_footers(plan: Document) -> None:
    turned = [section.page_width > section.page_height for section in plan.sections]
    assert turned[0] is False
    assert True in turned
    assert all(section.footer.is_linked_to_previous for section in list(plan.sections)[1:])


def test_word_and_excel_say_the_same(result: Result, plan: Document, tmp_path: Path) -> None:
    """Plan against no action (T18), projects (T12) and targets (T17), cell by cell."""
    write_workbook(result, tmp_path / "plan.xlsx")
    book = CalamineWorkbook.from_path(str(tmp_path / "plan.xlsx"))
    pairs = (
        ("规划方案与不采取措施比较表", "T18 情景比选"),
        ("建设项目库", "T12 近期项目库"),
        ("指标目标表", "T17 指标目标"),
    )
    compared = 0
    for title, sheet in pairs:
        excel = [row for row in book.get_sheet_by_name(sheet).to_python()[3:] if any(cell != "" for cell in row)]
        heads = book.get_sheet_by_name(sheet).to_python()[2]
        head, *rows = _table(plan, title)
        for number, row in enumerate(rows):
            for name, shown in zip(head, row, strict=True):
                value = excel[number][heads.index(name)]
                if isinstance(value, float | int) and shown:
                    share = shown.endswith("%")
                    figure = float(shown.removesuffix("%")) / (100 if share else 1)
                    assert figure == pytest.approx(value, abs=0.0006 if share else max(0.51, abs(value) * 1e-3))
                    compared += 1
                elif shown:
                    assert shown == str(value), (title, name)
    assert compared > 60


def test_figures_of_sentences_are_those_of_the_indicators(result: Result, context: Context) -> None:
    seats = result.indicators.seats
    for stage in context.stages:
        for row in (stage.base, stage.target):
            own = seats[
                (seats["stage"] == stage.code)
                & (seats["township"] == "")
                & (seats["year"] == row.year)
                & (seats["network"] == "plan")
            ]
            assert row.demand == round(own["children"].iloc[0])
            assert row.shortage == round(own["shortage"].iloc[0])
        if stage.target.demand:
            assert f"标准学位 {stage.target.seats} 个" in balance_sentence(stage, context)
    assert context.money.capital == pytest.approx(
        result.indicators.money.query("network == 'plan'")["capital_wan"].sum()
    )


CLOSURE = Closure(
    year=2027, school="示例小学", township="某镇", stage="小学", action="撤并", receivers=("甲小学", "甲小学", "乙小学"),
    children=30, bus_seats=0, boarders=0, minutes_before=10.04, minutes_after=12.5,
)  # fmt: skip


@pytest.mark.parametrize(
    ("update", "said"),
    [
        ({}, "2027年9月撤并示例小学，30 名学生由甲小学、乙小学接收，平均单程由 10.0 分钟变为 12.5 分钟。"),
        ({"children": 0}, "2027年9月撤并示例小学，届时没有在校生需要安置。"),
        (
            {"children": 0, "unplaced": 7, "receivers": (), "minutes_before": None},
            "2027年9月撤并示例小学，7 名学生没有学校可上。",
        ),
        ({"minutes_before": None, "bus_seats": 5}, "2027年9月撤并示例小学，30 名学生由甲小学、乙小学接收，校车 5 座。"),
    ],
)
def test_a_closure_is_told_by_what_happens_to_its_pupils(update: dict[str, object], said: str) -> None:
    assert closure_sentence(CLOSURE.model_copy(update=update)) == said


@pytest.mark.parametrize(
    ("count", "said"),
    [
        (0, "规划期内各学段、各乡镇街道标准学位均不缺。"),
        (1, "仍有一处标准学位不足：2026年东川街道幼儿园 145 个。"),
        (2, "仍有 2 处标准学位不足，最紧的是：2026年东川街道幼儿园 145 个、2026年西山乡幼儿园 41 个。"),
    ],
)
def test_no_one_and_many_shortages_have_their_words(context: Context, count: int, said: str) -> None:
    assert shortage_sentence(context.model_copy(update={"shortages": context.shortages[:count]})) == said


def test_nobody_with_a_longer_way_is_said_so() -> None:
    move = Move(stage="小学", enrolled=False, children=7, longer=0, change=-0.01)
    assert move_sentence(move) == "小学招生范围与上期不同的新生 7 人次，没有人路程变长，平均路程时间不变。"


def test_a_phase_without_works_has_no_noughts(context: Context) -> None:
    empty = context.phases[0].model_copy(update={"projects": 0, "seats": 0, "capital": 0.0})
    assert phase_sentence(empty) == "2026—2027年：没有启用的建设项目。"


def test_no_document_speaks_of_nought_schools(documents: dict[str, Document]) -> None:
    nought = re.compile(r"(?<![\d.])0 (?:所|处|项|名|人次|块)")
    for name, document in documents.items():
        sentences = [_text(paragraph) for paragraph in document.element.body.findall(qn("w:p"))]
        assert [text for text in sentences if nought.search(text)] == [], name


def test_responsible_bodies_bear_the_names_of_the_scenario(result: Result) -> None:
    named = office_names(_asking(result, offices={"education": "示范区教育体育局"}))
    assert (named["education"], named["finance"], named["townships"]) == (
        "示范区教育体育局",
        "区财政局",
        "各乡镇人民政府、街道办事处",
    )


def test_the_public_edition_names_no_single_school_in_findings(result: Result, tmp_path: Path) -> None:
    public = _asking(result, edition="public")
    found = document_context(public, {})
    assert (found.findings, found.alerts, found.schools, found.sentences.findings) == ((), (), (), ())
    write_paper(plan_paper(found), tmp_path / "plan.docx", found.author, found.edition)
    with ZipFile(tmp_path / "plan.docx") as parts:
        assert [name for name in parts.namelist() if "内部资料" in parts.read(name).decode("utf-8", "ignore")] == []


def test_equal_runs_give_equal_bytes(
    folder: Path, context: Context, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn = context.model_copy(update={"pictures": {"layout": folder / "maps" / "layout.png"}})
    written = []
    for day in ("1700000000", "1700000000", "1800000000"):
        monkeypatch.setenv("SOURCE_DATE_EPOCH", day)
        write_paper(brief_paper(drawn), tmp_path / "brief.docx", context.author, context.edition)
        written.append((tmp_path / "brief.docx").read_bytes())
    assert written[0] == written[1] != written[2]


def test_documents_speak_english_too(result: Result, tmp_path: Path) -> None:
    use_language(Language.EN)
    try:
        write_documents(_asking(result, documents=("plan",)), tmp_path)
    finally:
        use_language(Language.ZH)
    headings = _texts(docx.Document(str(tmp_path / "plan.docx")), "Heading 1")
    assert headings == ["The plan", "Explanation", "Annex tables"]


def test_names_that_look_like_markup_come_through(tmp_path: Path) -> None:
    odd = "<w:p>&甲\x07“小学”"
    grid = Grid("t", odd, "", (odd, "b"), ((odd, "1"),), (False, True))
    paper = Paper("odd", odd, (Heading(odd), Text(f"见{see('t')}，{odd}"), grid))
    write_paper(paper, tmp_path / "odd.docx", "某局", "")
    document = docx.Document(str(tmp_path / "odd.docx"))
    assert document.tables[0].rows[1].cells[0].text == odd.replace("\x07", "")
    assert any(paragraph.text.startswith("见表 1，<w:p>&甲") for paragraph in document.paragraphs)


@settings(max_examples=30, deadline=None)
@given(
    st.lists(st.tuples(st.floats(4.0, 62.0), st.booleans()), min_size=1, max_size=20),
    st.floats(60.0, 200.0),
)
def test_columns_never_grow_and_figures_never_shrink(columns: list[tuple[float, bool]], room: float) -> None:
    wanted, numeric = [width for width, _is_figure in columns], [figure for _width, figure in columns]
    fitted = _fitted(wanted, numeric, room)
    assert all(one <= asked for one, asked in zip(fitted, wanted, strict=True))
    assert all(one == asked for one, asked, figure in zip(fitted, wanted, numeric, strict=True) if figure)


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 999))
def test_chinese_numbers_read_back(number: int) -> None:
    digits = {mark: value for value, mark in enumerate("零一二三四五六七八九")}
    total = current = 0
    for mark in chinese_number(number):
        if mark in "十百":
            total += (current or 1) * (10 if mark == "十" else 100)
            current = 0
        else:
            current = digits[mark]
    assert total + current == number
