"""Titles and names as every output prints them."""

from __future__ import annotations

import pandas as pd

from simulator.language import translate as _
from simulator.plan import Plan
from simulator.result import Result
from simulator.scenario import ProjectionSettings
from simulator.terms import Action, Stage, label

_STAMP = "〔演示〕"


def headline(words: str) -> str:
    """Words as they head a column or a legend: English ones begin with a capital.

    >>> headline("present schools"), headline("现有学校")
    ('Present schools', '现有学校')
    """
    return words[:1].upper() + words[1:]


def stamped_title(result: Result, title: str) -> str:
    """A title of a run as :func:`stamped` words it."""
    return stamped(title, invented=result.district.invented)


def stamped(title: str, *, invented: bool) -> str:
    """The title as it must stand on every output: invented districts bear the stamp of a demonstration, once.

    >>> stamped("小样区", invented=True), stamped("小样区〔演示〕", invented=True), stamped("小样区", invented=False)
    ('〔演示〕小样区', '小样区〔演示〕', '小样区')
    """
    mark = _("〔演示〕")
    if not invented or mark.strip() in title:
        return title
    return mark + title.replace(_STAMP, "")


def unstamped(title: str) -> str:
    """The title without the stamp, for running text under a stamped heading.

    >>> unstamped("小样区〔演示〕")
    '小样区'
    """
    return title.replace(_("〔演示〕"), "").replace(_STAMP, "")


def stamps(result: Result) -> list[str]:
    """Short sentences that qualify every figure of this run."""
    words = []
    if result.district.invented:
        words.append(_("地理与校名为虚构，总量采用公开数据，仅供演示"))
    words.append(rezoning_words(result.plan))
    basis = result.access.basis == "straight_line"
    words.append(_("通学距离按直线距离乘绕行系数推算") if basis else _("通学距离按道路与轮渡网络计算"))
    return words


def rezoning_words(plan: Plan) -> str:
    """Whom the plan's catchments hold for, in a few words that stand beside its figures."""
    if plan.rezoning == "everybody":
        return _("全体重划口径")
    return _("老生老办法：新招生范围只用于新生，在校生留在原校到毕业，学校撤并的除外")


def built_name(name: str) -> str:
    """Name of the school that the plan builds on a parcel.

    >>> built_name("漪岙九年一贯制学校用地")
    '漪岙九年一贯制学校（新建）'
    """
    return _("{name}（新建）").format(name=name.removesuffix("用地").removesuffix("规划"))


def site_names(result: Result) -> pd.Series:
    """site_id → name; a parcel on which the plan builds bears the name of its school, not of the land."""
    sites, actions = result.supply.sites, result.plan.actions
    names: pd.Series = sites["name"].astype(str)
    parcels = sites.index[~sites["existing"].astype(bool)]
    built = parcels.intersection(pd.Index(actions.loc[actions["action"] == Action.NEW_BUILD, "site_id"]))
    return names.where(~names.index.isin(built), names.map(built_name))


def section_names(result: Result) -> pd.Series:
    """section_id → name of its school, as :func:`site_names`."""
    sections = result.supply.sections
    renamed = sections["site_id"].map(site_names(result))
    return sections["name"].astype(str).where(sections["existing"].astype(bool), renamed)


def with_names(frame: pd.DataFrame, result: Result) -> pd.DataFrame:
    """The frame with columns for readers beside its codes: school, township, stage and section words."""
    sections, sites = result.supply.sections, result.supply.sites
    found = frame.copy()
    if "section_id" in found:
        site = found["section_id"].map(sections["site_id"])
        found["school"] = found["section_id"].map(section_names(result)).fillna(found["section_id"])
        found["school_township"] = site.map(sites["township"])
        if "stage" not in found:
            found["stage"] = found["section_id"].map(sections["stage"])
    if "stage" in found:
        found["stage_name"] = found["stage"].map(stage_names()).fillna("")
    return found


def stage_names() -> dict[str, str]:
    """Stage → its word in the output language."""
    return {stage.value: label(stage) for stage in Stage}


def variant_names() -> dict[str, str]:
    """Variant of the projection → its word, the lowest first."""
    return {"low": _("低方案"), "medium": _("中方案"), "high": _("高方案")}


def planned_words(settings: ProjectionSettings) -> str:
    """What the plan is made for: a variant, the median of the draws, or a quantile of them."""
    match settings.plan_for:
        case "median":
            return _("抽样中位数")
        case "quantile":
            return _("抽样 {share:.0%} 分位数").format(share=settings.quantile)
        case _variant:
            return variant_names()[settings.variant]


def stage_order(stages: pd.Series) -> pd.Series:
    """Position of a stage from kindergarten up, to sort by."""
    order = {stage.value: number for number, stage in enumerate(Stage)}
    return stages.map(order)


def unit_names(result: Result) -> pd.Series:
    """unit_id → name."""
    names: pd.Series = result.district.units.set_index("unit_id")["name"].astype(str)
    return names


def section_words(names: pd.Series, section_ids: str) -> str:
    """Names of one or several sections (joined by ；), from :func:`section_names`; empty where there is none."""
    return _("、").join(str(names.get(section, section)) for section in section_ids.split("；") if section)
