"""Supply, journeys, demand and settings → the optimization problem."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from simulator.capacity.access import Access
from simulator.capacity.costs import Costs
from simulator.capacity.levers import temporary_wan
from simulator.capacity.supply import Catchments, Supply
from simulator.capacity.territory import Territory
from simulator.model.blocks import aside_of, blocks_and_pairs, reach_of
from simulator.model.consolidation import consolidation_of
from simulator.model.ground import entered_children, ground_of
from simulator.model.problem import Block, FloatArray, Module, Phase, Prices, Problem, Section, Site
from simulator.model.requirements import (
    assigned_pairs,
    closing_asked,
    conversion_committed,
    extra_costs,
    requirements_of,
    rooms_committed,
    temporary_rooms,
)
from simulator.model.unavoidable import constant_cost, unavoidable_cost
from simulator.model.zoning import Zoning
from simulator.model.zoning_from_tables import groups_of, zone_codes, zones_of, zoning_of
from simulator.projection.demand import Demand
from simulator.rules import active
from simulator.scenario import Scenario
from simulator.standards import Standards
from simulator.terms import COMPULSORY, Regime, SectionKind, Stage

Row = pd.Series  # one section of the supply: values of several types


@dataclass(frozen=True)
class Evidence:
    """Everything that a problem is made of."""

    scenario: Scenario
    standards: Standards
    supply: Supply
    access: Access
    catchments: Catchments
    territory: Territory
    costs: Costs
    demand: Demand
    area_kinds: Mapping[str, str]
    """Unit → kind of area."""
    groups: Mapping[str, str] = field(default_factory=dict)
    """Unit → group of units that belong together; empty where it has none."""
    admission_plan: pd.DataFrame = field(
        default_factory=lambda: pd.DataFrame(columns=["school_id", "stage", "year", "seats"])
    )
    """school_id, stage, year, seats."""


def assemble(evidence: Evidence) -> Problem:
    """Make the problem of the planned variant."""
    scenario, supply, demand = evidence.scenario, evidence.supply, evidence.demand
    years = tuple(scenario.plan_years)
    positions = {year: code for code, year in enumerate(years)}
    phases = tuple(
        Phase(
            number,
            data.first_year,
            data.last_year,
            tuple(positions[y] for y in years if data.first_year <= y <= data.last_year),
        )
        for number, data in enumerate(scenario.plan_phases, start=1)
    )
    sites, sections = _network(evidence)
    aside = aside_of(supply, evidence.catchments)
    zones = zones_of(evidence)
    reach = reach_of(
        evidence.access, scenario.access, evidence.catchments, aside, demand.units, evidence.area_kinds, supply.bands
    ).zoned(zones, groups_of(evidence.groups, demand.units), assigned_pairs(scenario, supply, zones))
    blocks, pairs = blocks_and_pairs(reach, supply, sections, {stage for stage, _ in demand.cells})
    children = (
        np.stack([_children(demand, block, years, aside) for block in blocks]) if blocks else np.zeros((0, len(years)))
    )
    entered = entered_children(demand, blocks, phases, years, aside)
    consolidation = consolidation_of(
        scenario,
        supply,
        evidence.access,
        demand,
        evidence.area_kinds,
        closing_asked(scenario, supply),
        phases=phases,
        sections=sections,
        sites=sites,
        blocks=blocks,
        pairs=pairs,
        youngest_boarder=evidence.standards.value("travel.young_last_grade") + 1,
    )
    weights = (1 + scenario.objective.discount_rate) ** -np.arange(len(years), dtype=float)
    pools = {
        stage: demand.of(stage)[:, [demand.years.index(year) for year in years]].sum(axis=0)
        # A private school is balanced in a pool of its own stage only where that stage has no catchments.
        for stage in dict.fromkeys(section.stage for section in sections if section.pool)
        if stage not in {block.stage for block in blocks}
    }
    problem = Problem(
        units=demand.units,
        years=years,
        phases=phases,
        sections=sections,
        sites=sites,
        blocks=blocks,
        children=children,
        pools=pools,
        pair_block=pairs["block"].to_numpy(np.int64),
        pair_section=pairs["section"].to_numpy(np.int64),
        minutes=pairs["minutes"].to_numpy(float),
        today=pairs["today"].to_numpy(float),
        lawful=pairs["lawful"].to_numpy(bool),
        mode=pairs["mode"].to_numpy(np.int64),
        weights=weights / weights.sum(),
        lead_new=scenario.timing.lead_years_new,
        lead_extension=scenario.timing.lead_years_extension,
        overlap_years=scenario.timing.overlap_years,
        closures_per_year=scenario.timing.closures_per_year,
        base_year=scenario.horizon.base_year,
        budget_wan=scenario.budget.capital_wan,
        requirements=requirements_of(scenario, supply, sections, sites, phases, demand.units, zones),
        centres=_centres(sections),
        least_use=evidence.standards.value("alert.deep_surplus"),
        unavoidable=0.0,
        constant=0.0,
        aside=aside,
        prices=_prices(scenario, evidence.costs),
        rules=active(scenario.rules.off, scenario.rules.on),
        rezoning=scenario.candidates.rezoning,
        school_count={stage: (least, most) for stage, (least, most) in scenario.candidates.schools.items()},
        entered=entered,
        consolidation=consolidation,
        **ground_of(evidence.territory, demand.units, sections, sites, blocks, pairs),
    )
    # The shared catchments first: what a zone may admit is counted by zone.
    problem = replace(problem, zoning=Zoning(zones=zone_codes(zones, sections)))
    problem = replace(problem, zoning=zoning_of(evidence, problem))
    return _with_constants(problem, evidence)


def _with_constants(problem: Problem, evidence: Evidence) -> Problem:
    constant = constant_cost(problem, evidence.costs)
    return replace(problem, constant=constant, unavoidable=unavoidable_cost(problem, constant))


def _prices(scenario: Scenario, costs: Costs) -> Prices:
    goals = scenario.objective
    return Prices(
        minute=2 * goals.school_days * goals.value_of_time / 60,
        shortage=goals.shortage,
        over_standard=goals.over_standard,
        moved=goals.moved,
        changed=goals.changed,
        changed_decision_wan=goals.changed_decision_wan,
        annuity=costs.annuity,
        conversion_room_wan=costs.conversion_room_wan,
        bus_seat=costs.bus_pupil_year,
        boarder=costs.boarder_year,
    )


def _children(
    demand: Demand, block: Block, years: tuple[int, ...], aside: Mapping[str, Mapping[str, float]]
) -> FloatArray:
    """Children of a block by year who go by catchment or choice, without those of schools that have no catchment."""
    columns = [demand.years.index(year) for year in years]
    total = np.zeros(len(years))
    for band in block.bands:
        rows = [
            code for code, (stage, grade) in enumerate(demand.cells) if stage is block.stage and grade in band.grades
        ]
        left = 1 - sum(aside.get(band.band_id, {}).values())
        total += left * demand.children[block.unit][np.ix_(rows, columns)].sum(axis=0)
    return total


def _network(evidence: Evidence) -> tuple[tuple[Site, ...], tuple[Section, ...]]:
    """Sites and sections that run today or may run, in the order of the supply."""
    supply, scenario = evidence.supply, evidence.scenario
    modules = _modules(supply)
    frame = supply.sections
    usable = frame[frame["existing"] | frame["site_id"].isin(modules)]
    site_ids = list(dict.fromkeys(usable["site_id"]))
    code_of = {section_id: code for code, section_id in enumerate(usable.index)}
    closing = closing_asked(scenario, supply)
    aside = {section for taken in aside_of(supply, evidence.catchments).values() for section in taken}
    sections = tuple(
        _section(
            evidence,
            str(section_id),
            row,
            site_ids.index(row["site_id"]),
            closing=str(section_id) in closing,
            aside=str(section_id) in aside,
        )
        for section_id, row in usable.iterrows()
    )
    sites = tuple(_site(evidence, site_id, code_of, usable, modules.get(site_id, {})) for site_id in site_ids)
    return sites, sections


def _section(evidence: Evidence, section_id: str, row: Row, site: int, *, closing: bool, aside: bool) -> Section:
    stage = Stage(row["stage"])
    costs = evidence.costs.stages[stage]
    paid = float(row["public"] and row["decided_here"])
    return Section(
        section_id=section_id,
        name=str(row["name"]),
        township=str(evidence.supply.sites.loc[row["site_id"], "township"]),
        site=site,
        stage=stage,
        pool=row["regime"] == Regime.POOL,
        existing=bool(row["existing"]),
        can_close=(bool(row["can_close"]) and not aside) or closing,
        ours=bool(row["decided_here"]),
        public=bool(row["public"]),
        protected=bool(row["protected"]),
        aside=aside,
        grows=rooms_committed(evidence.scenario, evidence.supply, str(row["site_id"])) > 0,
        classes=int(row["classes"]),
        rooms=int(row["rooms"]),
        class_size=float(row["class_size"]),
        class_size_max=float(row["class_size_max"]),
        fill=first_fill(row),
        seats_fixed=float(row["seats_fixed"]),
        seats_for_district=float(row["seats_for_district"]),
        class_year=costs.class_year * paid,
        section_year=costs.section_year * paid,
    )


def first_fill(row: pd.Series) -> float:
    r"""Fill of a section before operation has shown more: the scenario's, less where classes cannot be even.

    With n classes for G grades, n mod G grades have a class more than the others; half of those classes are
    counted, since cohorts differ: :math:`f = \min(f_0, (G \lfloor n/G \rfloor + (n \bmod G)/2) / n)`.
    """
    grades = int(row["grade_to"]) - int(row["grade_from"]) + 1
    classes = max(int(row["classes"]), int(row["rooms"]))
    if classes < grades or not bool(row["existing"]):
        return float(row["fill"])
    even = (classes // grades) * grades
    return min(float(row["fill"]), (even + (classes - even) / 2) / classes)


def _modules(supply: Supply) -> dict[str, dict[str, tuple[dict[str, int], float]]]:
    """Site → label → (section id → classes, 万元), with the sizes and costs that committed works state."""
    found: dict[str, dict[str, tuple[dict[str, int], float]]] = {}
    for (site_id, label), rows in supply.modules.groupby(["site_id", "module"], sort=False):
        classes = {f"{site_id}:{stage}": int(n) for stage, n in zip(rows["stage"], rows["classes"], strict=True)}
        found.setdefault(str(site_id), {})[str(label)] = (classes, float(rows["capital_wan"].iloc[0]))
    works = supply.committed[supply.committed["kind"] == "new_build"]
    for site_id, rows in works.groupby("site_id", sort=False):
        prefix = str(site_id)
        classes = {f"{prefix}:{stage}": int(n) for stage, n in zip(rows["stage"], rows["classes"], strict=True)}
        known = found.setdefault(prefix, {})
        wan = float(rows["capital_wan"].sum())  # of a school handed over, its fit-out
        label = next((name for name, (offered, _) in known.items() if offered == classes), None)
        known[label or "+".join(str(n) for n in classes.values())] = (classes, wan)
    return found


def _site(
    evidence: Evidence,
    site_id: str,
    code_of: dict[str, int],
    usable: pd.DataFrame,
    modules: dict[str, tuple[dict[str, int], float]],
) -> Site:
    row = evidence.supply.sites.loc[[site_id]].iloc[0]
    scenario = evidence.scenario
    own = usable[usable["site_id"] == site_id]
    new = not bool(own["existing"].any())
    stages = [Stage(stage) for stage in own["stage"]]
    area = scenario.seats.use_area and not new
    norms = {
        kind: {
            code_of[str(section_id)]: evidence.standards.value(f"area.{kind}.{stage}")
            for section_id, stage in zip(own.index, own["stage"], strict=True)
            if area and Stage(stage) in COMPULSORY and not np.isnan(float(row[f"{kind}_area_m2"]))
        }
        for kind in ("teaching", "sports")
    }
    committed = rooms_committed(scenario, evidence.supply, site_id)
    free = min(int(row["max_rooms"]) - int(row["rooms"]), scenario.candidates.largest_extension)
    extension = max(free if own["can_extend"].any() else 0, committed)
    converts = scenario.candidates.convert or conversion_committed(evidence.supply, site_id)
    room_wan = evidence.costs.stages[stages[0]].room_capital_wan
    return Site(
        site_id=site_id,
        name=str(row["name"]),
        township=str(row["township"]),
        sections=tuple(code_of[str(section_id)] for section_id in own.index),
        rooms=int(row["rooms"]),
        max_rooms=int(row["rooms"]) + extension,
        can_extend=extension > 0,
        can_convert=converts and not new,
        teaching_area=float(row["teaching_area_m2"]),
        sports_area=float(row["sports_area_m2"]),
        teaching_norm=norms["teaching"],
        sports_norm=norms["sports"],
        modules=tuple(
            Module(label, {code_of[section]: n for section, n in classes.items()}, wan)
            for label, (classes, wan) in modules.items()
        )
        if new
        else (),
        ready_year=int(row["supply_year"]),
        beds=float(row["beds"]),
        room_capital_wan=room_wan,
        largest=_largest(evidence.standards, own),
        extra_wan=extra_costs(
            scenario,
            evidence.supply,
            site_id,
            {"rooms": room_wan, "converted": evidence.costs.conversion_room_wan},
            temporary_wan(scenario, evidence.standards, site_id),
        ),
        temporary=temporary_rooms(scenario, site_id),
    )


def _largest(standards: Standards, own: pd.DataFrame) -> float:
    """Most compulsory pupils of a campus: the norm, or those of today where they are more; it does not grow further."""
    compulsory = own[own["stage"].isin(COMPULSORY)]
    if compulsory.empty:
        return float("inf")
    both = len(compulsory) > 1 or (compulsory["kind"] == SectionKind.NINE_YEAR).any()
    norm = standards.value("school_size.nine_year" if both else "school_size.compulsory")
    return max(norm, float(compulsory["pupils"].sum()))


def _centres(sections: tuple[Section, ...]) -> dict[str, tuple[int, ...]]:
    found: dict[str, list[int]] = {}
    for code, section in enumerate(sections):
        if section.stage is Stage.KINDERGARTEN and section.public:
            found.setdefault(section.township, []).append(code)
    return {township: tuple(codes) for township, codes in found.items()}
