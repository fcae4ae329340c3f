"""城中区: registers of the 2018 self-assessment on the ages of the 2020 census."""

from __future__ import annotations

from geodata.demonstrations.card import BASE_YEAR, CITY, COUNTRY, NOTE, TOWN, VILLAGE, Demonstration, births_of
from geodata.demonstrations.money import money_tables
from simulator.inputs.synthetic import DistrictCard, Faculty, Invention, Plot, Roll, SchoolGroup, Work, single_ages
from simulator.terms import Affiliation, Conflict, Delivery, Nature, SectionKind, Stage

# 第七次全国人口普查 2020: residents aged 0, 1–4, 5–9, 10–14, 15–19, and family households.
AGES = ((0, 0, 2371), (1, 4, 12719), (5, 9, 15071), (10, 14, 14353), (15, 19, 16777))
HOUSEHOLDS = 124_908


def chengzhong() -> Demonstration:
    """城中区: registers of the 2018 self-assessment on the ages of the 2020 census."""
    ages = single_ages(AGES)[:18]
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
        households=HOUSEHOLDS,
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
        # 专任教师 1,636 = 1,025 + 611; 68 teachers without a post; three education groups (S4 4.3, 4.19, 4.17).
        faculty=Faculty(
            full_time={Stage.PRIMARY: 1_025, Stage.JUNIOR: 611},
            unposted=68,
            groups=("第一教育集团", "第二教育集团", "第三教育集团"),
        ),
    )
    card = DistrictCard(
        name="城中区",
        title="城中区〔演示〕",
        crs=spec.crs,
        source="2018年县级政府履行教育职责自评报告、第七次全国人口普查的公开总数；地理、校名和其余数据均为虚构",
        as_of={"default": 2020, "births": 2023, "parcels": 2020, "projects": 2020},
        note=NOTE,
    )
    return Demonstration("chengzhong", {"": spec}, card, money_tables("chengzhong"))
