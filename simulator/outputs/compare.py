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
    """情景比选表: one row a plan, the first folder's present network without action as the last row.

    Parameters
    ----------
    folders
        Result folders.

    Returns
    -------
    DataFrame
        folder, scheme (title of the scenario, or 不采取措施), then the figures of
        :func:`simulator.outputs.schemes.figure_titles`.

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
    rows = [_row(one, one.plan, one.scenario.title) for one in stored]
    rows.append(_row(stored[0], stored[0].no_action, label(Network.NO_ACTION)))
    return pd.DataFrame(rows)


def _row(stored: StoredResult, plan: Plan, scheme: str) -> dict[str, object]:
    figures = scheme_figures(plan, stored.indicators, stored.audit.findings, stored.supply.sections, stored.scenario)
    return {"folder": str(stored.folder), "scheme": scheme, **figures}
