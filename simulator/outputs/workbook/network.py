"""T10, T11, T16: the planned schools, closures and where their pupils go, catchments that change."""

from __future__ import annotations

import numpy as np
import pandas as pd

from simulator.language import translate as _
from simulator.outputs.consolidation import building_words, teacher_words, vote_words
from simulator.outputs.moves import closures, resettled, rezoned
from simulator.outputs.sentences import robustness_legend, robustness_words
from simulator.outputs.titles import section_names, section_words, unit_names, with_names
from simulator.outputs.workbook.sheet import Colour, Column, Format, Sheet, numbers, texts
from simulator.result import Result
from simulator.terms import Action, Network, band_of, label


def network_sheets(result: Result) -> list[Sheet]:
    """The sheets about the planned network."""
    return [_planned(result), _closed(result), _rezoned(result)]


def action_words(actions: pd.DataFrame) -> pd.DataFrame:
    """section_id → what the plan does there in order of years, and when: columns action, when, reason."""
    rows = actions.assign(
        word=[label(Action(action)) for action in actions["action"]],
        when=[
            "" if action == Action.KEEP else _("{year}年9月").format(year=year)
            for action, year in zip(actions["action"], actions["year"], strict=True)
        ],
    ).sort_values("year", kind="stable")
    acted = rows[rows["action"] != Action.KEEP]
    shown = pd.concat([acted, rows[(rows["action"] == Action.KEEP) & ~rows["section_id"].isin(acted["section_id"])]])
    joined: pd.DataFrame = shown.groupby("section_id", sort=False)[["word", "when", "reason"]].agg(_joined_words)
    return joined.rename(columns={"word": "action"})


def _joined_words(words: pd.Series) -> str:
    """Different words, each once, in order."""
    return "；".join(dict.fromkeys(str(word) for word in words if str(word) not in {"", "nan"}))


def _planned(result: Result) -> Sheet:
    target = result.scenario.horizon.target_year
    plan, supply = result.plan, result.supply
    last = plan.sections[plan.sections["phase"] == plan.phase_of(target)].set_index("section_id")
    before = plan.sections[plan.sections["phase"] == 0].set_index("section_id")
    runs = last["open"].astype(bool) | before["open"].astype(bool).reindex(last.index).fillna(False)
    rows = with_names(last[runs].reset_index(), result)
    served = _served_units(result)
    schools = result.indicators.schools
    pupils = schools[(schools["network"] == Network.PLAN) & (schools["year"] == target)].set_index("section_id")
    site = rows["section_id"].map(supply.sections["site_id"])
    rows = rows.assign(
        classes_before=rows["section_id"].map(before["classes"]),
        land=site.map(supply.sites["land_area_m2"]),
        pupils=rows["section_id"].map(pupils["pupils"]),
        utilization=rows["section_id"].map(pupils["utilization"]),
        units=rows["section_id"].map(served).fillna(""),
    ).join(action_words(plan.actions), on="section_id")
    columns = (
        *texts(("school", _("校名")), ("section_id", _("学部编号")), ("stage_name", _("学段"))),
        *texts(("school_township", _("乡镇街道")), ("action", _("性质")), ("when", _("建设时序"))),
        *numbers(Format.WHOLE, ("classes_before", _("现状班数")), ("classes", _("规划班数"))),
        *numbers(Format.WHOLE, ("seats", _("规划学位")), ("pupils", _("服务学生\n{year}年").format(year=target))),
        *numbers(Format.SHARE, ("utilization", _("学位利用率"))),
        *numbers(Format.WHOLE, ("land", _("用地（平方米）"))),
        *texts(("units", _("服务范围")), ("reason", _("理由"))),
    )
    title = _("规划学校一览表（{year}年）").format(year=target)
    return Sheet(
        _("T10 规划学校"), title, _("单位：班、个、人"), columns, rows.fillna({"action": "", "when": "", "reason": ""})
    )


def _served_units(result: Result) -> pd.Series:
    """section_id → names of the units of its catchment in the last phase."""
    plan = result.plan
    table = plan.catchments
    zoned = set(result.catchments.table["band"])
    rows = table[(table["phase"] == table["phase"].max()) & table["band"].isin(zoned) & (table["section_id"] != "")]
    names = rows["unit_id"].map(unit_names(result))
    listed = rows.assign(unit=names).drop_duplicates(["section_id", "unit_id"])
    served: pd.Series = listed.groupby("section_id")["unit"].agg(_("、").join)
    return served


def _closed(result: Result) -> Sheet:
    moved = resettled(result)
    gone = closures(result)
    empty = gone[~gone["section_id"].isin(moved["section_id"])][["section_id", "year"]]
    rows = with_names(pd.concat([moved, empty], ignore_index=True), result)
    actions = gone.drop_duplicates("section_id").set_index("section_id")
    names = section_names(result)
    receiving = rows["to_section"].fillna("").astype(str)
    rows = rows.assign(
        action=[label(Action(actions.loc[section, "action"])) for section in rows["section_id"]],
        to_school=[
            section_words(names, section) or (_("（没有学校可上）") if some else _("（没有在校生）"))
            for section, some in zip(receiving, rows["children"].notna(), strict=True)
        ],
        change=rows["minutes_after"] - rows["minutes_before"],
        reason=rows["section_id"].map(actions["reason"]),
        robust=robustness_words(actions.reindex(rows["section_id"])),
        hearing=[vote_words(result, section) for section in rows["section_id"].astype(str)],
        teachers=[teacher_words(result, section) for section in rows["section_id"].astype(str)],
        building=[building_words(result, section) for section in rows["section_id"].astype(str)],
    )
    columns = (
        *texts(("school", _("撤并学校")), ("stage_name", _("学段")), ("school_township", _("乡镇街道"))),
        *texts(("action", _("举措"))),
        *numbers(Format.YEAR, ("year", _("完成时间"))),
        *texts(("to_school", _("接收学校"))),
        *numbers(
            Format.WHOLE, ("children", _("安置学生")), ("bus_seats", _("其中乘校车")), ("boarders", _("其中寄宿"))
        ),
        *numbers(Format.TENTH, ("minutes_before", _("现通学分钟")), ("minutes_after", _("新通学分钟"))),
        *numbers(Format.TENTH, ("change", _("增减分钟"))),
        *texts(("reason", _("理由")), ("robust", _("稳健性")), ("hearing", _("听证、家长意见\n（待填）"))),
        *texts(("teachers", _("教师去向\n（待填）")), ("building", _("校舍用途"))),
    )
    note = _("学生数为该年若不撤并将在该校就读的人数；时间为单程平均。撤并须先建后撤并履行听证等程序。")
    note += robustness_legend(result) if (rows["robust"] != "").any() else ""
    return Sheet(_("T11 撤并与安置"), _("撤并与安置表"), _("单位：人、分钟"), columns, rows, note)


def _rezoned(result: Result) -> Sheet:
    rows = rezoned(result)
    units = result.district.units.set_index("unit_id")
    demand = result.projection.plan_demand
    names = section_names(result)
    rows = rows.assign(
        unit=rows["unit_id"].map(unit_names(result)),
        township=rows["unit_id"].map(units["township"]),
        band_name=[band_of(band).title for band in rows["band"]],
        households=rows["unit_id"].map(units["households"]) if "households" in units else np.nan,
        before_name=[section_words(names, section) for section in rows["before"]],
        after_name=[section_words(names, section) for section in rows["after"]],
        changed=[_("调整") if year else "" for year in rows["year"]],
        when=rows["year"].where(rows["year"] > 0),
    )
    totals = {
        band: dict(zip(demand.units, demand.of(band_of(band).stage, band_of(band).grades), strict=True))
        for band in rows["band"].unique()
    }
    target = demand.years.index(result.scenario.horizon.target_year)
    places = list(zip(rows["band"], rows["unit_id"], strict=True))
    rows["children_now"] = [totals[band][unit][0] for band, unit in places]
    rows["children"] = [totals[band][unit][target] for band, unit in places]
    # Bands by their lowest grade, not by their letters.
    rows["grade"] = [band_of(band).grades[0] for band in rows["band"]]
    rows = rows.sort_values(["grade", "township", "unit_id"], kind="stable").reset_index(drop=True)
    horizon = result.scenario.horizon
    columns = (
        *texts(
            ("band_name", _("年级段")), ("township", _("乡镇街道")), ("unit_id", _("单元编号")), ("unit", _("单元"))
        ),
        *numbers(Format.WHOLE, ("households", _("户数"))),
        *numbers(Format.WHOLE, ("children_now", _("学生\n{year}年").format(year=horizon.base_year))),
        *numbers(Format.WHOLE, ("children", _("学生\n{year}年").format(year=horizon.target_year))),
        *texts(("before_name", _("调整前学校")), ("after_name", _("调整后学校")), ("changed", _("是否调整"))),
        Column("when", _("调整年份"), Format.YEAR, Colour.NONE),
    )
    derived = result.catchments.table["derived"].astype(bool)
    note = _("现状招生范围为推定。") if derived.any() else ""
    if result.plan.rezoning == "entrants":
        note += _("调整后学校为新生的招生范围。")
    return Sheet(_("T16 学区划分"), _("学区划分（调整）表"), _("单位：户、人"), columns, rows, note)
