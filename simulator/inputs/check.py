"""What does not add up between the tables of a district: one small check a question, with its figures."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator

import pandas as pd

from simulator.errors import Problem
from simulator.inputs.check_staff import STAFF_CHECKS
from simulator.inputs.check_yearly import YEARLY_CHECKS
from simulator.inputs.contracts_all import CONTRACTS
from simulator.inputs.district import District
from simulator.inputs.read_report import WRITTEN_OUT
from simulator.language import translate as _
from simulator.standards import Standards, read_standards
from simulator.terms import AGE_OF_GRADE, STAGE_GRADES, Conflict, Stage, Status, grade_label, label

_SECTION: list[Hashable] = ["school_id", "stage"]
_OF_SECTIONS = ("enrolment", "origins", "admission_plan", "catchments", "teachers")
_NATIONAL = "national.toml"


def check_consistency(district: District, base_year: int, standards: Standards | None = None) -> tuple[Problem, ...]:
    """Everything that does not add up between the tables; nothing here stops a run.

    Parameters
    ----------
    district
        The tables, already checked one by one.
    base_year
        Base year of the scenario.
    standards
        Norms in force, for the size from which a class is 超大班额; the national ones by default.

    Returns
    -------
    tuple of Problem
        Each with the place, the figures and what the program does about it.
    """
    in_force = standards or read_standards((_NATIONAL,), {})
    found: list[Problem] = []
    for check in _CHECKS:
        found += _first_ones(check(district, base_year))
    return (*found, *_first_ones(_extreme_classes(district, in_force.value("oversized.extreme_line"))))


def _first_ones(problems: Iterable[Problem]) -> list[Problem]:
    """The first problems of a check, and how many more there are."""
    every = list(problems)
    shown = every[:WRITTEN_OUT]
    if len(every) > len(shown):
        what = _("另有 {count} 处同样的情况").format(count=len(every) - len(shown))
        shown.append(Problem(shown[-1].where.split(" ")[0], what))
    return shown


def _place(district: District, table: str, row: str = "") -> str:
    """Table, file and row to print."""
    file = next((source.path.name for source in district.sources if source.table == table), "")
    return " ".join(part for part in (_(CONTRACTS[table].chinese), file, row) if part)


def _stage(stage: object) -> str:
    return label(Stage(str(stage)))


def _names(district: District) -> dict[str, str]:
    """School id → name with its id, to print."""
    schools = district.schools
    return {school: f"{name}（{school}）" for school, name in zip(schools["school_id"], schools["name"], strict=True)}


def _operating(district: District) -> set[str]:
    """Schools that run today."""
    schools = district.schools
    return set(schools.loc[schools["status"] == Status.OPERATING.value, "school_id"])


def classes_against_enrolment(district: District, base_year: int) -> Iterator[Problem]:
    """Pupils of the classes and of the enrolment of the base year, by section: classes win."""
    enrolment = district.enrolment[district.enrolment["year"] == base_year]
    if district.classes.empty or enrolment.empty:
        return
    keys = [*_SECTION, "grade"]
    both = pd.DataFrame(
        {
            "classes": district.classes.groupby(keys)["pupils"].sum(),
            "enrolment": enrolment.groupby(keys)["pupils"].sum(),
        }
    ).fillna(0.0)
    names = _names(district)
    for (school, stage), grades in both.groupby(level=_SECTION):
        apart = grades[grades["classes"] != grades["enrolment"]].droplevel(_SECTION)
        if apart.empty:
            continue
        details = _("；").join(
            _("{grade} {classes:.0f} 与 {enrolment:.0f}").format(
                grade=grade_label(int(str(grade))), classes=row["classes"], enrolment=row["enrolment"]
            )
            for grade, row in apart.iterrows()
        )
        what = _("{year} 学年班级表 {classes:.0f} 人，在校生表 {enrolment:.0f} 人（{details}）").format(
            year=base_year,
            classes=grades["classes"].sum(),
            enrolment=grades["enrolment"].sum(),
            details=details,
        )
        row_place = f"{names.get(str(school), school)} {_stage(stage)}"
        yield Problem(_place(district, "enrolment", row_place), what, _("以班级表为准"))


def sections_without_classes(district: District, _base_year: int) -> Iterator[Problem]:
    """Sections of operating schools that list no class, where there is a table of classes."""
    if district.classes.empty:
        return
    listed = set(district.classes[_SECTION].itertuples(index=False, name=None))
    operating, names = _operating(district), _names(district)
    for school, stage in district.sections[_SECTION].itertuples(index=False, name=None):
        if school in operating and (school, stage) not in listed:
            place = _place(district, "classes", f"{names[school]} {_stage(stage)}")
            yield Problem(place, _("没有班级"), _("按 0 班 0 人计；停用的学校请改状态"))


def schools_without_sections(district: District, _base_year: int) -> Iterator[Problem]:
    """Operating schools that list no section."""
    with_sections = set(district.sections["school_id"])
    names = _names(district)
    for school in sorted(_operating(district) - with_sections):
        yield Problem(_place(district, "sections", names[school]), _("没有学部"), _("不计学位"))


def rows_of_no_section(district: District, _base_year: int) -> Iterator[Problem]:
    """Rows that name a stage that the school does not have."""
    known = set(district.sections[_SECTION].itertuples(index=False, name=None))
    names = _names(district)
    for table in _OF_SECTIONS:
        frame: pd.DataFrame = getattr(district, table)
        counts = frame.groupby(_SECTION).size()
        for school, stage in counts.index:
            if (school, stage) not in known:
                what = _("没有{stage}学部，却有 {count} 行").format(stage=_stage(stage), count=counts[school, stage])
                yield Problem(_place(district, table, names[school]), what, _("核对学段，或补上学部"))


def enrolment_outside_grades(district: District, base_year: int) -> Iterator[Problem]:
    """Pupils of the base year in grades that their section does not run."""
    enrolment = district.enrolment[district.enrolment["year"] == base_year]
    joined = enrolment.merge(district.sections, on=_SECTION)
    outside = joined[(joined["grade"] < joined["grade_from"]) | (joined["grade"] > joined["grade_to"])]
    names = _names(district)
    rows = outside[[*_SECTION, "grade", "pupils"]].itertuples(index=False, name=None)
    for school, stage, grade, pupils in rows:
        what = _("{stage}不办{grade}，却有 {pupils} 人").format(
            stage=_stage(stage), grade=grade_label(int(grade)), pupils=pupils
        )
        yield Problem(_place(district, "enrolment", names[school]), what, _("核对起止年级"))


def pupils_without_population(district: District, base_year: int) -> Iterator[Problem]:
    """Townships with pupils of a stage and no resident of its ages; stages with more pupils than residents."""
    pupils = _pupils(district, base_year)
    township_of = district.units.set_index("unit_id")["township"]
    residents = district.population.assign(township=district.population["unit_id"].map(township_of))
    townships = district.schools.set_index("school_id")["township"]
    for stage, own in pupils.groupby("stage"):
        first, last = STAGE_GRADES[Stage(str(stage))]
        of_age = residents[residents["age"].between(first + AGE_OF_GRADE, last + AGE_OF_GRADE)]
        total, children = own["pupils"].sum(), of_age["residents"].sum()
        ages = _("{first}—{last} 岁").format(first=first + AGE_OF_GRADE, last=last + AGE_OF_GRADE)
        if total > children:
            what = _("在校生 {pupils} 人，多于{ages}常住儿童 {children:.0f} 人").format(
                pupils=total, ages=ages, children=children
            )
            yield Problem(_place(district, "population", _stage(stage)), what, _("差额按口径差列出"))
        here = own.groupby(own["school_id"].map(townships))["pupils"].sum()
        living = of_age.groupby("township")["residents"].sum()
        for township, count in here[here > 0].items():
            if living.get(township, 0.0) == 0:
                what = _("{stage}在校生 {pupils} 人，而本乡镇街道没有{ages}常住儿童").format(
                    stage=_stage(stage), pupils=count, ages=ages
                )
                yield Problem(_place(district, "population", str(township)), what, _("核对乡镇街道名称和人口"))


def _pupils(district: District, base_year: int) -> pd.DataFrame:
    """Pupils by school and stage in the base year: the classes, else the enrolment."""
    register = district.classes
    if register.empty:
        register = district.enrolment[district.enrolment["year"] == base_year]
    return register.groupby(_SECTION)["pupils"].sum().reset_index()


def units_without_population(district: District, _base_year: int) -> Iterator[Problem]:
    """Units that the population table does not name."""
    missing = district.units[~district.units["unit_id"].isin(district.population["unit_id"])]
    for unit, name in zip(missing["unit_id"], missing["name"], strict=True):
        yield Problem(_place(district, "population", f"{name}（{unit}）"), _("没有人口"), _("按 0 人计"))


def units_without_catchment(district: District, _base_year: int) -> Iterator[Problem]:
    """Units that the catchments of a stage leave out, where that table exists."""
    units = district.units
    for stage, rows in district.catchments.groupby("stage"):
        missing = units[~units["unit_id"].isin(rows["unit_id"])]
        for unit, name in zip(missing["unit_id"], missing["name"], strict=True):
            what = _("没有划入任何{stage}").format(stage=_stage(stage))
            yield Problem(_place(district, "catchments", f"{name}（{unit}）"), what, _("按就近推定"))


def tables_of_other_years(district: District, base_year: int) -> Iterator[Problem]:
    """Tables that describe another year than the base year."""
    tables: dict[int, list[str]] = {}
    for source in district.sources:
        if source.table in CONTRACTS and source.as_of != base_year:
            name = _(CONTRACTS[source.table].chinese)
            if name not in tables.setdefault(source.as_of, []):
                tables[source.as_of].append(name)
    for year, names in sorted(tables.items()):
        place = _("、").join(names)
        if year < base_year:
            what = _("数据年份 {year}，早于基准年 {base} {gap} 年").format(
                year=year, base=base_year, gap=base_year - year
            )
            yield Problem(place, what, _("人口逐年推算到基准年，其余按未变使用"))
        else:
            what = _("数据年份 {year}，晚于基准年 {base}").format(year=year, base=base_year)
            yield Problem(place, what, _("核对 as_of 和 base_year"))


def no_register_of_base_year(district: District, base_year: int) -> Iterator[Problem]:
    """A district whose register tells nothing of the base year."""
    years = district.enrolment["year"]
    if district.classes.empty and not (years == base_year).any():
        what = _("没有班级表，在校生表也没有 {year} 学年").format(year=base_year)
        seen = _("在校生表最近为 {year} 学年").format(year=int(years.max())) if len(years) else ""
        yield Problem(_place(district, "enrolment"), what, seen)


def parcels_in_conflict(district: District, _base_year: int) -> Iterator[Problem]:
    """Plots that lie in farmland or beyond a red line."""
    parcels = district.parcels
    clash = parcels[parcels["conflict"] != Conflict.NONE.value]
    rows = zip(clash["parcel_id"], clash["name"], clash["conflict"], clash["area_m2"], strict=True)
    for parcel, name, conflict, area in rows:
        what = _("{area:.0f} 平方米，与{conflict}冲突").format(area=area, conflict=label(Conflict(conflict)))
        yield Problem(_place(district, "parcels", f"{name}（{parcel}）"), what, _("不作为新建用地"))


def _extreme_classes(district: District, line: float) -> Iterator[Problem]:
    """Classes of the register at or above the line of 超大班额."""
    extreme = district.classes[district.classes["pupils"] >= line]
    names = _names(district)
    columns = [*_SECTION, "grade", "class_no", "pupils"]
    for school, stage, grade, class_no, pupils in extreme[columns].itertuples(index=False, name=None):
        what = _("{stage}{grade}（{class_no}）班 {pupils} 人，达到超大班额 {line:.0f} 人").format(
            stage=_stage(stage),
            grade=grade_label(int(grade)),
            class_no=class_no,
            pupils=pupils,
            line=line,
        )
        yield Problem(_place(district, "classes", names[school]), what, _("核对人数；属实则计入现状"))


_CHECKS: tuple[Callable[[District, int], Iterator[Problem]], ...] = (
    tables_of_other_years,
    no_register_of_base_year,
    classes_against_enrolment,
    schools_without_sections,
    sections_without_classes,
    rows_of_no_section,
    enrolment_outside_grades,
    units_without_population,
    pupils_without_population,
    units_without_catchment,
    parcels_in_conflict,
    *YEARLY_CHECKS,
    *STAFF_CHECKS,
)
"""The checks, in the order in which their findings are told."""
