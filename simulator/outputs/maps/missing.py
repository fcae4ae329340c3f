"""Why a map cannot be drawn."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Missing:
    """What a map needs and the run does not have, in the planner's words."""

    reason: str
