"""T12, T15, T23, T24: projects, investment and running cost, funds by year, school buses and boarding."""

from __future__ import annotations

from simulator.language import translate as _
from simulator.outputs.projects import responsible_offices
from simulator.outputs.sentences import robustness_legend, robustness_words
from simulator.outputs.titles import stage_names, with_names
from simulator.outputs.workbook.funding import funds_sheet, preparation_state
from simulator.outputs.workbook.sheet import Format, Sheet, numbers, texts
from simulator.outputs.workbook.sides import both_columns, side_by_side
from simulator.result import Result
from simulator.terms import Action, label

_WORKS = (
    Action.NEW_BUILD,
    Action.EXTENSION,
    Action.RELOCATION,
    Action.ADD_SECTION,
    Action.CONVERSION,
)


def money_sheets(result: Result) -> list[Sheet]:
    """The sheets about works and money."""
    return [_projects(result), _spending(result), funds_sheet(result), _transport(result)]


def _projects(result: Result) -> Sheet:
    actions, plan = result.plan.actions, result.plan
    works = actions[actions["action"].isin([action.value for action in _WORKS])].sort_values(["year", "site_id"])
    rows = with_names(works.reset_index(drop=True), result)
    spent = plan.capital.groupby("site_id")["year"].agg(["min", "max"]) if len(plan.capital) else None
    sources = plan.capital.groupby("site_id")["source"].agg(lambda names: "；".join(dict.fromkeys(names)))
    sizes = result.supply.sections["class_size"]
    sites = result.supply.sites
    rows = rows.assign(
        number=range(1, len(rows) + 1),
        action_name=[label(Action(action)) for action in rows["action"]],
        seats=rows["classes"] * rows["section_id"].map(sizes),
        area=rows["site_id"].map(sites["land_area_m2"]),
        source=[str(sources.get(site, "")) for site in rows["site_id"]],
        begin=rows["site_id"].map(spent["min"]) if spent is not None else rows["year"],
        state=[preparation_state(result, str(site)) for site in rows["site_id"]],
        robust=robustness_words(rows),
        responsible=responsible_offices(rows["section_id"], result),
    )
    columns = (
        *numbers(Format.WHOLE, ("number", _("序号"))),
        *texts(("school", _("项目")), ("school_township", _("地点")), ("stage_name", _("学段"))),
        *texts(("action_name", _("类型")), ("module", _("规模"))),
        *numbers(Format.WHOLE, ("classes", _("班数")), ("seats", _("学位")), ("area", _("用地（平方米）"))),
        *numbers(Format.TENTH, ("capital_wan", _("投资（万元）"))),
        *texts(("source", _("资金来源")), ("state", _("前期工作"))),
        *numbers(Format.YEAR, ("begin", _("开工")), ("year", _("启用"))),
        *texts(("reason", _("理由")), ("robust", _("稳健性")), ("responsible", _("责任单位"))),
    )
    note = _("启用为当年9月1日；学位 = 班数 × 标准班额。") + ("" if len(rows) else _("本方案没有建设项目。"))
    note += robustness_legend(result) if (rows["robust"] != "").any() else ""
    return Sheet(_("T12 近期项目库"), _("建设项目库"), _("单位：班、个、万元"), columns, rows, note)


def _spending(result: Result) -> Sheet:
    money = result.indicators.money
    names = stage_names()
    by_stage = [stage for stage in names if f"running_{stage}_wan" in money.columns]
    values = ["capital_wan", "running_wan", "transport_wan", *(f"running_{stage}_wan" for stage in by_stage)]
    rows = side_by_side(money, ["year"], values)
    columns = [
        *numbers(Format.YEAR, ("year", _("年份"))),
        *both_columns(Format.TENTH, "capital_wan", _("基建投资")),
        *both_columns(Format.TENTH, "running_wan", _("运行费合计")),
    ]
    for stage in by_stage:
        title = _("其中{stage}").format(stage=names[stage])
        columns += both_columns(Format.TENTH, f"running_{stage}_wan", title)
    columns += both_columns(Format.TENTH, "transport_wan", _("其中校车与寄宿"))
    note = _("投资按建设年度计；运行费含人员与公用经费、规划提供的校车与寄宿，按现价。")
    return Sheet(_("T15 投资与运行"), _("投资与经常性支出表"), _("单位：万元"), tuple(columns), rows, note)


def _transport(result: Result) -> Sheet:
    carried = result.indicators.transport
    rows = with_names(carried[carried["network"] == result.plan.network].reset_index(drop=True), result)
    columns = (
        *texts(("school", _("学校")), ("stage_name", _("学段")), ("school_township", _("乡镇街道"))),
        *numbers(Format.YEAR, ("year", _("年份"))),
        *numbers(Format.WHOLE, ("bus_seats", _("校车座位")), ("boarders", _("寄宿生")), ("beds", _("校区床位"))),
        *numbers(Format.TENTH, ("cost_wan", _("年费用（万元）"))),
    )
    note = _(
        "只列规划新安排的：自行往返超过硬性通学限制的学生，乘校车可以达到的乘校车，达不到的寄宿；现有校车和寄宿不在内。"
    )
    return Sheet(_("T24 校车与寄宿"), _("校车与寄宿安排表"), _("单位：座、人、张、万元"), columns, rows, note)
