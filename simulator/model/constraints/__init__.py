"""One function a rule, in one module a family; the name is TOML switch, LP row and audit code."""

from simulator.model.constraints import choices, classes, limits, lodging, seats, territory, timing, travel, zones
from simulator.model.constraints.register import CONSTRAINTS, Row, rows_of

__all__ = [
    "CONSTRAINTS",
    "Row",
    "choices",
    "classes",
    "limits",
    "lodging",
    "rows_of",
    "seats",
    "territory",
    "timing",
    "travel",
    "zones",
]
