"""Further kindergartens within the radius of rural children, in a planner's words."""

from __future__ import annotations

from simulator.indicators.reach import CAMPUS, VILLAGE
from simulator.language import plural
from simulator.language import translate as _
from simulator.outputs.edition import is_public
from simulator.result import Result

_PROVEN = 1e-9


def kind_words() -> dict[str, str]:
    """Where a kindergarten opens, in words."""
    return {CAMPUS: _("利用现有校舍"), VILLAGE: _("村内新建")}


def reach_lines(result: Result) -> list[str]:
    """How many rural children have a kindergarten within the radius, and the cheapest way to all of them.

    The public edition names no further places: they are proposals, not the plan.
    """
    total = result.reach.total
    if total.empty or is_public(result):
        return []
    row = total.iloc[0]
    words = _("{year}年农村在园幼儿 {share}% 在 {radius:g} 公里内有幼儿园").format(
        year=int(row["year"]), share=round(100 * float(row["share"]), 1), radius=float(row["radius_m"]) / 1000
    )
    if not len(result.reach.places):
        return [_("{words}。").format(words=words)]
    places = plural("最省的补点是增设 {count} 处", len(result.reach.places)).format(count=len(result.reach.places))
    campus = int((result.reach.places["kind"] == CAMPUS).sum())
    return [
        _(
            "{words}；{places}（其中 {campus} 处利用现有校舍），基建 {capital:.0f} 万元、每年运行 {running:.0f} 万元，全部覆盖，见表“就近补点”。"
        ).format(
            words=words,
            places=places,
            campus=campus,
            capital=float(row["capital_wan"]),
            running=float(row["running_wan"]),
        )
    ]


def proof_words(result: Result) -> str:
    """Whether the places are proven to be the cheapest."""
    gap = float(result.reach.total["gap"].iloc[0])
    if gap <= _PROVEN:
        return _("已证明为最省")
    return _("与最省方案的差距不超过 {gap}%").format(gap=round(100 * gap, 2))
