"""Ctrl-C: the first keeps the best plan, the second gives up at once."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable
from contextlib import suppress
from types import FrameType, TracebackType
from typing import Self

INTERRUPTED = 130
"""Exit code of an interrupted run."""


class Interrupts:
    """While this context lasts, Ctrl-C only raises a flag that the search asks for.

    Parameters
    ----------
    told
        Called at the first Ctrl-C, to say what happens now.
    """

    def __init__(self, told: Callable[[], None]) -> None:
        self._told = told
        self._count = 0
        self._before: signal.Handlers | int | Callable[[int, FrameType | None], object] | None = None
        self._installed = False
        self._writing = False

    def stopped(self) -> bool:
        """Whether the user asked to stop."""
        return self._count > 0

    def begin_writing(self) -> None:
        """From here on a second Ctrl-C unwinds, so that half-written files are removed."""
        self._writing = True

    def __enter__(self) -> Self:
        """Take over Ctrl-C; only the main thread may."""
        if threading.current_thread() is threading.main_thread():
            self._before = signal.signal(signal.SIGINT, self._heard)
            self._installed = True
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Give Ctrl-C back."""
        if self._installed:
            signal.signal(signal.SIGINT, self._before)

    def _heard(self, _number: int, _frame: FrameType | None) -> None:
        self._count += 1
        if self._count == 1:
            # The signal may come in the middle of another line to the same stream, which refuses a second writer.
            with suppress(RuntimeError):
                self._told()
        elif self._writing:
            raise KeyboardInterrupt
        else:
            # The solver would hold an exception back until it returns; nothing is on disk yet.
            os._exit(INTERRUPTED)
