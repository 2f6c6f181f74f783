"""What the rules in force in a town decide of a request, and what its history keeps of it."""

from collections.abc import Collection
from datetime import datetime
from functools import partial
from typing import Any

from parvis.jurisdictions import Jurisdiction
from parvis.jurisdictions.owners import OWNERS
from parvis.requests.host import Host
from parvis.requests.routing import Assignment, Destination, RoutingInputs, reason
from parvis.requests.town_names import names_in
from parvis_routing.facts import facts_of
from parvis_routing.kept import ROUTING
from parvis_routing.persons import draw
from parvis_routing.rules import Facts, Rule, decide, may_fit
from parvis_routing.sentences import why_of
from parvis_rulesets.versions import in_force
from parvis_sdk.request_types import RequestType


async def route(host: Host, town: Jurisdiction, inputs: RoutingInputs) -> Destination:
    """Whose a request is by the rules in force."""
    standing = await in_force(ROUTING, host, town)
    decision = decide(standing.body, _facts(town, inputs), town)
    rule = decision.rule
    body = reason(
        why_of(decision, names_in(host, town)),
        unit=decision.unit,
        version=standing.version,
        rule=decision.number,
        priority=decision.priority,
    )
    return Destination(
        unit=decision.unit,
        priority=decision.priority,
        owner=next((owner for owner in OWNERS.of(town) if owner.code == decision.owner), None),
        body=body,
        draw=partial(_drawn, host, town, rule, body) if rule is not None and rule.persons else None,
    )


async def units_of_rules(
    host: Host, town: Jurisdiction, request_type: RequestType, zones: Collection[str]
) -> frozenset[str]:
    """The units of the rules in force that may fit a request of this type in these zones, whatever else they ask."""
    standing = await in_force(ROUTING, host, town)
    code, theme = request_type.code, request_type.theme.code
    return frozenset(rule.unit for rule in standing.body.rules if rule.unit and may_fit(rule, code, theme, zones))


def _facts(town: Jurisdiction, inputs: RoutingInputs) -> Facts:
    return facts_of(
        town,
        inputs.request_type,
        channel=inputs.channel,
        requester=inputs.requester,
        place=inputs.place,
        answers=inputs.answers,
        at=inputs.at,
    )


async def _drawn(
    host: Host, town: Jurisdiction, rule: Rule, body: dict[str, Any], at: datetime, excluded_agents: Collection[str]
) -> Assignment:
    """Who of the persons that the rule names is given the request."""
    person = await draw(host, town, rule, at, excluded_agents)
    shared = {"share": rule.share, "among": len(rule.persons), "assignee": str(person) if person else ""}
    return Assignment(person=person, body={"routed": body["routed"] | shared})
