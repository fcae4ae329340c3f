"""An earlier result that a new run starts from or stays close to: whether it fits, and what of it still holds."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd

from simulator.errors import InputError, Problem
from simulator.language import translate as _
from simulator.outputs.manifest import (
    Sources,
    changes_since,
    input_hashes,
    plain_json,
    program_version,
    read_manifest,
    relative_to_scenario,
    settings,
)
from simulator.outputs.stored import StoredResult, read_result
from simulator.plan import phase_table

# Settings that do not change the model.
_BESIDE = ("solver", "outputs")
_SCENARIO = ".toml"
_FEW = 5


def earlier_result(folder: Path, run: Sources) -> StoredResult:
    """Read a result of the same district and the same phases as a run.

    Parameters
    ----------
    folder
        The result folder.
    run
        What is to be planned.

    Raises
    ------
    InputError
        The folder is no result, or one of another district, of other units or of other phases.
    """
    stored = read_result(folder)
    _refuse(folder, [*_other_district(stored, run), *_other_phases(stored, run)])
    return stored


def result_of_base_year(folder: Path, run: Sources) -> StoredResult:
    """Read a result of the same district and the same base year, whatever its phases.

    Raises
    ------
    InputError
        The folder is no result, or one of another district, of other units or of another base year.
    """
    stored = read_result(folder)
    problems = list(_other_district(stored, run))
    was, now = stored.scenario.horizon.base_year, run.scenario.horizon.base_year
    if was != now:
        what = _("原成果的基准年是 {was}，本情景的基准年是 {now}").format(was=was, now=now)
        problems.append(Problem("base_year", what, _("请给出这个基准年的成果")))
    _refuse(folder, problems)
    return stored


def _refuse(folder: Path, problems: list[Problem]) -> None:
    if problems:
        raise InputError(_("原成果 {folder} 与本情景对不上").format(folder=folder), problems)


def _other_district(stored: StoredResult, run: Sources) -> list[Problem]:
    name, title = stored.district
    remedy = _("请给出同一区域的成果")
    if name != run.district.name:
        what = _("原成果的区域是“{was}”，本情景的区域是“{now}”").format(was=title or name, now=run.district.title)
        return [Problem("district", what, remedy)]
    was, now = set(stored.units["unit_id"]), set(run.district.units["unit_id"])
    if was == now:
        return []
    what = _("划片单元不同：{units}").format(units=_("、").join(sorted(was ^ now)[:_FEW]))
    return [Problem("units", what, remedy)]


def _other_phases(stored: StoredResult, run: Sources) -> list[Problem]:
    was, now = (_spans(table) for table in (stored.plan.phases, phase_table(run.scenario)))
    if was == now:
        return []
    what = _("原成果的分期是 {was}，本情景的分期是 {now}").format(was=_("、").join(was), now=_("、").join(now))
    return [Problem("phases", what, _("请使两者的 base_year、target_year 和 phases 相同，或不用原成果"))]


def _spans(table: pd.DataFrame) -> list[str]:
    rows = table.sort_values("phase")
    return [f"{first}—{last}" for first, last in zip(rows["first_year"], rows["last_year"], strict=True)]


def why_other_model(stored: StoredResult, run: Sources) -> str:
    """Why what was proven of an earlier result need not hold for a run; empty where the model is the same.

    It is the same where program, settings (those of the solver and the outputs apart) and inputs are, and nobody has
    edited the stored tables.
    """
    manifest = read_manifest(stored.folder)
    if manifest is None:
        return _("没有可读的 manifest.json")
    if manifest.get("version") != program_version():
        return _("程序版本不同")
    if _model_settings(manifest.get("settings")) != _model_settings(plain_json(settings(run))):
        return _("情景设定不同")
    if not _same_data(manifest.get("inputs"), run):
        return _("输入数据不同")
    if any(name.startswith("tables/plan_") for name in changes_since(stored.folder, manifest).changed):
        return _("成果的方案表改动过")
    if (stored.plan.objective["item"] == "changes").any():
        return _("原成果是贴近另一方案求得的")
    return ""


def _model_settings(values: Any) -> str:  # noqa: ANN401  what a manifest holds
    if not isinstance(values, dict):
        return ""
    kept = {key: value for key, value in values.items() if key not in _BESIDE}
    return json.dumps(kept, sort_keys=True)


def _same_data(was: Any, run: Sources) -> bool:  # noqa: ANN401  what a manifest holds
    """Whether data and norms are the same; scenario files may differ, their settings are compared as they are resolved."""
    if not isinstance(was, dict):
        return False
    own = relative_to_scenario(run.scenario_path.resolve(), run)
    now = {name: value for name, value in input_hashes(run).items() if name != own}
    left = [name for name in was.keys() - now.keys() if name != own and not name.endswith(_SCENARIO)]
    return not left and all(was.get(name) == value for name, value in now.items())
