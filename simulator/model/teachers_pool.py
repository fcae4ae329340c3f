"""A county's teachers over the years: retire, follow closing schools, transfer, recruit, rotate."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from simulator.model.teachers_arcs import FloatArray, IntArray
from simulator.model.teachers_rotation import Exchange, rotate
from simulator.model.teachers_transfer import Year, transfer
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
    pooled
        Sections whose teachers are transferred, (S,).
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
    """

    held: IntArray
    retired: IntArray
    needed: IntArray
    shares: FloatArray
    stage: IntArray
    may_teach: BoolArray
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


@dataclass(frozen=True)
class Measures:
    """What a county does: whether it transfers and recruits, how many, how far ahead; who rotates."""

    transfers: bool
    rotation: bool
    most_recruits: FloatArray
    ahead: int
    share: float
    key_share: float


@dataclass
class YearTold:
    """What happened in a year; arrays as in :class:`Pool`, moves are rows (from, to, subject, reason, teachers, backbone)."""

    retired: IntArray
    left: IntArray
    moves: list[tuple[int, int, int, TransferReason, int, int]]
    recruited: IntArray
    short: IntArray
    spare: IntArray
    held: IntArray
    rotation: dict[int, tuple[Exchange, int, int, int]] = field(default_factory=dict)
    above_degree: FloatArray = field(default_factory=lambda: np.empty(0))
    backbone: FloatArray = field(default_factory=lambda: np.empty(0))
    pe_arts: FloatArray = field(default_factory=lambda: np.empty(0))


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
    return (base + (rank < left[:, None])).astype(np.int64)


def run_pool(pool: Pool, measures: Measures) -> list[YearTold]:
    """Every plan year of a county: retirements, closing schools, transfers and recruits, rotation.

    Year by year, each as cheap as can be: what a bureau decides every summer. Recruits fill only gaps of a subject that
    last as many years as the scenario looks ahead, and a teacher is released only where none of those years needs him, so that nobody is
    hired for a class that is gone or sent away for a year. Numbers of backbone teachers stay; those who retire are replaced.
    Teachers due to retire within the plan are not transferred, unless their school closes.

    Returns
    -------
    list
        A :class:`YearTold` for each plan year.
    """
    state = _State(pool)
    return [_year(pool, measures, state, year) for year in range(1, pool.retired.shape[2])]


class _State:
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

    def by_subject(self) -> IntArray:
        """Teachers of a section by subject."""
        return np.asarray(self.held.sum(axis=1))

    def staying(self, year: int) -> IntArray:
        """Teachers who do not retire within the plan after a year."""
        return np.maximum(self.held - self.going[..., year:].sum(axis=3), 0)

    def carry(self, start: int, to: int, teachers: int, before: int) -> None:
        """Teachers with a degree go in the proportion of those who go."""
        part = self.above[start] * teachers / max(before, 1)
        self.above[start] -= part
        self.above[to] += part


def _year(pool: Pool, measures: Measures, state: _State, year: int) -> YearTold:
    before = state.held.sum(axis=(1, 2))
    retired = np.minimum(state.going[..., year - 1], state.held)
    state.held = state.held - retired
    state.leaving += pool.leaving[:, None, None] * state.held
    left = np.minimum(np.floor(state.leaving).astype(np.int64), state.staying(year)) if pool.leaving.any() else retired * 0
    state.leaving -= np.floor(state.leaving)
    state.held = state.held - left
    state.above *= state.held.sum(axis=(1, 2)) / np.maximum(before, 1)
    told = YearTold(
        retired=retired.sum(axis=(1, 2)),
        left=left.sum(axis=(1, 2)),
        moves=_follow_closing(pool, state, year) if measures.transfers else [],
        recruited=np.zeros_like(pool.held),
        short=np.zeros_like(pool.held),
        spare=np.zeros_like(pool.held),
        held=np.zeros_like(pool.held),
    )
    if measures.transfers:
        _fill(pool, measures, state, year, told)
    if measures.rotation:
        _exchange(pool, measures, state, year, told)
    told.held = state.by_subject()
    needed = whole_by_subject(pool.needed[:, year], pool.shares, told.held)
    told.short = np.maximum(needed - told.held, 0)
    told.spare = np.maximum(told.held - needed, 0)
    told.above_degree, told.backbone = state.above.copy(), state.backbone.copy()
    told.pe_arts = told.held[:, pool.arts].sum(axis=1).astype(float) if pool.arts.any() else state.pe_arts.copy()
    return told


def _follow_closing(
    pool: Pool, state: _State, year: int
) -> list[tuple[int, int, int, TransferReason, int, int]]:
    """All teachers of a section that closes go to the nearest open one of its stage, retirements to come included."""
    moves = []
    closed = np.flatnonzero(pool.pooled & (pool.needed[:, year] == 0) & (state.held.sum(axis=(1, 2)) > 0))
    for section in closed:
        there = pool.pooled & (pool.needed[:, year] > 0) & (pool.stage == pool.stage[section])
        way = np.where(there, pool.reach[section], np.inf)
        if not np.isfinite(way).any():
            continue
        to = int(way.argmin())
        leaders = round(state.backbone[section])
        for subject in np.flatnonzero(state.held[section].sum(axis=0)):
            count = int(state.held[section, :, subject].sum())
            moves.append((int(section), to, int(subject), TransferReason.CLOSING, count, min(leaders, count)))
            leaders -= min(leaders, count)
        for values in (state.held, state.going, state.above, state.backbone, state.pe_arts):
            values[to] += values[section]
            values[section] = 0
    return moves


def _fill(pool: Pool, measures: Measures, state: _State, year: int, told: YearTold) -> None:
    """Transfers and recruits of the year."""
    held = state.by_subject()
    wanted = whole_by_subject(pool.needed[:, year], pool.shares, held)
    ahead = pool.needed[:, year : year + measures.ahead].max(axis=1)
    kept = whole_by_subject(ahead, pool.shares, held)
    ours = pool.pooled[:, None]
    found = transfer(
        Year(
            release=np.where(ours, np.maximum(held - kept, 0), 0),
            movable=np.where(ours[:, None], state.staying(year), 0),
            demand=np.where(ours, np.maximum(wanted - held, 0), 0),
            minutes=pool.minutes,
            may_teach=pool.may_teach,
            stage=pool.stage,
            recruits=_lasting_gaps(pool, state, year, measures.ahead),
            most_recruits=float(measures.most_recruits[year - 1]),
        )
    )
    size = held.sum(axis=1)
    for start, kind, to, subject, teachers in found.moves.tolist():
        state.held[start, kind, subject] -= teachers
        state.held[to, kind, subject] += teachers
        state.carry(start, to, teachers, int(size[start]))
        same = pool.stage[start] == pool.stage[to]
        reason = TransferReason.SURPLUS if same else TransferReason.STAGE
        told.moves.append((start, to, subject, reason, teachers, 0))
    told.recruited = found.recruited
    for section, subject in np.argwhere(found.recruited):
        state.held[section, pool.stage[section], subject] += found.recruited[section, subject]
    state.above += found.recruited.sum(axis=1)


def _lasting_gaps(pool: Pool, state: _State, year: int, ahead: int) -> IntArray:
    """Teachers of a stage and subject missing in the county in each of the years ahead, (Q, K)."""
    held = state.by_subject()
    gaps = []
    for later in range(year, min(year + ahead, pool.needed.shape[1])):
        gone = state.going[..., year:later].sum(axis=(1, 3))
        missing = pool.needed[:, later, None] * pool.shares - np.maximum(held - gone, 0)
        gap = np.zeros((len(pool.may_teach), held.shape[1]))
        np.add.at(gap, pool.stage[pool.pooled], missing[pool.pooled])
        gaps.append(gap)
    return np.maximum(np.rint(np.min(gaps, axis=0)), 0).astype(np.int64)


def _exchange(pool: Pool, measures: Measures, state: _State, year: int, told: YearTold) -> None:
    """Rotation of the year, stage by stage: backbone teachers move, numbers of teachers stay."""
    held = state.held.sum(axis=(1, 2))
    strength = _strength(pool, state, year, held)
    for stage in np.unique(pool.stage[pool.pooled]):
        own = np.flatnonzero(pool.pooled & (pool.stage == stage) & (pool.needed[:, year] > 0) & (held > 0))
        if not len(own):
            continue
        eligible = np.rint(pool.eligible_share[own] * held[own]).astype(np.int64)
        down = pool.rural[own][:, None] < pool.rural[own][None, :]
        level = pool.rural[own][:, None] == pool.rural[own][None, :]
        down |= level & (strength[own][:, None] > strength[own][None, :] + 1e-9)
        exchange = Exchange(
            eligible=eligible,
            backbone=np.minimum(np.rint(state.backbone[own]).astype(np.int64), eligible),
            minutes=pool.minutes[np.ix_(own, own)],
            downward=down,
            share=measures.share,
            key_share=measures.key_share,
        )
        pairs = rotate(exchange).pairs
        weaker = 0
        for start, to, teachers, leaders in pairs.tolist():
            state.backbone[own[start]] -= leaders
            state.backbone[own[to]] += leaders
            weaker += teachers if down[start, to] else 0
            told.moves.append((int(own[start]), int(own[to]), -1, TransferReason.ROTATION, teachers, leaders))
        told.rotation[int(stage)] = (exchange, int(pairs[:, 2].sum()), int(pairs[:, 3].sum()), weaker)


def _strength(pool: Pool, state: _State, year: int, held: IntArray) -> FloatArray:
    """Mean of the teacher indicators a pupil against their norms; teachers a pupil where no norm holds."""
    pupils = np.maximum(pool.pupils[:, year], 1)
    arts = state.by_subject()[:, pool.arts].sum(axis=1) if pool.arts.any() else state.pe_arts
    carried = np.stack([state.above, state.backbone, arts]) / pupils
    known = pool.norms > 0
    ratios = np.divide(carried, pool.norms, out=np.zeros_like(carried), where=known)
    return np.where(known.any(axis=0), ratios.sum(axis=0) / np.maximum(known.sum(axis=0), 1), held / pupils)
