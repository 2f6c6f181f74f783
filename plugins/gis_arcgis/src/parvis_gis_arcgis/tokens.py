"""Signing in to ArcGIS: by name and password, as an application, or with a key; the token is kept for everybody.

Where tokens are had: at `token_url`, else at the portal, else where the server itself says (`rest/info`).
"""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Annotated, Any

import httpx
from msgspec import Meta, Struct, field

from parvis_gis_arcgis.client import look_for_error, read
from parvis_gis_arcgis.settings import Settings
from parvis_sdk.calling import called
from parvis_sdk.connectors import UNLOGGED
from parvis_sdk.errors import Later, Refused
from parvis_sdk.oauth import Good, KeptToken, SignInRefused, good_for, secret_in
from parvis_sdk.text import Text

LONG = timedelta(hours=1)  # after which a key that lies in a file is read again
SERVICES = re.compile(r"/rest/(?:admin/)?services(?:/|$)")
Word = Annotated[str, Meta(min_length=1)]


class GeneratedToken(Struct, frozen=True):
    """What generateToken answers; `expires` is in milliseconds since 1970."""

    token: Word
    expires: int


class OAuthToken(Struct, frozen=True):
    """What oauth2/token answers."""

    access_token: Word
    expires_in: float = 1800


class AuthInfo(Struct, frozen=True):
    """Where a server that stands alone gives tokens."""

    services: str = field(default="", name="tokenServicesUrl")


class ServerInfo(Struct, frozen=True):
    """What a server says of its sign-in; one that belongs to a portal names it."""

    portal: str = field(default="", name="owningSystemUrl")
    auth: AuthInfo = field(default=AuthInfo(), name="authInfo")


def access_of(settings: Settings) -> KeptToken:
    """The token of these settings, whatever way it is had; an empty one where nothing is said."""
    if settings.client_id:
        return KeptToken(_as_application(settings, secret_in(settings.client_secret, settings.client_secret_file)))
    if settings.username:
        return KeptToken(_by_password(settings, secret_in(settings.password, settings.password_file)))
    key = secret_in(settings.api_key, settings.api_key_file)

    async def kept(http: httpx.AsyncClient, now: datetime) -> Good:
        return Good(token=key(), until=now + LONG)

    return KeptToken(kept)


def _by_password(settings: Settings, password: Callable[[], str]) -> Any:
    async def renewed(http: httpx.AsyncClient, now: datetime) -> Good:
        url = settings.token_url or await _door(settings, http, now, "generateToken")
        form = {
            "username": settings.username,
            "password": password(),
            "client": "referer",
            "referer": settings.referer,
            "expiration": str(settings.token_minutes),
        }
        answer = await _signed_in(http, now, url, form)
        given = read(answer, GeneratedToken)
        return good_for(given.token, _life(answer, given.expires, settings, now), now)

    return renewed


def _as_application(settings: Settings, secret: Callable[[], str]) -> Any:
    async def renewed(http: httpx.AsyncClient, now: datetime) -> Good:
        url = settings.token_url or await _door(settings, http, now, "oauth2/token")
        form = {
            "client_id": settings.client_id,
            "client_secret": secret(),
            "grant_type": "client_credentials",
            "expiration": str(settings.token_minutes),
        }
        granted = read(await _signed_in(http, now, url, form), OAuthToken)
        return good_for(granted.access_token, timedelta(seconds=granted.expires_in), now)

    return renewed


async def _signed_in(http: httpx.AsyncClient, now: datetime, url: str, form: dict[str, str]) -> httpx.Response:
    """The answer of a sign-in. A name or a secret that is refused is a reason to wait for the operator, not to give up
    what waits; its words never hold the secret."""
    answer = await called(http, "POST", url, now=now, data={**form, "f": "json"}, extensions=dict(UNLOGGED))
    try:
        look_for_error(answer)
    except Refused as refused:
        raise SignInRefused(
            Text(fr="l’ouverture de session a échoué\u00a0: {why}", en="sign-in failed: {why}").format(
                why=refused.words
            )
        ) from refused
    return answer


async def _door(settings: Settings, http: httpx.AsyncClient, now: datetime, name: str) -> str:
    """Where tokens are had: at the portal of the settings, or where the server says."""
    if settings.portal_url:
        return f"{_sharing(settings.portal_url)}/{name}"
    geocoders = [each.url for each in settings.geocoders if each.signed_in]
    layers = [each.url for each in settings.layers if each.signed_in]
    service = next(iter([*filter(None, [settings.features_url]), *geocoders, *layers]), "")
    root = SERVICES.split(service)[0]
    answer = await called(http, "POST", f"{root}/rest/info", now=now, data={"f": "json"})
    look_for_error(answer)
    info = read(answer, ServerInfo)
    url = f"{_sharing(info.portal)}/{name}" if info.portal else info.auth.services if name == "generateToken" else ""
    if not url:
        raise Later(
            Text(
                fr="le système n’indique pas où obtenir des jetons\u00a0: l’exploitant doit définir "
                "portal_url ou token_url",
                en="the system does not state where to get tokens: the operator must set portal_url or token_url",
            )
        )
    if url.startswith("http://") and service.startswith("https://"):
        raise Later(
            Text(
                fr=f"le système veut l’ouverture de session à {url}, que n’importe qui pourrait lire\u00a0: "
                "l’exploitant doit régler token_url",
                en=f"it wants the sign-in at {url}, which anybody could read: the operator must set token_url",
            )
        )
    return url


def _sharing(portal: str) -> str:
    """The address below which a portal gives tokens, whatever part of it is known."""
    return f"{portal.rstrip('/').removesuffix('/sharing/rest').removesuffix('/sharing').rstrip('/')}/sharing/rest"


def _life(answer: httpx.Response, expires: int, settings: Settings, now: datetime) -> timedelta:
    """The lifetime of a token, by the issuer's clock where it tells the time; never longer than was asked for."""
    try:
        theirs = parsedate_to_datetime(answer.headers.get("date", "")).astimezone(UTC)
    except ValueError:
        theirs = now
    left = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=expires) - theirs
    return max(timedelta(0), min(left, timedelta(minutes=settings.token_minutes)))
