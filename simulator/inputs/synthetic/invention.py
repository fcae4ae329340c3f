"""What an invented district is made of: one frozen description, every control total in it."""

from __future__ import annotations

from dataclasses import dataclass, field

from simulator.terms import (
    Affiliation,
    AreaKind,
    Conflict,
    Delivery,
    GroupKind,
    Nature,
    SectionKind,
    Serves,
    Stage,
    Terrain,
)

KIND_STAGES: dict[SectionKind, tuple[Stage, ...]] = {
    SectionKind.KINDERGARTEN: (Stage.KINDERGARTEN,),
    SectionKind.ATTACHED_KINDERGARTEN: (Stage.KINDERGARTEN,),
    SectionKind.VISITING_POINT: (Stage.KINDERGARTEN,),
    SectionKind.COMPLETE_PRIMARY: (Stage.PRIMARY,),
    SectionKind.TEACHING_POINT: (Stage.PRIMARY,),
    SectionKind.NINE_YEAR: (Stage.PRIMARY, Stage.JUNIOR),
    SectionKind.JUNIOR_SCHOOL: (Stage.JUNIOR,),
    SectionKind.COMPLETE_SECONDARY: (Stage.JUNIOR, Stage.SENIOR),
    SectionKind.SENIOR_SCHOOL: (Stage.SENIOR,),
    SectionKind.VOCATIONAL_SCHOOL: (Stage.VOCATIONAL,),
    SectionKind.SPECIAL_SCHOOL: (Stage.SPECIAL,),
}
"""Stages of the sections that a school of a kind runs."""

POINTS = (SectionKind.TEACHING_POINT, SectionKind.VISITING_POINT)
"""Kinds that run one small class a grade and belong to another school."""

URBAN = (AreaKind.CITY, AreaKind.TOWN)
ANYWHERE = (AreaKind.CITY, AreaKind.TOWN, AreaKind.VILLAGE)


@dataclass(frozen=True)
class SchoolGroup:
    """Schools of one kind and owner.

    Parameters
    ----------
    kind, count
        Kind and number of schools.
    where
        Kinds of area they may stand in.
    affiliation, nature, decided_here, serves
        As in the tables `schools` and `sections`.
    size
        Smallest and largest relative size; the children living near are the other half of the story.
    grade_to
        Last grade, where it is not the last of the stage (a teaching point of the lower grades).
    islands
        How many of them stand on islands, those without such a school and with most units first.
    boarding
        Whether pupils of the upper grades can board.
    protected
        Whether the school is 应留必留.
    """

    kind: SectionKind
    count: int
    where: tuple[AreaKind, ...] = URBAN
    affiliation: Affiliation = Affiliation.COUNTY
    nature: Nature = Nature.EDUCATION_BUREAU
    decided_here: bool = True
    serves: Serves = Serves.ALL
    size: tuple[float, float] = (0.7, 1.4)
    grade_to: int | None = None
    islands: int = 0
    boarding: bool = False
    protected: bool = False


@dataclass(frozen=True)
class Roll:
    """The register of some kinds of schools in one stage: pupils and classes are control totals.

    Parameters
    ----------
    stage, kinds, serves
        Whose pupils they are.
    pupils
        Pupils, met exactly.
    classes
        Classes, met exactly; points count one class a grade within it.
    largest
        Largest class, apart from the oversized ones.
    oversized
        Number of classes above `largest`, met exactly; their sizes stay within `oversized_sizes`.
    oversized_sizes
        Smallest and largest of them.
    """

    stage: Stage
    kinds: tuple[SectionKind, ...]
    pupils: int
    classes: int
    serves: Serves = Serves.ALL
    largest: int = 55
    oversized: int = 0
    oversized_sizes: tuple[int, int] = (57, 62)


@dataclass(frozen=True)
class Plot:
    """An education plot to be placed: `near` is `new_quarter`, `city`, `town` or `village`."""

    stages: tuple[Stage, ...]
    area_m2: int
    supply_year: int
    near: str = "new_quarter"
    conflict: Conflict = Conflict.NONE
    delivery: Delivery = Delivery.GOVERNMENT
    linked: bool = False


@dataclass(frozen=True)
class Work:
    """A committed or planned work: an extension where classes are fullest, or the building of a plot.

    Parameters
    ----------
    stage, kind
        Stage, and `extension` or `new_build`.
    rooms, seats, year, cost_wan, status
        As in the table `projects`.
    school
        Kind of the school to be extended.
    rank
        Which of those schools, the fullest first.
    plot
        Number of the plot to be built on, from 1.
    """

    stage: Stage
    kind: str
    rooms: int
    seats: int
    year: int
    cost_wan: int
    status: str = "planned"
    school: SectionKind = SectionKind.COMPLETE_PRIMARY
    rank: int = 0
    plot: int = 0


@dataclass(frozen=True)
class Faculty:
    """Teachers of the public schools of an invented district; totals are met exactly.

    Parameters
    ----------
    full_time
        Full-time teachers of a stage; a stage that is not named has them by its usual pupils a teacher.
    unposted
        Teachers without a post (编外, 代课) of the whole district; None: a twentieth.
    backbone_share
        Share of backbone teachers among the full-time teachers of compulsory schools.
    groups
        Names of education groups that exist, each led by a strong school with `group_members` members beside it.
    group_kind
        Their kind.
    """

    full_time: dict[Stage, int] = field(default_factory=dict)
    unposted: int | None = None
    backbone_share: float = 0.18
    groups: tuple[str, ...] = ()
    group_members: int = 2
    group_kind: GroupKind = GroupKind.GROUP


@dataclass(frozen=True)
class Invention:
    """An invented district: the same description and seed always give the same tables.

    Parameters
    ----------
    seed
        Seed of every random choice.
    name
        Short name, printed nowhere but in file titles.
    base_year
        Year of the register and of the population.
    units
        Number of 划片单元, those of the islands included.
    island_units
        Units of each island, by island; empty means no islands.
    townships
        Names: streets first; the last `len(island_units)` are those of the islands where `island_townships` is set.
    streets
        How many of the townships are streets of the town core.
    island_townships
        How many townships at the end of the list lie on islands.
    city_share, town_share
        Share of units in the town core and in the other town seats; the rest are villages.
    extent_km
        Width and height of the main land.
    crs, origin
        Projected CRS in metres and the middle of the district in it.
    terrain
        Terrain away from the plain around the core.
    river, barrier_road
        Whether a river and a main road that young children may not cross run through the district.
    ages
        Resident children by age 0–17: control totals.
    births
        Births of the whole district by year.
    households
        Households of the whole district.
    migrant_share
        Share of resident children who are registered elsewhere.
    schools, rolls
        Schools and their registers.
    new_quarter_units
        Units of the new quarter, where families are young and classes large.
    plots, works, housing_projects
        Education plots, committed and planned works, number of dwelling projects.
    history_years
        Years of enrolment history before the base year.
    faculty
        Teachers; None writes no table of them.
    """

    seed: int
    name: str
    base_year: int
    units: int
    townships: tuple[str, ...]
    streets: int
    ages: tuple[int, ...]
    schools: tuple[SchoolGroup, ...]
    rolls: tuple[Roll, ...]
    island_units: tuple[int, ...] = ()
    island_townships: int = 0
    city_share: float = 0.6
    town_share: float = 0.15
    extent_km: tuple[float, float] = (16.0, 12.0)
    crs: str = "EPSG:4543"
    origin: tuple[float, float] = (480_000.0, 4_490_000.0)
    terrain: Terrain = Terrain.HILL
    river: bool = True
    barrier_road: bool = True
    births: dict[int, int] = field(default_factory=dict)
    households: int = 0
    migrant_share: float = 0.2
    new_quarter_units: int = 0
    plots: tuple[Plot, ...] = ()
    works: tuple[Work, ...] = ()
    housing_projects: int = 0
    history_years: int = 5
    faculty: Faculty | None = None

    def __post_init__(self) -> None:
        """Refuse a description that no district can satisfy."""
        if len(self.ages) != 18:
            message = f"ages holds {len(self.ages)} totals, 18 are needed (0–17)"
            raise ValueError(message)
        if sum(self.island_units) >= self.units:
            message = f"{sum(self.island_units)} island units leave no unit of {self.units} on the main land"
            raise ValueError(message)

    @property
    def mainland_units(self) -> int:
        """Units that are not on islands."""
        return self.units - sum(self.island_units)

    def residents(self, grades: range) -> int:
        """Resident children of the ages of some grades."""
        return sum(self.ages[grade + 5] for grade in grades)
