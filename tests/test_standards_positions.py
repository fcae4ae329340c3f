"""Every key of a TOML file is found where it stands."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.scenario.dump import toml_key, toml_value
from simulator.standards.positions import key_positions

NASTY = (
    r'''# a comment with [brackets] and = signs
title = "a # no comment, \" a = 1 ["   # a comment
"quoted.key" = 1
'single' . "dotted" = 2
site."google.com" = true
multi = """
[not.a.table]
no = "key" \
""" # after
ends = """two quotes of its own""""" # "
literal = '''
    + """'''
[[neither]]
x = 'y' ''''' # '
list = [
  1, # one ]
  [2, 3],
  { a = 4, b.c = [ 5 ] },
  "six, ]", # six
]
when = 1979-05-27 07:32:00
rate = 1.5e-3
[table]
inline = { x = { y = "}" }, "z z" = [ { q = 1 } ] }
[ a . "b.c" ]
d = 1
[[phases]]
first = 1
[phases.inner]
deep = 2
[[phases]]
first = 3
[[phases.parts]]
n = 4
[[phases.parts]]
n = 5
["键"]
"中文" = 6
\t tabbed = 7
"""
)
NASTY = NASTY.replace("\\t", "\t")


@pytest.mark.parametrize(
    ("path", "line", "column"),
    # Counted by hand in NASTY, lines and columns from 1.
    [
        (("title",), 2, 1),
        (("quoted.key",), 3, 1),
        (("single",), 4, 1),
        (("single", "dotted"), 4, 12),
        (("site", "google.com"), 5, 6),
        (("multi",), 6, 1),
        (("ends",), 10, 1),
        (("literal",), 11, 1),
        (("list", 0), 15, 3),
        (("list", 1), 16, 3),
        (("list", 1, 1), 16, 7),
        (("list", 2, "a"), 17, 5),
        (("list", 2, "b", "c"), 17, 14),
        (("list", 2, "b", "c", 0), 17, 20),
        (("list", 3), 18, 3),
        (("when",), 20, 1),
        (("rate",), 21, 1),
        (("table",), 22, 2),
        (("table", "inline", "x", "y"), 23, 18),
        (("table", "inline", "z z", 0, "q"), 23, 41),
        (("a",), 24, 3),
        (("a", "b.c", "d"), 25, 1),
        (("phases", 0), 26, 3),
        (("phases", 0, "first"), 27, 1),
        (("phases", 0, "inner", "deep"), 29, 1),
        (("phases", 1, "first"), 31, 1),
        (("phases", 1, "parts", 0, "n"), 33, 1),
        (("phases", 1, "parts", 1, "n"), 35, 1),
        (("键", "中文"), 37, 1),
        (("键", "tabbed"), 38, 3),
    ],
)
def test_position(path, line, column):
    """A key stands where a planner would point at it."""
    assert key_positions(NASTY)[path] == (line, column)


def paths_of(data: Any, path: tuple[str | int, ...] = ()):
    """Every key and element of what tomllib reads."""
    items = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for key, value in items:
        yield (*path, key)
        yield from paths_of(value, (*path, key))


def test_nothing_is_missed_or_made_up():
    """The index holds exactly the keys that the parser reads."""
    assert set(key_positions(NASTY)) == set(paths_of(tomllib.loads(NASTY)))


KEYS = st.one_of(
    st.sampled_from(["a", "b-1", "x.y", "", "a b", "'", '"', "#", "键", "[[", "=", "\n"]), st.text(max_size=4)
)
SCALARS = st.one_of(
    st.integers(-99, 99), st.booleans(), st.floats(allow_nan=False), st.text(max_size=9), st.just('"""'), st.just("]}")
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(KEYS, inner, max_size=3)),
    max_leaves=8,
)


@given(st.dictionaries(KEYS, VALUES, max_size=5), st.dictionaries(KEYS, VALUES, max_size=4))
def test_any_document(plain, table):
    """Whatever is written: the index has every key, and the key's own text stands at its place."""
    keys = [key for key in plain if key != "t"]
    lines = [f"{toml_key(key)} = {toml_value(plain[key])}" for key in keys]
    lines += ["[t]", *(f"{toml_key(key)} = {toml_value(value)}" for key, value in table.items())]
    text = "\n".join(lines)
    places = key_positions(text)
    assert set(places) == set(paths_of(tomllib.loads(text)))
    for path, (line, column) in places.items():
        if isinstance(path[-1], str):
            assert text.split("\n")[line - 1][column - 1 :].startswith(toml_key(path[-1]))
