"""What is personal of a hearing: who was invited goes with an erased request, and is told to whom it is about."""

from parvis.requests.personal import ErasureRule, Personal

ERASURE = ErasureRule(
    personal=(Personal(table="public_hearing_session", blank={"invited": ""}, told=("starts_at", "place", "invited")),),
    needed=("SELECT request FROM public_hearing_session WHERE state = 'called'",),
)
