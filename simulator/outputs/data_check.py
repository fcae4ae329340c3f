"""数据核对: registered, resident and enrolled children side by side, by age and township and by school, and what explains them."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping

import numpy as np
import pandas as pd

from simulator.language import translate as _
from simulator.outputs.titles import stage_names, with_names
from simulator.projection.population import count_residents
from simulator.projection.register import ages_of, read_register
from simulator.projection.residents import population_year
from simulator.result import Result
from simulator.terms import AGE_OF_GRADE, Nature, Regime, Stage

_COUNTS = ("residents", "registered", "migrants", "register")
_AGE_STAGES = (Stage.KINDERGARTEN, Stage.PRIMARY, Stage.JUNIOR, Stage.SENIOR)
# A tenth of a child, left over by moving a population on to the base year, is no difference.
_NOBODY = 0.5
_HALF = 0.5


def children_by_age(result: Result) -> pd.DataFrame:
    """Children of the base year by township and single year of age, as three sources count them.

    Returns
    -------
    DataFrame
        township (empty: the whole district), age, residents (常住), registered (户籍) and migrants (其中随迁), NaN where no
        table tells them, register (学籍, at the schools that stand there; NaN below school age), away (registered −
        residents), beyond (register − residents), words (what may explain the differences).
    """
    units, base = result.district.units, result.scenario.horizon.base_year
    index, population = pd.Index(units["unit_id"]), result.district.population
    shift = base - population_year(result.district, base)
    counted = {
        "residents": np.asarray(result.projection.population[result.projection.planned])[:, :, 0],
        "registered": _counted(population, index, "registered", shift),
        "migrants": _counted(population, index, "migrant", shift),
    }
    ages = range(counted["residents"].shape[1])
    towns = units["township"].astype(str).to_numpy()
    cells = pd.DataFrame({name: values.reshape(-1) for name, values in counted.items()})
    cells = cells.assign(township=np.repeat(towns, len(ages)), age=np.tile(ages, len(towns)))
    by_town = cells.groupby(["township", "age"], sort=False)[list(counted)].sum(min_count=1)
    register = _register_by_age(result)
    there = register.index.get_level_values("township")
    order = pd.MultiIndex.from_product([list(dict.fromkeys([*towns, *there])), list(ages)], names=["township", "age"])
    rows = by_town.reindex(order).assign(register=register.reindex(order))
    first = ages_of(Stage.KINDERGARTEN).start
    at_school = rows.index.get_level_values("age") >= first
    rows["residents"] = rows["residents"].fillna(0.0)
    rows["register"] = rows["register"].fillna(0.0).where(at_school)
    whole = rows.groupby("age")[list(_COUNTS)].sum(min_count=1).assign(township="").reset_index()
    found = pd.concat([whole, rows.reset_index()], ignore_index=True)
    found = found.assign(away=found["registered"] - found["residents"], beyond=found["register"] - found["residents"])
    return found.assign(words=_age_words(found, _stages_there(result)))


def _counted(population: pd.DataFrame, units: pd.Index, column: str, shift: int) -> np.ndarray:
    """Children as the table of population counts them, moved on by its age; NaN where it does not tell."""
    counts = np.full((len(units), 18), np.nan)
    if column in population and population[column].notna().any():
        counts[:, shift:] = count_residents(population, units, column)[:, : counts.shape[1] - shift]
    return counts


def _register_by_age(result: Result) -> pd.Series:
    """(township, age) → pupils of the schools there; a first grader is six."""
    district, sections = result.district, result.supply.sections
    rows = read_register(district.classes, district.enrolment, sections, result.scenario.horizon.base_year)
    towns = rows["section_id"].map(sections["site_id"]).map(result.supply.sites["township"]).astype(str)
    sums: pd.Series = rows.groupby([towns.rename("township"), (rows["grade"] + AGE_OF_GRADE).rename("age")])[
        "pupils"
    ].sum()
    return sums


def _stages_there(result: Result) -> set[tuple[str, str]]:
    """(township, stage) of the sections that run today."""
    sections = result.supply.sections
    own = sections[sections["existing"].astype(bool)]
    towns = own["site_id"].map(result.supply.sites["township"]).astype(str)
    return set(zip(towns, own["stage"].astype(str), strict=True))


def _age_words(rows: pd.DataFrame, there: set[tuple[str, str]]) -> list[str]:
    return [_("；").join(_reasons(row, there)) for row in rows.to_dict("records")]


def _reasons(row: Mapping[Hashable, object], there: set[tuple[str, str]]) -> Iterator[str]:
    town, age = str(row["township"]), int(str(row["age"]))
    away, beyond = float(str(row["away"])), float(str(row["beyond"]))
    if away > _NOBODY:
        yield _("户籍多于常住：随家庭外出")
    elif away < -_NOBODY:
        yield _("常住多于户籍：有外来随迁")
    stage = next((one for one in _AGE_STAGES if ages_of(one).start <= age < ages_of(one).stop), None)
    if stage is None or not abs(beyond) > _NOBODY:
        return
    if beyond > 0:
        yield _("学籍多于常住：有外区学生") if not town else _("学籍多于常住：有外乡镇、外区学生")
        return
    parts = []
    if town and (town, stage.value) not in there:
        parts.append(_("本地没有{stage}，到外地就读").format(stage=stage_names()[stage.value]))
    elif town:
        parts.append(_("到外乡镇、外区就读"))
    else:
        parts.append(_("到外区就读"))
    if stage is Stage.KINDERGARTEN:
        parts.append(_("未入园"))
    if stage is Stage.SENIOR:
        parts.append(_("读中职或未升学"))
    yield _("学籍少于常住：{reasons}").format(reasons=_("、").join(parts))


def schools_against_register(result: Result) -> pd.DataFrame:
    """口径差 of every section of a stage with catchments, in words for readers, with what may explain it (words)."""
    rows = with_names(result.projection.differences, result)
    private = _private_sites(result)
    sections, sites = result.supply.sections, result.supply.sites
    class_size = sections["class_size"].astype(float).to_dict()
    beds = sites["beds"].fillna(0.0).astype(float).to_dict()
    words = []
    for section, difference in zip(rows["section_id"].astype(str), rows["difference"].astype(float), strict=True):
        own = sections.loc[section]
        half = _HALF * class_size[section]
        if abs(difference) < half:
            words.append(_("相差不到半个班"))
        elif difference < 0:
            shared = own["regime"] == Regime.SHARED_CATCHMENT
            words.append(_("多校划片，学生分到其他学校") if shared else _("片内儿童到外校、外区就读，须逐人核实"))
        else:
            site = str(own["site_id"])
            known = [_("民办，跨片招生")] if site in private else []
            known += [_("有寄宿生")] if beds[site] > 0 else []
            words.append(_("、").join(known) or _("片外学生就读，须逐人核实"))
    return rows.assign(words=words)


def _private_sites(result: Result) -> set[str]:
    schools = result.district.schools
    if "nature" not in schools:
        return set()
    return set(schools.loc[schools["nature"].isin([Nature.PRIVATE, Nature.INCLUSIVE_PRIVATE]), "school_id"].astype(str))
