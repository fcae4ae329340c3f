"""What a monitoring says: sections of sentences for the screen and the Word section."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import pandas as pd

from simulator.language import translate as _
from simulator.outputs.findings import number, rule_title
from simulator.outputs.monitor import ledger, progress, works
from simulator.outputs.monitor.monitored import Monitored
from simulator.outputs.titles import stage_names, stage_order
from simulator.outputs.update import comparison_lines, place_words
from simulator.terms import Action, label


def work_states() -> dict[str, str]:
    """State of a work → its words."""
    return {
        works.DONE: _("已完成"),
        works.EARLY: _("提前完成"),
        works.PARTIAL: _("部分完成"),
        works.LATE_BUILDING: _("逾期在建"),
        works.LATE: _("逾期未见开工"),
        works.LATE_CLOSING: _("逾期未撤并"),
        works.BUILDING: _("在建，未到期"),
        works.AHEAD: _("未到期"),
    }


def progress_states() -> dict[str, str]:
    """State of an indicator → its words."""
    return {
        progress.FELL: _("滑坡"),
        progress.BEHIND: _("未达计划"),
        progress.REACHED: _("达到计划"),
        progress.BETTER: _("好于计划"),
        progress.NEUTRAL: "—",
    }


def ledger_states() -> dict[str, str]:
    """State of a problem → its words."""
    return {ledger.CLEARED: _("已销号"), ledger.OPEN: _("未销号"), ledger.NEW: _("新增")}


def problem_title(kind: str) -> str:
    """What a problem is called."""
    return _("大班额") if kind == ledger.OVERSIZED else rule_title(kind)


def monitor_sections(found: Monitored, few: int) -> list[tuple[str, list[str]]]:
    """Title and sentences of each question: works, seats, cleared problems, indicators, forecast."""
    return [
        (_("项目完成情况"), work_lines(found, few)),
        (_("学位承诺与落实"), seat_lines(found)),
        (_("问题销号"), ledger_lines(found, few)),
        (_("指标滑坡与中期评估"), progress_lines(found, few)),
        (_("预测与实际"), comparison_lines(found.comparison, found.names, few)),
    ]


def work_lines(found: Monitored, few: int) -> list[str]:
    """How many works were due and are done, and those that are overdue."""
    due = found.works[found.works["year"] <= found.year]
    early = int((found.works["state"] == works.EARLY).sum())
    if not len(due):
        lines = [_("到{year}年没有到期的项目。").format(year=found.year)]
    else:
        told = _("到{year}年应完成 {due} 项，已完成 {done} 项，逾期 {late} 项（其中部分完成 {partial} 项）。")
        lines = [
            told.format(
                year=found.year, due=len(due), done=int(due["state"].isin(works.DELIVERED).sum()),
                late=int(due["state"].isin(works.OVERDUE).sum()), partial=int((due["state"] == works.PARTIAL).sum()),
            )
        ]  # fmt: skip
    if early:
        lines.append(_("另有 {count} 项提前完成。").format(count=early))
    overdue = due[due["state"].isin(works.OVERDUE)]
    return lines + _listed(overdue, few, lambda row: _work_words(found, row))


def _work_words(found: Monitored, row: dict[str, Any]) -> str:
    words = _("{state}：{year}年{action} {place}").format(
        state=work_states()[row["state"]], year=row["year"], action=label(Action(row["action"])),
        place=place_words(found.names, str(row["site_id"]), str(row["stage"])),
    )  # fmt: skip
    if row["seats"] and row["state"] == works.PARTIAL:
        told = _("{words}，学位承诺 {promised} 个，落实 {delivered} 个")
        words = told.format(words=words, promised=f"{row['seats']:.0f}", delivered=f"{row['seats_delivered']:.0f}")
    if math.isfinite(row["expected"]) and int(row["expected"]) != int(row["year"]):
        words = _("{words}，现计划 {year}年").format(words=words, year=int(row["expected"]))
    return words


def _listed(rows: pd.DataFrame, few: int, words: Callable[[dict[str, Any]], str]) -> list[str]:
    """The first rows in words, and how many there are beside them."""
    told = [f"- {words({str(key): value for key, value in row.items()})}" for row in rows.head(few).to_dict("records")]
    more = [_("另有 {count} 项。").format(count=len(rows) - few)] if len(rows) > few else []
    return told + more


def seat_lines(found: Monitored) -> list[str]:
    """A line a stage: seats of the works that were due, and what of them is there."""
    due = found.by_year[found.by_year["year"].isna() & ((found.by_year["seats"] > 0) | (found.by_year["closures"] > 0))]
    due = due.assign(order=stage_order(due["stage"])).sort_values("order")
    lines = []
    for row in due.to_dict("records"):
        name = stage_names()[row["stage"]]
        if row["seats"]:
            told = _(
                "{stage}：承诺新增学位 {seats} 个，落实 {delivered} 个（{share}）；项目 {promised} 项，完成 {done} 项。"
            )
            lines.append(
                told.format(
                    stage=name, seats=f"{row['seats']:.0f}", delivered=f"{row['seats_delivered']:.0f}",
                    share=f"{row['seats_delivered'] / row['seats']:.0%}", promised=row["promised"], done=row["delivered"],
                )
            )  # fmt: skip
        if row["closures"]:
            told = _("{stage}：计划撤并、停办 {count} 个学部，已撤 {done} 个。")
            lines.append(told.format(stage=name, count=row["closures"], done=row["closed"]))
    return lines or [_("到{year}年没有承诺新增学位。").format(year=found.year)]


def ledger_lines(found: Monitored, few: int) -> list[str]:
    """How many problems are cleared, open and new, then kind by kind."""
    table = found.ledger
    if not len(table):
        return [_("没有列入台账的问题。")]
    counts = table["state"].value_counts()
    count = {state: int(counts.get(state, 0)) for state in (ledger.CLEARED, ledger.OPEN, ledger.NEW)}
    told = _("台账 {all} 项：已销号 {cleared} 项，未销号 {open} 项；{year}年新增 {new} 项。")
    lines = [told.format(all=count["cleared"] + count["open"], year=found.year, **count)]
    sizes = table.groupby(["kind", "state"]).size().rename("count").reset_index()
    by_kind = sizes.pivot_table(index="kind", columns="state", values="count", fill_value=0)
    by_kind = by_kind.reindex(columns=list(count), fill_value=0).astype(int)
    ordered = by_kind.assign(sum=by_kind.sum(axis=1)).sort_values("sum", ascending=False, kind="stable")
    shown = ordered.head(2 * few)
    told = _("- {title}：已销号 {cleared}，未销号 {open}，新增 {new}")
    return lines + [
        told.format(title=problem_title(str(kind)), cleared=cleared, open=still, new=new)
        for kind, cleared, still, new in shown[list(count)].itertuples(name=None)
    ]


def progress_lines(found: Monitored, few: int) -> list[str]:
    """How many indicators fell, lag, are reached; those that fell."""
    table = found.progress[found.progress["direction"] != 0]
    if not len(table):
        return [_("没有可对照的指标。")]
    counts = table["state"].value_counts()
    count = {state: int(counts.get(state, 0)) for state in ("fell", "behind", "reached", "better")}
    told = _("{all} 项指标：滑坡 {fell} 项，未达计划 {behind} 项，达到计划 {reached} 项，好于计划 {better} 项。")
    lines = [told.format(all=len(table), **count)]
    return lines + _listed(table[table["state"] == progress.FELL], few, _progress_words)


def _progress_words(row: dict[str, Any]) -> str:
    """An indicator with its base, planned and actual figure."""
    told = _("滑坡：{title}，基年 {base}，计划 {planned}，实际 {actual}（{unit}）")
    share = row["unit"] == _("比例")
    values = {key: figure_words(float(row[key]), share=share) for key in ("base", "planned", "actual")}
    return told.format(title=row["title"], unit="%" if share else row["unit"], **values)


def figure_words(value: float, *, share: bool = False) -> str:
    """A figure with the digits that it needs; shares in percent without the sign.

    >>> figure_words(0.0213, share=True), figure_words(9.46)
    ('2.1', '9.5')
    """
    return f"{100 * value:.1f}" if share else number(round(value, 3))
