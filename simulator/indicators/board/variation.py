"""校际差异系数: how far the schools of a county are apart, and whether children or the plan moved them apart."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from simulator.rules.board import RESOURCES
from simulator.standards import Standards
from simulator.terms import Network

VARIATION_COLUMNS = [
    *("network", "county", "stage", "item", "year", "schools", "mean", "coefficient", "limit", "today", "reweighted"),
    *("children_alone", "from_children", "from_plan", "turn"),
]
BROKEN_BY_CHILDREN, HEALED_BY_CHILDREN = "broken_by_children", "healed_by_children"
BROKEN_BY_PLAN, HEALED_BY_PLAN = "broken_by_plan", "healed_by_plan"
"""Turns of a coefficient against its limit: because of where children are, or because of the plan."""
_KEY = ["county", "stage", "item", "year"]


def coefficient(
    values: npt.NDArray[np.float64], pupils: npt.NDArray[np.float64], *, weighted: bool = True
) -> tuple[float, float]:
    r"""差异系数 and county mean of one indicator.

    .. math:: CV = \frac{S}{\bar X}, \qquad \bar X = \frac{\sum P_i X_i}{\sum P_i}, \qquad
              S = \sqrt{\sum \frac{P_i}{P_N} (X_i - \bar X)^2}

    教督〔2012〕3号, annex. Unweighted, every school counts as one.

    Parameters
    ----------
    values, pupils
        Indicator and enrolment of every school with a known value.
    weighted
        Whether schools count by their pupils.

    Returns
    -------
    tuple
        Coefficient and mean; NaN without schools, or where the mean is 0.

    Examples
    --------
    >>> coefficient(np.array([2.0, 4.0]), np.array([300.0, 100.0]))
    (0.34641016151377546, 2.5)
    """
    weights = pupils if weighted else np.ones_like(values)
    if not len(values) or weights.sum() <= 0:
        return float("nan"), float("nan")
    mean = float(np.average(values, weights=weights))
    spread = float(np.sqrt(np.average((values - mean) ** 2, weights=weights)))
    return (spread / mean if mean > 0 else float("nan")), mean


def coefficients(schools: pd.DataFrame, standards: Standards, *, weighted: bool = True) -> pd.DataFrame:
    """The coefficient of every item, stage and year of both networks, and what moved it.

    The present network without action has today's resources and the children of the year. So what its
    coefficient changes by is the children's doing (`from_children`), and the rest of the change is the plan's
    (`from_plan`): today + from_children + from_plan = coefficient of the plan. `reweighted` holds the values of today
    against the enrolment of the year: how much of the children's doing is weight alone.

    Parameters
    ----------
    schools
        Of :func:`simulator.indicators.board.schools.school_values`, both networks.
    standards
        Limits `balance.variation.*`.
    weighted
        Whether schools count by their pupils.

    Returns
    -------
    pandas.DataFrame
        :data:`VARIATION_COLUMNS`; a county without a known value of an item has no row of it.
    """
    rows = pd.DataFrame(list(measured_coefficients(schools, standards, weighted=weighted)))
    if rows.empty:
        return pd.DataFrame(columns=VARIATION_COLUMNS)
    present = rows[rows["network"] == Network.NO_ACTION].set_index(_KEY)["coefficient"]
    first = rows["year"].min()
    base = present[present.index.get_level_values("year") == first].droplevel("year")
    alone = present.reindex(pd.MultiIndex.from_frame(rows[_KEY])).to_numpy()
    today = base.reindex(pd.MultiIndex.from_frame(rows[_KEY[:-1]])).to_numpy()
    rows = rows.assign(
        today=today,
        children_alone=alone,
        from_children=alone - today,
        from_plan=rows["coefficient"].to_numpy() - alone,
    )
    return rows.assign(turn=_turns(rows))[VARIATION_COLUMNS]


def measured_coefficients(schools: pd.DataFrame, standards: Standards, *, weighted: bool) -> Iterator[dict[str, Any]]:
    """Coefficients as they are, one row a network, county, stage, item and year.

    Yields
    ------
    dict
        network, county, stage, item, year, schools, mean, coefficient, limit, reweighted (NaN without the present network).
    """
    present = schools[schools["network"] == Network.NO_ACTION]
    names = [resource.item_id for resource in RESOURCES]
    before = present[present["year"] == schools["year"].min()].set_index("section_id")[names]
    for (network, county, stage, year), own in schools.groupby(["network", "county", "stage", "year"], sort=True):
        limit = standards.value(f"balance.variation.{stage}")
        pupils = own["pupils"].to_numpy(np.float64)
        today = before.reindex(own["section_id"]).to_numpy(np.float64)
        for place, name in enumerate(names):
            values = own[name].to_numpy(np.float64)
            known = np.isfinite(values)
            if not known.any():
                continue
            figure, mean = coefficient(values[known], pupils[known], weighted=weighted)
            then = today[:, place]
            both = np.isfinite(then)
            yield {
                "network": network,
                "county": county,
                "stage": stage,
                "item": name,
                "year": year,
                "schools": int(known.sum()),
                "mean": mean,
                "coefficient": figure,
                "limit": limit,
                "reweighted": coefficient(then[both], pupils[both], weighted=weighted)[0],
            }


def _turns(rows: pd.DataFrame) -> npt.NDArray[np.str_]:
    """What took a coefficient over its limit, or back under it: children first, since they come whatever is planned."""
    limit = rows["limit"].to_numpy() + 1e-9
    today, alone, now = (rows[name].to_numpy() <= limit for name in ("today", "children_alone", "coefficient"))
    return np.select(
        [today & ~alone & ~now, ~today & alone & now, alone & ~now, ~alone & now],
        [BROKEN_BY_CHILDREN, HEALED_BY_CHILDREN, BROKEN_BY_PLAN, HEALED_BY_PLAN],
        default="",
    )
