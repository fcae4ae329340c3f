"""Conditional colours of the workbook: orange for too little, purple for too much, dark for what no norm allows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from simulator.outputs.warnings import SIGNS
from simulator.outputs.workbook.sheet import FIRST_ROW, Colour, Column
from simulator.standards import Standards
from simulator.terms import AlertLevel

_ALERTS: dict[AlertLevel, dict[str, object]] = {
    AlertLevel.RED: {"bg_color": "#B2182B", "font_color": "#FFFFFF", "bold": True},
    AlertLevel.YELLOW: {"bg_color": "#FEE08B", "font_color": "#3A2A00"},
    AlertLevel.SURPLUS: {"bg_color": "#C6DBEF", "font_color": "#08306B"},
    AlertLevel.DEEP_SURPLUS: {"bg_color": "#5E3C99", "font_color": "#FFFFFF"},
}
PALETTE: dict[str, dict[str, object]] = {
    "short": {"bg_color": "#FDB863", "font_color": "#7F3B08", "bold": True},
    "spare": {"bg_color": "#D8DAEB", "font_color": "#2D004B"},
    "large": {"bg_color": "#FEE0B6"},
    "largest": {"bg_color": "#B35806", "font_color": "#FFFFFF", "bold": True},
    **{level.value: look for level, look in _ALERTS.items()},
}
"""Name of a style → how it looks."""


def colour_lines(standards: Standards) -> dict[str, float]:
    """Lines of class size and share that colours use, where the norm files have them."""
    figures = standards.figures
    names = ("oversized.line", "oversized.extreme_line", "oversized.share")
    return {name: figures[name].value for name in names if name in figures}


def colour(
    page: Any,  # noqa: ANN401  xlsxwriter has no types
    number: int,
    column: Column,
    count: int,
    styles: dict[str, Any],
    lines: Mapping[str, float],
) -> None:
    """Conditional colours: orange for too little, purple for too much, dark for what no norm allows."""
    if not count or not column.colour:
        return
    first, last = FIRST_ROW, FIRST_ROW + count - 1
    if column.colour is Colour.ALERT:
        for level in _ALERTS:
            signed = {"type": "text", "criteria": "begins with", "value": SIGNS[level], "format": styles[level.value]}
            page.conditional_format(first, number, last, number, signed)
        return
    rules: dict[Colour, list[tuple[str, float, str]]] = {
        Colour.SHORTAGE: [(">", 0.5, "short")],
        Colour.SPARE: [(">", 0.5, "spare")],
        Colour.CLASS_SIZE: [
            (">=", lines[name], style)
            for name, style in (("oversized.extreme_line", "largest"), ("oversized.line", "large"))
            if name in lines
        ],
        Colour.OVERSIZED: [(">", lines["oversized.share"], "largest")] if "oversized.share" in lines else [],
    }
    for criteria, value, style in rules[column.colour]:
        rule = {"type": "cell", "criteria": criteria, "value": value, "format": styles[style], "stop_if_true": True}
        page.conditional_format(first, number, last, number, rule)
