"""The page that traces five published plans into the program: every fact with its place and the program's own figure.

`published_plans.toml` says of every fact where it lives; `published_figures.csv` holds the figures, so that the page is made
without reading a district. `python -m docs.published_plans` measures the demonstration districts again;
`python -m docs.published_plans results/shawan …` takes the figures of plans from written results.
"""

from __future__ import annotations

import csv
import json
import sys
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from docs.measured import SCENARIOS, answered, demonstration_tables, result_tables
from docs.places import word_of
from simulator.scenario import read_scenario

FACTS = Path(__file__).with_name("published_plans.toml")
FIGURES = Path(__file__).with_name("published_figures.csv")
OUT_OF_SCOPE = "–"
"""Type of a fact that no layout program is asked to hold."""
_LONG = 10_000
Key = tuple[str, str]
"""Scenario of a demonstration, and query."""


@dataclass(frozen=True)
class Figure:
    """A published figure beside the program's own.

    Parameters
    ----------
    what
        What is counted.
    scenario
        Scenario of the demonstration that is asked.
    query
        What is asked (:mod:`docs.measured`).
    of_plan
        Whether a result answers, else the scenario and its district.
    published
        The figure of the published plan; None where it names none.
    relation
        `equals`, `at_least`, `at_most`: what the program's figure must be to the published one; `beside` claims nothing.
    within
        How far an equal figure may be away.
    percent
        Whether figures are shares.
    """

    what: str
    scenario: str
    query: str
    of_plan: bool
    published: float | None
    relation: str
    within: float
    percent: bool

    @property
    def key(self) -> Key:
        """Under which the figure is kept."""
        return self.scenario, self.query

    def holds(self, figure: float) -> bool:
        """Whether a figure is to the published one as claimed."""
        if self.relation == "beside" or self.published is None:
            return True
        if self.relation == "equals":
            return abs(figure - self.published) <= self.within + 1e-9
        higher = figure >= self.published - 1e-9
        return higher if self.relation == "at_least" else figure <= self.published + 1e-9

    def words(self, figure: float | None) -> str:
        """Published and own figure, as the page prints them."""
        published = "" if self.published is None else f"{self._word(self.published)} → "
        own = "—" if figure is None else f"**{self._word(figure)}**"
        return f"{self.what}: {published}{'plan ' if self.of_plan else ''}{own}"

    def _word(self, figure: float) -> str:
        if self.percent:
            return f"{100 * figure:.4g} %"
        # Years and other figures of four digits stand without a comma.
        return f"{round(figure, 2):{'' if abs(figure) < _LONG else ','}.10g}"


@dataclass(frozen=True)
class Fact:
    """A row of a published plan: number, type, our short wording, where it lives, figures, why it is out of scope."""

    number: str
    kind: str
    text: str
    lives: tuple[str, ...]
    figures: tuple[Figure, ...]
    out: str


@dataclass(frozen=True)
class Source:
    """A published plan: its short name, what it is, the scenarios of its demonstration, its facts in order."""

    name: str
    title: str
    scenarios: tuple[str, ...]
    facts: tuple[Fact, ...]


@cache
def sources() -> tuple[Source, ...]:
    """The five published plans with their facts.

    Raises
    ------
    KeyError
        The file has a word that is not known.
    """
    given = tomllib.loads(FACTS.read_text(encoding="utf-8"))
    return tuple(_source(name, values) for name, values in given.items())


def _source(name: str, values: dict[str, Any]) -> Source:
    scenarios = tuple(values["scenarios"])
    facts = tuple(_fact(number, fact, scenarios[0]) for number, fact in values["facts"].items())
    return Source(name, values["title"], scenarios, facts)


def _fact(number: str, values: dict[str, Any], scenario: str) -> Fact:
    figures = tuple(_figure(figure, scenario) for figure in values.pop("figures", ()))
    fact = Fact(
        number.replace("-", "."),
        values.pop("type"),
        values.pop("fact"),
        tuple(values.pop("lives", ())),
        figures,
        values.pop("out", ""),
    )
    if values:
        raise KeyError(number, *values)
    return fact


def _figure(values: dict[str, Any], scenario: str) -> Figure:
    of_plan = "plan" in values
    published = values.pop("published", None)
    figure = Figure(
        what=values.pop("what"),
        scenario=values.pop("of", scenario),
        query=values.pop("plan" if of_plan else "data"),
        of_plan=of_plan,
        published=None if published is None else float(published),
        relation=values.pop("is", "beside" if of_plan or published is None else "equals"),
        within=float(values.pop("within", 0.0)),
        percent=values.pop("percent", False),
    )
    if values:
        raise KeyError(*values)
    return figure


def every_figure() -> Iterator[Figure]:
    """Every figure of the page, each query once."""
    figures = (figure for source in sources() for fact in source.facts for figure in fact.figures)
    yield from {(figure.key, figure.of_plan): figure for figure in figures}.values()


def measured_again() -> dict[Key, float]:
    """Figures that the demonstrations' own data give, measured now."""
    asked = [figure for figure in every_figure() if not figure.of_plan]
    return {figure.key: answered(figure.query, demonstration_tables(figure.scenario)) for figure in asked}


def figures_of_result(folder: Path) -> dict[Key, float]:
    """Figures that a written result gives; its folder bears the name of its scenario.

    Raises
    ------
    ValueError
        The folder is not the result of the scenario that it is named after.
    """
    title = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["title"]
    if title != read_scenario(SCENARIOS / f"{folder.name}.toml").title:
        message = f"{folder} is not a result of scenarios/{folder.name}.toml"
        raise ValueError(message)
    asked = [figure for figure in every_figure() if figure.of_plan and figure.scenario == folder.name]
    tables = result_tables(folder)
    return {figure.key: answered(figure.query, tables) for figure in asked}


def kept_figures() -> dict[Key, float]:
    """Figures as they are kept beside the page."""
    with FIGURES.open(encoding="utf-8", newline="") as file:
        return {(row["scenario"], row["query"]): float(row["figure"]) for row in csv.DictReader(file)}


def keep_figures(figures: dict[Key, float]) -> None:
    """Keep figures, in the order of the page; those that nothing asks for any longer are dropped."""
    with FIGURES.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["scenario", "query", "figure"])
        asked = dict.fromkeys(figure.key for figure in every_figure())
        writer.writerows((*key, repr(figures[key])) for key in asked if key in figures)


_HEAD = """\
# Five published plans · 五份公开的规划

Generated from `docs/published_plans.toml` and `docs/published_figures.csv`; do not edit. 由程序生成，请勿手改。

Five plans that education bureaus published, fact by fact, in our own words: where each fact lives in the program, and the
figure that the program gives for the demonstration built on that plan, beside the published one (published → program).
Figures of a demonstration's own tables and scenario are measured by a test. Those marked *plan* are read from a result: **what
the program proposes for an invented county, on invented geography; they say nothing about the real one.** A dash stands where
no result was read.

Types: IN input · CON rule · IND indicator or target · LEV lever · OUT output · CHK check · – outside what a layout plan holds.
Names of places: see [settings](settings.md), [rules](rules.md), [catalogue of checks](catalogue.md), [norm figures](norms.md),
[tables](tables.md), [commands](commands.md); *indicator* is a table of a result, *sheet* one of `plan.xlsx`, *document* one of
`outputs.documents`, *item* one of the evaluation board.
"""


def plans_page() -> str:
    """Every published plan as a table of its facts."""
    kept = kept_figures()
    return _HEAD + "".join(_section(source, kept) for source in sources())


def _section(source: Source, kept: dict[Key, float]) -> str:
    scenarios = " · ".join(f"`{name}.toml`" for name in source.scenarios)
    head = f"\n## {source.name} {source.title}\n\nScenarios: {scenarios}\n\n"
    columns = "| # | fact | type | where it lives | published → program |\n|---|---|---|---|---|\n"
    return head + columns + "".join(f"{_row(fact, kept)}\n" for fact in source.facts)


def _row(fact: Fact, kept: dict[Key, float]) -> str:
    lives = [_place(reference) for reference in fact.lives]
    if fact.out:
        lives.append(f"out of scope: {fact.out}")
    figures = [figure.words(kept.get(figure.key)) for figure in fact.figures]
    cells = (fact.number, fact.text, fact.kind, "<br>".join(lives), "<br>".join(figures))
    return f"| {' | '.join(cell.replace('|', '&#124;') for cell in cells)} |"


def _place(reference: str) -> str:
    kind, _colon, name = reference.partition(":")
    word = word_of(reference)
    if kind == "page":
        return f"page [{name}](../{name}.md)"
    return f"{kind.replace('_', ' ')} `{name}` {word}".rstrip()


def main(folders: Sequence[str]) -> None:
    """Measure the demonstrations again, or read figures of plans from results, and keep them."""
    found = figures_of_results(folders) if folders else measured_again()
    keep_figures(kept_figures() | found)


def figures_of_results(folders: Sequence[str]) -> dict[Key, float]:
    """Figures of several results."""
    return {key: figure for folder in folders for key, figure in figures_of_result(Path(folder)).items()}


if __name__ == "__main__":
    main(sys.argv[1:])
