"""What opens, closes and grows as columns: which changes of it keep the rules, and what a network then offers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from simulator.model.compile import Compiled
from simulator.model.declare import Model
from simulator.model.ledger import Mask, Network, bounds_of
from simulator.model.problem import FloatArray, IntArray
from simulator.model.variables import Term

_TOLERANCE, _HALF, _DIGITS = 1e-6, 0.5, 6
# Rooms by which an extension is changed.
_STEPS = (-2, -1, 1, 2, 4)


@dataclass(frozen=True)
class Change:
    """A change of what opens, closes and grows.

    Parameters
    ----------
    columns, values
        What is decided otherwise.
    sections
        Sections that it is about.
    """

    columns: tuple[int, ...]
    values: tuple[float, ...]
    sections: tuple[int, ...]


class Designs:
    """Networks that may be: their columns, rows and rooms.

    Parameters
    ----------
    model, compiled
        The model and its arrays.
    base
        A plan whose free and converted rooms of campuses with several sections are held, shape (columns,).
    blocks
        Blocks that move; only schools to which no other children go are built, moved or closed.
    assigned
        Columns of the assignments, shape (pairs, phases).
    """

    def __init__(
        self, model: Model, compiled: Compiled, base: FloatArray, blocks: IntArray, assigned: IntArray
    ) -> None:
        self.problem, self._compiled = model.problem, compiled
        v, problem = model.variables, model.problem
        self._lower, self._upper = bounds_of(compiled)
        self._open = self._columns(v.open, len(problem.sections))
        self._added = self._columns(v.added_rooms, len(problem.sites))
        self._sizes = {
            code: np.array(
                [
                    [compiled.position[v.size[code, k, p].name] for p in range(len(problem.phases))]
                    for k in range(len(site.modules))
                ]
            )
            for code, site in enumerate(problem.sites)
            if site.modules
        }
        self._rows()
        self._held = self._shares(model, base)
        self._served, self._zoned = self._zoned_sections(blocks, base, assigned)

    def _columns(self, terms: Mapping[tuple[int, int], Term], count: int) -> IntArray:
        """Columns of decisions by phase, −1 where nothing is to decide."""
        found = np.full((count, len(self.problem.phases)), -1, dtype=np.int64)
        for (code, phase), term in terms.items():
            if not isinstance(term, int | float):
                found[code, phase] = self._compiled.position[term.name]
        return found

    def _rows(self) -> None:
        """Rows about nothing but the network, and those of the least use of new schools."""
        c = self._compiled
        outside = c.matrix @ np.where(c.structure, 0.0, 1.0)
        other = abs(c.matrix) @ np.where(c.structure, 0.0, 1.0)
        only = np.flatnonzero((other == 0) & (outside == 0))
        self._codes = np.flatnonzero(c.structure)
        self._only = c.matrix[only].tocsc()[:, self._codes].tocsr()
        self._low, self._high = c.row_lower[only], c.row_upper[only]
        named = [(row, re.fullmatch(r"smallest_section_s(\d+)_p(\d+)", name)) for row, name in enumerate(c.row_names)]
        rows = [(row, int(found[1]), int(found[2]) - 1) for row, found in named if found]
        self._least_rows = c.matrix[[row for row, _, _ in rows]].tocsc()[:, self._codes].tocsr()
        self._least_at = ([section for _, section, _ in rows], [phase for _, _, phase in rows])

    def _shares(self, model: Model, base: FloatArray) -> FloatArray:
        """Rooms beyond its own of a section that shares its campus, shape (sections, phases)."""
        v, problem, position = model.variables, self.problem, self._compiled.position
        found = np.zeros(self._open.shape)

        def of(term: Term) -> float:
            return float(term) if isinstance(term, int | float) else float(base[position[term.name]])

        for (code, phase), term in v.free_rooms.items():
            if len(problem.sites[problem.sections[code].site].sections) > 1:
                found[code, phase] += of(term)
        for (one, other, phase), term in v.converted.items():
            found[one, phase] -= of(term)
            found[other, phase] += of(term)
        return found

    def _zoned_sections(self, blocks: IntArray, base: FloatArray, assigned: IntArray) -> tuple[Mask, Mask]:
        """Sections to which moving blocks may go; those of them to which no others go or must go, shape (sections,)."""
        problem = self.problem
        moving = np.isin(problem.pair_block, blocks)
        found = np.zeros(len(problem.sections), dtype=bool)
        found[problem.pair_section[moving]] = True
        alone = found.copy()
        alone[problem.pair_section[~moving & (base[assigned] > 0).any(axis=1)]] = False
        goes = np.isin(np.arange(len(problem.blocks)), blocks).tolist()
        staying = {(block.unit, block.stage) for block, moves in zip(problem.blocks, goes, strict=True) if not moves}
        own = zip(problem.home.tolist(), problem.sections, strict=True)
        return found, alone & np.array([(home, section.stage) not in staying for home, section in own], dtype=bool)

    def cost(self, values: FloatArray) -> float:
        """Cost of what opens, closes and grows, classes left out."""
        return float(self._compiled.cost[self._codes] @ values[self._codes])

    def keeps(self, values: FloatArray) -> bool:
        """Whether a network keeps the rows about nothing but the network."""
        decided = values[self._codes]
        activity = self._only @ decided
        slack = _TOLERANCE * (1 + np.abs(activity))
        return bool(
            (activity >= self._low - slack).all()
            and (activity <= self._high + slack).all()
            and (decided >= self._lower[self._codes] - _TOLERANCE).all()
            and (decided <= self._upper[self._codes] + _TOLERANCE).all()
        )

    def network(self, values: FloatArray) -> Network:
        """What a network offers."""
        problem = self.problem
        running = np.where(self._open >= 0, values[self._open], 1.0) > _HALF
        rooms = np.zeros(self._open.shape)
        for code, section in enumerate(problem.sections):
            site = problem.sites[section.site]
            if not section.counts_classes:
                rooms[code] = max(section.classes, int(not np.isnan(section.seats_fixed)))
            elif site.modules and not section.existing:
                sizes = np.array([module.classes.get(code, 0) for module in site.modules])
                rooms[code] = sizes @ values[self._sizes[section.site]]
            elif len(site.sections) == 1:
                free = max(site.rooms - section.rooms, 0) if section.ours else 0
                added = self._added[section.site]
                passing = np.array([site.temporary.get(phase, 0) for phase in range(len(problem.phases))])
                rooms[code] = section.rooms + free + passing + np.where(added >= 0, values[added], 0.0)
            else:
                rooms[code] = section.rooms + self._held[code]
        least = np.zeros(self._open.shape)
        least[self._least_at] = np.maximum(-(self._least_rows @ values[self._codes]), 0.0)
        rooms = np.where(running, rooms, 0.0)
        rooms = np.round(rooms, _DIGITS)
        return Network(running, self._older(running), rooms, least, self._area(values), self._strict(running))

    def _older(self, running: Mask) -> Mask:
        """Whether a section has run long enough to take the children of a school that closes."""
        problem, found = self.problem, running.copy()
        if not problem.overlap_years:
            return found
        for phase, data in enumerate(problem.phases):
            latest = data.first_year - problem.overlap_years
            earlier = [code for code, one in enumerate(problem.phases) if one.first_year <= latest]
            for code, section in enumerate(problem.sections):
                if not (section.existing and not section.can_close):
                    found[code, phase] = running[code, earlier[-1]] if earlier else section.existing
        return found

    def _area(self, values: FloatArray) -> FloatArray:
        """Seats for which a section has the area; where several share a campus by area, none is held to it."""
        problem = self.problem
        found = np.full(self._open.shape, np.inf)
        for code, site in enumerate(problem.sites):
            for norms, area in ((site.teaching_norm, site.teaching_area), (site.sports_norm, site.sports_area)):
                if len(norms) != 1:
                    continue
                ((section, norm),) = norms.items()
                if not problem.sections[section].counts_classes:
                    continue
                brings = problem.sections[section].class_size if norms is site.teaching_norm else 0.0
                added = np.where(self._added[code] >= 0, values[self._added[code]], 0.0)
                found[section] = np.minimum(found[section], area / norm + brings * added)
        return found

    def _strict(self, running: Mask) -> Mask:
        """Sections to which units in reach of a school that closes could go as it closes."""
        problem, found = self.problem, np.zeros_like(running)
        today = np.array([section.existing for section in problem.sections])
        for code, phase in np.argwhere(np.column_stack([today, running[:, :-1]]) & ~running).tolist():
            blocks = problem.pair_block[problem.pairs_of_section(code)]
            found[problem.pair_section[np.isin(problem.pair_block, blocks)], phase] = True
        return found

    def changes(self, values: FloatArray) -> Iterator[Change]:
        """Changes of one school that keep the rules of networks."""
        for found in (self._builds(), self._elsewhere(values), self._extensions(values), self._closures()):
            for change in found:
                after = self.changed(values, change)
                if (after != values).any() and self.keeps(after):
                    yield change

    @staticmethod
    def changed(values: FloatArray, change: Change) -> FloatArray:
        """Values after a change."""
        after = values.copy()
        after[list(change.columns)] = change.values
        return after

    def steps_back(self, values: FloatArray) -> Iterator[Change]:
        """Changes that give up a new school or an extension, or keep a school that closes."""
        phases = len(self.problem.phases)
        for site in self._parcels():
            if (values[self._sizes[site]] > _HALF).any():
                yield self._built(site, 0, phases)
        for site, columns in enumerate(self._added):
            sections = self.problem.sites[site].sections
            if (columns >= 0).all() and len(sections) == 1 and self._zoned[sections[0]] and values[columns].any():
                yield Change(tuple(columns.tolist()), (0.0,) * phases, sections)
        for change in self._closures():
            if values[list(change.columns)].min() < _HALF and min(change.values) > _HALF:
                yield change

    def _parcels(self) -> list[int]:
        """Sites that may get a school to which only moving blocks go."""
        return [site for site in self._sizes if self._zoned[list(self.problem.sites[site].sections)].all()]

    def _builds(self) -> Iterator[Change]:
        """A parcel without a school, or with one of any size from any phase on."""
        phases = len(self.problem.phases)
        for site in self._parcels():
            for k in range(len(self._sizes[site])):
                for phase in range(phases + 1 if k == 0 else phases):
                    yield self._built(site, k, phase)

    def _built(self, site: int, k: int, phase: int) -> Change:
        """A school of size k from a phase on; none where the phase is beyond the last."""
        sizes, phases = self._sizes[site], len(self.problem.phases)
        sections = tuple(s for s in self.problem.sites[site].sections if not self.problem.sections[s].existing)
        runs = (np.arange(phases) >= phase).astype(float)
        chosen = np.zeros(sizes.shape)
        chosen[k] = runs
        columns = (*sizes.ravel().tolist(), *self._open[list(sections)].ravel().tolist())
        return Change(columns, (*chosen.ravel().tolist(), *np.tile(runs, len(sections)).tolist()), sections)

    def _elsewhere(self, values: FloatArray) -> Iterator[Change]:
        """A new school on another parcel, as large and from the same phase on or the next."""
        phases, parcels = len(self.problem.phases), self._parcels()
        built = {site: values[self._sizes[site]] > _HALF for site in parcels}
        for site in parcels:
            if not built[site].any():
                continue
            k, first = (int(code) for code in np.argwhere(built[site])[0])
            gone = self._built(site, k, phases)
            for other in parcels:
                if built[other].any() or k >= len(self._sizes[other]):
                    continue
                for phase in range(first, min(first + 2, phases)):
                    new = self._built(other, k, phase)
                    yield Change(
                        (*gone.columns, *new.columns), (*gone.values, *new.values), (*gone.sections, *new.sections)
                    )

    def _extensions(self, values: FloatArray) -> Iterator[Change]:
        for site, columns in enumerate(self._added):
            sections = self.problem.sites[site].sections
            if (columns < 0).any() or len(sections) > 1 or not self._served[list(sections)].all():
                continue
            now = values[columns]
            for phase in range(len(columns)):
                for step in _STEPS:
                    most = float(np.clip(now[phase] + step, 0, self._upper[columns[phase]]))
                    new = np.where(
                        np.arange(len(columns)) >= phase,
                        np.maximum(now, most) if step > 0 else most,
                        np.minimum(now, most) if step < 0 else now,
                    )
                    yield Change(tuple(columns.tolist()), tuple(new.tolist()), self.problem.sites[site].sections)

    def _closures(self) -> Iterator[Change]:
        for code, section in enumerate(self.problem.sections):
            columns = self._open[code]
            if not section.existing or (columns < 0).any() or not self._zoned[code]:
                continue
            site = self.problem.sites[section.site]
            if len(site.sections) > 1:
                continue
            for phase in range(len(columns) + 1):
                runs = (np.arange(len(columns)) < phase).astype(float)
                yield Change(tuple(columns.tolist()), tuple(runs.tolist()), (code,))
