"""Identity providers (OpenID Connect): what the installation knows of each, what it says of itself, calls to it."""

import asyncio
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote_plus, urlsplit

import httpx
import msgspec
import structlog
from msgspec import Struct

from parvis import clock
from parvis.composition import Startup
from parvis.http_client import HTTP_CALLS_MOST_READ, Answer, call, client, wire_for
from parvis.jurisdictions.reading import Findings, JurisdictionMistake, Table
from parvis.sections import OutgoingSettings
from parvis.settings import PREFIX, Mistake
from parvis_identity_providers.id_tokens import (
    Claims,
    NoSuchKey,
    TokenExpectation,
    read_id_token,
    read_logout_token,
    usable_keys,
    value_at,
)
from parvis_sdk.connectors import Pace
from parvis_sdk.errors import Later, OutsideError, Refused
from parvis_sdk.identity_providers import IdentityProvider as DeclaredProvider
from parvis_sdk.identity_providers import PersonClaims
from parvis_sdk.text import Text

if TYPE_CHECKING:
    from joserfc.jwk import Key


SCOPES = ("openid", "email", "profile")
HERE = ("127.0.0.1", "localhost", "::1")
log = structlog.get_logger("parvis.people")


class Secret:
    """What a provider knows us by; never in a log, a page or an error."""

    def __init__(self, value: str) -> None:
        self.value = value

    def __repr__(self) -> str:
        return "Secret(...)"


class Provider(Struct, frozen=True, kw_only=True):
    """One of them.

    `link` says that the operator lets a first sign-in join an account that has the same e-mail, where the provider has
    verified it; `create`, that somebody with a role gets an account at their first sign-in.
    """

    code: str
    name: Text
    issuer: str
    client_id: str
    secret: Secret
    scopes: tuple[str, ...] = SCOPES
    link: bool = False
    create: bool = True
    verified_by: str = "email_verified"
    acr_values: tuple[str, ...] = ()
    second_factors: tuple[str, ...] = ("mfa",)
    claims: PersonClaims = PersonClaims()

    @classmethod
    def declared(cls, noun: DeclaredProvider) -> "Provider":
        """One that a plugin declares: it stands the same checks as those of the settings."""
        return cls(
            code=noun.name,
            name=noun.title,
            issuer=noun.issuer,
            client_id=noun.client_id,
            secret=Secret(noun.client_secret),
            scopes=noun.scopes,
            link=noun.link,
            create=noun.create,
            verified_by=noun.claims.verified,
            acr_values=noun.acr_values,
            second_factors=noun.second_factors,
            claims=noun.claims,
        )

    def by_usual_names(self, claims: Claims) -> Claims:
        """What it tells of a person under the names that we read; what it calls otherwise stays as well."""
        own = self.claims
        told_by = next((each for each in own.email if claims.get(each)), "")
        found = {
            "email": claims.get(told_by),
            # Of another address it says nothing: an account would be joined by what its person may have typed there.
            self.verified_by: None if own.may_verify(told_by) else False,
            "name": next((claims[each] for each in own.name if claims.get(each)), None),
            "groups": value_at(claims, own.groups),
        }
        return claims | {name: value for name, value in found.items() if value is not None}

    def allows(self, address: str) -> bool:
        """Whether an address may be called or sent to: over TLS, unless all of it is on this machine."""
        parts = urlsplit(address)
        if parts.username is not None or parts.fragment or not parts.hostname:
            return False
        on_this_machine = urlsplit(self.issuer).hostname in HERE and parts.hostname in HERE
        return parts.scheme == "https" or (parts.scheme == "http" and on_this_machine)


def read_providers(
    file: Path, environ: Mapping[str, str]
) -> tuple[dict[str, Provider], tuple[JurisdictionMistake, ...]]:
    """Every provider of the file by its name, and everything that is wrong with it."""
    findings = Findings(file.parent)
    table = findings.table(file)
    found = [read_provider(code, entry, environ) for code, entry in table.named_tables()] if table else []
    return {provider.code: provider for provider in found}, tuple(findings.mistakes)


def read_provider(code: str, table: Table, environ: Mapping[str, str]) -> Provider:
    provider = Provider(
        code=code,
        name=table.text("name", required=True),
        issuer=table.string("issuer", required=True),
        client_id=table.string("client_id", required=True),
        secret=Secret(read_secret(code, table, environ)),
        scopes=tuple(dict.fromkeys(("openid", *(table.strings("scopes") or SCOPES)))),
        link=table.yes("link", False),
        create=table.yes("create", True),
        verified_by=table.string("verified_by", "email_verified"),
        acr_values=table.strings("acr_values"),
        second_factors=table.strings("second_factors") or ("mfa",),
    )
    table.close()
    if provider.issuer and not provider.allows(provider.issuer):
        table.wrong("issuer", "is not an address over https", "write the issuer as the provider's metadata say it")
    return provider


def secret_variable(code: str) -> str:
    """Which variable of the environment may hold the secret of a provider."""
    return f"{PREFIX}SIGN_IN_{code.upper().replace('-', '_')}_SECRET"


def read_secret(code: str, table: Table, environ: Mapping[str, str]) -> str:
    """Out of the environment, or of a file; a public client has none."""
    variable = secret_variable(code)
    named = table.string("client_secret_file")
    if "client_secret" in table.values:
        table.asked.add("client_secret")
        table.wrong("client_secret", "is a secret in this file", f"set {variable}, or client_secret_file here")
    if variable in environ:
        return environ[variable]
    path = environ.get(f"{variable}_FILE") or (str(table.file.parent / named) if named else "")
    if not path:
        return ""
    try:
        return Path(path).read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError):
        table.wrong("client_secret_file", f"{path} cannot be read", "name a file that holds the secret, nothing else")
        return ""


PATIENCE = 8.0  # seconds for one call, whole
BELIEVED = timedelta(hours=1)  # what a provider says of itself, and its keys
APART = timedelta(minutes=1)  # between two looks for a new key
ALIVE = timedelta(seconds=30)  # since a provider answered: nobody is sent to one that is gone
REST = timedelta(seconds=5)  # after a failure: those who wait behind it are told at once
WELL_KNOWN = "/.well-known/openid-configuration"


class Metadata(Struct, frozen=True, kw_only=True):
    """What a provider says of itself."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    userinfo_endpoint: str = ""
    end_session_endpoint: str = ""
    token_endpoint_auth_methods_supported: tuple[str, ...] = ("client_secret_basic",)
    authorization_response_iss_parameter_supported: bool = False


class Tokens(Struct, frozen=True, kw_only=True):
    """What a code is changed for."""

    id_token: str
    access_token: str = ""


class IdentityProvider:
    """One provider as this process knows it."""

    def __init__(self, provider: Provider, outgoing: OutgoingSettings) -> None:
        self.provider = provider
        self.outgoing = outgoing
        self._metadata: Metadata | None = None
        self._keys: tuple[Key, ...] = ()
        self._asked_at: datetime | None = None
        self._keys_at: datetime | None = None
        self._failed_at: datetime | None = None
        self._turn = asyncio.Lock()

    async def metadata(self, within: timedelta = BELIEVED) -> Metadata:
        """What the provider says of itself, asked for again when it is older than this."""
        async with self._turn:
            if self._metadata is None or not fresh(self._asked_at, within):
                self._metadata = self._checked(await self._read(f"{self.provider.issuer.rstrip('/')}{WELL_KNOWN}"))
                self._asked_at = clock.now()
            return self._metadata

    async def claims_of(self, token: str, nonce: str, access_token: str) -> Claims:
        """Who has signed in, by a token that stands every check."""
        expected = TokenExpectation(
            issuer=self.provider.issuer, client_id=self.provider.client_id, nonce=nonce, access_token=access_token
        )
        claims = await self._with_keys(lambda keys: read_id_token(token, keys, expected))
        return self.provider.by_usual_names(claims)

    async def logout_claims_of(self, token: str) -> Claims:
        """Whose session has ended there."""
        expected = TokenExpectation(issuer=self.provider.issuer, client_id=self.provider.client_id)
        return await self._with_keys(lambda keys: read_logout_token(token, keys, expected))

    async def tokens_for(self, code: str, verifier: str, redirect_uri: str) -> Tokens:
        """Change the code for tokens; it can be done once."""
        metadata, provider = await self.metadata(), self.provider
        form = {"grant_type": "authorization_code", "code": code, "redirect_uri": redirect_uri}
        form |= {"code_verifier": verifier, "client_id": provider.client_id}
        auth: httpx.BasicAuth | None = None
        if provider.secret.value and "client_secret_basic" in metadata.token_endpoint_auth_methods_supported:
            auth = httpx.BasicAuth(escaped(provider.client_id), escaped(provider.secret.value))
            del form["client_id"]
        elif provider.secret.value:
            form["client_secret"] = provider.secret.value
        answer = await self._call("POST", metadata.token_endpoint, data=form, auth=auth)
        if answer.status >= 500 or answer.status == 429:
            raise Later(f"it answers {answer.status}")
        if answer.status != 200:
            raise Refused(f"it does not take the code ({answer.status} {error_in(answer)})")
        tokens: Tokens = decoded(answer, Tokens)
        return tokens

    async def userinfo(self, access_token: str, subject: str) -> Claims:
        """What the provider says of somebody beside the token; nothing where it has no such door."""
        metadata = await self.metadata()
        if not metadata.userinfo_endpoint or not access_token:
            return {}
        headers = {"authorization": f"Bearer {access_token}"}
        answer = await self._call("GET", metadata.userinfo_endpoint, headers=headers)
        if answer.status != 200:
            raise Later(f"it answers {answer.status}")
        said: Claims = decoded(answer, Claims)
        if said.get("sub") != subject:
            raise Refused("it speaks of somebody else")
        return self.provider.by_usual_names(said)

    async def _with_keys(self, read: Any) -> Claims:
        claims: Claims
        try:
            claims = read(await self._known_keys())
        except NoSuchKey:
            if fresh(self._keys_at, APART):
                raise
            claims = read(await self._known_keys(anew=True))
        return claims

    async def _known_keys(self, *, anew: bool = False) -> tuple["Key", ...]:
        metadata = await self.metadata()
        async with self._turn:
            if not fresh(self._keys_at, APART if anew else BELIEVED):
                self._keys = usable_keys(await self._read(metadata.jwks_uri))
                self._keys_at = clock.now()
            return self._keys

    def _checked(self, said: Any) -> Metadata:
        try:
            metadata = msgspec.convert(said, Metadata)
        except msgspec.ValidationError as error:
            raise Refused(f"what it says of itself is incomplete: {error}") from error
        if metadata.issuer != self.provider.issuer:
            raise Refused(f"it calls itself {metadata.issuer[:200]!r}")
        addresses = (metadata.authorization_endpoint, metadata.token_endpoint, metadata.jwks_uri)
        further = (metadata.userinfo_endpoint, metadata.end_session_endpoint)
        for address in (*addresses, *(each for each in further if each)):
            if not self.provider.allows(address):
                raise Refused(f"it names an address that is not over https: {address[:200]!r}")
        return metadata

    async def _read(self, address: str) -> Any:
        """What everybody waits for in turn; nobody waits a second time for a provider that has just failed."""
        if fresh(self._failed_at, REST):
            raise Later("it failed a moment ago")
        try:
            answer = await self._call("GET", address)
            if answer.status != 200:
                raise Later(f"it answers {answer.status}")
            return decoded(answer, dict[str, Any])
        except OutsideError:
            self._failed_at = clock.now()
            raise

    async def _call(self, method: str, address: str, **sent: Any) -> Answer:
        headers = {"accept": "application/json", "accept-encoding": "identity", **sent.pop("headers", {})}
        wire = wire_for(self.outgoing, Pace(seconds=PATIENCE))
        try:
            async with asyncio.timeout(PATIENCE), client(PATIENCE, transport=wire) as http:
                answer = await call(http, method, address, headers=headers, **sent)
        except TimeoutError as error:
            raise Later("no whole answer in time") from error
        if len(answer.body) >= HTTP_CALLS_MOST_READ:
            raise Refused("its answer is too long")
        return answer


class IdentityProviders(dict[str, IdentityProvider]):
    """The providers that the settings name and plugins declare, by their codes; and to whom alone the settings leave
    passwords, if not to all."""

    only: tuple[str, ...] = ()


def given(startup: Startup) -> Iterator[object]:
    """The providers of this installation; every mistake in their file is told at once, and nothing starts."""
    file = startup.settings.sign_in.providers
    providers, mistakes = read_providers(file, startup.environ) if file is not None else ({}, ())
    yield from (Mistake(file=each.file, key=each.key, what=each.what, todo=each.todo) for each in mistakes)
    outgoing = startup.settings.outgoing
    for name, noun in startup.plugins.identity_providers.items():
        if name in providers:
            log.warning("the settings name this provider of sign-in, not its plugin", provider=name)
        else:
            providers[name] = Provider.declared(noun)
    known = IdentityProviders({code: IdentityProvider(provider, outgoing) for code, provider in providers.items()})
    known.only = startup.settings.sign_in.passwords
    yield known


def fresh(at: datetime | None, lasts: timedelta) -> bool:
    return at is not None and clock.now() - at < lasts


def decoded(answer: Answer, kind: Any) -> Any:
    try:
        return msgspec.json.decode(answer.body, type=kind)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise Refused("its answer is not what was asked for") from error


def error_in(answer: Answer) -> str:
    """The code of an error as the standard has it, if there is one; nothing else of the answer is repeated."""
    try:
        said = msgspec.json.decode(answer.body, type=dict[str, Any]).get("error", "")
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return ""
    return said[:60] if isinstance(said, str) and said.isascii() else ""


def escaped(word: str) -> str:
    """As the standard wants names and secrets before they are put together."""
    return quote_plus(word)
