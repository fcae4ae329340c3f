"""A county's teachers over the years: retire, follow closing schools, transfer, recruit, rotate."""

from __future__ import annotations

import numpy as np

from simulator.model.teachers_arcs import FloatArray, IntArray
from simulator.model.teachers_rotation import Exchange, rotate
from simulator.model.teachers_state import Measures, Move, Pool, State, YearTold, gaps, whole_by_subject
from simulator.model.teachers_transfer import Year, transfer
from simulator.terms import TransferReason


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
    state = State(pool)
    return [_year(pool, measures, state, year) for year in range(1, pool.retired.shape[2])]


def _year(pool: Pool, measures: Measures, state: State, year: int) -> YearTold:
    before = state.held.sum(axis=(1, 2))
    retired = np.minimum(state.going[..., year - 1], state.held)
    state.held = state.held - retired
    state.leaving += pool.leaving[:, None, None] * state.held
    left = (
        np.minimum(np.floor(state.leaving).astype(np.int64), state.staying(year)) if pool.leaving.any() else retired * 0
    )
    state.leaving -= np.floor(state.leaving)
    state.held = state.held - left
    state.above *= state.held.sum(axis=(1, 2)) / np.maximum(before, 1)
    told = YearTold(
        retired=retired.sum(axis=(1, 2)),
        left=left.sum(axis=(1, 2)),
        moves=_follow_closing(pool, state, year) if measures.transfers else [],
        recruited=np.zeros_like(pool.held),
    )
    if measures.transfers:
        _fill(pool, measures, state, year, told)
    if measures.rotation:
        _exchange(pool, measures, state, year, told)
    told.held = state.by_subject()
    needed = whole_by_subject(pool.needed[:, year], pool.shares, told.held)
    told.short, told.spare = gaps(needed, told.held, pool.anybody)
    told.above_degree, told.backbone = state.above.copy(), state.backbone.copy()
    told.pe_arts = told.held[:, pool.arts].sum(axis=1).astype(float) if pool.arts.any() else state.pe_arts.copy()
    return told


def _follow_closing(pool: Pool, state: State, year: int) -> list[Move]:
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


def _fill(pool: Pool, measures: Measures, state: State, year: int, told: YearTold) -> None:
    """Transfers and recruits of the year."""
    held = state.by_subject()
    wanted = whole_by_subject(pool.needed[:, year], pool.shares, held)
    ahead = pool.needed[:, year : year + measures.ahead].max(axis=1)
    kept = whole_by_subject(ahead, pool.shares, held)
    ours = pool.pooled[:, None]
    found = transfer(
        Year(
            release=np.where(ours, gaps(kept, held, pool.anybody)[1], 0),
            movable=np.where(ours[:, None], state.staying(year), 0),
            demand=np.where(ours, gaps(wanted, held, pool.anybody)[0], 0),
            minutes=pool.minutes,
            may_teach=pool.may_teach,
            stage=pool.stage,
            recruits=_lasting_gaps(pool, state, year, measures.ahead),
            most_recruits=float(measures.most_recruits[year - 1]),
            anybody=pool.anybody,
        )
    )
    size = held.sum(axis=1)
    for start, kind, to, subject, taught, teachers in found.moves.tolist():
        state.held[start, kind, subject] -= teachers
        state.held[to, kind, taught] += teachers
        state.carry(start, to, teachers, int(size[start]))
        same = pool.stage[start] == pool.stage[to]
        reason = TransferReason.SURPLUS if same else TransferReason.STAGE
        told.moves.append((start, to, taught, reason, teachers, 0))
    told.recruited = found.recruited
    for section, subject in np.argwhere(found.recruited):
        state.held[section, pool.stage[section], subject] += found.recruited[section, subject]
    state.above += found.recruited.sum(axis=1)


def _lasting_gaps(pool: Pool, state: State, year: int, ahead: int) -> IntArray:
    """Teachers of a stage and subject missing in the county in each of the years ahead, (Q, K)."""
    held = state.by_subject()
    lasting = []
    for later in range(year, min(year + ahead, pool.needed.shape[1])):
        gone = state.going[..., year:later].sum(axis=(1, 3))
        missing = pool.needed[:, later, None] * pool.shares - np.maximum(held - gone, 0)
        gap = np.zeros((len(pool.may_teach), held.shape[1]))
        np.add.at(gap, pool.stage[pool.pooled], missing[pool.pooled])
        # Nobody is hired for what teachers of other subjects can take on while the stage has enough of them.
        shared = np.zeros(gap.shape, dtype=bool)
        shared[pool.stage] = pool.anybody
        gap = np.where(shared, np.minimum(gap, np.maximum(gap.sum(axis=1), 0)[:, None]), gap)
        lasting.append(gap)
    return np.asarray(np.maximum(np.rint(np.min(lasting, axis=0)), 0), dtype=np.int64)


def _exchange(pool: Pool, measures: Measures, state: State, year: int, told: YearTold) -> None:
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


def _strength(pool: Pool, state: State, year: int, held: IntArray) -> FloatArray:
    """Mean of the teacher indicators a pupil against their norms; teachers a pupil where no norm holds."""
    pupils = np.maximum(pool.pupils[:, year], 1)
    arts = state.by_subject()[:, pool.arts].sum(axis=1) if pool.arts.any() else state.pe_arts
    carried = np.stack([state.above, state.backbone, arts]) / pupils
    known = pool.norms > 0
    ratios = np.divide(carried, pool.norms, out=np.zeros_like(carried), where=known)
    return np.where(known.any(axis=0), ratios.sum(axis=0) / np.maximum(known.sum(axis=0), 1), held / pupils)
