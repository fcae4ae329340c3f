"""师资需求: posts and full-time teachers that every section needs, year by year."""

from __future__ import annotations

import numpy as np
import pandas as pd

from simulator.capacity.supply import Supply
from simulator.operation import Operation
from simulator.standards import Standards
from simulator.terms import STAGE_GRADES, AreaKind, Stage, Subject

BY_PUPILS, BY_CLASSES, BY_SUBJECTS = "pupils", "classes", "subjects"
"""What asks for most: the pupil ratio, the class ratio, or the lessons of the subjects."""
NEED_COLUMNS = [
    *("network", "year", "section_id", "stage", "public", "decided_here", "area_kind", "pupils", "classes"),
    *("by_pupils", "by_classes", "by_subjects", "posts", "basis", "teachers", "carers"),
]
# A sum of floating-point shares that is whole but for rounding stays whole.
_ROUNDING = 1e-9


def staff_need(operation: Operation, supply: Supply, standards: Standards) -> pd.DataFrame:
    r"""Posts (编制) and full-time teachers (专任) of every section with pupils, in every year.

    With pupils :math:`P`, classes :math:`C`, share of non-teaching staff :math:`\nu`, weekly lessons of a class
    :math:`l` and of a teacher :math:`h`,

    .. math:: posts = \lceil \max(P / r,\; C k,\; T_s / (1 - \nu)) \rceil, \qquad
              teachers = \lceil \max(P (1 - \nu) / r,\; C k (1 - \nu),\; T_s) \rceil, \qquad
              T_s = \max(C l / h,\; m)

    Pupils a post :math:`r` are 中央编办发〔2014〕72号, posts a class :math:`k` those of a province, in villages the lower
    rural ones; a village section below the line of small schools has at least `staff.posts_per_class_floor`. :math:`m` is the least
    number that teaches every subject of a complete section. Kindergartens need two teachers and a carer a class.

    Parameters
    ----------
    operation
        A network and its years.
    supply
        Sections and sites.
    standards
        Figures `staff.*`, `preschool.children_per_teacher`, `small_school.review`.

    Returns
    -------
    pandas.DataFrame
        :data:`NEED_COLUMNS`: `by_…` are posts that one rule alone asks for, not rounded; posts, teachers and carers are whole.
    """
    run = operation.classes.groupby(["year", "section_id"])[["pupils", "classes"]].sum().reset_index()
    run = run[run["pupils"] > 0]
    known = ["site_id", "stage", "public", "decided_here", "grade_from", "grade_to"]
    run = run.join(supply.sections[known], on="section_id").join(supply.sites["area_kind"], on="site_id")
    parts = [_of_stage(Stage(str(stage)), rows, standards) for stage, rows in run.groupby("stage", sort=False)]
    if not parts:
        return pd.DataFrame(columns=NEED_COLUMNS)
    need = pd.concat(parts).assign(network=operation.network).sort_values(["year", "section_id"])
    return pd.DataFrame(need[NEED_COLUMNS].reset_index(drop=True))


def subject_shares(standards: Standards, stage: Stage) -> dict[Subject, float]:
    """Share of the lessons of a stage by subject, adding up to 1; empty where no norm tells them."""
    found = {
        subject: standards.value(name)
        for subject in Subject
        if (name := f"staff.lesson_share.{stage}.{subject}") in standards.figures
    }
    total = sum(found.values())
    return {subject: share / total for subject, share in found.items()} if total > 0 else {}


def _of_stage(stage: Stage, rows: pd.DataFrame, standards: Standards) -> pd.DataFrame:
    pupils, classes = rows["pupils"].astype(float), rows["classes"].astype(float)
    teaching = 1 - _figure(standards, f"staff.non_teaching_share.{stage}")
    by_pupils = pupils / _figure(standards, f"staff.pupils_per_post.{stage}", np.inf)
    by_classes = classes * _class_rate(stage, rows, standards)
    lessons = classes * _figure(standards, f"staff.lessons_per_class.{stage}")
    lessons = lessons / _figure(standards, f"staff.lessons_per_teacher.{stage}", np.inf)
    first, last = STAGE_GRADES[stage]
    complete = (rows["grade_from"] <= first) & (rows["grade_to"] >= last)
    least = complete * _figure(standards, f"staff.least_teachers.{stage}")
    subjects = lessons.clip(lower=least)
    teachers = pd.concat([by_pupils * teaching, by_classes * teaching, subjects], axis=1)
    carers = classes * _figure(standards, f"staff.carers_per_class.{stage}")
    if stage is Stage.KINDERGARTEN:
        by_class = classes * standards.value("staff.teachers_per_class.kindergarten")
        teachers = pd.concat([pupils / standards.value("preschool.children_per_teacher"), by_class], axis=1)
    posts = pd.DataFrame({BY_PUPILS: by_pupils, BY_CLASSES: by_classes, BY_SUBJECTS: subjects / teaching})
    return rows.assign(
        by_pupils=posts[BY_PUPILS],
        by_classes=posts[BY_CLASSES],
        by_subjects=posts[BY_SUBJECTS],
        posts=_whole(posts.max(axis=1)),
        basis=posts.idxmax(axis=1),
        teachers=_whole(teachers.max(axis=1)),
        carers=_whole(carers),
    )


def _class_rate(stage: Stage, rows: pd.DataFrame, standards: Standards) -> pd.Series[float]:
    """Posts a class: that of the stage, the rural one in villages, at least the floor in small village sections."""
    usual = _figure(standards, f"staff.posts_per_class.{stage}")
    rural = _figure(standards, f"staff.posts_per_class.{stage}_rural", usual)
    village = rows["area_kind"] == AreaKind.VILLAGE
    rate = pd.Series(usual, index=rows.index).where(~village, rural)
    small = village & (rows["pupils"] < standards.value("small_school.review"))
    if f"staff.posts_per_class.{stage}_rural" not in standards.figures:
        return rate
    return rate.where(~small, rate.clip(lower=standards.value("staff.posts_per_class_floor")))


def _figure(standards: Standards, name: str, missing: float = 0.0) -> float:
    return standards.value(name) if name in standards.figures else missing


def _whole(values: pd.Series[float]) -> pd.Series[int]:
    return pd.Series(np.ceil(values.to_numpy(float) - _ROUNDING).astype(np.int64), index=values.index)
