"""What of its tables goes with a request that is erased: its calls, with their number and recording, and the wish."""

from parvis.requests.personal import ErasureRule, Personal

ERASURE = ErasureRule(
    personal=(
        Personal(table="telephone_call", told=("number", "recording", "at")),
        Personal(table="telephone_wish", told=("hours", "large_print")),
    )
)
