"""A small district with a correct plan, made by hand as text tables, for the tests of what follows the optimizer.

Two town units (U1, U2) and two villages (U3, U4). Today U1 and U2 fill P1; the teaching point P2 takes
grades 1–3 of U3; the nine-year school N1 takes the rest of the country; the city's own junior school J1 takes the
town. In phase 2 (2028) a new primary school opens on plot L1 for U2, and P2 closes into N1. Every year has the
same children and `fill` is 1, so that every figure can be worked out in the head.
"""

from __future__ import annotations

import io
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd

from simulator.audit import Evidence
from simulator.capacity.access import Access
from simulator.capacity.costs import Costs, StageCosts
from simulator.capacity.supply import Catchments, Supply
from simulator.capacity.territory import Territory
from simulator.operation import Operation, operate
from simulator.plan import Plan, Solution, phase_table, present_network
from simulator.projection.demand import Demand
from simulator.scenario import Scenario
from simulator.standards import Standards, read_standards
from simulator.terms import STAGE_GRADES, Stage, band_of

NAN = float("nan")
YEARS = tuple(range(2025, 2032))
BANDS = tuple(band_of(name) for name in ("kindergarten", "primary_1_3", "primary_4_6", "junior", "senior"))


def table(text: str) -> pd.DataFrame:
    """A frame from an aligned text table; `_` is an empty text, `-` no number."""
    frame = pd.read_csv(io.StringIO(text), sep=r"\s+", keep_default_na=False, na_values=["-"])
    texts = frame.select_dtypes(include=["object", "string"]).columns
    return frame.assign(**{column: frame[column].replace("_", "") for column in texts})


UNITS = table("""
unit_id  name  township  area_kind
U1       甲街  东街道    city
U2       乙街  东街道    city
U3       丙村  西乡      village
U4       丁村  西乡      village
""")

# Children of each unit in every grade of a stage, in every year.
CHILDREN = table("""
unit_id  kindergarten  primary  junior  senior
U1       20            40       40      20
U2       20            48       40      20
U3       8             10       10      5
U4       8             10       10      5
""")

SITES = table("""
site_id  township  area_kind  kind    existing  decided_here  rooms  max_rooms  teaching_area_m2  sports_area_m2  supply_year
P1       东街道    city       campus  True      True          12     14         -                 -               2025
P2       西乡      village    campus  True      True          3      3          -                 -               2025
N1       西乡      village    campus  True      True          10     12         1500              3000            2025
J1       东街道    city       campus  True      False         6      6          -                 -               2025
K1       东街道    city       campus  True      True          6      6          -                 -               2025
K2       西乡      village    campus  True      True          3      3          -                 -               2025
S1       东街道    city       campus  True      False         6      6          -                 -               2025
L1       东街道    city       parcel  False     True          0      0          -                 -               2026
""")

SECTIONS = table("""
section_id       kind              regime     grade_from  grade_to  classes  pupils  class_size  class_size_max  can_close
P1:primary       complete_primary  catchment  1           6         12       528     45          55              False
P2:primary       teaching_point    catchment  1           3         3        30      30          45              True
N1:primary       nine_year         catchment  1           6         6        90      45          55              False
N1:junior        nine_year         catchment  7           9         3        60      50          55              False
J1:junior        junior_school     catchment  7           9         6        240     50          55              False
K1:kindergarten  kindergarten      choice     -2          0         6        120     30          35              False
K2:kindergarten  kindergarten      choice     -2          0         3        48      30          35              False
S1:senior        senior_school     pool       10          12        6        150     50          55              False
L1:primary       complete_primary  catchment  1           6         0        0       45          55              False
""")

# km from a unit to a site; a journey takes ten minutes a km.
KM = table("""
unit_id  P1   P2   N1   L1   K1   K2   J1   S1
U1       0.4  6.0  5.0  1.5  0.2  5.0  0.8  1.0
U2       0.9  6.0  5.0  0.4  0.3  5.0  0.9  1.0
U3       6.0  0.5  2.5  2.8  6.0  1.0  6.0  6.0
U4       5.0  4.0  0.6  5.0  5.0  0.8  5.0  5.0
""")

LIMITS = table("""
stage    grade_from  grade_to  area_kind  minutes  effect
primary  1           3         village    30       hard
primary  1           6         city       30       advisory
primary  1           6         village    30       advisory
junior   7           9         city       45       advisory
junior   7           9         village    45       advisory
""")

TODAY = table("""
unit_id  kindergarten     primary_1_3  primary_4_6  junior
U1       K1:kindergarten  P1:primary   P1:primary   J1:junior
U2       K1:kindergarten  P1:primary   P1:primary   J1:junior
U3       K2:kindergarten  P2:primary   N1:primary   N1:junior
U4       K2:kindergarten  N1:primary   N1:primary   N1:junior
""")

# From 2028: U2's primary to the new school, U3's lower grades from P2 to N1.
LATER = table("""
unit_id  kindergarten     primary_1_3  primary_4_6  junior
U1       K1:kindergarten  P1:primary   P1:primary   J1:junior
U2       K1:kindergarten  L1:primary   L1:primary   J1:junior
U3       K2:kindergarten  N1:primary   N1:primary   N1:junior
U4       K2:kindergarten  N1:primary   N1:primary   N1:junior
""")

# Classes by phase; 0 = does not run. P1 needs half of its classes once U2 has left.
CLASSES = table("""
section_id       0   1   2   3
P1:primary       12  12  6   6
P2:primary       3   3   0   0
N1:primary       6   6   6   6
N1:junior        3   3   3   3
J1:junior        6   6   6   6
K1:kindergarten  6   6   6   6
K2:kindergarten  3   3   3   3
S1:senior        6   6   6   6
L1:primary       0   0   12  12
""")

ACTIONS = table("""
site_id  section_id  stage    action         phase  year  classes  module  capital_wan  reason
L1       L1:primary  primary  new_build      2      2028  12       12      2970         _
P2       P2:primary  primary  consolidation  2      2028  3        _       0            _
""")

CAPITAL = table("""
year  phase  site_id  source  capital_wan
2026  1      L1       _       1485
2027  1      L1       _       1485
""")


def scenario(**changes: object) -> Scenario:
    """Phases 2026–27, 2028–29 and 2030; projection to 2031; two closures a year."""
    return Scenario.model_validate(
        {
            "title": "算例",
            "district": {"folder": Path("hand")},
            "horizon": {"base_year": 2025, "target_year": 2030, "projection_to": 2031},
            "phases": [
                {"first_year": 2026, "last_year": 2027},
                {"first_year": 2028, "last_year": 2029},
                {"first_year": 2030, "last_year": 2030},
            ],
            "timing": {"closures_per_year": 1},
            "budget": {"capital_wan": [0, 3000, 0, 0]},
        }
        | changes
    )


@cache
def standards(**figures: float) -> Standards:
    """The national norms, with a test's own figures (`a__b` stands for `a.b`)."""
    return read_standards(("national.toml",), {name.replace("__", "."): value for name, value in figures.items()})


@cache
def supply() -> Supply:
    """The sections and sites of the tables above, all public and open to all."""
    sections = SECTIONS.assign(
        site_id=SECTIONS["section_id"].str.split(":").str[0],
        stage=SECTIONS["section_id"].str.split(":").str[1],
        name=SECTIONS["section_id"],
        nature="education_bureau",
        public=True,
        protected=False,
        serves="all",
        rooms=SECTIONS["classes"],
        fill=1.0,
        seats_fixed=NAN,
        seats_for_district=NAN,
        can_extend=False,
    )
    own = sections["site_id"].map(SITES.set_index("site_id")["decided_here"])
    sections = sections.assign(
        decided_here=own, existing=sections["classes"] > 0, candidate=sections["classes"] == 0
    ).set_index("section_id")
    sites = SITES.assign(
        name=SITES["site_id"],
        x=0.0,
        y=0.0,
        protected=False,
        canteen_seats=NAN,
        beds=0.0,
        land_area_m2=NAN,
        conflict="none",
        delivery="government",
    ).set_index("site_id")
    modules = table("""
        site_id  module  stage    classes  capital_wan
        L1       12      primary  12       2970
    """)
    columns = ["project_id", "site_id", "stage", "kind", "classes", "year", "capital_wan"]
    return Supply(sites, sections, modules, pd.DataFrame(columns=columns), BANDS, ())


def demand(children: pd.DataFrame = CHILDREN) -> Demand:
    """The children of the table, in every grade and year."""
    cells = tuple(
        (stage, grade)
        for stage in (Stage.KINDERGARTEN, Stage.PRIMARY, Stage.JUNIOR, Stage.SENIOR)
        for grade in range(STAGE_GRADES[stage][0], STAGE_GRADES[stage][1] + 1)
    )
    counts = children.set_index("unit_id")[[stage.value for stage, _ in cells]].to_numpy(float)
    return Demand(tuple(children["unit_id"]), cells, YEARS, np.repeat(counts[:, :, np.newaxis], len(YEARS), axis=2))


@cache
def access() -> Access:
    """The journeys of the tables."""
    pairs = KM.melt(id_vars="unit_id", var_name="site_id", value_name="km")
    pairs = pairs.assign(
        straight_km=pairs["km"],
        walk_min=pairs["km"] * 10,
        transit_min=NAN,
        ferry=False,
        crosses_barrier=False,
        minutes_young=pairs["km"] * 10,
        mode_young="walk",
        minutes_older=pairs["km"] * 10,
        mode_older="walk",
    )
    return Access(pairs, LIMITS, "straight_line", ())


def catchments(zones: pd.DataFrame, phase: int) -> pd.DataFrame:
    """Rows of `Plan.catchments` of whole units."""
    rows = zones.melt(id_vars="unit_id", var_name="band", value_name="section_id")
    return rows.assign(phase=phase, share=1.0)[["phase", "unit_id", "band", "section_id", "share"]]


@cache
def today() -> Catchments:
    """Today's catchments; kindergartens are chosen, not zoned."""
    rows = catchments(TODAY, 0)
    rows = rows[rows["band"] != "kindergarten"].assign(derived=False)
    return Catchments(rows[["unit_id", "band", "section_id", "share", "derived"]].reset_index(drop=True), ())


@cache
def territory() -> Territory:
    """The units lie in a row; each school stands in the unit that is nearest to it."""
    nearest = KM.set_index("unit_id").idxmin().rename_axis("site_id").rename("unit_id")
    return Territory(
        edges=table("unit_a unit_b kind\nU1 U2 touch\nU2 U3 touch\nU3 U4 touch"),
        homes=nearest.reindex(SITES["site_id"]),
        parts=pd.Series(0, index=pd.Index(UNITS["unit_id"]), name="part"),
        detached=pd.DataFrame(columns=["band", "section_id", "unit_id"], dtype=str),
        away=pd.DataFrame(columns=["band", "section_id"], dtype=str),
        assumptions=(),
    )


def plan_sections() -> pd.DataFrame:
    """`Plan.sections` of the table of classes."""
    size = SECTIONS.set_index("section_id")["class_size"]
    rows = CLASSES.melt(id_vars="section_id", var_name="phase", value_name="classes").astype({"phase": int})
    return rows.assign(
        open=rows["classes"] > 0,
        rooms=rows["classes"],
        added_rooms=0,
        converted_in=0,
        converted_out=0,
        seats=rows["classes"] * rows["section_id"].map(size).astype(float),
    )


@cache
def plan() -> Plan:
    """The correct plan."""
    zones = [(TODAY, 0), (TODAY, 1), (LATER, 2), (LATER, 3)]
    return Plan(
        network="plan",
        sections=plan_sections(),
        catchments=pd.concat([catchments(rows, phase) for rows, phase in zones], ignore_index=True),
        shortage=pd.DataFrame(columns=["year", "section_id", "over_standard", "short"]),
        actions=ACTIONS,
        capital=CAPITAL,
        objective=pd.DataFrame({"item": ["pupils"], "yuan": [0.0]}),
        solution=Solution("optimal", 0, 0, 0, 0, 0, 0, "hand"),
        phases=phase_table(scenario()),
    )


@cache
def register() -> pd.DataFrame:
    """Classes of the base year: every section's children split evenly, as the tables have them."""
    rows = []
    for section in SECTIONS[SECTIONS["classes"] > 0].to_dict("records"):
        site, stage = section["section_id"].split(":")
        grades = range(int(section["grade_from"]), int(section["grade_to"]) + 1)
        # N1's lower grades have 10 pupils of U4 only, the upper grades 10 more of U3.
        counts = {grade: section["pupils"] // len(grades) for grade in grades}
        if section["section_id"] == "N1:primary":
            counts = {1: 10, 2: 10, 3: 10, 4: 20, 5: 20, 6: 20}
        a_grade = section["classes"] // len(grades)
        rows += [
            (site, stage, grade, number + 1, counts[grade] // a_grade) for grade in grades for number in range(a_grade)
        ]
    return pd.DataFrame(rows, columns=["school_id", "stage", "grade", "class_no", "pupils"])


def costs() -> Costs:
    """Round figures: 10 万元 a class, 50 万元 a section, 1000 yuan a pupil."""
    one = StageCosts(100_000, 1_000, 500_000, 1.0, 10.0)
    return Costs(dict.fromkeys((Stage.KINDERGARTEN, Stage.PRIMARY, Stage.JUNIOR, Stage.SENIOR), one), 5.0, 0.05)


def no_action(of: Supply, settings: Scenario) -> Plan:
    """The present network in every phase."""
    columns = ["unit_id", "band", "section_id", "share"]
    chosen = catchments(TODAY, 0)
    return present_network(of.sections, today().table, chosen[chosen["band"] == "kindergarten"][columns], settings)


@cache
def present() -> tuple[Plan, Operation]:
    """The present network of the district as it stands, operated once for all tests."""
    network = no_action(supply(), scenario())
    return network, operate(network, demand(), supply(), access(), register())


def evidence(
    *,
    network: Plan | None = None,
    of: Supply | None = None,
    settings: Scenario | None = None,
    norms: Standards | None = None,
) -> Evidence:
    """Both networks operated, ready for the audit; a test names what differs from the correct plan."""
    network, of, settings = network or plan(), of or supply(), settings or scenario()
    asked, journeys = demand(), access()
    if of is supply():
        standing, standing_years = present()
    else:
        standing = no_action(of, settings)
        standing_years = operate(standing, asked, of, journeys, register())
    return Evidence(
        scenario=settings,
        standards=norms or standards(),
        supply=of,
        access=journeys,
        demand=asked,
        catchments=today(),
        territory=territory(),
        plan=network,
        no_action=standing,
        operation=operate(network, asked, of, journeys, register()),
        no_action_operation=standing_years,
        units=UNITS,
        admission_plan=pd.DataFrame(columns=["school_id", "stage", "year", "seats"]),
    )


def with_ways(given: Evidence, ways: str, beds: dict[str, float]) -> Evidence:
    """The evidence with `Access.ways` from a text table and the beds of some sites, its plan operated anew."""
    sites = given.supply.sites
    of = replace(given.supply, sites=sites.assign(beds=[beds.get(str(site), 0.0) for site in sites.index]))
    journeys = replace(given.access, ways=table(ways))
    operation = operate(given.plan, given.demand, of, journeys, register())
    return replace(given, supply=of, access=journeys, operation=operation)


def rezoned(network: Plan, phases: tuple[int, ...], unit: str, bands: str, section: str) -> Plan:
    """The plan with another section for the bands of a unit."""
    rows = network.catchments
    hit = rows["phase"].isin(phases) & (rows["unit_id"] == unit) & rows["band"].isin(bands.split())
    return replace(network, catchments=rows.assign(section_id=rows["section_id"].mask(hit, section)))


def reclassed(network: Plan, phases: tuple[int, ...], section: str, classes: int) -> Plan:
    """The plan with another number of classes of a section; 0 closes it."""
    rows = network.sections
    hit = rows["phase"].isin(phases) & (rows["section_id"] == section)
    size = float(SECTIONS.set_index("section_id")["class_size"][section])
    return replace(
        network,
        sections=rows.assign(
            classes=rows["classes"].mask(hit, classes),
            open=rows["open"].mask(hit, classes > 0),
            seats=rows["seats"].mask(hit, classes * size),
        ),
    )


def shortage(network: Plan, text: str) -> Plan:
    """The plan with a shortage table."""
    return replace(network, shortage=table(text))
