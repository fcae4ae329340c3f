"""The command `update`: its options, and the screen of a district rolled forward."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from rich.console import RenderableType
from rich.text import Text

from simulator.errors import Problem
from simulator.inputs.next_year import NewFiles
from simulator.language import translate as _
from simulator.outputs.titles import stamped
from simulator.outputs.update import Update, update_sections
from simulator.outputs.widths import wrapped
from simulator.prepared import Prepared, Watcher
from simulator.terminal.interrupts import Interrupts
from simulator.terminal.options import wrong_command_line
from simulator.terminal.progress import Teller
from simulator.terminal.screens import records
from simulator.updating import Wish, update_district

__all__ = ["NewFiles", "Wish", "update_object", "update_screen", "updated", "year_of"]

COLUMNS = 100
_FEW = 5


def year_of(text: str) -> int | None:
    """The year that was typed; None where none was.

    Raises
    ------
    InputError
        Something else than a year.
    """
    if not text:
        return None
    if not text.isdecimal():
        raise wrong_command_line([Problem("--year", _("“{value}”不是年份").format(value=text), _("如 2026"))])
    return int(text)


def updated(prepared: Prepared, wish: Wish, solver: dict[str, object], teller: Teller) -> Update:
    """Roll the district forward; the first Ctrl-C keeps the best plan so far."""
    wish = replace(wish, solver={**wish.solver, **solver})
    with Interrupts(teller.interrupted) as interrupts:
        watcher = Watcher(teller.step, teller.search, interrupts.stopped)
        return update_district(prepared, wish, watcher)


def update_screen(update: Update) -> Sequence[RenderableType]:
    """Forecast against actual, what happened, which decisions change."""
    parts: list[RenderableType] = [Text(stamped(update.title, invented=update.invented), style="bold")]
    for title, lines in update_sections(update, _FEW):
        parts.append(Text(title, style="bold"))
        parts += [f"  {part}" for line in lines for part in wrapped(line, COLUMNS - 2)]
    parts.append(_("已写入 {folder}（先看 update/summary.md）").format(folder=update.folder))
    return parts


def update_object(update: Update) -> dict[str, Any]:
    """The same for a program."""
    return {
        "year": update.year,
        "comparison": records(update.comparison),
        "facts": records(update.facts),
        "decisions": None if update.decisions is None else records(update.decisions),
        "undecided": update.undecided,
        "catchment_changes": None if update.zones is None else records(update.zones),
        "district": str(update.folder),
        "scenario": str(Path(update.folder) / "scenario.toml"),
    }
