"""The pretend desk: submits, moves, waits and delivers in memory, with only the pure functions of the sdk."""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from datetime import datetime
from functools import partial
from types import ModuleType
from typing import Any, Literal

import httpx
from msgspec import Struct, structs

from parvis_sdk.channels import OutgoingMessage
from parvis_sdk.connectors import Connection, Connector
from parvis_sdk.errors import OutsideError
from parvis_sdk.events import Amended, Event, Replied, Resent
from parvis_sdk.problems import Problems
from parvis_sdk.proposals import HAS_PAGE, MOST_PROPOSED, Proposal, proposal_mistakes
from parvis_sdk.request_types import RequestType
from parvis_sdk.requests import Town
from parvis_sdk.subscriptions import Outcome, PaidThere, Subscription, Update
from parvis_sdk.testing.cases import Case, view
from parvis_sdk.testing.other_requests import CaseFinder, corrected
from parvis_sdk.testing.plugins import answer_of
from parvis_sdk.testing.pretend import fees
from parvis_sdk.testing.pretend.situations import Effects
from parvis_sdk.testing.pretend.together import has_page_before
from parvis_sdk.testing.rehearsal import files_of
from parvis_sdk.testing.tasks_at_desk import TasksAtDesk
from parvis_sdk.testing.town import MORNING, TOWN
from parvis_sdk.text import Text
from parvis_sdk.workflow import Denied
from parvis_sdk.workflow import Moved as Made

NOT_GRANTED = Text(
    fr="rien de ce que cette extension corrige ou propose n’est autorisé ici",
    en="nothing of what this plugin corrects or proposes is granted here",
)


def nothing_before(case: Case, outcome: Outcome) -> None:
    """The empty default: connectors neither correct nor propose."""


class Played(Struct, frozen=True, kw_only=True):
    """One event as one subscription or connector handled it: its outcome, or the error."""

    subscription: str
    event: Event
    outcome: Outcome | None = None
    error: OutsideError | None = None


class Proposed(Struct, kw_only=True):
    """A proposal at the pretend desk: its subscription, its request, and its state."""

    subscription: str
    of: str
    proposal: Proposal
    state: Literal["waiting", "accepted", "declined"] = "waiting"


class Desk(TasksAtDesk):
    """A town of one, for tests of a plugin: what it declares is what the desk offers, parts as well.

    desk = Desk(plugin)
    case = await desk.submit("dog_licence", {"answers": {...}, "place": {...}, "requester": {...}})
    await desk.move(case, "check")
    await desk.pay(case, "yearly")
    await desk.wait(days=366)

    What a step needs must stand, or it is `Denied` as in the host; fees, opinions, supplements, validity, obligations,
    inspections and documents are played by the rules of the host (see `PartsAtDesk`), time by `wait`.

    Scopes and corrections that a subscription declares are granted here; names in `not_granted` are of those that the
    operator has granted nothing. What is proposed stands in `proposed` until it is accepted or declined. Tasks for
    people stand in `tasks` (`desk.task(case, "look")`), are done by `do_task`, and escalated by time.

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
        not_granted: Iterable[str] = (),
    ) -> None:
        super().__init__((*types, *answer_of(plugin, "request_types", settings)), town, now)
        self.subscriptions = (*subscriptions, *answer_of(plugin, "subscriptions", settings))
        brought = (*connectors, *answer_of(plugin, "connectors", settings))
        self.connectors: dict[str, Connector] = {each.name: each for each in brought}
        self.other_system = other_system or httpx.MockTransport(nobody)
        self.cursors: dict[str, str] = {}
        self.kept: dict[str, dict[str, Any]] = {}
        self._taken: set[tuple[str, str, str]] = set()
        self.name = name
        self.played: list[Played] = []
        self.sent: list[OutgoingMessage] = []
        self.not_granted = set(not_granted)
        self.proposed: list[Proposed] = []
        self.ties: set[frozenset[str]] = set()

    async def accept(self, proposed: Proposed) -> Made | Denied | Problems | None:
        """Accepts a proposal as an agent. It stays open if its step is impossible; None if it has none."""
        wanted, case = proposed.proposal, self.case(proposed.proposal.to)
        if has_page_before(case.request_type, wanted.move):
            return Denied(code="not_possible", reason=HAS_PAGE)
        made = self._move(case, wanted.move, wanted.given, "agent") if wanted.move else None
        if made is not None and not isinstance(made, Made):
            return made
        proposed.state = "accepted"
        if wanted.tie:
            self.ties.add(frozenset((proposed.of, wanted.to)))
        if wanted.message is not None:
            self._announce(case, Replied, "agent", entry=len(case.history) + 1)
        await self._tell_all()
        return made

    async def decline(self, proposed: Proposed) -> None:
        """Declines a proposal, which is then not made again."""
        proposed.state = "declined"

    def case(self, reference: str) -> Case:
        """The request of that reference."""
        return next(each for each in self.cases if each.reference == reference)

    async def resend(self, case: Case, connector: str) -> None:
        """Sends the current state of a request through a connector, as an operator does."""
        event = Resent(id=f"event-{len(self.events) + 1}", reference=case.reference, at=self.now, actor="system")
        self.events.append(event)
        await self._deliver(case, self.connectors[connector], event)
        await self._tell_all()

    async def poll(self, connector: str) -> list[Update]:
        """Polls a connector page by page and processes each item once; returns all items."""
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
        await self._tell_all()
        return came

    async def _tell(self, case: Case, event: Event) -> None:
        for subscription in self.subscriptions:
            if subscription.wants(event, case.request_type.code) and event.is_for(self.name):
                await self._play(case, subscription, event)
        for connector in self.connectors.values():
            if connector.wants(event, case.request_type.code, self.town.code) and event.is_for(connector.name):
                await self._deliver(case, connector, event)

    async def _play(self, case: Case, subscription: Subscription, event: Event) -> None:
        request = view(case, self.town, subscription.needs, self.name)
        granted = subscription.name not in self.not_granted
        finder = CaseFinder(self.cases, subscription.finds, besides=case.reference, granted=granted)
        told = subscription.told(event, request, finder)
        await self._settle(
            case, subscription.name, self.name, event, told, before=partial(self._wished, subscription, event)
        )

    async def _deliver(self, case: Case, connector: Connector, event: Event) -> None:
        request = view(case, self.town, connector.needs, connector.name)
        async with self._http() as http:
            content = files_of(request, case.contents)
            kept = dict(self.kept.get(connector.name, {}))
            recall = partial(self._recall, connector.name)
            lent = Connection(http=http, now=self.now, content=content, remembered=kept, recall=recall)
            await self._settle(case, connector.name, connector.name, event, connector.deliver(event, request, lent))

    async def _settle(
        self,
        case: Case,
        played: str,
        name: str,
        event: Event,
        answer: Awaitable[Outcome | None],
        before: Callable[[Case, Outcome], None] = nothing_before,
    ) -> None:
        try:
            outcome = await answer
        except OutsideError as error:
            self.played.append(Played(subscription=played, event=event, error=error))
            return
        self.played.append(Played(subscription=played, event=event, outcome=outcome))
        if outcome is None:
            return
        before(case, outcome)
        self.sent.extend(outcome.messages)
        remember(case.remembered.setdefault(name, {}), outcome.remember)
        self._note(case, name, outcome)

    def _wished(self, subscription: Subscription, event: Event, case: Case, outcome: Outcome) -> None:
        """What it corrects and proposes, where that is granted; what is not taken is noted with the reason."""
        if not (outcome.correct or outcome.proposals):
            return
        if subscription.name in self.not_granted:
            case.notes.append(NOT_GRANTED)
            return
        if outcome.correct is not None:
            done = corrected(case, outcome, subscription, event)
            if isinstance(done, bool):
                if done:
                    case.notes.append(outcome.correct.reason)
                    self._announce(case, Amended, self.name, changed=("answers",))
            else:
                case.notes.extend(each.message for each in done.found) if isinstance(done, Problems) else None
                case.notes.extend(done if isinstance(done, tuple) else ())
        for each in outcome.proposals[:MOST_PROPOSED]:
            self._propose(subscription, case, each)

    def _propose(self, subscription: Subscription, case: Case, proposal: Proposal) -> None:
        other = next((each for each in self.cases if each.reference == proposal.to), None)
        type = other.request_type.code if other is not None else ""
        if wrong := next(proposal_mistakes(proposal, subscription.finds, type, of=case.reference), None):
            case.notes.append(wrong)
            return
        mark = proposal.mark("", case.reference)
        if mark not in {each.proposal.mark("", each.of) for each in self.proposed}:
            self.proposed.append(Proposed(subscription=subscription.name, of=case.reference, proposal=proposal))

    def _note(self, case: Case, name: str, news: Outcome | Update) -> None:
        if news.note is not None:
            case.notes.append(news.note)
        if news.external_reference:
            case.external_references[name] = news.external_reference
        if news.move:
            made = self._move(case, news.move, news.given, "system", actor=name)
            if not isinstance(made, Made):
                case.notes.append(Text(fr=f"« {news.move} » refusé", en=f"“{news.move}” refused"))
        self._give(case, name, news)

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
            self._paid_there(case, update.paid, name)
        self._note(case, name, update)

    def _paid_there(self, case: Case, paid: PaidThere, name: str) -> None:
        """A charge was paid in another system; one of a test's own making changes its state alone."""
        charge = next((each for each in self.charges(case) if each.id == paid.charge), None)
        if charge is None:
            case.charges = [
                structs.replace(one, state="paid") if one.id == paid.charge else one for one in case.charges
            ]
        elif charge.is_owed and (paid.cents, paid.currency) == (charge.cents, charge.currency):
            settled = fees.pay(self._here(case), charge.fee)
            if isinstance(settled, Effects):
                self._come_true(case, settled, name)

    async def _recall(self, name: str, reference: str) -> Mapping[str, Any]:
        return next((dict(case.remembered.get(name, {})) for case in self.cases if case.reference == reference), {})

    def _http(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(transport=Kept(self.other_system))


class Kept(httpx.AsyncBaseTransport):
    """A transport that stays open when the client of one call is closed."""

    def __init__(self, wire: httpx.AsyncBaseTransport) -> None:
        self.wire = wire

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        return await self.wire.handle_async_request(request)


def remember(kept: dict[str, Any], said: Mapping[str, Any]) -> None:
    """Stores each value in place of the earlier one; None deletes it."""
    for key, value in said.items():
        if value is None:
            kept.pop(key, None)
        else:
            kept[key] = value


def nobody(request: httpx.Request) -> httpx.Response:
    """The other system of a desk that has none."""
    raise httpx.ConnectError("the desk has no other system: give it one", request=request)
