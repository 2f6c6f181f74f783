"""Messages that do not reach the person of a request: written in its story, and told by the next way that does."""

from collections.abc import Collection
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

import msgspec
from msgspec import Struct, structs

from parvis import clock
from parvis.db import transaction
from parvis.identifiers import made_at, new_id
from parvis.outbox import deliveries
from parvis.plugins.trying import NotReached
from parvis.requests.actors import SYSTEM
from parvis.requests.announcements import is_correction, moved_on, overdue, told_by
from parvis.requests.changing import Change, Situation, Write, change_within
from parvis.requests.contacts import Reachability, contact_methods, contact_of, mark_returned, reached
from parvis.requests.history import Line, entries_of
from parvis.requests.host import Host
from parvis.requests.records import Record, locked
from parvis.requests.work.untold import owe
from parvis.troubles import only_words
from parvis_sdk.channels import Otherwise, OutgoingMessage
from parvis_sdk.contact_methods import CALL, EMAIL, LETTER, ContactMethod, method_of, next_method
from parvis_sdk.events import MessageDue
from parvis_sdk.requests import Requester
from parvis_sdk.sms_segments import shortened
from parvis_sdk.subscriptions import ByHand
from parvis_sdk.text import Text

RETURNED, UNDELIVERED = "returned", "undelivered"
ABOUT = Text(fr="Un courriel n’est pas arrivé", en="An email did not arrive")
ABOUT_TEXT = Text(fr="Un texto n’est pas arrivé", en="A text message did not arrive")
SAY_TEXT = Text(
    fr="Un texto n’a pas pu être remis au {address}. Donnez les dernières nouvelles.",
    en="A text message could not be delivered to {address}. Give the latest news.",
)
SAY_ADDRESS = Text(
    fr="Les courriels à {address} sont retournés. Donnez les dernières nouvelles et demandez une autre adresse.",
    en="Emails sent to {address} are returned. Give the latest news and ask for another address.",
)
SAY_ONCE = Text(
    fr="Un courriel n’a pas pu être remis à {address}\u00a0: boîte pleine ou refus. Donnez les dernières nouvelles.",
    en="An email could not be delivered to {address}: full mailbox or refusal. Give the latest news.",
)


class UndeliveredMessage(Struct, frozen=True, kw_only=True):
    """A message that its channel has given up: by which delivery, why, and whether it was the address."""

    delivery: UUID
    message: OutgoingMessage
    why: Text
    lost: NotReached | None = None
    word: str = ""


async def undelivered_within(host: Host, reference: str, given_up: UndeliveredMessage) -> None:
    """Inside a transaction: a channel has given up a message about a request; its requester is told by the next way.

    The words and the urgency stay the same. Who has but the address of the message (who follows, who was let in) can be
    told by no other way: the story says so. An address where nothing will ever arrive is marked.
    """

    async def plan(here: Situation) -> Change | None:
        if await _is_known(here.record, given_up.delivery):
            return None  # revived by an operator, and given up again
        message, lost = given_up.message, given_up.lost
        person, known = await contact_of(here.record), await reached(here.record)
        anyway = await is_correction(host, given_up.word)
        then = _next(host, here, person, known, given_up, anyway=anyway)
        writes: list[Write] = [partial(moved_on, host, given_up.delivery, "failed")]
        if person and then:
            writes = [partial(_tell_by, host, here, person, then, given_up, anyway=anyway)]
        marks = bool(lost and lost.for_good and person and known.returned_at is None and _is_at(person, message, EMAIL))
        if marks and lost:
            writes.append(partial(mark_returned, here.record.id, here.at, lost.said or lost.status))
        status = lost.status if lost else ""
        said = (lost.said or lost.status) if lost else given_up.why.to(here.town.languages[0])
        return Change(
            line=Line(
                kind=RETURNED if marks else UNDELIVERED,
                audience="colleagues",
                body={
                    "status": status,
                    "channel": message.channel,
                    "then": then.name if then else "",
                    "delivery": str(given_up.delivery),
                },
                personal={"words": f"{message.to}\n{said}".strip()},
            ),
            writes=tuple(writes),
        )

    await change_within(host, reference, plan, actor=SYSTEM)


async def _is_known(record: Record, delivery: UUID) -> bool:
    entries = await entries_of(record)
    return any(each.kind in (RETURNED, UNDELIVERED) and each.body.get("delivery") == str(delivery) for each in entries)


def _next(
    host: Host,
    here: Situation,
    person: Requester | None,
    known: Reachability,
    given_up: UndeliveredMessage,
    *,
    anyway: bool,
) -> ContactMethod | None:
    """By which way the person is told instead; None where the message was not theirs or they want none any more."""
    message, since = given_up.message, here.record.holder_since
    if since is not None and made_at(given_up.delivery) < since:
        return None  # it was for the one who had the request before
    methods = (*contact_methods(host, here.town), CALL, LETTER)  # by hand also where nobody does: it stays in sight
    by = method_of(message.channel, methods)
    at_their_address = person is not None and by is not None and _is_at(person, message, by)
    if person is None or not (known.wants or anyway) or not (message.recipient == "requester" or at_their_address):
        return None
    if message.channel == EMAIL.name and not at_their_address and person.email and known.returned_at is None:
        return by or EMAIL  # they have given another address since
    return next_method(person, methods, message.channel)


def _is_at(person: Requester, message: OutgoingMessage, by: ContactMethod) -> bool:
    address = by.address_in(person)
    return message.channel == by.name and bool(address) and address.casefold() == message.to.strip().casefold()


async def _tell_by(
    host: Host, here: Situation, person: Requester, by: ContactMethod, given_up: UndeliveredMessage, *, anyway: bool
) -> None:
    message, record = given_up.message, here.record
    said = message.otherwise or Otherwise(about=Text(fr=message.subject), say=Text(fr=message.text))
    if by.by_hand:
        told = ByHand(
            way="letter" if by == LETTER else "phone", about=said.about, say=said.say, urgency=message.urgency
        )
        await owe(host, record, given_up.delivery, told, anyway=anyway)
        await moved_on(host, given_up.delivery, "to_call", way=by.name, to=given_up.delivery)
        return
    again = structs.replace(message, to=by.address_in(person), **_carried(message, said, by))
    id = await deliveries.write_message(again, request=record.id, reference=record.reference, word=given_up.word)
    await moved_on(host, given_up.delivery, "on_its_way", way=by.name, to=id)


def _carried(message: OutgoingMessage, said: Otherwise, by: ContactMethod) -> dict[str, Any]:
    """What changes in a message for another channel to carry it; nothing for the same one to another address."""
    if message.channel == by.name:
        return {}
    words = said.say.to(message.language)
    if by.form == "brief":
        words = said.brief or shortened(f"{message.subject}. {words}", by.longest)
    elif by.form == "spoken":
        words = f"{said.about.to(message.language)}. {words}"
    return {"channel": by.name, "text": words, "html": "", "reply_to": message.reply_to if by.form == "full" else ""}


async def returned_within(
    host: Host,
    reference: str,
    *,
    to: str,
    of_the_address: bool,
    status: str,
    said: str,
    messages: Collection[UUID] = (),
    by: ContactMethod = EMAIL,
) -> Record | None:
    """Inside a transaction: a message to the requester, of the method `by`, came back after its channel had taken it;
    the desk owes them what it said.

    `messages` are the deliveries that it may have been; of an announcement the words are known, and go the next way.

    `to` is where it went: what is sent to others, or to an address that they have left, is nothing new of theirs.
    `of_the_address` when nothing will ever arrive at a mail address: it is marked then, and no mail goes to it before
    it is corrected. None where nothing new is learnt of it.
    """
    lost = NotReached(for_good=of_the_address, status=status, said=said)
    if again := await _announced(host, reference, to, lost, messages, by):
        await undelivered_within(host, reference, again)
        return await locked(host, reference)

    async def plan(here: Situation) -> Change | None:
        person, before = await contact_of(here.record), await reached(here.record)
        address = by.address_in(person) if person is not None else ""
        if person is None or not address or address.casefold() != to.casefold():
            return None
        if of_the_address and before.returned_at is not None:
            return None
        way = next_method(person, (CALL, LETTER), by.name)
        say = (SAY_TEXT if by != EMAIL else SAY_ADDRESS if of_the_address else SAY_ONCE).format(address=address)
        about = ABOUT if by == EMAIL else ABOUT_TEXT
        told = ByHand(way="letter" if way == LETTER else "phone", about=about, say=say)
        mark = (partial(mark_returned, here.record.id, here.at, said or status),) if of_the_address else ()
        return Change(
            line=Line(
                kind=RETURNED if of_the_address else UNDELIVERED,
                audience="colleagues",
                body={"status": status, "channel": by.name, "then": told.way},
                personal={"words": f"{address}\n{said or status}".strip()},
            ),
            writes=(partial(owe, host, here.record, new_id(), told), *mark),
        )

    changed = await change_within(host, reference, plan, actor=SYSTEM)
    return changed if isinstance(changed, Record) else None


async def _announced(
    host: Host, reference: str, to: str, lost: NotReached, messages: Collection[UUID], by: ContactMethod
) -> UndeliveredMessage | None:
    """The announcement that a message which came back has carried, as if its channel had given it up."""
    record = await locked(host, reference) if messages else None
    found = await told_by(host, messages, record.id) if record is not None else None
    if record is None or found is None:
        return None
    delivery, word = found
    message = OutgoingMessage(
        channel=by.name,
        to=to,
        subject=word.title.to(record.language),
        text=word.words.to(record.language),
        language=record.language,
        recipient="requester",
        urgency=word.urgency,
        otherwise=Otherwise(about=word.title, say=word.words),
    )
    why = Text(fr=lost.said or lost.status)
    return UndeliveredMessage(delivery=delivery, message=message, why=why, lost=lost, word=str(word.id))


WITHIN = timedelta(hours=1)
LATE = Text(fr="non livré dans l’heure (urgence)", en="not delivered within the hour (emergency)")


async def pass_on_emergencies(host: Host) -> int:
    """Tell by the next way whom an emergency has not reached within the hour; how many.

    Where nothing is quicker than a letter to find an address for, the channel goes on trying.
    """
    passed_on = 0
    for carrier, reference in await overdue(host, clock.now() - WITHIN):
        async with transaction(host.engine):
            # The request first, as everybody locks it; then what belongs to it.
            record = await locked(host, reference)
            if record is None or record.erased_at is not None:
                continue
            if await _is_reached_sooner(host, record, carrier):
                passed_on += await _pass_on(host, record, carrier)
    return passed_on


async def _is_reached_sooner(host: Host, record: Record, delivery: UUID) -> bool:
    person, channel = await contact_of(record), await deliveries.channel_of(delivery)
    if person is None:
        return False
    town = host.jurisdictions.jurisdiction(record.jurisdiction)
    methods = (*contact_methods(host, town), CALL, LETTER)
    return next_method(person, methods, channel) != LETTER or bool(person.postal_address)


async def _pass_on(host: Host, record: Record, delivery: UUID) -> int:
    event = await deliveries.give_up(delivery, only_words(LATE))
    if not event:
        return 0  # a worker has just taken it
    due = msgspec.json.decode(event, type=MessageDue)
    message = msgspec.convert(due.message, OutgoingMessage)
    await undelivered_within(
        host, record.reference, UndeliveredMessage(delivery=delivery, message=message, why=LATE, word=due.word)
    )
    return 1
