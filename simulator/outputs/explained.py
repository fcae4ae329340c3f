"""Why a decision and not its opposite: sentences, a table and files."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from simulator.language import translate as _
from simulator.model.beside import Figures
from simulator.model.explain import Explanation

PREFIX = "explain-"
"""Files of explanations in a result folder; they are no part of the result itself."""
# What prints as no change.
_LEAST = 0.05


def figure_rows(explanation: Explanation) -> pd.DataFrame:
    """Figures of both ways: title, unit, plan, otherwise, change (NaN where the other way is impossible)."""
    after = explanation.after
    rows = [
        (title, unit, own, other, other - own)
        for name, title, unit in _titles()
        for own in [float(getattr(explanation.before, name))]
        for other in [math.nan if after is None else float(getattr(after, name))]
    ]
    return pd.DataFrame(rows, columns=["title", "unit", "plan", "otherwise", "change"])


def _titles() -> list[tuple[str, str, str]]:
    return [
        ("shortage", _("没有学位"), _("人·年")),
        ("over_standard", _("超出标准班额"), _("人·年")),
        ("cost_wan", _("运行、投资年金与接送"), _("万元/年")),
        ("mean_minutes", _("平均单程"), _("分钟")),
        ("total_minutes", _("单程合计"), _("千人·分钟")),
        ("moved", _("换学校或换片"), _("人次")),
        ("objective_wan", _("综合代价"), _("万元/年")),
    ]


def verdict(explanation: Explanation) -> str:
    """Why the plan decides as it does, in one sentence."""
    after = explanation.after
    if explanation.outcome == "impossible":
        return _("规则不允许：")
    if after is None:
        return _("时限内没有找到另一做法的方案，也没有证明它不可行；请加大 --time-limit。")
    more = after.objective_wan - explanation.before.objective_wan
    worse, better = _differences(explanation.before, after)
    if more <= _LEAST:
        told = _(
            "另一做法不更差（综合代价每年少 {less} 万元），差别在求解精度之内：两者都可取，宜结合实际决定。"
        ).format(less=f"{max(-more, 0.0):.1f}")
        return told + (_("另一做法{better}。").format(better=_("、").join(better)) if better else "")
    told = _("另一做法综合代价每年高 {more} 万元").format(more=f"{more:.1f}")
    told += _("：{worse}").format(worse=_("、").join(worse)) if worse else ""
    told += _("；好处是{better}").format(better=_("、").join(better)) if better else ""
    if explanation.least_wan > _LEAST:
        return told + _("。已证明至少高 {least} 万元。").format(least=f"{min(explanation.least_wan, more):.1f}")
    return told + _("。这是时限内找到的最好的另一做法，未证明没有更好的。")


def _differences(before: Figures, after: Figures) -> tuple[list[str], list[str]]:
    """What gets worse and what gets better, in words."""
    pairs = [
        (after.shortage - before.shortage, 0.5, _("多 {n} 人·年没有学位"), _("少 {n} 人·年没有学位"), 0),
        (after.over_standard - before.over_standard, 0.5, _("多 {n} 人·年超标准班额"), _("少 {n} 人·年超标准班额"), 0),
        (after.cost_wan - before.cost_wan, _LEAST, _("每年多花 {n} 万元"), _("每年少花 {n} 万元"), 1),
        (after.mean_minutes - before.mean_minutes, _LEAST, _("平均每程多 {n} 分钟"), _("平均每程少 {n} 分钟"), 1),
        (after.moved - before.moved, 0.5, _("多 {n} 人次换学校"), _("少 {n} 人次换学校"), 0),
    ]
    worse = [more.format(n=f"{change:.{digits}f}") for change, least, more, _less, digits in pairs if change >= least]
    better = [
        less.format(n=f"{-change:.{digits}f}") for change, least, _more, less, digits in pairs if change <= -least
    ]
    return worse, better


def explanation_lines(explanation: Explanation) -> list[str]:
    """Everything about one decision but its table of figures, a line each."""
    lines = [_("方案：{now}；另一做法：{instead}。").format(now=explanation.now, instead=explanation.instead)]
    if explanation.note:
        lines.append(explanation.note)
    lines.append(verdict(explanation))
    lines += [f"- {reason}" for reason in explanation.reasons]
    if explanation.changes:
        lines.append(_("随之改变的决定："))
        for change in explanation.changes:
            told = _("{before} → {after}").format(before=change.before, after=change.after)
            words = told if change.before else change.after
            lines.append("- " + _("{place}：{words}").format(place=change.place, words=words))
    return lines


def write_explanations(explanations: Sequence[Explanation], folder: Path) -> list[Path]:
    """Write `explain-<place>.csv` and `.md` into a result folder, in place of older ones.

    Parameters
    ----------
    explanations
        Of one place; at least one.
    folder
        The result folder.
    """
    first = explanations[0]
    stem = PREFIX + re.sub(r"[^\w.-]", "_", first.place)
    table = pd.concat(
        [figure_rows(one).assign(place=one.place, now=one.now, instead=one.instead) for one in explanations],
        ignore_index=True,
    )
    columns = ["place", "now", "instead", "title", "unit", "plan", "otherwise", "change"]
    csv, text = folder / f"{stem}.csv", folder / f"{stem}.md"
    table[columns].to_csv(csv, index=False, encoding="utf-8-sig", lineterminator="\n")
    parts = [f"# {heading(first)}"]
    for one in explanations:
        parts += ["\n".join(explanation_lines(one)), _markdown(figure_rows(one))]
    text.write_text("\n\n".join(parts) + "\n", encoding="utf-8", newline="\n")
    return [csv, text]


def heading(explanation: Explanation) -> str:
    """Title of the explanations of a place."""
    return _("为什么这样安排{name}（{place}）").format(name=explanation.name, place=explanation.place)


def _markdown(rows: pd.DataFrame) -> str:
    head = [_("指标"), _("单位"), _("方案"), _("另一做法"), _("变化")]
    lines = ["| " + " | ".join(head) + " |", "|---|---|---:|---:|---:|"]
    for row in rows.itertuples(index=False):
        cells = [str(row.title), str(row.unit), *(shown(value) for value in (row.plan, row.otherwise))]
        lines.append("| " + " | ".join([*cells, shown(row.change, signed=True)]) + " |")
    return "\n".join(lines)


def shown(value: object, *, signed: bool = False) -> str:
    """A figure with one decimal; — where there is none."""
    number = float(str(value))
    if not math.isfinite(number):
        return "—"
    return f"{number:+,.1f}" if signed else f"{number:,.1f}"
