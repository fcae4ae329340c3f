"""定海区: the ages of the 2020 census on a main island and seven further islands."""

from __future__ import annotations

from geodata.demonstrations.card import BASE_YEAR, CITY, COUNTRY, NOTE, TOWN, VILLAGE, Demonstration, births_of
from geodata.demonstrations.money import money_tables
from simulator.inputs.synthetic import DistrictCard, Faculty, Invention, Plot, Roll, SchoolGroup, Work, single_ages
from simulator.terms import Affiliation, Conflict, Delivery, GroupKind, Nature, SectionKind, Serves, Stage, Terrain

# 第七次全国人口普查 2020: residents aged 0, 1–4, 5–9, 10–14, 15–19, and family households.
AGES = ((0, 0, 2958), (1, 4, 15814), (5, 9, 20710), (10, 14, 18429), (15, 19, 21906))
HOUSEHOLDS = 208_734


def dinghai() -> Demonstration:
    """定海区: the ages of the 2020 census on a main island and seven further islands."""
    ages = single_ages(AGES)[:18]
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
        households=HOUSEHOLDS,
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
        faculty=Faculty(backbone_share=0.17, groups=("海城教育协作体",), group_kind=GroupKind.COMMUNITY),
    )
    card = DistrictCard(
        name="定海区",
        title="定海区〔演示〕",
        crs=spec.crs,
        source="第七次全国人口普查和2019年教育优质均衡创建方案的公开内容；地理、校名、在校生和其余数据均为虚构",
        as_of={"default": 2020, "births": 2023},
        note=NOTE,
    )
    return Demonstration("dinghai", {"": spec}, card, money_tables("dinghai"))
