"""The internal and the public edition: what the public one leaves out, and how small numbers of people are held back."""

from simulator.outputs.edition.counts import (
    FEWEST_SHOWN,
    FewPeople,
    few,
    people_words,
    shown_counts,
    shown_words,
)
from simulator.outputs.edition.suppress import held_back
from simulator.outputs.edition.words import edition_line, edition_words, is_public

__all__ = [
    "FEWEST_SHOWN",
    "FewPeople",
    "edition_line",
    "edition_words",
    "few",
    "held_back",
    "is_public",
    "people_words",
    "shown_counts",
    "shown_words",
]
