"""Settings of the solution: what is minimized, how it is solved, what is written."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from simulator.language import Language
from simulator.scenario.base import NotNegative, Positive, Settings, Share

MAPS = ("schools", "children", "balance", "catchments", "layout", "moves", "phases")
"""Every map that can be asked for."""


class ObjectiveSettings(Settings):
    """目标: what is minimized: yuan a year, discounted mean over the plan; shortage is priced, never hidden."""

    discount_rate: Share = 0.04
    """年折现率，也用于投资的年金折算。
    Yearly rate, also of the annuities."""
    value_of_time: NotNegative = 20.0
    """通学时间价值，元/小时。
    Yuan an hour of a child's journey."""
    school_days: int = Field(190, ge=1, le=366)
    """每学年上学天数，每天往返两次。
    School days a year; two journeys a day."""
    shortage: NotNegative = 60000.0
    """一名儿童没有学位，元/年。
    Yuan a year of a child without a seat."""
    over_standard: NotNegative = 8000.0
    """一名学生超出标准班额，元/年。
    Yuan a year of a pupil above the standard class size."""
    moved: NotNegative = 600.0
    """一名儿童改变招生范围，元（一次）。
    Yuan of a child whose catchment changes, once."""


class SolverSettings(Settings):
    """求解: how the model is solved; the command line overrides these."""

    name: str = Field("highs", min_length=1)
    """求解器：highs，或 PuLP 认识的其他求解器（CBC、GUROBI、COPT 等），后者不做搜索。
    Solver: highs, or another that PuLP knows by name (CBC, GUROBI, COPT …), without search."""
    time_limit_s: Positive = 28.0
    """求解时间上限，秒；到时给出已找到的最好方案。
    Seconds of solving; the best plan found is returned."""
    gap: NotNegative = 0.005
    """达到这个最优间隙就停止。
    Gap at which to stop, a fraction as the manual defines it."""
    work_limit: int | None = Field(None, ge=1)
    """分支定界节点数上限；设定后结果可重现，不再看时间上限。
    Branch-and-bound nodes to search; with it the run is deterministic and ignores the time limit."""
    seed: int = Field(1, ge=0)
    """求解器的随机种子。
    Random seed of the solver."""
    workers: int = Field(2, ge=1)
    """出图等独立工作的进程数；不影响结果。
    Processes for maps and other independent work; never changes a result."""


class OutputSettings(Settings):
    """成果: what is written."""

    maps: tuple[str, ...] = MAPS
    """要出的图：schools 现状布局，children 学龄人口，balance 学位供需，catchments 招生范围，layout 规划布局，
    moves 撤并流向，phases 分期对比。
    Maps by name."""
    dpi: int = Field(300, ge=72, le=600)
    """图件分辨率。
    Resolution of maps and charts."""
    language: Language = Language.ZH
    """成果语言。
    Language of all outputs."""
    edition: Literal["internal", "public"] = "internal"
    """internal 内部版，public 公开版。
    Internal or public edition."""
    author: str = ""
    """编制单位，印在图件和表格上。
    The planning body, printed on maps and sheets."""
