"""Settings of levers beside building and zoning: temporary and bought seats, private schools, whom a school serves."""

from __future__ import annotations

from typing import Self

from pydantic import Field, model_validator

from simulator.language import translate as _
from simulator.scenario.base import NotNegative, Settings, Share, Year, refusal
from simulator.terms import COMPULSORY, Serves, Stage

NO_EXIT: dict[Stage, float] = {}


class TemporarySettings(Settings):
    """过渡学位: rooms that serve for some years only."""

    place: str = Field(min_length=1)
    """学校 school_id。
    school_id."""
    stage: Stage
    """学段。
    Stage."""
    rooms: int = Field(ge=1)
    """过渡教室数。
    Classrooms."""
    first_year: Year
    """启用年份。
    First year of use."""
    last_year: Year
    """最后使用的学年；到期后这些学位不再计入。
    Last year of use; afterwards the seats no longer count."""
    cost_wan: NotNegative | None = None
    """投资，万元；不写按教室数 × 标准班额 × 过渡学位单价。
    Capital in 万元; empty: rooms × standard class size × the price of a temporary seat."""

    def rooms_in(self, first_year: int, last_year: int) -> int:
        """Rooms that serve in every year of a phase; seats are never promised for a part of it."""
        return self.rooms if self.first_year <= first_year and last_year <= self.last_year else 0

    @model_validator(mode="after")
    def years_in_order(self) -> Self:
        """Refuse an expiry before the opening."""
        if self.last_year < self.first_year:
            raise refusal("last_year", _("早于启用年份 first_year = {year}").format(year=self.first_year))
        return self


class BoughtSettings(Settings):
    """购买学位: seats of a private school that the government pays for."""

    school: str = Field(min_length=1)
    """民办学校或民办幼儿园 school_id。
    school_id of a private school or kindergarten."""
    stage: Stage
    """学段。
    Stage."""
    first_year: Year
    """第一个购买学年。
    First year."""
    last_year: Year
    """最后一个购买学年。
    Last year."""
    seats: int = Field(ge=1)
    """每学年购买的学位数。
    Seats a year."""
    price_yuan: NotNegative
    """每个学位每学年的购买价格，元。
    Yuan a seat and year."""

    @model_validator(mode="after")
    def years_in_order(self) -> Self:
        """Refuse a last year before the first."""
        if self.last_year < self.first_year:
            raise refusal("last_year", _("早于第一个购买学年 first_year = {year}").format(year=self.first_year))
        return self


class RecognitionSettings(Settings):
    """普惠认定: a private kindergarten that becomes an inclusive one."""

    school: str = Field(min_length=1)
    """民办幼儿园 school_id。
    school_id of a private kindergarten."""
    year: Year
    """认定为普惠性幼儿园的学年。
    Year from which it is inclusive."""


class ServesSettings(Settings):
    """招生对象调整: a school that serves another group of children."""

    school: str = Field(min_length=1)
    """学校 school_id。
    school_id."""
    stage: Stage
    """学段。
    Stage."""
    serves: Serves
    """招生对象：all 全部，migrant 随迁子女（不划片，按学位统筹安排）。
    `migrant`: no catchment, a share of every unit's children; `all`: as other schools of the stage."""


class LeverSettings(Settings):
    """举措: what a bureau does beside building, extending and zoning."""

    temporary: tuple[TemporarySettings, ...] = ()
    """过渡学位：有使用期限的教室。
    Temporary seats with an expiry."""
    bought: tuple[BoughtSettings, ...] = ()
    """购买民办学位。
    Seats bought from private schools."""
    recognised: tuple[RecognitionSettings, ...] = ()
    """普惠性民办幼儿园认定。
    Private kindergartens recognised as inclusive."""
    serves: tuple[ServesSettings, ...] = ()
    """调整招生对象的学校；测算中自基准年起按新的招生对象。
    Schools that serve another group; the calculation takes the new group from the base year on."""
    private_exit: dict[Stage, Share] = NO_EXIT
    """民办退出曲线：各学段每年退出的民办学位占基准年民办学位的比例，如 { kindergarten = 0.06 }；由小到大逐所退出。
    Share of the private seats of the base year that leave each year, by stage; whole schools, smallest first."""
    nursery_seats_new: int = Field(0, ge=0)
    """托幼一体：每所新建公办幼儿园同时设置的托位数，只计数，不占幼儿园学位。
    Nursery places (托位) set up with every new public kindergarten; counted only."""

    @model_validator(mode="after")
    def exits_without_catchments(self) -> Self:
        """Refuse an exit curve of the compulsory stages, whose private schools hold a share of every unit."""
        for stage in self.private_exit:
            if stage in COMPULSORY:
                raise refusal("private_exit", _("只能写幼儿园、普通高中、中职、特教；义务教育民办学校用 study.trend"))
        return self

    def temporary_rooms(self, place: str, first_year: int, last_year: int) -> int:
        """Temporary rooms of a campus in a phase."""
        return sum(lever.rooms_in(first_year, last_year) for lever in self.temporary if lever.place == place)
