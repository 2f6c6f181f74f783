"""Calls endpoints without a host, and finds every reason why the host would not send the answer.

answer = await answered_by(ORDERS, {"orders": ["104"]})
"""

import sys
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import msgspec
from msgspec import structs

from parvis_sdk.endpoints import (
    GIVE_EACH,
    MADE_AGAIN,
    ONE_SECRET,
    Endpoint,
    EndpointAnswer,
    EndpointRequest,
    Signed,
    answer_mistakes,
    endpoint_mistakes,
)
from parvis_sdk.errors import DeclarationMistake, OutsideError, Words
from parvis_sdk.lines import where_function_is
from parvis_sdk.signatures import shared_keys
from parvis_sdk.testing.chores import TOWN
from parvis_sdk.testing.texts import missing_words
from parvis_sdk.testing.town import MORNING
from parvis_sdk.testing.watched_thread import Tried, WatchedThread
from parvis_sdk.text import Text
from parvis_sdk.towns import Town

FAILS = Text(fr="l’appel échoue", en="the call fails")
RAISES = Text(fr="il lève {error} quand on lui envoie {sent}", en="it raises {error} when it is sent {sent}")
HANGS = Text(fr="il ne répond pas en {seconds}\u00a0s", en="it does not answer within {seconds} s")
BLOCKS = Text(fr="il bloque sans rien attendre avec `await`", en="it blocks without awaiting anything")
REFUSE = Text(
    fr="levez Refused de ce que vous ne comprenez pas, ou lisez avec asked.json()",
    en="raise Refused for what you do not understand, or read it by asked.json()",
)
AWAIT = Text(fr="attendez avec `await` ce qui dure", en="await what takes long")
NO_WORDS = Text(fr="son titre\u00a0: {mistake}", en="its title: {mistake}")
BOTH = Text(fr="donnez le titre dans les deux langues", en="give the title in both languages")
ELSEWHERE = "elsewhere"  # the code of another town
STRANGE: dict[str, bytes] = {
    "nothing": b"",
    "what is no JSON": b"{",
    "what is no text": b"\xff\x00\xfe",
    "null": b"null",
    "a list": b"[1, null, {}]",
    "an empty object": b"{}",
    "an object of other things": b'{"": {"a": [[[]]]}, "reference": 7, "data": "x", "type": null, "id": []}',
    "lists in lists": b"[" * 500 + b"]" * 500,
}
"""What anybody may send, by what it is called."""


async def answered_by(
    endpoint: Endpoint,
    body: Any = None,
    *,
    method: str = "POST",
    query: Mapping[str, tuple[str, ...]] | None = None,
    headers: Mapping[str, str] | None = None,
    town: Town = TOWN,
    caller: str = "",
) -> EndpointAnswer:
    """The answer of an endpoint to an authorized caller; `body` is bytes, or a value to encode as JSON.

    `AssertionError` where the host would not give the answer, and `Refused` or `Later` as it raises them.
    """
    signed = isinstance(endpoint.auth, Signed)
    sent = body if isinstance(body, bytes) else b"" if body is None else msgspec.json.encode(body)
    asked = EndpointRequest(
        method="GET" if method == "GET" else "POST",
        town=town,
        at=MORNING,
        query={} if signed else query or {},  # nothing signs it
        headers=headers or {},
        body=sent,
        caller=caller,
    )
    answer = await endpoint.answer(asked)
    found = [str(each.within(f"endpoint {endpoint.code!r}")) for each in answer_mistakes(endpoint, answer)]
    if found:
        raise AssertionError("\n".join(found))
    return answer or EndpointAnswer(status=204)


def mistakes_of_endpoint(endpoint: Endpoint, languages: tuple[str, ...] = ("fr", "en")) -> list[DeclarationMistake]:
    """Every mistake of an endpoint: in its declaration, and in its answers to arbitrary input."""
    line = _line(endpoint)
    found = [each.within(line) if line else each for each in endpoint_mistakes(endpoint)]
    found += [
        _mistake(endpoint, NO_WORDS.format(mistake=each), BOTH) for each in missing_words(endpoint.title, languages)
    ]
    if found:
        return found
    if found := list(_for_two_towns(endpoint)):
        return found
    package = str(getattr(endpoint.answer, "__module__", "")).partition(".")[0]
    with WatchedThread(package, endpoint.seconds) as thread:
        for method in endpoint.methods:
            for sent, body in STRANGE.items():
                asked = EndpointRequest(method=method, town=TOWN, at=MORNING, body=body, query={"x": ("", "\u0000")})
                tried = thread.tries(lambda asked=asked: endpoint.answer(asked))  # type: ignore[misc]
                if found := list(_of_call(endpoint, tried, sent)):
                    return found  # what is strange otherwise breaks it in the same way
    return []


def _for_two_towns(endpoint: Endpoint) -> Iterator[DeclarationMistake]:
    """That towns have one secret, where nothing says that there is one town."""
    if isinstance(endpoint.auth, Signed) and len(endpoint.towns) != 1:
        towns, name = endpoint.towns or (TOWN.code, ELSEWHERE), f"endpoint {endpoint.code!r}"
        given = {f"{name} ({town})": endpoint.auth.secrets(town) for town in towns}
        yield from (each.within(_line(endpoint)) for each in _one_secret_for_two(given))


def mistakes_among_endpoints(endpoints: Iterable[Endpoint]) -> Iterator[DeclarationMistake]:
    """Reports two endpoints of a plugin with the same secret in one town."""
    signed = ((each.code, each.auth) for each in endpoints if isinstance(each.auth, Signed))
    yield from _one_secret_for_two({f"endpoint {code!r}": auth.secrets(TOWN.code) for code, auth in signed})


def _one_secret_for_two(secrets: Mapping[str, Iterable[str]]) -> Iterator[DeclarationMistake]:
    """That two addresses have one secret, said once; `secrets` by address."""
    for one, other in shared_keys(secrets).items():
        what = ONE_SECRET.format(one=one, other=other)
        yield DeclarationMistake(where="", what=what, so_what=MADE_AGAIN, now_what=GIVE_EACH)
        return


def _of_call(endpoint: Endpoint, tried: Tried, sent: str) -> Iterator[DeclarationMistake]:
    if tried.blocking is not None:
        yield _mistake(endpoint, BLOCKS, AWAIT, tried.blocking.where)
    elif tried.hung:
        yield _mistake(endpoint, HANGS.format(seconds=f"{endpoint.seconds:g}"), AWAIT, tried.where)
    elif tried.error is not None and not isinstance(tried.error, OutsideError):
        error = f"{type(tried.error).__name__}: {tried.error}"[:200]
        yield _mistake(endpoint, RAISES.format(error=error, sent=sent), REFUSE)
    elif tried.error is None:
        for each in answer_mistakes(endpoint, tried.answer):
            yield structs.replace(_mistake(endpoint, each.what, each.now_what, each.where), so_what=each.so_what)


def _mistake(endpoint: Endpoint, what: Words, now_what: Words, part: str = "") -> DeclarationMistake:
    where = " · ".join(each for each in (_line(endpoint), f"endpoint {endpoint.code!r}", part) if each)
    return DeclarationMistake(where=where, what=what, so_what=FAILS, now_what=now_what)


def _line(endpoint: Endpoint) -> str:
    return where_function_is(endpoint.answer, sys.modules.get(getattr(endpoint.answer, "__module__", "")))
