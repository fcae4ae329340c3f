"""Findings of the page: each with its sentence and the place that the map zooms to."""

from __future__ import annotations

from typing import Any

import pandas as pd

from simulator.outputs.findings import finding_sentence, finding_words, once_a_place, place_names
from simulator.outputs.geopackage.view import GisView
from simulator.terms import Network


def findings(view: GisView, sites: pd.Index, units: pd.Index, townships: list[str]) -> dict[str, list[Any]]:
    """The plan's findings, one a rule and place, the gravest first; none in the public edition.

    Returns
    -------
    dict
        Lists of equal length: effect, status, sentence, year; at: where it is, as (`site`, `unit` or `township`, its
        number), None for the whole district.
    """
    if not view.internal:
        return {name: [] for name in ("effect", "status", "sentence", "year", "at")}
    result = view.result
    words = finding_words(result.audit.of(Network.PLAN), place_names(result.supply, result.district.units))
    rows = once_a_place(words)
    where = _places(view, sites, units, townships)
    return {
        "effect": rows["effect"].astype(str).tolist(),
        "status": rows["status"].astype(str).tolist(),
        "sentence": [finding_sentence(row) for _number, row in rows.iterrows()],
        "year": rows["year"].astype(int).tolist(),
        "at": [
            where.get(str(place_id), where.get(str(place)))
            for place_id, place in zip(rows["place_id"], rows["place"], strict=True)
        ],
    }


def _places(view: GisView, sites: pd.Index, units: pd.Index, townships: list[str]) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {name: ["township", number] for number, name in enumerate(townships)}
    found |= {str(unit): ["unit", number] for number, unit in enumerate(units)}
    numbers = {site: number for number, site in enumerate(sites)}
    found |= {str(site): ["site", number] for site, number in numbers.items()}
    by_section = view.result.supply.sections["site_id"].map(numbers).dropna()
    return found | {str(section): ["site", int(site)] for section, site in by_section.items()}
