"""Counts that cannot be what they seem: a school half missing, a year when the register was cleaned."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from simulator.language import translate as _
from simulator.projection.demand import FloatArray
from simulator.projection.past.history import Beliefs, History, Mask

# A change that noise would bring once in millions of school-years.
_FAR = 5.0
# A loss that could be an incomplete list: at least so much of the pupils who were to be expected …
_LOSS = 0.2
# … of which the schools that gained more than noise took in less than half (else borders were redrawn).
_GAINER, _TAKEN = 2.5, 0.5
# A year of the whole district beside the others: robust standard deviations, and the least spread that they have.
_FAR_YEAR, _LEAST_SPREAD = 5.0, 0.004
_FEWEST_YEARS = 4
NORMAL = 1.4826
"""Standard deviation of a normal distribution ÷ its median absolute deviation."""


@dataclass(frozen=True)
class Event:
    """Something that stands out in a history.

    Parameters
    ----------
    kind
        `incomplete` (a school's list), `year` (the whole district), `opened`, `closed`, `missing` (a year).
    year
        The year of the count.
    school
        The school; empty for the district.
    change
        Relative to what the year before let expect; NaN where nothing is to be compared.
    """

    kind: str
    year: int
    school: str
    change: float

    def sentence(self, title: str) -> str:
        """The event in the planner's words; `title` names the stage."""
        place = {"stage": title, "year": self.year, "school": self.school, "change": f"{self.change:+.1%}"}
        match self.kind:
            case "incomplete":
                words = _(
                    "{stage} {year} 年 {school} 在校生比上年应有人数 {change}，其他学校没有相应增加：疑为漏报，按缺报处理"
                )
            case "year":
                words = _(
                    "{stage} {year} 年全县区升级人数与其他年份相差 {change}：疑为学籍清理或统计口径变化，不用于升级比"
                )
            case "opened":
                words = _("{stage} {school} 从 {year} 年起有在校生")
            case "closed":
                words = _("{stage} {school} 从 {year} 年起没有在校生")
            case _:
                words = _("{stage} {year} 年没有数据")
        return words.format(**place)


@dataclass(frozen=True)
class Cleaned:
    """A history without counts that cannot be what they seem.

    Parameters
    ----------
    history
        Incomplete lists replaced by what the year before lets expect.
    usable
        Whether the step from a year to the next may tell ratios, shape (years − 1,).
    events
        What was found.
    """

    history: History
    usable: Mask
    events: tuple[Event, ...]


def clean(history: History, beliefs: Beliefs) -> Cleaned:
    """Find and mend incomplete lists, then mark the years of the whole district that stand out.

    Parameters
    ----------
    history
        As known at some time; nothing later is looked at.
    beliefs
        Cohort noise, against which a change is measured.
    """
    pupils, incomplete = _mend_lists(history, beliefs)
    mended = History(
        history.name, history.schools, history.grades, history.years, pupils, history.births, history.feeder
    )
    usable, odd = _unusual_years(mended, beliefs)
    return Cleaned(mended, usable, (*_changes(history), *incomplete, *odd))


def _mend_lists(history: History, beliefs: Beliefs) -> tuple[FloatArray, list[Event]]:
    """Counts with incomplete lists replaced; a loss that the next year confirms was real."""
    pupils, is_open = history.pupils.copy(), history.is_open
    events: list[Event] = []
    for year in range(1, len(history.years)):
        before, after = pupils[:, :-1, year - 1], history.pupils[:, 1:, year]
        both = (is_open[:, year - 1] & is_open[:, year])[:, None]
        stayed, came = (np.where(both, part, 0.0) for part in (before, after))
        ratio = _divide(came.sum(axis=0), stayed.sum(axis=0))
        expected = (stayed * ratio).sum(axis=1)
        change = came.sum(axis=1) - expected
        score = _divide(change, np.sqrt(beliefs.variance(expected)))
        opened = history.pupils[:, :, year][is_open[:, year] & ~is_open[:, year - 1]].sum()
        gained = change[score > _GAINER].sum() + opened
        for school in np.flatnonzero((score < -_FAR) & (change < -_LOSS * expected)):
            if gained >= -_TAKEN * change[school] or _confirmed(history, beliefs, int(school), year):
                continue
            earlier = pupils[school, 0, max(0, year - 3) : year]
            pupils[school, 1:, year] = before[school] * ratio
            pupils[school, 0, year] = np.nanmean(earlier)
            events.append(
                Event(
                    "incomplete", history.years[year], history.schools[school], float(change[school] / expected[school])
                )
            )
    return pupils, events


def _confirmed(history: History, beliefs: Beliefs, school: int, year: int) -> bool:
    """Whether the year after goes on from a low count rather than from the one before it."""
    if year + 1 >= len(history.years) or not history.is_open[school, year + 1]:
        return False
    low, after = history.pupils[school, :-1, year].sum(), history.pupils[school, 1:, year + 1].sum()
    return bool(abs(after - low) < _FAR * np.sqrt(beliefs.variance(np.asarray(low))))


def steps_of_district(history: History) -> tuple[FloatArray, FloatArray]:
    """Pupils of a grade and of the grade above a year later, in the whole district, shapes (grades − 1, years − 1).

    A school counts in a year if the district was counted in both; children of a school that closed go on elsewhere.
    """
    totals = np.where(history.known, np.nansum(history.pupils, axis=0), np.nan)
    before, after = totals[:-1, :-1], totals[1:, 1:]
    both = history.known[:-1] & history.known[1:]
    return np.where(both, before, 0.0), np.where(both, after, 0.0)


def _unusual_years(history: History, beliefs: Beliefs) -> tuple[Mask, list[Event]]:
    """Steps whose ratio over all grades stands far from those of the other years."""
    before, after = (part.sum(axis=0) for part in steps_of_district(history))
    told = before > 0
    usable = told.copy()
    if told.sum() < _FEWEST_YEARS:
        return usable, []
    growth = np.log(np.maximum(after[told], 1.0) / before[told])
    middle = np.median(growth)
    noise = np.sqrt(beliefs.noise / before[told])
    spread = np.maximum(NORMAL * float(np.median(np.abs(growth - middle))), np.maximum(noise, _LEAST_SPREAD))
    far = np.abs(growth - middle) > _FAR_YEAR * spread
    usable[told] = ~far
    years = np.asarray(history.years)[1:][told]
    found = zip(years[far], np.expm1(growth[far] - middle), strict=True)
    return usable, [Event("year", int(year), "", float(change)) for year, change in found]


def _changes(history: History) -> list[Event]:
    """Years without counts, schools that open and close."""
    events = [
        Event("missing", year, "", np.nan)
        for year, known in zip(history.years, history.known, strict=True)
        if not known
    ]
    first, last = (int(np.flatnonzero(history.known)[place]) for place in (0, -1))
    for school, is_open in zip(history.schools, history.is_open, strict=True):
        own = np.flatnonzero(is_open)
        if not len(own):
            continue
        if own[0] > first:
            events.append(Event("opened", history.years[int(own[0])], school, np.nan))
        if own[-1] < last:
            gone = next(year for year in range(int(own[-1]) + 1, last + 1) if history.known[year])
            events.append(Event("closed", history.years[gone], school, np.nan))
    return events


def _divide(part: FloatArray, whole: FloatArray) -> FloatArray:
    """Part ÷ whole, 0 where there is nothing to divide by."""
    return np.asarray(np.divide(part, whole, out=np.zeros_like(part), where=whole > 0))
