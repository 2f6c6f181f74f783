"""Who asks for a feed: the town, the language, the token where one was sent, and as whom its holder looks."""

import binascii
import re
from base64 import b64decode
from collections.abc import Collection, Mapping
from datetime import timedelta
from typing import Any

from litestar import Request
from litestar.exceptions import HTTPException, NotFoundException
from msgspec import Struct

from parvis import clock, i18n
from parvis.api.calls import faulty, viewer_of_token
from parvis.composition import Deployment
from parvis.jurisdictions import Jurisdiction
from parvis.people.throttle import Pace, caller_of
from parvis.people.tokens import MachineToken, token_of
from parvis.requests.access_log import AccessLog
from parvis.requests.host import Host
from parvis.requests.links import town_url
from parvis.requests.visibility import PUBLIC, Viewer
from parvis.web.town import find_town, town_of
from parvis_sdk.accepted_languages import wanted
from parvis_sdk.cleaning import clean
from parvis_sdk.text import Text

AnyRequest = Request[Any, Any, Any]
WINDOW = timedelta(minutes=10)
MOST_CALLS = 3000  # of one address, and ten times as many of a token, as for the API
NUMBER = re.compile("[0-9]{1,9}")
CHALLENGE = {"www-authenticate": 'Basic realm="parvis", Bearer realm="parvis"'}
NO_TOKEN = Text(
    fr="Donnez un jeton de cette installation, comme mot de passe ou par «\u00a0Authorization: Bearer\u00a0».",
    en="Give a token of this installation, as the password or by “Authorization: Bearer”.",
)
BAD_TOKEN = Text(
    fr="Le jeton est inconnu, révoqué ou expiré, ou sa ville n’offre pas ce flux.",
    en="The token is unknown, revoked or expired, or its town does not offer this feed.",
)
NO_SCOPE = Text(
    fr="Le jeton n’a pas la portée «\u00a0{scope}\u00a0».", en="The token does not have the scope “{scope}”."
)
TOO_MANY = Text(fr="Trop d’appels; réessayez plus tard.", en="Too many calls; try again later.")


class Asked(Struct, frozen=True, kw_only=True):
    """One call of a feed; `root` is the address of the town, `given` what stands behind the path."""

    host: Host
    town: Jurisdiction
    language: str
    root: str
    given: Mapping[str, str]
    token: MachineToken | None = None

    @property
    def viewer(self) -> Viewer:
        """As whom the caller looks: as everybody, or with the rights of the token over its units and types."""
        if self.token is None:
            return PUBLIC
        return viewer_of_token(self.host, self.token)

    def say(self, words: Text) -> str:
        return words.to(self.language)

    def allows(self, scope: str) -> bool:
        """Whether a token was sent that has this scope."""
        return self.token is not None and self.token.allows(scope)

    def note(self, name: str, rows: int) -> None:
        """Write into the access log what a token has read."""
        self.host.of(AccessLog).listed(self.viewer, self.town.code, name, rows)


async def asked(request: AnyRequest, known: Collection[str] = ()) -> Asked:
    """Read who calls and what; parameters that are not `known`, or stand twice, are refused with 400."""
    deployment: Deployment = request.app.state.deployment
    host = deployment.host
    here = town_of(request.scope) or find_town(deployment.jurisdictions, request.scope)
    accepted = request.headers.get("accept-language", "")
    i18n.speak(deployment.catalogues.voice(wanted(accepted, here.languages), here.time_zone))
    token = await _token(request, host)
    town = (host.jurisdictions.get(token.jurisdiction) if token else here) or here
    if token and (token.jurisdiction != town.code or not host.modules.of(town).has("feeds")):
        raise refused(401, BAD_TOKEN, CHALLENGE)
    language = wanted(accepted, town.languages)
    i18n.speak(deployment.catalogues.voice(language, town.time_zone))
    _limit(host, token.handle if token else caller_of(request), MOST_CALLS * (10 if token else 1))
    given = dict(_given(request, known))
    return Asked(host=host, town=town, language=language, root=town_url(host, town), given=given, token=token)


def _limit(host: Host, caller: str, most: int) -> None:
    if not host.of(Pace).allows("feeds", caller, most, WINDOW, clock.now()):
        raise refused(429, TOO_MANY, {"retry-after": str(int(WINDOW.total_seconds()))})


def _given(request: AnyRequest, known: Collection[str]) -> list[tuple[str, str]]:
    pairs = list(request.query_params.multi_items())
    names = [name for name, _ in pairs]
    for name in names:
        shown = clean(name)[:60]
        if name not in known:
            offered = ", ".join(known) or "—"
            raise faulty(shown, "unknown_parameter", "unknown_parameter", status=400, offered=offered)
        if names.count(name) > 1:
            raise faulty(shown, "repeated", "repeated", status=400)
    return pairs


async def _token(request: AnyRequest, host: Host) -> MachineToken | None:
    """The token of `Authorization`, as a bearer or as the password of whatever name; one that is no good is refused."""
    kind, _, words = request.headers.get("authorization", "").strip().partition(" ")
    if not kind:
        return None
    key = words.strip()
    if kind.lower() == "basic":
        try:
            name, _, password = b64decode(key, validate=True).decode().partition(":")
        except (binascii.Error, ValueError):
            raise refused(401, NO_TOKEN, CHALLENGE) from None
        key = password or name
    elif kind.lower() != "bearer":
        raise refused(401, NO_TOKEN, CHALLENGE)
    token = await token_of(host.engine, key)
    if token is None:
        raise refused(401, BAD_TOKEN, CHALLENGE)
    return token


def require(call: Asked, scope: str) -> None:
    """Refuse who sent no token, or one without this scope."""
    if call.token is None:
        raise refused(401, NO_TOKEN, CHALLENGE)
    if not call.token.allows(scope):
        raise refused(403, NO_SCOPE.format(scope=scope))


def whole(given: str, name: str, usual: int, most: int, least: int = 1) -> int:
    """A number of the address; more than `most` is `most`."""
    if not given:
        return usual
    if not NUMBER.fullmatch(given) or int(given) < least:
        raise faulty(name, "out_of_range", "out_of_range", status=400, least=least, most=most)
    return min(int(given), most)


def refused(status: int, words: Text, headers: dict[str, str] | None = None) -> HTTPException:
    """A problem with a sentence in the language of the caller."""
    return HTTPException(status_code=status, detail=words.to(i18n.language()), headers=headers)


def nothing(words: Text) -> NotFoundException:
    return NotFoundException(words.to(i18n.language()))
