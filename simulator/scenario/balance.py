"""Settings of the evaluations: how schools count in the difference coefficient, which norms a place follows."""

from __future__ import annotations

from typing import Literal

from simulator.scenario.base import Settings


class BalanceSettings(Settings):
    """督导评估: 优质均衡 and 普及普惠."""

    weighting: Literal["enrolment", "equal"] = "enrolment"
    """差异系数的口径：enrolment 各校按在校生加权，equal 各校同等。
    How schools count in the difference coefficient: by their pupils, or each as one."""
