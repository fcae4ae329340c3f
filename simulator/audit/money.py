"""Checks of money and of the plan's own targets: funds a pupil, training, what must not fall, shares and promised seats."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from simulator.audit.case import Case
from simulator.audit.register import Breach, check
from simulator.audit.rows import records
from simulator.indicators.running import running_cost, spending_falls
from simulator.indicators.shares import WHOLE, shares
from simulator.indicators.staffing_figures import NO_STAFF
from simulator.language import translate as _
from simulator.scenario.targets import PROMISED
from simulator.terms import COMPULSORY, Effect, Stage, label

_FLOORS = (
    *(f"cost.pupil_year.{stage}" for stage in (*COMPULSORY, Stage.SPECIAL)),
    *("cost.boarder_year", "small_school.funding_floor", "balance.special_pupil_funds"),
)
"""Figures of national standards that a place may raise, not lower."""
_BUDGETED = ("education_wan", "staff_wan", "funds_wan")
_ROUNDING = 1e-9


@check()
def pupil_funds_standard(case: Case) -> Iterator[Breach]:
    """Funds a pupil, a boarder and a disabled pupil, and the floor of 100 pupils, are not below the national ones.

    The figures in force are held against those of norm files that they replaced.
    """
    replaced: dict[str, list[float]] = {}
    for before, _after in case.evidence.standards.replaced:
        replaced.setdefault(before.figure_id, []).append(before.value)
    for name in _FLOORS:
        figure = case.evidence.standards.figures.get(name)
        least = max(replaced.get(name, ()), default=None)
        if figure is not None and least is not None and figure.value < least - _ROUNDING:
            yield Breach("", figure.title, case.years[0], figure.value, least, figure.unit, detail=name, scope=name)


@check()
def training_funds(case: Case) -> Iterator[Breach]:
    """Teacher training has at least 5 % of the funds of a year, where the table of budgets tells both."""
    least = 100 * case.norm("balance.training_share")
    table = case.evidence.facts.budgets
    known = table[table["funds_wan"].astype(float) > 0].dropna(subset=["training_wan"])
    for row in records(known.set_index("year")):
        share = 100 * float(row["training_wan"]) / float(row["funds_wan"])
        if share < least - _ROUNDING:
            yield Breach("", _("全区"), int(row["year"]), round(share, 2), least, "%", scope=str(row["year"]))


@check()
def spending_never_falls(case: Case) -> Iterator[Breach]:
    """两个只增不减: spending and spending a pupil do not fall from a year to the next.

    Entered budgets are held to it. Where the cost that the plan works out a compulsory pupil falls, the county has to
    budget at least the level of the year before: a note with that level.
    """
    yield from _budgets_fall(case)
    falls = spending_falls(running_cost(case.side, NO_STAFF.stages))
    words = {"funds": _("生均公用经费"), "staff": _("生均人员经费")}
    for row in records(falls[falls["year"].isin(case.years)].drop(columns="network").set_index("year")):
        stage, kind = str(row["stage"]), str(row["kind"])
        place = _("{county}{stage}{kind}").format(county=row["county"], stage=label(Stage(stage)), kind=words[kind])
        figures = (round(float(row["now"]), 1), round(float(row["before"]), 1))
        scope = f"{stage} {kind}"
        yield Breach(
            str(row["county"]) or stage, place, int(row["year"]), *figures, _("元/生"), detail=scope, scope=scope
        )


def _budgets_fall(case: Case) -> Iterator[Breach]:
    table = case.evidence.facts.budgets.sort_values("year").set_index("year")
    pupils = case.side.sections.groupby("year")["pupils"].sum().reindex(table.index).astype(float)
    words = {
        "education_wan": _("一般公共预算教育支出"),
        "staff_wan": _("教职工人员经费"),
        "funds_wan": _("公用经费"),
    }
    for name in _BUDGETED:
        amount = table[name].astype(float)
        each = 10_000 * amount / pupils
        if name == "education_wan":
            yield from _lower(amount, words[name], _("万元"), name)
        yield from _lower(each, _("生均{what}").format(what=words[name]), _("元/生"), f"{name} each")


def _lower(amounts: pd.Series[float], place: str, unit: str, scope: str) -> Iterator[Breach]:
    known = amounts.dropna()
    before = known.shift()
    for row in records(pd.DataFrame({"now": known, "before": before})[known < before - 1e-6]):
        figures = (round(float(row["now"]), 1), round(float(row["before"]), 1))
        yield Breach("", place, int(row["year"]), *figures, unit, detail=scope, scope=scope, effect=Effect.RIGID)


@check(inherits=False)
def own_targets(case: Case) -> Iterator[Breach]:
    """The plan's own targets are met for the whole district: shares from the year they are due, seats in that year."""
    targets = case.evidence.scenario.targets
    if not targets:
        return
    table = shares(case.side)
    table = table[(table["county"] == WHOLE) & table["year"].isin(case.years)].dropna(subset=["figure"])
    for number, target in enumerate(targets, start=1):
        counted = target.item in PROMISED
        rows = table[(table["item"] == target.item.value) & (table["year"] >= target.year)].sort_values("year")
        percent = 1.0 if counted else 100.0
        for row in records(rows.head(1 if counted else len(rows)).set_index("year")):
            figure = float(row["figure"])
            if not target.met(figure):
                figures = (round(percent * figure, 1), percent * target.value)
                yield Breach(
                    target.item.value,
                    label(target.item),
                    int(row["year"]),
                    *figures,
                    _("个") if counted else "%",
                    detail=target.source,
                    scope=f"{number}",
                )
