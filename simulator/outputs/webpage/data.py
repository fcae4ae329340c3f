"""Everything that the page shows, as plain values for its script."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import shapely

from simulator.language import current_language
from simulator.outputs.answers import answers
from simulator.outputs.edition import FEWEST_SHOWN, edition_words
from simulator.outputs.geopackage.view import GisView
from simulator.outputs.maps.shapes import tint
from simulator.outputs.maps.view import MapView
from simulator.outputs.sentences import cost_lines, finding_lines, journey_lines, shortage_lines, work_lines
from simulator.outputs.titles import rezoning_words, stamped_title, stamps
from simulator.outputs.webpage import ground, people, schools, zones
from simulator.outputs.webpage.findings import findings
from simulator.outputs.webpage.words import network_words, script_words, vocabulary
from simulator.result import Result

_FEW = 8


def page_data(result: Result, maps: MapView) -> dict[str, Any]:
    """What `report.html` holds: the plan beside no action, on the map and as figures.

    Parameters
    ----------
    result
        A finished run.
    maps
        Its maps' view (:func:`simulator.outputs.maps.view.map_view`).

    Returns
    -------
    dict
        Plain values. Counts of children below five are None in the public edition, which has no findings, no plots that
        are only candidates, no reasons and no sentences with figures either.
    """
    view = GisView(result, maps)
    horizon = result.scenario.horizon
    years = [year for year in result.projection.plan_demand.years if year <= horizon.target_year]
    townships = list(dict.fromkeys(maps.units["township"].astype(str)))
    sections = schools.shown_sections(view)
    sites = schools.shown_sites(view, sections)
    grid = ground.grid_of(maps.bounds)
    shapes = pd.Series(ground.thinned(maps.units.geometry.to_numpy(), maps.bounds), index=maps.units.index)
    return {
        **_front(view, years),
        "ground": _ground(view, shapes, grid),
        "townships": townships,
        "units": _units(view, shapes, grid, townships),
        "children": people.children(view, shapes.index, years),
        "balance": people.balance(view, ["", *townships], years),
        "spread": people.spread(view, years),
        "sites": schools.site_columns(view, sites, grid),
        "sections": schools.section_columns(view, sections, sites, years),
        "actions": schools.actions(view, sections.index),
        "moves": schools.moves(view, sections.index),
        "layers": zones.layers(view, shapes, sections.index),
        "choices": zones.choices(view, shapes.index, sections.index),
        "covered": zones.covered_units(view, shapes.index),
        "findings": findings(view, sites.index, shapes.index, townships),
        "summary": _summary(view),
    }


def _front(view: GisView, years: list[int]) -> dict[str, Any]:
    result, horizon = view.result, view.result.scenario.horizon
    return {
        "language": current_language().value,
        "title": stamped_title(result, result.scenario.title),
        "district": stamped_title(result, result.district.title),
        "stamps": stamps(result),
        "notes": list(view.maps.notes),
        "rezoning": rezoning_words(result.plan),
        "entrants": int(result.plan.rezoning == "entrants"),
        "footer": view.maps.footer,
        "edition": edition_words(result.scenario.outputs),
        "fewest": 0 if view.internal else FEWEST_SHOWN,
        "years": years,
        "base": horizon.base_year,
        "target": horizon.target_year,
        "phases": [list(phase) for phase in view.phases],
        "networks": network_words(),
        "stages": schools.stage_words(view),
        "kinds": schools.kind_words(),
        "marks": schools.action_marks(),
        "tints": [tint(number) for number in range(16)],
        "vocabulary": vocabulary(),
        "words": script_words(),
    }


def _ground(view: GisView, shapes: pd.Series, grid: ground.Grid) -> dict[str, Any]:
    found = ground.borders(shapes.to_numpy(), grid)
    barriers = view.result.district.barriers
    named = barriers["name"].fillna("").astype(str) if "name" in barriers else pd.Series("", index=barriers.index)
    _west, south, east, _north = view.maps.bounds
    return {
        "metres": round(grid.metres, 6),
        "size": list(grid.of(east, south)),
        "arcs": [ground.deltas(arc) for arc in found.arcs],
        "sides": [list(sides) for sides in found.sides],
        "units": found.shapes,
        "barriers": [
            {"name": name, "parts": parts}
            for name, parts in zip(named, ground.lines(barriers.geometry, grid), strict=True)
        ],
        "ferries": [part for parts in ground.lines(view.maps.ferries, grid) for part in parts],
    }


def _units(view: GisView, shapes: pd.Series, grid: ground.Grid, townships: list[str]) -> dict[str, Any]:
    units = view.maps.units
    inside = shapely.get_coordinates(shapely.point_on_surface(units.geometry.to_numpy()))
    points = [grid.of(x, y) for x, y in inside]
    place = {name: number for number, name in enumerate(townships)}
    return {
        "id": shapes.index.astype(str).tolist(),
        "name": units["name"].astype(str).tolist(),
        "township": [place[name] for name in units["township"].astype(str)],
        "km2": np.round(units["area_km2"].to_numpy(np.float64), 2).tolist(),
        "x": [x for x, _y in points],
        "y": [y for _x, y in points],
    }


def _summary(view: GisView) -> list[list[Any]]:
    """The five answers of the summary as (question, lines); their figures and school names are for the internal edition."""
    if not view.internal:
        return []
    found = answers(view.result)
    questions = vocabulary()["questions"]
    lines = (
        shortage_lines(found, _FEW),
        work_lines(found, view.result, _FEW),
        cost_lines(found, view.result),
        journey_lines(found),
        finding_lines(found),
    )
    return [[questions[name], own] for name, own in zip(questions, lines, strict=True)]
