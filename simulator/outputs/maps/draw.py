"""Every map by name, drawn one job a file, with the same bytes in any process."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from matplotlib.figure import Figure

from simulator.outputs.fonts import drawing_style, replace_missing
from simulator.outputs.maps.balance import draw_balance, draw_phases, mapped_stages
from simulator.outputs.maps.catchments import draw_catchments
from simulator.outputs.maps.layout import draw_layout
from simulator.outputs.maps.moves import draw_moves
from simulator.outputs.maps.present import draw_children, draw_schools
from simulator.outputs.maps.view import MapView
from simulator.terms import COMPULSORY, WHOLE_UNIT_REGIMES

MAPS: dict[str, Callable[[MapView], Figure]] = {
    "schools": draw_schools,
    "children": draw_children,
    "layout": draw_layout,
    "moves": draw_moves,
    "phases": draw_phases,
}
"""Maps of one page, by the name that `outputs.maps` uses."""
STAGE_MAPS: dict[str, Callable[[MapView, str], Figure]] = {"balance": draw_balance, "catchments": draw_catchments}
"""Maps of a page a stage."""
# Level 6 of zlib takes half as long again for files a tenth smaller; drawing waits for it.
_COMPRESSION = 1


@dataclass(frozen=True)
class MapJob:
    """One map file to draw: its name in `outputs.maps`, its stage (empty for one page of all), its file stem."""

    name: str
    stage: str
    stem: str


def map_jobs(view: MapView, names: tuple[str, ...]) -> list[MapJob]:
    """The files that the named maps make, the slowest first so that workers end together."""
    jobs = []
    for name in names:
        if name in STAGE_MAPS:
            stages = catchment_stages(view) if name == "catchments" else [stage.value for stage in mapped_stages(view)]
            jobs += [MapJob(name, stage, f"{name}_{stage}") for stage in stages]
        elif name in MAPS:
            jobs.append(MapJob(name, "", name))
    pages = {"balance": 0, "catchments": 1, "phases": 2, "children": 3}
    return sorted(jobs, key=lambda job: pages.get(job.name, 9))


def catchment_stages(view: MapView) -> list[str]:
    """Stages whose units are zoned as a whole."""
    regimes = [regime.value for regime in WHOLE_UNIT_REGIMES]
    zoned = view.sections[view.sections["regime"].isin(regimes)]["stage"]
    return [stage.value for stage in COMPULSORY if (zoned == stage).any() and view.bands_of(stage)]


def draw_map(view: MapView, job: MapJob, folder: Path) -> str:
    """Draw one map file.

    Parameters
    ----------
    view
        What is mapped.
    job
        Which map.
    folder
        Folder of the PNG file.

    Returns
    -------
    str
        Characters that no face has; they stand as 〓 on the map.
    """
    with drawing_style():
        figure = STAGE_MAPS[job.name](view, job.stage) if job.stage else MAPS[job.name](view)
        return save_png(figure, folder / f"{job.stem}.png")


def save_png(figure: Figure, path: Path) -> str:
    """Write a figure as PNG without a date or the library's version, so that equal pages are equal files.

    Returns
    -------
    str
        Characters that no face has.
    """
    missing = replace_missing(figure)
    figure.savefig(
        path,
        format="png",
        dpi=figure.dpi,
        metadata={"Software": "school-planner"},
        pil_kwargs={"compress_level": _COMPRESSION},
    )
    return missing
