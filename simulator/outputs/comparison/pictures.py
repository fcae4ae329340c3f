"""The pictures of a comparison: dot plot, paired maps, flow diagrams."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from matplotlib.figure import Figure

from simulator.language import translate as _
from simulator.outputs.comparison.comparison import Comparison
from simulator.outputs.comparison.dots import draw_dots
from simulator.outputs.comparison.ground import map_views
from simulator.outputs.comparison.maps import catchment_stages, draw_catchment_pairs, draw_work_pairs
from simulator.outputs.comparison.streams import draw_streams, stream_stages
from simulator.outputs.fonts import drawing_style
from simulator.outputs.maps.draw import save_png
from simulator.terms import COMPULSORY, Stage, label

FOLDER = "pictures"
DOTS, MAP, STREAM = "dots", "map", "stream"
"""Kinds of pictures."""


@dataclass(frozen=True)
class Drawing:
    """A picture: kind, file stem, caption, what draws it."""

    kind: str
    stem: str
    caption: str
    draw: Callable[[], Figure]


def drawings(comparison: Comparison) -> Iterator[Drawing]:
    """Every picture, in the order in which documents show them; maps and flows only of plans of one district."""
    yield Drawing(DOTS, "indicators", _("各方案主要指标"), partial(draw_dots, comparison))
    year = comparison.year
    if year is None:
        return
    views = map_views(comparison)
    yield Drawing(MAP, "map_works", _("规划举措比选图"), partial(draw_work_pairs, comparison, views, year))
    for stage in catchment_stages(comparison):
        caption = _("招生范围比选图（{stage}）").format(stage=label(Stage(stage)))
        draw = partial(draw_catchment_pairs, comparison, views, stage, year)
        yield Drawing(MAP, f"map_catchments_{stage}", caption, draw)
        if next(iter(views.values())).core is not None:
            zoomed = _("{caption}　中心放大").format(caption=caption)
            yield Drawing(MAP, f"map_catchments_{stage}_core", zoomed, partial(draw, zoomed=True))
    for pair in comparison.pairs:
        for stage in stream_stages(pair):
            if stage in set(COMPULSORY):
                caption = _("{pair}：{stage}学生流向").format(pair=pair.name, stage=label(Stage(stage)))
                yield Drawing(
                    STREAM, f"flows_{pair.key}_{stage}", caption, partial(draw_streams, comparison, pair, stage, year)
                )


def draw_all(comparison: Comparison, folder: Path, report: Callable[[str], None]) -> list[tuple[Drawing, Path]]:
    """Draw every picture into a folder; returns each with its file."""
    found = []
    with drawing_style():
        for drawing in drawings(comparison):
            report(drawing.caption)
            path = folder / f"{drawing.stem}.png"
            save_png(drawing.draw(), path)
            found.append((drawing, path))
    return found
