"""The command line run in this process, on a small invented district that a test may spoil."""

from __future__ import annotations

import io
import re
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import cli
from simulator.inputs.synthetic import (
    DistrictCard,
    Invention,
    benchmark_district,
    invent_district,
    small_district,
    write_district,
)
from simulator.language import Language, use_language

SCENARIO = """\
title = "小样区方案"

[district]
folder = "data"

[outputs]
dpi = 72
maps = ["catchments"]
"""


SHORT = """
[horizon]
target_year = 2028

[[phases]]
first_year = 2026
last_year = 2028
"""
"""One phase, which is solved in no time."""


def write_small(folder: Path) -> Path:
    """A folder with the small district in `data`; returns its scenario `plan.toml`."""
    return _write(small_district(), folder)


def write_benchmark(folder: Path) -> Path:
    """The same with a county that takes long to solve."""
    return _write(benchmark_district(72, 12), folder)


def _write(spec: Invention, folder: Path) -> Path:
    card = DistrictCard(spec.name, spec.name, spec.crs, "invented", {"default": spec.base_year})
    write_district(invent_district(spec), folder / "data", card)
    scenario = folder / "plan.toml"
    scenario.write_text(SCENARIO, encoding="utf-8")
    return scenario


def told(*arguments: str | Path) -> tuple[int, str, str]:
    """Exit code, stdout and stderr of a command line; its language does not last."""
    out, err = io.StringIO(), io.StringIO()
    try:
        with redirect_stdout(out), redirect_stderr(err):
            code = cli.run([str(argument) for argument in arguments])
    finally:
        use_language(Language.ZH)
    return code, out.getvalue(), err.getvalue()


def edit(file: Path, old: str, new: str) -> None:
    """Replace a text once, which must stand in the file."""
    text = _text(file)
    assert old in text, (file.name, old)
    _save(file, text.replace(old, new, 1))


def add(file: Path, text: str) -> None:
    """Write text at the end of a file."""
    _save(file, _text(file) + text)


def without(file: Path, pattern: str) -> None:
    """Leave out the lines that match."""
    lines = _text(file).splitlines(keepends=True)
    kept = [line for line in lines if not re.search(pattern, line)]
    assert len(kept) < len(lines), (file.name, pattern)
    _save(file, "".join(kept))


def _text(file: Path) -> str:
    return file.read_bytes().decode("utf-8-sig")


def _save(file: Path, text: str) -> None:
    file.write_text(text, encoding="utf-8", newline="")
