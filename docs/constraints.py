"""constraints.txt for pip, from the pins of pyproject.toml."""

from __future__ import annotations

import tomllib
from pathlib import Path

PYPROJECT = Path(__file__).resolve().parents[1] / "pyproject.toml"
_HEAD = """\
# One version of every package for Python 3.11-3.13: pip install -c constraints.txt .
# Made from pyproject.toml by python -m docs.generate.
"""


def constraints_txt() -> str:
    """Direct and indirect dependencies, one line each."""
    project = tomllib.loads(PYPROJECT.read_text(encoding="utf-8"))
    pins = [*project["project"]["dependencies"], *project["tool"]["uv"]["constraint-dependencies"]]
    for group in project["dependency-groups"].values():
        pins += group
    return _HEAD + "".join(f"{pin}\n" for pin in sorted(pins))
