"""What the server in front lets through and must not: no host or two, headers without end, bodies that never come."""

import asyncio
import time
from typing import Any

import msgspec
from litestar import Litestar
from litestar.enums import ScopeType
from litestar.exceptions import HTTPException
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from parvis.i18n import LANGUAGES
from parvis.jurisdictions import Jurisdictions
from parvis.web.errors import PROBLEM, for_programs, problem
from parvis_sdk.accepted_languages import wanted
from parvis_sdk.text import Text

MOST_HEADER_BYTES = 64_000
BODY_PATIENCE = 30.0  # seconds between two pieces of a body
SLOWEST = 500  # bytes a second, once that patience is over: who sends one byte now and then is not sending
MOST_WORDS = 1_000_000  # bytes of a form that carries no files: to take it apart costs half a second a megabyte
_ONE_HOST = Text(fr="Une requête HTTP nomme exactement un hôte.", en="A request names exactly one host.")
_NO_SUCH_CHARACTERS = Text(
    fr="Une adresse ne contient pas de tels caractères.", en="An address has no such characters."
)
_ONE_LENGTH = Text(fr="Un corps n’a qu’une longueur.", en="A body has one length.")
_HEADERS_TOO_LARGE = Text(fr="Les en-têtes sont trop volumineux.", en="The headers are too large.")
LAST = [(b"connection", b"close"), (b"cache-control", b"no-store")]


class TooSlow(HTTPException):
    """The rest of a body did not come in time."""

    status_code = 408
    words = Text(fr="La requête HTTP a mis trop de temps à arriver.", en="The request took too long to arrive.")


class HungUp(HTTPException):
    """The caller left before the end of the body: nobody is there to be answered, and nothing of ours went wrong."""

    status_code = 499
    detail = "The connection was closed before the end of the request."


class TooManyWords(HTTPException):
    """A form without files holds more than anybody types."""

    status_code = 413
    words = Text(fr="Le formulaire est trop volumineux.", en="The form is too large.")


def strict(app: ASGIApp, patience: float = BODY_PATIENCE) -> ASGIApp:
    """Around the whole application: refuses what is not an honest HTTP request before anything else looks at it."""

    async def around(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != ScopeType.HTTP:
            await app(scope, receive, send)
            return
        if refusal := refused(scope):
            await say(scope, send, *refusal)
            return
        begun = False

        async def noting(message: Message) -> None:
            nonlocal begun
            begun = begun or message["type"] == "http.response.start"
            await send(message)

        try:
            coming = impatient(receive, patience, has_body=brings_body(scope))
            await app(scope, sparing(coming, scope) if carries_no_files(scope) else coming, noting)
        except HungUp:
            if not begun:  # nobody reads it, but it is counted
                await noting({"type": "http.response.start", "status": HungUp.status_code, "headers": []})
                await noting({"type": "http.response.body", "body": b"", "more_body": False})
        except (TooSlow, TooManyWords) as error:
            if not begun:
                await say(scope, send, error.status_code, error.words)

    return around


def refused(scope: Any) -> tuple[int, Text] | None:
    """Why this request is not looked at, if it is not."""
    names = [name for name, _ in scope["headers"]]
    if names.count(b"host") != 1:
        return 400, _ONE_HOST
    if b"%00" in scope.get("query_string", b"") or any(letter < " " or letter == "\x7f" for letter in scope["path"]):
        return 400, _NO_SUCH_CHARACTERS
    if b"content-length" in names and b"transfer-encoding" in names:
        return 400, _ONE_LENGTH
    if sum(len(name) + len(value) for name, value in scope["headers"]) > MOST_HEADER_BYTES:
        return 431, _HEADERS_TOO_LARGE
    return None


def brings_body(scope: Any) -> bool:
    """Whether a body is announced."""
    announced = dict(scope["headers"])
    return announced.get(b"content-length", b"0") != b"0" or b"transfer-encoding" in announced


def carries_no_files(scope: Any) -> bool:
    """Whether the body is a form of words alone, by what it says of itself."""
    kind: bytes = dict(scope["headers"]).get(b"content-type", b"")
    return kind.partition(b";")[0].strip().lower() == b"application/x-www-form-urlencoded"


def sparing(receive: Receive, scope: Any) -> Receive:
    """The same, except that too long a body is refused before anything takes it apart, and where it says so unread."""
    announced: bytes = dict(scope["headers"]).get(b"content-length", b"")
    received = int(announced) if announced.isdigit() and int(announced) > MOST_WORDS else 0

    async def receiving() -> Any:
        nonlocal received
        if received > MOST_WORDS:
            raise TooManyWords
        message: Any = await receive()
        received += len(message.get("body", b""))
        if received > MOST_WORDS:
            raise TooManyWords
        return message

    return receiving


def impatient(receive: Receive, patience: float, *, has_body: bool) -> Receive:
    """The same, except that a body which stops coming ends the request; afterwards one may wait for ever."""
    complete, received, begun = False, 0, 0.0

    async def receiving() -> Any:
        nonlocal complete, received, begun
        if complete:
            return await receive()
        now = time.monotonic()
        begun = begun or now
        left = begun + patience + received / SLOWEST - now
        try:
            async with asyncio.timeout(min(patience, left)):
                message: Any = await receive()
        except TimeoutError:
            raise TooSlow from None
        if has_body and message["type"] == "http.disconnect":
            raise HungUp
        complete = message["type"] != "http.request" or not message.get("more_body")
        received += len(message.get("body", b""))
        return message

    return receiving


def without_body(send: Send) -> Send:
    """The start of an answer, and the end of it in place of its body."""
    ended = False

    async def sending(message: Message) -> None:
        nonlocal ended
        if message["type"] != "http.response.body":
            await send(message)
        elif not ended:
            ended = True
            await send({"type": "http.response.body", "body": b"", "more_body": False})

    return sending


IS_AWAY = Text(
    fr="Les services en ligne de {name} sont momentanément indisponibles. Les requêtes déjà envoyées sont conservées.",
    en="The online services of {name} are unavailable for the moment. Requests that were sent are kept.",
)


OF_THE_PROCESS = ("/health", "/metrics")


def unless_away(app: Litestar) -> ASGIApp:
    """The application, which at the addresses of a town whose folder is gone says that it is away, and nothing else
    but how this process is: the others are served by it."""
    answered = app.asgi_handler

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        jurisdictions: Jurisdictions = app.state.deployment.jurisdictions
        if jurisdictions.away and scope["type"] == ScopeType.HTTP and not scope["path"].startswith(OF_THE_PROCESS):
            host = next((value.decode("latin-1") for name, value in scope["headers"] if name == b"host"), "")
            if (town := jurisdictions.away_at(host)) is not None:
                await say(scope, send, 503, IS_AWAY.format(name=town.name))
                return
        await answered(scope, receive, send)

    return answer


async def say(scope: Scope, send: Send, status: int, words: Text) -> None:
    """To people in both languages, as no page is there to choose one; to a program in that which it asks for."""
    path, asked = scope["path"], dict(scope["headers"])
    kind, body = "text/plain; charset=utf-8", f"{words.fr}\n{words.en}".encode()
    if for_programs(path) or b"text/html" not in asked.get(b"accept", b""):
        said = words.to(wanted(asked.get(b"accept-language", b"").decode("latin-1"), LANGUAGES))
        kind, body = PROBLEM, msgspec.json.encode(problem(status, said, path))
    headers = [*LAST, (b"content-type", kind.encode()), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body, "more_body": False})
