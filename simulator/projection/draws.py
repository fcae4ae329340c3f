"""Futures drawn around one run: what drives their years, and the noise of their cohorts.

A draw carries deviations from the run. Residents are the run's × a factor that follows each cohort through births,
migration and cohort noise; shares, late entry and housing deviate for the whole district at once. The engine that takes
the years one on is the same (:mod:`simulator.projection.progression`).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt
from scipy import special

from simulator.inputs.age_groups import AUTUMN_SHARE
from simulator.projection.births import AGES
from simulator.projection.demand import FloatArray
from simulator.projection.draws_housing import HousingDraws, housing_deviations
from simulator.projection.population import Residents
from simulator.projection.progression import FOLLOW_RESIDENTS, Course, Numbers, Rates, Year, entry_age
from simulator.projection.register import ages_of
from simulator.scenario import UncertaintySettings
from simulator.terms import AreaKind

Float32 = npt.NDArray[np.float32]
_LEVELS = 2**16
# Cells that are shaken at once.
_BLOCK = 32_768


@dataclass(frozen=True)
class Around:
    """The run that draws deviate from, and how far.

    Parameters
    ----------
    rates
        How children go on.
    residents
        Of the run, shape (units, ages, years) each.
    start, given
        Demand of the base year, and the planner's own, as :func:`simulator.projection.progression.walk` takes them.
    kinds
        Kind of area of each unit.
    known_births
        Position of the last year whose births are known (0 or less: the base year or earlier).
    housing
        Projects whose completion is drawn.
    settings
        Widths.
    noise, floor
        Noise of a grade-to-grade ratio, measured on the district's own history where it is long enough.
    study_sd
        Error, a year, of the trend with which children go to schools elsewhere, a share of them.
    """

    rates: Rates
    residents: Residents
    start: FloatArray
    given: FloatArray
    kinds: tuple[str, ...]
    known_births: int
    housing: HousingDraws
    settings: UncertaintySettings
    noise: float
    floor: float
    study_sd: float

    @property
    def ages(self) -> int:
        """Ages of residents that any stage asks for, from 0 up."""
        followed = [ages_of(stage).stop for stage in self.rates.columns if stage in FOLLOW_RESIDENTS]
        entered = [entry_age(s) + 2 for s in self.rates.columns if s not in {*FOLLOW_RESIDENTS, *self.rates.transfers}]
        return int(min(AGES, max([1, *followed, *entered])))


@cache
def tail_quantiles(degrees: float) -> Float32:
    """Quantiles of Student's t with unit variance, at 2¹⁶ points in the middle of equal steps of probability."""
    quantiles = special.stdtrit(degrees, (np.arange(_LEVELS) + 0.5) / _LEVELS)
    return np.asarray(quantiles / quantiles.std(), dtype=np.float32)


class Tails:
    """Noise of unit variance with the tails of Student's t.

    One of 2¹⁶ quantiles is looked up for every 16 random bits: five times faster than drawing normal numbers.
    """

    def __init__(self, degrees: float, generator: np.random.Generator) -> None:
        self._table, self._generator = tail_quantiles(degrees), generator
        self._places, self._noise, self._width = np.empty(0, np.intp), np.empty(0, "f4"), np.empty(0, "f4")

    def shake(self, children: Float32, spread: Float32) -> None:
        r"""Add noise of the standard deviation spread × √children, in place; nobody is below 0, the mean stays.

        .. math:: N' = N + \min(|s \sqrt{N} \, \epsilon|, N) \operatorname{sgn} \epsilon

        `children` is the view (draws, units, cells) of memory in the order (draws, cells, units); `spread` is one
        number, or has the shape (units, cells).
        """
        memory, width = children.swapaxes(1, 2), spread.T
        some = max(1, _BLOCK // max(1, memory[0].size))
        for first in range(0, len(memory), some):
            self._shake(memory[first : first + some], width)

    def _shake(self, block: Float32, spread: Float32) -> None:
        """The same for a block of memory that stays near the processor."""
        if block.size > len(self._places):
            self._places, self._noise, self._width = (np.empty(block.size, kind) for kind in (np.intp, "f4", "f4"))
        bits = self._generator.integers(0, 2**64, size=-(-block.size // 4), dtype=np.uint64).view(np.uint16)
        places, noise, width = (kept[: block.size] for kept in (self._places, self._noise, self._width))
        np.copyto(places, bits[: block.size])
        np.take(self._table, places, out=noise, mode="clip")
        noise, width = noise.reshape(block.shape), width.reshape(block.shape)
        np.sqrt(block, out=width)
        width *= spread
        noise *= width
        np.minimum(noise, block, out=noise)
        np.add(block, noise, out=block)
        np.maximum(block, 0, out=block)


class Persistent:
    """Shocks of unit variance that last: each year's is the year before's × memory, and news (AR(1), stationary)."""

    def __init__(self, memory: float, shape: tuple[int, ...], generator: np.random.Generator) -> None:
        self._memory, self._generator = memory, generator
        self._state = generator.standard_normal(shape)

    def now(self) -> FloatArray:
        """The shocks of the year."""
        return self._state

    def next(self) -> FloatArray:
        """The shocks of the next year."""
        news = self._generator.standard_normal(self._state.shape)
        self._state = self._memory * self._state + np.sqrt(1 - self._memory**2) * news
        return self._state


def drawn_course(around: Around, count: int, generator: np.random.Generator) -> Course:
    """A chunk of draws as one course of years; arrays have the draws as their leading axis."""
    tails = Tails(around.settings.tail_df, generator)
    people = _People(around, count, generator, tails)
    shares = _Shares(around, count, generator)
    spread = np.asarray(np.sqrt(around.noise), dtype=np.float32)

    def shaken(children: Numbers, position: int) -> Numbers:
        children *= shares.factors(position)
        tails.shake(children, spread)
        return children

    return Course(people.year, shaken)


def started(around: Around, count: int) -> Float32:
    """The base year in every draw: the view (draws, units, cells) of memory in the order (draws, cells, units)."""
    start = np.ascontiguousarray(around.start.T, dtype=np.float32)
    return np.repeat(start[None], count, axis=0).swapaxes(1, 2)


class _Shares:
    """Shares of entrants and of the stages that follow residents, and the noise that a grade of the district shares."""

    def __init__(self, around: Around, count: int, generator: np.random.Generator) -> None:
        self._around, self._count, self._generator = around, count, generator
        settings, columns = around.settings, around.rates.columns
        self._shocks = Persistent(settings.share_memory, (count, len(columns)), generator)
        cells = around.start.shape[1]
        self._stage, self._shared = np.zeros((len(columns), cells)), np.full(cells, around.floor)
        self._elsewhere = generator.standard_normal((count, 1))
        for row, (stage, places) in enumerate(columns.items()):
            follows = stage in FOLLOW_RESIDENTS
            last = places.stop if follows else places.start + 1
            self._stage[row, places.start : last] = settings.share_cv[stage]
            if follows:
                self._shared[places] = 0.0

    def factors(self, position: int) -> Float32:
        """Factors of mean 1 on the children of a year, shape (draws, 1, cells)."""
        news = self._generator.standard_normal((self._count, len(self._shared)))
        elsewhere = self._stage.any(axis=0) * self._around.study_sd * position
        logs = self._shocks.next() @ self._stage + self._shared * news + self._elsewhere * elsewhere
        variance = (self._stage**2).sum(axis=0) + self._shared**2 + elsewhere**2
        return np.asarray(np.exp(logs - variance / 2), dtype=np.float32)[:, None, :]


class _People:
    """Births, migration, late entry and housing of a chunk of draws."""

    def __init__(self, around: Around, count: int, generator: np.random.Generator, tails: Tails) -> None:
        self._around, self._count, self._generator, self._tails = around, count, generator, tails
        settings, units = around.settings, len(around.kinds)
        self._births = _Births(around, count, generator)
        self._factor: Float32 = np.ones((count, around.ages, units), np.float32).swapaxes(1, 2)
        kinds = list(AreaKind)
        self._kind = np.asarray([kinds.index(AreaKind(kind)) for kind in around.kinds])
        self._widths = np.asarray([settings.migration_sd[kind] for kind in kinds])
        self._moves = Persistent(settings.migration_memory, (count, len(kinds) + 1), generator)
        self._late = Persistent(settings.share_memory, (count, 1), generator)
        self._late_before = np.full((count, 1), around.rates.late_share, np.float32)
        kept = around.rates.settings.survival * (1 + around.rates.migration[around.housing.homes])
        self._housing = housing_deviations(around.housing, around.residents, kept, count, generator)

    def year(self, position: int) -> Year:
        """What drives a year of every draw."""
        rates, residents = self._around.rates, self._around.residents
        usual = rates.migration.astype(np.float32)
        migration = usual + self._unusual_moves()
        counted = np.ascontiguousarray(residents.trend[:, : self._around.ages, position].T, np.float32).T
        self._grow_older(counted, (1 + migration) / (1 + usual), position)
        late = np.clip(rates.late_share + self._around.settings.late_entry_sd * self._late.next(), 0, 1)
        before, self._late_before = self._late_before, late.astype(np.float32)
        housing, arrivals = self._housing(position)
        return Year(
            position=position,
            trend=counted * self._factor,
            homes=self._around.housing.homes,
            housing=housing,
            arrivals=arrivals,
            migration=migration,
            late_before=before,
            late=self._late_before,
        )

    def _unusual_moves(self) -> Float32:
        """Net migration beside the run's, shape (draws, units)."""
        shocks, shared = self._moves.next(), self._around.settings.migration_shared
        kinds = self._widths * (np.sqrt(shared) * shocks[:, :1] + np.sqrt(1 - shared) * shocks[:, 1:])
        return np.asarray(kinds.astype(np.float32)[:, self._kind])

    def _grow_older(self, counted: Float32, moved: Float32, position: int) -> None:
        """Carry each cohort's factor a year on: births at age 0, moves and noise at every age."""
        settings, factor = self._around.settings, np.empty_like(self._factor)
        np.multiply(self._factor[..., :-1], moved[..., None], out=factor[..., 1:])
        factor[..., 0] = self._births.next(position)
        noise = np.full(counted.shape[1], settings.resident_noise, np.float32)
        noise[0] = settings.births_noise
        there = counted > 0
        spread = np.where(there, np.sqrt(noise / np.where(there, counted, 1)), 0).astype(np.float32)
        self._tails.shake(factor, spread)
        self._factor = factor


class _Births:
    """Births beside those of the run: none where they are known, then shocks that add up and an error of the trend."""

    def __init__(self, around: Around, count: int, generator: np.random.Generator) -> None:
        self._around, self._generator = around, generator
        self._district, self._units = np.zeros((count, 1)), np.zeros((count, len(around.kinds)), np.float32)
        self._trend = around.settings.births_trend_sd * generator.standard_normal((count, 1))
        self._before = np.ones_like(self._units)

    def next(self, position: int) -> Float32:
        """Factor of mean 1 on the children born in the year up to 31 August, shape (draws, units)."""
        now = self._factor(position - self._around.known_births)
        born = np.asarray(AUTUMN_SHARE * self._before + (1 - AUTUMN_SHARE) * now, dtype=np.float32)
        self._before = now
        return born

    def _factor(self, unknown: int) -> Float32:
        """Factor on the births of the given year of those not known."""
        if unknown <= 0:
            return np.ones_like(self._units)
        settings = self._around.settings
        self._district += settings.births_cv * self._generator.standard_normal(self._district.shape)
        own = self._generator.standard_normal(self._units.shape, dtype=np.float32)
        self._units += np.float32(settings.births_unit_cv) * own
        variance = (
            unknown * (settings.births_cv**2 + settings.births_unit_cv**2) + (unknown * settings.births_trend_sd) ** 2
        )
        level = (self._district + unknown * self._trend - variance / 2).astype(np.float32)
        return np.asarray(np.exp(self._units + level))
