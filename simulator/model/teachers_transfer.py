"""县管校聘: one year's transfers and recruitment of teachers as a flow of least cost."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from simulator.model.teachers_arcs import FloatArray, IntArray, Rows, solve_whole

Arcs = tuple[IntArray, IntArray, IntArray, IntArray, IntArray]
"""From section, qualification, to section, subject before and after."""
SHORT_COST, RECRUIT_COST, TRANSFER_COST, STAGE_COST, SUBJECT_COST = 100_000.0, 1_000.0, 100.0, 30.0, 15.0
"""Minutes that a teacher missing, a recruit, a transfer, and one to another stage or subject stand for."""


@dataclass(frozen=True)
class Year:
    """One year of a pool of teachers.

    Parameters
    ----------
    release
        Teachers that a section can do without, (sections, subjects).
    movable
        Of them at most so many of a qualification, (sections, qualifications, subjects).
    demand
        Teachers that a section lacks, (sections, subjects).
    minutes
        One way between sections, inf where too far, (sections, sections).
    may_teach
        Whether a qualification allows to teach at a section, (qualifications, sections).
    stage
        Number of the stage of a section, (sections,).
    recruits
        Most recruits of a stage and subject, (stages, subjects).
    most_recruits
        Most recruits in all; inf where there is no limit.
    anybody
        Subjects that teachers of others may take on, (sections, subjects).
    """

    release: IntArray
    movable: IntArray
    demand: IntArray
    minutes: FloatArray
    may_teach: np.ndarray
    stage: IntArray
    recruits: IntArray
    most_recruits: float
    anybody: npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Transfers:
    """What is done in a year.

    Parameters
    ----------
    moves
        Rows (from section, qualification, to section, subject before, subject after, teachers).
    recruited, short
        (sections, subjects).
    """

    moves: IntArray
    recruited: IntArray
    short: IntArray


def transfer(year: Year) -> Transfers:
    r"""The cheapest way to fill what sections lack from what others can do without, and from recruits.

    .. math:: \min \sum (100 + t_{ij} + 30 [s_i \ne s_j] + 15 [k \ne l])\, x_{iqkjl} + 1000 \sum r_{jl} + 100000 \sum u_{jl}

    with :math:`\sum_{iqk} x_{iqkjl} + r_{jl} + u_{jl} = d_{jl}`, what each section releases of a subject, what each
    qualification there allows, recruits by stage and subject and in all; the subject changes only to one that anybody may teach. Sources and sinks are nested, so this is a flow on a network and
    its linear program has a whole solution. Where all else is equal, the way is shortest.

    Parameters
    ----------
    year
        The pool in that year.

    Returns
    -------
    Transfers
        Moves, recruits, and what stays short.
    """
    arcs_of = _arcs(year)
    start, holds, to, subject, taught = arcs_of
    lacking = np.argwhere(year.demand > 0)
    if not len(lacking):
        nothing = np.zeros_like(year.demand)
        return Transfers(np.empty((0, 6), dtype=np.int64), nothing, nothing)
    place = np.full(year.demand.shape, -1)
    place[tuple(lacking.T)] = np.arange(len(lacking))
    arcs, sinks = len(start), len(lacking)
    wanted = year.demand[tuple(lacking.T)].astype(np.float64)
    cost = np.concatenate(
        [
            TRANSFER_COST
            + year.minutes[start, to]
            + STAGE_COST * (year.stage[start] != year.stage[to])
            + SUBJECT_COST * (subject != taught),
            np.full(sinks, RECRUIT_COST),
            np.full(sinks, SHORT_COST),
        ]
    )
    rows, columns = Rows(), np.arange(arcs)
    recruit, missing = arcs + np.arange(sinks), arcs + sinks + np.arange(sinks)
    sink_of = np.concatenate([place[to, taught], np.arange(sinks), np.arange(sinks)])
    rows.add(np.concatenate([columns, recruit, missing]), sink_of, wanted, wanted)
    if arcs:
        _at_most(rows, columns, start * year.demand.shape[1] + subject, year.release.reshape(-1))
        flat = (start * year.movable.shape[1] + holds) * year.movable.shape[2] + subject
        _at_most(rows, columns, flat, year.movable.reshape(-1))
    kinds = year.stage[lacking[:, 0]] * year.recruits.shape[1] + lacking[:, 1]
    _at_most(rows, recruit, kinds, year.recruits.reshape(-1))
    if np.isfinite(year.most_recruits):
        _at_most(rows, recruit, np.zeros(sinks, dtype=np.int64), np.array([year.most_recruits]))
    found = solve_whole(cost, np.concatenate([np.full(arcs, np.inf), wanted, wanted]), rows)
    return _told(found, arcs_of, lacking, year)


def _arcs(year: Year) -> Arcs:
    """Sections, qualifications, receiving sections, subjects before and after of every lawful transfer."""
    sources = np.argwhere((year.release[:, None, :] > 0) & (year.movable > 0))
    pieces = [np.empty((0, 5), dtype=np.int64)]
    for taught in np.flatnonzero((year.demand > 0).any(axis=0)):
        sinks = np.flatnonzero(year.demand[:, taught] > 0)
        lawful = np.isfinite(year.minutes[np.ix_(sources[:, 0], sinks)])
        lawful &= year.may_teach[np.ix_(sources[:, 1], sinks)]
        lawful &= (sources[:, 2] == taught)[:, None] | year.anybody[sinks, taught][None, :]
        source, sink = np.nonzero(lawful)
        own = sources[source]
        to, after = sinks[sink], np.full(len(source), taught)
        pieces.append(np.column_stack([own[:, 0], own[:, 1], to, own[:, 2], after]))
    arcs = np.concatenate(pieces).astype(np.int64)
    return arcs[:, 0], arcs[:, 1], arcs[:, 2], arcs[:, 3], arcs[:, 4]


def _at_most(rows: Rows, columns: IntArray, keys: IntArray, most: FloatArray | IntArray) -> None:
    """Σ of the columns of a key ≤ what the key has."""
    used, group = np.unique(keys, return_inverse=True)
    rows.add(columns, group, np.full(len(used), -np.inf), np.asarray(most, dtype=np.float64)[used])


def _told(found: IntArray, arcs: Arcs, lacking: IntArray, year: Year) -> Transfers:
    count, sinks = len(arcs[0]), len(lacking)
    moved = found[:count]
    recruited, short = np.zeros_like(year.demand), np.zeros_like(year.demand)
    recruited[tuple(lacking.T)] = found[count : count + sinks]
    short[tuple(lacking.T)] = found[count + sinks :]
    return Transfers(np.column_stack([*arcs, moved])[moved > 0], recruited, short)
