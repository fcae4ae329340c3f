"""Progression as the district's own history has it, unit by unit; the scenario's ratios where the history is short."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from simulator.projection.attendance import Transfer
from simulator.projection.calibration import Calibration
from simulator.projection.demand import FloatArray
from simulator.projection.register import StageRegister
from simulator.terms import Stage


def kept_by_unit(stage: Stage, register: StageRegister, calibration: Calibration, migration: FloatArray) -> FloatArray:
    r"""Pupils of each grade who are in the next one a year later, before migration.

    The ratios of the schools that a unit's pupils attend, scaled so that the district keeps its own ratio; ratios of a
    history hold migration already, so the mean of it is taken out again:

    .. math:: k_{u,g} = \frac{\rho_g}{1 + \bar m} \cdot \frac{r_{u,g}}{\bar r_g}, \qquad
        r_{u,g} = \frac{\sum_s N_{s,u,g} \rho_{s,g}}{\sum_s N_{s,u,g}}

    Parameters
    ----------
    stage, register
        The stage, and where its pupils study and live.
    calibration
        Ratios of the history, or of the scenario.
    migration
        Net migration a year by unit.

    Returns
    -------
    numpy.ndarray
        Shape (grades − 1,) where the scenario tells, (units, grades − 1) where the history does.
    """
    district = calibration.retention[stage]
    if stage not in calibration.fitted:
        return district
    pupils = register.by_cell[:, :-1]
    return np.asarray(district * _beside_the_district(stage, register, calibration) / (1 + _mean(migration, pupils)))


def _beside_the_district(stage: Stage, register: StageRegister, calibration: Calibration) -> FloatArray:
    """Ratio of a unit's schools ÷ the district's, of mean 1 over the pupils, shape (units, grades − 1)."""
    district, own = calibration.retention[stage], calibration.school_retention.get(stage)
    pupils = register.by_unit[..., :-1]
    ratios = np.tile(district, (len(register.sections), 1))
    if own is not None:
        told = {f"{school}:{stage}": row for school, row in zip(calibration.schools[stage], own, strict=True)}
        ratios = np.array([told.get(section, district) for section in register.sections]).reshape(ratios.shape)
    total = pupils.sum(axis=0)
    mixed = (pupils * ratios[:, None, :]).sum(axis=0)
    unit = np.where(total > 0, mixed / np.where(total > 0, total, 1.0), district)
    return np.asarray(unit / _mean(unit, total))


def calibrated_transfers(
    transfers: Mapping[Stage, Transfer],
    registers: Mapping[Stage, StageRegister],
    calibration: Calibration,
    migration: FloatArray,
) -> dict[Stage, Transfer]:
    """Transfers scaled so that the district's entrants are the history's ratio of its graduates."""
    found = dict(transfers)
    for stage, transfer in transfers.items():
        graduates = registers[transfer.feeder].by_cell[:, -1]
        now = float((graduates * transfer.unit * (1 + migration)).sum())
        ratio = calibration.entry_ratio.get(stage)
        if stage in calibration.fitted and ratio is not None and now > 0:
            found[stage] = replace(transfer, unit=transfer.unit * (ratio * graduates.sum() / now))
    return found


def _mean(values: FloatArray, weights: FloatArray) -> FloatArray:
    """Mean over units, weighted by pupils of each grade, shape (grades,); `values` by unit or by unit and grade."""
    by_grade = values if values.ndim > 1 else values[:, None]
    total = weights.sum(axis=0)
    weighted = (by_grade * weights).sum(axis=0)
    mean = by_grade.mean(axis=0) if len(by_grade) else np.ones(weights.shape[1])
    return np.asarray(np.where(total > 0, weighted / np.where(total > 0, total, 1.0), mean))
