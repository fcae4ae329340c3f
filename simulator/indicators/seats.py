"""Seats, shortage and spare by stage, township and year."""

from __future__ import annotations

import numpy as np
import pandas as pd

from simulator.indicators.network import MeasuredNetwork
from simulator.indicators.townships import with_whole_district
from simulator.operation import Operation

_KEY = ["year", "stage", "township"]
_SUMS = [
    *("children", "pupils", "seats_standard", "seats_upper"),
    *("seats_admission", "shortage", "spare", "no_seat"),
]


def seats(measured: MeasuredNetwork, operation: Operation) -> pd.DataFrame:
    """Seats in the three counts, what is short and what is spare.

    Shortage is Σ over sections of max(0, pupils − standard seats), in the township of the section, plus the
    children without a section, in the township where they live; `no_seat` counts only those beyond the
    largest lawful classes. Spare is Σ max(0, standard seats − pupils). The two are never netted.
    Children are counted where they live, utilization is pupils ÷ standard seats of the township's sections.

    Returns
    -------
    pandas.DataFrame
        As `Indicators.seats`.
    """
    run = measured.sections.reset_index()
    taught = pd.DataFrame(
        {
            **{column: run[column] for column in (*_KEY, "pupils", "seats_standard", "seats_upper")},
            "seats_admission": admission_seats(measured, operation).to_numpy(),
            "shortage": (run["pupils"] - run["seats_standard"]).clip(lower=0),
            "spare": (run["seats_standard"] - run["pupils"]).clip(lower=0),
            "no_seat": (run["pupils"] - run["seats_upper"]).clip(lower=0),
        }
    )
    flows = measured.flows
    unserved = flows["children"].where(flows["section_id"] == "", 0.0)
    living = flows[[*_KEY, "children"]].assign(shortage=unserved, no_seat=unserved)
    both = with_whole_district(pd.concat([taught, living], ignore_index=True).fillna(dict.fromkeys(_SUMS, 0.0)))
    summed = both.groupby(_KEY, as_index=False)[_SUMS].sum()
    use = summed["pupils"] / summed["seats_standard"].where(summed["seats_standard"] > 0)
    return summed.assign(network=measured.network, utilization=use)[
        ["network", *_KEY, *_SUMS[:1], *_SUMS[2:7], "utilization", "pupils", "no_seat"]
    ]


def admission_seats(measured: MeasuredNetwork, operation: Operation) -> pd.Series[float]:
    """招生学位: what the entry grade can take, by year and section.

    (classes of the plan − last year's classes of all grades but the leaving one) × standard class size:
    rooms freed by the leavers and rooms added, less rooms given up. With a fixed number of seats: the seats
    less last year's pupils who stay. In the base year: the entry grade's classes × class size, or the fixed
    seats ÷ the grades that run.
    """
    formed = operation.classes
    grades = formed.groupby(["year", "section_id"])["grade"]
    first, last = grades.transform("min"), grades.transform("max")
    staying = formed[formed["grade"] < last].assign(year=lambda rows: rows["year"] + 1)
    stay = staying.groupby(["year", "section_id"])[["pupils", "classes"]].sum()
    entry = formed[formed["grade"] == first].groupby(["year", "section_id"])["classes"].sum()
    running = grades.nunique()

    run = measured.sections
    kept = stay.reindex(run.index).fillna(0)
    fixed = run["seats_fixed"].notna()
    offered = ((run["planned"] - kept["classes"]) * run["class_size"]).where(
        ~fixed, run["seats_standard"] - kept["pupils"]
    )
    today = (entry.reindex(run.index).fillna(0) * run["class_size"]).where(
        ~fixed, run["seats_standard"] / running.reindex(run.index).fillna(1)
    )
    base = run.index.get_level_values("year") == run.index.get_level_values("year").min()
    return offered.where(~base, today).clip(lower=0).where(run["open"], 0.0).astype(np.float64)
