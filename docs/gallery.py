"""Pictures of everything that a result holds, for the gallery in the manual and for looking at a change.

`python -m docs.gallery results/chengzhong results/dinghai …` draws maps, charts, the pages of documents and workbook, the
page in a browser and the layers in QGIS; it needs Chromium, LibreOffice with poppler-utils, and QGIS.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from PIL import Image

from docs.programs import PROGRAMS, drawn_in_qgis, pages_of, program

FOLDER = Path(__file__).parent / "gallery"
_WIDTH, _COLOURS = 900, 128
_PAGE_WIDTH, _PAGES_A_ROW, _SHEETS_A_ROW, _PAGES = 320, 4, 6, 12
_TALLEST = 0.7
"""Height on its width of what is drawn of a sheet: a landscape page."""
_WINDOW = "1400,900"
_GREY = "#888888"


def draw_gallery(results: Sequence[Path]) -> None:
    """Draw every result anew and write the page that shows them."""
    for result in results:
        place = FOLDER / result.name
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir(parents=True)
        for name, picture in _pictures(result):
            # Flat colours keep the file small.
            picture.quantize(_COLOURS, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE).save(
                place / f"{name}.png", optimize=True
            )
    (FOLDER / "index.md").write_text("\n".join(_index()), encoding="utf-8")


def _pictures(result: Path) -> Iterator[tuple[str, Image.Image]]:
    for kind in ("maps", "charts"):
        for file in sorted((result / kind).glob("*.png")):
            yield f"{kind}-{file.stem}", _narrowed(Image.open(file), _WIDTH)
    with tempfile.TemporaryDirectory() as scratch:
        yield from _sheets(result, Path(scratch))
        yield from _opened(result, Path(scratch))


def _sheets(result: Path, scratch: Path) -> Iterator[tuple[str, Image.Image]]:
    """The first pages of each document, and the top of each sheet of the workbook, on one picture each."""
    for file in sorted([*result.rglob("*.docx"), *result.rglob("*.xlsx")]):
        book = file.suffix == ".xlsx"
        pages = scratch / file.name
        pages.mkdir()
        pages_of([file], pages, one_page_a_sheet=book)
        last = [] if book else ["-l", str(_PAGES)]
        call = ["pdftoppm", "-png", "-r", "50", *last, pages / f"{file.stem}.pdf", pages / "page"]
        subprocess.run(call, check=True)  # noqa: S603  the result's own pages
        drawn = [Image.open(page) for page in sorted(pages.glob("page*.png"))]
        if book:
            yield f"workbook-{file.stem}", _side_by_side([_top(sheet) for sheet in drawn], _SHEETS_A_ROW)
        else:
            yield f"document-{file.stem}", _side_by_side(drawn, _PAGES_A_ROW)


def _top(page: Image.Image) -> Image.Image:
    """The first page of a sheet that runs over many."""
    return page.crop((0, 0, page.width, min(page.height, round(page.width * _TALLEST))))


def _opened(result: Path, scratch: Path) -> Iterator[tuple[str, Image.Image]]:
    """The page in a browser and the project in a GIS."""
    page, shot = result / "report.html", scratch / "page.png"
    if page.is_file():
        settings = ["--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--timeout=8000"]
        call = [
            program("chromium"),
            *settings,
            f"--window-size={_WINDOW}",
            f"--screenshot={shot}",
            page.resolve().as_uri(),
        ]
        subprocess.run(call, capture_output=True, check=True, timeout=120)  # noqa: S603  the result's own page
        yield "page-report", _narrowed(Image.open(shot), _WIDTH)
    package = result / "plan.gpkg"
    if package.is_file():
        drawn_in_qgis(package, scratch / "layers", _WIDTH)
        yield "qgis-project", _narrowed(Image.open(scratch / "layers" / "project.png"), _WIDTH)


def _narrowed(picture: Image.Image, width: int) -> Image.Image:
    height = round(picture.height * width / picture.width)
    return picture.convert("RGB").resize((width, height), Image.Resampling.LANCZOS)


def _side_by_side(pages: Sequence[Image.Image], row: int) -> Image.Image:
    """Pages in rows, each in a cell as high as the highest."""
    small = [_narrowed(page, _PAGE_WIDTH) for page in pages]
    height, columns = max(page.height for page in small), min(row, len(small))
    rows = -(-len(small) // columns)
    sheet = Image.new("RGB", (columns * (_PAGE_WIDTH + 8), rows * (height + 8)), _GREY)
    for number, page in enumerate(small):
        sheet.paste(page, (number % columns * (_PAGE_WIDTH + 8) + 4, number // columns * (height + 8) + 4))
    return sheet


def _index() -> Iterator[str]:
    yield "# Gallery · 成果图册"
    yield ""
    yield "Made by `python -m docs.gallery results/…`; pages as LibreOffice, Chromium and QGIS show them, reduced."
    yield "Every district is invented （演示）: what is proposed for it says nothing about a real place."
    for place in sorted(path for path in FOLDER.iterdir() if path.is_dir()):
        yield ""
        yield f"## {place.name}"
        yield ""
        for file in sorted(place.glob("*.png")):
            yield f"![{place.name}: {file.stem}]({place.name}/{file.name})"


def _missing() -> list[str]:
    return [reason for found, reason in PROGRAMS.values() if found() is None]


if __name__ == "__main__":
    given = [Path(folder) for folder in sys.argv[1:]]
    wrong = [f"{folder} holds no result" for folder in given if not (folder / "manifest.json").is_file()]
    if not given or wrong or _missing():
        sys.exit("\n".join([*wrong, *_missing()] or ["name result folders: python -m docs.gallery results/chengzhong"]))
    titles = [json.loads((folder / "manifest.json").read_text("utf-8"))["title"] for folder in given]
    real = [title for title in titles if "〔演示〕" not in title]
    if real:
        sys.exit(f"only demonstrations may stand in the manual: {', '.join(real)}")
    draw_gallery(given)
