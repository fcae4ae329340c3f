"""What can be compared and what cannot: sentences that stand before the figures."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from simulator.language import translate as _
from simulator.outputs.comparison.sides import Side
from simulator.outputs.titles import planned_words

# Forecasts that differ by less are the same forecast.
_SAME_CHILDREN = 0.5


def is_one_district(plans: Sequence[Side]) -> bool:
    """Whether all plans are of one district with the same units, so that children and decisions can be paired."""
    first = plans[0].stored
    units = set(first.units["unit_id"])
    return all(side.stored.district == first.district and set(side.stored.units["unit_id"]) == units for side in plans)


def common_year(plans: Sequence[Side]) -> int | None:
    """The last year that every plan covers; None where their periods do not meet."""
    last = min(side.target for side in plans)
    return last if all(side.stored.scenario.horizon.base_year < last for side in plans) else None


def comparability(plans: Sequence[Side]) -> tuple[str, ...]:
    """Sentences on what of the plans can be compared; the gravest reservation first."""
    if len(plans) == 1:
        return (_("只有一份成果：与不采取措施相比。"),)
    notes = [*_district_notes(plans), *_period_notes(plans)]
    if is_one_district(plans):
        notes += _forecast_notes(plans)
    notes += [
        *_differing(
            plans, _("计划依据的预测不同：{cases}。"), lambda one: planned_words(one.stored.scenario.projection)
        ),
        *_differing(plans, _("招生范围的口径不同：{cases}；涉及学生数不宜直接相比。"), _rezoning),
        *_differing(plans, _("通学距离的算法不同：{cases}；分钟数不宜直接相比。"), _travel),
        *_norm_notes(plans),
        *_quality_notes(plans),
    ]
    return tuple(notes) or (_("各方案的区域、规划期、预测和标准相同，指标可以直接相比。"),)


def _district_notes(plans: Sequence[Side]) -> list[str]:
    if is_one_district(plans):
        return []
    if len({side.stored.district for side in plans}) > 1:
        names = _("、").join(_("{name}：{what}").format(name=s.name, what=s.stored.district[1] or s.stored.district[0])
                             for s in plans)  # fmt: skip
        told = _(
            "区域不同（{names}）：人数、投资等总量不能比大小，只有占比、平均值和标准达成可以对照；不列举措差异、学生流向和并列地图。"
        )
        return [told.format(names=names)]
    return [_("划片单元不同：同一区域的两种划分，不列举措差异、学生流向和并列地图。")]


def _period_notes(plans: Sequence[Side]) -> list[str]:
    def period(side: Side) -> str:
        return _("{base}—{target}年").format(base=side.stored.scenario.horizon.base_year, target=side.target)

    told = _differing(plans, _("规划期不同：{cases}。“远期”是各自的目标年，投资是各自规划期的合计。"), period)
    year = common_year(plans)
    if told and year is not None and is_one_district(plans):
        told.append(_("地图和学生流向取共同的 {year} 年。").format(year=year))
    if year is None:
        told.append(_("规划期没有共同的年份：不列学生流向和并列地图。"))
    return told


def _forecast_notes(plans: Sequence[Side]) -> list[str]:
    """Plans that stand on different numbers of children."""
    year = common_year(plans)
    if year is None:
        return []
    sums = {}
    for side in plans:
        demand = side.stored.demand
        sums[side.key] = (
            float(demand.children[:, :, demand.years.index(year)].sum()) if year in demand.years else np.nan
        )
    if max(sums.values()) - min(sums.values()) < _SAME_CHILDREN:
        return []
    cases = _("、").join(_("{name} {count}人").format(name=side.name, count=f"{sums[side.key]:.0f}") for side in plans)
    told = _("学位需求不同（{year}年：{cases}）：缺口、富余之差含预测之差。不采取措施一列是{first}的预测。")
    return [told.format(year=year, cases=cases, first=plans[0].name)]


def _norm_notes(plans: Sequence[Side]) -> list[str]:
    """Figures of the norms that differ."""
    first = plans[0].stored.standards.figures
    notes = []
    for side in plans[1:]:
        figures = side.stored.standards.figures
        other = [name for name in sorted(first.keys() | figures.keys())
                 if (first[name].value if name in first else None) != (figures[name].value if name in figures else None)]  # fmt: skip
        if other:
            titles = _("、").join(str((figures.get(name) or first[name]).title) for name in other[:5])
            told = _("{name}与{first}的标准有 {count} 处不同（{titles}等）：达标情况按各自的标准。")
            notes.append(told.format(name=side.name, first=plans[0].name, count=len(other), titles=titles))
    return notes


def _quality_notes(plans: Sequence[Side]) -> list[str]:
    """Plans that were not solved to the end."""
    unfinished = [side for side in plans if side.plan.solution.status not in {"optimal", "no_action"}]
    if not unfinished:
        return []
    cases = _("、").join(_("{name} {gap}").format(name=side.name, gap=f"{side.plan.solution.gap:.1%}")
                         for side in unfinished)  # fmt: skip
    return [_("求解到时限为止的方案，与理论最优值的最大差距：{cases}；比这更小的差别不足为据。").format(cases=cases)]


def _rezoning(side: Side) -> str:
    return _("全体重划") if side.plan.rezoning == "everybody" else _("只用于新生")


def _travel(side: Side) -> str:
    straight = side.stored.access.basis == "straight_line"
    return _("直线距离乘绕行系数") if straight else _("道路与轮渡网络")


def _differing(plans: Sequence[Side], words: str, of: Callable[[Side], str]) -> list[str]:
    """A sentence with who has which value; none where all have the same."""
    names: dict[str, list[str]] = {}
    for side in plans:
        names.setdefault(of(side), []).append(side.name)
    if len(names) == 1:
        return []
    cases = _("、").join(
        _("{names}为{value}").format(names=_("、").join(who), value=what) for what, who in names.items()
    )
    return [words.format(cases=cases)]
