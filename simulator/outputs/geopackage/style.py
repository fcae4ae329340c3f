"""How a layer looks, as data: symbols, the entries of its legend, its labels; points and millimetres as QGIS has them."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from simulator.outputs.maps.symbols import Mark

INK, PAPER, GREY = "#333333", "#ffffff", "#8f8f8f"
# matplotlib's marker → QGIS's shape and its turn in degrees.
_SHAPES = {
    "^": ("triangle", 0),
    "v": ("triangle", 180),
    ">": ("triangle", 90),
    "o": ("circle", 0),
    "s": ("square", 0),
    "D": ("diamond", 0),
    "d": ("diamond", 0),
    "h": ("hexagon", 0),
    "p": ("pentagon", 0),
    "8": ("octagon", 0),
    "P": ("cross_fill", 0),
    "X": ("cross_fill", 45),
    "*": ("star", 0),
    "1": ("equilateral_triangle", 180),
}


class Kind(StrEnum):
    """QGIS's name of a way to choose symbols."""

    SINGLE = "singleSymbol"
    CATEGORIES = "categorizedSymbol"
    GRADES = "graduatedSymbol"
    RULES = "RuleRenderer"


@dataclass(frozen=True)
class Symbol:
    """A symbol: `fill`, `line` or `marker`, and its layers as QGIS's class and properties, the lowest first."""

    kind: str
    layers: tuple[tuple[str, dict[str, str]], ...]


@dataclass(frozen=True)
class Entry:
    """An entry of the legend.

    Parameters
    ----------
    words
        What the legend says.
    symbol
        Its symbol.
    value
        The value of a category, or the filter of a rule (empty: all others).
    least, most
        Bounds of a grade.
    shown
        Whether a category is ticked in the legend when the layer is opened.
    """

    words: str
    symbol: Symbol
    value: str = ""
    least: float = 0.0
    most: float = 0.0
    shown: bool = True


@dataclass(frozen=True)
class Words:
    """Labels: an expression, size in points, colour; `beside` points stand labels, in areas and along lines they do not.

    `least_scale` is the scale below which (zoomed out beyond 1 : that number) they are not drawn, 0 for always.
    """

    expression: str
    size: float
    colour: str = INK
    beside: bool = False
    least_scale: int = 0


@dataclass(frozen=True)
class Style:
    """The look of a layer: how symbols are chosen, by which attribute, the legend, the labels."""

    kind: Kind
    entries: tuple[Entry, ...]
    attribute: str = ""
    words: Words | None = None
    opacity: float = 1.0
    name: str = field(default="", kw_only=True)


def area(fill: str, *, outline: str = INK, width: float = 0.3, pattern: str = "solid", dash: str = "solid") -> Symbol:
    """A filled area; width in mm, `pattern` as QGIS names it (`solid`, `no`, `f_diagonal` …)."""
    return Symbol(
        "fill",
        (
            (
                "SimpleFill",
                {
                    "color": rgba(fill),
                    "style": pattern,
                    "outline_color": rgba(outline),
                    "outline_width": f"{width:g}",
                    "outline_width_unit": "MM",
                    "outline_style": dash if width else "no",
                    "joinstyle": "round",
                },
            ),
        ),
    )


def line(colour: str, width: float, *, dash: str = "solid", arrow: bool = False) -> Symbol:
    """A line; width in mm, with a head at its end if `arrow`."""
    stroke = {
        "line_color": rgba(colour),
        "line_width": f"{width:g}",
        "line_width_unit": "MM",
        "line_style": dash,
        "capstyle": "round",
        "joinstyle": "round",
    }
    if not arrow:
        return Symbol("line", (("SimpleLine", stroke),))
    head = {
        "color": rgba(colour),
        "outline_color": rgba(colour),
        "outline_width": "0",
        "name": "filled_arrowhead",
        "size": f"{1.6 + 2.2 * width:g}",
        "size_unit": "MM",
    }
    return Symbol("line", (("SimpleLine", stroke), ("MarkerLine", {"placement": "lastvertex", "rotate": "1", **head})))


def marker(mark: Mark, *, scale: float = 1.0, colour: str = "", outline: str = INK) -> Symbol:
    """The marker that the printed maps have for the same thing; its size in points."""
    shape, turn = _SHAPES[mark.shape]
    return Symbol(
        "marker",
        (
            (
                "SimpleMarker",
                {
                    "name": shape,
                    "angle": str(turn),
                    "color": rgba(colour or mark.colour),
                    "outline_color": rgba(outline),
                    "outline_width": "0.6",
                    "outline_width_unit": "Point",
                    "size": f"{mark.size * scale:g}",
                    "size_unit": "Point",
                },
            ),
        ),
    )


def rgba(colour: str) -> str:
    """A hexadecimal colour as QGIS writes it.

    >>> rgba("#D00000")
    '208,0,0,255'
    """
    digits = colour.lstrip("#")
    return ",".join(str(int(digits[at : at + 2], 16)) for at in (0, 2, 4)) + ",255"
