"""经常性经费: what running the public schools costs a county, head by head, and what the law says must not fall."""

from __future__ import annotations

import numpy as np
import pandas as pd

from simulator.indicators.board.side import Side
from simulator.indicators.staffing import staff_need
from simulator.standards import Standards
from simulator.terms import COMPULSORY, AreaKind, Network, Stage, Way

_YUAN_A_WAN = 10_000
_ROUNDING = 1e-6
HEADS = (
    *("staff_wan", "spare_wan", "funds_wan", "floor_wan", "boarders_wan", "special_wan", "buses_wan", "classes_wan"),
    "bought_wan",
)
"""人员、富余教职工、公用经费、百人底线补足、寄宿、特教、校车、随班运行、购买学位."""
RUNNING_COLUMNS = ["network", "county", "year", "stage", "pupils", "posts", *HEADS, "total_wan", "training_wan"]
SECTION_COLUMNS = ["county", "year", "section_id", "stage", "pupils", "posts", *HEADS[:1], *HEADS[2:-1]]
FALL_COLUMNS = ["network", "county", "stage", "year", "kind", "before", "now", "hold_wan"]


def section_running(side: Side) -> pd.DataFrame:
    r"""Running cost of every public section with pupils, by year and head, in 万元.

    With posts :math:`n` as T14 has them (the largest of pupil ratio, class ratio and subjects), wage a post
    :math:`w`, pupils :math:`P`, funds a pupil :math:`f`, classes :math:`C` and cost a class :math:`c`,

    .. math:: staff = n w, \quad funds = P f, \quad floor = \max(0, 100 - P_{campus}) f, \quad classes = C c

    The floor of 100 pupils (国发〔2015〕67号) holds for campuses outside the city with fewer compulsory pupils.
    Boarders are those of the base year in proportion to pupils, and those whom the plan lodges; buses are the plan's.
    Funds and wages grow as the scenario says.

    Returns
    -------
    pandas.DataFrame
        :data:`SECTION_COLUMNS` and site_id.
    """
    standards = side.standards
    run = side.sections[side.sections["public"].astype(bool)].reset_index(drop=True)
    need = staff_need(side.operation, side.supply, standards).set_index(["year", "section_id"])["posts"]
    passed = run["year"] - side.scenario.horizon.base_year
    dearer = (1 + side.scenario.money.funds_growth) ** passed
    wage = standards.value("cost.wage") * (1 + side.scenario.money.wage_growth) ** passed
    rates = {stage.value: standards.value(f"cost.pupil_year.{stage}") for stage in Stage}
    rate = run["stage"].map(rates).astype(float) * dearer
    a_class = run["stage"].map({stage.value: standards.value(f"cost.class_year.{stage}") for stage in Stage})
    keys = pd.MultiIndex.from_frame(run[["year", "section_id"]])
    posts = need.reindex(keys).fillna(0.0).to_numpy(dtype=float)
    carried = _carried(side, keys)
    lodged = carried["boards"] + run["pupils"] * run["section_id"].map(boarder_shares(side)).fillna(0.0)
    boarder = standards.value("cost.boarder_year") * dearer + standards.value("cost.boarder_services_year")
    special = run["stage"] == Stage.SPECIAL
    yuan = {
        "staff_wan": posts * wage,
        "funds_wan": (run["pupils"] * rate).where(~special, 0.0),
        "floor_wan": missing_pupils(run, standards) * rate,
        "boarders_wan": lodged * boarder,
        "special_wan": (run["pupils"] * rate).where(special, 0.0),
        "buses_wan": carried["buses"] * standards.value("cost.bus_pupil_year"),
        "classes_wan": run["classes"] * a_class.astype(float),
    }
    heads = {name: values / _YUAN_A_WAN for name, values in yuan.items()}
    return run.assign(posts=posts, **heads)[[*SECTION_COLUMNS, "site_id"]]


def missing_pupils(run: pd.DataFrame, standards: Standards) -> pd.Series[float]:
    """Pupils that a small campus outside the city lacks to the funding floor, on its lowest compulsory section.

    Parameters
    ----------
    run
        Sections by year: year, site_id, stage, area_kind, grade_from, pupils.
    """
    rows = run[run["stage"].isin(COMPULSORY) & (run["area_kind"] != AreaKind.CITY)]
    campus = [rows["year"], rows["site_id"]]
    lacking = (standards.value("small_school.funding_floor") - rows["pupils"].groupby(campus).transform("sum")).clip(
        lower=0
    )
    lowest = rows["grade_from"] == rows["grade_from"].groupby(campus).transform("min")
    return lacking.where(lowest, 0.0).reindex(run.index, fill_value=0.0).astype(float)


def boarder_shares(side: Side) -> dict[str, float]:
    """Section → share of its pupils who board in the base year."""
    known = side.facts.boarders.set_index("section_id")["boarders"].astype(float)
    pupils = side.supply.sections["pupils"].reindex(known.index).astype(float)
    shares = (known / pupils.where(pupils > 0)).fillna(0.0).clip(upper=1.0)
    return {str(section): float(share) for section, share in shares.items()}


def _carried(side: Side, keys: pd.MultiIndex) -> pd.DataFrame:
    """Children whom the plan brings by school bus and lodges, in the order of the keys."""
    rows = side.operation.pupils
    counts = {
        name: rows[rows["way"] == way].groupby(["year", "section_id"])["children"].sum().reindex(keys).fillna(0.0)
        for name, way in (("buses", Way.SCHOOL_BUS.value), ("boards", Way.BOARDS.value))
    }
    return pd.DataFrame({name: values.to_numpy(dtype=float) for name, values in counts.items()})


def running_cost(side: Side, spare: pd.DataFrame) -> pd.DataFrame:
    """Running cost of a network by county, year and stage.

    Parameters
    ----------
    side
        A network as the evaluation board looks at it.
    spare
        network, county, year, stage, spare: teachers beyond need who stay in the pool and are paid
        (:class:`simulator.indicators.staffing_figures.Staff`); empty where there is no table of teachers.

    Returns
    -------
    pandas.DataFrame
        :data:`RUNNING_COLUMNS`; `training_wan` is the least for training, a share of the funds, and part of them.
    """
    key = ["county", "year", "stage"]
    sums = section_running(side).groupby(key)[["pupils", "posts", "staff_wan", *HEADS[2:-1]]].sum()
    passed = sums.index.get_level_values("year") - side.scenario.horizon.base_year
    wage = side.standards.value("cost.wage") * (1 + side.scenario.money.wage_growth) ** np.asarray(passed, dtype=float)
    idle = spare[spare["network"] == side.operation.network].groupby(key)["spare"].sum()
    sums["spare_wan"] = idle.reindex(sums.index).fillna(0.0).astype(float) * wage / _YUAN_A_WAN
    sums["special_wan"] += _included(side, sums)
    sums = sums.join(bought_wan(side), how="outer").fillna(0.0).rename_axis(key)
    total = sums[list(HEADS)].sum(axis=1)
    funds = sums[["funds_wan", "floor_wan", "boarders_wan", "special_wan"]].sum(axis=1)
    table = sums.assign(
        network=side.operation.network,
        total_wan=total,
        training_wan=funds * side.standards.value("balance.training_share"),
    )
    return table.reset_index()[RUNNING_COLUMNS]


def _included(side: Side, sums: pd.DataFrame) -> pd.Series[float]:
    """万元 by which disabled pupils in ordinary classes cost more than others, shared out over counties by pupils."""
    rate = side.standards.value("balance.special_pupil_funds")
    growth = 1 + side.scenario.money.funds_growth
    extra = pd.Series(0.0, index=sums.index)
    for stage, pupils in side.scenario.money.included_pupils.items():
        rows = sums.index.get_level_values("stage") == stage.value
        own = sums.loc[rows, "pupils"]
        share = own / own.groupby("year").transform("sum")
        passed = np.asarray(own.index.get_level_values("year") - side.scenario.horizon.base_year, dtype=float)
        more = max(rate - side.standards.value(f"cost.pupil_year.{stage}"), 0.0)
        extra[rows] = share * pupils * more * growth**passed / _YUAN_A_WAN
    return extra


def bought_wan(side: Side) -> pd.Series[float]:
    """万元 for seats bought from private schools, by county, year and stage; nothing in the present network."""
    rows = bought_seats(side)
    return rows.groupby(["county", "year", "stage"])["bought_wan"].sum().astype(float)


def bought_seats(side: Side) -> pd.DataFrame:
    """Seats bought by year: county, year, stage, section_id, seats, bought_wan."""
    years = sorted(side.county_years.get_level_values("year").unique())
    rows = [
        (
            lever.school,
            year,
            lever.stage.value,
            f"{lever.school}:{lever.stage}",
            lever.seats,
            lever.seats * lever.price_yuan,
        )
        for lever in side.scenario.levers.bought
        for year in years
        if lever.first_year <= year <= lever.last_year and side.operation.network == Network.PLAN
    ]
    table = pd.DataFrame(rows, columns=["site_id", "year", "stage", "section_id", "seats", "yuan"])
    return table.assign(
        county=side.facts.county_of(table["site_id"]), bought_wan=table["yuan"].astype(float) / _YUAN_A_WAN
    )


def spending_falls(running: pd.DataFrame) -> pd.DataFrame:
    """两个只增不减: years in which funds or staff cost a compulsory pupil fall below the year before.

    Funds a pupil are public funds with the floor, boarders' and special supplements; staff cost is that of the posts
    needed. `hold_wan` is what the county must add to hold the level of the year before.

    Parameters
    ----------
    running
        :data:`RUNNING_COLUMNS`, one network or both.

    Returns
    -------
    pandas.DataFrame
        :data:`FALL_COLUMNS`: kind is `funds` or `staff`, before and now are yuan a pupil.
    """
    rows = running[running["stage"].isin(COMPULSORY) & (running["pupils"] > 0)].sort_values("year")
    parts = {"funds": ("funds_wan", "floor_wan", "boarders_wan", "special_wan"), "staff": ("staff_wan",)}
    found = []
    for kind, heads in parts.items():
        each = rows[list(heads)].sum(axis=1) * _YUAN_A_WAN / rows["pupils"]
        place = [rows["network"], rows["county"], rows["stage"]]
        before = each.groupby(place).shift()
        falls = (before - each) > _ROUNDING
        hold = (before - each) * rows["pupils"] / _YUAN_A_WAN
        found.append(rows[falls].assign(kind=kind, before=before[falls], now=each[falls], hold_wan=hold[falls]))
    return pd.concat(found, ignore_index=True)[FALL_COLUMNS]
