"""The life of requests at the pretend desk: submission, transitions as facts allow, and time."""

from collections import deque
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from msgspec import structs

from parvis_sdk.days import local_day
from parvis_sdk.events import Event, Happened, Moved, Submitted, Withdrawn
from parvis_sdk.overlaps import OVERLAP_AREA, OVERLAP_LENGTH, OVERLAPS
from parvis_sdk.problems import Problems
from parvis_sdk.request_types import RequestType, Submission, dump_type, load_type, nouns_of
from parvis_sdk.requests import Attachment, Channel, Phase, Town
from parvis_sdk.standing_answers import standing_answers, tellable
from parvis_sdk.testing.cases import Case
from parvis_sdk.testing.pretend.situations import Effects, Situation, business_days_after
from parvis_sdk.testing.pretend.telling import told_of
from parvis_sdk.testing.pretend.together import KINDS, bring_about, end_parts, moments_of, standing_facts, stated
from parvis_sdk.text import Text
from parvis_sdk.workflow import Denied, Mover, Timer, move
from parvis_sdk.workflow import Moved as Made

AGAIN = timedelta(hours=1)  # after which a timer whose move was refused tries again
ENDLESS = 1_000


class Life:
    """Requests of a town of one, and its time. Whatever happens is put among the `events`, and waits to be told."""

    def __init__(self, types: Iterable[RequestType], town: Town, now: datetime) -> None:
        # A request keeps the declaration as it comes back from storage; so does the desk.
        self.types = {each.code: load_type(dump_type(each), nouns_of(each)) for each in types}
        self.town = town
        self.now = now
        self.cases: list[Case] = []
        self.events: list[Event] = []
        self.numbers: dict[str, int] = {}
        self._untold: deque[tuple[Case, Event]] = deque()

    async def submit(
        self,
        type_code: str,
        raw: Mapping[str, Any],
        *,
        channel: Channel = "portal",
        attachments: Mapping[str, Attachment] | None = None,
        contents: Mapping[str, bytes] | None = None,
    ) -> Case | Problems:
        """Submits a request; `contents` holds the bytes of its files by id."""
        request_type, today = self.types[type_code], local_day(self.town, self.now)
        submission = request_type.read(raw, channel=channel, today=today, attachments=attachments)
        if isinstance(submission, Problems):
            return submission
        files = {id: file for id, file in (attachments or {}).items() if id in submission.attachments}
        case = self._taken_in(request_type, submission, files, contents or {})
        await self._tell_all()
        return case

    def _taken_in(
        self,
        request_type: RequestType,
        submission: Submission,
        files: dict[str, Attachment],
        contents: Mapping[str, bytes],
    ) -> Case:
        case = Case(
            reference=f"TEST-{len(self.cases) + 1:04}",
            request_type=request_type,
            submission=submission,
            state=request_type.workflow.initial.code,
            submitted_at=self.now,
            entered_at=self.now,
            files=files,
            contents=dict(contents),
        )
        brought = bring_about(self._here(case), request_type.workflow.initial.brings)
        assert isinstance(brought, Effects), f"the first state brings about what can be refused: {brought}"
        self.cases.append(case)
        self._arrived(case, request_type.workflow.initial.code)
        self._announce(case, Submitted, "requester", type=request_type.code, state=case.state)
        self._come_true(case, brought, "requester")
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
        """Makes a transition with all its effects; `Denied` while a fact that it needs is not true."""
        made = self._move(case, transition, given, by, attachments=attachments)
        await self._tell_all()
        return made

    def _move(
        self,
        case: Case,
        transition: str,
        given: Mapping[str, Any] | None,
        by: Mover,
        *,
        actor: str = "",
        attachments: Mapping[str, Attachment] | None = None,
    ) -> Made | Denied | Problems:
        flow, actor = case.request_type.workflow, actor or ("agent" if by == "manager" else by)
        beside = standing_answers(case.request_type, case.submission.answers, case.answered)
        asked = case.request_type.form.fields()
        reading = {"today": local_day(self.town, self.now), "beside": beside, "asked": asked}
        made = move(flow, case.state, transition, by, given, attachments=attachments, **reading)
        if not isinstance(made, Made):
            return made
        standing = self.facts(case) if made.transition.waits else ()
        if refused := case.request_type.not_yet(made.transition, standing, beside | case.known, made.given.answers):
            return refused
        here = structs.replace(self._here(case), move=transition, given=made.given.answers)
        brought = bring_about(here, flow.brought_by(made.transition))
        if not isinstance(brought, Effects):
            return brought
        case.answered = case.answered.then(here.asked_now)
        case.files.update({id: (attachments or {})[id] for id in made.given.attachments})
        case.history.append((self.now, f"{made.source.code} > {transition} > {made.target.code}"))
        self._arrived(case, made.target.code)
        told = made.transition.tell
        changed = {"source": made.source.code, "target": made.target.code, "tell": told}
        said = {name: text for each in brought.facts.values() for name, text in each.items()}
        answers = tellable(made.transition.asks, made.given.answers) if told else {}
        common = {"type": case.request_type.code, "transition": transition, "given": answers, "said": said}
        self._announce(case, Moved, actor, **common, **changed)
        if transition == "withdraw":
            self._announce(case, Withdrawn, actor)
        self._come_true(case, brought, actor, moved=told, closing=made.target.phase is Phase.CLOSED)
        return made

    async def happen(
        self, case: Case, fact: str, said: Mapping[str, Text] | None = None, *, over: Iterable[str] = ()
    ) -> None:
        """Makes a fact of a part true, such as "hearing.audience.held"; for kinds that the kit does not know.

        `over` are the words of facts of the same part that stand no more from now on. Transfers happen so as well.
        """
        part, word = case.request_type.part_of(fact)
        kind = KINDS.get(part.part)
        played = kind is not None and word not in kind.unplayed
        assert not played, f"{fact} comes true by what people do: see the calls of `Desk` for {part.part}"
        assert fact in part.facts(), f"{fact} is not among the facts of {part.part} {part.code!r}: {[*part.facts()]}"
        effects = stated(self._here(case), part, word, over) if kind is None else Effects()
        self._come_true(case, structs.replace(effects, facts={fact: dict(said or {})}), "system")
        await self._tell_all()

    def overlap(self, case: Case, requests: int, *, square_metres: float = 0, metres: float = 0) -> None:
        """Sets the number of overlapping requests and what they share, in square metres or metres."""
        case.known |= {OVERLAPS: requests, OVERLAP_AREA: square_metres, OVERLAP_LENGTH: metres}

    async def wait(self, days: int) -> None:
        """Lets days pass; everything that falls due happens at its time, in order."""
        until = self.now + timedelta(days=days)
        for _ in range(ENDLESS * max(1, len(self.cases)) * max(1, days)):
            at = min((each for case in self.cases for each in self._moments(case)), default=None)
            if at is None or at > until:
                self.now = until
                return
            self.now = max(self.now, at)
            for case in self.cases:
                self._wake(case)
            await self._tell_all()
        raise AssertionError("what time brings goes round in circles")

    def facts(self, case: Case) -> frozenset[str]:
        """Every fact that is true now."""
        return standing_facts(case, self.now)

    def moves(self, case: Case, by: Mover = "agent") -> tuple[str, ...]:
        """The transitions that are possible now: from this state, with every fact that they need."""
        standing, workflow = self.facts(case), case.request_type.workflow
        answers = standing_answers(case.request_type, case.submission.answers, case.answered) | case.known
        open_to = workflow.moves(case.state, by)
        return tuple(each.code for each in open_to if standing.issuperset(each.needed(answers)))

    def phase(self, case: Case) -> Phase:
        """The phase on the resident's progress line."""
        return case.request_type.workflow.state(case.state).phase

    def _here(self, case: Case) -> Situation:
        return Situation(case=case, at=self.now, town=self.town, numbers=self.numbers)

    def _moments(self, case: Case) -> list[datetime]:
        return [*moments_of(case, self.town), *([case.timer_at] if case.timer_at else [])]

    def _arrived(self, case: Case, state: str) -> None:
        case.state, case.entered_at = state, self.now
        timers = case.request_type.workflow.state(state).timers
        case.timer_at = min((due(timer, self.now) for timer in timers), default=None)

    def _wake(self, case: Case) -> None:
        """What time brings to a request at this moment: the step of a timer, then each kind of part in its turn."""
        if case.timer_at is not None and case.timer_at <= self.now:
            timers = case.request_type.workflow.state(case.state).timers
            _, transition = min((due(timer, case.entered_at), timer.transition) for timer in timers)
            if not isinstance(self._move(case, transition, {}, "system"), Made):
                case.timer_at = self.now + AGAIN
        for kind in KINDS.values():
            at = kind.moment(case, self.town)
            if at is not None and at <= self.now:
                self._come_true(case, kind.wake(self._here(case)), "system")

    def _come_true(
        self, case: Case, effects: Effects, actor: str, *, moved: bool = False, closing: bool = False
    ) -> None:
        """Write what something came to, announce its facts, and make the steps that follow of them.

        Of a step that is told (`moved`) only what has a message of its own is told again.
        """
        for write in effects.writes:
            write()
        if closing:
            end_parts(case)
        for fact, said in effects.facts.items():
            tell = fact not in effects.untold and (not moved or case.request_type.message(fact) is not None)
            named = {"type": case.request_type.code, "fact": fact, "said": said}
            self._announce(case, Happened, actor, **named, tell=tell)
        for kind, details in effects.events:
            self._announce(case, kind, actor, **details)
        self._follow_on(case, effects.facts)

    def _follow_on(self, case: Case, facts: Iterable[str]) -> None:
        """The step that the system makes after each fact, where one can be made; what else hinders it is noted.

        Of several the first that can be had is made. One that lacks other facts waits for them.
        """
        for fact in facts:
            hindered: Denied | None = None
            for transition in case.request_type.workflow.made_after(fact, case.state):
                became = self._move(case, transition.code, {}, "system")
                if isinstance(became, Made):
                    hindered = None
                    break
                if isinstance(became, Denied) and became.code != "not_yet":
                    hindered = became
            if hindered is not None:
                case.notes.append(hindered.reason)

    def _announce(self, case: Case, kind: type[Event], actor: str, **details: Any) -> Event:
        event = kind(id=f"event-{len(self.events) + 1}", reference=case.reference, at=self.now, actor=actor, **details)
        self.events.append(event)
        self._untold.append((case, event))
        return event

    async def _tell_all(self) -> None:
        """Tell everybody of what has happened, in order, once what happened is whole: as the host does."""
        for _ in range(ENDLESS):
            if not self._untold:
                return
            case, event = self._untold.popleft()
            if (message := told_of(case, self.town, event)) is not None:
                case.told.append(message)
            await self._tell(case, event)
        raise AssertionError("the handlers go round in circles: a thousand events came of each other")

    async def _tell(self, case: Case, event: Event) -> None:
        """Nobody listens to a life alone."""


def due(timer: Timer, entered_at: datetime) -> datetime:
    """When a timer is due; business days are Monday to Friday, because no town's holidays are known here."""
    after = business_days_after if timer.business else _days_after
    return after(entered_at, timer.days)


def _days_after(at: datetime, days: int) -> datetime:
    return at + timedelta(days=days)
