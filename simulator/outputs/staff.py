"""Teachers and education groups in a planner's words, and their tables."""

from __future__ import annotations

import dataclasses

import pandas as pd

from simulator.indicators.staffing_figures import Staff
from simulator.language import translate as _
from simulator.outputs.edition import is_public, shown_words
from simulator.outputs.titles import stage_names
from simulator.result import Result
from simulator.terms import COMPULSORY, Network, Subject, TransferReason, label

_MOST_SUBJECTS = 4


def staff_tables(staff: Staff) -> dict[str, pd.DataFrame]:
    """Teachers and groups by the name of their files."""
    frames = {field.name: getattr(staff, field.name) for field in dataclasses.fields(staff) if field.name != "notes"}
    notes = pd.DataFrame({"note": list(staff.notes)}, dtype=str)
    return {f"staff_{name}": frame for name, frame in frames.items()} | {"staff_notes": notes}


def staff_lines(result: Result) -> list[str]:
    """Teachers needed in the target year; with a table of teachers, what is recruited, moved, short and spare."""
    stages = result.staff.stages
    rows = stages[(stages["network"] == Network.PLAN) & stages["ours"].astype(bool)] if len(stages) else stages
    if rows.empty:
        return []
    target = result.scenario.horizon.target_year
    last = (
        rows[(rows["year"] == target) & rows["stage"].isin(COMPULSORY)]
        .groupby("stage", sort=False)
        .sum(numeric_only=True)
    )
    said = [
        _("{stage}需专任教师 {teachers} 人（教职工编制 {posts} 个）").format(
            stage=stage_names()[str(stage)], teachers=int(row["teachers_needed"]), posts=int(row["posts_needed"])
        )
        for stage, row in last.iterrows()
    ]
    lines = [_("{year}年本局所属学校{needs}。").format(year=target, needs=_("，").join(said))] if said else []
    if not len(result.staff.subjects):
        return [*lines, *result.staff.notes]
    return [*lines, _measures(result, rows, last), *_group_lines(result)]


def _measures(result: Result, rows: pd.DataFrame, last: pd.DataFrame) -> str:
    internal = not is_public(result)
    moves = result.staff.moves
    moved = moves.loc[moves["reason"] != TransferReason.ROTATION, "teachers"].sum()
    words = (
        _("规划期退休 {retired} 人、招聘 {recruited} 人、县管校聘调动 {moved} 人；目标年{ends}。")
        if internal
        # Moves are told school by school, and the public edition tells of no school.
        else _("规划期退休 {retired} 人、招聘 {recruited} 人；目标年{ends}。")
    )
    pooled = rows[rows["stage"].isin(COMPULSORY)]
    ends = _("，").join(
        _("{stage}缺 {short} 人、富余 {spare} 人").format(
            stage=stage_names()[str(stage)],
            short=shown_words(float(row["short"]), internal=internal),
            spare=shown_words(float(row["spare"]), internal=internal),
        )
        for stage, row in last.iterrows()
    )
    return words.format(
        retired=shown_words(pooled["retired"].sum(), internal=internal),
        recruited=shown_words(pooled["recruited"].sum(), internal=internal),
        moved=int(moved),
        ends=ends,
    )


def _group_lines(result: Result) -> list[str]:
    groups = result.staff.groups
    formed = groups[groups["group_id"] != ""]
    if formed.empty:
        return []
    given = formed.loc[formed["given"].astype(bool), "group_id"].nunique()
    words = _("集团化办学：现有 {given} 个，建议新编 {proposed} 个，共 {schools} 所学校。")
    proposed = formed["group_id"].nunique() - given
    return [words.format(given=given, proposed=proposed, schools=formed["school_id"].nunique())]


def short_subjects(result: Result, network: str) -> pd.Series[str]:
    """Subjects in which most teachers are short, in words; index (county, year, stage)."""
    rows = result.staff.subjects
    rows = rows[(rows["network"] == network) & (rows["short"] > 0) & (rows["subject"] != "")]
    rows = rows.sort_values("short", ascending=False, kind="stable")
    words = rows.assign(
        said=[
            f"{label(Subject(one))} {shown_words(float(count), internal=not is_public(result))}"
            for one, count in zip(rows["subject"], rows["short"], strict=True)
        ]
    )
    joined = words.groupby(["county", "year", "stage"])["said"].agg(
        lambda said: _("、").join(list(said)[:_MOST_SUBJECTS])
    )
    return pd.Series(joined, dtype=object)
