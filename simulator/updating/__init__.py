"""A year on: new enrolment and births roll the base forward, beside what was forecast and what was decided."""

from simulator.updating.story import Wish, update_district

__all__ = ["Wish", "update_district"]
