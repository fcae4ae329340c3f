"""Register against residents: the attendance share of every stage and unit, and what remains (口径差)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from simulator.language import translate as _
from simulator.projection.demand import FloatArray
from simulator.projection.register import StageRegister, ages_of, grades_of
from simulator.scenario import ProjectionSettings
from simulator.terms import COMPULSORY, Stage

# Children on which a unit's own share is believed; with fewer it leans towards the district's share in
# proportion (partial credibility, as in rate making for small groups).
FULL_CREDIBILITY = 30.0
# A hundredth of a child, left over by survival and migration, tells nothing.
LEAST_CHILDREN = 0.01


@dataclass(frozen=True)
class StageShare:
    """片内实际就读率 of a stage in the base year.

    Parameters
    ----------
    stage
        The stage.
    residents, register
        Children of the stage's ages and pupils of the stage in the whole district.
    district
        register ÷ residents; the scenario's figure where the stage has no register.
    unit
        The same by unit, shape (units,), shrunk where few children tell it.
    profile
        Share of a grade relative to the stage's, shape (grades,); 1 except for kindergarten.
    outside
        Share of the register that lives outside the district.
    fitted
        Whether a register tells the share.
    """

    stage: Stage
    residents: float
    register: float
    district: float
    unit: FloatArray
    profile: FloatArray
    outside: float
    fitted: bool

    @property
    def of_newcomers(self) -> float:
        """Share of children in new dwellings: the district's, at most all of them."""
        return min(1.0, self.district)


def fit_shares(
    registers: Mapping[Stage, StageRegister], residents: FloatArray, settings: ProjectionSettings
) -> dict[Stage, StageShare]:
    """Attendance share of every stage; `residents` has the shape (units, ages) of the base year."""
    return {
        stage: _fit_share(register, residents[:, ages_of(stage)], settings) for stage, register in registers.items()
    }


def _fit_share(register: StageRegister, residents: FloatArray, settings: ProjectionSettings) -> StageShare:
    """Attendance share of one stage; `residents` has the shape (units, grades)."""
    children, pupils = residents.sum(axis=1), register.by_cell.sum(axis=1)
    fitted = bool(pupils.sum() > 0 and children.sum() >= 1)
    district = float(pupils.sum() / children.sum()) if fitted else share_without_register(register.stage, settings)
    profile = _grade_profile(register, residents, district) if fitted else np.ones(residents.shape[1])
    unit = np.full(len(children), district)
    if fitted:
        own = _ratio(pupils, residents @ profile, district)
        belief = np.minimum(1.0, evidence_of_shares(register, children) / FULL_CREDIBILITY)
        unit = belief * own + (1 - belief) * district
    return StageShare(
        stage=register.stage,
        residents=float(children.sum()),
        register=float(pupils.sum()),
        district=district,
        unit=unit,
        profile=profile,
        outside=register.outside_share,
        fitted=fitted,
    )


def _ratio(pupils: FloatArray, children: FloatArray, otherwise: float) -> FloatArray:
    """Pupils ÷ children, and another figure where hardly a child is there to tell it."""
    told = children >= LEAST_CHILDREN
    return np.where(told, pupils / np.where(told, children, 1.0), otherwise)


def share_without_register(stage: Stage, settings: ProjectionSettings) -> float:
    """The scenario's share of a stage that has no register; everybody for compulsory and senior stages."""
    if stage is Stage.KINDERGARTEN:
        return settings.kindergarten_enrolment
    return settings.special_share if stage is Stage.SPECIAL else 1.0


def evidence_of_shares(register: StageRegister, children: FloatArray) -> FloatArray:
    """Children that a unit's share rests on, shape (units,).

    With origins they are the unit's own; else those of its catchment, which shares one register;
    a unit without either has a share that the whole district tells.
    """
    if register.listed.any():
        return children
    zoned = (register.zoned > 0).any(axis=2)
    in_catchment = (zoned * children[None, :]).sum(axis=1, keepdims=True)
    largest = (zoned * in_catchment).max(axis=0, initial=0.0)
    return np.asarray(np.where(zoned.any(axis=0), largest, np.inf))


def _grade_profile(register: StageRegister, residents: FloatArray, district: float) -> FloatArray:
    """Share of each grade relative to the stage's: 小班 is less full than 大班."""
    if register.stage is not Stage.KINDERGARTEN:
        return np.ones(residents.shape[1])
    children, pupils = residents.sum(axis=0), register.pupils.sum(axis=0)
    return _ratio(pupils, children, district) / district


def attendance_frame(shares: Mapping[Stage, StageShare]) -> pd.DataFrame:
    """stage, residents, register, share, basis: one row a stage."""
    return pd.DataFrame(
        [
            {
                "stage": share.stage.value,
                "residents": share.residents,
                "register": share.register,
                "share": share.district,
                "basis": _basis(share),
            }
            for share in shares.values()
        ],
        columns=["stage", "residents", "register", "share", "basis"],
    )


def _basis(share: StageShare) -> str:
    """How the share of a stage was found, in the planner's words."""
    ages = ages_of(share.stage)
    if not share.fitted:
        return _("没有在校生可据以拟合，取情景设定值")
    return _("基年在校生 ÷ {first}—{last} 岁常住儿童").format(first=ages.start, last=ages.stop - 1)


def difference_frame(
    registers: Mapping[Stage, StageRegister], shares: Mapping[Stage, StageShare], residents: FloatArray
) -> pd.DataFrame:
    """口径差: what the catchment's children would send at the district's share against the register.

    One row for every section of a stage that has catchments: section_id, stage, catchment_children, share,
    expected, register, difference (register − expected).
    """
    parts = [
        _differences_of_stage(registers[stage], shares[stage], residents)
        for stage in registers
        if registers[stage].zoned.any()
    ]
    columns = ["section_id", "stage", "catchment_children", "share", "expected", "register", "difference"]
    return pd.concat(parts, ignore_index=True)[columns] if parts else pd.DataFrame(columns=columns)


def _differences_of_stage(register: StageRegister, share: StageShare, residents: FloatArray) -> pd.DataFrame:
    """口径差 of the sections of one stage."""
    children = (register.zoned * residents[None, :, ages_of(register.stage)]).sum(axis=(1, 2))
    pupils = register.pupils.sum(axis=1)
    return pd.DataFrame(
        {
            "section_id": register.sections,
            "stage": register.stage.value,
            "catchment_children": children,
            "share": share.district,
            "expected": children * share.district,
            "register": pupils,
            "difference": pupils - children * share.district,
        }
    )


@dataclass(frozen=True)
class Transfer:
    """升学: from the last grade of one stage to the first of the next.

    Parameters
    ----------
    feeder
        The stage whose graduates enter.
    ratio
        Graduates who enter a school of the stage anywhere.
    unit
        Graduates of a unit who enter in this district, arrivals from elsewhere included, shape (units,).
    """

    feeder: Stage
    ratio: float
    unit: FloatArray


def fit_transfers(shares: Mapping[Stage, StageShare], settings: ProjectionSettings) -> dict[Stage, Transfer]:
    r"""Transfer of every stage that another stage of the district feeds, calibrated in year 0.

    Children who leave or arrive at the transition are the ratio of the two attendance shares:

    .. math:: \tau_u^{7} = \rho_{6,7} \cdot \frac{S_u^{junior}}{S_u^{primary}}, \qquad
        \tau_u^{10} = \frac{S_u^{senior}}{S_u^{junior}}

    The senior shares already hold how many go on, so the scenario's share serves only to name the flows there,
    and decides where no register tells it.
    """
    steps = (
        (Stage.PRIMARY, Stage.JUNIOR, settings.primary_to_junior),
        (Stage.JUNIOR, Stage.SENIOR, settings.junior_to_senior),
        (Stage.JUNIOR, Stage.VOCATIONAL, settings.junior_to_vocational),
    )
    transfers: dict[Stage, Transfer] = {}
    for feeder, stage, ratio in steps:
        if stage not in shares or feeder not in shares:
            continue
        before, after = shares[feeder], shares[stage]
        if after.fitted and not before.fitted:
            continue  # nobody to promote: the stage takes its entrants from residents
        unit = np.full(len(after.unit), ratio)
        if after.fitted:
            held = np.where(before.unit > 0, before.unit, 1.0)
            kept = np.where(before.unit > 0, after.unit / held, after.district / before.district)
            unit = kept * (ratio if stage in COMPULSORY else 1.0)
        transfers[stage] = Transfer(feeder, ratio, unit)
    return transfers


def cells_of(stages: tuple[Stage, ...]) -> tuple[tuple[Stage, int], ...]:
    """(stage, grade) of every grade of the stages."""
    return tuple((stage, grade) for stage in stages for grade in grades_of(stage))
