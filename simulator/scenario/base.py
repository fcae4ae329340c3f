"""What all groups of settings share: immutable, no unknown keys, each field documented on its own line."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field
from pydantic_core import PydanticCustomError

Share = Annotated[float, Field(ge=0, le=1)]
Positive = Annotated[float, Field(gt=0)]
NotNegative = Annotated[float, Field(ge=0)]
Year = Annotated[int, Field(ge=1990, le=2100)]
Grade = Annotated[int, Field(ge=-2, le=12)]


class Settings(BaseModel):
    """Base of all setting groups: immutable, no unknown keys, docs taken from the field's own line."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True, allow_inf_nan=False)


def refusal(field: str, fault: str) -> PydanticCustomError:
    """The error of a validator that looks at several fields: the field to mend, and what is wrong with it."""
    return PydanticCustomError("setting", "{field}：{fault}", {"field": field, "fault": fault})
