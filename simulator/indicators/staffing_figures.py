"""The figures about teachers and education groups of one run, as frames."""

from __future__ import annotations

from dataclasses import dataclass, field

import pandas as pd

from simulator.indicators.staffing import NEED_COLUMNS

STAGE_COLUMNS = [
    *("network", "county", "ours", "year", "stage", "pupils", "classes", "posts_needed", "posts", "posted", "unposted"),
    *("teachers_needed", "teachers", "retired", "left", "moved", "recruited", "short", "spare", "rotated"),
]
SUBJECT_COLUMNS = ["network", "county", "year", "stage", "subject", "needed", "teachers", "recruited", "short", "spare"]
SECTION_COLUMNS = [
    *("year", "section_id", "needed", "teachers", "short", "spare", "above_degree", "backbone", "pe_arts"),
]
MOVE_COLUMNS = ["county", "year", "from_section", "to_section", "subject", "reason", "teachers", "backbone", "minutes"]
RECRUIT_COLUMNS = ["county", "year", "stage", "subject", "teachers"]
ROTATION_COLUMNS = [
    *("county", "year", "stage", "eligible", "target", "rotated", "share", "backbone", "backbone_share", "to_weaker"),
]
PRINCIPAL_COLUMNS = ["section_id", "since", "years", "due_year"]
GROUP_COLUMNS = [
    *(
        "county",
        "group_id",
        "name",
        "kind",
        "school_id",
        "role",
        "given",
        "stages",
        "pupils",
        "index",
        "minutes",
        "x",
        "y",
    ),
    *("lead_x", "lead_y"),
]
EFFECT_COLUMNS = [
    *("county", "stage", "item", "schools", "groups", "mean", "lowest_before", "lowest_after"),
    *("coefficient_before", "coefficient_after", "limit"),
]


def _empty(columns: list[str]) -> pd.DataFrame:
    return pd.DataFrame(columns=columns)


@dataclass(frozen=True)
class Staff:
    """师资与集团化办学.

    Parameters
    ----------
    need
        :data:`simulator.indicators.staffing.NEED_COLUMNS`: posts and full-time teachers that every section needs, both networks.
    stages
        :data:`STAGE_COLUMNS`: sums of the public sections of a stage, those that the bureau decides (`ours`) apart from others;
        teachers at the end of the year's measures. `short` and `spare` are sums over sections, never netted. What the table of
        teachers does not tell is NaN; posted and unposted are those of the base year.
    subjects
        :data:`SUBJECT_COLUMNS`: pooled sections by subject, short and spare summed over them; no measures in `no_action`.
    sections
        :data:`SECTION_COLUMNS`: every pooled section of the plan after the measures of the year.
    moves
        :data:`MOVE_COLUMNS`: who goes where; `reason` is a :class:`simulator.terms.TransferReason`, minutes one way.
    recruits
        :data:`RECRUIT_COLUMNS`.
    rotation
        :data:`ROTATION_COLUMNS`: by county, year and stage; shares of the eligible and of those who rotate.
    principals
        :data:`PRINCIPAL_COLUMNS`: principals whose arrival is known, years served in the base year, year in which two terms end.
    groups
        :data:`GROUP_COLUMNS`: a row a school of a group; x, y and those of its lead are for the map.
    effect
        :data:`EFFECT_COLUMNS`: the three teacher indicators, school by school and with each group counted as one.
    notes
        What was assumed, in the planner's words.
    """

    need: pd.DataFrame = field(default_factory=lambda: _empty(NEED_COLUMNS))
    stages: pd.DataFrame = field(default_factory=lambda: _empty(STAGE_COLUMNS))
    subjects: pd.DataFrame = field(default_factory=lambda: _empty(SUBJECT_COLUMNS))
    sections: pd.DataFrame = field(default_factory=lambda: _empty(SECTION_COLUMNS))
    moves: pd.DataFrame = field(default_factory=lambda: _empty(MOVE_COLUMNS))
    recruits: pd.DataFrame = field(default_factory=lambda: _empty(RECRUIT_COLUMNS))
    rotation: pd.DataFrame = field(default_factory=lambda: _empty(ROTATION_COLUMNS))
    principals: pd.DataFrame = field(default_factory=lambda: _empty(PRINCIPAL_COLUMNS))
    groups: pd.DataFrame = field(default_factory=lambda: _empty(GROUP_COLUMNS))
    effect: pd.DataFrame = field(default_factory=lambda: _empty(EFFECT_COLUMNS))
    notes: tuple[str, ...] = ()


NO_STAFF = Staff()
"""Where nobody asked."""
