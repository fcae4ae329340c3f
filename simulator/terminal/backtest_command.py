"""The command `backtest`: what would have been forecast in every past year."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from simulator.language import translate as _
from simulator.terminal.answering import answer
from simulator.terminal.declared import debug_option, force_option, json_option, lang_option
from simulator.terminal.progress import Teller
from simulator.terminal.starting import check_target


def backtest(
    context: typer.Context,
    source: Annotated[
        Path,
        typer.Argument(
            metavar="SCENARIO_OR_TABLE",
            help=_("情景文件（.toml）、区域数据文件夹，或一张历年在校生表（CSV、Excel）"),
        ),
    ],
    births: Annotated[
        Path | None, typer.Option("--births", metavar="FILE", help=_("出生人口表；不给则用区域数据中的"))
    ] = None,
    population: Annotated[
        Path | None, typer.Option("--population", metavar="FILE", help=_("历年人口和户数表，用于千人指标法、户均法"))
    ] = None,
    drop: Annotated[str, typer.Option("--drop", metavar="YEARS", help=_("不用的学年，如 2020 或 2010-2014,2020"))] = "",
    origins: Annotated[str, typer.Option("--origins", metavar="YEARS", help=_("从哪些学年起预测，如 2003-2018"))] = "",
    until: Annotated[str, typer.Option("--until", metavar="YEAR", help=_("用到哪一学年为止"))] = "",
    out: Annotated[Path | None, typer.Option("--out", metavar="DIR", help=_("把图和表写入这个文件夹"))] = None,
    force: Annotated[bool, force_option()] = False,
    as_json: Annotated[bool, json_option()] = False,
    lang: Annotated[str, lang_option()] = "",
    debug: Annotated[bool, debug_option()] = False,
) -> int:
    """Test the forecast on the past of a district or of a bare table."""
    with Teller() as teller:
        if out is not None:
            check_target(out, teller, force=force)
        teller.step(_("加载程序"))
        from simulator.terminal import backtesting

        wish = backtesting.wish_of(source, births, population, (drop, origins, until))
        trial = backtesting.trial_of(wish, context.obj, teller)
        written = None if out is None else backtesting.written(trial, out, teller, force=force)
    answer(backtesting.backtest_screen(trial, written), backtesting.backtest_object(trial, written), as_json=as_json)
    return 0
