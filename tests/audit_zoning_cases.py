"""Plans that are spoiled in one way each, for the checks of zoning, intakes and limits that a planner asks for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pandas as pd

from simulator.audit import Evidence
from simulator.capacity.supply import Catchments, Supply
from simulator.operation import operate
from simulator.plan import Plan
from tests import plan_cases as cases
from tests.plan_cases import rezoned, shortage, table


def with_regime(regime: str, *sections: str) -> Supply:
    """The supply with another regime of some sections."""
    of = cases.supply()
    frame = of.sections.copy()
    frame.loc[list(sections), "regime"] = regime
    return replace(of, sections=frame)


def grouped() -> Evidence:
    """U1 and U2 belong together; the plan sends U2 to the new school alone."""
    return replace(cases.evidence(), units=cases.UNITS.assign(group=["G1", "G1", "", ""]))


def beyond_the_nearest() -> Evidence:
    """U1 lives 0.4 km from P1 and goes to L1, 1.5 km away."""
    return cases.evidence(
        network=rezoned(cases.plan(), (2, 3), "U1", "primary_1_3 primary_4_6", "L1:primary"),
        settings=cases.scenario(zoning={"nearest_share": 0.9}),
    )


def split_feeder() -> Evidence:
    """P1 feeds J1, but U2 goes to N1's junior part, which states the 30 pupils beyond its seats."""
    rows = "2026 N1:junior 15 15\n2027 N1:junior 15 15"
    network = rezoned(cases.plan(), (1,), "U2", "junior", "N1:junior")
    return cases.evidence(
        network=shortage(network, f"year section_id over_standard short\n{rows}"),
        of=with_regime("feeder", "J1:junior", "N1:junior"),
    )


def shared_juniors(network: Plan | None = None) -> Evidence:
    """Every unit is zoned to both junior schools together, half to each, today and in the plan."""
    of = with_regime("shared_catchment", "J1:junior", "N1:junior")
    base = cases.evidence(of=of)
    today = both_juniors(base.catchments.table)
    plan = replace(network or cases.plan(), catchments=both_juniors((network or cases.plan()).catchments))
    present = replace(base.no_action, catchments=both_juniors(base.no_action.catchments))
    return replace(
        base,
        catchments=Catchments(today, ()),
        plan=plan,
        no_action=present,
        operation=operate(plan, base.demand, of, base.access, cases.register()),
        no_action_operation=operate(present, base.demand, of, base.access, cases.register()),
    )


def both_juniors(rows: pd.DataFrame) -> pd.DataFrame:
    """Each unit's junior row as two rows of half of it, but for rows that are marked to stay."""
    juniors = rows[(rows["band"] == "junior") & (rows["share"] == 1.0)]
    halves = [juniors.assign(section_id=section, share=0.5) for section in ("J1:junior", "N1:junior")]
    return pd.concat([rows.drop(juniors.index), *halves], ignore_index=True)


def one_school_of_two() -> Evidence:
    """U1 is zoned to J1 alone in phase 1."""
    evidence = shared_juniors()
    rows = evidence.plan.catchments
    own = (rows["unit_id"] == "U1") & (rows["band"] == "junior") & (rows["phase"] == 1)
    gone = own & (rows["section_id"] == "N1:junior")
    rows = rows.assign(share=rows["share"].mask(own, 1.0))[~gone]
    plan = replace(evidence.plan, catchments=rows)
    run = operate(plan, evidence.demand, evidence.supply, evidence.access, cases.register())
    return replace(evidence, plan=plan, operation=run)


def admitting(text: str) -> Evidence:
    return replace(cases.evidence(), admission_plan=table(text))


# Rule → (place, year, figure, norm) of the first finding.
SPOILED: list[tuple[str, str, Callable[[], Evidence], tuple[str, int, float, float]]] = [
    ("units_together", "a group goes to two schools", grouped, ("U1", 2028, 2, 1)),
    # 48 of the 88 entrants a year in town.
    ("nearest_share", "a unit beyond its nearest school", beyond_the_nearest, ("primary", 2028, 54.5, 90)),
    ("feeder_whole", "a catchment goes to two junior schools", split_feeder, ("P1:primary", 2026, 2, 1)),
    ("shared_zone", "a unit at one school of its zone", one_school_of_two, ("U1", 2026, 1, 2)),
    # U2's 48 entrants; 40 planned and a tenth more.
    (
        "intake_fits_plan",
        "more entrants than planned",
        lambda: admitting("school_id stage year classes seats\nL1 primary 2028 1 40"),
        ("L1:primary", 2028, 48, 44),
    ),
    # P1, P2 and N1.
    (
        "school_count",
        "more schools than asked for",
        lambda: cases.evidence(settings=cases.scenario(candidates={"schools": {"primary": [2, 2]}})),
        ("primary", 2026, 3, 2),
    ),
    # U2's 288 and the 30 of U3's lower grades, of 648 in primary and 300 in junior schools.
    (
        "children_moved_limit",
        "more children change school than asked for",
        lambda: cases.evidence(settings=cases.scenario(zoning={"moved_share": 0.1})),
        ("", 2028, 33.54, 10),
    ),
    (
        "planner_decides",
        "a unit is not zoned where it was assigned",
        lambda: cases.evidence(
            settings=cases.scenario(decisions=[{"place": "U1", "school": "L1", "decision": "assign", "year": 2028}])
        ),
        ("U1", 2028, 0, 1),
    ),
    (
        "planner_decides",
        "a unit is zoned where it must not be",
        lambda: cases.evidence(
            settings=cases.scenario(decisions=[{"place": "U2", "school": "L1", "decision": "forbid"}])
        ),
        ("U2", 2028, 1, 0),
    ),
]
