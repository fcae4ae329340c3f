"""Who is affected: the children of a year whose school or journey is another than in another network."""

from __future__ import annotations

import numpy as np
import pandas as pd

_KEYS = ["unit_id", "band"]
_LEAST = 1e-6
FELT_MIN = 1.0
"""Minutes one way by which a journey must differ to count as longer or shorter."""
SHIFT_COLUMNS = [*_KEYS, "stage", "from_section", "to_section", "children", "minutes_before", "minutes_after"]


def shifts(before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    r"""Pair the children of two networks in one year, so that as few as possible change school.

    Of a unit and band with shares :math:`b_s` before and :math:`a_s` after, :math:`\min(b_s, a_s)` stay at
    section s; those who leave are spread over the sections that gain, in proportion to what these gain. Where the two
    networks stand on different forecasts, the children are those of the second.

    Parameters
    ----------
    before, after
        Rows of `Operation.pupils` of one year: unit_id, band, section_id, children, minutes.

    Returns
    -------
    DataFrame
        unit_id, band, stage, from_section, to_section (equal where they stay; empty = unserved), children,
        minutes_before, minutes_after (one way).
    """
    sides = [_sums(rows) for rows in (before, after)]
    totals = sides[1].groupby(_KEYS)["children"].sum()
    held = sides[0].groupby(_KEYS)["children"].sum()
    factor = (totals / held).replace([np.inf, -np.inf], np.nan).rename("factor")
    left = sides[0].join(factor, on=_KEYS, how="inner").dropna(subset=["factor"])
    left = left.assign(children=left["children"] * left["factor"]).drop(columns="factor")
    both = left.merge(sides[1], on=[*_KEYS, "section_id"], how="outer", suffixes=("_before", "_after"))
    both = both[pd.MultiIndex.from_frame(both[_KEYS]).isin(held.index)]
    counts = both[["children_before", "children_after"]].fillna(0.0)
    stay = counts.min(axis=1)
    kept = both.assign(children=stay, to_section=both["section_id"]).rename(columns={"section_id": "from_section"})
    lost = both.assign(rest=counts["children_before"] - stay)
    gained = both.assign(rest=counts["children_after"] - stay)
    table = pd.concat([kept, _moves(lost, gained)], ignore_index=True)
    table = table[table["children"] > _LEAST]
    stages = table["band"].astype(str).str.split("_").str[0]
    return table.assign(stage=stages)[SHIFT_COLUMNS].reset_index(drop=True)


def _sums(rows: pd.DataFrame) -> pd.DataFrame:
    """Children and their mean minutes by unit, band and section."""
    known = rows[rows["children"] > 0]
    spent = known.assign(spent=known["children"] * known["minutes"])
    sums = spent.groupby([*_KEYS, "section_id"])[["children", "spent"]].sum(min_count=1).reset_index()
    return sums.assign(minutes=sums["spent"] / sums["children"]).drop(columns="spent")


def _moves(lost: pd.DataFrame, gained: pd.DataFrame) -> pd.DataFrame:
    """Those who leave a section, spread over the sections that gain."""
    leaving = lost.loc[lost["rest"] > _LEAST, [*_KEYS, "section_id", "rest", "minutes_before"]]
    coming = gained.loc[gained["rest"] > _LEAST, [*_KEYS, "section_id", "rest", "minutes_after"]]
    pairs = leaving.merge(coming, on=_KEYS, suffixes=("_from", "_to"))
    whole = coming.groupby(_KEYS)["rest"].sum().rename("whole")
    pairs = pairs.join(whole, on=_KEYS)
    pairs["children"] = pairs["rest_from"] * pairs["rest_to"] / pairs["whole"]
    return pairs.rename(columns={"section_id_from": "from_section", "section_id_to": "to_section"})


def affected(table: pd.DataFrame, by: str) -> pd.DataFrame:
    """Children by who changes school and whose journey grows or shrinks.

    Parameters
    ----------
    table
        Rows of :func:`shifts`, with the column `by`.
    by
        Column of the rows, e.g. `stage`.

    Returns
    -------
    DataFrame
        `by`, children, changed, share, longer, longer_min (mean over them), shorter, shorter_min, most_min (the
        largest increase); minutes one way.
    """
    change = table["minutes_after"] - table["minutes_before"]
    moved = table["from_section"] != table["to_section"]
    longer, shorter = change >= FELT_MIN, change <= -FELT_MIN
    parts = pd.DataFrame(
        {
            by: table[by],
            "children": table["children"],
            "changed": table["children"].where(moved, 0.0),
            "longer": table["children"].where(longer, 0.0),
            "spent_longer": (table["children"] * change).where(longer, 0.0),
            "shorter": table["children"].where(shorter, 0.0),
            "spent_shorter": (-table["children"] * change).where(shorter, 0.0),
        }
    )
    sums = parts.groupby(by, sort=False).sum()
    most = change.where(longer).groupby(table[by], sort=False).max()
    return pd.DataFrame(
        {
            "children": sums["children"],
            "changed": sums["changed"],
            "share": sums["changed"] / sums["children"],
            "longer": sums["longer"],
            "longer_min": sums["spent_longer"] / sums["longer"].where(sums["longer"] > 0),
            "shorter": sums["shorter"],
            "shorter_min": sums["spent_shorter"] / sums["shorter"].where(sums["shorter"] > 0),
            "most_min": most,
        }
    ).reset_index()


def flows(table: pd.DataFrame) -> pd.DataFrame:
    """Children who change school, from school to school, the most first.

    Returns
    -------
    DataFrame
        stage, from_section, to_section, children, minutes_before, minutes_after (means over the children).
    """
    moved = table[table["from_section"] != table["to_section"]]
    spent = {f"spent_{side}": moved["children"] * moved[f"minutes_{side}"] for side in ("before", "after")}
    sums = moved.assign(**spent).groupby(["stage", "from_section", "to_section"])[["children", *spent]].sum()
    for side in ("before", "after"):
        sums[f"minutes_{side}"] = sums[f"spent_{side}"] / sums["children"]
    ordered = sums.drop(columns=list(spent)).reset_index()
    return ordered.sort_values(["children", "from_section", "to_section"], ascending=[False, True, True],
                               ignore_index=True)  # fmt: skip
