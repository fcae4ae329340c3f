"""Settings of the evaluations: how schools count in the difference coefficient, which norms a place follows."""

from __future__ import annotations

from typing import Literal

from pydantic import field_validator

from simulator.scenario.base import NotNegative, Settings
from simulator.terms import IndexHead

INDEX = dict.fromkeys(IndexHead, 1.0)


class BalanceSettings(Settings):
    """督导评估: 优质均衡 and 普及普惠."""

    weighting: Literal["enrolment", "equal"] = "enrolment"
    """差异系数的口径：enrolment 各校按在校生加权，equal 各校同等。
    How schools count in the difference coefficient: by their pupils, or each as one."""
    index: dict[IndexHead, NotNegative] = INDEX
    """综合评价指数各方面的权重，不写的为 1，0 表示不计：resources 资源达标，balance 校际均衡，seats 学位保障，journeys 就近入学，class_sizes 班额达标。
    Weights of the heads of the composite index; those not named weigh 1, 0 leaves a head out."""

    @field_validator("index")
    @classmethod
    def every_head(cls, given: dict[IndexHead, float]) -> dict[IndexHead, float]:
        """Keep the weight of the heads that are not named."""
        return INDEX | given
