"""Invented teachers and education groups: totals that are published are met, who teaches what where is drawn."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

import numpy as np
import pandas as pd

from simulator.inputs.synthetic.apportion import FloatArray, IntArray, apportion
from simulator.inputs.synthetic.invention import POINTS, Faculty, Invention
from simulator.inputs.synthetic.registers import Register
from simulator.inputs.synthetic.siting import Site
from simulator.terms import COMPULSORY, AreaKind, Nature, Stage, Subject

_PUPILS_A_TEACHER = {
    Stage.KINDERGARTEN: 13.0,
    Stage.PRIMARY: 16.5,
    Stage.JUNIOR: 12.4,
    Stage.SENIOR: 12.8,
    Stage.VOCATIONAL: 17.0,
    Stage.SPECIAL: 3.2,
}
_TEACHERS_A_CLASS = {Stage.PRIMARY: 1.6, Stage.JUNIOR: 2.6}
_OTHER_STAFF = {Stage.KINDERGARTEN: 0.6, Stage.PRIMARY: 0.08, Stage.JUNIOR: 0.11}
_PUPILS_A_POST = {Stage.PRIMARY: 19.0, Stage.JUNIOR: 13.5, Stage.SENIOR: 12.5}
# How teachers are spread today: country schools have fewer of the better trained, and too few of the small subjects.
_DEGREE = {AreaKind.CITY: 0.95, AreaKind.TOWN: 0.9, AreaKind.VILLAGE: 0.82}
_DEGREE_JUNIOR = 0.92
_BACKBONE = {AreaKind.CITY: 1.0, AreaKind.TOWN: 0.75, AreaKind.VILLAGE: 0.45}
_ELIGIBLE = 0.55
_RETIRING = {AreaKind.CITY: (0.09, 0.2), AreaKind.TOWN: (0.12, 0.25), AreaKind.VILLAGE: (0.16, 0.33)}
_SUBJECTS = {
    Stage.PRIMARY: {
        Subject.CHINESE: 0.31,
        Subject.MATHS: 0.21,
        Subject.ENGLISH: 0.07,
        Subject.MORALS: 0.06,
        Subject.SCIENCE: 0.05,
        Subject.PE: 0.09,
        Subject.MUSIC: 0.05,
        Subject.ART: 0.05,
        Subject.COMPUTING: 0.02,
        Subject.OTHER: 0.09,
    },
    Stage.JUNIOR: {
        Subject.CHINESE: 0.19,
        Subject.MATHS: 0.18,
        Subject.ENGLISH: 0.15,
        Subject.MORALS: 0.06,
        Subject.HISTORY: 0.05,
        Subject.GEOGRAPHY: 0.03,
        Subject.PHYSICS: 0.07,
        Subject.CHEMISTRY: 0.04,
        Subject.BIOLOGY: 0.04,
        Subject.PE: 0.075,
        Subject.MUSIC: 0.025,
        Subject.ART: 0.025,
        Subject.COMPUTING: 0.025,
        Subject.OTHER: 0.04,
    },
}
_SMALL_SUBJECTS = (Subject.PE, Subject.MUSIC, Subject.ART, Subject.COMPUTING, Subject.SCIENCE)
_ARTS = (Subject.PE, Subject.MUSIC, Subject.ART)
_PRIVATE = (Nature.INCLUSIVE_PRIVATE, Nature.PRIVATE)
_COUNTED = ("full_time", "above_degree", "backbone", "pe_arts", "rotation_eligible", "retiring_5y", "retiring_10y")


def teachers_table(
    spec: Invention,
    faculty: Faculty,
    sites: tuple[Site, ...],
    registers: tuple[Register, ...],
    kinds: tuple[AreaKind, ...],
) -> pd.DataFrame:
    """The table `teachers` of the public schools: a row of all subjects, and in compulsory stages a row a subject.

    A generator of its own: the other tables of a district are the same with and without teachers.
    """
    rng = np.random.default_rng([spec.seed, 5])
    parts = _sections(sites, registers, kinds)
    parts["full_time"] = 0
    for stage, rows in parts.groupby("stage", sort=False):
        weights = _weights(Stage(str(stage)), rows) * rng.uniform(0.93, 1.07, len(rows))
        total = faculty.full_time.get(Stage(str(stage)), round(weights.sum()))
        parts.loc[rows.index, "full_time"] = 1 + apportion(total - len(rows), np.maximum(weights - 1, 0.01))
    unposted = faculty.unposted if faculty.unposted is not None else round(0.05 * parts["full_time"].sum())
    parts["unposted"] = apportion(unposted, parts["full_time"].to_numpy(float) * parts["rural"].to_numpy(float))
    frames = [_rows(section, rng) for section in parts.to_dict("records")]
    table = pd.concat(frames, ignore_index=True)
    table = _with_backbone(table, parts, faculty, rng)
    principal = {site.school_id: int(spec.base_year - rng.integers(0, 14)) for site in sites}
    since = table["school_id"].map(principal).where(table["subject"] == "")
    whole = [name for name in table.columns if table[name].dtype.kind in "if"]
    return table.assign(principal_since=since).astype(dict.fromkeys([*whole, "principal_since"], "Int64"))


def groups_table(
    faculty: Faculty, teachers: pd.DataFrame, sites: tuple[Site, ...], registers: tuple[Register, ...]
) -> pd.DataFrame:
    """The table `groups`: strong schools with the nearest schools of their stages that are in no group yet."""
    own = [
        site for site in sites
        if site.group.decided_here and site.group.kind not in POINTS and set(site.stages) & set(COMPULSORY)
    ]  # fmt: skip
    whole = teachers[teachers["subject"] == ""].groupby("school_id")["backbone"].sum()
    pupils = _pupils(sites, registers)
    large = np.median([pupils[site.school_id] for site in own])
    order = sorted(
        (site for site in own if pupils[site.school_id] >= large),
        key=lambda site: -float(whole.get(site.school_id, 0)) / max(pupils[site.school_id], 1),
    )
    rows: list[dict[str, object]] = []
    taken: set[str] = set()
    for number, name in enumerate(faculty.groups, start=1):
        lead = next(site for site in order if site.school_id not in taken)
        near = sorted(
            (
                site
                for site in own
                if site.school_id not in taken and site is not lead and set(site.stages) & set(lead.stages)
            ),
            key=lambda site: (site.x - lead.x) ** 2 + (site.y - lead.y) ** 2,
        )[: faculty.group_members]
        for site in (lead, *near):
            taken.add(site.school_id)
            role = "lead" if site is lead else "member"
            kind = faculty.group_kind.value
            rows.append(
                {"group_id": f"E{number}", "school_id": site.school_id, "role": role, "name": name, "kind": kind}
            )
    return pd.DataFrame(rows, columns=["group_id", "school_id", "role", "name", "kind"])


def _pupils(sites: tuple[Site, ...], registers: tuple[Register, ...]) -> dict[str, int]:
    found = dict.fromkeys((site.school_id for site in sites), 0)
    for register in registers:
        for number, pupils in zip(register.sites, register.pupils, strict=True):
            found[sites[number].school_id] += int(pupils.sum())
    return found


def _sections(sites: tuple[Site, ...], registers: tuple[Register, ...], kinds: tuple[AreaKind, ...]) -> pd.DataFrame:
    """Public sections with pupils: school_id, stage, kind of area, pupils, classes."""
    rows = [
        {
            "school_id": sites[number].school_id,
            "stage": register.stage.value,
            "area": kinds[sites[number].unit],
            "rural": 1.6 if kinds[sites[number].unit] is AreaKind.VILLAGE else 1.0,
            "pupils": int(pupils.sum()),
            "classes": int(classes.sum()),
        }
        for register in registers
        for number, pupils, classes in zip(register.sites, register.pupils, register.classes, strict=True)
        if sites[number].group.nature not in _PRIVATE and pupils.sum()
    ]
    return pd.DataFrame(rows)


def _weights(stage: Stage, rows: pd.DataFrame) -> FloatArray:
    """Teachers expected: by pupils, and by classes where these are small."""
    by_pupils = rows["pupils"].to_numpy(float) / _PUPILS_A_TEACHER[stage]
    return np.maximum(by_pupils, rows["classes"].to_numpy(float) * _TEACHERS_A_CLASS.get(stage, 0.0))


def _rows(section: dict[Hashable, Any], rng: np.random.Generator) -> pd.DataFrame:
    """The rows of one section, subjects first, then all of them."""
    stage, area = Stage(str(section["stage"])), AreaKind(str(section["area"]))
    count = int(section["full_time"])
    subjects = _subjects(stage, area, count, rng)
    names = [subject.value for subject in subjects] or [""]
    members = np.array(list(subjects.values()) or [count])
    degree = _DEGREE[area] * (_DEGREE_JUNIOR if stage is not Stage.PRIMARY else 1.0)
    above = _part(degree * rng.uniform(0.95, 1.04), members)
    five, ten = (share * rng.uniform(0.8, 1.2) for share in _RETIRING[area])
    retiring = _part(five, members)
    arts = np.array([int(name in _ARTS) for name in names]) * members
    rows = pd.DataFrame(
        {
            "school_id": section["school_id"],
            "stage": stage.value,
            "subject": names,
            "full_time": members,
            "above_degree": above,
            "backbone": 0,
            "pe_arts": arts if subjects else pd.NA,
            "rotation_eligible": _part(_ELIGIBLE * rng.uniform(0.85, 1.15), members),
            "retiring_5y": retiring,
            "retiring_10y": np.maximum(_part(ten, members), retiring),
        }
    )
    total: dict[Hashable, Any] = {
        **rows.iloc[0].to_dict(),
        "subject": "",
        **{name: rows[name].sum() for name in _COUNTED},
    }
    if not subjects:
        total["pe_arts"] = pd.NA
    unposted = int(section["unposted"])
    total |= {"staff": round(count * (1 + _OTHER_STAFF.get(stage, 0.12))), "unposted": unposted}
    total["posted"] = int(total["staff"]) - unposted
    pupils = int(section["pupils"])
    total["posts"] = max(round(pupils / _PUPILS_A_POST.get(stage, 14.0)), int(total["posted"]))
    every = pd.DataFrame([total])
    return pd.concat([every, rows], ignore_index=True) if subjects else every


def _part(share: float, members: IntArray) -> IntArray:
    """A share of the teachers of a section, shared out over its subjects, nowhere more than there are."""
    found = apportion(min(round(share * int(members.sum())), int(members.sum())), members.astype(float))
    return np.minimum(found, members)


def _subjects(stage: Stage, area: AreaKind, count: int, rng: np.random.Generator) -> dict[Subject, int]:
    """Teachers by subject, small subjects scarcer in the country; subjects without a teacher are left out."""
    usual = _SUBJECTS.get(stage)
    if usual is None:
        return {}
    scarce = {AreaKind.CITY: 1.0, AreaKind.TOWN: 0.8, AreaKind.VILLAGE: 0.5}[area]
    weights = np.array([share * (scarce if subject in _SMALL_SUBJECTS else 1.0) for subject, share in usual.items()])
    drawn = apportion(count, weights * rng.uniform(0.8, 1.2, len(weights)))
    return {subject: int(number) for subject, number in zip(usual, drawn, strict=True) if number}


def _with_backbone(
    table: pd.DataFrame, parts: pd.DataFrame, faculty: Faculty, rng: np.random.Generator
) -> pd.DataFrame:
    """Backbone teachers of compulsory schools: a share of all, most of them in the town, spread over subjects."""
    table = table.copy()
    for stage in COMPULSORY:
        own = parts[parts["stage"] == stage]
        if own.empty:
            continue
        pull = own["area"].map(_BACKBONE).to_numpy(float) * rng.uniform(0.6, 1.4, len(own))
        total = round(faculty.backbone_share * int(own["full_time"].sum()))
        leaders = apportion(total, own["full_time"].to_numpy(float) * pull)
        for school, number in zip(own["school_id"], leaders, strict=True):
            rows = table.index[(table["school_id"] == school) & (table["stage"] == stage)]
            whole, subjects = rows[0], rows[1:]
            members = table.loc[subjects, "full_time"].to_numpy(np.int64)
            shared = np.minimum(apportion(int(number), members.astype(float)), members)
            table.loc[subjects, "backbone"] = shared
            table.loc[whole, "backbone"] = int(shared.sum())
    return table
