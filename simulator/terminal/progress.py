"""Progress on stderr: each step with its seconds, and a live line while solving."""

from __future__ import annotations

import math
import sys
import time
from contextlib import AbstractContextManager
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from simulator.language import translate as _

if TYPE_CHECKING:
    from collections.abc import Callable

    from simulator.model.size import Size
    from simulator.model.solve import Progress
    from simulator.scenario import SolverSettings

_SPARSE_SECONDS = 10.0
"""Between two lines of the search where no terminal shows a live one."""
_WAN = 10_000.0


class Teller(AbstractContextManager["Teller"]):
    """Tells of progress: a live line on a terminal, few plain lines into a file or a pipe.

    All of it goes to stderr, so that stdout holds the answer alone.
    """

    def __init__(self) -> None:
        self._name = ""
        self._began = self._first = time.perf_counter()
        self._state = ""
        self._has_plan = False
        self._told_at = 0.0
        self._live: Any = None

    def __enter__(self) -> Self:
        """Begin; on a terminal a line shows what is being done."""
        if sys.stderr.isatty():
            from rich.console import Console
            from rich.live import Live
            from rich.spinner import Spinner

            spinner = Spinner("line", text="")

            def line() -> Spinner:
                spinner.update(text=self._line())
                return spinner

            console = Console(stderr=True, highlight=False)
            self._live = Live(get_renderable=line, console=console, refresh_per_second=8, transient=True)
            self._live.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the last step; what was begun when an error came is not said to be done."""
        if kind is None:
            self._finish()
            self.say(_("合计  {seconds} 秒").format(seconds=f"{time.perf_counter() - self._first:.1f}"))
        if self._live is not None:
            self._live.stop()

    def step(self, name: str) -> None:
        """A step of the run begins; the one before is done."""
        self._finish()
        self._name, self._state = name, ""
        self._began = self._told_at = time.perf_counter()

    def search(self, progress: Progress) -> None:
        """The search has news: its best plan, its bound."""
        first = not self._has_plan and math.isfinite(progress.incumbent)
        self._has_plan |= first
        self._state = _search_words(progress)
        if self._live is None and (first or time.perf_counter() - self._told_at >= _SPARSE_SECONDS):
            self._told_at = time.perf_counter()
            self.say(f"  {self._line()}")

    def sized(self, settings: SolverSettings) -> Callable[[Size], None]:
        """What tells how large the model is and what to expect of the run."""

        def told(size: Size) -> None:
            from simulator.terminal.estimate import estimate_lines

            for line in estimate_lines(size, settings):
                self.say(f"  {line}")

        return told

    def interrupted(self) -> None:
        """The user asked to stop: say what happens now."""
        if self._has_plan:
            self.say(_("收到中断：保留已找到的最好方案；再按一次 Ctrl-C 立即退出"))
        else:
            self.say(_("收到中断：还没有找到方案，停下后没有成果；再按一次 Ctrl-C 立即退出"))

    def writing(self, step: str, done: int, total: int) -> None:
        """A step of writing begins, after `done` of `total`."""
        if done == 0:
            self.step(_("写出成果"))
        self._state = _("{step}（{done}/{total}）").format(step=step, done=done + 1, total=total)

    def say(self, words: str) -> None:
        """A line that stays."""
        if self._live is None:
            sys.stderr.write(f"{words}\n")
            sys.stderr.flush()
        else:
            self._live.console.print(words, markup=False, soft_wrap=True)

    def _finish(self) -> None:
        if self._name:
            self.say(_("{step}  {seconds} 秒").format(step=self._name, seconds=self._seconds()))
        self._name = ""

    def _seconds(self) -> str:
        return f"{time.perf_counter() - self._began:.1f}"

    def _line(self) -> str:
        if not self._name:
            return ""
        words = _("{step}  {seconds} 秒").format(step=self._name, seconds=self._seconds())
        return f"{words}  {self._state}" if self._state else words


def _search_words(progress: Progress) -> str:
    """Best plan, bound and gap of the part of the cost that decisions can change, and what the search is doing."""
    doing = _doing_words(progress.doing)
    words = _plan_words(progress)
    return _("{words}（{doing}）").format(words=words, doing=doing) if doing else words


def _plan_words(progress: Progress) -> str:
    if progress.goal:
        return _goal_words(progress)
    bound = f"{progress.bound / _WAN:,.0f}"
    if not math.isfinite(progress.incumbent):
        known = math.isfinite(progress.bound)
        return _("还没有方案，下限 {bound} 万元/年").format(bound=bound) if known else _("还没有方案")
    plan = f"{progress.incumbent / _WAN:,.0f}"
    if not math.isfinite(progress.bound):
        return _("现有方案 {plan} 万元/年").format(plan=plan)
    return _("现有方案 {plan} 万元/年，下限 {bound}，相差 {gap}").format(
        plan=plan, bound=bound, gap=f"{progress.gap:.2%}"
    )


def _goal_words(progress: Progress) -> str:
    """Best value and bound of the goal that is minimized now, in its own unit."""
    from simulator.outputs.goals import figure, goal_unit, goal_words

    return _("目标“{goal}”：现有 {value}，下限 {bound}（{unit}）").format(
        goal=goal_words(progress.goal),
        value=figure(progress.incumbent),
        bound=figure(progress.bound),
        unit=goal_unit(progress.goal),
    )


def _doing_words(doing: str) -> str:
    """What the search is doing, in words; empty where it does not say."""
    words = {
        "bound": _("求界"),
        "today": _("现状起步"),
        "structure": _("定布局"),
        "neighbourhoods": _("邻域改进"),
        "polish": _("整体微调"),
        "tidy": _("收尾"),
    }
    return words.get(doing, "")
