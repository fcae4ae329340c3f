"""A result appears whole or not at all: what may be replaced, and the move into place."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from simulator.errors import InputError, Problem
from simulator.language import translate as _
from simulator.outputs.manifest import NAME, Changes, changes_since, read_manifest


def check_target(folder: Path, *, force: bool) -> None:
    """Refuse a target that must not be replaced; call it before a long run, not only after it.

    Parameters
    ----------
    folder
        Where the result shall stand.
    force
        Replace a result in which files were changed. A folder that is no result is never replaced.

    Raises
    ------
    InputError
        The target is a file, a folder that is no result of this program, or a changed result without `force`.
    """
    if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
        _refuse(folder, _("已存在，且不是文件夹"), _("请换一个位置（--out）"))
    if not folder.exists() or not any(folder.iterdir()):
        return
    manifest = read_manifest(folder)
    if manifest is None:
        what = _("文件夹不为空，且不是本程序的成果（没有可读的 {name}）").format(name=NAME)
        _refuse(folder, what, _("请换一个位置（--out），或自行移走其中的文件"))
        return
    changes = changes_since(folder, manifest)
    if changes and not force:
        title = _("成果文件夹 {folder} 写成后被改动过，未予覆盖").format(folder=folder)
        raise InputError(title, _change_problems(changes))


def _refuse(folder: Path, what: str, remedy: str) -> None:
    raise InputError(_("无法写入成果文件夹"), [Problem(str(folder), what, remedy)])


def _change_problems(changes: Changes) -> list[Problem]:
    remedy = _("另存后再运行，或用 --force 覆盖")
    words = ((changes.changed, _("内容已改动")), (changes.missing, _("已被删除")), (changes.extra, _("是新增的文件")))
    return [Problem(name, what, remedy) for names, what in words for name in names]


@contextmanager
def placed(folder: Path, *, force: bool) -> Iterator[Path]:
    """A fresh folder beside the target, moved into its place when the block ends well, else removed.

    Parameters
    ----------
    folder
        The target; an old result there stays as it is until the new one is whole.
    force
        As for :func:`check_target`.

    Yields
    ------
    Path
        The folder to write in.

    Raises
    ------
    InputError
        The target must not be replaced, or the place cannot be written to.
    """
    check_target(folder, force=force)
    token = secrets.token_hex(4)
    fresh = folder.parent / f".{folder.name}.new-{token}"
    try:
        fresh.mkdir(parents=True)
    except OSError as error:
        _refuse(folder, _("无法写入：{error}").format(error=error.strerror or error), _("请换一个位置（--out）"))
    try:
        yield fresh
        # The old result may have been edited while the new one was being made.
        check_target(folder, force=force)
        _move(fresh, folder, folder.parent / f".{folder.name}.old-{token}")
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def _move(fresh: Path, folder: Path, aside: Path) -> None:
    """Put the new folder in the old one's place; whatever fails, one whole result stands there."""
    if not folder.exists():
        fresh.rename(folder)
        return
    try:
        folder.rename(aside)
    except OSError as error:
        what = _("旧成果无法替换：{error}").format(error=error.strerror or error)
        _refuse(folder, what, _("请关闭其中打开的文件（如 plan.xlsx）后再运行"))
    try:
        fresh.rename(folder)
    except BaseException:
        aside.rename(folder)
        raise
    shutil.rmtree(aside, ignore_errors=True)
