"""Schools of an invented county: campuses as full as their catchments, and parcels, half of them in the new quarter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from benchmarks.county_children import Wave, at_base_year
from benchmarks.county_plane import Plane, choose_places
from benchmarks.instances import IntArray
from simulator.capacity.newbuilds import capital_of, module_label, standard_sizes
from simulator.capacity.prices import build_costs
from simulator.model.problem import Module, Section, Site
from simulator.scenario import ObjectiveSettings, SeatSettings
from simulator.standards import Standards
from simulator.terms import Stage

# Stages of a campus, and the share of the campuses that have them, where the county has three stages.
_KINDS = {
    (Stage.KINDERGARTEN,): 0.30,
    (Stage.PRIMARY,): 0.30,
    (Stage.PRIMARY, Stage.JUNIOR): 0.18,
    (Stage.JUNIOR,): 0.22,
}
# Share of the schools that are only a parcel, and of the parcels and campuses that lie in the new quarter.
_CANDIDATES, _PARCELS_NEW, _CAMPUSES_NEW = 0.27, 0.7, 0.02
# Room above today's children, as a factor; fewest classes of a section.
_ROOM = (0.94, 1.06)
_FEWEST = {Stage.KINDERGARTEN: 3, Stage.PRIMARY: 6, Stage.JUNIOR: 3}
# Shares of the campuses that can grow and of the smaller sections that may close; of those, of the protected ones.
_EXTENDS, _CLOSES, _PROTECTED = 0.1, 0.8, 0.08
# Largest class over the standard one: stricter than the norm, as counties that have done away with large classes are.
_LARGEST_CLASS = 1.08
_ADDED = 4
# Most classes of a section of today, and of a new primary section.
_LARGEST = 36
# Years after the base year in which the land of a parcel is supplied.
_LAND = (0, 0, 2, 4)


@dataclass(frozen=True)
class School:
    """A campus or parcel: the unit in which it stands, its stages, and whether it runs today."""

    home: int
    stages: tuple[Stage, ...]
    existing: bool


def make_schools(plane: Plane, count: int, stages: tuple[Stage, ...], random: np.random.Generator) -> list[School]:
    """Campuses where people live and parcels where they will, no two in one unit."""
    kinds = _KINDS if len(stages) > 1 else {stages: 1.0}
    counts = {kind: round(share * count) for kind, share in kinds.items()}
    counts[stages[-1:]] += count - sum(counts.values())
    schools: list[School] = []
    for kind, number in counts.items():
        parcels = int(np.ceil(_CANDIDATES * number))
        for existing, some, growing in ((True, number - parcels, _CAMPUSES_NEW), (False, parcels, _PARCELS_NEW)):
            taken = np.array([school.home for school in schools], dtype=np.int64)
            homes = choose_places(plane, some, random, taken, growing=growing)
            schools += [School(int(home), kind, existing) for home in homes]
    return schools


@dataclass(frozen=True)
class Builder:
    """Makes sections and sites of schools.

    Parameters
    ----------
    plane, standards, base_year
        The ground, the norm figures, the year of phase 0.
    served
        Stage → school that serves a unit today, shape (units,).
    waves
        Stage → its children.
    """

    plane: Plane
    standards: Standards
    base_year: int
    served: Mapping[Stage, IntArray]
    waves: Mapping[Stage, Wave]

    def build(
        self, schools: Sequence[School], random: np.random.Generator
    ) -> tuple[tuple[Section, ...], tuple[Site, ...]]:
        """Sections and sites; the position of a site is that of its school."""
        classes = {
            (code, stage): self._classes(code, stage, random) if school.existing else 0
            for code, school in enumerate(schools)
            for stage in school.stages
        }
        small = {
            stage: np.median([n for (_, one), n in classes.items() if one is stage and n]) for stage in self.served
        }
        sections = [
            self._section(
                code,
                schools[code],
                stage,
                number,
                closes=bool(number <= small[stage] and random.random() < _CLOSES),
                protected=bool(random.random() < _PROTECTED),
            )
            for (code, stage), number in classes.items()
        ]
        sites = tuple(
            self._campus(code, school, sections, random)
            if school.existing
            else self._parcel(code, school, sections, random)
            for code, school in enumerate(schools)
        )
        return tuple(sections), sites

    def _classes(self, code: int, stage: Stage, random: np.random.Generator) -> int:
        """Classes that hold today's children of the catchment with some room."""
        children = float(at_base_year(self.waves[stage])[self.served[stage] == code].sum())
        seats = self.standards.value(f"class_size.{stage}") * SeatSettings().fill
        return int(np.clip(np.ceil(children * random.uniform(*_ROOM) / seats), _FEWEST[stage], _LARGEST))

    def _section(
        self, code: int, school: School, stage: Stage, classes: int, *, closes: bool, protected: bool
    ) -> Section:
        costs = build_costs(self.standards, ObjectiveSettings().discount_rate).stages[stage]
        return Section(
            section_id=f"S{code:03d}:{stage}",
            name=f"School {code}",
            township=self._township(school),
            site=code,
            stage=stage,
            pool=False,
            existing=school.existing,
            can_close=school.existing and closes,
            ours=True,
            public=True,
            protected=school.existing and closes and protected,
            aside=False,
            grows=False,
            classes=classes,
            rooms=classes,
            class_size=self.standards.value(f"class_size.{stage}"),
            class_size_max=_LARGEST_CLASS * self.standards.value(f"class_size.{stage}"),
            fill=SeatSettings().fill,
            seats_fixed=float("nan"),
            seats_for_district=float("nan"),
            class_year=costs.class_year,
            section_year=costs.section_year,
        )

    def _township(self, school: School) -> str:
        return f"Town {self.plane.town[school.home]}"

    def _campus(self, code: int, school: School, sections: list[Section], random: np.random.Generator) -> Site:
        own = tuple(number for number, section in enumerate(sections) if section.site == code)
        rooms = sum(sections[number].rooms for number in own)
        extends = bool(random.random() < _EXTENDS)
        return self._site(code, school, own, rooms=rooms, added=_ADDED * extends, modules=(), ready_year=self.base_year)

    def _parcel(self, code: int, school: School, sections: list[Section], random: np.random.Generator) -> Site:
        own = {section.stage: number for number, section in enumerate(sections) if section.site == code}
        modules = tuple(
            Module(
                module_label(size),
                {own[stage]: number for stage, number in size.items()},
                capital_of(size, "", self.standards),
            )
            for size in standard_sizes(school.stages, self.standards)
            if size.get(Stage.PRIMARY, 0) <= _LARGEST
        )
        ready = self.base_year + int(random.choice(_LAND))
        return self._site(code, school, tuple(own.values()), rooms=0, added=0, modules=modules, ready_year=ready)

    def _site(
        self,
        code: int,
        school: School,
        own: tuple[int, ...],
        *,
        rooms: int,
        added: int,
        modules: tuple[Module, ...],
        ready_year: int,
    ) -> Site:
        costs = build_costs(self.standards, ObjectiveSettings().discount_rate).stages[school.stages[0]]
        both = len(school.stages) > 1
        limited = school.stages != (Stage.KINDERGARTEN,)
        return Site(
            site_id=f"S{code:03d}",
            name=f"School {code}",
            township=self._township(school),
            sections=own,
            rooms=rooms,
            max_rooms=rooms + added,
            can_extend=added > 0,
            can_convert=both and school.existing,
            teaching_area=float("nan"),
            sports_area=float("nan"),
            teaching_norm={},
            sports_norm={},
            modules=modules,
            ready_year=ready_year,
            room_capital_wan=costs.room_capital_wan,
            largest=self.standards.value(f"school_size.{'nine_year' if both else 'compulsory'}") if limited else np.inf,
        )
