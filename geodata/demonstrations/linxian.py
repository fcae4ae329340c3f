"""临县: the ages of the 2020 census in loess hills, 412 units, many small schools, a county that empties."""

from __future__ import annotations

from geodata.demonstrations.card import BASE_YEAR, CITY, COUNTRY, NOTE, TOWN, VILLAGE, Demonstration, births_of
from geodata.demonstrations.linxian_closing import closing_tables
from geodata.demonstrations.money import money_tables
from simulator.inputs.synthetic import DistrictCard, Faculty, Invention, Plot, Roll, SchoolGroup, Work, single_ages
from simulator.terms import Affiliation, Nature, SectionKind, Stage, Terrain

# 第七次全国人口普查 2020: residents aged 0, 1–4, 5–9, 10–14, 15–19, and family households.
AGES = ((0, 0, 3340), (1, 4, 16092), (5, 9, 24412), (10, 14, 24529), (15, 19, 19726))
HOUSEHOLDS = 173_544
KINDERGARTENS = (SectionKind.KINDERGARTEN, SectionKind.ATTACHED_KINDERGARTEN)


def linxian() -> Demonstration:
    """临县: small schools in hills, large classes in the county town."""
    ages = single_ages(AGES)[:18]
    primary, junior = sum(ages[6:12]), sum(ages[12:15])
    private = {"affiliation": Affiliation.PRIVATE, "decided_here": False}
    spec = Invention(
        seed=141,
        name="临县",
        base_year=BASE_YEAR,
        units=412,
        townships=(
            *("澹垣街道", "柘塬街道"),
            *("岑峦镇", "芷磐镇", "蔚塬镇", "栩畈镇", "樾崮镇", "蓁梁镇", "煦垄镇", "琅坞镇", "璟塬镇", "皓陂镇"),
            *("菘垣镇", "棣原镇", "桢坪镇"),
            *("霁梁乡", "颂塬乡", "珩垄乡", "沄崮乡", "筠峦乡", "昱坞乡", "瑄磐乡", "枞梁乡"),
        ),
        streets=2,
        ages=ages,
        schools=(
            SchoolGroup(SectionKind.COMPLETE_PRIMARY, 11, where=(CITY,), size=(1.2, 1.8)),
            SchoolGroup(SectionKind.COMPLETE_PRIMARY, 21, where=(TOWN,), size=(0.7, 1.2), boarding=True),
            SchoolGroup(SectionKind.COMPLETE_PRIMARY, 46, where=(VILLAGE,), size=(0.2, 0.5)),
            SchoolGroup(SectionKind.NINE_YEAR, 7, where=COUNTRY, size=(0.5, 0.9), boarding=True),
            SchoolGroup(SectionKind.TEACHING_POINT, 44, where=(VILLAGE,), grade_to=3),
            SchoolGroup(SectionKind.TEACHING_POINT, 6, where=(VILLAGE,)),
            SchoolGroup(SectionKind.JUNIOR_SCHOOL, 5, where=(CITY,), size=(1.2, 1.6), boarding=True),
            SchoolGroup(SectionKind.JUNIOR_SCHOOL, 14, where=(TOWN,), size=(0.3, 0.7), boarding=True),
            SchoolGroup(SectionKind.KINDERGARTEN, 9, where=(CITY,), size=(1.0, 1.6)),
            SchoolGroup(SectionKind.KINDERGARTEN, 21, where=(TOWN,), size=(0.7, 1.1)),
            SchoolGroup(SectionKind.KINDERGARTEN, 17, nature=Nature.INCLUSIVE_PRIVATE, size=(0.5, 1.0), **private),
            SchoolGroup(SectionKind.ATTACHED_KINDERGARTEN, 30, where=COUNTRY),
            SchoolGroup(SectionKind.SENIOR_SCHOOL, 4, where=(CITY,), boarding=True),
            SchoolGroup(SectionKind.VOCATIONAL_SCHOOL, 1, where=(CITY,), boarding=True),
            SchoolGroup(SectionKind.SPECIAL_SCHOOL, 1, where=(CITY,)),
        ),
        rolls=(
            Roll(Stage.KINDERGARTEN, KINDERGARTENS, pupils=round(0.92 * sum(ages[3:6])), classes=490, largest=35),
            Roll(
                Stage.PRIMARY,
                (SectionKind.COMPLETE_PRIMARY, SectionKind.NINE_YEAR, SectionKind.TEACHING_POINT),
                pupils=round(0.96 * primary),
                classes=1_010,
                oversized=34,
            ),
            Roll(
                Stage.JUNIOR,
                (SectionKind.NINE_YEAR, SectionKind.JUNIOR_SCHOOL),
                pupils=round(0.93 * junior),
                classes=312,
                largest=55,
                oversized=12,
                oversized_sizes=(56, 61),
            ),
            Roll(Stage.SENIOR, (SectionKind.SENIOR_SCHOOL,), pupils=6_900, classes=140),
            Roll(Stage.VOCATIONAL, (SectionKind.VOCATIONAL_SCHOOL,), pupils=2_350, classes=56),
            Roll(Stage.SPECIAL, (SectionKind.SPECIAL_SCHOOL,), pupils=88, classes=9, largest=12),
        ),
        city_share=0.16,
        town_share=0.14,
        extent_km=(50.0, 74.0),
        crs="EPSG:4546",
        origin=(500_000.0, 4_450_000.0),
        terrain=Terrain.HILL,
        births=births_of(ages),
        households=HOUSEHOLDS,
        migrant_share=0.05,
        new_quarter_units=12,
        plots=(
            Plot((Stage.PRIMARY,), 26_000, 2021),
            Plot((Stage.PRIMARY, Stage.JUNIOR), 48_000, 2022),
            Plot((Stage.KINDERGARTEN,), 4_800, 2021, near="city"),
            Plot((Stage.KINDERGARTEN,), 4_200, 2022, linked=True),
            Plot((Stage.JUNIOR,), 34_000, 2023, near="city"),
        ),
        works=(
            Work(Stage.PRIMARY, "extension", 8, 360, 2022, 2_000, "committed"),
            Work(Stage.PRIMARY, "extension", 6, 270, 2022, 1_500, rank=1),
            Work(Stage.PRIMARY, "new_build", 24, 1_080, 2023, 6_000, plot=1),
            Work(Stage.JUNIOR, "extension", 6, 300, 2022, 1_800, "committed", SectionKind.JUNIOR_SCHOOL),
            Work(Stage.KINDERGARTEN, "new_build", 9, 270, 2022, 1_600, "committed", plot=3),
        ),
        housing_projects=8,
        faculty=Faculty(backbone_share=0.15),
    )
    card = DistrictCard(
        name="临县",
        title="临县〔演示〕",
        crs=spec.crs,
        source="第七次全国人口普查的公开总数和公开文章中的撤并数；地理、校名、在校生和其余数据均为虚构",
        as_of={"default": 2020, "births": 2023},
        note=NOTE,
    )
    return Demonstration("linxian", {"": spec}, card, {**closing_tables(), **money_tables("linxian")})
