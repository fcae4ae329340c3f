"""Decisions that zone a unit for some years, or for the band of one grade only."""

from __future__ import annotations

from dataclasses import replace

import pytest
from pydantic import ValidationError

from simulator.audit.audit import audit_networks
from simulator.model.constraints.register import rows_of
from simulator.model.network import Requirement
from simulator.model.variables import declare_variables
from simulator.scenario import Decision, Scenario
from simulator.scenario.checks import decision_faults
from simulator.terms import Network
from tests import plan_cases as cases
from tests.model_toys_zoning import zoned_by_order


def zoned(place: str, school: str, **given: object) -> dict[str, object]:
    return {"place": place, "school": school, "decision": "assign", "stage": "primary", **given}


def faults(*decisions: dict[str, object]) -> list[str]:
    """Phases begin in 2026 and 2028."""
    settings = cases.scenario()
    made = tuple(Decision.model_validate(one) for one in decisions)
    return [what for _path, what in decision_faults(settings.horizon, settings.phases, made)]


ALLOWED = [
    (zoned("U1", "P1", until=2027), zoned("U1", "L1", year=2028)),
    (zoned("U1", "P1", year=2028), zoned("U1", "L1", year=2026, until=2027)),
    (zoned("U1", "P1", grade=1), zoned("U1", "L1", grade=4)),
    (zoned("U1", "P1", until=2027), {"place": "P1", "decision": "close", "year": 2028}),
]
REFUSED = [
    (zoned("U1", "P1", until=2028), zoned("U1", "L1", year=2028), "矛盾"),
    (zoned("U1", "P1", grade=1), zoned("U1", "L1"), "矛盾"),
    (zoned("U1", "P1", until=2028), {"place": "P1", "decision": "close", "year": 2028}, "矛盾"),
    (zoned("U1", "P1", year=2028), zoned("U1", "P1"), "重复"),
    (zoned("U1", "P1", until=2099), zoned("U2", "P1"), "不在规划年份"),
]


@pytest.mark.parametrize(("one", "other"), ALLOWED)
def test_decisions_of_other_years_and_other_grades_stand_together(one, other):
    assert faults(one, other) == []


@pytest.mark.parametrize(("one", "other", "words"), REFUSED)
def test_decisions_that_meet_in_a_year_and_a_grade_contradict(one, other, words):
    (fault,) = faults(one, other)
    assert words in fault


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"place": "P1", "decision": "close", "until": 2027}, "只有划片"),
        ({"place": "P1", "decision": "close", "grade": 1}, "只有划片"),
        (zoned("U1", "P1", year=2028, until=2027), "早于开始的年份"),
    ],
)
def test_only_a_unit_is_decided_for_a_while(given, words):
    with pytest.raises(ValidationError, match=words):
        Decision.model_validate(given)


def rows(**given: int) -> list[str]:
    asked = Requirement("planner_decides", "assigned", 0, 1, -1, 0, "U0 to S1", 0, **given)
    toy = replace(zoned_by_order(), requirements=(asked,))
    return sorted(name for name, _row in rows_of("planner_decides", toy, declare_variables(toy)))


def test_the_model_holds_a_unit_in_its_phases_and_its_band_only():
    """Two phases, one block of all primary grades: two rows; one until the first phase; none for a junior grade."""
    always = rows()
    assert len(always) == 2
    assert rows(last=0) == always[:1]
    assert rows(grade=1) == always
    assert rows(grade=7) == []


def found(*decisions: dict[str, object]) -> list[tuple[str, int]]:
    settings = Scenario.model_validate(cases.scenario().model_dump() | {"decisions": decisions})
    audit = audit_networks(cases.evidence(settings=settings))
    own = audit.of(Network.PLAN)
    own = own[own["rule"] == "planner_decides"]
    return list(own[["place_id", "year"]].itertuples(index=False, name=None))


def test_the_audit_holds_a_unit_in_its_years_and_its_band_only():
    """U2 goes to P1 in phase 1 and to L1 in phase 2; U3's grades 1–3 go to P2 in phase 1, its grades 4–6 to N1."""
    assert found(zoned("U2", "P1")) == [("U2", 2028), ("U2", 2028)]
    assert found(zoned("U2", "P1", until=2027)) == []
    assert found(zoned("U2", "L1", year=2028)) == []
    assert found(zoned("U3", "N1", grade=4)) == []
    assert found(zoned("U3", "N1", grade=1)) == [("U3", 2026)]
