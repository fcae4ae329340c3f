"""Classes of sections formed from whole pupils, year by year."""

from __future__ import annotations

import numpy as np
import pandas as pd

from simulator.capacity.supply import Supply
from simulator.operation.sizes import IntArray, combine_grades, even_split, share_out_classes
from simulator.plan import Plan


def form_classes(pupils: pd.DataFrame, plan: Plan, supply: Supply) -> pd.DataFrame:
    """Form the classes of every section and year.

    A section runs the classes its plan has in the phase of the year. Each grade with pupils gets one, the
    next always goes to the grade with the most pupils a class, and a grade splits evenly (均衡编班). With
    fewer classes than grades, adjacent grades share one (复式). A section with a fixed number of seats and
    no classes runs as many as its grades need at the standard class size.

    Parameters
    ----------
    pupils
        year, section_id, grade, pupils (int > 0).
    plan, supply
        Classes by phase; class sizes.

    Returns
    -------
    pandas.DataFrame
        As `Operation.classes`.
    """
    table = pupils.pivot_table(
        index=["year", "section_id"], columns="grade", values="pupils", aggfunc="sum", fill_value=0
    ).astype(np.int64)
    counts = table.to_numpy()
    classes = _classes_to_run(table, plan, supply)
    enough = classes >= (counts > 0).sum(axis=1)
    shared = np.zeros_like(counts)
    shared[enough] = share_out_classes(counts[enough], classes[enough])
    ordinary = _ordinary(table[enough], shared[enough])
    return pd.concat([ordinary, _combined(table[~enough], classes[~enough])], ignore_index=True)


def _classes_to_run(table: pd.DataFrame, plan: Plan, supply: Supply) -> IntArray:
    """Classes of each section and year of the table."""
    years = table.index.get_level_values("year")
    phase = years.map({year: plan.phase_of(year) for year in years.unique()})
    sections = table.index.get_level_values("section_id")
    planned = plan.sections.set_index(["phase", "section_id"])["classes"]
    classes = planned.reindex(pd.MultiIndex.from_arrays([phase, sections])).fillna(0).to_numpy(dtype=np.int64)
    known = supply.sections.reindex(sections)
    size = known["class_size"].to_numpy(dtype=np.float64)
    needed = np.ceil(table.to_numpy() / size[:, np.newaxis]).sum(axis=1)
    fixed = known["seats_fixed"].notna().to_numpy() & (classes == 0)
    return np.where(fixed, np.nan_to_num(needed), classes).astype(np.int64)


def _ordinary(table: pd.DataFrame, shared: IntArray) -> pd.DataFrame:
    """Rows of sections whose grades have classes of their own."""
    row, grade = np.nonzero(table.to_numpy())
    pupils, classes = table.to_numpy()[row, grade], shared[row, grade]
    sizes = [
        " ".join(map(str, even_split(int(count), int(number)))) for count, number in zip(pupils, classes, strict=True)
    ]
    return pd.DataFrame(
        {
            "year": table.index.get_level_values("year")[row].astype("int64"),
            "section_id": table.index.get_level_values("section_id")[row],
            "grade": table.columns.to_numpy(dtype=np.int64)[grade],
            "pupils": pupils,
            "classes": classes,
            "sizes": sizes,
            "combined": False,
        }
    )


def _combined(table: pd.DataFrame, classes: IntArray) -> pd.DataFrame:
    """Rows of sections whose grades share classes; without any class the pupils stand alone."""
    rows: list[tuple[int, str, int, int, int, str, bool]] = []
    for (year, section), line, number in zip(table.index, table.to_numpy(), classes, strict=True):
        present = [(int(grade), int(count)) for grade, count in zip(table.columns, line, strict=True) if count]
        if number <= 0:
            rows.extend((year, section, grade, count, 0, "", False) for grade, count in present)
            continue
        for group in combine_grades(tuple(count for _, count in present), int(number)):
            together = sum(present[member][1] for member in group)
            for member in group:
                first = member == group[0]
                grade, count = present[member]
                text = str(together) if first else ""
                rows.append((year, section, grade, count, int(first), text, len(group) > 1))
    columns = ["year", "section_id", "grade", "pupils", "classes", "sizes", "combined"]
    return pd.DataFrame(rows, columns=columns).astype(
        {"year": "int64", "grade": "int64", "pupils": "int64", "classes": "int64", "combined": "bool"}
    )
