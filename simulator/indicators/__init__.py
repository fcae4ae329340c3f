"""The figures that every output quotes."""

from simulator.indicators.board import NO_BOARD, Board, BoardFacts, Side, board_facts, build_board
from simulator.indicators.figures import Indicators
from simulator.indicators.measure import measure
from simulator.indicators.risk import measure_risk, no_risk
from simulator.indicators.warnings import NO_ALERTS, Alerts, alerts

__all__ = [
    "NO_ALERTS",
    "NO_BOARD",
    "Alerts",
    "Board",
    "BoardFacts",
    "Indicators",
    "Side",
    "alerts",
    "board_facts",
    "build_board",
    "measure",
    "measure_risk",
    "no_risk",
]
