"""The command `compare`: its screen, and one object for a program."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
from rich.console import RenderableType

from simulator.language import translate as _
from simulator.outputs.compare import compare_stored, read_results
from simulator.terminal.progress import Teller
from simulator.terminal.screens import compare_screen, records


@dataclass(frozen=True)
class Compared:
    """Figures of the plans; with a folder also what can be compared, who is affected, and where it was written."""

    figures: pd.DataFrame
    notes: tuple[str, ...] = ()
    affected: pd.DataFrame | None = None
    works: pd.DataFrame | None = None
    folder: Path | None = None


def compared(results: Sequence[Path], out: Path | None, teller: Teller, *, force: bool) -> Compared:
    """Read the results, and write the comparison where a folder was given."""
    stored = read_results(results, unchanged=True)
    if out is None:
        return Compared(compare_stored(stored))
    teller.step(_("比较"))
    # Drawing libraries are loaded only where something is drawn.
    from simulator.outputs.comparison import lay_side_by_side, write_comparison
    from simulator.outputs.comparison.sentences import affected_totals

    found = lay_side_by_side(stored)
    folder = write_comparison(found, out, force=force, report=teller.step)
    return Compared(found.figures, found.notes, affected_totals(found), found.works, folder)


def compared_screen(found: Compared) -> Sequence[RenderableType]:
    """Plans side by side, then what can be compared and where everything stands."""
    parts = list(compare_screen(found.figures))
    parts += [f"  {note}" for note in found.notes]
    if found.folder is not None:
        parts.append(_("比选已写入 {folder}（先看 comparison.html）").format(folder=found.folder))
    return parts


def compared_object(found: Compared) -> dict[str, Any]:
    """The same for a program."""
    told: dict[str, Any] = {"plans": records(found.figures)}
    if found.folder is None or found.affected is None or found.works is None:
        return told
    beside = {"notes": list(found.notes), "affected": records(found.affected), "works": records(found.works)}
    return told | beside | {"result": str(found.folder)}
