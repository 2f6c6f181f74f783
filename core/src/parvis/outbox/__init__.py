"""The outbox: what was promised to the outside by a commit, and is kept until it is done or visibly given up."""

from parvis.outbox.claiming import claim
from parvis.outbox.deliveries import STATES, DeliveryClaim, DeliveryState
from parvis.outbox.operating import (
    Counts,
    Line,
    Number,
    count_dead,
    counts,
    line,
    listing,
    numbers,
    oldest,
    references_of,
    revive,
    revive_all,
    skip,
)

__all__ = [
    "STATES",
    "Counts",
    "DeliveryClaim",
    "DeliveryState",
    "Line",
    "Number",
    "claim",
    "count_dead",
    "counts",
    "line",
    "listing",
    "numbers",
    "oldest",
    "references_of",
    "revive",
    "revive_all",
    "skip",
]
