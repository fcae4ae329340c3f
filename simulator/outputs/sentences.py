"""Sentences of the summary and the screen: careful about none, one and many."""

from __future__ import annotations

import math

import pandas as pd

from simulator.language import plural
from simulator.language import translate as _
from simulator.operation import CATCHMENT, SCHOOL
from simulator.outputs.answers import Answers
from simulator.outputs.edition import people_words
from simulator.outputs.findings import rule_sentence, rules_failing
from simulator.outputs.titles import built_name, site_names, stage_names, stage_order
from simulator.result import Result
from simulator.terms import Action, Delivery, Effect, FindingStatus, Robustness, label

_FEW_WORKS, _FEW_SHORTAGES, _FEW_FINDINGS = 12, 6, 6
_BY_OTHERS = frozenset({Delivery.HANDOVER, Delivery.LINKED})
# Minutes that print as 0.0.
_LEAST_MINUTES = 0.05
_BUILDING = frozenset({Action.NEW_BUILD, Action.EXTENSION, Action.CONVERSION})


def shortage_lines(found: Answers, few: int = _FEW_SHORTAGES) -> list[str]:
    """Where seats are short under the plan, and what would be short without it."""
    lines = []
    if len(found.short) == 0:
        lines.append(_("规划期内各学段、各乡镇街道标准学位均不缺。"))
    elif len(found.short) == 1:
        lines.append(_("规划期内有一处标准学位不足：{place}。").format(place=_shortage(found.short.iloc[0])))
    else:
        lines.append(_("规划期内有 {count} 处标准学位不足（各取最紧的一年）：").format(count=len(found.short)))
        lines += [f"- {_shortage(row)}" for _number, row in found.short.head(few).iterrows()]
        lines += _more(len(found.short) - few)
    lines.append(_idle_line(found))
    return lines


def _shortage(row: pd.Series) -> str:
    return _("{year}年{township}{stage}缺 {count} 个").format(
        year=row["year"],
        township=row["township"],
        stage=stage_names().get(row["stage"], row["stage"]),
        count=people_words(row["shortage"]),
    )


def _idle_line(found: Answers) -> str:
    if len(found.short_idle) == 0:
        return _("不采取措施时规划期内也不缺标准学位。")
    worst = _shortage(found.short_idle.iloc[0])
    if len(found.short_idle) == 1:
        return _("不采取措施时有一处不足：{place}。").format(place=worst)
    return _("不采取措施时有 {count} 处不足，最紧的是{place}。").format(count=len(found.short_idle), place=worst)


def _more(count: int) -> list[str]:
    if count <= 0:
        return []
    return [_("- 另有 {count} 处，见 plan.xlsx。").format(count=count)]


def work_lines(found: Answers, result: Result, few: int = _FEW_WORKS) -> list[str]:
    """What is proposed: numbers of each action, then the works by year."""
    if len(found.works) == 0:
        return [_("方案不新建、不扩建、不撤并，保留现有学校。")]
    numbers = found.works["action"].value_counts()
    counted = _("、").join(
        _("{action} {count} 个学部").format(action=label(action), count=int(numbers[action]))
        for action in Action
        if action in numbers.index
    )
    lines = [_("方案共{counted}。").format(counted=counted)]
    works = _merged_works(found.works)
    names = site_names(result)
    lines += [f"- {_work(rows, names, result)}{_marked(rows)}" for rows in works[:few]]
    return lines + _more(len(works) - few) + robustness_lines(found, result)


def robustness_lines(found: Answers, result: Result) -> list[str]:
    """How many of the plan's works are 稳健 and 待定, and what the words mean; nothing where nobody asked."""
    words = _robustness(found.works)
    if not words:
        return []
    counted = _("、").join(
        _("{word} {count} 项").format(word=label(word), count=words.count(word)) for word in Robustness if word in words
    )
    return [_("各项举措中{counted}。").format(counted=counted), robustness_legend(result)]


def robustness_legend(result: Result) -> str:
    """What 稳健 and 待定 mean."""
    return _(
        "稳健：已证明不做这一项，可调部分的代价要高出 {near} 以上；稳健（未证）：找到的同样好的方案都做这一项；"
        "待定：有同样好的方案不做它，或未能判断；既定：项目库或规划者已定。只说做不做，不说哪一年。"
    ).format(near=f"{result.scenario.solver.near:.1%}")


def robustness_words(works: pd.DataFrame) -> list[str]:
    """Whether each action stays in plans nearly as good, a word a row; older results do not tell."""
    words = works["robustness"].fillna("") if "robustness" in works else [""] * len(works)
    return [label(Robustness(word)) if word else "" for word in words]


def _robustness(works: pd.DataFrame) -> list[Robustness]:
    if "robustness" not in works:
        return []
    return [Robustness(word) for word in works["robustness"].fillna("") if word]


def _marked(rows: pd.DataFrame) -> str:
    """The robustness of one piece of work, each word once."""
    words = _("、").join(dict.fromkeys(label(word) for word in _robustness(rows)))
    return _("〔{words}〕").format(words=words) if words else ""


def _merged_works(works: pd.DataFrame) -> list[pd.DataFrame]:
    """The sections of one campus that share an action and a year, as one piece of work; by year, then action."""
    order = {action.value: number for number, action in enumerate(Action)}
    rows = works.assign(order=works["action"].map(order), place=stage_order(works["stage"]))
    rows = rows.sort_values(["year", "order", "site_id", "place"], kind="stable")
    return [own for _key, own in rows.groupby(["year", "order", "site_id"], sort=False)]


def action_lines(found: Answers, result: Result, few: int) -> list[str]:
    """What is proposed in a line an action: how many sections, from when to when, which schools, dearest first.

    Twice `few` schools are named of each action.
    """
    if len(found.works) == 0:
        return work_lines(found, result)
    sites = site_names(result)
    lines = []
    for action in Action:
        rows = found.works[found.works["action"] == action].sort_values(
            ["capital_wan", "year"], ascending=[False, True]
        )
        if len(rows) == 0:
            continue
        years = sorted({int(year) for year in rows["year"]})
        told = _("{year}年").format(year=years[0] if len(years) == 1 else f"{years[0]}—{years[-1]}")
        names = list(dict.fromkeys(str(sites.get(site, site)) for site in rows["site_id"]))
        named = _("、").join(names[: 2 * few])
        words = _("{action} {count} 项（{years}）：{names}").format(
            action=label(action),
            count=len(rows),
            years=told,
            names=named if len(names) <= 2 * few else _("{names}等").format(names=named),
        )
        lines.append(f"- {words}")
    return lines + robustness_lines(found, result)[:1]


def _work(rows: pd.DataFrame, names: pd.Series, result: Result) -> str:
    """One piece of work: when, where, what, how many classes of which stage, for how much."""
    first = rows.iloc[0]
    site, action = str(first["site_id"]), Action(first["action"])
    building = action in _BUILDING
    stages = [
        plural("{stage}{classes}班", int(classes)).format(stage=stage, classes=int(classes))
        if building and classes > 0
        else stage
        for stage, classes in zip(rows["stage"].map(stage_names()).fillna(rows["stage"]), rows["classes"], strict=True)
    ]
    words = _("{year}年9月 {action} {name}（{stages}）").format(
        year=first["year"],
        action=label(action),
        # That it is new says the action already.
        name=str(names.get(site, site)).removesuffix(built_name("")),
        stages=_("、").join(stages),
    )
    capital = float(rows["capital_wan"].sum())
    if capital > 0:
        return words + _("，投资 {capital} 万元").format(capital=f"{capital:.0f}")
    delivery = str(result.supply.sites["delivery"].get(site, "")) if "delivery" in result.supply.sites else ""
    if action is Action.NEW_BUILD and delivery in _BY_OTHERS:
        return words + _("，{delivery}，不列本级投资").format(delivery=label(Delivery(delivery)))
    return words


def cost_lines(found: Answers, result: Result) -> list[str]:
    """What it costs: capital over the plan, running cost in the target year beside no action."""
    target = result.scenario.horizon.target_year
    capital = found.figures["capital_wan"]
    lines = [
        _("规划期投资合计 {capital} 万元。").format(capital=f"{capital:.0f}")
        if capital > 0
        else _("规划期没有基建投资。")
    ]
    running, idle = found.figures["running_wan"], found.idle["running_wan"]
    more = running - idle
    change = (
        _("比不采取措施多 {count} 万元").format(count=f"{more:.0f}")
        if more >= 0.5
        else _("比不采取措施少 {count} 万元").format(count=f"{-more:.0f}")
        if more <= -0.5
        else _("与不采取措施相同")
    )
    lines.append(
        _("{year}年运行费 {running} 万元，{change}。").format(year=target, running=f"{running:.0f}", change=change)
    )
    if result.scenario.budget.capital_wan is None:
        lines.append(_("情景未设投资限额。"))
    return lines


def journey_lines(found: Answers) -> list[str]:
    """Who travels farther."""
    moved = found.moved[~(found.moved["children_moved"] < 0.5)]
    lines = [_moved(row) for _number, row in moved.iterrows()]
    if not lines:
        lines.append(_("没有学生因调整招生范围而换学校。"))
    return lines + _over_limit_lines(found)


def _moved(row: pd.Series) -> str:
    told = {
        SCHOOL: _("{stage}各期因学校停办换学校的在校生 {count} 人次"),
        CATCHMENT: _("{stage}各期首年招生范围与上期不同的新生 {count} 人次"),
    }.get(row["cause"], _("{stage}各期调整招生范围涉及 {count} 人次"))
    words = told.format(stage=stage_names().get(row["stage"], row["stage"]), count=people_words(row["children_moved"]))
    if row["longer"] < 0.5:
        longer = _("其中没有人路程变长")
    else:
        longer = _("其中 {count} 人次路程变长").format(count=people_words(row["longer"]))
    return _("{moved}，{longer}，{change}。").format(moved=words, longer=longer, change=_change(float(row["change"])))


def _change(minutes: float) -> str:
    """A mean change of minutes, one way, in words."""
    if not math.isfinite(minutes) or abs(minutes) < _LEAST_MINUTES:
        return _("平均路程时间不变")
    words = _("平均每程多 {count} 分钟") if minutes > 0 else _("平均每程少 {count} 分钟")
    return words.format(count=f"{abs(minutes):.1f}")


def _over_limit_lines(found: Answers) -> list[str]:
    lines = []
    over = found.journeys.set_index(["stage", "network"])["over_limit"].to_dict()
    longest = found.journeys[found.journeys["network"] == "plan"].set_index("stage")["longest_min"]
    for stage in found.journeys["stage"].unique():
        plan, idle = float(over.get((stage, "plan"), 0.0)), float(over.get((stage, "no_action"), 0.0))
        if plan < 0.5 and idle < 0.5:
            continue
        lines.append(
            _("远期{stage}超时限 {plan} 人（不采取措施 {idle} 人），最远单程 {longest} 分钟。").format(
                stage=stage_names().get(str(stage), stage),
                plan=people_words(plan),
                idle=people_words(idle),
                longest=f"{longest.get(stage, math.nan):.0f}",
            )
        )
    return lines or [_("远期没有学生通学超过时限。")]


def _standing_lines(found: Answers, status: FindingStatus) -> list[str]:
    """The findings against rigid rules among those of today, or of a stated shortage, rule by rule."""
    rows = found.standing[found.standing["status"] == status.value]
    return [_("- 其中刚性规则：{sentence}").format(sentence=rule_sentence(own)) for own in rules_failing(rows)]


def finding_lines(found: Answers, few: int = _FEW_FINDINGS) -> list[str]:
    """Which rules fail: numbers by effect, then the gravest findings."""
    rigid = found.counts[Effect.RIGID.value]
    if rigid == 0:
        lines = [_("独立校核没有发现方案违反刚性规则。")]
    elif rigid == 1:
        lines = [_("独立校核发现方案有一处违反刚性规则，须先解决。")]
    else:
        lines = [_("独立校核发现方案有 {count} 处违反刚性规则，须先解决。").format(count=rigid)]
    others = _("、").join(
        _("{effect} {count} 条").format(effect=label(effect), count=found.counts[effect.value])
        for effect in Effect
        if effect is not Effect.RIGID and found.counts[effect.value]
    )
    if others:
        lines.append(_("其他问题：{others}。").format(others=others))
    inherited, declared = found.counts["inherited"], found.counts["declared"]
    if inherited:
        lines.append(_("另有 {count} 条为现状延续，方案没有使其变差。").format(count=inherited))
        lines += _standing_lines(found, FindingStatus.INHERITED)
    if declared:
        lines.append(_("另有 {count} 条已在方案的学位缺口中列明。").format(count=declared))
        lines += _standing_lines(found, FindingStatus.DECLARED)
    rules = rules_failing(found.failing)
    lines += [f"- {rule_sentence(rows)}" for rows in rules[:few]]
    if len(rules) > few:
        lines.append(_("- 另有 {count} 类，见 plan.xlsx。").format(count=len(rules) - few))
    return lines
