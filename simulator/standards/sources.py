"""The 编制依据 list: every norm figure in force with its source, as plain rows."""

from __future__ import annotations

from dataclasses import dataclass

from simulator.language import translate as _
from simulator.standards.figure import Figure, Standards
from simulator.terms import label


@dataclass(frozen=True)
class SourceRow:
    """One norm figure as the 编制依据 list prints it.

    Parameters
    ----------
    figure_id, title, value, unit
        The figure.
    basis, effect
        In the words of the output language.
    source, year
        Document, number, article; year of the document.
    certainty, note
        A–D, and 默认参数(待核) for C and D.
    file
        The norm file, or `scenario`.
    instead_of
        The values that this one replaced, earliest first, each with its source.
    """

    figure_id: str
    title: str
    value: float
    unit: str
    basis: str
    effect: str
    source: str
    year: int | None
    certainty: str
    note: str
    file: str
    instead_of: str


def sources_table(standards: Standards) -> tuple[SourceRow, ...]:
    """One row a figure in force, in the order of the norm files."""
    replaced: dict[str, list[Figure]] = {}
    for earlier, _later in standards.replaced:
        replaced.setdefault(earlier.figure_id, []).append(earlier)
    return tuple(
        SourceRow(
            figure_id=figure.figure_id,
            title=_(figure.title),
            value=figure.value,
            unit=_(figure.unit),
            basis=label(figure.basis),
            effect=label(figure.effect),
            source=_(figure.source) if figure.file == "scenario" else figure.source,
            year=figure.year,
            certainty=figure.certainty,
            note=_("默认参数(待核)") if figure.to_be_checked else "",
            file=figure.file,
            instead_of=_("；").join(
                _("{value:g}（{source}）").format(value=earlier.value, source=earlier.source)
                for earlier in replaced.get(figure.figure_id, [])
            ),
        )
        for figure in standards.figures.values()
    )
