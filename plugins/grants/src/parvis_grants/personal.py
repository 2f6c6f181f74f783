"""What is personal of what was granted, and what of it keeps a request: as data, so that it outlives this code."""

from parvis.requests.personal import ErasureRule, Personal, Value
from parvis.requests.records import as_json
from parvis_sdk.text import Text

DESTROYED = Text(fr="(détruit)", en="(destroyed)")
WORDS_OF_THE_TOWN: dict[str, Value] = {"demand": as_json(DESTROYED), "wake_at": None}  # they may name somebody

ERASURE = ErasureRule(
    # Dates are nobody's and stay for figures.
    personal=(
        Personal(table="obligation", blank=WORDS_OF_THE_TOWN),
        Personal(table="handover", blank={"name": "", "email": "", "words": ""}),
    ),
    once_removed=(
        Personal(table="validity", blank={"wake_at": None}, told=("code", "state", "since", "until")),
        Personal(table="obligation", blank=WORDS_OF_THE_TOWN, told=("code", "demand", "state", "due_at")),
    ),
    needed=(
        "SELECT request FROM validity WHERE state IN ('valid', 'suspended')",
        "SELECT request FROM obligation WHERE state NOT IN ('met', 'waived')",
    ),
)
