"""图例: one sheet with every symbol, fill and line that the maps use."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.artist import Artist
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from simulator.language import translate as _
from simulator.outputs.maps.arrows import ARROW
from simulator.outputs.maps.legend import Block, add_legend, patch
from simulator.outputs.maps.location import barrier_handles
from simulator.outputs.maps.page import INK, Page, ferry_line, new_sheet
from simulator.outputs.maps.shapes import hatch_of, tint
from simulator.outputs.maps.symbols import (
    ACTIONS,
    KEPT,
    KINDS,
    RELEASED,
    action_handles,
    handle,
    kind_handles,
    size_handles,
)
from simulator.outputs.maps.titles import map_title
from simulator.outputs.maps.view import MapView

_TINTS = 8


def draw_key(view: MapView) -> Figure:
    """图例: schools, actions, catchments, lines and land, in three columns."""
    sheet = new_sheet(view, map_title("legend"), _("各图通用"), columns=3)
    scale = sheet[0].scale
    schools: list[Block] = [
        (_("现状学校"), kind_handles(list(KINDS), scale)),
        (_("规模（在校生）"), size_handles(scale)),
        (_("规划图中保留的学校"), [handle(next(iter(KINDS.values())), _("灰色，形状同上"), scale, colour="#b9b9b9")]),
    ]
    works: list[Block] = [
        (_("规划举措"), action_handles(list(ACTIONS), scale)),
        (_("用地与校舍"), [handle(KEPT, _("规划储备用地"), scale), handle(RELEASED, _("停用校舍"), scale)]),
    ]
    areas: list[Artist] = [
        patch(tint(number), _("招生范围（第{number}色）").format(number=number + 1), hatch=hatch_of(number) or None)
        for number in range(_TINTS)
    ]
    lines: list[Artist] = [
        Line2D([], [], color=INK, linewidth=1.4, label=_("招生范围界线")),
        Line2D([], [], color="#8d8877", linewidth=1.0, label=_("乡镇街道界")),
        ferry_line(),
        *barrier_handles((np.zeros((2, 2)),)),
        Line2D([], [], color=ARROW, linewidth=2, marker=">", markersize=6, label=_("流向（线宽随人数）")),
    ]
    ground: list[Block] = [
        (
            _("招生范围（颜色、深浅和纹理只区分相邻各校）"),
            [*areas, patch("#ffffff", _("未划入任何学校"), hatch="////")],
        ),
        (_("界线、交通与流向"), lines),
    ]
    _fill(sheet, (schools, works, ground))
    return sheet[0].figure


def _fill(columns: Sequence[Page], blocks: Sequence[list[Block]]) -> None:
    for column, stack in zip(columns, blocks, strict=True):
        add_legend(column, stack)
