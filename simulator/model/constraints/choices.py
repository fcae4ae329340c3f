"""Rules that hold what is already decided, and by whom."""

from __future__ import annotations

from collections.abc import Iterator

from simulator.model.constraints.register import Row, constraint
from simulator.model.problem import Problem, Requirement
from simulator.model.variables import Term, Variables, total


def _held(problem: Problem, v: Variables, entry: Requirement, number: int) -> Iterator[Row]:
    for phase in range(entry.phase, len(problem.phases) if entry.last is None else entry.last + 1):
        codes = f"d{number}_p{phase + 1}"
        if entry.kind == "open":
            yield f"open_{codes}", total([(v.open[entry.section, phase], 1.0)]) >= 1
            site = problem.sites[entry.site]
            if entry.amount and site.modules:
                held = [
                    (v.size[entry.site, k, phase], float(module.classes.get(entry.section, 0)))
                    for k, module in enumerate(site.modules)
                ]
                yield f"size_{codes}", total(held) == entry.amount
        elif entry.kind == "closed":
            yield f"closed_{codes}", total([(v.open[entry.section, phase], 1.0)]) <= 0
        elif entry.kind == "rooms":
            yield f"rooms_{codes}", total([(v.added_rooms[entry.site, phase], 1.0)]) >= entry.amount
        elif entry.kind == "converted":
            yield f"converted_{codes}", total(_converted_into(v, (entry.section,), phase)) >= entry.amount
        elif entry.kind in ("assigned", "apart"):
            for pair in problem.pairs_of_section(entry.section).tolist():
                code = int(problem.pair_block[pair])
                block = problem.blocks[code]
                meant = entry.grade is None or any(entry.grade in band.grades for band in block.bands)
                if block.unit == entry.unit and block.whole and meant:
                    zoned = total([(v.assigned[pair, phase], 1.0)])
                    yield f"{entry.kind}_k{code}_{codes}", zoned >= 1 if entry.kind == "assigned" else zoned <= 0
        else:
            yield from _forbidden(problem, v, entry, codes, phase)


def _forbidden(problem: Problem, v: Variables, entry: Requirement, codes: str, phase: int) -> Iterator[Row]:
    site = problem.sites[entry.site]
    sections = site.sections if entry.section < 0 else (entry.section,)
    for section in sections:
        wanted = int(problem.sections[section].existing)
        yield f"same_s{section}_{codes}", total([(v.open[section, phase], 1.0)]) == wanted
    works: list[tuple[Term, float]] = [(v.added_rooms[entry.site, phase], 1.0)]
    works += _converted_into(v, sections, phase)
    yield f"rooms_{codes}", total(works) <= 0


def _converted_into(v: Variables, sections: tuple[int, ...], phase: int) -> list[tuple[Term, float]]:
    return [
        (variable, 1.0) for (_, other, when), variable in v.converted.items() if when == phase and other in sections
    ]


@constraint
def committed_happens(problem: Problem, v: Variables) -> Iterator[Row]:
    r"""Works that are committed or under construction happen in their year.

    .. math:: y_{sp} = 1, \quad a_{jp} \ge A_j, \quad \sum_{s'} c_{s'sp} \ge C_s
              \quad \forall \text{works}, a(p) \ge \text{year}
    """
    for number, entry in enumerate(problem.requirements):
        if entry.rule == "committed_happens":
            yield from _held(problem, v, entry, number)


@constraint
def planner_decides(problem: Problem, v: Variables) -> Iterator[Row]:
    r"""What the planner has decided stays decided.

    .. math:: y_{sp} = 1 \text{ (keep, build)}, \quad y_{sp} = 0 \text{ (close)}, \quad a_{jp} \ge A_j \text{ (extend)},
              \quad y_{sp} = y_{s0},\ a_{jp} + \sum_{s'} c_{s'sp} = 0 \text{ (forbid)}, \quad
              x_{usp} = 1 \text{ (assign)}, \quad x_{usp} = 0 \text{ (forbid the school to the unit)}
    """
    for number, entry in enumerate(problem.requirements):
        if entry.rule == "planner_decides":
            yield from _held(problem, v, entry, number)


@constraint
def not_ours(problem: Problem, v: Variables) -> Iterator[Row]:
    r"""A school that this bureau does not decide gains no unit: its catchment may only shrink.

    .. math:: x_{ubsp} = 0 \quad \forall s \text{ of others}, u \text{ not in its catchment of today}
    """
    for pair, section in enumerate(problem.pair_section.tolist()):
        block = problem.blocks[int(problem.pair_block[pair])]
        if block.whole and not problem.sections[section].ours and not problem.today[pair]:
            for phase in range(len(problem.phases)):
                codes = f"u{block.unit}_s{section}_b{block.bands[0].grade_from + 2}_p{phase + 1}"
                yield codes, total([(v.assigned[pair, phase], 1.0)]) <= 0
