"""manifest.json: the hash of every input and output, versions, settings, solver and audit figures."""

from __future__ import annotations

import hashlib
import json
import math
import os
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from platform import python_version
from types import MappingProxyType
from typing import Any, Protocol

from simulator.inputs.district import District
from simulator.outputs import stamp
from simulator.outputs.explained import PREFIX
from simulator.outputs.titles import stamped_title
from simulator.result import Result
from simulator.scenario import Scenario
from simulator.standards import Standards
from simulator.terms import Effect, FindingStatus, Network

NAME = "manifest.json"
PROGRAM = "school-planner"
_PACKAGES = ("numpy", "pandas", "geopandas", "shapely", "pulp", "highspy", "matplotlib", "xlsxwriter", "python-docx")


class Sources(Protocol):
    """Where the figures of a run come from; a run that is not optimized yet has them too."""

    @property
    def scenario(self) -> Scenario:
        """The scenario."""

    @property
    def scenario_path(self) -> Path:
        """Its file."""

    @property
    def standards(self) -> Standards:
        """Norms in force."""

    @property
    def district(self) -> District:
        """The district's tables."""


@dataclass(frozen=True)
class Changes:
    """How a result folder differs from its manifest, as paths relative to it."""

    changed: tuple[str, ...]
    missing: tuple[str, ...]
    extra: tuple[str, ...]

    def __bool__(self) -> bool:
        """Whether anything differs."""
        return bool(self.changed or self.missing or self.extra)


def write_manifest(
    result: Result, folder: Path, missing_glyphs: str, maps_not_drawn: Mapping[str, str] = MappingProxyType({})
) -> None:
    """Write the manifest of a folder whose other files are all there.

    Parameters
    ----------
    result
        The run.
    folder
        Folder with every other output in it.
    missing_glyphs
        Characters that no shipped font has, which the maps show as 〓.
    maps_not_drawn
        Title of each map that was asked for and could not be drawn → the reason.
    """
    scenario = result.scenario
    content: dict[str, Any] = {
        "district": {
            "name": result.district.name,
            "title": stamped_title(result, result.district.title),
            "invented": result.district.invented,
            "crs": result.district.crs,
        },
        "versions": {"python": python_version(), **_versions()},
        "seed": scenario.solver.seed,
        "settings": settings(result),
        "solver": _solver(result),
        "audit": _audit(result),
        "seconds": {} if stamp.is_fixed() else {key: round(value, 2) for key, value in result.seconds.items()},
        "missing_glyphs": missing_glyphs,
        "maps_not_drawn": dict(maps_not_drawn),
    }
    sign_folder(folder, stamped_title(result, scenario.title), input_hashes(result), content)


def sign_folder(
    folder: Path, title: str, inputs: Mapping[str, str], content: Mapping[str, Any] = MappingProxyType({})
) -> None:
    """Write the manifest of any folder that this program fills, when its other files are all there.

    Parameters
    ----------
    folder
        Folder with every other output in it.
    title
        What it holds, with the mark of a demonstration where it is one.
    inputs
        File → SHA-256 of everything that was read.
    content
        What else the manifest tells.
    """
    own = {
        "program": PROGRAM,
        "version": program_version(),
        "created": stamp.created().isoformat(),
        "title": title,
        "inputs": dict(inputs),
        "outputs": file_hashes(folder),
    }
    text = json.dumps(plain_json({**content, **own}), ensure_ascii=False, indent=2, sort_keys=True, allow_nan=False)
    (folder / NAME).write_text(text + "\n", encoding="utf-8", newline="\n")


def read_manifest(folder: Path) -> dict[str, Any] | None:
    """The manifest of a result folder of this program; None where there is none that can be read."""
    try:
        content = json.loads((folder / NAME).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    ours = isinstance(content, dict) and content.get("program") == PROGRAM
    return content if ours and isinstance(content.get("outputs"), dict) else None


def changes_since(folder: Path, manifest: dict[str, Any]) -> Changes:
    """What was changed, removed or added in a result folder since its manifest was written."""
    before, now = manifest["outputs"], file_hashes(folder)
    return Changes(
        changed=tuple(sorted(name for name in before.keys() & now.keys() if before[name] != now[name])),
        missing=tuple(sorted(before.keys() - now.keys())),
        extra=tuple(sorted(now.keys() - before.keys())),
    )


def file_hashes(folder: Path) -> dict[str, str]:
    """Relative path (with `/`) → SHA-256 of every file of a folder, the manifest and explanations apart."""
    found = (path for path in folder.rglob("*") if path.is_file() and path != folder / NAME)
    files = sorted(path for path in found if path.parent != folder or not path.name.startswith(PREFIX))
    return {path.relative_to(folder).as_posix(): sha256(path) for path in files}


def sha256(path: Path) -> str:
    """SHA-256 of a file, as hexadecimal digits."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def relative_to_scenario(path: str | Path, run: Sources) -> str:
    """A path as seen from the scenario's folder, so that equal runs elsewhere write equal files."""
    if not Path(path).is_absolute():
        return Path(path).as_posix()
    try:
        return Path(os.path.relpath(path, run.scenario_path.resolve().parent)).as_posix()
    except ValueError:  # another drive
        return Path(path).as_posix()


def settings(run: Sources) -> dict[str, Any]:
    """The resolved scenario as plain values; without `workers`, which never changes a result."""
    values = run.scenario.model_dump(mode="json", exclude_none=True)
    values["solver"].pop("workers", None)
    values["district"]["folder"] = relative_to_scenario(run.scenario.district.folder, run)
    values["standards"]["files"] = [relative_to_scenario(name, run) for name in run.scenario.standards.files]
    return values


def input_hashes(run: Sources) -> dict[str, str]:
    """Every file that was read, with its hash: the tables of the district, the scenario, the norm files."""
    hashes = {relative_to_scenario(path, run): value for path, value in run.district.files().items()}
    named = [run.scenario_path, *(Path(name) for name in run.scenario.standards.files)]
    named += [Path(figure.file) for figure in run.standards.figures.values()]
    for path in dict.fromkeys(named):
        if path.is_file():
            hashes[relative_to_scenario(path.resolve(), run)] = sha256(path)
    return hashes


def program_version() -> str:
    """Version of this program."""
    # By name: an import of the package's front door would point up to the modules that it offers.
    return str(import_module("simulator").__version__)


def _versions() -> dict[str, str]:
    found = {}
    for package in _PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            continue
    return found


def _solver(result: Result) -> dict[str, Any]:
    solution = result.plan.solution
    return {
        "status": solution.status,
        "solver": solution.solver,
        "objective": solution.objective,
        "bound": solution.bound,
        "unavoidable": solution.unavoidable,
        "gap": solution.gap,
        "shortage": solution.shortage,
        "seconds": 0.0 if stamp.is_fixed() else round(solution.seconds, 3),
        "rounds": solution.rounds,
    }


def _audit(result: Result) -> dict[str, Any]:
    """Number of the plan's findings by effect, new ones and those inherited or declared apart."""
    findings = result.audit.of(Network.PLAN)
    new = findings[findings["status"] == FindingStatus.NEW]
    counts: dict[str, Any] = {effect.value: int((new["effect"] == effect).sum()) for effect in Effect}
    for status in (FindingStatus.INHERITED, FindingStatus.DECLARED):
        counts[status.value] = int((findings["status"] == status).sum())
    counts["no_action"] = len(result.audit.of(Network.NO_ACTION))
    counts["rules_checked"] = len(result.audit.rules_checked)
    return counts


def plain_json(value: object) -> object:
    """Values that JSON knows: numbers without infinity (as null), plain containers."""
    if isinstance(value, dict):
        return {str(key): plain_json(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain_json(item) for item in value]
    if isinstance(value, bool | str) or value is None:
        return value
    if isinstance(value, int):
        return int(value)
    number = float(str(value))
    return number if math.isfinite(number) else None
