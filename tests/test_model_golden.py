"""The rows of every rule as text, and the house that a rule lives in: one name from TOML switch to audit.

A change of a rule shows here as a change of text; `pytest --renew-golden tests/test_model_golden.py` writes it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pulp
import pytest

from simulator.audit.register import CHECKS
from simulator.model.constraints import CONSTRAINTS, rows_of
from simulator.model.declare import declare, rule_of
from simulator.model.objective import ITEMS
from simulator.model.problem import Problem
from simulator.model.variables import declare_variables, key_table
from simulator.rules import RULES, active
from tests import model_toys as toys
from tests import model_toys_enrolled as entrants
from tests import model_toys_ground as ground
from tests import model_toys_zoning as zoning

GOLDEN = Path(__file__).parent / "golden" / "lp"
MORE: dict[str, tuple[Callable[[], Problem], ...]] = (
    {
        "bands_together": (toys.upper_out_of_reach,),
        "pupils_within_seats": (toys.district_pool, toys.closed_by_order),
        "stages_share_rooms": (toys.small_grounds, toys.nine_year_parcel),
        "standard_class_counts": (toys.nine_year_parcel,),
        "build_before_close": (toys.shared_zone_closing, entrants.shared_today),
        "smallest_section": (entrants.filling_slowly,),
        "closures_a_year": (toys.long_phases, toys.planned_closings),
        "committed_happens": (toys.committed_conversion, toys.closed_by_order),
    }
    | zoning.MORE
    | ground.MORE
)
"""Toys beside the one in which the rule binds, for its other rows."""


def toys_of(rule: str) -> tuple[Callable[[], Problem], ...]:
    return (toys.BINDING[rule], *MORE.get(rule, ()))


def written(name: str, row: pulp.LpConstraint) -> str:
    """`name: 1 a - 45 b <= 0`, terms by name."""
    terms = sorted((variable.name, value) for variable, value in row.items())
    words = " ".join(f"{'-' if value < 0 else '+'} {abs(value):.10g} {variable}" for variable, value in terms)
    return f"{name}: {words.removeprefix('+ ') or '0'} {pulp.LpConstraintSenses[row.sense]} {-row.constant + 0.0:.10g}"


def rows_as_text(rule: str) -> str:
    parts = []
    for toy in toys_of(rule):
        problem = toy()
        rows = sorted(written(*row) for row in rows_of(rule, problem, declare_variables(problem)))
        story = (toy.__doc__ or "").strip()
        parts.append("\n".join([f"\\ {toy.__name__}: {story}", *rows]))
    return "\n\n".join(parts) + "\n"


@pytest.mark.parametrize("rule", sorted(CONSTRAINTS))
def test_the_rows_of_the_rule_are_those_of_its_golden_file(rule, renew_golden):
    """Each row by name, terms, sense and right-hand side, exactly."""
    path = GOLDEN / f"{rule}.txt"
    if renew_golden:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(rows_as_text(rule), encoding="utf-8")
    assert path.read_text(encoding="utf-8") == rows_as_text(rule)


def test_every_golden_file_belongs_to_a_rule():
    """No golden file is left over from a rule that is gone."""
    assert {path.stem for path in GOLDEN.glob("*.txt")} == set(CONSTRAINTS)


def test_every_rule_of_the_model_has_one_function_and_one_check():
    """The register, the model and the audit know the same rules."""
    assert {name for name, rule in RULES.items() if rule.in_model} == set(CONSTRAINTS)
    assert set(RULES) == set(CHECKS)


@pytest.mark.parametrize("rule", sorted(CONSTRAINTS))
def test_every_rule_says_what_it_is_with_formula_title_and_source(rule):
    """A sentence for a planner, a formula, a Chinese title, a source, a certainty."""
    words = CONSTRAINTS[rule].__doc__ or ""
    assert re.match(r"[A-Z][^\n]+\.\n", words)
    assert ".. math::" in words
    assert re.search(r"[一-鿿]", RULES[rule].title)
    assert RULES[rule].source
    assert RULES[rule].certainty in {"A", "B", "C", "D"}


@pytest.mark.parametrize("item", sorted(ITEMS))
def test_every_item_of_the_objective_says_its_formula(item):
    """The manual is generated from these."""
    assert ":math:" in (ITEMS[item].__doc__ or "")


@pytest.mark.parametrize("rule", sorted(CONSTRAINTS))
def test_a_rule_that_is_off_adds_no_row_and_changes_no_other(rule):
    """Off means off, and only that."""
    problem = toys.BINDING[rule]()
    on = {name: str(row) for name, row in declare(problem).lp.constraints.items()}
    off = {
        name: str(row) for name, row in declare(replace(problem, rules=problem.rules - {rule})).lp.constraints.items()
    }
    assert {name for name in on if rule_of(name) == rule}
    assert off == {name: row for name, row in on.items() if rule_of(name) != rule}


def test_switches_choose_the_rules_in_force():
    """Rules are on by default, `off` takes them out."""
    assert active((), ()) == {name for name, rule in RULES.items() if rule.default}
    assert "not_ours" not in active(("not_ours",), ())


def test_row_names_are_unique_and_name_their_rule():
    """A name of PuLP carries no character that PuLP would change, and starts with its rule."""
    for toy in {**toys.BINDING, **toys.OTHERS}.values():
        names = list(declare(toy()).lp.constraints)
        assert all(re.fullmatch(r"[a-z0-9_]+", name) for name in names)
        assert all(rule_of(name) in RULES or name.startswith(("moved_", "enrolled_", "leaving_")) for name in names)


def test_the_key_table_gives_every_code_a_name():
    """Codes of the LP names: units, sections, sites, phases, years."""
    problem = toys.two_bands()
    table = dict(key_table(problem))
    assert [table[code] for code in ("u1", "s2", "j0", "p1", "t0")] == ["U1", "S2:primary", "S0", "2026-2026", "2026"]
