"""The command `update`: a year of new data."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from simulator.language import translate as _
from simulator.terminal.answering import answer
from simulator.terminal.declared import (
    debug_option,
    force_option,
    json_option,
    lang_option,
    scenario_argument,
    solver_option,
)
from simulator.terminal.options import solver_overrides
from simulator.terminal.progress import Teller
from simulator.terminal.starting import check_target, prepare


def update(
    context: typer.Context,
    scenario: Annotated[Path, scenario_argument()],
    enrolment: Annotated[Path, typer.Option("--enrolment", metavar="FILE", help=_("新一年的在校生表（CSV 或 Excel）"))],
    births: Annotated[Path, typer.Option("--births", metavar="FILE", help=_("新的出生人口表"))],
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help=_("新的区域数据文件夹"))],
    classes: Annotated[
        Path | None, typer.Option("--classes", metavar="FILE", help=_("新一年的班级表，可以不给"))
    ] = None,
    result: Annotated[
        Path | None, typer.Option("--result", metavar="RESULT", help=_("上一年的成果，据以核对决定"))
    ] = None,
    year: Annotated[str, typer.Option("--year", metavar="YEAR", help=_("新的基准年，须为基准年加一"))] = "",
    time_limit: Annotated[str, solver_option("--time-limit", "SECONDS", _("再求解的时间上限，秒；不写为 20"))] = "",
    work_limit: Annotated[str, solver_option("--work-limit", "N", _("工作量上限；设定后结果可重现，不看时间"))] = "",
    force: Annotated[bool, force_option()] = False,
    as_json: Annotated[bool, json_option()] = False,
    lang: Annotated[str, lang_option()] = "",
    debug: Annotated[bool, debug_option()] = False,
) -> int:
    """Roll a district forward by a year of new data; compare forecast and decisions."""
    from simulator.terminal import updating

    overrides = solver_overrides({"--time-limit": time_limit, "--work-limit": work_limit})
    wish = updating.Wish(
        updating.NewFiles(enrolment, births, classes), out, updating.year_of(year), result, force=force
    )
    with Teller() as teller:
        check_target(out, teller, force=force)
        prepared = prepare(scenario, {}, context.obj, teller)
        found = updating.updated(prepared, wish, overrides, teller)
    answer(updating.update_screen(found), updating.update_object(found), as_json=as_json)
    return 0
