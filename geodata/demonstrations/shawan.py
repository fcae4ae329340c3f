"""沙湾市: the ages of the 2020 census on 12,500 km² of oasis, steppe and mountain, with three streets and 184 units."""

from __future__ import annotations

from geodata.demonstrations.card import BASE_YEAR, CITY, COUNTRY, NOTE, TOWN, VILLAGE, Demonstration, births_of
from geodata.demonstrations.money import money_tables
from simulator.inputs.synthetic import DistrictCard, Faculty, Invention, Plot, Roll, SchoolGroup, Work, single_ages
from simulator.terms import Affiliation, Conflict, Nature, SectionKind, Stage, Terrain

# 第七次全国人口普查 2020: residents aged 0, 1–4, 5–9, 10–14, 15–19, and family households.
AGES = ((0, 0, 1789), (1, 4, 9925), (5, 9, 14627), (10, 14, 15988), (15, 19, 11206))
HOUSEHOLDS = 120_100
KINDERGARTENS = (SectionKind.KINDERGARTEN, SectionKind.ATTACHED_KINDERGARTEN, SectionKind.VISITING_POINT)


def shawan() -> Demonstration:
    """沙湾市: large village country that empties, a town core that fills."""
    ages = single_ages(AGES)[:18]
    primary, junior = sum(ages[6:12]), sum(ages[12:15])
    private = {"affiliation": Affiliation.PRIVATE, "decided_here": False}
    spec = Invention(
        seed=654,
        name="沙湾市",
        base_year=BASE_YEAR,
        units=184,
        townships=(
            *("霁沅街道", "沄墅街道", "翊坪街道"),
            *("岑垣镇", "蓁原镇", "昱畈镇", "枞坞镇", "旻岙镇", "珩塬镇", "澹埠镇", "葭圩镇", "筠陂镇"),
            *("蘅畈乡", "沄峦乡", "颂峤乡"),
        ),
        streets=3,
        ages=ages,
        schools=(
            SchoolGroup(SectionKind.COMPLETE_PRIMARY, 7, where=(CITY,), size=(1.0, 1.5)),
            SchoolGroup(SectionKind.COMPLETE_PRIMARY, 12, where=(TOWN,), size=(0.6, 1.0)),
            SchoolGroup(SectionKind.COMPLETE_PRIMARY, 10, where=(VILLAGE,), size=(0.3, 0.6)),
            SchoolGroup(SectionKind.NINE_YEAR, 9, where=COUNTRY, size=(0.6, 1.0), boarding=True),
            SchoolGroup(SectionKind.TEACHING_POINT, 10, where=(VILLAGE,), grade_to=3),
            SchoolGroup(SectionKind.JUNIOR_SCHOOL, 3, where=(CITY,), size=(1.0, 1.4), boarding=True),
            SchoolGroup(SectionKind.JUNIOR_SCHOOL, 3, where=(TOWN,), size=(0.4, 0.7), boarding=True),
            SchoolGroup(SectionKind.KINDERGARTEN, 6, where=(CITY,), size=(1.2, 1.8)),
            SchoolGroup(SectionKind.KINDERGARTEN, 12, where=(TOWN,), size=(0.6, 1.0)),
            SchoolGroup(SectionKind.KINDERGARTEN, 8, where=(CITY,), nature=Nature.INCLUSIVE_PRIVATE, **private),
            SchoolGroup(SectionKind.ATTACHED_KINDERGARTEN, 22, where=COUNTRY),
            SchoolGroup(SectionKind.VISITING_POINT, 10, where=(VILLAGE,)),
            SchoolGroup(SectionKind.SENIOR_SCHOOL, 2, where=(CITY,), boarding=True),
            SchoolGroup(SectionKind.VOCATIONAL_SCHOOL, 1, where=(CITY,), boarding=True),
            SchoolGroup(SectionKind.SPECIAL_SCHOOL, 1, where=(CITY,)),
        ),
        rolls=(
            Roll(Stage.KINDERGARTEN, KINDERGARTENS, pupils=round(0.98 * sum(ages[3:6])), classes=345, largest=35),
            Roll(
                Stage.PRIMARY,
                (SectionKind.COMPLETE_PRIMARY, SectionKind.NINE_YEAR, SectionKind.TEACHING_POINT),
                pupils=round(0.998 * primary),
                classes=476,
                oversized=24,
            ),
            Roll(
                Stage.JUNIOR,
                (SectionKind.NINE_YEAR, SectionKind.JUNIOR_SCHOOL),
                pupils=round(0.995 * junior),
                classes=212,
                largest=55,
                oversized=8,
                oversized_sizes=(56, 60),
            ),
            Roll(Stage.SENIOR, (SectionKind.SENIOR_SCHOOL,), pupils=3_980, classes=84),
            Roll(Stage.VOCATIONAL, (SectionKind.VOCATIONAL_SCHOOL,), pupils=969, classes=30),
            Roll(Stage.SPECIAL, (SectionKind.SPECIAL_SCHOOL,), pupils=64, classes=9, largest=12),
        ),
        city_share=0.24,
        town_share=0.2,
        extent_km=(104.0, 152.0),
        crs="EPSG:4545",
        origin=(500_000.0, 4_900_000.0),
        terrain=Terrain.PLAIN,
        births=births_of(ages),
        households=HOUSEHOLDS,
        migrant_share=0.18,
        new_quarter_units=8,
        plots=(
            Plot((Stage.PRIMARY,), 26_000, 2021),
            Plot((Stage.PRIMARY, Stage.JUNIOR), 46_000, 2022),
            Plot((Stage.KINDERGARTEN,), 5_400, 2021, near="city"),
            Plot((Stage.KINDERGARTEN,), 4_200, 2021),
            Plot((Stage.KINDERGARTEN,), 2_600, 2022, near="village"),
            Plot((Stage.KINDERGARTEN,), 2_600, 2022, near="village"),
            Plot((Stage.KINDERGARTEN,), 2_600, 2023, near="village"),
            Plot((Stage.VOCATIONAL,), 62_000, 2021, near="city"),
            Plot((Stage.PRIMARY,), 24_000, 2023, near="town", conflict=Conflict.FARMLAND),
        ),
        works=(
            Work(Stage.KINDERGARTEN, "new_build", 12, 360, 2022, 2_100, "committed", plot=3),
            Work(Stage.PRIMARY, "new_build", 24, 1_080, 2023, 6_600, plot=1),
            Work(Stage.PRIMARY, "extension", 8, 360, 2022, 2_200, "committed"),
            Work(Stage.JUNIOR, "extension", 6, 300, 2022, 2_000, "committed", SectionKind.JUNIOR_SCHOOL),
            Work(Stage.SENIOR, "extension", 24, 1_200, 2023, 8_800, "under_construction", SectionKind.SENIOR_SCHOOL),
            Work(Stage.VOCATIONAL, "new_build", 50, 2_000, 2023, 9_500, "committed", plot=8),
        ),
        housing_projects=7,
        # 骨干教师占专任教师 20% (S0 0.11).
        faculty=Faculty(backbone_share=0.20),
    )
    card = DistrictCard(
        name="沙湾市",
        title="沙湾市〔演示〕",
        crs=spec.crs,
        source="第七次全国人口普查和教育“十四五”规划的公开总数；地理、校名、在校生和其余数据均为虚构",
        as_of={"default": 2020, "births": 2023},
        note=NOTE,
    )
    return Demonstration("shawan", {"": spec}, card, money_tables("shawan"))
