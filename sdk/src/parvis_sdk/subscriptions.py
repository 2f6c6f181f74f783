"""Subscriptions to events: what a handler needs to know, and what it returns.

Example:

    @on(Moved, needs=("contact",))
    async def tell(event: Moved, request: ServiceRequest) -> Outcome | None: ...
"""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any, Literal

import msgspec
from msgspec import Struct

from parvis_sdk.channels import OutgoingMessage
from parvis_sdk.events import Event, Happened
from parvis_sdk.finding import Finder, FindsNothing, Scope
from parvis_sdk.proposals import Correction, Proposal
from parvis_sdk.requests import ServiceRequest, Urgency
from parvis_sdk.tasks import Task, TaskOver
from parvis_sdk.text import Text

Need = Literal["contact", "personal", "followers", "attachments", "fees"]
MOST_REMEMBERED = 500_000  # bytes that one answer gives to be kept, as JSON


class ByHand(Struct, frozen=True, kw_only=True):
    """What a person of the town is to tell the requester by telephone or by letter: what about, the words, how soon.

    In an emergency that is within hours, day and night; else by the end of the next business day.
    """

    way: Literal["phone", "letter"]
    about: Text
    say: Text = Text(fr="")
    urgency: Urgency = "normal"


class Outcome(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a handler answers; the host writes all of it in one transaction with the delivery being done.

    `note` goes into the request's history for the desk; `external_reference` is the other system's number;
    `move` is a wished transition with the answers it requires; `messages` are sent by their channels. `by_hand` is
    put on the desk's list of calls and letters to be made, for a requester whom no channel reaches. `remember` is kept
    for the plugin about this request, and is among `ServiceRequest.remembered` the next time; None forgets a value, and
    an answer with more than `MOST_REMEMBERED` bytes of it is none.
    `correct` gives other answers to questions of this request, before the step is made; `proposals` are for people of
    the town, who do to other requests what they say, or do not. `tasks` are for people of the town to do about this
    request, each once by its key; `tasks_over` takes back those that need not be done any more.
    """

    note: Text | None = None
    external_reference: str = ""
    move: str = ""
    given: dict[str, Any] = {}
    messages: tuple[OutgoingMessage, ...] = ()
    by_hand: ByHand | None = None
    remember: dict[str, Any] = {}
    correct: Correction | None = None
    proposals: tuple[Proposal, ...] = ()
    tasks: tuple[Task, ...] = ()
    tasks_over: tuple[TaskOver, ...] = ()


class SentFile(Struct, frozen=True, kw_only=True):
    """A file that another system sends: its name there, and its bytes. What it is, is found from its content."""

    name: str
    content: bytes


class PaidThere(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A charge of ours that was paid in another system: our id of it, the cents received, and their number for it."""

    charge: str
    cents: int
    currency: str = "CAD"
    number: str = ""


class Update(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """News from another system about a request, by our reference or theirs; is applied as an outcome is.

    `key` names the news: the same one is taken in once, however often it comes. `at` is when it happened there: news
    older than what was taken in already is noted, moves nothing and is not remembered. `files` are kept with the
    request for the desk, `paid` settles a charge, `remember` is kept as by an `Outcome`. `foreign` says that what it
    names bears our key and is not what was made for us: nothing of it is taken in before a person says that it is.
    `tasks` and `tasks_over` as of an `Outcome`.
    """

    reference: str = ""
    external_reference: str = ""
    key: str
    at: datetime | None = None
    note: Text | None = None
    move: str = ""
    given: dict[str, Any] = {}
    files: tuple[SentFile, ...] = ()
    paid: PaidThere | None = None
    remember: dict[str, Any] = {}
    foreign: bool = False
    tasks: tuple[Task, ...] = ()
    tasks_over: tuple[TaskOver, ...] = ()


def is_kept_as_json(values: Any) -> bool:
    """Whether what an answer asks to `remember` can be kept: JSON of `MOST_REMEMBERED` bytes at most."""
    if not all(isinstance(key, str) for key in values):
        return False
    try:
        return len(msgspec.json.encode(values)) <= MOST_REMEMBERED
    except (TypeError, ValueError, RecursionError, msgspec.MsgspecError):
        return False


Handler = Callable[..., Awaitable[Outcome | None]]


class Subscription(Struct, frozen=True, kw_only=True):
    """A handler and its events. `name` is unique in its plugin and stays the same from release to release.

    `types` limits it to requests of these types, `facts` to these facts of `Happened` ("fee.first.paid"); empty: all.
    An undeclared type or fact is reported when plugins are checked; a word that a handler compares by itself is not.

    `finds` are the scopes in which it finds other requests and makes proposals for them: its handler then also receives
    a `Finder`, `(event, request, finder)`. `corrects` are the codes of answers that it may correct. An operator grants
    both, in each town, and they have no effect before.
    """

    name: str
    events: tuple[type[Event], ...]
    handler: Handler
    needs: tuple[Need, ...] = ()
    types: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()
    finds: tuple[Scope, ...] = ()
    corrects: tuple[str, ...] = ()

    @property
    def is_granted_apart(self) -> bool:
        """Whether it declares a scope that an operator has to grant."""
        return bool(self.finds or self.corrects)

    def told(self, event: Event, request: ServiceRequest, finder: Finder | None = None) -> Awaitable[Outcome | None]:
        """The call of its handler, with a finder where it declares a scope."""
        if not self.finds:
            return self.handler(event, request)
        return self.handler(event, request, finder or FindsNothing(self.finds))

    def wants(self, event: Event, request_type: str) -> bool:
        """Whether this subscription receives `event` about a request of that type."""
        if isinstance(event, Happened) and self.facts and event.fact not in self.facts:
            return False
        return isinstance(event, self.events) and (not self.types or request_type in self.types)


def on(
    *events: type[Event],
    needs: tuple[Need, ...] = (),
    types: tuple[str, ...] = (),
    facts: tuple[str, ...] = (),
    finds: tuple[Scope, ...] = (),
    corrects: tuple[str, ...] = (),
    name: str = "",
) -> Callable[[Handler], Subscription]:
    """Make a subscription of an async handler; its name is the function's unless `name` is given."""

    def subscribe(handler: Handler) -> Subscription:
        called = name or getattr(handler, "__name__", "handler")
        return Subscription(
            name=called,
            events=events,
            handler=handler,
            needs=needs,
            types=types,
            facts=facts,
            finds=finds,
            corrects=corrects,
        )

    return subscribe
