"""Checks of class sizes and intakes, as operated."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from simulator.audit.case import Case
from simulator.audit.children import TOLERANCE
from simulator.audit.register import Breach, check
from simulator.audit.rows import records
from simulator.audit.shared import one_for_all
from simulator.language import translate as _
from simulator.terms import COMPULSORY, STAGE_GRADES, WHOLE_UNIT_REGIMES, Effect, Stage, label

# Entrants are whole pupils, rounded from the fractions that a plan is made of.
_ROUNDED = 1.0
_KINDERGARTEN_NORMS = {-2: "young", -1: "middle", 0: "old"}


def _sizes(case: Case, *stages: Stage) -> pd.DataFrame:
    """One row a class of the stages in the audited years: year, section_id, grade, size, combined, stage."""
    sizes = case.sizes.assign(stage=case.sizes["section_id"].map(case.evidence.supply.sections["stage"]))
    return sizes[sizes["stage"].isin(stages)]


@check()
def class_size_standard(case: Case) -> Iterator[Breach]:
    """Every class of the compulsory stages has at most the standard number of pupils (45 and 50)."""
    sizes = _sizes(case, *COMPULSORY)
    norm = sizes["stage"].map({stage.value: case.norm(f"class_size.{stage}") for stage in COMPULSORY})
    over = sizes.assign(norm=norm, beyond=(sizes["size"] - norm).clip(lower=0))
    summed = over.groupby(["year", "section_id"]).agg(
        largest=("size", "max"), norm=("norm", "first"), beyond=("beyond", "sum")
    )
    for row in records(summed[summed["beyond"] > 0]):
        year, section = row["year"], row["section_id"]
        stated = sum(case.stated_for(year, section))
        declared = bool(row["beyond"] <= stated + TOLERANCE)
        figures = (float(row["largest"]), float(row["norm"]))
        yield Breach(section, case.name(section), year, *figures, _("人/班"), declared=declared)


@check()
def oversized_share(case: Case) -> Iterator[Breach]:
    """Classes of 56 and more are at most 5 % of a stage's classes.

    Senior schools are only reminded of it: they may be above while the peak passes.
    """
    sizes = _sizes(case, *COMPULSORY, Stage.SENIOR)
    line, share = case.norm("oversized.line"), case.norm("oversized.share")
    oversized = sizes.assign(oversized=sizes["size"] >= line).groupby(["year", "stage"])["oversized"].mean()
    for row in records(oversized[oversized > share]):
        year, stage = row["year"], row["stage"]
        part = row["value"]
        effect = Effect.ADVISORY if stage == Stage.SENIOR else None
        figures = (round(100 * float(part), 1), 100 * share)
        yield Breach(stage, label(Stage(stage)), year, *figures, "%", scope=stage, effect=effect)


@check()
def no_extreme_class(case: Case) -> Iterator[Breach]:
    """No class has 66 pupils or more; senior schools are only reminded of it."""
    sizes, extreme = _sizes(case, *COMPULSORY, Stage.SENIOR), case.norm("oversized.extreme_line")
    largest = (
        sizes[sizes["size"] >= extreme]
        .groupby(["year", "section_id"])
        .agg(size=("size", "max"), stage=("stage", "first"))
    )
    for row in records(largest):
        year, section = row["year"], row["section_id"]
        effect = Effect.ADVISORY if row["stage"] == Stage.SENIOR else None
        figures = (float(row["size"]), extreme - 1)
        yield Breach(section, case.name(section), year, *figures, _("人/班"), effect=effect)


@check()
def intake_fits_plan(case: Case) -> Iterator[Breach]:
    """Entrants as operated are at most the admission plan and the tolerance; fewer than it less the tolerance only warns.

    The schools of a shared catchment admit together; a section or a year without a plan has no limit.
    """
    supply, table = case.evidence.supply, case.evidence.admission_plan
    one, tolerance = one_for_all(case), case.norm("intake.tolerance")
    planned = table.assign(section_id=table["school_id"].astype(str) + ":" + table["stage"].astype(str))
    regimes = supply.sections["regime"].reindex(planned["section_id"]).to_numpy()
    planned = planned[pd.Series(regimes, index=planned.index).isin(WHOLE_UNIT_REGIMES)]
    classes = case.operation.classes
    entry = classes[classes["grade"] == classes["section_id"].map(supply.sections["grade_from"])]
    sums = [
        frame.assign(section_id=frame["section_id"].replace(one)).groupby(["year", "section_id"])[column]
        for frame, column in ((planned, "seats"), (entry, "pupils"))
    ]
    both = pd.DataFrame({"seats": sums[0].sum(), "plans": sums[0].size(), "pupils": sums[1].sum()}).dropna()
    for row in records(both):
        year, section = int(row["year"]), str(row["section_id"])
        members = [other for other, lead in one.items() if lead == section] or [section]
        if year not in case.years or row["plans"] < len(members):
            continue
        place, pupils, seats = (section, case.name(section), year), float(row["pupils"]), float(row["seats"])
        most, least = (1 + tolerance) * seats, (1 - tolerance) * seats
        if pupils > most + _ROUNDED:
            short = sum(case.stated_for(year, member)[1] for member in members)
            declared = pupils <= most + short + _ROUNDED
            yield Breach(*place, pupils, most, _("人"), scope="more", declared=declared)
        elif pupils < least - _ROUNDED:
            yield Breach(*place, pupils, least, _("人"), detail="fewer", scope="fewer", effect=Effect.ADVISORY)


@check()
def entry_grade_classes(case: Case) -> Iterator[Breach]:
    """Classes of the entry grade are held to the standard size; of senior schools to the largest lawful one."""
    stages = (*COMPULSORY, Stage.SENIOR)
    norms = {
        stage.value: case.norm(f"{'class_size_max' if stage is Stage.SENIOR else 'class_size'}.{stage}")
        for stage in stages
    }
    sizes = _sizes(case, *stages)
    entry = sizes[sizes["grade"] == sizes["stage"].map({stage.value: STAGE_GRADES[stage][0] for stage in stages})]
    entry = entry[~entry["combined"]]
    largest = entry.groupby(["year", "section_id"]).agg(size=("size", "max"), stage=("stage", "first"))
    for row in records(largest):
        year, section = row["year"], row["section_id"]
        norm = norms[row["stage"]]
        if row["size"] > norm:
            yield Breach(section, case.name(section), year, float(row["size"]), norm, _("人/班"))


@check()
def kindergarten_class_size(case: Case) -> Iterator[Breach]:
    """At least 85 % of the kindergarten classes keep the size of their age (25, 30, 35; mixed 30)."""
    sizes = _sizes(case, Stage.KINDERGARTEN)
    norms = {grade: case.norm(f"class_size_grade.kindergarten_{word}") for grade, word in _KINDERGARTEN_NORMS.items()}
    norm = sizes["grade"].map(norms).where(~sizes["combined"], case.norm("class_size_grade.kindergarten_mixed"))
    kept = (sizes["size"] <= norm).groupby(sizes["year"]).mean()
    least = case.norm("preschool.class_size_share")
    stage = Stage.KINDERGARTEN
    for row in records(kept[kept < least]):
        year = row["year"]
        share = row["value"]
        yield Breach(stage.value, label(stage), year, round(100 * float(share), 1), 100 * least, "%")


@check()
def small_schools(case: Case) -> Iterator[Breach]:
    """Compulsory sections to be reviewed, not closed: fewer than 100 pupils, or fewer than 20 a class.

    The detail is `tiny` below 50 pupils, else `small`, or `small_classes`.
    """
    review, tiny, a_class = (case.norm(f"small_school.{figure}") for figure in ("review", "tiny", "class_review"))
    rows = case.section_years
    for row in records(rows[rows["stage"].isin(COMPULSORY)]):
        year, section = row["year"], row["section_id"]
        place, pupils = (section, case.name(section), year), float(row["pupils"])
        if pupils < review - TOLERANCE:
            word = "tiny" if pupils < tiny else "small"
            yield Breach(*place, round(pupils, 1), review, _("人"), detail=word)
        elif row["formed"] and pupils / row["formed"] < a_class:
            mean = round(pupils / float(row["formed"]), 1)
            yield Breach(*place, mean, a_class, _("人/班"), detail="small_classes", scope="small_classes")
