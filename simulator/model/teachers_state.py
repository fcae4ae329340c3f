"""A county's pool of teachers: what it is, what is done with it, how it stands in a year."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from simulator.model.teachers_arcs import FloatArray, IntArray
from simulator.model.teachers_rotation import Exchange
from simulator.terms import TransferReason

BoolArray = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Pool:
    """The sections of a county with their teachers; axis S sections, Q qualifications, K subjects, T plan years.

    Parameters
    ----------
    held
        Teachers of the base year, (S, K); each is qualified for the stage of the section.
    retired
        Retired by the end of each year, (S, K, T + 1).
    needed
        Teachers needed, (S, T + 1 and more): base year, plan years, years to look ahead.
    shares
        Share of a section's teachers by subject, (S, K).
    stage, may_teach
        Stage of a section, (S,); whether a qualification, a stage, allows to teach there, (Q, S).
    ours, pooled
        Sections that the bureau decides, and those whose teachers are transferred, (S,).
    minutes
        One way, inf where too far for a transfer, (S, S).
    reach
        The same without a limit: teachers of a closing school go to the nearest.
    rural
        Rank of the kind of area: 0 city, 1 town, 2 village, (S,).
    pupils
        By year like `needed`.
    eligible_share
        Share of teachers who may rotate, (S,).
    above_degree, backbone, pe_arts
        Teachers of the base year, (S,).
    leaving
        Share who leave a year, (S,).
    arts
        Subjects that count as physical education and arts, (K,); none where subjects are not told.
    norms
        Norm a pupil of above_degree, backbone and pe_arts, (3, S); 0 where there is none.
    anybody
        Subjects that teachers of others take on where the section has too few (兼任), (S, K).
    """

    held: IntArray
    retired: IntArray
    needed: IntArray
    shares: FloatArray
    stage: IntArray
    may_teach: BoolArray
    ours: BoolArray
    pooled: BoolArray
    minutes: FloatArray
    reach: FloatArray
    rural: IntArray
    pupils: IntArray
    eligible_share: FloatArray
    above_degree: FloatArray
    backbone: FloatArray
    pe_arts: FloatArray
    leaving: FloatArray
    arts: BoolArray
    norms: FloatArray
    anybody: BoolArray


@dataclass(frozen=True)
class Measures:
    """What a county does: whether it transfers and recruits, how many, how far ahead; who rotates."""

    transfers: bool
    rotation: bool
    most_recruits: FloatArray
    ahead: int
    share: float
    key_share: float


Move = tuple[int, int, int, TransferReason, int, int]
"""From section, to section, subject (−1: all), reason, teachers, backbone teachers among them."""


def _none() -> FloatArray:
    return np.empty(0)


def _nobody() -> IntArray:
    return np.empty(0, dtype=np.int64)


@dataclass
class YearTold:
    """What happened in a year, arrays as in :class:`Pool`; `held`, `short`, `spare` and what follows are its end.

    `rotation` has by stage what was asked, who rotated, backbone teachers among them, and exchanges downward.
    """

    retired: IntArray
    left: IntArray
    moves: list[Move]
    recruited: IntArray
    short: IntArray = field(default_factory=_nobody)
    spare: IntArray = field(default_factory=_nobody)
    held: IntArray = field(default_factory=_nobody)
    rotation: dict[int, tuple[Exchange, int, int, int]] = field(default_factory=dict)
    above_degree: FloatArray = field(default_factory=_none)
    backbone: FloatArray = field(default_factory=_none)
    pe_arts: FloatArray = field(default_factory=_none)


def whole_by_subject(total: IntArray, shares: FloatArray, held: IntArray) -> IntArray:
    """Teachers of a section by subject, whole, adding up to its total.

    Each subject gets its share rounded down; what is left goes to subjects in which the section has a teacher more,
    then to the largest remainders: nobody has to move because of rounding.

    Parameters
    ----------
    total
        Teachers needed, (sections,).
    shares, held
        Shares and teachers there are, (sections, subjects).

    Examples
    --------
    >>> shares = np.array([[0.5, 0.3, 0.2]])
    >>> whole_by_subject(np.array([4]), shares, np.array([[2, 1, 1]])).tolist()
    [[2, 1, 1]]
    >>> whole_by_subject(np.array([4]), shares, np.array([[2, 2, 0]])).tolist()
    [[2, 2, 0]]
    """
    exact = total[:, None] * shares
    base = np.floor(exact + 1e-9)
    left = total - base.sum(axis=1)
    rest = exact - base
    score = np.where(shares > 0, rest + 10.0 * ((held > base) & (rest > 1e-9)), -1.0)
    rank = np.argsort(np.argsort(-score, axis=1, kind="stable"), axis=1, kind="stable")
    return np.asarray(base + (rank < left[:, None]), dtype=np.int64)


def gaps(wanted: IntArray, held: IntArray, anybody: BoolArray) -> tuple[IntArray, IntArray]:
    """Teachers short and spare by subject, after spare ones of a section took on what anybody may teach there.

    Parameters
    ----------
    wanted, held
        Teachers by section and subject.
    anybody
        Subjects that others take on.

    Examples
    --------
    >>> wanted, held = np.array([[2, 2, 1]]), np.array([[4, 0, 1]])
    >>> [one.tolist() for one in gaps(wanted, held, np.array([[False, True, False]]))]
    [[[0, 0, 0]], [[0, 0, 0]]]
    """
    short, spare = np.maximum(wanted - held, 0), np.maximum(held - wanted, 0)
    cover = np.minimum((short * anybody).sum(axis=1), spare.sum(axis=1))[:, None]
    return short - _first(short * anybody, cover), spare - _first(spare, cover)


def _first(counts: IntArray, total: IntArray) -> IntArray:
    """The first of the counts of a row up to a total."""
    before = np.cumsum(counts, axis=1) - counts
    return np.asarray(np.clip(total - before, 0, counts))


class State:
    """Teachers as they stand: by section, qualification and subject, with the retirements still to come."""

    def __init__(self, pool: Pool) -> None:
        sections, subjects = pool.held.shape
        kinds = len(pool.may_teach)
        own = np.arange(kinds)[None, :] == pool.stage[:, None]
        self.held: IntArray = np.where(own[:, :, None], pool.held[:, None, :], 0)
        going = np.diff(pool.retired, axis=2)
        self.going: IntArray = np.where(own[:, :, None, None], going[:, None], 0)
        self.leaving: FloatArray = (np.arange(sections * kinds * subjects) * 0.618034 % 1.0).reshape(self.held.shape)
        self.above, self.backbone, self.pe_arts = (
            values.astype(np.float64).copy() for values in (pool.above_degree, pool.backbone, pool.pe_arts)
        )

    def age(self, year: int, leaving: FloatArray) -> tuple[IntArray, IntArray]:
        """Retire and let go those of a year; numbers by section."""
        before = self.held.sum(axis=(1, 2))
        retired = np.minimum(self.going[..., year - 1], self.held)
        self.held = self.held - retired
        left = np.zeros_like(retired)
        if leaving.any():
            self.leaving += leaving[:, None, None] * self.held
            left = np.minimum(np.floor(self.leaving).astype(np.int64), self.staying(year))
            self.leaving -= np.floor(self.leaving)
            self.held = self.held - left
        self.above *= self.held.sum(axis=(1, 2)) / np.maximum(before, 1)
        return np.asarray(retired.sum(axis=(1, 2))), np.asarray(left.sum(axis=(1, 2)))

    def by_subject(self) -> IntArray:
        """Teachers of a section by subject."""
        return np.asarray(self.held.sum(axis=1))

    def staying(self, year: int) -> IntArray:
        """Teachers who do not retire within the plan after a year."""
        return np.asarray(np.maximum(self.held - self.going[..., year:].sum(axis=3), 0))

    def carry(self, start: int, to: int, teachers: int, before: int) -> None:
        """Teachers with a degree go in the proportion of those who go."""
        part = self.above[start] * teachers / max(before, 1)
        self.above[start] -= part
        self.above[to] += part
