"""台州市: nine county-level units on the ages of the 2020 census, each a problem of its own under the city's totals."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from geodata.demonstrations.card import BASE_YEAR, CITY, COUNTRY, NOTE, TOWN, VILLAGE, Demonstration, births_of
from geodata.demonstrations.money import money_tables
from simulator.inputs.synthetic import (
    DistrictCard,
    Faculty,
    Invention,
    NameBook,
    Plot,
    Roll,
    SchoolGroup,
    Work,
    single_ages,
)
from simulator.terms import Affiliation, Delivery, Nature, SectionKind, Stage, Terrain

_PRIMARIES = (SectionKind.COMPLETE_PRIMARY, SectionKind.NINE_YEAR, SectionKind.TEACHING_POINT)
_JUNIORS = (SectionKind.NINE_YEAR, SectionKind.JUNIOR_SCHOOL)
_KINDERGARTENS = (SectionKind.KINDERGARTEN, SectionKind.ATTACHED_KINDERGARTEN)
_COUNTY_KM = 42.0
"""Distance of the middles of two counties: they lie apart on the ground, in three rows."""
_PUBLIC_KINDERGARTENS = 0.50
"""Share of kindergarten seats that are public; the city's target for 2023 is 56 %."""


@dataclass(frozen=True)
class County:
    """A county-level unit of the city: census figures and what is invented on them.

    Parameters
    ----------
    prefix, seed, name
        Prefix of its ids; seed; name.
    ages, households
        第七次全国人口普查 2020: residents aged 0, 1–4, 5–9, 10–14, 15–19; family households.
    units, streets, towns
        Units, and townships of the core and around it.
    city_share
        Share of units in the town core.
    migrant_share
        Share of children registered elsewhere.
    islands
        Units of each island.
    """

    prefix: str
    seed: int
    name: str
    ages: tuple[int, int, int, int, int]
    households: int
    units: int
    streets: int
    towns: int
    city_share: float
    migrant_share: float
    islands: tuple[int, ...] = ()


COUNTIES = (
    County("JJ", 302, "椒江区", (6378, 34293, 43706, 37890, 44920), 287_887, 128, 8, 2, 0.62, 0.35, (3,)),
    County("HY", 303, "黄岩区", (5089, 26477, 33728, 32666, 31372), 260_913, 116, 8, 7, 0.48, 0.24),
    County("LQ", 304, "路桥区", (4255, 23306, 30589, 30333, 25424), 231_778, 104, 6, 4, 0.52, 0.33),
    County("SM", 322, "三门县", (2863, 17112, 21171, 23138, 17739), 149_711, 96, 3, 7, 0.3, 0.08),
    County("TT", 323, "天台县", (3705, 20239, 24132, 29860, 26910), 178_608, 104, 3, 12, 0.3, 0.06),
    County("XJ", 324, "仙居县", (3466, 18714, 22275, 31098, 27461), 154_647, 104, 3, 13, 0.28, 0.05),
    County("WL", 381, "温岭市", (8412, 47009, 64098, 62109, 57938), 575_879, 148, 5, 11, 0.42, 0.3),
    County("LH", 382, "临海市", (7907, 43681, 55910, 65355, 59471), 404_502, 144, 5, 14, 0.36, 0.14),
    County("YH", 383, "玉环市", (4703, 23583, 32864, 30735, 21930), 266_137, 92, 3, 6, 0.4, 0.38, (5, 3)),
)


def taizhou() -> Demonstration:
    """台州市: three city districts, three counties, three county-level cities."""
    specs = {county.prefix: _invention(county, place) for place, county in enumerate(COUNTIES)}
    card = DistrictCard(
        name="台州市",
        title="台州市〔演示〕",
        crs="EPSG:4549",
        source="第七次全国人口普查和2023年教育工作重点的公开总数；地理、校名、在校生和其余数据均为虚构",
        as_of={"default": 2020, "births": 2023},
        note=NOTE,
    )
    return Demonstration("taizhou", specs, card, money_tables("taizhou"))


def _invention(county: County, place: int) -> Invention:
    """A county on its place in the grid."""
    groups = zip(((0, 0), (1, 4), (5, 9), (10, 14), (15, 19)), county.ages, strict=True)
    ages = single_ages(tuple((first, last, children) for (first, last), children in groups))[:18]
    row, column = divmod(place, 3)
    return Invention(
        seed=county.seed,
        name=county.name,
        base_year=BASE_YEAR,
        units=county.units,
        townships=_townships(county),
        streets=county.streets,
        island_units=county.islands,
        ages=ages,
        schools=_schools(county, ages),
        rolls=_rolls(county, ages),
        city_share=county.city_share,
        town_share=0.22,
        extent_km=(30.0, 24.0),
        crs="EPSG:4549",
        origin=(500_000.0 + 1_000 * _COUNTY_KM * (column - 1), 3_520_000.0 - 1_000 * _COUNTY_KM * (row - 1)),
        terrain=Terrain.HILL,
        river=place % 2 == 0,
        births=births_of(ages),
        households=county.households,
        migrant_share=county.migrant_share,
        new_quarter_units=max(county.units // 14, 4),
        plots=_plots(county),
        works=_works(),
        housing_projects=max(county.units // 20, 3),
        faculty=Faculty(),
    )


def _townships(county: County) -> tuple[str, ...]:
    """Coined names of streets and towns that bear the first character of the county."""
    names = NameBook(np.random.default_rng(10_000 + county.seed))
    ends = ["街道"] * county.streets + ["镇"] * county.towns
    return tuple(f"{county.name[0]}{names.word()}{end}" for end in ends)


def _counts(county: County, ages: tuple[int, ...]) -> tuple[int, int, int]:
    """Primary schools, junior schools and kindergartens of ordinary size for the children of a county."""
    return max(round(sum(ages[6:12]) / 1_150), 8), max(round(sum(ages[12:15]) / 900), 4), round(sum(ages[3:6]) / 290)


def _schools(county: County, ages: tuple[int, ...]) -> tuple[SchoolGroup, ...]:
    primary, junior, kindergartens = _counts(county, ages)
    public = max(round(_PUBLIC_KINDERGARTENS * kindergartens), county.streets + county.towns)
    private = {"affiliation": Affiliation.PRIVATE, "decided_here": False}
    return (
        SchoolGroup(SectionKind.COMPLETE_PRIMARY, round(0.6 * primary), size=(0.8, 1.4)),
        SchoolGroup(SectionKind.COMPLETE_PRIMARY, round(0.3 * primary), where=COUNTRY, size=(0.3, 0.8)),
        SchoolGroup(SectionKind.NINE_YEAR, max(round(0.12 * primary), 2), where=COUNTRY, size=(0.6, 1.0)),
        SchoolGroup(SectionKind.TEACHING_POINT, 4, where=(VILLAGE,), grade_to=3),
        SchoolGroup(SectionKind.JUNIOR_SCHOOL, max(round(0.6 * junior), 2), where=(CITY,), size=(0.9, 1.3)),
        SchoolGroup(SectionKind.JUNIOR_SCHOOL, max(round(0.3 * junior), 2), where=(TOWN,), size=(0.4, 0.9)),
        SchoolGroup(SectionKind.KINDERGARTEN, public, where=(CITY, TOWN, VILLAGE), size=(0.8, 1.6)),
        SchoolGroup(
            SectionKind.KINDERGARTEN,
            round(0.42 * kindergartens),
            nature=Nature.INCLUSIVE_PRIVATE,
            size=(0.5, 1.1),
            **private,
        ),
        SchoolGroup(SectionKind.KINDERGARTEN, max(round(0.07 * kindergartens), 1), nature=Nature.PRIVATE, **private),
        SchoolGroup(SectionKind.ATTACHED_KINDERGARTEN, 4, where=COUNTRY),
        SchoolGroup(SectionKind.SENIOR_SCHOOL, max(round(sum(ages[15:18]) / 3_600), 2), boarding=True),
        SchoolGroup(SectionKind.VOCATIONAL_SCHOOL, 1),
        SchoolGroup(SectionKind.SPECIAL_SCHOOL, 1, where=(CITY,)),
    )


def _rolls(county: County, ages: tuple[int, ...]) -> tuple[Roll, ...]:
    """Registers: shares of the residents that are invented, classes of ordinary size and a few oversized ones."""
    primary, junior = round(0.985 * sum(ages[6:12])), round(0.975 * sum(ages[12:15]))
    senior = sum(ages[15:18])
    return (
        Roll(Stage.KINDERGARTEN, _KINDERGARTENS, *_size(0.97 * sum(ages[3:6]), 26.0), largest=35),
        Roll(Stage.PRIMARY, _PRIMARIES, *_size(primary, 40.5), largest=52, oversized=county.units // 16),
        Roll(Stage.JUNIOR, _JUNIORS, *_size(junior, 43.5), largest=54),
        Roll(Stage.SENIOR, (SectionKind.SENIOR_SCHOOL,), *_size(0.56 * senior, 44.0)),
        Roll(Stage.VOCATIONAL, (SectionKind.VOCATIONAL_SCHOOL,), *_size(0.27 * senior, 38.0)),
        Roll(Stage.SPECIAL, (SectionKind.SPECIAL_SCHOOL,), 72, 9, largest=12),
    )


def _size(pupils: float, size: float) -> tuple[int, int]:
    """Pupils, and classes of a mean size."""
    return round(pupils), round(pupils / size)


def _plots(county: County) -> tuple[Plot, ...]:
    """Plots: 25 new public kindergartens and 15 schools of the city's list lie on them."""
    early = (
        Plot((Stage.KINDERGARTEN,), 4_600, 2021),
        Plot((Stage.KINDERGARTEN,), 4_400, 2021, near="city"),
        Plot((Stage.PRIMARY,), 28_000, 2021),
        Plot((Stage.PRIMARY, Stage.JUNIOR), 48_000, 2022),
    )
    later = (
        Plot((Stage.KINDERGARTEN,), 4_600, 2022, delivery=Delivery.HANDOVER),
        Plot((Stage.JUNIOR,), 34_000, 2023, near="city"),
        Plot((Stage.PRIMARY,), 26_000, 2024, near="town"),
    )
    return (*early, *later[: 3 if county.units > 100 else 1])


def _works() -> tuple[Work, ...]:
    return (
        Work(Stage.PRIMARY, "extension", 8, 360, 2022, 2_700, "committed"),
        Work(Stage.PRIMARY, "new_build", 30, 1_350, 2023, 9_200, plot=3),
        Work(Stage.KINDERGARTEN, "new_build", 9, 270, 2022, 2_000, "under_construction", plot=1),
        Work(Stage.JUNIOR, "extension", 6, 300, 2023, 2_300, "committed", SectionKind.JUNIOR_SCHOOL),
    )
