"""The posture of a scenario, laid under what the scenario says itself."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

from simulator.scenario.chain import Layers, over, read_layers
from simulator.scenario.consolidation import Posture
from simulator.scenario.explain import value_at
from simulator.standards import standards_folder

_OWN = "own"


def postures_folder() -> Path:
    """The folder of the postures, beside that of the norm files."""
    return standards_folder().parent / "postures"


def with_posture(layers: Layers) -> Layers:
    """The layers with the rules and weights of their posture under them; an unknown posture is left to be told."""
    posture = value_at(("consolidation", "posture"), layers.data)
    if posture not in get_args(Posture) or posture == _OWN:
        return layers
    return over(read_layers(postures_folder() / f"{posture}.toml"), layers)
