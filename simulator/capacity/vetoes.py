"""Vetoes that the bureau has entered against closing a school: the school stays open."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pandas as pd

from simulator.capacity.supply import Supply
from simulator.errors import Problem
from simulator.language import translate as _
from simulator.rules.consolidation import VETOES
from simulator.scenario import Scenario
from simulator.standards import Standards

VETO_COLUMNS = ("school_id", "stage", "veto", "kind", "date", "asked", "in_favor", "against")
_COUNTED = ("hearing", "survey")
_MAJORITY = "consolidation.majority"
_RULE = "closure_vetoed"


def entered_vetoes(opinions: pd.DataFrame, standards: Standards) -> pd.DataFrame:
    """Vetoes that table `opinions` holds, each with the opinion that it rests on.

    Of each way of asking (hearing, survey …) the latest on a school and stage counts. A majority is against where the
    bureau says so, or where more than `consolidation.majority` of those asked in a hearing or a survey are (国办发
    〔2012〕48号: 多数学生家长反对或听证会多数代表反对).

    Parameters
    ----------
    opinions
        As its contract.
    standards
        `consolidation.majority`.

    Returns
    -------
    pandas.DataFrame
        school_id, stage (empty = the whole campus), veto, kind, date, asked, in_favor, against (NaN = unknown).
    """
    if opinions.empty or not set(VETO_COLUMNS) - {"veto"} <= set(opinions.columns):
        return pd.DataFrame(columns=VETO_COLUMNS)
    latest = opinions.sort_values("date", kind="stable").drop_duplicates(["school_id", "stage", "kind"], keep="last")
    asked = latest["asked"].fillna(latest["in_favor"].fillna(0) + latest["against"].fillna(0))
    counted = latest["kind"].isin(_COUNTED) & (latest["against"] > standards.value(_MAJORITY) * asked)
    rows = latest.assign(
        asked=asked.where(asked > 0),
        majority_against=latest["majority_against"].mask(latest["majority_against"].eq("") & counted, "yes"),
    )
    found = [rows[rows[veto.column] == veto.value].assign(veto=veto.veto_id) for veto in VETOES.values()]
    return (
        pd.concat(found)[list(VETO_COLUMNS)].sort_values(["school_id", "stage"], kind="stable").reset_index(drop=True)
    )


def vetoed_sections(supply: Supply, vetoes: pd.DataFrame) -> dict[str, tuple[str, ...]]:
    """Section that runs today → codes of the vetoes against closing it, in the order of the document."""
    sections = supply.sections[supply.sections["existing"].astype(bool)]
    said: dict[tuple[str, str], set[str]] = {}
    for site, stage, veto in vetoes[["school_id", "stage", "veto"]].itertuples(index=False):
        said.setdefault((site, stage), set()).add(veto)
    found: dict[str, tuple[str, ...]] = {}
    for section, site, stage in zip(sections.index, sections["site_id"], sections["stage"], strict=True):
        codes = said.get((site, ""), set()) | said.get((site, stage), set())
        if codes:
            found[str(section)] = tuple(veto for veto in VETOES if veto in codes)
    return found


def keep_vetoed(supply: Supply, opinions: pd.DataFrame, scenario: Scenario, standards: Standards) -> Supply:
    """The same supply, where a school with a veto stays open, as 应留必留 does.

    Parameters
    ----------
    supply
        Sections and sites.
    opinions, standards
        As :func:`entered_vetoes` takes them.
    scenario
        The rule `closure_vetoed` may be off: then nothing changes.
    """
    if _RULE in scenario.rules.off:
        return supply
    vetoed = vetoed_sections(supply, entered_vetoes(opinions, standards))
    if not vetoed:
        return supply
    sections, sites = supply.sections, supply.sites
    held = pd.Series(sections.index.isin(list(vetoed)), index=sections.index)
    sentence = _("{count} 个学部的撤并有否决意见（意见表），按保留处理").format(count=int(held.sum()))
    return replace(
        supply,
        sections=sections.assign(protected=sections["protected"] | held, can_close=sections["can_close"] & ~held),
        sites=sites.assign(protected=sites["protected"] | sites.index.isin(set(sections.loc[held, "site_id"]))),
        assumptions=(*supply.assumptions, sentence),
    )


def close_where_asked(supply: Supply, scenario: Scenario) -> Supply:
    """The same supply, where only sections in the kinds of area that the scenario names may be proposed for closing."""
    named = {stage.value: set(kinds) for stage, kinds in scenario.consolidation.close_in.items()}
    if not named:
        return supply
    sections = supply.sections
    home = sections["site_id"].map(supply.sites["area_kind"])
    there = np.array(
        [stage not in named or kind in named[stage] for stage, kind in zip(sections["stage"], home, strict=True)],
        dtype=bool,
    )
    return replace(supply, sections=sections.assign(can_close=sections["can_close"] & there))


def vetoed_closures(
    scenario: Scenario, supply: Supply, opinions: pd.DataFrame, standards: Standards
) -> Iterator[Problem]:
    """Closures that the planner or a committed work asks for, though a veto is entered against them."""
    if _RULE in scenario.rules.off:
        return
    vetoed = vetoed_sections(supply, entered_vetoes(opinions, standards))
    asked = [
        (f"decisions[{number}]", decision.place, decision.stage)
        for number, decision in enumerate(scenario.decisions, start=1)
        if decision.decision == "close"
    ]
    works = supply.committed[supply.committed["kind"] == "consolidation"]
    asked += [("projects", site, stage) for site, stage in zip(works["site_id"], works["stage"], strict=True)]
    for where, place, stage in asked:
        for section, codes in vetoed.items():
            site, _colon, own = section.rpartition(":")
            if site == place and stage in (None, own):
                what = _("{school} 有否决意见（{reasons}），不得强行撤并").format(
                    school=section, reasons=_("；").join(_title(code) for code in codes)
                )
                yield Problem(where, what, _("去掉这项撤并，或在“意见”表中补记新的听证、问卷结果"))


def _title(code: str) -> str:
    title = VETOES[code].title
    return _(title)
