"""Maps and charts as documents show them."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from simulator.outputs.small import save_small

_PARALLEL = 2


def small_pictures(folders: tuple[Path, ...], into: Path) -> dict[str, Path]:
    """Small copies of every picture of the folders, by file stem.

    Parameters
    ----------
    folders
        Where PNG files stand; a folder that does not exist has none.
    into
        An existing folder for the copies; those that stand in it already were made when the picture was drawn.
    """
    found = {path.stem: path for folder in folders if folder.is_dir() for path in sorted(folder.glob("*.png"))}
    missing = [stem for stem in found if not (into / f"{stem}.png").exists()]
    # Decoding leaves the interpreter free, so threads share it.
    with ThreadPoolExecutor(_PARALLEL) as pool:
        list(pool.map(lambda stem: _shrink(found[stem], into / f"{stem}.png"), missing))
    return {stem: into / f"{stem}.png" for stem in found}


def _shrink(path: Path, target: Path) -> None:
    from PIL import Image

    with Image.open(path) as picture:
        save_small(picture, target)
