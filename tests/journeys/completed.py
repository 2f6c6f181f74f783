"""An application that waits for what is missing, and one that was completed, with people who were let into it."""

from typing import Any

from parvis.requests.actors import REQUESTER, Actor
from parvis.requests.attached.receiving import receive_file
from parvis.requests.host import Host
from parvis.requests.parties import let_in
from parvis.requests.records import Record
from parvis.requests.request_service import RequestService
from parvis_sdk.counter import Receipt
from parvis_sdk.supplement_answers import SupplementAnswers
from parvis_sdk.supplements import Point
from parvis_supplements.completing import answer
from parvis_supplements.marking import ask

from .portal import photo

CLERK = Actor(kind="agent", id="journeys", name="Aline Des Parcours")
SIGN = {
    "business_name": "Boulangerie du Coin",
    "roll_number": "9939-14-2507",
    "sign_kind": "flat",
    "sign_area": 2.4,
    "sign_height": 3,
    "lit": False,
    "sign_words": "Boulangerie du Coin, pain et brioches",
    "work_value": "1800",
    "declaration": True,
}
POINTS = (
    Point(field="drawing", words="Le dessin ne montre pas la hauteur au-dessus du trottoir."),
    Point(field="sign_area", words="La surface ne correspond pas au dessin."),
    Point(field="", words="L’accord écrit du propriétaire de l’immeuble."),
)


async def submit_incomplete(host: Host, requester: dict[str, Any], address: str) -> Receipt:
    """With a list of three points that waits for its answer."""
    kept = await receive_file(host, "sign", "drawing", "dessin.jpg", photo("grey"))
    raw = {
        "language": "fr",
        "answers": SIGN | {"drawing": [kept.id]},  # type: ignore[union-attr]
        "requester": {"mode": "named", **requester},
        "place": {"lon": -73.5604, "lat": 45.51954, "address": address},
    }
    receipt = await RequestService(host).submit("parvis", "sign", raw, channel="portal", holder="sign")
    assert isinstance(receipt, Receipt), receipt
    sent = await ask(
        host,
        receipt.reference,
        "completeness",
        POINTS,
        transition="need_information",
        raw={},
        actor=CLERK,
        mover="agent",
    )
    assert isinstance(sent, Record), sent
    return receipt


async def submit_completed(host: Host, requester: dict[str, Any], address: str) -> Receipt:
    """The same, answered, with a contractor who was let in."""
    receipt = await submit_incomplete(host, requester, address)
    kept = await receive_file(host, "again", "drawing", "dessin-net.jpg", photo("navy"))
    given = SupplementAnswers(
        raw={"drawing": [kept.id], "sign_area": "2.6"},  # type: ignore[union-attr]
        words={"_other": "L’accord suit par la poste."},
    )
    done = await answer(host, receipt.reference, "completeness", given, holder="again")
    assert isinstance(done, Record), done
    luc = {"role": "contractor", "name": "Luc Enseignes", "email": "luc@exemple.ca", "language": "fr"}
    assert isinstance(await let_in(host, receipt.reference, luc, actor=REQUESTER), Record)
    return receipt
