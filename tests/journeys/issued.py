"""A request that was refused by a letter, of which a corrected version was issued."""

from datetime import timedelta
from typing import Any

from parvis import clock
from parvis.requests.actors import Actor
from parvis.requests.host import Host
from parvis.requests.lifecycle import make_move
from parvis.requests.records import Record, find
from parvis.requests.request_service import RequestService
from parvis_documents.issued import issued_of
from parvis_documents.reissuing import replace
from parvis_sdk.counter import Receipt

CLERK = Actor(kind="agent", id="journeys", name="Aline Des Parcours")
PLACE = {"lon": -73.5603, "lat": 45.51954, "address": "4703, rue Saint-Urbain"}
MARKET = {
    "event_name": "Marché de l’Avent",
    "event_kind": "market",
    "description": "Douze kiosques de bois sur la place, du vendredi au dimanche.",
    "opens_at": "10:00",
    "closes_at": "20:00",
    "people": 40,
    "accessible": True,
    "declaration": True,
}


async def submit_refused(host: Host, requester: dict[str, Any]) -> Receipt:
    """Refused by a letter that was then replaced, as everybody who verifies the first one reads."""
    first = (clock.now() + timedelta(days=60)).date().isoformat()
    answers = MARKET | {"starts_on": first, "ends_on": first}
    raw = {"language": "fr", "answers": answers, "requester": {"mode": "named", **requester}, "place": PLACE}
    receipt = await RequestService(host).submit("parvis", "event", raw, channel="portal")
    assert isinstance(receipt, Receipt), receipt
    said = {"grounds": ["safety"], "reason": "La place est en travaux jusqu’au printemps."}
    for move, given in (("check", {}), ("refuse", said)):
        done = await make_move(host, receipt.reference, move, given, actor=CLERK, mover="manager")
        assert isinstance(done, Record), done
    record = await find(host, receipt.reference)
    assert record is not None
    (letter,) = await issued_of(record.id)
    reason = "L’adresse de la place était mal écrite."
    assert isinstance(await replace(host, receipt.reference, str(letter.id), reason, actor=CLERK), Record)
    return receipt
