"""The styles of a Word file: every face named for Latin and East Asian letters, every pitch fixed."""

from __future__ import annotations

from typing import Any

from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from simulator.outputs.word.blocks import Kind
from simulator.outputs.word.look import LATIN, SIZE_3, SIZE_4_SMALL, Face, Look

HEADING, CAPTION, TABLE_TITLE, UNIT, CELL, HEAD_CELL = (
    "Heading {level}",
    "Caption",
    "Table Title",
    "Table Unit",
    "Table Cell",
    "Table Head",
)
CONTENTS, CONTENTS_TITLE, LISTED, FOOTER, BAND = (
    "toc {level}",
    "Contents Title",
    "table of figures",
    "Footer",
    "Cover Band",
)
STYLE_OF_KIND = {
    Kind.TITLE: "Title",
    Kind.SUBTITLE: "Subtitle",
    Kind.BODY: "Normal",
    Kind.ARTICLE: "Article",
    Kind.ITEM: "Item",
    Kind.PLAIN: "Plain",
    Kind.CENTRED: "Centred",
    Kind.RIGHT: "Right",
    Kind.NOTE: "Table Note",
}
_TWIPS = 20
_FOOTER_SIZE = 14.0
# 28 characters of 16 points on 156 mm: each a fifth of a point closer, in twentieths of a point. A grid of characters
# would say it too, but LibreOffice draws it twice as wide.
_TIGHTER = -4


def apply_look(document: Document, look: Look) -> None:
    """Give a document its styles.

    Parameters
    ----------
    document
        An empty document of python-docx.
    look
        Faces by name of style.
    """
    flush = Face(look.body.face, look.body.size, look.body.pitch)
    faces = {
        "Normal": look.body,
        "Title": look.title,
        "Subtitle": look.subtitle,
        "Article": look.body,
        "Item": look.body,
        "Plain": look.plain,
        "Centred": Face(look.body.face, look.body.size, look.body.pitch, "center"),
        "Right": look.right,
        "Table Note": look.note,
        CAPTION: look.caption,
        TABLE_TITLE: look.table_title,
        UNIT: look.unit,
        CELL: look.cell,
        HEAD_CELL: look.head_cell,
        CONTENTS_TITLE: look.contents_title,
        LISTED: look.contents,
        FOOTER: Face(look.cell.face, _FOOTER_SIZE, 0.0, "left"),
        BAND: flush,
    }
    for level, face in enumerate(look.headings, start=1):
        faces[HEADING.format(level=level)] = face
        faces[CONTENTS.format(level=level)] = look.contents
    for name, face in faces.items():
        _set_style(document, name, face, indent=2 * (int(name[-1]) - 1) if name.startswith("toc") else 0)


def _set_style(document: Document, name: str, face: Face, indent: int) -> None:
    styles: Any = document.styles
    style = styles[name] if name in styles else styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    style.quick_style = True
    if name != "Normal":
        style.base_style = styles["Normal"]
    element = style.element
    for tag in ("w:rPr", "w:pPr"):
        for old in element.findall(qn(tag)):
            element.remove(old)
    element.append(_paragraph_properties(face, indent, is_heading=name.startswith("Heading"), level=name[-1]))
    element.append(_run_properties(face))


def _run_properties(face: Face) -> Any:  # noqa: ANN401  an element of lxml
    properties = OxmlElement("w:rPr")
    fonts = OxmlElement("w:rFonts")
    for script in ("ascii", "hAnsi", "cs"):
        fonts.set(qn(f"w:{script}"), LATIN)
    fonts.set(qn("w:eastAsia"), face.face)
    properties.append(fonts)
    for tag in ("w:b", "w:bCs"):
        properties.append(_valued(tag, "1" if face.bold else "0"))
    properties.append(_valued("w:color", "000000"))
    if face.size == SIZE_3 and face.pitch:
        properties.append(_valued("w:spacing", str(_TIGHTER)))
    for tag in ("w:kern", "w:sz", "w:szCs"):
        properties.append(_valued(tag, "0" if tag == "w:kern" else str(round(face.size * 2))))
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), "en-US")
    language.set(qn("w:eastAsia"), "zh-CN")
    properties.append(language)
    return properties


def _paragraph_properties(face: Face, indent: int, *, is_heading: bool, level: str) -> Any:  # noqa: ANN401  an element of lxml
    properties = OxmlElement("w:pPr")
    for tag, on in (("w:keepNext", face.keep_next), ("w:keepLines", is_heading)):
        if on:
            properties.append(OxmlElement(tag))
    properties.append(_valued("w:widowControl", "0"))
    if face.size <= SIZE_4_SMALL:  # the grid of 22 lines is that of body text
        properties.append(_valued("w:snapToGrid", "0"))
    spacing = OxmlElement("w:spacing")
    spacing.set(qn("w:before"), str(round(face.before * _TWIPS)))
    spacing.set(qn("w:after"), str(round(face.after * _TWIPS)))
    spacing.set(qn("w:line"), str(round(face.pitch * _TWIPS)) if face.pitch else "240")
    spacing.set(qn("w:lineRule"), "exact" if face.pitch else "auto")
    properties.append(spacing)
    place = OxmlElement("w:ind")
    place.set(qn("w:leftChars"), str(100 * indent))
    place.set(qn("w:left"), str(round(indent * face.size * _TWIPS)))
    place.set(qn("w:firstLineChars"), str(100 * face.first_chars))
    place.set(qn("w:firstLine"), str(round(face.first_chars * face.size * _TWIPS)))
    properties.append(place)
    properties.append(_valued("w:jc", face.align))
    if is_heading:
        properties.append(_valued("w:outlineLvl", str(int(level) - 1)))
    return properties


def _valued(tag: str, value: str) -> Any:  # noqa: ANN401  an element of lxml
    element = OxmlElement(tag)
    element.set(qn("w:val"), value)
    return element
