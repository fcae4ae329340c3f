"""Facilities, teachers and declarations of the district of `plan_cases`, and the board of its two networks."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from simulator.audit import Evidence
from simulator.indicators.board import Board, BoardFacts, Side, build_board
from tests import plan_cases as cases
from tests.plan_cases import table

FACILITIES = table("""
    site_id  opening_year  teaching_area_m2  sports_area_m2  building_area_m2  site_area_m2  equipment_yuan  networked_rooms  music_rooms  music_room_m2  art_rooms  art_room_m2
    P1       1990          2640              5280            4000              12000         1320000         15               1            80             1          70
    P2       1980          200               400             900               2000          60000           3                -            -              -          -
    N1       2018          1500              3000            2800              9000          600000          9                1            96             1          90
    J1       2000          1500              3000            2500              8000          720000          8                1            96             0          -
    K1       2010          1200              700             2000              3000          -               -                -            -              -          -
    K2       2012          500               300             1000              1200          -               -                -            -              -          -
""")

TEACHERS = table("""
    section_id       full_time  above_degree  backbone  pe_arts
    P1:primary       32         26            6         5
    P2:primary       3          2             0         0
    N1:primary       10         6             1         1
    N1:junior        8          4             1         1
    J1:junior        20         14            3         3
    K1:kindergarten  10         8             1         1
    K2:kindergarten  3          2             0         0
""")


def facts(
    facilities: pd.DataFrame = FACILITIES, teachers: pd.DataFrame = TEACHERS, declared: str = "", migrants: str = ""
) -> BoardFacts:
    """What the board knows of the district; declarations are rows `item year school_id reached value`, `_` = empty."""
    empty = BoardFacts()
    said = empty.declared
    if declared:
        said = table(f"item year school_id reached value\n{declared}").replace("_", "").assign(evidence="")
        said = said.astype({"year": float, "value": float})
    years = list(cases.YEARS)
    return BoardFacts(
        facilities=facilities.assign(county=""),
        teachers=teachers,
        declared=said,
        young=pd.DataFrame({"county": "", "year": years, "children": 200.0}),
        migrants=table(f"section_id pupils\n{migrants}") if migrants else empty.migrants,
        counties=pd.DataFrame({"unit_id": cases.UNITS["unit_id"], "county": ""}),
    )


def side(evidence: Evidence, *, present: bool = False) -> Side:
    """One network of the evidence as the board looks at it."""
    network = (evidence.no_action, evidence.no_action_operation) if present else (evidence.plan, evidence.operation)
    return Side(
        *network,
        evidence.supply,
        evidence.access,
        evidence.facts,
        evidence.standards,
        evidence.scenario,
        evidence.units,
    )


def evidence(known: BoardFacts | None = None, **changes: object) -> Evidence:
    """The evidence of `plan_cases` with what the board knows."""
    return replace(cases.evidence(**changes), facts=known or facts())  # type: ignore[arg-type]  as there


def board(known: BoardFacts | None = None) -> Board:
    """The board of both networks."""
    given = evidence(known)
    return build_board([side(given), side(given, present=True)])
