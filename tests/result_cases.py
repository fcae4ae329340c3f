"""Hand-made results for the tests of the outputs: a square grid of units, two phases, known figures.

The small case has a dozen units in two townships; primary school P2 is closed into P1 in phase 2, a new
primary school opens on parcel L1 in phase 1. Numbers are simple so that a test can derive them by hand.
"""

from __future__ import annotations

import dataclasses
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
from shapely.geometry import Point, box

from simulator.audit.finding import Audit
from simulator.capacity.access import Access
from simulator.capacity.costs import Costs, StageCosts
from simulator.capacity.supply import Catchments, Supply
from simulator.capacity.territory import build_territory
from simulator.indicators.figures import Indicators
from simulator.inputs.district import District, TableSource
from simulator.operation import Operation
from simulator.plan import Plan, Solution
from simulator.projection.demand import Demand, Projection
from simulator.result import Result
from simulator.scenario.settings import Scenario
from simulator.standards import Figure, Standards
from simulator.terms import Basis, Effect, Stage, band_of

CRS = "EPSG:4543"
EAST, NORTH, SIDE = 480_000.0, 4_050_000.0, 1_000.0
BASE, TARGET, LAST = 2025, 2030, 2032
YEARS = tuple(range(BASE, LAST + 1))
BANDS = tuple(band_of(name) for name in ("kindergarten", "primary_1_3", "primary_4_6", "junior", "senior"))
PHASES = ((0, BASE, BASE), (1, 2026, 2027), (2, 2028, TARGET))
CLASS_SIZE = {"kindergarten": 30, "primary": 45, "junior": 50, "senior": 50}


def scenario(**outputs: object) -> Scenario:
    """The scenario of the hand-made results: two phases to 2030."""
    return Scenario.model_validate(
        {
            "title": "示范方案",
            "district": {"folder": "grid"},
            "horizon": {"base_year": BASE, "target_year": TARGET, "projection_to": LAST},
            "phases": [{"first_year": first, "last_year": last} for _, first, last in PHASES[1:]],
            "outputs": {"dpi": 72, "author": "示范区教育局", **outputs},
        }
    )


def units(columns: int, rows: int) -> gpd.GeoDataFrame:
    """Squares of one kilometre, the western half town, the eastern half country."""
    records = []
    for number in range(columns * rows):
        column, row = number % columns, number // columns
        town = column < columns / 2
        x, y = EAST + column * SIDE, NORTH + row * SIDE
        records.append(
            {
                "unit_id": f"U{number + 1:03d}",
                "name": f"{'甲' if town else '乙'}{number + 1}{'社区' if town else '村'}",
                "township": "东川街道" if town else f"西山乡{row // 4 + 1}" if rows > 4 else "西山乡",
                "county": "示范区",
                "area": "东片" if town else "西片",
                "area_kind": "city" if town else "village",
                "households": 300 + number,
                "geometry": box(x, y, x + SIDE, y + SIDE),
            }
        )
    return gpd.GeoDataFrame(records, crs=CRS)


def _centre(district_units: gpd.GeoDataFrame, number: int) -> tuple[float, float]:
    point = district_units.geometry.iloc[number].centroid
    return point.x, point.y


def _supply(district_units: gpd.GeoDataFrame) -> Supply:
    count = len(district_units)
    primary_every, kinder_every = (4, 3) if count < 20 else (6, 4)
    places: list[tuple[str, str, str, int, dict[str, int]]] = []
    for order, number in enumerate(range(0, count, primary_every), start=1):
        name = f"{['明德', '启智', '文华', '新民', '育才', '向阳'][order % 6]}第{order}小学"
        places.append((f"P{order}", name, "complete_primary", number, {"primary": 12}))
    for order, number in enumerate(range(1, count, max(primary_every * 4, 12)), start=1):
        places.append((f"J{order}", f"示范第{order}初级中学", "junior_school", number, {"junior": 9}))
    for order, number in enumerate(range(2, count, kinder_every), start=1):
        places.append((f"K{order}", f"春苗第{order}幼儿园", "kindergarten", number, {"kindergarten": 3}))
    places.append(("S1", "示范高级中学", "senior_school", 0, {"senior": 12}))
    site_rows, section_rows = [], []
    for site_id, name, kind, number, stages in places:
        x, y = _centre(district_units, number)
        unit = district_units.iloc[number]
        site_rows.append(_site(site_id, name, "campus", unit, x + 150, y + 100, sum(stages.values())))
        section_rows += [
            _section(site_id, name, kind, stage, classes, existing=True) for stage, classes in stages.items()
        ]
    x, y = _centre(district_units, count - 1)
    site_rows.append(_site("L1", "西山新建小学用地", "parcel", district_units.iloc[count - 1], x, y, 0))
    section_rows.append(_section("L1", "西山新建小学用地", "complete_primary", "primary", 0, existing=False))
    return Supply(
        sites=pd.DataFrame(site_rows).set_index("site_id"),
        sections=pd.DataFrame(section_rows).set_index("section_id"),
        modules=pd.DataFrame(
            {"site_id": ["L1"], "module": ["12班"], "stage": ["primary"], "classes": [12], "capital_wan": [5400.0]}
        ),
        committed=pd.DataFrame(columns=["project_id", "site_id", "stage", "kind", "classes", "year", "capital_wan"]),
        bands=BANDS,
        assumptions=("未给出床位的学校按走读计。",),
    )


def _site(site_id: str, name: str, kind: str, unit: pd.Series, x: float, y: float, rooms: int) -> dict[str, object]:
    return {
        "site_id": site_id,
        "name": name,
        "kind": kind,
        "township": unit["township"],
        "area_kind": unit["area_kind"],
        "x": x,
        "y": y,
        "existing": kind == "campus",
        "decided_here": site_id != "S1",
        "protected": False,
        "rooms": rooms,
        "max_rooms": rooms + 6,
        "teaching_area_m2": np.nan,
        "sports_area_m2": np.nan,
        "canteen_seats": np.nan,
        "beds": 0.0,
        "land_area_m2": 12_000.0,
        "supply_year": BASE if kind == "campus" else 2024,
        "conflict": "none",
        "delivery": "government",
    }


def _section(site_id: str, name: str, kind: str, stage: str, classes: int, *, existing: bool) -> dict[str, object]:
    first, last = {"kindergarten": (-2, 0), "primary": (1, 6), "junior": (7, 9), "senior": (10, 12)}[stage]
    regime = {"kindergarten": "choice", "senior": "pool"}.get(stage, "catchment")
    return {
        "section_id": f"{site_id}:{stage}",
        "site_id": site_id,
        "name": name,
        "stage": stage,
        "grade_from": first,
        "grade_to": last,
        "kind": kind,
        "regime": regime,
        "nature": "education_bureau",
        "public": True,
        "decided_here": site_id != "S1",
        "protected": False,
        "serves": "all",
        "existing": existing,
        "classes": classes,
        "pupils": classes * 40,
        "rooms": classes,
        "class_size": CLASS_SIZE[stage],
        "class_size_max": CLASS_SIZE[stage] + 10,
        "fill": 0.92,
        "seats_fixed": np.nan,
        "seats_for_district": np.nan,
        "can_close": site_id == "P2",
        "can_extend": existing,
        "candidate": not existing,
    }


def _pairs(district_units: gpd.GeoDataFrame, supply: Supply) -> pd.DataFrame:
    rows = []
    for unit in district_units.itertuples():
        for site_id, site in supply.sites.iterrows():
            km = Point(site["x"], site["y"]).distance(unit.geometry.centroid) / 1000
            minutes = round(km * 1.3 / 3.5 * 60, 4)
            rows.append(
                (unit.unit_id, site_id, km, km * 1.3, minutes, np.nan, False, False, minutes, "walk", minutes, "walk")
            )
    names = "unit_id site_id straight_km km walk_min transit_min ferry crosses_barrier minutes_young mode_young"
    return pd.DataFrame(rows, columns=[*names.split(), "minutes_older", "mode_older"])


def _demand(district_units: gpd.GeoDataFrame, factor: float = 1.0) -> Demand:
    cells = tuple(
        (band.stage, grade) for stage in CLASS_SIZE for band in BANDS if band.stage == stage for grade in band.grades
    )
    size = np.linspace(8, 26, len(district_units))[::-1]
    trend = np.array([1.0 - 0.03 * step * factor for step in range(len(YEARS))])
    children = size[:, None, None] * np.ones(len(cells))[None, :, None] * trend[None, None, :]
    return Demand(tuple(district_units["unit_id"]), cells, YEARS, children)


def _nearest(pairs: pd.DataFrame, sites: list[str]) -> pd.Series:
    """Unit → the nearest of these sites."""
    near = pairs[pairs["site_id"].isin(sites)].sort_values(["unit_id", "km", "site_id"])
    return near.drop_duplicates("unit_id").set_index("unit_id")["site_id"]


def _open_sites(supply: Supply, stage: str, phase: int, network: str) -> list[str]:
    sections = supply.sections[supply.sections["stage"] == stage]
    sites = list(sections.loc[sections["existing"], "site_id"])
    if network == "plan" and stage == "primary" and phase >= 1:
        sites.append("L1")
    if network == "plan" and stage == "primary" and phase >= 2:
        sites.remove("P2")
    return sites


def _catchments(supply: Supply, pairs: pd.DataFrame, network: str) -> pd.DataFrame:
    rows = []
    for phase, _, _ in PHASES:
        for band in BANDS[:-1]:
            nearest = _nearest(pairs, _open_sites(supply, band.stage.value, phase, network))
            rows += [(phase, unit, band.band_id, f"{site}:{band.stage.value}", 1.0) for unit, site in nearest.items()]
    return pd.DataFrame(rows, columns=["phase", "unit_id", "band", "section_id", "share"])


def _plan(supply: Supply, pairs: pd.DataFrame, network: str) -> Plan:
    section_rows = []
    for phase, _, _ in PHASES:
        for section_id, section in supply.sections.iterrows():
            runs = section["site_id"] in _open_sites(supply, section["stage"], phase, network)
            added = 12 if network == "plan" and section["site_id"] == "L1" and phase == 1 else 0
            classes = (12 if section["site_id"] == "L1" else int(section["classes"])) if runs else 0
            section_rows.append(
                (phase, section_id, runs, classes, classes, added, 0, 0, float(classes * section["class_size"]))
            )
    actions = [
        (s["site_id"], i, s["stage"], "keep", 0, BASE, int(s["classes"]), "", 0.0, "")
        for i, s in supply.sections[supply.sections["existing"]].iterrows()
        if not (network == "plan" and s["site_id"] == "P2")
    ]
    capital = []
    if network == "plan":
        actions += [
            ("L1", "L1:primary", "primary", "new_build", 1, 2026, 12, "12班", 5400.0, "=东部缺学位"),
            ("P2", "P2:primary", "primary", "consolidation", 2, 2028, 0, "", 0.0, "在校生不足百人"),
        ]
        capital = [(2025, 0, "L1", "县级", 2700.0), (2026, 1, "L1", "县级", 2700.0)]
    share = 1.0 if network == "no_action" else 0.4
    shortage = [(year, "J1:junior", 30.0 * share, 20.0 * share) for year in YEARS]
    names = ["phase", "section_id", "open", "classes", "rooms", "added_rooms", "converted_in", "converted_out", "seats"]
    action_names = [
        "site_id",
        "section_id",
        "stage",
        "action",
        "phase",
        "year",
        "classes",
        "module",
        "capital_wan",
        "reason",
    ]
    return Plan(
        network=network,
        sections=pd.DataFrame(section_rows, columns=names),
        catchments=_catchments(supply, pairs, network),
        shortage=pd.DataFrame(shortage, columns=["year", "section_id", "over_standard", "short"]),
        actions=pd.DataFrame(actions, columns=action_names),
        capital=pd.DataFrame(capital, columns=["year", "phase", "site_id", "source", "capital_wan"]),
        objective=pd.DataFrame({"item": ["travel", "shortage"], "yuan": [120_000.0, 60_000.0 * share]}),
        solution=Solution(
            status="optimal" if network == "plan" else "no_action",
            objective=144_000.0,
            bound=143_000.0,
            unavoidable=44_000.0,
            gap=0.01,
            seconds=3.21,
            shortage=sum(row[3] for row in shortage),
            solver="HiGHS 1.15.1",
        ),
        phases=pd.DataFrame(PHASES, columns=["phase", "first_year", "last_year"]),
        notes=("撤并与接收学校须先建后撤。",) if network == "plan" else (),
    )


def _operation(plan: Plan, demand: Demand, supply: Supply, pairs: pd.DataFrame) -> Operation:
    frame = demand.frame()
    journeys = pairs.set_index(["unit_id", "site_id"])
    pupil_rows = []
    for year in YEARS:
        rows = plan.catchments[plan.catchments["phase"] == plan.phase_of(year)]
        for band in BANDS[:-1]:
            wanted = frame[
                (frame["year"] == year) & (frame["stage"] == band.stage) & frame["grade"].isin(list(band.grades))
            ]
            children = wanted.groupby("unit_id")["children"].sum()
            for row in rows[rows["band"] == band.band_id].itertuples():
                pair = journeys.loc[(row.unit_id, row.section_id.split(":")[0])]
                pupil_rows.append(
                    (
                        year,
                        row.unit_id,
                        band.band_id,
                        row.section_id,
                        children[row.unit_id] * row.share,
                        float(pair["minutes_young"]),
                        float(pair["km"]),
                    )
                )
    names = ["year", "unit_id", "band", "section_id", "children", "minutes", "km"]
    pupils = pd.DataFrame(pupil_rows, columns=names).assign(way="own")
    class_rows = []
    for (year, section_id), rows in pupils.groupby(["year", "section_id"]):
        section = supply.sections.loc[section_id]
        grades = range(section["grade_from"], section["grade_to"] + 1)
        total = round(rows["children"].sum() / len(grades))
        number = max(1, -(-total // 56))
        sizes = [total // number + (order < total % number) for order in range(number)]
        class_rows += [
            (year, section_id, grade, total, number, " ".join(str(size) for size in sizes), False) for grade in grades
        ]
    class_names = ["year", "section_id", "grade", "pupils", "classes", "sizes", "combined"]
    return Operation(plan.network, pd.DataFrame(class_rows, columns=class_names), pupils)


def _indicators(
    operations: dict[str, Operation], plans: dict[str, Plan], supply: Supply, district_units: gpd.GeoDataFrame
) -> Indicators:
    seats, sizes, coverage, travel, money, schools, transport = [], [], [], [], [], [], []
    township = district_units.set_index("unit_id")["township"]
    for network, operation in operations.items():
        pupils = operation.pupils.assign(
            stage=operation.pupils["section_id"].str.split(":").str[1],
            township=operation.pupils["unit_id"].map(township),
        )
        for year in YEARS:
            now = pupils[pupils["year"] == year]
            sections = plans[network].sections
            offered = sections[sections["phase"] == plans[network].phase_of(year)].set_index("section_id")["seats"]
            for stage in CLASS_SIZE:
                for place in ("", *sorted(set(township))):
                    here = now[(now["stage"] == stage) & ((now["township"] == place) | (place == ""))]
                    ids = supply.sections.index[
                        (supply.sections["stage"] == stage)
                        & ((supply.sections["site_id"].map(supply.sites["township"]) == place) | (place == ""))
                    ]
                    load = here.groupby("section_id")["children"].sum().reindex(ids).fillna(0)
                    room = offered.reindex(ids).fillna(0)
                    children = float(here["children"].sum())
                    seats.append(
                        (
                            network,
                            year,
                            stage,
                            place,
                            children,
                            room.sum(),
                            room.sum() * 1.2,
                            room.sum() / 6,
                            (load - room).clip(lower=0).sum(),
                            (room - load).clip(lower=0).sum(),
                            load.sum() / room.sum() if room.sum() else np.nan,
                        )
                    )
                    minutes = here["minutes"]
                    travel.append(
                        (
                            network,
                            year,
                            stage,
                            place,
                            children,
                            minutes.mean(),
                            minutes.quantile(0.9),
                            minutes.max(),
                            here["km"].mean(),
                            float(here.loc[minutes > 30, "children"].sum()),
                        )
                    )
                    coverage.append((network, year, stage, place, children, children * 0.8, 0.8, 1000.0))
                sizes.append((network, year, stage, 20, 900, 45.0, 1, 9, 5, 3, 2, 0, 0.1, 58))
            rows = operation.classes[operation.classes["year"] == year]
            for section_id, own in rows.groupby("section_id"):
                largest = max(int(size) for text in own["sizes"] for size in text.split())
                total, number = int(own["pupils"].sum()), int(own["classes"].sum())
                room = float(offered.get(section_id, 0.0))
                schools.append(
                    (
                        network,
                        year,
                        section_id,
                        total,
                        number,
                        room,
                        total / room if room else np.nan,
                        largest,
                        total / number,
                    )
                )
            capital = plans[network].capital
            spent = float(capital.loc[capital["year"] == year, "capital_wan"].sum()) if len(capital) else 0.0
            carried = 9.6 if network == "plan" else 0.0
            money.append((network, year, spent, 3000.0, carried, 600.0, 1600.0 - carried, 500.0, 300.0))
            if carried:
                transport.append((network, year, "P1:primary", 8.0, 20.0, 24.0, 9.6))
    return Indicators(
        seats=pd.DataFrame(
            seats,
            columns=[
                "network",
                "year",
                "stage",
                "township",
                "children",
                "seats_standard",
                "seats_upper",
                "seats_admission",
                "shortage",
                "spare",
                "utilization",
            ],
        ),
        class_sizes=pd.DataFrame(
            sizes,
            columns=[
                "network",
                "year",
                "stage",
                "classes",
                "pupils",
                "mean",
                "below_20",
                "to_45",
                "46_50",
                "51_55",
                "56_65",
                "from_66",
                "oversized_share",
                "largest",
            ],
        ),
        coverage=pd.DataFrame(
            coverage, columns=["network", "year", "stage", "township", "children", "within_radius", "share", "radius_m"]
        ),
        travel=pd.DataFrame(
            travel,
            columns=[
                "network",
                "year",
                "stage",
                "township",
                "children",
                "mean_min",
                "p90_min",
                "longest_min",
                "mean_km",
                "over_limit",
            ],
        ),
        moved=pd.DataFrame(
            [
                (1, "primary", "everybody", 60.0, 0.05, 10.0, -2.5),
                (2, "primary", "everybody", 30.0, 0.03, 12.0, 3.0),
            ],
            columns=["phase", "stage", "cause", "children_moved", "share", "longer", "mean_change_min"],
        ),
        money=pd.DataFrame(
            money,
            columns=[
                "network",
                "year",
                "capital_wan",
                "running_wan",
                "transport_wan",
                "running_kindergarten_wan",
                "running_primary_wan",
                "running_junior_wan",
                "running_senior_wan",
            ],
        ),
        transport=pd.DataFrame(
            transport, columns=["network", "year", "section_id", "bus_seats", "boarders", "beds", "cost_wan"]
        ),
        schools=pd.DataFrame(
            schools,
            columns=[
                "network",
                "year",
                "section_id",
                "pupils",
                "classes",
                "seats_standard",
                "utilization",
                "largest_class",
                "mean_class",
            ],
        ),
    )


def _standards() -> Standards:
    def figure(figure_id: str, value: float, unit: str, title: str, certainty: str = "A") -> Figure:
        source = "教督〔2017〕6号"
        return Figure(
            figure_id, value, unit, title, Basis.EVALUATION, Effect.EVALUATION, source, certainty, 2017, "n.toml"
        )

    own = figure("class_size.primary", 45, "人", "小学标准班额")
    figures = [
        own,
        figure("class_size.junior", 50, "人", "初中标准班额"),
        figure("oversized.share", 0.05, "", "大班额班级占比上限", "B"),
        *(
            figure(f"{norm}.{stage}", metres, "米", "服务半径", "D")
            for stage, radii in (("kindergarten", (300, 1500)), ("primary", (500, 2000)), ("junior", (1000, 3000)))
            for norm, metres in zip(("radius_m", "radius_m_rural"), radii, strict=True)
        ),
        dataclasses.replace(figure("travel.young_minutes", 30, "分钟", "低年级单程时间"), year=None),
        figure("lead_months.preparation", 12, "月", "新建项目前期工作月数", "D"),
    ]
    modules = {"primary": (12, 18, 24), "junior": (12, 18)}
    return Standards({one.figure_id: one for one in figures}, ((dataclasses.replace(own, value=40), own),), modules)


def _findings() -> pd.DataFrame:
    names = ["rule", "network", "place_id", "place", "year", "figure", "norm", "unit", "effect", "status", "detail"]
    return pd.DataFrame(
        [
            ("oversized_share", "plan", "J1:junior", "示范第1初级中学", 2028, 0.08, 0.05, "", "evaluation", "new", ""),
            (
                "travel_within_limit",
                "plan",
                "U012",
                "乙12村",
                2028,
                41.2,
                30.0,
                "分钟",
                "advisory",
                "new",
                "→ 新建小学",
            ),
            (
                "pupils_within_seats",
                "plan",
                "J1:junior",
                "示范第1初级中学",
                2025,
                470.0,
                450.0,
                "人",
                "rigid",
                "declared",
                "",
            ),
            (
                "pupils_within_seats",
                "no_action",
                "J1:junior",
                "示范第1初级中学",
                2025,
                470.0,
                450.0,
                "人",
                "rigid",
                "inherited",
                "",
            ),
        ],
        columns=names,
    )


def _empty(names: str) -> pd.DataFrame:
    return pd.DataFrame(columns=names.split())


def _district(district_units: gpd.GeoDataFrame, supply: Supply, folder: Path, *, invented: bool) -> District:
    campuses = supply.sites[supply.sites["kind"] == "campus"]
    schools = gpd.GeoDataFrame(
        {
            "school_id": campuses.index,
            "school_code": "02630000" + campuses["rooms"].astype(str),
            "name": campuses["name"],
        },
        geometry=gpd.points_from_xy(campuses["x"], campuses["y"]),
        crs=CRS,
    )
    register = pd.DataFrame(
        [
            (section["site_id"], section["stage"], grade, "1", 40)
            for _, section in supply.sections[supply.sections["existing"]].iterrows()
            for grade in range(section["grade_from"], section["grade_to"] + 1)
        ],
        columns=["school_id", "stage", "grade", "class_no", "pupils"],
    )
    enrolment = pd.DataFrame(
        [
            (row.school_id, row.stage, row.grade, year, 40)
            for row in register.itertuples()
            for year in range(BASE - 2, BASE + 1)
        ],
        columns=["school_id", "stage", "grade", "year", "pupils"],
    )
    point = gpd.GeoDataFrame({"name": []}, geometry=[], crs=CRS)
    path = folder / "units.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("unit_id\n", encoding="utf-8")
    source = TableSource("units", path, "0" * 64, len(district_units), BASE)
    frames = {
        "population": _empty("unit_id age children"),
        "births": _empty("unit_id year births"),
        "residents": _empty("unit_id sex age age_to residents"),
        "control": _empty("year township age age_to residents"),
        "sections": _empty("school_id stage"),
        "yearly": _empty("stage year entrants graduates pupils net_transfers"),
        "origins": _empty("unit_id school_id grade pupils"),
        "admission_plan": _empty("school_id stage year classes seats"),
        "catchments": _empty("unit_id stage school_id"),
        "parcels": gpd.GeoDataFrame(
            {
                "parcel_id": ["L1"], "name": ["西山新建小学用地"], "plot_code": ["CZ-01-02"], "township": ["西山乡"],
                "stages": ["primary"], "area_m2": [24_000.0], "supply_year": [2024], "conflict": ["none"],
                "delivery": ["government"], "housing_id": [""],
            },
            geometry=[Point(supply.sites.loc["L1", "x"], supply.sites.loc["L1", "y"])],
            crs=CRS,
        ),
        "housing": _empty("housing_id unit_id"),
        "travel": point, "barriers": point, "crossings": point,
        "teachers": _empty("school_id stage"), "adjacency": _empty("unit_a unit_b kind"),
        "projects": _empty("project_id place_id name stage kind rooms seats year cost_wan status source"),
        "demand": _empty("unit_id stage grade year children"), "groups": _empty("school_id group"),
        "funds": _empty("year source amount_wan"), "opinions": _empty("school_id"),
    }  # fmt: skip
    return District(
        name="grid", title="示范区", invented=invented, crs=CRS, path=folder, units=district_units,
        schools=schools, classes=register, enrolment=enrolment, sources=(source,),
        assumptions=("没有在建或已立项的工程。",), **frames,
    )  # fmt: skip


def _projection(district_units: gpd.GeoDataFrame, supply: Supply) -> Projection:
    variants = {"low": 1.4, "medium": 1.0, "high": 0.4}
    demand = {name: _demand(district_units, factor) for name, factor in variants.items()}
    shape = (len(district_units), 18, len(YEARS))
    rows = [("medium", year, "primary", "entrants", 10.0) for year in YEARS[1:]]
    first = [(i, s["stage"], 1, "register", 40.0) for i, s in supply.sections.iterrows()]
    differences = [
        (i, s["stage"], 400.0, 0.9, 360.0, float(s["pupils"]), float(s["pupils"]) - 360.0)
        for i, s in supply.sections[supply.sections["existing"]].iterrows()
    ]
    names = ["section_id", "stage", "catchment_children", "share", "expected", "register", "difference"]
    return Projection(
        population={name: np.full(shape, 20.0) for name in variants},
        demand=demand,
        planned="medium",
        attendance=pd.DataFrame(
            [("primary", 1000.0, 950.0, 0.95, "在校生 ÷ 常住儿童")],
            columns=["stage", "residents", "register", "share", "basis"],
        ),
        differences=pd.DataFrame(differences, columns=names),
        flows=pd.DataFrame(rows, columns=["variant", "year", "stage", "flow", "pupils"]),
        first_step=pd.DataFrame(first, columns=["section_id", "stage", "grade", "flow", "pupils"]),
        records={},
        assumptions=("出生人口按末年趋势外推。",),
    )


def make_result(folder: Path, columns: int = 4, rows: int = 3, *, invented: bool = True, **outputs: object) -> Result:
    """A finished run on a grid of units; `folder` receives the input file and the scenario file it names."""
    district_units = units(columns, rows)
    supply = _supply(district_units)
    pairs = _pairs(district_units, supply)
    plans = {network: _plan(supply, pairs, network) for network in ("plan", "no_action")}
    projection = _projection(district_units, supply)
    operations = {network: _operation(plan, projection.plan_demand, supply, pairs) for network, plan in plans.items()}
    today = plans["plan"].catchments
    today = today[(today["phase"] == 0) & (today["band"] != "kindergarten")].drop(columns="phase")
    catchments_today = Catchments(today.assign(derived=True).reset_index(drop=True), ("按就近推定。",))
    limits = pd.DataFrame(
        [("primary", 1, 3, "village", 30.0, "hard"), ("primary", 1, 6, "city", 30.0, "advisory")],
        columns=["stage", "grade_from", "grade_to", "area_kind", "minutes", "effect"],
    )
    district = _district(district_units, supply, folder / "grid", invented=invented)
    scenario_path = folder / "case.toml"
    scenario_path.write_text('title = "示范方案"\n', encoding="utf-8")
    costs = {stage: StageCosts(2e5, 940.0, 1e5, 8.0, 60.0) for stage in (Stage.PRIMARY, Stage.JUNIOR)}
    return Result(
        scenario=scenario(**outputs),
        scenario_path=scenario_path,
        standards=_standards(),
        district=district,
        supply=supply,
        access=Access(pairs, limits, "straight_line", ("距离按直线 × 绕行系数推算。",)),
        costs=Costs(costs, 15.0, 0.0466),
        catchments=catchments_today,
        territory=build_territory(district, supply, catchments_today),
        projection=projection,
        plan=plans["plan"],
        no_action=plans["no_action"],
        operation=operations["plan"],
        no_action_operation=operations["no_action"],
        indicators=_indicators(operations, plans, supply, district_units),
        audit=Audit(_findings(), ("every_child_has_a_place", "pupils_within_seats")),
        seconds={"read": 0.2, "solve": 3.2},
    )
