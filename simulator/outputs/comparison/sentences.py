"""What a comparison says in sentences: which plan is best at what, what differs, who is affected."""

from __future__ import annotations

import math

import pandas as pd

from simulator.language import translate as _
from simulator.outputs.comparison.comparison import Comparison, Pair
from simulator.outputs.comparison.dots import figure_words, shown_figures
from simulator.outputs.comparison.shifts import affected
from simulator.outputs.schemes import figure_titles
from simulator.terms import COMPULSORY, Action, label

_LESS_IS_BETTER = ("shortage_peak", "shortage_target", "mean_minutes", "over_limit", "oversized_share",
                   "largest_variation", "capital_wan", "running_wan", "moved", "rigid_findings")  # fmt: skip


def best_sentences(comparison: Comparison) -> list[str]:
    """A sentence for each figure by which the plans differ: who has the least, who has the most."""
    if len(comparison.plans) == 1:
        return _single_sentences(comparison)
    titles = figure_titles()
    shown = set(shown_figures(comparison))
    names = [side.name for side in comparison.plans]
    told = []
    for name in _LESS_IS_BETTER:
        values = comparison.figures[name].astype(float).to_numpy()[: len(names)]
        words = [figure_words(name, float(value)) for value in values]
        if name not in shown or not all(math.isfinite(value) for value in values) or len(set(words)) == 1:
            continue
        low, high = float(values.min()), float(values.max())
        at = [_("、").join(n for n, v in zip(names, values, strict=True) if v == bound) for bound in (low, high)]
        title, unit = titles[name]
        told.append(
            _("{title}：{best}最低（{low}{unit}），{worst}最高（{high}{unit}）。").format(
                title=title, best=at[0], worst=at[1], unit="" if name == "oversized_share" else unit,
                low=figure_words(name, low), high=figure_words(name, high),
            )
        )  # fmt: skip
    return told or [_("各方案的主要指标相同。")]


def _single_sentences(comparison: Comparison) -> list[str]:
    """The one plan beside no action."""
    titles = figure_titles()
    told = []
    for name in ("shortage_target", "mean_minutes", "over_limit", "oversized_share"):
        plan, idle = (figure_words(name, float(value)) for value in comparison.figures[name].astype(float).iloc[:2])
        title, unit = titles[name]
        told.append(
            _("{title}：方案 {plan}，不采取措施 {idle}（{unit}）。").format(
                title=title, plan=plan, idle=idle, unit=unit
            )
        )
    return told


def decision_sentences(comparison: Comparison) -> list[str]:
    """How many works all plans share, how many differ, and what each plan does."""
    works = comparison.works
    if comparison.year is None:
        return []
    told = []
    if len(comparison.plans) > 1:
        different = int(works["differs"].sum())
        told.append(
            _("各方案做法相同的举措 {same} 项，不同的 {different} 项。").format(
                same=len(works) - different, different=different
            )
        )
        zones = len(comparison.zones)
        told.append(
            _("{year}年有 {count} 处招生范围（单元和年级段）各方案划法不同。").format(year=comparison.year, count=zones)
            if zones
            else _("各方案 {year}年的招生范围相同。").format(year=comparison.year)
        )
    for side in comparison.plans:
        parts = [
            _("{action} {count} 个学部").format(action=label(Action(row["action"])), count=int(row[side.key]))
            for row in comparison.counts.to_dict("records")
            if row[side.key]
        ]
        nothing = _("保留现有学校，没有举措")
        told.append(_("{name}：{works}。").format(name=side.name, works=_("、").join(parts) if parts else nothing))
    return told


def affected_sentences(comparison: Comparison) -> list[str]:
    """Who changes school and whose journey changes, a sentence a pair; compulsory stages."""
    return [_affected_words(pair) for pair in comparison.pairs]


def _affected_words(pair: Pair) -> str:
    table = pair.table[pair.table["stage"].isin([stage.value for stage in COMPULSORY])]
    if not len(table):
        return _("{pair}：没有可对照的小学、初中学生。").format(pair=pair.name)
    whole = affected(table.assign(all=""), "all").iloc[0]
    if round(float(whole["changed"])) == 0 and round(float(whole["longer"] + whole["shorter"])) == 0:
        return _("{pair}：小学、初中没有学生换学校，路程也没有变化。").format(pair=pair.name)
    told = _("{pair}：小学、初中 {changed} 人换学校（{share}）").format(
        pair=pair.name, changed=f"{whole['changed']:.0f}", share=f"{whole['share']:.1%}"
    )
    parts = [told]
    if round(float(whole["longer"])):
        parts.append(
            _("{count} 人路程变长，平均多 {minutes} 分钟，最多 {most} 分钟").format(
                count=f"{whole['longer']:.0f}", minutes=f"{whole['longer_min']:.1f}", most=f"{whole['most_min']:.0f}"
            )
        )
    if round(float(whole["shorter"])):
        parts.append(
            _("{count} 人路程变短，平均少 {minutes} 分钟").format(
                count=f"{whole['shorter']:.0f}", minutes=f"{whole['shorter_min']:.1f}"
            )
        )
    return _("{parts}。").format(parts=_("；").join(parts))


def affected_totals(comparison: Comparison) -> pd.DataFrame:
    """pair, stage and the figures of :func:`simulator.outputs.comparison.shifts.affected`, for a program."""
    parts = [affected(pair.table, "stage").assign(pair=pair.key) for pair in comparison.pairs if len(pair.table)]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()
