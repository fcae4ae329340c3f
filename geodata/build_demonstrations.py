"""Builds both demonstration districts again, file for file: `python -m geodata.build_demonstrations`.

Published totals stand here with their source; everything else comes out of the seeded generator.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from simulator.inputs.synthetic import (
    DistrictCard,
    Invention,
    Plot,
    Roll,
    SchoolGroup,
    Work,
    invent_district,
    single_ages,
    write_district,
)
from simulator.terms import Affiliation, AreaKind, Conflict, Delivery, Nature, SectionKind, Serves, Stage, Terrain

HERE = Path(__file__).parent
CITY, TOWN, VILLAGE = AreaKind.CITY, AreaKind.TOWN, AreaKind.VILLAGE
COUNTRY = (TOWN, VILLAGE)

# 第七次全国人口普查 2020: residents aged 0, 1–4, 5–9, 10–14, 15–19, and family households.
CHENGZHONG_AGES = ((0, 0, 2371), (1, 4, 12719), (5, 9, 15071), (10, 14, 14353), (15, 19, 16777))
CHENGZHONG_HOUSEHOLDS = 124_908
DINGHAI_AGES = ((0, 0, 2958), (1, 4, 15814), (5, 9, 20710), (10, 14, 18429), (15, 19, 21906))
DINGHAI_HOUSEHOLDS = 208_734
# National births against those of 2020 (国民经济和社会发展统计公报, 万人: 1200, 1062, 956, 902).
BIRTHS_AFTER_2020 = {2021: 1062 / 1200, 2022: 956 / 1200, 2023: 902 / 1200}
BASE_YEAR = 2020


@dataclass(frozen=True)
class Demonstration:
    """A demonstration district: its folder under `geodata`, its description and its card."""

    folder: str
    spec: Invention
    card: DistrictCard


def births_of(ages: tuple[int, ...]) -> dict[int, int]:
    """Births of 2016–2020 from the residents aged 4–0, and of 2021–2023 with the national change."""
    known = {BASE_YEAR - age: ages[age] for age in range(4, -1, -1)}
    return known | {year: round(ages[0] * ratio) for year, ratio in BIRTHS_AFTER_2020.items()}


def chengzhong() -> Demonstration:
    """城中区: registers of the 2018 self-assessment on the ages of the 2020 census."""
    ages = single_ages(CHENGZHONG_AGES)[:18]
    private = SchoolGroup(
        SectionKind.KINDERGARTEN,
        40,
        where=(CITY, TOWN),
        affiliation=Affiliation.PRIVATE,
        nature=Nature.INCLUSIVE_PRIVATE,
        decided_here=False,
        size=(0.6, 1.2),
    )
    city_run = {"affiliation": Affiliation.CITY, "decided_here": False}
    spec = Invention(
        seed=630,
        name="城中区",
        base_year=BASE_YEAR,
        units=140,
        townships=(
            *("霁桥街道", "沄安街道", "翊文街道", "蔚堤街道", "珩新街道", "萃河街道", "昱南街道"),
            *("岑石镇", "芷坪镇"),
        ),
        streets=7,
        ages=ages,
        schools=(
            SchoolGroup(SectionKind.COMPLETE_PRIMARY, 19, size=(0.75, 1.3)),
            SchoolGroup(SectionKind.NINE_YEAR, 2, size=(0.9, 1.2)),
            SchoolGroup(SectionKind.TEACHING_POINT, 3, where=(VILLAGE,), grade_to=3),
            SchoolGroup(SectionKind.TEACHING_POINT, 3, where=(VILLAGE,)),
            SchoolGroup(SectionKind.JUNIOR_SCHOOL, 4, **city_run),
            SchoolGroup(SectionKind.COMPLETE_SECONDARY, 1, where=(CITY,), **city_run),
            SchoolGroup(SectionKind.KINDERGARTEN, 4, size=(1.5, 2.0)),
            SchoolGroup(
                SectionKind.KINDERGARTEN,
                2,
                where=COUNTRY,
                affiliation=Affiliation.TOWNSHIP,
                nature=Nature.COLLECTIVE,
                decided_here=False,
            ),
            private,
            SchoolGroup(
                SectionKind.KINDERGARTEN,
                3,
                where=(CITY,),
                affiliation=Affiliation.PRIVATE,
                nature=Nature.PRIVATE,
                decided_here=False,
            ),
            SchoolGroup(SectionKind.ATTACHED_KINDERGARTEN, 2),
            SchoolGroup(SectionKind.VISITING_POINT, 4, where=(VILLAGE,)),
            SchoolGroup(SectionKind.SENIOR_SCHOOL, 2, where=(CITY,), **city_run),
            SchoolGroup(SectionKind.VOCATIONAL_SCHOOL, 1, where=(CITY, TOWN), **city_run),
            SchoolGroup(SectionKind.SPECIAL_SCHOOL, 1, where=(CITY,)),
        ),
        rolls=(
            Roll(
                Stage.KINDERGARTEN,
                (SectionKind.KINDERGARTEN, SectionKind.ATTACHED_KINDERGARTEN, SectionKind.VISITING_POINT),
                pupils=round(0.93 * sum(ages[3:6])),
                classes=382,
                largest=35,
            ),
            Roll(
                Stage.PRIMARY,
                (SectionKind.COMPLETE_PRIMARY, SectionKind.NINE_YEAR, SectionKind.TEACHING_POINT),
                pupils=18_430,
                classes=379,
                oversized=15,
            ),
            Roll(Stage.JUNIOR, (SectionKind.NINE_YEAR,), pupils=1_110, classes=30, largest=45),
            Roll(
                Stage.JUNIOR,
                (SectionKind.JUNIOR_SCHOOL, SectionKind.COMPLETE_SECONDARY),
                pupils=8_138 - 1_110,
                classes=148,
                largest=52,
            ),
            Roll(
                Stage.SENIOR,
                (SectionKind.COMPLETE_SECONDARY, SectionKind.SENIOR_SCHOOL),
                pupils=4_980,
                classes=110,
            ),
            Roll(Stage.VOCATIONAL, (SectionKind.VOCATIONAL_SCHOOL,), pupils=2_640, classes=74),
            Roll(Stage.SPECIAL, (SectionKind.SPECIAL_SCHOOL,), pupils=72, classes=9, largest=12),
        ),
        city_share=0.72,
        town_share=0.1,
        extent_km=(17.0, 13.0),
        crs="EPSG:4543",
        origin=(480_000.0, 4_490_000.0),
        births=births_of(ages),
        households=CHENGZHONG_HOUSEHOLDS,
        migrant_share=0.22,
        new_quarter_units=14,
        plots=(
            Plot((Stage.PRIMARY, Stage.JUNIOR), 46_000, 2021),
            Plot((Stage.PRIMARY, Stage.JUNIOR), 44_000, 2021, linked=True),
            Plot((Stage.PRIMARY,), 17_500, 2023, near="city", delivery=Delivery.HANDOVER),
            Plot((Stage.KINDERGARTEN,), 4_300, 2020, near="city"),
            Plot((Stage.KINDERGARTEN,), 3_300, 2020, delivery=Delivery.HANDOVER),
            Plot((Stage.PRIMARY,), 22_000, 2023, near="town", conflict=Conflict.FARMLAND),
        ),
        works=(
            Work(Stage.PRIMARY, "extension", 8, 360, 2021, 2_300, "under_construction", SectionKind.NINE_YEAR),
            Work(Stage.PRIMARY, "extension", 6, 270, 2021, 1_650, "under_construction"),
            Work(Stage.PRIMARY, "extension", 6, 270, 2021, 1_700, "committed", rank=1),
            Work(Stage.PRIMARY, "extension", 6, 270, 2024, 1_700, rank=2),
            Work(Stage.KINDERGARTEN, "new_build", 9, 270, 2021, 1_787, "under_construction", plot=4),
            Work(Stage.KINDERGARTEN, "new_build", 6, 180, 2021, 150, "committed", plot=5),
            Work(Stage.PRIMARY, "new_build", 24, 1_080, 2023, 6_900, plot=1),
            Work(Stage.JUNIOR, "new_build", 12, 600, 2023, 4_200, plot=1),
            Work(Stage.SENIOR, "extension", 18, 900, 2023, 6_800, "under_construction", SectionKind.SENIOR_SCHOOL),
        ),
        housing_projects=6,
    )
    card = DistrictCard(
        name="城中区",
        title="城中区〔演示〕",
        crs=spec.crs,
        source="2018年县级政府履行教育职责自评报告、第七次全国人口普查的公开总数；地理、校名和其余数据均为虚构",
        as_of={"default": 2020, "births": 2023, "parcels": 2020, "projects": 2020},
        note="公开总数加虚构地理的演示数据，见 README.md；由 geodata/build_demonstrations.py 生成。",
    )
    return Demonstration("chengzhong", spec, card)


def dinghai() -> Demonstration:
    """定海区: the ages of the 2020 census on a main island and seven further islands."""
    ages = single_ages(DINGHAI_AGES)[:18]
    primary = round(0.985 * sum(ages[6:12]))
    junior = round(0.97 * sum(ages[12:15]))
    migrant_primary, migrant_junior = 390, 165
    private = {"affiliation": Affiliation.PRIVATE, "decided_here": False}
    spec = Invention(
        seed=330,
        name="定海区",
        base_year=BASE_YEAR,
        units=165,
        townships=(
            *("澹港街道", "潆东街道", "洵城街道", "瑄南街道"),
            *("菘浦镇", "蘅川镇", "葭湾镇", "滢口镇", "枞岭镇", "栩塘镇"),
            *("漪屿镇", "泓门乡", "濯沙乡"),
        ),
        streets=4,
        island_units=(9, 6, 5, 4, 3, 3, 2),
        island_townships=3,
        ages=ages,
        schools=(
            SchoolGroup(SectionKind.COMPLETE_PRIMARY, 21, size=(0.8, 1.3)),
            SchoolGroup(SectionKind.COMPLETE_PRIMARY, 5, where=COUNTRY, size=(0.5, 0.9)),
            SchoolGroup(SectionKind.NINE_YEAR, 6, where=COUNTRY, size=(0.8, 1.1), islands=3),
            SchoolGroup(SectionKind.NINE_YEAR, 1, where=(CITY, TOWN), serves=Serves.MIGRANT),
            SchoolGroup(SectionKind.TEACHING_POINT, 4, where=(VILLAGE,), islands=4),
            SchoolGroup(SectionKind.TEACHING_POINT, 5, where=(VILLAGE,), grade_to=3),
            SchoolGroup(SectionKind.JUNIOR_SCHOOL, 4, where=(CITY,), size=(0.9, 1.3)),
            SchoolGroup(SectionKind.JUNIOR_SCHOOL, 3, where=(TOWN,), size=(0.5, 0.8), boarding=True),
            SchoolGroup(SectionKind.JUNIOR_SCHOOL, 5, where=COUNTRY, size=(0.1, 0.2)),
            SchoolGroup(SectionKind.COMPLETE_SECONDARY, 1, where=(CITY, TOWN)),
            SchoolGroup(SectionKind.KINDERGARTEN, 22, where=(CITY, TOWN, VILLAGE), size=(0.9, 1.7), islands=7),
            SchoolGroup(
                SectionKind.KINDERGARTEN,
                4,
                where=COUNTRY,
                affiliation=Affiliation.TOWNSHIP,
                nature=Nature.COLLECTIVE,
                decided_here=False,
            ),
            SchoolGroup(SectionKind.KINDERGARTEN, 30, nature=Nature.INCLUSIVE_PRIVATE, size=(0.6, 1.2), **private),
            SchoolGroup(SectionKind.KINDERGARTEN, 4, where=(CITY,), nature=Nature.PRIVATE, **private),
            SchoolGroup(SectionKind.ATTACHED_KINDERGARTEN, 4),
            SchoolGroup(SectionKind.SENIOR_SCHOOL, 3, boarding=True),
            SchoolGroup(SectionKind.VOCATIONAL_SCHOOL, 1),
            SchoolGroup(SectionKind.SPECIAL_SCHOOL, 1, where=(CITY,)),
        ),
        rolls=(
            Roll(
                Stage.KINDERGARTEN,
                (SectionKind.KINDERGARTEN, SectionKind.ATTACHED_KINDERGARTEN),
                pupils=round(0.95 * sum(ages[3:6])),
                classes=480,
                largest=35,
            ),
            Roll(
                Stage.PRIMARY,
                (SectionKind.COMPLETE_PRIMARY, SectionKind.NINE_YEAR, SectionKind.TEACHING_POINT),
                pupils=primary - migrant_primary,
                classes=556,
                largest=52,
                oversized=5,
                oversized_sizes=(56, 59),
            ),
            Roll(Stage.PRIMARY, (SectionKind.NINE_YEAR,), migrant_primary, 12, Serves.MIGRANT),
            Roll(
                Stage.JUNIOR,
                (SectionKind.NINE_YEAR, SectionKind.JUNIOR_SCHOOL, SectionKind.COMPLETE_SECONDARY),
                pupils=junior - migrant_junior,
                classes=236,
                largest=52,
            ),
            Roll(Stage.JUNIOR, (SectionKind.NINE_YEAR,), migrant_junior, 6, Serves.MIGRANT),
            Roll(
                Stage.SENIOR,
                (SectionKind.COMPLETE_SECONDARY, SectionKind.SENIOR_SCHOOL),
                pupils=6_560,
                classes=146,
            ),
            Roll(Stage.VOCATIONAL, (SectionKind.VOCATIONAL_SCHOOL,), pupils=3_490, classes=98),
            Roll(Stage.SPECIAL, (SectionKind.SPECIAL_SCHOOL,), pupils=81, classes=9, largest=12),
        ),
        city_share=0.42,
        town_share=0.2,
        extent_km=(30.0, 17.0),
        crs="EPSG:4550",
        origin=(560_000.0, 3_200_000.0),
        river=False,
        births=births_of(ages),
        households=DINGHAI_HOUSEHOLDS,
        migrant_share=0.25,
        new_quarter_units=10,
        plots=(
            Plot((Stage.PRIMARY, Stage.JUNIOR), 46_000, 2021),
            Plot((Stage.PRIMARY,), 24_000, 2022, linked=True),
            Plot((Stage.JUNIOR,), 32_000, 2024, near="city", delivery=Delivery.HANDOVER),
            Plot((Stage.KINDERGARTEN,), 5_200, 2021, near="town"),
            Plot((Stage.KINDERGARTEN,), 5_000, 2022, linked=True),
            Plot((Stage.PRIMARY,), 26_000, 2023, near="town", conflict=Conflict.RED_LINE),
        ),
        works=(
            Work(Stage.PRIMARY, "extension", 9, 405, 2021, 2_600, "committed"),
            Work(Stage.PRIMARY, "extension", 6, 270, 2023, 1_750, rank=1),
            Work(Stage.JUNIOR, "extension", 6, 300, 2023, 2_050, "committed", SectionKind.JUNIOR_SCHOOL),
            Work(Stage.KINDERGARTEN, "new_build", 9, 270, 2021, 1_900, "under_construction", plot=4),
            Work(Stage.PRIMARY, "new_build", 24, 1_080, 2023, 7_100, plot=1),
            Work(Stage.JUNIOR, "new_build", 12, 600, 2023, 4_300, plot=1),
            Work(Stage.SENIOR, "extension", 15, 750, 2023, 5_600, "committed", SectionKind.SENIOR_SCHOOL),
        ),
        terrain=Terrain.HILL,
        housing_projects=8,
    )
    card = DistrictCard(
        name="定海区",
        title="定海区〔演示〕",
        crs=spec.crs,
        source="第七次全国人口普查和2019年教育优质均衡创建方案的公开内容；地理、校名、在校生和其余数据均为虚构",
        as_of={"default": 2020, "births": 2023},
        note="公开总数加虚构地理的演示数据，见 README.md；由 geodata/build_demonstrations.py 生成。",
    )
    return Demonstration("dinghai", spec, card)


def build(folder: Path) -> None:
    """Write both districts under a folder."""
    for demonstration in (chengzhong(), dinghai()):
        tables = invent_district(demonstration.spec)
        write_district(tables, folder / demonstration.folder, demonstration.card)


if __name__ == "__main__":
    build(HERE)
