"""The main command, run as a user runs it."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
_FINISHED = (0, 1)


class CommandError(Exception):
    """The command ended without a new result."""


def optimize(scenario: Path, result: Path, seconds: float) -> dict[str, Any]:
    """Run `cli.py optimize` on a scenario and read the manifest of its result.

    Parameters
    ----------
    scenario
        The scenario file.
    result
        Folder that becomes the result.
    seconds
        Time limit of the solver.

    Returns
    -------
    dict
        The manifest, with `wall_s`: seconds of the whole command.

    Raises
    ------
    CommandError
        The command ended without a new result; its last words are in the message.
    """
    words = [sys.executable, str(ROOT / "cli.py"), "optimize", str(scenario), "--out", str(result)]
    manifest = result / "manifest.json"
    before = _written(manifest)
    began = time.perf_counter()
    ended = subprocess.run(  # noqa: S603  # our own program, arguments as a list
        [*words, "--time-limit", f"{seconds:g}", "--force"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    wall = time.perf_counter() - began
    if ended.returncode not in _FINISHED or _written(manifest) == before:
        message = f"optimize ended with code {ended.returncode}:\n{ended.stdout[-2000:]}"
        raise CommandError(message)
    content: dict[str, Any] = json.loads(manifest.read_text(encoding="utf-8"))
    return content | {"wall_s": wall}


def _written(path: Path) -> int | None:
    """When a file was written, so that the result of an earlier run is not taken for a new one."""
    return path.stat().st_mtime_ns if path.is_file() else None
