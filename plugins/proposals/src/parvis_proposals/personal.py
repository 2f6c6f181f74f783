"""What of its tables goes with a request that is erased: every proposal for it, or because of it."""

from parvis.requests.personal import ErasureRule, Personal

ERASURE = ErasureRule(
    personal=(Personal(table="proposals_proposal"), Personal(table="proposals_proposal", column="origin")),
)
