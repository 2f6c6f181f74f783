"""Signing in by an identity provider: begun and finished once, whose account it is, and what its groups give."""

import secrets
from collections.abc import Collection, Iterable, Mapping
from datetime import timedelta
from hashlib import sha256
from typing import Any, Literal
from urllib.parse import urlencode, urlsplit
from uuid import UUID

import structlog
from msgspec import Struct, structs

from parvis import clock
from parvis.db import Engine, NotUnique, transaction
from parvis.db.people_tables import Agent
from parvis.db.people_tables import Grant as GrantRow
from parvis.identifiers import new_id
from parvis.jurisdictions import Jurisdiction, Jurisdictions
from parvis.jurisdictions.sign_in import SIGN_IN
from parvis.people.agents import Grant, Person, grants_of, insert_grants, normal_email, own_grant, person
from parvis.people.granting import is_last_operator
from parvis.people.one_time import is_demanded
from parvis.people.roles import ROLES, permissions_of
from parvis.people.sessions import Door, digest_of
from parvis.people.sign_in_log import write_down
from parvis.requests.host import Host
from parvis_identity_providers.id_tokens import Claims, subject_of, value_at
from parvis_identity_providers.providers import ALIVE, IdentityProvider, IdentityProviders, Provider
from parvis_identity_providers.rules import EVERYBODY, NAME, TOWN
from parvis_identity_providers.tables import OutsideAccount, SignInBegun
from parvis_sdk.cleaning import clean
from parvis_sdk.errors import Later, Refused

VERIFIED = (True, "true", "1")  # as providers write it

Reason = Literal[
    "no_email", "no_role", "no_account", "taken", "closed", "second_factor", "denied", "lost", "away", "strange"
]


class NotLetIn(Struct, frozen=True, kw_only=True):
    """Somebody who came by a provider and stays outside, and why."""

    reason: Reason
    about: str = ""


async def take_in(
    engine: Engine,
    provider: Provider,
    claims: Claims,
    grants: tuple[Grant, ...],
    language: str,
    resting: Collection[str] = (),
) -> Person | NotLetIn:
    """The agent behind these claims, with the roles that the provider gives today and none that it gave before.

    Roles given by hand stay, and so do those in towns where this module is `resting`; a person without any role is
    refused.
    """
    key, subject = key_of(provider.issuer, subject_of(claims)), subject_of(claims)
    async with transaction(engine):
        found = await _agent_of(provider, claims, key, bool(grants), language)
        if isinstance(found, NotLetIn):
            await write_down("refused", None, provider.code, f"{found.reason} {found.about} {subject}")
            return found
        await _follow(engine, provider.code, found["id"], grants, resting)
        every = await grants_of(found["id"])
        if not found["active"] or not every:
            refused = NotLetIn(reason="no_role" if found["active"] else "closed")
            await write_down("refused", found["id"], provider.code, refused.reason)
            return refused
        await OutsideAccount.update({OutsideAccount.used_at: clock.now()}).where(OutsideAccount.key == key)
        return person(found, every)


async def join(engine: Engine, provider: Provider, person_id: str, subject: str) -> bool:
    """Let somebody at the provider come in as this agent, by the word of an operator; false where they already do."""
    async with transaction(engine):
        if await OutsideAccount.exists().where(OutsideAccount.key == key_of(provider.issuer, subject)):
            return False
        await _keep_account(provider, {"sub": subject}, key_of(provider.issuer, subject), UUID(person_id))
        await write_down("linked", person_id, provider.code, subject)
    return True


async def _agent_of(
    provider: Provider, claims: Claims, key: str, has_role: bool, language: str
) -> dict[str, Any] | NotLetIn:
    known = await OutsideAccount.select(OutsideAccount.agent).where(OutsideAccount.key == key).first()
    if known is not None:
        row = await Agent.select().where(Agent.id == known["agent"]).first()
        return row or NotLetIn(reason="no_account")
    email = email_of(claims)
    if not email:
        return NotLetIn(reason="no_email")
    row = await Agent.select().where(Agent.email == email).first()
    if row is not None:
        return await _joined(provider, claims, key, row)
    if not has_role:
        return NotLetIn(reason="no_role", about=email)
    if not provider.create:
        return NotLetIn(reason="no_account", about=email)
    made = Agent(
        id=new_id(), email=email, name=name_of(claims, email), password="", language=language, made_at=clock.now()
    )
    await made.save()
    await _keep_account(provider, claims, key, made.id)
    await write_down("made", made.id, provider.code)
    return made.to_dict()


async def _joined(provider: Provider, claims: Claims, key: str, row: dict[str, Any]) -> dict[str, Any] | NotLetIn:
    """An account with the same e-mail: theirs only where the e-mail is verified, the operator lets accounts be joined,
    and nobody came to it by a provider before."""
    others = await OutsideAccount.count().where(OutsideAccount.agent == row["id"])
    verified = claims.get(provider.verified_by) in VERIFIED
    if others or not provider.link or not verified:
        return NotLetIn(reason="taken", about=row["email"])
    if not row["active"]:
        return NotLetIn(reason="closed", about=row["email"])
    await _keep_account(provider, claims, key, row["id"])
    await write_down("linked", row["id"], provider.code)
    return row


async def _keep_account(provider: Provider, claims: Claims, key: str, agent: UUID) -> None:
    row = OutsideAccount(
        key=key,
        agent=agent,
        provider=provider.code,
        issuer=provider.issuer[:300],
        subject=subject_of(claims),
        made_at=clock.now(),
        used_at=clock.now(),
    )
    await OutsideAccount.insert(row)


async def _follow(
    engine: Engine, provider: str, agent: UUID, grants: tuple[Grant, ...], resting: Collection[str]
) -> None:
    """What the provider gave before and gives no longer goes, but never the last operator of a town."""
    mine = (GrantRow.agent == agent) & (GrantRow.source == provider)
    rows = await GrantRow.select().where(mine)
    before = {own_grant(row): row["id"] for row in rows if row["jurisdiction"] not in resting}
    now = {structs.replace(each, source=provider) for each in grants}
    for gone in sorted(before.keys() - now, key=shown):
        if "operate" in permissions_of(gone.role) and await is_last_operator(engine, agent, gone.jurisdiction):
            await write_down("kept", agent, provider, shown(gone))
            continue
        await GrantRow.delete().where(GrantRow.id == before[gone])
        await write_down("taken", agent, provider, shown(gone))
    new = sorted(now - before.keys(), key=shown)
    await insert_grants(agent, tuple(new))
    for each in new:
        await write_down("given", agent, provider, shown(each))


def key_of(issuer: str, name: str) -> str:
    """The digest under which somebody, or a session, of a provider is kept."""
    return sha256(f"{issuer}\n{name}".encode("utf-8", "replace")).hexdigest()


def email_of(claims: Claims) -> str:
    email = claims.get("email")
    return normal_email(email) if isinstance(email, str) and "@" in email else ""


def name_of(claims: Claims, email: str) -> str:
    name = claims.get("name")
    return (clean(name).strip()[:120] if isinstance(name, str) else "") or email


def shown(given: Grant) -> str:
    """As `parvis people add` takes it."""
    where = f"{given.jurisdiction}/{given.unit}" if given.unit else given.jurisdiction
    return f"{given.role}@{where}:{','.join(given.zones)}" if given.zones else f"{given.role}@{where}"


async def agent_at(issuer: str, subject: str) -> UUID | None:
    """Who came in by this account of a provider."""
    row = await OutsideAccount.select(OutsideAccount.agent).where(OutsideAccount.key == key_of(issuer, subject)).first()
    return row["agent"] if row else None


def granted(provider: str, claims: Claims, towns: Iterable[Jurisdiction]) -> tuple[Grant, ...]:
    """The grants that these claims give, in every town that lets the provider in."""
    return tuple(
        dict.fromkeys(
            Grant(role=rule.role, jurisdiction=town.code, unit=rule.unit, zones=tuple(sorted(rule.zones)))
            for town in towns
            if provider in TOWN.of(town).providers
            for rule in TOWN.of(town).rules
            if rule.provider == provider and rule.role in ROLES
            if EVERYBODY in rule.values or not told(claims, rule.claim).isdisjoint(rule.values)
        )
    )


def is_given_by_groups(host: Host, grant: Grant) -> bool:
    """Whether a rule of today gives this role at each sign-in by a provider: then taking it by hand would not last."""
    town = host.jurisdictions.get(grant.jurisdiction)
    if town is None or not host.modules.of(town).has(NAME) or grant.source not in host.of(IdentityProviders):
        return False
    said, held = TOWN.of(town), (grant.source, grant.role, grant.unit, set(grant.zones))
    rules = ((rule.provider, rule.role, rule.unit, set(rule.zones)) for rule in said.rules)
    return grant.source in said.providers and held in rules


def resting_towns(host: Host) -> frozenset[str]:
    """The towns where this module is off: nobody is given or loses a role there by a sign-in elsewhere."""
    return frozenset(code for code, town in host.jurisdictions.by_code.items() if not host.modules.of(town).has(NAME))


def claims_asked(provider: str, towns: Iterable[Jurisdiction]) -> frozenset[str]:
    """The claims that the rules of all towns read of this provider."""
    return frozenset(
        rule.claim
        for town in towns
        for rule in TOWN.of(town).rules
        if rule.provider == provider and EVERYBODY not in rule.values
    )


def check_all_told(claims: Claims, asked: Collection[str]) -> None:
    """Some providers tell only where a long list of groups can be fetched: nobody loses a role by that."""
    elsewhere = claims.get("_claim_names")
    if isinstance(elsewhere, dict) and any(name in elsewhere and name not in claims for name in asked):
        raise Refused("it does not tell all groups of this person: let it send only the groups of this application")


def told(claims: Claims, name: str) -> frozenset[str]:
    """The values of a claim, one or a list; `realm_access.roles` is looked for inside `realm_access` too."""
    value = value_at(claims, name)
    values = value if isinstance(value, list) else [value]
    return frozenset(each for each in values if isinstance(each, str))


LASTS = timedelta(minutes=10)
MOST = 4_000  # characters of a code or a state that are looked at
log = structlog.get_logger("parvis.people")


class ProviderArrival(Struct, frozen=True, kw_only=True):
    """Somebody whom a provider knows and who has a role; `proved` when it has seen a second factor."""

    person: Person
    door: Door
    proved: bool
    onward: str


class PendingSignIn(Struct, frozen=True, kw_only=True):
    """What a sign-in was begun with."""

    nonce: str
    verifier: str
    redirect: str
    onward: str


async def begin(
    engine: Engine,
    doorway: IdentityProvider,
    town: Jurisdiction,
    *,
    redirect: str,
    onward: str,
    browser: str,
    language: str,
) -> str:
    """The address at the provider to which the browser goes; `Later` or `Refused` when it cannot be known."""
    from authlib.oauth2.rfc7636 import create_s256_code_challenge

    metadata, provider = await doorway.metadata(ALIVE), doorway.provider
    state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
    row = SignInBegun(
        key=digest_of(state),
        browser=digest_of(browser),
        provider=provider.code,
        jurisdiction=town.code,
        nonce=nonce,
        verifier=verifier,
        redirect=redirect,
        onward=onward,
        ends_at=clock.now() + LASTS,
    )
    async with transaction(engine):
        await SignInBegun.insert(row)
    asked = {
        "response_type": "code",
        "client_id": provider.client_id,
        "redirect_uri": redirect,
        "scope": " ".join(provider.scopes),
        "state": state,
        "nonce": nonce,
        "code_challenge": create_s256_code_challenge(verifier),
        "code_challenge_method": "S256",
        "ui_locales": language,
    }
    if SIGN_IN.of(town).second_factor and provider.acr_values:
        asked["acr_values"] = " ".join(provider.acr_values)
    there = metadata.authorization_endpoint
    return f"{there}{'&' if urlsplit(there).query else '?'}{urlencode(asked)}"


async def finish(
    engine: Engine,
    doorway: IdentityProvider,
    jurisdictions: Jurisdictions,
    given: Mapping[str, str],
    *,
    browser: str,
    language: str,
    resting: frozenset[str] = frozenset(),
) -> ProviderArrival | NotLetIn:
    """Who came back from the provider. Whatever is wrong with what it says lets nobody in, and is told to the log.

    The rules of towns that are `resting` are not asked.
    """
    towns = [town for code, town in jurisdictions.by_code.items() if code not in resting]
    begun = await _take(engine, doorway.provider.code, given.get("state", ""), browser)
    if begun is None:
        return NotLetIn(reason="lost")
    if given.get("error") == "access_denied":
        return NotLetIn(reason="denied")
    try:
        claims = await _claims(doorway, towns, given, begun)
    except Later as error:
        log.warning("a provider of sign-in is away", provider=doorway.provider.code, trouble=error.reason)
        return NotLetIn(reason="away")
    except Refused as error:
        log.warning("a provider of sign-in is not believed", provider=doorway.provider.code, trouble=error.reason)
        async with transaction(engine):
            await write_down("refused", None, doorway.provider.code, error.reason)
        return NotLetIn(reason="strange", about=error.reason)
    grants = granted(doorway.provider.code, claims, towns)
    try:
        person = await take_in(engine, doorway.provider, claims, grants, language, resting)
    except NotUnique:  # the same person came in by two windows at once, for the first time
        person = await take_in(engine, doorway.provider, claims, grants, language, resting)
    if isinstance(person, NotLetIn):
        return person
    return await _arrived(engine, doorway.provider, jurisdictions, person, claims, begun.onward)


async def sweep_begun(engine: Engine) -> int:
    """Sign-ins that nobody finished go."""
    async with transaction(engine):
        gone = await SignInBegun.delete().where(SignInBegun.ends_at <= clock.now()).returning(SignInBegun.key)
    return len(gone)


async def _take(engine: Engine, provider: str, state: str, browser: str) -> PendingSignIn | None:
    """The sign-in of this state, once."""
    if not 0 < len(state) <= MOST or not browser:
        return None
    mine = (SignInBegun.key == digest_of(state)) & (SignInBegun.browser == digest_of(browser))
    async with transaction(engine):
        rows = await SignInBegun.delete().where(mine & (SignInBegun.provider == provider)).returning(*TAKEN)
    if not rows or rows[0].pop("ends_at") <= clock.now():
        return None
    return PendingSignIn(**rows[0])


TAKEN = (
    SignInBegun.nonce,
    SignInBegun.verifier,
    SignInBegun.redirect,
    SignInBegun.onward,
    SignInBegun.ends_at,
)


async def _claims(
    doorway: IdentityProvider, towns: Iterable[Jurisdiction], given: Mapping[str, str], begun: PendingSignIn
) -> Claims:
    metadata, provider = await doorway.metadata(), doorway.provider
    issuer = given.get("iss", "")
    if (issuer or metadata.authorization_response_iss_parameter_supported) and issuer != provider.issuer:
        raise Refused("the answer comes from another issuer")
    code = given.get("code", "")
    if not 0 < len(code) <= MOST:
        raise Refused(f"it gives no code ({given.get('error', '')[:60]!r})")
    tokens = await doorway.tokens_for(code, begun.verifier, begun.redirect)
    claims = await doorway.claims_of(tokens.id_token, begun.nonce, tokens.access_token)
    asked = claims_asked(provider.code, towns)
    if not asked.union(("email", provider.verified_by)) <= claims.keys():
        claims = together(claims, await doorway.userinfo(tokens.access_token, subject_of(claims)), provider)
    check_all_told(claims, asked)
    return claims


async def _arrived(
    engine: Engine, provider: Provider, jurisdictions: Jurisdictions, person: Person, claims: Claims, onward: str
) -> ProviderArrival | NotLetIn:
    """Somebody who has a role, unless they owe a second factor of which the provider tells nothing."""
    proved = has_second_factor(provider, claims)
    if is_demanded(person, jurisdictions) and not proved and not person.one_time:
        async with transaction(engine):
            await write_down("refused", person.id, provider.code, "second_factor")
        return NotLetIn(reason="second_factor")
    session = claims.get("sid")
    door = Door(provider=provider.code, session=key_of(provider.issuer, session) if isinstance(session, str) else "")
    return ProviderArrival(person=person, door=door, proved=proved, onward=onward)


def together(claims: Claims, said: Claims, provider: Provider) -> Claims:
    """What the token says wins; an e-mail and its being verified come from the same place."""
    pair = ("email", provider.verified_by)
    source = said if "email" in said and not claims.keys() >= set(pair) else claims
    return (said | claims) | {name: source.get(name) for name in pair}


def has_second_factor(provider: Provider, claims: Claims) -> bool:
    methods = claims.get("amr")
    told = {each for each in methods if isinstance(each, str)} if isinstance(methods, list) else set()
    return not told.isdisjoint(provider.second_factors) or claims.get("acr") in provider.acr_values
