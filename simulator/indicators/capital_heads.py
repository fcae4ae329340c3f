"""投资分类: the capital of a plan under the four heads in which a bureau accounts for it, year by year."""

from __future__ import annotations

import numpy as np
import pandas as pd

from simulator.indicators.board.schools import resource_norms
from simulator.indicators.board.side import Side
from simulator.rules.board import RESOURCES
from simulator.terms import COMPULSORY, Stage

_YUAN_A_WAN = 10_000
PRESCHOOL, RENEWAL, EQUIPMENT, REPAIR = "preschool", "renewal", "equipment", "repair"
CAPITAL_HEADS = (PRESCHOOL, RENEWAL, EQUIPMENT, REPAIR)
"""学前, 改造 (new and extended schools of all other stages), 设备信息化, 维修."""
CAPITAL_COLUMNS = ["year", "head", "amount_wan", "planned"]
_EQUIPMENT, _ROOMS = "equipment", "networked_rooms"


def capital_heads(side: Side) -> pd.DataFrame:
    r"""Capital of a plan by head and year, in 万元.

    `preschool` and `renewal` are the plan's own capital: that of works on kindergartens, and all other. A place with works of
    several stages shares its capital by what they cost. What a plan of the network does not hold is worked out beside it, for the public
    schools that the bureau decides on:

    * `equipment`: what they lack to the norms of L6 and L7 in the target year,
      :math:`\sum P \max(n_6 - x_6, 0) + c \sum \frac{P}{100} \max(n_7 - x_7, 0)` with a price c of a networked room
      (`cost.networked_room_wan`), in equal parts over the years of the plan;
    * `repair`: floor area of the campuses that run in a year, of which a campus without a stated one has its teaching area, ×
      `cost.repair_m2_year`.

    New and added rooms are equipped by their own capital. Unknown equipment and areas count nothing.

    Parameters
    ----------
    side
        The plan as the evaluation board looks at it.

    Returns
    -------
    pandas.DataFrame
        :data:`CAPITAL_COLUMNS`; `planned` tells the heads that are the plan's own capital. Every head of every year.
    """
    works = _works(side)
    years = sorted({*works.index.get_level_values("year").astype(int), *side.scenario.plan_years})
    equipment = _equipment_wan(side) / len(side.scenario.plan_years)
    repair = _repair_wan(side)
    planned = set(side.scenario.plan_years)
    rows = []
    for year in years:
        within = year in planned
        amounts = {
            PRESCHOOL: float(works.get((year, PRESCHOOL), 0.0)),
            RENEWAL: float(works.get((year, RENEWAL), 0.0)),
            EQUIPMENT: equipment if within else 0.0,
            REPAIR: float(repair.get(year, 0.0)) if within else 0.0,
        }
        rows += [(year, head, amounts[head], head in {PRESCHOOL, RENEWAL}) for head in CAPITAL_HEADS]
    return pd.DataFrame(rows, columns=CAPITAL_COLUMNS)


def _works(side: Side) -> pd.Series[float]:
    """The plan's capital by year and head."""
    actions, capital = side.plan.actions, side.plan.capital
    paid = actions[actions["capital_wan"].astype(float) > 0]
    own = (paid["stage"] == Stage.KINDERGARTEN) * paid["capital_wan"].astype(float)
    cost = paid["capital_wan"].astype(float).groupby(paid["site_id"]).sum()
    share = own.groupby(paid["site_id"]).sum() / cost
    # Capital without works, such as that of temporary rooms, is told by the stages of the place.
    stages = side.supply.sections.groupby("site_id")["stage"].agg(
        lambda found: set(found) == {Stage.KINDERGARTEN.value}
    )
    of = capital["site_id"].map(share).fillna(capital["site_id"].map(stages).fillna(value=False).astype(float))
    amount = capital["capital_wan"].astype(float)
    parts = {PRESCHOOL: amount * of.astype(float), RENEWAL: amount * (1 - of.astype(float))}
    table = pd.DataFrame({"year": capital["year"].astype(int), **parts}).melt("year", var_name="head")
    return table.groupby(["year", "head"])["value"].sum().astype(float)


def _own(side: Side) -> set[str]:
    """Public sections that the bureau decides on."""
    sections = side.supply.sections
    return set(sections.index[sections["public"].astype(bool) & sections["decided_here"].astype(bool)])


def _equipment_wan(side: Side) -> float:
    """万元 that equipment and networked rooms lack to their norms in the target year."""
    schools = side.schools
    rows = schools[(schools["year"] == side.scenario.horizon.target_year) & schools["section_id"].isin(_own(side))]
    norms = resource_norms(side.standards)[[*COMPULSORY]].T.reindex(rows["stage"])
    per = {resource.item_id: resource.per for resource in RESOURCES}
    prices = {_EQUIPMENT: 1 / _YUAN_A_WAN, _ROOMS: side.standards.value("cost.networked_room_wan")}
    total = 0.0
    for item, price in prices.items():
        lacking = np.fmax(norms[item].to_numpy(np.float64) - rows[item].to_numpy(np.float64), 0.0)
        total += float((lacking * rows["pupils"].to_numpy(np.float64) / per[item]).sum()) * price
    return total


def _repair_wan(side: Side) -> pd.Series[float]:
    """万元 of repairs by year."""
    rows = side.sections[side.sections["section_id"].isin(_own(side))].drop_duplicates(["year", "site_id"])
    known = side.facts.facilities.set_index("site_id")[["building_area_m2", "teaching_area_m2"]].astype(float)
    floor = known["building_area_m2"].fillna(known["teaching_area_m2"]).fillna(0.0)
    area = rows["site_id"].map(floor).astype(float).fillna(0.0)
    return (area * side.standards.value("cost.repair_m2_year") / _YUAN_A_WAN).groupby(rows["year"]).sum()
