"""Levers beside building and zoning: private schools that leave, what a lever may name, who pays for a project."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from simulator.capacity.places import entered
from simulator.capacity.supply import Supply
from simulator.errors import Problem
from simulator.inputs.district import District
from simulator.language import translate as _
from simulator.scenario import Scenario
from simulator.standards import Standards
from simulator.terms import Action, Delivery, Serves, Stage, label

PRIVATE_EXIT = "private_exit"
"""Marks the closings that follow the exit curve among the committed works."""


def private_exits(sections: pd.DataFrame, scenario: Scenario) -> list[dict[str, object]]:
    r"""Closings of private schools that follow the exit curve, as rows of `Supply.committed`.

    By the year y seats up to :math:`r\,(y - y_0)\,S` leave, with yearly share r and private seats S of the base year
    :math:`y_0`: whole schools, smallest first.

    Parameters
    ----------
    sections
        `Supply.sections` of the campuses.
    scenario
        Exit curve and years.
    """
    horizon = scenario.horizon
    works: list[dict[str, object]] = []
    for stage, share in scenario.levers.private_exit.items():
        own = sections[(sections["stage"] == stage) & ~sections["public"].astype(bool) & sections["existing"]]
        own = own.assign(size=own["seats_fixed"].fillna(own["classes"] * own["class_size"]).astype(float))
        own = own.sort_values(["size", "site_id"])
        leaving = own["size"].cumsum()
        for year in range(horizon.base_year + 1, horizon.target_year + 1):
            gone = share * (year - horizon.base_year) * float(own["size"].sum()) + 1e-9
            before = share * (year - 1 - horizon.base_year) * float(own["size"].sum()) + 1e-9
            works += [
                {
                    "project_id": f"{PRIVATE_EXIT}_{site}",
                    "site_id": site,
                    "stage": stage.value,
                    "kind": Action.CONSOLIDATION.value,
                    "classes": 0,
                    "year": year,
                    "capital_wan": 0.0,
                }
                for site in own.loc[(leaving <= gone) & (leaving > before), "site_id"]
            ]
    return works


def temporary_wan(scenario: Scenario, standards: Standards, place: str) -> list[tuple[int, float]]:
    """(first year, 万元) of the temporary rooms of a campus: as stated, else seats × the price of a temporary seat."""
    price = standards.value("cost.temporary_seat_wan")
    return [
        (lever.first_year, lever.cost_wan)
        if lever.cost_wan is not None
        else (lever.first_year, lever.rooms * standards.value(f"class_size.{lever.stage}") * price)
        for lever in scenario.levers.temporary
        if lever.place == place
    ]


def impossible_levers(scenario: Scenario, supply: Supply, district: District) -> list[Problem]:
    """Every lever that names a school which it cannot be about, and projects whose sources of money exceed the whole."""
    return [*_strange_schools(scenario, supply), *_too_much_funding(district)]


def _strange_schools(scenario: Scenario, supply: Supply) -> Iterator[Problem]:
    levers = scenario.levers
    for number, temporary in enumerate(levers.temporary, start=1):
        yield from _named(supply, f"levers.temporary[{number}].place", temporary.place, temporary.stage, public=True)
    for number, bought in enumerate(levers.bought, start=1):
        yield from _named(supply, f"levers.bought[{number}].school", bought.school, bought.stage, public=False)
    for number, known in enumerate(levers.recognised, start=1):
        where = f"levers.recognised[{number}].school"
        yield from _named(supply, where, known.school, Stage.KINDERGARTEN, public=False)
    for number, served in enumerate(levers.serves, start=1):
        yield from _named(supply, f"levers.serves[{number}].school", served.school, served.stage, public=True)


def _named(supply: Supply, where: str, school: str, stage: Stage, *, public: bool) -> Iterator[Problem]:
    section = f"{school}:{stage}"
    rows = supply.sections
    known = section in rows.index and bool(rows.loc[section, "existing"])
    if not known:
        what = _("{school} 现在没有{stage}学部").format(school=school, stage=label(stage))
        yield Problem(where, what, _("请写 schools 表中在办学校的 school_id，并核对学段"))
    elif bool(rows.loc[section, "public"]) is not public:
        what = _("{school} 不是民办学校") if not public else _("{school} 不是公办学校")
        yield Problem(where, what.format(school=school), _("改写学校编号"))
    elif public and not bool(rows.loc[section, "decided_here"]):
        what = _("{school} 不由本教育局决定").format(school=school)
        yield Problem(where, what, _("改写学校编号，或更正 schools 表的 decided_here"))


def _too_much_funding(district: District) -> Iterator[Problem]:
    table = district.funding
    shares = table.groupby("place_id")["share"].sum() if len(table) else pd.Series(dtype=float)
    for place, share in shares[shares > 1 + 1e-6].items():
        what = _("{place} 各资金来源合计 {share:g}，超过 1").format(place=place, share=share)
        yield Problem("funding", what, _("改正 share，一个项目合计不超过 1"))


def by_source(capital: pd.DataFrame, district: District) -> pd.DataFrame:
    """Capital with its sources: a row a year, place and source.

    A place's shares are those of the table `funding`; what they leave, and every other place, falls to the county.
    Works on plots that a developer builds and hands over cost the county only what it pays itself; rows that name a
    source keep it.

    Parameters
    ----------
    capital
        As `Plan.capital`.
    district
        Tables `funding` and `parcels`.
    """
    shares = funding_shares(district)
    if capital.empty:
        return capital
    rows = []
    for row in capital.to_dict("records"):
        known = {str(row["source"]): 1.0} if row["source"] else shares.get(str(row["site_id"]), {county_source(): 1.0})
        for source, share in known.items():
            rows.append(row | {"source": source, "capital_wan": float(row["capital_wan"]) * share})
    return pd.DataFrame(rows, columns=capital.columns)


def funding_shares(district: District) -> dict[str, dict[str, float]]:
    """Place → source → share of its capital, adding up to 1; places of the table `funding` only."""
    found: dict[str, dict[str, float]] = {}
    for row in district.funding.to_dict("records"):
        found.setdefault(str(row["place_id"]), {})[str(row["source"])] = float(row["share"])
    for shares in found.values():
        left = 1 - sum(shares.values())
        if left > 1e-6:
            shares[county_source()] = shares.get(county_source(), 0.0) + left
    return found


def county_source() -> str:
    """The source of money where none is stated."""
    return _("县级财政")


def handed_over(district: District) -> frozenset[str]:
    """Plots whose school a developer builds and hands over (代建移交): no capital of the county."""
    plots = district.parcels
    if not len(plots):
        return frozenset()
    return frozenset(plots.loc[entered(plots, "delivery", "") == Delivery.HANDOVER, "parcel_id"].astype(str))


def served_group(scenario: Scenario) -> dict[tuple[str, str], Serves]:
    """(school, stage) → the group that a lever gives it."""
    return {(lever.school, lever.stage.value): lever.serves for lever in scenario.levers.serves}
