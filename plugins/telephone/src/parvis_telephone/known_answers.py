"""Answers from earlier requests of the same person or address, proposed to the agent who opens one."""

import math
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, Literal

from msgspec import Struct

from parvis.db.tables import ServiceRequest
from parvis.jurisdictions.shapes import METRES_PER_DEGREE
from parvis.requests.declarations import type_of_record
from parvis.requests.host import Host
from parvis.requests.records import Record, record_of
from parvis.requests.retyping import carried
from parvis.requests.visibility import Viewer, sees, sees_answer
from parvis_sdk.fields import Address, AnyField, Email, Number, OneOf, Phone, Sensitivity, SeveralOf, ShortText
from parvis_sdk.request_types import RequestType
from parvis_sdk.standing_answers import those

LASTING = (ShortText, Email, Phone, Number, OneOf, SeveralOf, Address)
"""Kinds of question whose answers may still hold: what happened, when, whether it is dangerous is asked anew, and so is
every consent."""
Whose = Literal["person", "place"]
ASKED = {
    "person": (Sensitivity.PUBLIC, Sensitivity.INTERNAL, Sensitivity.PERSONAL),
    "place": (Sensitivity.PUBLIC, Sensitivity.INTERNAL),  # perhaps of somebody else
}
MOST = 6
NEAR = 60  # metres between two points of one address
LATEST = f"AND r.identity <> 'confidential' AND r.erased_at IS NULL ORDER BY r.submitted_at DESC, r.id LIMIT {MOST}"
OF_PERSON = """SELECT r.* FROM service_request r WHERE r.jurisdiction = {{}}
AND r.id IN (SELECT request FROM contact WHERE {ways}) {latest}"""
OF_PLACE = """SELECT r.* FROM service_request r WHERE r.jurisdiction = {{}} AND r.lon >= {{}} AND r.lon <= {{}}
AND r.lat >= {{}} AND r.lat <= {{}} AND r.address = {{}} {latest}"""


class KnownAnswer(Struct, frozen=True, kw_only=True):
    """An answer that is known, to which question, from which request, and why that one was looked at."""

    field: AnyField
    value: Any
    whose: Whose
    reference: str
    at: datetime


async def known_answers(
    host: Host,
    viewer: Viewer,
    jurisdiction: str,
    request_type: RequestType,
    *,
    email: str = "",
    phone: str = "",
    address: str = "",
    point: tuple[float, float] | None = None,
    besides: Collection[str] = (),
) -> tuple[KnownAnswer, ...]:
    """The latest answer to each question of this type that the viewer may see, the person's own first.

    Two statements at most. Confidential requests are not looked at; what is sensitive is not proposed, and what is
    personal only to the same person. `besides` are questions that are answered already.
    """
    found: dict[str, KnownAnswer] = {}
    sources: list[tuple[Whose, list[Record]]] = [
        ("person", await _of_person(jurisdiction, email, phone)),
        ("place", await _of_place(jurisdiction, address, point)),
    ]
    for whose, records in sources:
        for record in records:
            if not sees(viewer, record, host.jurisdictions):
                continue
            asked = (await type_of_record(host, record)).form.fields()
            answers = carried(request_type, await _lasting(host, viewer, record, whose), {}, asked)
            for field in request_type.form.fields():
                if field.code in answers and field.code not in found and _is_lasting(field, whose):
                    found[field.code] = KnownAnswer(
                        field=field,
                        value=answers[field.code],
                        whose=whose,
                        reference=record.reference,
                        at=record.submitted_at,
                    )
    return tuple(each for each in found.values() if each.field.code not in besides)


async def _lasting(host: Host, viewer: Viewer, record: Record, whose: Whose) -> Mapping[str, Any]:
    """What may be told of the earlier answers, by the protection under which they were given."""
    before = await type_of_record(host, record)
    return those(
        before.form.fields(),
        record.answers,
        lambda field: _is_lasting(field, whose) and sees_answer(viewer, field, record, host.jurisdictions),
    )


def _is_lasting(field: AnyField, whose: Whose) -> bool:
    return isinstance(field, LASTING) and field.privacy.sensitivity in ASKED[whose]


async def _of_person(jurisdiction: str, email: str, phone: str) -> list[Record]:
    ways = [(column, value) for column, value in (("lower(email)", email.lower()), ("phone", phone)) if value]
    if not ways:
        return []
    either = " OR ".join(f"{column} = {{}}" for column, _ in ways)
    statement = OF_PERSON.format(ways=either, latest=LATEST)
    rows = await ServiceRequest.raw(statement, jurisdiction, *(value for _, value in ways))
    return [record_of(row) for row in rows]


async def _of_place(jurisdiction: str, address: str, point: tuple[float, float] | None) -> list[Record]:
    if not address or point is None:
        return []
    (lon, lat), tall = point, NEAR / METRES_PER_DEGREE
    wide = tall / max(0.05, math.cos(math.radians(lat)))
    box = (lon - wide, lon + wide, lat - tall, lat + tall)
    rows = await ServiceRequest.raw(OF_PLACE.format(latest=LATEST), jurisdiction, *box, address)
    return [record_of(row) for row in rows]
