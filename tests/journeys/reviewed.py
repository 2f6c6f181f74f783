"""Building permits under review: opinions given, corrected, overdue, and one asked of a body outside by its link."""

from datetime import timedelta
from typing import Any

from parvis import clock
from parvis.requests.actors import Actor
from parvis.requests.attached.receiving import receive_file
from parvis.requests.drafting import holder_of
from parvis.requests.host import Host
from parvis.requests.lifecycle import make_move
from parvis.requests.links import token_of
from parvis.requests.records import Record
from parvis.requests.request_service import RequestService
from parvis_reviews.opinions import OpinionSubmission, give_opinion
from parvis_reviews.review_tasks import tasks_of
from parvis_reviews.tables import OutsideKey
from parvis_sdk.counter import Receipt
from parvis_sdk.requests import Attachment

from .portal import photo

PLANNER = Actor(kind="agent", id="journeys", name="Geneviève Côté")
PLACE = {"lon": -73.5807, "lat": 45.5236, "address": "1234, rue Rachel Est"}
WORK = {
    "applicant": "owner",
    "lot": "1 234 567",
    "building_kind": "multiple",
    "work_kind": "extension",
    "description": "Agrandissement de deux étages à l’arrière, sur fondation, revêtement de brique.",
    "floor_area": 60,
    "storeys": 2,
    "dwellings": 8,
    "work_value": "185000",
    "contractor_kind": "self",
    "declaration": True,
}


async def submit_reviewed(host: Host, requester: dict[str, Any]) -> tuple[Receipt, dict[str, str], str]:
    """The receipt, the ids of its tasks by code, and the secret part of the link of the fire department."""
    with clock.moved_to(clock.now() - timedelta(days=20)):
        holder = holder_of("journeys reviewed")
        plans = {name: [await plan(host, holder, name)] for name in ("survey", "plans")}
        raw = {"language": "fr", "answers": WORK | plans, "place": PLACE, "requester": {"mode": "named", **requester}}
        receipt = await RequestService(host).submit("parvis", "construction", raw, channel="portal", holder=holder)
        assert isinstance(receipt, Receipt), receipt
        done = await make_move(host, receipt.reference, "accept", {}, actor=PLANNER, mover="agent")
        assert isinstance(done, Record), done
    tasks = {task.task: task for task in await tasks_of(done.id)}
    for margin in ("1,5 m", "2 m"):
        said = {"conditions": f"Maintenir une marge latérale de {margin}", "words": "La marge est à préciser au plan."}
        raw = {"recommendation": "conditional", **said}
        given = await give_opinion(
            host, receipt.reference, OpinionSubmission(task=tasks["zoning"].id, raw=raw, actor=PLANNER)
        )
        assert isinstance(given, Record), given
    (key,) = await OutsideKey.select(OutsideKey.id).where(OutsideKey.task == tasks["fire"].id)
    return (
        receipt,
        {code: str(task.id) for code, task in tasks.items()},
        token_of(host.secret, "outside-key", key["id"]),
    )


async def plan(host: Host, holder: str, name: str) -> str:
    kept = await receive_file(host, holder, name, f"{name}.jpg", photo("grey"))
    assert isinstance(kept, Attachment), kept
    return kept.id
