"""Reference pages: rules with their formulas, norm figures with their sources, commands with their options."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterator
from typing import Any

import typer

import cli
from simulator.audit.register import CHECKS
from simulator.language import Language, use_language
from simulator.model.constraints.register import CONSTRAINTS
from simulator.rules import RULES, Rule
from simulator.standards import Figure, read_standards
from simulator.terms import label

_RULES_HEAD = """\
# Rules · 规则

Generated from `simulator/rules`, `simulator/model/constraints` and `simulator/audit`; do not edit.
由程序生成，请勿手改。

One name a rule: it is the switch in `[rules]` of a scenario, the first word of its rows in the model, and the code of
its findings. **Rigid 刚性** findings of a plan make the run end with exit code 1, unless the present state already
had them and the plan does not make them worse (*inherited* 现状延续) or the plan's own shortage table states them
(*declared* 方案已列明). Sources of certainty C or D never fail a plan.
"""

_SYMBOLS = """\
## Symbols

| symbol | is |
|---|---|
| $u, s, j, b$ | unit, section, campus or plot, grade band |
| $t, p$ | year, phase; $a(p)$ and $b(p)$ its first and last year |
| $D_{ubt}$ | children of a unit and band in a year |
| $x_{ubsp}$ | share of the unit's band that goes to the section in the phase (0 or 1 under catchments) |
| $w_{ubp}$ | share without a place |
| $y_{sp}, n_{sp}$ | whether the section runs; its classes |
| $z_{jkp}$ | whether the new school on the plot has standard size $k$ |
| $g_{sp}, a_{jp}, c_{ss'p}$ | free rooms used, rooms added so far, rooms converted so far from $s$ to $s'$ |
| $K_{sp}, k_s, \\bar k_s, f_s$ | seats, standard class size, largest class size, fill |
| $o_{st}, h_{st}$ | pupils above the standard class size; children beyond the largest classes (short) |
"""

_NORMS_HEAD = """\
# Norm figures · 规范数据

Generated from `scenarios/standards/national.toml`; do not edit. 由规范数据文件生成，请勿手改。

A scenario may name further norm files, whose figures replace these one by one, and may state figures of its own.
Certainty 可信度: **A** seen on a government page or in the text of the standard; **B** second hand, to be checked
against the original before it is quoted; **C** from memory; **D** a working default. C and D are printed as
默认参数(待核) and never fail a plan.

| figure | meaning | value | unit | basis | effect | source | certainty |
|---|---|---|---|---|---|---|---|
"""

_COMMANDS_HEAD = """\
# Commands · 命令

Generated from `cli.py`; do not edit. 由程序生成，请勿手改。

`python cli.py`, `uv run cli.py` and an installed `school-planner` are the same program.

| exit code | means |
|---|---|
| 0 | a plan without rigid finding |
| 1 | a plan with rigid findings |
| 2 | an input cannot be used; nothing was written |
| 3 | no plan satisfies the rules; the rules and places in conflict are named |
| 70 | a fault of the program; `--debug` shows where |
| 130 | interrupted; the best plan so far is kept |
"""


def rules_page() -> str:
    """Every rule: title, basis, effect, source, formula of the model, sentence of the audit."""
    sections = [part for rule in RULES.values() for part in _rule(rule)]
    return "\n".join([_RULES_HEAD, _SYMBOLS, *sections])


def _rule(rule: Rule) -> Iterator[str]:
    yield f"## `{rule.name}` {rule.title}\n"
    facts = f"{label(rule.basis)}（{rule.basis}） · {label(rule.effect)}（{rule.effect}）"
    default = "" if rule.default else " · 默认关闭 off by default"
    yield f"{facts} · {rule.source}，可信度 {rule.certainty}{default}\n"
    if rule.in_model:
        yield f"**Model.** {_markdown(CONSTRAINTS[rule.name])}\n"
    yield f"**Audit.** {_markdown(CHECKS[rule.name].function)}\n"


def _markdown(function: Callable[..., object]) -> str:
    """The docstring with its formulas as Markdown."""
    text = inspect.getdoc(function) or ""
    return re.sub(r"\.\. math::((?:.|\n)*?)(?=\n\S|\Z)", _formula, text).strip()


def _formula(found: re.Match[str]) -> str:
    lines = [line.strip() for line in found[1].strip().splitlines()]
    return "\n".join(["```math", *lines, "```"])


def norms_page() -> str:
    """Every figure of the national norm file with its source and certainty."""
    standards = read_standards(("national.toml",), {})
    rows = [_norm(figure) for figure in standards.figures.values()]
    sizes = [f"| `{kind}` | {'、'.join(map(str, counts))} |" for kind, counts in standards.modules.items()]
    head = "\n\n## Standard class counts of new schools · 新建学校的标准班数\n\n| kind | classes |\n|---|---|"
    return _NORMS_HEAD + "\n".join([*rows, head, *sizes]) + "\n"


def _norm(figure: Figure) -> str:
    source = figure.source if figure.year is None else f"{figure.source}（{figure.year}）"
    cells = (
        f"`{figure.figure_id}`",
        figure.title,
        f"{figure.value:g}",
        figure.unit,
        label(figure.basis),
        label(figure.effect),
        source,
        figure.certainty,
    )
    return f"| {' | '.join(cell.replace('|', '&#124;') for cell in cells)} |"


def commands_page() -> str:
    """Every command with its arguments and options, in English."""
    use_language(Language.EN)
    try:
        commands = typer.main.get_command(cli._app()).commands  # noqa: SLF001  the commands have no other list
        return "\n".join([_COMMANDS_HEAD, *(_command(name, command) for name, command in commands.items())])
    finally:
        use_language(Language.ZH)


def _command(name: str, command: Any) -> str:  # noqa: ANN401  a class of the command-line library
    arguments = [parameter for parameter in command.params if parameter.param_type_name == "argument"]
    options = [parameter for parameter in command.params if parameter.param_type_name == "option"]
    rows = [f"| `{argument.metavar}` | {_plain(argument.help)} |" for argument in arguments]
    rows += [f"| {_names(option)} | {_plain(option.help)} |" for option in options]
    usage = " ".join([name, *(argument.metavar for argument in arguments)])
    return "\n".join([f"## `{usage}`", "", f"{command.help}.", "", "| | |", "|---|---|", *rows, ""])


def _names(option: Any) -> str:  # noqa: ANN401  a class of the command-line library
    value = f" {option.metavar}" if option.metavar else ""
    return ", ".join(f"`{name}{value}`" for name in option.opts).replace("|", "\\|")


def _plain(text: str) -> str:
    """The text without what Markdown would read as markup."""
    return text.replace("<", "&lt;").replace("|", "\\|")
