"""A finished plan held against a later year: what was built, what was cleared, what fell, how good the forecast was."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from simulator import counties, indicators, planning, projection
from simulator.audit import Evidence, audit_networks
from simulator.errors import InputError, Problem
from simulator.inputs import District, read_district
from simulator.inputs.next_year import NextYear
from simulator.language import translate as _
from simulator.outputs.compare import read_results
from simulator.outputs.monitor.ledger import ledger
from simulator.outputs.monitor.monitored import Measured, Monitored
from simulator.outputs.monitor.progress import progress_table
from simulator.outputs.monitor.works import promised_works, works_by_year
from simulator.outputs.stored import StoredResult
from simulator.prepared import Prepared, Watcher, grounds
from simulator.scenario import Scenario
from simulator.terms import Network, use_system
from simulator.updating.compared import forecast_against_actual
from simulator.updating.works import due_works, settle

_COUNTS = ["school_id", "stage", "grade", "year", "pupils"]


@dataclass(frozen=True)
class _Actual:
    """The district of the later year: what it is made of, its present network, its figures."""

    prepared: Prepared
    measured: Measured


def monitor(folder: Path, data: Path, year: int | None, watcher: Watcher) -> Monitored:
    """Hold a finished plan against a district folder of a later year.

    Parameters
    ----------
    folder
        The result folder, unchanged since it was written.
    data
        A district folder (or workbook) of the same units in a later year, as `update` writes it.
    year
        The year that the data describe; None takes the last year of its enrolment.
    watcher
        Told of each step.

    Returns
    -------
    Monitored
        Works, seats, cleared problems, indicators and the forecast, promised beside actual.

    Raises
    ------
    InputError
        The result was changed, the data are of another district, or of a year that the plan does not cover.
    """
    watcher.step(_("读取"))
    stored = read_results([folder], unchanged=True)[0]
    use_system(stored.scenario.district.system)
    district = read_district(data)
    enrolment = _enrolment(district)
    when = _year(stored, district, enrolment, year)
    enrolment = enrolment[enrolment["year"] == when].reset_index(drop=True)
    actual = _actual(stored, district, when, watcher)
    watcher.step(_("对照"))
    told = NextYear(when, enrolment, district.classes, district.births)
    works = due_works(stored, stored.plan, stored.scenario.horizon.target_year)
    states = settle(works, (), told)
    promised = promised_works(states.frame(), stored.supply, actual.prepared.supply, district.projects, when)
    names = {str(site): str(name).removesuffix("用地") for site, name in stored.supply.sites["name"].items()}
    return Monitored(
        stored=stored,
        data=data.absolute(),
        year=when,
        invented=district.invented,
        names=names,
        works=promised,
        by_year=works_by_year(promised, when),
        progress=progress_table(_stored_figures(stored), actual.measured, stored.scenario.horizon, when),
        ledger=ledger(stored, actual.measured, actual.prepared.supply, when),
        comparison=forecast_against_actual(stored.demand, stored.operation, stored.demand_bands, enrolment, when),
    )


def _enrolment(district: District) -> pd.DataFrame:
    """Pupils by school, stage, grade and year; of the class list where no enrolment is given."""
    if len(district.enrolment):
        counted: pd.DataFrame = district.enrolment[_COUNTS]
        return counted
    years = {source.table: source.as_of for source in district.sources}
    sums = district.classes.groupby(["school_id", "stage", "grade"], as_index=False)["pupils"].sum()
    listed: pd.DataFrame = sums.assign(year=years.get("classes", 0))[_COUNTS]
    return listed


def _year(stored: StoredResult, district: District, enrolment: pd.DataFrame, asked: int | None) -> int:
    """The year that is looked at, once data and result fit together."""
    problems: list[Problem] = []
    name, title = stored.district
    if district.name != name:
        what = _("成果的区域是“{was}”，数据的区域是“{now}”").format(was=title or name, now=district.title)
        problems.append(Problem(str(district.path), what, _("请给出同一区域的数据")))
    elif differing := sorted(set(stored.units["unit_id"]) ^ set(district.units["unit_id"])):
        what = _("划片单元不同：{units}").format(units=_("、").join(differing[:5]))
        problems.append(Problem(str(district.path), what, _("请用与成果相同的划片单元")))
    known = sorted({int(found) for found in enrolment["year"]})
    horizon = stored.scenario.horizon
    year = asked if asked is not None else (known[-1] if known else 0)
    if not known:
        problems.append(Problem(str(district.path), _("没有在校生和班级"), _("请填写“在校生”或“班级”表")))
    elif year not in known:
        what = _("数据中没有 {year} 学年的在校生，只有 {known}").format(year=year, known=_("、").join(map(str, known)))
        problems.append(Problem("--year", what, _("请改正年份，或补上这一年的在校生")))
    elif not horizon.base_year < year <= stored.demand.years[-1]:
        what = _("{year} 学年不在成果的年份 {first}—{last} 中").format(
            year=year, first=horizon.base_year + 1, last=stored.demand.years[-1]
        )
        problems.append(Problem("--year", what, _("请给出基准年以后、预测截止年以前的数据")))
    if problems:
        raise InputError(_("数据与成果对不上"), problems)
    return year


def _actual(stored: StoredResult, district: District, year: int, watcher: Watcher) -> _Actual:
    """The district of the later year, run and measured as the plan's own present network was."""
    scenario = _scenario_of(stored.scenario, year)
    watcher.step(_("学位与通学"))
    ground = grounds(scenario, stored.standards, district)
    supply, today = ground["supply"], ground["catchments"].table
    watcher.step(_("学龄人口预测"))
    projected = projection.project(district, scenario, supply.sections, supply.bands, today)
    prepared = Prepared(
        scenario=scenario,
        scenario_path=stored.folder / "scenario.toml",
        standards=stored.standards,
        district=district,
        projection=projected,
        **ground,
    )
    watcher.step(_("运行与指标"))
    network, operation = counties.present(prepared)
    units, demand = district.units, projected.plan_demand
    figures = indicators.measure(
        network, network, operation, operation, demand, supply, prepared.access, prepared.costs, stored.standards,
        scenario, units,
    )  # fmt: skip
    facts = indicators.board_facts(
        district, projected.population[projected.planned], demand.years, prepared.territory.homes
    )
    board = planning.board(prepared, facts, [(network, operation)])
    audited = audit_networks(
        Evidence(
            scenario=scenario, standards=stored.standards, supply=supply, access=prepared.access, demand=demand,
            catchments=prepared.catchments, territory=prepared.territory, plan=network, no_action=network,
            operation=operation, no_action_operation=operation, units=units,
            admission_plan=district.admission_plan, facts=facts,
        )
    )  # fmt: skip
    return _Actual(prepared, Measured(Network.NO_ACTION, figures, board.variation, operation, audited.findings))


def _scenario_of(scenario: Scenario, year: int) -> Scenario:
    """The plan's scenario seen from a later base year: phases that have passed go, and nothing is decided anew."""
    horizon = scenario.horizon
    target = max(horizon.target_year, year + 1)
    phases = tuple(
        phase.model_copy(update={"first_year": max(phase.first_year, year + 1)})
        for phase in scenario.plan_phases
        if phase.last_year > year
    )
    years = {"base_year": year, "target_year": target, "projection_to": max(horizon.projection_to, target)}
    return scenario.model_copy(
        update={
            "horizon": horizon.model_copy(update=years),
            "phases": phases,
            "decisions": (),
            "targets": (),
            "budget": scenario.budget.model_copy(update={"capital_wan": None}),
        }
    )


def _stored_figures(stored: StoredResult) -> Measured:
    """The plan's own figures."""
    return Measured(Network.PLAN, stored.indicators, stored.variation, stored.operation, stored.audit.findings)
