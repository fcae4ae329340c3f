"""Unit costs from the norm files."""

from __future__ import annotations

from simulator.capacity.costs import Costs, StageCosts
from simulator.standards import Standards
from simulator.terms import Stage


def annuity(rate: float, years: float) -> float:
    r"""Equal yearly payment that repays one yuan over a life of some years.

    .. math:: a = \frac{r}{1 - (1 + r)^{-n}}, \qquad a = 1 / n \text{ at } r = 0

    >>> round(annuity(0.04, 50), 5)
    0.04655
    """
    if rate == 0:
        return 1 / years
    return float(rate / (1 - (1 + rate) ** -years))


def build_costs(standards: Standards, discount_rate: float) -> Costs:
    """Every unit cost of a run: capital is paid back over the life of the building and of its fit-out.

    Raises
    ------
    KeyError
        A norm file lacks a cost figure.
    """
    fitout = standards.value("cost.fitout_share")
    return Costs(
        stages={stage: _stage_costs(standards, stage) for stage in Stage},
        conversion_room_wan=standards.value("cost.conversion_room_wan"),
        annuity=(1 - fitout) * annuity(discount_rate, standards.value("cost.building_life"))
        + fitout * annuity(discount_rate, standards.value("cost.fitout_life")),
        bus_pupil_year=standards.value("cost.bus_pupil_year"),
        boarder_year=standards.value("cost.boarder_year") + standards.value("cost.boarder_services_year"),
    )


def _stage_costs(standards: Standards, stage: Stage) -> StageCosts:
    posts = standards.figures.get(f"staff.pupils_per_post.{stage}")
    wages = standards.value("cost.wage") / posts.value if posts else 0.0
    return StageCosts(
        class_year=standards.value(f"cost.class_year.{stage}"),
        pupil_year=standards.value(f"cost.pupil_year.{stage}") + wages,
        section_year=standards.value(f"cost.section_year.{stage}"),
        seat_capital_wan=standards.value(f"cost.seat_capital_wan.{stage}"),
        room_capital_wan=standards.value(f"cost.room_capital_wan.{stage}"),
    )
