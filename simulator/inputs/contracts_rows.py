"""Rules between the cells of one row, which hold in every table that has the columns."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pandas as pd

from simulator.inputs.contracts import Contract
from simulator.inputs.read_values import convert
from simulator.language import translate as _
from simulator.terms import STAGE_GRADES, Stage, grade_label, label


@dataclass(frozen=True)
class RowRule:
    """A rule between cells of a row.

    Parameters
    ----------
    name
        Name of the rule.
    columns
        Columns it reads.
    broken
        Typed table → which rows break it; unknown cells never do.
    what, remedy
        Row → what is wrong; what to do.
    tables
        Tables it holds in; empty: all that have the columns.
    """

    name: str
    columns: tuple[str, ...]
    broken: Callable[[pd.DataFrame], pd.Series[bool]]
    what: Callable[[pd.Series[Any]], str]
    remedy: Callable[[], str]
    tables: tuple[str, ...] = ()

    def holds_in(self, contract: Contract) -> bool:
        """Whether the table has the columns."""
        if self.tables and contract.name not in self.tables:
            return False
        return set(self.columns) <= set(contract.names)


def _at_most(part: str, whole: str) -> RowRule:
    """A part that is not more than its whole."""
    return RowRule(
        f"{part}_at_most_{whole}",
        (part, whole),
        lambda frame: frame[part] > frame[whole],
        lambda row: _("{part} 大于 {whole}").format(part=_figure(row[part]), whole=_figure(row[whole])),
        lambda: _("核对这两列"),
    )


def _positive(column: str) -> RowRule:
    """A figure by which something is divided."""
    return RowRule(
        f"{column}_positive",
        (column,),
        lambda frame: frame[column] == 0,
        lambda _row: _("不能为 0"),
        lambda: _("空着表示未知"),
        tables=("travel",),
    )


def _different(first: str, second: str, what: str) -> RowRule:
    """Two ids that are not the same."""
    return RowRule(
        f"{first}_not_{second}",
        (first, second),
        lambda frame: (frame[first] == frame[second]) & (frame[first] != ""),
        lambda row: _(what).format(value=row[first]),
        lambda: _("改正其中一个编号"),
    )


def _grade_in_stage(grade: str) -> RowRule:
    """A grade that the stage has."""

    def broken(frame: pd.DataFrame) -> pd.Series[bool]:
        first = {stage.value: grades[0] for stage, grades in STAGE_GRADES.items()}
        last = {stage.value: grades[1] for stage, grades in STAGE_GRADES.items()}
        return (frame[grade] < frame["stage"].map(first)) | (frame[grade] > frame["stage"].map(last))

    def what(row: pd.Series[Any]) -> str:
        stage = Stage(str(row["stage"]))
        low, high = STAGE_GRADES[stage]
        return _("{stage}没有{grade}：应在{first}至{last}之间").format(
            stage=label(stage),
            grade=grade_label(int(str(row[grade]).removesuffix(".0"))),
            first=grade_label(low),
            last=grade_label(high),
        )

    return RowRule(
        f"{grade}_in_stage",
        ("stage", grade),
        broken,
        what,
        lambda: _("改正学段或年级；九年一贯制学校分小学、初中两行"),
    )


def _votes_within_asked() -> RowRule:
    """Votes that are not more than the people asked."""
    return RowRule(
        "votes_within_asked",
        ("asked", "in_favor", "against"),
        lambda frame: frame["in_favor"].fillna(0) + frame["against"].fillna(0) > frame["asked"],
        lambda row: _("赞成与反对之和大于参加人数 {asked}").format(asked=_figure(row["asked"])),
        lambda: _("核对这三列"),
    )


def _figure(value: object) -> str:
    return f"{float(str(value)):g}"


ROW_RULES: dict[str, RowRule] = {
    rule.name: rule
    for rule in (
        _grade_in_stage("grade"),
        _grade_in_stage("grade_from"),
        _grade_in_stage("grade_to"),
        _at_most("grade_from", "grade_to"),
        _at_most("age", "age_to"),
        _at_most("rooms", "max_rooms"),
        _at_most("seats_for_district", "seats"),
        _at_most("boarders", "pupils"),
        _at_most("registered_elsewhere", "pupils"),
        _at_most("full_time", "staff"),
        _at_most("retiring_5y", "retiring_10y"),
        _votes_within_asked(),
        _positive("speed_kmh"),
        _positive("minutes"),
        _different("unit_a", "unit_b", "“{value}”与自己相邻"),
        _different("school_id", "parent", "“{value}”是自己的上级"),
    )
}
"""Rule name → rule."""


def rules_of(contract: Contract) -> tuple[RowRule, ...]:
    """The rules that hold in a table."""
    return tuple(rule for rule in ROW_RULES.values() if rule.holds_in(contract))


def keeps(rule: RowRule, contract: Contract, cells: pd.DataFrame) -> pd.Series[bool]:
    """Which rows of a table of text keep a rule."""
    return ~rule.broken(convert(contract, cells, rule.columns)).astype(bool)


def key_is_unique(contract: Contract, cells: pd.DataFrame) -> pd.Series[bool]:
    """Which rows do not share their key with another; rows with an empty required key cell are passed."""
    keys = list(contract.key)
    known = pd.Series(True, index=cells.index)
    for name in keys:
        if contract.column(name).required:
            known &= cells[name] != ""
    typed = convert(contract, cells, keys).where(known)
    typed = typed.where(typed.notna().all(axis=1))
    return ~(typed.duplicated(keep=False) & typed.notna().all(axis=1))
