"""撤并: every closure of a plan examined for the four vetoes, children's journeys, the procedure, the programme."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from simulator.capacity.access import Access
from simulator.capacity.supply import Supply
from simulator.capacity.vetoes import entered_vetoes, vetoed_sections
from simulator.operation import Operation, class_sizes
from simulator.plan import Plan
from simulator.rules.consolidation import RURAL_STEPS, STEPS
from simulator.scenario.settings import Scenario
from simulator.standards import Standards
from simulator.terms import AreaKind, Stage, Way, band_of

JOURNEY_COLUMNS = (
    *("section_id", "year", "unit_id", "band", "to_section", "way", "children"),
    *("minutes_before", "minutes_after", "limit"),
)
CLOSURE_COLUMNS = (
    *("section_id", "year", "children", "follow", "settled", "boarders", "bus_seats"),
    *("minutes_before", "minutes_after", "longest_after", "over_limit"),
    *("beds_short", "meals_short", "receiver", "receiver_pupils", "receiver_most", "receiver_class"),
    *("vetoes", "steps_done", "steps_missing"),
)
_COMPULSORY = {Stage.PRIMARY.value, Stage.JUNIOR.value}
# Less than half a child is the rounding of shares.
_SOMEBODY = 0.5
_MINUTE = 1e-6


@dataclass(frozen=True)
class ClosingEvidence:
    """What closures are examined from.

    Parameters
    ----------
    plan, operation, no_action_operation
        The plan, its years, and the years of the present network.
    supply, access, standards, scenario
        Sections and sites, journeys and limits, norms, settings.
    units
        unit_id, area_kind.
    opinions, procedure
        The district's tables.
    """

    plan: Plan
    operation: Operation
    no_action_operation: Operation
    supply: Supply
    access: Access
    standards: Standards
    scenario: Scenario
    units: pd.DataFrame
    opinions: pd.DataFrame
    procedure: pd.DataFrame


@dataclass(frozen=True)
class Closures:
    """The closures of a plan.

    Parameters
    ----------
    closures
        `CLOSURE_COLUMNS`, one row a closed public section: children who would be there in its year without closing, those who follow
        and those settled in a town, boarders and bus seats of them; minutes one way of day pupils (means, and the longest);
        children beyond the limit who were not so far before; beds and meals that the receivers lack; of the receiver that is
        fullest, pupils, most pupils and largest class; codes of vetoes that the plan itself would meet; steps recorded and missing.
    journeys
        `JOURNEY_COLUMNS`: the same by unit.
    kept
        section_id, reasons (codes): sections that stay because a veto is entered, because they are entered as 应留必留, or because no
        other school is near.
    programme
        year, closures, most (NaN = no quota): closures by year against the quota; year 0 is the whole plan.
    """

    closures: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=CLOSURE_COLUMNS))
    journeys: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=JOURNEY_COLUMNS))
    kept: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=["section_id", "reasons"]))
    programme: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=["year", "closures", "most"]))


NO_CLOSURES = Closures()
"""Where nothing closes and nothing is known."""


def examine_closures(given: ClosingEvidence) -> Closures:
    """Examine every closure of a plan, from its tables alone.

    A veto is met where a child's way gets longer than the limit, where boarders exceed the beds or pupils the canteen of
    a receiving school, or where that becomes larger than a school may be or has an oversized class that it would not
    have without the closure (国办发〔2012〕48号).
    """
    gone = closed_sections(given)
    journeys = [_journeys(given, section, year) for section, year in gone]
    rows = [_closure(given, section, year, own) for (section, year), own in zip(gone, journeys, strict=True)]
    filled = [own for own in journeys if len(own)]
    return Closures(
        closures=pd.DataFrame(rows, columns=CLOSURE_COLUMNS),
        journeys=pd.concat(filled, ignore_index=True) if filled else pd.DataFrame(columns=JOURNEY_COLUMNS),
        kept=_kept(given),
        programme=_programme(given, gone),
    )


def closed_sections(given: ClosingEvidence) -> list[tuple[str, int]]:
    """(section, year) of every public section of today that does not run in some phase, in the order of the years.

    A private school that leaves (民办退出) is its owner's decision: no 撤并 of the bureau, without its vetoes, steps and quota.
    """
    sections = given.supply.sections
    today = set(sections.index[sections["existing"].astype(bool) & sections["public"].astype(bool)])
    rows = given.plan.sections.merge(given.plan.phases[["phase", "first_year"]], on="phase")
    rows = rows[(rows["phase"] > 0) & ~rows["open"].astype(bool) & rows["section_id"].isin(today)]
    first = rows.groupby("section_id")["first_year"].min()
    return sorted(((str(section), int(year)) for section, year in first.items()), key=lambda pair: (pair[1], pair[0]))


def _journeys(given: ClosingEvidence, section: str, year: int) -> pd.DataFrame:
    """Children of the section by unit, band and the section that they go to instead, with the limit of their way."""
    moved = children_of_closed(given.no_action_operation, given.operation, section, year)
    kinds = dict(zip(given.units["unit_id"], given.units["area_kind"].astype(str), strict=True))
    limits = [
        min(given.access.limit_of(band_of(str(band)), kinds[str(unit)], effect) for effect in ("hard", "advisory"))
        for unit, band in zip(moved["unit_id"], moved["band"], strict=True)
    ]
    return moved.assign(limit=np.array(limits, dtype=float))


def children_of_closed(without: Operation, planned: Operation, section: str, year: int) -> pd.DataFrame:
    """Children of a closed section and the section that they go to instead: one that has more of them than without action.

    Where a unit goes to several schools, who sits at another one anyway is no child of the closed one.

    Returns
    -------
    DataFrame
        section_id, year, unit_id, band, to_section (empty = no school), way, children, minutes_before, minutes_after.
    """
    pupils = without.pupils[(without.pupils["year"] == year) & (without.pupils["children"] > 0)]
    before = pupils[pupils["section_id"] == section]
    key = ["unit_id", "band"]
    after = planned.pupils
    after = after[(after["year"] == year) & after["unit_id"].isin(before["unit_id"]) & (after["children"] > 0)]
    anyway = pupils.set_index([*key, "section_id"])["children"].groupby(level=[0, 1, 2]).sum()
    here = pd.MultiIndex.from_frame(after[[*key, "section_id"]])
    stay = np.where(after["way"] == Way.SETTLED, 0.0, anyway.reindex(here).fillna(0.0))
    gained = after["children"] - stay
    after = after.assign(children=gained)[gained > _MINUTE]
    totals = after.groupby(key)["children"].sum().rename("total")
    pairs = before.merge(after, on=key, suffixes=("_before", "_after")).join(totals, on=key)
    return pd.DataFrame(
        {
            "section_id": section,
            "year": year,
            "unit_id": pairs["unit_id"],
            "band": pairs["band"],
            "to_section": pairs["section_id_after"],
            "way": pairs["way_after"],
            "children": pairs["children_before"] * pairs["children_after"] / pairs["total"],
            "minutes_before": pairs["minutes_before"].astype(float),
            "minutes_after": pairs["minutes_after"].astype(float),
        }
    )


def beyond_limit(journeys: pd.DataFrame, given: ClosingEvidence) -> pd.Series:
    """Whether the way of day pupils gets longer than the limit, and than it was; who can board on the campus may."""
    site = journeys["to_section"].str.rsplit(":", n=1).str[0]
    beds = site.map(given.supply.sites["beds"]).fillna(0) > 0
    last = given.standards.value("travel.young_last_grade")
    older = journeys["band"].map({band: band_of(str(band)).grade_from > last for band in journeys["band"].unique()})
    daily = journeys["way"].isin([Way.OWN.value, Way.SCHOOL_BUS.value]) & (journeys["to_section"] != "")
    most = journeys[["limit", "minutes_before"]].max(axis=1) + _MINUTE
    return daily & (journeys["children"] >= _MINUTE) & (journeys["minutes_after"] > most) & ~(older.astype(bool) & beds)


def _closure(given: ClosingEvidence, section: str, year: int, journeys: pd.DataFrame) -> dict[str, object]:
    children = journeys["children"]
    settled = journeys["way"] == Way.SETTLED
    placed = (journeys["to_section"] != "") & ~settled
    day = placed & (journeys["way"] != Way.BOARDS) & np.isfinite(journeys["minutes_after"])
    far = beyond_limit(journeys, given) if len(journeys) else pd.Series(dtype=bool)
    receivers = tuple(dict.fromkeys(journeys.loc[placed & (children > _SOMEBODY / 10), "to_section"]))
    received = [_receiver(given, receiver, year) for receiver in receivers]
    fullest = max(received, key=lambda one: (one["oversized"], one["pupils"]), default={})
    over = float(children[far].sum()) if len(journeys) else 0.0
    beds, meals = (sum(float(one[name]) for one in received) for name in ("beds_short", "meals_short"))
    met = {
        "travel": over >= _SOMEBODY,
        "lodging": beds >= _SOMEBODY,
        "meals": meals >= _SOMEBODY,
        "oversized": any(one["oversized"] for one in received),
    }
    done, missing = steps_of(given, section)
    return {
        "section_id": section,
        "year": year,
        "children": float(children.sum()),
        "follow": float(children[placed].sum()),
        "settled": float(children[settled].sum()),
        "boarders": float(children[journeys["way"] == Way.BOARDS].sum()),
        "bus_seats": float(children[journeys["way"] == Way.SCHOOL_BUS].sum()),
        "minutes_before": _mean(journeys["minutes_before"], children),
        "minutes_after": _mean(journeys["minutes_after"][day], children[day]),
        "longest_after": float(journeys["minutes_after"][day].max()) if day.any() else np.nan,
        "over_limit": over,
        "beds_short": beds,
        "meals_short": meals,
        "receiver": fullest.get("section_id", ""),
        "receiver_pupils": fullest.get("pupils", np.nan),
        "receiver_most": fullest.get("most", np.nan),
        "receiver_class": fullest.get("largest", np.nan),
        "vetoes": " ".join(code for code, is_met in met.items() if is_met),
        "steps_done": " ".join(done),
        "steps_missing": " ".join(missing),
    }


def _mean(minutes: pd.Series, children: pd.Series) -> float:
    known = np.isfinite(minutes) & (children > 0)
    total = float(children[known].sum())
    return float((minutes[known] * children[known]).sum() / total) if total > 0 else np.nan


def _receiver(given: ClosingEvidence, section: str, year: int) -> dict[str, float | str | bool]:
    """Pupils, largest class, beds and meals of a receiving school with its campus, and whether the plan makes it oversized."""
    site = section.rsplit(":", 1)[0]
    own = given.supply.sites.loc[[site], ["beds", "canteen_seats"]].astype(float)
    beds, seats = (float(value) for value in own.to_numpy()[0])
    now, before = (_campus(run, site, year) for run in (given.operation, given.no_action_operation))
    boards = given.operation.pupils[given.operation.pupils["year"] == year]
    boards = boards[boards["way"] == Way.BOARDS]
    boarders = float(boards.loc[boards["section_id"].str.startswith(f"{site}:"), "children"].sum())
    plates = seats * given.standards.value("consolidation.sittings")
    stages = given.supply.sections.loc[given.supply.sections["site_id"] == site, "stage"]
    both = set(stages) >= _COMPULSORY
    most = given.standards.value("school_size.nine_year" if both else "school_size.compulsory")
    line = given.standards.value("oversized.line")
    return {
        "section_id": section,
        "pupils": now["pupils"],
        "largest": now["largest"],
        "most": most,
        "beds_short": max(boarders - beds, 0.0),
        "meals_short": max(now["all"] - plates, 0.0) if now["all"] > before["all"] and np.isfinite(plates) else 0.0,
        "oversized": (now["pupils"] > max(most, before["pupils"]))
        or (now["largest"] >= line and now["largest"] > before["largest"]),
    }


def _campus(run: Operation, site: str, year: int) -> Mapping[str, float]:
    """Compulsory pupils, all pupils and largest compulsory class of a campus in a year."""
    rows = run.classes[run.classes["year"] == year]
    rows = rows[rows["section_id"].str.startswith(f"{site}:")]
    own = rows[rows["section_id"].str.rsplit(":", n=1).str[1].isin(_COMPULSORY)]
    sizes = class_sizes(own)["size"]
    return {
        "pupils": float(own["pupils"].sum()),
        "all": float(rows["pupils"].sum()),
        "largest": float(sizes.max()) if len(sizes) else 0.0,
    }


def steps_of(given: ClosingEvidence, section: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Steps of the procedure recorded for a section, and those that are missing; filing is asked of rural schools."""
    site, _colon, stage = section.rpartition(":")
    rows = given.procedure
    if len(rows):
        rows = rows[(rows["school_id"] == site) & rows["stage"].isin(["", stage])]
    recorded = set(rows["step"]) if len(rows) else set()
    rural = given.supply.sites.loc[site, "area_kind"] != AreaKind.CITY
    asked = [step for step in STEPS if rural or step not in RURAL_STEPS]
    return tuple(step for step in STEPS if step in recorded), tuple(step for step in asked if step not in recorded)


def _kept(given: ClosingEvidence) -> pd.DataFrame:
    """Sections that stay, and why."""
    sections = given.supply.sections
    off = given.scenario.rules.off
    vetoed = (
        {}
        if "closure_vetoed" in off
        else vetoed_sections(given.supply, entered_vetoes(given.opinions, given.standards))
    )
    held = sections[sections["existing"].astype(bool) & sections["protected"].astype(bool)]
    rows = [(str(section), " ".join(vetoed.get(str(section), ("protected",)))) for section in held.index]
    return pd.DataFrame(rows, columns=["section_id", "reasons"])


def _programme(given: ClosingEvidence, gone: list[tuple[str, int]]) -> pd.DataFrame:
    """Closures by year of the plan against the quota, the whole plan last under year 0."""
    settings, years = given.scenario.consolidation, list(given.scenario.plan_years)
    rows = list(_by_year(given, gone, years))
    total = np.nan if settings.closures_total is None else float(settings.closures_total)
    return pd.DataFrame([*rows, (0, len(gone), total)], columns=["year", "closures", "most"])


def _by_year(given: ClosingEvidence, gone: list[tuple[str, int]], years: list[int]) -> Iterator[tuple[int, int, float]]:
    settings, usual = given.scenario.consolidation, given.scenario.timing.closures_per_year
    for year in years:
        yield year, sum(when == year for _section, when in gone), settings.closures_by_year.get(year, usual)
