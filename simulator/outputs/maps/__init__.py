"""The maps of a plan, drawn page by page for print."""

from simulator.outputs.maps.draw import MAPS, map_jobs
from simulator.outputs.maps.view import MapView, map_view

__all__ = ["MAPS", "MapView", "map_jobs", "map_view"]
