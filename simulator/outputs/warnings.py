"""学位预警 in a planner's words: a sign and a number a year, and the lines of summary and screen."""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping

import pandas as pd

from simulator.indicators import Alerts
from simulator.indicators.asking import ENTRY
from simulator.language import translate as _
from simulator.outputs.titles import stage_names, stage_order
from simulator.terms import AlertLevel, AlertScope, Network

SIGNS = {
    AlertLevel.RED: "▲",
    AlertLevel.YELLOW: "△",
    AlertLevel.SURPLUS: "▽",
    AlertLevel.DEEP_SURPLUS: "▼",
}
"""Sign of a level: what stands in a cell is told without its colour."""
_NOBODY = 0.5
_SURPLUS = (AlertLevel.SURPLUS, AlertLevel.DEEP_SURPLUS)


def cell_words(level: str, short: float, spare: float) -> str:
    """Sign, word and number of a level.

    >>> cell_words("red", 119.6, 0.0), cell_words("red", 0.0, 0.0), cell_words("yellow", 0.0, 35.0)
    ('▲缺 120', '▲满', '△余 35')
    >>> cell_words("surplus", 0.0, 300.0), cell_words("deep_surplus", 0.0, 900.0), cell_words("none", 12.0, 80.0)
    ('▽空 300', '▼空 900', '缺 12')
    """
    lacking = _("缺 {count}").format(count=f"{short:.0f}") if short >= _NOBODY else ""
    match AlertLevel(level):
        case AlertLevel.RED:
            words = lacking or _("满")
        case AlertLevel.YELLOW:
            words = lacking or _("余 {count}").format(count=f"{spare:.0f}")
        case AlertLevel.NONE:
            return lacking
        case _surplus:
            words = _("空 {count}").format(count=f"{spare:.0f}")
    return SIGNS[AlertLevel(level)] + words


def measure_words(measure: str) -> str:
    """What children are held against: the intake, or all grades."""
    return _("招生") if measure == ENTRY else _("在校")


def sign_legend(lead_years: int) -> str:
    """What signs, levels and numbers mean."""
    return _(
        "▲红色预警：需求达到或超过学位；△黄色预警：接近学位；▽富余；▼严重富余（界限见“编制依据”alert 各项）。"
        "“招生”以起始年级新生比招生学位（有招生计划的按计划，否则按毕业腾出和新增的教室），“在校”以全学段比标准学位；"
        "学位按教室数×标准班额计，缺、空按学校分别相加，不相抵消。预警年份比首次不足提前{years}年。"
    ).format(years=lead_years)


def warning_lines(alerts: Alerts, base_year: int, few: int) -> list[str]:
    """How many stages of townships fall short or turn empty, with and without the plan; the first ones; peaks.

    Parameters
    ----------
    alerts
        Warnings of one network or of both.
    base_year
        The year from which warnings look ahead.
    few
        Places that are named.
    """
    peaks = alerts.peaks
    if not len(peaks):
        return []
    networks = [network for network in Network if (peaks["network"] == network).any()]
    told = networks[0]
    own = _by_place(peaks[(peaks["network"] == told) & (peaks["scope"] == AlertScope.TOWNSHIP)], base_year)
    lines = [_count_line(peaks, networks, int(peaks["last_year"].max()), base_year)]
    lines += [f"- {_short_words(row, base_year)}" for row in own.head(few).to_dict("records")]
    if len(own) > few:
        lines.append(_("- 另有 {count} 处，见表“学位预警”（warnings、peaks）。").format(count=len(own) - few))
    return [*lines, _peak_line(peaks[peaks["network"] == told])]


def _by_place(peaks: pd.DataFrame, base_year: int) -> pd.DataFrame:
    """One row a place and stage that falls short after the base year, the earlier of its measures; soonest first."""
    rows = peaks[peaks["short_until"] > base_year]
    rows = rows.sort_values(["short_year", "most_short"], ascending=[True, False], kind="stable")
    return rows.drop_duplicates(["place", "stage"])


def _count_line(peaks: pd.DataFrame, networks: list[Network], last: int, base_year: int) -> str:
    """Numbers of warnings of the first network, those of the other in brackets."""
    found = []
    for network in networks:
        rows = peaks[(peaks["network"] == network) & (peaks["scope"] == AlertScope.TOWNSHIP)]
        short = _by_place(rows, base_year)
        empty = rows[rows["empty_year"].notna()].drop_duplicates(["place", "stage"])
        found.append((len(short), int((short["notice_year"] <= base_year).sum()), len(empty)))
    told = _("到 {last} 年，各乡镇街道各学段学位不足 {short} 处，其中已到预警期 {now} 处；学位富余 {empty} 处")
    words = told.format(last=last, short=found[0][0], now=found[0][1], empty=found[0][2])
    if len(found) == 1:
        return words + _("。")
    beside = _("（不采取措施：不足 {short} 处，富余 {empty} 处）。")
    return words + beside.format(short=found[1][0], empty=found[1][2])


def _short_words(row: Mapping[Hashable, object], base_year: int) -> str:
    """Where, since when and until when, how many at worst, and by when it must be said."""
    first, until = (int(float(str(row[name]))) for name in ("short_year", "short_until"))
    years = str(first) if first == until else f"{first}—{until}"
    place = str(row["place"]) or _("全区")
    words = _("▲{place}{stage}（{measure}）：{years} 年学位不足").format(
        place=place,
        stage=stage_names().get(str(row["stage"]), str(row["stage"])),
        measure=measure_words(str(row["measure"])),
        years=years,
    )
    worst = float(str(row["most_short"]))
    if math.isfinite(worst):
        words += _("，最多时（{year} 年）缺 {count} 个").format(
            year=int(float(str(row["most_short_year"]))), count=f"{worst:.0f}"
        )
    notice = int(float(str(row["notice_year"])))
    if first <= base_year:
        return words + _("；现已不足")
    if notice <= base_year:
        return words + _("；已到预警期")
    return words + _("；{year} 年发出预警").format(year=notice)


def _peak_line(peaks: pd.DataFrame) -> str:
    """Peak year and height of every stage of the district."""
    rows = peaks[(peaks["scope"] == AlertScope.DISTRICT) & (peaks["measure"] != ENTRY)]
    rows = rows.assign(order=stage_order(rows["stage"])).sort_values("order")
    told = _("、").join(
        _("{stage} {year} 年 {peak} 人").format(
            stage=stage_names().get(row["stage"], row["stage"]), year=row["peak_year"], peak=f"{row['peak']:.0f}"
        )
        for row in rows.to_dict("records")
    )
    return _("在校生最多的一年：{told}。").format(told=told)
