"""Findings of the audit in words: a finding carries a code and figures, here it gets its sentence."""

from __future__ import annotations

import pandas as pd

from simulator.language import translate as _
from simulator.rules import RULES
from simulator.terms import Effect, FindingStatus, Network, label


def finding_words(findings: pd.DataFrame) -> pd.DataFrame:
    """The findings with words for their codes, the gravest first.

    Returns
    -------
    DataFrame
        The columns of the findings and rule_title, source, network_name, effect_name, status_name.
    """
    found = findings.assign(
        rule_title=[rule_title(rule) for rule in findings["rule"]],
        source=[_rule_source(rule) for rule in findings["rule"]],
        network_name=[label(Network(network)) for network in findings["network"]],
        effect_name=[label(Effect(effect)) for effect in findings["effect"]],
        status_name=[label(FindingStatus(status)) for status in findings["status"]],
    )
    ranks = {
        column: {value: place for place, value in enumerate(kind)}
        for column, kind in (("network", Network), ("status", FindingStatus), ("effect", Effect))
    }
    order = ["network", "status", "effect", "year", "rule", "place_id"]
    return found.sort_values(
        order, key=lambda cells: cells.map(ranks[str(cells.name)]) if cells.name in ranks else cells, kind="stable"
    ).reset_index(drop=True)


def finding_sentence(row: pd.Series) -> str:
    """One finding as a sentence a planner can act on: rule, place, year, figure, norm."""
    place = str(row["place"]) + (_("（{detail}）").format(detail=row["detail"]) if str(row["detail"]) else "")
    return _("{rule}：{place}，{year}年为 {figure}{unit}，标准 {norm}{unit}").format(
        rule=rule_title(str(row["rule"])),
        place=place,
        year=row["year"],
        figure=number(float(row["figure"])),
        norm=number(float(row["norm"])),
        unit=row["unit"],
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
