"""What a planner changed, as decisions of the scenario: fixed, and the rest is optimized again."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from simulator.capacity.decisions import impossible_decisions
from simulator.capacity.supply import Supply
from simulator.errors import InputError, Problem
from simulator.language import translate as _
from simulator.outputs.read_back import Edits, ZoneEdit
from simulator.scenario import Decision, Scenario
from simulator.scenario.checks import decision_faults
from simulator.terms import Band, Stage


def fixed_scenario(scenario: Scenario, edits: Edits, supply: Supply, units: Collection[str]) -> Scenario:
    """The scenario with the changes of a file as decisions after its own.

    A work counts from the first phase that starts in its year or later. A unit is zoned so from the first to the last
    phase in which the file says so; later phases that were not changed stay free.

    Parameters
    ----------
    scenario
        The scenario.
    edits
        What was changed.
    supply, units
        Of the district.

    Raises
    ------
    InputError
        A change cannot be carried out, or contradicts a decision of the scenario; each with its place in the file.
    """
    made = [*_zoned(edits, supply), *_asked(edits)]
    decisions = (*scenario.decisions, *(decision for decision, _where in made))
    own = len(scenario.decisions)
    problems = [
        Problem(made[number - own][1], what)
        for path, what in decision_faults(scenario.horizon, scenario.phases, decisions)
        if (number := int(str(path[1]))) >= own
    ]
    fixed = scenario.model_copy(update={"decisions": decisions})
    if not problems:
        places = {f"decisions[{number}]": where for number, (_decision, where) in enumerate(made, start=own + 1)}
        problems = [
            Problem(places[at], one.what, one.remedy)
            for one in impossible_decisions(fixed, supply, units)
            if (at := one.where.split(".", 1)[0]) in places
        ]
    if problems:
        title = _("{file} 的 {count} 处修改无法作为已定事项").format(file=edits.path.name, count=len(problems))
        raise InputError(title, problems)
    return fixed


def _asked(edits: Edits) -> Iterator[tuple[Decision, str]]:
    for work in edits.works:
        site, stage = work.section_id.rsplit(":", 1)
        decision = Decision.model_validate(
            {
                "place": site,
                "stage": stage,
                "decision": work.do,
                "year": work.year or None,
                "classes": work.amount or None,
            }
        )
        yield decision, work.where


def _zoned(edits: Edits, supply: Supply) -> Iterator[tuple[Decision, str]]:
    """One decision for a run of phases in which a unit goes to the same school."""
    last = max(edits.phases)
    for first, until in _runs(edits.zones):
        band = first.band
        whole = len(supply.bands_of(band.stage)) == 1
        decision = Decision.model_validate(
            {
                "place": first.unit_id,
                "school": first.after[0],
                "decision": "assign",
                "stage": Stage(band.stage),
                "year": edits.phases[first.phase][0],
                "until": None if until == last else edits.phases[until][1],
                "grade": None if whole else band.grade_from,
            }
        )
        yield decision, first.where


def _runs(zones: tuple[ZoneEdit, ...]) -> Iterator[tuple[ZoneEdit, int]]:
    """Edits of one unit and band to the same school in phases that follow one another: the first, and the last phase."""
    order = sorted(zones, key=lambda edit: (edit.unit_id, edit.band, edit.phase))
    start: ZoneEdit | None = None
    end = 0
    for edit in order:
        if start is not None and _same(start, edit) and edit.phase == end + 1:
            end = edit.phase
            continue
        if start is not None:
            yield start, end
        start, end = edit, edit.phase
    if start is not None:
        yield start, end


def _same(one: ZoneEdit, other: ZoneEdit) -> bool:
    def key(edit: ZoneEdit) -> tuple[str, Band, tuple[str, ...]]:
        return edit.unit_id, edit.band, edit.after

    return key(one) == key(other)
