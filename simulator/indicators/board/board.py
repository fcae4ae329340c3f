"""督导评估: every item of every year, of the plan and of the present network, and whether the county is recognised."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from simulator.indicators.board.country import COUNTRY_COLUMNS, country_gaps
from simulator.indicators.board.county import COUNTY_FIGURES
from simulator.indicators.board.index import INDEX_COLUMNS, composite_index
from simulator.indicators.board.preschool import PRESCHOOL_FIGURES
from simulator.indicators.board.schools import FAILS, PASSES, SCHOOL_COLUMNS, UNKNOWN
from simulator.indicators.board.side import Side
from simulator.indicators.board.variation import VARIATION_COLUMNS, coefficients
from simulator.rules.board import BOARD, RESOURCES, Answer, BoardItem, ItemGroup, Programme
from simulator.standards import Standards
from simulator.terms import Stage

ITEM_COLUMNS = ["network", "county", "year", "programme", "group", "item", "figure", "norm", "state", "answer"]
VERDICT_COLUMNS = ["network", "county", "year", "programme", "state", "reached", "missed", "unfilled", "reasons"]
_PLACE = ["county", "year"]
_ROUNDING = 1e-9


def _empty(columns: list[str]) -> pd.DataFrame:
    return pd.DataFrame(columns=columns)


@dataclass(frozen=True)
class Board:
    """The evaluation board of both networks; county is empty where the district is one.

    Parameters
    ----------
    items
        network, county, year, programme, group, item, figure, norm (NaN where the answer is a plain yes), state
        (`reached`, `missed`, `unfilled`), answer (`computed`, `declared`, or empty where nobody has told).
    verdicts
        network, county, year, programme, state (`reached`: recognised), numbers of items in each state, reasons (the
        items that are missed, separated by blanks).
    schools
        Seven indicators of every school: :data:`simulator.indicators.board.schools.SCHOOL_COLUMNS`.
    variation
        Difference coefficients: :data:`simulator.indicators.board.variation.VARIATION_COLUMNS`.
    country
        Village against town schools, and trends of the coefficients: :data:`simulator.indicators.board.country.COUNTRY_COLUMNS`.
    index
        The composite index and its heads: :data:`simulator.indicators.board.index.INDEX_COLUMNS`.
    """

    items: pd.DataFrame = field(default_factory=lambda: _empty(ITEM_COLUMNS))
    verdicts: pd.DataFrame = field(default_factory=lambda: _empty(VERDICT_COLUMNS))
    schools: pd.DataFrame = field(default_factory=lambda: _empty(SCHOOL_COLUMNS))
    variation: pd.DataFrame = field(default_factory=lambda: _empty(VARIATION_COLUMNS))
    country: pd.DataFrame = field(default_factory=lambda: _empty(COUNTRY_COLUMNS))
    index: pd.DataFrame = field(default_factory=lambda: _empty(INDEX_COLUMNS))


NO_BOARD = Board()
"""Where nothing was measured."""


def build_board(sides: Iterable[Side]) -> Board:
    """The board of one network or of two side by side.

    An item is worked out from the tables; what they cannot tell the bureau declares (`declared_items`), and what it
    declares of an item that could be worked out holds before the tables. What neither tells stays unfilled: it is
    never taken for reached.
    """
    sides = tuple(sides)
    schools = pd.concat([side.schools for side in sides], ignore_index=True)
    weighted = sides[0].scenario.balance.weighting == "enrolment"
    variation = coefficients(schools, sides[0].standards, weighted=weighted)
    items = pd.concat([_items(side, variation) for side in sides], ignore_index=True)
    own = [composite_index(side, variation[variation["network"] == side.operation.network]) for side in sides]
    return Board(
        items,
        verdicts(items),
        schools,
        variation,
        country_gaps(schools, variation, sides[0].scenario.horizon.base_year),
        pd.concat(own, ignore_index=True),
    )


def _items(side: Side, variation: pd.DataFrame) -> pd.DataFrame:
    frames = []
    own = variation[variation["network"] == side.operation.network]
    for item in BOARD.values():
        said = _declared(item, side)
        found = _computed(item, side, own)
        state = _states(item, found, side.standards)
        told = said["state"] != UNKNOWN
        frame = pd.DataFrame(
            {
                "network": side.operation.network,
                "programme": item.programme.value,
                "group": item.group.value,
                "item": item.item_id,
                "figure": said["figure"].where(told, found["figure"]),
                "norm": said["norm"].where(told, found["norm"]),
                "state": said["state"].where(told, state),
                "answer": np.where(
                    told, Answer.DECLARED.value, np.where(state == UNKNOWN, "", Answer.COMPUTED.value)
                ),
            },
            index=side.county_years,
        )  # fmt: skip
        frames.append(frame.reset_index())
    return pd.concat(frames, ignore_index=True)[ITEM_COLUMNS]


def _computed(item: BoardItem, side: Side, variation: pd.DataFrame) -> pd.DataFrame:
    """figure, norm and unknown of an item by county and year; NaN where the tables do not tell."""
    known = COUNTY_FIGURES | PRESCHOOL_FIGURES
    if item.item_id in known:
        found = known[item.item_id](side).reindex(side.county_years)
    elif item.group is ItemGroup.VARIATION:
        found = _within_limit(variation, Stage(item.item_id.removeprefix("variation_")), side)
    else:
        found = pd.DataFrame({"figure": np.nan, "norm": np.nan, "unknown": 0.0}, index=side.county_years)
    norm = side.standards.value(item.norm) if item.norm else np.nan
    return found.assign(norm=found["norm"].fillna(norm))


def _within_limit(variation: pd.DataFrame, stage: Stage, side: Side) -> pd.DataFrame:
    """Items of a stage whose coefficient keeps its limit, of seven."""
    own = variation[variation["stage"] == stage]
    kept = own[own["coefficient"] <= own["limit"] + _ROUNDING].groupby(_PLACE).size()
    told = own[own["coefficient"].notna()].groupby(_PLACE).size()
    known = told.reindex(side.county_years, fill_value=0).astype(float)
    figure = kept.reindex(side.county_years, fill_value=0).astype(float)
    return pd.DataFrame({"figure": figure, "norm": float(len(RESOURCES)), "unknown": len(RESOURCES) - known})


def _states(item: BoardItem, found: pd.DataFrame, standards: Standards) -> pd.Series[str]:
    """States from figure and norm; places that nobody can tell leave an item open that they could still fail."""
    figure, norm, unknown = (found[name].to_numpy(np.float64) for name in ("figure", "norm", "unknown"))
    best = figure + unknown if not item.norm and item.at_least else figure
    meets = (best >= norm - _ROUNDING) if item.at_least else (figure <= norm + _ROUNDING)
    open_ = np.isnan(figure) | np.isnan(norm)
    state = np.where(open_, UNKNOWN, np.where(~meets, FAILS, np.where(unknown > 0, UNKNOWN, PASSES)))
    return pd.Series(state, index=found.index, dtype="str")


def _declared(item: BoardItem, side: Side) -> pd.DataFrame:
    """figure, norm and state as declared, by county and year: the latest declaration of the county and of each school."""
    table = side.facts.declared
    rows = table[table["item"] == item.item_id].sort_values("year", kind="stable", na_position="first")
    norm = side.standards.value(item.norm) if item.norm else np.nan
    columns = ["school_id", "year", "reached", "value"]
    told = list(zip(side.facts.county_of(rows["school_id"]), *(rows[name].tolist() for name in columns), strict=True))
    said = []
    for county, year in side.county_years:
        # The latest word on the county and on each school of it: a later row of the same place replaces the earlier.
        held = {
            school: (reached, value)
            for home, school, since, reached, value in told
            if (school == "" or home == county) and not since > year
        }
        said.append(_said(item, held, norm) if held else (np.nan, np.nan, UNKNOWN))
    return pd.DataFrame(said, columns=["figure", "norm", "state"], index=side.county_years)


def _said(item: BoardItem, held: dict[str, tuple[str, float]], norm: float) -> tuple[float, float, str]:
    """What the declarations of a year come to: missed where one of them is."""
    states = []
    for reached, value in held.values():
        if reached:
            states.append(PASSES if reached == "yes" else FAILS)
        elif np.isfinite(value) and np.isfinite(norm):
            meets = value >= norm - _ROUNDING if item.at_least else value <= norm + _ROUNDING
            states.append(PASSES if meets else FAILS)
    state = FAILS if FAILS in states else PASSES if PASSES in states else UNKNOWN
    return held[""][1] if "" in held else np.nan, norm, state


def verdicts(items: pd.DataFrame) -> pd.DataFrame:
    """Recognised, not recognised or still open, by network, county, year and evaluation.

    Recognised is a county with every item reached; an item that is missed refuses it, one that nobody has told keeps it open.
    """
    order = {programme.value: place for place, programme in enumerate(Programme)}
    held: dict[tuple[object, ...], dict[str, list[str]]] = {}
    key = ["network", "county", "year", "programme"]
    for *place, state, item in items[[*key, "state", "item"]].itertuples(index=False):
        held.setdefault(tuple(place), {PASSES: [], FAILS: [], UNKNOWN: []})[state].append(item)
    rows = [
        (
            *place,
            FAILS if of[FAILS] else UNKNOWN if of[UNKNOWN] else PASSES,
            *(len(of[state]) for state in (PASSES, FAILS, UNKNOWN)),
            " ".join(of[FAILS]),
        )
        for place, of in held.items()
    ]
    table = pd.DataFrame(rows, columns=VERDICT_COLUMNS)
    by = ["network", "county", "programme", "year"]
    ordered = table.sort_values(
        by,
        key=lambda cells: cells.map(order) if cells.name == "programme" else cells,
        ascending=[False, True, True, True],
    )
    return ordered.reset_index(drop=True)
