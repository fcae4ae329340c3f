"""The maps of a plan, drawn sheet by sheet for print."""

from simulator.outputs.maps.catalogue import KINDS, MapJob, Undrawn, map_jobs, undrawn_words
from simulator.outputs.maps.draw import draw_map
from simulator.outputs.maps.view import MapView, map_view

__all__ = ["KINDS", "MapJob", "MapView", "Undrawn", "draw_map", "map_jobs", "map_view", "undrawn_words"]
