"""年度工作要点: what the plan has for one year."""

from __future__ import annotations

from collections.abc import Iterator

from simulator.language import plural
from simulator.language import translate as _
from simulator.outputs.projects import named
from simulator.outputs.word.blocks import Block, Heading, Kind, Paper, Text, texts
from simulator.outputs.word.context import Context
from simulator.outputs.word.grids import project_grid
from simulator.outputs.word.sentences import closure_sentence
from simulator.outputs.word.words import works_by_action


def work_points_paper(context: Context) -> Paper:
    """The points of the work year."""
    title = _("{demo}{district}{year}年学校布局和学位建设工作要点").format(
        demo=context.demo, district=context.district, year=context.work_year
    )
    blocks = (Text(title, Kind.TITLE), *_points(context))
    return Paper("work_points", title, blocks)


def _points(context: Context) -> Iterator[Block]:
    year, offices = context.work_year, context.offices
    yield Heading(_("学位形势"))
    yield Text("".join(_situation(context)))
    yield Heading(_("年内启用的项目"))
    now = [project for project in context.projects if project.year == year]
    if now:
        yield from texts(*works_by_action(now))
        office = _("、").join([offices.education, offices.housing])
        yield Text(_("（责任单位：{office}；时限：8月底前）").format(office=office))
    else:
        yield Text(_("{year}年没有启用的建设项目。").format(year=year))
    yield Heading(_("前期和续建的项目"))
    later = [project for project in context.projects if year < project.year <= year + 2]
    yield Text(
        _("为{first}—{last}年启用作准备：{names}。（责任单位：{office}）").format(
            first=year + 1,
            last=year + 2,
            names=named([project.name for project in later]),
            office=_("、").join([offices.development, offices.planning, offices.finance]),
        )
        if later
        else _("没有后两年启用的项目。")
    )
    yield Heading(_("招生和撤并"))
    closed = [closure for closure in context.closures if year <= closure.year <= year + 1]
    for closure in closed:
        yield Text(closure_sentence(closure))
    red = list(dict.fromkeys(alert.school for alert in context.alerts if alert.year == year and alert.level == "red"))
    if red:
        yield Text(
            plural(
                "{count} 所学校达到红色学位预警：{names}。招生前公布预警，落实分流学校。（责任单位：{office}）",
                len(red),
            ).format(count=len(red), names=named(red), office=offices.education)
        )
    if not closed and not red:
        yield Text(_("没有撤并事项和红色学位预警，招生范围按规划分期调整。"))
    yield Heading(_("年底检查"))
    yield Text(_("12月底前核对项目进度、新增学位、班额和学位缺口，结果报{office}。").format(office=offices.education))
    grid = project_grid(context, year, year + 2)
    if grid is not None:
        yield grid


def _situation(context: Context) -> Iterator[str]:
    for stage in context.stages:
        row = next((one for one in stage.years if one.year == context.work_year), None)
        if row is None or not row.demand:
            continue
        words = _("{stage}学位需求 {demand} 人、标准学位 {seats} 个").format(
            stage=stage.name, demand=row.demand, seats=row.seats
        )
        short = _("，缺 {count} 个").format(count=row.shortage) if row.shortage else _("，不缺学位")
        yield _("{words}。").format(words=words + short)
