"""report.html: one page for everybody, in a single file that needs no network."""

from simulator.outputs.webpage.data import page_data
from simulator.outputs.webpage.write import write_webpage

__all__ = ["page_data", "write_webpage"]
