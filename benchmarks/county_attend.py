"""Who sits where in a plan of a county: catchments by phase, cohorts that keep their school, loads, shortage.

Worked out from the tables of a plan alone, for its check: nothing of the planner is imported.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from benchmarks.instances import FloatArray

ZONE_COLUMNS = ("phase", "stage", "unit", "school", "share")


@dataclass(frozen=True)
class CountyPlan:
    """A plan of a county, as written.

    Parameters
    ----------
    problem
        The county: its tables are read, none of its methods is called.
    zones
        phase, stage, unit, school, share.
    decisions
        Every other decision by its name: `open_s3_p1`, `classes_s3_p1`, `size_j5_k0_p2`, `added_rooms_j4_p1` …
    """

    problem: Any
    zones: pd.DataFrame
    decisions: Mapping[str, float]

    @property
    def phases(self) -> range:
        """Positions of the phases."""
        return range(len(self.problem.phases))

    def open(self, section: int, phase: int) -> bool:
        """Whether a section runs in a phase; −1 is today."""
        data = self.problem.sections[section]
        if phase < 0 or (data.existing and not data.can_close):
            return bool(data.existing)
        return self.decision(f"open_s{section}_p{phase + 1}") > 0.5  # a decision is 0 or 1

    def decision(self, name: str) -> float:
        """Value of a decision; 0 where it is not named."""
        return float(self.decisions.get(name, 0.0))

    def seats(self, section: int, phase: int) -> float:
        """Seats of a section that whole grades can fill."""
        data = self.problem.sections[section]
        return float(data.fill * data.class_size * self.decision(f"classes_s{section}_p{phase + 1}"))

    def room(self, section: int, phase: int) -> float:
        """Pupils that the largest lawful classes take beyond the standard."""
        data = self.problem.sections[section]
        return float((data.class_size_max - data.class_size) * self.decision(f"classes_s{section}_p{phase + 1}"))

    @cached_property
    def assigned(self) -> FloatArray:
        """Share of a block that a section serves, shape (phases, blocks, sections)."""
        shares = np.zeros((len(self.problem.phases), len(self.problem.blocks), len(self.problem.sections)))
        units = {name: code for code, name in enumerate(self.problem.units)}
        blocks = {(block.stage.value, block.unit): code for code, block in enumerate(self.problem.blocks)}
        sections = {section.section_id: code for code, section in enumerate(self.problem.sections)}
        for phase, stage, unit, school, share in self.zones[list(ZONE_COLUMNS)].itertuples(index=False):
            shares[phase - 1, blocks[stage, units[unit]], sections[school]] += share
        return shares

    @cached_property
    def today(self) -> FloatArray:
        """Share of a block that a section serves today, shape (blocks, sections)."""
        shares = np.zeros(self.assigned.shape[1:])
        shares[self.problem.pair_block, self.problem.pair_section] = self.problem.today
        return shares

    @cached_property
    def minutes(self) -> FloatArray:
        """Minutes of a pair; NaN where there is none, shape (blocks, sections)."""
        minutes = np.full(self.assigned.shape[1:], np.nan)
        minutes[self.problem.pair_block, self.problem.pair_section] = self.problem.minutes
        return minutes

    @cached_property
    def keeps(self) -> FloatArray:
        """1 for blocks whose enrolled children keep their school, shape (blocks,)."""
        entrants = self.problem.rezoning == "entrants"
        return np.array([float(entrants and block.whole) for block in self.problem.blocks])

    @cached_property
    def entered(self) -> FloatArray:
        """Children of a block in a year by the phase in which they entered the stage, shape (blocks, phases + 1, years).

        The county has stages of one band: of its cohorts, listed by phase of entering stage and band, only those live
        that entered both at once.
        """
        count = len(self.problem.phases) + 1
        starts = np.cumsum([0, *range(count, 1, -1)])
        return np.asarray(self.problem.entered[:, starts])

    @cached_property
    def runs(self) -> FloatArray:
        """1 where a section runs, shape (phases, sections)."""
        sections = range(len(self.problem.sections))
        return np.array([[float(self.open(section, phase)) for section in sections] for phase in self.phases])

    @cached_property
    def attends(self) -> dict[tuple[int, int], FloatArray]:
        """(cohort, phase) → share of it that a section serves, shape (blocks, sections).

        A cohort stays at its school while that runs; else it goes where the catchment then in force says.
        """
        found: dict[tuple[int, int], FloatArray] = {}
        for cohort in range(len(self.problem.phases) + 1):
            here = self.today
            for phase in range(max(cohort - 1, 0), len(self.problem.phases)):
                if phase == cohort - 1:
                    here = self.assigned[phase]
                else:
                    stays = here * self.runs[phase]
                    here = stays + (1 - stays.sum(axis=1, keepdims=True)) * self.assigned[phase]
                found[cohort, phase] = here
        return found

    @cached_property
    def load(self) -> FloatArray:
        """Pupils of a section by year, shape (sections, years)."""
        load = np.zeros((len(self.problem.sections), len(self.problem.years)))
        for phase in self.phases:
            for year in self.problem.phases[phase].years:
                free = (1 - self.keeps) * self.problem.children[:, year]
                load[:, year] = free @ self.assigned[phase]
                for cohort in range(phase + 2):
                    children = self.keeps * self.entered[:, cohort, year]
                    load[:, year] += children @ self.attends[cohort, phase]
        return load

    @cached_property
    def beyond(self) -> tuple[FloatArray, FloatArray]:
        """Pupils above the standard, and beyond the largest classes, shape (sections, years) each."""
        over, short = np.zeros_like(self.load), np.zeros_like(self.load)
        for phase in self.phases:
            for section in range(len(self.problem.sections)):
                years = list(self.problem.phases[phase].years)
                above = np.maximum(self.load[section, years] - self.seats(section, phase), 0)
                over[section, years] = np.minimum(above, self.room(section, phase))
                short[section, years] = above - over[section, years]
        for site in self.problem.sites:
            held = list(site.sections)
            beyond = np.maximum((self.load[held] - short[held]).sum(axis=0) - site.largest, 0)
            for section in held:  # children beyond the largest campus are short, and sit in no large class
                spared = np.minimum(beyond, over[section])
                over[section] -= spared
                short[section] += spared
                beyond = beyond - spared
            short[held[0]] += beyond
        return over, short

    def built(self, phase: int) -> dict[tuple[int, int], float]:
        """(site, module) → whether the new school runs with it; −1 is today."""
        return {
            (site, module): self.decision(f"size_j{site}_k{module}_p{phase + 1}") if phase >= 0 else 0.0
            for site, data in enumerate(self.problem.sites)
            for module in range(len(data.modules))
        }

    def works(self, phase: int) -> dict[str, float]:
        """Added and converted rooms by name of the decision without its phase; −1 is today."""
        ending = f"_p{phase + 1}"
        return {
            name.removesuffix(ending): value
            for name, value in self.decisions.items()
            if phase >= 0 and name.startswith(("added_rooms_", "converted_")) and name.endswith(ending)
        }

    def capital_wan(self, phase: int) -> tuple[float, float]:
        """万元 of the new schools and of the extensions and conversions that open with a phase."""
        before, now = self.built(phase - 1), self.built(phase)
        built = sum(
            (now[site, module] - before[site, module]) * self.problem.sites[site].modules[module].capital_wan
            for site, module in now
        )
        earlier = self.works(phase - 1)
        extended = 0.0
        for name, value in self.works(phase).items():
            site = self.problem.sites[int(name.rpartition("j")[2])] if name.startswith("added") else None
            price = site.room_capital_wan if site else self.problem.prices.conversion_room_wan
            extended += price * (value - earlier.get(name, 0.0))
        return built, extended
