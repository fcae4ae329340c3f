"""Numbers that Word counts itself: parts, chapters, sections, articles, items."""

from __future__ import annotations

from typing import Any

from docx.document import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn

from simulator.language import Language, current_language
from simulator.language import translate as _
from simulator.outputs.word.blocks import Kind
from simulator.outputs.word.styles import HEADING, STYLE_OF_KIND

_HEADINGS, _ARTICLES = 71, 72
_CHINESE, _DECIMAL = "chineseCountingThousand", "decimal"
_DIGITS = "零一二三四五六七八九"
_LARGEST = 1000
_FIRST = {qn("w:keepNext"), qn("w:keepLines"), qn("w:widowControl")}


def add_numbering(document: Document, *, has_parts: bool) -> None:
    """Number headings and articles, so that a planner who inserts one need not renumber the rest.

    Parameters
    ----------
    document
        A document with its styles.
    has_parts
        Headings are parts, chapters and sections; otherwise 一、（一）1.
    """
    numbering = document.part.numbering_part.element
    headings = [(HEADING.format(level=level), *_format(level, has_parts=has_parts)) for level in (1, 2, 3)]
    article = (STYLE_OF_KIND[Kind.ARTICLE], _counting(), _("第%1条　"))
    for number, levels in ((_HEADINGS, headings), (_ARTICLES, [article])):
        numbering.insert(0, parse_xml(_abstract(number, levels)))
        numbering.append(
            parse_xml(f'<w:num {nsdecls("w")} w:numId="{number}"><w:abstractNumId w:val="{number}"/></w:num>')
        )
        for level, (style, _kind, _words) in enumerate(levels):
            _link(document, style, number, level)


def _counting() -> str:
    return _CHINESE if current_language() is Language.ZH else _DECIMAL


def _format(level: int, *, has_parts: bool) -> tuple[str, str]:
    words = ((_("第%1部分　"), _("第%2章　"), _("（%3）")) if has_parts else (_("%1、"), _("（%2）"), "%3."))[level - 1]
    return (_DECIMAL if words.startswith("%3") else _counting()), words


def _abstract(number: int, levels: list[tuple[str, str, str]]) -> str:
    inner = "".join(
        f'<w:lvl w:ilvl="{place}"><w:start w:val="1"/><w:numFmt w:val="{kind}"/>'
        f'<w:pStyle w:val="{style.replace(" ", "")}"/><w:suff w:val="nothing"/><w:lvlText w:val="{words}"/>'
        f'<w:lvlJc w:val="left"/></w:lvl>'
        for place, (style, kind, words) in enumerate(levels)
    )
    kind = "multilevel" if len(levels) > 1 else "singleLevel"
    return f'<w:abstractNum {nsdecls("w")} w:abstractNumId="{number}"><w:multiLevelType w:val="{kind}"/>{inner}</w:abstractNum>'


def _link(document: Document, style: str, number: int, level: int) -> None:
    """The style points at its level of the list, behind what the schema puts first."""
    properties: Any = document.styles[style].element.find(qn("w:pPr"))
    linked = parse_xml(f'<w:numPr {nsdecls("w")}><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>')
    before = [child for child in properties if child.tag in _FIRST]
    properties.insert(len(before), linked)


def number_words(counts: list[int], *, has_parts: bool) -> str:
    """The number that Word prints before a heading, for lists that show without being updated.

    Parameters
    ----------
    counts
        Number of the heading on each level down to its own.
    has_parts
        As for :func:`add_numbering`.
    """
    level = len(counts)
    kind, words = _format(level, has_parts=has_parts)
    number = chinese_number(counts[-1]) if kind == _CHINESE else str(counts[-1])
    return words.replace(f"%{level}", number)


def chinese_number(number: int) -> str:
    """A number up to 999 in Chinese.

    >>> [chinese_number(number) for number in (1, 10, 11, 20, 101, 110, 999)]
    ['一', '十', '十一', '二十', '一百零一', '一百一十', '九百九十九']
    """
    if not 0 < number < _LARGEST:
        return str(number)
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    words = f"{_DIGITS[hundreds]}百" if hundreds else ""
    if tens:
        words += "十" if tens == 1 and not hundreds else f"{_DIGITS[tens]}十"
    elif hundreds and ones:
        words += "零"
    return words + (_DIGITS[ones] if ones else "")
