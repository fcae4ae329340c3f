"""The check of a plan of a county: every rule anew from its tables; nothing of the planner is imported."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import networkx as nx
import numpy as np

from benchmarks.check import Verdict
from benchmarks.county_attend import CountyPlan
from benchmarks.county_cost import objective_of

_TOLERANCE = 1e-4
_MOST_NAMED = 3


def check_county(plan: CountyPlan) -> Verdict:
    """Check a plan of a county and work its objective out anew."""
    faults: list[str] = []
    for rule in RULES:
        found = list(rule(plan))
        faults += found[:_MOST_NAMED] + [f"… {len(found) - _MOST_NAMED} more"] * (len(found) > _MOST_NAMED)
    return Verdict(
        objective=objective_of(plan), feasible=not faults, connected=not list(connected(plan)), faults=tuple(faults)
    )


def whole(plan: CountyPlan) -> Iterator[str]:
    """Units go to one school in reach that runs, or to none; children who choose are spread over such schools."""
    for phase in plan.phases:
        shares = plan.assigned[phase]
        for code, block in enumerate(plan.problem.blocks):
            own = shares[code]
            where = f"{block.stage} of unit {plan.problem.units[block.unit]} in phase {phase + 1}"
            if own.sum() > 1 + _TOLERANCE or own.min() < -_TOLERANCE:
                yield f"{where}: served {own.sum():g} times"
            if block.whole and ((own > _TOLERANCE) & (own < 1 - _TOLERANCE)).any():
                yield f"{where}: split"
            if (np.isnan(plan.minutes[code]) & (own > _TOLERANCE)).any():
                yield f"{where}: at a school out of reach"
            if ((plan.runs[phase] == 0) & (own > _TOLERANCE)).any():
                yield f"{where}: at a closed school"


def connected(plan: CountyPlan) -> Iterator[str]:
    """A catchment is connected and holds the unit of its school."""
    problem = plan.problem
    graph = nx.Graph(problem.edges.tolist())
    units = np.array([block.unit for block in problem.blocks])
    catchment = np.array([block.whole for block in problem.blocks])
    stages = {block.stage for block in problem.blocks if block.whole}
    for phase in plan.phases:
        for code, section in enumerate(problem.sections):
            members = set(units[catchment & (plan.assigned[phase][:, code] > _TOLERANCE)].tolist())
            where = f"{section.section_id} in phase {phase + 1}"
            holds = int(problem.home[code]) in members
            if section.stage in stages and plan.runs[phase, code] and not holds:
                yield f"{where}: without its own unit"
            parts = nx.number_connected_components(graph.subgraph(members))
            if parts > 1:
                yield f"{where}: in {parts} parts"


def rooms(plan: CountyPlan) -> Iterator[str]:
    """Classes fit the rooms of today, free, added and converted ones; those of a new school the size that was built."""
    for phase in plan.phases:
        built, works = plan.built(phase), plan.works(phase)
        for code, site in enumerate(plan.problem.sites):
            classes = {s: plan.decision(f"classes_s{s}_p{phase + 1}") for s in site.sections}
            where = f"{site.site_id} in phase {phase + 1}"
            if site.modules:
                held = {s: sum(built[code, k] * m.classes[s] for k, m in enumerate(site.modules)) for s in classes}
                if any(classes[s] > held[s] + _TOLERANCE for s in classes):
                    yield f"{where}: more classes than built"
                if any(
                    abs(sum(built[code, k] for k in range(len(site.modules))) - plan.runs[phase, s]) > _TOLERANCE
                    for s in classes
                ):
                    yield f"{where}: runs without a size"
                continue
            free = site.rooms - sum(plan.problem.sections[s].rooms for s in site.sections)
            beyond = 0.0
            for s in classes:
                away = sum(v for name, v in works.items() if name.startswith(f"converted_s{s}_"))
                gained = sum(
                    v for name, v in works.items() if name.startswith("converted_") and name.endswith(f"_s{s}")
                )
                held = plan.problem.sections[s].rooms * plan.runs[phase, s] + gained - away
                beyond += max(0.0, classes[s] - held)
                if not plan.runs[phase, s] and classes[s] > _TOLERANCE:
                    yield f"{where}: classes of a closed section"
            added = works.get(f"added_rooms_j{code}", 0.0)
            if beyond > free + added + _TOLERANCE or added > site.max_rooms - site.rooms + _TOLERANCE:
                yield f"{where}: more classes than rooms"


def timing(plan: CountyPlan) -> Iterator[str]:
    """Closed stays closed, built stays built, no more closures than the quota, nothing before its time."""
    problem = plan.problem
    for phase in plan.phases:
        first = problem.phases[phase].first_year
        start = problem.phases[phase - 1].first_year if phase else problem.base_year
        closed = 0
        for code, section in enumerate(problem.sections):
            before, now = plan.open(code, phase - 1), plan.open(code, phase)
            closed += section.existing and before and not now
            where = f"{section.section_id} in phase {phase + 1}"
            if section.existing and now and not before:
                yield f"{where}: opens again"
            if not section.existing and before and not now:
                yield f"{where}: closes after being built"
            if section.protected and not now:
                yield f"{where}: protected, closes"
            ready = max(problem.sites[section.site].ready_year, problem.base_year) + problem.lead_new
            if not section.existing and now and first < ready:
                yield f"{where}: opens before {ready}"
        if closed > problem.closures_per_year * (first - start) + _TOLERANCE:
            yield f"phase {phase + 1}: {closed} closures"
        earlier, sizes = plan.works(phase - 1), plan.built(phase - 1)
        shrunk = [name for name, value in plan.works(phase).items() if value < earlier.get(name, 0.0) - _TOLERANCE]
        shrunk += [str(key) for key, value in plan.built(phase).items() if value < sizes[key] - _TOLERANCE]
        if shrunk:
            yield f"phase {phase + 1}: {', '.join(shrunk)} fall back"


def money(plan: CountyPlan) -> Iterator[str]:
    """Capital is spent evenly over the lead years and stays within the budget of every phase."""
    problem = plan.problem
    if problem.budget_wan is None:
        return
    spent = np.zeros(len(problem.budget_wan))
    for phase in plan.phases:
        opens = problem.phases[phase].first_year
        for wan, lead in zip(plan.capital_wan(phase), (problem.lead_new, problem.lead_extension), strict=True):
            for year in range(opens - lead, opens) if lead else [opens]:
                spent[sum(data.first_year <= year for data in problem.phases)] += wan / max(lead, 1)
    for phase, (used, budget) in enumerate(zip(spent, problem.budget_wan, strict=True)):
        if used > budget * (1 + _TOLERANCE):
            yield f"phase {phase}: {used:.0f} of {budget:.0f} spent"


def built_before_closed(plan: CountyPlan) -> Iterator[str]:
    """Units that a closing school leaves go to a school open before, with seats for all."""
    problem, short = plan.problem, plan.beyond[1]
    for phase in plan.phases:
        years = list(problem.phases[phase].years)
        wanted = problem.phases[phase].first_year - problem.overlap_years
        earlier = sum(data.first_year <= wanted for data in problem.phases) - 1
        before = plan.assigned[phase - 1] if phase else plan.today
        sat = [before]
        sat += [plan.attends[cohort, phase - 1] if phase else plan.today for cohort in range(phase + 1)]
        closes = np.array([plan.open(s, phase - 1) and not plan.open(s, phase) for s in range(len(problem.sections))])
        for code in np.flatnonzero([block.whole for block in problem.blocks]):
            held = sat if plan.keeps[code] else sat[:1]
            if not any((here[code, closes] > _TOLERANCE).any() for here in held):
                continue
            for section in np.flatnonzero(plan.assigned[phase][code] > _TOLERANCE).tolist():
                where = f"unit {problem.units[problem.blocks[code].unit]} in phase {phase + 1}"
                if problem.overlap_years and not plan.open(section, earlier):
                    yield f"{where}: to {problem.sections[section].section_id}, which was not open before"
                if short[section, years].max() > 1 + _TOLERANCE:
                    yield f"{where}: to {problem.sections[section].section_id}, without seats"


def sizes(plan: CountyPlan) -> Iterator[str]:
    """New schools fill up, campuses stay below the largest size, townships keep a kindergarten."""
    problem, short = plan.problem, plan.beyond[1]
    for phase in plan.phases:
        last = problem.phases[phase].years[-1]
        for code, section in enumerate(problem.sections):
            kept = phase > 0 and plan.open(code, phase - 1)
            least = problem.least_use * section.class_size * _built_classes(plan, code, phase)
            if not section.existing and kept and plan.load[code, last] < least - 1:
                yield f"{section.section_id} in phase {phase + 1}: {plan.load[code, last]:.0f} pupils, fewer than {least:.0f}"
        for site in problem.sites:
            held = [s for s in site.sections if problem.blocks[_first_block(plan, s)].whole]
            for year in problem.phases[phase].years:
                if sum(plan.load[s, year] - short[s, year] for s in held) > site.largest + 1:
                    yield f"{site.site_id} in year {year}: more pupils than a campus holds"
        for township, sections in problem.centres.items():
            today = any(problem.sections[s].existing for s in sections)
            if today and not any(plan.open(s, phase) for s in sections):
                yield f"{township} in phase {phase + 1}: no kindergarten"


def _built_classes(plan: CountyPlan, section: int, phase: int) -> float:
    site = plan.problem.sections[section].site
    modules = plan.problem.sites[site].modules
    return float(sum(plan.built(phase)[site, k] * module.classes[section] for k, module in enumerate(modules)))


def _first_block(plan: CountyPlan, section: int) -> int:
    stage = plan.problem.sections[section].stage
    return next(code for code, block in enumerate(plan.problem.blocks) if block.stage is stage)


RULES: tuple[Callable[[CountyPlan], Iterator[str]], ...] = (
    whole,
    connected,
    rooms,
    timing,
    money,
    built_before_closed,
    sizes,
)
