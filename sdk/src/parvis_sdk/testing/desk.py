"""A pretend desk: submits, moves, waits and delivers in memory, with nothing but the pure functions of the sdk."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from types import ModuleType
from typing import Any

from msgspec import Struct

from parvis_sdk.channels import OutgoingMessage
from parvis_sdk.errors import OutsideError
from parvis_sdk.events import Event, Moved, Submitted, Withdrawn
from parvis_sdk.problems import Problems
from parvis_sdk.request_types import RequestType, dump_type, load_type
from parvis_sdk.requests import Attachment, Channel, Phase, Town
from parvis_sdk.subscriptions import Outcome, Subscription
from parvis_sdk.testing.cases import Case, view
from parvis_sdk.testing.plugins import answer_of
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
    """One event as one subscription heard it: its outcome, or why it could not."""

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

    `name` is that of the plugin's entry point: what it gets from other systems is kept under it, as in the host.
    """

    def __init__(
        self,
        plugin: ModuleType | object | None = None,
        *,
        settings: Any = None,
        types: Iterable[RequestType] = (),
        subscriptions: Iterable[Subscription] = (),
        town: Town = TOWN,
        now: datetime = MORNING,
        name: str = "plugin",
    ) -> None:
        declared = answer_of(plugin, "request_types", settings), answer_of(plugin, "subscriptions", settings)
        # A request keeps the declaration as it comes back from storage; so does the desk.
        self.types = {each.code: load_type(dump_type(each)) for each in (*types, *declared[0])}
        self.subscriptions = (*subscriptions, *declared[1])
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
    ) -> Case | Problems:
        """Take in what a person sent, as the counter does."""
        kind = self.types[type_code]
        demand = kind.read(raw, channel=channel, today=self.now.date(), attachments=attachments)
        if isinstance(demand, Problems):
            return demand
        case = Case(
            reference=f"TEST-{len(self.cases) + 1:04}",
            kind=kind,
            demand=demand,
            state=kind.workflow.initial.code,
            submitted_at=self.now,
            entered_at=self.now,
            files={id: file for id, file in (attachments or {}).items() if id in demand.attachments},
        )
        self.cases.append(case)
        await self._tell(case, Submitted, "requester", type=kind.code, state=case.state)
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
        flow = case.kind.workflow
        made = move(flow, case.state, transition, by, given, attachments=attachments, today=self.now.date())
        if not isinstance(made, Made):
            return made
        case.state, case.entered_at = made.target.code, self.now
        case.files.update({id: (attachments or {})[id] for id in made.given.attachments})
        case.history.append((self.now, f"{made.source.code} > {transition} > {made.target.code}"))
        told = made.given.answers if made.transition.tell else {}
        changed = {"source": made.source.code, "target": made.target.code, "tell": made.transition.tell, "given": told}
        await self._tell(case, Moved, by, type=case.kind.code, transition=transition, **changed)
        if by == "requester" and transition == "withdraw":
            await self._tell(case, Withdrawn, by)
        return made

    async def wait(self, days: int) -> None:
        """Let days pass; every timer that falls due is played on its day."""
        for _ in range(days):
            self.now += timedelta(days=1)
            for case in self.cases:
                for timer in case.kind.workflow.state(case.state).timers:
                    if self.now >= due(timer, case.entered_at):
                        await self.move(case, timer.transition, by="system")
                        break

    def phase(self, case: Case) -> Phase:
        """What the resident's progress line shows."""
        return case.kind.workflow.state(case.state).phase

    async def _tell(self, case: Case, kind: type[Event], actor: str, **details: Any) -> None:
        event = kind(id=f"event-{len(self.events) + 1}", reference=case.reference, at=self.now, actor=actor, **details)
        self.events.append(event)
        if len(self.events) > 1_000:
            raise AssertionError("the handlers go round in circles: a thousand events came of each other")
        for subscription in self.subscriptions:
            if subscription.wants(event, case.kind.code):
                await self._play(case, subscription, event)

    async def _play(self, case: Case, subscription: Subscription, event: Event) -> None:
        try:
            outcome = await subscription.handler(event, view(case, self.town, subscription.needs))
        except OutsideError as error:
            self.played.append(Played(subscription=subscription.name, event=event, error=error))
            return
        self.played.append(Played(subscription=subscription.name, event=event, outcome=outcome))
        if outcome is None:
            return
        self.sent.extend(outcome.messages)
        if outcome.note is not None:
            case.notes.append(outcome.note)
        if outcome.external_reference:
            case.external_references[self.name] = outcome.external_reference
        if outcome.move:
            made = await self.move(case, outcome.move, outcome.given, by="system")
            if not isinstance(made, Made):
                case.notes.append(Text(fr=f"« {outcome.move} » refusé", en=f"“{outcome.move}” refused"))


def due(timer: Timer, entered_at: datetime) -> datetime:
    """When a timer falls due; working days are Monday to Friday here, for no town's holidays are known."""
    if not timer.business:
        return entered_at + timedelta(days=timer.days)
    day, left = entered_at, timer.days
    while left:
        day += timedelta(days=1)
        left -= day.weekday() < 5
    return day
