"""A run → everything that its documents may say."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from simulator.language import Language, current_language
from simulator.language import translate as _
from simulator.outputs import stamp
from simulator.outputs.answers import Answers, answers
from simulator.outputs.edition import edition_words
from simulator.outputs.figures import share
from simulator.outputs.offices import author_name, office_names
from simulator.outputs.projects import named_works
from simulator.outputs.sentences import cost_lines, finding_lines, journey_lines, shortage_lines, work_lines
from simulator.outputs.summary import quality_lines
from simulator.outputs.titles import rezoning_words, stamped_title, stamps, unstamped
from simulator.outputs.word.collect_network import (
    closure_fields,
    move_fields,
    phase_fields,
    project_fields,
    rezoned_units,
    shortage_fields,
    work_fields,
)
from simulator.outputs.word.collect_places import (
    alert_fields,
    count_fields,
    finding_fields,
    rule_fields,
    school_fields,
)
from simulator.outputs.word.collect_stages import near_year, stage_fields, township_fields
from simulator.outputs.word.collect_tables import numbered_sheets, sheet_fields
from simulator.outputs.word.context import Context
from simulator.outputs.word.context_plan import Money, MoneyYear, Offices, Sentences, Target, Task
from simulator.outputs.word.words import plain_lines
from simulator.outputs.workbook import plan_sheets
from simulator.outputs.workbook.sheet import Sheet
from simulator.result import Result
from simulator.rules import RULES
from simulator.terms import Network

_ALL = 1_000
# A document by name, with its number where that follows in brackets.
_DOCUMENT = re.compile(r"(?:GB[/T ]*[\d-]+)?《[^》]+》(?:（[^（）]*\d[^（）]*）)?")
_OF_A_PROVINCE = "省"


def document_context(result: Result, pictures: dict[str, Path], sheets: Sequence[Sheet] | None = None) -> Context:
    """Everything that documents are filled from.

    Parameters
    ----------
    result
        A finished run.
    pictures
        Maps and charts that may be placed, by file stem.
    sheets
        The workbook's sheets, where they were made already.

    Returns
    -------
    Context
        Figures of the same indicator functions and tables as every other output.
    """
    found, horizon, outputs = answers(result), result.scenario.horizon, result.scenario.outputs
    works, numbered = (
        named_works(found.works, result),
        numbered_sheets(plan_sheets(result) if sheets is None else sheets),
    )
    projects, closures = project_fields(works, result), closure_fields(works, result)
    stages, offices = stage_fields(result), Offices(**office_names(result))
    work_year = outputs.work_year or result.scenario.plan_years[0]
    public = outputs.edition == "public"
    served = {str(row["section_id"]): str(row["units"]) for row in numbered["T10"].rows.to_dict("records")}
    return Context(
        title=stamped_title(result, result.scenario.title),
        district=unstamped(result.district.title),
        demo=_("〔演示〕") if result.district.invented else "",
        edition=edition_words(outputs),
        map_number=outputs.map_number,
        author=author_name(result),
        date=_date(),
        qualifications=tuple(stamps(result)),
        rezoning=rezoning_words(result.plan),
        base_year=horizon.base_year,
        first_year=result.scenario.plan_years[0],
        near_year=near_year(result),
        target_year=horizon.target_year,
        work_year=work_year,
        offices=offices,
        units=len(result.district.units),
        townships=township_fields(result),
        phases=phase_fields(projects, result),
        stages=stages,
        shortages=shortage_fields(found.short),
        shortages_idle=shortage_fields(found.short_idle),
        works=work_fields(works),
        projects=projects,
        closures=closures,
        moves=move_fields(found),
        rezoned_units=rezoned_units(result),
        money=_money(found, result),
        money_years=_money_years(result),
        counts=count_fields(found),
        findings=() if public else finding_fields(found),
        rules=rule_fields(result),
        alerts=() if public else alert_fields(result, work_year),
        schools=() if public else school_fields(found, works, served, result),
        targets=_targets(numbered["T17"]),
        sources=tuple(_sources(result)),
        oversized_line=_oversized_line(result),
        unchecked=sum(figure.to_be_checked for figure in result.standards.figures.values()),
        tasks=_tasks(numbered["T19"]),
        sentences=_sentences(found, result, public=public),
        assumptions=tuple(dict.fromkeys(_assumptions(result))),
        tables={number: sheet_fields(number, sheet) for number, sheet in numbered.items()},
        pictures=pictures,
    )


def _oversized_line(result: Result) -> int | None:
    line = result.standards.figures.get("oversized.line")
    return None if line is None else round(line.value)


def _date() -> str:
    day = stamp.created()
    if current_language() is Language.EN:
        return f"{day:%Y-%m-%d}"
    return _("{year}年{month}月{day}日").format(year=day.year, month=day.month, day=day.day)


def _money(found: Answers, result: Result) -> Money:
    money, horizon = result.indicators.money, result.scenario.horizon
    plan = money[money["network"] == Network.PLAN].set_index("year")["running_wan"]
    return Money(
        capital=found.figures["capital_wan"],
        running_base=share(plan.get(horizon.base_year)),
        running_target=share(found.figures["running_wan"]),
        running_target_idle=share(found.idle["running_wan"]),
        has_limit=result.scenario.budget.capital_wan is not None,
    )


def _money_years(result: Result) -> tuple[MoneyYear, ...]:
    money, last = result.indicators.money, result.scenario.horizon.target_year
    rows = money[(money["network"] == Network.PLAN) & (money["year"] <= last)].sort_values("year")
    return tuple(
        MoneyYear(year=int(year), capital=float(capital), running=float(running))
        for year, capital, running in zip(rows["year"], rows["capital_wan"], rows["running_wan"], strict=True)
    )


def _targets(sheet: Sheet) -> tuple[Target, ...]:
    figures = ("today", "near", "target", "idle", "norm")
    return tuple(
        Target(
            title=str(row["title"]),
            unit=str(row["unit"]),
            source=str(row["source"]),
            **{name: share(row[name]) for name in figures},
        )
        for row in sheet.rows.to_dict("records")
    )


def _tasks(sheet: Sheet) -> tuple[Task, ...]:
    """The rows of the workbook's table of tasks."""
    names = ("title", "measures", "office", "deadline")
    return tuple(Task(**{name: row[name] for name in names}) for row in sheet.rows.to_dict("records"))


def _sources(result: Result) -> list[str]:
    """National documents by name that norms and rules stand in; what is from memory or a working default is no source."""
    figures = [figure.source for figure in result.standards.figures.values() if not figure.to_be_checked]
    rules = [RULES[name].source for name in result.audit.rules_checked if name in RULES]
    named = (document for source in (*figures, *rules) for document in _DOCUMENT.findall(source))
    return list(dict.fromkeys(document for document in named if _OF_A_PROVINCE not in document))


def _sentences(found: Answers, result: Result, *, public: bool) -> Sentences:
    return Sentences(
        shortage=plain_lines(shortage_lines(found, _ALL)),
        works=plain_lines(work_lines(found, result, _ALL)),
        cost=plain_lines(cost_lines(found, result)),
        journeys=plain_lines(journey_lines(found)),
        findings=() if public else plain_lines(finding_lines(found)),
        quality=plain_lines(quality_lines(result)),
    )


def _assumptions(result: Result) -> list[str]:
    return [
        *result.district.assumptions,
        *result.projection.assumptions,
        *result.supply.assumptions,
        *result.access.assumptions,
        *result.catchments.assumptions,
        *result.territory.assumptions,
        *result.plan.notes,
    ]
