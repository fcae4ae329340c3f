"""A planner's own Word template, filled from the context."""

from __future__ import annotations

import traceback
from pathlib import Path
from typing import Any

from docxtpl import DocxTemplate, InlineImage
from jinja2 import TemplateError

from simulator.errors import InputError, Problem
from simulator.language import translate as _
from simulator.outputs.word.context import Context
from simulator.outputs.word.page import save
from simulator.outputs.word.template_check import refuse_faulty_template, template_fault_title, template_language
from simulator.outputs.word.template_tags import Tags

_PICTURE_MM = 150


def fill_template(path: Path, context: Context, target: Path) -> None:
    """Fill a template.

    Parameters
    ----------
    path
        The template.
    context
        What it may say.
    target
        The file to write.

    Raises
    ------
    InputError
        Faults of the template, each with its place; nothing is written.
    """
    from docx.shared import Mm

    tags = refuse_faulty_template(path)
    values: dict[str, Any] = {name: getattr(context, name) for name in Context.model_fields}
    _try(path, tags, values)
    template = DocxTemplate(str(path))
    pictures = {
        stem: InlineImage(template, str(picture), width=Mm(_PICTURE_MM)) for stem, picture in context.pictures.items()
    }
    template.render(values | {"pictures": pictures}, jinja_env=template_language())
    save(template, target)


def _try(path: Path, tags: Tags, values: dict[str, Any]) -> None:
    """Fill the tags alone first: a fault that shows only with figures then has its place."""
    try:
        template_language().from_string(tags.source()).render(values)
    except (TemplateError, ArithmeticError, TypeError, ValueError, LookupError, AttributeError) as error:
        lines = [
            frame.lineno or 0 for frame in traceback.extract_tb(error.__traceback__) if frame.filename == "<template>"
        ]
        place = tags.place(getattr(error, "lineno", None) or (lines[-1] if lines else 1))
        what = _("填写时出错：{error}").format(error=error)
        raise InputError(template_fault_title(path), [Problem(place, what)]) from error
