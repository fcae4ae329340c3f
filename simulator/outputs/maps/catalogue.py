"""Every map by name: how it is drawn, which sheets it has, what it needs beside the common view."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from matplotlib.figure import Figure

from simulator.language import translate as _
from simulator.outputs.maps.balance import draw_balance, draw_phases, mapped_stages
from simulator.outputs.maps.catchments import draw_catchments, draw_catchments_now, draw_catchments_planned
from simulator.outputs.maps.coverage import draw_coverage, draw_coverage_planned
from simulator.outputs.maps.crowding import draw_crowding, fullness
from simulator.outputs.maps.groups import draw_groups, draw_teachers, groups, transfers
from simulator.outputs.maps.key import draw_key
from simulator.outputs.maps.land import draw_land, draw_land_sheet, plot_ids, plots
from simulator.outputs.maps.layout import draw_layout
from simulator.outputs.maps.location import draw_location, ways
from simulator.outputs.maps.missing import Missing
from simulator.outputs.maps.moves import draw_moves
from simulator.outputs.maps.paired import draw_journeys, draw_reach, journeys, reach
from simulator.outputs.maps.present import draw_children, draw_schools
from simulator.outputs.maps.service import service
from simulator.outputs.maps.stages import draw_stage_layout, draw_stage_schools, stages_there
from simulator.outputs.maps.titles import map_titles
from simulator.outputs.maps.transport import draw_transport, riders
from simulator.outputs.maps.view import MapView
from simulator.outputs.maps.works import draw_near_term, draw_reserve, near_works, reserve
from simulator.result import Result
from simulator.scenario.maps import chosen_maps
from simulator.terms import COMPULSORY, WHOLE_UNIT_REGIMES, Stage, label


@dataclass(frozen=True)
class MapJob:
    """One map to draw.

    Parameters
    ----------
    name
        Its name in `outputs.maps`.
    key
        Which sheet of it: a stage, a plot; empty for a map of one sheet.
    stem
        Stem of its files.
    county
        County that it is limited to; empty for the whole district.
    formats
        Endings of its files.
    facts
        What this map alone shows.
    """

    name: str
    key: str
    stem: str
    county: str = ""
    formats: tuple[str, ...] = ("png",)
    facts: Any = None


@dataclass(frozen=True)
class Undrawn:
    """A map that was asked for and cannot be drawn: its name, its sheet, and the reason in the planner's words."""

    name: str
    key: str
    reason: str


def _one_sheet(_result: Result, _view: MapView) -> list[str]:
    return [""]


def _nothing(_result: Result, _view: MapView, _key: str) -> None:
    return None


@dataclass(frozen=True)
class MapKind:
    """How a map is made.

    Parameters
    ----------
    draw
        Draws a sheet.
    keys
        The sheets that it has, e.g. one a stage.
    take
        Takes from the run what this map alone shows, or says what is missing.
    """

    draw: Callable[[MapView, MapJob], Figure]
    keys: Callable[[Result, MapView], list[str]] = _one_sheet
    take: Callable[[Result, MapView, str], Any] = _nothing


def _mapped(_result: Result, view: MapView) -> list[str]:
    return [stage.value for stage in mapped_stages(view)]


def _zoned(_result: Result, view: MapView) -> list[str]:
    return catchment_stages(view)


def catchment_stages(view: MapView) -> list[str]:
    """Stages whose units are zoned as a whole."""
    regimes = [regime.value for regime in WHOLE_UNIT_REGIMES]
    zoned = view.sections[view.sections["regime"].isin(regimes)]["stage"]
    return [stage.value for stage in COMPULSORY if (zoned == stage).any() and view.bands_of(stage)]


KINDS: dict[str, MapKind] = {
    "location": MapKind(lambda v, j: draw_location(v, j.facts), take=lambda r, _v, _k: ways(r)),
    "schools": MapKind(lambda v, _j: draw_schools(v)),
    "stage_schools": MapKind(lambda v, j: draw_stage_schools(v, j.key), lambda _r, v: stages_there(v)),
    "children": MapKind(lambda v, _j: draw_children(v)),
    "crowding": MapKind(lambda v, j: draw_crowding(v, j.key, j.facts), _mapped, lambda r, _v, k: fullness(r, k)),
    "coverage": MapKind(
        lambda v, j: draw_coverage(v, j.key, j.facts), _mapped, lambda r, _v, k: service(r, k, planned=False)
    ),
    "coverage_planned": MapKind(
        lambda v, j: draw_coverage_planned(v, j.key, j.facts), _mapped, lambda r, _v, k: service(r, k, planned=True)
    ),
    "journeys": MapKind(lambda v, j: draw_journeys(v, j.key, j.facts), _mapped, lambda r, _v, k: journeys(r, k)),
    "reach": MapKind(lambda v, j: draw_reach(v, j.key, j.facts), _mapped, lambda r, _v, k: reach(r, k)),
    "balance": MapKind(lambda v, j: draw_balance(v, j.key), _mapped),
    "catchments": MapKind(lambda v, j: draw_catchments(v, j.key), _zoned),
    "catchments_now": MapKind(lambda v, j: draw_catchments_now(v, j.key), _zoned),
    "catchments_planned": MapKind(lambda v, j: draw_catchments_planned(v, j.key), _zoned),
    "layout": MapKind(lambda v, _j: draw_layout(v)),
    "stage_layout": MapKind(lambda v, j: draw_stage_layout(v, j.key), lambda _r, v: stages_there(v)),
    "moves": MapKind(lambda v, _j: draw_moves(v)),
    "groups": MapKind(lambda v, j: draw_groups(v, j.facts), take=lambda r, _v, _k: groups(r)),
    "teachers": MapKind(lambda v, j: draw_teachers(v, j.facts), take=lambda r, _v, _k: transfers(r)),
    "near_term": MapKind(lambda v, j: draw_near_term(v, j.facts), take=lambda r, v, _k: near_works(r, v)),
    "land": MapKind(lambda v, j: draw_land(v, j.facts), take=lambda r, v, _k: plots(r, v)),
    "land_sheets": MapKind(lambda v, j: draw_land_sheet(v, j.key, j.facts), plot_ids, lambda r, v, _k: plots(r, v)),
    "reserve": MapKind(lambda v, j: draw_reserve(v, j.facts), take=lambda r, v, _k: reserve(r, v)),
    "transport": MapKind(lambda v, j: draw_transport(v, j.facts), take=lambda r, _v, _k: riders(r)),
    "phases": MapKind(lambda v, _j: draw_phases(v)),
    "legend": MapKind(lambda v, _j: draw_key(v)),
}
"""Every map by the name that `outputs.maps` uses."""
# Seconds that a sheet takes, roughly, for the order in which workers draw.
_SLOW = {"balance": 5, "catchments": 5, "crowding": 5, "phases": 4, "journeys": 4, "reach": 4, "children": 3}


def map_jobs(result: Result, view: MapView) -> tuple[list[MapJob], list[Undrawn]]:
    """The files that the scenario asks for, the slowest first so that workers end together, and what cannot be drawn.

    Parameters
    ----------
    result
        A finished run; its scenario names the maps.
    view
        Its common view.
    """
    settings = result.scenario.outputs
    jobs: list[MapJob] = []
    undrawn: list[Undrawn] = []
    for name in chosen_maps(settings.maps):
        sheets = list(_sheets(result, view, name))
        jobs += [sheet for sheet in sheets if isinstance(sheet, MapJob)]
        undrawn += [sheet for sheet in sheets if isinstance(sheet, Undrawn)]
    if len(view.counties) > 1:
        jobs += _county_jobs(result, view, chosen_maps(settings.county_maps))
    return sorted(jobs, key=lambda job: -_SLOW.get(job.name, 0)), undrawn


def _sheets(result: Result, view: MapView, name: str) -> list[MapJob | Undrawn]:
    kind, formats = KINDS[name], result.scenario.outputs.map_formats
    keys = kind.keys(result, view)
    found: list[MapJob | Undrawn] = []
    for key in keys:
        facts = kind.take(result, view, key)
        if isinstance(facts, Missing):
            found.append(Undrawn(name, key, facts.reason))
        else:
            found.append(MapJob(name, key, f"{name}_{key}" if key else name, formats=formats, facts=facts))
    return found or [Undrawn(name, "", _("没有可画的学段或地块"))]


def _county_jobs(result: Result, view: MapView, names: tuple[str, ...]) -> list[MapJob]:
    """A sheet a county of each of the maps; a map that the whole district does not have is left out."""
    sheets = [sheet for name in names for sheet in _sheets(result, view, name) if isinstance(sheet, MapJob)]
    return [
        MapJob(sheet.name, sheet.key, f"{sheet.stem}_{county}", county, sheet.formats, sheet.facts)
        for county in view.counties
        for sheet in sheets
    ]


def undrawn_words(undrawn: list[Undrawn]) -> dict[str, str]:
    """Title of each map that was not drawn → the reason."""
    titles, words = map_titles(), {}
    for item in undrawn:
        # A title follows the district's name on the map; in English a colon joins them.
        title = titles[item.name].removeprefix(": ")
        if item.key in set(Stage):
            title = _("{title}（{stage}）").format(title=title, stage=label(Stage(item.key)))
        words[title] = item.reason
    return words
