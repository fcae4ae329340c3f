"""A run → report.html: page, style, script and data in one file."""

from __future__ import annotations

import base64
import hashlib
import html
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from simulator.outputs.maps.view import MapView
from simulator.outputs.webpage.data import page_data
from simulator.outputs.webpage.words import frame_words
from simulator.result import Result

_HERE = Path(__file__).parent
_FIELD = re.compile(r"\{\{(\w+)\}\}")
# In a script element only these could end it or begin a comment; as escapes they are the same JSON.
_ESCAPES = {ord(mark): f"\\u{ord(mark):04x}" for mark in "<>&\u2028\u2029"}


def write_webpage(result: Result, maps: MapView, path: Path) -> None:
    """Write the page: a single file that asks nothing of any network and runs no script but its own.

    Parameters
    ----------
    result
        A finished run.
    maps
        Its maps' view (:func:`simulator.outputs.maps.view.map_view`).
    path
        The file.
    """
    path.write_text(page_text(page_data(result, maps)), encoding="utf-8", newline="\n")


def page_text(data: Mapping[str, Any]) -> str:
    """The page that shows the data; the browser is told to run only the script and style written here."""
    style, script = _read("page.css"), _script()
    allowed = f"script-src {_digest(script)}; style-src {_digest(style)}"
    policy = f"default-src 'none'; {allowed}; base-uri 'none'; form-action 'none'"
    words = {"language": data["language"], "title": data["title"], "edition": data["edition"], "policy": policy}
    parts = {name: html.escape(str(value)) for name, value in (frame_words() | words).items()}
    parts |= {"style": style, "script": script, "data": embedded(data)}
    return _FIELD.sub(lambda field: parts[field.group(1)], _read("page.html"))


def embedded(data: Mapping[str, Any]) -> str:
    r"""The data as JSON that no text in it can break out of.

    >>> embedded({"name": "</script>"})
    '{"name":"\\u003c/script\\u003e"}'
    """
    return json.dumps(data, ensure_ascii=False, allow_nan=False, separators=(",", ":")).translate(_ESCAPES)


def _script() -> str:
    """All parts of the script in the order of their names, in one scope of its own."""
    parts = [path.read_text(encoding="utf-8") for path in sorted((_HERE / "script").glob("*.js"))]
    return "(function () {\n'use strict';\n" + "\n".join(parts) + "})();\n"


def _read(name: str) -> str:
    return (_HERE / name).read_text(encoding="utf-8")


def _digest(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
