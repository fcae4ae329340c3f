"""Children rolled forward from an older census, held against the growth of the whole population since."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from simulator.inputs.district import District
from simulator.language import translate as _
from simulator.projection.county_ageing import BAND, YEARS, age_groups_forward, published_model
from simulator.projection.demand import FloatArray

# Of the ages 15–19 the population table holds three years.
_YOUTH_AGES, _YOUTH_YEARS = range(15, 18), 5


def say_against_growth(district: District, as_of: int, base_year: int, today: FloatArray) -> Iterator[str]:
    """By age group of an older census the children of the base year that the county's growth lets expect.

    Needs the total population of the census year and of a later year in the table of births; says nothing without.

    Parameters
    ----------
    district
        Tables population and births.
    as_of
        Year of the population table.
    base_year
        Base year of the scenario, at most ten years later.
    today
        Resident children of the base year as rolled forward, shape (units, ages).
    """
    totals = _total_population(district.births)
    later = [year for year in totals if as_of < year <= base_year]
    counted = district.population.groupby("age")["residents"].sum().reindex(range(18), fill_value=0.0)
    years = base_year - as_of
    if as_of not in totals or not later or years > YEARS or counted.loc[:9].min() <= 0:
        return
    model, country = published_model()
    pace = (totals[max(later)] / totals[as_of]) ** (1 / (max(later) - as_of))
    census = {
        "population": totals[as_of],
        "population_later": totals[as_of] * pace**years,
        "age0": float(counted[0]),
        "age1_4": float(counted.loc[1:4].sum()),
        "age5_9": float(counted.loc[5:9].sum()),
        "age15_19": float(counted[list(_YOUTH_AGES)].sum()) * _YOUTH_YEARS / len(_YOUTH_AGES),
    }
    if census["age15_19"] <= 0:
        return
    whole = {**country, "population_later": country["population"] * (1 + country["yearly_growth"]) ** years}
    for (first, last), carried in age_groups_forward(model, census, years, whole).items():
        if last + years < today.shape[1]:
            rolled = float(today[:, first + years : last + years + 1].sum())
            line = _(
                "按常住总人口的增减，{base} 年 {first}—{last} 岁约 {expected:.0f} 人（{band:.0%} 区间 {low:.0f}—{high:.0f}），推算为 {rolled:.0f} 人"
            ).format(
                base=base_year,
                first=first + years,
                last=last + years,
                expected=carried.expected,
                band=BAND,
                low=carried.low,
                high=carried.high,
                rolled=rolled,
            )
            inside = carried.low <= rolled <= carried.high
            yield line if inside else _("{line}，在区间之外，请核对迁移率").format(line=line)


def _total_population(births: pd.DataFrame) -> dict[int, float]:
    """Year → everybody who lives in the district: its total, or the sum of its units."""
    known = births.reindex(columns=["unit_id", "year", "population"]).dropna(subset=["population"])
    of_units = known[known["unit_id"] != ""].groupby("year")["population"].sum()
    totals = known[known["unit_id"] == ""].groupby("year")["population"].sum().combine_first(of_units)
    return {int(str(year)): float(people) for year, people in totals.items() if people > 0}
