"""Emergencies that a channel has not delivered within the hour: their people are told by the next way."""

from datetime import timedelta
from uuid import UUID

import msgspec

from parvis import clock
from parvis.db import transaction
from parvis.outbox import deliveries
from parvis.requests.announcements import overdue
from parvis.requests.contact_methods import contact_methods
from parvis.requests.contacts import contact_of
from parvis.requests.heart import Heart
from parvis.requests.records import Record, locked
from parvis.requests.work.undelivered import UndeliveredMessage, undelivered_within
from parvis.troubles import only_words
from parvis_sdk.channels import OutgoingMessage
from parvis_sdk.contact_methods import LETTER, next_method
from parvis_sdk.events import MessageDue
from parvis_sdk.text import Text

WITHIN = timedelta(hours=1)
LATE = Text(fr="pas livré dans l’heure, et c’est une urgence", en="not delivered within the hour, in an emergency")


async def pass_on_emergencies(heart: Heart) -> int:
    """Tell by the next way whom an emergency has not reached within the hour; how many.

    Where nothing is quicker than a letter to find an address for, the channel goes on trying.
    """
    passed_on = 0
    for carrier, reference in await overdue(heart, clock.now() - WITHIN):
        async with transaction(heart.engine):
            # The request first, as everybody locks it; then what belongs to it.
            record = await locked(heart, reference)
            if record is None or record.erased_at is not None:
                continue
            if await _is_reached_sooner(heart, record, carrier):
                passed_on += await _pass_on(heart, record, carrier)
    return passed_on


async def _is_reached_sooner(heart: Heart, record: Record, delivery: UUID) -> bool:
    person, channel = await contact_of(record), await deliveries.channel_of(delivery)
    if person is None:
        return False
    town = heart.territory.jurisdiction(record.jurisdiction)
    return next_method(person, contact_methods(heart, town), channel) != LETTER or bool(person.postal_address)


async def _pass_on(heart: Heart, record: Record, delivery: UUID) -> int:
    event = await deliveries.give_up(delivery, only_words(LATE))
    if not event:
        return 0  # a worker has just taken it
    due = msgspec.json.decode(event, type=MessageDue)
    message = msgspec.convert(due.message, OutgoingMessage)
    await undelivered_within(
        heart, record.reference, UndeliveredMessage(delivery=delivery, message=message, why=LATE, word=due.word)
    )
    return 1
