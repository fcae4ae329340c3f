"""The command `monitor`: a plan held against a later year."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from simulator.language import translate as _
from simulator.terminal.answering import answer
from simulator.terminal.declared import debug_option, force_option, json_option, lang_option
from simulator.terminal.progress import Teller
from simulator.terminal.starting import check_target


def monitor(
    result: Annotated[Path, typer.Argument(metavar="RESULT", help=_("成果文件夹"))],
    data: Annotated[Path, typer.Argument(metavar="DATA", help=_("以后某一年的区域数据文件夹，如 update 写出的"))],
    year: Annotated[str, typer.Option("--year", metavar="YEAR", help=_("对照哪一学年；不写为数据中最后一年"))] = "",
    out: Annotated[
        Path | None, typer.Option("--out", metavar="DIR", help=_("把监测工作簿和 Word 写入这个文件夹"))
    ] = None,
    force: Annotated[bool, force_option()] = False,
    as_json: Annotated[bool, json_option()] = False,
    lang: Annotated[str, lang_option()] = "",
    debug: Annotated[bool, debug_option()] = False,
) -> int:
    """Hold a finished plan against a later year."""
    with Teller() as teller:
        if out is not None:
            check_target(out, teller, force=force)
        teller.step(_("加载程序"))
        from simulator.terminal import monitored
        from simulator.terminal.updating import year_of

        found = monitored.looked_at(result, data, year_of(year), teller)
        written = None if out is None else monitored.written(found, out, teller, force=force)
    answer(monitored.monitor_screen(found, written), monitored.monitor_object(found, written), as_json=as_json)
    return 0
