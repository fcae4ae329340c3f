"""Sheets of running cost by head, closings, what must not fall, shares and targets, and what is done under each lever."""

from __future__ import annotations

from simulator.indicators.running import HEADS
from simulator.language import translate as _
from simulator.outputs.levers import kind_words, lever_words
from simulator.outputs.titles import stage_names, stage_order, with_names
from simulator.outputs.workbook.sheet import Column, Format, Sheet, numbers, texts
from simulator.result import Result
from simulator.scenario.targets import PROMISED
from simulator.terms import Network, TargetItem, label

_LONG = 7
_COUNTED = [item.value for item in PROMISED]


def finance_sheets(result: Result) -> list[Sheet]:
    """The sheets, as far as there is something to say."""
    found = result.finance
    if found.running.empty:
        return []
    sheets = [_running(result), _shares(result)]
    if len(found.levers):
        sheets.append(_levers(result))
    if len(found.targets):
        sheets.append(_targets(result))
    if len(found.closings):
        sheets.append(_closings(result))
    if len(found.falls):
        sheets.append(_falls(result))
    return sheets


def head_words() -> dict[str, str]:
    """Heads of running cost in a planner's words."""
    return {
        "staff_wan": _("人员（按编制岗位）"),
        "spare_wan": _("富余教职工"),
        "funds_wan": _("公用经费"),
        "floor_wan": _("不足百人补足"),
        "boarders_wan": _("寄宿"),
        "special_wan": _("特教与随班就读"),
        "buses_wan": _("校车"),
        "classes_wan": _("随班运行"),
        "bought_wan": _("购买学位"),
    }


def _running(result: Result) -> Sheet:
    running = result.finance.running
    heads = [*HEADS, "total_wan", "training_wan"]
    sums = running.groupby(["network", "year"])[["pupils", *heads]].sum(min_count=1)
    plan, idle = (sums.xs(network.value, level="network") for network in (Network.PLAN, Network.NO_ACTION))
    money = result.indicators.money
    spent = money[money["network"] == Network.PLAN].set_index("year")["capital_wan"]
    rows = plan.assign(
        idle=idle["total_wan"],
        net=plan["total_wan"] - idle["total_wan"],
        capital=spent.reindex(plan.index).fillna(0.0),
        each=10_000 * plan["total_wan"] / plan["pupils"].where(plan["pupils"] > 0),
    )
    rows = rows.assign(both=rows["net"] + rows["capital"], so_far=(rows["net"] + rows["capital"]).cumsum())
    words = head_words()
    columns = (
        *numbers(Format.YEAR, ("year", _("年份"))),
        *numbers(Format.WHOLE, ("pupils", _("公办学生"))),
        *numbers(Format.TENTH, *((name, words[name]) for name in HEADS)),
        *numbers(
            Format.TENTH, ("total_wan", _("合计")), ("idle", _("不采取措施\n合计")), ("net", _("比不采取措施\n多支出"))
        ),
        *numbers(Format.TENTH, ("capital", _("当年基建")), ("so_far", _("累计净增支出"))),
        *numbers(Format.WHOLE, ("each", _("生均（元）"))),
        *numbers(Format.TENTH, ("training_wan", _("其中培训\n不少于"))),
    )
    note = _(
        "预算口径：人员 = T14 的编制岗位 × 每岗人员经费，富余教职工留在县域统筹、照常发放；不足 100 人的农村校按 100 人核定公用经费；"
        "T15 的运行费用优化所用的单位造价，两者口径不同。"
    )
    return Sheet(
        _("经常性经费"),
        _("经常性经费表（分项）"),
        _("单位：万元、人、元"),
        columns,
        rows.reset_index(),
        note,
        place=15.2,
    )


def _closings(result: Result) -> Sheet:
    found = result.finance.closings.drop(columns="stage")
    rows = with_names(found, result).assign(small=[_("是") if tiny else "" for tiny in found["tiny"]])
    columns = (
        *texts(("school", _("停办学校")), ("stage_name", _("学段")), ("school_township", _("乡镇街道"))),
        *numbers(Format.YEAR, ("year", _("停办年份"))),
        *numbers(Format.WHOLE, ("pupils", _("停办时学生"))),
        *texts(("small", _("不足50人"))),
        *numbers(Format.TENTH, ("posts_freed", _("腾出岗位"))),
        *numbers(
            Format.TENTH,
            ("funds_before_wan", _("停办前\n公用经费")),
            ("funds_after_wan", _("随学生转走")),
            ("building_wan", _("减少\n随班运行")),
        ),
        *numbers(Format.TENTH, ("bus_wan", _("增加校车")), ("boarding_wan", _("增加寄宿"))),
        *numbers(Format.TENTH, ("paper_wan", _("账面节支")), ("real_wan", _("实际节支"))),
    )
    note = _(
        "按停办第一年、现状网络中该校的学生测算。账面节支把腾出的岗位全部扣除；实际上教职工留在县域统筹，工资照发，只有退休减员或调补缺额后才真正节约，"
        "学生的公用经费随学生转走，节省的只是不足 100 人补足的部分。实际节支为负即停办反而多花钱。"
    )
    return Sheet(_("撤并节支"), _("撤并节支测算表"), _("单位：万元/年、人、个"), columns, rows, note, place=15.4)


def _falls(result: Result) -> Sheet:
    kinds = {"funds": _("生均公用经费"), "staff": _("生均人员经费")}
    falls = result.finance.falls
    rows = falls[falls["network"] == Network.PLAN].assign(
        stage_name=falls["stage"].map(stage_names()), what=falls["kind"].map(kinds), order=stage_order(falls["stage"])
    )
    rows = rows.sort_values(["county", "order", "what", "year"]).reset_index(drop=True)
    columns = (
        *texts(("county", _("县区")), ("stage_name", _("学段")), ("what", _("项目"))),
        *numbers(Format.YEAR, ("year", _("年份"))),
        *numbers(Format.WHOLE, ("before", _("上年（元/生）")), ("now", _("当年（元/生）"))),
        *numbers(Format.TENTH, ("hold_wan", _("保持上年水平\n须增加（万元）"))),
    )
    note = _("两个只增不减：按标准测算的生均经费低于上年时，预算应保持上年水平；所增部分可用于改善办学条件。")
    return Sheet(_("两个只增不减"), _("两个只增不减核对表"), _("单位：元、万元"), columns, rows, note, place=15.6)


def _shares(result: Result) -> Sheet:
    shares = result.finance.shares
    rows = shares[shares["network"] == Network.PLAN]
    several = len(set(rows["county"])) > 1
    wide = rows.pivot_table(index=["county", "year"], columns="item", values="figure", dropna=False).reset_index()
    wide = wide.assign(district=[str(county) or _("全区") for county in wide["county"]])
    known = [item for item in TargetItem if item.value in wide and wide[item.value].notna().any()]
    columns = [
        *texts(*([("district", _("县区"))] if several else [])),
        *numbers(Format.YEAR, ("year", _("年份"))),
    ]
    for item in known:
        columns += numbers(
            Format.WHOLE if item.value in _COUNTED else Format.SHARE, (item.value, _two_lines(label(item)))
        )
    note = _(
        "随迁子女公办占比以基准年学籍（没有生源表时以情景设定）为准，以后各年不变；新增学位自基准年累计，购买和过渡学位不计。"
    )
    return Sheet(
        _("占比与新增学位"), _("各类占比与新增学位表"), _("单位：比例、个"), tuple(columns), wide, note, place=17.1
    )


def _two_lines(title: str) -> str:
    """A long title in two lines, broken at a space where it has one near the middle."""
    middle = len(title) // 2
    spaces = [place for place, sign in enumerate(title) if sign == " "]
    if len(title) <= _LONG:
        return title
    if not spaces:
        return f"{title[:middle]}\n{title[middle:]}"
    place = min(spaces, key=lambda space: abs(space - middle))
    return f"{title[:place]}\n{title[place + 1 :]}"


def _targets(result: Result) -> Sheet:
    found = result.finance.targets
    rows = found[found["network"] == Network.PLAN].reset_index(drop=True)
    marks = {"yes": _("达到"), "no": _("未达到"), "": _("无法测算")}
    share = ~rows["item"].isin(_COUNTED)
    rows = rows.assign(
        title=[label(TargetItem(item)) for item in rows["item"]],
        bound=[_("不低于") if least else _("不高于") for least in rows["at_least"]],
        unit=[_("比例") if is_share else _("个") for is_share in share],
        gap=rows["figure"] - rows["value"],
        mark=rows["met"].map(marks),
    )
    columns = (
        *texts(("title", _("指标")), ("bound", _("要求"))),
        Column("value", _("目标"), Format.FIGURE),
        *numbers(Format.YEAR, ("year", _("到期年份"))),
        Column("figure", _("测算"), Format.FIGURE),
        Column("gap", _("差额"), Format.FIGURE),
        *texts(("unit", _("单位")), ("mark", _("结果")), ("source", _("依据"))),
    )
    note = _("目标由情景的 targets 给出；学位为自基准年起到该年累计启用的学位，分项承诺之外的不归到任何学段。")
    return Sheet(_("目标与承诺"), _("本地目标与学位承诺核对表"), _("单位：见表列"), columns, rows, note, place=17.2)


def _levers(result: Result) -> Sheet:
    rows = result.finance.levers
    rows = rows.assign(
        lever_name=rows["lever"].map(lever_words()),
        kind_name=rows["kind"].map(kind_words()).fillna(rows["kind"]),
        stage_name=rows["stage"].map(stage_names()),
    )
    columns = (
        *texts(("lever_name", _("举措")), ("kind_name", _("做法")), ("stage_name", _("学段"))),
        *numbers(Format.YEAR, ("year", _("年份"))),
        *numbers(Format.WHOLE, ("places", _("学校数")), ("seats", _("学位增减")), ("children", _("涉及学生"))),
        *numbers(Format.TENTH, ("cost_wan", _("费用（万元）"))),
    )
    note = _(
        "扩班增容：新建、扩建、转换和过渡教室；区域分流：招生范围调整和学校停办带来的转学；动态调整：在现有教室内增减班、招生计划调整、招生对象调整。"
    )
    return Sheet(_("举措清单"), _("举措与学位一览表"), _("单位：所、个、人、万元"), columns, rows, note, place=12.5)
