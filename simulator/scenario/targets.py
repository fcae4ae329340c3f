"""Settings of a plan's own targets and of the money rules."""

from __future__ import annotations

from typing import Self

from pydantic import Field, model_validator

from simulator.language import translate as _
from simulator.scenario.base import NotNegative, Settings, Year, refusal
from simulator.terms import Stage, TargetItem

PROMISED = (
    TargetItem.NEW_SEATS,
    TargetItem.NEW_SEATS_KINDERGARTEN,
    TargetItem.NEW_SEATS_SCHOOLS,
    TargetItem.NURSERY_SEATS,
)
"""Items that count seats since the base year; the others are shares."""


class TargetSettings(Settings):
    """本地目标: a target of the plan with the year in which it is due."""

    item: TargetItem
    """指标：随迁 migrant_enrolled、migrant_public（公办）、migrant_places（公办加购买）；幼儿园 kindergarten_gross（毛入园率）、
    kindergarten_public（公办）、kindergarten_inclusive（普惠）；private_compulsory（民办义务教育）、compulsory_enrolled（入学率）、
    compulsory_retention（九年巩固率）、senior_gross（高中阶段毛入学率）、vocational_share（中职占比）；new_seats（新增学位）、
    new_seats_kindergarten、new_seats_schools（中小学）、nursery_seats（托位）。
    What it is about; `new_seats…` and `nursery_seats` count what opens after the base year."""
    least: NotNegative | None = None
    """不低于：比例写 0 到 1 的小数，学位写个数。
    At least; shares as fractions."""
    most: NotNegative | None = None
    """不高于。
    At most."""
    year: Year
    """到期年份，从这一年起核对；学位数只核对这一年。
    Year in which it is due, and from which it is checked (seats: that year alone)."""
    source: str = ""
    """依据，例如文件名。
    Where it is promised."""

    @model_validator(mode="after")
    def one_bound(self) -> Self:
        """Refuse a target without a bound, with both, or a share above one."""
        given = [bound for bound in (self.least, self.most) if bound is not None]
        if len(given) != 1:
            raise refusal("least", _("least 和 most 应写其中一个"))
        if self.item not in PROMISED and given[0] > 2:
            raise refusal("least", _("比例写小数，例如 0.56"))
        return self

    @property
    def value(self) -> float:
        """The bound."""
        return float(self.least if self.least is not None else self.most or 0.0)

    def met(self, figure: float) -> bool:
        """Whether a figure reaches it, but for rounding."""
        return figure >= self.value - 1e-9 if self.least is not None else figure <= self.value + 1e-9


class MoneySettings(Settings):
    """经费: how running cost grows, and whom special education pays for."""

    funds_growth: float = Field(0.0, gt=-1, le=1)
    """生均公用经费标准的年增长率；0 为不变价。
    Yearly growth of the funds a pupil; 0 keeps prices constant."""
    wage_growth: float = Field(0.0, gt=-1, le=1)
    """每岗人员经费的年增长率；0 为不变价。
    Yearly growth of the cost of a post."""
    included_pupils: dict[Stage, NotNegative] = Field(default={})
    """随班就读和送教上门的残疾学生数，按学段，如 { primary = 28 }；按特教生均标准补足公用经费。
    Disabled pupils in ordinary classes or taught at home, by stage; funded at the special rate."""
