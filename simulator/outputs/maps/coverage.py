"""服务半径覆盖图, today and planned: the area within walking reach of a school."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch

from simulator.language import translate as _
from simulator.outputs.maps.labels import label_sites, outline_townships
from simulator.outputs.maps.legend import Block, add_legend, patch
from simulator.outputs.maps.location import barrier_handles, draw_lines
from simulator.outputs.maps.page import draw_ferries, draw_units, ferry_handles, overview
from simulator.outputs.maps.service import Service, inside, service_field, site_points
from simulator.outputs.maps.shapes import Bounds, polygon_paths
from simulator.outputs.maps.stages import of_stage
from simulator.outputs.maps.symbols import draw_sites, kind_handles
from simulator.outputs.maps.titles import map_title
from simulator.outputs.maps.view import MapView
from simulator.terms import AreaKind, Stage, label

_NEAR, _FAR = "#4A90B8", "#B9DCEE"
_BEYOND = "#F6F3EC"


def draw_coverage(view: MapView, stage: str, found: Service) -> Figure:
    """现状服务半径覆盖图."""
    subtitle = _("{stage}　{year}年（现状）").format(stage=label(Stage(stage)), year=found.year)
    return _draw(view, "coverage", stage, subtitle, found)


def draw_coverage_planned(view: MapView, stage: str, found: Service) -> Figure:
    """规划服务半径覆盖图."""
    subtitle = _("{stage}　{year}年（规划）").format(stage=label(Stage(stage)), year=found.year)
    return _draw(view, "coverage_planned", stage, subtitle, found)


def _draw(view: MapView, name: str, stage: str, subtitle: str, found: Service) -> Figure:
    page = overview(view, map_title(name), subtitle)
    schools = site_points(view.sites, found.sites)
    sites = view.sites.index.intersection(pd.Index(found.sites))
    own = of_stage(view, stage)
    kinds: list[str] = []
    for panel in page.panels:
        draw_units(panel, view, _BEYOND, edge="#dcd7c9")
        draw_ferries(panel, view)
        _shade(panel, view, found, schools)
        outline_townships(panel, view, width=0.9)
        draw_lines(panel, found.ways.barriers)
        kinds = draw_sites(panel, own, sites, scale=0.85)
        if stage != Stage.KINDERGARTEN:
            names = view.sites["name"].loc[sites].astype(str)
            label_sites(panel, view, names, size=6.0 * page.scale, leave_core=page.leaves_core(view, panel))
    radii = [
        patch("none", _("{kind}：{metres}米").format(kind=label(AreaKind(kind)), metres=f"{metres:g}"), edge="none")
        for kind, metres in found.radii.items()
    ]
    basis = _("沿道路步行，绕行阻隔") if len(found.travel) else _("直线距离乘绕行系数，绕行阻隔")
    blocks: list[Block] = [
        (_("步行到最近学校"), _areas(found, basis)),
        (_("服务半径"), radii),
        (_("学校"), kind_handles(kinds, page.scale)),
        (_("交通与阻隔"), [*ferry_handles(view), *barrier_handles(found.ways.barriers)]),
    ]
    add_legend(page, blocks)
    return page.figure


def _areas(found: Service, basis: str) -> list[Artist]:
    handles: list[Artist] = [
        patch(_NEAR, _("服务半径的一半以内")),
        patch(_FAR, _("服务半径以内")),
        patch(_BEYOND, _("服务半径以外")),
        patch("none", basis, edge="none"),
    ]
    if np.isfinite(found.covered):
        words = _("半径内儿童占 {share}\n（按单元，指标口径）").format(share=f"{found.covered:.1%}")
        handles.append(patch("none", words, edge="none"))
    return handles


def _shade(panel: Axes, view: MapView, found: Service, schools: np.ndarray) -> None:
    """Fill what lies within half the radius and within the whole, on land only."""
    measured = service_field(found, schools, _window(panel, view))
    shares = np.where(np.isfinite(measured.share), measured.share, 9.0)
    if not (shares <= 1).any():
        return
    areas = panel.contourf(measured.x, measured.y, np.minimum(shares, 2.0), levels=[0, 0.5, 1], colors=[_NEAR, _FAR])
    areas.set_zorder(1.1)
    areas.set_alpha(0.85)
    (path,) = polygon_paths([inside(view.units)])
    areas.set_clip_path(PathPatch(path, transform=panel.transData))


def _window(panel: Axes, view: MapView) -> Bounds:
    """The part of the district that a panel shows."""
    (left, right), (low, high) = panel.get_xlim(), panel.get_ylim()
    west, south, east, north = view.bounds
    return max(west, left), max(south, low), min(east, right), min(north, high)
