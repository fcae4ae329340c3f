"""撤并节支测算: what closing a school really saves, and what it only moves."""

from __future__ import annotations

import pandas as pd

from simulator.indicators.board.side import Side
from simulator.indicators.running import section_running
from simulator.terms import Action, Way

_YUAN_A_WAN = 10_000
CLOSING_COLUMNS = [
    *("section_id", "stage", "year", "pupils", "tiny", "funds_before_wan", "funds_after_wan", "posts_freed"),
    *("staff_paper_wan", "building_wan", "bus_wan", "boarding_wan", "paper_wan", "real_wan"),
]


def closing_savings(plan: Side, present: Side) -> pd.DataFrame:
    r"""What every closing of a public section saves a year, on paper and in truth.

    On paper the posts of the school fall away. In truth its staff stay in the county's pool and are paid, the pupils
    take their funds along, only the funding beyond their number (the floor of 100) is lost, and buses and boarding are added:

    .. math:: real = (\max(P, 100) - P) f + C c - buses - boarding, \qquad
              paper = real + (n - P / r) w

    Posts :math:`n` are those of the school, of which its pupils ask for :math:`P / r` elsewhere.

    Parameters
    ----------
    plan, present
        The plan, and the network without action, in which the school runs on: its pupils of that year count.

    Returns
    -------
    pandas.DataFrame
        :data:`CLOSING_COLUMNS`, 万元 a year in the first year without the school; `tiny` where it has fewer pupils than
        `small_school.tiny`.
    """
    actions = plan.plan.actions
    closing = actions[actions["action"].isin([Action.CONSOLIDATION, Action.STOP_SECTION])]
    rows = section_running(present)
    both = closing[["section_id", "year"]].astype({"year": int}).merge(rows, on=["section_id", "year"])
    standards = plan.standards
    per_post = both["stage"].map(
        {stage: standards.figures.get(f"staff.pupils_per_post.{stage}") for stage in both["stage"].unique()}
    )
    asked = [
        0.0 if figure is None else pupils / figure.value
        for figure, pupils in zip(per_post, both["pupils"], strict=True)
    ]
    freed = (both["posts"] - pd.Series(asked, index=both.index, dtype=float)).clip(lower=0.0)
    wage = (both["staff_wan"] / both["posts"].where(both["posts"] > 0)).fillna(0.0)
    carried = _carried_after(both, plan, present)
    building = both["classes_wan"]
    bus = carried["buses"] * standards.value("cost.bus_pupil_year") / _YUAN_A_WAN
    lodging = standards.value("cost.boarder_year") + standards.value("cost.boarder_services_year")
    boarding = carried["boards"] * lodging / _YUAN_A_WAN
    real = both["floor_wan"] + building - bus - boarding
    table = both.assign(
        tiny=both["pupils"] < standards.value("small_school.tiny"),
        funds_before_wan=both["funds_wan"] + both["floor_wan"],
        funds_after_wan=both["funds_wan"],
        posts_freed=freed,
        staff_paper_wan=freed * wage,
        building_wan=building,
        bus_wan=bus,
        boarding_wan=boarding,
        paper_wan=real + freed * wage,
        real_wan=real,
    )
    return table[CLOSING_COLUMNS].sort_values(["year", "section_id"], ignore_index=True)


def _carried_after(closing: pd.DataFrame, plan: Side, present: Side) -> pd.DataFrame:
    """Children of each closing who come by bus or board in the plan, as far as they did not before."""
    key = ["year", "unit_id", "band"]
    found: dict[str, list[float]] = {"buses": [], "boards": []}
    before, after = (
        dict(iter(run.pupils[run.pupils["year"].isin(closing["year"])].groupby("year")))
        for run in (present.operation, plan.operation)
    )
    for section, year in closing[["section_id", "year"]].itertuples(index=False):
        own = before[year][before[year]["section_id"] == section]
        children = own.groupby(key)["children"].sum()
        for name, way in (("buses", Way.SCHOOL_BUS.value), ("boards", Way.BOARDS.value)):
            carried = after[year][after[year]["way"] == way].groupby(key)["children"].sum()
            already = own[own["way"] == way]["children"].sum()
            more = pd.concat([children, carried.reindex(children.index).fillna(0.0)], axis=1).min(axis=1).sum()
            found[name].append(max(float(more) - float(already), 0.0))
    return pd.DataFrame(found, index=closing.index, dtype=float)
