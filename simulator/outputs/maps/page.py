"""The sheet of a map: title, panels, legend column, scale bar, north arrow, facts and notes."""

from __future__ import annotations

from dataclasses import dataclass

import shapely
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import LineCollection, PathCollection
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle
from matplotlib.path import Path
from matplotlib.patheffects import withStroke
from matplotlib_scalebar.scalebar import ScaleBar

from simulator.language import translate as _
from simulator.outputs.edition import edition_line
from simulator.outputs.maps.shapes import Bounds, dissolve, polygon_paths
from simulator.outputs.maps.view import MapView

_SCALES = {"A4": 1.0, "A3": 1.3}
_PAPERS_INCH = {"A4": (11.693, 8.268), "A3": (16.535, 11.693)}
_LEGEND_LEFT, _TOP, _BOTTOM, _LEFT = 0.795, 0.885, 0.075, 0.02
_MARGIN, _CORE = 0.04, "core"
_MOST_INSIDE = 0.45
_FERRY = "#2F6690"
INK, FAINT, GROUND = "#222222", "#8a8a8a", "#f4f2ec"


@dataclass(frozen=True)
class Page:
    """A page being drawn: its figure, its map panels in reading order, its empty legend column."""

    figure: Figure
    panels: tuple[Axes, ...]
    legend: Axes
    scale: float
    """Letter size relative to A4."""

    def shows_core(self, view: MapView, panel: Axes) -> bool:
        """Whether a panel shows the dense core only."""
        return view.core is not None and panel.get_gid() == _CORE

    def leaves_core(self, view: MapView, panel: Axes) -> bool:
        """Whether a panel leaves the names of the dense core to a panel of its own."""
        return len(self.panels) > 1 and not self.shows_core(view, panel)


def new_page(
    view: MapView,
    title: str,
    subtitle: str,
    *,
    panels: tuple[str, ...] = ("",),
    rows: int = 1,
    paper: str = "A4",
    core: tuple[bool, ...] = (),
) -> Page:
    """An empty page with every mark that a map must bear, its panels at one scale.

    Parameters
    ----------
    view
        What is mapped.
    title
        Name of the map; the district's name goes before it.
    subtitle
        Stage and year.
    panels
        Titles of the panels, row by row.
    rows
        Rows of panels.
    paper
        `A4` or `A3`, landscape.
    core
        For each panel whether it shows the dense core only; empty means none.

    Returns
    -------
    Page
        Panels with their limits set, so that a metre is as long across as up.
    """
    scale = _SCALES[paper]
    figure = _titled(view, title, subtitle, paper)
    axes = _panels(figure, view, panels, rows, scale, core or (False,) * len(panels))
    legend = figure.add_axes((_LEGEND_LEFT + 0.008, _BOTTOM, 0.98 - _LEGEND_LEFT, 0.775))
    legend.axis("off")
    _north_arrow(figure, scale)
    for number, panel in enumerate(axes):
        if number == 0 or panel.get_gid() == _CORE:
            _scale_bar(panel, scale)
    if view.several:
        for panel in axes:
            _name_counties(panel, view, size=scale * (11 if len(axes) == 1 else 8))
    _margins(figure, view, axes, paper)
    return Page(figure, axes, legend, scale)


def new_sheet(view: MapView, title: str, subtitle: str, *, columns: int) -> tuple[Page, ...]:
    """A page without a map, its columns as empty legends."""
    figure = _titled(view, title, subtitle, "A4")
    width = (1 - 2 * _LEFT) / columns
    pages = []
    for number in range(columns):
        column = figure.add_axes((_LEFT + (number + 0.06) * width, _BOTTOM, width * 0.94, 0.775))
        column.axis("off")
        pages.append(Page(figure, (), column, _SCALES["A4"]))
    _foot(figure, view, "", _SCALES["A4"])
    return tuple(pages)


def _titled(view: MapView, title: str, subtitle: str, paper: str) -> Figure:
    scale = _SCALES[paper]
    figure = Figure(figsize=_PAPERS_INCH[paper], dpi=view.dpi, facecolor="white")
    FigureCanvasAgg(figure)
    middle = (_LEFT + _LEGEND_LEFT) / 2
    figure.text(middle, 0.955, view.title + title, size=19 * scale, ha="center", va="center")
    figure.text(middle, 0.912, subtitle, size=11 * scale, ha="center", va="center", color="#444444")
    return figure


def _panels(
    figure: Figure, view: MapView, titles: tuple[str, ...], rows: int, scale: float, core: tuple[bool, ...]
) -> tuple[Axes, ...]:
    columns = -(-len(titles) // rows)
    lines = max(title.count("\n") + 1 if title else 0 for title in titles)
    gap, head = 0.006, 0.004 + 0.02 * lines if lines else 0.0
    whole = _LEGEND_LEFT - _LEFT - gap * (columns - 1)
    widths = [whole * share for share in _shares(view, columns, rows, core)]
    heights = [(_TOP - _BOTTOM - gap * (rows - 1)) * share for share in _row_shares(view, rows, core)]
    axes = []
    for number, title in enumerate(titles):
        row, column = divmod(number, columns)
        left = _LEFT + sum(widths[:column]) + column * gap
        bottom = _TOP - sum(heights[: row + 1]) - row * gap
        panel = figure.add_axes((left, bottom, widths[column], heights[row] - head))
        if title:
            panel.set_title(title, size=9.5 * scale, pad=3, linespacing=1.25)
        if core[number] and view.core is not None:
            panel.set_gid(_CORE)
            _set_limits(figure, panel, view.core)
        else:
            _set_limits(figure, panel, view.bounds)
            _core_frame(panel, view, shown=any(core))
        axes.append(panel)
    return tuple(axes)


def _shares(view: MapView, columns: int, rows: int, core: tuple[bool, ...]) -> list[float]:
    """Widths of the columns: a wide district beside its core gets more of the page, so that it is not drawn small."""
    if not (columns == 2 and rows == 1 and any(core)):
        return [1 / columns] * columns
    west, south, east, north = view.bounds
    whole = min(max((east - west) / (north - south) * 0.36, 0.5), 0.58)
    return [whole, 1 - whole]


def _row_shares(view: MapView, rows: int, core: tuple[bool, ...]) -> list[float]:
    """Heights of the rows: where most schools lie outside the core, the whole district gets more of the page."""
    if not (rows == 2 and any(core) and view.core is not None):
        return [1 / rows] * rows
    west, south, east, north = view.core
    inside = view.sites["x"].between(west, east) & view.sites["y"].between(south, north)
    return [0.62, 0.38] if inside.mean() < _MOST_INSIDE else [0.5, 0.5]


def _core_frame(panel: Axes, view: MapView, *, shown: bool) -> None:
    """A dashed frame around what another panel shows larger."""
    if view.core is not None and shown:
        west, south, east, north = view.core
        panel.add_patch(
            Rectangle((west, south), east - west, north - south, fill=False, linestyle="--", linewidth=0.9,
                      edgecolor="#555555", zorder=6)
        )  # fmt: skip


def overview(view: MapView, title: str, subtitle: str) -> Page:
    """A page of one map, with a second panel where the core is crowded."""
    if view.core is None:
        return new_page(view, title, subtitle)
    titles = (_("全域"), _("中心放大"))
    return new_page(view, title, subtitle, panels=titles, paper="A3", core=(False, True))


def _set_limits(figure: Figure, panel: Axes, bounds: Bounds) -> None:
    """Fit the bounds into the panel with a margin, leaving room for the scale bar at the foot."""
    west, south, east, north = bounds
    box = panel.get_position()
    page_width, page_height = figure.get_size_inches()
    shape = (box.width * page_width) / (box.height * page_height)
    width, height = (east - west) * (1 + 2 * _MARGIN), (north - south) * (1 + 3.5 * _MARGIN)
    if width / height < shape:
        width = height * shape
    else:
        height = width / shape
    middle_x, middle_y = (west + east) / 2, (south + north) / 2 - (north - south) * _MARGIN * 0.6
    panel.set_xlim(middle_x - width / 2, middle_x + width / 2)
    panel.set_ylim(middle_y - height / 2, middle_y + height / 2)
    panel.set_aspect(1)
    panel.set_xticks([])
    panel.set_yticks([])
    panel.set_facecolor("white")
    for side in panel.spines.values():
        side.set(color="#9a9a9a", linewidth=0.7)


def _north_arrow(figure: Figure, scale: float) -> None:
    """An arrow to the top of the page, where +y is; the letter stands at its head."""
    x, foot, head = 0.95, 0.895, 0.945
    figure.add_artist(_arrow(x, foot, head, figure))
    figure.text(x, head + 0.006, _("北"), size=11 * scale, ha="center", va="bottom")


def _arrow(x: float, foot: float, head: float, figure: Figure) -> PathCollection:
    half = 0.009
    dart = Path([(x, head), (x + half, foot), (x, foot + 0.012), (x - half, foot), (x, head)])
    return PathCollection([dart], facecolors=INK, edgecolors=INK, transform=figure.transFigure, gid="north_arrow")


def scale_words(value: float, unit: str) -> str:
    """Length and unit of the scale bar in the output language."""
    names = {"m": _("米"), "km": _("千米")}
    return f"{value:g} {names.get(unit, unit)}"


def _name_counties(panel: Axes, view: MapView, *, size: float) -> None:
    """The name of each county over everything else, in its middle."""
    for name, shape in dissolve(view.units.geometry, view.units["county"]).items():
        x, y = shapely.get_coordinates(shapely.point_on_surface(shape))[0].tolist()
        panel.text(x, y, name, size=size, color=INK, ha="center", va="center", zorder=11,
                   path_effects=[withStroke(linewidth=size * 0.3, foreground="white")])  # fmt: skip


def _scale_bar(panel: Axes, scale: float) -> None:
    panel.add_artist(
        ScaleBar(
            1.0,
            "m",
            location="lower left",
            length_fraction=0.22,
            width_fraction=0.006,
            frameon=True,
            box_alpha=0.8,
            color=INK,
            scale_formatter=scale_words,
            font_properties={"size": 8 * scale},
            border_pad=0.4,
        )
    )


def ratio(figure: Figure, panel: Axes) -> int:
    """N of the scale 1:N on paper, to two figures."""
    width_m = panel.get_xlim()[1] - panel.get_xlim()[0]
    paper_m = panel.get_position().width * figure.get_size_inches()[0] * 0.0254
    exact = width_m / paper_m
    digits = 10 ** max(len(str(int(exact))) - 2, 0)
    return int(round(exact / digits) * digits)


def _ratio_words(figure: Figure, panel: Axes) -> str:
    return f"1:{ratio(figure, panel):,}".replace(",", " ")


def _margins(figure: Figure, view: MapView, panels: tuple[Axes, ...], paper: str) -> None:
    scale = _SCALES[paper]
    words = _("比例尺约 {ratio}（{paper} 幅面）").format(ratio=_ratio_words(figure, panels[0]), paper=paper)
    enlarged = [panel for panel in panels if panel.get_gid() == _CORE]
    if enlarged:
        words = _("比例尺约 {ratio}，中心放大约 {core}（{paper} 幅面）").format(
            ratio=_ratio_words(figure, panels[0]), core=_ratio_words(figure, enlarged[0]), paper=paper
        )
    if view.several:
        words += _("　校名见分县图")
    _foot(figure, view, words, scale)


def _foot(figure: Figure, view: MapView, words: str, scale: float) -> None:
    """Facts, notes and edition at the foot of a page."""
    figure.text(_LEFT, 0.047, f"{view.footer}　{words}", size=7 * scale, va="center", color="#333333")
    if view.notes:
        words = _("注：{notes}。").format(notes=_("；").join(view.notes))
        figure.text(_LEFT, 0.024, words, size=7 * scale, va="center", color="#333333")
    edition = edition_line(view.map_number, internal=view.internal)
    figure.text(0.985, 0.024, edition, size=8 * scale, ha="right", va="center", color="#a32020")


def draw_units(
    panel: Axes,
    view: MapView,
    colours: list[str] | str = GROUND,
    *,
    edge: str = "#c4c0b4",
    width: float = 0.4,
) -> None:
    """Fill the units, one colour each in their order, or all in one."""
    panel.add_collection(
        PathCollection(polygon_paths(view.units.geometry), facecolors=colours, edgecolors=edge, linewidths=width),
        autolim=False,
    )


def draw_outlines(
    panel: Axes, shapes: list[object], *, colour: str = INK, width: float = 1.2, hatch: str | None = None
) -> None:
    """Draw the borders of shapes without filling them."""
    panel.add_collection(
        PathCollection(polygon_paths(shapes), facecolors="none", edgecolors=colour, linewidths=width, hatch=hatch),
        autolim=False,
    )


def draw_ferries(panel: Axes, view: MapView) -> None:
    """Draw the lines of ferries, dashed, over the water."""
    lines = [shapely.get_coordinates(line) for ferry in view.ferries for line in shapely.get_parts(ferry)]
    panel.add_collection(
        LineCollection(lines, colors=_FERRY, linewidths=1.0, linestyles=(0, (4, 2.5)), zorder=1.5), autolim=False
    )


def ferry_handles(view: MapView) -> list[Artist]:
    """Legend entry of ferries; none where there are none."""
    if not view.ferries:
        return []
    return [ferry_line()]


def ferry_line() -> Line2D:
    """How ferries are drawn, for a legend."""
    return Line2D([], [], color=_FERRY, linewidth=1.0, linestyle=(0, (4, 2.5)), label=_("轮渡航线"))
