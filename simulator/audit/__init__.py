"""Every rule checked again from tables, without the model."""

from simulator.audit.audit import audit_networks
from simulator.audit.evidence import Evidence
from simulator.audit.finding import Audit, Finding

__all__ = ["Audit", "Evidence", "Finding", "audit_networks"]
