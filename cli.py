"""The command line: parses, calls the story, prints; decides nothing.

`python cli.py`, `uv run cli.py` and an installed `school-planner` are this program. Heavy libraries are imported
by the command that needs them, so that help comes at once.
"""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from simulator import __version__
from simulator.errors import PlannerError, Problem
from simulator.language import Language, use_language
from simulator.language import translate as _
from simulator.terminal.answering import answer as _answer
from simulator.terminal.answering import fail as _fail
from simulator.terminal.backtest_command import backtest
from simulator.terminal.compare_command import compare
from simulator.terminal.declared import debug_option as _debug_option
from simulator.terminal.declared import force_option as _force_option
from simulator.terminal.declared import json_option as _json_option
from simulator.terminal.declared import lang_option as _lang_option
from simulator.terminal.declared import out_option as _out_option
from simulator.terminal.declared import scenario_argument as _scenario_argument
from simulator.terminal.declared import solver_option as _solver_option
from simulator.terminal.help import Command, Group, usage_problem
from simulator.terminal.interrupts import INTERRUPTED, Interrupts
from simulator.terminal.monitor_command import monitor
from simulator.terminal.options import solver_overrides, spoken_language, wrong_command_line
from simulator.terminal.progress import Teller
from simulator.terminal.requests import asked, request_of
from simulator.terminal.starting import check_target as _check_target
from simulator.terminal.starting import prepare as _prepare
from simulator.terminal.template_command import template
from simulator.terminal.update_command import update

DEBUG_VARIABLE = "SCHOOL_PLANNER_DEBUG"
RIGID_FINDINGS, UNEXPECTED = 1, 70
"""Exit codes of a plan with rigid findings, and of a fault of the program itself."""


def main() -> None:
    """Run the command line of this process and leave with its exit code."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    sys.exit(run(sys.argv[1:]))


def run(arguments: Sequence[str]) -> int:
    """Run a command line.

    Parameters
    ----------
    arguments
        Without the program's name.

    Returns
    -------
    int
        0 a plan without rigid finding; 1 with rigid findings; 2 input error; 3 infeasible; 130 interrupted.
    """
    as_json = "--json" in arguments
    try:
        asked = spoken_language(arguments, os.environ)
        use_language(asked or Language.ZH)
        code = _app()(list(arguments) or ["--help"], prog_name=_program_name(), standalone_mode=False, obj=asked)
        return int(code or 0)
    except PlannerError as error:
        return _fail(error, as_json=as_json)
    except typer.TyperException as error:
        return _fail(wrong_command_line([usage_problem(error)]), as_json=as_json)
    except KeyboardInterrupt:
        return INTERRUPTED
    except Exception as error:  # a fault of the program: one line, unless the user wants all of it
        if "--debug" in arguments or os.environ.get(DEBUG_VARIABLE):
            traceback.print_exc()
        what = f"{type(error).__name__}: {error}"
        fault = Problem("", what, _("请加上 --debug 再运行一次，并把输出交给开发者"))
        _fail(PlannerError(_("程序出错"), [fault]), as_json=as_json)
        return UNEXPECTED


def new(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help=_("新文件夹，须为空或不存在"))],
    as_json: Annotated[bool, _json_option()] = False,
    lang: Annotated[str, _lang_option()] = "",
    debug: Annotated[bool, _debug_option()] = False,
) -> int:
    """Write an empty district and its scenario."""
    from simulator.inputs import write_template

    written = write_template(folder)
    lines = [
        _("已生成：{files}").format(files=_("、").join(str(path) for path in written)),
        _("先填写工作簿（橙色表头为必填），再运行：{program} check {scenario}").format(
            program=_program_name(), scenario=written[-1]
        ),
    ]
    _answer(lines, {"files": [str(path) for path in written]}, as_json=as_json)
    return 0


def check(
    context: typer.Context,
    scenario: Annotated[Path, _scenario_argument()],
    as_json: Annotated[bool, _json_option()] = False,
    lang: Annotated[str, _lang_option()] = "",
    debug: Annotated[bool, _debug_option()] = False,
) -> int:
    """Read everything that a run reads, and tell what does not add up."""
    with Teller() as teller:
        prepared = _prepare(scenario, {}, context.obj, teller)
        from simulator.run import check_prepared
        from simulator.terminal import screens

        problems = check_prepared(prepared)
    told = screens.check_screen(prepared.district, problems)
    counted = screens.check_object(prepared.district)
    _answer(told, {**counted, "problems": screens.problem_objects(problems)}, as_json=as_json)
    return 0


def project(
    context: typer.Context,
    scenario: Annotated[Path, _scenario_argument()],
    out: Annotated[Path | None, typer.Option("--out", metavar="DIR", help=_("把各表写入这个文件夹"))] = None,
    force: Annotated[bool, _force_option()] = False,
    as_json: Annotated[bool, _json_option()] = False,
    lang: Annotated[str, _lang_option()] = "",
    debug: Annotated[bool, _debug_option()] = False,
) -> int:
    """Project the children, and no more."""
    with Teller() as teller:
        if out is not None:
            _check_target(out, teller, force=force)
        prepared = _prepare(scenario, {}, context.obj, teller)
        from simulator.outputs import write_forecast
        from simulator.prepared import Watcher
        from simulator.run import warn_prepared
        from simulator.terminal import screens

        alerts = warn_prepared(prepared, Watcher(teller.step))
        written = None if out is None else str(write_forecast(prepared, alerts, out, force=force))
    told = list(screens.forecast_screen(prepared, prepared.projection, alerts))
    if written:
        told.append(_("各表已写入 {folder}").format(folder=written))
    _answer(told, {**screens.forecast_object(prepared.projection, alerts), "result": written}, as_json=as_json)
    return 0


def optimize(
    context: typer.Context,
    scenario: Annotated[Path, _scenario_argument()],
    out: Annotated[Path | None, _out_option()] = None,
    time_limit: Annotated[str, _solver_option("--time-limit", "SECONDS", _("求解时间上限，秒"))] = "",
    gap: Annotated[str, _solver_option("--gap", "FRACTION", _("与最优值相差到此即停，如 0.01 表示 1%"))] = "",
    work_limit: Annotated[str, _solver_option("--work-limit", "N", _("工作量上限；设定后结果可重现，不看时间"))] = "",
    solver: Annotated[str, _solver_option("--solver", "NAME", _("求解器：highs，或 CBC、COPT、GUROBI 等"))] = "",
    seed: Annotated[str, _solver_option("--seed", "N", _("随机种子"))] = "",
    workers: Annotated[str, _solver_option("--workers", "N", _("出图的进程数，不影响结果"))] = "",
    frontier: Annotated[str, _solver_option("--frontier", "A,B", _("画出两个目标的权衡，如 cost,journeys"))] = "",
    points: Annotated[str, _solver_option("--points", "N", _("权衡曲线上的方案数，含两端；不写为 5"))] = "",
    near: Annotated[Path | None, _solver_option("--stay-close-to", "RESULT", _("贴近原方案：不同之处计价"))] = None,
    why: Annotated[str, _solver_option("--explain", "PLACE", _("求解后说明这所学校、用地或单元为何这样安排"))] = "",
    resume: Annotated[Path | None, _solver_option("--resume", "RESULT", _("接着原成果求解"))] = None,
    fix_from: Annotated[
        Path | None, _solver_option("--fix-from", "FILE", _("把改过的 plan.gpkg、plan.xlsx 中的修改固定下来，优化其余"))
    ] = None,
    force: Annotated[bool, _force_option()] = False,
    as_json: Annotated[bool, _json_option()] = False,
    lang: Annotated[str, _lang_option()] = "",
    debug: Annotated[bool, _debug_option()] = False,
) -> int:
    """Plan the school network and write everything that a planner gets."""
    typed = {"--time-limit": time_limit, "--gap": gap, "--work-limit": work_limit, "--solver": solver}
    overrides = solver_overrides({**typed, "--seed": seed, "--workers": workers})
    wanted = asked(resume, near, frontier, points)
    folder = out or Path("results") / scenario.stem
    with Teller() as teller:
        _check_target(folder, teller, force=force)
        prepared = _prepare(scenario, overrides, context.obj, teller)
        from simulator.outputs import write_result
        from simulator.prepared import Watcher
        from simulator.run import optimize_prepared
        from simulator.terminal import edits, explaining, screens

        prepared, fixed = edits.fixed(prepared, fix_from, teller.say) if fix_from else (prepared, None)
        request = request_of(wanted, prepared, teller.say)
        explaining.check_place(prepared, why)
        with Interrupts(teller.interrupted) as interrupts:
            watcher = Watcher(teller.step, teller.search, interrupts.stopped, teller.sized(prepared.scenario.solver))
            result = optimize_prepared(prepared, watcher, request)
            interrupts.begin_writing()
            processes = prepared.scenario.solver.workers
            written = write_result(result, folder, force=force, workers=processes, report=teller.writing)
        asides = explaining.explained(written, why, overrides, teller) if why and not interrupts.stopped() else ([], {})
    told = [*screens.result_screen(result, str(written)), *asides[0]]
    answer = {**screens.result_object(result, str(written)), **asides[1]}
    if fixed is not None:
        told, answer = [*told, *edits.fixed_screen(fixed, result)], {**answer, **edits.fixed_object(fixed, result)}
    _answer(told, answer, as_json=as_json)
    if interrupts.stopped():
        return INTERRUPTED
    return RIGID_FINDINGS if result.audit.rigid else 0


def audit(
    result: Annotated[Path, typer.Argument(metavar="RESULT", help=_("成果文件夹，表格可以手工改过"))],
    plan: Annotated[
        Path | None, typer.Option("--plan", metavar="FILE", help=_("改过的 plan.gpkg、plan.xlsx：校核改后的方案"))
    ] = None,
    as_json: Annotated[bool, _json_option()] = False,
    lang: Annotated[str, _lang_option()] = "",
    debug: Annotated[bool, _debug_option()] = False,
) -> int:
    """Operate and audit a stored result again, from its tables alone."""
    with Teller() as teller:
        teller.step(_("读取"))
        from simulator.outputs import audit_stored, read_result, stored_changes
        from simulator.terminal import edits, screens

        stored = read_result(result)
        teller.step(_("运行与校核"))
        changed = edits.changed_result(stored, plan) if plan else None
        audited = audit_stored(changed.stored if changed else stored)
        changes = stored_changes(result)
    told = list(screens.audit_screen(stored, audited, changes))
    answer = screens.audit_object(stored, audited, changes)
    if changed:
        told = [*edits.audited_screen(changed, audited), *told]
        answer |= edits.audited_object(changed, audited)
    _answer(told, answer, as_json=as_json)
    return RIGID_FINDINGS if audited.rigid else 0


def explain(
    context: typer.Context,
    result: Annotated[Path, typer.Argument(metavar="RESULT", help=_("成果文件夹"))],
    place: Annotated[str, typer.Argument(metavar="PLACE", help=_("学校、用地或划片单元的编号或名称"))],
    time_limit: Annotated[str, _solver_option("--time-limit", "SECONDS", _("求解时间上限，秒"))] = "",
    work_limit: Annotated[str, _solver_option("--work-limit", "N", _("工作量上限；设定后结果可重现，不看时间"))] = "",
    as_json: Annotated[bool, _json_option()] = False,
    lang: Annotated[str, _lang_option()] = "",
    debug: Annotated[bool, _debug_option()] = False,
) -> int:
    """Tell why a stored plan decides as it does at a place: what the opposite would change."""
    overrides = solver_overrides({"--time-limit": time_limit, "--work-limit": work_limit})
    with Teller() as teller:
        teller.step(_("加载程序"))
        from simulator.terminal.explaining import explained

        told, answer = explained(result, place, overrides, teller)
    _answer(told, answer, as_json=as_json)
    return 0


def _program_name() -> str:
    name = Path(sys.argv[0]).name
    return f"python {name}" if name.endswith(".py") else name


def _app() -> typer.Typer:
    """All commands, described in the language now spoken."""
    app = typer.Typer(
        cls=Group,
        help=_("中小学、幼儿园布局规划：学龄人口预测、学位供需、招生范围、撤并与新建的优化和独立校核。"),
        epilog=_(
            "开始：new 生成模板，check 检查数据，optimize 求方案。退出码：0 无刚性问题，1 有刚性问题，2 输入有误，3 无可行方案，130 中断。"
        ),
        add_completion=False,
        pretty_exceptions_enable=False,
    )
    app.callback()(_root)
    app.command("new", help=_("生成待填的区域数据模板和情景文件"), cls=Command)(new)
    app.command("check", help=_("检查情景和区域数据，列出需要核对的地方"), cls=Command)(check)
    app.command("project", help=_("只做学龄人口和学位需求预测"), cls=Command)(project)
    app.command("optimize", help=_("求解布局方案，写出图、表、说明"), cls=Command)(optimize)
    app.command("audit", help=_("重新运行并校核一份成果（可以手工改过）"), cls=Command)(audit)
    app.command("explain", help=_("说明一处为何这样安排：换一种做法会怎样"), cls=Command)(explain)
    app.command("update", help=_("用新一年的在校生和出生人口滚动更新，核对预测和决定"), cls=Command)(update)
    app.command("monitor", help=_("用以后某一年的数据监测规划实施：项目、学位、销号、滑坡指标"), cls=Command)(monitor)
    app.command("backtest", help=_("用本地历史检验预测方法：滚动回测、误差、区间覆盖率"), cls=Command)(backtest)
    app.command("template", help=_("检查自备的 Word 模板：不认识的字段、语法错误、没有用到的字段"), cls=Command)(
        template
    )
    app.command("compare", help=_("并列比较若干份成果"), cls=Command)(compare)
    return app


def _show_version(asked: bool) -> None:
    if asked:
        print(f"school-planner {__version__}")
        raise typer.Exit


def _root(
    version: Annotated[
        bool, typer.Option("--version", help=_("显示版本"), is_eager=True, callback=_show_version)
    ] = False,
    lang: Annotated[str, _lang_option()] = "",
) -> None:
    """Take the options that stand before the command."""


if __name__ == "__main__":
    main()
