"""Pictures made small enough for a document: fewer points, few colours."""

from __future__ import annotations

from pathlib import Path

from PIL import Image

_WIDTH = 1600
"""Points across that a page between margins can show."""
_COLOURS = 256


def save_small(picture: Image.Image, target: Path) -> None:
    """Write a small copy of a picture.

    Parameters
    ----------
    picture
        A map or a chart, as it was drawn or read back.
    target
        The PNG file.
    """
    factor = max(picture.width // _WIDTH, 1)
    small = picture.convert("RGB").reduce(factor)
    small.quantize(_COLOURS, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE).save(target, compress_level=6)
