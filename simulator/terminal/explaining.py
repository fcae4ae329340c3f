"""The screen of an explanation: why a decision and not its opposite."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from rich import box
from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from simulator.explaining import explain_stored, names_of
from simulator.language import translate as _
from simulator.model.explain import Explanation
from simulator.model.otherwise import find_place
from simulator.outputs import read_result
from simulator.outputs.explained import explanation_lines, figure_rows, heading, shown, write_explanations
from simulator.prepared import Prepared, Watcher
from simulator.terminal.interrupts import Interrupts
from simulator.terminal.progress import Teller


def check_place(prepared: Prepared, place: str) -> None:
    """Refuse a place that the district does not have, before any time is spent; an empty one asks nothing."""
    if place:
        find_place(names_of(prepared.supply, prepared.district.units), place)


def explained(
    folder: Path, place: str, solver: Mapping[str, object], teller: Teller
) -> tuple[list[RenderableType], dict[str, Any]]:
    """Answer a question about a stored result, and write the answer into its folder.

    Parameters
    ----------
    folder
        The result folder.
    place
        A school_id, parcel_id or unit_id, or the name of one.
    solver
        Settings of the solver that the command line overrides.
    teller
        Told of progress.

    Returns
    -------
    tuple
        The screen, and the object for a program.
    """
    teller.step(_("读取成果"))
    stored = read_result(folder)
    settings = stored.scenario.solver.model_copy(update=dict(solver))
    teller.step(_("换一种做法求解"))
    with Interrupts(teller.interrupted) as interrupts:
        watcher = Watcher(teller.step, teller.search, interrupts.stopped)
        found = explain_stored(stored, place, watcher, settings)
    written = write_explanations(found, folder) if found else []
    return explanation_screen(found, written), explanation_object(found, written)


def explanation_screen(explanations: Sequence[Explanation], written: Sequence[Path]) -> list[RenderableType]:
    """Every decision at a place beside its opposite, in words and figures."""
    if not explanations:
        return [_("方案在这里没有可以另行决定的事项。")]
    parts: list[RenderableType] = [Text(heading(explanations[0]), style="bold")]
    for one in explanations:
        parts += [f"  {line}" for line in explanation_lines(one)]
        if one.after is not None:
            parts.append(_table(one))
    if written:
        parts.append(_("已写入 {files}").format(files=_("、").join(str(path) for path in written)))
    return parts


def explanation_object(explanations: Sequence[Explanation], written: Sequence[Path]) -> dict[str, Any]:
    """The same for a program."""
    return {"explanations": [dataclasses.asdict(one) for one in explanations], "files": [str(path) for path in written]}


def _table(explanation: Explanation) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column(_("指标"), no_wrap=True)
    table.add_column(_("单位"))
    for title in (_("方案"), _("另一做法"), _("变化")):
        table.add_column(title, justify="right")
    for row in figure_rows(explanation).itertuples(index=False):
        figures = (shown(row.plan), shown(row.otherwise), shown(row.change, signed=True))
        table.add_row(str(row.title), str(row.unit), *figures)
    return table
