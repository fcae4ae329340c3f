"""Today's catchments: whole units, balanced loads, each catchment around its own school."""

from __future__ import annotations

import numpy as np

from simulator.inputs.synthetic.apportion import FloatArray, IntArray

_ROUNDS = 400


def balanced_zones(distance: FloatArray, children: FloatArray, targets: FloatArray, hosts: IntArray) -> IntArray:
    r"""Zone every unit to one school so that loads come near their targets.

    An additively weighted Voronoi diagram on the road network: a unit belongs to the school with the least
    distance plus handicap, and the handicap of a school that is too full grows.

    .. math:: s(u) = \arg\min_s \; d_{us} + \lambda_s

    Parameters
    ----------
    distance
        Kilometres from school to unit along the network, shape (schools, units).
    children
        Children of each unit.
    targets
        Children that each school should have.
    hosts
        Unit of each school; it always stays in that school's zone.

    Returns
    -------
    IntArray
        Number of the school of each unit. Every zone holds, with a unit, the whole way from it to the school.
    """
    between = distance[:, hosts]
    np.fill_diagonal(between, np.inf)
    handicap = np.zeros(len(hosts))
    step = 0.15 * float(np.median(between.min(axis=1))) if len(hosts) > 1 else 0.0
    best, least = np.zeros(len(children), dtype=np.int64), np.inf
    for number in range(_ROUNDS):
        zones = np.argmin(distance + handicap[:, None], axis=0)
        load = np.bincount(zones, weights=children, minlength=len(hosts))
        miss = load - targets
        if np.abs(miss).sum() < least:
            best, least = zones, float(np.abs(miss).sum())
        handicap = handicap + step / (1 + number / 40) * np.clip(miss / targets, -1, 1)
        # A school never loses its own unit: its handicap stays below the way from the next school.
        handicap = (
            np.minimum(handicap, (handicap[:, None] + between).min(axis=0) - 1e-3) if len(hosts) > 1 else handicap
        )
    return np.asarray(best, dtype=np.int64)


def gravity_shares(distance: FloatArray, attraction: FloatArray, scale_km: float) -> FloatArray:
    """Share of the children of each unit at each school of free choice, shape (schools, units); columns sum to 1."""
    finite = np.where(np.isfinite(distance), distance, 1e3)
    nearness = attraction[:, None] * np.exp(-(finite - finite.min(axis=0)) / scale_km)
    return np.asarray(nearness / nearness.sum(axis=0))
