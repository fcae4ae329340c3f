"""plan.gpkg: every layer of a plan in one file that QGIS opens finished."""

from simulator.outputs.geopackage.write import plan_layers, write_geopackage

__all__ = ["plan_layers", "write_geopackage"]
