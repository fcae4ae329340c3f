"""集团化办学: weak schools around strong ones, groups alike in size and teachers, and what pooling does to the indicators."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from simulator.indicators.board.variation import coefficient
from simulator.indicators.staffing_figures import EFFECT_COLUMNS, GROUP_COLUMNS
from simulator.inputs.district import District
from simulator.language import translate as _
from simulator.model.groups_choice import Choice, choose_groups
from simulator.model.teachers_arcs import IntArray
from simulator.model.teachers_build import CARRIERS, Ground
from simulator.rules.board import RESOURCES
from simulator.terms import COMPULSORY, GroupKind

_ITEMS = {resource.carrier: resource for resource in RESOURCES}
# An indicator far above its norm does not make up for one below it.
_MOST = 1.5
LEAD, MEMBER = "lead", "member"


def form_groups(district: District, ground: Ground) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The groups that exist, the groups proposed beside them, and what they do to the teacher indicators.

    Parameters
    ----------
    district
        Tables `schools` and `groups`.
    ground
        Sections, teachers, journeys, and the need of the plan: schools that close are not grouped.

    Returns
    -------
    tuple
        `Staff.groups` and `Staff.effect`.
    """
    parts = _parts(district, ground)
    schools = _schools(parts, ground)
    rows = list(_given(district, schools))
    settings = ground.scenario.groups
    if settings.propose:
        free = schools[~schools.index.isin([row["school_id"] for row in rows]) & schools["ours"]]
        for county, own in free.groupby("county", sort=True):
            rows += _proposed(own, schools[schools["county"] == county], str(county), ground)
    groups = _placed(pd.DataFrame(rows, columns=GROUP_COLUMNS), schools, ground)
    return groups, pd.DataFrame(list(_effects(groups, parts, ground)), columns=EFFECT_COLUMNS)


def _parts(district: District, ground: Ground) -> pd.DataFrame:
    """Compulsory sections with known teachers that still teach in the target year; points count with their main school."""
    sections, horizon = ground.supply.sections, ground.scenario.horizon
    rows = sections[sections["public"].astype(bool) & sections["stage"].isin(COMPULSORY)]
    now, later = (
        ground.need[ground.need["year"] == year].set_index("section_id")["pupils"]
        for year in (horizon.base_year, horizon.target_year)
    )
    rows = rows[rows.index.isin(later.index) & rows.index.isin(now.index)]
    held = ground.stock.sections[[*CARRIERS]].reindex(rows.index)
    rows = rows.join(held).join(now.rename("children"))
    rows = rows[held.notna().all(axis=1)]
    schools = district.schools.set_index("school_id")
    parent = rows["site_id"].map(schools["parent"].fillna("")) if "parent" in schools else pd.Series("", rows.index)
    school = rows["site_id"].where(~parent.isin(rows["site_id"]), parent)
    return rows.assign(school_id=school, county=rows["site_id"].map(ground.counties).fillna(""))


def _schools(parts: pd.DataFrame, ground: Ground) -> pd.DataFrame:
    """Index school_id: county, stages, pupils, ours, index, and one `ratio_…` (value ÷ norm) a carrier."""
    needs = {}
    for carrier in CARRIERS:
        resource = _ITEMS[carrier]
        norm = {stage.value: ground.standards.value(f"{resource.norm}.{stage}") / resource.per for stage in COMPULSORY}
        needs[f"asked_{carrier}"] = parts["children"] * parts["stage"].map(norm)
    order = [stage.value for stage in COMPULSORY]
    table = parts.assign(**needs).groupby("school_id")
    sums = table[["children", *CARRIERS, *needs]].sum()
    ratios = {f"ratio_{name}": sums[name] / sums[f"asked_{name}"].where(sums[f"asked_{name}"] > 0) for name in CARRIERS}
    found = sums[["children"]].rename(columns={"children": "pupils"}).assign(**ratios).dropna()
    found["index"] = found[[*ratios]].clip(upper=_MOST).mean(axis=1)
    found["county"] = table["county"].first()
    found["ours"] = table["decided_here"].all()
    found["stages"] = table["stage"].agg(lambda stages: "；".join(sorted(set(stages), key=order.index)))
    return found


def _given(district: District, schools: pd.DataFrame) -> Iterator[dict[str, Any]]:
    """Rows of the groups that exist."""
    table = district.groups
    for row in table.to_dict("records"):
        school = str(row["school_id"])
        yield {
            "county": schools["county"].get(school, ""),
            "group_id": str(row["group_id"]),
            "name": str(row["name"] or ""),
            "kind": str(row.get("kind") or GroupKind.GROUP.value),
            "school_id": school,
            "role": str(row["role"] or MEMBER),
            "given": True,
        }


def _proposed(free: pd.DataFrame, everybody: pd.DataFrame, county: str, ground: Ground) -> list[dict[str, Any]]:
    """Rows of new groups of a county; weak schools without a lead in reach have no group."""
    settings = ground.scenario.groups
    order = everybody.sort_values("index", kind="stable")
    lowest, highest = (int(len(order) * share) for share in (settings.weak_share, settings.lead_share))
    # A school of a few children has many teachers a child; it cannot carry a group.
    large = order.index[order["pupils"] >= order["pupils"].median()]
    weak = free.loc[free.index.isin(order.index[:lowest])]
    leads = free.loc[free.index.isin(large[max(len(large) - highest, 0) :]) & ~free.index.isin(weak.index)]
    if weak.empty or leads.empty:
        return []
    ratios = [f"ratio_{name}" for name in CARRIERS]
    minutes = ground.minutes.loc[weak.index, leads.index].to_numpy(float)
    shared = [[bool(set(a.split("；")) & set(b.split("；"))) for b in leads["stages"]] for a in weak["stages"]]
    lead_of = choose_groups(
        Choice(
            minutes=np.where((minutes <= settings.longest_minutes) & np.array(shared), minutes, np.inf),
            weak_pupils=weak["pupils"].to_numpy(float),
            lead_pupils=leads["pupils"].to_numpy(float),
            weak_ratios=weak[ratios].to_numpy(float),
            lead_ratios=leads[ratios].to_numpy(float),
            number=settings.number or -(-len(weak) // (settings.members - 1)),
            most=settings.most_members,
            gap=settings.gap,
        )
    )
    return _formed(lead_of, [str(one) for one in weak.index], [str(one) for one in leads.index], county, ground)


def _formed(lead_of: IntArray, weak: list[str], leads: list[str], county: str, ground: Ground) -> list[dict[str, Any]]:
    """Rows of the groups of a county, and of the weak schools that have none."""
    names = ground.supply.sites["name"]
    rows: list[dict[str, Any]] = []
    for number, lead in enumerate(sorted({int(lead) for lead in lead_of if lead >= 0}), start=1):
        name = _("{lead}教育集团").format(lead=names.get(leads[lead], leads[lead]))
        group = {"county": county, "group_id": f"{county}N{number:02d}", "name": name, "kind": GroupKind.GROUP.value}
        members = [weak[place] for place in np.flatnonzero(lead_of == lead).tolist()]
        rows.append({**group, "school_id": leads[lead], "role": LEAD, "given": False})
        rows += [{**group, "school_id": school, "role": MEMBER, "given": False} for school in members]
    alone = {"county": county, "group_id": "", "name": _("核心校都太远"), "kind": "", "role": MEMBER, "given": False}
    return rows + [{**alone, "school_id": weak[place]} for place in np.flatnonzero(lead_of < 0).tolist()]


def _placed(groups: pd.DataFrame, schools: pd.DataFrame, ground: Ground) -> pd.DataFrame:
    """Groups with pupils, index, place of school and lead, and the way between them."""
    sites = ground.supply.sites
    leads = groups[groups["role"] == LEAD].drop_duplicates("group_id").set_index("group_id")["school_id"]
    lead = groups["group_id"].map(leads)
    known = ground.minutes.index
    place, head = known.get_indexer(pd.Index(groups["school_id"])), known.get_indexer(pd.Index(lead))
    minutes = np.where((place >= 0) & (head >= 0), ground.minutes.to_numpy(float)[place, head], np.nan)
    return groups.assign(
        stages=groups["school_id"].map(schools["stages"]).fillna(""),
        pupils=groups["school_id"].map(schools["pupils"]),
        index=groups["school_id"].map(schools["index"]).round(3),
        minutes=np.round(minutes, 1),
        x=groups["school_id"].map(sites["x"]),
        y=groups["school_id"].map(sites["y"]),
        lead_x=lead.map(sites["x"]),
        lead_y=lead.map(sites["y"]),
    )[GROUP_COLUMNS]


def _effects(groups: pd.DataFrame, parts: pd.DataFrame, ground: Ground) -> Iterator[dict[str, Any]]:
    """Each teacher indicator of a stage, school by school, and with the teachers of a group counted over its pupils."""
    grouped = groups[groups["group_id"] != ""].drop_duplicates("school_id").set_index("school_id")["group_id"]
    for (county, stage), rows in parts.groupby(["county", "stage"], sort=True):
        own = rows.groupby("school_id")[["children", *CARRIERS]].sum()
        of = grouped.reindex(own.index)
        pooled = own.groupby(of.fillna(pd.Series(own.index, index=own.index))).transform("sum")
        for carrier in CARRIERS:
            resource = _ITEMS[carrier]
            pupils = own["children"].to_numpy(float)
            before = (own[carrier] * resource.per / own["children"]).to_numpy(float)
            after = (pooled[carrier] * resource.per / pooled["children"]).to_numpy(float)
            figure, mean = coefficient(before, pupils)
            yield {
                "county": county,
                "stage": stage,
                "item": resource.item_id,
                "schools": len(own),
                "groups": int(of.nunique()),
                "mean": mean,
                "lowest_before": float(before.min()),
                "lowest_after": float(after.min()),
                "coefficient_before": figure,
                "coefficient_after": coefficient(after, pupils)[0],
                "limit": ground.standards.value(f"balance.variation.{stage}"),
            }
