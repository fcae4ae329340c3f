"""A plan file that a planner changed: audited in place of the stored plan, or fixed while the rest is optimized."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
from rich import box
from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from simulator.language import plural
from simulator.language import translate as _

if TYPE_CHECKING:
    from simulator.audit import Audit
    from simulator.outputs import StoredResult
    from simulator.outputs.read_back import Edits
    from simulator.prepared import Prepared
    from simulator.result import Result

_DIGITS = {"mean_minutes": 1, "longest_minutes": 1, "oversized_share": 3}


@dataclass(frozen=True)
class Changed:
    """A stored result with the changes of a file, and its totals without them."""

    stored: StoredResult
    edits: Edits
    before: Mapping[str, float]


def changed_result(stored: StoredResult, file: Path) -> Changed:
    """The stored result as the file changes it.

    Raises
    ------
    InputError
        The file cannot be used; all problems with their places.
    """
    from simulator.outputs.reaudit import read_plan_edits, stored_totals, with_edits

    edits = read_plan_edits(stored, file)
    return Changed(with_edits(stored, edits), edits, stored_totals(stored, stored.audit))


def audited_screen(changed: Changed, audit: Audit) -> list[RenderableType]:
    """What was changed and the totals before and after."""
    return [*_told(changed.edits), _totals(_compared(changed, audit))]


def audited_object(changed: Changed, audit: Audit) -> dict[str, Any]:
    """The same for a program."""
    return _object(changed.edits, _compared(changed, audit))


def fixed(prepared: Prepared, file: Path, say: Callable[[str], None]) -> tuple[Prepared, Edits]:
    """The scenario with the changes of a file as decisions that the optimizer must keep.

    Parameters
    ----------
    prepared
        What is to be planned.
    file
        plan.gpkg or plan.xlsx, edited.
    say
        Told in a line how much is fixed.

    Raises
    ------
    InputError
        The file cannot be used, or a change contradicts the scenario.
    """
    from simulator.outputs.read_back import read_edits
    from simulator.outputs.read_back_decisions import fixed_scenario

    units = prepared.district.units["unit_id"].astype(str)
    edits = read_edits(file, prepared.supply, units, prepared.district.name)
    scenario = fixed_scenario(prepared.scenario, edits, prepared.supply, set(units))
    say(
        plural(
            "按 {file} 固定 {count} 项修改，其余重新优化", len(scenario.decisions) - len(prepared.scenario.decisions)
        ).format(file=file, count=len(scenario.decisions) - len(prepared.scenario.decisions))
    )
    return replace(prepared, scenario=scenario), edits


def fixed_screen(edits: Edits, result: Result) -> list[RenderableType]:
    """What was fixed, and totals of the plan in the file and of the new one."""
    return [*_told(edits), _totals(_optimized(edits, result))]


def fixed_object(edits: Edits, result: Result) -> dict[str, Any]:
    """The same for a program."""
    return _object(edits, _optimized(edits, result))


def _compared(changed: Changed, audit: Audit) -> pd.DataFrame:
    from simulator.outputs.read_back_totals import before_after
    from simulator.outputs.reaudit import stored_totals

    return before_after(changed.before, stored_totals(changed.stored, audit))


def _optimized(edits: Edits, result: Result) -> pd.DataFrame:
    from simulator.outputs.read_back_totals import before_after, total_figures

    now = total_figures(result.plan, result.indicators, result.audit.findings, result.supply.sections, result.scenario)
    return before_after(edits.figures, now)


def _told(edits: Edits) -> list[RenderableType]:
    found = _("{file}：改动招生范围 {zones} 处，举措 {works} 处").format(
        file=edits.path.name, zones=len(edits.zones), works=len(edits.works)
    )
    nothing = [] if edits.zones or edits.works else [_("没有改动：与写出时的方案相同。")]
    lines = [*nothing, *edits.notes]
    return [Text(found, style="bold"), *(f"  {line}" for line in lines)]


def _totals(compared: pd.DataFrame) -> Table:
    table = Table(title=_("改动前后"), title_style="bold", title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column(_("指标"), no_wrap=True)
    for title in (_("单位"), _("改动前"), _("改动后"), _("增减")):
        table.add_column(title, justify="right")
    for row in compared.to_dict("records"):
        digits = _DIGITS.get(str(row["figure"]), 0)
        figures = (
            _figure(row["before"], digits),
            _figure(row["after"], digits),
            _figure(row["change"], digits, sign="+"),
        )
        table.add_row(str(row["title"]), str(row["unit"]), *figures)
    return table


def _figure(value: float, digits: int, sign: str = "") -> str:
    if value != value:
        return "—"
    text = f"{value:{sign}.{digits}f}"
    return "0" if sign and float(text) == 0 else text


def _object(edits: Edits, compared: pd.DataFrame) -> dict[str, Any]:
    names = ["figure", "before", "after"]
    return {
        "edits": {
            "file": str(edits.path),
            "catchments": [
                {"unit": one.unit_id, "band": one.band.band_id, "phase": one.phase, "before": list(one.before),
                 "after": list(one.after)}
                for one in edits.zones
            ],
            "works": [
                {"section": one.section_id, "before": one.before, "after": one.do, "year": one.year, "amount": one.amount}
                for one in edits.works
            ],
            "not_taken": list(edits.notes),
            "totals": compared[names].to_dict("records"),
        }
    }  # fmt: skip
