"""What all groups of fields share: immutable, each field documented under its name."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Fields(BaseModel):
    """Base of the groups of fields that documents are filled from."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)
