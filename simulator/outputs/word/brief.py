"""The brief for leaders: two pages, five answers, what is to be decided."""

from __future__ import annotations

from collections.abc import Iterator

from simulator.language import plural
from simulator.language import translate as _
from simulator.outputs.figures import percent, together
from simulator.outputs.projects import named
from simulator.outputs.word.blocks import Grid, Heading, Kind, Paper, Text
from simulator.outputs.word.context import Context
from simulator.outputs.word.picture_blocks import figures
from simulator.outputs.word.sentences import capital_sentence, running_sentence, shortage_words
from simulator.outputs.word.words import total_words

_FEW_SHORT, _FEW_NAMES, _FEW_STAGES = 3, 5, 4
_MAP_MM = 118.0


def brief_paper(context: Context) -> Paper:
    """The brief."""
    blocks = (
        Text(
            _("{demo}{district}学校布局规划汇报简报").format(demo=context.demo, district=context.district), Kind.TITLE
        ),
        Text(_("{author}　{date}").format(author=context.author, date=context.date), Kind.SUBTITLE),
        Heading(_("学位缺多少")),
        Text(_short(context)),
        _table(context),
        Heading(_("方案做什么、花多少钱")),
        Text(_works(context) + capital_sentence(context) + running_sentence(context)),
        Heading(_("影响谁")),
        Text(_moved(context)),
        Heading(_("提请决定")),
        Text("".join(_decisions(context))),
        *figures(context, "layout", _MAP_MM),
    )
    return Paper(
        "brief", _("{demo}{district}学校布局规划汇报简报").format(demo=context.demo, district=context.district), blocks
    )


def _short(context: Context) -> str:
    rows, idle = context.shortages, context.shortages_idle
    before = (
        _("不采取措施，{first}—{last}年没有学位缺口。").format(first=context.first_year, last=context.target_year)
        if not idle
        else _("不采取措施，{first}—{last}年有 {count} 处标准学位不足，最紧的是{place}。").format(
            first=context.first_year, last=context.target_year, count=len(idle), place=shortage_words(idle[0])
        )
    )
    if not rows:
        return before + _("按方案实施，规划期内标准学位均不缺。")
    return before + plural("按方案实施，仍有 {count} 处不足：{places}。", len(rows)).format(
        count=len(rows), places=named([shortage_words(row) for row in rows], _FEW_SHORT)
    )


def _table(context: Context) -> Grid:
    rows = tuple(
        (
            stage.name,
            str(stage.base.demand),
            str(stage.target.demand),
            str(stage.base.seats),
            str(stage.target.seats),
            str(stage.worst_idle.shortage_idle),
            str(stage.worst.shortage),
            percent(stage.target.utilization),
        )
        for stage in context.stages[:_FEW_STAGES]
    )
    first, last = (_("{year}年").format(year=year) for year in (context.base_year, context.target_year))
    titles = (_("学段"), _("需求\n{year}").format(year=first), _("需求\n{year}").format(year=last),
              _("学位\n{year}").format(year=first), _("学位\n{year}").format(year=last), _("最大缺口\n不采取措施"),
              _("最大缺口\n规划方案"), _("利用率\n{year}").format(year=last))  # fmt: skip
    numeric = (False, *(True for _title in titles[1:]))
    return Grid("brief", context.demo + _("学位供需"), _("单位：人、个"), titles, rows, numeric)


def _works(context: Context) -> str:
    parts = []
    for action in dict.fromkeys(project.action for project in context.projects):
        own = [project for project in context.projects if project.action == action]
        parts.append(
            plural("{action} {count} 处（{names}）", len(own)).format(
                action=action, count=len(own), names=named([project.name for project in own], _FEW_NAMES)
            )
        )
    if context.closures:
        parts.append(
            plural("撤并、停办 {count} 处（{names}）", len(context.closures)).format(
                count=len(context.closures), names=named([closure.school for closure in context.closures], _FEW_NAMES)
            )
        )
    if not parts:
        return _("方案不新建、不扩建、不撤并，保留现有学校。")
    total = total_words(context.projects) if context.projects else ""
    return _("{parts}。{total}").format(
        parts=_("；").join(parts), total=_("建设项目{total}").format(total=total) if total else ""
    )


def _moved(context: Context) -> str:
    children = together(move.children for move in context.moves)
    longer = together(move.longer for move in context.moves)
    over, idle = (
        together(getattr(stage, name) for stage in context.stages) for name in ("over_limit", "over_limit_idle")
    )
    moved = (
        _("没有学生因调整招生范围或撤并而换学校。")
        if not children
        else _("规划期内 {count} 人次的学校或招生范围有变化，其中 {longer} 人次路程变长。").format(
            count=children, longer=longer
        )
        if longer
        else _("规划期内 {count} 人次的学校或招生范围有变化，没有人路程变长。").format(count=children)
    )
    journeys = (
        _("{year}年没有学生通学超过时限。").format(year=context.target_year)
        if not over
        else _("{year}年通学超过时限 {count} 人（不采取措施 {idle} 人）。").format(
            year=context.target_year, count=over, idle=idle
        )
    )
    return moved + journeys


def _decisions(context: Context) -> Iterator[str]:
    """What a leader is asked for: only what this plan contains."""
    asked = []
    if context.projects:
        soon = [project for project in context.projects if project.year <= context.first_year + 1]
        asked.append(
            plural("近两年启用的 {count} 个项目立项和资金", len(soon)).format(count=len(soon))
            if soon
            else _("建设项目库及分年资金")
        )
    if context.closures:
        asked.append(plural("启动 {count} 处撤并的听证程序", len(context.closures)).format(count=len(context.closures)))
    if context.rezoned_units:
        asked.append(
            plural("{count} 个划片单元的招生范围调整", context.rezoned_units).format(count=context.rezoned_units)
        )
    if context.shortages:
        asked.append(_("仍缺学位地方的扩班、分流办法"))
    yield _("{items}。").format(items=_("；").join(asked)) if asked else _("无须决定的事项。")
    rigid = context.counts.rigid
    if rigid:
        yield _("独立校核有 {count} 处违反刚性规则，须先解决。").format(count=rigid)
