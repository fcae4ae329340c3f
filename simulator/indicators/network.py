"""One network laid out for measuring: its sections year by year, its flows with townships."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from simulator.capacity.supply import Supply
from simulator.operation import Operation, class_sizes
from simulator.plan import Plan
from simulator.projection.demand import Demand
from simulator.scenario.settings import Scenario
from simulator.standards import Standards
from simulator.terms import COMPULSORY, Network, Stage, band_of

WHOLE_DISTRICT = ""


@dataclass(frozen=True)
class MeasuredNetwork:
    """Frames that several indicators share.

    Parameters
    ----------
    network
        `plan` or `no_action`.
    sections
        Index (year, section_id), open sections: stage, township, public, planned (classes of the plan), class_size, pupils,
        classes (as operated), largest_class, seats_standard, seats_upper.
    sizes
        One row a class: year, section_id, stage, size.
    flows
        `Operation.pupils` with stage, township and area_kind of the unit.
    """

    network: str
    sections: pd.DataFrame
    sizes: pd.DataFrame
    flows: pd.DataFrame


def unit_table(units: pd.DataFrame) -> pd.DataFrame:
    """Township and area_kind of the units, index `unit_id`."""
    table = units.set_index("unit_id") if "unit_id" in units.columns else units
    return pd.DataFrame(table[["township", "area_kind"]].astype(str))


def lay_out(
    plan: Plan,
    operation: Operation,
    demand: Demand,
    supply: Supply,
    standards: Standards,
    scenario: Scenario,
    units: pd.DataFrame,
) -> MeasuredNetwork:
    """Lay a network out for measuring."""
    sizes = class_sizes(operation.classes)
    sizes = sizes.assign(stage=sizes["section_id"].map(supply.sections["stage"]))
    flows = operation.pupils.assign(
        stage=operation.pupils["band"].map(
            {band: band_of(band).stage.value for band in operation.pupils["band"].unique()}
        )
    ).join(unit_table(units), on="unit_id")
    return MeasuredNetwork(
        network=operation.network,
        sections=_section_years(plan, operation, demand, supply, standards, scenario),
        sizes=sizes,
        flows=flows,
    )


def _section_years(
    plan: Plan, operation: Operation, demand: Demand, supply: Supply, standards: Standards, scenario: Scenario
) -> pd.DataFrame:
    """Open sections, and any with pupils, in every year; pupils and classes as operated."""
    phases = pd.DataFrame({"year": demand.years, "phase": [plan.phase_of(year) for year in demand.years]})
    counted = seats_of_plan(plan, supply, standards, scenario)
    run = phases.merge(counted, on="phase").set_index(["year", "section_id"])
    formed = operation.classes.groupby(["year", "section_id"])[["pupils", "classes"]].sum()
    largest = class_sizes(operation.classes).groupby(["year", "section_id"])["size"].max()
    run = run.join(formed).join(largest.rename("largest_class"))
    run = run[run["open"] | (run["pupils"] > 0)]
    filled = run.fillna({"pupils": 0, "classes": 0, "largest_class": 0})
    return filled.astype({"pupils": "int64", "classes": "int64", "largest_class": "int64"}).sort_index()


def seats_of_plan(plan: Plan, supply: Supply, standards: Standards, scenario: Scenario) -> pd.DataFrame:
    """标准学位 and 上限学位 of every section and phase.

    Standard seats are classes × standard class size (as the plan has them, or the fixed number), cut in
    proportion where the stages of a campus together ask for more teaching or sports area than it has
    (优质均衡 items 4 and 5: area ÷ norm a pupil; an added room brings its own teaching area), and no more than
    the seats open to the district's children. Upper seats are classes × largest class size, for reporting
    only, never below the standard ones.

    Returns
    -------
    pandas.DataFrame
        phase, section_id, open, planned (classes), stage, township, public, class_size, class_size_max, seats_fixed,
        seats_standard, seats_upper.
    """
    known = supply.sections[
        ["site_id", "stage", "public", "class_size", "class_size_max", "seats_fixed", "seats_for_district"]
    ]
    rows = plan.sections.join(known, on="section_id").join(supply.sites["township"], on="site_id")
    rows = rows.rename(columns={"classes": "planned"})
    held = rows["seats_for_district"].fillna(np.inf)
    share = _area_share(rows, supply, standards, _temporary(plan, rows, scenario)) if scenario.seats.use_area else 1.0
    running = rows["open"].astype(bool)
    standard = (rows["seats"].astype(float) * share).clip(upper=held).where(running, 0.0)
    largest = (rows["planned"] * rows["class_size_max"]).where(rows["seats_fixed"].isna(), rows["seats"])
    upper = np.maximum(largest.astype(float).clip(upper=held).where(running, 0.0), standard)
    return rows.assign(open=running, seats_standard=standard, seats_upper=upper)[
        [
            *("phase", "section_id", "open", "planned", "stage", "township", "public"),
            *("class_size", "class_size_max", "seats_fixed", "seats_standard", "seats_upper"),
        ]
    ]


def _temporary(plan: Plan, rows: pd.DataFrame, scenario: Scenario) -> pd.Series[int]:
    """Temporary rooms of the campus of each row in its phase."""
    if not scenario.levers.temporary or plan.network != Network.PLAN:
        return pd.Series(0, index=rows.index)
    spans = {
        int(phase): (int(first), int(last))
        for phase, first, last in plan.phases[["phase", "first_year", "last_year"]].itertuples(index=False)
    }
    rooms = [
        scenario.levers.temporary_rooms(str(site), *spans[int(phase)]) if phase else 0
        for site, phase in zip(rows["site_id"], rows["phase"], strict=True)
    ]
    return pd.Series(rooms, index=rows.index)


def _area_share(
    rows: pd.DataFrame, supply: Supply, standards: Standards, temporary: pd.Series[int]
) -> pd.Series[float]:
    """Share of the seats of a campus that its area allows, at most 1."""
    compulsory = rows["stage"].isin(COMPULSORY) & rows["open"].astype(bool)
    share = pd.Series(1.0, index=rows.index)
    campus = [rows["site_id"], rows["phase"]]
    for kind in ("teaching", "sports"):
        norms = {str(stage): standards.value(f"area.{kind}.{stage}") for stage in (Stage.PRIMARY, Stage.JUNIOR)}
        norm = rows["stage"].map(norms).fillna(0.0).where(compulsory, 0.0)
        asked = (rows["seats"] * norm).groupby(campus).transform("sum")
        area = rows["site_id"].map(supply.sites[f"{kind}_area_m2"]).astype(float)
        if kind == "teaching":
            brought = rows.sort_values("phase").groupby("section_id")["added_rooms"].cumsum()
            area = area + (brought * rows["class_size"] * norm).groupby(campus).transform("sum")
            area = area + temporary * (rows["class_size"] * norm).where(norm > 0).groupby(campus).transform("min")
        enough = (area / asked.where(asked > 0)).fillna(1.0).clip(upper=1.0)
        share = share.where(~compulsory | (share < enough), enough)
    return share
