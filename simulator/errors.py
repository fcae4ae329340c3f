"""The few errors a user can meet, under one base, each with every problem found at once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong: where it is, what it says, what to do about it.

    Parameters
    ----------
    where
        File, sheet, line, row and column, as far as they are known, ready to print.
    what
        What is wrong, with the offending value.
    remedy
        What the user can do; may be empty where `what` already says it.
    """

    where: str
    what: str
    remedy: str = ""

    def __str__(self) -> str:
        """One line: place, fault, remedy."""
        text = f"{self.where}  {self.what}" if self.where else self.what
        return f"{text} → {self.remedy}" if self.remedy else text


class PlannerError(Exception):
    """Base of all errors that are the user's to mend; `exit_code` is the program's."""

    exit_code = 1

    def __init__(self, title: str, problems: Iterable[Problem] = ()) -> None:
        self.title = title
        self.problems = tuple(problems)
        super().__init__(title)

    def __str__(self) -> str:
        """The title, then one indented line a problem."""
        return "\n".join([self.title, *(f"  {problem}" for problem in self.problems)])


class InputError(PlannerError):
    """A scenario, table, layer or norm file that cannot be used as it is."""

    exit_code = 2


class InfeasibleError(PlannerError):
    """No plan satisfies the rules; the problems name the rules and places in conflict."""

    exit_code = 3


class StoppedError(PlannerError):
    """The user stopped the run before there was a plan; nothing is written."""

    exit_code = 130
