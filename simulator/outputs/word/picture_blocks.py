"""Maps and charts that were drawn, as figures of a document, with a sentence that refers to them."""

from __future__ import annotations

from collections.abc import Iterator

from simulator.language import translate as _
from simulator.outputs.maps.titles import map_titles
from simulator.outputs.word.blocks import Block, Picture, Text, see
from simulator.outputs.word.context import Context
from simulator.terms import Stage, label

_ORDER = {stage.value: place for place, stage in enumerate(Stage)}


def titles() -> dict[str, str]:
    """Every map and chart by file stem without its sheet → its title as it follows the district's name."""
    return {
        **map_titles(),
        "children_and_seats": _("学位需求与标准学位"),
        "class_sizes": _("班额分布"),
        "wave": _("人口高峰在各学段间的推移"),
        "methods_compared": _("学位需求：几种方法的比较"),
        "frontier": _("目标之间的权衡"),
    }


def drawn(context: Context, name: str) -> list[tuple[str, str]]:
    """Stems of the sheets of a map or chart that were drawn, in the order of the stages, with what each is about.

    A sheet is about a stage, a plot, a county, or several of them; a map of one sheet is about nothing in particular.
    """
    others = [other for other in titles() if other.startswith(f"{name}_")]
    found = []
    for stem in context.pictures:
        if stem == name:
            found.append((stem, ""))
        elif stem.startswith(f"{name}_") and not any(stem == one or stem.startswith(f"{one}_") for one in others):
            found.append((stem, stem.removeprefix(f"{name}_")))
    return sorted(found, key=lambda sheet: (_ORDER.get(sheet[1].split("_")[0], -1), sheet[1]))


def pictures(context: Context, *names: str) -> Iterator[Block]:
    """A sentence that refers to the maps and charts by name, then each as a figure; nothing of what was not drawn."""
    found = {name: sheets for name in names if (sheets := drawn(context, name))}
    if found:
        yield Text("".join(_refers(name, [stem for stem, _about in sheets]) for name, sheets in found.items()))
    for name in found:
        yield from figures(context, name)


def figures(context: Context, name: str, width_mm: float = 140.0) -> Iterator[Block]:
    """The sheets of a map or chart, each with its caption."""
    for stem, about in drawn(context, name):
        title = titles()[name]
        if about:
            title = _("{title}（{stage}）").format(title=title, stage=_about(context, about))
        yield Picture(stem, f"{context.demo}{context.district}{title}", context.pictures[stem], width_mm)


def _refers(name: str, stems: list[str]) -> str:
    title = titles()[name].removeprefix(": ")
    if len(stems) == 1:
        return _("{title}见{figure}。").format(title=title, figure=see(stems[0]))
    return _("{title}见{first}至{last}。").format(title=title, first=see(stems[0]), last=see(stems[-1]))


def _about(context: Context, words: str) -> str:
    """Codes of a sheet in a planner's words: a stage and a plot by their names, a county as it is."""
    stage, _sign, rest = words.partition("_")
    if stage not in _ORDER:
        return _plot_names(context).get(words, words)
    name = label(Stage(stage))
    return _("{stage}，{county}").format(stage=name, county=rest) if rest else name


def _plot_names(context: Context) -> dict[str, str]:
    """Code of a plot → its name, of the table of land."""
    sheet = context.tables.get("T13")
    if sheet is None:
        return {}
    code, name = sheet.names.index("parcel_id"), sheet.names.index("name")
    return {row[code]: row[name] for row in sheet.rows}
