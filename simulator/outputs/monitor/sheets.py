"""The tables of a monitoring as sheets: one source for the workbook and the Word section."""

from __future__ import annotations

import numpy as np
import pandas as pd

from simulator.language import translate as _
from simulator.outputs.monitor import ledger
from simulator.outputs.monitor.monitored import Monitored
from simulator.outputs.monitor.sentences import ledger_states, problem_title, progress_states, work_states
from simulator.outputs.titles import stage_names, stage_order
from simulator.outputs.workbook.sheet import Column, Format, Sheet, numbers, texts
from simulator.terms import Action, Effect, Status, grade_label, label

_LEAST_CHILDREN = 0.5


def monitor_sheets(found: Monitored) -> list[Sheet]:
    """Every table that has rows."""
    sheets = [_progress(found), _works(found), _by_year(found), _ledger(found), *_comparison(found)]
    return [sheet for sheet in sheets if len(sheet.rows)]


def _stages(stages: pd.Series) -> list[str]:
    words = stage_names()
    return [words.get(str(stage), str(stage)) for stage in stages]


def _progress(found: Monitored) -> Sheet:
    """中期评估: base, planned, actual, target and how far the way is done."""
    table = found.progress
    passed = (found.year - found.base_year) / (found.target_year - found.base_year)
    rows = table.assign(
        state_word=[progress_states()[state] for state in table["state"]],
        way=table["share"].where(table["direction"] != 0),
    )
    columns = (
        *texts(("title", _("指标")), ("unit", _("单位"))),
        Column("base", _("基年\n{year}年").format(year=found.base_year), Format.FIGURE),
        Column("planned", _("{year}年\n计划").format(year=found.year), Format.FIGURE),
        Column("actual", _("{year}年\n实际").format(year=found.year), Format.FIGURE),
        Column("target", _("目标\n{year}年").format(year=found.target_year), Format.FIGURE),
        Column("off", _("实际比\n计划"), Format.FIGURE),
        Column("way", _("目标\n完成率"), Format.SHARE),
        Column("state_word", _("评估")),
    )
    note = _(
        "规划期已过 {passed}。目标完成率 =（实际 − 基年）÷（目标 − 基年）。滑坡：比计划差，也比基年差；未达计划：比计划差，不比基年差。"
        "需求、学位、利用率、平均班额不分好坏，只作对照。实际值由{year}年数据按与方案相同的方法计算。"
    ).format(passed=f"{passed:.0%}", year=found.year)
    return Sheet(
        _("中期评估"),
        _("规划实施中期评估表（{year}年）").format(year=found.year),
        _("单位：见表列"),
        columns,
        rows,
        note,
    )


def _works(found: Monitored) -> Sheet:
    """Works promised and delivered."""
    table = found.works
    sources = {"projects": _("已定工程"), "plan": _("规划方案"), "decisions": _("已定事项")}
    listed = {status.value: label(status) for status in Status}
    rows = table.assign(
        place=[found.names.get(str(site), str(site)) for site in table["site_id"]],
        stage_name=_stages(table["stage"]),
        action_name=[label(Action(action)) for action in table["action"]],
        source_name=[sources.get(source, source) for source in table["source"]],
        status_name=[listed.get(status, _("规划") if status else "") for status in table["status"]],
        state_word=[work_states()[state] for state in table["state"]],
    )
    columns = (
        *texts(("place", _("学校、地块")), ("stage_name", _("学段")), ("action_name", _("举措"))),
        *numbers(Format.YEAR, ("year", _("承诺\n年份"))),
        *texts(("source_name", _("来源"))),
        *numbers(Format.WHOLE, ("classes", _("承诺\n班数")), ("seats", _("承诺\n学位"))),
        *numbers(Format.WHOLE, ("seats_delivered", _("落实\n学位"))),
        *texts(("status_name", _("现项目库\n进度"))),
        *numbers(Format.YEAR, ("expected", _("现计划\n年份"))),
        *texts(("state_word", _("完成情况"))),
    )
    note = _("新建、撤并以在校生表为证；改扩建、转换以教室数比基年增加为证，落实学位按标准班额折算。")
    return Sheet(_("项目完成情况"), _("项目和举措承诺与完成对照表"), _("单位：班、个"), columns, rows, note)


def _by_year(found: Monitored) -> Sheet:
    """Seats promised and delivered by stage and year."""
    table = found.by_year
    rows = table.assign(
        stage_name=_stages(table["stage"]),
        when=[_("{year}年").format(year=int(year)) if np.isfinite(year) else _("到{year}年合计").format(year=found.year)
              for year in table["year"]],
        order=stage_order(table["stage"]),
    )  # fmt: skip
    rows = rows.sort_values(["order", "year"], ignore_index=True)
    columns = (
        *texts(("stage_name", _("学段")), ("when", _("承诺年份"))),
        *numbers(Format.WHOLE, ("promised", _("建设\n项目")), ("delivered", _("其中\n完成"))),
        *numbers(Format.WHOLE, ("seats", _("承诺\n学位")), ("seats_delivered", _("落实\n学位"))),
        *numbers(Format.WHOLE, ("closures", _("撤并\n停办")), ("closed", _("其中\n完成")), ("overdue", _("逾期"))),
    )
    return Sheet(_("学位落实"), _("分学段分年学位承诺与落实表"), _("单位：项、个"), columns, rows)


def _ledger(found: Monitored) -> Sheet:
    """销号 list."""
    table = found.ledger
    classes = table["kind"] == ledger.OVERSIZED
    rows = table.assign(
        kind_name=[problem_title(str(kind)) for kind in table["kind"]],
        effect_name=[label(Effect(effect)) for effect in table["effect"]],
        unit=table["unit"].where(~classes, _("班")),
        promised=table["promised"].where(classes),
        state_word=[ledger_states()[state] for state in table["state"]],
    )
    columns = (
        *texts(("kind_name", _("问题")), ("place", _("学校、地点")), ("effect_name", _("性质")), ("unit", _("单位"))),
        Column("before", _("规划时"), Format.FIGURE),
        Column("promised", _("{year}年\n承诺").format(year=found.year), Format.WHOLE),
        Column("now", _("{year}年\n实际").format(year=found.year), Format.FIGURE),
        Column("state_word", _("销号")),
    )
    note = _(
        "大班额按两年的班级数清点；其他为独立校核规则，规划时与现在各取其第一个校核年份的现有学校，空格为没有问题。"
    )
    return Sheet(_("销号台账"), _("问题销号台账"), _("单位：见表列"), columns, rows, note)


def _comparison(found: Monitored) -> list[Sheet]:
    """Forecast beside actual: stages and grades, then schools."""
    table = found.comparison
    whole = table[table["level"] != "school"]
    grades = ["" if not np.isfinite(grade) else grade_label(int(grade)) for grade in whole["grade"].astype(float)]
    rows = whole.assign(stage_name=_stages(whole["stage"]), grade_name=[g or _("合计") for g in grades],
                        order=stage_order(whole["stage"]))  # fmt: skip
    rows = rows.sort_values(["order", "level", "grade"], ascending=[True, False, True], ignore_index=True)
    figures = (
        *numbers(Format.WHOLE, ("forecast", _("预测")), ("actual", _("实际")), ("difference", _("相差"))),
        Column("error", _("误差"), Format.SHARE),
        *numbers(Format.WHOLE, ("low", _("80%区间\n下限")), ("high", _("80%区间\n上限"))),
    )
    heads = (*texts(("stage_name", _("学段")), ("grade_name", _("年级"))), *figures)
    schools = table[table["level"] == "school"]
    names = [found.names.get(str(section).split(":")[0], str(section)) for section in schools["section_id"]]
    of_schools = schools.assign(school=names, stage_name=_stages(schools["stage"]), most=schools["difference"].abs())
    of_schools = of_schools[of_schools[["forecast", "actual"]].max(axis=1) >= _LEAST_CHILDREN]
    of_schools = of_schools.sort_values("most", ascending=False, ignore_index=True)
    year = found.year
    return [
        Sheet(_("预测与实际"), _("在校生预测与实际（{year}年）").format(year=year), _("单位：人"), heads, rows),
        Sheet(_("预测与实际分校"), _("各校在校生预测与实际（{year}年）").format(year=year), _("单位：人"),
              (*texts(("school", _("学校")), ("stage_name", _("学段"))), *figures), of_schools),
    ]  # fmt: skip
