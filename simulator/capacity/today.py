"""Today's catchments: as the district lists them, else inferred from nearness and seats."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from simulator.capacity.access import Access, minutes_column
from simulator.capacity.places import FloatArray, IntArray, entered
from simulator.capacity.supply import Catchments, Supply
from simulator.inputs.district import District
from simulator.language import plural
from simulator.terms import AGE_OF_GRADE, STAGE_GRADES, WHOLE_UNIT_REGIMES, Band, Lodging, Regime, Serves

COLUMNS = ("unit_id", "band", "section_id", "share", "derived")
_NO_WAY = 1e6
"""Stands for minutes where there is no way, so that the nearest by straight line comes first."""


def present_catchments(district: District, supply: Supply, access: Access) -> Catchments:
    """Which school each unit is zoned to today, band by band.

    Units in the catchments table go where it says: among the listed sections that run a band, one that
    ends early (a teaching point) takes its grades from the others, and several that remain share the
    unit: under 多校划片 in proportion to their seats, else equally. Every other unit is zoned by :func:`nearest_with_seats` on its residents of the
    band's ages, scaled to the register; a unit whose lower grades sit in a section that also runs the
    upper band stays there. Such rows are `derived`.

    Only public, running sections under a whole-unit regime take part, and in the inference only day
    sections for all children. Sections of the stage without a catchment (private ones, a school for migrant
    children) take the same share of every unit, :func:`aside_shares`.
    """
    listed = _listed(district, supply)
    tables: list[pd.DataFrame] = []
    lower: dict[str, list[str]] = {}
    for band in supply.bands:
        members = _members(supply, band)
        if members.empty:
            continue
        if band.grade_from == STAGE_GRADES[band.stage][0]:
            lower = {}
        chosen = _from_table(listed, members, band)
        zoned = {unit: ids for unit, ids in lower.items() if unit not in chosen and set(ids) <= set(members.index)}
        derived = _infer(district, supply, access, band, chosen | zoned)
        everyone = chosen | zoned | derived
        tables.append(_rows(district, band, everyone, set(chosen), aside_shares(supply, band), _seats(members)))
        lower = everyone
    table = pd.concat(tables, ignore_index=True) if tables else pd.DataFrame(columns=list(COLUMNS))
    return Catchments(table=table, assumptions=_assumptions(table))


def nearest_with_seats(minutes: FloatArray, children: FloatArray, seats: FloatArray) -> IntArray:
    """Zone whole units to near sections with seats left.

    The unit with most to lose goes first: the one whose second choice with seats is farthest behind
    its first. A section takes a unit while it has seats for half of its children, so the last one may
    overfill it by half a unit. When no section has seats, the unit goes to the nearest.

    Parameters
    ----------
    minutes
        Journeys, finite, shape (units, sections).
    children
        Children of a unit, shape (units,).
    seats
        Seats of a section, shape (sections,).

    Returns
    -------
    ndarray
        Section of each unit, shape (units,).

    Examples
    --------
    Both units are nearer to the first section, which seats one of them; the second unit would lose more.

    >>> import numpy as np
    >>> minutes = np.array([[5.0, 6.0], [5.0, 30.0]])
    >>> nearest_with_seats(minutes, np.array([40.0, 40.0]), np.array([40.0, 40.0])).tolist()
    [1, 0]
    """
    left = seats.astype(np.float64).copy()
    chosen = np.full(len(children), -1, dtype=np.int64)
    first, regret = _offers(minutes, children, left)
    waiting = np.ones(len(children), dtype=np.bool_)
    while waiting.any():
        unit = int(np.where(waiting, regret, -np.inf).argmax())
        section = int(first[unit])
        waiting[unit] = False
        if section < 0:
            chosen[unit] = int(minutes[unit].argmin())
            continue
        chosen[unit] = section
        before = left[section]
        left[section] -= children[unit]
        turned_away = waiting & (before >= children / 2) & (left[section] < children / 2)
        if turned_away.any():
            first[turned_away], regret[turned_away] = _offers(minutes[turned_away], children[turned_away], left)
    return chosen


def _offers(minutes: FloatArray, children: FloatArray, left: FloatArray) -> tuple[IntArray, FloatArray]:
    """Nearest section with seats left (−1 = none) and the minutes lost without it."""
    offer = np.where(left[None, :] >= children[:, None] / 2, minutes, np.inf)
    first = np.where(np.isfinite(offer.min(axis=1)), offer.argmin(axis=1), -1)
    if offer.shape[1] == 1:
        return first, np.zeros(len(first))
    best, second = np.partition(offer, 1, axis=1)[:, :2].T
    lost = np.where(np.isfinite(second), second, _NO_WAY) - np.where(np.isfinite(best), best, _NO_WAY)
    return first, lost


def _members(supply: Supply, band: Band) -> pd.DataFrame:
    """Public sections that run the band today and to which units are zoned whole."""
    sections = supply.sections
    return sections[
        (sections["stage"] == band.stage)
        & (sections["grade_from"] <= band.grade_from)
        & (sections["grade_to"] >= band.grade_to)
        & sections["existing"]
        & sections["public"]
        & sections["regime"].isin(WHOLE_UNIT_REGIMES)
    ]


def aside_shares(supply: Supply, band: Band) -> dict[str, float]:
    """Sections without a catchment in a stage that has catchments → their share of the stage's register."""
    sections = supply.sections
    running = sections[(sections["stage"] == band.stage) & sections["existing"]]
    zoned = running["regime"].isin(WHOLE_UNIT_REGIMES)
    covering = (running["grade_from"] <= band.grade_from) & (running["grade_to"] >= band.grade_to)
    total = float(running["pupils"].sum())
    if not zoned.any() or total <= 0:
        return {}
    return {str(s): float(pupils) / total for s, pupils in running.loc[~zoned & covering, "pupils"].items()}


def _listed(district: District, supply: Supply) -> Mapping[tuple[str, str], list[str]]:
    """(unit, stage) → section ids of the catchments table, in its order."""
    if district.catchments.empty:
        return {}
    table = district.catchments
    ids = table["school_id"].astype(str) + ":" + table["stage"].astype(str)
    listed: dict[tuple[str, str], list[str]] = {}
    for unit, stage, section_id in zip(table["unit_id"], table["stage"], ids, strict=True):
        if section_id in supply.sections.index:
            listed.setdefault((str(unit), str(stage)), []).append(section_id)
    return listed


def _from_table(listed: Mapping[tuple[str, str], list[str]], members: pd.DataFrame, band: Band) -> dict[str, list[str]]:
    """Unit → sections that the table names for the band."""
    first, last = STAGE_GRADES[band.stage]
    whole = {
        str(section_id): bool(whole)
        for section_id, whole in ((members["grade_from"] <= first) & (members["grade_to"] >= last)).items()
    }
    chosen: dict[str, list[str]] = {}
    for (unit, stage), ids in listed.items():
        running = [section_id for section_id in ids if section_id in whole] if stage == band.stage else []
        partial = [section_id for section_id in running if not whole[section_id]]
        if running:
            chosen[unit] = partial or running
    return chosen


def _infer(
    district: District, supply: Supply, access: Access, band: Band, zoned: Mapping[str, list[str]]
) -> dict[str, list[str]]:
    """Unit → the section inferred for it, for every unit that is not zoned yet."""
    members = _open_to_all(district, _members(supply, band))
    units = district.units["unit_id"].to_numpy()
    waiting = ~np.isin(units, list(zoned))
    if members.empty or not waiting.any():
        return {}
    grades = (members["grade_to"] - members["grade_from"] + 1).to_numpy(np.float64)
    part = len(band.grades) / grades
    pupils = members["pupils"].to_numpy(np.float64) * part
    standard = members["seats_fixed"].fillna(members["classes"] * members["class_size"]).to_numpy(np.float64)
    children = _residents(district, band)
    children *= pupils.sum() / children.sum() if children.sum() > 0 and pupils.sum() > 0 else 1.0
    left = pd.Series(np.maximum(standard * part, pupils), index=members.index)
    for unit, number in zip(units, children, strict=True):
        for section_id in zoned.get(unit, ()):
            if section_id in left.index:
                left[section_id] -= number / len(zoned[unit])
    minutes = _minutes(access, band, members)
    chosen = nearest_with_seats(minutes[waiting], children[waiting], np.asarray(left, dtype=np.float64))
    ids = members.index.to_numpy()[chosen]
    return {str(unit): [str(section_id)] for unit, section_id in zip(units[waiting], ids, strict=True)}


def _open_to_all(district: District, members: pd.DataFrame) -> pd.DataFrame:
    """Day sections for all children; all of them where there is no such section."""
    table = district.sections
    boarding = entered(table, "lodging", Lodging.DAY.value) == Lodging.BOARDING
    ids = set((table["school_id"].astype(str) + ":" + table["stage"].astype(str))[boarding])
    day = members[(members["serves"] == Serves.ALL) & ~members.index.isin(ids)]
    return members if day.empty else day


def _residents(district: District, band: Band) -> FloatArray:
    """Resident children of the band's ages by unit, shape (units,)."""
    ages = [grade + AGE_OF_GRADE for grade in band.grades]
    population = district.population
    counted = population[population["age"].isin(ages)].groupby("unit_id")["residents"].sum()
    return np.asarray(counted.reindex(district.units["unit_id"], fill_value=0), dtype=np.float64).copy()


def _minutes(access: Access, band: Band, members: pd.DataFrame) -> FloatArray:
    """Minutes of the band from every unit to every member, finite: without a way, far but in order of nearness."""
    pairs = access.pairs
    wide = {
        column: pairs.pivot_table(
            index="unit_id", columns="site_id", values=column, sort=False, aggfunc="first", dropna=False
        )[members["site_id"]].to_numpy(np.float64)
        for column in (minutes_column(band), "straight_km")
    }
    minutes = wide[minutes_column(band)]
    return np.where(np.isfinite(minutes), minutes, _NO_WAY + wide["straight_km"])


def _seats(members: pd.DataFrame) -> dict[str, float]:
    """Section under 多校划片 → its seats today."""
    shared = members[members["regime"] == Regime.SHARED_CATCHMENT]
    seats = shared["seats_fixed"].fillna(shared["classes"] * shared["class_size"])
    return {str(section_id): float(count) for section_id, count in seats.items()}


def _parts(ids: list[str], seats: Mapping[str, float]) -> dict[str, float]:
    """Section → its part of a unit: by seats where all of them have some, else equal."""
    known = {section_id: seats.get(section_id, 0.0) for section_id in ids}
    if min(known.values()) <= 0:
        return dict.fromkeys(ids, 1 / len(ids))
    return {section_id: count / sum(known.values()) for section_id, count in known.items()}


def _rows(
    district: District,
    band: Band,
    zoned: Mapping[str, list[str]],
    stated: set[str],
    aside: Mapping[str, float],
    seats: Mapping[str, float],
) -> pd.DataFrame:
    left = 1 - sum(aside.values())
    rows = [
        (unit, band.band_id, section_id, left * part, unit not in stated)
        for unit in district.units["unit_id"]
        for section_id, part in _parts(zoned[unit], seats).items()
    ]
    rows += [
        (unit, band.band_id, section_id, share, True)
        for unit in district.units["unit_id"]
        for section_id, share in aside.items()
        if share > 0
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _assumptions(table: pd.DataFrame) -> tuple[str, ...]:
    main = table.sort_values("share", ascending=False).drop_duplicates(["unit_id", "band"])
    derived = main[main["derived"].astype(bool)]
    count = derived["unit_id"].nunique()
    if not count:
        return ()
    return (
        plural(
            "现状招生范围中有 {count} 个单元为推定：按就近且不超学位划入，"
            "以同龄常住儿童按在校生总数折算；绕远最多的单元先定，学位不足时划入最近的学校",
            count,
        ).format(count=count),
    )
