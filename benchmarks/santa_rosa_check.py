"""What a plan for Santa Rosa is worth, worked out from the published files alone.

Nothing of the planner is imported: distances are great circles between the published points, loads are sums over
blocks, and the bound is a transport problem of its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.optimize import LinearConstraint, milp
from scipy.sparse import kron

EARTH_KM = 6371.0088
"""Mean radius of the earth (IUGG)."""
LOAD_FACTOR = 1.1
"""Most pupils of a school, over its official pupils."""
PUBLISHED = {"official mean km": 1.209, "nearest mean km": 0.964, "official not at nearest": 0.337}
"""Figures published with the data, which the measures here must reproduce."""
BEST_KNOWN_KM = 1.039
"""Mean of the best whole-block plan published with the data, for the same limits."""
_ROUNDING = 0.0005
_TOLERANCE = 1e-6


@dataclass(frozen=True)
class Instance:
    """The published problem.

    Parameters
    ----------
    students
        Pupils by block.
    official
        Today's school by block.
    km
        Straight kilometers, blocks × schools.
    """

    students: pd.Series
    official: pd.Series
    km: pd.DataFrame

    @property
    def official_load(self) -> pd.Series:
        """Pupils by school in today's zones, in the order of the columns of `km`."""
        return self.load(self.official)

    @property
    def limit(self) -> pd.Series:
        """Most pupils by school."""
        return LOAD_FACTOR * self.official_load

    @property
    def nearest(self) -> pd.Series:
        """Nearest school by block, whatever its load."""
        return self.km.idxmin(axis=1)

    def load(self, chosen: pd.Series) -> pd.Series:
        """Pupils by school where each block goes to the school chosen for it."""
        loads = self.students.groupby(chosen.reindex(self.students.index)).sum()
        return loads.reindex(self.km.columns, fill_value=0)

    def journeys(self, chosen: pd.Series) -> pd.Series:
        """Kilometers by block to the school chosen for it."""
        columns = self.km.columns.get_indexer(pd.Index(chosen.reindex(self.km.index)))
        return pd.Series(self.km.to_numpy()[np.arange(len(self.km)), columns], index=self.km.index)


def read_instance(source: Path) -> Instance:
    """Read the published blocks and schools.

    Parameters
    ----------
    source
        Folder with `elementary_blocks_2025_26.csv` and `schools.csv`.
    """
    blocks = pd.read_csv(source / "elementary_blocks_2025_26.csv", dtype={"block": str}).set_index("block")
    places = pd.read_csv(source / "schools.csv").set_index("school")
    schools = places.loc[sorted(blocks["official_school"].unique())]
    return Instance(blocks["students"], blocks["official_school"], great_circle_km(blocks, schools))


def great_circle_km(starts: pd.DataFrame, ends: pd.DataFrame) -> pd.DataFrame:
    r"""Great-circle kilometers between points given by `lon` and `lat`, by the haversine formula.

    .. math:: d = 2R \arcsin\sqrt{\sin^2\tfrac{\Delta\varphi}{2}
              + \cos\varphi_1\cos\varphi_2\sin^2\tfrac{\Delta\lambda}{2}}
    """
    lon_1, lat_1 = (np.radians(starts[column].to_numpy(float))[:, None] for column in ("lon", "lat"))
    lon_2, lat_2 = (np.radians(ends[column].to_numpy(float))[None, :] for column in ("lon", "lat"))
    half = np.sin((lat_2 - lat_1) / 2) ** 2 + np.cos(lat_1) * np.cos(lat_2) * np.sin((lon_2 - lon_1) / 2) ** 2
    return pd.DataFrame(2 * EARTH_KM * np.arcsin(np.sqrt(half)), index=starts.index, columns=ends.index)


def read_plan(result: Path) -> pd.DataFrame:
    """The plan of a result folder: block, school (by its name), share."""
    zones = pd.read_csv(result / "tables" / "plan_catchments.csv", dtype={"unit_id": str, "section_id": str})
    sections = pd.read_csv(result / "tables" / "sections.csv").set_index("section_id")["name"]
    plan = zones[(zones["network"] == "plan") & (zones["phase"] == zones["phase"].max())]
    return pd.DataFrame(
        {
            "block": plan["unit_id"].to_numpy(),
            "school": plan["section_id"].map(sections).to_numpy(),
            "share": plan["share"].to_numpy(float),
        }
    )


def faults_of(plan: pd.DataFrame, instance: Instance) -> tuple[str, ...]:
    """Whatever makes a plan invalid: blocks unknown, missing, split or without a school, and overfull schools.

    Parameters
    ----------
    plan
        block, school, share.
    instance
        The published problem.
    """
    unknown = sorted(set(plan["block"]) - set(instance.students.index))
    missing = sorted(set(instance.students.index) - set(plan["block"]))
    homeless = sorted(plan.loc[~plan["school"].isin(instance.km.columns), "block"])
    split = sorted(set(plan.loc[(plan["share"] - 1).abs() > _TOLERANCE, "block"]) | _repeated(plan))
    lists = {
        "not a block": unknown,
        "without a row": missing,
        "without a school": homeless,
        "not whole": split,
    }
    found = [f"{len(blocks)} blocks {fault}: {', '.join(blocks[:3])} …" for fault, blocks in lists.items() if blocks]
    served = plan[plan["block"].isin(instance.students.index)]
    pupils = instance.students.reindex(served["block"]).to_numpy() * served["share"].to_numpy()
    load = pd.Series(pupils, dtype=float).groupby(served["school"].to_numpy()).sum()
    limit = instance.limit
    found += [
        f"{school}: {load[school]:g} pupils, more than {limit[school]:g}"
        for school in limit.index.intersection(load.index)
        if load[school] > limit[school] + _TOLERANCE
    ]
    return tuple(found)


def _repeated(plan: pd.DataFrame) -> set[str]:
    return set(plan.loc[plan["block"].duplicated(), "block"])


def measures(chosen: pd.Series, instance: Instance) -> dict[str, float]:
    """Figures of one zoning, shares as fractions.

    Parameters
    ----------
    chosen
        School by block.
    instance
        The published problem.
    """
    students, total = instance.students, float(instance.students.sum())
    km = instance.journeys(chosen)
    occupied = km[students > 0]
    use = instance.load(chosen) / instance.official_load
    pupils_km = np.repeat(occupied.to_numpy(), students[students > 0].astype(int))
    return {
        "mean straight km": float((km * students).sum()) / total,
        "90th percentile km": float(np.quantile(pupils_km, 0.9)),
        "longest km": float(occupied.max()),
        "not at nearest": float(students[chosen.reindex(km.index) != instance.nearest].sum()) / total,
        "change school": float(students[chosen.reindex(km.index) != instance.official].sum()) / total,
        "largest load / official": float(use.max()),
        "smallest load / official": float(use.min()),
        "balance (largest / smallest)": float(use.max() / use.min()) if use.min() > 0 else float("inf"),
    }


def least_mean_km(instance: Instance) -> float:
    r"""Mean that no plan within the limits can go below: blocks may be split over schools.

    .. math:: \min \sum_{b,s} n_b d_{bs} x_{bs} / \sum_b n_b, \quad
              \sum_s x_{bs} = 1, \quad \sum_b n_b x_{bs} \le 1.1\, l_s, \quad x \ge 0
    """
    students = instance.students.to_numpy(float)
    blocks, schools = instance.km.shape
    load = kron(students[None, :], np.eye(schools), format="csr")
    share = kron(np.eye(blocks), np.ones((1, schools)), format="csr")
    answer = milp(
        (students[:, None] * instance.km.to_numpy(float)).ravel(),
        constraints=[LinearConstraint(load, -np.inf, instance.limit.to_numpy(float)), LinearConstraint(share, 1, 1)],
    )
    return float(answer.fun) / float(students.sum()) if answer.success else float("nan")


def compared(plan: pd.Series, instance: Instance) -> dict[str, dict[str, float]]:
    """Measures of today's zones, of the plan, and of the nearest school whatever its load, side by side."""
    zonings = {"official": instance.official, "plan": plan, "nearest": instance.nearest}
    return {name: measures(chosen, instance) for name, chosen in zonings.items()}


def by_school(plan: pd.Series, instance: Instance) -> pd.DataFrame:
    """Official pupils, limit, pupils of the plan and their mean kilometers, school by school."""
    pupils_km = instance.journeys(plan) * instance.students
    load = instance.load(plan)
    means = pupils_km.groupby(plan.reindex(pupils_km.index)).sum().reindex(load.index) / load
    return pd.DataFrame(
        {
            "official": instance.official_load,
            "limit": instance.limit,
            "plan": load,
            "plan / official": load / instance.official_load,
            "mean km": means,
        }
    )


def against_published(zones: dict[str, dict[str, float]]) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Published figures beside the measures here, and a fault for each that is not reproduced.

    Parameters
    ----------
    zones
        As :func:`compared` returns it.
    """
    measured = {
        "official mean km": zones["official"]["mean straight km"],
        "nearest mean km": zones["nearest"]["mean straight km"],
        "official not at nearest": zones["official"]["not at nearest"],
    }
    best = "whole-block optimum km (plan)"
    frame = pd.DataFrame(
        {
            "published": PUBLISHED | {best: BEST_KNOWN_KM},
            "measured": measured | {best: zones["plan"]["mean straight km"]},
        }
    )
    faults = tuple(
        f"{name}: {measured[name]:.4f} here, {published:g} published"
        for name, published in PUBLISHED.items()
        if abs(measured[name] - published) > _ROUNDING + _TOLERANCE
    )
    return frame, faults
