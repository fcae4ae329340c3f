"""Plans side by side, read back from their result folders."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from simulator.errors import InputError, Problem
from simulator.language import translate as _
from simulator.outputs.schemes import scheme_figures
from simulator.outputs.stored import StoredResult, read_result
from simulator.plan import Plan
from simulator.terms import Network, label


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
    stored: list[StoredResult] = []
    problems: list[Problem] = []
    for folder in folders:
        try:
            stored.append(read_result(Path(folder)))
        except InputError as error:
            problems += [Problem(f"{folder} {one.where}".strip(), one.what, one.remedy) for one in error.problems]
    if problems or not stored:
        none = [Problem("", _("没有给出成果文件夹"))]
        raise InputError(_("无法比较"), problems or none)
    rows = [_row(one, one.plan, one.title) for one in stored]
    differ = len({one.title for one in stored}) > 1
    firsts = {one.district: one for one in reversed(stored)}
    idle = [one for one in stored if firsts[one.district] is one]
    rows += [_row(one, one.no_action, _idle_title(one.title if differ else "")) for one in idle]
    return pd.DataFrame(rows)


def _idle_title(whose: str) -> str:
    idle = label(Network.NO_ACTION)
    return _("{scheme}（{title}）").format(scheme=idle, title=whose) if whose else idle


def _row(stored: StoredResult, plan: Plan, scheme: str) -> dict[str, object]:
    figures = scheme_figures(plan, stored.indicators, stored.audit.findings, stored.supply.sections, stored.scenario)
    return {"folder": str(stored.folder), "network": plan.network, "scheme": scheme, **figures}
