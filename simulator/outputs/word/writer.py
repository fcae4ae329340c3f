"""Blocks → a Word file: numbers tables and figures, sets references, turns pages for wide tables."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from docx.document import Document
from docx.oxml import parse_xml
from docx.shared import Mm

from simulator.language import translate as _
from simulator.outputs.word.blocks import (
    Block,
    Contents,
    Grid,
    Heading,
    Kind,
    Listing,
    NewPage,
    Paper,
    Picture,
    Text,
    parts_of,
)
from simulator.outputs.word.look import Look
from simulator.outputs.word.marks import NAMESPACES, bookmarked, field, paragraph, printable, run, safe
from simulator.outputs.word.numbering import number_words
from simulator.outputs.word.page import look_of, new_document, save, section_xml, text_width_mm
from simulator.outputs.word.styles import (
    CAPTION,
    CONTENTS,
    CONTENTS_TITLE,
    HEADING,
    LISTED,
    STYLE_OF_KIND,
    TABLE_TITLE,
    UNIT,
)
from simulator.outputs.word.table_xml import table_xml

_LISTED_LEVELS = 2
_PAGE_BREAK = "<w:pageBreakBefore/>"


def write_paper(paper: Paper, path: Path, author: str, mark: str) -> None:
    """Write a document.

    Parameters
    ----------
    paper
        What it says.
    path
        The file.
    author, mark
        As for :func:`simulator.outputs.word.page.new_document`.
    """
    document = new_document(paper.title, author, mark, is_official=paper.is_official)
    _Writer(document, paper.blocks, look_of(is_official=paper.is_official)).write()
    save(document, path)


class _Writer:
    """Writes the blocks of one document in order."""

    def __init__(self, document: Document, blocks: tuple[Block, ...], look: Look) -> None:
        self._document, self._blocks, self._look = document, blocks, look
        self._body: Any = document.element.body
        self._last_section = self._body.sectPr
        self._words = {Grid: _("表"), Picture: _("图")}
        self._numbers = _numbers(blocks)
        self._headings = _heading_numbers(blocks, has_parts=look.has_parts)
        self._is_wide = self._breaks = self._turned = False
        self._bookmarks = 0

    def write(self) -> None:
        """Write every block, then what the last section is."""
        for place, block in enumerate(self._blocks):
            if isinstance(block, NewPage):
                self._breaks = True
                continue
            self._turn(wide=isinstance(block, Heading | Text | Grid) and block.is_wide)
            for xml in self._xml(block, place):
                self._append(xml)
            self._turned = False
            if isinstance(block, Picture):
                self._picture(block)
                self._append(self._caption(block, CAPTION))
        section = self._section()
        self._body.replace(self._last_section, section)

    def _append(self, xml: str) -> None:
        self._last_section.addprevious(_parsed(xml))

    def _turn(self, *, wide: bool) -> None:
        """End a section where the page turns, in the last paragraph before it."""
        if wide == self._is_wide:
            return
        last = self._last_section.getprevious()
        if last is not None:
            last.get_or_add_pPr().append(self._section())
        self._is_wide, self._breaks, self._turned = wide, False, True

    def _section(self) -> Any:  # noqa: ANN401  an element of lxml
        """The end of the section now written; the first one carries the footers of all."""
        section = _parsed(section_xml(is_wide=self._is_wide, look=self._look))
        for reference in reversed(self._last_section.xpath("./w:footerReference")):
            section.insert(0, reference)
        return section

    def _break(self) -> str:
        """The property that starts a page, once where it was asked for."""
        asked, self._breaks = self._breaks, False
        return _PAGE_BREAK if asked else ""

    def _xml(self, block: Block, place: int) -> Iterator[str]:
        if isinstance(block, Heading):
            self._breaks = self._breaks or (block.new_page and not self._turned)
            named = self._bookmarked(f"_Toc{place:05d}", run(block.text))
            yield paragraph(HEADING.format(level=block.level), named, self._break())
        elif isinstance(block, Text):
            lead = run(block.lead, '<w:rFonts w:eastAsia="黑体"/>') if block.lead else ""
            yield paragraph(STYLE_OF_KIND[block.kind], lead + self._inline(block.text), self._break())
        elif isinstance(block, Contents):
            yield from self._contents(block)
        elif isinstance(block, Grid):
            yield self._caption(block, TABLE_TITLE)
            if block.unit:
                yield paragraph(UNIT, run(block.unit))
            yield table_xml(block, text_width_mm(is_wide=block.is_wide))
            yield paragraph(STYLE_OF_KIND[Kind.NOTE], run(block.note))

    def _inline(self, text: str) -> str:
        """A sentence with its references to tables and figures as fields."""
        found = ""
        for words, is_reference in parts_of(text):
            if not is_reference:
                found += run(words)
            elif words in self._numbers:
                kind, number = self._numbers[words]
                found += field(f"REF _Ref_{words} \\h", f"{self._words[kind]} {number}")
        return found

    def _bookmarked(self, name: str, inner: str) -> str:
        self._bookmarks += 1
        return bookmarked(self._bookmarks, name, inner)

    def _caption(self, block: Grid | Picture, style: str) -> str:
        kind, number = self._numbers[block.key]
        word = self._words[kind]
        counted = run(f"{word} ") + field(f"SEQ {word} \\* ARABIC", str(number))
        named = self._bookmarked(f"_Ref_{block.key}", counted)
        return paragraph(style, named + run(f"　{block.title}"), self._break())

    def _picture(self, block: Picture) -> None:
        inline: Any = self._document.part.new_pic_inline(str(block.path), width=Mm(block.width_mm))
        inline.docPr.set("descr", printable(block.title))
        properties = f'<w:keepNext/>{self._break()}<w:spacing w:line="240" w:lineRule="auto"/>'
        element = _parsed(paragraph(STYLE_OF_KIND[Kind.CENTRED], "<w:r><w:drawing/></w:r>", properties))
        element.xpath(".//w:drawing")[0].append(inline)
        self._last_section.addprevious(element)

    def _contents(self, block: Contents) -> Iterator[str]:
        """A list that Word updates, with its entries as they stand."""
        yield paragraph(CONTENTS_TITLE, run(block.title), self._break())
        instructions = {
            Listing.HEADINGS: f'TOC \\o "1-{_LISTED_LEVELS}" \\h \\z \\u',
            Listing.TABLES: f'TOC \\h \\z \\c "{self._words[Grid]}"',
            Listing.FIGURES: f'TOC \\h \\z \\c "{self._words[Picture]}"',
        }
        begin = (
            '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
            f'<w:r><w:instrText xml:space="preserve"> {safe(instructions[block.listing])} </w:instrText></w:r>'
            '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
        )
        entries = list(self._entries(block.listing))
        for number, (style, anchor, words) in enumerate(entries):
            link = f'<w:hyperlink w:anchor="{anchor}" w:history="1">{run(words)}</w:hyperlink>'
            yield paragraph(style, (begin if number == 0 else "") + link)
        empty = "" if entries else begin
        yield paragraph(LISTED, f'{empty}<w:r><w:fldChar w:fldCharType="end"/></w:r>')

    def _entries(self, listing: Listing) -> Iterator[tuple[str, str, str]]:
        """Style, bookmark and words of each entry."""
        wanted = Grid if listing is Listing.TABLES else Picture
        for place, block in enumerate(self._blocks):
            if listing is Listing.HEADINGS:
                if isinstance(block, Heading) and block.level <= _LISTED_LEVELS:
                    yield CONTENTS.format(level=block.level), f"_Toc{place:05d}", self._headings[place] + block.text
            elif isinstance(block, Grid | Picture) and isinstance(block, wanted):
                number = self._numbers[block.key][1]
                yield LISTED, f"_Ref_{block.key}", f"{self._words[wanted]} {number}　{block.title}"


def _parsed(xml: str) -> Any:  # noqa: ANN401  an element of lxml
    return parse_xml(f"<w:body {NAMESPACES}>{xml}</w:body>")[0]


def _numbers(blocks: tuple[Block, ...]) -> dict[str, tuple[type[Grid] | type[Picture], int]]:
    """Key of each table and figure → its kind and number in order."""
    found: dict[str, tuple[type[Grid] | type[Picture], int]] = {}
    counts = {Grid: 0, Picture: 0}
    for block in blocks:
        if isinstance(block, Grid | Picture):
            counts[type(block)] += 1
            found[block.key] = (type(block), counts[type(block)])
    return found


def _heading_numbers(blocks: tuple[Block, ...], *, has_parts: bool) -> dict[int, str]:
    """Place of each heading → the number that Word prints before it."""
    found: dict[int, str] = {}
    counts: list[int] = []
    for place, block in enumerate(blocks):
        if isinstance(block, Heading):
            counts = [*counts[: block.level], *[0] * (block.level - len(counts))]
            counts[-1] += 1
            found[place] = number_words(counts, has_parts=has_parts)
    return found
