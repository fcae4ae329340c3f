"""Goals in order, the trade-off of two goals, and changes from an earlier plan, in words and rows."""

from __future__ import annotations

import math
from collections.abc import Sequence

import pandas as pd

from simulator.language import plural
from simulator.language import translate as _
from simulator.outputs.solution import item_words
from simulator.outputs.titles import stage_names
from simulator.plan import Plan
from simulator.terms import Action, label

# Less than this many children is rounding.
_NOBODY = 0.5
_CATCHMENT = "catchment"
# Values that print as 0.00, and those that need no decimals.
_LEAST, _LARGE = 0.005, 1_000
# Columns of the printed tables that hold figures.
_FIGURES = frozenset({1, 3})


def goal_words(goal: str) -> str:
    """A goal in words."""
    words = {"cost": _("费用"), "others": _("其余各项")}
    return words.get(goal) or item_words(goal)


def unit_words(unit: str) -> str:
    """The unit of a goal in words; all are means of the discounted years."""
    words = {"children": _("人，年均"), "child_minutes": _("人·分钟，单程，年均"), "wan": _("万元/年")}
    return words.get(unit, unit)


def goal_unit(goal: str) -> str:
    """The unit of a goal by its name, in words."""
    children = goal in ("shortage", "over_standard", "moved")
    return unit_words("children" if children else "child_minutes" if goal == "journeys" else "wan")


def figure(value: float) -> str:
    """A value of a goal: with decimals where it is small.

    >>> figure(1234.56), figure(3.14159), figure(-0.0)
    ('1,235', '3.14', '0.00')
    """
    if not math.isfinite(value):
        return "—"
    shown = 0.0 if abs(value) < _LEAST else value  # never -0.00
    return f"{shown:,.0f}" if abs(shown) >= _LARGE else f"{shown:,.2f}"


def goal_rows(goals: pd.DataFrame) -> list[tuple[str, str, str, str, str]]:
    """(goal, value, unit, bound, gap) of each goal, as it is printed."""
    return [
        (
            f"{number}. {goal_words(str(row['goal']))}",
            figure(float(row["value"])),
            unit_words(str(row["unit"])),
            figure(float(row["bound"])),
            figure(float(row["gap"])),
        )
        for number, row in enumerate(goals.to_dict("records"), start=1)
    ]


def goal_titles() -> tuple[str, str, str, str, str]:
    """Headers of :func:`goal_rows`."""
    return _("目标（依次）"), _("数值"), _("单位"), _("界"), _("与界相差")


def goal_lines(goals: pd.DataFrame) -> list[str]:
    """The goals in order, a line each, for the screen."""
    told = _("{goal}：{value}（{unit}），任何方案不低于 {bound}，相差 {gap}")
    return [
        told.format(goal=goal, value=value, unit=unit, bound=bound, gap=gap)
        for goal, value, unit, bound, gap in goal_rows(goals)
    ]


def goal_table_lines(goals: pd.DataFrame) -> list[str]:
    """The goals in order as a table of Markdown."""
    return table_lines(goal_titles(), goal_rows(goals))


def table_lines(titles: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """A table of Markdown, figures to the right."""
    rule = ["---:" if number in _FIGURES else "---" for number in range(len(titles))]
    return ["| " + " | ".join(row) + " |" for row in (titles, rule, *rows)]


def stays_close(plan: Plan) -> bool:
    """Whether changes from an earlier plan had a price."""
    return bool((plan.objective["item"] == "changes").any())


def change_lines(changes: pd.DataFrame, names: pd.Series, few: int) -> list[str]:
    """How many children and which decisions differ from the earlier plan.

    Parameters
    ----------
    changes
        `Plan.changes`.
    names
        Site id → name.
    few
        Decisions that are listed.
    """
    zones = changes[changes["kind"] == _CATCHMENT]
    works = changes[changes["kind"] != _CATCHMENT]
    lines = []
    if zones["children"].sum() >= _NOBODY:
        sums = zones.groupby("stage", sort=False)["children"].sum()
        counted = _("、").join(
            _("{stage} {count} 人次").format(stage=stage_names().get(str(stage), stage), count=f"{children:.0f}")
            for stage, children in sums.items()
        )
        lines.append(_("招生范围与原方案不同的儿童（各期首年相加）：{counted}。").format(counted=counted))
    else:
        lines.append(_("没有儿童的招生范围与原方案不同。"))
    if not len(works):
        return [*lines, _("新建、扩建、撤并与原方案相同。")]
    lines.append(_("与原方案不同的举措 {count} 项：").format(count=len(works)))
    lines += [f"- {change_words(row, names)}" for _number, row in works.head(few).iterrows()]
    if len(works) > few:
        lines.append(_("- 另有 {count} 处，见 plan.xlsx。").format(count=len(works) - few))
    return lines


def change_words(row: pd.Series, names: pd.Series) -> str:
    """One action that the two plans do not take alike."""
    section = str(row["section_id"])
    site, _colon, stage = section.partition(":")
    return _("{action} {name}（{stage}）：原方案 {before}，本方案 {now}").format(
        action=label(Action(row["kind"])),
        name=names.get(site, site),
        stage=stage_names().get(stage, stage),
        before=when_words(row["year_before"], row["classes_before"]),
        now=when_words(row["year_now"], row["classes_now"]),
    )


def when_words(year: float, classes: float) -> str:
    """Year and classes of an action; NaN where it is not taken."""
    if not math.isfinite(year):
        return _("没有")
    return plural("{year}年 {classes} 班", int(classes)).format(year=int(year), classes=int(classes))


def kind_words(kind: str) -> str:
    """What a point of the trade-off is."""
    words = {"plan": _("推荐方案"), "end": _("端点"), "between": _("中间点")}
    return words.get(kind, kind)


def site_words(sites: str, names: pd.Series) -> str:
    """Sites of a point by name."""
    return _("、").join(str(names.get(site, site)) for site in sites.split(";") if site)


def frontier_title(frontier: pd.DataFrame) -> str:
    """The two goals of a trade-off."""
    first, second = str(frontier["first"].iloc[0]), str(frontier["second"].iloc[0])
    return _("{first}与{second}的权衡").format(first=goal_words(first), second=goal_words(second))


def frontier_titles(frontier: pd.DataFrame) -> list[str]:
    """Headers of :func:`frontier_rows`; the goals bear their units."""
    first, second = str(frontier["first"].iloc[0]), str(frontier["second"].iloc[0])
    return [
        _("点"),
        *(_("{goal}（{unit}）").format(goal=goal_words(goal), unit=goal_unit(goal)) for goal in (first, second)),
        _("{goal}不低于").format(goal=goal_words(second)),
        _("说明"),
        _("新建"),
        _("撤并"),
    ]


def frontier_rows(frontier: pd.DataFrame, names: pd.Series) -> list[list[str]]:
    """The points of a trade-off, as they are printed."""
    return [
        [
            str(row["point"]),
            figure(float(row["first_value"])),
            figure(float(row["second_value"])),
            figure(float(row["second_bound"])),
            point_words(str(row["kind"]), dominated=bool(row["dominated"])),
            site_words(str(row["opened"]), names),
            site_words(str(row["closed"]), names),
        ]
        for row in frontier.to_dict("records")
    ]


def point_words(kind: str, *, dominated: bool) -> str:
    """What a point is, and whether another one is better."""
    words = kind_words(kind)
    return _("{kind}，另有更好的点").format(kind=words) if dominated else words
