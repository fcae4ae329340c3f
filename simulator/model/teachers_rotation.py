"""交流轮岗: which schools exchange how many teachers in a year, strong with weak, town with country."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from simulator.model.teachers_arcs import FloatArray, IntArray, Rows, solve_whole

_MISSING = 10_000.0
_DIRECTION, _KEY = 60.0, 1.0
"""Minutes that an exchange in the wanted direction is worth, and that sending a backbone teacher costs more."""
_PARTNERS = 6
_FAIR = 3.0


@dataclass(frozen=True)
class Exchange:
    """Sections of one stage that exchange teachers.

    Parameters
    ----------
    eligible, backbone
        Teachers who may rotate, and backbone teachers among them, (sections,).
    minutes
        One way, inf where too far, (sections, sections).
    downward
        Whether it leads from town to country or from a strong school to a weak one, (sections, sections).
    share, key_share
        Least share of the eligible who rotate, and of backbone teachers among those.
    """

    eligible: IntArray
    backbone: IntArray
    minutes: FloatArray
    downward: npt.NDArray[np.bool_]
    share: float
    key_share: float

    @property
    def target(self) -> int:
        """Teachers who must rotate."""
        return int(np.ceil(self.share * self.eligible.sum() - 1e-9))


@dataclass(frozen=True)
class Rotation:
    """Who exchanges: rows (from section, to section, teachers, backbone teachers among them)."""

    pairs: IntArray


def rotate(exchange: Exchange) -> Rotation:
    r"""The shortest exchange that rotates enough teachers, as far as eligible teachers and distances allow.

    Every section receives as many as it sends, so that nobody's classes lose a teacher:

    .. math:: \sum_j x_{ij} = \sum_j x_{ji}, \quad \sum x \ge \lceil \rho E \rceil, \quad
              \sum b \ge \beta \sum x, \quad b \le x

    Exchanges run between a section and its nearest partners; backbone teachers go only downward: to the country, to weak
    schools. No section sends more than three times its own share.

    Parameters
    ----------
    exchange
        The sections of a stage.

    Returns
    -------
    Rotation
        Empty where there is no partner.
    """
    start, to = _partners(exchange)
    if exchange.target == 0 or not len(start):
        return Rotation(np.empty((0, 4), dtype=np.int64))
    down = exchange.downward[start, to]
    arcs, keys = len(start), np.flatnonzero(down)
    ordinary, key = np.arange(arcs), arcs + np.arange(len(keys))
    few, few_keys = arcs + len(keys), arcs + len(keys) + 1
    # Every exchange costs something, so that no more rotate than must.
    minutes = exchange.minutes[start, to] + _DIRECTION
    cost = np.concatenate(
        [minutes - _DIRECTION * down, minutes[keys] - _DIRECTION + _KEY, np.array([_MISSING, _MISSING])]
    )
    rows, count = Rows(), len(exchange.eligible)
    everybody = np.concatenate([ordinary, key])
    out, into = np.concatenate([start, start[keys]]), np.concatenate([to, to[keys]])
    nothing, boundless = np.zeros(count), np.full(count, -np.inf)
    signs = np.concatenate([np.ones(len(out)), -np.ones(len(into))])
    rows.add(np.concatenate([everybody, everybody]), np.concatenate([out, into]), nothing, nothing, signs)
    fair = np.ceil(_FAIR * exchange.share * exchange.eligible)
    rows.add(everybody, out, boundless, np.minimum(np.maximum(fair, 1), exchange.eligible).astype(float))
    rows.add(key, start[keys], boundless, exchange.backbone.astype(float))
    rows.add(ordinary, start, boundless, (exchange.eligible - exchange.backbone).astype(float))
    one_row = np.zeros(len(everybody) + 1, dtype=np.int64)
    rows.add(np.append(everybody, few), one_row, np.array([float(exchange.target)]), np.array([np.inf]))
    keyed = np.append((everybody >= arcs) - exchange.key_share, 1.0)
    rows.add(np.append(everybody, few_keys), one_row, np.zeros(1), np.array([np.inf]), keyed)
    found = solve_whole(cost, np.full(len(cost), np.inf), rows)
    backbone = np.zeros(arcs, dtype=np.int64)
    backbone[keys] = found[key]
    total = found[ordinary] + backbone
    return Rotation(np.column_stack([start, to, total, backbone])[total > 0])


def _partners(exchange: Exchange) -> tuple[IntArray, IntArray]:
    """Pairs that may exchange, both ways: each section with the nearest ones that stand above or below it."""
    unlike = exchange.downward | exchange.downward.T
    if not unlike.any():
        unlike = ~np.eye(len(exchange.eligible), dtype=bool)
    able = exchange.eligible > 0
    way = np.where(unlike & able[:, None] & able[None, :], exchange.minutes, np.inf)
    way = np.maximum(way, way.T)
    rank = np.argsort(np.argsort(way, axis=1, kind="stable"), axis=1, kind="stable")
    near = np.isfinite(way) & (rank < _PARTNERS)
    start, to = np.nonzero(near | near.T)
    return start, to
