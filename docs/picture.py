"""The map on the README's first screen, reduced from a result of the demonstration.

`python -m docs.picture results/chengzhong` after a run of scenarios/chengzhong.toml.
"""

from __future__ import annotations

import sys
from pathlib import Path

from PIL import Image

PICTURE = Path(__file__).parent / "images" / "chengzhong-catchments.png"
MAP = Path("maps/catchments_primary.png")
_WIDTH = 1200
_COLOURS = 200


def reduce_map(result: Path) -> Path:
    """Write the picture from the catchment map of a result folder; flat colours keep it small."""
    page = Image.open(result / MAP).convert("RGB")
    small = page.resize((_WIDTH, round(page.height * _WIDTH / page.width)), Image.Resampling.LANCZOS)
    small.quantize(_COLOURS, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE).save(PICTURE, optimize=True)
    return PICTURE


if __name__ == "__main__":
    reduce_map(Path(sys.argv[1]))
