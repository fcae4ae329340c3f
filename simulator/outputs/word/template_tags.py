"""The tags of a planner's Word template with their places: paragraph, table cell, header or footer."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

from simulator.errors import InputError, Problem
from simulator.language import translate as _

_TAG = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}")
_LOOSE = re.compile(r"\{\{|\{%|%\}|\}\}")
# What docxtpl adds to the language: whole paragraphs, rows, cells and runs; cells that are merged or coloured.
_WHOLE = re.compile(r"^(\{[{%]-?)\s*(?:p|tr|tc|r)\s")
_CELL = re.compile(r"^\{%\s*(?:colspan|cellbg)\s+(.*?)%\}$")
_MERGE = re.compile(r"^\{%\s*(?:vm|hm)\s*%\}$")
_QUOTES = str.maketrans("\u201c\u201d\u2018\u2019", "\"\"''")
_SHOWN = 16


@dataclass(frozen=True)
class Tag:
    """A tag as the template language reads it, and where it stands."""

    text: str
    place: str


@dataclass(frozen=True)
class Tags:
    """Every tag in order, and what is no whole tag."""

    tags: tuple[Tag, ...]
    problems: tuple[Problem, ...]

    def source(self) -> str:
        """The template with a tag a line, so that line numbers lead to places."""
        return "\n".join(tag.text for tag in self.tags)

    def place(self, line: int) -> str:
        """The place of a line of :meth:`source`, counted from 1."""
        return self.tags[min(max(line, 1), len(self.tags)) - 1].place if self.tags else ""


def template_tags(path: Path) -> Tags:
    """Read the tags of a template.

    Raises
    ------
    InputError
        The file cannot be read as a Word document.
    """
    tags: list[Tag] = []
    problems: list[Problem] = []
    for place, text in _paragraphs(_opened(path)):
        tags += [Tag(_plain(found), place) for found in _TAG.findall(text) if not found.startswith("{#")]
        if _LOOSE.search(_TAG.sub("", text)):
            what = _("“{text}”中的标记没有写完整").format(text=_short(text))
            problems.append(
                Problem(
                    place,
                    what,
                    _("标记写成 {value} 或 {statement}，不跨段落").format(value="{{ … }}", statement="{% … %}"),
                )
            )
    return Tags(tuple(tags), tuple(problems))


def _opened(path: Path) -> Any:  # noqa: ANN401  a document of python-docx
    import docx
    from docx.opc.exceptions import PackageNotFoundError

    try:
        return docx.Document(str(path))
    except (PackageNotFoundError, BadZipFile, KeyError, ValueError, OSError) as error:
        title = _("无法读取模板 {name}").format(name=path.name)
        what = _("不是可读的 Word 文档（.docx）：{error}").format(error=error)
        raise InputError(title, [Problem(str(path), what, _("请用 Word 或 WPS 另存为 .docx"))]) from error


def _plain(tag: str) -> str:
    """The tag without what only Word files have."""
    tag = tag.translate(_QUOTES)
    if _MERGE.match(tag):
        return "{# #}"
    cell = _CELL.match(tag)
    return f"{{{{ {cell[1]} }}}}" if cell else _WHOLE.sub(r"\1 ", tag)


def _paragraphs(document: Any) -> Iterator[tuple[str, str]]:  # noqa: ANN401  a document of python-docx
    """(place, text) of every paragraph, in the order in which they are filled."""
    yield from _of_body(document.element.body)
    told = set()
    for section in document.sections:
        heads = (section.header, section.first_page_header, section.even_page_header)
        feet = (section.footer, section.first_page_footer, section.even_page_footer)
        for words, parts in ((_("页眉"), heads), (_("页脚"), feet)):
            for part in parts:
                if not part.is_linked_to_previous and part.part.partname not in told:
                    told.add(part.part.partname)
                    for paragraph in _all(part.part.element, "p"):
                        yield _quoted(words, _text(paragraph)), _text(paragraph)


def _of_body(body: Any) -> Iterator[tuple[str, str]]:  # noqa: ANN401  an element of lxml
    counted = 0
    tables = {table: number for number, table in enumerate(_all(body, "tbl"), start=1)}
    for paragraph in _all(body, "p"):
        text = _text(paragraph)
        cell = next(paragraph.iterancestors(_name("tc")), None)
        if cell is None:
            counted += 1
            yield _quoted(_("第 {number} 段").format(number=counted), text), text
            continue
        row = cell.getparent()
        table = next(cell.iterancestors(_name("tbl")))
        yield (
            _("第 {table} 张表第 {row} 行第 {cell} 格").format(
                table=tables[table],
                row=[one for one in table if one.tag == _name("tr")].index(row) + 1,
                cell=[one for one in row if one.tag == _name("tc")].index(cell) + 1,
            ),
            text,
        )


def _all(element: Any, tag: str) -> Iterator[Any]:  # noqa: ANN401  elements of lxml
    yield from element.iter(_name(tag))


def _name(tag: str) -> str:
    from docx.oxml.ns import qn

    return str(qn(f"w:{tag}"))


def _text(paragraph: Any) -> str:  # noqa: ANN401  an element of lxml
    """The paragraph's own text, without that of boxes inside it."""
    return "".join(
        text.text or "" for text in _all(paragraph, "t") if next(text.iterancestors(_name("p")), None) is paragraph
    )


def _quoted(place: str, text: str) -> str:
    return _("{place}“{text}”").format(place=place, text=_short(text)) if text else place


def _short(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
