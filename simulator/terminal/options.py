"""Values typed on the command line: checked all at once, laid over the scenario's own."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from simulator.errors import InputError, Problem
from simulator.language import Language, plural
from simulator.language import translate as _

if TYPE_CHECKING:
    from simulator.scenario import Scenario

LANGUAGE_OPTION = "--lang"
LANGUAGE_VARIABLE = "SCHOOL_PLANNER_LANG"

_SETTINGS = {
    "--time-limit": "time_limit_s",
    "--gap": "gap",
    "--work-limit": "work_limit",
    "--solver": "name",
    "--seed": "seed",
    "--workers": "workers",
}
"""Option → setting of the solver that it overrides."""

_WHOLE = {"--work-limit": 1, "--seed": 0, "--workers": 1}
"""Options that take a whole number → the least one."""


def spoken_language(arguments: Sequence[str], environment: Mapping[str, str]) -> Language | None:
    """The language asked for on the command line, else in the environment; None where neither names one.

    Parameters
    ----------
    arguments
        The command line without the program's name: it is read before the commands exist, so that their help
        is in that language.
    environment
        Variables; `SCHOOL_PLANNER_LANG` counts.

    Raises
    ------
    InputError
        A language that the program does not speak.

    Examples
    --------
    >>> spoken_language(["check", "a.toml", "--lang", "en"], {})
    <Language.EN: 'en'>
    >>> spoken_language(["check", "a.toml", "--lang=zh"], {"SCHOOL_PLANNER_LANG": "en"})
    <Language.ZH: 'zh'>
    >>> spoken_language(["check", "a.toml"], {}) is None
    True
    """
    where, word = LANGUAGE_VARIABLE, environment.get(LANGUAGE_VARIABLE, "")
    for place, text in enumerate(arguments):
        if text == LANGUAGE_OPTION and place + 1 < len(arguments):
            where, word = LANGUAGE_OPTION, arguments[place + 1]
        elif text.startswith(f"{LANGUAGE_OPTION}="):
            where, word = LANGUAGE_OPTION, text.removeprefix(f"{LANGUAGE_OPTION}=")
    if not word and where == LANGUAGE_VARIABLE:
        return None
    if word not in set(Language):
        what = _("没有“{value}”这种语言").format(value=word)
        raise wrong_command_line([Problem(where, what, _("请写 zh（中文）或 en（英文）"))])
    return Language(word)


def solver_overrides(texts: Mapping[str, str]) -> dict[str, object]:
    """Settings of the solver that the command line overrides.

    Parameters
    ----------
    texts
        Option → value as typed; empty where it was not given.

    Returns
    -------
    dict
        Setting of :class:`simulator.scenario.SolverSettings` → value.

    Raises
    ------
    InputError
        Values that cannot be used, all at once.
    """
    found: dict[str, object] = {}
    problems: list[Problem] = []
    for option, text in texts.items():
        value = _value(option, text.strip()) if text else None
        if isinstance(value, Problem):
            problems.append(value)
        elif value is not None:
            found[_SETTINGS[option]] = value
    if problems:
        raise wrong_command_line(problems)
    return found


def wrong_command_line(problems: Sequence[Problem]) -> InputError:
    """The error that tells what cannot be used on a command line."""
    return InputError(plural("命令行有 {count} 处问题", len(problems)).format(count=len(problems)), problems)


def with_overrides(scenario: Scenario, solver: Mapping[str, object], language: Language | None) -> Scenario:
    """The scenario with what the command line says in place of its own settings."""
    changes: dict[str, object] = {}
    if solver:
        changes["solver"] = scenario.solver.model_copy(update=dict(solver))
    if language is not None:
        changes["outputs"] = scenario.outputs.model_copy(update={"language": language})
    return scenario.model_copy(update=changes)


def _value(option: str, text: str) -> object:
    """The value of an option, or what is wrong with it."""
    if option == "--solver":
        return text
    if option in _WHOLE:
        return _whole_number(option, text, _WHOLE[option])
    return _fraction(option, text) if option == "--gap" else _seconds(option, text)


def _whole_number(option: str, text: str, least: int) -> int | Problem:
    if not text.removeprefix("-").isdecimal():
        return Problem(option, _("“{value}”不是整数").format(value=text))
    if int(text) < least:
        return Problem(option, _("{value} 太小").format(value=text), _("至少为 {least}").format(least=least))
    return int(text)


def _seconds(option: str, text: str) -> float | Problem:
    value = _number(text)
    if math.isfinite(value) and value > 0:
        return value
    what = _("“{value}”不是大于 0 的数").format(value=text)
    return Problem(option, what, _("请写秒数，如 60"))


def _fraction(option: str, text: str) -> float | Problem:
    value = _number(text)
    if 0 <= value < 1:
        return value
    what = _("“{value}”不是 0 到 1 之间的小数").format(value=text)
    return Problem(option, what, _("3% 写成 0.03"))


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return math.nan
