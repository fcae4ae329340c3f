"""Everything that is written: tables, workbook, maps, charts, summary, manifest."""
