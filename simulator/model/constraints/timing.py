"""Rules about years: opening, closing, lead times and money."""

from __future__ import annotations

from collections.abc import Iterator

from simulator.model.constraints.register import Row, constraint
from simulator.model.money import capital_terms
from simulator.model.problem import Problem
from simulator.model.variables import Term, Variables, total


def _closable(problem: Problem) -> list[int]:
    return [code for code, section in enumerate(problem.sections) if section.existing and section.can_close]


def _before(problem: Problem, v: Variables, section: int, phase: int) -> Term:
    """Whether the section runs in the phase before (phase −1 is today)."""
    if phase == 0:
        return int(problem.sections[section].existing)
    return v.open[section, phase - 1]


@constraint
def closed_stays_closed(problem: Problem, v: Variables) -> Iterator[Row]:
    r"""A school that was closed does not run again.

    .. math:: y_{sp} \le y_{s,p-1} \quad \forall s \text{ of today}, p
    """
    for section in _closable(problem):
        for phase in range(1, len(problem.phases)):
            row = total([(v.open[section, phase], 1.0), (v.open[section, phase - 1], -1.0)]) <= 0
            yield f"s{section}_p{phase + 1}", row


@constraint
def built_stays_built(problem: Problem, v: Variables) -> Iterator[Row]:
    r"""A school that was built keeps running, at the size it was built; added and converted rooms stay.

    .. math:: z_{jkp} \ge z_{jk,p-1}, \quad a_{jp} \ge a_{j,p-1}, \quad c_{ss'p} \ge c_{ss',p-1}
    """
    for phase in range(1, len(problem.phases)):
        for code, site in enumerate(problem.sites):
            for k in range(len(site.modules)):
                row = total([(v.size[code, k, phase], 1.0), (v.size[code, k, phase - 1], -1.0)]) >= 0
                yield f"j{code}_k{k}_p{phase + 1}", row
            if not isinstance(v.added_rooms[code, phase], int):
                added = [(v.added_rooms[code, phase], 1.0), (v.added_rooms[code, phase - 1], -1.0)]
                yield f"rooms_j{code}_p{phase + 1}", total(added) >= 0
        for (one, other, when), variable in v.converted.items():
            if when == phase:
                kept = total([(variable, 1.0), (v.converted[one, other, phase - 1], -1.0)]) >= 0
                yield f"s{one}_s{other}_p{phase + 1}", kept


@constraint
def protected_stays_open(problem: Problem, v: Variables) -> Iterator[Row]:
    r"""A school that must stay (entered, or without another within reach for grades 1–3) stays open.

    .. math:: y_{sp} = 1 \quad \forall s \text{ protected}, p
    """
    for section in _closable(problem):
        if problem.sections[section].protected:
            for phase in range(len(problem.phases)):
                yield f"s{section}_p{phase + 1}", total([(v.open[section, phase], 1.0)]) >= 1


@constraint
def build_before_close(problem: Problem, v: Variables) -> Iterator[Row]:
    r"""A unit leaves a closing school only for one that has been open before, and that has seats for all.

    .. math:: r_{up} \ge x_{us,p-1} + (y_{s,p-1} - y_{sp}) - 1, \qquad
              x_{us'p} + r_{up} - 1 \le y_{s',p-\ell}, \qquad
              \sum_{t \in p} h_{s't} \le H_{s'p} \,(2 - x_{us'p} - r_{up})

    Where enrolled children keep their school, :math:`r_{up} \ge \ell_{uqp}` of every cohort that has to leave.
    """
    for (block, phase), uprooted in v.uprooted.items():
        for number, terms in enumerate(_closing(problem, v, block, phase)):
            code = f"k{block}_p{phase + 1}_{number}"
            yield f"leaves_{code}", total([(uprooted, 1.0), *((term, -factor) for term, factor in terms)]) >= 0
        for pair in problem.pairs_of_block(block).tolist():
            yield from _received(problem, v, pair, phase)


def _closing(problem: Problem, v: Variables, block: int, phase: int) -> Iterator[list[tuple[Term, float]]]:
    """Sums of which each is 1 where the block has to leave a school that closes when the phase starts."""
    if v.cohorts.of_block(block):
        for cohort in v.cohorts.present(block, phase):
            if (block, cohort, phase) in v.leaving:
                yield [(v.leaving[block, cohort, phase], 1.0)]
                if v.cohorts.source(cohort) is None:
                    yield from _shared_today(problem, v, block, phase)
        return
    for pair in problem.pairs_of_block(block).tolist():
        section = int(problem.pair_section[pair])
        data = problem.sections[section]
        if data.existing and data.can_close and (phase or problem.today[pair]):
            here = v.assigned[pair, phase - 1] if phase else 1
            yield [(here, 1.0), (_before(problem, v, section, phase), 1.0), (v.open[section, phase], -1.0), (1, -1.0)]


def _shared_today(problem: Problem, v: Variables, block: int, phase: int) -> Iterator[list[tuple[Term, float]]]:
    """Sums that are 1 where a school closes that serves a part of the block today: the part has to leave, whole."""
    for pair in problem.pairs_of_block(block).tolist():
        section = int(problem.pair_section[pair])
        data = problem.sections[section]
        if data.existing and data.can_close and 0 < problem.today[pair] < 1:
            yield [(_before(problem, v, section, phase), 1.0), (v.open[section, phase], -1.0)]


def _received(problem: Problem, v: Variables, pair: int, phase: int) -> Iterator[Row]:
    """Rows of a school that may receive a block when the block's school closes."""
    block, receiver = int(problem.pair_block[pair]), int(problem.pair_section[pair])
    data = problem.sections[receiver]
    code = f"k{block}_s{receiver}_p{phase + 1}"
    moves: list[tuple[Term, float]] = [(v.assigned[pair, phase], 1.0), (v.uprooted[block, phase], 1.0)]
    if problem.overlap_years and not (data.existing and not data.can_close):
        yield f"open_{code}", total([*moves, (_open_earlier(problem, v, receiver, phase), -1.0)]) <= 1
    most = problem.most_children(receiver, phase)
    short = [(v.short[receiver, year], 1.0) for year in problem.phases[phase].years]
    yield f"seats_{code}", total([*short, *[(term, most * factor) for term, factor in moves]]) <= 2 * most


def _open_earlier(problem: Problem, v: Variables, section: int, phase: int) -> Term:
    """Whether the section ran `overlap_years` before the phase starts."""
    wanted = problem.phases[phase].first_year - problem.overlap_years
    earlier = [code for code, data in enumerate(problem.phases) if data.first_year <= wanted]
    return v.open[section, earlier[-1]] if earlier else int(problem.sections[section].existing)


@constraint
def closures_a_year(problem: Problem, v: Variables) -> Iterator[Row]:
    r"""No more schools close at the start of a phase than the quotas of the years since the last start; totals kept.

    .. math:: \sum_s (y_{s,p-1} - y_{sp}) \le \sum_{a(p-1) < t \le a(p)} q_t \quad \forall p, \qquad
              Q^- \le \sum_s (1 - y_{s,P}) \le Q^+
    """
    # A private school leaves by itself: it is no closing of the bureau.
    closable = [code for code in _closable(problem) if problem.sections[code].public]
    for phase in range(len(problem.phases)) if closable else ():
        terms = [(_before(problem, v, s, phase), 1.0) for s in closable]
        terms += [(v.open[s, phase], -1.0) for s in closable]
        yield f"p{phase + 1}", total(terms) <= problem.most_closures(phase)
    asked, last = problem.consolidation, len(problem.phases) - 1
    gone = [(v.open[s, last], -1.0) for s in closable]
    if closable and asked.most < len(closable):
        yield "most", total(gone, len(closable)) <= asked.most
    if closable and asked.least > 0:
        yield "least", total(gone, len(closable)) >= asked.least


@constraint
def capital_within_budget(problem: Problem, v: Variables) -> Iterator[Row]:
    r"""Capital of a phase stays within its budget; it is spent evenly over the lead years before opening.

    .. math:: \sum_{p'} \sigma_{pp'} C_{p'} \le B_p \quad \forall p = 0, 1, …, \qquad
              \sigma_{pp'} = \text{share of the lead years of } p' \text{ that fall in } p
    """
    if problem.budget_wan is None:
        return
    by_phase: list[list[tuple[Term, float]]] = [[] for _ in problem.budget_wan]
    for opening in range(len(problem.phases)):
        for lead, terms in capital_terms(problem, v, opening):
            for phase, share in spending(problem, opening, lead).items():
                by_phase[phase] += [(term, wan * share) for term, wan in terms]
    for phase, (terms, budget) in enumerate(zip(by_phase, problem.budget_wan, strict=True)):
        if terms:
            yield f"p{phase}", total(terms) <= budget


def spending(problem: Problem, opening: int, lead: int) -> dict[int, float]:
    """Phase (0 = before phase 1) → share of the capital of works opening in `opening` that falls in it."""
    start = problem.phases[opening].first_year
    years = range(start - lead, start) if lead else range(start, start + 1)
    shares: dict[int, float] = {}
    for year in years:
        phase = sum(1 for data in problem.phases if data.first_year <= year)
        shares[phase] = shares.get(phase, 0.0) + 1 / len(years)
    return shares


@constraint
def site_ready(problem: Problem, v: Variables) -> Iterator[Row]:
    r"""A new school opens no earlier than land supply plus lead time, works no earlier than their lead time.

    .. math:: y_{sp} = 0 \quad \text{where } \max(\text{land year}, \text{base year}) + \text{lead} > a(p)
    """
    committed_from = {
        entry.section: entry.phase
        for entry in problem.requirements
        if entry.kind == "open" and entry.rule == "committed_happens"
    }
    for phase, data in enumerate(problem.phases):
        for code, site in enumerate(problem.sites):
            for section in site.sections if site.modules else ():
                early = data.first_year < max(site.ready_year, problem.base_year) + problem.lead_new
                committed = phase >= committed_from.get(section, len(problem.phases))
                if early and not committed and not problem.sections[section].existing:
                    yield f"s{section}_p{phase + 1}", total([(v.open[section, phase], 1.0)]) <= 0
            works = [v.added_rooms[code, phase]] + [
                variable
                for (one, _, when), variable in v.converted.items()
                if when == phase and problem.sections[one].site == code
            ]
            committed = any(
                entry.kind in ("rooms", "converted") and entry.rule == "committed_happens" and entry.site == code
                for entry in problem.requirements
            )
            if data.first_year < problem.base_year + problem.lead_extension and not committed:
                terms = [(work, 1.0) for work in works if not isinstance(work, int)]
                if terms:
                    yield f"works_j{code}_p{phase + 1}", total(terms) <= 0
