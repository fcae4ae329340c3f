"""A result folder read back: everything that the audit needs, rebuilt from its tables alone."""

from __future__ import annotations

import dataclasses
import math
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from pydantic import ValidationError

from simulator.audit.finding import Audit
from simulator.capacity.access import Access
from simulator.capacity.costs import Costs, StageCosts
from simulator.capacity.counties import with_counties
from simulator.capacity.supply import Catchments, Supply
from simulator.capacity.territory import Territory
from simulator.errors import InputError, Problem
from simulator.indicators.board import BoardFacts
from simulator.indicators.figures import Indicators
from simulator.language import translate as _
from simulator.operation import Operation
from simulator.outputs.read_tables import read_tables
from simulator.outputs.titles import stamped
from simulator.plan import Plan, Solution
from simulator.projection.demand import Demand
from simulator.scenario.settings import Scenario
from simulator.standards import Figure, Standards
from simulator.terms import Basis, Effect, Network, Stage, band_of

_PLAN_FRAMES = ("sections", "catchments", "shortage", "actions", "capital", "objective", "phases", "goals", "changes")


@dataclass(frozen=True)
class StoredResult:
    """What a result folder holds, as the types that the audit, the indicators and the comparison take.

    `units`, `classes` and `admission_plan` are the district's units (unit_id, name, township, area_kind, x, y, …), its
    register, its admission plan, its opinions and procedure of closures; `board_facts` is what the evaluation board knows beside them, `variation` its
    coefficients and `demand_bands` the bands of the demand; `facts` are single values (district, crs, travel_basis …); `audit` is the audit as it was stored.
    """

    folder: Path
    scenario: Scenario
    standards: Standards
    units: pd.DataFrame
    classes: pd.DataFrame
    admission_plan: pd.DataFrame
    opinions: pd.DataFrame
    procedure: pd.DataFrame
    supply: Supply
    access: Access
    costs: Costs
    catchments: Catchments
    territory: Territory
    demand: Demand
    plan: Plan
    no_action: Plan
    operation: Operation
    no_action_operation: Operation
    indicators: Indicators
    audit: Audit
    board_facts: BoardFacts
    variation: pd.DataFrame
    demand_bands: pd.DataFrame
    facts: dict[str, str]

    @property
    def title(self) -> str:
        """Title of the scenario as every output prints it."""
        return stamped(self.scenario.title, invented=self.facts.get("invented") == str(True))

    @property
    def district(self) -> tuple[str, str]:
        """Name and title of the district."""
        return self.facts.get("district", ""), self.facts.get("district_title", "")


def read_result(folder: Path) -> StoredResult:
    """Read a result folder back, tables as they stand there: a catchment edited by hand is taken as edited.

    Parameters
    ----------
    folder
        The folder that :func:`simulator.outputs.write_result` wrote.

    Returns
    -------
    StoredResult
        Frames equal to those that were written, edits apart.

    Raises
    ------
    InputError
        The folder is no result, a table is missing or garbled, or a row names something that no
        table has; all problems at once.
    """
    if not (folder / "tables").is_dir():
        remedy = _("请给出 optimize 命令写出的结果文件夹")
        raise InputError(_("不是成果文件夹"), [Problem(str(folder), _("其中没有 tables 文件夹"), remedy)])
    tables, problems = read_tables(folder / "tables")
    scenario, faults = _scenario(folder / "scenario.toml")
    problems = faults + problems
    if not problems:
        problems = [*_unknown_names(tables), *_missing_networks(tables), *_incomplete_demand(tables["demand"])]
    if problems or scenario is None:
        title = _("成果文件夹 {folder} 有 {count} 处问题").format(folder=folder, count=len(problems))
        raise InputError(title, problems)
    return _rebuilt(folder, scenario, tables)


def _rebuilt(folder: Path, scenario: Scenario, tables: dict[str, pd.DataFrame]) -> StoredResult:
    facts = dict(zip(tables["facts"]["name"], tables["facts"]["value"], strict=True))
    texts = tables["assumptions"]
    said = {str(part): tuple(rows["assumption"]) for part, rows in texts.groupby("part")}
    supply = Supply(
        sites=tables["sites"].set_index("site_id"),
        sections=tables["sections"].set_index("section_id"),
        modules=tables["modules"],
        committed=tables["committed"],
        bands=tuple(band_of(band) for band in tables["bands"]["band"]),
        assumptions=said.get("supply", ()),
        following=tables["following"],
    )
    homes = tables["territory_homes"].set_index("site_id")["unit_id"]
    access = Access(
        pairs=tables["travel_pairs"],
        limits=tables["limits"],
        basis=facts.get("travel_basis", ""),
        assumptions=said.get("access", ()),
        ways=tables["travel_ways"],
    )
    return StoredResult(
        folder=folder,
        scenario=scenario,
        standards=_standards(tables),
        units=tables["units"],
        classes=tables["register"],
        admission_plan=tables["admission_plan"],
        opinions=tables["opinions"],
        procedure=tables["procedure"],
        supply=with_counties(supply, homes, tables["units"], scenario),
        access=access,
        costs=_costs(tables["costs"], facts),
        catchments=Catchments(tables["catchments_today"], said.get("catchments", ())),
        territory=Territory(
            edges=tables["territory_edges"],
            homes=homes,
            parts=tables["territory_parts"].set_index("unit_id")["part"],
            detached=tables["territory_detached"],
            away=tables["territory_away"],
            assumptions=said.get("territory", ()),
        ),
        demand=_demand(tables["demand"]),
        plan=_plan(tables, Network.PLAN),
        no_action=_plan(tables, Network.NO_ACTION),
        operation=_operation(tables, Network.PLAN),
        no_action_operation=_operation(tables, Network.NO_ACTION),
        indicators=_indicators(tables),
        audit=Audit(tables["findings"], tuple(tables["rules_checked"]["rule"])),
        board_facts=BoardFacts(
            **{field.name: tables[f"facts_{field.name}"] for field in dataclasses.fields(BoardFacts)}
        ),
        variation=tables["board_variation"],
        demand_bands=tables["demand_bands"],
        facts=facts,
    )


def _scenario(path: Path) -> tuple[Scenario | None, list[Problem]]:
    """The resolved scenario as it was stored; its paths are those of the run and are not looked up."""
    try:
        return Scenario.model_validate(tomllib.loads(path.read_text(encoding="utf-8"))), []
    except OSError as error:
        what = _("无法读取：{error}").format(error=error.strerror or error)
        return None, [Problem(path.name, what)]
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        return None, [Problem(path.name, _("不是有效的 TOML 文件：{error}").format(error=error))]
    except ValidationError as error:
        return None, [
            Problem(f"{path.name} {'.'.join(str(part) for part in fault['loc'])}", fault["msg"])
            for fault in error.errors()
        ]


def _standards(tables: dict[str, pd.DataFrame]) -> Standards:
    figures = [_figure(row) for row in _records(tables["standards"])]
    replaced = [
        (_figure(row), _figure({key: row[f"new_{key}"] for key in _figure_keys()}))
        for row in _records(tables["standards_replaced"])
    ]
    modules = {
        str(kind): tuple(int(number) for number in rows["classes"])
        for kind, rows in tables["standard_modules"].groupby("kind", sort=False)
    }
    return Standards({figure.figure_id: figure for figure in figures}, tuple(replaced), modules)


def _records(table: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(key): value for key, value in row.items()} for row in table.to_dict("records")]


def _figure_keys() -> list[str]:
    return [field.name for field in dataclasses.fields(Figure)]


def _figure(row: dict[str, Any]) -> Figure:
    year = float(row["year"])
    known: dict[str, Any] = {
        "value": float(row["value"]),
        "year": None if np.isnan(year) else int(year),
        "basis": Basis(row["basis"]),
        "effect": Effect(row["effect"]),
    }
    return Figure(**{key: row[key] for key in _figure_keys()} | known)


def _costs(table: pd.DataFrame, facts: dict[str, str]) -> Costs:
    names = [field.name for field in dataclasses.fields(StageCosts)]
    stages = {
        Stage(row["stage"]): StageCosts(*(float(row[name]) for name in names)) for row in table.to_dict("records")
    }
    singles = {
        name: float(facts[name]) for name in ("conversion_room_wan", "annuity", "bus_pupil_year", "boarder_year")
    }
    return Costs(stages, **singles)


def _demand(table: pd.DataFrame) -> Demand:
    units = tuple(table["unit_id"].drop_duplicates())
    cells = tuple(
        (Stage(stage), int(grade))
        for stage, grade in table[["stage", "grade"]].drop_duplicates().itertuples(index=False)
    )
    years = tuple(int(year) for year in table["year"].drop_duplicates())
    children = np.zeros((len(units), len(cells), len(years)))
    pairs = list(zip(table["stage"], table["grade"], strict=True))
    place = (
        pd.Index(units).get_indexer(pd.Index(table["unit_id"])),
        pd.MultiIndex.from_tuples([(stage.value, grade) for stage, grade in cells]).get_indexer(
            pd.MultiIndex.from_tuples(pairs)
        ),
        pd.Index(years).get_indexer(pd.Index(table["year"])),
    )
    children[place] = table["children"]
    return Demand(units, cells, years, children)


def _plan(tables: dict[str, pd.DataFrame], network: Network) -> Plan:
    solution = _of(tables["plan_solution"], network).iloc[0].to_dict()
    rezoning = str(solution.pop("rezoning"))
    known = {field.name for field in dataclasses.fields(Solution)}
    frames = {name: _of(tables[f"plan_{name}"], network) for name in _PLAN_FRAMES}
    return Plan(
        network=network.value,
        **frames,
        solution=Solution(seconds=0.0, **{key: value for key, value in solution.items() if key in known}),
        rezoning=rezoning,
        notes=tuple(_of(tables["plan_notes"], network)["note"]),
    )


def _operation(tables: dict[str, pd.DataFrame], network: Network) -> Operation:
    classes, pupils = (_of(tables[f"operation_{name}"], network) for name in ("classes", "pupils"))
    return Operation(network.value, classes, pupils)


def _indicators(tables: dict[str, pd.DataFrame]) -> Indicators:
    return Indicators(**{field.name: tables[f"indicators_{field.name}"] for field in dataclasses.fields(Indicators)})


def _of(table: pd.DataFrame, network: Network) -> pd.DataFrame:
    rows = table[table["network"] == network.value]
    return rows.drop(columns="network").reset_index(drop=True)


def _missing_networks(tables: dict[str, pd.DataFrame]) -> list[Problem]:
    return [
        Problem(f"{name}.csv", _("没有方案口径 {network} 的行").format(network=network.value))
        for name in ("plan_solution", "plan_sections", "plan_phases")
        for network in Network
        if not (tables[name]["network"] == network.value).any()
    ]


def _unknown_names(tables: dict[str, pd.DataFrame]) -> list[Problem]:
    """Rows that name a unit, section or site that its own table lacks; an empty section means unserved."""
    sections, bands = set(tables["sections"]["section_id"]), set(tables["bands"]["band"])
    known = {
        "unit_id": set(tables["units"]["unit_id"]),
        "section_id": sections | bands | {""},
        "site_id": set(tables["sites"]["site_id"]) | {""},
        "band": bands,
        "stage": {stage.value for stage in Stage},
    }
    referring = ("sections", "demand", "travel_pairs", "travel_ways", "catchments_today", "plan_sections", "plan_catchments",
                 "territory_homes", "territory_parts", "territory_detached", "territory_away",
                 "operation_classes", "operation_pupils")  # fmt: skip
    problems = []
    for name in referring:
        for column in [column for column in known if column in tables[name].columns]:
            if (name, column) == ("sections", "section_id"):
                continue
            strange = ~tables[name][column].isin(known[column])
            if strange.any():
                row = int(np.flatnonzero(strange)[0])
                what = _("列 {column} 第 {row} 行的“{value}”在成果中不存在（共 {count} 行）").format(
                    column=column, row=row + 2, value=tables[name][column].iloc[row], count=int(strange.sum())
                )
                problems.append(Problem(f"{name}.csv", what))
    return problems


def _incomplete_demand(table: pd.DataFrame) -> list[Problem]:
    """Demand must hold every unit × grade × year once, not negative."""
    keys = (["unit_id"], ["stage", "grade"], ["year"])
    problems = []
    if len(table) != math.prod(len(table[key].drop_duplicates()) for key in keys):
        problems.append(Problem("demand.csv", _("单元、年级、年份的组合不完整")))
    if not (table["children"] >= 0).all():
        problems.append(Problem("demand.csv", _("列 children 有负数或空格")))
    return problems
