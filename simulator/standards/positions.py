"""Where the keys of a TOML file stand: path → (line, column), for messages that point at them."""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_right
from dataclasses import dataclass, field

KeyPath = tuple[str | int, ...]
"""Keys and array positions from the root, e.g. `("phases", 0, "first_year")`."""

_TOKEN = re.compile(
    r"""
      (?P<string>
          \"\"\"(?:\\.|[^\\])*?\"\"\"\"{0,2}     # a multi-line string may end in two quotes of its own
        | '{3}.*?'{3}'{0,2}
        | "(?:\\.|[^"\\\n])*"
        | '[^'\n]*'
      )
    | (?P<skip>[ \t\r]+|\#[^\n]*)
    | (?P<newline>\n)
    | (?P<mark>[\[\]{}=,.])
    | (?P<bare>[^\s\[\]{}=,.\#"']+)
    """,
    re.VERBOSE | re.DOTALL,
)


@dataclass(frozen=True)
class _Token:
    kind: str
    text: str
    at: int


_END = _Token("end", "", -1)


def key_positions(text: str) -> dict[KeyPath, tuple[int, int]]:
    r"""Line and column (both from 1) of every key, table header and array element of a valid TOML text.

    A table named only as a part of longer keys stands where it is named first.

    >>> key_positions("a.b = 1\n[[c]]\nd = [2, 3]")[("c", 0, "d")]
    (3, 1)
    """
    starts = [0, *(match.end() for match in re.finditer(r"\n", text))]
    scanner = _Scanner(_tokens(text))
    scanner.document()
    return {path: _line_and_column(starts, at) for path, at in scanner.places.items()}


def _tokens(text: str) -> list[_Token]:
    return [
        _Token(match.lastgroup or "", match.group(), match.start())
        for match in _TOKEN.finditer(text)
        if match.lastgroup != "skip"
    ]


def _line_and_column(starts: list[int], at: int) -> tuple[int, int]:
    line = bisect_right(starts, at)
    return line, at - starts[line - 1] + 1


def _key(token: _Token) -> str:
    """The key that a bare or quoted token writes."""
    if token.kind == "bare":
        return token.text
    return str(tomllib.loads(f"key = {token.text}")["key"])


@dataclass
class _Scanner:
    """A cursor over the tokens; the text is known to be valid, so it only looks for places."""

    tokens: list[_Token]
    at: int = 0
    places: dict[KeyPath, int] = field(default_factory=dict)
    elements: dict[KeyPath, int] = field(default_factory=dict)
    """Elements so far of each array of tables."""

    def document(self) -> None:
        table: KeyPath = ()
        while (token := self._peek()) is not _END:
            if token.kind == "newline":
                self.at += 1
            elif token.text == "[":
                table = self._header()
            else:
                self._pair(table)

    def _peek(self, ahead: int = 0) -> _Token:
        place = self.at + ahead
        return self.tokens[place] if place < len(self.tokens) else _END

    def _next(self) -> _Token:
        token = self._peek()
        self.at += 1
        return token

    def _header(self) -> KeyPath:
        """`[a.b]` or `[[a.b]]`: the path that the following pairs hang on."""
        first, second = self._next(), self._peek()
        is_array = second.text == "[" and second.at == first.at + 1
        self.at += is_array
        keys = self._keys()
        self.at += 1 + is_array
        path: KeyPath = ()
        for number, key in enumerate(keys, start=1):
            path = (*path, _key(key))
            self.places.setdefault(path, key.at)
            if is_array and number == len(keys):
                self.elements[path] = self.elements.get(path, 0) + 1
            if path in self.elements:
                path = (*path, self.elements[path] - 1)
        self.places[path] = keys[-1].at
        return path

    def _keys(self) -> list[_Token]:
        keys = [self._next()]
        while self._peek().text == ".":
            self.at += 1
            keys.append(self._next())
        return keys

    def _pair(self, table: KeyPath) -> None:
        path = table
        for key in self._keys():
            path = (*path, _key(key))
            self.places.setdefault(path, key.at)
        self.at += 1
        self._value(path)

    def _value(self, path: KeyPath) -> None:
        token = self._peek()
        if token.text == "[":
            self._array(path)
        elif token.text == "{":
            self._inline_table(path)
        else:
            while (token := self._peek()) is not _END and token.kind != "newline" and token.text not in {",", "]", "}"}:
                self.at += 1

    def _array(self, path: KeyPath) -> None:
        self.at += 1
        position = 0
        while (token := self._peek()).text != "]":
            if token.kind == "newline" or token.text == ",":
                self.at += 1
                continue
            self.places[*path, position] = token.at
            self._value((*path, position))
            position += 1
        self.at += 1

    def _inline_table(self, path: KeyPath) -> None:
        self.at += 1
        while (token := self._peek()).text != "}":
            if token.kind == "newline" or token.text == ",":
                self.at += 1
            else:
                self._pair(path)
        self.at += 1
