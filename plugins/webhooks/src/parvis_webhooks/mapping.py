"""What is told: one payload for each event, version 1; nothing of a person unless the endpoint states the need."""

from collections.abc import Collection
from datetime import datetime
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Struct

from parvis_sdk.events import Amended, Assigned, Event, Happened, Moved, Raised
from parvis_sdk.requests import ServiceRequest
from parvis_sdk.subscriptions import Need
from parvis_sdk.text import Text

VERSION: Literal["1"] = "1"
PING = "ping"
Moment = Annotated[datetime, Meta(tz=True, description="ISO 8601, in UTC")]


class Words(Struct, frozen=True, kw_only=True):
    """Something in French and in English."""

    fr: str
    en: str


class Where(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A place: WGS84 degrees, an address of one line, GeoJSON for lines and areas, codes of the town's own things."""

    lon: float | None = None
    lat: float | None = None
    address: str = ""
    words: str = ""
    geometry: dict[str, Any] | None = None
    assets: tuple[str, ...] = ()


class Person(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Who asked; under the need `contact` alone."""

    mode: str
    name: str = ""
    email: str = ""
    phone: str = ""


class FileNamed(Struct, frozen=True, kw_only=True):
    """A file of the request, without its content; under the need `attachments` alone."""

    id: str
    name: str
    media_type: str
    size: int


class Charge(Struct, frozen=True, kw_only=True):
    """What a fee came to, in cents; under the need `fees` alone."""

    id: str
    fee: str
    state: str
    cents: int
    currency: str


class Change(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What the event says of itself: the transition with its two states, the fact, the unit, the names of what was
    corrected; of a promise its level, how far it was raised and when it is due. `given` are the answers to the
    transition, under the need `personal` alone."""

    transition: str = ""
    source: str = ""
    target: str = ""
    fact: str = ""
    unit: str = ""
    changed: tuple[str, ...] = ()
    level: str = ""
    step: int = 0
    due_at: Moment | None = None
    given: dict[str, Any] = {}


class RequestSnapshot(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The request as it stands when it is told, and what changed."""

    reference: str
    town: str
    request_type: str
    request_type_title: Words
    state: str
    state_title: Words | None = None
    phase: Literal["received", "in_progress", "waiting_for_you", "decided", "closed"]
    channel: str
    language: str
    submitted_at: Moment
    promised_at: Moment | None = None
    unit: str = ""
    place: Where | None = None
    answers: dict[str, Any] = {}
    external_references: dict[str, str] = {}
    public_url: str = ""
    change: Change | None = None
    requester: Person | None = None
    attachments: tuple[FileNamed, ...] = ()
    charges: tuple[Charge, ...] = ()


class Payload(Struct, frozen=True, kw_only=True):
    """One webhook of Parvis. `id` is that of the event, the same however often it is sent: drop what you know.

    `type` is `request.` and the event (`request.submitted`, `request.moved`), or `ping` for a trial, without `data`.
    Within one request they come in order. Fields may be added within a version; none changes its meaning or goes.
    """

    version: Literal["1"]
    id: str
    type: str
    timestamp: Moment
    data: RequestSnapshot | None = None


def payload_of(event: Event, request: ServiceRequest, needs: Collection[Need]) -> Payload:
    """What an endpoint with these needs is told of an event."""
    return Payload(
        version=VERSION,
        id=event.id,
        type=f"request.{event.__struct_config__.tag}",
        timestamp=event.at,
        data=RequestSnapshot(
            reference=request.reference,
            town=request.jurisdiction.code,
            request_type=request.type,
            request_type_title=_words(request.type_title),
            state=request.state,
            state_title=_words(request.state_title) if request.state_title else None,
            phase=request.phase.value,
            channel=request.channel,
            language=request.language,
            submitted_at=request.submitted_at,
            promised_at=request.promised_at,
            unit=request.unit,
            place=msgspec.convert(request.place.as_answer(), Where) if request.place else None,
            answers=request.answers,
            external_references=request.external_references,
            public_url=request.public_url,
            change=_change(event, personal="personal" in needs),
            requester=_person(request) if "contact" in needs else None,
            attachments=_files(request) if "attachments" in needs else (),
            charges=_charges(request) if "fees" in needs else (),
        ),
    )


def ping_at(moment: datetime) -> Payload:
    """What a trial sends."""
    return Payload(version=VERSION, id=f"ping-{int(moment.timestamp())}", type=PING, timestamp=moment)


def _change(event: Event, *, personal: bool) -> Change | None:
    match event:
        case Moved():
            given = event.given if personal else {}
            return Change(transition=event.transition, source=event.source, target=event.target, given=given)
        case Happened():
            return Change(fact=event.fact)
        case Assigned():
            return Change(unit=event.unit)
        case Amended():
            return Change(changed=event.changed)
        case Raised():
            return Change(level=event.level, step=event.step, due_at=event.due_at)
    return None


def _person(request: ServiceRequest) -> Person | None:
    who = request.requester
    return Person(mode=who.mode, name=who.name, email=who.email, phone=who.phone) if who else None


def _files(request: ServiceRequest) -> tuple[FileNamed, ...]:
    return tuple(
        FileNamed(id=file.id, name=file.name, media_type=file.kind, size=file.size) for file in request.attachments
    )


def _charges(request: ServiceRequest) -> tuple[Charge, ...]:
    return tuple(
        Charge(id=owed.id, fee=owed.fee, state=owed.state, cents=owed.cents, currency=owed.currency)
        for owed in request.charges
    )


def _words(text: Text) -> Words:
    return Words(fr=text.to("fr"), en=text.to("en"))
