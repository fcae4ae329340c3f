"""Small optimization problems, built from aligned tables, for the tests of the model."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from simulator.model.problem import Block, Module, Phase, Prices, Problem, Section, Site
from simulator.plan import ACTION_COLUMNS, CATCHMENT_COLUMNS, Plan, Solution
from simulator.rules import RULES
from simulator.terms import Band, Stage

PRIMARY = Band(Stage.PRIMARY, 1, 6)
LOWER = Band(Stage.PRIMARY, 1, 3)
UPPER = Band(Stage.PRIMARY, 4, 6)
JUNIOR = Band(Stage.JUNIOR, 7, 9)
KINDERGARTEN = Band(Stage.KINDERGARTEN, -2, 0)
NAN = float("nan")
ALL_RULES = frozenset(name for name, rule in RULES.items() if rule.in_model)


def section(site: int, stage: Stage = Stage.PRIMARY, **changes: object) -> Section:
    """An ordinary public section of this bureau: 6 classes of 45 in 6 rooms, no fill margin."""
    base = Section(
        section_id=f"S{site}:{stage}",
        name=f"S{site}",
        township="T",
        site=site,
        stage=stage,
        pool=False,
        existing=True,
        can_close=False,
        ours=True,
        public=True,
        protected=False,
        aside=False,
        grows=False,
        classes=6,
        rooms=6,
        class_size=45.0,
        class_size_max=55.0,
        fill=1.0,
        seats_fixed=NAN,
        seats_for_district=NAN,
        class_year=1000.0,
        section_year=100_000.0,
    )
    return replace(base, **changes)


def site(code: int, sections: tuple[int, ...], **changes: object) -> Site:
    """A campus with 6 rooms that cannot grow."""
    base = Site(
        site_id=f"S{code}",
        name=f"S{code}",
        township="T",
        sections=sections,
        rooms=6,
        max_rooms=6,
        can_extend=False,
        can_convert=True,
        teaching_area=NAN,
        sports_area=NAN,
        teaching_norm={},
        sports_norm={},
        modules=(),
        ready_year=2025,
        room_capital_wan=100.0,
        largest=float("inf"),
    )
    return replace(base, **changes)


def parcel(code: int, sections: tuple[int, ...], sizes: tuple[int, ...] = (6, 12), **changes: object) -> Site:
    """A parcel where a school of one of the sizes may be built, 10 万元 a class."""
    modules = tuple(Module(str(n), dict.fromkeys(sections, n), 10.0 * n * len(sections)) for n in sizes)
    return site(code, sections, rooms=0, max_rooms=0, modules=modules, **changes)


def problem(
    *,
    children: list[list[float]],
    minutes: list[list[float]],
    sections: list[Section],
    sites: list[Site],
    today: list[int | None],
    years: tuple[int, ...] = (2026, 2027),
    starts: tuple[int, ...] = (2026, 2027),
    bands: tuple[Band, ...] = (PRIMARY,),
    whole: bool = True,
    **changes: object,
) -> Problem:
    """A problem of one stage.

    Parameters
    ----------
    children
        Children of each block by year.
    minutes
        Block × section; a negative number means that there is no pair.
    today
        Section that serves each block today, or None.
    bands
        Band of each block in turn: blocks of one unit follow one another.
    """
    count = len(bands)
    blocks = tuple(
        Block(code // count, bands[code % count].stage, (bands[code % count],), whole) for code in range(len(children))
    )
    pairs = [(b, s) for b, row in enumerate(minutes) for s, value in enumerate(row) if value >= 0]
    ends = (*[start - 1 for start in starts[1:]], years[-1])
    phases = tuple(
        Phase(n, first, last, tuple(years.index(y) for y in years if first <= y <= last))
        for n, (first, last) in enumerate(zip(starts, ends, strict=True), start=1)
    )
    base = Problem(
        units=tuple(f"U{code}" for code in range(len(children) // count)),
        years=years,
        phases=phases,
        sections=tuple(sections),
        sites=tuple(sites),
        blocks=blocks,
        children=np.array(children, dtype=float),
        pools={},
        pair_block=np.array([b for b, _ in pairs]),
        pair_section=np.array([s for _, s in pairs]),
        minutes=np.array([minutes[b][s] for b, s in pairs], dtype=float),
        today=np.array([float(today[b] == s) for b, s in pairs]),
        lawful=np.ones(len(pairs), dtype=bool),
        weights=np.full(len(years), 1 / len(years)),
        lead_new=0,
        lead_extension=0,
        overlap_years=0,
        closures_per_year=10.0,
        base_year=starts[0] - 1,
        budget_wan=None,
        requirements=(),
        centres={},
        least_use=0.5,
        unavoidable=0.0,
        constant=0.0,
        aside={},
        prices=Prices(
            minute=10.0, shortage=50_000.0, over_standard=2_000.0, moved=300.0, annuity=0.05, conversion_room_wan=20.0
        ),
        rules=ALL_RULES,
    )
    return replace(base, **changes)


def today_plan(p: Problem) -> Plan:
    """The present network of a toy problem as a plan that nothing happens in."""
    starts = [p.base_year, *(phase.first_year for phase in p.phases)]
    ends = [starts[1] - 1, *(phase.last_year for phase in p.phases)]
    running = [section for section in p.sections if section.existing]
    sections = pd.DataFrame(
        {
            "phase": 0,
            "section_id": [section.section_id for section in running],
            "open": True,
            "classes": [section.classes for section in running],
            "rooms": [max(section.rooms, section.classes) for section in running],
            "added_rooms": 0,
            "converted_in": 0,
            "converted_out": 0,
            "seats": [section.classes * section.class_size for section in running],
        }
    )
    pairs = zip(p.pair_block.tolist(), p.pair_section.tolist(), p.today.tolist(), strict=True)
    catchments = pd.DataFrame(
        [
            (0, p.units[p.blocks[block].unit], band.band_id, p.sections[code].section_id, share)
            for block, code, share in pairs
            for band in p.blocks[block].bands
            if share
        ],
        columns=CATCHMENT_COLUMNS,
    )
    return Plan(
        network="no_action",
        sections=sections,
        catchments=catchments,
        shortage=pd.DataFrame(columns=["year", "section_id", "over_standard", "short"]),
        actions=pd.DataFrame(columns=ACTION_COLUMNS),
        capital=pd.DataFrame(columns=["year", "phase", "site_id", "source", "capital_wan"]),
        objective=pd.DataFrame(columns=["item", "yuan"]),
        solution=Solution("no_action", 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, ""),
        phases=pd.DataFrame({"phase": range(len(starts)), "first_year": starts, "last_year": ends}),
    )
