"""The decisions, declared in PuLP under position codes; a key table gives the names.

PuLP maps many characters to `_`, so names of schools would collide: `assigned_u12_s3_b1_p2` cannot.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, TypeAlias

import numpy as np
import pulp

from simulator.model.cohorts import NOBODY, Cohorts
from simulator.model.problem import Problem, Section, Site
from simulator.terms import STAGE_GRADES

Term: TypeAlias = pulp.LpVariable | int | float
"""A decision, or its value where nothing is to decide."""
Expression: TypeAlias = pulp.LpAffineExpression


@dataclass(frozen=True)
class Variables:
    """The decisions of a problem.

    Parameters
    ----------
    assigned
        (pair, phase) → share of the block that the section serves; 0/1 for whole units.
    unserved
        (block, phase) → share of the block without a section in reach.
    open
        (section, phase) → whether the section runs: a decision, or 0/1 where nothing is to decide.
    size
        (site, module, phase) → whether the new school runs with this module.
    classes
        (section, phase) → classes run; the base year's number where this bureau does not set it.
    free_rooms
        (section, phase) → rooms used out of the campus's free and added ones.
    added_rooms
        (site, phase) → rooms added so far.
    converted
        (section, section, phase) → rooms converted so far from the first to the second.
    seats
        (section, phase) → seats used where area, or the part open to the district, limits them below classes × class size.
    over_standard, short
        (section, year) → pupils above the standard size; children beyond the largest class.
    pool_over, pool_short
        (stage, year) → the same of a stage under 全区统筹.
    moved
        (block, phase) → share of the block whose catchment changes when the phase starts.
    attends
        (pair, cohort, phase) → share of the cohort that the section serves; only where enrolled children keep their
        school. The catchment's own decision (or today's share) where the cohort can only be there.
    waiting, leaving
        (block, cohort, phase) → share of a cohort without a section; share that must leave its school as it closes.
    uprooted
        (block, phase) → share of the block whose school closes when the phase starts.
    reworked
        (site, phase) → whether rooms added or converted are not those of the earlier plan to stay close to.
    cohorts
        Which cohorts there are.
    """

    assigned: Mapping[tuple[int, int], pulp.LpVariable]
    unserved: Mapping[tuple[int, int], pulp.LpVariable]
    open: Mapping[tuple[int, int], Term]
    size: Mapping[tuple[int, int, int], pulp.LpVariable]
    classes: Mapping[tuple[int, int], Term]
    free_rooms: Mapping[tuple[int, int], pulp.LpVariable]
    added_rooms: Mapping[tuple[int, int], Term]
    converted: Mapping[tuple[int, int, int], pulp.LpVariable]
    seats: Mapping[tuple[int, int], pulp.LpVariable]
    over_standard: Mapping[tuple[int, int], pulp.LpVariable]
    short: Mapping[tuple[int, int], pulp.LpVariable]
    pool_over: Mapping[tuple[str, int], pulp.LpVariable]
    pool_short: Mapping[tuple[str, int], pulp.LpVariable]
    moved: Mapping[tuple[int, int], pulp.LpVariable]
    attends: Mapping[tuple[int, int, int], Term]
    waiting: Mapping[tuple[int, int, int], pulp.LpVariable]
    leaving: Mapping[tuple[int, int, int], pulp.LpVariable]
    uprooted: Mapping[tuple[int, int], pulp.LpVariable]
    reworked: Mapping[tuple[int, int], pulp.LpVariable]
    cohorts: Cohorts

    def decisions(self) -> list[pulp.LpVariable]:
        """Every decision once, numbers left out."""
        tables = [getattr(self, table.name) for table in fields(self) if table.name != "cohorts"]
        found = (term for table in tables for term in table.values() if isinstance(term, pulp.LpVariable))
        return list(dict.fromkeys(found))


def total(terms: list[tuple[Term, float]], constant: float = 0.0) -> Expression:
    """Σ coefficient × decision + constant, where a decision may be a number and may stand in several terms."""
    coefficients: dict[pulp.LpVariable, float] = {}
    for term, coefficient in terms:
        if isinstance(term, int | float):
            constant += coefficient * term
        else:  # PuLP would keep only the last of several terms of one decision
            coefficients[term] = coefficients.get(term, 0.0) + coefficient
    expression = Expression(coefficients)
    expression.constant = constant
    return expression


def pupils(problem: Problem, v: Variables, section: int, year: int, phase: int) -> list[tuple[Term, float]]:
    """Pupils of a section in a year: Σ over its pairs of children × assigned, cohort by cohort where they stay."""
    pairs = problem.pairs_of_section(section).tolist()
    sitting = [term for pair in pairs for term in pupils_of_pair(problem, v, pair, year, phase)]
    return sitting + settlers(problem, v, section, year, phase)


def settlers(problem: Problem, v: Variables, section: int, year: int, phase: int) -> list[tuple[Term, float]]:
    """Pupils of a school in a town whose own school is closed and who did not follow to the receiving one.

    The receiving school keeps a seat for them too: who may follow must find one.
    """
    terms: list[tuple[Term, float]] = []
    for group in problem.consolidation.settlers:
        if group.town == section and group.children[year] > NOBODY:
            terms += [(1, group.children[year]), (v.open[group.closing, phase], -group.children[year])]
    return terms


def pupils_of_pair(problem: Problem, v: Variables, pair: int, year: int, phase: int) -> list[tuple[Term, float]]:
    """Pupils of one pair in a year."""
    block = int(problem.pair_block[pair])
    if not v.cohorts.of_block(block):
        children = float(problem.children[block, year])
        return [(v.assigned[pair, phase], children)] if children > 0 else []
    return [
        (v.attends[pair, cohort, phase], children)
        for cohort in v.cohorts.present(block, phase)
        if (children := float(problem.entered[block, cohort, year])) > NOBODY
    ]


def classes_run(
    problem: Problem, v: Variables, section: int, phase: int, factor: float = 1.0
) -> list[tuple[Term, float]]:
    """Classes of a section in a phase × a factor; none where the section is closed."""
    data = problem.sections[section]
    if data.counts_classes:
        return [(v.classes[section, phase], factor)]
    return [(v.open[section, phase], factor * data.classes)]


def seats(problem: Problem, v: Variables, section: int, phase: int) -> list[tuple[Term, float]]:
    """Seats of a section in a phase, before `fill`."""
    data = problem.sections[section]
    if data.seats_fixed == data.seats_fixed:  # not NaN
        return [(v.open[section, phase], data.seats_fixed)]
    if (section, phase) in v.seats:
        return [(v.seats[section, phase], 1.0)]
    return classes_run(problem, v, section, phase, data.class_size)


def _binary(name: str) -> pulp.LpVariable:
    return pulp.LpVariable(name, cat=pulp.LpBinary)


def _amount(name: str, *, whole: bool = False, most: float | None = None) -> pulp.LpVariable:
    return pulp.LpVariable(name, 0, most, pulp.LpInteger if whole else pulp.LpContinuous)


def _most_rooms(problem: Problem, section: Section, site: Site) -> int:
    built = sum(sum(module.classes.values()) for module in site.modules)
    most = max(site.max_rooms if site.can_extend else site.rooms, section.rooms, built)
    return most + max(site.temporary.values(), default=0)


def _declare_assignment(problem: Problem, v: dict[str, dict[Any, Any]], cohorts: Cohorts) -> None:
    # Nobody is without a place where none may be, nor beside a school of today that stays for certain.
    settled = cohorts.settled if cohorts.any else frozenset()
    placed = range(len(problem.blocks)) if np.isinf(problem.prices.shortage) else settled
    for phase in range(len(problem.phases)):
        for pair, (block, section) in enumerate(
            zip(problem.pair_block.tolist(), problem.pair_section.tolist(), strict=True)
        ):
            data = problem.blocks[block]
            name = f"assigned_u{data.unit}_s{section}_b{data.bands[0].grade_from + 2}_p{phase + 1}"
            v["assigned"][pair, phase] = _binary(name) if data.whole else _amount(name, most=1)
        for block, data in enumerate(problem.blocks):
            code = f"u{data.unit}_{data.stage[0]}b{data.bands[0].grade_from + 2}_p{phase + 1}"
            v["unserved"][block, phase] = _amount(f"unserved_{code}", most=0 if block in placed else 1)
            if data.whole:
                v["moved"][block, phase] = _amount(f"moved_{code}", most=1)


def _declare_cohorts(problem: Problem, v: dict[str, dict[Any, Any]], cohorts: Cohorts) -> None:
    if not cohorts.any:
        return
    free = {(block, cohort, phase) for block, cohort, phase, _before in cohorts.free()}
    for block in range(len(problem.blocks)):
        for cohort in range(len(cohorts.codes)) if cohorts.of_block(block) else ():
            source = cohorts.source(cohort)
            for phase in cohorts.living(block, cohort):
                code = f"b{block}_q{cohort}_p{phase + 1}"
                own = (block, cohort, phase) in free
                if own:
                    v["waiting"][block, cohort, phase] = _amount(f"waiting_{code}", most=1)
                    v["leaving"][block, cohort, phase] = _amount(f"leaving_{code}", most=1)
                for pair in problem.pairs_of_block(block).tolist():
                    v["attends"][pair, cohort, phase] = (
                        _amount(f"attends_n{pair}_q{cohort}_p{phase + 1}", most=1)
                        if own
                        else float(problem.today[pair])
                        if source is None
                        else v["assigned"][pair, source]
                    )


def _declare_closing(problem: Problem, v: dict[str, dict[Any, Any]]) -> None:
    """Blocks that a school in reach may leave without a place; in the first phase, one that serves them today."""
    closes = np.array([section.existing and section.can_close for section in problem.sections], dtype=bool)
    pairs = closes[problem.pair_section] & problem.whole_pairs
    today = np.unique(problem.pair_block[pairs & (problem.today > 0)]).tolist()
    later = np.unique(problem.pair_block[pairs]).tolist()
    for phase in range(len(problem.phases)):
        for block in later if phase else today:
            v["uprooted"][block, phase] = _amount(f"uprooted_k{block}_p{phase + 1}", most=1)


def _declare_sections(problem: Problem, v: dict[str, dict[Any, Any]]) -> None:
    for phase in range(len(problem.phases)):
        for code, section in enumerate(problem.sections):
            site = problem.sites[section.site]
            fixed = section.existing and not section.can_close
            place = f"s{code}_p{phase + 1}"
            v["open"][code, phase] = 1 if fixed else _binary(f"open_{place}")
            if not section.counts_classes:
                v["classes"][code, phase] = section.classes
                continue
            v["classes"][code, phase] = _amount(
                f"classes_{place}", whole=True, most=_most_rooms(problem, section, site)
            )
            if not site.modules:
                v["free_rooms"][code, phase] = _amount(f"free_rooms_{place}")
            limited = section.pool and section.seats_for_district == section.seats_for_district  # not NaN
            if limited or code in site.teaching_norm or code in site.sports_norm:
                most = section.seats_for_district / section.fill if limited else None
                v["seats"][code, phase] = _amount(f"seats_{place}", most=most)


def _declare_sites(problem: Problem, v: dict[str, dict[Any, Any]]) -> None:
    for phase in range(len(problem.phases)):
        for code, site in enumerate(problem.sites):
            room = site.max_rooms - site.rooms
            v["added_rooms"][code, phase] = (
                _amount(f"added_rooms_j{code}_p{phase + 1}", whole=True, most=room)
                if site.can_extend and room > 0
                else 0
            )
            for number in range(len(site.modules)):
                v["size"][code, number, phase] = _binary(f"size_j{code}_k{number}_p{phase + 1}")
            ours = _convertible(problem, site)
            for one in ours:
                for other in ours:
                    if one != other:
                        v["converted"][one, other, phase] = _amount(
                            f"converted_s{one}_s{other}_p{phase + 1}", whole=True, most=site.rooms
                        )
            changeable = not isinstance(v["added_rooms"][code, phase], int) or len(ours) > 1
            if problem.earlier is not None and changeable:
                v["reworked"][code, phase] = _binary(f"reworked_j{code}_p{phase + 1}")


def _convertible(problem: Problem, site: Site) -> list[int]:
    """Sections of a campus whose rooms may change stage."""
    sections = [(code, problem.sections[code]) for code in site.sections]
    if not site.can_convert:
        return []
    return [code for code, section in sections if section.counts_classes and section.ours]


def _declare_yearly(problem: Problem, v: dict[str, dict[Any, Any]]) -> None:
    for year in range(len(problem.years)):
        for code, section in enumerate(problem.sections):
            if not section.pool:
                most = 0 if np.isinf(problem.prices.shortage) else None
                v["over_standard"][code, year] = _amount(f"over_standard_s{code}_t{year}", most=most)
                v["short"][code, year] = _amount(f"short_s{code}_t{year}", most=most)
        for stage in problem.pools:
            v["pool_over"][stage.value, year] = _amount(f"pool_over_{stage}_t{year}")
            v["pool_short"][stage.value, year] = _amount(f"pool_short_{stage}_t{year}")


def declare_variables(problem: Problem) -> Variables:
    """Declare every decision of the problem."""
    cohorts = Cohorts(problem)
    names = [name for name in Variables.__dataclass_fields__ if name != "cohorts"]
    v: dict[str, dict[Any, Any]] = {name: {} for name in names}
    _declare_assignment(problem, v, cohorts)
    _declare_cohorts(problem, v, cohorts)
    _declare_closing(problem, v)
    _declare_sections(problem, v)
    _declare_sites(problem, v)
    _declare_yearly(problem, v)
    return Variables(**v, cohorts=cohorts)


def key_table(problem: Problem) -> list[tuple[str, str]]:
    """(code, name) of every set: what the position codes of the LP names stand for."""
    rows = [(f"u{code}", unit) for code, unit in enumerate(problem.units)]
    rows += [(f"s{code}", section.section_id) for code, section in enumerate(problem.sections)]
    rows += [(f"j{code}", site.site_id) for code, site in enumerate(problem.sites)]
    rows += [(f"p{phase.number}", f"{phase.first_year}-{phase.last_year}") for phase in problem.phases]
    rows += [(f"t{code}", str(year)) for code, year in enumerate(problem.years)]
    first = {grade for grades in STAGE_GRADES.values() for grade in grades}
    return rows + [(f"b{grade + 2}", f"grade {grade}") for grade in sorted(first)]
