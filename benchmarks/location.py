"""A published location problem as the planner's own problem: one band, one phase of one year, fixed seats."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from benchmarks.instances import Instance, Task
from simulator.model.problem import Block, Phase, Prices, Problem, Section, Site
from simulator.terms import STAGE_GRADES, Band, Stage

_STAGE = Stage.PRIMARY
_BAND = Band(_STAGE, *STAGE_GRADES[_STAGE])
_YEAR = 1
# A minute of a child is worth 1, so that cost = children × minutes.
_PRICES = Prices(
    minute=1.0, shortage=np.inf, over_standard=0.0, moved=0.0, annuity=0.0, conversion_room_wan=0.0, empty=0.0
)
# A child without a seat costs so many of the longest journeys: dearer than any other way, so that a plan without a seat
# for all is only a step of the search. The independent check refuses it.
_DEAR = 200.0
_ALWAYS = ("every_child_has_a_place", "pupils_within_seats")


def pose(task: Task) -> Problem:
    """The problem whose objective is the published one.

    Raises
    ------
    ValueError
        A unit without demand costs something to serve: its cost is no journey.
    """
    instance = task.instance
    units, schools = instance.cost.shape
    if (instance.cost[instance.demand <= 0] > 0).any():
        message = f"{instance.name}: a unit without demand has a cost"
        raise ValueError(message)
    pairs = units * schools
    minutes = instance.cost / np.where(instance.demand > 0, instance.demand, 1)[:, None]
    return Problem(
        units=instance.units,
        years=(_YEAR,),
        phases=(Phase(1, _YEAR, _YEAR, (0,)),),
        sections=tuple(_section(instance, code, closes=not task.fixed) for code in range(schools)),
        sites=tuple(_site(instance, code) for code in range(schools)),
        blocks=tuple(Block(unit, _STAGE, (_BAND,), task.whole) for unit in range(units)),
        children=instance.demand[:, None],
        pools={},
        pair_block=np.repeat(np.arange(units), schools),
        pair_section=np.tile(np.arange(schools), units),
        minutes=minutes.ravel(),
        today=np.zeros(pairs),
        lawful=np.ones(pairs, dtype=bool),
        weights=np.ones(1),
        lead_new=0,
        lead_extension=0,
        overlap_years=0,
        closures_per_year=np.inf,
        base_year=_YEAR - 1,
        budget_wan=None,
        requirements=(),
        centres={},
        least_use=0.0,
        unavoidable=0.0,
        constant=0.0,
        aside={},
        prices=replace(_PRICES, shortage=_DEAR * float(minutes.max())),
        rules=_rules(task),
        rezoning="everybody",
        edges=instance.edges,
        home=instance.home,
        detached=np.zeros(pairs, dtype=bool),
        away=np.zeros(schools, dtype=bool),
        school_count={} if task.schools is None else {_STAGE: (task.schools, task.schools)},
    )


def _rules(task: Task) -> frozenset[str]:
    asked = {
        "school_count": task.schools is not None,
        "catchment_connected": task.connected,
        "catchment_holds_school": task.holds_school,
    }
    return frozenset([*_ALWAYS, *(name for name, holds in asked.items() if holds)])


def _section(instance: Instance, code: int, *, closes: bool) -> Section:
    return Section(
        section_id=instance.schools[code],
        name=instance.schools[code],
        township="",
        site=code,
        stage=_STAGE,
        pool=False,
        existing=True,
        can_close=closes,
        ours=True,
        public=True,
        protected=False,
        aside=False,
        grows=False,
        classes=0,
        rooms=0,
        class_size=0.0,
        class_size_max=0.0,
        fill=1.0,
        seats_fixed=float(instance.capacity[code]),
        seats_for_district=float("nan"),
        class_year=0.0,
        section_year=float(instance.fixed_cost[code]),
    )


def _site(instance: Instance, code: int) -> Site:
    return Site(
        site_id=instance.schools[code],
        name=instance.schools[code],
        township="",
        sections=(code,),
        rooms=0,
        max_rooms=0,
        can_extend=False,
        can_convert=False,
        teaching_area=float("nan"),
        sports_area=float("nan"),
        teaching_norm={},
        sports_norm={},
        modules=(),
        ready_year=_YEAR,
        room_capital_wan=0.0,
        largest=float("inf"),
    )
