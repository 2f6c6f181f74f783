"""A request that something is to be paid for, and one that was paid over the counter."""

import io
from functools import partial
from typing import Any

import pikepdf

from parvis.requests.actors import Actor
from parvis.requests.attached.receiving import receive_file
from parvis.requests.changing import Change, Situation, change
from parvis.requests.host import Host
from parvis.requests.lifecycle import happening
from parvis.requests.parts.part_kinds import EffectContext, Effects
from parvis.requests.records import Record
from parvis.requests.request_service import RequestService
from parvis_fees.at_the_desk import take_at_counter
from parvis_fees.charges import bring, charges_of
from parvis_sdk.counter import Receipt
from parvis_sdk.fees import Fee
from parvis_sdk.requests import Attachment

CLERK = Actor(kind="agent", id="journeys", name="Aline Des Parcours")
SIGN = {
    "business_name": "Boulangerie du Coin",
    "sign_kind": "flat",
    "sign_area": 2.5,
    "sign_height": 3,
    "lit": True,
    "sign_words": "Boulangerie du Coin",
    "work_value": "1200",
    "declaration": True,
}


async def submit_charged(host: Host, requester: dict[str, Any], east: float, *, paid: bool) -> Receipt:
    """A sign whose fees are due, or were paid in cash."""
    drawn = io.BytesIO()
    with pikepdf.new() as document:
        document.add_blank_page()
        document.save(drawn, static_id=True)
    holder = f"charged-{east}"
    drawing = await receive_file(host, holder, "drawing", "enseigne.pdf", drawn.getvalue())
    assert isinstance(drawing, Attachment), drawing
    raw = {
        "language": "fr",
        "answers": SIGN | {"drawing": [drawing.id]},
        "requester": {"mode": "named", **requester},
        "place": {"lon": -73.5883 + east, "lat": 45.51954, "address": "4563, rue Saint-Urbain"},
    }
    receipt = await RequestService(host).submit("parvis", "sign", raw, channel="portal", holder=holder)
    assert isinstance(receipt, Receipt), receipt
    charged = await change(host, receipt.reference, partial(_charge, host), actor=CLERK)
    assert isinstance(charged, Record), charged
    if paid:
        (charge,) = await charges_of(charged.id)
        done = await take_at_counter(host, receipt.reference, charge.id, way="cash", actor=CLERK)
        assert isinstance(done, Record), done
    return receipt


async def _charge(host: Host, here: Situation) -> Change:
    """What the move to the state approved brings about."""
    bringing = EffectContext(host=host, here=here, actor=CLERK)
    brought = await bring(bringing, here.request_type.of(Fee)[0], "due")
    assert isinstance(brought, Effects), brought
    return happening(host, here, brought.facts, actor=CLERK, writes=brought.writes)
