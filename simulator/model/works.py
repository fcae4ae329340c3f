"""What a solution opens, closes, adds and converts: by section and phase, with its capital."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from simulator.model.declare import Model
from simulator.model.money import committed_extra
from simulator.model.variables import Term

# Capital below this (万元) is rounding of the solver.
_NO_CAPITAL = 1e-6


@dataclass(frozen=True)
class Values:
    """A solution, asked by decision."""

    model: Model
    by_name: dict[str, float]

    def of(self, term: Term) -> float:
        """Value of a decision, or the number it already is."""
        return float(term) if isinstance(term, int | float) else self.by_name[term.name]

    def whole(self, term: Term) -> int:
        """The same, of a whole-number decision."""
        return round(self.of(term))


def classes_of(values: Values, code: int, phase: int) -> int:
    """Classes that a section runs in a phase; none where it is closed."""
    v = values.model.variables
    return values.whole(v.classes[code, phase]) * values.whole(v.open[code, phase])


def converted_between(values: Values, one: int, other: int, phase: int) -> int:
    """Rooms that change from one section to another at the start of a phase."""
    converted = values.model.variables.converted
    if (one, other, phase) not in converted:
        return 0
    before = values.whole(converted[one, other, phase - 1]) if phase else 0
    return values.whole(converted[one, other, phase]) - before


def converted_into(values: Values, code: int, phase: int) -> int:
    """Rooms that a section gains from others at the start of a phase."""
    return sum(converted_between(values, other, code, phase) for other in _beside(values, code))


def converted_from(values: Values, code: int, phase: int) -> int:
    """Rooms that a section gives to others at the start of a phase."""
    return sum(converted_between(values, code, other, phase) for other in _beside(values, code))


def _beside(values: Values, code: int) -> list[int]:
    problem = values.model.problem
    return [other for other in problem.sites[problem.sections[code].site].sections if other != code]


def rooms_added(values: Values, site: int, phase: int) -> int:
    """Rooms added to a campus at the start of a phase."""
    added = values.model.variables.added_rooms
    return values.whole(added[site, phase]) - (values.whole(added[site, phase - 1]) if phase else 0)


def added_by_section(values: Values, site: int) -> dict[tuple[int, int], int]:
    """(section, phase) → rooms added for it: those that a work names, then where classes grow, the rest to the largest."""
    problem = values.model.problem
    sections = problem.sites[site].sections
    given: dict[tuple[int, int], int] = {}
    have = {code: problem.sections[code].rooms for code in sections}
    sofar = 0
    for phase in range(len(problem.phases)):
        left = rooms_added(values, site, phase)
        for code in sections:
            have[code] += converted_into(values, code, phase) - converted_from(values, code, phase)
        for entry in problem.requirements:
            if (entry.kind, entry.site, entry.phase) == ("rooms", site, phase) and entry.section >= 0:
                rooms = max(min(left, entry.amount - sofar), 0)
                left, sofar = left - rooms, sofar + rooms
                _give(given, have, entry.section, phase, rooms)
        need = {code: _most_classes(values, code, phase) - have[code] for code in sections}
        for code in sorted(sections, key=lambda code: -need[code]):
            rooms = max(min(left, need[code]), 0)
            left, sofar = left - rooms, sofar + rooms
            _give(given, have, code, phase, rooms)
        sofar += left
        _give(given, have, max(sections, key=lambda code: _most_classes(values, code, phase)), phase, left)
    return given


def _give(given: dict[tuple[int, int], int], have: dict[int, int], code: int, phase: int, rooms: int) -> None:
    if rooms:
        given[code, phase] = given.get((code, phase), 0) + rooms
        have[code] += rooms


def _most_classes(values: Values, code: int, phase: int) -> int:
    return max(classes_of(values, code, later) for later in range(phase, len(values.model.problem.phases)))


def built(values: Values, site: int, phase: int) -> list[int]:
    """Positions of the modules that a site takes at the start of a phase."""
    size = values.model.variables.size
    return [
        k
        for k in range(len(values.model.problem.sites[site].modules))
        if values.whole(size[site, k, phase]) > (values.whole(size[site, k, phase - 1]) if phase else 0)
    ]


def capital_of(values: Values, site: int, phase: int) -> list[tuple[int, float]]:
    """(lead years, 万元) of the works of a site that open at the start of a phase."""
    problem = values.model.problem
    data = problem.sites[site]
    new = sum(data.modules[k].capital_wan for k in built(values, site, phase))
    extended = rooms_added(values, site, phase) * data.room_capital_wan
    converted = sum(converted_into(values, code, phase) for code in data.sections)
    works = extended + converted * problem.prices.conversion_room_wan + committed_extra(problem, site, phase)
    return [(problem.lead_new, new), (problem.lead_extension, works)]


def extra_of(values: Values, site: int, phase: int) -> float:
    """万元 of committed works beyond the unit price that fall to the works of a phase.

    A committed work that is done before its year carries its price then.
    """
    problem = values.model.problem
    worked = [
        p
        for p in range(len(problem.phases))
        if rooms_added(values, site, p) or any(converted_into(values, s, p) for s in problem.sites[site].sections)
    ]
    return sum(
        committed_extra(problem, site, due)
        for due in range(len(problem.phases))
        if max((p for p in worked if p <= due), default=-1) == phase
    )


def capital_table(values: Values) -> pd.DataFrame:
    """万元 by year and site: works of a phase are paid evenly over their lead years."""
    problem = values.model.problem
    rows: list[tuple[int, int, str, str, float]] = []
    for phase in range(len(problem.phases)):
        for code, site in enumerate(problem.sites):
            for lead, wan in capital_of(values, code, phase):
                start = problem.phases[phase].first_year
                years = range(start - lead, start) if lead else range(start, start + 1)
                rows.extend(
                    (year, sum(1 for p in problem.phases if p.first_year <= year), site.site_id, "", wan / len(years))
                    for year in years
                    if abs(wan) > _NO_CAPITAL
                )
    return pd.DataFrame(rows, columns=["year", "phase", "site_id", "source", "capital_wan"])
