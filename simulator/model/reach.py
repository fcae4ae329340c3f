"""就近补点: the cheapest further kindergartens that bring every rural child within the radius of one."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from simulator.capacity import Access, Costs, Supply, measure_km
from simulator.capacity.places import unit_points
from simulator.indicators.coverage import covered_children, radius_m
from simulator.indicators.reach import CAMPUS, NO_REACH, PLACE_COLUMNS, TOTAL_COLUMNS, VILLAGE, Reach
from simulator.inputs.district import District
from simulator.model.problem import FloatArray
from simulator.model.reach_choice import Choice, Chosen, choose_sites
from simulator.model.solve import relative_gap
from simulator.plan import Plan
from simulator.projection.demand import Demand
from simulator.scenario import Scenario
from simulator.standards import Standards
from simulator.terms import AreaKind, Stage

_STAGE = Stage.KINDERGARTEN
_YUAN_A_WAN = 10_000
# Less than this of a child is the rounding of shares.
_SOMEBODY = 1e-6


@dataclass(frozen=True)
class ReachEvidence:
    """What the completion is worked out from.

    Parameters
    ----------
    scenario, standards, district, supply, access, costs, demand
        Settings, norms, tables, sections and sites, journeys, unit costs, the children planned for.
    plan
        The plan that is completed.
    """

    scenario: Scenario
    standards: Standards
    district: District
    supply: Supply
    access: Access
    costs: Costs
    demand: Demand
    plan: Plan


def complete_reach(given: ReachEvidence) -> Reach:
    """The cheapest further kindergartens that bring every rural child of the target year within the radius.

    A kindergarten may open in free rooms of a public campus that the bureau decides on and that has none in the plan, at
    the price of converted rooms, or be built in any village. It costs its posts, its classes and its capital spread over its
    life: the yardstick of the plan. Which ones: :func:`simulator.model.reach_choice.choose_sites`.

    Parameters
    ----------
    given
        The plan, and what it was made from.

    Returns
    -------
    Reach
        Places, cheapest a child first, and their sum; :data:`NO_REACH` without rural children.
    """
    covered = _rural(given)
    if covered.empty or covered["children"].sum() < _SOMEBODY:
        return NO_REACH
    beyond = covered[~covered["within"] & (covered["children"] >= _SOMEBODY)].reset_index(drop=True)
    places = _near(given, _candidates(given), beyond)
    choice = _choice(given, beyond, places)
    chosen = choose_sites(choice)
    rows = _rows(given, places, choice, chosen, beyond)
    within = float(covered.loc[covered["within"], "children"].sum())
    children = float(covered["children"].sum())
    reached = within + rows["children"].cumsum()
    table = rows.assign(order=range(1, len(rows) + 1), covered=reached, share=reached / children)[PLACE_COLUMNS]
    return Reach(table, _total(given, covered, table, within, chosen))


def _rural(given: ReachEvidence) -> pd.DataFrame:
    """Kindergarten children of village units in the target year: unit_id, children, within."""
    target = given.scenario.horizon.target_year
    sections = given.plan.sections
    own = sections[(sections["phase"] == given.plan.phase_of(target)) & sections["open"].astype(bool)]
    running = own[["section_id"]].assign(year=target)
    units = pd.DataFrame(given.district.units.drop(columns="geometry"))
    rows = covered_children(running, given.demand, given.supply, given.access, given.standards, units)
    rural = set(units.loc[units["area_kind"].astype(str) == AreaKind.VILLAGE, "unit_id"].astype(str))
    rows = rows[(rows["stage"] == _STAGE) & rows["unit_id"].isin(rural)]
    return rows.groupby("unit_id", as_index=False).agg(children=("children", "sum"), within=("within", "all"))


def _candidates(given: ReachEvidence) -> pd.DataFrame:
    """Places where a kindergarten may open: place_id, kind, name, township, x, y, rooms (inf where it is built)."""
    units = given.district.units
    points = unit_points(units)
    rural = units["area_kind"].astype(str).to_numpy() == AreaKind.VILLAGE
    villages = pd.DataFrame(
        {
            "place_id": units["unit_id"].astype(str),
            "kind": VILLAGE,
            "name": units["name"].astype(str),
            "township": units["township"].astype(str),
            "x": points[:, 0],
            "y": points[:, 1],
            "rooms": math.inf,
        }
    )[rural]
    return pd.DataFrame(pd.concat([_campuses(given), villages], ignore_index=True))


def _near(given: ReachEvidence, places: pd.DataFrame, beyond: pd.DataFrame) -> pd.DataFrame:
    """The places within the radius of some unit in a straight line: no way along roads is shorter."""
    units = given.district.units
    homes = unit_points(units)[units["unit_id"].astype(str).isin(set(beyond["unit_id"])).to_numpy()]
    gap = homes[:, None, :] - places[["x", "y"]].to_numpy(np.float64)[None, :, :]
    radius = radius_m(given.standards, _STAGE, AreaKind.VILLAGE)
    return pd.DataFrame(places[(np.hypot(gap[..., 0], gap[..., 1]) <= radius).any(axis=0)]).reset_index(drop=True)


def _campuses(given: ReachEvidence) -> pd.DataFrame:
    """Public campuses of the bureau's own with free rooms and without a kindergarten in the plan."""
    plan, supply = given.plan, given.supply
    sites, sections = supply.sites, supply.sections
    phase = plan.phase_of(given.scenario.horizon.target_year)
    site_of = sections["site_id"]
    rows = plan.sections.assign(site_id=plan.sections["section_id"].map(site_of))
    last = rows[(rows["phase"] == phase) & rows["open"].astype(bool)]
    used = last.groupby("site_id")["classes"].sum().reindex(sites.index, fill_value=0)
    added = rows[rows["phase"] <= phase].groupby("site_id")["added_rooms"].sum().reindex(sites.index, fill_value=0)
    free = (sites["rooms"] + added - used).astype(float)
    taught = last["section_id"].map(sections["stage"]) == _STAGE
    public = sections.groupby("site_id")["public"].all().reindex(sites.index, fill_value=False)
    open_ = sites["existing"].astype(bool) & sites["decided_here"].astype(bool) & public.astype(bool) & (free >= 1)
    own = sites[open_ & ~sites.index.isin(last.loc[taught, "site_id"]) & ~sites.index.isin(_used_otherwise(given))]
    places = own[["name", "township", "x", "y"]].rename_axis("place_id").reset_index()
    return places.assign(kind=CAMPUS, rooms=free[own.index].to_numpy())


def _used_otherwise(given: ReachEvidence) -> set[str]:
    """Campuses whose building the bureau has given another use."""
    table = given.district.arrangements
    if table.empty or "building_use" not in table:
        return set()
    use = table["building_use"].fillna("").astype(str)
    return set(table.loc[~use.isin(["", _STAGE.value]), "school_id"].astype(str))


def _choice(given: ReachEvidence, beyond: pd.DataFrame, places: pd.DataFrame) -> Choice:
    """Units beyond the radius, places, and what they cost a year."""
    size = given.standards.value(f"class_size.{_STAGE}")
    cost = given.costs.stages[_STAGE]
    reach = _kilometers(given, beyond, places) * 1000 <= radius_m(given.standards, _STAGE, AreaKind.VILLAGE)
    children = beyond["children"].to_numpy(np.float64)
    wanted = np.ceil((reach * children[:, None]).sum(axis=0) / size)
    capital = _class_wan(given, places) * _YUAN_A_WAN * given.costs.annuity
    return Choice(
        children=children,
        reach=reach,
        site_yuan=np.full(len(places), cost.section_year),
        class_yuan=cost.class_year + capital,
        most_classes=np.minimum(wanted, places["rooms"].to_numpy(np.float64)).astype(np.int64),
        class_size=size,
    )


def _class_wan(given: ReachEvidence, places: pd.DataFrame) -> FloatArray:
    """万元 of a class: a room that is converted, or the seats of a new building."""
    built = given.costs.stages[_STAGE].seat_capital_wan * given.standards.value(f"class_size.{_STAGE}")
    return np.where(places["kind"] == CAMPUS, given.costs.conversion_room_wan, built)


def _kilometers(given: ReachEvidence, beyond: pd.DataFrame, places: pd.DataFrame) -> FloatArray:
    """Kilometers from the units beyond the radius to the places, (units, places)."""
    every = given.district.units["unit_id"].astype(str).tolist()
    rows = [every.index(unit) for unit in beyond["unit_id"]]
    points = places[["x", "y"]].to_numpy(np.float64)
    return measure_km(given.district, points, given.scenario.access)[rows]


def _rows(
    given: ReachEvidence, places: pd.DataFrame, choice: Choice, chosen: Chosen, beyond: pd.DataFrame
) -> pd.DataFrame:
    """The places that open, cheapest a child first."""
    rows = pd.DataFrame(list(_opened(given, places, choice, chosen, beyond)), columns=PLACE_COLUMNS)
    # Whole yuan: equal places stand in the order of their ids on every machine.
    ranked = rows.assign(whole=rows["yuan_each"].astype(float).round())
    return ranked.sort_values(["whole", "place_id"], kind="stable", ignore_index=True)[PLACE_COLUMNS]


def _opened(
    given: ReachEvidence, places: pd.DataFrame, choice: Choice, chosen: Chosen, beyond: pd.DataFrame
) -> Iterator[dict[str, Any]]:
    cost, wan = given.costs.stages[_STAGE], _class_wan(given, places)
    units = beyond["unit_id"].to_numpy()
    for number in np.flatnonzero(chosen.classes > 0).tolist():
        classes = int(chosen.classes[number])
        taken = chosen.share[:, number] * choice.children
        children = float(taken.sum())
        yearly = float(choice.site_yuan[number] + classes * choice.class_yuan[number])
        yield {
            **{name: places.loc[number, name] for name in ("place_id", "kind", "name", "township", "x", "y")},
            "units": int((taken >= _SOMEBODY).sum()),
            "unit_ids": " ".join(units[taken >= _SOMEBODY]),
            "children": children,
            "classes": classes,
            "seats": classes * choice.class_size,
            "capital_wan": classes * float(wan[number]),
            "running_wan": (cost.section_year + classes * cost.class_year) / _YUAN_A_WAN,
            "yuan_each": yearly / children,
        }


def _total(
    given: ReachEvidence, covered: pd.DataFrame, table: pd.DataFrame, within: float, chosen: Chosen
) -> pd.DataFrame:
    children = float(covered["children"].sum())
    row = {
        "year": given.scenario.horizon.target_year,
        "radius_m": radius_m(given.standards, _STAGE, AreaKind.VILLAGE),
        "children": children,
        "within": within,
        "share": within / children,
        "beyond": children - within,
        "places": len(table),
        "classes": int(table["classes"].sum()),
        "capital_wan": float(table["capital_wan"].sum()),
        "running_wan": float(table["running_wan"].sum()),
        "gap": relative_gap(chosen.yuan, chosen.bound),
    }
    return pd.DataFrame([row], columns=TOTAL_COLUMNS)
