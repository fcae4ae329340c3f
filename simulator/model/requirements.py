"""What is already decided, by the planner's decisions and by the register of works."""

from __future__ import annotations

from dataclasses import replace

from simulator.capacity.supply import Supply
from simulator.language import translate as _
from simulator.model.problem import Phase, Requirement, Section, Site
from simulator.scenario import Decision, Scenario


def closing_asked(scenario: Scenario, supply: Supply) -> frozenset[str]:
    """Sections that may close because the planner or a committed work says so."""
    asked = {
        str(section_id)
        for decision in scenario.decisions
        if decision.decision == "close"
        for section_id in _sections_at(supply, decision)
    }
    works = supply.committed[supply.committed["kind"] == "consolidation"]
    return frozenset(
        asked | {f"{site}:{stage}" for site, stage in zip(works["site_id"], works["stage"], strict=True)}
    )


def _sections_at(supply: Supply, decision: Decision) -> list[str]:
    frame = supply.sections
    rows = frame[frame["site_id"] == decision.place]
    if decision.stage is not None:
        rows = rows[rows["stage"] == decision.stage]
    return [str(section_id) for section_id in rows.index]


def requirements_of(
    scenario: Scenario,
    supply: Supply,
    sections: tuple[Section, ...],
    sites: tuple[Site, ...],
    phases: tuple[Phase, ...],
) -> tuple[Requirement, ...]:
    """The requirements of works first, then of the planner's decisions.

    A work in the middle of a phase counts from the next phase on: seats are never promised early.
    """
    code_of = {section.section_id: code for code, section in enumerate(sections)}
    site_of = {site.site_id: code for code, site in enumerate(sites)}
    found: list[Requirement] = []
    for work in supply.committed.itertuples():
        phase = _phase_from(phases, int(work.year))
        if phase is None or work.site_id not in site_of:
            continue
        section = code_of.get(f"{work.site_id}:{work.stage}", -1)
        source = _("projects 表 {project}（{year}年）").format(project=work.project_id, year=int(work.year))
        kind = {"new_build": "open", "consolidation": "closed"}.get(str(work.kind), "rooms")
        site = site_of[str(work.site_id)]
        found.append(Requirement("committed_happens", kind, phase, section, site, int(work.classes), source))
    found = _summed(found)
    for decision in scenario.decisions:
        found.extend(_decided(decision, supply, code_of, site_of, phases))
    return tuple(found)


def _summed(works: list[Requirement]) -> list[Requirement]:
    """Rooms of several works at one site add up, phase by phase."""
    result: list[Requirement] = []
    held: dict[int, int] = {}
    for work in sorted(works, key=lambda entry: entry.phase):
        if work.kind == "rooms":
            held[work.site] = held.get(work.site, 0) + work.amount
            result.append(replace(work, amount=held[work.site]))
        else:
            result.append(work)
    return result


def _decided(
    decision: Decision,
    supply: Supply,
    code_of: dict[str, int],
    site_of: dict[str, int],
    phases: tuple[Phase, ...],
) -> list[Requirement]:
    phase = 0 if decision.year is None else _phase_from(phases, decision.year)
    if phase is None or decision.place not in site_of:
        return []
    site = site_of[decision.place]
    source = _("decisions：{place} {decision}").format(place=decision.place, decision=decision.decision)
    kind = {"keep": "open", "build": "open", "close": "closed", "extend": "rooms", "forbid": "forbidden"}
    amount = decision.classes or 0
    if decision.decision == "extend":
        return [Requirement("planner_decides", "rooms", phase, -1, site, max(amount, 1), source)]
    return [
        Requirement("planner_decides", kind[decision.decision], phase, code_of[section_id], site, amount, source)
        for section_id in _sections_at(supply, decision)
        if section_id in code_of
    ]


def _phase_from(phases: tuple[Phase, ...], year: int) -> int | None:
    """First phase that starts in `year` or later; None when the plan ends before."""
    return next((code for code, phase in enumerate(phases) if phase.first_year >= year), None)
