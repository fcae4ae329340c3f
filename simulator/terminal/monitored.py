"""The command `monitor`: its screen, and one object for a program."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rich.console import RenderableType
from rich.text import Text

from simulator.language import translate as _
from simulator.monitoring import monitor
from simulator.outputs.monitor.monitored import Monitored
from simulator.outputs.monitor.sentences import monitor_sections
from simulator.outputs.widths import wrapped
from simulator.prepared import Watcher
from simulator.terminal.progress import Teller
from simulator.terminal.screens import records

COLUMNS = 100
_FEW = 5


def looked_at(result: Path, data: Path, year: int | None, teller: Teller) -> Monitored:
    """Hold a result against the data."""
    return monitor(result, data, year, Watcher(teller.step))


def written(found: Monitored, out: Path, teller: Teller, *, force: bool) -> Path:
    """Write what was found into a folder."""
    teller.step(_("文件"))
    # Document libraries are loaded only where something is written.
    from simulator.outputs.monitor.write import write_monitor

    return write_monitor(found, out, force=force)


def monitor_screen(found: Monitored, folder: Path | None) -> Sequence[RenderableType]:
    """Works, seats, cleared problems, indicators and the forecast."""
    parts: list[RenderableType] = [Text(found.title, style="bold")]
    for title, lines in monitor_sections(found, _FEW):
        parts.append(Text(title, style="bold"))
        parts += [f"  {part}" for line in lines for part in wrapped(line, COLUMNS - 2)]
    if folder is not None:
        parts.append(_("监测已写入 {folder}（先看 monitor.xlsx）").format(folder=folder))
    return parts


def monitor_object(found: Monitored, folder: Path | None) -> dict[str, Any]:
    """The same for a program, every row in full."""
    return {
        "year": found.year,
        "works": records(found.works),
        "by_year": records(found.by_year),
        "ledger": records(found.ledger),
        "indicators": records(found.progress),
        "comparison": records(found.comparison),
        "result": None if folder is None else str(folder),
    }
