"""What is personal of visits, for the day when this code is gone; until then their kind of part forgets it."""

from parvis.requests.personal import ErasureRule, Personal

ERASURE = ErasureRule(
    once_removed=(
        Personal(table="inspection", blank={"wishes": ""}, told=("code", "state", "day", "slot", "due", "wishes")),
        Personal(
            table="inspection_result",
            column="inspection",
            through="inspection",
            blank={"found": "", "words": ""},
            told=("outcome", "found", "words", "made_at"),
        ),
    )
)
