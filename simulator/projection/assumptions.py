"""What the projection assumed, in the planner's words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from simulator.inputs.district import District
from simulator.language import translate as _
from simulator.projection.demand import FloatArray
from simulator.projection.demand_table import children_outside, stages_given
from simulator.projection.fertility import women_told
from simulator.projection.flows import flow_label
from simulator.projection.participation import goal_year
from simulator.projection.progression import Rates
from simulator.projection.register import StageRegister
from simulator.projection.residents import population_year
from simulator.projection.study import STUDY_NAMES
from simulator.scenario import Scenario
from simulator.terms import COMPULSORY, Stage, label


def say_assumptions(
    district: District,
    scenario: Scenario,
    registers: Mapping[Stage, StageRegister],
    rates: Rates,
    start: FloatArray,
) -> tuple[str, ...]:
    """Every assumption of the projection, one sentence each; `start` is the demand of the base year."""
    return (
        *_about_population(district, scenario),
        *_about_moves(district, scenario),
        *_about_register(district, registers, scenario.horizon.base_year),
        *_about_demand(district, registers, rates, start),
        *_about_shares(registers, rates, stages_given(district.demand)),
        *_about_later_years(district, scenario, rates),
    )


def _about_population(district: District, scenario: Scenario) -> Iterator[str]:
    """Where residents and births come from."""
    base = scenario.horizon.base_year
    declared = [source.as_of for source in district.sources if source.table == "population"]
    if declared and min(declared) < base:
        yield _("人口表为 {year} 年数据，已按出生、存活与迁移逐岁推算到 {base} 年").format(
            year=min(declared), base=base
        )
    if declared and min(declared) > base:
        yield _("人口表为 {year} 年数据，晚于基年，按 {base} 年使用").format(year=min(declared), base=base)
    births = district.births
    if births.empty:
        yield _("没有出生人口表，以 0 岁常住儿童作为最近一年的出生人口")
    elif (births["unit_id"].fillna("") == "").any():
        yield _("全县区出生人口按各单元 0—4 岁常住儿童分摊（该年没有分单元数字时）")
    if not women_told(district.residents):
        yield _("已知年份之后的出生人口每年变化 低 {low:.1%}、中 {medium:.1%}、高 {high:.1%}").format(
            **scenario.projection.births_trend
        )


def _about_register(district: District, registers: Mapping[Stage, StageRegister], base_year: int) -> Iterator[str]:
    """How year 0 was read and attributed to units."""
    missing = [label(stage) for stage in Stage if stage not in registers]
    if missing:
        yield _("没有学部的学段不推算学位需求：{stages}").format(stages=_("、").join(missing))
    declared = {source.as_of for source in district.sources if source.table == "classes"}
    for year in sorted(declared - {base_year}):
        yield _("班级表为 {year} 年数据，按 {base} 年在校生使用").format(year=year, base=base_year)
    if district.classes.empty and any(register.pupils.any() for register in registers.values()):
        yield _("没有班级表，基年在校生取在校生表，再缺时取学部在校生并在各年级均分")
    counted = sum(register.pupils.sum() for register in registers.values())
    listed = district.classes["pupils"].sum() if len(district.classes) else 0
    if listed > counted:
        yield _("班级表有 {pupils:.0f} 名学生不在运行学部的年级之内，未计入学位需求").format(pupils=listed - counted)
    for stage, register in registers.items():
        outside = register.outside_share * register.pupils.sum()
        if outside > 0:
            yield _("{stage}有 {pupils:.0f} 名在校生不在生源表内，视为县外就读，随同校同年级学生分到各单元").format(
                stage=label(stage), pupils=outside
            )


def _about_demand(
    district: District, registers: Mapping[Stage, StageRegister], rates: Rates, start: FloatArray
) -> Iterator[str]:
    """What the planner's own forecast replaces."""
    outside_grades = children_outside(district.demand)
    if outside_grades > 0:
        yield _("规划者自定预测有 {children:.0f} 人次的年级不属于所填学段，未计入").format(children=outside_grades)
    for stage in stages_given(district.demand):
        total = float(start[:, rates.columns[stage]].sum())
        enrolled = float(registers[stage].pupils.sum())
        yield _("{stage}学位需求取规划者自定预测，不作推算；没有列出的年份沿用此前最近一年").format(stage=label(stage))
        if enrolled > 0 and abs(total - enrolled) > 1:
            yield _("{stage}基年自定需求 {demand:.0f} 人，在校生 {register:.0f} 人").format(
                stage=label(stage), demand=total, register=enrolled
            )


def _about_shares(registers: Mapping[Stage, StageRegister], rates: Rates, given: tuple[Stage, ...]) -> Iterator[str]:
    """Which shares were fitted and which taken from the scenario."""
    for stage, share in rates.shares.items():
        if stage in given:
            continue
        transfer = rates.transfers.get(stage)
        if not share.fitted:
            yield _("{stage}没有在校生可据以拟合，按设定的比例推算").format(stage=label(stage))
        elif transfer is not None and stage not in COMPULSORY:
            fitted = share.district / rates.shares[transfer.feeder].district
            yield _(
                "{stage}招生按基年拟合的升学比例 {fitted:.3f}；设定值 {stated:.3f} 只用于区分升学与县外回流"
            ).format(stage=label(stage), fitted=fitted, stated=transfer.ratio)
        if share.fitted and not registers[stage].zoned.any() and not registers[stage].listed.any():
            yield _("{stage}没有招生范围和生源表，在校生按各单元适龄儿童分到单元").format(stage=label(stage))


def _about_later_years(district: District, scenario: Scenario, rates: Rates) -> Iterator[str]:
    """What holds in the years after the base year."""
    settings = scenario.projection
    if Stage.PRIMARY in rates.shares:
        yield _("每年 {share:.0%} 的 6 岁儿童推迟一年入学").format(share=settings.late_entry_share)
    if Stage.KINDERGARTEN in rates.shares and rates.growth[-1] > 1:
        share = rates.shares[Stage.KINDERGARTEN].district
        yield _("幼儿园入园率从 {fitted:.1%} 线性提高到 {year} 年的 {target:.1%}").format(
            fitted=share, year=scenario.horizon.target_year, target=share * float(rates.growth[-1])
        )
    if len(district.housing):
        yield _(
            "新建住宅自交付当年起 {count} 年内入住（逐年 {shares}），带来的儿童扣除该单元趋势中已有的净迁入"
        ).format(
            count=len(settings.housing_occupancy),
            shares=_("、").join(f"{share:.0%}" for share in settings.housing_occupancy),
        )
    yield from _about_targets(scenario, rates)


def _about_targets(scenario: Scenario, rates: Rates) -> Iterator[str]:
    """Shares that move to a target or along a trend."""
    settings, goal = scenario.projection, goal_year(scenario)
    targets = {Stage.SENIOR: settings.junior_to_senior_target, Stage.VOCATIONAL: settings.junior_to_vocational_target}
    for stage, target in targets.items():
        if target is None:
            continue
        if stage in rates.transfers:
            yield _("初中毕业生升入{stage}的比例到 {year} 年直线变化为 {target:.1%}").format(
                stage=label(stage), year=goal, target=target
            )
        else:
            yield _("{stage}没有可衔接的初中，升学比例的目标未使用").format(stage=label(stage))
    for flow, by_stage in scenario.study.trend.items():
        for stage, yearly in by_stage.items():
            if yearly != 0:
                yield _("{flow}的比例每年变化 {points:+.1f} 个百分点（{stage}）").format(
                    flow=flow_label(STUDY_NAMES[flow]), points=100 * yearly, stage=label(stage)
                )


def _about_moves(district: District, scenario: Scenario) -> Iterator[str]:
    """Births by women, moves inside the district, groups and control totals."""
    settings, horizon = scenario.population, scenario.horizon
    if women_told(district.residents):
        yield _(
            "未知年份的出生人口按育龄妇女推算：总和生育率到 {year} 年 低 {low:.2f}、中 {medium:.2f}、高 {high:.2f}"
        ).format(year=horizon.target_year, **settings.fertility)
    if settings.moves:
        yield _("县域内迁移按设定的比例由一类地区到另一类地区，人数不增不减；{share:.0%} 迁入当年新交付住宅").format(
            share=settings.moves_to_housing
        )
    if settings.migrant_trend != 0 or settings.migrant_attendance != 1:
        yield _("随迁子女人数在其他儿童之外每年变化 {trend:.1%}，就读比例为其他儿童的 {relative:.0%}").format(
            trend=settings.migrant_trend, relative=settings.migrant_attendance
        )
    if settings.entry == "births":
        yield _("小学新生按出生人口和到学率推算，单元到学率按出生人数向全县区收缩")
    if len(district.control):
        known = district.control["year"]
        used = sorted(set(known[known.between(population_year(district, horizon.base_year), horizon.projection_to)]))
        if used:
            yield _("中方案的儿童人数与 {years} 年的人口控制数相合，高、低方案保持与中方案的差距").format(
                years=_("、").join(str(year) for year in used)
            )
        if len(used) < known.nunique():
            yield _("预测期以外年份的人口控制数没有使用")
