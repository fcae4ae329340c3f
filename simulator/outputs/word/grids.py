"""Tables of documents, made of the context: figures of stages and years, and the sheets of the workbook."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from simulator.language import translate as _
from simulator.outputs.figures import figure, percent, tenth
from simulator.outputs.word.blocks import Grid
from simulator.outputs.word.context import Context
from simulator.outputs.word.context_plan import Sheet
from simulator.outputs.word.context_stages import StageYear

_MOST_COLUMNS = 9
"""A table of the workbook with more columns stands on a landscape page."""
LONGEST = 120
"""Rows of a table beyond which the workbook has the rest."""
_STEP, _LONGEST_CELL = 5, 90


def sheet_grid(
    context: Context, number: str, without: frozenset[str] = frozenset(), longest: int = LONGEST
) -> Grid | None:
    """A table of the workbook by its number, as :func:`grid_of`; None where the workbook does not have it."""
    sheet = context.tables.get(number)
    return None if sheet is None else grid_of(context, sheet, without, longest)


def grid_of(
    context: Context, sheet: Sheet, without: frozenset[str] = frozenset(), longest: int = LONGEST
) -> Grid | None:
    """A table of the workbook as it stands there; None where it has no rows.

    Parameters
    ----------
    context
        What documents may say.
    sheet
        One of its tables.
    without
        Codes of columns that are not printed.
    longest
        Rows to print; a note tells of the others.
    """
    if not sheet.rows:
        return None
    kept = [place for place, name in enumerate(sheet.names) if name not in without]
    note = sheet.note
    if len(sheet.rows) > longest:
        more = _("另有 {count} 行，见 plan.xlsx 的 {sheet}。").format(count=len(sheet.rows) - longest, sheet=sheet.name)
        note = f"{note}{more}"
    return Grid(
        key=f"sheet_{sheet.name}",
        title=context.demo + sheet.title,
        unit=sheet.unit,
        columns=tuple(sheet.columns[place] for place in kept),
        rows=tuple(tuple(_short(row[place]) for place in kept) for row in sheet.rows[:longest]),
        numeric=tuple(sheet.numeric[place] for place in kept),
        note=note,
        is_wide=len(kept) > _MOST_COLUMNS,
    )


def _short(cell: str) -> str:
    """A text that fits a cell on paper; the workbook has the whole."""
    return cell if len(cell) <= _LONGEST_CELL else f"{cell[:_LONGEST_CELL]}…"


def shown_years(context: Context) -> list[int]:
    """Base year, every fifth year after it, target year."""
    years = range(context.base_year, context.target_year + 1)
    return sorted({*years[::_STEP], context.target_year})


def _by_stage_year(
    context: Context, key: str, title: str, unit: str, what: Sequence[tuple[str, Callable[[StageYear], str]]]
) -> Grid:
    """A row a stage and figure, a column a year."""
    years = shown_years(context)
    rows = []
    for stage in context.stages:
        by_year = {row.year: row for row in stage.years}
        rows += [(stage.name, words, *(shown(by_year[year]) for year in years)) for words, shown in what]
    return Grid(
        key=key,
        title=context.demo + title,
        unit=unit,
        columns=(_("学段"), _("指标"), *(_("{year}年").format(year=year) for year in years)),
        rows=tuple(rows),
        numeric=(False, False, *(True for _year in years)),
    )


def present_grid(context: Context) -> Grid:
    """Schools, classes, pupils, seats of every stage today."""
    rows = tuple(
        (
            stage.name,
            str(stage.schools),
            str(stage.classes),
            str(stage.pupils),
            tenth(stage.mean_class),
            str(stage.base.largest_class) if stage.base.largest_class else "—",
            percent(stage.base.oversized_share),
            str(stage.base.seats),
            percent(stage.base.utilization),
        )
        for stage in context.stages
    )
    titles = (_("学段"), _("学部"), _("班数"), _("在校生"), _("平均班额"), _("最大班额"), _("大班额\n占比"), _("标准学位"),
              _("学位\n利用率"))  # fmt: skip
    title = _("各学段现状（{year}年）").format(year=context.base_year)
    numeric = (False, *(True for _title in titles[1:]))
    return Grid("present", context.demo + title, _("单位：处、班、人、个"), titles, rows, numeric)


def standards_grid(context: Context) -> Grid:
    """Class sizes and service radius that the plan uses."""
    rows = tuple(
        (stage.name, figure(stage.class_size), figure(stage.class_size_max), figure(stage.radius_m))
        for stage in context.stages
    )
    titles = (_("学段"), _("标准班额（人）"), _("最大班额（人）"), _("服务半径（米）"))
    return Grid("standards", context.demo + _("规划采用的班额与服务半径"), "", titles, rows, (False, True, True, True))


def demand_grid(context: Context) -> Grid:
    """Children by stage and year, with low and high variants."""
    what: tuple[tuple[str, Callable[[StageYear], str]], ...] = (
        (_("规划采用"), lambda row: str(row.demand)),
        (_("低方案"), lambda row: str(row.low)),
        (_("高方案"), lambda row: str(row.high)),
    )
    return _by_stage_year(context, "demand", _("学位需求预测"), _("单位：人"), what)


def balance_grid(context: Context) -> Grid:
    """Children, seats, shortage and spare of plan and no action by stage and year."""
    what: tuple[tuple[str, Callable[[StageYear], str]], ...] = (
        (_("学位需求"), lambda row: str(row.demand)),
        (_("标准学位"), lambda row: str(row.seats)),
        (_("缺口"), lambda row: str(row.shortage)),
        (_("富余"), lambda row: str(row.spare)),
        (_("缺口（不采取措施）"), lambda row: str(row.shortage_idle)),
    )
    grid = _by_stage_year(context, "balance", _("学位供需平衡"), _("单位：人、个"), what)
    return replace(grid, note=_("缺口与富余按学部分别相加，不相互抵消。"))


def township_grid(context: Context) -> Grid | None:
    """Shortages of compulsory stages by township."""
    wanted = [stage.name for stage in context.stages if stage.is_compulsory]
    rows = tuple(
        (
            town.name,
            one.stage,
            str(one.demand_base),
            str(one.demand_target),
            str(one.seats_base),
            str(one.seats_target),
            str(one.shortage_peak),
            str(one.shortage_peak_idle),
        )
        for town in context.townships
        for one in town.stages
        if one.stage in wanted
    )
    if not rows:
        return None
    first, last = (_("{year}年").format(year=year) for year in (context.base_year, context.target_year))
    titles = (_("乡镇街道"), _("学段"), _("需求\n{year}").format(year=first), _("需求\n{year}").format(year=last),
              _("标准学位\n{year}").format(year=first), _("标准学位\n{year}").format(year=last), _("最大缺口\n规划方案"),
              _("最大缺口\n不采取措施"))  # fmt: skip
    numeric = (False, False, *(True for _title in titles[2:]))
    return Grid(
        "townships", context.demo + _("各乡镇街道义务教育学位供需"), _("单位：人、个"), titles, rows[:LONGEST], numeric
    )


def project_grid(context: Context, first: int = 0, last: int = 9999) -> Grid | None:
    """Projects that are taken into use within the years."""
    own = [project for project in context.projects if first <= project.year <= last]
    if not own:
        return None
    rows = [
        (
            str(number),
            project.name,
            project.township,
            project.action,
            project.scale,
            str(project.seats),
            project.by_others or f"{project.capital:.0f}",
            _("{year}年9月").format(year=project.year),
        )
        for number, project in enumerate(own, start=1)
    ]
    total = (
        "", _("合计"), "", "", "", str(sum(one.seats for one in own)), f"{sum(one.capital for one in own):.0f}", "",
    )  # fmt: skip
    titles = (_("序号"), _("项目"), _("地点"), _("类型"), _("规模"), _("学位"), _("投资（万元）"), _("启用"))
    numeric = (True, False, False, False, False, True, True, False)
    return Grid(
        "projects", context.demo + _("建设项目"), _("单位：个、万元"), titles, (*rows, total) if len(rows) > 1 else tuple(rows),
        numeric,
    )  # fmt: skip


def closure_grid(context: Context) -> Grid | None:
    """Closures and where their pupils go."""
    rows = tuple(
        (
            closure.school,
            closure.stage,
            closure.township,
            _("{year}年9月").format(year=closure.year),
            _("、").join(dict.fromkeys(closure.receivers))
            or (_("（没有学校可上）") if closure.unplaced else _("（没有在校生）")),
            str(closure.children),
            tenth(closure.minutes_before),
            tenth(closure.minutes_after),
        )
        for closure in context.closures
    )
    if not rows:
        return None
    titles = (
        _("撤并学校"),
        _("学段"),
        _("乡镇街道"),
        _("完成时间"),
        _("接收学校"),
        _("安置学生"),
        _("现通学\n分钟"),
        _("新通学\n分钟"),
    )
    numeric = (False, False, False, False, False, True, True, True)
    return Grid("closures", context.demo + _("撤并与安置"), _("单位：人、分钟"), titles, rows, numeric)


def task_grid(context: Context, key: str = "tasks") -> Grid:
    """Tasks, measures, who is responsible, until when: the rows of T19."""
    rows = tuple(
        (str(number), task.title, "".join(task.measures), task.office, task.deadline)
        for number, task in enumerate(context.tasks, start=1)
    )
    titles = (_("序号"), _("任务"), _("措施"), _("责任单位"), _("时限"))
    return Grid(key, context.demo + _("任务分工表"), "", titles, rows, (True, False, False, False, False))


def money_grid(context: Context) -> Grid:
    """Capital and running cost by year."""
    rows = tuple((str(row.year), f"{row.capital:.0f}", f"{row.running:.0f}") for row in context.money_years)
    titles = (_("年份"), _("基建投资"), _("运行费"))
    return Grid(
        "money", context.demo + _("投资与运行费（规划方案）"), _("单位：万元"), titles, rows, (True, True, True),
        _("投资按建设年度计；运行费按现价。"),
    )  # fmt: skip


def journeys_grid(context: Context) -> Grid | None:
    """Journeys of stages in the target year."""
    rows = tuple(
        (
            stage.name,
            tenth(stage.mean_minutes),
            tenth(stage.longest_minutes),
            str(stage.over_limit),
            str(stage.over_limit_idle),
            percent(stage.coverage),
            percent(stage.coverage_target),
        )
        for stage in context.stages
        if stage.mean_minutes is not None
    )
    if not rows:
        return None
    titles = (_("学段"), _("平均分钟"), _("最长分钟"), _("超时限人数"), _("超时限人数\n不采取措施"), _("半径覆盖率\n现状"),
              _("半径覆盖率\n规划"))  # fmt: skip
    title = _("通学时间与覆盖（{year}年）").format(year=context.target_year)
    return Grid(
        "journeys", context.demo + title, _("单位：分钟、人"), titles, rows, (False, *(True for _title in titles[1:]))
    )
