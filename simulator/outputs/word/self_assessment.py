"""自评报告: figures and rules of today and of the target year, in tables."""

from __future__ import annotations

from collections.abc import Iterator

from simulator.language import translate as _
from simulator.outputs.figures import figure
from simulator.outputs.word.blocks import Block, Grid, Heading, Kind, Paper, Text, texts
from simulator.outputs.word.context import Context
from simulator.outputs.word.context_plan import Target
from simulator.outputs.word.grids import money_grid, present_grid, project_grid
from simulator.outputs.word.sentences import (
    balance_sentence,
    capital_sentence,
    class_sentence,
    phase_sentence,
    stage_now_sentence,
)


def self_assessment_paper(context: Context) -> Paper:
    """The report."""
    title = _("{demo}{district}学校布局与学位保障自评报告").format(demo=context.demo, district=context.district)
    blocks = (
        Text(title, Kind.TITLE),
        Heading(_("基本情况")),
        *texts(*(stage_now_sentence(stage, context) for stage in context.stages)),
        present_grid(context),
        Heading(_("指标自评")),
        *texts(*(class_sentence(stage, context) for stage in context.stages if stage.is_compulsory)),
        _targets(context),
        Heading(_("规则自评")),
        Text(_rules_words(context)),
        _rules(context),
        Heading(_("问题与不足")),
        *texts(*(balance_sentence(stage, context) for stage in context.stages if stage.is_compulsory)),
        Heading(_("投入与下一步")),
        Text(capital_sentence(context)),
        *_next(context),
        Text(_("教师、经费、质量等本程序没有数据的自评项目：（待填）")),
    )
    return Paper("self_assessment", title, blocks)


def _next(context: Context) -> Iterator[Block]:
    yield from texts(*(phase_sentence(phase) for phase in context.phases))
    grid = project_grid(context)
    if grid is not None:
        yield grid
    yield money_grid(context)


def _targets(context: Context) -> Grid:
    share = _("比例")
    rows = tuple(
        (
            row.title,
            row.unit if row.unit != share else "%",
            figure(row.today, row.unit, share),
            figure(row.near, row.unit, share),
            figure(row.target, row.unit, share),
            figure(row.norm, row.unit, share),
        )
        for row in _with_figures(context)
    )
    titles = (_("指标"), _("单位"), _("现状\n{year}年").format(year=context.base_year),
              _("近期\n{year}年").format(year=context.near_year), _("远期\n{year}年").format(year=context.target_year),
              _("标准"))  # fmt: skip
    return Grid(
        "targets",
        context.demo + _("指标自评表"),
        _("单位：见表列"),
        titles,
        rows,
        (False, False, True, True, True, True),
    )


def _with_figures(context: Context) -> list[Target]:
    return [row for row in context.targets if row.today is not None or row.target is not None]


def _rules_words(context: Context) -> str:
    met = [rule for rule in context.rules if not rule.today]
    failing = len(context.rules) - len(met)
    if not failing:
        return _("{year}年 {count} 条规则全部满足。").format(year=context.base_year, count=len(context.rules))
    return _("{year}年 {count} 条规则中 {met} 条满足、{failing} 条有不满足的地方，逐条见下表。").format(
        year=context.base_year, count=len(context.rules), met=len(met), failing=failing
    )


def _rules(context: Context) -> Grid:
    def places(count: int) -> str:
        return _("满足") if not count else _("{count} 处").format(count=count)

    rows = tuple(
        (rule.title, rule.effect, places(rule.today), places(rule.target), places(rule.idle), rule.source)
        for rule in context.rules
    )
    titles = (_("规则"), _("效力"), _("现状\n{year}年").format(year=context.base_year),
              _("规划方案\n{year}年").format(year=context.target_year),
              _("不采取措施\n{year}年").format(year=context.target_year), _("依据"))  # fmt: skip
    note = _("校核与求解模型相互独立；“处”为不满足的学校、单元或学段数。")
    return Grid("rules", context.demo + _("规则自评表"), "", titles, rows, (False,) * len(titles), note)
