"""A TOML file with the place of every key: the one way in which scenarios and norm files are read."""

from __future__ import annotations

import difflib
import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from simulator.errors import InputError, Problem
from simulator.language import translate as _
from simulator.standards.positions import KeyPath, key_positions

_LONGEST_VALUE = 40


@dataclass(frozen=True, order=True)
class Place:
    """Where a key stands.

    Parameters
    ----------
    file
        The file as the user would name it.
    line, column
        Both from 1; 0 where the key is nowhere, so that only the file can be named.
    """

    file: str
    line: int = 0
    column: int = 0

    def within(self, file: str) -> str:
        """The place as a message on `file` prints it: the file is named only if it is another one."""
        line = _("第 {line} 行").format(line=self.line) if self.line else ""
        return line if self.file == file else f"{self.file} {line}".strip()


@dataclass(frozen=True)
class TomlFile:
    """What a TOML file says, and where.

    Parameters
    ----------
    name
        The file as the user would name it.
    data
        The tables of the file.
    places
        Place of every key, table header and array element.
    """

    name: str
    data: dict[str, Any]
    places: dict[KeyPath, Place]

    def place(self, path: KeyPath) -> Place:
        """Place of the key, or of the nearest table around it."""
        return nearest_place(self.places, path, Place(self.name))


def nearest_place(places: Mapping[KeyPath, Place], path: KeyPath, root: Place) -> Place:
    """Place of the key, or of the nearest table around it, or the file."""
    for length in range(len(path), 0, -1):
        if path[:length] in places:
            return places[path[:length]]
    return root


def read_toml(path: Path, name: str = "") -> TomlFile:
    """Read a TOML file and index its keys.

    Parameters
    ----------
    path
        The file.
    name
        How messages call it; by default the path as given.

    Raises
    ------
    InputError
        The file is missing, unreadable, not UTF-8, or not TOML; the place of the fault is
        `file:line:column`.
    """
    name = name or str(path)
    text = _text(path, name).replace("\r\n", "\n")
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InputError(fault_title(name, 1), [_syntax_problem(name, text, str(error))]) from None
    except RecursionError:
        raise InputError(fault_title(name, 1), [Problem(name, _("括号嵌套太深"))]) from None
    places = {key: Place(name, *position) for key, position in key_positions(text).items()}
    return TomlFile(name, data, places)


def _text(path: Path, name: str) -> str:
    try:
        return path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        fault, remedy = _("找不到这个文件"), _("检查文件名和所在文件夹")
    except IsADirectoryError:
        fault, remedy = _("这是文件夹，不是文件"), _("写出 .toml 文件的全名")
    except PermissionError:
        is_folder = path.is_dir()
        fault = _("这是文件夹，不是文件") if is_folder else _("没有读取权限，或文件正被其他程序占用")
        remedy = _("写出 .toml 文件的全名") if is_folder else _("关闭占用它的程序后再试")
    except UnicodeDecodeError:
        fault, remedy = _("不是 UTF-8 编码的文本"), _("用记事本“另存为”，编码选 UTF-8")
    except OSError as error:
        fault, remedy = _("无法读取：{reason}").format(reason=error.strerror or error), ""
    raise InputError(fault_title(name, 1), [Problem(name, fault, remedy)])


# The parser's English reasons, by their beginning, in the words of a planner.
_REASONS: dict[str, str] = {
    "Cannot declare": "同一个表写了两次",
    "Cannot overwrite a value": "同一个键写了两次，或键与表重名",
    "Cannot mutate immutable namespace": "这个表已经写完，不能再补充",
    "Cannot redefine namespace": "键与表重名",
    "Duplicate inline table key": "同一个键写了两次",
    "Expected ']' ": "表名后面缺少右方括号 ]",
    "Expected ']]'": "表名后面缺少两个右方括号 ]]",
    "Expected '=' after": "键后面缺少等号 =",
    "Expected newline or end": "这个值之后有多余的内容",
    "Illegal character '\\n'": "引号没有成对",
    "Illegal character": "有不允许的字符",
    "Invalid statement": "读不懂这一行，应为“键 = 值”或“[表名]”",
    "Invalid initial character for a key": "键名中有不允许的字符，含中文或空格的键名要加引号",
    "Invalid value": "读不懂这个值，文字要加引号，小数点前要有数字",
    "Invalid date or datetime": "日期不存在",
    "Invalid hex value": "引号中的 \\ 写法不对，文件夹请用 / 分隔",
    "Unclosed array": "方括号没有成对，或各项之间缺少逗号",
    "Unclosed inline table": "花括号没有成对，或各项之间缺少逗号",
    "Unescaped '\\'": "引号中不能直接写 \\，文件夹请用 / 分隔",
    "Unterminated string": "引号没有成对",
    "Escaped character is not": "引号中的 \\ 写法不对，文件夹请用 / 分隔",
}


def _syntax_problem(name: str, text: str, reason: str) -> Problem:
    """The parser's complaint as `file:line:column`, what is wrong, and the line itself."""
    lines = text.split("\n")
    found = re.search(r"\(at line (\d+), column (\d+)\)", reason)
    line, column = (int(found[1]), int(found[2])) if found else (len(lines), len(lines[-1]) + 1)
    fault = next((word for start, word in _REASONS.items() if reason.startswith(start)), "不符合 TOML 格式")
    shown = lines[line - 1].strip()
    what = _("{fault}：{line}").format(fault=_(fault), line=shown) if shown else _(fault)
    return Problem(f"{name}:{line}:{column}", what)


def fault_title(name: str, count: int) -> str:
    """First line of an error on a file: its name and how many problems it has."""
    return _("{file}：{count} 个问题").format(file=name, count=count)


def located_error(file: str, faults: Iterable[tuple[Place, str]]) -> InputError:
    """All faults of a file and of the files it builds on, in reading order, places aligned."""
    ordered = sorted(set(faults), key=lambda fault: (fault[0].file != file, fault[0], fault[1]))
    places = [place.within(file) for place, _what in ordered]
    width = max(map(_width, places), default=0)
    problems = [
        Problem(place + " " * (width - _width(place)), what)
        for place, (_place, what) in zip(places, ordered, strict=True)
    ]
    return InputError(fault_title(file, len(problems)), problems)


def _width(text: str) -> int:
    """Columns of a terminal: a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def key_name(path: KeyPath) -> str:
    """The path as a planner would write it; array positions count from 1.

    >>> key_name(("phases", 0, "first_year"))
    'phases[1].first_year'
    """
    name = ""
    for part in path:
        name += f"[{part + 1}]" if isinstance(part, int) else f".{part}" if name else part
    return name


def shown_value(value: object) -> str:
    """` = value` for a value short enough to quote, nothing for a table."""
    if isinstance(value, dict) or (isinstance(value, list) and any(isinstance(item, dict) for item in value)):
        return ""
    if isinstance(value, bool):
        text = str(value).lower()
    elif isinstance(value, str):
        text = f'"{value}"'
    else:
        text = str(value).replace("'", '"')
    return f" = {text if len(text) <= _LONGEST_VALUE else text[:_LONGEST_VALUE] + '…'}"


def said_of(name: str, fault: str) -> str:
    """What is wrong with a named thing: `name：fault`."""
    return _("{name}：{fault}").format(name=name, fault=fault)


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """The nearest known word as a half sentence, or nothing where none is near."""
    near = difflib.get_close_matches(word, sorted(known), n=1, cutoff=0.6)
    return _("；是否想写 {near}？").format(near=near[0]) if near else ""
