"""A town with a request in every situation that an API operation needs, and a valid body for each."""

from typing import Any

from parvis import clock
from parvis.jurisdictions.calendars import local_day, next_business_day
from parvis.outbox import listing
from parvis.requests.actors import Actor
from parvis.requests.lifecycle import make_move
from parvis.requests.records import Record, find
from parvis_sdk.events import Submitted
from parvis_sdk.hooks import hookimpl
from parvis_sdk.request_types import RequestType, Retention
from parvis_sdk.requests import Phase
from parvis_sdk.starter_kit import STREETS, form
from parvis_sdk.subscriptions import on
from parvis_sdk.text import Text
from parvis_sdk.workflow import State, Transition, Workflow
from parvis_testing.town import HERE, HOLE, QUARREL, plugin_of

ANA = Actor(kind="agent", id="ana", name="Ana Tremblay")
ZOE = {"mode": "named", "name": "Zoé Côté", "email": "zoe@exemple.ca"}
GARDEN = RequestType(
    code="garden",
    title=Text(fr="Jardin", en="Garden"),
    summary=Text(fr="Un jardin de rue", en="A garden in the street"),
    slug=Text(fr="jardin", en="garden"),
    theme=STREETS,
    form=form(),
    workflow=Workflow(
        states=(
            State(code="received", title=Text(fr="Reçue", en="Received"), phase=Phase.RECEIVED),
            State(code="closed", title=Text(fr="Fermée", en="Closed"), phase=Phase.CLOSED),
        ),
        transitions=(
            Transition(code="close", title=Text(fr="Fermer", en="Close"), sources=("received",), target="closed"),
        ),
    ),
    retention=Retention(days=365),
)
TYPES = (HOLE, QUARREL, GARDEN)
ANSWERS: dict[str, dict[str, Any]] = {
    "hole": {"danger": False, "words": "Gros trou"},
    "quarrel": {"kind": "noise"},
    "garden": {},
}  # fmt: skip
SCOPES = (
    "requests:read",
    "requests:write",
    "contacts:read",
    "contacts:reveal",
    "operate",
)


@on(Submitted)
async def hear(event, request):
    """A subscription that creates a delivery for each filed request."""


def crowded_plugin(*more, systems=()):
    """A plugin with these types, a subscription, and the calling systems."""
    module = plugin_of(*TYPES, *more)

    @hookimpl
    def subscriptions():
        return [hear]

    @hookimpl
    def connectors():
        return list(systems)

    module.subscriptions, module.connectors = subscriptions, connectors
    return module


class Scene:
    """One request with the values of all path parameters."""

    def __init__(self, api, receipt, **named):
        self.api, self.named = api, {"reference": receipt["reference"], **named}
        self.key = receipt["key"]


async def scene(api, type, *moves, answers=None, **named):
    """A request of this type after these transitions, with the path parameters and its record."""
    requester = ZOE | {"mode": "confidential"} if type == "quarrel" else ZOE
    receipt = await api.filed(type=type, answers=ANSWERS[type] if answers is None else answers, requester=requester)
    for move in moves:
        became = await make_move(api.host, receipt["reference"], move, {}, actor=ANA, mover="agent")
        assert isinstance(became, Record), became
    return Scene(api, receipt, **named), await find(api.host, receipt["reference"])


async def reported(api):
    return (await scene(api, "hole"))[0]


async def quarrelled(api):
    return (await scene(api, "quarrel"))[0]


async def delivered(api):
    found, _ = await scene(api, "hole")
    found.named["id"] = str((await listing(("waiting",)))[0].id)
    return found


def next_day(api) -> str:
    calendar = api.host.jurisdictions.jurisdiction("parvis").calendar
    return next_business_day(calendar, local_day(calendar, clock.now())).isoformat()


TOKEN, KEY, NOBODY = "token", "key", "nobody"
# By the id of each operation: the situation that it needs, bodies that it takes, and who calls.
SENT: dict[str, tuple[Any, tuple[dict[str, Any], ...], tuple[str, ...]]] = {
    "file_request": (
        reported,
        tuple(
            {"type": each, "language": "fr", "answers": ANSWERS[each], "place": HERE, "requester": ZOE, "upload": ""}
            | {"channel": "api", "insist": False}
            for each in ("hole", "garden")
        ),
        (NOBODY, TOKEN),
    ),
    "amend_request": (
        reported,
        (
            {"type": "hole", "place": HERE, "answers": {"danger": True, "words": "Énorme"}, "version": 1},
            {"type": "garden", "version": 1},
        ),
        (TOKEN,),
    ),
    "move_request": (
        reported,
        (
            {"transition": "start", "answers": {}, "upload": "", "version": 1},
            {"transition": "resolve", "answers": {"reason": "x"}, "version": 1},
        ),
        (TOKEN, KEY),
    ),
    "write_message": (reported, ({"words": "Bonjour", "files": [], "upload": ""},), (TOKEN, KEY)),
    "write_note": (reported, ({"words": "Vu"},), (TOKEN,)),
    "assign_request": (reported, ({"unit": "public_works", "version": 1},), (TOKEN,)),
    "decide_public_page": (
        reported,
        (
            {"do": "hide", "reason": "Un nom", "version": 1},
            {"do": "publish", "reason": "", "version": 1},
            {"do": "keep", "reason": "Rien"},
        ),
        (TOKEN,),
    ),
    "reveal_requester": (quarrelled, ({"reason": "Appeler la plaignante"},), (TOKEN,)),
    "add_occurrence": (quarrelled, ({"answers": {"when": "Hier"}, "upload": ""},), (KEY,)),
    "replace_contact": (
        reported,
        (
            {
                "name": "Zoé",
                "email": "z@exemple.ca",
                "phone": "514 555-0101",
                "preferred_channel": "email",
                "language": "fr",
                "version": 1,
            },
        ),
        (KEY,),
    ),
    "choose_messages": (reported, ({"wanted": False},), (KEY,)),
    "revive_delivery": (delivered, ({},), (TOKEN,)),
}
