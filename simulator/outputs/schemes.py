"""One plan as a row of figures: what plans are compared by, in the workbook and by `compare`."""

from __future__ import annotations

import numpy as np
import pandas as pd

from simulator.indicators.figures import Indicators
from simulator.language import translate as _
from simulator.operation import CATCHMENT
from simulator.outputs.moves import CLOSING
from simulator.plan import Plan
from simulator.scenario import Scenario
from simulator.terms import COMPULSORY, Action, Effect, FindingStatus, Network

# Less than half a child is rounding.
_LEAST_SHORTAGE = 0.5


def figure_titles() -> dict[str, tuple[str, str]]:
    """Figure → title and unit, in the order of the comparison table (情景比选表)."""
    return {
        "shortage_peak": (_("学位缺口最大值（规划期内一年）"), _("人")),
        "shortage_peak_year": (_("缺口最大的年份"), _("年")),
        "shortage_target": (_("远期学位缺口"), _("人")),
        "spare_target": (_("远期富余学位"), _("个")),
        "mean_km": (_("远期义务教育平均通学距离（单程）"), _("公里")),
        "mean_minutes": (_("远期义务教育平均通学时间（单程）"), _("分钟")),
        "longest_minutes": (_("远期义务教育最长通学时间（单程）"), _("分钟")),
        "over_limit": (_("远期超时限人数"), _("人")),
        "oversized_share": (_("远期义务教育大班额占比"), _("比例")),
        "largest_class": (_("远期义务教育最大班额"), _("人")),
        "largest_variation": (_("远期最大校际差异系数"), _("系数")),
        "capital_wan": (_("投资合计"), _("万元")),
        "running_wan": (_("远期年运行费"), _("万元")),
        "closures": (_("撤并、停办学部数"), _("个学部")),
        "new_schools": (_("新建学校数"), _("所")),
        "moved": (_("调整招生范围涉及学生（各期相加）"), _("人")),
        "changed_school": (_("其中须换学校的在校生"), _("人")),
        "rigid_findings": (_("刚性校核问题"), _("条")),
        "findings": (_("校核问题合计"), _("条")),
    }


def scheme_figures(
    plan: Plan,
    indicators: Indicators,
    findings: pd.DataFrame,
    sections: pd.DataFrame,
    scenario: Scenario,
    variation: pd.DataFrame | None = None,
) -> dict[str, float]:
    """The figures of one network.

    Parameters
    ----------
    plan
        The plan, or the present network without action.
    indicators, findings
        Of both networks; the rows of `plan.network` are taken.
    sections
        Sections as in Supply.
    scenario
        For the years of the plan.
    variation
        Coefficients of variation as :class:`simulator.indicators.board.Board` has them; None leaves their figure out.

    Returns
    -------
    dict
        Keys as in :func:`figure_titles`; NaN where the network has no such figure.
    """
    target = scenario.horizon.target_year
    own = {
        name: frame[frame["network"] == plan.network]
        for name in ("seats", "travel", "class_sizes", "money")
        for frame in [getattr(indicators, name)]
    }
    return {
        **_seat_figures(own["seats"], scenario),
        **_travel_figures(own["travel"], target),
        **_class_figures(own["class_sizes"], target),
        **({} if variation is None else _variation_figures(variation, plan.network, target)),
        "capital_wan": float(own["money"]["capital_wan"].sum()),
        "running_wan": float(own["money"].loc[own["money"]["year"] == target, "running_wan"].sum()),
        **_action_figures(plan, sections),
        **_moved_figures(plan, indicators.moved),
        **_finding_figures(findings[findings["network"] == plan.network]),
    }


def _seat_figures(seats: pd.DataFrame, scenario: Scenario) -> dict[str, float]:
    whole = seats[seats["township"] == ""].groupby("year")[["shortage", "spare"]].sum()
    planned = whole["shortage"].reindex(list(scenario.plan_years)).dropna()
    target = scenario.horizon.target_year
    short = len(planned) > 0 and planned.max() >= _LEAST_SHORTAGE
    return {
        "shortage_peak": float(planned.max()) if len(planned) else np.nan,
        "shortage_peak_year": float(str(planned.idxmax())) if short else np.nan,
        "shortage_target": float(whole["shortage"].get(target, np.nan)),
        "spare_target": float(whole["spare"].get(target, np.nan)),
    }


def _compulsory(frame: pd.DataFrame, year: int) -> pd.DataFrame:
    stages = [stage.value for stage in COMPULSORY]
    return frame[frame["stage"].isin(stages) & (frame["year"] == year)]


def _travel_figures(travel: pd.DataFrame, year: int) -> dict[str, float]:
    rows = _compulsory(travel[travel["township"] == ""], year)
    rows = rows[np.isfinite(rows["mean_min"].astype(float)) & (rows["children"] > 0)]
    children = rows["children"].sum()
    mean = (rows["mean_min"] * rows["children"]).sum() / children if children else np.nan
    known = rows[np.isfinite(rows["mean_km"].astype(float))]
    whole = known["children"].sum()
    return {
        "mean_km": float((known["mean_km"] * known["children"]).sum() / whole) if whole else np.nan,
        "mean_minutes": float(mean),
        "longest_minutes": float(rows["longest_min"].max()),
        "over_limit": float(rows["over_limit"].sum()),
    }


def _class_figures(sizes: pd.DataFrame, year: int) -> dict[str, float]:
    rows = _compulsory(sizes, year)
    classes = rows["classes"].sum()
    oversized = (rows["oversized_share"] * rows["classes"]).sum() / classes if classes else np.nan
    return {"oversized_share": float(oversized), "largest_class": float(rows["largest"].max())}


def _variation_figures(variation: pd.DataFrame, network: str, year: int) -> dict[str, float]:
    """The coefficient that is farthest from even, over counties, stages and resources."""
    rows = variation[(variation["network"] == network) & (variation["year"] == year)]
    return {"largest_variation": float(rows["coefficient"].astype(float).max()) if len(rows) else np.nan}


def _action_figures(plan: Plan, sections: pd.DataFrame) -> dict[str, float]:
    actions = plan.actions
    closing = actions["action"].isin([action.value for action in CLOSING])
    # A nine-year school is one new school with two sections.
    built = actions.loc[actions["action"] == Action.NEW_BUILD, "site_id"].nunique()
    existing = sections["existing"].astype(bool).reindex(actions.loc[closing, "section_id"]).fillna(True)
    return {"closures": float(existing.sum()), "new_schools": float(built)}


def _moved_figures(plan: Plan, moved: pd.DataFrame) -> dict[str, float]:
    """Children who go to another school, and those of them who leave the one that they are in."""
    if plan.network != Network.PLAN:
        return {"moved": 0.0, "changed_school": 0.0}
    enrolled = moved["cause"] != CATCHMENT
    return {
        "moved": float(moved["children_moved"].sum()),
        "changed_school": float(moved.loc[enrolled, "children_moved"].sum()),
    }


def _finding_figures(findings: pd.DataFrame) -> dict[str, float]:
    new = findings["status"] == FindingStatus.NEW
    return {
        "rigid_findings": float((new & (findings["effect"] == Effect.RIGID)).sum()),
        "findings": float(len(findings)),
    }
