"""Endpoints: addresses of a plugin that other systems call, under `/api/v1/plugins/<plugin>/<code>`.

async def changed(asked: EndpointRequest) -> EndpointAnswer:
    return EndpointAnswer(status=202, ask_for_news=True)

Endpoint(code="orders", title=Text(fr="Bons", en="Orders"), auth=Signed(secrets=secrets), answer=changed)
"""

from collections.abc import Awaitable, Callable, Iterator, Mapping
from datetime import datetime
from typing import Any, Literal

import msgspec
from msgspec import Struct

from parvis_sdk.errors import DeclarationMistake, Refused, Words
from parvis_sdk.made_of import shape_mistakes
from parvis_sdk.noun_mistakes import noun_mistakes
from parvis_sdk.subscriptions import MOST_REMEMBERED, Update, is_kept_as_json
from parvis_sdk.text import Text
from parvis_sdk.towns import Town

Method = Literal["GET", "POST"]
ContentType = Literal["application/json", "application/xml", "text/plain", "text/csv", "text/calendar"]
Status = Literal[200, 201, 202, 204, 400, 403, 404, 409, 410, 415, 422, 503]
NOT_JSON = Text(fr="le corps n’est pas du JSON", en="the body is not JSON")
LARGEST = 20_000_000  # bytes of a body that is sent
LARGEST_ANSWER = 5_000_000  # bytes
LONGEST = 10.0  # seconds
MOST_A_MINUTE = 600
MOST_UPDATES = 1000
LONGEST_KEY = 60  # characters of a key that are shown
HEADERS = ("content-type", "accept", "accept-language", "user-agent", "idempotency-key", "webhook-id")
"""The headers of a call that an endpoint is given, by small names, beside those that it `reads`."""


class Signed(Struct, frozen=True, kw_only=True):
    """Only callers with a secret: by the Standard Webhooks (`webhook-id`, `webhook-timestamp`, `webhook-signature`),
    within five minutes. The same id again has the status of the first time, without its body, and does nothing more.

    `secrets` gives those of a town by its code, `whsec_` and base64; none: nobody may call. While one is changed, two
    hold. What it gives may be used for ten seconds, so that calls of strangers do not run it again and again.

    The standard signs the id, the time and the body, and nothing of the address: so an endpoint that is signed is given
    no `query`, and a secret that two towns or two endpoints have is refused at both, as a call to one could be made
    again at the other.
    """

    secrets: Callable[[str], tuple[str, ...]]


class WithKey(Struct, frozen=True, kw_only=True):
    """Callers with an API key of this scope, for the town of the key."""

    scope: str


class Public(Struct, frozen=True, kw_only=True):
    """Anybody may call, so many times a minute from one address."""

    per_minute: int = 60


class EndpointRequest(Struct, frozen=True, kw_only=True):
    """One call: the town that it is for, what the address asks for, some headers by small names, the bytes of the body.

    `caller` is the name of the key of the API, "" without one.
    """

    method: Method
    town: Town
    at: datetime
    query: Mapping[str, tuple[str, ...]] = {}
    headers: Mapping[str, str] = {}
    body: bytes = b""
    caller: str = ""

    def json(self) -> Any:
        """The body as JSON; `Refused` where it is none, which is answered with status 400."""
        try:
            return msgspec.json.decode(self.body)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise Refused(NOT_JSON) from error


class EndpointAnswer(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What is answered, and what follows from the call.

    `json` is written as JSON; otherwise `body` is sent as its `content_type`. A status of 400 and above has no body but
    the `problem`, which is answered as problem details (RFC 9457) that name the plugin. `updates` are taken in as news
    of the endpoint's `connector`, each once by its `key`; `ask_for_news` has that connector polled at once. `remember`
    is kept for the connector, or for the plugin; None forgets a value. Nothing of it is kept with a problem.
    """

    status: Status = 200
    json: Any = None
    body: bytes = b""
    content_type: ContentType = "application/json"
    problem: Text | None = None
    updates: tuple[Update, ...] = ()
    ask_for_news: bool = False
    remember: dict[str, Any] = {}


Answer = Callable[[EndpointRequest], Awaitable[EndpointAnswer | None]]


class Endpoint(Struct, frozen=True, kw_only=True):
    """An address of the plugin; `code` is unique in it and stays. It is there in the towns that have the plugin
    (`towns` narrows it down).

    `answer` is called outside any transaction, within `seconds` (10 at most), for a body of `largest` bytes at most;
    None is a plain 204. `Refused` is answered as 400 with its words, `Later` as 503: the caller is to send it again.
    What it writes to other systems comes by a connector or a chore: it has no client. `reads` names more headers.
    """

    code: str
    title: Text
    auth: Signed | WithKey | Public
    answer: Answer
    methods: tuple[Method, ...] = ("POST",)
    towns: tuple[str, ...] = ()
    connector: str = ""
    reads: tuple[str, ...] = ()
    largest: int = 1_000_000
    seconds: float = 5.0

    @property
    def name(self) -> str:
        """What it is called among the nouns of its plugin."""
        return self.code


NO_METHOD = Text(fr="il ne répond à aucune méthode", en="it answers to no method")
GIVE_METHOD = Text(fr="donnez GET, POST ou les deux", en="give GET, POST or both")
NO_SECRETS = Text(fr="ses secrets ne sont pas une fonction", en="its secrets are no function")
GIVE_SECRETS = Text(
    fr="écrivez une fonction qui prend le code de la municipalité",
    en="write a function that takes the code of a town",
)
ONE_SECRET = Text(fr="{one} et {other} ont un même secret", en="{one} and {other} have one secret")
MADE_AGAIN = Text(
    fr="un appel à l’un pourrait être refait à l’autre\u00a0: aucun n’est cru",
    en="a call to one could be made again at the other: neither is believed",
)
GIVE_EACH = Text(
    fr="donnez à chaque point d’accès un secret par municipalité", en="give each endpoint a secret for each town"
)
NO_SCOPE = Text(fr="la portée de sa clé n’a pas de nom", en="the scope of its key has no name")
NAME_SCOPE = Text(fr="nommez-en une de `parvis tokens`", en="name one of `parvis tokens`")
NUMBER = Text(fr="{name}={value} n’est pas possible", en="{name}={value} is not possible")
FROM_TO = Text(fr="prenez de {least} à {most}", en="take {least} to {most}")
SECRET_HEADER = Text(fr="l’en-tête {name} n’est donné à personne", en="the header {name} is given to nobody")
READ_OTHERS = Text(fr="lisez-en d’autres", en="read others")
NOT_AN_ANSWER = Text(
    fr="la réponse est {given}, au lieu de EndpointAnswer", en="it answered {given} instead of EndpointAnswer"
)
ANSWER_ONE = Text(fr="répondez EndpointAnswer(...) ou rien", en="answer EndpointAnswer(...) or nothing")
TWO_BODIES = Text(fr="json et body sont donnés tous deux", en="it gives json and body at once")
BODY_OF_NOTHING = Text(fr="le statut 204 a un corps", en="the status 204 has a body")
WITHOUT_BODY = Text(fr="répondez 200, ou sans json ni body", en="answer 200, or without json and body")
NO_PROBLEM = Text(fr="le statut {status} n’a pas de problème", en="the status {status} has no problem")
SAY_PROBLEM = Text(fr="dites-le dans problem, sans corps", en="say it in problem, without a body")
ONE_OF_BOTH = Text(fr="donnez l’un ou l’autre", en="give one of them")
NOT_WRITTEN = Text(fr="json ne peut pas être écrit", en="json cannot be written")
NOT_UTF8 = Text(fr="cela ne peut pas être écrit en UTF-8", en="it cannot be written as UTF-8")
CLEAN = Text(fr="nettoyez-le par parvis_sdk.cleaning.cleaned", en="clean it by parvis_sdk.cleaning.cleaned")
TOO_LARGE = Text(fr="la réponse dépasse {most} octets", en="the answer is longer than {most} bytes")
NOBODYS = Text(
    fr="des nouvelles de requêtes y sont, et aucun connecteur n’est nommé", en="it has news and names no connector"
)
NAME_ONE = Text(fr="nommez-en un de l’extension", en="name one of the plugin")
TOO_MANY = Text(fr="{many} nouvelles en une fois", en="{many} updates at once")
FEWER = Text(fr="{most} au plus", en="{most} at most")
NOT_KEPT = Text(fr="remember n’est pas fait de JSON", en="remember is not made of JSON")
KEEP_PLAIN = Text(
    fr="gardez des mots, des nombres et des listes, {most} octets au plus",
    en="keep words, numbers and lists, {most} bytes at most",
)
UNANSWERED = Text(fr="l’appel échoue et rien n’en est gardé", en="the call fails and nothing of it is kept")
GUARDED = ("authorization", "cookie", "proxy-authorization", "webhook-signature", "x-forwarded-for")


def endpoint_mistakes(endpoint: Endpoint) -> Iterator[DeclarationMistake]:
    """Every mistake of the declaration of one endpoint."""
    wrong = list(noun_mistakes(endpoint, "endpoint", "answer", "asked"))
    yield from wrong
    if any(" · " in each.where for each in wrong):
        return
    where = f"endpoint {endpoint.code!r}"
    if not endpoint.methods:
        yield _mistake(where, NO_METHOD, GIVE_METHOD)
    match endpoint.auth:
        case Signed(secrets=secrets) if not callable(secrets):
            yield _mistake(where, NO_SECRETS, GIVE_SECRETS)
        case WithKey(scope=scope) if not scope:
            yield _mistake(where, NO_SCOPE, NAME_SCOPE)
        case Public(per_minute=many) if not 1 <= many <= MOST_A_MINUTE:
            yield _mistake(where, NUMBER.format(name="per_minute", value=many), _from_to(1, MOST_A_MINUTE))
    if not 0 < endpoint.seconds <= LONGEST:
        yield _mistake(where, NUMBER.format(name="seconds", value=endpoint.seconds), _from_to(0.1, LONGEST))
    if not 0 < endpoint.largest <= LARGEST:
        yield _mistake(where, NUMBER.format(name="largest", value=endpoint.largest), _from_to(1, LARGEST))
    for name in endpoint.reads:
        if name.lower() in GUARDED:
            yield _mistake(where, SECRET_HEADER.format(name=name), READ_OTHERS)


def answer_mistakes(endpoint: Endpoint, answer: Any) -> Iterator[DeclarationMistake]:
    """Every mistake in the answer of an endpoint for which the host does not return it to the caller."""
    if answer is None:
        return
    if type(answer) is not EndpointAnswer:
        yield _unanswered(NOT_AN_ANSWER.format(given=type(answer).__name__), ANSWER_ONE)
        return
    wrong = [_unanswered(each.what, each.now_what, each.where) for each in shape_mistakes(answer)]
    yield from wrong
    if wrong:
        return
    has_body = answer.json is not None or bool(answer.body)
    if answer.json is not None and answer.body:
        yield _unanswered(TWO_BODIES, ONE_OF_BOTH)
    if answer.status == 204 and has_body:
        yield _unanswered(BODY_OF_NOTHING, WITHOUT_BODY)
    if answer.status >= 400 and (answer.problem is None or has_body):
        yield _unanswered(NO_PROBLEM.format(status=answer.status), SAY_PROBLEM)
    yield from _of_size(answer)
    yield from _of_text(answer)
    if (answer.updates or answer.ask_for_news) and not endpoint.connector:
        yield _unanswered(NOBODYS, NAME_ONE)
    if len(answer.updates) > MOST_UPDATES:
        yield _unanswered(TOO_MANY.format(many=len(answer.updates)), FEWER.format(most=MOST_UPDATES))
    if not is_kept_as_json(answer.remember):
        yield _unanswered(NOT_KEPT, KEEP_PLAIN.format(most=MOST_REMEMBERED))


def body_of(answer: EndpointAnswer) -> bytes:
    """The bytes that are sent."""
    return msgspec.json.encode(answer.json) if answer.json is not None else answer.body


def _of_size(answer: EndpointAnswer) -> Iterator[DeclarationMistake]:
    written = answer.body if answer.json is None else _written(answer.json)
    if written is None:
        yield _unanswered(NOT_WRITTEN, KEEP_PLAIN)
    elif len(written) > LARGEST_ANSWER:
        yield _unanswered(TOO_LARGE.format(most=LARGEST_ANSWER), FEWER.format(most=LARGEST_ANSWER))


def _of_text(answer: EndpointAnswer) -> Iterator[DeclarationMistake]:
    """What is kept or told only after the answer, when no mistake could name its author."""
    if _written(answer.problem) is None:
        yield _unanswered(NOT_UTF8, CLEAN, "problem")
    for update in answer.updates:
        if _written(update) is None:
            yield _unanswered(NOT_UTF8, CLEAN, f"update {update.key[:LONGEST_KEY]!a}")


def _written(value: Any) -> bytes | None:
    try:
        return msgspec.json.encode(value)
    except (TypeError, ValueError, RecursionError, msgspec.MsgspecError):
        return None


def _from_to(least: float, most: float) -> Text:
    return FROM_TO.format(least=f"{least:g}", most=f"{most:.0f}")


def _mistake(where: str, what: Words, now_what: Words) -> DeclarationMistake:
    return DeclarationMistake(where=where, what=what, now_what=now_what)


def _unanswered(what: Words, now_what: Words, where: str = "") -> DeclarationMistake:
    return DeclarationMistake(where=where, what=what, so_what=UNANSWERED, now_what=now_what)
