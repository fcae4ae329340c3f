"""Settings of teachers and of education groups."""

from __future__ import annotations

from pydantic import Field, field_validator

from simulator.scenario.base import NotNegative, Positive, Settings, Share
from simulator.terms import AreaKind, Stage

LEAVING: dict[AreaKind, float] = {AreaKind.CITY: 0.0, AreaKind.TOWN: 0.0, AreaKind.VILLAGE: 0.0}


class TeacherSettings(Settings):
    """师资: how the county's teachers are pooled; without a table of teachers only the need is shown."""

    pool: bool = True
    """是否在县区内统筹调配（县管校聘）；false 只列需求和缺口。
    Whether teachers are pooled in the county; false shows need and gaps only."""
    stages: tuple[Stage, ...] = (Stage.PRIMARY, Stage.JUNIOR)
    """统筹调配的学段；初中教师可任教小学，小学教师不可任教初中。
    Stages that are pooled; a junior teacher may teach primary classes, not the other way round."""
    recruits_per_year: int | None = Field(None, ge=0)
    """每年最多招聘的专任教师，人，全县区；不写则不限。
    Most teachers recruited a year in the whole district; not set: no limit."""
    ahead_years: int = Field(3, ge=1, le=10)
    """只为今后这么多年内一直存在的学科缺口招聘，也只调出这么多年内都不需要的教师。
    Teachers are recruited only for gaps of a subject that last so many years, and released only where not needed in them."""
    longest_minutes: Positive = 45.0
    """调动和轮岗的最长单程时间，分钟。
    Longest way between the two schools of a transfer or rotation, minutes one way."""
    travel_kmh: Positive = 35.0
    """教师往返学校之间的速度，公里/小时；有轮渡的取学生通学时间。
    Speed between schools, km/h; over a ferry the journey of pupils counts."""
    leaving: dict[AreaKind, Share] = LEAVING
    """每年离职（退休除外）的比例，按学校所在地城乡分类。
    Share of teachers who leave a year, retirements apart, by kind of area of the school."""
    rotation: bool = True
    """是否编排交流轮岗。
    Whether rotation between schools is arranged."""

    @field_validator("leaving")
    @classmethod
    def every_area(cls, given: dict[AreaKind, float]) -> dict[AreaKind, float]:
        """Keep the default of the kinds of area that are not named."""
        return LEAVING | given


class GroupSettings(Settings):
    """集团化办学: how weak schools are grouped around strong ones, where there is a table of teachers."""

    propose: bool = True
    """是否编组；false 只列出已有的教育集团。
    Whether groups are proposed; false lists only those that exist."""
    number: int | None = Field(None, ge=1)
    """每个县区新编的集团数；不写则按薄弱学校数和每个集团的学校数推算。
    New groups of each county; not set: from the weak schools and the schools of a group."""
    members: int = Field(4, ge=2, le=20)
    """每个集团一般有几所学校（含核心校）。
    Usual number of schools of a group, its lead included."""
    most_members: int = Field(6, ge=2, le=30)
    """每个集团最多有几所学校（含核心校）。
    Most schools of a group, its lead included."""
    weak_share: Share = 0.5
    """师资指数最低的这个比例的学校为薄弱学校，每所须有一所核心校。
    The schools with the lowest teacher index up to this share are weak: each needs one lead."""
    lead_share: Share = 0.3
    """可作核心校的学校比例：在校生不少于中位数的学校中师资指数最高者。
    Share of the schools that may lead: those with the highest index among schools of at least median size."""
    longest_minutes: Positive = 40.0
    """成员校到核心校的最长单程时间，分钟。
    Longest way from a member to its lead, minutes one way."""
    gap: NotNegative = 0.02
    """编组求解达到这个间隙就停止。
    Gap at which grouping stops."""
