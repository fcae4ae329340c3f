"""The demonstration districts: published totals met exactly, invented places marked, files equal to a fresh build."""

from __future__ import annotations

import re
from io import StringIO
from pathlib import Path

import geopandas as gpd
import networkx as nx
import pandas as pd
import pyogrio
import pytest
import shapely

from geodata.build_demonstrations import build
from geodata.demonstrations import DEMONSTRATIONS
from simulator.inputs import District, read_district
from simulator.scenario import read_scenario

ROOT = Path(__file__).parents[1]
FOLDERS = ("chengzhong", "dinghai", "shawan", "linxian", "taizhou")
SCENARIOS = tuple(sorted(path.stem for path in (ROOT / "scenarios").glob("*.toml") if path.stem != "defaults"))
REAL_NAMES = (
    *("沈家寨", "新城南", "南大街", "南川", "华罗庚", "香格里拉", "前营", "玉井", "清水", "劳动路", "王斌堡", "张家庄"),
    *(
        "清河",
        "新安庄",
        "元堡子",
        "总寨",
        "礼让",
        "饮马",
        "小沙",
        "石礁",
        "东海",
        "育才",
        "临城",
        "盐仓",
        "金塘",
        "岑港",
    ),
    *("马岙", "白泉", "干览", "册子", "北蝉", "长白", "双桥"),
    *("三道河子", "四道河子", "老沙湾", "乌兰乌苏", "安集海", "东湾", "西戈壁", "柳毛湾", "金沟河", "商户地", "大泉"),
    *("临泉", "白文", "城庄", "兔坂", "克虎", "三交", "湍水头", "林家坪", "招贤", "碛口", "刘家会", "丛罗峪", "曲峪"),
    *("海门", "洪家", "下陈", "前所", "章安", "院桥", "宁溪", "金清", "海游", "健跳", "赤城", "平桥", "石梁", "白塔"),
    *("横溪", "下各", "太平", "泽国", "大溪", "松门", "箬横", "古城", "大洋", "杜桥", "坎门", "大麦屿", "楚门", "沙门"),
)


@pytest.fixture(scope="module", params=FOLDERS)
def district(request: pytest.FixtureRequest) -> District:
    """Each demonstration district as the program reads it."""
    return read_district(ROOT / "geodata" / request.param)


@pytest.fixture(scope="module")
def city() -> District:
    """城中区."""
    return read_district(ROOT / "geodata" / "chengzhong")


@pytest.fixture(scope="module")
def sea() -> District:
    """定海区."""
    return read_district(ROOT / "geodata" / "dinghai")


def table(text: str) -> pd.DataFrame:
    """Expected figures written as aligned text."""
    return pd.read_csv(StringIO(text), sep=r"\s+")


def sections_of(district: District) -> pd.DataFrame:
    """Sections with the columns of their campus."""
    return district.sections.merge(pd.DataFrame(district.schools).drop(columns="geometry"), on="school_id")


def pupils_of(district: District, schools: pd.Series, stage: str) -> pd.Series:
    """Sizes of the classes of some schools in a stage."""
    classes = district.classes
    return classes.loc[(classes["stage"] == stage) & classes["school_id"].isin(schools), "pupils"]


def census(district: District) -> list[int]:
    """Residents aged 0, 1–4, 5–9, 10–14."""
    ages = district.population.groupby("age")["residents"].sum()
    return [int(ages.loc[first:last].sum()) for first, last in ((0, 0), (1, 4), (5, 9), (10, 14))]


def test_chengzhong_has_the_published_schools(city: District) -> None:
    """26 compulsory schools by kind, 21 of them the district's own, teaching points on top (S4 4.1, 4.4, 4.37)."""
    expected = table(
        """
        kind                schools  own
        complete_primary         19   19
        complete_secondary        1    0
        junior_school             4    0
        nine_year                 2    2
        teaching_point            6    6
        """
    )
    compulsory = sections_of(city)[lambda rows: rows["stage"].isin(["primary", "junior"])].drop_duplicates("school_id")
    found = compulsory.groupby("kind")["decided_here"].agg(schools="size", own="sum").reset_index()
    pd.testing.assert_frame_equal(found, expected, check_dtype=False)


def test_chengzhong_has_the_published_kindergartens(city: District) -> None:
    """55 = 公办 4 + 集体 2 + 民办 43 (普惠 40 of them, 93 % as published) + 附设 2 + 走教点 4 (S4 4.2, 4.33)."""
    expected = table(
        """
        kind                   nature             places
        attached_kindergarten  education_bureau        2
        kindergarten           collective              2
        kindergarten           education_bureau        4
        kindergarten           inclusive_private      40
        kindergarten           private                 3
        visiting_point         education_bureau        4
        """
    )
    gardens = sections_of(city)[lambda rows: rows["stage"] == "kindergarten"]
    found = gardens.groupby(["kind", "nature"]).size().rename("places").reset_index()
    pd.testing.assert_frame_equal(found, expected, check_dtype=False)
    assert expected["places"].sum() == 55


def test_chengzhong_has_the_published_pupils_and_classes(city: District) -> None:
    """26,568 = 18,430 + 8,138; 409 own classes = 379 + 30 of 49 and 37 pupils (S4 4.3, 4.4).

    18,430 ÷ 379 = 48.6; own juniors 30 × 37 = 1,110, which leaves 8,138 − 1,110 = 7,028 in the five others.
    """
    expected = table(
        """
        stage    owner  classes  pupils
        primary  own        379   18430
        junior   own         30    1110
        junior   city       148    7028
        """
    )
    own = city.schools.loc[city.schools["decided_here"], "school_id"]
    rest = city.schools.loc[~city.schools["decided_here"], "school_id"]
    for row in expected.itertuples():
        sizes = pupils_of(city, own if row.owner == "own" else rest, row.stage)
        assert (len(sizes), sizes.sum()) == (row.classes, row.pupils)
    assert expected["pupils"].sum() == 26_568
    assert expected["classes"].head(2).sum() == 409


def test_chengzhong_has_the_published_oversized_classes(city: District) -> None:
    """15 primary classes above 55, none of 66 or more, none above 55 in own junior schools (S4 4.5)."""
    own = city.schools.loc[city.schools["decided_here"], "school_id"]
    primary, junior = pupils_of(city, own, "primary"), pupils_of(city, own, "junior")
    assert (primary > 55).sum() == 15
    assert primary.max() < 66
    assert junior.max() <= 55


def test_published_teachers_are_met_exactly(district: District) -> None:
    """城中: 1,636 full-time teachers = 1,025 + 611, 68 without a post (S4 4.3, 4.19); 沙湾: 20 % backbone (S0 0.11).

    In every district the subjects of a section add up to its row of all subjects.
    """
    key = ["school_id", "stage"]
    counted = ["full_time", "above_degree", "backbone", "rotation_eligible", "retiring_5y", "retiring_10y"]
    subjects = district.teachers["subject"] != ""
    whole = district.teachers[~subjects].set_index(key)
    sums = district.teachers[subjects].groupby(key)[counted].sum()
    assert (sums == whole.loc[sums.index, counted]).all(axis=None)
    by_stage = whole.groupby("stage")[["full_time", "backbone", "unposted"]].sum()
    if district.path.name == "chengzhong":
        assert by_stage.loc[["primary", "junior"], "full_time"].tolist() == [1_025, 611]
        assert by_stage["unposted"].sum() == 68
        assert district.groups["name"].nunique() == 3
    if district.path.name == "shawan":
        compulsory = by_stage.loc[["primary", "junior"]].sum()
        assert compulsory["backbone"] / compulsory["full_time"] == pytest.approx(0.20, abs=0.0005)


def test_every_demonstration_says_who_pays_and_what_it_spends(district: District) -> None:
    """Funding names projects and at most their whole; sources have funds; no budget falls; training as each README says.

    Published: 27,235.17 万元 of staff cost and 2,021 of surtax in 城中, 900,000 of investment in 台州 (S4 4.20, S2 2.2).
    """
    funding, funds, budgets = district.funding, district.funds, district.budgets.sort_values("year")
    assert set(funding["place_id"]) <= set(district.projects["place_id"])
    assert funding.groupby("place_id")["share"].sum().max() <= 1
    assert set(funding["source"]) <= set(funds["source"])
    for name in ("education_wan", "staff_wan", "funds_wan", "training_wan"):
        assert budgets[name].dropna().is_monotonic_increasing, name
    known = budgets.dropna(subset=["training_wan"])
    enough = known["training_wan"] >= 0.05 * known["funds_wan"]
    assert enough.all() if district.path.name != "linxian" else not enough.any()
    if district.path.name == "chengzhong":
        assert budgets.set_index("year").loc[2018, "staff_wan"] == 27_235.17
        assert funds.set_index(["year", "source"]).loc[(2020, "教育费附加"), "amount_wan"] == 2_021
    if district.path.name == "taizhou":
        assert funds["amount_wan"].sum() == 900_000


def test_the_five_others_state_their_seats_for_the_district(city: District) -> None:
    """Each of the five city-run schools states seats for the district that hold its pupils."""
    foreign = sections_of(city)[lambda rows: (rows["stage"] == "junior") & ~rows["decided_here"]]
    assert len(foreign) == 5
    assert (foreign["affiliation"] == "city").all()
    for row in foreign.itertuples():
        pupils = pupils_of(city, pd.Series([row.school_id]), "junior").sum()
        assert pupils <= row.seats_for_district <= row.seats


def test_children_are_those_of_the_census(district: District) -> None:
    """Residents by age group equal the 2020 census; 15–17 is the part split from 15–19; 台州 is the sum of nine.

    district     0     1–4    5–9    10–14
    """
    expected = {
        "chengzhong": [2371, 12719, 15071, 14353],
        "dinghai": [2958, 15814, 20710, 18429],
        "shawan": [1789, 9925, 14627, 15988],
        "linxian": [3340, 16092, 24412, 24529],
        "taizhou": [46778, 254414, 328473, 343184],
    }
    assert census(district) == expected[district.path.name]


def test_chengzhong_has_works_like_the_published_ones(city: District) -> None:
    """Two nine-year plots, a kindergarten on a former school site for 1,787 万 and a fit-out for 150 万 (S4 4.8, 4.22, 4.23)."""
    both = city.parcels["stages"].str.contains("primary") & city.parcels["stages"].str.contains("junior")
    gardens = city.projects[city.projects["stage"] == "kindergarten"]
    assert both.sum() == 2
    assert sorted(gardens["cost_wan"]) == [150, 1787]
    assert (city.projects["kind"] == "extension").sum() >= 3


def test_oversized_classes_are_where_the_new_quarter_is(city: District) -> None:
    """Crowding is local: the oversized classes sit in at most four schools, those with committed extensions among them."""
    classes = city.classes
    crowded = set(classes.loc[(classes["stage"] == "primary") & (classes["pupils"] > 55), "school_id"])
    committed = city.projects[city.projects["status"].isin(["under_construction", "committed"])]
    assert 1 <= len(crowded) <= 4
    assert crowded & set(committed["place_id"])


def test_sizes_and_layers_are_as_asked(city: District, sea: District) -> None:
    """At least 120 and 150 units, six further islands with ferries, headways and suspended days, small files."""
    ferries = sea.travel[sea.travel["kind"] == "ferry"]
    assert (len(city.units), len(sea.units)) == (140, 165)
    assert len(shapely.get_parts(shapely.union_all(sea.units.geometry.to_numpy()).buffer(1))) == 8
    assert len(ferries) == 7
    assert (ferries[["minutes", "headway_min", "suspended_days"]] > 0).all(axis=None)
    for folder in FOLDERS:
        assert (ROOT / "geodata" / folder / "layers.gpkg").stat().st_size < 1_000_000


def test_dinghai_has_what_its_plan_speaks_of(sea: District) -> None:
    """Small rural juniors to merge, teaching points, one school for migrant children, a primary to extend (S3 3.9–3.12)."""
    rows = sections_of(sea)
    pupils = sea.classes.groupby(["school_id", "stage"])["pupils"].sum()
    small = [
        school for school in rows.loc[rows["kind"] == "junior_school", "school_id"] if pupils[school, "junior"] < 200
    ]
    migrant = rows[rows["serves"] == "migrant"]
    extended = sea.projects[(sea.projects["kind"] == "extension") & (sea.projects["stage"] == "primary")]
    assert len(small) == 5
    assert (rows["kind"] == "teaching_point").sum() == 9
    assert set(migrant["school_id"]) == {migrant["school_id"].iloc[0]}
    assert not set(migrant["school_id"]) & set(sea.catchments["school_id"])
    assert "committed" in set(extended["status"])


def test_registers_hold_together(district: District) -> None:
    """Enrolment of the base year equals the classes; five earlier years are told; rooms hold the classes."""
    key = ["school_id", "stage", "grade"]
    base = district.enrolment[district.enrolment["year"] == 2020].set_index(key)["pupils"].sort_index()
    told = district.classes.groupby(key)["pupils"].sum().sort_index()
    classes = district.classes.groupby("school_id").size()
    rooms = district.schools.set_index("school_id")[["rooms", "max_rooms"]]
    share = (rooms["max_rooms"] > rooms["rooms"]).mean()
    pd.testing.assert_series_equal(base, told, check_names=False, check_dtype=False)
    assert sorted(district.enrolment["year"].unique()) == list(range(2015, 2021))
    assert (classes.reindex(rooms.index) <= rooms["rooms"]).all()
    assert 0.15 < share < 0.5


def test_catchments_are_connected_and_hold_their_school(district: District) -> None:
    """A county is one piece over touching units, bridges and ferries; so is every catchment, with its school in it."""
    graph = nx.Graph()
    shapes = district.units.geometry.to_numpy()
    for first, second in shapely.STRtree(shapes).query(shapes, predicate="intersects").T:
        graph.add_edge(district.units["unit_id"].iloc[first], district.units["unit_id"].iloc[second])
    graph.add_edges_from(zip(district.adjacency["unit_a"], district.adjacency["unit_b"], strict=True))
    counties = dict(zip(district.units["unit_id"], district.units["county"], strict=True))
    pieces = [{counties[unit] for unit in piece} for piece in nx.connected_components(graph)]
    assert [len(piece) for piece in pieces] == [1] * district.units["county"].nunique()
    points = gpd.GeoDataFrame(district.schools[["school_id"]], geometry=district.schools.geometry, crs=district.crs)
    home = points.sjoin(district.units[["unit_id", "geometry"]]).set_index("school_id")["unit_id"]
    zoned = district.catchments.groupby(["unit_id", "stage"])["school_id"].transform("size") == 1
    for (school, _), rows in district.catchments[zoned].groupby(["school_id", "stage"]):
        assert nx.is_connected(graph.subgraph(rows["unit_id"]))
        assert home[school] in set(rows["unit_id"])


def test_everything_says_that_it_is_invented(district: District) -> None:
    """Title and flag mark the district; no real name of the two plans stands in any table."""
    tables = (district.schools, district.units, district.parcels, district.projects, district.housing)
    names = pd.concat([*(table["name"] for table in tables), district.units["township"]])
    assert district.invented
    assert district.title.endswith("〔演示〕")
    assert not [name for name in names.unique() for real in REAL_NAMES if real in name]
    assert not pd.concat([district.schools["name"], district.units["name"]]).duplicated().any()


def test_invented_places_lie_far_from_the_real_district(district: District) -> None:
    """The nearest point is more than 100 km from the real town (its seat of government)."""
    real = {
        "城中区": (101.78, 36.62),
        "定海区": (122.11, 30.02),
        "沙湾市": (85.62, 44.33),
        "临县": (110.99, 37.95),
        "台州市": (121.42, 28.66),
    }[district.name]
    centre = gpd.GeoSeries([shapely.Point(real)], crs="EPSG:4490").to_crs(district.crs).iloc[0]
    assert district.units.distance(centre).min() > 100_000


def test_the_readme_prints_the_fitted_attendance(district: District) -> None:
    """The README's row of each stage is register, residents of the ages, and their ratio, as the tables have them."""
    text = (district.path / "README.md").read_text(encoding="utf-8")
    residents = district.population.groupby("age")["residents"].sum()
    for word, stage, first, last in (
        ("幼儿园", "kindergarten", 3, 5),
        ("小学", "primary", 6, 11),
        ("初中", "junior", 12, 14),
    ):
        pupils = int(district.classes.loc[district.classes["stage"] == stage, "pupils"].sum())
        children = int(residents.loc[first:last].sum())
        row = re.search(rf"^\| {word} \| (\d+) \| (\d+) \| ([\d.]+) \|$", text, re.MULTILINE)
        assert row is not None
        assert row.groups() == (str(pupils), str(children), f"{pupils / children:.4f}")


def test_committed_files_equal_a_fresh_build(tmp_path: Path) -> None:
    """Building again gives the same CSV and TOML files byte for byte, and layers with the same content."""
    build(tmp_path)
    for folder in FOLDERS:
        fresh, kept = tmp_path / folder, ROOT / "geodata" / folder
        names = {path.name for path in fresh.iterdir()}
        assert names | {"README.md"} == {path.name for path in kept.iterdir()}
        for name in names - {"layers.gpkg"}:
            assert (fresh / name).read_bytes() == (kept / name).read_bytes(), name
        for layer, _ in pyogrio.list_layers(kept / "layers.gpkg"):
            old, new = (gpd.read_file(place / "layers.gpkg", layer=layer) for place in (kept, fresh))
            pd.testing.assert_frame_equal(
                pd.DataFrame(old.drop(columns="geometry")), pd.DataFrame(new.drop(columns="geometry"))
            )
            assert old.crs == new.crs
            assert old.geometry.geom_equals_exact(new.geometry, 0.01).all()


@pytest.mark.parametrize("name", SCENARIOS)
def test_scenarios_are_read_and_marked(name: str) -> None:
    """Every demonstration scenario is valid, bears the mark, starts in 2020, with a budget a phase and one before."""
    scenario = read_scenario(ROOT / "scenarios" / f"{name}.toml")
    assert "〔演示〕" in scenario.title
    assert scenario.horizon.base_year == 2020
    assert scenario.horizon.projection_to == 2040
    assert len(scenario.budget.capital_wan or ()) == len(scenario.plan_phases) + 1


def test_the_island_scenario_keeps_exactly_the_island_schools(sea: District) -> None:
    """The what-if names every compulsory school on the seven further islands and no other."""
    scenario = read_scenario(ROOT / "scenarios" / "dinghai-keep-islands.toml")
    islands = sea.units.loc[sea.units["terrain"] == "island", ["geometry"]]
    compulsory = sea.sections.loc[sea.sections["stage"].isin(["primary", "junior"]), "school_id"]
    on_islands = sea.schools.sjoin(islands)
    expected = set(on_islands["school_id"]) & set(compulsory)
    assert {decision.place for decision in scenario.decisions} == expected


def test_descriptions_state_the_units_they_build() -> None:
    """The descriptions add up to the units of design and issue: 140, 165, at least 180, 400 and 1,000."""
    units = {
        made.folder: sum(spec.units for spec in made.specs.values()) for made in (make() for make in DEMONSTRATIONS)
    }
    assert units == {"chengzhong": 140, "dinghai": 165, "shawan": 184, "linxian": 412, "taizhou": 1036}


def test_shawan_lies_on_twelve_thousand_square_kilometers() -> None:
    """12,500 km² as the real one, within a tenth; 30 vocational classes of 969 pupils (S0 0.8)."""
    district = read_district(ROOT / "geodata" / "shawan")
    vocational = district.classes[district.classes["stage"] == "vocational"]
    assert district.units.area.sum() / 1e6 == pytest.approx(12_500, rel=0.1)
    assert (len(vocational), vocational["pupils"].sum()) == (30, 969)
