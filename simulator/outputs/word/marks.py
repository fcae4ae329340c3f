"""Pieces of WordprocessingML as text: runs, fields, bookmarks, paragraphs."""

from __future__ import annotations

import re
from xml.sax.saxutils import escape

from docx.oxml.ns import nsdecls

_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
NAMESPACES = nsdecls("w", "r")


def printable(text: str) -> str:
    """Text without the characters that XML has no place for."""
    return _FORBIDDEN.sub("", text)


def safe(text: str) -> str:
    r"""Text as XML holds it, without the characters that XML has no place for.

    >>> safe("A&B\x07<")
    'A&amp;B&lt;'
    """
    return escape(printable(text), {'"': "&quot;"})


def run(text: str, properties: str = "") -> str:
    """A run of text; a line break where the text has one."""
    inner = "<w:br/>".join(f'<w:t xml:space="preserve">{safe(line)}</w:t>' for line in text.split("\n"))
    return f"<w:r>{_properties(properties)}{inner}</w:r>"


def _properties(properties: str) -> str:
    return f"<w:rPr>{properties}</w:rPr>" if properties else ""


def field(instruction: str, shown: str, properties: str = "") -> str:
    """A field with the result that shows until it is updated."""
    held = _properties(properties)
    return (
        f'<w:r>{held}<w:fldChar w:fldCharType="begin"/></w:r>'
        f'<w:r>{held}<w:instrText xml:space="preserve"> {safe(instruction)} </w:instrText></w:r>'
        f'<w:r>{held}<w:fldChar w:fldCharType="separate"/></w:r>'
        f'{run(shown, properties)}<w:r>{held}<w:fldChar w:fldCharType="end"/></w:r>'
    )


def bookmarked(number: int, name: str, inner: str) -> str:
    """Content with a name that fields and links point at."""
    return f'<w:bookmarkStart w:id="{number}" w:name="{name}"/>{inner}<w:bookmarkEnd w:id="{number}"/>'


def paragraph(style: str, inner: str, properties: str = "") -> str:
    """A paragraph of a style; further properties stand as the schema orders them."""
    return f'<w:p><w:pPr><w:pStyle w:val="{style.replace(" ", "")}"/>{properties}</w:pPr>{inner}</w:p>'
