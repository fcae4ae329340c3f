"""What the layers are made of: a run, the shapes and names that the printed maps have, and the edition."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from simulator.outputs.edition import shown_counts
from simulator.outputs.maps.view import MapView
from simulator.outputs.titles import section_names
from simulator.result import Result
from simulator.terms import Network

FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True)
class GisView:
    """A run and the view that its maps share."""

    result: Result
    maps: MapView

    @property
    def internal(self) -> bool:
        """Whether this is the internal edition."""
        return self.maps.internal

    @cached_property
    def units(self) -> gpd.GeoDataFrame:
        """Index unit_id; polygons as the district has them, or the cells around its points."""
        own = self.result.district.units
        if own.geom_type.isin(["Polygon", "MultiPolygon"]).all():
            return own[["unit_id", "name", "township", "geometry"]].set_index("unit_id")
        return self.maps.units

    @cached_property
    def schools(self) -> pd.Series:
        """section_id → name of its school."""
        return section_names(self.result)

    @cached_property
    def phases(self) -> list[tuple[int, int, int]]:
        """Phase, first and last year, today first."""
        rows = self.result.plan.phases.sort_values("phase")[["phase", "first_year", "last_year"]]
        return [(int(phase), int(first), int(last)) for phase, first, last in rows.itertuples(index=False)]

    @cached_property
    def operated(self) -> pd.DataFrame:
        """Index (section_id, year): pupils, seats_standard, utilization … of the plan."""
        rows = self.result.indicators.schools
        return rows[rows["network"] == Network.PLAN].set_index(["section_id", "year"])

    def points(self, sites: pd.Series) -> list[object]:
        """Points of sites, by id."""
        places = self.result.supply.sites.loc[sites, ["x", "y"]].to_numpy(np.float64)
        return list(shapely.points(places))

    def counts(self, children: npt.NDArray[np.floating[Any]], groups: npt.NDArray[Any] | None = None) -> FloatArray:
        """Numbers of children as this edition may show them: see :func:`simulator.outputs.edition.shown_counts`."""
        return children.astype(np.float64) if self.internal else shown_counts(children, groups)
