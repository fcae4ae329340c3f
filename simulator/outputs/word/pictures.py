"""Maps and charts made small enough for a document: fewer points, few colours."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

_WIDTH = 1600
"""Points across that a page between margins can show."""
_COLOURS = 256
_PARALLEL = 2


def small_pictures(folders: tuple[Path, ...], into: Path) -> dict[str, Path]:
    """Copies of every picture of the folders, by file stem.

    Parameters
    ----------
    folders
        Where PNG files stand; a folder that does not exist has none.
    into
        An existing folder for the copies.
    """
    found = {path.stem: path for folder in folders if folder.is_dir() for path in sorted(folder.glob("*.png"))}
    # Decoding leaves the interpreter free, so threads share it.
    with ThreadPoolExecutor(_PARALLEL) as pool:
        list(pool.map(lambda stem: _shrink(found[stem], into / f"{stem}.png"), found))
    return {stem: into / f"{stem}.png" for stem in found}


def _shrink(path: Path, target: Path) -> None:
    from PIL import Image

    with Image.open(path) as picture:
        factor = max(picture.width // _WIDTH, 1)
        small = picture.convert("RGB").reduce(factor)
    small.quantize(_COLOURS, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE).save(target, compress_level=6)
