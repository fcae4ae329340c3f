"""督导评估: 优质均衡 and 普及普惠, item by item, today and in every year."""

from simulator.indicators.board.board import NO_BOARD, Board, build_board, verdicts
from simulator.indicators.board.facts import BoardFacts, board_facts, with_staff
from simulator.indicators.board.schools import FAILS, PASSES, UNKNOWN, resource_norms
from simulator.indicators.board.side import Side
from simulator.indicators.board.variation import coefficient, coefficients

__all__ = [
    "FAILS",
    "NO_BOARD",
    "PASSES",
    "UNKNOWN",
    "Board",
    "BoardFacts",
    "Side",
    "board_facts",
    "build_board",
    "coefficient",
    "coefficients",
    "resource_norms",
    "verdicts",
    "with_staff",
]
