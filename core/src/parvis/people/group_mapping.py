"""What the groups that a provider tells give somebody in each town: grants, out of readable rules."""

from collections.abc import Collection, Iterable
from typing import Any

from parvis.jurisdictions import Jurisdiction, Jurisdictions
from parvis.jurisdictions.sign_in import EVERYBODY, SIGN_IN
from parvis.people.agents import Grant
from parvis.people.id_tokens import Claims
from parvis.people.roles import ROLES
from parvis_sdk.errors import Refused


def granted(provider: str, claims: Claims, towns: Iterable[Jurisdiction]) -> tuple[Grant, ...]:
    """The grants that these claims give, in every town that lets the provider in."""
    return tuple(
        dict.fromkeys(
            Grant(role=rule.role, jurisdiction=town.code, unit=rule.unit, zones=tuple(sorted(rule.zones)))
            for town in towns
            if provider in SIGN_IN.of(town).providers
            for rule in SIGN_IN.of(town).rules
            if rule.provider == provider and rule.role in ROLES
            if EVERYBODY in rule.values or not told(claims, rule.claim).isdisjoint(rule.values)
        )
    )


def is_given_by_groups(grant: Grant, providers: Collection[str], territory: Jurisdictions) -> bool:
    """Whether a rule of today gives this role at each sign-in by a provider: then taking it by hand would not last."""
    town = territory.get(grant.jurisdiction)
    if town is None or grant.source not in providers or grant.source not in SIGN_IN.of(town).providers:
        return False
    held = (grant.source, grant.role, grant.unit, set(grant.zones))
    return any(held == (rule.provider, rule.role, rule.unit, set(rule.zones)) for rule in SIGN_IN.of(town).rules)


def claims_asked(provider: str, towns: Iterable[Jurisdiction]) -> frozenset[str]:
    """The claims that the rules of all towns read of this provider."""
    return frozenset(
        rule.claim
        for town in towns
        for rule in SIGN_IN.of(town).rules
        if rule.provider == provider and EVERYBODY not in rule.values
    )


def check_all_told(claims: Claims, asked: Collection[str]) -> None:
    """Some providers tell only where a long list of groups can be fetched: nobody loses a role by that."""
    elsewhere = claims.get("_claim_names")
    if isinstance(elsewhere, dict) and any(name in elsewhere and name not in claims for name in asked):
        raise Refused("it does not tell all groups of this person: let it send only the groups of this application")


def told(claims: Claims, name: str) -> frozenset[str]:
    """The values of a claim, one or a list; `realm_access.roles` is looked for inside `realm_access` too."""
    value: Any = claims.get(name)
    if value is None and "." in name:
        value = claims
        for step in name.split("."):
            value = value.get(step) if isinstance(value, dict) else None
    values = value if isinstance(value, list) else [value]
    return frozenset(each for each in values if isinstance(each, str))
