"""Signing in by a provider: begun with a state, a nonce and a verifier, finished once, by the browser that began it."""

import secrets
from collections.abc import Mapping
from datetime import timedelta
from urllib.parse import urlencode, urlsplit

import structlog
from msgspec import Struct

from parvis import clock
from parvis.db import Engine, NotUnique, transaction
from parvis.db.sign_in_tables import SignInBegun
from parvis.jurisdictions import Jurisdiction, Jurisdictions
from parvis.jurisdictions.sign_in import SIGN_IN
from parvis.people.agents import Person
from parvis.people.group_mapping import check_all_told, claims_asked, granted
from parvis.people.id_tokens import Claims, subject_of
from parvis.people.identity_providers import ALIVE, IdentityProvider
from parvis.people.one_time import is_demanded
from parvis.people.outside_accounts import NotLetIn, key_of, take_in
from parvis.people.providers import Provider
from parvis.people.sessions import Door, digest_of
from parvis.people.sign_in_log import write_down
from parvis_sdk.errors import Later, Refused

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
    territory: Jurisdictions,
    given: Mapping[str, str],
    *,
    browser: str,
    language: str,
) -> ProviderArrival | NotLetIn:
    """Who came back from the provider. Whatever is wrong with what it says lets nobody in, and is told to the log."""
    begun = await _take(engine, doorway.provider.code, given.get("state", ""), browser)
    if begun is None:
        return NotLetIn(reason="lost")
    if given.get("error") == "access_denied":
        return NotLetIn(reason="denied")
    try:
        claims = await _claims(doorway, territory, given, begun)
    except Later as error:
        log.warning("a provider of sign-in is away", provider=doorway.provider.code, trouble=error.reason)
        return NotLetIn(reason="away")
    except Refused as error:
        log.warning("a provider of sign-in is not believed", provider=doorway.provider.code, trouble=error.reason)
        async with transaction(engine):
            await write_down("refused", None, doorway.provider.code, error.reason)
        return NotLetIn(reason="strange", about=error.reason)
    return await _arrived(engine, doorway.provider, territory, claims, begun, language)


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
    doorway: IdentityProvider, territory: Jurisdictions, given: Mapping[str, str], begun: PendingSignIn
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
    asked = claims_asked(provider.code, territory.jurisdictions.values())
    if not asked.union(("email", provider.verified_by)) <= claims.keys():
        claims = together(claims, await doorway.userinfo(tokens.access_token, subject_of(claims)), provider)
    check_all_told(claims, asked)
    return claims


async def _arrived(
    engine: Engine, provider: Provider, territory: Jurisdictions, claims: Claims, begun: PendingSignIn, language: str
) -> ProviderArrival | NotLetIn:
    towns = territory.jurisdictions
    grants = granted(provider.code, claims, towns.values())
    try:
        person = await take_in(engine, provider, claims, grants, language)
    except NotUnique:  # the same person came in by two windows at once, for the first time
        person = await take_in(engine, provider, claims, grants, language)
    if isinstance(person, NotLetIn):
        return person
    proved = has_second_factor(provider, claims)
    if is_demanded(person, territory) and not proved and not person.one_time:
        async with transaction(engine):
            await write_down("refused", person.id, provider.code, "second_factor")
        return NotLetIn(reason="second_factor")
    session = claims.get("sid")
    door = Door(provider=provider.code, session=key_of(provider.issuer, session) if isinstance(session, str) else "")
    return ProviderArrival(person=person, door=door, proved=proved, onward=begun.onward)


def together(claims: Claims, said: Claims, provider: Provider) -> Claims:
    """What the token says wins; an e-mail and its being verified come from the same place."""
    pair = ("email", provider.verified_by)
    source = said if "email" in said and not claims.keys() >= set(pair) else claims
    return (said | claims) | {name: source.get(name) for name in pair}


def has_second_factor(provider: Provider, claims: Claims) -> bool:
    methods = claims.get("amr")
    told = {each for each in methods if isinstance(each, str)} if isinstance(methods, list) else set()
    return not told.isdisjoint(provider.second_factors) or claims.get("acr") in provider.acr_values
