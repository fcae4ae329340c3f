"""The sets of the optimization problem: phases, sections, sites, blocks of children, and what is already decided."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from simulator.terms import Band, Stage


@dataclass(frozen=True)
class Phase:
    """A phase: its changes take effect on 1 September of `first_year`."""

    number: int
    first_year: int
    last_year: int
    years: tuple[int, ...]
    """Positions of its years on the year axis."""


@dataclass(frozen=True)
class Section:
    """A section (学部): one stage at one site.

    Parameters
    ----------
    section_id, name, township
        Who it is, for messages.
    site
        Position of its site.
    stage, pool
        Stage, and whether its regime is 全区统筹 (no choices of units).
    existing, can_close, ours, public
        Operates in the base year; may be proposed for 撤并; is decided by this bureau; is public.
    protected
        应留必留.
    aside
        Takes a fixed share of every unit's children instead of a catchment (private, for migrant children).
    grows
        A committed work adds rooms here, whoever decides about the school.
    classes, rooms
        Classes and classrooms of the base year.
    class_size, class_size_max, fill
        Standard and largest class, and the share of seats that whole grades can fill.
    seats_fixed, seats_for_district
        Seats where they are not classes × class size; seats open to the district's children. NaN where not set.
    class_year, section_year
        Yuan a year of a class and of keeping the section open.
    """

    section_id: str
    name: str
    township: str
    site: int
    stage: Stage
    pool: bool
    existing: bool
    can_close: bool
    ours: bool
    public: bool
    protected: bool
    aside: bool
    grows: bool
    classes: int
    rooms: int
    class_size: float
    class_size_max: float
    fill: float
    seats_fixed: float
    seats_for_district: float
    class_year: float
    section_year: float

    @property
    def counts_classes(self) -> bool:
        """Whether seats follow from classes that the plan may set."""
        return bool(np.isnan(self.seats_fixed)) and self.public and not self.aside and (self.ours or self.grows)


@dataclass(frozen=True)
class Module:
    """A standard size that a new school may take.

    Parameters
    ----------
    label
        e.g. `24`, or `12+6` for a nine-year school.
    classes
        Position of a section of the site → classes.
    capital_wan
        万元 of the whole module.
    """

    label: str
    classes: dict[int, int]
    capital_wan: float


@dataclass(frozen=True)
class Site:
    """A campus or a parcel.

    Parameters
    ----------
    sections
        Positions of its sections.
    rooms, max_rooms
        Classrooms now, and the most that the campus can hold.
    can_extend, can_convert
        Whether rooms may be added, and may change stage.
    teaching_area, sports_area
        m²; NaN where they do not limit.
    teaching_norm, sports_norm
        m² a seat, by position of the section.
    modules
        Empty for a campus.
    ready_year
        First year in which a new school may open here.
    room_capital_wan
        万元 an added room.
    largest
        Most compulsory pupils: the norm, or those of the base year where they are more; inf where no limit holds.
    extra_wan
        Phase (0-based) → 万元 by which its committed works cost more (or less) than their rooms at the unit price.
    beds
        Children who can board here.
    temporary
        Phase (0-based) → temporary rooms that serve in all of its years.
    """

    site_id: str
    name: str
    township: str
    sections: tuple[int, ...]
    rooms: int
    max_rooms: int
    can_extend: bool
    can_convert: bool
    teaching_area: float
    sports_area: float
    teaching_norm: dict[int, float]
    sports_norm: dict[int, float]
    modules: tuple[Module, ...]
    ready_year: int
    room_capital_wan: float
    largest: float
    extra_wan: dict[int, float] = field(default_factory=dict)
    beds: float = 0.0
    temporary: dict[int, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Block:
    """Children of one unit who go to school together: one band, or all bands of a stage where no section splits them."""

    unit: int
    stage: Stage
    bands: tuple[Band, ...]
    whole: bool
    """Whether the unit goes to one school (catchment) or its children may choose (choice)."""


@dataclass(frozen=True)
class Requirement:
    """Something already decided: by the planner or by the register of works.

    Parameters
    ----------
    kind
        `open`, `closed`, `rooms`, `converted`, `forbidden`; of a unit and a section, `assigned`, `apart`.
    phase
        First phase in which it holds (0-based).
    section, site
        Positions; −1 where it is not about one.
    amount
        Rooms for `rooms` and `converted`; classes of the module for `open` (0 = any).
    rule
        `committed_happens` or `planner_decides`.
    source
        Words for the conflict report.
    unit
        Position of the unit that it is about; −1 where it is about none.
    last
        Last phase in which it holds (0-based); None for the end of the plan.
    grade
        Of a unit: only in the band of this grade; None for every band of the section.
    """

    rule: str
    kind: str
    phase: int
    section: int
    site: int
    amount: int
    source: str
    unit: int = -1
    last: int | None = None
    grade: int | None = None
