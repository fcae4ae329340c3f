"""China's counties: children of 0–4 in 2010 as those of 10–14 in 2020, every province told by the others."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.register import Bar, Report
from simulator.projection.county_ageing import FEATURES, AgeingModel, expect_children, fit_ageing, least_absolute

FILE_2010, FILE_2020, GRADE_1 = "cn_county_age_2010.csv", "cn_county_age_2020.csv", "cn_province_grade1_2018.csv"
MOST_MAPE = 8.2
LEAST_COVERED, MOST_COVERED = 0.88, 0.92
_SIZES = (0, 100_000, 300_000, 600_000, np.inf)
_GROWTHS = (-np.inf, -0.2, -0.05, 0.1, np.inf)


def run_counties(source: Path) -> Report:
    """Leave one province out; 2010 columns and the 2020 total population are all that is used.

    Parameters
    ----------
    source
        Folder of the census tables.
    """
    table = read_counties(source)
    expected = cross_validate(table)
    truth = table["children_later"]
    held = (expected["low"] <= truth) & (truth <= expected["high"])
    rivals = _rivals(table)
    model = fit_ageing(table, truth, table["province"].to_numpy(object))
    summary = {"cohort change, fitted": _errors(expected["expected"], truth) | {"in the 90 % band": float(held.mean())}}
    summary |= {name: _errors(values, truth) for name, values in rivals.items()}
    width = (expected["high"] / expected["low"]) ** 0.5 - 1
    return Report(
        tables={
            "Counties 2010 to 2020, ages 0-4 to 10-14, left out by province": pd.DataFrame(summary).T,
            "By population of 2010": _by_class(table["population"], _SIZES, expected, truth, held, width),
            "By growth of the population": _by_class(
                table["population_later"] / table["population"] - 1, _GROWTHS, expected, truth, held, width
            ),
            "Fitted on all counties": _fitted(model),
            "Grade 1 of 2018 against the census of 2020": _grade_one(source),
        },
        bars=(
            Bar("counties: MAPE %", summary["cohort change, fitted"]["MAPE %"], MOST_MAPE),
            Bar("counties: share outside the 90 % band", float(1 - held.mean()), 1 - LEAST_COVERED),
            Bar("counties: share inside the 90 % band", float(held.mean()), MOST_COVERED),
        ),
    )


def read_counties(source: Path) -> pd.DataFrame:
    """Counties of both censuses, matched by code: what was known, and the children of 2020.

    Codes of provinces and prefectures are left out; a code whose border changed stays, as a bureau would meet it.
    """
    before, after = (
        pd.read_csv(source / file, dtype={"code": str}).set_index("code") for file in (FILE_2010, FILE_2020)
    )
    codes = [code for code in before.index if code in after.index and not code.endswith("00")]
    known = before.loc[codes, ["age0", "age1_4", "age5_9", "age10_14", "age15_19"]].astype(float)
    return known.assign(
        population=before.loc[codes, "pop_total"].astype(float),
        population_later=after.loc[codes, "pop_total"].astype(float),
        children_later=after.loc[codes, "age10_14"].astype(float),
        province=[code[:2] for code in codes],
    )


def cross_validate(table: pd.DataFrame) -> pd.DataFrame:
    """expected, low and high of every county, fitted on the other provinces."""
    parts = []
    for _province, own in table.groupby("province"):
        others = table.drop(index=own.index)
        model = fit_ageing(others, others["children_later"], others["province"].to_numpy(object))
        parts.append(expect_children(model, own))
    return pd.concat(parts).loc[table.index]


def _rivals(table: pd.DataFrame) -> dict[str, pd.Series[float]]:
    """The ratio of the whole, and a line on the growth of the county's population, both of the other provinces."""
    young, later = table["age0"] + table["age1_4"], table["children_later"]
    line = np.column_stack([np.ones(len(table)), np.log(table["population_later"] / table["population"])])
    change = np.log(later / young).to_numpy(float)
    whole, grown = young.copy(), young.copy()
    for province in table["province"].unique():
        own = (table["province"] == province).to_numpy()
        whole[own] *= later[~own].sum() / young[~own].sum()
        grown[own] *= np.exp(line[own] @ least_absolute(line[~own], change[~own]))
    return {"ratio of the whole": whole, "growth of the population": grown}


def _errors(expected: pd.Series[float], truth: pd.Series[float]) -> dict[str, float]:
    errors = expected / truth - 1
    return {
        "n": len(errors),
        "MAPE %": float(100 * errors.abs().mean()),
        "median %": float(100 * errors.abs().median()),
        "bias %": float(100 * errors.median()),
    }


def _by_class(
    sizes: pd.Series[float],
    edges: tuple[float, ...],
    expected: pd.DataFrame,
    truth: pd.Series[float],
    held: pd.Series[bool],
    width: pd.Series[float],
) -> pd.DataFrame:
    rows = {}
    for low, high in pairwise(edges):
        own = (sizes >= low) & (sizes < high)
        if own.any():
            rows[f"{low:,g} to {high:,g}"] = _errors(expected["expected"][own], truth[own]) | {
                "in the 90 % band": float(held[own].mean()),
                "half width of it": float(width[own].median()),
            }
    return pd.DataFrame(rows).T


def _fitted(model: AgeingModel) -> pd.DataFrame:
    figures = dict(zip(FEATURES, model.weights, strict=True))
    figures |= {f"spread {number}": value for number, value in enumerate(model.spread)}
    figures |= {"usual growth": model.usual, "low": model.low, "high": model.high, "log size": model.size}
    return pd.DataFrame({"value": figures})


def _grade_one(source: Path) -> pd.DataFrame:
    """Grade-1 pupils of 2018 per child of one year among those who were 5–9 in 2020, by province.

    Grade 1 of 2018 was born from September 2011 to August 2012, aged 8 at the census of 2020: a fifth of the ages 5–9
    is the level, so ratios away from the country's show late entry, pupils counted elsewhere, and uneven cohorts.
    """
    pupils = pd.read_csv(source / GRADE_1).set_index("province")["grade1_pupils_2018"]
    census = pd.read_csv(source / FILE_2020, dtype={"code": str})
    whole = census[census["code"].str.endswith("0000")]
    names = {name: next((own for own in pupils.index if str(name).startswith(own)), None) for name in whole["province"]}
    ages = whole.set_index(whole["province"].map(names))["age5_9"] / 5
    ratio = pupils / ages.reindex(pupils.index)
    quantiles = {f"p{share:.0f}": float(ratio.quantile(share / 100)) for share in (0, 10, 50, 90, 100)}
    both = {"provinces": float(ratio.notna().sum()), "country": float(pupils.sum() / ages.reindex(pupils.index).sum())}
    return pd.DataFrame({"grade 1 / fifth of ages 5-9": both | quantiles}).T
