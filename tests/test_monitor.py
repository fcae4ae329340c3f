"""A plan held against a later year: states of works, seats, indicators. The command itself: tests/test_update.py."""

from __future__ import annotations

import pandas as pd
import pytest

from simulator.capacity.supply import Supply
from simulator.outputs.monitor.progress import progress_state
from simulator.outputs.monitor.works import promised_works, works_by_year

NOW = 2028


def supply(rooms: dict[str, int]) -> Supply:
    """Sections with their rooms, 45 pupils a class; what has rooms teaches."""
    sections = pd.DataFrame(
        [(section, section.split(":")[0], count > 0, count, 45.0) for section, count in rooms.items()],
        columns=["section_id", "site_id", "existing", "rooms", "class_size"],
    ).set_index("section_id")
    nothing = pd.DataFrame()
    return Supply(nothing, sections, nothing, nothing, (), ())


def test_every_state_of_a_work_is_told() -> None:
    """Promised, what the register shows (done or not), the project of today; rooms: B +4 of 6, C +6, N opened with 10."""
    cases = """
    A new_build     2027 12 done      -                  -    done            450
    A2 new_build    2027 12 postponed under_construction 2029 late_building     0
    A3 new_build    2027 12 postponed -                  -    late              0
    A4 new_build    2030 12 postponed under_construction 2030 building          0
    A5 new_build    2030 12 postponed -                  -    ahead             0
    B extension     2028  6 taken     -                  -    partial         180
    C extension     2030  6 taken     -                  -    early           270
    D extension     2027  6 taken     committed          2029 late              0
    E consolidation 2028  0 done      -                  -    done              0
    F consolidation 2028  0 postponed -                  -    late_closing      0
    """
    rows = [line.split() for line in cases.strip().splitlines()]
    facts = pd.DataFrame(
        [(site, "primary", action, int(classes), int(year), "plan", state) for site, action, year, classes, state, *_ in rows],
        columns=["site_id", "stage", "action", "classes", "year", "source", "state"],
    )  # fmt: skip
    listed = [
        (site, "primary", action, int(when), status)
        for site, action, _y, _c, _s, status, when, *_ in rows
        if status != "-"
    ]
    projects = pd.DataFrame(listed, columns=["place_id", "stage", "kind", "year", "status"])
    before = supply({f"{site}:primary": 10 if site in "BCDEF" else 0 for site, *_ in rows})
    after = supply({f"{site}:primary": {"B": 14, "C": 16, "D": 10, "A": 10, "F": 10}.get(site, 0) for site, *_ in rows})
    found = promised_works(facts, before, after, projects, NOW).set_index("site_id")
    for site, *_rest, state, seats in rows:
        assert (found["state"][site], found["seats_delivered"][site]) == (state, float(seats)), site
    due = works_by_year(found.reset_index(), NOW)
    due = due[due["year"].isna()].iloc[0]
    assert due[["promised", "delivered", "seats", "seats_delivered", "closures", "closed", "overdue"]].tolist() == [
        5, 1, (3 * 12 + 2 * 6) * 45, 630, 2, 1, 5,
    ]  # fmt: skip


def test_rooms_are_not_delivered_twice() -> None:
    """Two extensions of 6 promised, 8 rooms there: the first is done, the second has 2."""
    facts = pd.DataFrame(
        [("B", "primary", "extension", 6, year, "plan", "taken") for year in (2026, 2027)],
        columns=["site_id", "stage", "action", "classes", "year", "source", "state"],
    )
    works = promised_works(facts, supply({"B:primary": 10}), supply({"B:primary": 18}), pd.DataFrame(), NOW)
    assert works[["rooms_delivered", "state"]].to_numpy().tolist() == [[6, "done"], [2, "partial"]]


@pytest.mark.parametrize(
    ("better", "change", "off", "state"),
    [
        (-1, 3.0, 5.0, "fell"), (-1, -3.0, 5.0, "behind"), (-1, 0.2, 0.2, "reached"), (-1, -3.0, -3.0, "better"),
        (1, -3.0, -5.0, "fell"), (1, 3.0, -5.0, "behind"), (1, 3.0, 2.0, "better"), (0, 9.0, 9.0, "neutral"),
        (-1, 3.0, 0.0, "reached"),
    ],
)  # fmt: skip
def test_an_indicator_falls_where_it_is_worse_than_planned_and_than_before(
    better: int, change: float, off: float, state: str
) -> None:
    assert progress_state(better, 0.5, change, off) == state
