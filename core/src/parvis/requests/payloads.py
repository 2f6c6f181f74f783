"""What a handler is given of a request: the facts, and of the person only what its subscription needs."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, Literal
from uuid import UUID

import msgspec
from msgspec import Struct, structs

from parvis import clock
from parvis.db.tables import Entry as EntryRow
from parvis.jurisdictions import Jurisdiction
from parvis.jurisdictions.services import town_message
from parvis.outbox import memory
from parvis.outbox.addressees import confirmed_among
from parvis.requests.attached.attachments import kept_of
from parvis.requests.closing import REOPEN, STILL_THERE, ClosingQuestions, closing_questions
from parvis.requests.contacts import (
    Reachability,
    StoppedNumbers,
    channels_of,
    goes_to_phones,
    known_of_all,
    method_known,
)
from parvis.requests.declarations import type_of_record
from parvis.requests.history import entries_of
from parvis.requests.host import Host
from parvis.requests.links import (
    mail_key,
    public_url,
    settled_url,
    short_stop_url,
    short_url,
    stop_url,
    town_url,
    tracking_url,
    view_url,
)
from parvis.requests.parties import involved_in
from parvis.requests.parts.together import owed_by
from parvis.requests.persons.followers import followers_of_each
from parvis.requests.persons.person import wishes_of
from parvis.requests.records import Record, state_title
from parvis.requests.relations.merged import goes_on_with
from parvis.requests.visibility import hides_who
from parvis_sdk.fields import AnyField, Sensitivity
from parvis_sdk.message_mistakes import TOLD
from parvis_sdk.request_types import Message, RequestType
from parvis_sdk.requests import Attachment, Follower, Involved, Phase, Requester, ServiceRequest, Town
from parvis_sdk.standing_answers import those
from parvis_sdk.subscriptions import Need
from parvis_sdk.text import Text

HEARD = ("phone", "counter", "mail")
"""The channels whose words somebody of the town has written down."""
ASKS: Mapping[str, Literal["", "settled", "still_there"]] = {"": "", REOPEN: "settled", STILL_THERE: "still_there"}


class Beside(Struct, frozen=True, kw_only=True):
    """What several requests are told with, each kind read in one statement for all of them."""

    contacts: Mapping[UUID, tuple[Requester | None, Reachability]] = {}
    parties: Mapping[UUID, tuple[Involved, ...]] = {}
    proved: frozenset[str] = frozenset()
    followers: Mapping[UUID, tuple[Follower, ...]] = {}
    remembered: Mapping[str, dict[str, Any]] = {}
    stopped: frozenset[str] = frozenset()  # telephone numbers that want no text messages


async def read_beside(
    host: Host, records: Sequence[Record], needs: Collection[Need], *, remembered_by: str = ""
) -> Beside:
    """What is known beside these requests to a handler with these needs, and what it asked to keep about them."""
    by_contact = "contact" in needs
    contacts = await known_of_all(records) if by_contact else {}
    parties = {each.id: await _involved(host, each) for each in records} if by_contact else {}
    told = {address for person, _ in contacts.values() for address in _addresses(person)}
    told |= {each.email for some in parties.values() for each in some}
    return Beside(
        contacts=contacts,
        parties=parties,
        proved=await confirmed_among(host.secret, sorted(told)),
        followers=await followers_of_each(host, records) if "followers" in needs else {},
        stopped=await host.of(StoppedNumbers).among(sorted({each.phone for each in _texted(host, contacts)})),
        remembered=await memory.recall_of_each(remembered_by, [each.reference for each in records])
        if remembered_by
        else {},
    )


def _texted(host: Host, contacts: Mapping[UUID, tuple[Requester | None, Reachability]]) -> Iterator[Requester]:
    """Those of the people who chose a way that writes to their telephone."""
    for person, _ in contacts.values():
        method = method_known(host, person.preferred_channel) if person is not None else None
        if person is not None and person.phone and method is not None and goes_to_phones(method):
            yield person


async def _involved(host: Host, record: Record) -> tuple[Involved, ...]:
    town = host.jurisdictions.jurisdiction(record.jurisdiction)
    return await involved_in(host, town, record, await type_of_record(host, record))


async def request_for(
    host: Host, record: Record, needs: Collection[Need], *, remembered_by: str = "", beside: Beside | None = None
) -> ServiceRequest:
    """The request as a handler with these needs may know it, and what it asked to keep about it.

    `beside` is what was read for several requests with the same needs.
    """
    if beside is None:
        beside = await read_beside(host, (record,), needs, remembered_by=remembered_by)
    request_type = await type_of_record(host, record)
    town = host.jurisdictions.jurisdiction(record.jurisdiction)
    by_contact = "contact" in needs
    open_to = {Sensitivity.PUBLIC, Sensitivity.INTERNAL} | ({Sensitivity.PERSONAL} if "personal" in needs else set())
    tells_who = by_contact and "personal" in needs
    other = await goes_on_with(record)
    asked = other or record  # whether that is settled which it goes on with
    asked_type = await type_of_record(host, other) if other is not None else request_type
    closing = closing_questions(host, town)
    contact, reach = beside.contacts.get(record.id, (None, Reachability()))
    parties, proved = beside.parties.get(record.id, ()), beside.proved
    return ServiceRequest(
        reference=record.reference,
        type=record.type,
        type_title=request_type.title,
        jurisdiction=_without_texts(host, town)
        if contact and contact.phone in beside.stopped
        else town_told(host, town),
        language=record.language,
        channel=record.channel,
        state=record.state,
        state_title=state_title(record, request_type),
        phase=record.phase,
        submitted_at=record.submitted_at,
        promised_at=None if _is_held(record) else record.promised_at,
        unit=record.unit,
        place=record.place,
        answers=those(
            request_type.form.fields(),
            record.answers,
            # Who somebody is comes with the contact only, to those who stated that they need both.
            lambda field: field.privacy.sensitivity in open_to and (tells_who or not hides_who(record, field)),
        ),
        requester=contact,
        followers=beside.followers.get(record.id, ()),
        parties=tuple(structs.replace(each, unconfirmed=each.email not in proved) for each in parties),
        attachments=await _files(record, personal="personal" in needs) if "attachments" in needs else (),
        charges=await owed_by(host, record, request_type) if "fees" in needs else (),
        external_references=record.external_references,
        remembered=beside.remembered.get(record.reference, {}),
        goes_on_with=other.reference if other is not None else "",
        tracking_url=tracking_url(host, town, record) if by_contact else "",
        stop_url=stop_url(host, town, record) if contact else "",
        view_url=view_url(host, town, record, contact.email) if contact and contact.email else "",
        short_url=short_url(host, town, record, mail_key(host, record, contact.phone)) if contact else "",
        short_stop_url=short_stop_url(host, town, record) if contact else "",
        asks=ASKS[closing.asked_in(asked_type, asked.state) if closing else ""],
        settled_url=settled_url(host, town, record)
        if closing and contact and await _is_asked(closing, asked_type, asked, contact, is_along=asked is other)
        else "",
        mail_returns=contact is not None and reach.returned_at is not None,
        unconfirmed=record.channel not in HEARD and not proved.intersection(_addresses(contact)),
        stopped=contact is not None and not reach.wants,
        public_url=public_url(host, town, record),
        opened_by=request_type.opened_by,
        texts=texts_of(request_type, town),
        questions=questions_of(request_type),
    )


def _addresses(contact: Requester | None) -> tuple[str, ...]:
    return (contact.email, contact.phone) if contact else ()


async def _is_asked(
    closing: ClosingQuestions, request_type: RequestType, record: Record, contact: Requester, *, is_along: bool
) -> bool:
    """Whether the person is being asked if it is settled, with `is_along` that with which their own request goes on;
    never who wished not to be asked how it went.
    """
    if not closing.asked_in(request_type, record.state):
        return False
    past = await entries_of(record)
    asked = closing.standing(request_type, record, past, clock.now(), "system" if is_along else "requester")
    if asked is None or (asked.refusal if is_along else not asked.is_open):
        return False
    return not contact.email or (await wishes_of(record.jurisdiction, contact.email.lower())).questions


async def _files(record: Record, *, personal: bool) -> tuple[Attachment, ...]:
    """The files that protection lets through, once scanned: none that is sensitive, personal ones where needed too."""
    open_to = {"public", "requester", "internal"} | ({"personal"} if personal else set())
    return tuple(each.attachment for each in await kept_of(record) if each.is_ready and each.audience in open_to)


def town_told(host: Host, town: Jurisdiction) -> Town:
    """The town as handlers and connectors know it."""
    return Town(
        code=town.code,
        name=town.name,
        phone=town.phone,
        email=town.email,
        url=town_url(host, town),
        time_zone=town.time_zone,
        channels=channels_of(host, town),
        declared_methods=host.plugins.methods_of(town.plugins),
    )


def _without_texts(host: Host, town: Jurisdiction) -> Town:
    """The same to somebody who has answered STOP: without the ways that write to telephones."""
    told = town_told(host, town)
    texts = {each.name for each in told.contact_methods if goes_to_phones(each)}
    return structs.replace(told, channels=tuple(each for each in told.channels if each not in texts))


def _is_held(record: Record) -> bool:
    """Whether somebody of the town has paused the response time: no date is promised until it runs again."""
    return record.promise == "paused" and record.phase is not Phase.WAITING_FOR_YOU


async def words_of(record: Record, entry: int) -> str:
    """What the town wrote to the requester in that entry of the history; nothing once it is erased."""
    wanted = (
        (EntryRow.request == record.id)
        & (EntryRow.number == entry)
        & EntryRow.kind.is_in(["reply", "promised", "resumed", "infected"])
    )
    row = await EntryRow.select(EntryRow.personal).where(wanted).first()
    return str(msgspec.json.decode(row["personal"])["words"]) if row and row["personal"] else ""


def questions_of(request_type: RequestType) -> dict[str, AnyField]:
    """The question of each answer by its code, and of each answer to a transition by "<transition>.<code>"."""
    asked = {field.code: field for field in request_type.form.fields()}
    for transition in request_type.workflow.transitions:
        asked |= {f"{transition.code}.{field.code}": field for field in transition.asks.fields()}
    return asked


def texts_of(request_type: RequestType, town: Jurisdiction) -> dict[str, tuple[Text, Text]]:
    """What is said when something happens, by its name: the author's words with the town's laid over them."""
    names = [*TOLD, *(transition.code for transition in request_type.workflow.transitions)]
    texts = {name: _text(request_type.message(name), request_type, town, name) for name in names}
    for name, fact in request_type.facts().items():
        ours = Message(on=name, subject=fact.subject, body=fact.body) if fact.subject and fact.body else None
        texts[name] = _text(request_type.message(name) or ours, request_type, town, name)
    return {name: text for name, text in texts.items() if text is not None}


def _text(
    message: Message | None, request_type: RequestType, town: Jurisdiction, name: str
) -> tuple[Text, Text] | None:
    ours = town_message(town, request_type.code, name)
    nothing = Text(fr="")
    subject = message.subject if message else nothing
    body = message.body if message else nothing
    if ours is not None:
        subject = ours.subject if ours.subject.fr else subject
        body = ours.body if ours.body.fr else body
    return (subject, body) if subject.fr or body.fr else None
