"""Word documents: the plan draft, official papers, and a planner's own template, all from one context."""

from simulator.outputs.word.documents import write_documents

__all__ = ["write_documents"]
