"""The maps that can be asked for: their names, and the codes by which planners call them."""

from __future__ import annotations

from collections.abc import Iterable

MAPS = ("schools", "children", "balance", "catchments", "layout", "moves", "phases")
"""Maps that are drawn unless others are named."""

MAP_CODES: dict[str, tuple[str, ...]] = {
    "M1": ("location",),
    "M2": ("schools", "stage_schools"),
    "M3": ("children",),
    "M4": ("crowding",),
    "M5": ("coverage",),
    "M6": ("journeys", "reach"),
    "M7": ("balance",),
    "M8": ("catchments_now",),
    "M9": ("catchments_planned",),
    "M10": ("layout", "stage_layout"),
    "M11": ("coverage_planned",),
    "M12": ("moves",),
    "M13": ("groups", "teachers"),
    "M14": ("near_term",),
    "M15": ("land", "land_sheets"),
    "M16": ("reserve",),
    "M17": ("transport",),
    "M18": ("phases",),
}
"""Code in the usual list of a plan's maps → names of the maps that it stands for."""

MAP_NAMES = tuple(dict.fromkeys([*MAPS, *(name for names in MAP_CODES.values() for name in names), "legend"]))
"""Every map by name."""


def chosen_maps(words: Iterable[str]) -> tuple[str, ...]:
    """Names of the maps that names and codes stand for, each once, in the order asked for.

    >>> chosen_maps(["M10", "layout", "moves"])
    ('layout', 'stage_layout', 'moves')
    """
    names = [name for word in words for name in MAP_CODES.get(word, (word,))]
    return tuple(dict.fromkeys(names))
