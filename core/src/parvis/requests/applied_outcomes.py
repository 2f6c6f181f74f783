"""Applying what came back from a plugin: one transaction in which the delivery is done and its answer takes effect."""

from collections.abc import Sequence
from functools import partial
from typing import Any, NamedTuple
from uuid import UUID

import msgspec
from msgspec import Struct, structs

from parvis.db import in_transaction_of_its_own, transaction
from parvis.outbox import DeliveryClaim, deliveries, memory
from parvis.outbox.addressees import Sort, may_write_each
from parvis.outbox.deliveries import CHANNEL, Hold
from parvis.requests import announcements
from parvis.requests.actors import Actor
from parvis.requests.attached.attachments import bind
from parvis.requests.changing import Change, Situation, Write, change_within
from parvis.requests.contacts import known_of_all
from parvis.requests.history import Line
from parvis.requests.host import Host
from parvis.requests.lifecycle import plan_move
from parvis.requests.numbers_there import known_as, taken_by_another
from parvis.requests.records import Record, locked, locked_if_free
from parvis.requests.relations.news_along import pass_news_on
from parvis.requests.task_keeping import Given, keep_tasks
from parvis.requests.work.answer_address import answerable, answered_at
from parvis.requests.work.untold import owe, told_after_all
from parvis_sdk.channels import OutgoingMessage
from parvis_sdk.errors import Foreign
from parvis_sdk.events import Announced
from parvis_sdk.problems import Problems
from parvis_sdk.subscriptions import Outcome
from parvis_sdk.text import Text
from parvis_sdk.workflow import Denied

REFUSED_MOVE = Text(
    fr="L’extension « {plugin} » a demandé l’étape « {move} », qui n’a pas eu lieu : {reason}",
    en="The plugin “{plugin}” asked for the step “{move}”, which did not take place: {reason}",
)
INCOMPLETE = Text(fr="il manque des réponses", en="answers are missing")
ENOUGH = Text(
    fr="Message non envoyé\u00a0: trop de messages ont été demandés pour cette adresse aujourd’hui.",
    en="Message not sent: too many messages to this address were asked for today.",
)
FOR_THE_ASKING: dict[str, Sort] = {"submitted": "filed", "receipt_wanted": "filed", "let_in": "asked"}
"""The events by which anybody makes the town write to an address that they type."""
NOTIFY = "notify"  # who tells people


class News(Struct, frozen=True, kw_only=True):
    """What a plugin or another system has to say of a request; `passed_on` to where it goes on, if it does."""

    note: Text | None = None
    external: str = ""
    move: str = ""
    given: dict[str, Any] = {}
    files: tuple[str, ...] = ()
    holder: str = ""
    passed_on: bool = False
    tasks: Given = ((), ())

    @property
    def says(self) -> bool:
        """Whether somebody of the town has anything to read."""
        return self.note is not None or bool(self.files)


class NewMessages(NamedTuple):
    """What a handler wants people to be told of a request."""

    claimed: DeliveryClaim
    record: Record
    messages: tuple[OutgoingMessage, ...]

    @property
    def sort(self) -> Sort | None:
        """Of what measure the messages are, where anybody may ask for them."""
        return FOR_THE_ASKING.get(self.claimed.asked_by_anybody)


async def settle(host: Host, claimed: DeliveryClaim, outcome: Outcome, also: Sequence[Write] = ()) -> None:
    """Write that a delivery is done, with the note, the reference, the step, the messages of its answer.

    Does nothing when another worker has taken the delivery over meanwhile. A wished move that is not allowed is
    noted on the request with its reason; the rest of the answer stands. What comes too late for a request that was
    destroyed says nothing any more. `also` is written in the same unit. Raises `Foreign`, and nothing is written, where
    the answer names what another request is known by.
    """
    await in_transaction_of_its_own(host.engine, partial(_settled, host, claimed, outcome, also))


async def _settled(host: Host, claimed: DeliveryClaim, outcome: Outcome, also: Sequence[Write]) -> None:
    actor = Actor(kind="plugin", id=claimed.plugin, name=claimed.plugin)
    written = (outcome.note, outcome.external_reference, outcome.move, outcome.messages, outcome.by_hand)
    asks = (outcome.correct, outcome.proposals, outcome.tasks, outcome.tasks_over)
    says = any((*written, outcome.remember, *asks))
    # The request first, as everybody locks it; then what belongs to it.
    about = (says and not claimed.channel) or claimed.word
    record = await locked(host, claimed.reference) if about else None
    if not await deliveries.finish(claimed, outcome.external_reference):
        return
    if claimed.is_message:
        await told_after_all([claimed.id])
        await announcements.delivered(host, claimed.id, record) if claimed.word else None
    elif record is not None and record.erased_at is None:
        holder = await taken_by_another(actor.name, outcome.external_reference, record)
        if holder:
            raise Foreign(record.reference, holder, outcome.external_reference)
    for write in also:
        await write()
    if record is None or record.erased_at is not None or claimed.is_message:
        return
    news = News(note=outcome.note, external=outcome.external_reference, move=outcome.move, given=outcome.given)
    news = structs.replace(news, tasks=(outcome.tasks, outcome.tasks_over))
    await memory.remember_all(actor.name, outcome.remember, reference=claimed.reference)
    await take_effect(host, claimed.reference, actor, news)
    await _tell(host, record, claimed, outcome)


async def _tell(host: Host, record: Record, claimed: DeliveryClaim, outcome: Outcome) -> None:
    """In a transaction: what is owed by hand and what goes by channels; the ledger of an announcement says which."""
    word = claimed.word
    if outcome.by_hand is not None:
        anyway = await announcements.is_correction(host, word)
        await owe(host, record, claimed.id, outcome.by_hand, anyway=anyway)
        if word:
            await announcements.owed(host, word, record.id, outcome.by_hand.way, claimed.id)
    await _send(host, (NewMessages(claimed, record, outcome.messages),))
    if word and claimed.plugin == NOTIFY:
        await announcements.left_out(host, msgspec.json.decode(claimed.event, type=Announced), record.id)


async def _send(host: Host, tellings: Sequence[NewMessages], hold: Hold | None = None) -> tuple[DeliveryClaim, ...]:
    """Inside a transaction: write what goes by channels, as far as the day's measure of an address allows.

    Answers the messages that are held from now on: those of a lane in which none is under way.
    """
    persons = await known_of_all([each.record for each in tellings if answered_at(host, each.record.jurisdiction)])
    asked = [(message.to, sort) for each in tellings if (sort := each.sort) for message in each.messages]
    may = iter(await may_write_each(host.secret, asked))
    busy = await deliveries.lanes_in_use([each.record.id for each in tellings]) if hold else set()
    held: list[DeliveryClaim] = []
    for each in tellings:
        person = persons.get(each.record.id, (None,))[0]
        for message in each.messages:
            if each.sort is not None and not next(may):
                nobody = Actor(kind="plugin", id=NOTIFY, name=NOTIFY)
                await take_effect(host, each.claimed.reference, nobody, News(note=ENOUGH))
                continue
            answered = answerable(host, each.record, message, person.email if person else "")
            lane = (each.claimed.request, deliveries.lane_of(answered))
            if hold is None or f"{CHANNEL}{answered.channel}" not in hold.subscribers or lane in busy:
                await _put_in_line(host, each, answered)
                continue
            busy.add(lane)
            held.append(
                await deliveries.write_held(
                    answered, hold, request=each.claimed.request, reference=each.claimed.reference
                )
            )
    return tuple(held)


async def _put_in_line(host: Host, telling: NewMessages, message: OutgoingMessage) -> None:
    """Inside a transaction: a message waits for its next channel; the ledger of its announcement knows."""
    claimed, word = telling.claimed, telling.claimed.word
    id = await deliveries.write_message(message, request=claimed.request, reference=claimed.reference, word=word)
    if word:
        await announcements.carried(host, word, telling.record.id, message, id)


async def settle_each(
    host: Host, answered: Sequence[tuple[DeliveryClaim, Outcome]], hold: Hold | None = None
) -> tuple[frozenset[UUID], tuple[DeliveryClaim, ...]]:
    """Write that these first tries of events are done, with their messages and nothing else, all in one unit.

    Answers which deliveries that was, and the messages that are held from now on. A request that somebody else is
    changing is waited for by nobody here: its delivery is left.
    """
    async with transaction(host.engine):
        records = await locked_if_free(host, {each.reference for each, outcome in answered if outcome.messages})
        ready = [(each, outcome) for each, outcome in answered if not outcome.messages or each.reference in records]
        ours = await deliveries.finish_each([each for each, _ in ready], [""] * len(ready))
        tellings = [
            NewMessages(each, records[each.reference], outcome.messages)
            for each, outcome in ready
            if each.id in ours and outcome.messages and records[each.reference].erased_at is None
        ]
        held = await _send(host, tellings, hold)
    return frozenset(each.id for each, _ in ready), held


async def settle_messages(host: Host, claims: Sequence[DeliveryClaim], receipts: Sequence[str]) -> None:
    """Write that the first tries of these messages are done, all in one unit."""
    async with transaction(host.engine):
        await told_after_all(await deliveries.finish_each(claims, receipts))


async def take_effect(host: Host, reference: str, actor: Actor, news: News) -> None:
    """Inside a transaction: write what a plugin or another system says of a request, make its step, give its tasks."""
    if news.says or news.external:
        await change_within(host, reference, partial(_plan_news, host, actor, news), actor=actor)
    if news.move:
        await _make_move(host, reference, actor, news)
    record = await locked(host, reference) if any(news.tasks) else None
    for note in await keep_tasks(host, record, actor, news.tasks) if record is not None else ():
        await change_within(host, reference, partial(_plan_news, host, actor, News(note=note)), actor=actor)


async def _make_move(host: Host, reference: str, actor: Actor, news: News) -> None:
    plan = partial(plan_move, host, news.move, news.given, actor, "system", "")
    moved = await change_within(host, reference, plan, actor=actor)
    if isinstance(moved, Denied | Problems):
        note = refusal_of(actor.name, news.move, moved)
        refused = News(note=note, passed_on=news.passed_on and not news.says)  # where it goes on, once
        await change_within(host, reference, partial(_plan_news, host, actor, refused), actor=actor)


def refusal_of(plugin: str, move: str, why: Denied | Problems) -> Text:
    """What the history says of a step that a plugin wished and did not get."""
    reason = why.reason if isinstance(why, Denied) else INCOMPLETE
    return REFUSED_MOVE.format(plugin=plugin, move=move, reason=reason)


async def _plan_news(host: Host, actor: Actor, news: News, here: Situation) -> Change | None:
    known = here.record.external_references.get(actor.name, "")
    if not news.says and news.external in ("", known):
        return None  # what is known already is no news
    writes: list[Write] = []
    references = here.record.external_references
    if news.external and news.external != known:
        references = references | {actor.name: news.external}
        writes.append(partial(known_as, actor.name, news.external, here.record.reference))
    if news.files:
        writes.append(partial(bind, here.record.id, news.holder, dict.fromkeys(news.files, "internal")))
    line = Line(
        kind="external",
        audience="internal",
        body={"plugin": actor.name, "reference": news.external} | ({"files": list(news.files)} if news.files else {}),
        personal={"note": structs.asdict(news.note)} if news.note else None,
    )
    then = partial(pass_news_on, host, actor) if news.passed_on and news.says else None
    return Change(line=line, columns={"external_references": references}, writes=tuple(writes), then=then)
