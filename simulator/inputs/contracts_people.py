"""Contracts of the tables about places where children live and about the children themselves."""

from __future__ import annotations

from simulator.inputs.contracts import (
    PLACES,
    Column,
    Contract,
    Kind,
    amount,
    code,
    count,
    geometry_column,
    points,
    text,
    word,
    words_of,
    year,
)
from simulator.terms import AreaKind, Stage, Terrain

STAGE = word("stage", "学段", words_of(Stage), required=True)
GRADE = Column("grade", "年级", Kind.GRADE, required=True, low=-2, high=12)
UNIT = code("unit_id", "单元编号", "units")
SCHOOL = code("school_id", "学校编号", "schools")

_HOUSING_STATUS = {
    "completed": "已建成",
    "under_construction": "在建",
    "approved": "已批",
    "planned": "规划",
}
_SEXES = {"female": "女", "male": "男"}
_STATISTICAL_CODES = {
    "111": "city",
    "112": "city",
    "121": "town",
    "122": "town",
    "123": "town",
    "210": "village",
    "220": "village",
}

AGE_TO = Column(
    "age_to",
    "截止年龄",
    Kind.INTEGER,
    "周岁",
    low=0,
    high=120,
    empty="只有一岁",
    note="年龄组的最后一岁，例如普查的 1 至 4、5 至 9；按出生人口或平滑曲线分到各岁，组内合计不变",
)


def _yield(stage: Stage, chinese: str) -> Column:
    """Children of a stage per 100 dwellings of a housing project."""
    return amount(f"yield_{stage}", chinese, "人/百户", empty="按规范的百户学位数或千人指标")


PEOPLE = (
    Contract(
        "units",
        "单元",
        "一个划片单元：村、社区或街区",
        (
            code("unit_id", "单元编号"),
            text("name", "单元名称", required=True),
            text("township", "乡镇街道", required=True),
            text("county", "县区", empty="本县区"),
            text("area", "片区", empty="所在乡镇街道为一个片区", note="学位缺口与富余不跨片区相抵"),
            word(
                "area_kind",
                "城乡分类",
                words_of(AreaKind),
                required=True,
                codes=_STATISTICAL_CODES,
                note="也可填统计用城乡分类代码 111、112、121、122、123、210、220",
            ),
            word("terrain", "地形", words_of(Terrain), default="plain", empty="平原"),
            text("group", "捆绑组", empty="不与其他单元捆绑", note="同组单元须划入同一学校"),
            amount("households", "户数", "户", empty="未知"),
            *points(),
            geometry_column("用 x、y 坐标作为点"),
        ),
        key=("unit_id",),
        required=True,
        geometry=PLACES,
        placed=True,
    ),
    Contract(
        "population",
        "人口",
        "一个单元的一个年龄或年龄组；没有列出的年龄按 0 人",
        (
            UNIT,
            Column("age", "年龄", Kind.INTEGER, "周岁", required=True, low=0, high=17, note="8月31日满周岁"),
            AGE_TO,
            amount("residents", "常住儿童", "人", required=True),
            amount("registered", "户籍儿童", "人", empty="未知"),
            amount("migrant", "随迁子女", "人", empty="未知"),
        ),
        key=("unit_id", "age"),
        required=True,
    ),
    Contract(
        "births",
        "出生人口",
        "一个单元或全县区一年的出生人口",
        (
            code("unit_id", "单元编号", "units", required=False, empty="全县区合计"),
            year("year", "年份"),
            amount("births", "出生人口", "人", required=True),
            amount("population", "常住总人口", "人", empty="未知", note="该年各年龄合计，用于核对推算的儿童数"),
        ),
        key=("unit_id", "year"),
        assumed="以 0 岁常住儿童倒推近年出生人口，以后按设定的出生变化率推算",
    ),
    Contract(
        "residents",
        "常住人口",
        "一个单元或全县区一个性别的一个年龄组，成年人在内",
        (
            code("unit_id", "单元编号", "units", required=False, empty="全县区合计"),
            word("sex", "性别", _SEXES, empty="男女合计"),
            Column("age", "年龄", Kind.INTEGER, "周岁", required=True, low=0, high=120),
            AGE_TO,
            amount("residents", "常住人口", "人", required=True),
        ),
        key=("unit_id", "sex", "age"),
        assumed="出生人口按设定的出生变化率推算，不按育龄妇女",
    ),
    Contract(
        "control",
        "人口控制数",
        "一年全县区或一个乡镇街道一个年龄组的儿童，预测须与之相合",
        (
            year("year", "年份"),
            text("township", "乡镇街道", empty="全县区"),
            Column("age", "年龄", Kind.INTEGER, "周岁", low=0, high=17, empty="0 岁"),
            Column(
                "age_to", "截止年龄", Kind.INTEGER, "周岁", low=0, high=17, empty="年龄空着时为 17 岁，否则只有一岁"
            ),
            amount("residents", "常住儿童", "人", required=True),
        ),
        key=("year", "township", "age", "age_to"),
        assumed="预测不受人口控制数约束",
    ),
    Contract(
        "enrolment",
        "在校生",
        "一所学校一个学段一个年级一学年的在校生",
        (
            SCHOOL,
            STAGE,
            GRADE,
            year("year", "学年", note="2025 指 2025–2026 学年，9月1日统计"),
            count("pupils", "在校生", "人", required=True),
        ),
        key=("school_id", "stage", "grade", "year"),
        assumed="基准年在校生取班级表合计，没有历史数据，升级率用设定值",
    ),
    Contract(
        "yearly",
        "历年教育统计",
        "全县区一个学段一学年的统计数",
        (
            STAGE,
            year("year", "学年", note="2025 指 2025–2026 学年"),
            amount("entrants", "招生数", "人", empty="未知"),
            amount("graduates", "毕业生数", "人", empty="未知", note="该年夏天毕业"),
            amount("pupils", "在校生", "人", empty="未知"),
            Column("net_transfers", "净转入", Kind.NUMBER, "人", empty="0 人", note="转入减转出，可为负"),
        ),
        key=("stage", "year"),
        assumed="不核对历年招生、毕业、在校是否相符",
    ),
    Contract(
        "origins",
        "生源",
        "基准年一个单元在一所学校一个年级就读的学生",
        (
            UNIT,
            SCHOOL,
            STAGE,
            GRADE,
            count("pupils", "学生数", "人", required=True),
            count("boarders", "其中寄宿", "人", default="0", empty="0 人"),
            count("registered_elsewhere", "其中非本县区户籍", "人", default="0", empty="0 人"),
        ),
        key=("unit_id", "school_id", "stage", "grade"),
        assumed="片内实际就读率由招生范围内儿童与在校生推算",
    ),
    Contract(
        "housing",
        "住宅项目",
        "一个住宅项目",
        (
            code("housing_id", "项目编号"),
            UNIT,
            text("name", "项目名称", required=True),
            amount("dwellings", "户数", "户", required=True),
            year("completion_year", "交付年份"),
            word("status", "状态", _HOUSING_STATUS, default="planned", empty="规划"),
            amount(
                "certainty", "确定程度", "", high=1, empty="按状态取情景中的设定值", note="0 到 1，入住户数乘以此数"
            ),
            _yield(Stage.KINDERGARTEN, "幼儿园百户学位数"),
            _yield(Stage.PRIMARY, "小学百户学位数"),
            _yield(Stage.JUNIOR, "初中百户学位数"),
            _yield(Stage.SENIOR, "高中百户学位数"),
            Column(
                "school_duty",
                "配建义务",
                Kind.WORDS,
                words=words_of(Stage),
                empty="没有配建义务",
                note="须配建学校的学段，可填几个",
            ),
        ),
        key=("housing_id",),
        assumed="没有新增住宅带来的学生",
    ),
    Contract(
        "demand",
        "学位需求",
        "规划者自己的预测：一个单元一个学段一个年级一学年的儿童",
        (
            UNIT,
            STAGE,
            GRADE,
            year("year", "学年"),
            amount("children", "儿童", "人", required=True),
        ),
        key=("unit_id", "stage", "grade", "year"),
        assumed="学位需求由程序从人口推算",
    ),
)
"""Tables about units and children."""
