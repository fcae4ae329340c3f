"""The line that every page, map, sheet and document of an edition bears."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.language import translate as _
from simulator.scenario.solution import OutputSettings

if TYPE_CHECKING:
    from simulator.result import Result


def is_public(result: Result) -> bool:
    """Whether a run is written for the public."""
    return result.scenario.outputs.edition == "public"


def edition_words(outputs: OutputSettings) -> str:
    """The line of the edition that the settings ask for: see :func:`edition_line`.

    >>> edition_words(OutputSettings(edition="public", map_number="甲S（2026）12号"))
    '公开版　审图号：甲S（2026）12号'
    """
    return edition_line(outputs.map_number, internal=outputs.edition == "internal")


def edition_line(map_number: str = "", *, internal: bool) -> str:
    """What an edition says of itself, with the number of the map's approval (审图号) where it is known."""
    if internal:
        return _("内部资料，未经审核不得公开")
    if not map_number:
        return _("公开版：对外使用前须经地图审核并标注审图号")
    return _("公开版　审图号：{number}").format(number=map_number)
