"""What is already decided, by the planner's decisions and by the register of works."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from simulator.capacity.decisions import zoned_sections
from simulator.capacity.levers import PRIVATE_EXIT
from simulator.capacity.supply import Supply
from simulator.language import translate as _
from simulator.model.problem import Phase, Requirement, Section, Site
from simulator.scenario import Decision, PhaseSettings, Scenario


def closing_asked(scenario: Scenario, supply: Supply) -> frozenset[str]:
    """Sections that may close because the planner or a committed work says so."""
    asked = {
        str(section_id)
        for decision in scenario.decisions
        if decision.decision == "close"
        for section_id in _sections_at(supply, decision)
    }
    works = supply.committed[supply.committed["kind"] == "consolidation"]
    return frozenset(asked | {f"{site}:{stage}" for site, stage in zip(works["site_id"], works["stage"], strict=True)})


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
    units: tuple[str, ...] = (),
    zones: tuple[tuple[str, ...], ...] = (),
) -> tuple[Requirement, ...]:
    """The requirements of works first, then of the planner's decisions.

    A work in the middle of a phase counts from the next phase on: seats are never promised early.
    """
    code_of = {section.section_id: code for code, section in enumerate(sections)}
    site_of = {site.site_id: code for code, site in enumerate(sites)}
    found: list[Requirement] = []
    for work in supply.committed.to_dict("records"):
        phase = _phase_from(phases, int(work["year"]))
        if phase is None or work["site_id"] not in site_of:
            continue
        section = code_of.get(f"{work['site_id']}:{work['stage']}", -1)
        left = str(work["project_id"]).startswith(PRIVATE_EXIT)
        words = _("民办退出 {project}（{year}年）") if left else _("项目库 {project}（{year}年）")
        project = work["site_id"] if left else work["project_id"]
        source = words.format(project=project, year=int(work["year"]))
        kind = _kind_of_work(supply, str(work["site_id"]), str(work["stage"]), str(work["kind"]))
        site = site_of[str(work["site_id"])]
        found.append(Requirement("committed_happens", kind, phase, section, site, int(work["classes"]), source))
        if kind == "closed" and phase and section >= 0 and not sections[section].public:
            # Its owner decides when a private school leaves, not the plan: it stays until then.
            found.append(Requirement("committed_happens", "open", 0, section, site, 0, source, last=phase - 1))
    found = _summed(found)
    for decision in scenario.decisions:
        if decision.about_unit:
            found.extend(_zoned(decision, supply, code_of, zones, units, phases))
            continue
        found.extend(_decided(decision, supply, code_of, site_of, phases))
    return tuple(found)


def _kind_of_work(supply: Supply, site_id: str, stage: str, kind: str) -> str:
    """What a work asks of the plan; a conversion on a campus with no rooms of another stage is an extension."""
    known = {"new_build": "open", "consolidation": "closed", "conversion": "converted"}
    if kind != "conversion":
        return known.get(kind, "rooms")
    frame = supply.sections
    own = frame[(frame["site_id"] == site_id) & frame["existing"] & frame["public"] & frame["decided_here"]]
    own = own[own["seats_fixed"].isna()]
    return "converted" if f"{site_id}:{stage}" in own.index and len(own) > 1 else "rooms"


def _works_at(supply: Supply, site_id: str) -> list[tuple[str, int, int, float]]:
    """What each committed work of a campus asks for, its rooms, year and 万元."""
    works = supply.committed[supply.committed["site_id"] == site_id].to_dict("records")
    return [
        (
            _kind_of_work(supply, site_id, str(work["stage"]), str(work["kind"])),
            int(work["classes"]),
            int(work["year"]),
            float(work["capital_wan"]),
        )
        for work in works
    ]


def rooms_committed(scenario: Scenario, supply: Supply, site_id: str) -> int:
    """Rooms that committed works and the planner's decisions add to a campus."""
    asked = sum(rooms for kind, rooms, _, _ in _works_at(supply, site_id) if kind == "rooms")
    decided = (
        decision.classes or 1
        for decision in scenario.decisions
        if decision.place == site_id and decision.decision == "extend"
    )
    return asked + sum(decided)


def conversion_committed(supply: Supply, site_id: str) -> bool:
    """Whether a committed work changes the stage of rooms of a campus."""
    return any(kind == "converted" for kind, _, _, _ in _works_at(supply, site_id))


def extra_costs(
    scenario: Scenario,
    supply: Supply,
    site_id: str,
    price: Mapping[str, float],
    temporary: Sequence[tuple[int, float]] = (),
) -> dict[int, float]:
    """Phase (0-based) → 万元 by which committed extensions and conversions cost more than rooms at the unit price.

    Parameters
    ----------
    price
        万元 a room of `rooms` and of `converted`.
    temporary
        (first year, 万元) of temporary rooms.
    """
    extra: dict[int, float] = {}
    for kind, rooms, year, wan in _works_at(supply, site_id):
        phase = _phase_from(scenario.plan_phases, year)
        if kind in price and phase is not None:
            extra[phase] = extra.get(phase, 0.0) + wan - rooms * price[kind]
    for year, wan in temporary:
        phase = _phase_from(scenario.plan_phases, year)
        if phase is not None:
            extra[phase] = extra.get(phase, 0.0) + wan
    return extra


def temporary_rooms(scenario: Scenario, site_id: str) -> dict[int, int]:
    """Phase (0-based) → temporary rooms of a campus in all of its years, where there are some."""
    found = {
        code: scenario.levers.temporary_rooms(site_id, phase.first_year, phase.last_year)
        for code, phase in enumerate(scenario.plan_phases)
    }
    return {code: rooms for code, rooms in found.items() if rooms}


def _summed(works: list[Requirement]) -> list[Requirement]:
    """Rooms of several works at one site (of conversions, at one section) add up, phase by phase."""
    result: list[Requirement] = []
    held: dict[tuple[str, int], int] = {}
    for work in sorted(works, key=lambda entry: entry.phase):
        if work.kind in ("rooms", "converted"):
            place = (work.kind, work.site if work.kind == "rooms" else work.section)
            held[place] = held.get(place, 0) + work.amount
            result.append(replace(work, amount=held[place]))
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
    source = _("规划者决定：{place} {decision}").format(place=decision.place, decision=decision.decision)
    kind = {"keep": "open", "build": "open", "close": "closed", "extend": "rooms", "forbid": "forbidden"}
    amount = decision.classes or 0
    if decision.decision == "extend":
        return [Requirement("planner_decides", "rooms", phase, -1, site, max(amount, 1), source)]
    return [
        Requirement("planner_decides", kind[decision.decision], phase, code_of[section_id], site, amount, source)
        for section_id in _sections_at(supply, decision)
        if section_id in code_of
    ]


def _zoned(
    decision: Decision,
    supply: Supply,
    code_of: dict[str, int],
    zones: tuple[tuple[str, ...], ...],
    units: tuple[str, ...],
    phases: tuple[Phase, ...],
) -> list[Requirement]:
    phase = 0 if decision.year is None else _phase_from(phases, decision.year)
    if phase is None or decision.place not in units:
        return []
    words = {"assign": _("规划者决定：{unit} 划入 {school}"), "forbid": _("规划者决定：{unit} 不划入 {school}")}
    source = words[decision.decision].format(unit=decision.place, school=decision.school)
    kind = "assigned" if decision.decision == "assign" else "apart"
    unit = units.index(decision.place)
    last = None if decision.until is None else _phase_until(phases, decision.until)
    return [
        Requirement("planner_decides", kind, phase, code_of[section], -1, 0, source, unit, last, decision.grade)
        for section in sections_meant(decision, supply, zones)
        if section in code_of
    ]


def assigned_pairs(
    scenario: Scenario, supply: Supply, zones: tuple[tuple[str, ...], ...]
) -> frozenset[tuple[str, str]]:
    """(unit_id, section_id) that the planner's decisions ask for."""
    return frozenset(
        (decision.place, section)
        for decision in scenario.decisions
        if decision.decision == "assign"
        for section in sections_meant(decision, supply, zones)
    )


def sections_meant(decision: Decision, supply: Supply, zones: tuple[tuple[str, ...], ...]) -> tuple[str, ...]:
    """Sections with pairs that a decision about a unit means: of a shared catchment the one that stands for it."""
    stands_for = {section: zone[0] for zone in zones for section in zone}
    return tuple(stands_for.get(section, section) for section in zoned_sections(supply, decision))


def _phase_until(phases: Sequence[Phase], year: int) -> int:
    """Last phase that starts in `year` or earlier; −1 when none does."""
    return sum(phase.first_year <= year for phase in phases) - 1


def _phase_from(phases: Sequence[Phase | PhaseSettings], year: int) -> int | None:
    """First phase that starts in `year` or later; None when the plan ends before."""
    return next((code for code, phase in enumerate(phases) if phase.first_year >= year), None)
