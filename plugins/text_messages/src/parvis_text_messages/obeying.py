"""What follows from STOP, START and HELP, and the question which request somebody means."""

from collections.abc import Sequence
from datetime import timedelta

from parvis import clock
from parvis.identifiers import new_id
from parvis.jurisdictions import Jurisdiction
from parvis.outbox import deliveries
from parvis.outbox.addressees import may_write
from parvis.requests.actors import SYSTEM
from parvis.requests.contacts import contact_methods, contact_of, way_to
from parvis.requests.host import Host
from parvis.requests.records import Record
from parvis.requests.work.conversation import note_within
from parvis_sdk.channels import OutgoingMessage
from parvis_sdk.contact_methods import TEXT_MESSAGE, method_of
from parvis_sdk.requests import Phase
from parvis_sdk.text import Text
from parvis_text_messages.placing import requests_of
from parvis_text_messages.stops import may_help, start, stop, stopped_among

MOST_TOLD = 20  # open requests of one number in whose history it is written
OPEN = (Phase.RECEIVED, Phase.IN_PROGRESS, Phase.WAITING_FOR_YOU)
STOPPED = Text(
    fr="La personne a répondu STOP par texto. Plus aucun texto n’est envoyé à ce numéro. "
    "Moyen de la joindre\u00a0: {way}.",
    en="The person replied STOP by text message. No more text messages are sent to this number. How to "
    "reach them: {way}.",
)
RESUMED = Text(
    fr="La personne a répondu START par texto. Les textos reprennent.",
    en="The person replied START by text message. Text messages resume.",
)
NO_WAY = Text(fr="aucun", en="none")
BACK = Text(
    fr="{town}. Les textos reprennent. Répondez STOP pour les arrêter.",
    en="{town}. Text messages resume. Reply STOP to stop them.",
)
HELP = Text(
    fr="{town}. Textos sur vos requêtes. Pour nous joindre\u00a0: {phone}. "
    "Répondez STOP pour arrêter, START pour reprendre.",
    en="{town}. Text messages about your requests. To reach us: {phone}. Reply STOP to stop, START to resume.",
)
HELP_STOPPED = Text(
    fr="{town}. Nous ne vous envoyons plus de textos, comme vous l’avez demandé. Pour nous joindre\u00a0: {phone}. "
    "Répondez START pour reprendre.",
    en="{town}. We no longer send you text messages, as you asked. To reach us: {phone}. Reply START to resume.",
)
BETWEEN_TWO = timedelta(hours=1)  # answers to a number that answered STOP
WHICH = Text(
    fr="{town}. Vous avez plusieurs requêtes. Répondez avec le numéro de celle dont vous parlez\u00a0: {references}",
    en="{town}. You have several requests. Reply with the number of the one you mean: {references}",
)


async def silence(host: Host, town: str, number: str) -> None:
    """Inside a transaction: nothing goes to this number any more; each open request of it says so, and how its person
    is reached from now on."""
    await stop(number)
    for record in await _open_requests(host, number):
        person = await contact_of(record)
        if person is None or person.preferred_channel != TEXT_MESSAGE.name:
            continue
        here = host.jurisdictions.jurisdiction(record.jurisdiction)
        methods = [each for each in contact_methods(host, here) if each != TEXT_MESSAGE]
        way = way_to(person, methods)
        await _write(host, here, record, STOPPED.format(way=way.by if way else NO_WAY))


async def resume(host: Host, town: str, number: str) -> None:
    """Inside a transaction: text messages go to this number again, which is told so."""
    if not await start(number):
        return
    records = await _open_requests(host, number)
    for record in records:
        await _write(host, host.jurisdictions.jurisdiction(record.jurisdiction), record, RESUMED)
    await _reply(host, town, number, BACK, records)


async def help_out(host: Host, town: str, number: str) -> None:
    """Inside a transaction: the sender, how to reach them, how to stop; also to a number that unsubscribed, because it
    asked.

    Carriers want HELP answered after STOP as well: once an hour, so that no two machines answer each other.
    """
    here = host.jurisdictions.jurisdiction(town)
    stopped = bool(await stopped_among((number,)))
    if stopped and not await may_help(number, clock.now() - BETWEEN_TWO):
        return
    said = (HELP_STOPPED if stopped else HELP).format(phone=Text(fr=here.phone or here.email))
    await _reply(host, town, number, said, await _open_requests(host, number), even_stopped=stopped)


async def ask_which(host: Host, number: str, candidates: Sequence[Record]) -> None:
    """Inside a transaction: of which of their requests somebody speaks."""
    references = Text(fr=", ".join(each.reference for each in candidates[:4]))
    await _reply(host, candidates[0].jurisdiction, number, WHICH.format(references=references), candidates)


async def _open_requests(host: Host, number: str) -> tuple[Record, ...]:
    """In the order in which everybody locks several."""
    theirs = [each for each in await requests_of(host, number) if each.phase in OPEN]
    return tuple(sorted(theirs[:MOST_TOLD], key=lambda each: each.reference))


async def _write(host: Host, town: Jurisdiction, record: Record, said: Text) -> None:
    await note_within(host, record.reference, {"words": said.to(town.languages[0])}, actor=SYSTEM)


async def _reply(
    host: Host, town: str, number: str, said: Text, records: Sequence[Record], *, even_stopped: bool = False
) -> None:
    """A text message of no request, in the language of theirs; not more of them in a day than anybody may ask for."""
    here = host.jurisdictions.jurisdiction(town)
    by = method_of(TEXT_MESSAGE.name, contact_methods(host, here))
    if by is None or not await may_write(host.secret, number, "asked"):
        return
    language = records[0].language if records else here.languages[0]
    name = here.name.to(language)
    message = OutgoingMessage(
        channel=by.name,
        to=number,
        subject=name,
        text=said.format(town=here.name).to(language),
        language=language,
        sender=name,
    )
    await deliveries.write_message(message, request=new_id(), reference="", even_stopped=even_stopped)
