"""What of mandates goes with a request: every one, as it names people."""

from parvis.requests.personal import ErasureRule, Personal

TOLD = ("kind", "name", "email", "phone", "represented", "until", "proof", "seen_by", "made_at", "ended_at", "ended_by")
ERASURE = ErasureRule(personal=(Personal(table="mandates_mandate", told=TOLD),))
