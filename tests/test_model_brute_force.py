"""Brute force agrees with the optimizer on toy districts, for every rule."""

from __future__ import annotations

from dataclasses import replace

import pytest

from simulator.model.compile import compile_model
from simulator.model.constraints import CONSTRAINTS
from simulator.model.declare import declare
from simulator.model.problem import Problem
from simulator.model.solve import Limits, solve
from tests.model_brute_force import Drawn, Enumeration, followed
from tests.model_rules import CHECKS, satisfies
from tests.model_toys import BINDING, OTHERS

EXACT = Limits(60.0, 0.0, None, 1)


def solved(p: Problem) -> tuple[float, Drawn]:
    """The optimizer's objective and its plan."""
    model = declare(p)
    compiled = compile_model(model.lp)
    found = solve(compiled, EXACT)
    assert found.status == "optimal"
    value = dict(zip(compiled.names, found.values.tolist(), strict=True))

    def of(term) -> float:
        return float(term) if isinstance(term, int) else value[term.name]

    v, phases = model.variables, range(len(p.phases))
    goes = [{block: {} for block in range(len(p.blocks))} for _ in phases]
    for (pair, phase), term in v.assigned.items():
        block = int(p.pair_block[pair])
        share = round(of(term)) if p.blocks[block].whole else of(term)
        if share > 1e-7:
            goes[phase][block][int(p.pair_section[pair])] = share
    stages = [stage.value for stage in p.pools]
    yearly = [
        [
            [of(table[s, year]) if (s, year) in table else 0.0 for s in range(len(p.sections))]
            + [of(pool[stage, year]) for stage in stages]
            for year in range(len(p.years))
        ]
        for table, pool in ((v.over_standard, v.pool_over), (v.short, v.pool_short))
    ]
    drawn = Drawn(
        open=[[round(of(v.open[s, phase])) for s in range(len(p.sections))] for phase in phases],
        size=[
            [
                frozenset(k for k in range(len(site.modules)) if of(v.size[j, k, phase]) > 0.5)
                for j, site in enumerate(p.sites)
            ]
            for phase in phases
        ],
        added=[[round(of(v.added_rooms[j, phase])) for j in range(len(p.sites))] for phase in phases],
        converted=[
            {
                (one, to): round(of(term))
                for (one, to, when), term in v.converted.items()
                if when == phase and of(term) > 0.5
            }
            for phase in phases
        ],
        goes=goes,
        classes=[
            [round(of(v.classes[s, phase])) * round(of(v.open[s, phase])) for s in range(len(p.sections))]
            for phase in phases
        ],
        over=yearly[0],
        short=yearly[1],
    )
    return found.objective, followed(p, drawn)


def test_every_rule_of_the_model_has_a_toy():
    """No rule is left without a toy in which it binds."""
    assert set(BINDING) == set(CONSTRAINTS)


@pytest.mark.parametrize("rule", sorted(BINDING))
def test_the_rule_binds_and_brute_force_finds_the_same_optimum(rule):
    """With the rule the optimum equals that of all plans one by one and keeps it; without it, it is cheaper and breaks it."""
    p = BINDING[rule]()
    objective, plan = solved(p)
    assert objective == pytest.approx(Enumeration(p, CHECKS).best(), abs=1e-6, rel=1e-9)
    assert [name for name in sorted(p.rules) if not satisfies(name, p, plan)] == []
    cheaper, broken = solved(replace(p, rules=p.rules - {rule}))
    assert cheaper < objective - 1.0
    if rule != "every_child_has_a_place":  # without it nobody goes anywhere, which breaks no other words
        assert not satisfies(rule, p, broken)


@pytest.mark.parametrize("case", sorted(OTHERS))
def test_brute_force_finds_the_same_optimum(case):
    """Shares, pools, campuses of several stages, bands and long phases: the optimum is that of all plans one by one."""
    p = OTHERS[case]()
    objective, plan = solved(p)
    assert objective == pytest.approx(Enumeration(p, CHECKS).best(), abs=1e-6, rel=1e-9)
    assert [name for name in sorted(p.rules) if not satisfies(name, p, plan)] == []


def test_without_a_rule_the_optimizer_follows_brute_force_too():
    """Off means off: with two sizes combined on a parcel, all plans one by one give the optimizer's lower cost."""
    p = BINDING["standard_class_counts"]()
    free = replace(p, rules=p.rules - {"standard_class_counts"})
    assert solved(free)[0] == pytest.approx(Enumeration(free, CHECKS).best(), abs=1e-6)
