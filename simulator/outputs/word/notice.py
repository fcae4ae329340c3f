"""印发通知 and 实施方案: targets, tasks with the bodies that are responsible, steps, annex tables."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from simulator.language import translate as _
from simulator.outputs.figures import percent
from simulator.outputs.word.blocks import Block, Heading, Kind, NewPage, Paper, Text, texts
from simulator.outputs.word.context import Context
from simulator.outputs.word.grids import closure_grid, project_grid, task_grid
from simulator.outputs.word.sentences import balance_sentence, phase_sentence


def notice_paper(context: Context) -> Paper:
    """The notice, then the plan of implementation on a new page, then its annexes."""
    name = _("{district}学校布局规划（{first}—{last}年）实施方案").format(
        district=context.district, first=context.first_year, last=context.target_year
    )
    title = _("{demo}关于印发《{name}》的通知").format(demo=context.demo, name=name)
    blocks = (
        Text(_("文号：（待填）"), Kind.CENTRED),
        Text(title, Kind.TITLE),
        Text(_("{townships}，各有关单位：").format(townships=context.offices.townships), Kind.PLAIN),
        Text(_("现将《{name}》印发给你们，请结合实际，认真组织实施。").format(name=name)),
        Text(""),
        Text(context.author, Kind.RIGHT),
        Text(context.date, Kind.RIGHT),
        NewPage(),
        Text(context.demo + name, Kind.TITLE),
        *_plan(context),
        *_annexes(context),
    )
    return Paper("notice", title, blocks)


def _plan(context: Context) -> Iterator[Block]:
    yield Heading(_("总体要求"))
    yield Text(
        _(
            "按照学位等人、就近入学、先建后撤、量力而行的要求，根据学龄人口变化，分期实施学校布局规划，使各学段学位与需求相适应。"
        )
    )
    yield Heading(_("主要目标"))
    yield from texts(*_goals(context))
    yield Heading(_("重点任务"))
    for task in context.tasks:
        yield Heading(task.title, 2)
        yield Text(
            _("{measures}（责任单位：{office}；时限：{deadline}）").format(
                measures="".join(task.measures), office=task.office, deadline=task.deadline
            )
        )
    yield Heading(_("实施步骤"))
    for phase in context.phases:
        yield Text(phase_sentence(phase))
    yield Heading(_("保障措施"))
    offices = context.offices
    yield from texts(
        _("加强统筹。{education}牵头，{others}分工负责，按年度列出项目和招生调整清单，完成一项、销号一项。").format(
            education=offices.education,
            others=_("、").join([offices.development, offices.finance, offices.planning, offices.housing]),
        ),
        _("公开透明。招生范围调整、学校撤并事前公告，听取家长和村（居）民意见。"),
        _("动态监测。每年核对在校生、学位、项目进度，出现偏差时及时调整。"),
    )


def _goals(context: Context) -> Iterator[str]:
    for stage in context.stages:
        yield balance_sentence(stage, context)
    oversized = [stage for stage in context.stages if stage.is_compulsory and stage.base.oversized_share]
    for stage in oversized:
        yield (
            _("{stage}大班额占比由 {before} 降到 {after}。").format(
                stage=stage.name,
                before=percent(stage.base.oversized_share),
                after=percent(stage.target.oversized_share or 0.0),
            )
            if (stage.target.oversized_share or 0.0) < (stage.base.oversized_share or 0.0)
            else ""
        )


def _annexes(context: Context) -> Iterator[Block]:
    grids = [grid for grid in (task_grid(context), project_grid(context), closure_grid(context)) if grid is not None]
    for number, grid in enumerate(grids, start=1):
        heading = _("附件{number}").format(number=number if len(grids) > 1 else "")
        yield Text(heading, Kind.PLAIN, is_wide=True)
        yield replace(grid, is_wide=True)
        if number < len(grids):
            yield NewPage()
