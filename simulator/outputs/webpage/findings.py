"""Findings of the page: each with its sentence and the place that the map zooms to."""

from __future__ import annotations

from typing import Any

import pandas as pd

from simulator.outputs.findings import finding_sentence, finding_words, once_a_place, place_names, rule_title
from simulator.outputs.geopackage.view import GisView
from simulator.terms import Network


def findings(view: GisView, sites: pd.Index, units: pd.Index, townships: list[str]) -> list[dict[str, Any]]:
    """The plan's findings, one a rule and place, the gravest first; none in the public edition.

    Returns
    -------
    list of dict
        rule, effect, status, place, sentence, year, at: where it is, as (`site`, `unit` or `township`, its number);
        nothing for the whole district.
    """
    if not view.internal:
        return []
    result = view.result
    words = finding_words(result.audit.of(Network.PLAN), place_names(result.supply, result.district.units))
    where = _places(view, sites, units, townships)
    return [
        {
            "rule": rule_title(str(row["rule"])),
            "effect": row["effect"],
            "status": row["status"],
            "place": str(row["place"]),
            "sentence": finding_sentence(row),
            "year": int(row["year"]),
            "at": where.get(str(row["place_id"]), where.get(str(row["place"]))),
        }
        for _number, row in once_a_place(words).iterrows()
    ]


def _places(view: GisView, sites: pd.Index, units: pd.Index, townships: list[str]) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {name: ["township", number] for number, name in enumerate(townships)}
    found |= {str(unit): ["unit", number] for number, unit in enumerate(units)}
    numbers = {site: number for number, site in enumerate(sites)}
    found |= {str(site): ["site", number] for site, number in numbers.items()}
    by_section = view.result.supply.sections["site_id"].map(numbers).dropna()
    return found | {str(section): ["site", int(site)] for section, site in by_section.items()}
