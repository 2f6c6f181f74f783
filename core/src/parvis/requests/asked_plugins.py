"""Asking plugins while somebody waits for a page: side by side, each on its own thread, all within one limit."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from functools import partial
from typing import Any

import httpx
import msgspec
import structlog
from msgspec import Struct, structs

from parvis import clock
from parvis.db.tables import ServiceRequest
from parvis.http_client import Clients
from parvis.outbox import memory
from parvis.plugins.guarding import guard_of
from parvis.plugins.registry import Origin, module_of
from parvis.plugins.threads import PluginThreads
from parvis.plugins.trying import HUNG, Failure, attempt
from parvis.requests.host import Host
from parvis.requests.locating import Circuits
from parvis.selection import Where
from parvis.troubles import Trouble, Words
from parvis_sdk.connectors import Connection, Pace
from parvis_sdk.contents import bounded, content_mistakes
from parvis_sdk.errors import DeclarationMistake
from parvis_sdk.lines import where_function_is
from parvis_sdk.pages import MOST_KEPT, Kept
from parvis_sdk.text import Text

GRACE = 0.1  # seconds in which a thread is asked where it stands
LEFT_OFF = Text(
    fr="{what} manque aux pages qui le montrent; le reste est montré",
    en="{what} is missing from the pages that show it; everything else is shown",
)
BE_QUICK = Text(
    fr="répondez de ce qui est retenu, et laissez les appels à un connecteur",
    en="answer from what is remembered, and leave calls to a connector",
)
CORRECT = Text(fr="corrigez la fonction {name}", en="correct the function {name}")
ABOUT = """
SELECT m.request, m.key, m.value FROM memory m JOIN service_request r ON r.reference = m.request
WHERE m.plugin = {{}} AND r.id IN ({among}) ORDER BY r.id DESC, m.key"""
AMONG = """SELECT r.id FROM service_request r WHERE {where} AND r.erased_at IS NULL
AND EXISTS (SELECT 1 FROM memory k WHERE k.plugin = {{}} AND k.request = r.reference)"""
COUNTED = "SELECT COUNT(*) AS n FROM ({among}) AS some"
log = structlog.get_logger("parvis.plugins")


class Question(Struct, frozen=True, kw_only=True):
    """One function of a plugin that is asked, and by what its answer is judged.

    `hook` and `code` say which of its nouns it belongs to; `prepared` fetches what it is given: code of a plugin never
    asks the database. `apart` are those who ask: a plugin that fails for some of them rests for no others. `so_what`
    and `be_quick` are what operators read of a failure: what follows, and what its author does where it is slow.
    """

    hook: str
    code: str
    origin: Origin
    function: Callable[..., Awaitable[Any]]
    prepared: Callable[[], Awaitable[tuple[Any, Connection]]]
    seconds: float
    mistakes: Callable[[Any], Iterator[DeclarationMistake]] = content_mistakes
    bounded: Callable[[Any], Any] = bounded
    apart: str = ""
    so_what: Text = LEFT_OFF
    be_quick: Text = BE_QUICK

    @property
    def name(self) -> str:
        """By which the host speaks of it."""
        return f"{self.hook}:{self.origin.name}.{self.code}"

    @property
    def circuit(self) -> str:
        return f"{self.name} {self.apart}"

    @property
    def noun(self) -> str:
        return f"{self.hook.removesuffix('s')} {self.code!r}"


class AskedCircuits(Circuits):
    """How each has been doing in this process: one that fails again and again slows no more pages for a while."""


class AskedTroubles:
    """What was last wrong with each in this process, until it works again."""

    def __init__(self) -> None:
        self._by_name: dict[str, Trouble] = {}

    def __iter__(self) -> Iterator[Trouble]:
        return iter(tuple(self._by_name.values()))

    def seen(self, name: str, trouble: Trouble) -> None:
        self._by_name[name] = trouble
        log.error("asked", name=name, where=trouble.where, trouble=str(trouble.what))

    def over(self, name: str) -> None:
        self._by_name.pop(name, None)


async def asked(host: Host, questions: Iterable[Question]) -> dict[str, Any]:
    """What each answers, by its name; None where it rests, is late, raises or answers what cannot be shown.

    Operators read why.
    """
    given = list(questions)
    now, circuits = clock.now(), host.of(AskedCircuits)
    told = {each.name: await each.prepared() for each in given if not circuits.is_open(each.circuit, now)}
    said = await _side_by_side(host, [each for each in given if each.name in told], told)
    return {each.name: _noted(host, each, said[each.name]) if each.name in told else None for each in given}


async def _side_by_side(
    host: Host, questions: list[Question], told: Mapping[str, tuple[Any, Connection]]
) -> dict[str, Any]:
    """The answers by plugin; None of those that did not answer in time."""
    asking = {each.name: asyncio.ensure_future(_asked(host, each, *told[each.name])) for each in questions}
    try:
        if asking:
            await asyncio.wait(asking.values(), timeout=max(each.seconds for each in questions) + GRACE)
        return {name: task.result() if task.done() and not task.cancelled() else None for name, task in asking.items()}
    finally:
        for task in asking.values():
            task.cancel()


async def lent_to(host: Host, hook: str, origin: Origin, keeper: str, seconds: float) -> Connection:
    """What a plugin is lent for one question: a client, and what its keeper remembers for itself."""
    http = _client(host, hook, origin, seconds)
    return Connection(http=http, now=clock.now(), remembered=await memory.recall_all(keeper))


def keeper_of(host: Host, origin: Origin, connector: str) -> str:
    """By whose memory a noun is filled: that of a connector of its own plugin, never of another’s."""
    return connector if connector in host.plugins.by_name[origin.name].connectors else origin.name


async def kept_about(keeper: str, among: Where, most: int = MOST_KEPT) -> tuple[tuple[Kept, ...], int]:
    """What is remembered of requests for which the condition holds (`r` being theirs), those received last first, and
    of how many more something is; two statements."""
    which = AMONG.format(where=among.sql)
    values = (*among.values, keeper)
    rows = await ServiceRequest.raw(ABOUT.format(among=f"{which} ORDER BY r.id DESC LIMIT {{}}"), keeper, *values, most)
    found: dict[str, dict[str, Any]] = {}
    for row in rows:
        found.setdefault(row["request"], {})[row["key"]] = msgspec.json.decode(row["value"])
    kept = tuple(Kept(reference=reference, remembered=values) for reference, values in found.items())
    if len(kept) < most:
        return kept, 0
    (counted,) = await ServiceRequest.raw(COUNTED.format(among=which), *values)
    return kept, int(counted["n"]) - len(kept)


async def _asked(host: Host, question: Question, given: Any, lent: Connection) -> Any:
    module = module_of(host.plugins.by_name[question.origin.name].module)
    done = await attempt(
        partial(_answered, host, question, given, lent),
        question.seconds,
        function=question.function,
        module=module,
        threads=host.given(PluginThreads),
    )
    if isinstance(done, Failure):
        slow = done.kind in ("hung", "blocked")
        return _trouble(question, done.where, done.what, question.be_quick if slow else _correct(question))
    if isinstance(done.value, DeclarationMistake):
        where = " · ".join(part for part in (where_function_is(question.function, module), done.value.where) if part)
        return _trouble(question, where, done.value.what, done.value.now_what)
    return done.value


async def _answered(host: Host, question: Question, given: Any, lent: Connection) -> Any:
    """On the thread of the plugin, where looking over a long answer also belongs."""
    client = _client(host, question.hook, question.origin, question.seconds)
    answer = await question.function(given, structs.replace(lent, http=client))
    return next(question.mistakes(answer), None) or question.bounded(answer)


def _client(host: Host, hook: str, origin: Origin, seconds: float) -> httpx.AsyncClient:
    """Which speaks to the hosts that the plugin declares."""
    pace, guard = Pace(at_once=8, seconds=seconds), guard_of(host.plugins.by_name[origin.name])
    return host.of(Clients).of(f"{hook}:{origin.name}", pace, guard)


def _noted(host: Host, question: Question, answer: Any) -> Any:
    if answer is not None and not isinstance(answer, Trouble):
        host.of(AskedCircuits).worked(question.circuit)
        host.of(AskedTroubles).over(question.name)
        return answer
    host.of(AskedCircuits).failed(question.circuit, clock.now())
    module = module_of(host.plugins.by_name[question.origin.name].module)
    where = where_function_is(question.function, module)
    late = _trouble(question, where, HUNG.format(seconds=f"{question.seconds:g}"), question.be_quick)
    host.of(AskedTroubles).seen(question.name, answer or late)
    return None


def _correct(question: Question) -> Text:
    return CORRECT.format(name=getattr(question.function, "__name__", "show"))


def _trouble(question: Question, where: str, what: Words, now_what: Words) -> Trouble:
    return Trouble(
        who=str(question.origin),
        where=" · ".join(part for part in (f"{question.hook}()", question.noun, where) if part),
        what=what,
        so_what=question.so_what.format(what=question.noun),
        now_what=now_what,
        plugin=question.origin.name,
        severe=False,
    )
