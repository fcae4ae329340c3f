"""Page, footer and file of a document: A4 of GB/T 9704, page numbers outside, the same bytes for the same run."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

import docx
from docx.document import Document
from docx.oxml import parse_xml
from docx.shared import Mm

from simulator.outputs import stamp
from simulator.outputs.word.look import MARGINS_MM, OFFICIAL, PAGE_MM, REPORT, Look
from simulator.outputs.word.marks import NAMESPACES, field, paragraph, printable, run
from simulator.outputs.word.numbering import add_numbering
from simulator.outputs.word.styles import FOOTER, apply_look

_TWIPS_MM = 1440 / 25.4
_FOOTER_MM = 16.0
# 22 lines on 225 mm in twips.
_LINE_PITCH = 579
_SMALL = '<w:sz w:val="18"/><w:szCs w:val="18"/>'


def new_document(title: str, author: str, mark: str, *, is_official: bool) -> Document:
    """An empty document with page, styles, numbering, footer and properties.

    Parameters
    ----------
    title, author
        Its properties.
    mark
        Words under the page number, such as 内部资料; may be empty.
    is_official
        Type of GB/T 9704; otherwise that of long reports.
    """
    document, look = docx.Document(), look_of(is_official=is_official)
    apply_look(document, look)
    add_numbering(document, has_parts=look.has_parts)
    _page(document)
    _footers(document, mark)
    properties = document.core_properties
    properties.title, properties.author = printable(title), printable(author)
    properties.last_modified_by = properties.author
    properties.comments, properties.revision = "", 1
    properties.created = properties.modified = stamp.created().replace(tzinfo=None)
    return document


def look_of(*, is_official: bool) -> Look:
    """The faces of a kind of document."""
    return OFFICIAL if is_official else REPORT


def text_width_mm(*, is_wide: bool) -> float:
    """Room between the margins of an upright or a landscape page."""
    top, left, right, bottom = MARGINS_MM
    width, height = PAGE_MM
    return height - top - bottom if is_wide else width - left - right


def _page(document: Document) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = (Mm(side) for side in PAGE_MM)
    section.top_margin, section.left_margin, section.right_margin, section.bottom_margin = (
        Mm(side) for side in MARGINS_MM
    )
    section.header_distance, section.footer_distance = Mm(MARGINS_MM[0] / 2), Mm(_FOOTER_MM)
    document.settings.odd_and_even_pages_header_footer = True


def _footers(document: Document, mark: str) -> None:
    """Page numbers — 1 — right on odd pages, left on even ones; the mark of the edition below."""
    section = document.sections[0]
    for footer, side in ((section.footer, "right"), (section.even_page_footer, "left")):
        footer.is_linked_to_previous = False
        element: Any = footer._element  # noqa: SLF001  python-docx has no other way to whole paragraphs
        for old in list(element):
            element.remove(old)
        number = run("— ") + field("PAGE", "1") + run(" —")
        indent = f'<w:ind w:{side}Chars="100" w:{side}="280"/><w:jc w:val="{side}"/>'
        _append(element, paragraph(FOOTER, number, indent))
        if mark:
            _append(element, paragraph(FOOTER, run(mark, _SMALL), '<w:jc w:val="center"/>'))


def section_xml(*, is_wide: bool, look: Look) -> str:
    """The end of a section; footers go on as they were."""
    top, left, right, bottom = MARGINS_MM
    width, height = PAGE_MM
    if is_wide:
        # The upright page turned: what was at its left is now above.
        (width, height), (top, left, right, bottom) = (height, width), (left, bottom, top, right)
    sides = {"top": top, "right": right, "bottom": bottom, "left": left, "header": left / 2, "footer": _FOOTER_MM}
    margins = " ".join(f'w:{name}="{_twips(value)}"' for name, value in sides.items())
    turned = ' w:orient="landscape"' if is_wide else ""
    return (
        f'<w:sectPr><w:type w:val="nextPage"/><w:pgSz w:w="{_twips(width)}" w:h="{_twips(height)}"{turned}/>'
        f'<w:pgMar {margins} w:gutter="0"/>{_grid(look)}</w:sectPr>'
    )


def _grid(look: Look) -> str:
    """22 lines; none on pages of small type."""
    if not look.grid:
        return ""
    return f'<w:docGrid w:type="lines" w:linePitch="{_LINE_PITCH}"/>'


def _twips(millimetres: float) -> int:
    return round(millimetres * _TWIPS_MM)


def _append(element: Any, xml: str) -> None:  # noqa: ANN401  an element of lxml
    element.append(parse_xml(f"<w:ftr {NAMESPACES}>{xml}</w:ftr>")[0])


def save(document: Any, path: Path) -> None:  # noqa: ANN401  python-docx and docxtpl both save
    """Write a document so that equal content is equal bytes: entries of one date, pictures stored as they are.

    Parameters
    ----------
    document
        Has a `save` that takes a stream.
    path
        The file.
    """
    made = io.BytesIO()
    document.save(made)
    date = stamp.created().timetuple()[:6]
    with ZipFile(made) as source, ZipFile(path, "w") as target:
        for name in source.namelist():
            entry = ZipInfo(name, date_time=date)
            entry.compress_type = ZIP_STORED if name.endswith(".png") else ZIP_DEFLATED
            entry.external_attr = 0o600 << 16
            target.writestr(entry, source.read(name))
