"""Endpoints of plugins: who may call, the call on the thread of its plugin, and what follows from its answer."""

import asyncio
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from contextlib import suppress
from functools import partial
from typing import Any, TypeVar

from msgspec import Struct

from parvis.db import transaction
from parvis.jurisdictions import Jurisdiction
from parvis.outbox import memory
from parvis.plugins.registry import Plugin, module_of
from parvis.plugins.threads import PluginThreads
from parvis.plugins.trying import Failure, Success, attempt, caught
from parvis.requests.asked_plugins import AskedTroubles
from parvis.requests.host import Host
from parvis.troubles import Trouble, Words
from parvis_connectors import signed_calls
from parvis_connectors.polling import poll_for_news
from parvis_connectors.unmatched_updates import take
from parvis_sdk.connectors import Connector
from parvis_sdk.endpoints import (
    GIVE_EACH,
    MADE_AGAIN,
    ONE_SECRET,
    Endpoint,
    EndpointAnswer,
    EndpointRequest,
    Signed,
    answer_mistakes,
)
from parvis_sdk.errors import DeclarationMistake
from parvis_sdk.lines import where_function_is
from parvis_sdk.signatures import shared_keys
from parvis_sdk.text import Text

T = TypeVar("T")
AT_ONCE = 8  # calls of one endpoint of one town in one process
SECRETS_IN = 2.0  # seconds
SECRETS_FOR = 10.0  # seconds in which a plugin is not asked for them again
FAILS = Text(fr="les appels à cette adresse échouent", en="calls to this address fail")
CORRECT = Text(fr="corrigez la fonction answer du point d’accès", en="correct the endpoint’s answer function")
GIVE_SECRETS = Text(
    fr="corrigez la fonction secrets\u00a0: elle doit donner des valeurs «\u00a0whsec_…\u00a0»",
    en="correct the secrets function: it must return values “whsec_…”",
)
NOT_WORDS = Text(fr="les secrets ne sont pas du texte", en="the secrets are not text")
NOT_ITS_OWN = Text(fr="l’extension n’apporte pas de connecteur {name}", en="the plugin has no connector {name}")


class CallRefused(Exception):
    """Why a call is not answered: its HTTP status, and a sentence for the caller."""

    def __init__(self, status: int, detail: str) -> None:
        self.status, self.detail = status, detail
        super().__init__(detail)


class UnderWay:
    """How many calls of each endpoint, of each town, this process is answering."""

    def __init__(self) -> None:
        self.by_address: Counter[tuple[str, str]] = Counter()


class AskedSecrets:
    """What plugins were asked for and gave just now: calls of strangers run their code no more often than that."""

    def __init__(self) -> None:
        self.until: dict[tuple[Any, str], float] = {}
        self.given: dict[tuple[Any, str], asyncio.Future[tuple[str, ...]]] = {}

    async def of(self, auth: Signed, town: str, ask: Callable[[], Awaitable[tuple[str, ...]]]) -> tuple[str, ...]:
        """The secrets of a town; those who call at once wait for one answer, and what failed is asked anew."""
        key, now = (auth.secrets, town), time.monotonic()
        if now >= self.until.get(key, 0.0):
            self.given[key], self.until[key] = asyncio.ensure_future(ask()), now + SECRETS_FOR
        given = self.given[key]
        try:
            return await asyncio.shield(given)
        except CallRefused:
            if self.given[key] is given:
                self.until[key] = 0.0
            raise


class SharedSecrets:
    """Which addresses of plugins had a secret of another one, when that was looked at last."""

    def __init__(self) -> None:
        self.until, self.by_address = 0.0, dict[str, str]()


class NamedEndpoint(Struct, frozen=True, kw_only=True):
    """An endpoint with the plugin that brings it."""

    host: Host
    plugin: Plugin
    endpoint: Endpoint

    @property
    def name(self) -> str:
        return f"{self.plugin.name}.{self.endpoint.code}"

    def at(self, town: str) -> str:
        """What it is called in a town."""
        return f"{self.name} ({town})"

    @property
    def connector(self) -> Connector | None:
        """The connector in whose name its news is taken in."""
        own = self.endpoint.connector in self.plugin.connectors
        return self.host.plugins.connectors.get(self.endpoint.connector) if own else None


def endpoint_of(host: Host, plugin: str, code: str, town: Jurisdiction) -> NamedEndpoint | None:
    """The endpoint at an address of a town, where there is one."""
    name = f"{plugin}.{code}"
    return next((each for each in endpoints_in(host, town) if each.name == name), None)


def endpoints_in(host: Host, town: Jurisdiction) -> Iterator[NamedEndpoint]:
    """Those of the plugins that a town has."""
    for plugin, declared in host.plugins.declared("endpoints"):
        is_here = plugin.origin.built_in or town.allows_plugin(plugin.name)
        if is_here and (not declared.towns or town.code in declared.towns):
            yield NamedEndpoint(host=host, plugin=plugin, endpoint=declared)


async def answered(one: NamedEndpoint, asked: EndpointRequest, headers: dict[str, str]) -> EndpointAnswer:
    """What an endpoint answers to a call of somebody who may call; `CallRefused` says why it does not.

    A signed call that was answered before is answered with the same status and does nothing more.
    """
    auth = one.endpoint.auth
    town = asked.town.code
    if isinstance(auth, Signed):
        secrets = await _given(one, auth, town)
        if why := signed_calls.disbelieved(asked, headers, secrets):
            raise CallRefused(401, f"The call is not believed: {why}.")
        await _alone(one, town, secrets)
    busy, address = one.host.of(UnderWay).by_address, (one.name, town)
    if busy[address] >= AT_ONCE:
        raise CallRefused(503, "It answers as many calls as it can; send it again.")
    busy[address] += 1
    try:
        return await (_once(one, asked, headers) if isinstance(auth, Signed) else _answer(one, asked))
    finally:
        busy[address] -= 1


async def _once(one: NamedEndpoint, asked: EndpointRequest, headers: dict[str, str]) -> EndpointAnswer:
    engine, town = one.host.engine, asked.town.code
    before = await signed_calls.begun(engine, one.name, town, headers)
    if before == signed_calls.UNANSWERED:
        raise CallRefused(409, "The same call is being answered just now.")
    if before is not None:
        return EndpointAnswer(status=before)  # type: ignore[arg-type]
    status = 500
    try:
        answer = await _answer(one, asked)
        status = answer.status
    except CallRefused as error:
        status = error.status
        raise
    finally:
        await signed_calls.ended(engine, one.name, town, headers, status)
    return answer


async def _given(one: NamedEndpoint, auth: Signed, town: str) -> tuple[str, ...]:
    return await one.host.of(AskedSecrets).of(auth, town, partial(_secrets, one, auth, town))


async def _alone(one: NamedEndpoint, town: str, secrets: tuple[str, ...]) -> None:
    """Refuse a call with a secret by which it could be made again at another address."""
    shared, now, here = one.host.of(SharedSecrets), time.monotonic(), one.at(town)
    if now >= shared.until:
        shared.by_address, shared.until = await _shared(one.host, {here: secrets}), now + SECRETS_FOR
    if other := shared.by_address.get(here):
        raise _broken(one, _line(one), ONE_SECRET.format(one=here, other=other), GIVE_EACH, MADE_AGAIN)


async def _shared(host: Host, given: dict[str, tuple[str, ...]]) -> dict[str, str]:
    """Which addresses have a secret of another; those of some are `given` already."""
    for town in host.jurisdictions.by_code.values():
        for one in endpoints_in(host, town):
            if isinstance(one.endpoint.auth, Signed) and one.at(town.code) not in given:
                with suppress(CallRefused):  # of a plugin that fails: nobody may call there
                    given[one.at(town.code)] = await _given(one, one.endpoint.auth, town.code)
    return shared_keys(given)


async def _secrets(one: NamedEndpoint, auth: Signed, town: str) -> tuple[str, ...]:
    async def given() -> tuple[Any, ...]:
        said: Any = auth.secrets(town)
        return (None,) if isinstance(said, str) else tuple(said)  # the letters of one secret are no secrets

    tried = await _tried(one, given, SECRETS_IN)
    if isinstance(tried, Success) and all(isinstance(each, str) for each in tried.value):
        return tried.value
    failed = tried if isinstance(tried, Failure) else Failure(kind="broken", what=NOT_WORDS)
    raise _broken(one, failed.where, failed.what, GIVE_SECRETS)


async def _answer(one: NamedEndpoint, asked: EndpointRequest) -> EndpointAnswer:
    tried = await _tried(one, partial(_asked, one, asked), one.endpoint.seconds)
    if isinstance(tried, Failure):
        if tried.kind in ("later", "refused"):
            raise CallRefused(503 if tried.kind == "later" else 400, f"{tried}.")
        raise _broken(one, tried.where, tried.what, CORRECT)
    if isinstance(tried.value, DeclarationMistake):
        raise _broken(one, f"{_line(one)} · {tried.value.where}".rstrip(" ·"), tried.value.what, tried.value.now_what)
    await _follow(one, tried.value, asked.town.code)
    one.host.of(AskedTroubles).over(f"endpoint {one.name}")
    return tried.value


async def _asked(one: NamedEndpoint, asked: EndpointRequest) -> EndpointAnswer | DeclarationMistake:
    """On the thread of the plugin, where looking over a long answer also belongs."""
    answer = await one.endpoint.answer(asked)
    return next(answer_mistakes(one.endpoint, answer), None) or answer or EndpointAnswer(status=204)


async def _tried(one: NamedEndpoint, call: Callable[[], Awaitable[T]], seconds: float) -> Success[T] | Failure:
    module, threads = module_of(one.plugin.module), one.host.given(PluginThreads)
    return await attempt(call, seconds, function=one.endpoint.answer, module=module, threads=threads)


async def _follow(one: NamedEndpoint, answer: EndpointAnswer, town: str) -> None:
    """Keep what follows from an answer that tells of no problem; what cannot be kept is a fault of the plugin."""
    connector = one.connector
    if one.endpoint.connector and connector is None:
        raise _broken(one, _line(one), NOT_ITS_OWN.format(name=repr(one.endpoint.connector)), CORRECT)
    if answer.status >= 400:
        return
    tried = await caught(partial(_kept, one, connector, answer, town))
    if isinstance(tried, Failure):
        if tried.kind == "database":
            raise CallRefused(503, "What follows from it cannot be kept just now; send it again.")
        raise _broken(one, _line(one), tried.what, CORRECT)


async def _kept(one: NamedEndpoint, connector: Connector | None, answer: EndpointAnswer, town: str) -> None:
    if connector is not None:
        for update in answer.updates:
            await take(one.host, connector, update, within=town)
        if answer.ask_for_news:
            await poll_for_news(one.host, connector)
    if answer.remember:
        async with transaction(one.host.engine):
            await memory.remember_all(connector.name if connector else one.plugin.name, answer.remember)


def _line(one: NamedEndpoint) -> str:
    return where_function_is(one.endpoint.answer, module_of(one.plugin.module))


def _broken(one: NamedEndpoint, where: str, what: Words, now_what: Words, so_what: Words = FAILS) -> CallRefused:
    """Operators are told with the line of the error, the caller in one sentence."""
    part = f"endpoint {one.endpoint.code!r}"
    trouble = Trouble(
        who=str(one.plugin.origin),
        where=" · ".join(each for each in ("endpoints()", part, where) if each),
        what=what,
        so_what=so_what,
        now_what=now_what,
        plugin=one.plugin.name,
        severe=False,
    )
    one.host.of(AskedTroubles).seen(f"endpoint {one.name}", trouble)
    return CallRefused(500, "It failed; the operators read why.")
