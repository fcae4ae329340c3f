"""Education groups: each weak school one lead, groups alike, as good as trying every way; what pooling does."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.model.groups_choice import Choice, choose_groups, group_cost
from tests.staff_cases import county, staff


def choice_of(minutes: np.ndarray, rng: np.random.Generator, **known: object) -> Choice:
    """Weak schools at two thirds of the norms and leads a third above, of ordinary sizes."""
    weak, leads = minutes.shape
    plain = {
        "minutes": minutes,
        "weak_pupils": rng.integers(100, 900, weak).astype(float),
        "lead_pupils": rng.integers(600, 1500, leads).astype(float),
        "weak_ratios": rng.uniform(0.4, 0.9, (weak, 3)),
        "lead_ratios": rng.uniform(1.0, 1.5, (leads, 3)),
        "number": leads,
        "most": weak + 1,
        "gap": 0.0,
    }
    return Choice(**(plain | known))  # type: ignore[arg-type]  # fields by name


def best_by_trying(choice: Choice) -> float:
    """The least cost over every lead of every weak school that the rules allow."""
    weak, leads = choice.minutes.shape
    costs = []
    for ways in itertools.product(range(-1, leads), repeat=weak):
        lead = np.array(ways)
        used = [one for one in set(ways) if one >= 0]
        fits = all((lead == one).sum() <= choice.most - 1 for one in used) and len(used) <= choice.groups
        if fits and all(one < 0 or np.isfinite(choice.minutes[place, one]) for place, one in enumerate(ways)):
            costs.append(group_cost(choice, lead))
    return min(costs)


@settings(max_examples=12, deadline=None)
@given(st.integers(0, 10_000))
def test_groups_are_as_good_as_the_best_of_all_ways(seed: int) -> None:
    """Four weak schools, three leads, at most two groups of three: the program finds the cheapest."""
    rng = np.random.default_rng(seed)
    minutes = rng.uniform(2, 40, (4, 3))
    choice = choice_of(np.where(rng.random((4, 3)) < 0.2, np.inf, minutes), rng, number=2, most=3)
    lead = choose_groups(choice)
    assert group_cost(choice, lead) == pytest.approx(best_by_trying(choice), abs=1e-6)


def test_a_school_without_a_lead_in_reach_stays_alone() -> None:
    """School 1 has no lead within the limit; school 0 has one."""
    found = choose_groups(choice_of(np.array([[5.0], [np.inf]]), np.random.default_rng(1)))
    assert found.tolist() == [0, -1]


def test_no_group_is_larger_than_allowed() -> None:
    """Five weak schools, two leads of at most three schools each: four find a lead, one stays alone."""
    rng = np.random.default_rng(2)
    found = choose_groups(choice_of(rng.uniform(2, 9, (5, 2)), rng, most=3))
    assert (found < 0).sum() == 1
    assert np.bincount(found[found >= 0]).max() == 2


def test_groups_that_exist_are_kept_and_no_school_is_in_two() -> None:
    """The given group of two keeps its schools; every school has one row; every group has one lead."""
    groups = staff().groups[staff().groups["group_id"] != ""]
    kept = groups[groups["given"]]
    assert kept["name"].unique().tolist() == ["第一教育集团"]
    assert len(kept) == 2
    assert not staff().groups["school_id"].duplicated().any()
    assert (groups[groups["role"] == "lead"].groupby("group_id").size() == 1).all()


def test_pooling_raises_the_lowest_and_never_widens_the_gap_between_schools() -> None:
    """A pooled value lies between those of the members, so the lowest rises and the coefficient does not."""
    effect = staff().effect
    assert set(effect["item"]) == {"above_degree", "backbone", "pe_arts"}
    assert (effect["lowest_after"] >= effect["lowest_before"] - 1e-9).all()
    assert (effect["coefficient_after"] <= effect["coefficient_before"] + 1e-9).all()


def test_the_pooled_value_is_that_of_all_teachers_over_all_pupils() -> None:
    """The lowest value after grouping, worked out again from the tables."""
    prepared, _present = county()
    sections = prepared.supply.sections
    whole = prepared.district.teachers
    whole = whole[whole["subject"].fillna("") == ""].set_index(["school_id", "stage"])["backbone"].astype(float)
    pupils = sections.set_index(["site_id", "stage"])["pupils"]
    parent = prepared.district.schools.set_index("school_id")["parent"].fillna("")
    group = staff().groups[staff().groups["group_id"] != ""].set_index("school_id")["group_id"]
    rows = pd.DataFrame({"held": whole, "pupils": pupils.reindex(whole.index)}).xs("primary", level="stage")
    school = pd.Series([parent[one] or one for one in rows.index], index=rows.index)
    pooled = rows.groupby(school.map(group).fillna(school).to_numpy()).sum()
    told = staff().effect[(staff().effect["stage"] == "primary") & (staff().effect["item"] == "backbone")]
    assert told["lowest_after"].iloc[0] == pytest.approx((100 * pooled["held"] / pooled["pupils"]).min())
