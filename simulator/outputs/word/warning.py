"""学位预警报告: conclusion first, then basis, history, children, seats, gap, levels, responses, words to parents."""

from __future__ import annotations

from collections.abc import Iterator

from simulator.language import plural
from simulator.language import translate as _
from simulator.outputs.figures import percent
from simulator.outputs.projects import named
from simulator.outputs.word.blocks import Block, Grid, Heading, Kind, Paper, Text, see, texts
from simulator.outputs.word.context import Context
from simulator.outputs.word.context_places import Alert
from simulator.outputs.word.grids import balance_grid, sheet_grid, township_grid
from simulator.outputs.word.picture_blocks import pictures
from simulator.outputs.word.sentences import demand_sentence, shortage_sentence
from simulator.outputs.word.words import works_by_action

_PRESSED = ("red", "yellow")
_IDLE = ("deep_surplus", "surplus")
_FEW = 20


def warning_paper(context: Context) -> Paper:
    """The report of the work year and the two after it."""
    title = _("{demo}{district}{year}年学位预警报告").format(
        demo=context.demo, district=context.district, year=context.work_year
    )
    blocks = (
        Text(title, Kind.TITLE),
        Heading(_("结论")),
        *_conclusion(context),
        Heading(_("数据口径")),
        *texts(
            _("{words}。").format(words=_("；").join(context.qualifications)),
            _("学生数为各校招生范围内经办学方案安排的在校生，学位为标准班额下的学位；预警按二者之比划分等级。"),
        ),
        Heading(_("历年招生")),
        *_grid(sheet_grid(context, "T6"), _("各学段历年招生、在校生见{table}。"), _("没有历年招生数据。")),
        Heading(_("适龄人口")),
        *texts(*(demand_sentence(stage, context) for stage in context.stages if stage.is_compulsory)),
        *_grid(township_grid(context), _("分乡镇街道的需求和学位见{table}。"), ""),
        Heading(_("招生能力与缺口")),
        *_grid(balance_grid(context), _("分年的标准学位、缺口和富余见{table}。"), ""),
        Text(shortage_sentence(context)),
        *pictures(context, "balance"),
        Heading(_("预警等级")),
        *_levels(context),
        Heading(_("应对措施")),
        *_responses(context),
        Heading(_("家长提示")),
        *_parents(context),
    )
    return Paper("warning", title, blocks)


def _of(context: Context, level: str, year: int) -> list[Alert]:
    return [alert for alert in context.alerts if alert.level == level and alert.year == year]


def _conclusion(context: Context) -> Iterator[Block]:
    if not context.alerts:
        yield Text(_("没有可列入预警的划片学校，或本版次不列单个学校。"))
        return
    for year in sorted({alert.year for alert in context.alerts}):
        parts = []
        for level in (*_PRESSED, "green", *_IDLE):
            own = _of(context, level, year)
            if own:
                parts.append(_("{level} {count} 个").format(level=own[0].level_name, count=len(own)))
        yield Text(_("{year}年{parts}。").format(year=year, parts=_("、").join(parts)))
    red = _of(context, "red", context.work_year)
    if red:
        yield Text(_("红色：{names}。").format(names=named([_place(alert) for alert in red], _FEW)))
    if any(alert.level != "green" for alert in context.alerts):
        yield Text(_("逐校等级见{table}。").format(table=see("alerts")))


def _place(alert: Alert) -> str:
    return (
        alert.school
        if alert.stage in alert.school
        else _("{school}{stage}").format(school=alert.school, stage=alert.stage)
    )


def _grid(grid: Grid | None, words: str, nothing: str) -> Iterator[Block]:
    if grid is not None:
        yield Text(words.format(table=see(grid.key)))
        yield grid
    elif nothing:
        yield Text(nothing)


def _levels(context: Context) -> Iterator[Block]:
    """A row a school, its level in each year; schools that are green in all years are left out."""
    years = sorted({alert.year for alert in context.alerts})
    by_school: dict[tuple[str, str], list[Alert]] = {}
    for alert in context.alerts:
        by_school.setdefault((alert.school, alert.stage), []).append(alert)
    told = [own for own in by_school.values() if any(alert.level != "green" for alert in own)]
    rows = []
    for own in told:
        now = {alert.year: alert for alert in own}
        first = own[0]
        cells = [
            _("{level}\n{use}").format(level=now[year].level_name, use=percent(now[year].use)) if year in now else "—"
            for year in years
        ]
        rows.append((first.school, first.stage, first.township, str(first.pupils), str(first.seats), *cells))
    if not rows:
        yield Text(_("各校均为正常（绿）。"))
        return
    titles = (_("学校"), _("学段"), _("乡镇街道"), _("学生\n{year}年").format(year=years[0]),
              _("标准学位\n{year}年").format(year=years[0]), *(_("{year}年").format(year=year) for year in years))  # fmt: skip
    numeric = (False, False, False, True, True, *(False for _year in years))
    yield Grid(
        "alerts", context.demo + _("学位预警清单"), _("单位：人、个"), titles, tuple(rows), numeric,
        _("百分数为学生 ÷ 标准学位；各年均为绿色的学校未列。"),
    )  # fmt: skip


def _responses(context: Context) -> Iterator[Block]:
    soon = [project for project in context.projects if context.work_year <= project.year <= context.work_year + 2]
    yield from texts(*works_by_action(soon))
    if not soon:
        yield Text(_("三年内没有启用的建设项目。"))
    red = _of(context, "red", context.work_year)
    if red:
        yield Text(
            plural(
                "对 {count} 个红色预警学部，在招生前确定扩班、分流、调剂办法：（待填）。责任单位：{office}。", len(red)
            ).format(count=len(red), office=context.offices.education)
        )


def _parents(context: Context) -> Iterator[Block]:
    red = list(dict.fromkeys(_place(alert) for alert in _of(context, "red", context.work_year)))
    if red:
        yield Text(
            _("{year}年{names}学位紧张，报名人数超过学位时将按招生办法统筹安排，请提前了解相邻学校。").format(
                year=context.work_year, names=named(red, _FEW)
            )
        )
    yield Text(_("学位预警依据推算，实际以当年招生公告为准。咨询电话：（待填）。"))
