"""What the rules in force in a town decide of a request, and what its history keeps of it."""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from msgspec import Struct, structs

from parvis.requests.heart import Heart
from parvis.requests.procedures.kept import in_force
from parvis.requests.routing.kept import ROUTING
from parvis.requests.routing.persons import draw
from parvis.requests.routing.rules import Decision, Facts, decide
from parvis.requests.routing.sentences import names_in, why_of
from parvis.territory import Jurisdiction, Owner


class Routed(Struct, frozen=True, kw_only=True):
    """A decision as the history keeps it; `owner` is who looks after it, where that is not the town."""

    decision: Decision
    body: dict[str, Any]
    owner: Owner | None = None

    @property
    def rule_id(self) -> str:
        return self.decision.rule.id if self.decision.rule else ""

    def given_to(self, person: UUID | None) -> dict[str, Any]:
        """The same with whom it was given to, where the rule names persons."""
        rule = self.decision.rule
        if rule is None or not rule.persons:
            return self.body
        shared = {"share": rule.share, "among": len(rule.persons), "assignee": str(person) if person else ""}
        return {"routed": self.body["routed"] | shared}


async def route(heart: Heart, town: Jurisdiction, facts: Facts) -> Routed:
    """Whose a request is by the rules in force."""
    standing = await in_force(ROUTING, heart, town)
    decision = decide(standing.body, facts, town)
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


async def person_for(
    heart: Heart, town: Jurisdiction, routed: Routed, at: datetime, kept_from: Collection[str] = ()
) -> UUID | None:
    """Inside a unit: who of the persons that the rule names is given the request; asks nothing where it names none."""
    rule = routed.decision.rule
    return await draw(heart, town, rule, at, kept_from) if rule is not None and rule.persons else None
