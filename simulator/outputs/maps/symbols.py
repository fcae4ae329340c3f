"""Marks of schools and actions: shape tells the kind, so that a black-and-white print still reads."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from simulator.language import translate as _
from simulator.outputs.maps.view import MapView
from simulator.terms import Action, SectionKind, label


@dataclass(frozen=True)
class Mark:
    """A marker: matplotlib's shape, fill, size in points."""

    shape: str
    colour: str
    size: float


KINDS: dict[str, Mark] = {
    SectionKind.KINDERGARTEN: Mark("^", "#E69F00", 3.6),
    SectionKind.ATTACHED_KINDERGARTEN: Mark("^", "#F5CF80", 3.2),
    SectionKind.VISITING_POINT: Mark("1", "#E69F00", 5.0),
    SectionKind.TEACHING_POINT: Mark("o", "#FFFFFF", 4.6),
    SectionKind.COMPLETE_PRIMARY: Mark("o", "#0072B2", 6.4),
    SectionKind.NINE_YEAR: Mark("s", "#009E73", 7.0),
    SectionKind.JUNIOR_SCHOOL: Mark("D", "#D55E00", 6.2),
    SectionKind.COMPLETE_SECONDARY: Mark("h", "#7B3294", 8.0),
    SectionKind.SENIOR_SCHOOL: Mark("p", "#CC79A7", 8.0),
    SectionKind.VOCATIONAL_SCHOOL: Mark("8", "#56B4E9", 7.2),
    SectionKind.SPECIAL_SCHOOL: Mark("P", "#444444", 7.0),
}
ACTIONS: dict[str, Mark] = {
    Action.NEW_BUILD: Mark("*", "#D00000", 15.0),
    Action.RELOCATION: Mark(">", "#7B3294", 10.0),
    Action.CONSOLIDATION: Mark("X", "#111111", 11.0),
    Action.SUSPENSION: Mark("d", "#666666", 10.0),
    Action.STOP_SECTION: Mark("v", "#111111", 10.0),
    Action.EXTENSION: Mark("P", "#0057B8", 10.0),
    Action.ADD_SECTION: Mark("^", "#0057B8", 10.0),
    Action.CONVERSION: Mark("D", "#E69F00", 9.0),
}
"""Marks of actions, the gravest first: a site with several bears the first of them."""
KEPT, RELEASED = Mark("s", "#7FBF7B", 10.0), Mark("s", "#FFFFFF", 8.0)
"""Marks of plots kept free and of buildings set free."""
_SMALL = {SectionKind.KINDERGARTEN, SectionKind.ATTACHED_KINDERGARTEN, SectionKind.VISITING_POINT}
_SIZES = ((0, 0.75), (300, 1.0), (1000, 1.35), (2000, 1.7))


def site_kinds(view: MapView) -> pd.Series:
    """site_id → kind of the campus: that of its section above kindergarten, if it has one."""
    sections = view.sections
    small = sections["kind"].isin([kind.value for kind in _SMALL])
    first = sections.assign(small=small).sort_values(["site_id", "small", "grade_from"], kind="stable")
    return first.drop_duplicates("site_id").set_index("site_id")["kind"]


def is_small(kind: str) -> bool:
    """Whether a kind is drawn small and without a label."""
    return kind in {small.value for small in _SMALL}


def draw_sites(
    panel: Axes,
    view: MapView,
    site_ids: pd.Index,
    *,
    scale: float = 1.0,
    pupils: pd.Series | None = None,
    faded: bool = False,
) -> list[str]:
    """Draw campuses by kind; returns the kinds drawn, in the order of the legend.

    Parameters
    ----------
    panel, view
        Where, and from what.
    site_ids
        Campuses to draw.
    scale
        Size of the marks relative to A4.
    pupils
        site_id → pupils: larger schools get larger marks.
    faded
        Grey marks, for what stays as it is.
    """
    kinds = site_kinds(view).reindex(site_ids).dropna()
    drawn = []
    for order, (kind, mark) in enumerate(KINDS.items()):
        ids = kinds.index[kinds == kind]
        if len(ids) == 0:
            continue
        drawn.append(str(kind))
        sizes = [mark.size * scale * _growth(pupils, site) for site in ids]
        places = view.sites.loc[ids]
        panel.scatter(
            places["x"],
            places["y"],
            s=[size**2 for size in sizes],
            marker=mark.shape,
            c="#b9b9b9" if faded and mark.colour != "#FFFFFF" else mark.colour,
            edgecolors=None if mark.shape == "1" else "#333333",
            linewidths=0.6 * scale,
            zorder=5 + order * 0.1,
        )
    return drawn


def _growth(pupils: pd.Series | None, site: str) -> float:
    if pupils is None:
        return 1.0
    number = float(pupils.get(site, 0.0))
    return max(factor for least, factor in _SIZES if number >= least)


def main_actions(actions: pd.DataFrame) -> pd.Series:
    """site_id → its gravest action."""
    ranks = {action: number for number, action in enumerate(ACTIONS)}
    rows = actions.assign(rank=actions["action"].map(ranks)).sort_values(["rank", "site_id"], kind="stable")
    main: pd.Series = rows.drop_duplicates("site_id").set_index("site_id")["action"]
    return main


def draw_actions(
    panel: Axes, view: MapView, actions: pd.DataFrame, *, scale: float = 1.0, faded: bool = False
) -> list[str]:
    """Draw the symbol of the main action at each site; returns the actions drawn.

    Parameters
    ----------
    panel, view
        Where, and from what.
    actions
        Rows of `plan.actions` other than 保留; a site with several gets the symbol of the gravest.
    scale
        Size of the marks.
    faded
        In grey, for what was done before.
    """
    main = main_actions(actions)
    drawn = []
    for action, mark in ACTIONS.items():
        ids = main.index[main == action]
        places = view.sites.reindex(ids).dropna(subset=["x"])
        if len(places) == 0:
            continue
        drawn.append(str(action))
        panel.scatter(
            places["x"],
            places["y"],
            s=(mark.size * scale) ** 2,
            marker=mark.shape,
            c="#8f8f8f" if faded else mark.colour,
            edgecolors="white",
            linewidths=0.8 * scale,
            zorder=7.5 if faded else 8,
        )
    return drawn


def draw_mark(panel: Axes, view: MapView, site_ids: pd.Index, mark: Mark) -> None:
    """Draw one mark at each of the sites."""
    places = view.sites.reindex(site_ids).dropna(subset=["x"])
    panel.scatter(
        places["x"], places["y"], s=mark.size**2, marker=mark.shape, c=mark.colour, edgecolors="#333333",
        linewidths=1.0, zorder=7,
    )  # fmt: skip


def kind_handles(kinds: list[str], scale: float, *, faded: bool = False) -> list[Line2D]:
    """Legend entries of kinds of schools."""
    grey = "#b9b9b9" if faded else None
    return [handle(KINDS[SectionKind(kind)], label(SectionKind(kind)), scale, colour=grey) for kind in kinds]


def action_handles(actions: list[str], scale: float) -> list[Line2D]:
    """Legend entries of actions."""
    return [handle(ACTIONS[Action(action)], label(Action(action)), scale) for action in actions]


def size_handles(scale: float) -> list[Line2D]:
    """Legend entries of the sizes of marks, by pupils."""
    mark = KINDS[SectionKind.COMPLETE_PRIMARY]
    words = (_("不足300人"), _("300—999人"), _("1000—1999人"), _("2000人以上"))
    return [
        handle(Mark(mark.shape, "#FFFFFF", mark.size * factor), word, scale)
        for (_least, factor), word in zip(_SIZES, words, strict=True)
    ]


def handle(mark: Mark, words: str, scale: float, *, colour: str | None = None) -> Line2D:
    """A legend entry of a mark."""
    fill = mark.colour if colour is None or mark.colour == "#FFFFFF" else colour
    return Line2D(
        [],
        [],
        linestyle="none",
        marker=mark.shape,
        markersize=min(mark.size, 10.0) * scale,
        markerfacecolor=fill,
        markeredgecolor=fill if mark.shape == "1" else "#333333",
        markeredgewidth=0.6 * scale,
        label=words,
    )
