"""T23: capital by project, source and year with its preparation, and the sums by source against the money there is."""

from __future__ import annotations

import math

import pandas as pd

from simulator.capacity.levers import handed_over
from simulator.language import translate as _
from simulator.outputs.titles import site_names
from simulator.outputs.workbook.sheet import Format, Sheet, numbers, texts
from simulator.result import Result
from simulator.terms import Action, Preparation, label

_MONTHS = 12


def funds_sheet(result: Result) -> Sheet:
    """年度资金计划表: a row a project and source, then the sums by source beside the table of funds."""
    capital = result.plan.capital
    years = sorted({int(year) for year in capital["year"]})
    rows = pd.concat([_projects(result, years), _sums(result, years)], ignore_index=True)
    columns = (
        *texts(("place", _("项目")), ("site_id", _("编号")), ("source", _("资金来源"))),
        *texts(
            ("state", _("前期工作")),
        ),
        *numbers(Format.YEAR, ("prepare", _("前期启动")), ("open", _("启用"))),
        *numbers(Format.TENTH, ("total", _("合计"))),
        *numbers(Format.TENTH, *((f"y{year}", _("{year}年").format(year=year)) for year in years)),
        *numbers(Format.TENTH, ("running", _("启用当年\n运行费"))),
    )
    return Sheet(_("T23 年度资金"), _("年度资金计划表"), _("单位：万元"), columns, rows, _note(result))


def _note(result: Result) -> str:
    note = _("投资在启用前的建设年份平均安排；未填 funding（资金来源）表的项目按县级财政计。")
    note += _("代建移交的学校不用基建预算，启用后的人员和公用经费由县级负担，见“启用当年运行费”。")
    if result.scenario.budget.capital_wan is None:
        note += _("情景未设投资限额。")
    return note


def _projects(result: Result, years: list[int]) -> pd.DataFrame:
    """Every place with works, also one that costs no budget, by source."""
    capital, names, given = result.plan.capital, site_names(result), handed_over(result.district)
    spent = capital.groupby(["site_id", "source"])["capital_wan"].sum()
    by_year = capital.groupby(["site_id", "source", "year"])["capital_wan"].sum()
    opening, running = _openings(result), result.finance.openings.set_index("site_id")["running_wan"]
    rows: list[dict[str, object]] = []
    for site in dict.fromkeys([*capital["site_id"].astype(str), *opening.index.astype(str)]):
        own = [source for place, source in spent.index if place == site]
        sources = [*own, *([_("代建移交")] if site in given else [])] or [""]
        for number, source in enumerate(sources):
            first = number == 0
            cost = {f"y{year}": float(by_year.get((site, source, year), 0.0)) for year in years}
            rows.append(
                {
                    "place": names.get(site, site),
                    "site_id": site,
                    "source": source,
                    "state": preparation_state(result, site),
                    "prepare": _preparation_year(result, site) if first else math.nan,
                    "open": float(opening.get(site, math.nan)),
                    "total": float(spent.get((site, source), 0.0)),
                    "running": float(running.get(site, math.nan)) if first else math.nan,
                    **cost,
                }
            )
    names_of = ["place", "site_id", "source", "state", "prepare", "open", "total", "running"]
    return pd.DataFrame(rows, columns=[*names_of, *(f"y{year}" for year in years)])


def _openings(result: Result) -> pd.Series[int]:
    """First year in which works of the plan at a place are in use."""
    works = result.plan.actions
    works = works[works["action"].isin([Action.NEW_BUILD, Action.EXTENSION, Action.CONVERSION, Action.ADD_SECTION])]
    passing = pd.DataFrame(
        [(lever.place, lever.first_year) for lever in result.scenario.levers.temporary], columns=["site_id", "year"]
    )
    both = pd.concat([works[["site_id", "year"]], passing.astype({"year": int})], ignore_index=True)
    return both.groupby("site_id")["year"].min().sort_values()


def preparation_state(result: Result, site: str) -> str:
    """前期工作 as the table of projects has it, else whether the project is committed."""
    projects = result.district.projects
    own = projects[projects["place_id"].astype(str) == site] if len(projects) else projects
    if len(own) and "preparation" in own and (told := [word for word in own["preparation"].fillna("") if word]):
        return label(Preparation(str(told[0])))
    return _("已立项") if site in set(result.supply.committed["site_id"]) else _("拟建")


def _preparation_year(result: Result, site: str) -> float:
    """Year in which preparation of a new building must begin: its months before the first year of spending."""
    capital = result.plan.capital
    years = capital.loc[capital["site_id"] == site, "year"]
    built = result.plan.actions
    new = ((built["site_id"] == site) & (built["action"] == Action.NEW_BUILD)).any()
    if not len(years) or not new:
        return math.nan
    return float(years.min()) - math.ceil(result.standards.value("lead_months.preparation") / _MONTHS)


def _sums(result: Result, years: list[int]) -> pd.DataFrame:
    """Sums by source, and what the table of funds has of it in the same years."""
    capital, funds = result.plan.capital, result.district.funds
    rows = []
    for source, own in capital.groupby("source", sort=False):
        by_year = own.groupby("year")["capital_wan"].sum()
        rows.append(_sum_row(_("合计"), str(source), by_year, years))
        there = funds[funds["source"].astype(str) == source] if len(funds) else funds
        if len(there):
            known = there.groupby("year")["amount_wan"].sum().astype(float)
            rows.append(_sum_row(_("可用资金"), str(source), known, years))
            rows.append(_sum_row(_("余缺"), str(source), known.sub(by_year, fill_value=0.0), years))
    return pd.DataFrame(rows)


def _sum_row(title: str, source: str, by_year: pd.Series[float], years: list[int]) -> dict[str, object]:
    cells = {f"y{year}": float(by_year.get(year, 0.0)) for year in years}
    return {"place": title, "site_id": "", "source": source, "state": "", "total": sum(cells.values()), **cells}
