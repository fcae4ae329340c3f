"""Arguments and options that several commands share, as typer declares them."""

from __future__ import annotations

from typing import Any

import typer

from simulator.language import translate as _


def scenario_argument() -> Any:  # noqa: ANN401  typer's own declaration
    """The scenario file."""
    return typer.Argument(metavar="SCENARIO", help=_("情景文件（.toml）"))


def out_option() -> Any:  # noqa: ANN401  typer's own declaration
    """The result folder."""
    return typer.Option("--out", metavar="DIR", help=_("成果文件夹；不写为 results/情景文件名"))


def solver_option(name: str, metavar: str, words: str) -> Any:  # noqa: ANN401  typer's own declaration
    """A value that overrides a setting of the solver."""
    return typer.Option(
        name, metavar=metavar, help=words, show_default=False, rich_help_panel=_("求解（优先于情景文件）")
    )


def force_option() -> Any:  # noqa: ANN401  typer's own declaration
    """Replace a changed result."""
    return typer.Option("--force", help=_("成果写成后改动过也覆盖"))


def json_option() -> Any:  # noqa: ANN401  typer's own declaration
    """One object for a program."""
    return typer.Option("--json", help=_("输出一个 JSON 对象，供程序读取"))


def lang_option() -> Any:  # noqa: ANN401  typer's own declaration
    """The language."""
    return typer.Option("--lang", metavar="zh|en", help=_("语言：zh 中文，en 英文"), show_default=False)


def debug_option() -> Any:  # noqa: ANN401  typer's own declaration
    """All of a fault of the program."""
    return typer.Option("--debug", help=_("程序出错时显示详情"))
