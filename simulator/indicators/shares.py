"""占比与学位承诺: shares of children by county and year, seats added since the base year, and the plan's own targets."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import pandas as pd

from simulator.indicators.board.county import migrant_places
from simulator.indicators.board.preschool import gross_enrolment, inclusive_share, public_share
from simulator.indicators.board.side import PLACE, Side
from simulator.indicators.running import bought_seats
from simulator.scenario import TargetSettings
from simulator.scenario.targets import PROMISED
from simulator.terms import COMPULSORY, STAGE_GRADES, Action, Nature, Network, Stage, TargetItem

WHOLE = ""
"""County of the rows of the whole district."""
SHARE_COLUMNS = ["network", "county", "year", "item", "part", "whole", "figure"]
TARGET_COLUMNS = [
    *("network", "item", "at_least", "value", "year", "source", "figure", "met"),
]
_OPENING = (Action.NEW_BUILD, Action.EXTENSION, Action.ADD_SECTION, Action.RELOCATION, Action.CONVERSION)
_SCHOOLS = (Stage.PRIMARY, Stage.JUNIOR, Stage.SENIOR)

Parts = pd.DataFrame
"""Index (county, year): part, whole."""


def shares(side: Side) -> pd.DataFrame:
    """Every share and every count of seats that a target may be about, by county and for the whole district.

    Shares of the whole district are Σ part ÷ Σ whole over its counties; seats are counts since the base year (whole is NaN).

    Returns
    -------
    pandas.DataFrame
        :data:`SHARE_COLUMNS`; figure is NaN where nobody can tell.
    """
    tables = [_table(side, item, parts(side)) for item, parts in _SHARES.items()]
    tables += [_table(side, item, seats) for item, seats in _new_seats(side).items()]
    return pd.concat(tables, ignore_index=True)[SHARE_COLUMNS]


def _table(side: Side, item: TargetItem, parts: Parts) -> pd.DataFrame:
    rows = parts[["part", "whole"]].astype(float).reindex(side.county_years)
    by_year = rows.groupby("year").sum(min_count=1)
    several = len(set(side.county_years.get_level_values("county"))) > 1
    tables = [by_year.assign(county=WHOLE).set_index("county", append=True).reorder_levels(PLACE)]
    tables += [rows] if several else []
    both = pd.concat(tables).rename_axis(PLACE).reset_index()
    counted = item in PROMISED
    figure = both["part"] if counted else both["part"] / both["whole"].where(both["whole"] > 0)
    return both.assign(network=side.operation.network, item=item.value, figure=figure)


def _sum(rows: pd.DataFrame, column: str, side: Side) -> pd.Series[float]:
    return rows.groupby(PLACE)[column].sum().reindex(side.county_years, fill_value=0.0).astype(float)


def _of(part: pd.Series[float], whole: pd.Series[float]) -> Parts:
    return pd.DataFrame({"part": part, "whole": whole})


def _weighted(side: Side, figures: pd.DataFrame, whole: pd.Series[float]) -> Parts:
    """Parts of a share that the evaluation board already has."""
    return _of(figures["figure"].astype(float) * whole, whole)


def _pupils(side: Side, stages: Iterable[Stage]) -> pd.Series[float]:
    return _sum(side.sections[side.sections["stage"].isin(list(stages))], "pupils", side)


def _known(side: Side, column: str) -> pd.Series[float]:
    return side.facts.children.set_index(PLACE)[column].reindex(side.county_years).astype(float)


def _enrolled(side: Side) -> Parts:
    rows = side.flows[side.flows["stage"].isin(COMPULSORY)]
    seated = rows[rows["section_id"] != ""]
    return _of(_sum(seated, "children", side), _sum(rows, "children", side))


def _migrants_enrolled(side: Side) -> Parts:
    """Migrant children are seated as others are: none is turned away for where they are registered."""
    everybody = _enrolled(side)
    return _of(everybody["part"] / everybody["whole"] * _known(side, "migrant"), _known(side, "migrant"))


def _migrants_public(side: Side) -> Parts:
    """The share of the register of the base year, else the scenario's, held for later years."""
    known = migrant_places(side)["figure"].astype(float)
    share = known.fillna(side.scenario.population.migrant_public_share)
    children = _known(side, "migrant")
    return _of(share * children, children)


def _migrants_placed(side: Side) -> Parts:
    public, bought = _migrants_public(side), bought_seats(side)
    seats = _sum(bought[bought["stage"].isin(COMPULSORY)], "seats", side)
    return _of((public["part"] + seats).clip(upper=public["whole"]), public["whole"])


def _inclusive(side: Side) -> Parts:
    """With the children in seats bought from kindergartens that are not inclusive."""
    children = _pupils(side, (Stage.KINDERGARTEN,))
    told = _weighted(side, inclusive_share(side), children)
    bought = bought_seats(side)
    rows = side.sections[["year", "section_id", "county", "nature", "pupils"]]
    paid = bought[bought["stage"] == Stage.KINDERGARTEN].drop(columns="county").merge(rows, on=["year", "section_id"])
    paid = paid[paid["nature"] == Nature.PRIVATE]
    paid = paid.assign(sitting=paid[["seats", "pupils"]].min(axis=1).astype(float))
    return _of(told["part"] + _sum(paid, "sitting", side), children)


def _private(side: Side) -> Parts:
    rows = side.sections[side.sections["stage"].isin(COMPULSORY)]
    return _of(_sum(rows[~rows["public"].astype(bool)], "pupils", side), _sum(rows, "pupils", side))


def _retention(side: Side) -> Parts:
    """Pupils of grade 1 who are in grade 9 eight years later, as the projection has them."""
    grades = STAGE_GRADES[Stage.JUNIOR][1] - STAGE_GRADES[Stage.PRIMARY][0]
    pupils = _pupils(side, COMPULSORY)
    return _of(pupils * side.scenario.projection.retention**grades, pupils)


_SHARES: dict[TargetItem, Callable[[Side], Parts]] = {
    TargetItem.MIGRANT_ENROLLED: _migrants_enrolled,
    TargetItem.MIGRANT_PUBLIC: _migrants_public,
    TargetItem.MIGRANT_PLACES: _migrants_placed,
    TargetItem.KINDERGARTEN_GROSS: lambda side: _weighted(
        side,
        gross_enrolment(side),
        side.facts.young.set_index(PLACE)["children"].reindex(side.county_years).astype(float),
    ),
    TargetItem.KINDERGARTEN_PUBLIC: lambda side: _weighted(
        side, public_share(side), _pupils(side, (Stage.KINDERGARTEN,))
    ),
    TargetItem.KINDERGARTEN_INCLUSIVE: _inclusive,
    TargetItem.PRIVATE_COMPULSORY: _private,
    TargetItem.COMPULSORY_ENROLLED: _enrolled,
    TargetItem.COMPULSORY_RETENTION: _retention,
    TargetItem.SENIOR_GROSS: lambda side: _of(_pupils(side, (Stage.SENIOR, Stage.VOCATIONAL)), _known(side, "teens")),
    TargetItem.VOCATIONAL_SHARE: lambda side: _of(
        _pupils(side, (Stage.VOCATIONAL,)), _pupils(side, (Stage.SENIOR, Stage.VOCATIONAL))
    ),
}


def seats_opened(side: Side) -> pd.DataFrame:
    """Seats that works open: county, year, stage, section_id, action, seats (classes × standard class size).

    Only of the plan; the present network opens nothing.
    """
    actions = side.plan.actions
    rows = actions[actions["action"].isin(_OPENING)]
    rows = rows if side.plan.network == Network.PLAN else rows.iloc[:0]
    size = rows["section_id"].map(side.supply.sections["class_size"]).astype(float)
    rows = rows.assign(seats=rows["classes"].astype(float) * size, county=side.facts.county_of(rows["site_id"]))
    return rows[["county", "year", "stage", "section_id", "action", "seats"]].reset_index(drop=True)


def _new_seats(side: Side) -> dict[TargetItem, Parts]:
    rows = seats_opened(side)
    new = (rows["stage"] == Stage.KINDERGARTEN) & (rows["action"] == Action.NEW_BUILD)
    nursery = rows[new].assign(seats=float(side.scenario.levers.nursery_seats_new))
    return {
        TargetItem.NEW_SEATS: _so_far(rows, side),
        TargetItem.NEW_SEATS_KINDERGARTEN: _so_far(rows[rows["stage"] == Stage.KINDERGARTEN], side),
        TargetItem.NEW_SEATS_SCHOOLS: _so_far(rows[rows["stage"].isin(_SCHOOLS)], side),
        TargetItem.NURSERY_SEATS: _so_far(nursery, side),
    }


def _so_far(rows: pd.DataFrame, side: Side) -> Parts:
    yearly = rows.groupby(PLACE)["seats"].sum().reindex(side.county_years, fill_value=0.0).astype(float)
    return pd.DataFrame({"part": yearly.groupby("county").cumsum(), "whole": float("nan")})


def own_targets(table: pd.DataFrame, targets: Iterable[TargetSettings]) -> pd.DataFrame:
    """Every target beside the figure of the whole district in the year in which it is due.

    Parameters
    ----------
    table
        :func:`shares`, of one network or both.
    targets
        The plan's own targets.

    Returns
    -------
    pandas.DataFrame
        :data:`TARGET_COLUMNS`; a target due after the last year takes the last; met is empty where the figure is not known,
        else yes or no.
    """
    rows = []
    whole = table[table["county"] == WHOLE]
    for network, own in whole.groupby("network", sort=False):
        for target in targets:
            found = own[(own["item"] == target.item.value) & (own["year"] <= target.year)].sort_values("year")
            figure = float(found["figure"].iloc[-1]) if len(found) else float("nan")
            met = "" if figure != figure else ("yes" if target.met(figure) else "no")
            rows.append(
                (
                    network,
                    target.item.value,
                    target.least is not None,
                    target.value,
                    target.year,
                    target.source,
                    figure,
                    met,
                )
            )
    return pd.DataFrame(rows, columns=TARGET_COLUMNS)
