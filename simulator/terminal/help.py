"""Typer's help and refusals in the language now spoken."""

from __future__ import annotations

from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

from simulator.errors import Problem
from simulator.language import translate as _
from simulator.terminal.options import wrong_command_line


class Command(TyperCommand):
    """One command."""

    def get_help_option(self, ctx: Any) -> Any:  # noqa: ANN401  typer's own classes
        """The option that shows this help."""
        return _described(super().get_help_option(ctx))

    def get_usage(self, ctx: Any) -> str:  # noqa: ANN401  typer's own class
        """The line that shows how the command is written."""
        return _titled(super().get_usage(ctx))

    def format_help(self, ctx: Any, formatter: Any) -> None:  # noqa: ANN401  typer's own classes
        """Print the help."""
        _name_panels()
        super().format_help(ctx, formatter)


class Group(TyperGroup):
    """All commands."""

    def get_help_option(self, ctx: Any) -> Any:  # noqa: ANN401  typer's own classes
        """The option that shows this help."""
        return _described(super().get_help_option(ctx))

    def get_usage(self, ctx: Any) -> str:  # noqa: ANN401  typer's own class
        """The line that shows how the program is called."""
        return _titled(super().get_usage(ctx))

    def format_help(self, ctx: Any, formatter: Any) -> None:  # noqa: ANN401  typer's own classes
        """Print the help."""
        _name_panels()
        super().format_help(ctx, formatter)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:  # noqa: ANN401  typer's own classes
        """Refuse a command that does not exist, naming those that do."""
        if self.get_command(ctx, args[0]) is None:
            known = _("、").join(self.list_commands(ctx))
            remedy = _("可用的命令：{known}").format(known=known)
            raise wrong_command_line([Problem(args[0], _("没有这个命令"), remedy)])
        return super().resolve_command(ctx, args)


def usage_problem(error: typer.TyperException) -> Problem:
    """What typer found wrong in a command line."""
    remedy = _("用 --help 查看用法")
    option = str(getattr(error, "option_name", ""))
    match type(error).__name__:
        case "NoSuchOption":
            return Problem(option, _("没有这个选项"), remedy)
        case "BadOptionUsage":
            return Problem(option, _("选项后面缺少值，或多写了值"), remedy)
        case "MissingParameter":
            parameter = getattr(error, "param", None)
            return Problem(str(getattr(parameter, "metavar", "")), _("缺少这个参数"), remedy)
    return Problem("", _("无法理解：{message}").format(message=error.format_message()), remedy)


def _described(option: Any) -> Any:  # noqa: ANN401  typer's own class
    if option is not None:
        option.help = _("显示用法并退出")
    return option


def _titled(usage: str) -> str:
    return usage.replace("Usage:", _("用法："), 1)


def _name_panels() -> None:
    from typer import rich_utils

    rich_utils.ARGUMENTS_PANEL_TITLE = _("参数")
    rich_utils.OPTIONS_PANEL_TITLE = _("选项")
    rich_utils.COMMANDS_PANEL_TITLE = _("命令")
    rich_utils.REQUIRED_LONG_STRING = _("[必填]")
