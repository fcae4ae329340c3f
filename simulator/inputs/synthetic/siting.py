"""Where invented schools stand: each new one where it shortens most the way of the children around."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry import Point

from simulator.inputs.synthetic.apportion import FloatArray, IntArray
from simulator.inputs.synthetic.geography import Cells, Land
from simulator.inputs.synthetic.invention import KIND_STAGES, Invention, SchoolGroup
from simulator.inputs.synthetic.people import weights_of
from simulator.terms import STAGE_GRADES, SectionKind, Stage

_NOWHERE_M = 30_000.0
_ATTACHED = SectionKind.ATTACHED_KINDERGARTEN


@dataclass(frozen=True)
class Site:
    """A school: its group, the unit it stands in, its place and its relative size."""

    school_id: str
    group: SchoolGroup
    unit: int
    x: float
    y: float
    size: float
    attached: bool = False
    """Whether it also runs a kindergarten section."""

    @property
    def stages(self) -> tuple[Stage, ...]:
        """Stages of its sections."""
        own = KIND_STAGES[self.group.kind]
        return (Stage.KINDERGARTEN, *own) if self.attached else own

    def kind_of(self, stage: Stage) -> SectionKind:
        """Kind of its section of a stage."""
        return _ATTACHED if self.attached and stage is Stage.KINDERGARTEN else self.group.kind


def place_schools(
    spec: Invention, land: Land, cells: Cells, residents: IntArray, rng: np.random.Generator
) -> tuple[Site, ...]:
    """Place all schools, group by group; attached kindergartens go to existing primary schools."""
    sites: list[Site] = []
    for group in spec.schools:
        if group.kind is _ATTACHED:
            continue
        hosts = _hosts(spec, land, cells, residents, group, sites)
        for unit in hosts:
            x, y = _spot(cells, unit, [site for site in sites if site.unit == unit], rng)
            sites.append(Site(f"S{len(sites) + 1:03d}", group, unit, x, y, float(rng.uniform(*group.size))))
    attached = sum(group.count for group in spec.schools if group.kind is _ATTACHED)
    return tuple(_attach(sites, attached))


def spot_in(cells: Cells, unit: int, rng: np.random.Generator) -> tuple[float, float]:
    """A place for a plot in a unit."""
    return _spot(cells, unit, [], rng)


def _hosts(
    spec: Invention, land: Land, cells: Cells, residents: IntArray, group: SchoolGroup, sites: list[Site]
) -> list[int]:
    """Units of the schools of a group: islands first where asked, then the greedy p-median of the main land."""
    stage = KIND_STAGES[group.kind][0]
    peers = [site.unit for site in sites if stage in site.stages]
    weight = weights_of(residents, range(STAGE_GRADES[stage][0], STAGE_GRADES[stage][1] + 1))
    hosts: list[int] = []
    if group.islands:
        hosts = _island_hosts(spec, land, cells, weight, peers, group.islands)
    mainland = cells.pieces < land.mainland_pieces
    allowed = mainland & np.array([kind in group.where for kind in cells.kinds])
    reach = np.full(len(cells.nodes), _NOWHERE_M)
    for unit in peers:
        reach = np.minimum(reach, _gaps_to(cells, unit))
    gaps = np.linalg.norm(cells.nodes[:, None] - cells.nodes[None], axis=2)
    # Metres that a school in each unit would save all children together; updated only where a new one is nearer.
    saved = np.maximum(reach[None] - gaps, 0) @ (weight * mainland)
    while len(hosts) < group.count:
        taken = {*peers, *hosts}
        options = [unit for unit in np.flatnonzero(allowed) if unit not in taken] or list(np.flatnonzero(mainland))
        best = int(options[int(np.argmax(saved[options]))])
        hosts.append(best)
        nearer = np.flatnonzero((gaps[best] < reach) & mainland)
        before, after = reach[nearer], gaps[best, nearer]
        saved -= (np.maximum(before - gaps[:, nearer], 0) - np.maximum(after - gaps[:, nearer], 0)) @ weight[nearer]
        reach = np.minimum(reach, gaps[best])
    return hosts


def _gaps_to(cells: Cells, unit: int) -> FloatArray:
    """Metres from a unit to all units."""
    return np.asarray(np.linalg.norm(cells.nodes - cells.nodes[unit], axis=1))


def _island_hosts(
    spec: Invention, land: Land, cells: Cells, weight: FloatArray, peers: list[int], count: int
) -> list[int]:
    """The most peopled unit of each island that has no such school yet, larger islands first."""
    served = {int(cells.pieces[unit]) for unit in peers}
    numbers = range(land.mainland_pieces, land.mainland_pieces + len(spec.island_units))
    waiting = sorted(
        (number for number in numbers if number not in served), key=lambda number: -sum(cells.pieces == number)
    )
    hosts = []
    for number in waiting[:count]:
        members = np.flatnonzero(cells.pieces == number)
        hosts.append(int(members[int(np.argmax(weight[members]))]))
    return hosts


def _spot(cells: Cells, unit: int, others: list[Site], rng: np.random.Generator) -> tuple[float, float]:
    """A place inside the unit, off its node, apart from other schools there."""
    polygon = cells.polygons[unit]
    room = polygon.buffer(-25)
    room = polygon if room.is_empty else room
    node = cells.nodes[unit]
    reach = min(0.3 * float(np.sqrt(polygon.area)), 350.0)
    options = np.round(node + rng.uniform(-reach, reach, (40, 2)), 1)
    inside = [place for place in options if shapely.contains_xy(room, *place)] or [node]
    apart = [min((Point(place).distance(Point(site.x, site.y)) for site in others), default=0.0) for place in inside]
    x, y = inside[int(np.argmax(apart))]
    return float(x), float(y)


def _attach(sites: list[Site], count: int) -> list[Site]:
    """Give the complete primary schools that were placed last, out in the country, a kindergarten section."""
    hosts = [
        site.school_id
        for site in reversed(sites)
        if site.group.kind is SectionKind.COMPLETE_PRIMARY and site.group.decided_here
    ][:count]
    return [
        Site(site.school_id, site.group, site.unit, site.x, site.y, site.size, site.school_id in hosts)
        for site in sites
    ]
