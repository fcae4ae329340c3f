"""举措与学位: what the plan does under each lever, by year, with the seats and children that it is about."""

from __future__ import annotations

import numpy as np
import pandas as pd

from simulator.capacity.levers import PRIVATE_EXIT, temporary_wan
from simulator.indicators.board.side import Side
from simulator.indicators.running import bought_seats
from simulator.indicators.shares import seats_opened
from simulator.standards import Standards
from simulator.terms import Action, Lever, Stage

LEVER_COLUMNS = ["lever", "kind", "stage", "year", "places", "seats", "children", "cost_wan"]
"""kind: an action, or `temporary`, `expired`, `catchment`, `school`, `classes`, `admission`, `bought`, `recognised`, `exit`, `nursery`, `serves`."""


def lever_rows(side: Side, moved: pd.DataFrame, admission_plan: pd.DataFrame) -> pd.DataFrame:
    """扩班增容, 区域分流, 动态调整, and what is done with private schools and nursery places, by year and stage.

    * 扩班增容: new schools, extensions, conversions and temporary rooms with the seats that they bring (and lose again);
    * 区域分流: children who move because catchments change, or because their school closes;
    * 动态调整: classes that change in rooms that are there, admission that departs from the admission plan, a school that
      serves another group;
    * 民办学位, 托幼一体: seats bought, kindergartens recognised, private seats that leave, nursery places.

    Parameters
    ----------
    side
        The plan.
    moved
        `Indicators.moved`.
    admission_plan
        school_id, stage, year, classes, seats.

    Returns
    -------
    pandas.DataFrame
        :data:`LEVER_COLUMNS`: places are schools (for `catchment` and `school` 0); NaN where a lever has no such figure.
    """
    tables = [
        _opened(side),
        _temporary(side, side.standards),
        _moved(side, moved),
        _classes(side),
        _admission(side, admission_plan),
        _private(side),
    ]
    rows = pd.concat([table for table in tables if len(table)] or tables[:1], ignore_index=True)
    order = {lever.value: number for number, lever in enumerate(Lever)}
    rows = rows.assign(rank=rows["lever"].map(order)).sort_values(["rank", "year", "kind", "stage"])
    return rows[LEVER_COLUMNS].reset_index(drop=True)


def _rows(lever: Lever, table: pd.DataFrame) -> pd.DataFrame:
    filled = {name: np.nan for name in LEVER_COLUMNS[1:] if name not in table.columns}
    return table.assign(lever=lever.value, **filled)[LEVER_COLUMNS]


def _opened(side: Side) -> pd.DataFrame:
    actions = side.plan.actions.reset_index(drop=True)
    seats = seats_opened(side)
    keyed = actions.assign(capital_wan=actions["capital_wan"].astype(float))
    cost = keyed.groupby(["action", "stage", "year"])["capital_wan"].sum()
    sums = seats.groupby(["action", "stage", "year"]).agg(places=("section_id", "nunique"), seats=("seats", "sum"))
    sums = sums.join(cost.rename("cost_wan")).reset_index().rename(columns={"action": "kind"})
    nursery = side.scenario.levers.nursery_seats_new
    new = sums[(sums["kind"] == Action.NEW_BUILD) & (sums["stage"] == Stage.KINDERGARTEN)]
    beside = new.assign(kind="nursery", seats=new["places"] * nursery, cost_wan=np.nan) if nursery else new.iloc[:0]
    return pd.concat([_rows(Lever.EXPAND, sums), _rows(Lever.NURSERY, beside)], ignore_index=True)


def _temporary(side: Side, standards: Standards) -> pd.DataFrame:
    rows: list[tuple[object, ...]] = []
    sizes = side.supply.sections["class_size"].astype(float)
    for lever in side.scenario.levers.temporary:
        seats = lever.rooms * float(sizes[f"{lever.place}:{lever.stage}"])
        wan = sum(
            cost for year, cost in temporary_wan(side.scenario, standards, lever.place) if year == lever.first_year
        )
        rows.append(("temporary", lever.stage.value, lever.first_year, 1, seats, wan))
        rows.append(("expired", lever.stage.value, lever.last_year + 1, 1, -seats, np.nan))
    table = pd.DataFrame(rows, columns=["kind", "stage", "year", "places", "seats", "cost_wan"])
    return _rows(Lever.EXPAND, table)


def _moved(side: Side, moved: pd.DataFrame) -> pd.DataFrame:
    starts = side.plan.phases.set_index("phase")["first_year"]
    rows = moved[(moved["children_moved"] > 0) & (moved["cause"] != "everybody")]
    table = pd.DataFrame(
        {
            "kind": rows["cause"],
            "stage": rows["stage"],
            "year": rows["phase"].map(starts).astype(int),
            "children": rows["children_moved"].astype(float),
        }
    )
    return _rows(Lever.DIVERT, table)


def _classes(side: Side) -> pd.DataFrame:
    """Classes opened and folded in rooms that are there: schools that run before and after without works."""
    plan = side.plan.sections.sort_values(["section_id", "phase"])
    before = plan.groupby("section_id")[["classes", "open"]].shift()
    stays = before["open"].eq(True) & plan["open"].astype(bool)
    same = (plan["added_rooms"] == 0) & (plan["converted_in"] == 0) & (plan["converted_out"] == 0)
    change = (plan["classes"] - before["classes"].fillna(0)).where(stays & same, 0).astype(float)
    starts = side.plan.phases.set_index("phase")["first_year"]
    known = side.supply.sections
    rows = plan.assign(
        change=change * plan["section_id"].map(known["class_size"]).astype(float),
        stage=plan["section_id"].map(known["stage"]),
        year=plan["phase"].map(starts).astype(int),
    )
    rows = rows[rows["change"] != 0].assign(kind="classes")
    sums = rows.groupby(["kind", "stage", "year"]).agg(places=("section_id", "nunique"), seats=("change", "sum"))
    return _rows(Lever.ADJUST, sums.reset_index())


def _admission(side: Side, admission_plan: pd.DataFrame) -> pd.DataFrame:
    """Entry classes of the plan that differ from the admission plan of the year, and schools that serve another group."""
    served = pd.DataFrame(
        [("serves", lever.stage.value, side.scenario.horizon.base_year, 1) for lever in side.scenario.levers.serves],
        columns=["kind", "stage", "year", "places"],
    )
    if admission_plan.empty:
        return _rows(Lever.ADJUST, served)
    formed = side.operation.classes
    lowest = formed["grade"] == formed.groupby(["year", "section_id"])["grade"].transform("min")
    entry = formed[lowest].groupby(["year", "section_id"])["classes"].sum()
    given = admission_plan.assign(
        section_id=admission_plan["school_id"].astype(str) + ":" + admission_plan["stage"].astype(str)
    )
    given = given[given["year"] > side.scenario.horizon.base_year]
    both = given.join(entry.rename("entry"), on=["year", "section_id"]).dropna(subset=["entry"])
    size = both["section_id"].map(side.supply.sections["class_size"]).astype(float)
    both = both.assign(kind="admission", change=(both["entry"] - both["classes"]).astype(float) * size)
    both = both[both["change"] != 0]
    sums = both.groupby(["kind", "stage", "year"]).agg(places=("section_id", "nunique"), seats=("change", "sum"))
    return _rows(Lever.ADJUST, pd.concat([served, sums.reset_index()], ignore_index=True))


def _private(side: Side) -> pd.DataFrame:
    bought = bought_seats(side)
    paid = bought.groupby(["stage", "year"]).agg(
        places=("section_id", "nunique"), seats=("seats", "sum"), cost_wan=("bought_wan", "sum")
    )
    known = side.supply.sections
    recognised = pd.DataFrame(
        [
            ("recognised", Stage.KINDERGARTEN.value, lever.year, 1, _seats_of(known, f"{lever.school}:kindergarten"))
            for lever in side.scenario.levers.recognised
        ],
        columns=["kind", "stage", "year", "places", "seats"],
    )
    works = side.supply.committed
    gone = works[works["project_id"].astype(str).str.startswith(PRIVATE_EXIT)]
    sections = gone["site_id"].astype(str) + ":" + gone["stage"].astype(str)
    gone = gone.assign(kind="exit", section_id=sections, seats=[-_seats_of(known, section) for section in sections])
    left = gone.groupby(["kind", "stage", "year"]).agg(places=("section_id", "nunique"), seats=("seats", "sum"))
    tables = [paid.reset_index().assign(kind="bought"), recognised, left.reset_index()]
    return pd.concat(
        [_rows(Lever.PRIVATE, table) for table in tables if len(table)] or [_rows(Lever.PRIVATE, recognised)]
    )


def _seats_of(sections: pd.DataFrame, section_id: str) -> float:
    one = sections.loc[[section_id]]
    seats = one["seats_fixed"].astype(float).fillna(one["classes"].astype(float) * one["class_size"].astype(float))
    return float(seats.iloc[0])
