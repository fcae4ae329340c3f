"""Invented names: coined from two lists of characters, so that no place or school of theirs is a real one by intent."""

from __future__ import annotations

import numpy as np

_FIRST = "霁岑芷翊颂萃珩沄澹蔚栩筠樾蓁昱旻煦琅璟瑄皓菘葭蘅棣枞桢柘滢沅漪洵泓湛潆濯"
_SECOND = "原野汀峦坪渡浦墅堤岙塬陂畈垄渚墩湄隈峤屿碛埠圩梁垣坞磐崮"


class NameBook:
    """Hands out coined words, each once.

    Parameters
    ----------
    rng
        Source of the order.
    """

    def __init__(self, rng: np.random.Generator) -> None:
        words = [first + second for first in _FIRST for second in _SECOND]
        self._words: list[str] = [words[int(place)] for place in rng.permutation(len(words))]
        self._taken = 0

    def word(self) -> str:
        """The next word; after the last one they come again with a number."""
        turn, place = divmod(self._taken, len(self._words))
        self._taken += 1
        return self._words[place] + (str(turn + 1) if turn else "")
