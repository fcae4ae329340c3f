"""民生实事卡: item, target, progress of one year."""

from __future__ import annotations

from simulator.language import plural
from simulator.language import translate as _
from simulator.outputs.projects import named
from simulator.outputs.word.blocks import Grid, Kind, Paper, Text
from simulator.outputs.word.context import Context


def livelihood_paper(context: Context) -> Paper:
    """The card of the work year."""
    year = context.work_year
    title = _("{demo}{district}{year}年教育民生实事").format(demo=context.demo, district=context.district, year=year)
    rows: list[tuple[str, ...]] = []
    for stage in context.stages:
        own = [project for project in context.projects if project.year == year and project.stages[0] == stage.name]
        for action in dict.fromkeys(project.action for project in own):
            works = [project for project in own if project.action == action]
            item = plural("{action}{stage} {count} 处：{names}", len(works)).format(
                action=action, stage=stage.name, count=len(works), names=named([work.name for work in works])
            )
            seats, capital = sum(work.seats for work in works), sum(work.capital for work in works)
            target = _("新增学位 {count} 个").format(count=seats) if seats else _("建成启用")
            money = f"{capital:.0f}" if capital >= 1 else "—"
            office = _("、").join([context.offices.education, context.offices.housing])
            rows.append((str(len(rows) + 1), item, target, money, office, _("8月底前"), ""))
    if not rows:
        empty = Text(_("{year}年没有启用的建设项目，没有可列入实事的事项。").format(year=year))
        return Paper("livelihood", title, (Text(title, Kind.TITLE), empty))
    titles = (_("序号"), _("事项"), _("目标"), _("投资\n（万元）"), _("责任单位"), _("时限"), _("进展\n（待填）"))
    grid = Grid(
        "livelihood", context.demo + _("教育民生实事清单"), _("单位：个、万元"), titles, tuple(rows),
        (True, False, False, True, False, False, False),
    )  # fmt: skip
    return Paper("livelihood", title, (Text(title, Kind.TITLE), grid))
