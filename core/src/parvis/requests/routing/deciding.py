"""What the rules in force in a town decide of a request, and what its history keeps of it."""

from typing import Any

from msgspec import Struct, structs

from parvis.requests.heart import Heart
from parvis.requests.routing.kept import in_force
from parvis.requests.routing.rules import Decision, Facts, decide
from parvis.requests.routing.sentences import names_in, why_of
from parvis.territory import Jurisdiction, Owner


class Routed(Struct, frozen=True, kw_only=True):
    """A decision as the history keeps it; `owner` is who looks after it, where that is not the town."""

    decision: Decision
    body: dict[str, Any]
    owner: Owner | None = None


async def route(heart: Heart, town: Jurisdiction, facts: Facts) -> Routed:
    """Whose a request is by the rules in force."""
    standing = await in_force(heart, town)
    decision = decide(standing.rules, facts, town)
    words = why_of(decision, names_in(heart, town))
    kept = {
        "version": standing.version,
        "rule": decision.number,
        "words": structs.asdict(words),
        "unit": decision.unit,
        "priority": decision.priority,
    }
    owner = next((owner for owner in town.owners if owner.code == decision.owner), None)
    return Routed(decision=decision, body={"routed": kept}, owner=owner)
