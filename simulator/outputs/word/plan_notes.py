"""说明书: how the plan came about, chapter by chapter, with tables, maps and charts."""

from __future__ import annotations

from collections.abc import Iterator

from simulator.language import plural
from simulator.language import translate as _
from simulator.outputs.word.blocks import Block, Grid, Heading, Kind, Text, see, texts
from simulator.outputs.word.context import Context
from simulator.outputs.word.grids import (
    balance_grid,
    demand_grid,
    journeys_grid,
    money_grid,
    present_grid,
    project_grid,
    sheet_grid,
    standards_grid,
    township_grid,
)
from simulator.outputs.word.picture_blocks import pictures
from simulator.outputs.word.plan_closing import closing_blocks
from simulator.outputs.word.sentences import (
    balance_sentence,
    capital_sentence,
    class_sentence,
    demand_sentence,
    journey_sentence,
    move_sentence,
    phase_sentence,
    project_sentence,
    running_sentence,
    shortage_sentence,
    stage_now_sentence,
)


def plan_notes(context: Context) -> tuple[Block, ...]:
    """The chapters of the explanation, with tables and figures where there are any."""
    return (
        *_chapter(_("编制说明"), _basis(context)),
        *_chapter(_("现状与问题"), _present(context)),
        *_chapter(_("标准与依据"), _standards(context)),
        *_chapter(_("学龄人口与学位需求预测"), _demand(context)),
        *_chapter(_("供需平衡与缺口、富余分析"), _balance(context)),
        *_chapter(_("布局方案"), _layout(context)),
        *_chapter(_("招生范围与学生去向"), _zones(context)),
        *_chapter(_("撤并与校舍利用"), closing_blocks(context)),
        *_chapter(_("教育用地控制"), _land(context)),
        *_chapter(_("近期建设与项目库"), _works(context)),
        *_chapter(_("投资与运行费用"), _money(context)),
        *_chapter(_("影响评估与独立校核"), _effects(context)),
        *_chapter(_("实施保障与动态监测"), _carrying_out(context)),
    )


def _chapter(title: str, blocks: Iterator[Block | None]) -> tuple[Block, ...]:
    inner = tuple(block for block in blocks if block is not None)
    return (Heading(title, 2), *inner) if inner else ()


def _headed(title: str, blocks: Iterator[Block]) -> Iterator[Block]:
    """A heading of the third level and what stands under it; nothing where there is nothing."""
    inner = tuple(blocks)
    yield from (Heading(title, 3), *inner) if inner else ()


def _said(grid: Grid | None, words: str) -> Iterator[Block | None]:
    """A sentence that refers to a table, and the table."""
    if grid is not None:
        yield Text(words.format(table=see(grid.key)))
        yield grid


def _basis(context: Context) -> Iterator[Block | None]:
    yield Text(
        _("本说明书解释规划文本的依据、方法和数据。口径：{words}。").format(words=_("；").join(context.qualifications))
    )
    yield Heading(_("数据与假设"), 3)
    yield from texts(*context.assumptions, kind=Kind.ITEM)
    if context.unchecked:
        yield Text(
            plural(
                "有 {count} 项指标为默认参数（待核），逐项见附件工作簿“编制依据”，定稿前应逐项核对。", context.unchecked
            ).format(count=context.unchecked)
        )
    yield from pictures(context, "location")


def _present(context: Context) -> Iterator[Block | None]:
    yield Text("".join(stage_now_sentence(stage, context) for stage in context.stages))
    yield from _said(present_grid(context), _("各学段学校、班级、学生和学位见{table}。"))
    yield from pictures(context, "schools", "stage_schools", "children", "catchments_now")
    yield Heading(_("班额"), 3)
    yield from texts("".join(class_sentence(stage, context) for stage in context.stages if stage.is_compulsory))
    yield from pictures(context, "class_sizes", "crowding")
    yield from _headed(_("服务覆盖"), pictures(context, "coverage"))


def _standards(context: Context) -> Iterator[Block | None]:
    yield from _said(
        standards_grid(context), _("规划采用的班额和服务半径见{table}，其余指标及出处见附件工作簿“编制依据”。")
    )
    if context.sources:
        yield Heading(_("主要依据"), 3)
        yield from texts(*context.sources, kind=Kind.ITEM)


def _demand(context: Context) -> Iterator[Block | None]:
    yield Text(
        _(
            "学龄人口按划片单元、单岁年龄逐年推算，基准年与学籍逐校逐年级一致；学位需求由学龄人口乘入学、升学和在册比例得到，另作低、高两个方案。"
        )
    )
    yield from texts(*(demand_sentence(stage, context) for stage in context.stages))
    yield from _said(demand_grid(context), _("分学段分年的学位需求见{table}，逐年数字见附表。"))
    yield from pictures(context, "wave", "methods_compared")


def _balance(context: Context) -> Iterator[Block | None]:
    yield from texts(*(balance_sentence(stage, context) for stage in context.stages))
    yield from _said(balance_grid(context), _("分学段的学位供需见{table}。"))
    yield from pictures(context, "children_and_seats")
    yield Heading(_("分乡镇街道"), 3)
    yield Text(shortage_sentence(context))
    yield from _said(township_grid(context), _("义务教育分乡镇街道的供需见{table}，逐年数字见附件工作簿 T9。"))
    yield from pictures(context, "balance")


def _layout(context: Context) -> Iterator[Block | None]:
    yield Text(
        _(
            "方案由优化模型求得：在各条规则之下，使学位缺口、超标准班额、招生范围调整、通学时间和费用的合计最小，并给出与理论最优值的差距。"
        )
    )
    yield from texts(*context.sentences.quality)
    for stage in context.stages:
        own = [project for project in context.projects if stage.name in project.stages]
        if own:
            yield Heading(stage.name, 3)
            yield from texts(*(project_sentence(project) for project in own), kind=Kind.ITEM)
    if not context.projects:
        yield Text(_("方案没有建设项目。"))
    yield from pictures(context, "layout", "stage_layout", "coverage_planned", "groups", "teachers", "reserve")
    yield from pictures(context, "frontier", "legend")


def _zones(context: Context) -> Iterator[Block | None]:
    yield Text(_("{words}。").format(words=context.rezoning))
    yield from texts(*(move_sentence(move) for move in context.moves))
    if not context.moves:
        yield Text(_("没有学生因调整招生范围而换学校。"))
    yield from pictures(context, "catchments", "catchments_planned")


def _land(context: Context) -> Iterator[Block | None]:
    sheet = context.tables.get("T13")
    if sheet is not None and sheet.rows:
        yield Text(
            plural("规划控制教育用地 {count} 块，逐块的面积、供地年度和规划班数见{table}。", len(sheet.rows)).format(
                count=len(sheet.rows), table=see("annex_T13")
            )
        )
    yield from pictures(context, "land", "land_sheets")


def _works(context: Context) -> Iterator[Block | None]:
    yield from texts(*(phase_sentence(phase) for phase in context.phases), kind=Kind.ITEM)
    yield from _said(project_grid(context), _("建设项目见{table}。"))
    yield from pictures(context, "near_term", "phases")


def _money(context: Context) -> Iterator[Block | None]:
    yield Text(capital_sentence(context) + running_sentence(context))
    yield from _said(money_grid(context), _("逐年投资和运行费见{table}。"))


def _effects(context: Context) -> Iterator[Block | None]:
    yield from texts("".join(journey_sentence(stage, context) for stage in context.stages if stage.is_compulsory))
    yield from _said(journeys_grid(context), _("通学时间和服务覆盖见{table}。"))
    yield from pictures(context, "journeys", "reach", "transport")
    yield from _said(sheet_grid(context, "T18"), _("规划方案与不采取措施的比较见{table}。"))
    yield Heading(_("独立校核"), 3)
    yield from texts(*context.sentences.findings)


def _carrying_out(context: Context) -> Iterator[Block | None]:
    yield Text(
        _("按年度核对在校生、学位、项目进度和指标，偏差较大时重新测算并按程序修订。任务分工见{table}。").format(
            table=see("annex_T19")
        )
    )
    yield Text(
        _("规划草案应公开征求意见，意见及采纳情况随规划报批；涉及撤并、调整招生范围的，另行听取家长和村（居）民意见。")
    )
