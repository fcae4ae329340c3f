"""One network as the board looks at it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from simulator.capacity.access import Access
from simulator.capacity.supply import Supply
from simulator.indicators.board.facts import BoardFacts
from simulator.indicators.board.resources import school_resources
from simulator.indicators.board.schools import school_values
from simulator.operation import Operation, class_sizes
from simulator.plan import Plan
from simulator.scenario.settings import Scenario
from simulator.standards import Standards
from simulator.terms import Nature, Network, Stage, band_of

PLACE = ["county", "year"]


@dataclass(frozen=True)
class Side:
    """A network with everything that the board holds it against.

    Parameters
    ----------
    plan, operation
        The network and its years.
    supply, access, facts, standards, scenario
        Sections, journeys, what schools have, norms, settings.
    units
        unit_id, township, area_kind.
    """

    plan: Plan
    operation: Operation
    supply: Supply
    access: Access
    facts: BoardFacts
    standards: Standards
    scenario: Scenario
    units: pd.DataFrame

    @cached_property
    def resources(self) -> pd.DataFrame:
        """What every compulsory section has, year by year."""
        return school_resources(self.plan, self.operation, self.supply, self.facts, self.standards)

    @cached_property
    def schools(self) -> pd.DataFrame:
        """The seven indicators of every school that they count."""
        return school_values(self.resources, self.operation.network, self.standards)

    @cached_property
    def sections(self) -> pd.DataFrame:
        """Every section with pupils, by year: year, section_id, county, pupils, classes and the columns of the supply."""
        key = ["year", "section_id"]
        run = self.operation.classes.groupby(key)[["pupils", "classes"]].sum().reset_index()
        known = self.supply.sections[
            ["site_id", "stage", "kind", "regime", "nature", "public", "existing", "grade_from"]
        ]
        rows = run[run["pupils"] > 0].join(known, on="section_id")
        place = self.supply.sites[["township", "area_kind"]]
        return self._with_county(self._recognised(rows).join(place, on="site_id"))

    def _recognised(self, rows: pd.DataFrame) -> pd.DataFrame:
        """Private kindergartens are inclusive from the year in which the plan recognises them."""
        if self.operation.network != Network.PLAN:
            return rows
        nature = rows["nature"].copy()
        for lever in self.scenario.levers.recognised:
            own = (rows["site_id"] == lever.school) & (rows["stage"] == Stage.KINDERGARTEN)
            nature[own & (rows["year"] >= lever.year)] = Nature.INCLUSIVE_PRIVATE.value
        return rows.assign(nature=nature)

    @cached_property
    def sizes(self) -> pd.DataFrame:
        """Every class, by year: year, section_id, grade, size, combined, stage, site_id, area_kind, county."""
        sizes = class_sizes(self.operation.classes).join(self.supply.sections[["stage", "site_id"]], on="section_id")
        return self._with_county(sizes.join(self.supply.sites["area_kind"], on="site_id"))

    @cached_property
    def flows(self) -> pd.DataFrame:
        """Children and their journeys, with stage, area_kind and county of the unit."""
        rows = self.operation.pupils
        stages = {band: band_of(band).stage.value for band in rows["band"].unique()}
        homes = self.units.set_index("unit_id") if "unit_id" in self.units.columns else self.units
        rows = rows.assign(stage=rows["band"].map(stages)).join(homes["area_kind"].astype(str), on="unit_id")
        counties = self.facts.counties.set_index("unit_id")["county"]
        return rows.assign(county=rows["unit_id"].map(counties).fillna(""))

    @cached_property
    def county_years(self) -> pd.MultiIndex:
        """Every county in every year."""
        counties = sorted({*self.facts.counties["county"].astype(str)}) or [""]
        years = sorted(self.operation.classes["year"].unique())
        return pd.MultiIndex.from_product([counties, years], names=PLACE)

    def _with_county(self, rows: pd.DataFrame) -> pd.DataFrame:
        return rows.assign(county=self.facts.county_of(rows["site_id"]))


def counted(rows: pd.DataFrame, failing: pd.Series[bool], side: Side) -> pd.Series[float]:
    """How many rows fail, by county and year; 0 where none does."""
    return rows[failing].groupby(PLACE).size().reindex(side.county_years, fill_value=0).astype(float)
