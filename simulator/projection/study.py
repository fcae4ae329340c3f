"""Where children study: in town, in a school of their choice, in private schools, outside the district, or back in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import get_args

import numpy as np
import numpy.typing as npt
import pandas as pd

from simulator.inputs.district import District
from simulator.projection.attendance import StageShare
from simulator.projection.demand import FloatArray
from simulator.projection.flows import Flow
from simulator.projection.movement import Numbers
from simulator.projection.register import StageRegister
from simulator.scenario import StudySettings
from simulator.scenario.population import StudyFlow
from simulator.terms import COMPULSORY, AreaKind, Stage

STUDY_FLOWS: tuple[StudyFlow, ...] = get_args(StudyFlow)
STUDY_NAMES: dict[StudyFlow, Flow] = {
    "to_town": Flow.TO_TOWN,
    "chosen": Flow.CHOSEN,
    "private": Flow.PRIVATE,
    "outside": Flow.OUTSIDE,
    "returning": Flow.RETURN,
}
"""Flow of the settings → the name that the accounts give it."""
_TOWN = (AreaKind.CITY.value, AreaKind.TOWN.value)


@dataclass(frozen=True)
class Study:
    """How the places where children ask for seats change from what the base year shows.

    Parameters
    ----------
    trend
        stage → flow → yearly change of its share of the children.
    rural
        1 where a unit is a village, shape (units,).
    chosen
        stage → where children who choose another school ask for seats, shape (units,), summing to 1.
    """

    trend: Mapping[Stage, Mapping[StudyFlow, float]]
    rural: FloatArray
    chosen: Mapping[Stage, FloatArray]

    def changes(self, stage: Stage, children: FloatArray, position: int) -> dict[Flow, FloatArray]:
        r"""By name what the flows add to the children of each unit, shape (..., units), some years after the base.

        Children who leave for other districts or for private schools outside the network, or return, change the
        total by trend × years; those who study in town, or choose, ask for the same seats in other units:

        .. math:: \Delta_u = -x N_u [u \in R] + x \sum_{v \in R} N_v \cdot
            \frac{N_u [u \notin R]}{\sum_{w \notin R} N_w}, \qquad x = \text{trend} \cdot t
        """
        trend = self.trend.get(stage)
        if not trend:
            return {}
        across = {
            Flow.OUTSIDE: -trend.get("outside", 0.0) * position,
            Flow.PRIVATE: -trend.get("private", 0.0) * position,
            Flow.RETURN: trend.get("returning", 0.0) * position,
        }
        most = max(1.0, -sum(across.values()))
        parts = {flow: share / most * children for flow, share in across.items() if share != 0}
        left = children + sum(parts.values(), np.zeros_like(children))
        if "to_town" in trend and self.rural.any() and not self.rural.all():
            parts[Flow.TO_TOWN] = self._to_town(left, trend["to_town"] * position)
            left = left + parts[Flow.TO_TOWN]
        if "chosen" in trend and stage in self.chosen:
            moving = left * np.clip(trend["chosen"] * position, 0, 1)
            parts[Flow.CHOSEN] = moving.sum(axis=-1, keepdims=True) * self.chosen[stage] - moving
        return parts

    def redirected(self, stage: Stage, children: Numbers, position: int) -> Numbers:
        """The children of a stage by unit where they ask for seats, shape (..., units)."""
        if not self.trend.get(stage):
            return children
        counted = children.astype(np.float64)
        parts = self.changes(stage, counted, position)
        return np.maximum(0.0, counted + sum(parts.values(), np.zeros_like(counted)))

    def _to_town(self, children: FloatArray, share: float) -> FloatArray:
        """What moves between villages and towns; back to the villages where the share is negative."""
        rural, town = children * self.rural, children * (1 - self.rural)
        of_rural, of_town = (part.sum(axis=-1, keepdims=True) for part in (rural, town))
        moving = np.clip(share * of_rural, -of_town, of_rural)
        from_rural = np.divide(rural, of_rural, out=np.zeros_like(rural), where=of_rural > 0)
        to_town = np.divide(town, of_town, out=np.zeros_like(town), where=of_town > 0)
        return np.asarray(np.where(of_town > 0, moving * (to_town - from_rural), 0.0))


def build_study(
    registers: Mapping[Stage, StageRegister], area_kinds: npt.NDArray[np.object_], settings: StudySettings
) -> Study:
    """The flows of every stage from the settings; `area_kinds` is the kind of area of each unit."""
    trend: dict[Stage, dict[StudyFlow, float]] = {}
    for flow, by_stage in settings.trend.items():
        for stage, yearly in by_stage.items():
            if yearly != 0:
                trend.setdefault(stage, {})[flow] = yearly
    chosen = {stage: weights for stage, one in registers.items() if (weights := _choosing(one)) is not None}
    return Study(trend, (~np.isin(area_kinds, _TOWN)).astype(np.float64), chosen)


def _choosing(register: StageRegister) -> FloatArray | None:
    """Units of the sections that children from outside their catchment attend, as weights, shape (units,)."""
    outside = _from_elsewhere(register).sum(axis=(1, 2))
    zoned = register.zoned.sum(axis=2)
    inside = zoned.sum(axis=1, keepdims=True)
    weights = (outside[:, None] * np.divide(zoned, inside, out=np.zeros_like(zoned), where=inside > 0)).sum(axis=0)
    return np.asarray(weights / weights.sum()) if weights.sum() > 0 else None


def _from_elsewhere(register: StageRegister) -> FloatArray:
    """Pupils of a section from units that are zoned, but to another one, shape (sections, units, grades)."""
    zoned_anywhere = register.zoned.any(axis=0, keepdims=True)
    return np.asarray(register.by_unit * (register.zoned == 0) * zoned_anywhere)


def study_frame(
    registers: Mapping[Stage, StageRegister],
    shares: Mapping[Stage, StageShare],
    district: District,
    public: Mapping[str, bool],
    years: range,
    settings: StudySettings,
) -> pd.DataFrame:
    """stage, flow, year, share, low, high: where children study in the base year, and as the trends and bands say.

    Shares are parts of the pupils of the stage; that of `outside`, told of compulsory stages only, is the part of the
    resident children without a seat in the district. `public` tells by section whether the school is public.
    """
    rows = []
    for stage, register in registers.items():
        today = _today(register, shares[stage], district, public)
        for flow in STUDY_FLOWS:
            if flow not in today:
                continue
            yearly, half = settings.trend.get(flow, {}).get(stage, 0.0), settings.band.get(flow, 0.0)
            for passed, year in enumerate(years):
                ends = (today[flow] + (yearly + way * half) * passed for way in (0, -1, 1))
                rows.append((stage.value, flow, year, *(min(1.0, max(0.0, share)) for share in ends)))
    return pd.DataFrame(rows, columns=["stage", "flow", "year", "share", "low", "high"])


def _today(
    register: StageRegister, share: StageShare, district: District, public: Mapping[str, bool]
) -> dict[StudyFlow, float]:
    """Shares of the base year, as far as the tables tell them."""
    total = float(register.pupils.sum())
    if total <= 0:
        return {}
    by_section = register.by_unit.sum(axis=2)
    found: dict[StudyFlow, float] = {
        "private": float(by_section[[not public.get(section, True) for section in register.sections]].sum() / total),
        "returning": register.outside_share,
    }
    if register.stage in COMPULSORY and share.residents > 0:
        found["outside"] = max(0.0, 1.0 - share.register / share.residents)
    in_town = _in_town(register.sections, district)
    if in_town is not None:
        rural = ~district.units["area_kind"].isin(_TOWN).to_numpy()
        found["to_town"] = float(by_section[np.ix_(in_town, rural)].sum() / total)
    if register.zoned.any():
        found["chosen"] = float(_from_elsewhere(register).sum() / total)
    return found


def _in_town(sections: tuple[str, ...], district: District) -> npt.NDArray[np.bool_] | None:
    """Whether a section lies in a city or town: where most units of its township are."""
    if district.schools.empty or "township" not in district.units:
        return None
    kinds = district.units.assign(town=district.units["area_kind"].isin(_TOWN)).groupby("township")["town"].mean()
    townships = district.schools.drop_duplicates("school_id").set_index("school_id")["township"]
    schools = pd.Series([section.rsplit(":", 1)[0] for section in sections])
    return np.asarray(schools.map(townships).map(kinds).fillna(0.0) >= 0.5, dtype=np.bool_)
