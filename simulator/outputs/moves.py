"""Where the children of closing schools go, and which units change school: one source for tables and maps."""

from __future__ import annotations

import pandas as pd

from simulator.result import Result
from simulator.terms import Action, Way, band_of

CLOSING = (Action.CONSOLIDATION, Action.STOP_SECTION, Action.SUSPENSION)


def closures(result: Result) -> pd.DataFrame:
    """The actions that end a section: columns of `plan.actions`."""
    actions = result.plan.actions
    closing = actions["action"].isin([action.value for action in CLOSING])
    return actions[closing].reset_index(drop=True)


def resettled(result: Result) -> pd.DataFrame:
    """Children who, without any action, would sit in a section that the plan closes, by receiving section.

    Returns
    -------
    DataFrame
        section_id (closing), year (of closing), to_section (empty = unserved), children, bus_seats, boarders (of them),
        minutes_before, minutes_after (means over the children, one way).
    """
    names = ["section_id", "year", "to_section", "children", "bus_seats", "boarders", "minutes_before", "minutes_after"]
    gone = closures(result)
    parts = [
        _resettled_from(result, str(section), int(year))
        for section, year in zip(gone["section_id"], gone["year"], strict=True)
    ]
    parts = [part for part in parts if len(part)]
    return pd.concat(parts, ignore_index=True)[names] if parts else pd.DataFrame(columns=names)


def _resettled_from(result: Result, section_id: str, year: int) -> pd.DataFrame:
    before = result.no_action_operation.pupils
    before = before[(before["year"] == year) & (before["section_id"] == section_id) & (before["children"] > 0)]
    after = result.operation.pupils
    after = after[(after["year"] == year) & (after["children"] > 0)]
    keys = ["unit_id", "band"]
    totals = after.groupby(keys)["children"].sum().rename("total")
    pairs = before.merge(after, on=keys, suffixes=("_before", "_after")).join(totals, on=keys)
    pairs["children"] = pairs["children_before"] * pairs["children_after"] / pairs["total"]
    for side in ("before", "after"):
        pairs[f"spent_{side}"] = pairs["children"] * pairs[f"minutes_{side}"]
    for way in (Way.SCHOOL_BUS, Way.BOARDS):
        pairs[way.value] = pairs["children"].where(pairs["way_after"] == way, 0.0)
    names = ["children", "spent_before", "spent_after", Way.SCHOOL_BUS.value, Way.BOARDS.value]
    sums = pairs.groupby("section_id_after")[names].sum().reset_index()
    return pd.DataFrame(
        {
            "section_id": section_id,
            "year": year,
            "to_section": sums["section_id_after"],
            "children": sums["children"],
            "bus_seats": sums[Way.SCHOOL_BUS.value],
            "boarders": sums[Way.BOARDS.value],
            "minutes_before": sums["spent_before"] / sums["children"],
            "minutes_after": sums["spent_after"] / sums["children"],
        }
    )


def rezoned(result: Result) -> pd.DataFrame:
    """Today's school and the last phase's of every unit and band with catchments.

    Returns
    -------
    DataFrame
        unit_id, band, before, after (section ids, empty = unserved), year (first year of the phase in which
        the present school is left; 0 where it stays).
    """
    bands = set(result.catchments.table["band"])
    table = result.plan.catchments
    table = table[table["band"].isin(bands)]
    # A unit shared by several sections keeps all of them, in order, so that a shared catchment is one value.
    schools = table.sort_values("section_id").pivot_table(
        index=["unit_id", "band"], columns="phase", values="section_id", aggfunc="；".join
    )
    phases = result.plan.phases.set_index("phase")["first_year"]
    first, last = schools.columns.min(), schools.columns.max()
    left = pd.Series(0, index=schools.index)
    for phase in sorted(schools.columns, reverse=True)[:-1]:
        left = left.where(schools[phase] == schools[first], int(phases[phase]))
    moved = schools[last] != schools[first]
    rows = pd.DataFrame({"before": schools[first], "after": schools[last], "year": left.where(moved, 0)}).reset_index()
    stages = [band_of(band).stage.value for band in rows["band"]]
    return rows.assign(stage=stages)
