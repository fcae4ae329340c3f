"""The figures that every output quotes."""

from simulator.indicators.board import NO_BOARD, Board, BoardFacts, Side, board_facts, build_board, with_staff
from simulator.indicators.consolidation import (
    NO_CLOSURES,
    ClosingEvidence,
    Closures,
    children_of_closed,
    examine_closures,
)
from simulator.indicators.elimination import ClassVectors, Operated, class_vectors
from simulator.indicators.figures import Indicators
from simulator.indicators.finance import NO_FINANCE, Finance, finance
from simulator.indicators.measure import measure
from simulator.indicators.reach import NO_REACH, Reach
from simulator.indicators.risk import measure_risk, no_risk
from simulator.indicators.staffing_figures import NO_STAFF, Staff
from simulator.indicators.warnings import NO_ALERTS, Alerts, alerts

__all__ = [
    "NO_ALERTS",
    "NO_BOARD",
    "NO_CLOSURES",
    "NO_FINANCE",
    "NO_REACH",
    "NO_STAFF",
    "Alerts",
    "Board",
    "BoardFacts",
    "ClassVectors",
    "ClosingEvidence",
    "Closures",
    "Finance",
    "Indicators",
    "Operated",
    "Reach",
    "Side",
    "Staff",
    "alerts",
    "board_facts",
    "build_board",
    "children_of_closed",
    "class_vectors",
    "examine_closures",
    "finance",
    "measure",
    "measure_risk",
    "no_risk",
    "with_staff",
]
