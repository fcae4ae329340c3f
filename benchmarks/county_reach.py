"""How many children of an invented county find a seat in reach where nothing is built anew."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array
from scipy.sparse.csgraph import maximum_flow

from benchmarks.instances import FloatArray
from simulator.model.problem import Problem, Section, Site
from simulator.terms import Stage


def most_pupils(section: Section, site: Site, sections: Sequence[Section]) -> float:
    """Pupils that a section of today can take where nothing is built anew: all free and added rooms, largest classes."""
    if not section.existing:
        return 0.0
    rooms = section.rooms + site.max_rooms - sum(sections[other].rooms for other in site.sections)
    return rooms * (section.fill * section.class_size + section.class_size_max - section.class_size)


def reach_of(problem: Problem, stage: Stage) -> tuple[npt.NDArray[np.bool_], FloatArray]:
    """Which sections of a stage a unit may go to, and how many pupils they can take where nothing is built anew.

    Returns
    -------
    tuple
        Shapes (units, sections of the stage) and (sections of the stage,).
    """
    codes = [code for code, section in enumerate(problem.sections) if section.stage is stage]
    column = {code: place for place, code in enumerate(codes)}
    reached = np.zeros((len(problem.units), len(codes)), dtype=bool)
    for block, section in zip(problem.pair_block.tolist(), problem.pair_section.tolist(), strict=True):
        if section in column:
            reached[problem.blocks[block].unit, column[section]] = True
    sections = problem.sections
    most = [most_pupils(sections[code], problem.sites[sections[code].site], sections) for code in codes]
    return reached, np.array(most)


def seated(children: FloatArray, reached: npt.NDArray[np.bool_], seats: FloatArray) -> float:
    """Most children who find a seat in reach, as a flow from units to sections.

    Parameters
    ----------
    children
        Shape (units,).
    reached
        Which sections a unit may go to, shape (units, sections).
    seats
        Shape (sections,).
    """
    units, sections = reached.shape
    source, sink = units + sections, units + sections + 1
    ends = [np.full(units, source), np.nonzero(reached)[0], units + np.arange(sections)]
    starts = [np.arange(units), units + np.nonzero(reached)[1], np.full(sections, sink)]
    most = [children, children[ends[1]], seats]
    capacity = np.floor(np.concatenate(most)).astype(np.int32)
    graph = csr_array((capacity, (np.concatenate(ends), np.concatenate(starts))), shape=(sink + 1, sink + 1))
    return float(maximum_flow(graph, source, sink).flow_value)
