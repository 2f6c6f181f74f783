"""The two kinds of part of what was granted: until when it holds, and what it demands of its holder."""

from parvis_grants.obligations import OBLIGATIONS
from parvis_grants.validity import VALIDITY

PART_KINDS = (VALIDITY, OBLIGATIONS)
