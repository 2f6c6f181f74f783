"""What is personal of sessions: as data, so that it outlives this code."""

from parvis.requests.personal import ErasureRule, OfAddress

ERASURE = ErasureRule(addressed=(OfAddress(table="own_key"),))
