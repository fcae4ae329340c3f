"""The house: layers, sizes, words, generated files, the installed program."""

from __future__ import annotations

import ast
import json
import os
import re
import socket
import string
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from docs import catalogue, generate
from simulator import read_scenario, run_scenario
from simulator.audit.register import CHECKS
from simulator.inputs.synthetic import DistrictCard, invent_district, small_district, write_district
from simulator.language import Language, plural, use_language
from simulator.model.constraints.register import CONSTRAINTS
from simulator.rules import RULES

ROOT = Path(__file__).resolve().parents[1]
SOURCES = sorted([*(ROOT / "simulator").rglob("*.py"), ROOT / "cli.py"])
SKIPPED = {".git", ".venv", ".hypothesis", "results", "dist", "build", "uv.lock"}
LONGEST_MODULE = 350


def tracked_texts() -> list[Path]:
    """Text files of the repository, those that tools or runs leave behind apart."""
    kinds = {".py", ".md", ".toml", ".txt", ".json", ".po", ".csv", ""}
    tops = [path for path in ROOT.iterdir() if path.name not in SKIPPED and not path.name.endswith("_cache")]
    files = [file for top in tops for file in ([top] if top.is_file() else top.rglob("*"))]
    return sorted(path for path in files if path.is_file() and path.suffix in kinds)


def test_imports_go_down_only() -> None:
    """Every layer of the house imports only what stands below it, and every module has its layer."""
    tool = Path(sys.executable).with_name("lint-imports")
    run = subprocess.run([tool, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603  our own tool
    assert run.returncode == 0, run.stdout


def test_modules_are_short() -> None:
    """No module of the program has more than 350 lines."""
    lengths = {path.relative_to(ROOT).as_posix(): len(path.read_text("utf-8").splitlines()) for path in SOURCES}
    assert {name: length for name, length in lengths.items() if length > LONGEST_MODULE} == {}


def test_no_room_for_odds_and_ends() -> None:
    """No module is called utils, helpers, common or misc, and nothing is left to do in a comment."""
    assert [path.name for path in SOURCES if path.stem in {"utils", "helpers", "common", "misc"}] == []
    waiting = re.compile("#.*(" + "|".join(["TO" + "DO", "FIX" + "ME", "XX" + "X"]) + ")")
    assert [path.name for path in SOURCES if waiting.search(path.read_text("utf-8"))] == []


def test_no_machine_and_no_registry_is_named() -> None:
    """No file names a folder of somebody's machine, or a host that packages are downloaded from."""
    folders = ["/" + "work" + "/", "/" + "tmp" + "/", "/" + "root" + "/", "/" + "home" + "/", "C:" + "\\Users"]
    hosts = ["py" + "pi.org", "files.python" + "hosted", "simple" + "/index", "mirrors" + "."]
    forbidden = re.compile("|".join(map(re.escape, folders + hosts)))
    named = [path.relative_to(ROOT).as_posix() for path in tracked_texts() if forbidden.search(_text(path))]
    assert named == []


def test_every_ignore_says_why() -> None:
    """A `noqa` or `type: ignore` names its rule and gives a reason on its line."""
    marker = re.compile(r"#\s*(?:noqa(?P<rule>: [A-Z0-9, ]+)?|type: ignore(?P<code>\[[a-z, -]+\])?)(?P<reason>.*)")
    bare = []
    for path in [*SOURCES, *(ROOT / "tests").glob("*.py"), *(ROOT / "docs").glob("*.py")]:
        for number, line in enumerate(_text(path).splitlines(), start=1):
            found = None if path == Path(__file__) and "re.compile" in line else marker.search(line)
            if found and not ((found["rule"] or found["code"]) and len(found["reason"].strip()) > 3):
                bare.append(f"{path.relative_to(ROOT)}:{number}")
    assert bare == []


def test_every_district_says_where_it_comes_from() -> None:
    """Every district folder has a README with source, date, licence and CRS."""
    folders = [folder for folder in (ROOT / "geodata").iterdir() if (folder / "district.toml").is_file()]
    assert len(folders) >= 2
    for folder in folders:
        text = _text(folder / "README.md")
        assert all(word in text for word in ("Source", "Date", "Licence", "CRS")), folder.name


def test_demonstrations_are_marked() -> None:
    """〔演示〕 stands in the title of every demonstration's district and scenarios."""
    invented = set()
    for file in (ROOT / "geodata").glob("*/district.toml"):
        declared = tomllib.loads(_text(file))
        if declared.get("invented"):
            invented.add(file.parent.resolve())
            assert "〔演示〕" in declared["title"]
    for file in sorted((ROOT / "scenarios").glob("*.toml")):
        if file.stem != "defaults":
            scenario = read_scenario(file)
            assert scenario.district.folder.resolve() not in invented or "〔演示〕" in scenario.title, file.name


def test_every_rule_is_held_checked_and_explained() -> None:
    """Every rule has a title, a source and a check; a rule of the model has a formula too."""
    assert set(RULES) == set(CHECKS)
    assert {name for name, rule in RULES.items() if rule.in_model} == set(CONSTRAINTS)
    for name, rule in RULES.items():
        assert rule.title, name
        assert rule.source, name
        assert CHECKS[name].function.__doc__, name
    assert [name for name, function in CONSTRAINTS.items() if ".. math::" not in (function.__doc__ or "")] == []


def test_generated_files_are_current() -> None:
    """Defaults, schema, reference pages, constraints and catalogue are what the source gives: `python -m docs.generate`."""
    assert generate.drifted() == []


def test_every_message_has_an_english_translation() -> None:
    """No word that a user may read is missing in the English catalogue."""
    assert catalogue.untranslated() == []


def test_translations_keep_the_placeholders() -> None:
    """A translation has the placeholders of its message, no more and no fewer, and is not marked fuzzy."""
    wrong = [
        message.id
        for message in catalogue.updated_catalogue()
        for form in _texts(message.string)
        if message.id and form and (message.fuzzy or _placeholders(_texts(message.id)[0]) != _placeholders(form))
    ]
    assert wrong == []


def test_messages_about_a_number_have_a_form_for_one_and_a_form_for_many() -> None:
    """Chinese has one form; the English for one differs from that for many, or nobody need ask for it."""
    assert plural("，寄宿 {count} 人", 1) == plural("，寄宿 {count} 人", 2)
    forms = {_texts(one.id)[0]: one.string for one in catalogue.updated_catalogue() if not isinstance(one.id, str)}
    assert set(forms) == set(catalogue.counted())
    assert [message for message, (one, many) in forms.items() if one == many] == []
    use_language(Language.EN)
    try:
        said = [plural("，寄宿 {count} 人", count).format(count=count) for count in (0, 1, 2)]
    finally:
        use_language(Language.ZH)
    assert said == [", 0 boarders", ", 1 boarder", ", 2 boarders"]


def _texts(words: str | tuple[str, ...]) -> tuple[str, ...]:
    return (words,) if isinstance(words, str) else tuple(words)


def _placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def test_translations_are_english() -> None:
    """Chinese stands in a translation only where the message names a word that the user types or reads in a file."""
    left = []
    for message in catalogue.updated_catalogue():
        source, english = _texts(message.id or "")[0], " ".join(_texts(message.string))
        words = re.findall("[一-鿿]+", english)
        copied = len("".join(words)) > 0.75 * len("".join(re.findall("[一-鿿]+", source)))
        if source and (copied or any(word not in source for word in words if word != "万元")):
            left.append((source, english))
    assert left == []


def test_one_version_of_every_package() -> None:
    """Every package is pinned once, for pip and for uv; pulp stays below 4; no address stands in the file."""
    pins = [line for line in _text(ROOT / "constraints.txt").splitlines() if not line.startswith("#")]
    names = [pin.split("==")[0] for pin in pins]
    assert all(re.fullmatch(r"[a-z0-9-]+==[0-9][0-9a-z.]*", pin) for pin in pins)
    assert len(names) == len(set(names))
    version = dict(pin.split("==") for pin in pins)["pulp"]
    assert (3, 3) <= tuple(int(part) for part in version.split(".")[:2]) < (4, 0)


def test_links_of_the_documentation_lead_somewhere() -> None:
    """Every relative link of the README and the documentation names a file that exists."""
    pages = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "geodata").rglob("*.md")]
    lost = []
    for page in pages:
        for target in re.findall(r"\]\(([^)#][^)]*)\)", _text(page)):
            path = target.split("#")[0]
            if not re.match("[a-z]+:", path) and not (page.parent / path).exists():
                lost.append(f"{page.relative_to(ROOT)}: {target}")
    assert lost == []


def test_source_is_valid_for_the_oldest_python() -> None:
    """Every module parses as Python 3.11."""
    for path in SOURCES:
        ast.parse(_text(path), feature_version=(3, 11))


def test_a_run_opens_no_connection(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A run of a small invented district never asks for a network connection."""
    scenario = small_scenario(tmp_path)

    def refuse(_socket: socket.socket, address: object) -> None:
        message = f"a run asked for a connection to {address}"
        raise AssertionError(message)

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket.socket, "connect_ex", refuse)
    assert len(run_scenario(scenario).plan.sections)


@pytest.mark.slow
def test_the_notebook_runs() -> None:
    """The notebook runs from top to bottom, and its plan has a finite gap."""
    import jupytext
    import nbclient

    notebook = jupytext.read(ROOT / "notebooks" / "first_plan.py")
    where = {"metadata": {"path": str(ROOT)}}
    nbclient.NotebookClient(notebook, timeout=300, kernel_name="python3", resources=where).execute()
    printed = "".join(output.get("text", "") for cell in notebook.cells for output in cell.get("outputs", []))
    assert re.search(r"gap \d+\.\d\d%", printed)


@pytest.mark.slow
def test_the_installed_program_stands_alone(tmp_path: Path) -> None:
    """The wheel holds program, norm files and catalogue but no tests, and plans a district from an empty folder."""
    wheel = build_wheel(tmp_path / "wheel")
    site, empty = tmp_path / "site", tmp_path / "empty"
    empty.mkdir()
    _run([sys.executable, "-m", "zipfile", "-e", wheel, site], ROOT)
    names = {path.relative_to(site).as_posix() for path in site.rglob("*") if path.is_file()}
    assert {"cli.py", "simulator/norms/national.toml", "simulator/locale/en/LC_MESSAGES/simulator.mo"} <= names
    assert {name.split("/")[0].split("-")[0] for name in names} == {"cli.py", "simulator", "school_planner"}
    entry = next(site.glob("*.dist-info")) / "entry_points.txt"
    assert "school-planner = cli:main" in _text(entry)

    scenario = small_scenario(tmp_path)
    started = (
        "import sys; sys.path[0] = sys.argv.pop(1); import cli; assert cli.__file__.startswith(sys.path[0]); cli.main()"
    )
    command = [sys.executable, "-c", started, site, "optimize", scenario, "--json"]
    planned = _run(command, empty, allowed=(0, 1))
    assert json.loads(planned.stdout)
    assert (empty / "results" / "small" / "plan.xlsx").is_file()


def build_wheel(folder: Path) -> Path:
    """Build the wheel with uv or the build backend; skip where neither is at hand without a download."""
    uv = Path(sys.executable).with_name("uv")
    if uv.is_file():
        command = [uv, "build", "--quiet", "--wheel", "--out-dir", folder, ROOT]
        built = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603  our own tool
        if built.returncode:
            pytest.skip(f"the build backend cannot be fetched here: {built.stderr.strip().splitlines()[-1:]}")
    else:
        pytest.importorskip("hatchling", reason="neither uv nor the build backend is installed in this environment")
        _run([sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder], ROOT)
    return next(folder.glob("*.whl"))


def small_scenario(folder: Path) -> Path:
    """A small invented district with its scenario."""
    spec = small_district(5)
    card = DistrictCard("小样区", "小样区〔演示〕", spec.crs, "虚构", {"default": 2025})
    write_district(invent_district(spec), folder / "small", card)
    path = folder / "small.toml"
    path.write_text(
        'title = "小样区〔演示〕"\n[district]\nfolder = "small"\n[horizon]\nbase_year = 2025\ntarget_year = 2028\n'
        "[[phases]]\nfirst_year = 2026\nlast_year = 2028\n[solver]\ntime_limit_s = 30\n[outputs]\nmaps = []\n",
        encoding="utf-8",
    )
    return path


def _run(command: list[object], folder: Path, allowed: tuple[int, ...] = (0,)) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": ""}
    words = [str(word) for word in command]
    run = subprocess.run(words, cwd=folder, env=environment, capture_output=True, text=True, check=False)  # noqa: S603  our own
    assert run.returncode in allowed, run.stdout + run.stderr
    return run


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace")
