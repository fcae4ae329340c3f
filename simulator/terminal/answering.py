"""What a command prints: a screen for a reader or one object for a program, and errors."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from simulator.errors import PlannerError

if TYPE_CHECKING:
    from simulator.terminal.screens import Screen

_PIPE_WIDTH = 160
"""Columns of a table that goes into a file or a pipe."""


def answer(screen: Screen, found: Mapping[str, Any], *, as_json: bool) -> None:
    """Print the answer of a command: a screen for a reader, or one object for a program."""
    if as_json:
        from simulator.terminal.screens import plain

        _print(json.dumps(plain(found), ensure_ascii=False, indent=2))
        return
    from rich.console import Console

    console = Console(highlight=False, markup=False, width=None if sys.stdout.isatty() else _PIPE_WIDTH)
    for part in screen:
        console.print(part, soft_wrap=isinstance(part, str))


def fail(error: PlannerError, *, as_json: bool) -> int:
    """Tell an error; returns its exit code."""
    if as_json:
        problems = [{"where": one.where, "what": one.what, "remedy": one.remedy} for one in error.problems]
        _print(json.dumps({"error": error.title, "problems": problems}, ensure_ascii=False, indent=2))
    else:
        sys.stderr.write(f"{error}\n")
    return error.exit_code


def _print(text: str) -> None:
    sys.stdout.write(f"{text}\n")
