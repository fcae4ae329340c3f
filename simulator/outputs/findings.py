"""Findings of the audit in words: a finding carries a code and figures, here it gets its sentence."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pandas as pd

from simulator.capacity.supply import Supply
from simulator.language import translate as _
from simulator.rules import RULES
from simulator.rules.board import BOARD, RESOURCES
from simulator.rules.consolidation import STEPS, VETOES
from simulator.terms import Effect, FindingStatus, Network, Stage, band_of, label

_BAND = re.compile(rf"({'|'.join(Stage)})(_-?\d+_-?\d+)?")


def place_names(supply: Supply, units: pd.DataFrame) -> dict[str, str]:
    """Id of a site or unit → its name."""
    return {
        str(place): str(name)
        for names in (supply.sites["name"], units.set_index("unit_id")["name"])
        for place, name in names.items()
    }


def finding_words(findings: pd.DataFrame, names: Mapping[str, str]) -> pd.DataFrame:
    """The findings with words for their codes, the gravest first.

    Parameters
    ----------
    findings
        Of an audit.
    names
        As :func:`place_names`, for the places that a detail names.

    Returns
    -------
    DataFrame
        The columns of the findings and rule_title, source, network_name, effect_name, status_name, detail_name.
    """
    found = findings.assign(
        rule_title=[rule_title(rule) for rule in findings["rule"]],
        source=[_rule_source(rule) for rule in findings["rule"]],
        network_name=[label(Network(network)) for network in findings["network"]],
        effect_name=[label(Effect(effect)) for effect in findings["effect"]],
        status_name=[label(FindingStatus(status)) for status in findings["status"]],
        detail_name=[detail_words(str(detail), names) for detail in findings["detail"]],
    )
    ranks = {
        column: {value: place for place, value in enumerate(kind)}
        for column, kind in (("network", Network), ("status", FindingStatus), ("effect", Effect))
    }
    order = ["network", "status", "effect", "year", "rule", "place_id"]
    return found.sort_values(
        order, key=lambda cells: cells.map(ranks[str(cells.name)]) if cells.name in ranks else cells, kind="stable"
    ).reset_index(drop=True)


def once_a_place(findings: pd.DataFrame) -> pd.DataFrame:
    """The first finding of each rule and place, with `years`: in how many years it stands."""
    keys = ["rule", "place_id", "detail"]
    years = findings.groupby(keys)["year"].transform("nunique")
    return findings.assign(years=years).drop_duplicates(keys)


def finding_sentence(row: pd.Series) -> str:
    """One finding as a sentence a planner can act on: rule, place, year (and how many more), figure, norm."""
    sentence = _("{rule}：{place}，{year}年为 {figure}{unit}，标准 {norm}{unit}").format(**_finding_parts(row))
    years = int(row.get("years", 1))
    return sentence if years == 1 else _("{sentence}，共 {years} 年").format(sentence=sentence, years=years)


def _finding_parts(row: pd.Series) -> dict[str, object]:
    """The words of a finding's sentence; children are whole, shares are percent."""
    detail = str(row["detail_name"])
    figure, norm, unit = float(row["figure"]), float(row["norm"]), str(row["unit"])
    if unit == _("比例"):
        figure, norm, unit = figure * 100, norm * 100, "%"
    if unit.startswith(_("人")):
        figure, norm = (round(value) if value == value else value for value in (figure, norm))
    return {
        "rule": rule_title(str(row["rule"])),
        "place": str(row["place"]) + (_("（{detail}）").format(detail=detail) if detail else ""),
        "year": row["year"],
        "figure": number(figure),
        "norm": number(norm),
        "unit": unit,
    }


def detail_words(detail: str, names: Mapping[str, str]) -> str:
    """The codes and ids of a finding's detail in words; what is neither stays as it is.

    >>> names = {"P01": "白沙学校", "U7": "白沙村"}
    >>> detail_words("primary_1_3 P01:primary", names), detail_words("P01:primary U7", names)
    ('小学1—3年级 白沙学校', '白沙学校小学 白沙村')
    >>> detail_words("yellow", names)
    '黄色预警'
    """
    parts = detail.split(" ")
    banded = any(re.fullmatch(_BAND, part) for part in parts)
    return " ".join(_detail_word(part, names, banded=banded) for part in parts)


def _detail_word(word: str, names: Mapping[str, str], *, banded: bool) -> str:
    """One code in words; a school leaves its stage out where a band beside it or its own name says it."""
    words = {
        "red": _("红色预警"),
        "yellow": _("黄色预警"),
        "surplus": _("学位富余"),
        "deep_surplus": _("学位严重富余"),
        "small": _("规模偏小"),
        "tiny": _("规模过小"),
        "small_classes": _("班额偏小"),
        "teaching": _("教学用房"),
        "sports": _("体育场地"),
        "music": _("音乐教室"),
        "art": _("美术教室"),
        "funds": _("公用经费"),
        "staff": _("人员经费"),
        **{code: _(title) for code, title in STEPS.items()},
        **{veto.veto_id: _(veto.title) for veto in VETOES.values()},
        **{resource.item_id: _(resource.title) for resource in RESOURCES},
        **{item.item_id: _(item.title) for item in BOARD.values()},
    }
    site, colon, stage = word.rpartition(":")
    if colon and stage in set(Stage):
        name, stage_name = names.get(site, site), label(Stage(stage))
        return name if banded or stage_name in name else name + stage_name
    if re.fullmatch(_BAND, word):
        return band_of(word).title
    return words.get(word, names.get(word, word))


def rules_failing(findings: pd.DataFrame) -> list[pd.DataFrame]:
    """The findings rule by rule: rigid rules first, then those with most findings; the gravest first within a rule."""
    order = {effect.value: place for place, effect in enumerate(Effect)}
    excess = (findings["figure"] - findings["norm"]).abs() / findings["norm"].abs().clip(lower=1.0)
    rows = findings.assign(order=findings["effect"].map(order), excess=excess.fillna(0.0))
    rules = [
        own.sort_values(["excess", "year"], ascending=[False, True], kind="stable")
        for _key, own in rows.groupby(["order", "rule"], sort=True)
    ]
    return sorted(rules, key=lambda own: (int(own["order"].iloc[0]), -len(own)))


def rule_sentence(rows: pd.DataFrame) -> str:
    """All findings of one rule as a sentence: how many in how many places, and the gravest (the first row)."""
    gravest = rows.iloc[0]
    if len(rows) == 1:
        return finding_sentence(gravest)
    return _("{rule}：{places} 处 {count} 条，最重 {place} {year}年 {figure}{unit}（标准 {norm}{unit}）").format(
        count=len(rows), places=rows["place_id"].nunique(), **_finding_parts(gravest)
    )


def number(value: float) -> str:
    """A figure without needless digits.

    >>> number(45.0), number(0.0834), number(41.23)
    ('45', '0.083', '41.2')
    """
    if value != value:
        return "—"
    if float(value).is_integer() and abs(value) < 1e12:
        return f"{value:.0f}"
    return f"{value:.3f}" if abs(value) < 1 else f"{value:.1f}"


def rule_title(rule: str) -> str:
    """What a planner calls a rule."""
    return _(RULES[rule].title) if rule in RULES else rule


def _rule_source(rule: str) -> str:
    return RULES[rule].source if rule in RULES else ""
