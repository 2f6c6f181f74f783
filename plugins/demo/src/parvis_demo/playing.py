"""Plays one story through the counter and the lifecycle, as its requester and the people of the town would."""

import hashlib
from collections.abc import Awaitable, Callable, Mapping
from datetime import date, datetime, timedelta
from functools import partial
from random import Random
from typing import Any
from uuid import UUID

import msgspec

from parvis import clock
from parvis.jurisdictions import Jurisdiction
from parvis.jurisdictions.calendars import local_day
from parvis.jurisdictions.jurisdiction import on_envelope
from parvis.jurisdictions.layers import known_of
from parvis.people.agents import Person
from parvis.requests.actors import REQUESTER, SYSTEM, Actor
from parvis.requests.amendments import assign
from parvis.requests.attached.attachments import waiting
from parvis.requests.attached.receiving import receive_file
from parvis.requests.changing import Conflict
from parvis.requests.closing import closing_questions
from parvis.requests.contacts import channels_of
from parvis.requests.host import Host
from parvis.requests.intake import take_in
from parvis.requests.lifecycle import make_move
from parvis.requests.persons import followers
from parvis.requests.places import NEAREST
from parvis.requests.records import Record, find
from parvis.requests.work import conversation
from parvis_address_search.town_addresses import ADDRESSES
from parvis_demo.answering import FormSource, answers_to, file_fields
from parvis_demo.courses import GROUNDS, Step
from parvis_demo.pictures import draw_picture
from parvis_demo.players import players_of
from parvis_demo.stories import Story
from parvis_sdk.contact_methods import CALL, EMAIL, LETTER, TEXT_MESSAGE
from parvis_sdk.counter import Receipt
from parvis_sdk.forms import Form
from parvis_sdk.problems import Problem, Problems
from parvis_sdk.request_types import RequestType
from parvis_sdk.requests import Place
from parvis_sdk.workflow import Denied

BY_STAFF = ("phone", "counter", "mail")
ASSIGNED = 0.6  # share of the requests that one person takes when the team takes them in charge
SETTLED = 0.4  # share of those who were told that it is done and say so too
TEXTED = 0.4  # share of those with a phone who prefer text messages
PROVED = 0.3  # share of the repairs shown with a photo
Happening = tuple[datetime, Callable[[], Awaitable[None]]]


class StepRefusal(msgspec.Struct, frozen=True, kw_only=True):
    """A step that was not taken, and why; what follows it in that story is left out."""

    type: str
    step: str
    why: str


class Performance:
    """One story being played: its request, who works on it, and what was refused."""

    def __init__(
        self, host: Host, town: Jurisdiction, request_type: RequestType, story: Story, staff: tuple[Person, ...]
    ) -> None:
        self.host = host
        self.town = town
        self.kind = request_type
        self.story = story
        self.staff = staff
        self.players = players_of(host.modules.registry)
        self.chance = Random(f"{story.submitted_at} {story.words}")  # noqa: S311 - invented answers, no secret
        self.luck = Random(f"{story.words} {story.submitted_at}")  # noqa: S311 - the same
        self.holder = hashlib.sha256(f"{town.code} {story.submitted_at} {story.words}".encode()).hexdigest()
        self.reference = ""
        self.agent: Person | None = None
        self.refused: StepRefusal | None = None

    def happenings(self) -> list[Happening]:
        """When something happens, and what."""
        story, first = self.story, self.story.submitted_at
        happenings: list[Happening] = [(first, self.submit)]
        happenings += [(step.at, partial(self.take, step)) for step in story.steps]
        happenings += [(at, partial(self.again, at, words)) for at, words in story.occurrences]
        joined = story.steps[0].at - first if story.steps else timedelta(minutes=15)
        happenings += [
            (first + joined * (number + 1) / (len(story.followers) + 2), partial(self.follow, address))
            for number, address in enumerate(story.followers)
        ]
        return happenings

    async def submit(self) -> None:
        story = self.story
        answers = await self.answered(self.kind.form, story.words, story.photos)
        modes = self.kind.identity.modes
        requester = story.requester | {"mode": story.mode if story.mode in modes else modes[0]}
        if story.channel in BY_STAFF:
            requester["preferred_channel"] = EMAIL.name if story.email else CALL.name if story.phone else ""
            if story.channel == "mail" and not story.email and requester["mode"] != "anonymous":
                near = ADDRESSES.of(self.town).nearest(story.lon, story.lat, NEAREST)
                home = on_envelope(self.town, story.address, near.postal_code if near else "")
                requester |= {"preferred_channel": LETTER.name, "postal_address": home}
        elif story.phone and self.luck.random() < TEXTED and TEXT_MESSAGE.name in channels_of(self.host, self.town):
            requester["preferred_channel"] = TEXT_MESSAGE.name
        raw = {
            "language": story.language,
            "answers": answers,
            "place": {"lon": story.lon, "lat": story.lat, "address": story.address},
            "requester": requester,
        }
        submission = self.kind.read(
            raw,
            channel=story.channel,
            today=self.today(),
            attachments=await waiting(self.holder),
            known=partial(known_of, self.town),
        )
        if isinstance(submission, Problems):
            return self.refuse("submit", submission)
        clerk = self.worker("")
        actor = acting(clerk) if clerk and story.channel in BY_STAFF else REQUESTER
        # A story of another season, or of any day of the week, is not held against today's notices and schedules.
        receipt = await take_in(
            self.host, self.town, submission, actor=actor, holder=self.holder, judged=False, declares=True
        )
        if isinstance(receipt, Receipt):
            self.reference = receipt.reference
            return None
        return self.refuse("submit", receipt)

    async def take(self, step: Step) -> None:
        """One step of the course: words without a move, or a move with what it asks."""
        if not step.move:
            await conversation.note(self.host, self.reference, step.words, actor=await self.acting_agent())
        elif step.move == conversation.ANSWER:
            if not any([await each.answer(self, step.words) for each in self.players]):
                await conversation.receive(self.host, self.reference, step.words)
        elif played := next((each.steps[step.move] for each in self.players if step.move in each.steps), None):
            await played(self, step)
        else:
            await self.move(step)

    async def move(self, step: Step) -> None:
        transition = next((one for one in self.kind.workflow.transitions if one.code == step.move), None)
        if transition is None:
            return self.refuse(step.move, None)
        for player in self.players:
            if await player.take(self, step, transition):
                return None
        shown = 1 if step.move == "resolve" and self.chance.random() < PROVED else 0
        raw = await self.answered(transition.asks, step.words, shown, self.grounds(step))
        actor = REQUESTER if step.by == "requester" else await self.acting_agent()
        moved = await make_move(
            self.host,
            self.reference,
            step.move,
            raw,
            actor=actor,
            mover=step.by,
            holder=self.holder,
        )
        if not isinstance(moved, Record):
            return self.refuse(step.move, moved)
        closing = closing_questions(self.host, self.town) if step is self.story.steps[-1] else None
        if closing and closing.asked_in(self.kind, moved.state) and self.luck.random() < SETTLED:
            await closing.answer(self.host, self.reference)
        if step.move == "triage" and self.agent and not moved.assignee and self.chance.random() < ASSIGNED:
            name = self.agent.name
            await assign(self.host, self.reference, assignee=UUID(self.agent.id), assignee_name=name, actor=actor)
        return None

    def grounds(self, step: Step) -> Mapping[str, Any]:
        """The ground of a refusal, which its words explain, as a question for one or for several may ask for it."""
        ground = GROUNDS.get(self.story.type) if step.move == "refuse" else None
        return {"ground": ground, "grounds": [ground]} if ground else {}

    async def again(self, at: datetime, words: str) -> None:
        if self.kind.occurrence is None:
            return self.refuse("occurrence", None)
        raw = await self.answered(self.kind.occurrence, words, 0)
        noted = await conversation.occurrence(self.host, self.reference, raw)
        return self.refuse("occurrence", noted) if isinstance(noted, Problems) else None

    async def follow(self, address: str) -> None:
        """Somebody else asks to be told, and confirms."""
        await followers.follow(self.host, self.reference, address, self.story.language)
        record = await find(self.host, self.reference)
        for follower in await followers.followers_of(self.host, record) if record else ():
            if follower.email == address and follower.confirm_url:
                await followers.confirm(self.host, follower.confirm_url.rsplit("/", 1)[-1])

    async def answered(
        self, form: Form, words: str, pictures: int, facts: Mapping[str, Any] | None = None
    ) -> dict[str, object]:
        """Answers to a form, with files where they are required and `pictures` where they are welcome."""
        answers = answers_to(form, self.telling(words, facts), self.chance)
        for field in file_fields(form, answers):
            wanted = max(field.least, 1 if field.required else 0, min(pictures, field.most))
            pictures -= wanted
            if wanted:
                answers[field.code] = [await self.picture(field.code) for _ in range(wanted)]
        return answers

    def telling(self, words: str, facts: Mapping[str, Any] | None = None) -> FormSource:
        story = self.story
        return FormSource(
            words=words,
            facts={**story.facts, **(facts or {})},
            address=story.address,
            home=story.home,
            lon=story.lon,
            lat=story.lat,
            email=story.email,
            phone=story.phone,
            today=self.today(),
            known=known_of(self.town, Place(lon=story.lon, lat=story.lat)),
        )

    async def picture(self, field: str) -> str:
        number = self.chance.randrange(10**6)
        content = draw_picture(self.story.type, number)
        kept = await receive_file(self.host, self.holder, field, f"photo-{number:06}.jpg", content)
        if isinstance(kept, Problem):
            raise ValueError(f"a picture of the demo was refused: {kept.message.fr}")
        return kept.id

    async def acting_agent(self) -> Actor:
        """One person of the unit that has the request does all of the work on it."""
        if self.agent is None:
            record = await find(self.host, self.reference)
            self.agent = self.worker(record.unit if record else "")
        return acting(self.agent) if self.agent else SYSTEM

    def worker(self, unit: str) -> Person | None:
        """An agent of this unit or of one above it, else one who works for the whole town."""
        above = {one.code for one in self.town.path_of(unit)}
        granted = [
            (person, grant.unit)
            for person in self.staff
            for grant in person.grants
            if grant.jurisdiction == self.town.code and grant.role in ("agent", "manager")
        ]
        near = [person for person, at in granted if at in above]
        return self.chance.choice(near or [person for person, at in granted if not at] or [None])

    def refuse(self, step: str, why: Problems | Denied | Conflict | None) -> None:
        self.refused = StepRefusal(type=self.story.type, step=step, why=told(why))

    def today(self) -> date:
        return local_day(self.town.calendar, clock.now())


def acting(person: Person) -> Actor:
    return Actor(kind="agent", id=person.id, name=person.name)


def told(why: Problems | Denied | Conflict | None) -> str:
    match why:
        case Problems(found=found):
            return "; ".join(f"{problem.path}: {problem.message.en or problem.message.fr}" for problem in found)
        case Denied(reason=reason):
            return reason.en or reason.fr
        case None:
            return "there is no such step"
    return "somebody else changed it"
