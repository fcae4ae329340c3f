"""Who attends which invented school: today's catchments, the children expected, the registers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from simulator.inputs.synthetic.apportion import FloatArray, IntArray
from simulator.inputs.synthetic.invention import POINTS, Invention, Roll
from simulator.inputs.synthetic.network import FERRY_PENALTY_KM, Network
from simulator.inputs.synthetic.people import weights_of
from simulator.inputs.synthetic.registers import Register, fill_register, grades_of, members_of
from simulator.inputs.synthetic.siting import Site
from simulator.inputs.synthetic.zoning import balanced_zones, gravity_shares
from simulator.terms import COMPULSORY, STAGE_GRADES, Serves, Stage

_CHOICE_KM = 0.9
# How much a school's size follows the children near by (1) rather than a common size (0).
_NEAR_PULL = {Stage.PRIMARY: 0.6, Stage.JUNIOR: 0.25}


@dataclass(frozen=True)
class Zones:
    """Catchments of a stage.

    Parameters
    ----------
    stage
        The stage.
    sites
        Numbers of its zoned schools in the list of sites.
    school
        Place in `sites` of each unit's school.
    partner
        Place in `sites` of the school that takes the upper grades of a point; its own place elsewhere.
    """

    stage: Stage
    sites: tuple[int, ...]
    school: IntArray
    partner: IntArray


@dataclass(frozen=True)
class Schooling:
    """Catchments and registers of all stages."""

    zones: tuple[Zones, ...]
    registers: tuple[Register, ...]


def enrol(
    spec: Invention,
    sites: tuple[Site, ...],
    network: Network,
    residents: IntArray,
    new_quarter: IntArray,
    rng: np.random.Generator,
) -> Schooling:
    """Draw the catchments of primary and junior schools and fill every register from the children expected."""
    zones = tuple(
        _draw_zones(spec, stage, sites, network, residents)
        for stage in COMPULSORY
        if any(_zoned(site, stage) for site in sites)
    )
    by_stage = {zone.stage: zone for zone in zones}
    quarter = np.zeros(len(residents))
    quarter[new_quarter] = 1.0
    registers = []
    for roll in spec.rolls:
        members = members_of(roll, sites)
        shares = _attendance(roll, members, sites, by_stage.get(roll.stage), network)
        first, last = STAGE_GRADES[roll.stage]
        children = residents[:, first + 5 : last + 6].astype(np.float64)
        expected = np.column_stack([shares[grade] @ children[:, grade] for grade in range(children.shape[1])])
        young = shares[0] @ (children[:, 0] * quarter) / np.maximum(shares[0] @ children[:, 0], 1e-9)
        registers.append(fill_register(spec, roll, sites, expected, young, rng))
    return Schooling(zones, tuple(registers))


def _zoned(site: Site, stage: Stage) -> bool:
    return stage in site.stages and site.group.serves is Serves.ALL


def _draw_zones(spec: Invention, stage: Stage, sites: tuple[Site, ...], network: Network, residents: IntArray) -> Zones:
    """Balanced catchments; targets follow the children near by, the school's size and its roll."""
    numbers = [number for number, site in enumerate(sites) if _zoned(site, stage)]
    hosts = np.array([sites[number].unit for number in numbers], dtype=np.int64)
    distance = network.distances(hosts)
    first, last = STAGE_GRADES[stage]
    children = weights_of(residents, range(first, last + 1))
    near = np.bincount(np.argmin(distance, axis=0), weights=children, minlength=len(hosts))
    size = np.array([sites[number].size for number in numbers])
    point = np.array([sites[number].group.kind in POINTS for number in numbers])
    pull = _NEAR_PULL[stage]
    targets = np.maximum(near, 1) ** pull * near.mean() ** (1 - pull) * size
    targets[point] = np.minimum(near, 1.3 * children[hosts])[point].clip(min=1)
    # A school alone on its island has the children of the island, whatever its size.
    alone = np.partition(distance[:, hosts], 1, axis=1)[:, 1] > FERRY_PENALTY_KM if len(hosts) > 1 else point
    targets[alone] = near[alone].clip(min=1)
    given = point | alone
    rolls = [roll for roll in spec.rolls if roll.stage is stage and roll.serves is Serves.ALL]
    everybody = sum(roll.pupils for roll in rolls)
    for roll in rolls:
        own = np.array([number in members_of(roll, sites) for number in numbers])
        share = children.sum() * roll.pupils / everybody - targets[own & given].sum()
        targets[own & ~given] *= max(share, 1.0) / targets[own & ~given].sum()
    school = balanced_zones(distance, children, targets, hosts)
    whole = np.flatnonzero(~point)
    nearest = whole[np.argmin(distance[np.ix_(whole, hosts)], axis=0)]
    ends_early = np.array([len(grades_of(sites[number], stage)) < last - first + 1 for number in numbers])
    return Zones(stage, tuple(numbers), school, np.where(ends_early, nearest, np.arange(len(numbers))))


def parents(sites: tuple[Site, ...], network: Network) -> dict[str, str]:
    """The school that each point belongs to: the nearest one of its stage that is no point and is run here."""
    found = {}
    for site in sites:
        if site.group.kind not in POINTS:
            continue
        stage = site.stages[0]
        options = [
            other
            for other in sites
            if stage in other.stages
            and other.group.kind not in POINTS
            and other.group.decided_here
            and other.group.nature is site.group.nature
        ]
        if options:
            km = network.distances(np.array([site.unit]))[0]
            found[site.school_id] = min(options, key=lambda other: km[other.unit]).school_id
    return found


def _attendance(
    roll: Roll, members: list[int], sites: tuple[Site, ...], zones: Zones | None, network: Network
) -> list[FloatArray]:
    """Share of each unit's children at each school of the roll, by grade; each array (schools, units)."""
    first, last = STAGE_GRADES[roll.stage]
    units = len(network.nodes)
    if zones is not None and roll.serves is Serves.ALL:
        return [_zone_matrix(zones, members, sites, grade) for grade in range(first, last + 1)]
    size = np.array([sites[number].size for number in members])
    if roll.stage is Stage.KINDERGARTEN:
        hosts = np.array([sites[number].unit for number in members], dtype=np.int64)
        shares = gravity_shares(network.distances(hosts), size, _CHOICE_KM)
    else:
        shares = np.repeat((size / size.sum())[:, None], units, axis=1)
    return [shares] * (last - first + 1)


def _zone_matrix(zones: Zones, members: list[int], sites: tuple[Site, ...], grade: int) -> FloatArray:
    """One where a school takes the unit's children of a grade: its own, or a point's upper grades."""
    takes = np.array([grade in grades_of(sites[number], zones.stage) for number in zones.sites])
    place = np.where(takes[zones.school], zones.school, zones.partner[zones.school])
    rows = np.array([zones.sites.index(number) for number in members])
    return np.asarray(place[None, :] == rows[:, None], dtype=np.float64)
