"""What is personal of incidents: who was told of an announcement."""

from parvis.requests.personal import ErasureRule, Personal
from parvis_incidents.ledger import forget

ERASURE = ErasureRule(forget=forget, once_removed=(Personal(table="incident_told", told=("way", "state", "at")),))
