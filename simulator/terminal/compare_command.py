"""The command `compare`: plans side by side."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from simulator.language import translate as _
from simulator.terminal.answering import answer
from simulator.terminal.declared import debug_option, force_option, json_option, lang_option
from simulator.terminal.progress import Teller
from simulator.terminal.starting import check_target


def compare(
    results: Annotated[list[Path], typer.Argument(metavar="RESULT...", help=_("若干成果文件夹"))],
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="DIR", help=_("把比选工作簿、Word、网页和图写入这个文件夹")),
    ] = None,
    force: Annotated[bool, force_option()] = False,
    as_json: Annotated[bool, json_option()] = False,
    lang: Annotated[str, lang_option()] = "",
    debug: Annotated[bool, debug_option()] = False,
) -> int:
    """Show plans side by side; write what differs and who is affected."""
    with Teller() as teller:
        if out is not None:
            check_target(out, teller, force=force)
        teller.step(_("读取"))
        from simulator.terminal import comparing

        found = comparing.compared(results, out, teller, force=force)
    answer(comparing.compared_screen(found), comparing.compared_object(found), as_json=as_json)
    return 0
