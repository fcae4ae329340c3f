"""One network, operated year by year."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd


@dataclass(frozen=True)
class Operation:
    """One network, operated year by year.

    Parameters
    ----------
    network
        `plan` or `no_action`.
    classes
        year, section_id, grade, pupils (int), classes (int), sizes (class sizes as text, largest first: `46 45 45`), combined (bool 复式).
        The base year is the register, class by class. A combined class stands at the lowest of its grades with the pupils of
        all of them in `sizes`; its other grades have their own pupils, no classes and no sizes.
    pupils
        year, unit_id, band, section_id (empty = unserved), children (float), minutes, km, way (`own`, `school_bus`, `boards`, `settled`):
        where the children of a unit go, and how; minutes are one way, of boarders the journey home.
    """

    network: str
    classes: pd.DataFrame
    pupils: pd.DataFrame
