"""Settings of the solution: what is minimized, how it is solved, what is written."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import Field, field_validator

from simulator.language import Language
from simulator.language import translate as _
from simulator.scenario.base import NotNegative, Positive, Settings, Share, Year, refusal
from simulator.scenario.maps import MAPS

DOCUMENTS = ("plan", "brief", "notice", "work_points", "self_assessment", "warning", "school_sheets", "livelihood")
"""Every Word document that can be asked for."""

Office = Literal["education", "planning", "finance", "development", "housing", "staffing", "transport", "townships"]
"""Who can be responsible for a task."""

NO_OFFICES: dict[Office, str] = {}


GOALS = (
    "shortage",
    "over_standard",
    "moved",
    "journeys",
    "cost",
    "running",
    "capital",
    "transport",
    "changes",
)
"""Every goal that can be named: the items of the objective, and `cost` = running + capital + transport."""


NO_TOLERANCES: dict[str, float] = {}
_COUNTY_DIGITS = 6


class ObjectiveSettings(Settings):
    """目标: what is minimized: yuan a year, discounted mean over the plan; shortage is priced, never hidden."""

    goals: tuple[str, ...] = ()
    """依次优化的目标，前面的优先，如 shortage、over_standard、moved、journeys、cost；不写则按单价折算成一个综合费用。
    Goals in order, the first before all others; empty means one generalized cost. Seats (shortage, over_standard) come
    first where they are not named; whatever else no goal names is minimized last."""
    tolerance: Share = 0.01
    """后面的目标可以使前面的目标比其最好值差多少（比例）。
    By what share an earlier goal may fall short of its best value for the sake of a later one."""
    tolerances: dict[str, Share] = NO_TOLERANCES
    """个别目标的容差，如 { shortage = 0.0 }；没有写的用 tolerance。
    Tolerance of single goals; the others have `tolerance`."""

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
    changed: NotNegative = 600.0
    """贴近原方案（--stay-close-to）时，一名儿童的招生范围与原方案不同，元（一次）。
    With --stay-close-to: yuan of a child whose catchment differs from the earlier plan, once."""
    changed_decision_wan: NotNegative = 50.0
    """贴近原方案时，一项新建、撤并、规模与原方案不同，万元/年（不同的年份计）。
    With --stay-close-to: 万元 a year in which an opening, a closure or a size differs from the earlier plan."""


class SolverSettings(Settings):
    """求解: how the model is solved; the command line overrides these."""

    name: str = Field("highs", min_length=1)
    """求解器：highs，或 PuLP 认识的其他求解器（CBC、GUROBI、COPT 等），后者不做搜索。
    Solver: highs, or another that PuLP knows by name (CBC, GUROBI, COPT …), without search."""
    time_limit_s: Positive = 40.0
    """求解时间上限，秒；到时给出已找到的最好方案，还没有方案时至多延长到三倍。
    Seconds of solving; the best plan found is returned. Without any plan the search goes on to three times as long."""
    gap: NotNegative = 0.005
    """达到这个最优间隙就停止。
    Gap at which to stop, a fraction as the manual defines it."""
    near: Share = 0.005
    """可调部分的代价相差在此以内的方案算作同样好，用于判断各项举措是稳健还是待定。
    Plans within this share of the cost that decisions can change count as equally good: which actions stay in all."""
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
    """要出的图，写图名或图号：location 区位与规划范围（M1），schools 现状布局、stage_schools 分学段现状布局（M2），
    children 学龄人口（M3），crowding 班额与利用率（M4），coverage 现状服务半径（M5），journeys 通学时间、reach 可达性（M6），
    balance 学位供需（M7），catchments_now 现状招生范围（M8），catchments_planned 规划招生范围（M9），catchments 两者对比，
    layout 规划布局、stage_layout 分学段规划布局（M10），coverage_planned 规划服务半径（M11），moves 撤并流向（M12），
    groups 集团化办学、teachers 教师交流（M13），near_term 近期建设（M14），land 教育用地、land_sheets 分地块图则（M15），
    reserve 弹性预留与功能转换（M16），transport 校车与寄宿（M17），phases 分期对比（M18），legend 图例。
    Maps by name or by code M1 to M18."""
    county_maps: tuple[str, ...] = ("layout",)
    """分县另出的图：辖几个县（市、区）的地方，每县各出一张，写法同 maps。
    Maps with a sheet of their own for each county, where the district has several."""
    map_formats: tuple[Literal["png", "pdf"], ...] = ("png",)
    """图件格式：png 图片，pdf 矢量图（内嵌字体，放大不糊，便于排版印刷）。
    Formats of the maps: pictures, or vectors with the type inside."""
    dpi: int = Field(300, ge=72, le=600)
    """图件分辨率。
    Resolution of maps and charts."""
    language: Language = Language.ZH
    """成果语言。
    Language of all outputs."""
    edition: Literal["internal", "public"] = "internal"
    """internal 内部版，public 公开版：只含已批准的举措，不含备选地块和对单个学校的校核，不足5人的数字不公布。
    Internal or public edition; the public one holds approved works only, no candidate plots, no findings on single
    schools, and no number of people below five."""
    approved: tuple[str, ...] = ()
    """已批准、可以公开的举措：学校或地块编号，all 为方案整体；在建和已立项的工程、decisions、撤并程序已批复的总算已批准。
    Approved works by school or plot, `all` for the whole plan; works under construction or committed, the scenario's
    decisions, and closures whose procedure has reached approval always count as approved."""
    map_number: str = ""
    """审图号，印在公开版的图件、网页、表格和文件上。
    Number of the map's approval (审图号), printed on the public edition's maps, page, sheets and documents."""
    author: str = ""
    """编制单位，印在图件、表格和文件上；不写时为教育局。
    The planning body, printed on maps, sheets and documents; without it the education bureau."""
    webpage: bool = True
    """是否写出网页 report.html：一个文件，不联网即可打开，有地图、逐年数据、校核问题和村居查询。
    Whether to write the page report.html: one file that opens without a network."""
    handover: bool = False
    """是否写出交自然资源部门的资料 handover（CGCS2000 3度带 Shapefile、字段说明、教育用地平衡表）。
    Whether to write the handover package for the natural resources bureau."""
    county_code: str = ""
    """县级行政区代码，六位数字，写入交自然资源部门的资料。
    Six-digit code of the county, written into the handover package."""
    documents: tuple[str, ...] = ("plan", "brief")
    """要写的 Word 文件：plan 规划文本、说明书和附表，brief 汇报简报（两页），notice 印发通知和实施方案，work_points 年度工作要点，
    self_assessment 自评报告，warning 学位预警报告，school_sheets 一校一策，livelihood 民生实事卡。
    Word documents by name."""
    template: Path | None = None
    """自备的 Word 模板（.docx），用同样的数据填写，写入 documents 文件夹；相对于本情景文件。
    A Word template of your own, filled from the same figures; relative to the scenario file."""
    work_year: Year | None = None
    """年度工作要点、学位预警、实事卡所属的年份；不写则为规划首年。
    Year of the yearly documents; the first year of the plan where not set."""
    offices: dict[Office, str] = NO_OFFICES
    """责任单位的名称，如 { education = '区教育体育局' }；没有写的用通称。
    Names of the bodies that are responsible for tasks; the usual word where not named."""

    @field_validator("county_code")
    @classmethod
    def six_digits(cls, given: str) -> str:
        """Refuse anything but six digits or nothing."""
        if given and not (given.isascii() and given.isdecimal() and len(given) == _COUNTY_DIGITS):
            raise refusal("county_code", _("应为六位数字的行政区代码"))
        return given
