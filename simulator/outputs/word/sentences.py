"""Sentences of plans and reports, built from figures: none, one and many each have their words."""

from __future__ import annotations

from simulator.language import plural
from simulator.language import translate as _
from simulator.outputs.figures import percent, tenth
from simulator.outputs.projects import named
from simulator.outputs.word.context import Context
from simulator.outputs.word.context_places import Closure, Move, Project, Shortage
from simulator.outputs.word.context_plan import Phase
from simulator.outputs.word.context_stages import Stage

# Minutes that print as 0.0.
_LEAST_MINUTES = 0.05
_FEW_SHORTAGES = 6


def stage_now_sentence(stage: Stage, context: Context) -> str:
    """Schools, classes and pupils of a stage in the base year."""
    if not stage.schools:
        return _("{stage}现无学校。").format(stage=stage.name)
    words = plural(
        "{year}年{stage} {schools} 处、{classes} 个班、在校生 {pupils} 人，平均班额 {mean} 人，标准学位 {seats} 个。",
        stage.schools,
    )
    return words.format(
        year=context.base_year, stage=stage.name, schools=stage.schools, classes=stage.classes, pupils=stage.pupils,
        mean=tenth(stage.mean_class), seats=stage.base.seats,
    )  # fmt: skip


def class_sentence(stage: Stage, context: Context) -> str:
    """Class sizes of a stage now and in the target year."""
    before, after = stage.base.oversized_share, stage.target.oversized_share
    if before is None:
        return ""
    line = "" if context.oversized_line is None else _("（{line}人及以上）").format(line=context.oversized_line)
    now = (
        _("{stage}没有大班额{line}").format(stage=stage.name, line=line)
        if not before
        else _("{stage}大班额{line}占 {share}，最大班额 {largest} 人").format(
            stage=stage.name, line=line, share=percent(before), largest=stage.base.largest_class
        )
    )
    if after is None:
        return _("{now}。").format(now=now)
    then = _("没有大班额") if not after else _("大班额占 {share}").format(share=percent(after))
    return _("{now}；到{year}年{then}，最大班额 {largest} 人。").format(
        now=now, year=context.target_year, then=then, largest=stage.target.largest_class
    )


def demand_sentence(stage: Stage, context: Context) -> str:
    """Children of a stage: now, at the peak, in the target year."""
    base, peak, target = stage.base, stage.peak, stage.target
    if not max(base.demand, peak.demand):
        return ""
    path = (
        _("规划期内以{year}年最多，为 {count} 人").format(year=peak.year, count=peak.demand)
        if peak.demand > base.demand
        else _("规划期内不超过现状")
    )
    spread = (
        _("（低方案 {low} 人，高方案 {high} 人）").format(low=target.low, high=target.high)
        if target.high > target.low
        else ""
    )
    return _("{stage}学位需求{base_year}年为 {base} 人；{path}；{target_year}年为 {target} 人{spread}。").format(
        stage=stage.name, base_year=base.year, base=base.demand, path=path, target_year=context.target_year,
        target=target.demand, spread=spread,
    )  # fmt: skip


def balance_sentence(stage: Stage, context: Context) -> str:
    """Seats against children of a stage at the worst year and in the target year, beside no action."""
    if not max(stage.base.demand, stage.peak.demand):
        return ""
    plan = (
        _("规划期内各年均不缺标准学位")
        if not stage.worst.shortage
        else _("缺口以{year}年最大，为 {count} 个").format(year=stage.worst.year, count=stage.worst.shortage)
    )
    idle = (
        _("不采取措施也不缺")
        if not stage.worst_idle.shortage_idle
        else _("不采取措施最多缺 {count} 个（{year}年）").format(
            count=stage.worst_idle.shortage_idle, year=stage.worst_idle.year
        )
    )
    target = stage.target
    state = (
        _("部分学部缺 {short} 个、部分富余 {spare} 个").format(short=target.shortage, spare=target.spare)
        if target.shortage and target.spare
        else _("缺 {count} 个").format(count=target.shortage)
        if target.shortage
        else _("富余 {count} 个").format(count=target.spare)
        if target.spare
        else _("供需相当")
    )
    return _("{stage}{plan}，{idle}；{year}年标准学位 {seats} 个，{state}。").format(
        stage=stage.name, plan=plan, idle=idle, year=context.target_year, seats=target.seats, state=state
    )


def shortage_words(row: Shortage) -> str:
    """One shortage: when, where, which stage, how many."""
    return _("{year}年{township}{stage} {count} 个").format(
        year=row.year, township=row.township, stage=row.stage, count=row.count
    )


def shortage_sentence(context: Context, few: int = _FEW_SHORTAGES) -> str:
    """Where seats stay short under the plan."""
    rows = context.shortages
    if not rows:
        return _("规划期内各学段、各乡镇街道标准学位均不缺。")
    if len(rows) == 1:
        return _("仍有一处标准学位不足：{place}。").format(place=shortage_words(rows[0]))
    return _("仍有 {count} 处标准学位不足，最紧的是：{places}。").format(
        count=len(rows), places=named([shortage_words(row) for row in rows], few)
    )


def project_sentence(project: Project) -> str:
    """A project: when, what, where, how large, for how much."""
    words = _("{year}年9月{action}{name}（{scale}）").format(
        year=project.year, action=project.action, name=project.name, scale=project.scale
    )
    if project.capital >= 1:
        words += _("，投资 {capital} 万元").format(capital=f"{project.capital:.0f}")
    elif project.by_others:
        words += _("，{delivery}，不列本级投资").format(delivery=project.by_others)
    return _("{words}。").format(words=words)


def closure_sentence(closure: Closure) -> str:
    """A closure: when, what, where the pupils go, what changes on their way."""
    words = _("{year}年9月{action}{school}{stage}").format(
        year=closure.year, action=closure.action, school=closure.school,
        stage="" if closure.stage in closure.school else closure.stage,
    )  # fmt: skip
    if not closure.children and not closure.unplaced:
        return _("{words}，届时没有在校生需要安置。").format(words=words)
    if closure.children:
        words += plural("，{count} 名学生由{schools}接收", closure.children).format(
            count=closure.children, schools=named(closure.receivers)
        )
    if closure.unplaced:
        words += plural("，{count} 名学生没有学校可上", closure.unplaced).format(count=closure.unplaced)
    if closure.minutes_before is not None and closure.minutes_after is not None:
        words += _("，平均单程由 {before} 分钟变为 {after} 分钟").format(
            before=tenth(closure.minutes_before), after=tenth(closure.minutes_after)
        )
    if closure.bus_seats:
        words += plural("，校车 {count} 座", closure.bus_seats).format(count=closure.bus_seats)
    if closure.boarders:
        words += plural("，寄宿 {count} 人", closure.boarders).format(count=closure.boarders)
    return _("{words}。").format(words=words)


def move_sentence(move: Move) -> str:
    """Children of a stage who move for one cause."""
    words = (
        _("{stage}因学校停办换学校的在校生 {count} 人次")
        if move.enrolled
        else _("{stage}招生范围与上期不同的新生 {count} 人次")
    ).format(stage=move.stage, count=move.children)
    longer = _("其中 {count} 人次路程变长").format(count=move.longer) if move.longer else _("没有人路程变长")
    return _("{moved}，{longer}，{change}。").format(moved=words, longer=longer, change=change_words(move.change))


def change_words(minutes: float | None) -> str:
    """A mean change of minutes, one way."""
    if minutes is None or abs(minutes) < _LEAST_MINUTES:
        return _("平均路程时间不变")
    words = _("平均每程多 {count} 分钟") if minutes > 0 else _("平均每程少 {count} 分钟")
    return words.format(count=f"{abs(minutes):.1f}")


def journey_sentence(stage: Stage, context: Context) -> str:
    """Journeys of a stage in the target year."""
    if stage.mean_minutes is None:
        return ""
    over = _("没有学生超过时限") if not stage.over_limit else _("超过时限 {count} 人").format(count=stage.over_limit)
    idle = _("（不采取措施 {count} 人）").format(count=stage.over_limit_idle) if stage.over_limit_idle else ""
    return _("{year}年{stage}平均单程 {mean} 分钟，最长 {longest} 分钟，{over}{idle}。").format(
        year=context.target_year, stage=stage.name, mean=tenth(stage.mean_minutes), longest=tenth(stage.longest_minutes),
        over=over, idle=idle,
    )  # fmt: skip


def phase_sentence(phase: Phase) -> str:
    """Works of a phase."""
    years = (
        _("{year}年").format(year=phase.first_year)
        if phase.first_year == phase.last_year
        else _("{first}—{last}年").format(first=phase.first_year, last=phase.last_year)
    )
    if not phase.projects:
        return _("{years}：没有启用的建设项目。").format(years=years)
    parts = [plural("启用建设项目 {count} 项", phase.projects).format(count=phase.projects)]
    if phase.seats:
        parts.append(_("学位 {count} 个").format(count=phase.seats))
    if phase.capital >= 1:
        parts.append(_("投资 {count} 万元").format(count=f"{phase.capital:.0f}"))
    return _("{years}：{parts}。").format(years=years, parts=_("，").join(parts))


def capital_sentence(context: Context) -> str:
    """Capital of the plan."""
    if context.money.capital < 1:
        return _("规划期没有基建投资。")
    words = _("规划期投资合计 {capital} 万元").format(capital=f"{context.money.capital:.0f}")
    years = [row for row in context.money_years if row.capital >= 1]
    if len(years) > 1:
        most = max(years, key=lambda row: row.capital)
        words += _("，以{year}年最多，为 {capital} 万元").format(year=most.year, capital=f"{most.capital:.0f}")
    limit = "" if context.money.has_limit else _("情景未设投资限额。")
    return _("{words}。{limit}").format(words=words, limit=limit)


def running_sentence(context: Context) -> str:
    """Running cost of the target year beside no action."""
    running, idle = context.money.running_target, context.money.running_target_idle
    if running is None:
        return ""
    more = running - (idle if idle is not None else running)
    change = (
        _("，比不采取措施多 {count} 万元").format(count=f"{more:.0f}")
        if more >= 0.5
        else _("，比不采取措施少 {count} 万元").format(count=f"{-more:.0f}")
        if more <= -0.5
        else _("，与不采取措施相同")
        if idle is not None
        else ""
    )
    return _("{year}年运行费 {running} 万元{change}。").format(
        year=context.target_year, running=f"{running:.0f}", change=change
    )
