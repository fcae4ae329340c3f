"""What an update says: facts, forecast against actual, decisions; as tables and a page in a planner's words."""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from simulator.inputs.next_year import NewFiles
from simulator.language import translate as _
from simulator.outputs.goals import when_words
from simulator.outputs.manifest import Sources, input_hashes, sha256, sign_folder
from simulator.outputs.tables import write_tables
from simulator.outputs.titles import stage_names, stage_order, stamped
from simulator.terms import Action, grade_label, label

FOLDER, SUMMARY = "update", "summary.md"
_NOBODY = 0.5
_FEW = 8


@dataclass(frozen=True)
class Update:
    """A district rolled forward by a year.

    Parameters
    ----------
    year
        The new base year.
    title, invented
        The district.
    folder
        Where the new district stands.
    names
        Site id → name.
    comparison
        level (`stage`, `grade`, `school`), stage, grade, section_id, forecast, actual, difference, error, low, high (of the
        80 % band, NaN where there is none), inside.
    facts
        site_id, stage, action, classes, year, source, state of every work that was due or is under way.
    decisions
        state, action, site_id, section_id, stage, year_before, classes_before, year_now, classes_now; None where no plan
        was given.
    zones
        phase, stage, children whose catchment differs from the last plan's; None likewise.
    undecided
        Why the decisions could not be held against the new data; empty where they could.
    classes_worked_out
        Whether the class list was rolled forward because none was given.
    revised_births
        Year → births known before and now.
    """

    year: int
    title: str
    invented: bool
    folder: Path
    names: dict[str, str]
    comparison: pd.DataFrame
    facts: pd.DataFrame
    decisions: pd.DataFrame | None
    zones: pd.DataFrame | None
    undecided: str
    classes_worked_out: bool
    revised_births: dict[int, tuple[float, float]]


def write_update(update: Update, before: Sources, files: NewFiles, folder: Path) -> None:
    """Write the page and the tables of an update into the folder of the new district, and its manifest.

    Parameters
    ----------
    update
        What it found.
    before
        The district that was rolled forward.
    files
        The files of the new year.
    folder
        The folder that holds the new district.
    """
    (folder / FOLDER).mkdir()
    tables = {"forecast_actual": update.comparison, "facts": update.facts}
    if update.decisions is not None and update.zones is not None:
        tables |= {"decisions": update.decisions, "catchment_changes": update.zones}
    write_tables(tables, folder / FOLDER)
    (folder / FOLDER / SUMMARY).write_text(update_text(update), encoding="utf-8", newline="\n")
    given = [path for path in (files.enrolment, files.births, files.classes) if path is not None]
    title = _title(update)
    inputs = input_hashes(before) | {path.name: sha256(path) for path in given}
    sign_folder(folder, title, inputs)


def update_text(update: Update) -> str:
    """The page as Markdown."""
    parts = [f"# {_title(update)}"]
    for title, lines in update_sections(update, _FEW):
        listed = [line if line.startswith("- ") else f"- {line}" for line in lines]
        parts.append("\n".join([f"## {title}", "", *listed]))
    return "\n\n".join(parts) + "\n"


def _title(update: Update) -> str:
    title = _("{district}：滚动更新到 {year} 学年").format(district=update.title, year=update.year)
    return stamped(title, invented=update.invented)


def update_sections(update: Update, few: int) -> list[tuple[str, list[str]]]:
    """Title and lines of each question: how good was the forecast, what happened, which decisions change."""
    sections = [
        (
            _("预测与实际（{year} 学年）").format(year=update.year),
            comparison_lines(update.comparison, update.names, few),
        ),
        (_("已成事实"), fact_lines(update, few)),
    ]
    if update.decisions is not None and update.zones is not None:
        sections.append((_("原方案的决定"), decision_lines(update.decisions, update.zones, update.names, few)))
    elif update.undecided:
        sections.append((_("原方案的决定"), [_("没有核对：{why}").format(why=update.undecided)]))
    return [*sections, (_("说明"), _note_lines(update))]


def comparison_lines(table: pd.DataFrame, names: Mapping[str, str], few: int) -> list[str]:
    """A line a stage, the grade and the schools that were farthest off."""
    stages = table[table["level"] == "stage"]
    stages = stages.assign(order=stage_order(stages["stage"])).sort_values("order")
    lines = [_row_words(row, stage_names().get(row["stage"], row["stage"])) for row in stages.to_dict("records")]
    grades = table[(table["level"] == "grade") & (table["difference"].abs() >= _NOBODY)]
    if len(grades):
        worst = grades.iloc[int(grades["difference"].abs().argmax())]
        words = _row_words(dict(worst), _grade_words(str(worst["stage"]), int(worst["grade"])))
        lines.append(_("相差最多的年级：{words}").format(words=words))
    schools = table[(table["level"] == "school") & table["error"].notna()]
    if len(schools):
        lines.append(
            _("{count} 个学部平均误差 {mean}，中位数 {median}；相差最多的：").format(
                count=len(schools), mean=f"{schools['error'].mean():.1%}", median=f"{schools['error'].median():.1%}"
            )
        )
        order = schools["difference"].abs().sort_values(ascending=False, kind="stable").index
        lines += [
            f"- {_row_words(row, _section(names, row))}" for row in schools.loc[order].head(few).to_dict("records")
        ]
    return lines


def _row_words(row: Mapping[Hashable, object], name: str) -> str:
    """Forecast, actual, difference and error of a row, and whether the band held."""
    forecast, actual, difference, error = (
        float(str(row[column])) for column in ("forecast", "actual", "difference", "error")
    )
    words = _("{name}：预测 {forecast} 人，实际 {actual} 人（{difference}，误差 {error}）").format(
        name=name,
        forecast=f"{forecast:.0f}",
        actual=f"{actual:.0f}",
        difference=f"{round(difference):+d}",
        error=f"{error:.1%}" if math.isfinite(error) else "—",
    )
    low, high = float(str(row["low"])), float(str(row["high"]))
    if not math.isfinite(low):
        return words
    held = _("在 80% 区间 {low}—{high} 内") if low <= actual <= high else _("超出 80% 区间 {low}—{high}")
    return words + _("，") + held.format(low=f"{low:.0f}", high=f"{high:.0f}")


def _grade_words(stage: str, grade: int) -> str:
    return _("{stage}{grade}").format(stage=stage_names().get(stage, stage), grade=grade_label(grade))


def _section(names: Mapping[str, str], row: Mapping[Hashable, object]) -> str:
    site, _colon, stage = str(row["section_id"]).partition(":")
    return place_words(names, site, stage)


def place_words(names: Mapping[str, str], site: str, stage: str) -> str:
    """A school with its stage; the code of a school without a name."""
    return _("{name}（{stage}）").format(name=names.get(site, site), stage=stage_names().get(stage, stage))


def fact_lines(update: Update, few: int) -> list[str]:
    """What has happened, what is late, what is under way."""
    if not len(update.facts):
        return [_("没有到期的工程、已定事项和方案举措。")]
    told = {
        "done": _("{year}年{action} {place}：在校生表已证实"),
        "taken_as_done": _("{year}年{action} {place}：视为按期完成，请核对教室数"),
        "postponed": _("{year}年{action} {place}：在校生表未见，推迟到下一年"),
        "under_way": _("{year}年{action} {place}：已到开工时间，列为已立项"),
    }
    rows = update.facts.sort_values(["year", "state"], kind="stable").to_dict("records")
    lines = [
        told[str(row["state"])].format(
            year=row["year"],
            action=label(Action(row["action"])),
            place=place_words(update.names, str(row["site_id"]), str(row["stage"])),
        )
        for row in rows
    ]
    shown = 2 * few
    rest = [_("另有 {count} 项，见 update/facts.csv。").format(count=len(lines) - shown)] if len(lines) > shown else []
    return [*lines[:shown], *rest]


def decision_lines(decisions: pd.DataFrame, zones: pd.DataFrame, names: dict[str, str], few: int) -> list[str]:
    """How many decisions of the last plan hold; those that change, go or are added, with their years."""
    counts = decisions["state"].value_counts()
    count = {state: int(counts.get(state, 0)) for state in ("kept", "changed", "dropped", "added")}
    lines = [_("维持 {kept} 项，改变年份或规模 {changed} 项，不再需要 {dropped} 项，新增 {added} 项。").format(**count)]
    told = {
        "changed": _("改变：{action} {place}，原为 {before}，现为 {now}"),
        "dropped": _("不再需要：{action} {place}，原为 {before}"),
        "added": _("新增：{action} {place}，{now}"),
    }
    differing = decisions[decisions["state"] != "kept"].to_dict("records")
    lines += [
        "- "
        + told[str(row["state"])].format(
            action=label(Action(row["action"])),
            place=place_words(names, str(row["site_id"]), str(row["stage"])),
            before=when_words(float(row["year_before"]), float(row["classes_before"])),
            now=when_words(float(row["year_now"]), float(row["classes_now"])),
        )
        for row in differing[: 2 * few]
    ]
    if len(differing) > 2 * few:
        lines.append(_("另有 {count} 项，见 update/decisions.csv。").format(count=len(differing) - 2 * few))
    moved = zones[zones["children"] >= _NOBODY].groupby("stage")["children"].sum() if len(zones) else zones
    if len(moved):
        told_zones = _("、").join(
            _("{stage} {count} 人次").format(stage=stage_names().get(str(stage), stage), count=f"{children:.0f}")
            for stage, children in moved.items()
        )
        lines.append(_("招生范围与原方案不同的儿童（各期首年相加）：{counted}。").format(counted=told_zones))
    else:
        lines.append(_("招生范围与原方案相同。"))
    return lines


def _note_lines(update: Update) -> list[str]:
    lines = []
    if update.classes_worked_out:
        lines.append(_("没有给出班级表：各班随年级升班，人数按年级在校生折算，起始年级按标准班额编班。"))
    lines += [
        _("{year} 年出生人口由 {before} 人改为 {now} 人。").format(year=year, before=f"{was:.0f}", now=f"{now:.0f}")
        for year, (was, now) in sorted(update.revised_births.items())
    ]
    lines.append(_("人口表没有改动，仍从其年份逐年推算到新的基准年。"))
    lines.append(
        _("新的区域数据和情景在 {folder}，核对后用其中的 scenario.toml 再求解。").format(folder=update.folder.name)
    )
    return lines
