"""T13, T21: control of education land, balance of education land."""

from __future__ import annotations

import pandas as pd

from simulator.language import plural
from simulator.language import translate as _
from simulator.outputs.land import land_balance, parcel_rows
from simulator.outputs.workbook.sheet import Format, Sheet, numbers, texts
from simulator.result import Result


def land_sheets(result: Result) -> list[Sheet]:
    """The sheets about land; the public edition lists no plots that are only candidates."""
    return [_control(result), balance_sheet(result)]


def _control(result: Result) -> Sheet:
    rows = parcel_rows(result).assign(bounds="", owner="")
    if result.scenario.outputs.edition == "public":
        rows = rows[rows["used"].notna()].reset_index(drop=True)
    columns = (
        *texts(("parcel_id", _("地块编号")), ("name", _("地块")), ("plot_code", _("控规编号"))),
        *texts(("township", _("乡镇街道")), ("stage_names", _("可建学段"))),
        *texts(("land_code", _("用地用海代码")), ("land_class", _("用地性质"))),
        *numbers(Format.WHOLE, ("area_m2", _("面积（平方米）"))),
        *texts(("bounds", _("四至\n（待填）")), ("owner", _("权属\n（待填）"))),
        *numbers(Format.YEAR, ("supply_year", _("供地年度"))),
        *texts(("conflict_name", _("用地冲突")), ("delivery_name", _("交付方式"))),
        *texts(("housing_name", _("配建项目"))),
        *numbers(Format.YEAR, ("housing_year", _("住宅交付")), ("used", _("规划启用"))),
        *texts(("lateness", _("配建时序"))),
        *numbers(Format.WHOLE, ("classes", _("规划班数"))),
    )
    return Sheet(_("T13 用地控制"), _("用地控制表"), _("单位：平方米"), columns, rows, _code_note())


def balance_sheet(result: Result) -> Sheet:
    """教育用地平衡表: every campus and plot, then the sums by class of use."""
    rows = land_balance(result)
    if result.scenario.outputs.edition == "public":
        rows = rows[rows["state"] != _("规划储备")]
    areas = ["area_m2", "now_m2", "planned_m2", "released_m2"]
    sums = rows.groupby(["land_code", "land_class"], as_index=False)[areas].sum(min_count=1)
    sums = sums.assign(name=_("合计"), site_id="", township="", state="")
    columns = (
        *texts(("land_code", _("用地用海代码")), ("land_class", _("用地性质")), ("site_id", _("编号"))),
        *texts(("name", _("学校、地块")), ("township", _("乡镇街道"))),
        *numbers(Format.WHOLE, ("area_m2", _("面积")), ("now_m2", _("现状")), ("planned_m2", _("规划"))),
        *numbers(Format.WHOLE, ("released_m2", _("调出"))),
        *texts(("state", _("规划安排"))),
    )
    table = pd.concat([rows, sums], ignore_index=True)
    unknown = int(rows["area_m2"].isna().sum())
    note = _code_note() + (
        plural("有 {count} 处没有用地面积，未计入合计。", unknown).format(count=unknown) if unknown else ""
    )
    return Sheet(_("T21 教育用地平衡"), _("教育用地平衡表"), _("单位：平方米"), columns, table, note)


def _code_note() -> str:
    return _("用地用海代码按学段取默认值，待自然资源部门核定；有中小学部的按中小学用地计。")
