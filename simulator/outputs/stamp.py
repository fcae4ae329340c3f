"""The time that a result bears: `SOURCE_DATE_EPOCH` where it is set, so that equal runs give equal files."""

from __future__ import annotations

import os
from datetime import UTC, datetime

EPOCH_VARIABLE = "SOURCE_DATE_EPOCH"


def is_fixed() -> bool:
    """Whether the environment fixes the time."""
    return os.environ.get(EPOCH_VARIABLE, "").strip().isdigit()


def created() -> datetime:
    """The time of creation, UTC, in whole seconds."""
    if is_fixed():
        return datetime.fromtimestamp(int(os.environ[EPOCH_VARIABLE]), UTC)
    return datetime.now(UTC).replace(microsecond=0)
