"""督导评估 in words: items, states, what moved a coefficient, and the sentences of the summary."""

from __future__ import annotations

import pandas as pd

from simulator.indicators.board import FAILS, PASSES, UNKNOWN
from simulator.indicators.board.variation import (
    BROKEN_BY_CHILDREN,
    BROKEN_BY_PLAN,
    HEALED_BY_CHILDREN,
    HEALED_BY_PLAN,
)
from simulator.indicators.elimination import (
    ADJUSTMENT,
    CLEARED,
    DIVERSION,
    FEWER_CHILDREN,
    MORE_CLASSES,
    OPENED_ROOMS,
    PREVENTED,
    REMAINS,
    elimination_cost,
)
from simulator.language import translate as _
from simulator.outputs.findings import number
from simulator.result import Result
from simulator.rules.board import BOARD, RESOURCES, BoardItem, ItemGroup, Programme
from simulator.terms import Network, Stage, label

_FEW = 6
_TITLES = {resource.item_id: resource.title for resource in RESOURCES}


def item_title(item: str) -> str:
    """What a planner calls an item of the board or a resource indicator."""
    return _(BOARD[item].title) if item in BOARD else _(_TITLES.get(item, item))


def state_words() -> dict[str, str]:
    """State of an item or a school → its word."""
    return {PASSES: _("达标"), FAILS: _("未达标"), UNKNOWN: _("未填")}


def verdict_words() -> dict[str, str]:
    """State of an evaluation → its word."""
    return {PASSES: _("达到认定条件"), FAILS: _("未达到认定条件"), UNKNOWN: _("推算项都达标，尚有未填项")}


def turn_words() -> dict[str, str]:
    """What took a coefficient over its limit or back → words."""
    return {
        BROKEN_BY_CHILDREN: _("仅因学生变化即超限"),
        HEALED_BY_CHILDREN: _("仅因学生变化即达标"),
        BROKEN_BY_PLAN: _("因方案超限"),
        HEALED_BY_PLAN: _("因方案达标"),
        "": "",
    }


def means_words(codes: str) -> str:
    """By what oversized classes end, in words."""
    words = {
        MORE_CLASSES: _("扩班增容"),
        OPENED_ROOMS: _("开足现有教室"),
        DIVERSION: _("区域分流"),
        FEWER_CHILDREN: _("学生自然减少"),
        ADJUSTMENT: _("动态调整"),
    }
    return _("、").join(words[code] for code in codes.split())


def outcome_words() -> dict[str, str]:
    """What becomes of oversized classes → words."""
    return {CLEARED: _("消除"), PREVENTED: _("方案中不出现"), REMAINS: _("规划期内未消除")}


def programme_title(programme: Programme) -> str:
    """Name of an evaluation."""
    return {
        Programme.BALANCE: _("义务教育优质均衡（教督〔2017〕6号）"),
        Programme.PRESCHOOL: _("学前教育普及普惠（教督〔2020〕1号）"),
    }[programme]


def place_in_document(item: BoardItem) -> str:
    """Part and number of an item in its document."""
    group = {
        ItemGroup.RESOURCE: _("资源配置"),
        ItemGroup.VARIATION: _("资源配置"),
        ItemGroup.GUARANTEE: _("政府保障"),
        ItemGroup.QUALITY: _("教育质量"),
        ItemGroup.OTHER: _("其他"),
    }[item.group]
    numbered = item.group in {ItemGroup.GUARANTEE, ItemGroup.QUALITY}
    return _("{group}第{number}项").format(group=group, number=item.number) if numbered else group


def moments(result: Result) -> dict[str, tuple[str, int]]:
    """today, near, target and idle → network and year of the columns of a target table."""
    horizon = result.scenario.horizon
    near = min(horizon.base_year + 5, horizon.target_year)
    return {
        "today": (Network.NO_ACTION.value, horizon.base_year),
        "near": (Network.PLAN.value, near),
        "target": (Network.PLAN.value, horizon.target_year),
        "idle": (Network.NO_ACTION.value, horizon.target_year),
    }


def board_lines(result: Result) -> list[str]:
    """The summary's sentences: verdicts today and at the target, coefficients that turn, oversized classes that end."""
    if result.board.items.empty:
        return []
    return [*_verdict_lines(result), *_turn_lines(result), *_elimination_lines(result)]


def _verdict_lines(result: Result) -> list[str]:
    lines = []
    named = {name: moments(result)[name] for name in ("today", "target", "idle")}
    moment = {"today": _("现状"), "target": _("规划方案远期"), "idle": _("不采取措施远期")}
    rows = result.board.verdicts
    for programme in Programme:
        lines.append(_("{programme}：").format(programme=programme_title(programme)))
        for name, (network, year) in named.items():
            hit = rows[(rows["network"] == network) & (rows["year"] == year) & (rows["programme"] == programme)]
            lines += [
                "- "
                + _("{county}{moment}（{year}年）：{state}；达标 {reached} 项，未达标 {missed} 项{reasons}，未填 {unfilled} 项").format(
                    county=f"{row.county!s} " if row.county else "",
                    moment=moment[name],
                    year=year,
                    state=verdict_words()[str(row.state)],
                    reached=row.reached,
                    missed=row.missed,
                    unfilled=row.unfilled,
                    reasons=_reasons(str(row.reasons)),
                )
                for row in hit.itertuples()
            ]  # fmt: skip
    return lines


def _reasons(items: str) -> str:
    names = [item_title(item) for item in items.split()]
    if not names:
        return ""
    more = _("等") if len(names) > _FEW else ""
    return _("（{names}{more}）").format(names=_("、").join(names[:_FEW]), more=more)


def _turn_lines(result: Result) -> list[str]:
    """One line a stage and turn: which coefficients, and since when."""
    rows = result.board.variation
    idle = rows[(rows["network"] == Network.NO_ACTION) & rows["turn"].isin([BROKEN_BY_CHILDREN, HEALED_BY_CHILDREN])]
    planned = rows[(rows["network"] == Network.PLAN) & rows["turn"].isin([BROKEN_BY_PLAN, HEALED_BY_PLAN])]
    both = pd.concat([idle, planned])
    both = both[both["year"] <= result.scenario.horizon.target_year]
    lines = []
    for (county, stage, turn), own in both.groupby(["county", "stage", "turn"], sort=True):
        first = own.groupby("item", sort=False)["year"].min().sort_values(kind="stable")
        told = [_("{item}（{year}年起）").format(item=item_title(str(item)), year=year) for item, year in first.items()]
        lines.append(
            _("{county}{stage}校际差异系数{turn}：{items}").format(
                county=f"{county} " if county else "",
                stage=label(Stage(str(stage))),
                turn=turn_words()[str(turn)],
                items=_("、").join(told),
            )
        )
    return [f"- {line}" for line in lines]


def _elimination_lines(result: Result) -> list[str]:
    rows = result.class_vectors.schedule
    if rows.empty:
        return []
    cleared = rows[rows["outcome"] == CLEARED]
    counts = rows["outcome"].value_counts()
    line = _(
        "大班额：现状 {today} 个班；出现过的 {count} 个学部到 {year} 年全部消除，另 {prevented} 个学部在方案中不再出现"
        "（相关投资 {cost} 万元），{remain} 个学部到远期仍有"
    ).format(
        today=int(rows["today"].sum()),
        count=len(cleared),
        year=int(cleared["cleared_year"].max()) if len(cleared) else "—",
        prevented=int(counts.get(PREVENTED, 0)),
        cost=number(round(elimination_cost(rows))),
        remain=int(counts.get(REMAINS, 0)),
    )
    return [f"- {line}"]
