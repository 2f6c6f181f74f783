"""Test vectors for conditions, which `parvis_sdk.conditions.holds` and its JavaScript twin must both pass."""

from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from parvis_sdk.conditions import Condition


class ConditionVector(Struct, frozen=True, kw_only=True):
    """A condition, some answers, and whether it is true for them."""

    name: str
    condition: Condition
    answers: dict[str, Any]
    holds: bool


FILE = Path(__file__).parent / "condition_vectors.json"
DAYS_FILE = Path(__file__).parent / "day_vectors.json"
CONDITION_VECTORS = msgspec.json.decode(FILE.read_bytes(), type=tuple[ConditionVector, ...])
DAY_VECTORS = msgspec.json.decode(DAYS_FILE.read_bytes(), type=tuple[ConditionVector, ...])
"""Two days or two numbers compared, or a day with today, which no JSON Schema can say."""
