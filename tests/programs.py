"""Installed programs that some tests open: a browser, a GIS, an office suite.

On a user's machine such a test skips and says what is missing; with `--every-program`, as `.ci/run` asks through
`PYTEST_ADDOPTS`, a missing program is a failure.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from functools import cache
from pathlib import Path

QGIS_PYTHON = Path("/usr/bin/python3")
"""The Python for which Debian builds QGIS."""
QGIS_SETTINGS = {"QT_QPA_PLATFORM": "offscreen", "PATH": os.environ.get("PATH", "")}
_CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")


@cache
def chromium() -> str | None:
    """The browser's path, or None where there is none."""
    return _first(*_CHROMIUM)


@cache
def libreoffice() -> str | None:
    """The office suite's path, or None; the pages it makes are read with poppler's pdftotext."""
    return _first("soffice", "libreoffice") if shutil.which("pdftotext") else None


@cache
def qgis() -> str | None:
    """The Python that loads QGIS, or None where there is none."""
    if not QGIS_PYTHON.is_file():
        return None
    call = [QGIS_PYTHON, "-c", "import qgis.core"]
    tried = subprocess.run(call, capture_output=True, check=False, env=QGIS_SETTINGS)  # noqa: S603  a fixed command
    return str(QGIS_PYTHON) if tried.returncode == 0 else None


def _first(*names: str) -> str | None:
    return next((path for path in map(shutil.which, names) if path), None)


PROGRAMS = {
    "chromium": (chromium, "no Chromium here; the page was not opened in a browser"),
    "libreoffice": (libreoffice, "no LibreOffice with poppler-utils here; the documents were not opened in an office"),
    "qgis": (qgis, "no QGIS with its Python (python3-qgis) here; the layers were not opened in a GIS"),
}
"""Program of the marker `program` → how to find it, what to say where it is missing."""
