"""Every unit cost, in yuan, from the norm files."""

from __future__ import annotations

from dataclasses import dataclass

from simulator.terms import Stage


@dataclass(frozen=True)
class StageCosts:
    """Costs of one stage.

    Parameters
    ----------
    class_year
        Yuan a year of running one class, without the posts that pupils bring.
    pupil_year
        Yuan a year of a pupil wherever taught: public funds, and wages of the posts that the pupil ratio asks for.
    section_year
        Yuan a year of the posts that a section needs whatever its size.
    seat_capital_wan
        万元 a seat of a new school.
    room_capital_wan
        万元 a classroom added on a campus.
    """

    class_year: float
    pupil_year: float
    section_year: float
    seat_capital_wan: float
    room_capital_wan: float


@dataclass(frozen=True)
class Costs:
    """All unit costs of a run.

    Parameters
    ----------
    stages
        Costs by stage.
    conversion_room_wan
        万元 a classroom that changes stage.
    annuity
        Yearly share of capital: building 50 years and fit-out 10, at the discount rate.
    bus_pupil_year, boarder_year
        Yuan a year of a child whom the plan brings by school bus, or who boards.
    """

    stages: dict[Stage, StageCosts]
    conversion_room_wan: float
    annuity: float
    bus_pupil_year: float = 0.0
    boarder_year: float = 0.0
