"""The command `template`: what is wrong with a Word template, and which fields it leaves out."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from simulator.errors import InputError, Problem
from simulator.language import plural
from simulator.language import translate as _
from simulator.terminal.answering import answer
from simulator.terminal.declared import debug_option, json_option, lang_option
from simulator.terminal.options import wrong_command_line

_CHECK = "check"


def template(
    action: Annotated[str, typer.Argument(metavar="check", help=_("检查模板"))],
    file: Annotated[Path, typer.Argument(metavar="FILE", help=_("自备的 Word 模板（.docx）"))],
    as_json: Annotated[bool, json_option()] = False,
    lang: Annotated[str, lang_option()] = "",
    debug: Annotated[bool, debug_option()] = False,
) -> int:
    """Check a planner's own Word template: faults with their places, fields that it leaves out."""
    if action != _CHECK:
        what = _("没有“{action}”这种做法").format(action=action)
        raise wrong_command_line([Problem("template", what, _("写成 template check 文件.docx"))])
    from simulator.outputs import check_template
    from simulator.terminal.screens import problem_objects

    found = check_template(file)
    told = [f"{problem}" for problem in found.problems]
    told.append(
        plural("模板有 {count} 处问题", len(told)).format(count=len(told))
        if told
        else plural("模板没有问题，用到 {count} 个字段", len(found.used)).format(count=len(found.used))
    )
    if found.unused and found.used:
        told.append(_("没有用到的字段：{names}").format(names=_("、").join(found.unused)))
    fields = {"used": list(found.used), "unused": list(found.unused)}
    answer(told, {"problems": problem_objects(found.problems), **fields}, as_json=as_json)
    return InputError.exit_code if found.problems else 0
