"""Installed programs that open what the product writes: a browser, a GIS, an office suite.

The gallery draws its pictures with them. A test that needs one skips on a machine without it and says what is missing;
with `--every-program`, as `.ci/run` asks through `PYTEST_ADDOPTS`, a missing program is a failure.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from simulator.outputs.fonts import font_path

_QGIS_PYTHON = Path("/usr/bin/python3")
"""The Python for which Debian builds QGIS."""
_QGIS_SETTINGS = {"QT_QPA_PLATFORM": "offscreen", "PATH": os.environ.get("PATH", "")}
_QGIS_SCRIPT = Path(__file__).with_name("qgis_render.py")
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
    if not _QGIS_PYTHON.is_file():
        return None
    call = [_QGIS_PYTHON, "-c", "import qgis.core"]
    tried = subprocess.run(call, capture_output=True, check=False, env=_QGIS_SETTINGS)  # noqa: S603  a fixed command
    return str(_QGIS_PYTHON) if tried.returncode == 0 else None


_ONE_PAGE_A_SHEET = 'pdf:calc_pdf_Export:{"SinglePageSheets":{"type":"boolean","value":"true"}}'


def pages_of(files: Sequence[Path], folder: Path, *, one_page_a_sheet: bool = False) -> None:
    """Let the office suite turn documents and workbooks into `<stem>.pdf` in a folder.

    Parameters
    ----------
    files
        What to open.
    folder
        Where the pages go.
    one_page_a_sheet
        Make each sheet of a workbook one page, however long, instead of the pages that a printer gets.

    Raises
    ------
    subprocess.CalledProcessError
        The office suite refuses a file.
    """
    with tempfile.TemporaryDirectory() as profile:
        settings = f"-env:UserInstallation={Path(profile).as_uri()}"
        kind = _ONE_PAGE_A_SHEET if one_page_a_sheet else "pdf"
        call = [program("libreoffice"), settings, "--headless", "--convert-to", kind, "--outdir", folder, *files]
        subprocess.run(call, capture_output=True, check=True, timeout=600)  # noqa: S603  the caller's own files


def drawn_in_qgis(package: Path, pictures: Path, width: int) -> str:
    """Let QGIS draw every layer of a GeoPackage and its project into a folder; returns what it understood as JSON.

    Raises
    ------
    subprocess.CalledProcessError
        QGIS cannot read the file.
    """
    call = [program("qgis"), _QGIS_SCRIPT, package, pictures, font_path(), str(width)]
    with tempfile.TemporaryDirectory() as home:
        settings = _QGIS_SETTINGS | {"HOME": home, "XDG_RUNTIME_DIR": home}
        run = subprocess.run(call, capture_output=True, check=True, text=True, env=settings)  # noqa: S603  own script
    return run.stdout


def _first(*names: str) -> str | None:
    return next((path for path in map(shutil.which, names) if path), None)


PROGRAMS = {
    "chromium": (chromium, "no Chromium here; the page was not opened in a browser"),
    "libreoffice": (libreoffice, "no LibreOffice with poppler-utils here; the documents were not opened in an office"),
    "qgis": (qgis, "no QGIS with its Python (python3-qgis) here; the layers were not opened in a GIS"),
}
"""Program of the marker `program` → how to find it, what to say where it is missing."""


def program(name: str) -> str:
    """The path of a program.

    Raises
    ------
    FileNotFoundError
        It is not installed.
    """
    found, reason = PROGRAMS[name]
    path = found()
    if path is None:
        raise FileNotFoundError(reason)
    return path
