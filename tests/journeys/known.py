"""Requests that the town of the journeys begins with, besides the demo's own: one in each situation that pages show."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import msgspec
from msgspec import Struct

from parvis import clock
from parvis.db import transaction
from parvis.identifiers import new_id
from parvis.outbox.addressees import confirm_address
from parvis.requests.actors import REQUESTER, Actor
from parvis.requests.amendments import change_contact
from parvis.requests.history import entries_of
from parvis.requests.host import Host
from parvis.requests.lifecycle import make_move
from parvis.requests.links import key_with
from parvis.requests.promises.promising import reschedule
from parvis.requests.records import find
from parvis.requests.request_service import RequestService
from parvis.requests.work.conversation import note, occurrence, reply
from parvis.requests.work.undelivered import returned_within
from parvis.requests.work.untold import owe
from parvis_closing_question.standing import TIMES, answer_settled
from parvis_demo.lights import LIGHTS
from parvis_mail_intake.filing import take_in
from parvis_sdk.counter import Receipt
from parvis_sdk.requests import Requester
from parvis_sdk.subscriptions import ByHand
from parvis_sdk.text import Text

from .charged import submit_charged
from .completed import submit_completed, submit_incomplete
from .granted import submit_granted, submit_proved
from .inspected import visits_by_state
from .issued import submit_refused
from .reviewed import submit_reviewed
from .scanned import submit_with_files

CLERK = Actor(kind="agent", id="journeys", name="Aline Des Parcours")
POINT = {"lon": -73.5883, "lat": 45.51954}  # 4563, rue Saint-Urbain
ONE_WORD = "Anticonstitutionnellement" * 12
STORY = "Le trou s’agrandit chaque jour; les autobus passent dessus et l’eau éclabousse les passants. " * 18
LONG_NAME = "Marie-Antoinette-Élisabeth de la Bruère-Montarville-Saint-Ours de Repentigny"
LONG_EMAIL = f"{'a' * 60}@{'tres-long-nom-de-domaine.' * 4}exemple.ca"
EDNA = {
    "name": "Edna Bélair",
    "phone": "514 555-0171",
    "email": "",
    "postal_address": "4723, rue Saint-Urbain\nParvis (Québec) H2T 2W1",
}
ZOE = {"name": "Zoé Côté", "email": "zoe@exemple.ca", "phone": "514 555-0101"}
BRANCH = {"what": "branch", "thickness": "leg", "blocks": ["sidewalk"], "wires": False, "tree_owner": "town"}
HOLE = {"size": "large", "surface": "lane", "danger": False}
DARK = {"extent": "several", "lights": [{"fault": "out"}, {"fault": "flickers"}], "danger": False}
NOISE = {
    "source_address": "4565, rue Saint-Urbain",
    "source_kind": "home",
    "noise_kind": "music",
    "since": "2026-11-01",
    "frequency": "weekly",
    "hours": ["night", "weekend"],
    "description": "Basses jusqu’à trois heures du matin, toutes les fins de semaine.",
    "spoken": "no",
    "home_address": "4563, rue Saint-Urbain",
    "measure_at_home": "yes",
    "confidentiality": "yes",
}


class Known(Struct, frozen=True, kw_only=True):
    """The reference of a request and the key that opens its private pages."""

    reference: str
    key: str


async def make_known(host: Host) -> dict[str, Known]:
    """Submit and move them through the host itself; by the name of their situation."""
    counter = RequestService(host)

    async def submit(type: str, answers: dict[str, Any], mode: str = "named", **more: Any) -> Known:
        contact = (
            {} if mode == "anonymous" else {"name": "Zoé Côté", "email": "zoe@exemple.ca", "phone": "514 555-0101"}
        )
        requester = {"mode": mode, **contact, **more.pop("requester", {})}
        raw = {"language": "fr", "answers": answers, "requester": requester, **more}
        receipt = await counter.submit("parvis", type, raw, channel="portal")
        assert isinstance(receipt, Receipt), receipt
        return Known(reference=receipt.reference, key=receipt.key)

    async def move(known: Known, transition: str, given: dict[str, Any] | None = None) -> None:
        done = await make_move(host, known.reference, transition, given or {}, actor=CLERK, mover="agent")
        assert type(done).__name__ == "Record", done

    def at(address: str, east: float) -> dict[str, Any]:
        return {"place": {**POINT, "lon": POINT["lon"] + east, "address": address}}

    await confirm_address(host.engine, host.secret, ZOE["email"])
    known = {
        "received": await submit("pothole", HOLE, **at("4563, rue Saint-Urbain", 0)),
        "waiting": await submit("pothole", HOLE, **at("4573, rue Saint-Urbain", 0.002)),
        "resolved": await submit("pothole", HOLE, **at("4583, rue Saint-Urbain", 0.004)),
        "closed": await submit("pothole", HOLE, **at("4593, rue Saint-Urbain", 0.006)),
        "anonymous": await submit("pothole", HOLE, "anonymous", **at("4603, rue Saint-Urbain", 0.008)),
        "live": await submit("pothole", HOLE, **at("4623, rue Saint-Urbain", 0.012)),
        "answered": await submit("pothole", HOLE, **at("4643, rue Saint-Urbain", 0.016)),
        "late": await submit("pothole", HOLE, **at("4663, rue Saint-Urbain", 0.02)),
        "settled": await submit("pothole", HOLE, **at("4673, rue Saint-Urbain", 0.022)),
        "thrice": await submit("pothole", HOLE, **at("4683, rue Saint-Urbain", 0.024)),
        "returned": await submit("pothole", HOLE, **at("4733, rue Saint-Urbain", 0.034)),
        "lights": await submit("street_light", DARK, place={"assets": list(LIGHTS)}),
        "noise": await submit("noise", NOISE, "confidential", place={"words": "Au troisième étage"}),
        "long": await submit(
            "pothole",
            {**HOLE, "note": f"{ONE_WORD} {STORY}"[:2000]},
            requester={"name": LONG_NAME, "email": LONG_EMAIL},
            place={**POINT, "lon": POINT["lon"] + 0.01, "address": "4613, rue Saint-Urbain", "words": ONE_WORD[:200]},
        ),
    }
    named = {"language": "fr", "answers": HOLE, "requester": {"mode": "named", **ZOE}}
    scanned = await submit_with_files(host, {**named, **at("4693, rue Saint-Urbain", 0.026)})
    known["scanned"] = Known(reference=scanned.reference, key=scanned.key)
    refused = await submit_refused(host, ZOE)
    known["refused"] = Known(reference=refused.reference, key=refused.key)
    granted, (proved, link) = await submit_granted(host, ZOE, 0), await submit_proved(host, ZOE)
    known |= {
        name: Known(reference=one.reference, key=one.key) for name, one in (("granted", granted), ("proved", proved))
    }
    known["offer"] = Known(reference=proved.reference, key=link)
    for walker in ("fr", "en", "journey"):
        reviewed, tasks, link = await submit_reviewed(host, ZOE)
        known[f"reviewed-{walker}"] = Known(reference=reviewed.reference, key=reviewed.key)
        known |= {f"{code}-{walker}": Known(reference=id, key=link) for code, id in tasks.items()}
    for name, submitted in (("incomplete", submit_incomplete), ("completed", submit_completed)):
        sign = await submitted(host, ZOE, "4713, rue Saint-Urbain")
        known[name] = Known(reference=sign.reference, key=sign.key)
    for walker in ("fr", "en"):
        changed = await submit("pothole", HOLE, **at("4743, rue Saint-Urbain", 0.036))
        other = Requester(name="Zoé Côté", email="autre@exemple.ca")
        await change_contact(host, changed.reference, other, "fr")
        record = await find(host, changed.reference)
        (*_, entry) = await entries_of(record)
        token = f"{entry.body['change']}{key_with(host, record, 'contact', entry.body['change'])}"
        known[f"changed-{walker}"] = Known(reference=changed.reference, key=token)
    for state, (record, key, visit, day) in (await visits_by_state(host)).items():
        known[f"works-{state}"] = Known(reference=record.reference, key=key)
        known[f"visit-{state}"] = Known(reference=visit, key=day)
    for name, east in (("charged", 0.028), ("paid", 0.03)):
        charged = await submit_charged(host, ZOE, east, paid=name == "paid")
        known[name] = Known(reference=charged.reference, key=charged.key)
    for walker in ("fr", "en"):
        known[f"to call-{walker}"] = await submit(
            "pothole", HOLE, requester=EDNA, **at("4723, rue Saint-Urbain", 0.032)
        )
        await owe_a_call(host, known[f"to call-{walker}"])
        for which, mode in (("one", "named"), ("other", "anonymous"), ("third", "named")):
            known[f"{which} of three-{walker}"] = await submit("pothole", HOLE, mode, **at("4743, rue Cartier", 0.038))
        spot = at("4753, rue Saint-Urbain", 0.04 if walker == "fr" else 0.042)
        known[f"on a round-{walker}"] = await submit("pothole", HOLE, **spot)
        known[f"on its way-{walker}"] = await submit("fallen_branch", BRANCH, **spot)
    await mail_came(host)
    await mail_came_back(host, known["returned"])
    await make_endings(host, known, move)
    await move(known["waiting"], "need_information", {"reason": "De quel côté de la rue est le trou?"})
    await move(known["resolved"], "resolve", {"reason": "Comblé à l’asphalte chaude."})
    await move(known["closed"], "resolve")
    await move(known["closed"], "close")
    await note(host, known["long"].reference, f"{ONE_WORD} {STORY}", actor=CLERK)
    await reply(host, known["long"].reference, f"{STORY} https://ville.exemple/{ONE_WORD}", actor=CLERK)
    when = {"date": "2026-11-20", "time": "23:30", "minutes": "90", "words": "Encore toute la nuit."}
    assert type(await occurrence(host, known["noise"].reference, when)).__name__ == "Record"
    return known


async def mail_came(host: Host) -> None:
    """Mail that stands on no request: of a person, with everything that makes it long, and of a machine."""
    said = f"{STORY}\n\nLe 25 nov. 2026 à 10:12, Ville <info@ville.example> a écrit :\n> {STORY}"
    head = (
        "From: Zoé Côté <zoe@exemple.ca>\r\nTo: requetes@ville.example\r\nContent-Type: text/plain; charset=utf-8\r\n"
    )
    await take_in(host, f"{head}Subject: {ONE_WORD}\r\n\r\n{said}".encode())
    await take_in(host, f"{head}Subject: Absence\r\nAuto-Submitted: auto-replied\r\n\r\nAbsente".encode())


async def mail_came_back(host: Host, known: Known) -> None:
    """The address of its person no longer exists, says the system that it was sent to."""
    said = "550 5.1.1 <zoe@exemple.ca>: Recipient address rejected: User unknown in virtual mailbox table"
    async with transaction(host.engine):
        await returned_within(
            host, known.reference, to="zoe@exemple.ca", of_the_address=True, status="5.1.1", said=said
        )


async def owe_a_call(host: Host, known: Known) -> None:
    """Somebody without e-mail who is to be told of a step, and had wished for letters before."""
    record = await find(host, known.reference)
    assert record is not None
    about = Text(fr=f"Requête {known.reference}\u00a0: travaux prévus", en=f"Request {known.reference}: work planned")
    say = Text(
        fr="Une équipe passe jeudi.\n\nLa rue reste ouverte.", en="A crew comes on Thursday.\n\nThe street stays open."
    )
    async with transaction(host.engine):
        await owe(host, record, new_id(), ByHand(way="phone", about=about, say=say))
        await owe(host, record, new_id(), ByHand(way="letter", about=about, say=say))


async def make_endings(host: Host, known: dict[str, Known], move: Callable[..., Awaitable[None]]) -> None:
    """Dates that moved, and every answer to the question whether it is settled."""
    now = clock.now()
    await move(known["answered"], "need_information", {"reason": "Le trou est-il devant l’abribus?"})
    with clock.moved_to(now + timedelta(days=6)):
        said = {"reason": "Oui, devant l’abribus."}
        await make_move(host, known["answered"].reference, "answer", said, actor=REQUESTER, mover="requester")
    why = "La livraison d’asphalte à chaud est reportée à cause du gel."
    with clock.moved_to(now + timedelta(days=20)):
        await reschedule(host, known["late"].reference, now + timedelta(days=40), why, actor=CLERK)
    await move(known["settled"], "resolve", {"reason": "Comblé."})
    await answer_settled(host, known["settled"].reference, words="Beau travail!", may_call=True)
    for _ in range(TIMES):
        await move(known["thrice"], "resolve")
        said = {"reason": "Il se creuse encore."}
        await make_move(host, known["thrice"].reference, "not_fixed", said, actor=REQUESTER, mover="requester")
    await move(known["thrice"], "resolve")


def save(known: dict[str, Known]) -> bytes:
    return msgspec.json.encode(known)


def load(kept: bytes) -> dict[str, Known]:
    return msgspec.json.decode(kept, type=dict[str, Known])
