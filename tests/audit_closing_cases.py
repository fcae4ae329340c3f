"""Plans that break a rule of closures in one way; P2, a teaching point of 30 children from U3, closes in 2028 into N1."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pandas as pd

from simulator.audit import Evidence
from simulator.inputs.contracts_all import CONTRACTS
from simulator.inputs.contracts_check import convert
from tests import plan_cases as cases
from tests.plan_cases import table


def opinions(text: str) -> pd.DataFrame:
    """Table `opinions` as it is read, from an aligned text table; columns that are not written are empty."""
    return district_table("opinions", text)


def district_table(name: str, text: str) -> pd.DataFrame:
    """A table of a district as it is read, from an aligned text table."""
    contract = CONTRACTS[name]
    rows = table(text)
    cells = rows.astype(object).where(rows.notna(), "").astype(str)
    return convert(contract, cells.reindex(columns=list(contract.names), fill_value=""))


def said(text: str) -> Evidence:
    """The correct plan with opinions."""
    return replace(cases.evidence(), opinions=opinions(text))


def shorter_limit() -> Evidence:
    """Twenty minutes are advised for the country, and U3 has 25 to N1; the law's half hour is kept."""
    given = cases.evidence()
    limits = given.access.limits
    hit = (limits["stage"] == "primary") & (limits["effect"] == "advisory") & (limits["area_kind"] == "village")
    access = replace(given.access, limits=limits.assign(minutes=limits["minutes"].mask(hit, 20)))
    return replace(given, access=access)


SPOILED: list[tuple[str, str, Callable[[], Evidence], tuple[str, int, float, float]]] = [
    (
        "closure_vetoed",
        "a hearing was against",
        lambda: said("school_id kind date asked in_favor against\nP2 hearing 2026-05-01 20 9 11"),
        ("P2:primary", 2028, 0, 1),
    ),
    ("closure_travel", "a longer way than is advised", shorter_limit, ("U3", 2028, 25, 20)),
    (
        "closures_a_year",
        "more than the quota of the years since the last start",
        lambda: cases.evidence(
            settings=cases.scenario(
                consolidation={"closures_by_year": {2027: 0, 2028: 0}}, timing={"closures_per_year": 5}
            )
        ),
        ("", 2028, 1, 0),
    ),
    (
        "closures_a_year",
        "more than planned in all",
        lambda: cases.evidence(settings=cases.scenario(consolidation={"closures_total": 0})),
        ("", 2030, 1, 0),
    ),
    (
        "closures_a_year",
        "fewer than asked for",
        lambda: cases.evidence(settings=cases.scenario(consolidation={"closures_least": 2})),
        ("", 2030, 1, 2),
    ),
]
