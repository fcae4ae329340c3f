"""What stands side by side: the plans under short names, and the present networks without action."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from string import ascii_uppercase

import pandas as pd

from simulator.errors import InputError, Problem
from simulator.language import translate as _
from simulator.operation import Operation
from simulator.outputs.stored import StoredResult
from simulator.outputs.titles import built_name
from simulator.plan import Plan
from simulator.terms import Action, Network, label

MOST = 6
"""Plans that a page can show side by side."""


@dataclass(frozen=True)
class Side:
    """A network of a result.

    Parameters
    ----------
    key
        Code of its columns: `a`, `b` …, and `idle_a` without action.
    name
        As tables and charts call it: 方案A, 不采取措施.
    stored
        The result that it is of.
    is_plan
        Whether it is the plan, else the present network without action.
    """

    key: str
    name: str
    stored: StoredResult
    is_plan: bool

    @property
    def plan(self) -> Plan:
        """Its decisions."""
        return self.stored.plan if self.is_plan else self.stored.no_action

    @property
    def operation(self) -> Operation:
        """Its years."""
        return self.stored.operation if self.is_plan else self.stored.no_action_operation

    @property
    def target(self) -> int:
        """The last year that is planned for."""
        return self.stored.scenario.horizon.target_year

    def pupils(self, year: int) -> pd.DataFrame:
        """Children of a year by unit, band and section."""
        rows = self.operation.pupils
        return rows[rows["year"] == year]


def plan_sides(stored: Sequence[StoredResult]) -> tuple[Side, ...]:
    """The plans as 方案A, 方案B …, in the order in which they were named.

    Raises
    ------
    InputError
        More plans than a page can show.
    """
    if len(stored) > MOST:
        what = _("给出了 {count} 份成果").format(count=len(stored))
        raise InputError(_("无法比较"), [Problem("", what, _("一次最多比较 {most} 份").format(most=MOST))])
    return tuple(
        Side(letter.lower(), _("方案{letter}").format(letter=letter), one, is_plan=True)
        for letter, one in zip(ascii_uppercase, stored, strict=False)
    )


def idle_sides(plans: Sequence[Side]) -> tuple[Side, ...]:
    """What happens without action: once a district, that of its first plan."""
    firsts: dict[tuple[str, str], Side] = {}
    for side in plans:
        firsts.setdefault(side.stored.district, side)
    word = label(Network.NO_ACTION)
    return tuple(
        Side(
            f"idle_{side.key}",
            word if len(firsts) == 1 else _("{scheme}（{title}）").format(scheme=word, title=side.stored.district[0]),
            side.stored,
            is_plan=False,
        )
        for side in firsts.values()
    )


def school_names(plans: Sequence[Side]) -> dict[str, str]:
    """Site id → name over all plans; a parcel on which one of them builds bears the name of its school."""
    names: dict[str, str] = {}
    for side in plans:
        sites, actions = side.stored.supply.sites, side.plan.actions
        built = set(actions.loc[actions["action"] == Action.NEW_BUILD, "site_id"])
        for site, name, there in zip(sites.index, sites["name"], sites["existing"], strict=True):
            if site in built and not there:
                names[str(site)] = built_name(str(name))
            else:
                names.setdefault(str(site), str(name))
    return names


def section_name(names: dict[str, str], section_id: str) -> str:
    """Name of the school of a section; of several (joined by ；), all of them; what has none is unserved."""
    parts = [part for part in section_id.split("；") if part]
    return _("、").join(names.get(part.split(":")[0], part) for part in parts) or _("（未安排）")
