"""The types of the norm figures."""

from __future__ import annotations

from dataclasses import dataclass

from simulator.terms import AreaKind, Basis, Effect


@dataclass(frozen=True)
class Figure:
    """A norm figure.

    Parameters
    ----------
    figure_id
        Dotted id, e.g. `class_size.primary`.
    value, unit, title
        The figure and what it is.
    basis, effect, source, certainty, year
        Type of the source, effect, document and article, A–D, year of the document.
    file
        The norm file (or `scenario`) it came from.
    """

    figure_id: str
    value: float
    unit: str
    title: str
    basis: Basis
    effect: Effect
    source: str
    certainty: str
    year: int | None
    file: str

    @property
    def to_be_checked(self) -> bool:
        """Certainty C or D: prints as 默认参数(待核) and never fails a plan."""
        return self.certainty in {"C", "D"}


@dataclass(frozen=True)
class Standards:
    """All figures in force, and which of them a later file or the scenario replaced."""

    figures: dict[str, Figure]
    replaced: tuple[tuple[Figure, Figure], ...]
    """(earlier, in force) pairs."""
    modules: dict[str, tuple[int, ...]]
    """Standard class counts by kind of new school: kindergarten, primary, junior, nine_year, senior."""

    def value(self, figure_id: str) -> float:
        """The figure's value.

        Raises
        ------
        KeyError
            No norm file has the figure.
        """
        return self.figures[figure_id].value

    def value_in(self, group: str, name: str, area_kind: str) -> float | None:
        """A figure in the edition of a kind of area: `<group>_core` in cities, `<group>_rural` in villages, else `<group>`.

        Editions stand side by side in the norm files, e.g. the urban 建标〔2002〕102号 as `building_per_seat.…` and
        the rural 建标109-2008 as `building_per_seat_rural.…`. None where no edition has it.

        >>> Standards({}, (), {}).value_in("land_per_seat", "primary", "village") is None
        True
        """
        edition = {AreaKind.CITY: "core", AreaKind.VILLAGE: "rural"}.get(AreaKind(area_kind), "")
        figure = self.figures.get(f"{group}_{edition}.{name}") or self.figures.get(f"{group}.{name}")
        return None if figure is None else figure.value
