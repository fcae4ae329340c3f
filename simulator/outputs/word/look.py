"""Page and type: A4 and the faces of GB/T 9704 by name, for official documents; smaller type for long reports."""

from __future__ import annotations

from dataclasses import dataclass

FANGSONG, HEITI, KAITI, TITLE_FACE = "仿宋_GB2312", "黑体", "楷体_GB2312", "方正小标宋简体"
LATIN = "Times New Roman"
# Points of the sizes that Chinese type is named by.
SIZE_2, SIZE_3, SIZE_3_SMALL, SIZE_4, SIZE_4_SMALL, SIZE_5, SIZE_5_SMALL = 22.0, 16.0, 15.0, 14.0, 12.0, 10.5, 9.0
PAGE_MM, MARGINS_MM = (210.0, 297.0), (37.0, 28.0, 26.0, 35.0)
"""Width and height; top, left (binding), right, bottom of GB/T 9704-2012."""


@dataclass(frozen=True)
class Face:
    """Type of a style: face, points, fixed line pitch in points (0 = single), alignment, indent in characters."""

    face: str
    size: float
    pitch: float = 0.0
    align: str = "both"
    first_chars: int = 0
    bold: bool = False
    before: float = 0.0
    after: float = 0.0
    keep_next: bool = False


@dataclass(frozen=True)
class Look:
    """The faces of a document by name of style."""

    body: Face
    headings: tuple[Face, ...]
    title: Face
    subtitle: Face
    plain: Face
    right: Face
    note: Face
    table_title: Face
    caption: Face
    unit: Face
    cell: Face
    head_cell: Face
    contents: Face
    contents_title: Face
    has_parts: bool
    """Whether headings are parts, chapters and sections, else 一、（一）1."""
    grid: bool
    """22 lines of 28 characters a page."""


def _table_faces() -> dict[str, Face]:
    return {
        "table_title": Face(FANGSONG, SIZE_4_SMALL, 20.0, "center", bold=True, before=6.0, keep_next=True),
        "caption": Face(FANGSONG, SIZE_4_SMALL, 20.0, "center", after=8.0),
        "unit": Face(FANGSONG, SIZE_5, 16.0, "right", keep_next=True),
        "cell": Face(FANGSONG, SIZE_5, 14.0, "left"),
        "head_cell": Face(HEITI, SIZE_5, 14.0, "center"),
        "note": Face(FANGSONG, SIZE_5, 15.0, after=8.0),
    }


_PITCH = 28.95
OFFICIAL = Look(
    body=Face(FANGSONG, SIZE_3, _PITCH, first_chars=2),
    headings=(
        Face(HEITI, SIZE_3, _PITCH, "left", 2, keep_next=True),
        Face(KAITI, SIZE_3, _PITCH, "left", 2, keep_next=True),
        Face(FANGSONG, SIZE_3, _PITCH, "left", 2, bold=True, keep_next=True),
    ),
    title=Face(TITLE_FACE, SIZE_2, 36.0, "center", after=_PITCH / 2),
    subtitle=Face(KAITI, SIZE_3, _PITCH, "center", after=_PITCH / 2),
    plain=Face(FANGSONG, SIZE_3, _PITCH),
    right=Face(FANGSONG, SIZE_3, _PITCH, "right"),
    contents=Face(FANGSONG, SIZE_4, 24.0, "left"),
    contents_title=Face(HEITI, SIZE_3, _PITCH, "center", after=8.0),
    has_parts=False,
    grid=True,
    **_table_faces(),
)
"""公文: 三号, 22 lines of 28 characters."""

_REPORT_PITCH = 22.0
REPORT = Look(
    body=Face(FANGSONG, SIZE_4_SMALL, _REPORT_PITCH, first_chars=2),
    headings=(
        Face(TITLE_FACE, SIZE_2, 40.0, "center", after=16.0, keep_next=True),
        Face(HEITI, SIZE_3_SMALL, 30.0, "center", before=12.0, after=8.0, keep_next=True),
        Face(KAITI, SIZE_4_SMALL, _REPORT_PITCH, "left", bold=True, keep_next=True),
    ),
    title=Face(TITLE_FACE, SIZE_2, 36.0, "center", after=12.0),
    subtitle=Face(KAITI, SIZE_4, 26.0, "center", after=12.0),
    plain=Face(FANGSONG, SIZE_4_SMALL, _REPORT_PITCH),
    right=Face(FANGSONG, SIZE_4_SMALL, _REPORT_PITCH, "right"),
    contents=Face(FANGSONG, SIZE_4_SMALL, 20.0, "left"),
    contents_title=Face(HEITI, SIZE_3, 30.0, "center", after=8.0),
    has_parts=True,
    grid=False,
    **_table_faces(),
)
"""Plans and reports of many pages: 小四."""
