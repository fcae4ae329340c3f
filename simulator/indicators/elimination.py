"""消除大班额: school by school, when the classes of 56 and more end, by which works, and at what cost."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from simulator.capacity.supply import Supply
from simulator.indicators.class_vectors import class_tails, classes_needed, sized_classes
from simulator.operation import Operation
from simulator.plan import Plan
from simulator.standards import Standards
from simulator.terms import COMPULSORY, Action

MORE_CLASSES, DIVERSION, OPENED_ROOMS = "more_classes", "diversion", "opened_rooms"
"""扩班增容 by works on the campus, 区域分流 to other schools, classes opened in rooms that there are."""
FEWER_CHILDREN, ADJUSTMENT = "fewer_children", "adjustment"
"""Children who become fewer whatever is planned; 动态调整 of intakes, where nothing else explains it."""
CLEARED, PREVENTED, REMAINS = "cleared", "prevented", "remains"
"""What becomes of a section's oversized classes: ended, never there under the plan, there in the target year."""
YEARLY_COLUMNS = ["network", "section_id", "stage", "year", "classes", "oversized", "extreme", "largest"]
SCHEDULE_COLUMNS = [
    *("section_id", "stage", "today", "most", "last_year", "last_year_idle", "outcome", "cleared_year"),
    *("means", "receivers", "cost_here_wan", "cost_there_wan"),
]
_GROWING = (Action.EXTENSION, Action.CONVERSION, Action.RELOCATION, Action.NEW_BUILD, Action.ADD_SECTION)


def oversized_by_year(operation: Operation, supply: Supply, standards: Standards) -> pd.DataFrame:
    """Classes of 56 and more, and of 66 and more, of every compulsory section and year that has some.

    Returns
    -------
    pandas.DataFrame
        :data:`YEARLY_COLUMNS`; `classes` are all classes of the section.
    """
    sizes = sized_classes(operation, supply)
    sizes = sizes[sizes["stage"].isin(COMPULSORY)]
    line, extreme = standards.value("oversized.line"), standards.value("oversized.extreme_line")
    marked = sizes.assign(oversized=sizes["size"] >= line, extreme=sizes["size"] >= extreme)
    sums = marked.groupby(["network", "section_id", "stage", "year"], as_index=False).agg(
        classes=("size", "size"), oversized=("oversized", "sum"), extreme=("extreme", "sum"), largest=("size", "max")
    )
    return sums[sums["oversized"] > 0].astype({"oversized": int, "extreme": int})[YEARLY_COLUMNS].reset_index(drop=True)


@dataclass(frozen=True)
class Operated:
    """Both networks with their years."""

    plan: Plan
    operation: Operation
    no_action: Plan
    no_action_operation: Operation


def elimination_schedule(run: Operated, supply: Supply, standards: Standards, years: range) -> pd.DataFrame:
    """消除大班额时间表: one row a section that has or would have oversized classes.

    Parameters
    ----------
    run
        Both networks.
    supply, standards
        Sections and the line.
    years
        Years of the plan; the base year stands before them.

    Returns
    -------
    pandas.DataFrame
        section_id, stage, today (oversized classes of the base year), most (of the plan in any year), last_year with some
        in the plan (NaN: never), last_year_idle without action, outcome (`cleared`, `prevented`, `remains`), cleared_year
        (the first year from which the plan has none up to the target year; NaN unless cleared), means (codes joined by a
        blank), receivers (sections that take units over, joined by a blank), cost_here_wan (capital on the campus, the same
        for all its sections), cost_there_wan (of the receivers' capital the part of the children whom they take over;
        receivers that stand in this table with works of their own are left out).
    """
    plan, idle = (
        oversized_by_year(operation, supply, standards) for operation in (run.operation, run.no_action_operation)
    )
    base, last = years[0] - 1, years[-1]
    sections = sorted({*plan.loc[plan["year"] <= last, "section_id"], *idle.loc[idle["year"] <= last, "section_id"]})
    listed = set(supply.sections.loc[sections, "site_id"])
    rows = [_row(section, plan, idle, run, supply, (base, last), listed) for section in sections]
    return pd.DataFrame(rows, columns=SCHEDULE_COLUMNS)


def _row(
    section: str,
    plan: pd.DataFrame,
    idle: pd.DataFrame,
    run: Operated,
    supply: Supply,
    years: tuple[int, int],
    listed: set[str],
) -> tuple[object, ...]:
    base, last = years
    own, without = (rows[(rows["section_id"] == section) & (rows["year"] <= last)] for rows in (plan, idle))
    today = int(without.loc[without["year"] <= base, "oversized"].max()) if (without["year"] <= base).any() else 0
    end, end_idle = (float(rows["year"].max()) if len(rows) else np.nan for rows in (own, without))
    outcome = REMAINS if end == last else CLEARED if np.isfinite(end) else PREVENTED
    cleared = end + 1 if outcome == CLEARED else np.nan
    if outcome == REMAINS:
        means: tuple[str, str, float, float] = ("", "", 0.0, 0.0)
    else:
        gone = int(cleared if outcome == CLEARED else without["year"].min())
        means = _means(section, gone, end_idle, run, supply, listed)
    most = int(own["oversized"].max()) if len(own) else 0
    stage = str(supply.sections.loc[section, "stage"])
    return (section, stage, today, most, end, end_idle, outcome, cleared, *means)


def _means(
    section: str, year: int, end_idle: float, run: Operated, supply: Supply, listed: set[str]
) -> tuple[str, str, float, float]:
    """By what the oversized classes of a section are gone in a year: codes, receivers, 万元 here and there."""
    found: list[str] = []
    here_wan = there_wan = 0.0
    site = str(supply.sections.loc[section, "site_id"])
    works = run.plan.actions[run.plan.actions["action"].isin(_GROWING) & (run.plan.actions["year"] <= year)]
    here = works[works["site_id"] == site]
    if len(here):
        found.append(MORE_CLASSES)
        here_wan = float(here["capital_wan"].sum())
    elif _classes(run.operation, section, year) > _classes(run.no_action_operation, section, year):
        found.append(OPENED_ROOMS)
    receivers, share = _receivers(section, year, run)
    if receivers:
        found.append(DIVERSION)
        capital = works[~works["site_id"].isin(listed)].groupby("site_id")["capital_wan"].sum()
        sites = supply.sections.loc[list(receivers), "site_id"]
        there_wan = sum(share[str(other)] * float(capital.get(place, 0.0)) for other, place in sites.items())
    if end_idle < year:
        found.append(FEWER_CHILDREN)
    return " ".join(found or [ADJUSTMENT]), " ".join(receivers), round(here_wan, 1), round(there_wan, 1)


def elimination_cost(schedule: pd.DataFrame) -> float:
    """万元 of all works of the schedule, those of a campus once."""
    sites = schedule["section_id"].astype(str).str.rsplit(":", n=1).str[0]
    return float(schedule["cost_here_wan"].groupby(sites).max().sum() + schedule["cost_there_wan"].sum())


def _classes(operation: Operation, section: str, year: int) -> int:
    rows = operation.classes
    return int(rows.loc[(rows["section_id"] == section) & (rows["year"] == year), "classes"].sum())


def _receivers(section: str, year: int, run: Operated) -> tuple[tuple[str, ...], dict[str, float]]:
    """Sections that take over units of a section by a year, and the share of their pupils who come from there.

    Children are counted as they are zoned in the year, newcomers and enrolled ones alike: what the catchments hold for.
    """
    zones = run.plan.catchments
    today = zones[(zones["phase"] == 0) & (zones["section_id"] == section)].set_index(["unit_id", "band"])["share"]
    now = zones[(zones["phase"] == run.plan.phase_of(year)) & (zones["section_id"] != section)]
    pairs = pd.MultiIndex.from_frame(now[["unit_id", "band"]])
    before = zones[zones["phase"] == 0].set_index(["unit_id", "band", "section_id"])["share"]
    held = before.reindex(pd.MultiIndex.from_frame(now[["unit_id", "band", "section_id"]])).fillna(0.0).to_numpy()
    came = now.assign(more=(now["share"].to_numpy() - held).clip(min=0.0))[pairs.isin(today.index)]
    came = came[(came["more"] > 1e-6) & (came["section_id"] != "")]
    if came.empty:
        return (), {}
    flows = _zoned_children(run, year)
    moved = came.join(flows["children"].groupby([flows["unit_id"], flows["band"]]).sum().rename("asking"),
                      on=["unit_id", "band"])  # fmt: skip
    taken = (moved["more"] * moved["asking"].fillna(0.0)).groupby(moved["section_id"]).sum()
    pupils = flows.groupby("section_id")["children"].sum()
    shares = {
        str(other): min(1.0, float(count) / float(pupils.get(other, np.inf)))
        for other, count in taken.items()
        if count > 0
    }
    return tuple(sorted(shares)), shares


def _zoned_children(run: Operated, year: int) -> pd.DataFrame:
    rows = run.operation.pupils
    return rows[rows["year"] == year]


@dataclass(frozen=True)
class ClassVectors:
    """班额 of both networks as vectors.

    Parameters
    ----------
    tails
        Both tails by stage and kind of area (:func:`simulator.indicators.class_vectors.class_tails`).
    needed
        Classes that the rolls need (:func:`simulator.indicators.class_vectors.classes_needed`).
    oversized
        Oversized classes by section and year (:func:`oversized_by_year`).
    schedule
        消除大班额时间表 (:func:`elimination_schedule`).
    """

    tails: pd.DataFrame = field(default_factory=pd.DataFrame)
    needed: pd.DataFrame = field(default_factory=pd.DataFrame)
    oversized: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=YEARLY_COLUMNS))
    schedule: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=SCHEDULE_COLUMNS))


def class_vectors(run: Operated, supply: Supply, standards: Standards, years: range) -> ClassVectors:
    """Class sizes of both networks as vectors, and when the oversized ones end."""
    sides = (run.operation, run.no_action_operation)
    sized = pd.concat([sized_classes(side, supply) for side in sides], ignore_index=True)
    return ClassVectors(
        tails=class_tails(sized, standards),
        needed=pd.concat([classes_needed(side, supply, standards) for side in sides], ignore_index=True),
        oversized=pd.concat([oversized_by_year(side, supply, standards) for side in sides], ignore_index=True),
        schedule=elimination_schedule(run, supply, standards, years),
    )
