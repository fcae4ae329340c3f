"""Where the children of closing schools go, and which units change school: one source for tables and maps."""

from __future__ import annotations

import pandas as pd

from simulator.indicators import children_of_closed
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
        minutes_before, minutes_after (means over the children, one way; NaN where there is no way).
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
    moved = children_of_closed(result.no_action_operation, result.operation, section_id, year)
    for side in ("before", "after"):
        known = moved[f"minutes_{side}"].notna()
        moved[f"known_{side}"] = moved["children"].where(known, 0.0)
        moved[f"spent_{side}"] = (moved["children"] * moved[f"minutes_{side}"]).where(known, 0.0)
    for way in (Way.SCHOOL_BUS, Way.BOARDS):
        moved[way.value] = moved["children"].where(moved["way"] == way, 0.0)
    both = [f"{word}_{side}" for word in ("known", "spent") for side in ("before", "after")]
    sums = moved.groupby("to_section")[["children", *both, Way.SCHOOL_BUS.value, Way.BOARDS.value]].sum().reset_index()
    return pd.DataFrame(
        {
            "section_id": section_id,
            "year": year,
            "to_section": sums["to_section"],
            "children": sums["children"],
            "bus_seats": sums[Way.SCHOOL_BUS.value],
            "boarders": sums[Way.BOARDS.value],
            "minutes_before": sums["spent_before"] / sums["known_before"].where(sums["known_before"] > 0),
            "minutes_after": sums["spent_after"] / sums["known_after"].where(sums["known_after"] > 0),
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
