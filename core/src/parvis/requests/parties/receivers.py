"""Who is written to about requests: requesters, followers and parties, by which way, each address once."""

import hashlib
import hmac
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from typing import Any
from uuid import UUID

from msgspec import Struct

from parvis.db.part_tables import Party as PartyRow
from parvis.db.tables import Contact
from parvis.jurisdictions import Jurisdiction
from parvis.requests.contact_methods import contact_methods
from parvis.requests.contacts import way_to
from parvis.requests.declarations import type_of_record
from parvis.requests.heart import Heart
from parvis.requests.parties.parties import is_let_in, party_of
from parvis.requests.records import Record
from parvis_sdk.contact_methods import CALL, EMAIL, LETTER, TEXT_MESSAGE, ContactMethod
from parvis_sdk.requests import Requester

BESIDE_TEXTS = 1.5  # what plugins bring, in the order of ways: after a text message, before a call
# With those that are merged into them: their people hear of the same steps.
REQUESTERS_ABOUT = """WITH RECURSIVE concerned (root, id) AS (
SELECT r.id, r.id FROM service_request r WHERE r.id IN ({ids})
UNION SELECT c.root, r.id FROM service_request r JOIN concerned c ON r.merged_into = c.id
)
SELECT n.root, r.id, r.reference, r.type, r.identity, c.email, c.phone, c.postal_address, c.preferred_channel,
c.returned_at FROM concerned n JOIN service_request r ON r.id = n.id JOIN contact c ON c.request = r.id
WHERE r.erased_at IS NULL AND NOT c.stopped ORDER BY n.root, r.id"""
FOLLOWERS_ABOUT = """
SELECT r.id AS root, r.id, r.reference, r.type, f.id AS follower, f.email
FROM follower f JOIN service_request r ON r.id = f.request WHERE r.id IN ({ids}) AND f.state = 'active' AND r.public
AND r.identity <> 'confidential' AND r.erased_at IS NULL ORDER BY r.id, f.id"""


class Receiver(Struct, frozen=True, kw_only=True):
    """Somebody to be told, about which request; `follower` is the id of who only follows it."""

    address: str
    way: str
    request: UUID
    reference: str
    type: str
    follower: str = ""


async def receivers_about(
    heart: Heart, town: Jurisdiction, records: Sequence[Record]
) -> dict[UUID, tuple[Receiver, ...]]:
    """Everybody who would be written to about a step of each of these requests; three statements for all of them."""
    if not records:
        return {}
    ids, marks = [each.id for each in records], ", ".join(["{}"] * len(records))
    rows = await Contact.raw(REQUESTERS_ABOUT.replace("{ids}", marks), *ids)
    rows += await Contact.raw(FOLLOWERS_ABOUT.replace("{ids}", marks), *ids)
    found: dict[UUID, list[dict[str, Any]]] = {}
    for row in rows:
        found.setdefault(row["root"], []).append(row)
    parties = await _parties_of(heart, records)
    return {
        id: addressed(heart, town, [*found.get(id, ()), *parties.get(id, ())])
        for id in ids
        if id in found or id in parties
    }


async def _parties_of(heart: Heart, records: Sequence[Record]) -> dict[UUID, list[dict[str, Any]]]:
    kinds = {record.id: await type_of_record(heart, record) for record in records}
    about = {record.id: record for record in records if kinds[record.id].parties and record.erased_at is None}
    rows = await PartyRow.select().where(PartyRow.request.is_in(list(about))).order_by(PartyRow.id) if about else []
    found: dict[UUID, list[dict[str, Any]]] = {}
    for row in rows:
        record, party = about[row["request"]], party_of(row)
        role = kinds[record.id].party(party.role)
        if role and role.told and is_let_in(party, record):
            known = {"id": record.id, "reference": record.reference, "type": record.type, "email": party.email}
            found.setdefault(record.id, []).append(known | {"follower": ""})
    return found


def by_way(receivers: Iterable[Receiver]) -> dict[str, int]:
    """How many people each way reaches, each address counted once; in the order of forms."""
    ways = Counter({each.address: each.way for each in receivers}.values())
    order = {way: place for place, way in enumerate((EMAIL.name, TEXT_MESSAGE.name, CALL.name, LETTER.name))}
    return {way: ways[way] for way in sorted(ways, key=lambda way: (order.get(way, BESIDE_TEXTS), way))}


def addressed(heart: Heart, town: Jurisdiction, rows: Iterable[dict[str, Any]]) -> tuple[Receiver, ...]:
    """Each address once, behind the first row that has it."""
    methods, found = contact_methods(heart, town), dict[str, Receiver]()
    for row in rows:
        if "follower" in row:
            _add(found, row, EMAIL, str(row["follower"]))
        elif method := way_of(row, methods):
            _add(found, row, method)
    return tuple(found.values())


def way_of(row: dict[str, Any], methods: Collection[ContactMethod]) -> ContactMethod | None:
    """How the requester of a row is reached."""
    person = Requester(
        mode=row["identity"],
        email=row["email"],
        phone=row["phone"],
        postal_address=row["postal_address"],
        preferred_channel=row["preferred_channel"],
    )
    return way_to(person, methods, mail_returns=row["returned_at"] is not None)


def _add(found: dict[str, Receiver], row: dict[str, Any], method: ContactMethod, follower: str = "") -> None:
    address = address_of(method, row)
    if address not in found:
        found[address] = Receiver(
            address=address,
            way=method.name,
            request=row["id"],
            reference=row["reference"],
            type=row["type"],
            follower=follower,
        )


def address_of(method: ContactMethod, row: dict[str, Any]) -> str:
    """By what a person is told from others, however many requests they stand behind."""
    match method.needs:
        case "email":
            return f"email:{row['email'].strip().lower()}"
        case "phone":
            return f"phone:{row['phone']}"
        case _:
            return f"letter:{row['id']}"


def mark_of(heart: Heart, address: str) -> str:
    """What tells an address from others, without being one."""
    return hmac.new(heart.secret, b"told:" + address.encode(), hashlib.sha256).hexdigest()
