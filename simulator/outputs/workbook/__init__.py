"""plan.xlsx: the tables that a plan draft hands in."""

from simulator.outputs.workbook.book import plan_sheets, write_sheets, write_workbook

__all__ = ["plan_sheets", "write_sheets", "write_workbook"]
