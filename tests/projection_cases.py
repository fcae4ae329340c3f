"""Small districts, told as aligned text, for the tests of the projection."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from io import StringIO
from pathlib import Path

import pandas as pd

from simulator.inputs.district import District, TableSource
from simulator.projection import Projection, project
from simulator.scenario import DistrictSettings, HorizonSettings, ProjectionSettings, Scenario, UncertaintySettings
from simulator.terms import Band, Stage, band_of

_TABLES = {
    "units": ["unit_id", "area_kind"],
    "population": ["unit_id", "age", "residents"],
    "births": ["unit_id", "year", "births"],
    "residents": ["unit_id", "sex", "age", "age_to", "residents"],
    "control": ["year", "township", "age", "age_to", "residents"],
    "classes": ["school_id", "stage", "grade", "pupils"],
    "enrolment": ["school_id", "stage", "grade", "year", "pupils"],
    "origins": ["unit_id", "school_id", "stage", "grade", "pupils"],
    "housing": [
        *("unit_id", "dwellings", "completion_year", "status", "certainty"),
        *("yield_kindergarten", "yield_primary", "yield_junior", "yield_senior"),
    ],
    "demand": ["unit_id", "stage", "grade", "year", "children"],
}

# Nothing is lost, nobody moves, nobody enters late: a step of one year can be followed by hand.
STILL = ProjectionSettings(
    births_trend={"low": -0.05, "medium": 0.0, "high": 0.05},
    migration={"city": 0.0, "town": 0.0, "village": 0.0},
    infant_survival=1.0,
    survival=1.0,
    late_entry_share=0.0,
    retention=1.0,
    primary_to_junior=1.0,
    senior_retention=1.0,
)


def table(text: str) -> pd.DataFrame:
    """A table from aligned text; `-` is an empty cell."""
    return pd.read_csv(StringIO(text), sep=r"\s+", na_values=["-"], dtype={"unit_id": "str", "school_id": "str"})


def evenly(residents: dict[str, float], ages: range = range(18)) -> pd.DataFrame:
    """The same number of children in every age of a unit."""
    rows = [(unit, age, count) for unit, count in residents.items() for age in ages]
    return pd.DataFrame(rows, columns=_TABLES["population"])


@dataclass(frozen=True)
class Case:
    """A district, its sections, catchments and scenario; `project` runs the projection on it."""

    district: District
    sections: pd.DataFrame
    bands: tuple[Band, ...]
    catchments: pd.DataFrame
    scenario: Scenario

    def project(self) -> Projection:
        """The projection of the case."""
        return project(self.district, self.scenario, self.sections, self.bands, self.catchments)

    def with_tables(self, **tables: pd.DataFrame) -> Case:
        """The case with other tables."""
        return replace(self, district=replace(self.district, **tables))

    def with_settings(self, **settings: object) -> Case:
        """The case with other projection settings."""
        changed = self.scenario.projection.model_copy(update=settings)
        return replace(self, scenario=self.scenario.model_copy(update={"projection": changed}))

    def with_draws(self, draws: int, **settings: object) -> Case:
        """The case with draws, and other settings of theirs."""
        changed = UncertaintySettings(draws=draws, **settings)
        return replace(self, scenario=self.scenario.model_copy(update={"uncertainty": changed}))


def case(
    sections: pd.DataFrame,
    catchments: pd.DataFrame | None = None,
    *,
    settings: ProjectionSettings = STILL,
    to: int = 2030,
    as_of: int = 2025,
    **tables: pd.DataFrame,
) -> Case:
    """A case from a few tables; the others are empty.

    `sections` has the columns school_id, stage, grade_from, grade_to and, optionally, pupils and existing.
    """
    sections = sections.assign(
        pupils=sections.get("pupils", 0),
        existing=sections.get("existing", True),
        section_id=sections["school_id"] + ":" + sections["stage"],
    ).set_index("section_id")
    if catchments is None:
        catchments = pd.DataFrame(columns=["unit_id", "band", "section_id", "share"])
    band_ids = [*catchments["band"].unique(), *(set(sections["stage"]) - set(catchments["band"].str.split("_").str[0]))]
    return Case(
        district=_district(tables, as_of),
        sections=sections,
        bands=tuple(sorted(band_of(band_id) for band_id in band_ids)),
        catchments=catchments,
        scenario=Scenario(
            title="试",
            district=DistrictSettings(folder=Path("district")),
            horizon=HorizonSettings(base_year=2025, target_year=min(to, 2030), projection_to=to),
            projection=settings,
            uncertainty=UncertaintySettings(draws=0),
        ),
    )


def _district(tables: dict[str, pd.DataFrame], as_of: int) -> District:
    """A district of the given tables, every other one empty."""
    frames = {
        field.name: tables.get(field.name, pd.DataFrame(columns=_TABLES.get(field.name, [])))
        for field in fields(District)
        if field.name not in {"name", "title", "invented", "crs", "path", "sources", "assumptions"}
    }
    return District(
        name="case",
        title="试",
        invented=True,
        crs="EPSG:4547",
        path=Path("district"),
        sources=(TableSource("population", Path("population.csv"), "", len(frames["population"]), as_of),),
        assumptions=(),
        **frames,
    )


def children_of(projection: Projection, stage: Stage, year: int, variant: str = "medium") -> pd.DataFrame:
    """Children by unit and grade of one stage and year, units as rows."""
    frame = projection.demand[variant].frame()
    chosen = frame[(frame["stage"] == stage.value) & (frame["year"] == year)]
    return chosen.pivot_table(index="unit_id", columns="grade", values="children", sort=False)
