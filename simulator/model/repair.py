"""What a planner would change so that a rule can hold: a sentence a rule, with figures."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from simulator.language import plural
from simulator.language import translate as _
from simulator.model.problem import Problem
from simulator.rules import RULES
from simulator.terms import Stage, label

# Rules in whose rows `k` is a size of a new school; in all others it is a block.
_SIZES = frozenset({"built_stays_built", "pupils_within_seats", "stages_share_rooms", "standard_class_counts"})
_CODES = re.compile(r"(?:^|_)([usjptdckgn])(\d+)(?=_|$)")


@dataclass(frozen=True)
class Given:
    """A row that has to give way: its rule, the position codes in its name, by how much, and its limit."""

    rule: str
    codes: tuple[tuple[str, int], ...]
    name: str
    amount: float
    limit: float

    def first(self, letter: str) -> int:
        """The first code of a letter; −1 where the row has none."""
        return next((code for own, code in self.codes if own == letter), -1)


def given(rule: str, row: str, amount: float, limit: float) -> Given:
    """Read the name of a row.

    >>> given("build_before_close", "build_before_close_seats_k3_s1_p2", 4.0, 9.0).codes
    (('k', 3), ('s', 1), ('p', 2))
    """
    name = row.removeprefix(rule + "_")
    return Given(rule, tuple((letter, int(code)) for letter, code in _CODES.findall(name)), name, amount, limit)


def places(problem: Problem, entry: Given) -> str:
    """Names of the places in a row, as a planner knows them."""
    units = any(letter == "u" for letter, _code in entry.codes)
    named = [
        _place(problem, entry.rule, letter, code)
        for letter, code in entry.codes
        if letter not in "pt" and not (letter == "k" and units)
    ]
    return "、".join(dict.fromkeys(name for name in named if name))


def when(problem: Problem, entry: Given) -> str:
    """Phase or year of a row."""
    return "、".join(_time(problem, letter, code) for letter, code in entry.codes if letter in "pt")


def repair(problem: Problem, entry: Given) -> str:
    """What to change, in a planner's words: generic where a rule has none of its own."""
    words = _WORDS.get(entry.rule)
    told = words(problem, entry) if words else ""
    return told or _("放宽“{title}”，或在 [rules] off 中关闭 {rule}").format(
        title=_(RULES[entry.rule].title), rule=entry.rule
    )


def _place(problem: Problem, rule: str, letter: str, code: int) -> str:
    match letter:
        case "u":
            return problem.units[code]
        case "s":
            return problem.sections[code].name
        case "j":
            return problem.sites[code].name
        case "d":
            return problem.requirements[code].source
        case "k" if rule in _SIZES:
            return ""
        case "k":
            block = problem.blocks[code]
            return _("{unit}（{stage}）").format(unit=problem.units[block.unit], stage=label(block.stage))
        case "n":
            block = problem.blocks[int(problem.pair_block[code])]
            return problem.units[block.unit]
        case "g":
            return _catchment(problem, code)
        case _:
            return sorted(problem.centres)[code]


def _catchment(problem: Problem, code: int) -> str:
    from simulator.model.connection import Ground  # a catchment is known by its place in this list

    return problem.sections[Ground(problem).catchments[code].section].name


def _time(problem: Problem, letter: str, code: int) -> str:
    if letter == "t":
        return _("{year}年").format(year=problem.years[code])
    return _("第{number}期").format(number=code) if code else _("首期之前")


def _whole(amount: float) -> int:
    """An amount as a count that is enough."""
    return math.ceil(amount - 1e-4)


def _money(problem: Problem, entry: Given) -> str:
    phase = _time(problem, "p", entry.first("p"))
    return _("把{phase}的投资限额从 {limit:.0f} 万元提高到 {most:.0f} 万元").format(
        phase=phase, limit=entry.limit, most=math.ceil(entry.limit + entry.amount - 1e-4)
    )


def _closures(problem: Problem, entry: Given) -> str:
    if entry.name.endswith("_least"):
        return _("把撤并总数下限 consolidation.closures_least 减少 {count} 所").format(count=_whole(entry.amount))
    if entry.name.endswith("_most"):
        return _("把撤并总数上限 consolidation.closures_total 增加 {count} 所").format(count=_whole(entry.amount))
    phase = _time(problem, "p", entry.first("p"))
    return _("{phase}多允许撤并 {count} 所（timing.closures_per_year）").format(phase=phase, count=_whole(entry.amount))


def _decision(problem: Problem, entry: Given) -> str:
    source = problem.requirements[entry.first("d")].source
    return _("取消或改变“{source}”").format(source=source)


def _work(problem: Problem, entry: Given) -> str:
    source = problem.requirements[entry.first("d")].source
    return _("推迟、缩小或取消“{source}”").format(source=source)


def _protected(problem: Problem, entry: Given) -> str:
    return _("取消{school}的应留必留").format(school=problem.sections[entry.first("s")].name)


def _ready(problem: Problem, entry: Given) -> str:
    place = places(problem, entry)
    phase = _time(problem, "p", entry.first("p"))
    return _("提前{place}的供地，或缩短建设年限，使其{phase}可以启用").format(place=place, phase=phase)


def _journey(problem: Problem, entry: Given) -> str:
    unit, section = entry.first("u"), entry.first("s")
    blocks = [problem.blocks[block].unit for block in problem.pair_block.tolist()]
    pairs = np.flatnonzero((np.array(blocks) == unit) & (problem.pair_section == section))
    minutes = float(problem.minutes[pairs].max()) if len(pairs) else math.nan
    return _("把{unit}到{school}的通学时限放宽到 {minutes} 分钟").format(
        unit=problem.units[unit], school=problem.sections[section].name, minutes=_whole(minutes)
    )


def _classes(problem: Problem, entry: Given) -> str:
    section = entry.first("s")
    if section < 0:
        return ""
    data = problem.sections[section]
    return _("在{school}增开 {count} 个班（{pupils} 人）").format(
        school=data.name, count=_whole(entry.amount / data.class_size), pupils=_whole(entry.amount)
    )


def _rooms(problem: Problem, entry: Given) -> str:
    """Rooms, where a row counts rooms; area rows count square metres."""
    site = entry.first("j") if entry.first("j") >= 0 else problem.sections[entry.first("s")].site
    return plural("在{place}增加 {count} 间教室或相应用房", _whole(entry.amount)).format(
        place=problem.sites[site].name, count=_whole(entry.amount)
    )


def _intake(problem: Problem, entry: Given) -> str:
    return _("把{school}{year}的招生计划增加 {count} 人").format(
        school=problem.sections[entry.first("s")].name,
        year=_time(problem, "t", entry.first("t")),
        count=_whole(entry.amount),
    )


def _beds(problem: Problem, entry: Given) -> str:
    name = problem.sites[entry.first("j")].name
    return plural("在{place}增加 {count} 个床位", _whole(entry.amount)).format(place=name, count=_whole(entry.amount))


def _count(problem: Problem, entry: Given) -> str:
    side, stage = entry.name.split("_")[:2]
    count = _whole(entry.amount)
    words = _("把{stage}学校数的下限降低 {count} 所") if side == "least" else _("把{stage}学校数的上限提高 {count} 所")
    return words.format(stage=label(Stage(stage)), count=count)


def _moved(problem: Problem, entry: Given) -> str:
    phase = _time(problem, "p", entry.first("p"))
    return _("{phase}多允许 {count} 名学生换学校（zoning.moved_share）").format(phase=phase, count=_whole(entry.amount))


def _campus(problem: Problem, entry: Given) -> str:
    return _("允许{place}多容纳 {count} 人").format(place=places(problem, entry), count=_whole(entry.amount))


def _small(problem: Problem, entry: Given) -> str:
    return _("允许{school}开办初期少于最小规模").format(school=problem.sections[entry.first("s")].name)


def _before_close(problem: Problem, entry: Given) -> str:
    unit = _place(problem, entry.rule, "k", entry.first("k"))
    if entry.first("s") >= 0:
        return _("让{school}提前开办并有足够学位，或允许{unit}在此之前转入").format(
            unit=unit, school=problem.sections[entry.first("s")].name
        )
    return _("推迟撤并{unit}现在的学校").format(unit=unit)


def _centre(problem: Problem, entry: Given) -> str:
    return _("允许{township}没有公办中心园（校）").format(township=places(problem, entry))


def _apart(problem: Problem, entry: Given) -> str:
    return _("允许{units}分开划片").format(units=places(problem, entry))


def _connected(problem: Problem, entry: Given) -> str:
    return _("允许{school}的招生范围不相连，或补充相邻、渡口、桥梁关系（adjacency 表）").format(
        school=places(problem, entry)
    )


def _holds(problem: Problem, entry: Given) -> str:
    return _("允许{school}的招生范围不含所在单元{unit}").format(
        school=problem.sections[entry.first("s")].name, unit=_place(problem, entry.rule, "n", entry.first("n"))
    )


def _others(problem: Problem, entry: Given) -> str:
    return _("商请{school}的主管部门接收{unit}").format(
        school=problem.sections[entry.first("s")].name, unit=problem.units[entry.first("u")]
    )


_WORDS: dict[str, Callable[[Problem, Given], str]] = {
    "boarding_within_beds": _beds,
    "build_before_close": _before_close,
    "capital_within_budget": _money,
    "catchment_connected": _connected,
    "catchment_holds_school": _holds,
    "children_moved_limit": _moved,
    "closure_travel": _journey,
    "closures_a_year": _closures,
    "committed_happens": _work,
    "intake_fits_plan": _intake,
    "largest_campus": _campus,
    "no_extreme_class": _classes,
    "not_ours": _others,
    "planner_decides": _decision,
    "protected_stays_open": _protected,
    "pupils_within_seats": _classes,
    "school_count": _count,
    "site_ready": _ready,
    "smallest_section": _small,
    "stages_share_rooms": _rooms,
    "township_centre": _centre,
    "travel_within_limit": _journey,
    "units_together": _apart,
}


def told_once(words: Sequence[str]) -> str:
    """Sentences in order, each once."""
    return _("；").join(dict.fromkeys(words))
