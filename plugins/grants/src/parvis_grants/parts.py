"""The two kinds of part of what was granted: until when it holds, and what it requires of its holder."""

from msgspec import structs

from parvis_grants.obligations import OBLIGATIONS
from parvis_grants.overlapping import known_overlaps
from parvis_grants.validity import VALIDITY

PART_KINDS = (structs.replace(VALIDITY, known=known_overlaps), OBLIGATIONS)
