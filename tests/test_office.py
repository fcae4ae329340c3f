"""LibreOffice itself opens the Word documents and the workbook and turns them into pages."""

from __future__ import annotations

import subprocess
from pathlib import Path

import docx
import pytest
from python_calamine import CalamineWorkbook, SheetVisibleEnum

from docs.programs import pages_of
from simulator.outputs.word import write_documents
from simulator.outputs.workbook import write_workbook
from simulator.scenario.solution import DOCUMENTS
from tests.result_cases import make_result

pytestmark = pytest.mark.program("libreoffice")


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Every document and the workbook of a small result."""
    folder = tmp_path_factory.mktemp("office")
    result = make_result(tmp_path_factory.mktemp("case"), documents=DOCUMENTS)
    write_documents(result, folder)
    write_workbook(result, folder / "tables.xlsx")
    return folder


@pytest.fixture(scope="module")
def pages(written: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    """File → text of each page that the office makes of it."""
    files = sorted([*written.rglob("*.docx"), *written.rglob("*.xlsx")])
    made = tmp_path_factory.mktemp("pages")
    pages_of(files, made)
    return {file.stem: _text(made / f"{file.stem}.pdf").split("\f")[:-1] for file in files}


def _text(file: Path) -> str:
    call = ["pdftotext", "-layout", file, "-"]
    return subprocess.run(call, capture_output=True, check=True, text=True).stdout  # noqa: S603  the file is ours


def _plain(text: str) -> str:
    return "".join(text.split())


def test_every_document_becomes_pages_with_its_headings(written: Path, pages: dict[str, list[str]]) -> None:
    """Nothing is lost between the file and the page: each heading of a document stands on one of its pages."""
    documents = sorted(written.rglob("*.docx"))
    assert {file.stem for file in documents} == set(DOCUMENTS)
    for file in documents:
        text = _plain("".join(pages[file.stem]))
        titles = [p.text for p in docx.Document(str(file)).paragraphs if (p.style.name or "").startswith("Heading")]
        assert [title for title in titles if _plain(title) not in text] == [], file.name
        assert all(page.strip() for page in pages[file.stem]), f"{file.name} has an empty page"


def test_the_brief_for_leaders_is_two_pages(pages: dict[str, list[str]]) -> None:
    assert len(pages["brief"]) <= 2


def test_every_sheet_becomes_pages_without_a_fault(written: Path, pages: dict[str, list[str]]) -> None:
    """Each sheet that is not hidden prints its title, and no cell shows a formula's fault or the ##### of a column too narrow."""
    text = "".join(pages["tables"])
    book = CalamineWorkbook.from_path(written / "tables.xlsx")
    shown = [sheet.name for sheet in book.sheets_metadata if sheet.visible == SheetVisibleEnum.Visible]
    titles = [str(rows[0][0]) for name in shown if (rows := book.get_sheet_by_name(name).to_python())]
    assert [title for title in titles if _plain(title) not in _plain(text)] == []
    assert [fault for fault in ("#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "Err:", "###") if fault in text] == []
