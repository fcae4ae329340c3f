"""Plans side by side, read back from their result folders."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from simulator.errors import InputError, Problem
from simulator.language import translate as _
from simulator.outputs.reaudit import stored_changes
from simulator.outputs.schemes import scheme_figures
from simulator.outputs.stored import StoredResult, read_result
from simulator.plan import Plan
from simulator.terms import Network, label

_READ = ("tables/", "scenario.toml")
"""What a comparison reads; a report that somebody wrote on in Word changes no figure."""


def compare_results(folders: Sequence[Path]) -> pd.DataFrame:
    """情景比选表: one row a plan, then one row a district for its present network without action.

    Parameters
    ----------
    folders
        Result folders.

    Returns
    -------
    DataFrame
        folder, network, scheme (title of the scenario, or 不采取措施), then the figures of
        :func:`simulator.outputs.schemes.figure_titles`. What happens without action is that of the
        district's first folder; it names its scenario where the scenarios differ.

    Raises
    ------
    InputError
        A folder cannot be read, or none was named; all problems of all folders at once.
    """
    return compare_stored(read_results(folders))


def read_results(folders: Sequence[Path], *, unchanged: bool = False) -> list[StoredResult]:
    """Read several results back.

    Parameters
    ----------
    folders
        Result folders.
    unchanged
        Whether to refuse a result whose figures were changed by hand since it was written: its indicators would be
        those of another plan.

    Raises
    ------
    InputError
        A folder cannot be read, none was named, or one was changed; all problems of all folders at once.
    """
    stored: list[StoredResult] = []
    problems: list[Problem] = []
    for folder in folders:
        try:
            stored.append(read_result(Path(folder)))
        except InputError as error:
            problems += [Problem(f"{folder} {one.where}".strip(), one.what, one.remedy) for one in error.problems]
        else:
            problems += _changed(Path(folder)) if unchanged else []
    if problems or not stored:
        none = [Problem("", _("没有给出成果文件夹"))]
        raise InputError(_("成果无法使用"), problems or none)
    return stored


def _changed(folder: Path) -> list[Problem]:
    """The files of a result that a comparison reads and somebody changed."""
    changes = stored_changes(folder)
    if changes is None:
        what = _("没有可读的清单，无法判断成果是否改动过")
        return [Problem(f"{folder} manifest.json", what, _("请用 optimize 重新求解"))]
    remedy = _("改过的表与指标对不上：请恢复原表，或用 optimize --fix-from 重新求解")
    found = [
        *((name, _("写成后改动过")) for name in changes.changed),
        *((name, _("已被删除")) for name in changes.missing),
    ]
    return [Problem(f"{folder} {name}", what, remedy) for name, what in found if name.startswith(_READ)]


def compare_stored(stored: Sequence[StoredResult]) -> pd.DataFrame:
    """The table of :func:`compare_results` for results that were read."""
    rows = [scheme_row(one, one.plan, one.title) for one in stored]
    differ = len({one.title for one in stored}) > 1
    firsts = {one.district: one for one in reversed(stored)}
    idle = [one for one in stored if firsts[one.district] is one]
    rows += [scheme_row(one, one.no_action, _idle_title(one.title if differ else "")) for one in idle]
    return pd.DataFrame(rows)


def _idle_title(whose: str) -> str:
    idle = label(Network.NO_ACTION)
    return _("{scheme}（{title}）").format(scheme=idle, title=whose) if whose else idle


def scheme_row(stored: StoredResult, plan: Plan, scheme: str) -> dict[str, object]:
    """folder, network, scheme and the figures of one network of a result."""
    figures = scheme_figures(
        plan, stored.indicators, stored.audit.findings, stored.supply.sections, stored.scenario, stored.variation
    )
    return {"folder": str(stored.folder), "network": plan.network, "scheme": scheme, **figures}
