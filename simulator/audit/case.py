"""One network under audit, with the figures that the audit works out for itself."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
import pandas as pd

from simulator.audit.evidence import Evidence
from simulator.indicators.board import Side
from simulator.indicators.consolidation import ClosingEvidence, Closures, examine_closures
from simulator.operation import Operation, children_by_section, class_sizes, moves, ways_of_flows
from simulator.plan import Plan
from simulator.terms import Band, Network


@dataclass(frozen=True)
class PhaseYears:
    """A phase and its audited years."""

    number: int
    first_year: int
    last_year: int
    years: tuple[int, ...]


@dataclass(frozen=True)
class Case:
    """One network under audit.

    The plan is audited in the years that it decides, the present network also in the base year: that is the
    state which a finding may have been inherited from.
    """

    evidence: Evidence
    network: Network
    plan: Plan
    operation: Operation

    @cached_property
    def years(self) -> tuple[int, ...]:
        """Audited years."""
        decided = set(self.evidence.scenario.plan_years)
        if self.network is Network.NO_ACTION:
            decided.add(self.evidence.demand.years[0])
        return tuple(year for year in self.evidence.demand.years if year in decided)

    @cached_property
    def phases(self) -> tuple[PhaseYears, ...]:
        """Audited phases."""
        found = []
        table = self.plan.phases.sort_values("phase")
        for number, first, last in table[["phase", "first_year", "last_year"]].itertuples(index=False):
            years = tuple(year for year in self.years if self.phase_of(year) == number)
            if years:
                found.append(PhaseYears(int(number), int(first), int(last), years))
        return tuple(found)

    @cached_property
    def starts(self) -> dict[int, int]:
        """Phase → first year, phase 0 first."""
        table = self.plan.phases.sort_values("phase")
        return {int(phase): int(year) for phase, year in zip(table["phase"], table["first_year"], strict=True)}

    def first_year(self, phase: int) -> int:
        """First year of a phase."""
        return self.starts[phase]

    @cached_property
    def sections(self) -> pd.DataFrame:
        """Index (phase, section_id), sections that the supply knows: the plan's columns and the supply's.

        Columns of both are `open`, `classes`, `added_rooms`, `converted_in`, `converted_out`, `seats` of the plan and
        `today_classes`, `today_rooms`, `today_pupils` of the supply.
        """
        known = self.evidence.supply.sections.rename(
            columns={"classes": "today_classes", "rooms": "today_rooms", "pupils": "today_pupils"}
        )
        rows = self.plan.sections[self.plan.sections["section_id"].isin(known.index)]
        rows = rows.drop_duplicates(["phase", "section_id"]).drop(columns="rooms")
        rows = rows.assign(open=rows["open"].astype(bool))
        return rows.join(known, on="section_id").set_index(["phase", "section_id"]).sort_index()

    @cached_property
    def _open(self) -> frozenset[tuple[int, str]]:
        return frozenset(self.sections.index[self.sections["open"]])

    def is_open(self, phase: int, section_id: str) -> bool:
        """Whether a section runs in a phase."""
        return (phase, section_id) in self._open

    def openings(self, section_id: str) -> list[tuple[int, bool]]:
        """(phase, open) of a section in every phase of the plan, phase 0 first."""
        return [(phase, self.is_open(phase, section_id)) for phase in self.starts]

    def changes(self, section_id: str, *, opened: bool) -> list[int]:
        """Phases at whose start a section opens (or closes)."""
        states = self.openings(section_id)
        return [phase for (_, before), (phase, now) in pairwise(states) if now is opened and before is not opened]

    def name(self, place_id: str) -> str:
        """Name of a section, site or unit; its id where it is unknown."""
        return self._names.get(place_id, place_id)

    @cached_property
    def _names(self) -> dict[str, str]:
        supply = self.evidence.supply
        return {
            str(place): str(name)
            for table in (self.units, supply.sites, supply.sections)
            for place, name in zip(table.index, table["name"], strict=True)
        }

    @cached_property
    def units(self) -> pd.DataFrame:
        """Units, index unit_id."""
        units = pd.DataFrame(self.evidence.units)
        return units.set_index("unit_id") if "unit_id" in units.columns else units

    @cached_property
    def zoned(self) -> frozenset[str]:
        """Bands with catchments or choice shares; the others are pools."""
        return frozenset(self.plan.catchments["band"].astype(str))

    @cached_property
    def pools(self) -> tuple[Band, ...]:
        """Bands without catchments."""
        return tuple(band for band in self.evidence.supply.bands if band.band_id not in self.zoned)

    @cached_property
    def flows(self) -> pd.DataFrame:
        """year, phase, unit_id, band, section_id (empty = unserved), children: replayed from the plan's tables, audited years."""
        flows = children_by_section(self.plan, self.evidence.demand, self.evidence.supply)
        return pd.DataFrame(flows[flows["year"].isin(self.years)])

    @cached_property
    def journeys(self) -> pd.DataFrame:
        """The flows to sections with site_id, way, and the minutes of a bus or a bed that the plan provides (else NaN)."""
        given, rows = self.evidence, self.flows[self.flows["section_id"] != ""]
        site = rows["section_id"].str.rsplit(":", n=1).str[0]
        taken = ways_of_flows(rows, given.catchments.table, self.plan, given.supply, given.access)
        return rows.assign(site_id=site, way=taken["way"], provided_min=taken["minutes"])

    @cached_property
    def travellers(self) -> pd.DataFrame:
        """The journeys with children, the pair of unit and site, and area_kind of the unit."""
        rows = self.journeys[self.journeys["children"] > 0].merge(
            self.evidence.access.pairs, on=["unit_id", "site_id"], how="left"
        )
        return rows.assign(area_kind=rows["unit_id"].map(self.units["area_kind"].astype(str)))

    @cached_property
    def side(self) -> Side:
        """The network as the evaluation board looks at it."""
        given = self.evidence
        return Side(
            self.plan,
            self.operation,
            given.supply,
            given.access,
            given.facts,
            given.standards,
            given.scenario,
            pd.DataFrame(given.units),
        )

    @cached_property
    def closing(self) -> ClosingEvidence:
        """What the closures of the network are examined from."""
        given = self.evidence
        return ClosingEvidence(
            plan=self.plan,
            operation=self.operation,
            no_action_operation=given.no_action_operation,
            supply=given.supply,
            access=given.access,
            standards=given.standards,
            scenario=given.scenario,
            units=self.units.reset_index(),
            opinions=given.opinions,
            procedure=given.procedure,
        )

    @cached_property
    def closures(self) -> Closures:
        """The closures of the network, examined."""
        return examine_closures(self.closing)

    @cached_property
    def moves(self) -> pd.DataFrame:
        """Children who leave and join sections at the start of a phase, as :func:`simulator.operation.moves`."""
        return moves(self.plan, self.evidence.demand, self.evidence.supply)

    @cached_property
    def zones(self) -> pd.DataFrame:
        """phase, unit_id, band, section_id, share: the catchments of the audited phases."""
        rows = self.plan.catchments
        return pd.DataFrame(rows[rows["phase"].isin([phase.number for phase in self.phases])])

    def phase_of(self, year: int) -> int:
        """Phase of a year; years after the last phase belong to it."""
        return max(phase for phase, start in self.starts.items() if start <= year)

    @cached_property
    def sizes(self) -> pd.DataFrame:
        """One row a class in the audited years, as operated: year, section_id, grade, size, combined."""
        classes = self.operation.classes
        return class_sizes(classes[classes["year"].isin(self.years)])

    @cached_property
    def section_years(self) -> pd.DataFrame:
        """Index (year, section_id), open sections: columns of `sections` with phase, pupils, over_standard, short, largest, formed.

        Pupils are replayed from the plan's tables; of pools and of the base year, which catchments do not tell, as operated.
        `largest` and `formed` are the largest class and the classes as operated.
        """
        phases = pd.DataFrame({"year": self.years, "phase": [self.phase_of(year) for year in self.years]})
        rows = self.sections.reset_index().merge(phases, on="phase").set_index(["year", "section_id"])
        classes = self.operation.classes[self.operation.classes["year"].isin(self.years)]
        key = ["year", "section_id"]
        operated = classes.groupby(key)["pupils"].sum().reindex(rows.index).fillna(0).astype(float)
        worked_out = self.flows.groupby(key)["children"].sum().reindex(rows.index).fillna(0.0)
        pools = {band.stage.value for band in self.pools}
        base = rows.index.get_level_values("year") == self.evidence.demand.years[0]
        pupils = worked_out.where(~(rows["stage"].isin(pools) | base), operated)
        stated = self.stated.reindex(rows.index).fillna(0.0)
        largest = self.sizes.groupby(key)["size"].max().reindex(rows.index).fillna(0)
        formed = classes.groupby(key)["classes"].sum().reindex(rows.index).fillna(0)
        rows = rows.assign(pupils=pupils, largest=largest, formed=formed).join(stated)
        return rows[rows["open"]].sort_index()

    @cached_property
    def stated(self) -> pd.DataFrame:
        """over_standard and short that the plan states, index (year, section_id or band id)."""
        columns = ["over_standard", "short"]
        return (
            self.plan.shortage.astype(dict.fromkeys(columns, np.float64)).groupby(["year", "section_id"])[columns].sum()
        )

    @cached_property
    def _stated(self) -> dict[tuple[int, str], tuple[float, float]]:
        rows = self.stated
        return {
            (int(year), str(place)): (float(over), float(short))
            for (year, place), over, short in zip(rows.index, rows["over_standard"], rows["short"], strict=True)
        }

    def stated_for(self, year: int, place: str) -> tuple[float, float]:
        """over_standard and short that the plan states for a section (or the band of a pool) in a year."""
        return self._stated.get((year, place), (0.0, 0.0))

    @cached_property
    def pool_seats(self) -> dict[tuple[str, int], tuple[float, float]]:
        """(stage, year) of a pool → seats × fill of its open sections, and their seats at the largest class size."""
        rows = self.section_years
        rows = rows[rows["stage"].isin({band.stage.value for band in self.pools})]
        held, fixed = rows["seats_for_district"].fillna(np.inf), rows["seats_fixed"]
        planned = (rows["classes"] * rows["class_size"] * rows["fill"]).where(fixed.isna(), fixed)
        largest = (rows["classes"] * rows["class_size_max"]).where(fixed.isna(), fixed)
        offered = pd.DataFrame({"planned": planned.clip(upper=held), "largest": largest.clip(upper=held)})
        sums = offered.groupby([rows["stage"], rows.index.get_level_values("year")]).sum()
        return {
            (str(stage), int(year)): (float(seats), float(most))
            for (stage, year), seats, most in zip(sums.index, sums["planned"], sums["largest"], strict=True)
        }

    def norm(self, figure_id: str) -> float:
        """A norm figure."""
        return self.evidence.standards.value(figure_id)
