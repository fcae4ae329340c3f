"""What a demonstration district is: its folder, its description, its card; births that follow the census."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

from simulator.inputs.synthetic import DistrictCard, Invention
from simulator.terms import AreaKind

CITY, TOWN, VILLAGE = AreaKind.CITY, AreaKind.TOWN, AreaKind.VILLAGE
COUNTRY = (TOWN, VILLAGE)
BASE_YEAR = 2020
BIRTHS_AFTER_2020 = {2021: 1062 / 1200, 2022: 956 / 1200, 2023: 902 / 1200}
"""National births against those of 2020 (国民经济和社会发展统计公报, 万人: 1200, 1062, 956, 902)."""
NOTE = "公开总数加虚构地理的演示数据，见 README.md；由 geodata/build_demonstrations.py 生成。"


@dataclass(frozen=True)
class Demonstration:
    """A demonstration district: its folder under `geodata`, its descriptions and its card.

    Parameters
    ----------
    folder
        Folder under `geodata`.
    specs
        Short prefix of ids → description; one without a prefix for a county, several for a city of counties.
    card
        What `district.toml` says.
    said
        Tables that no generator makes, such as what people said of closing a school: table → rows, invented.
    """

    folder: str
    specs: dict[str, Invention]
    card: DistrictCard
    said: Mapping[str, pd.DataFrame] = field(default_factory=dict)

    @property
    def spec(self) -> Invention:
        """The description of a district that is one county."""
        (spec,) = self.specs.values()
        return spec


def births_of(ages: tuple[int, ...]) -> dict[int, int]:
    """Births of 2016–2020 from the residents aged 4–0, and of 2021–2023 with the national change."""
    known = {BASE_YEAR - age: ages[age] for age in range(4, -1, -1)}
    return known | {year: round(ages[0] * ratio) for year, ratio in BIRTHS_AFTER_2020.items()}
