"""举措 in a planner's words: names of levers and of what is done under them, and the lines of the summary."""

from __future__ import annotations

from simulator.language import translate as _
from simulator.outputs.edition import is_public
from simulator.outputs.figures import people
from simulator.result import Result
from simulator.scenario.targets import PROMISED
from simulator.terms import Action, Lever, Network, TargetItem, label

_COUNTED = [item.value for item in PROMISED]


def lever_words() -> dict[str, str]:
    """Lever → its word."""
    return {lever.value: label(lever) for lever in Lever}


def kind_words() -> dict[str, str]:
    """What is done under a lever → words."""
    return {
        **{action.value: label(action) for action in Action},
        "temporary": _("过渡学位启用"),
        "expired": _("过渡学位到期"),
        "catchment": _("招生范围调整"),
        "school": _("停办学校的学生分流"),
        "classes": _("现有教室内增减班"),
        "admission": _("招生计划调整"),
        "serves": _("招生对象调整"),
        "bought": _("购买民办学位"),
        "recognised": _("普惠性民办园认定"),
        "exit": _("民办退出"),
        "nursery": _("新建幼儿园附设托位"),
    }


def lever_lines(result: Result) -> list[str]:
    """What the plan does under each lever, over all years, one line a lever."""
    rows = result.finance.levers
    kinds, lines = kind_words(), []
    for lever in Lever:
        own = rows[rows["lever"] == lever.value]
        if own.empty:
            continue
        parts = []
        for kind, found in own.groupby("kind", sort=False):
            if kind == "expired":
                continue
            count: float = people(found["children"].sum(), public=is_public(result))
            words = _("{kind} {count:.0f} 人次")
            if found["children"].isna().all():
                count, words = found["seats"].sum(), _("{kind} {count:+.0f} 个学位")
            if kind == "recognised" or (found["seats"].isna().all() and found["children"].isna().all()):
                count, words = found["places"].sum(), _("{kind} {count:.0f} 所")
            parts.append(words.format(kind=kinds.get(str(kind), kind), count=count))
        lines.append(_("- {lever}：{parts}。").format(lever=label(lever), parts=_("；").join(parts)))
    return lines


def target_lines(result: Result) -> list[str]:
    """The plan's own targets: how many are met, and those that are not."""
    found = result.finance.targets
    rows = found[found["network"] == Network.PLAN]
    if rows.empty:
        return []
    met, told = int((rows["met"] == "yes").sum()), int((rows["met"] != "").sum())
    lines = [_("本地目标 {count} 项，能测算的 {told} 项中达到 {met} 项。").format(count=len(rows), told=told, met=met)]
    for row in rows[rows["met"] == "no"].to_dict("records"):
        words = _("- {item}：{year}年测算 {figure}，目标 {value}。")
        shown = "{:.0f}" if row["item"] in _COUNTED else "{:.1%}"
        lines.append(
            words.format(
                item=label(TargetItem(str(row["item"]))),
                year=row["year"],
                figure=shown.format(row["figure"]),
                value=shown.format(row["value"]),
            )
        )
    return lines


def closing_lines(result: Result) -> list[str]:
    """What closings save in truth, where schools close."""
    found = result.finance.closings
    if found.empty:
        return []
    words = _(
        "停办 {count} 个学部（其中不足 50 人的 {tiny} 个）：账面每年节支 {paper:.0f} 万元，教职工留在县域统筹时实际节支 {real:.0f} 万元。"
    )
    return [
        words.format(
            count=len(found),
            tiny=int(found["tiny"].sum()),
            paper=found["paper_wan"].sum(),
            real=found["real_wan"].sum(),
        )
    ]
