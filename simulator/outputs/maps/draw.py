"""One map file, with the same bytes in any process."""

from __future__ import annotations

import gc
from pathlib import Path
from typing import Any

from matplotlib import rc_context
from matplotlib.figure import Figure
from PIL import Image

from simulator.outputs.fonts import drawing_style, replace_missing
from simulator.outputs.maps.catalogue import KINDS, MapJob
from simulator.outputs.maps.view import MapView
from simulator.outputs.small import save_small

# Level 6 of zlib takes half as long again for files a tenth smaller; drawing waits for it.
_COMPRESSION = 1
# It keeps the letters of the shipped face as they are, so that a PDF reads and prints everywhere.
_TRUE_TYPE = 42


def draw_map(view: MapView, job: MapJob, folder: Path, small: Path | None = None) -> str:
    """Draw one map file in every format of its job.

    Parameters
    ----------
    view
        What is mapped.
    job
        Which map.
    folder
        Folder of the files.
    small
        Folder of the copy for documents, where one is wanted and there is a PNG file.

    Returns
    -------
    str
        Characters that no face has; they stand as 〓 on the map.
    """
    seen = view.of_county(job.county) if job.county else view
    with drawing_style():
        figure = KINDS[job.name].draw(seen, job)
        missing = replace_missing(figure)
        for suffix in job.formats:
            _save(figure, folder / f"{job.stem}.{suffix}", suffix)
            if suffix == "png" and small is not None:
                save_small(_drawn(figure), small / f"{job.stem}.png")
    del figure
    # A figure refers to itself: until they are collected, the points of every page so far stay in memory.
    gc.collect()
    return missing


def _drawn(figure: Figure) -> Image.Image:
    """What was drawn last, without reading its file back."""
    canvas: Any = figure.canvas
    return Image.frombuffer("RGBA", canvas.get_width_height(), canvas.buffer_rgba(), "raw", "RGBA", 0, 1)


def save_png(figure: Figure, path: Path) -> str:
    """Write a figure as PNG without a date or the library's version, so that equal pages are equal files.

    Returns
    -------
    str
        Characters that no face has.
    """
    missing = replace_missing(figure)
    _save(figure, path, "png")
    return missing


def _save(figure: Figure, path: Path, suffix: str) -> None:
    if suffix == "pdf":
        with rc_context({"pdf.fonttype": _TRUE_TYPE}):
            figure.savefig(
                path, format="pdf", metadata={"Creator": "school-planner", "Producer": None, "CreationDate": None}
            )
        return
    figure.savefig(
        path,
        format="png",
        dpi=figure.dpi,
        metadata={"Software": "school-planner"},
        pil_kwargs={"compress_level": _COMPRESSION},
    )
