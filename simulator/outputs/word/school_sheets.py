"""一校一策: a page a school with its figures, works, findings and what is to be done."""

from __future__ import annotations

from collections.abc import Iterator

from simulator.language import plural
from simulator.language import translate as _
from simulator.outputs.figures import percent
from simulator.outputs.word.blocks import Block, Grid, Heading, Kind, NewPage, Paper, Text, texts
from simulator.outputs.word.context import Context
from simulator.outputs.word.context_places import School


def school_sheets_paper(context: Context) -> Paper:
    """The sheets."""
    title = _("{demo}{district}一校一策").format(demo=context.demo, district=context.district)
    blocks: list[Block] = [Text(title, Kind.TITLE)]
    if not context.schools:
        blocks.append(Text(_("没有须单列的学校，或本版次不列单个学校。")))
    for number, school in enumerate(context.schools):
        if number:
            blocks.append(NewPage())
        blocks += _sheet(context, school, number)
    return Paper("school_sheets", title, tuple(blocks))


def _sheet(context: Context, school: School, number: int) -> Iterator[Block]:
    name = (
        school.name
        if school.stage in school.name
        else _("{school}（{stage}）").format(school=school.name, stage=school.stage)
    )
    yield Heading(name)
    land = _("，占地 {area} 平方米").format(area=school.land_m2) if school.land_m2 else ""
    rooms = plural("，教室 {count} 间", school.rooms).format(count=school.rooms) if school.rooms else ""
    yield Text(
        _("{township}，{nature}，{kind}{land}{rooms}。").format(
            township=school.township, nature=school.nature, kind=school.kind, land=land, rooms=rooms
        )
    )
    if school.serves:
        yield Text(_("{year}年招生范围：{units}。").format(year=context.target_year, units=school.serves))
    if school.years:
        yield _years(context, school, number)
    yield Text(_("规划安排"), Kind.PLAIN)
    yield from texts(*(school.works or (_("保留，不作调整。"),)))
    yield Text(_("校核问题"), Kind.PLAIN)
    yield from texts(*(_("{words}。").format(words=words) for words in school.findings))
    if not school.findings:
        yield Text(_("方案没有新的校核问题。"))
    yield Text(_("整改措施：（待填）　责任人：（待填）　期限：（待填）　销号：（待填）"), Kind.PLAIN)


def _years(context: Context, school: School, number: int) -> Grid:
    rows = tuple(
        (str(row.year), str(row.pupils), str(row.classes), str(row.seats), str(row.largest_class), percent(row.use))
        for row in school.years
    )
    titles = (_("年份"), _("学生"), _("班数"), _("标准学位"), _("最大班额"), _("学位利用率"))
    title = _("{demo}{name}各年规模").format(demo=context.demo, name=school.name)
    return Grid(f"school_{number}", title, _("单位：人、班、个"), titles, rows, (True,) * len(titles))
