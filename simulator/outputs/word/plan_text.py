"""规划文本: the plan in articles, chapter by chapter, as far as the inputs reach."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from simulator.language import plural
from simulator.language import translate as _
from simulator.outputs.figures import percent
from simulator.outputs.projects import named
from simulator.outputs.titles import headline
from simulator.outputs.word.blocks import Block, Heading, Kind, Text
from simulator.outputs.word.context import Context
from simulator.outputs.word.context_places import Project
from simulator.outputs.word.context_stages import Stage
from simulator.outputs.word.sentences import (
    balance_sentence,
    capital_sentence,
    class_sentence,
    closure_sentence,
    demand_sentence,
    journey_sentence,
    move_sentence,
    phase_sentence,
    running_sentence,
    shortage_sentence,
    stage_now_sentence,
)
from simulator.outputs.word.words import total_words
from simulator.terms import Action, label

_FEW_SOURCES = 12


def plan_articles(context: Context) -> tuple[Block, ...]:
    """The chapters of the plan; a chapter with nothing to say is left out."""
    chapters: tuple[tuple[str, Callable[[Context], Iterator[tuple[str, str]]]], ...] = (
        (_("总则"), _general),
        (_("现状与问题"), _present),
        (_("学龄人口与学位需求"), _demand),
        (_("学位供需平衡"), _balance),
        (_("学校布局"), _layout),
        (_("招生范围"), _zones),
        (_("撤并与学生安置"), _closing),
        (_("学段转换与弹性"), _converting),
        (_("分期建设与项目库"), _phases),
        (_("投资与运行费用"), _money),
        (_("教育用地控制"), _land),
        (_("实施与监测"), _carrying_out),
    )
    blocks: list[Block] = []
    for title, articles in chapters:
        written = [
            Text(text, Kind.ARTICLE, _("【{title}】").format(title=lead)) for lead, text in articles(context) if text
        ]
        if written:
            blocks += [Heading(headline(title), 2), *written]
    return tuple(blocks)


def _general(context: Context) -> Iterator[tuple[str, str]]:
    yield (
        _("目的"),
        _(
            "为使{district}各学段学位与学龄人口变化相适应，方便学生就近入学，合理安排学校建设、调整与投入，编制本规划。"
        ).format(district=context.district),
    )
    yield (
        _("范围"),
        _("规划范围为{district}全域，共 {towns} 个乡镇街道、{units} 个划片单元；包括{stages}。").format(
            district=context.district,
            towns=len(context.townships),
            units=context.units,
            stages=_("、").join(stage.name for stage in context.stages),
        ),
    )
    near = _("近期到{near}年，").format(near=context.near_year) if context.near_year < context.target_year else ""
    yield (
        _("期限"),
        _("规划期限为{first}—{target}年，{near}基准年为{base}年（学年，以9月1日计）。").format(
            first=context.first_year, target=context.target_year, near=near, base=context.base_year
        ),
    )
    yield (
        _("依据"),
        _("{sources}等。全部指标的取值和出处见附件工作簿“编制依据”。").format(
            sources=_("、").join(context.sources[:_FEW_SOURCES])
        )
        if context.sources
        else "",
    )
    yield (
        _("原则"),
        _("学位等人、适度超前；就近入学、相对稳定；先建后撤、审慎撤并；盘活存量、用好增量；量力而行、分期实施。"),
    )
    yield _("目标"), _target_words(context)


def _target_words(context: Context) -> str:
    parts = [_seat_target(stage) for stage in context.stages if stage.target.seats]
    if not parts:
        return ""
    return _("到{year}年，{parts}。").format(year=context.target_year, parts=_("；").join(parts))


def _seat_target(stage: Stage) -> str:
    before, after = stage.base.seats, stage.target.seats
    words = (
        _("{stage}标准学位保持 {after} 个")
        if before == after
        else _("{stage}标准学位由 {before} 个增加到 {after} 个")
        if before < after
        else _("{stage}标准学位由 {before} 个调减到 {after} 个")
    ).format(stage=stage.name, before=before, after=after)
    return _("{words}，学位利用率 {use}").format(words=words, use=percent(stage.target.utilization))


def _present(context: Context) -> Iterator[tuple[str, str]]:
    yield _("学校现状"), "".join(stage_now_sentence(stage, context) for stage in context.stages)
    yield _("班额"), "".join(class_sentence(stage, context) for stage in context.stages if stage.is_compulsory)
    covered = [stage for stage in context.stages if stage.coverage is not None and stage.radius_m]
    yield (
        _("服务覆盖"),
        _("{parts}。服务半径为布点目标，不作就学限制。").format(
            parts=_("；").join(
                _("{stage}按服务半径 {radius} 米计，覆盖 {share}的适龄儿童").format(
                    stage=stage.name, radius=f"{stage.radius_m:.0f}", share=percent(stage.coverage)
                )
                for stage in covered
            )
        )
        if covered
        else "",
    )


def _demand(context: Context) -> Iterator[tuple[str, str]]:
    for stage in context.stages:
        yield _("{stage}需求").format(stage=stage.name), demand_sentence(stage, context)


def _balance(context: Context) -> Iterator[tuple[str, str]]:
    for stage in context.stages:
        yield _("{stage}供需").format(stage=stage.name), balance_sentence(stage, context)
    yield _("学位缺口"), shortage_sentence(context)


def _layout(context: Context) -> Iterator[tuple[str, str]]:
    for stage in context.stages:
        own = [project for project in context.projects if stage.name in project.stages]
        closed = [closure for closure in context.closures if closure.stage == stage.name]
        kept = _("现有 {count} 个学部继续办学，不新建、不撤并。").format(count=stage.schools) if stage.schools else ""
        yield _("{stage}布局").format(stage=stage.name), _stage_layout(stage, context) if own or closed else kept


def _stage_layout(stage: Stage, context: Context) -> str:
    sentences = []
    own = [project for project in context.projects if stage.name in project.stages]
    for action in dict.fromkeys(project.action for project in own):
        works = [project for project in own if project.action == action]
        sentences.append(
            plural("{action} {count} 处：{names}。", len(works)).format(
                action=action, count=len(works), names=named([_project_words(work) for work in works])
            )
        )
    closed = [closure for closure in context.closures if closure.stage == stage.name]
    if closed:
        sentences.append(
            plural("撤并、停办 {count} 处：{names}。", len(closed)).format(
                count=len(closed), names=named([closure.school for closure in closed])
            )
        )
    return "".join(sentences)


def _project_words(work: Project) -> str:
    return _("{name}（{year}年）").format(name=work.name, year=work.year)


def _zones(context: Context) -> Iterator[tuple[str, str]]:
    if context.rezoned_units:
        yield (
            _("调整"),
            plural(
                "规划期内分期调整 {count} 个划片单元的招生范围，逐单元的调整前后学校见附件工作簿“T16 学区划分”。",
                context.rezoned_units,
            ).format(count=context.rezoned_units),
        )
    else:
        yield _("调整"), _("规划期内现有招生范围不作调整。")
    yield _("老生"), _("{words}。").format(words=context.rezoning)
    yield _("涉及学生"), "".join(move_sentence(move) for move in context.moves)
    yield _("通学"), "".join(journey_sentence(stage, context) for stage in context.stages if stage.is_compulsory)


def _closing(context: Context) -> Iterator[tuple[str, str]]:
    for closure in context.closures:
        yield closure.school, closure_sentence(closure)
    if context.closures:
        yield (
            _("程序"),
            _("撤并学校须先建后撤，事前听取学生家长、村（居）民和教职工意见，履行论证、听证、公示和报批程序。"),
        )


def _converting(context: Context) -> Iterator[tuple[str, str]]:
    converted = [project for project in context.projects if project.action == label(Action.CONVERSION)]
    if converted:
        yield (
            _("学段转换"),
            _("{total}逐项：{names}。").format(
                total=total_words(converted), names=named([_project_words(work) for work in converted])
            ),
        )
    wide = [stage for stage in context.stages if stage.target.spare > stage.target.shortage and stage.target.spare]
    if wide:
        yield (
            _("富余学位"),
            _("到{year}年，{parts}。富余校舍优先用于教育。").format(
                year=context.target_year,
                parts=_("；").join(
                    _("{stage}富余标准学位 {count} 个").format(stage=stage.name, count=stage.target.spare)
                    for stage in wide
                ),
            ),
        )


def _phases(context: Context) -> Iterator[tuple[str, str]]:
    for phase in context.phases:
        yield _("第{number}期").format(number=phase.number), phase_sentence(phase)
    if context.projects:
        yield _("项目库"), _("{total}项目库见附表。").format(total=total_words(context.projects))


def _money(context: Context) -> Iterator[tuple[str, str]]:
    yield _("投资"), capital_sentence(context)
    yield _("运行费"), running_sentence(context)


def _land(context: Context) -> Iterator[tuple[str, str]]:
    sheet = context.tables.get("T13")
    if sheet is None or not sheet.rows:
        return
    yield (
        _("用地控制"),
        plural(
            "规划控制教育用地 {count} 块，面积、供地年度和规划班数见附表；未经法定程序不得改变用途。", len(sheet.rows)
        ).format(count=len(sheet.rows)),
    )


def _carrying_out(context: Context) -> Iterator[tuple[str, str]]:
    for task in context.tasks:
        yield (
            task.title,
            _("{measures}责任单位：{office}；时限：{deadline}。").format(
                measures="".join(task.measures), office=task.office, deadline=task.deadline
            ),
        )
    yield (
        _("附则"),
        _("本规划由规划文本、说明书、附表和图件组成。规划期内学龄人口、用地或财力有重大变化时，按程序修订。"),
    )
