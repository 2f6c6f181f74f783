"""A pretend desk: submits, moves, waits and delivers in memory, with nothing but the pure functions of the sdk."""

from collections.abc import Awaitable, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from functools import partial
from types import ModuleType
from typing import Any

import httpx
from msgspec import Struct, structs

from parvis_sdk.channels import OutgoingMessage
from parvis_sdk.connectors import Connection, Connector
from parvis_sdk.errors import OutsideError
from parvis_sdk.events import Event, Moved, Resent, Submitted, Withdrawn
from parvis_sdk.problems import Problems
from parvis_sdk.request_types import RequestType, dump_type, load_type, nouns_of
from parvis_sdk.requests import Attachment, Channel, Phase, Town
from parvis_sdk.subscriptions import Outcome, Subscription, Update
from parvis_sdk.testing.cases import Case, view
from parvis_sdk.testing.plugins import answer_of
from parvis_sdk.testing.rehearsal import files_of
from parvis_sdk.text import Text
from parvis_sdk.workflow import Denied, Mover, Timer, move
from parvis_sdk.workflow import Moved as Made

MORNING = datetime(2026, 6, 15, 13, 0, tzinfo=UTC)  # a Monday, 9 o'clock in Québec
TOWN = Town(
    code="essai",
    name=Text(fr="Ville d’Essai", en="Town of Essai"),
    phone="+14505550100",
    email="info@essai.example",
    url="https://services.essai.example",
)


class Played(Struct, frozen=True, kw_only=True):
    """One event as one subscription or connector heard it: its outcome, or why it could not."""

    subscription: str
    event: Event
    outcome: Outcome | None = None
    error: OutsideError | None = None


class Desk:
    """A town of one, for tests of a plugin: what it declares is what the desk offers.

    desk = Desk(plugin)
    case = await desk.submit("pothole", {"answers": {...}, "place": {...}, "requester": {...}})
    await desk.move(case, "triage", {"priority": "high"})
    await desk.wait(days=30)

    `name` is that of the plugin's entry point: what it gets from other systems is kept under it, as in the host; what
    a connector gets is kept under the connector's own name. `other_system` is who answers connectors, such as an
    `Exchange`; without it they find nobody.
    """

    def __init__(
        self,
        plugin: ModuleType | object | None = None,
        *,
        settings: Any = None,
        types: Iterable[RequestType] = (),
        subscriptions: Iterable[Subscription] = (),
        connectors: Iterable[Connector] = (),
        other_system: httpx.AsyncBaseTransport | None = None,
        town: Town = TOWN,
        now: datetime = MORNING,
        name: str = "plugin",
    ) -> None:
        declared = answer_of(plugin, "request_types", settings), answer_of(plugin, "subscriptions", settings)
        # A request keeps the declaration as it comes back from storage; so does the desk.
        self.types = {each.code: load_type(dump_type(each), nouns_of(each)) for each in (*types, *declared[0])}
        self.subscriptions = (*subscriptions, *declared[1])
        brought = (*connectors, *answer_of(plugin, "connectors", settings))
        self.connectors: dict[str, Connector] = {each.name: each for each in brought}
        self.other_system = other_system or httpx.MockTransport(nobody)
        self.cursors: dict[str, str] = {}
        self.kept: dict[str, dict[str, Any]] = {}
        self._taken: set[tuple[str, str, str]] = set()
        self.town = town
        self.now = now
        self.name = name
        self.cases: list[Case] = []
        self.events: list[Event] = []
        self.played: list[Played] = []
        self.sent: list[OutgoingMessage] = []

    async def submit(
        self,
        type_code: str,
        raw: Mapping[str, Any],
        *,
        channel: Channel = "portal",
        attachments: Mapping[str, Attachment] | None = None,
        contents: Mapping[str, bytes] | None = None,
    ) -> Case | Problems:
        """Take in what a person sent, as the counter does; `contents` are the bytes of its files, by their ids."""
        request_type = self.types[type_code]
        submission = request_type.read(raw, channel=channel, today=self.now.date(), attachments=attachments)
        if isinstance(submission, Problems):
            return submission
        case = Case(
            reference=f"TEST-{len(self.cases) + 1:04}",
            request_type=request_type,
            submission=submission,
            state=request_type.workflow.initial.code,
            submitted_at=self.now,
            entered_at=self.now,
            files={id: file for id, file in (attachments or {}).items() if id in submission.attachments},
            contents=dict(contents or {}),
        )
        self.cases.append(case)
        await self._tell(case, Submitted, "requester", type=request_type.code, state=case.state)
        return case

    async def move(
        self,
        case: Case,
        transition: str,
        given: Mapping[str, Any] | None = None,
        *,
        by: Mover = "agent",
        attachments: Mapping[str, Attachment] | None = None,
    ) -> Made | Denied | Problems:
        """Make a transition, with all that follows from it."""
        flow = case.request_type.workflow
        made = move(flow, case.state, transition, by, given, attachments=attachments, today=self.now.date())
        if not isinstance(made, Made):
            return made
        case.state, case.entered_at = made.target.code, self.now
        case.files.update({id: (attachments or {})[id] for id in made.given.attachments})
        case.history.append((self.now, f"{made.source.code} > {transition} > {made.target.code}"))
        told = made.given.answers if made.transition.tell else {}
        changed = {"source": made.source.code, "target": made.target.code, "tell": made.transition.tell, "given": told}
        await self._tell(case, Moved, by, type=case.request_type.code, transition=transition, **changed)
        if by == "requester" and transition == "withdraw":
            await self._tell(case, Withdrawn, by)
        return made

    async def wait(self, days: int) -> None:
        """Let days pass; every timer that falls due is played on its day."""
        for _ in range(days):
            self.now += timedelta(days=1)
            for case in self.cases:
                for timer in case.request_type.workflow.state(case.state).timers:
                    if self.now >= due(timer, case.entered_at):
                        await self.move(case, timer.transition, by="system")
                        break

    def phase(self, case: Case) -> Phase:
        """What the resident's progress line shows."""
        return case.request_type.workflow.state(case.state).phase

    async def resend(self, case: Case, connector: str) -> None:
        """Have a connector bring its system up to date with a request as it stands, as an operator does."""
        event = self._event(case, Resent, "system")
        await self._deliver(case, self.connectors[connector], event)

    async def poll(self, connector: str) -> list[Update]:
        """Ask a connector for its news, page by page, and take each in once; all that came."""
        asked, came = self.connectors[connector], []
        assert asked.changes is not None, f"{connector} has no news"
        more = True
        while more:
            async with self._http() as http:
                kept = self.kept.setdefault(connector, {})
                recall = partial(self._recall, connector)
                lent = Connection(http=http, now=self.now, remembered=dict(kept), recall=recall)
                news = await asked.changes(lent, self.cursors.get(connector, ""))
            for update in news.updates:
                came.append(update)
                await self._take(asked, update)
            remember(kept, news.remember)
            more = news.more and news.cursor != self.cursors.get(connector, "")
            self.cursors[connector] = news.cursor
        return came

    async def _tell(self, case: Case, kind: type[Event], actor: str, **details: Any) -> None:
        event = self._event(case, kind, actor, **details)
        if len(self.events) > 1_000:
            raise AssertionError("the handlers go round in circles: a thousand events came of each other")
        for subscription in self.subscriptions:
            if subscription.wants(event, case.request_type.code):
                await self._play(case, subscription, event)
        for connector in self.connectors.values():
            if connector.wants(event, case.request_type.code, self.town.code):
                await self._deliver(case, connector, event)

    def _event(self, case: Case, kind: type[Event], actor: str, **details: Any) -> Event:
        event = kind(id=f"event-{len(self.events) + 1}", reference=case.reference, at=self.now, actor=actor, **details)
        self.events.append(event)
        return event

    async def _play(self, case: Case, subscription: Subscription, event: Event) -> None:
        request = view(case, self.town, subscription.needs, self.name)
        await self._settle(case, subscription.name, self.name, event, subscription.handler(event, request))

    async def _deliver(self, case: Case, connector: Connector, event: Event) -> None:
        request = view(case, self.town, connector.needs, connector.name)
        async with self._http() as http:
            content = files_of(request, case.contents)
            kept = dict(self.kept.get(connector.name, {}))
            recall = partial(self._recall, connector.name)
            lent = Connection(http=http, now=self.now, content=content, remembered=kept, recall=recall)
            await self._settle(case, connector.name, connector.name, event, connector.deliver(event, request, lent))

    async def _settle(
        self, case: Case, played: str, name: str, event: Event, answer: Awaitable[Outcome | None]
    ) -> None:
        try:
            outcome = await answer
        except OutsideError as error:
            self.played.append(Played(subscription=played, event=event, error=error))
            return
        self.played.append(Played(subscription=played, event=event, outcome=outcome))
        if outcome is None:
            return
        self.sent.extend(outcome.messages)
        remember(case.remembered.setdefault(name, {}), outcome.remember)
        await self._note(case, name, outcome)

    async def _note(self, case: Case, name: str, news: Outcome | Update) -> None:
        if news.note is not None:
            case.notes.append(news.note)
        if news.external_reference:
            case.external_references[name] = news.external_reference
        if news.move:
            made = await self.move(case, news.move, news.given, by="system")
            if not isinstance(made, Made):
                case.notes.append(Text(fr=f"« {news.move} » refusé", en=f"“{news.move}” refused"))

    async def _take(self, connector: Connector, update: Update) -> None:
        name = connector.name
        of_ours = (
            [case for case in self.cases if case.reference == update.reference]
            if update.reference
            else [case for case in self.cases if case.external_references.get(name) == update.external_reference]
        )
        if len(of_ours) != 1:
            return  # an unmatched update: it came, and waits for an operator
        (case,) = of_ours
        seen = (name, case.reference, update.key)
        if seen in self._taken:
            return
        self._taken.add(seen)
        remember(case.remembered.setdefault(name, {}), update.remember)
        if update.paid is not None:
            paid = update.paid.charge
            case.charges = [structs.replace(one, state="paid") if one.id == paid else one for one in case.charges]
        await self._note(case, name, update)

    async def _recall(self, name: str, reference: str) -> Mapping[str, Any]:
        return next((dict(case.remembered.get(name, {})) for case in self.cases if case.reference == reference), {})

    def _http(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(transport=Kept(self.other_system))


class Kept(httpx.AsyncBaseTransport):
    """A wire that stays open when the client of one call is closed."""

    def __init__(self, wire: httpx.AsyncBaseTransport) -> None:
        self.wire = wire

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        return await self.wire.handle_async_request(request)


def remember(kept: dict[str, Any], said: Mapping[str, Any]) -> None:
    """Keep each value in place of what was there; None forgets."""
    for key, value in said.items():
        if value is None:
            kept.pop(key, None)
        else:
            kept[key] = value


def nobody(request: httpx.Request) -> httpx.Response:
    """The other system of a desk that has none."""
    raise httpx.ConnectError("the desk has no other system: give it one", request=request)


def due(timer: Timer, entered_at: datetime) -> datetime:
    """When a timer falls due; working days are Monday to Friday here, for no town's holidays are known."""
    if not timer.business:
        return entered_at + timedelta(days=timer.days)
    day, left = entered_at, timer.days
    while left:
        day += timedelta(days=1)
        left -= day.weekday() < 5
    return day
