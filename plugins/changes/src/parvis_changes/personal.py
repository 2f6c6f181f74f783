"""What becomes of a request that was told when it is erased, or taken back as if it had never come."""

from parvis.requests.personal import ErasureRule
from parvis_changes.removed import note_removal

ERASURE = ErasureRule(forget=note_removal)
"""Nothing of a person is kept here."""
