"""Maps and charts that were drawn, as figures of a document."""

from __future__ import annotations

from collections.abc import Iterator

from simulator.language import translate as _
from simulator.outputs.word.blocks import Block, Picture
from simulator.outputs.word.context import Context
from simulator.terms import Stage, label


def captions() -> dict[str, str]:
    """What is drawn → its caption, by file stem without the stage."""
    return {
        "schools": _("现状学校布局图"),
        "children": _("学龄人口分布图"),
        "balance": _("学位供需图"),
        "catchments": _("招生范围图"),
        "layout": _("规划布局图"),
        "moves": _("撤并与学生安置图"),
        "phases": _("分期布局图"),
        "children_and_seats": _("学位需求与标准学位"),
        "class_sizes": _("班额分布"),
    }


def pictures(context: Context, *names: str, width_mm: float = 140.0) -> Iterator[Block]:
    """Figures of the maps and charts by name, every stage of those that have a page a stage; what was not drawn is left out."""
    for name in names:
        for stem in context.pictures:
            stage = stem.removeprefix(f"{name}_")
            if stem == name or (stem != stage and stage in set(Stage)):
                words = captions()[name]
                title = (
                    words if stem == name else _("{title}（{stage}）").format(title=words, stage=label(Stage(stage)))
                )
                yield Picture(stem, f"{context.demo}{context.district}{title}", context.pictures[stem], width_mm)
