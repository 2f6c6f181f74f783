"""Felling certificates granted on condition: one whose trees are owed, one proved and offered to a neighbour."""

import io
from datetime import timedelta
from typing import Any

from PIL import Image

from parvis import clock
from parvis.requests.actors import REQUESTER, Actor
from parvis.requests.attached.receiving import receive_file
from parvis.requests.host import Host
from parvis.requests.lifecycle import make_move
from parvis.requests.links import token_of
from parvis.requests.records import Record, find
from parvis.requests.request_service import RequestService
from parvis_fees.at_the_desk import take_at_counter
from parvis_fees.charges import charges_of
from parvis_grants.obligations import obligations_of
from parvis_grants.proving import send_proof
from parvis_grants.transferring import offer, offers_of
from parvis_sdk.counter import Receipt
from parvis_sdk.requests import Attachment

CLERK = Actor(kind="agent", id="journeys", name="Aline Des Parcours")
ANSWERS = {
    "applicant": "owner",
    "lot": "1 234 567",
    "trees": [{"species": "Érable argenté", "diameter": 38, "count": 2, "reason": "sick"}],
    "urgent": False,
    "works": False,
    "boundary": "no",
    "replacing": True,
    "replacement_species": "Chêne rouge",
    "replacement_place": "Au même endroit",
    "access": True,
    "declaration": True,
}


async def submit_granted(host: Host, requester: dict[str, Any], number: int) -> Receipt:
    """A certificate that holds, with trees to plant within three weeks."""
    request_type = host.plugins.request_types["tree_felling"]
    asked = {field.code for field in request_type.form.fields()}
    place = {"lon": -73.5603 + number / 500, "lat": 45.52254, "address": f"{4801 + number}, rue Saint-Urbain"}
    raw = {
        "language": "fr",
        "answers": {code: value for code, value in ANSWERS.items() if code in asked},
        "requester": {"mode": "named", **requester},
        "place": place,
    }
    receipt = await RequestService(host).submit("parvis", "tree_felling", raw, channel="portal")
    assert isinstance(receipt, Receipt), receipt
    days = [(clock.now() + timedelta(days=count)).date().isoformat() for count in (21, 21)]
    given = {"valid_until": days[0], "trees_to_plant": 2, "plant_before": days[1]}
    begun = await make_move(host, receipt.reference, "start_review", {}, actor=CLERK, mover="agent")
    assert isinstance(begun, Record), begun
    (charge,) = await charges_of(begun.id)
    await take_at_counter(host, receipt.reference, charge.id, way="cash", actor=CLERK)
    done = await make_move(host, receipt.reference, "grant", given, actor=CLERK, mover="agent")
    assert isinstance(done, Record), done
    return receipt


async def submit_proved(host: Host, requester: dict[str, Any]) -> tuple[Receipt, str]:
    """Another whose trees are planted, as a photo shows, offered to a neighbour; with the link of the offer."""
    receipt = await submit_granted(host, requester, 1)
    record = await find(host, receipt.reference)
    assert record is not None
    (owed,) = await obligations_of(record.id)
    photo = await receive_file(host, "journeys granted", "photos", "chene.jpg", _picture())
    assert isinstance(photo, Attachment), photo
    yesterday = (clock.now() - timedelta(days=1)).date()
    planted = {"planted_on": yesterday.isoformat(), "planted_species": "Chêne rouge", "photos": [photo.id]}
    sent = await send_proof(host, receipt.reference, str(owed.id), planted, actor=REQUESTER, holder="journeys granted")
    assert isinstance(sent, Record), sent
    to = {"name": "Éli Roy", "email": "eli@exemple.ca", "words": "La maison est à toi, les arbres aussi."}
    offered = await offer(host, receipt.reference, "certificate", to, actor=REQUESTER)
    assert isinstance(offered, Record), offered
    (made,) = await offers_of(record.id)
    return receipt, token_of(host.secret, "handover-key", made.id)


def _picture() -> bytes:
    written = io.BytesIO()
    Image.new("RGB", (640, 480), "#2f6b3a").save(written, "JPEG")
    return written.getvalue()
