"""What a handler finds, corrects and proposes is the same at the pretend desk and on a real host."""

from datetime import timedelta
from typing import Any

import msgspec
import pytest
from msgspec import structs

from parvis.requests.history import entries_of
from parvis.requests.records import find
from parvis.requests.request_service import RequestService
from parvis.worker import Limits, Relay
from parvis_proposals.deciding import decide, proposals_of
from parvis_proposals.granting import asking, decide_scope
from parvis_sdk.conditions import Is
from parvis_sdk.events import Amended, Submitted
from parvis_sdk.fields import PERSONAL, SENSITIVE, OneOf, Option, ShortText
from parvis_sdk.finding import Scope
from parvis_sdk.proposals import Correction, Proposal
from parvis_sdk.requests import Place
from parvis_sdk.starter_kit import form
from parvis_sdk.subscriptions import Outcome, on
from parvis_sdk.testing import Desk
from parvis_sdk.testing.samples import SAMPLE
from parvis_sdk.text import Text
from parvis_testing.street import EVERYWHERE
from parvis_testing.town import ANA

HERE = {"lon": -73.5807, "lat": 45.5236, "address": "1234, rue Rachel Est"}
FAR = {"lon": -73.6107, "lat": 45.5436, "address": "1, rue Loin"}


def said(words: str) -> Text:
    return Text(fr=words, en=words)


THING = structs.replace(
    SAMPLE,
    form=form(
        OneOf(
            code="colour",
            label=said("Couleur"),
            options=(Option(code="red", label=said("Rouge")), Option(code="blue", label=said("Bleu"))),
        ),
        ShortText(code="serial", label=said("Série"), required=False, max_length=10, privacy=PERSONAL),
        ShortText(code="shade", label=said("Teinte"), required=False, show_when=Is(field="colour", value="red")),
        ShortText(code="health", label=said("Santé"), required=False, privacy=SENSITIVE),
    ),
)
BARE = Scope(types=("sample",), answers=("colour",))
WIDE = Scope(types=("sample",), answers=("colour", "serial"), place=True, needs=("personal",), moves=("close",))
REPORTS: tuple[dict[str, Any], ...] = (
    {"colour": "red", "serial": "AB-1"},
    {"colour": "blue"},
    {"colour": "red", "place": FAR},
    {"colour": "red", "health": "x", "shade": "vif"},
)
NEAR = (Place(lon=HERE["lon"], lat=HERE["lat"]), 500.0)


def raw(colour: str = "red", place: Any = HERE, **answers: Any) -> dict[str, Any]:
    who = {"mode": "named", "name": "Zoé Côté", "email": "zoe@exemple.ca"}
    return {"answers": {"colour": colour, **answers}, "place": place, "requester": who}


async def at_the_desk(subscription: Any, granted: bool) -> dict[str, Any]:
    desk = Desk(types=[THING], subscriptions=[subscription], not_granted=() if granted else [subscription.name])
    for each in REPORTS:
        await desk.submit("sample", raw(**each))
    for proposed in desk.proposed:
        await desk.accept(proposed)
    order = [case.reference for case in desk.cases]
    return {
        "order": order,
        "answers": [case.submission.answers for case in desk.cases],
        "states": [case.state for case in desk.cases],
        "notes": [len(case.notes) for case in desk.cases],
        "proposals": sorted((order.index(one.of), order.index(one.proposal.to), one.state) for one in desk.proposed),
    }


async def on_the_host(hosted: Any, subscription: Any, granted: bool) -> dict[str, Any]:
    host = await hosted(THING, subscriptions=[subscription])
    here = host.jurisdictions.jurisdiction("parvis")
    for named in asking(host, here):
        await decide_scope(host, here, named, granted=granted, actor=ANA)
    relay, order = Relay(host, Limits(seconds=10.0), name="worker"), []
    for each in REPORTS:
        receipt = await RequestService(host).submit("parvis", "sample", raw(**each), channel="portal")
        order.append(receipt.reference)
        await relay.drain()
    proposed = {}
    for reference in order:
        for kept in await proposals_of(await find(host, reference)):
            proposed[kept.id] = kept
    for kept in sorted(proposed.values(), key=lambda one: one.proposed_at):
        await decide(host, EVERYWHERE, await find(host, kept.proposal.to), kept.id, accept=True, actor=ANA)
    records = [await find(host, reference) for reference in order]
    ids, after = [record.id for record in records], {}
    for record in records:
        after |= {kept.id: kept for kept in await proposals_of(record)}
    return {
        "order": order,
        "answers": [record.answers for record in records],
        "states": [record.state for record in records],
        "notes": [sum(one.kind == "external" for one in await entries_of(record)) for record in records],
        "proposals": sorted((ids.index(one.origin), ids.index(one.request), one.state) for one in after.values()),
    }


def handler(finds: tuple[Scope, ...], wished: Any, asked: Any, corrects: tuple[str, ...] = ()) -> tuple[Any, list[Any]]:
    """A subscription that asks so and wishes so, and what each call found."""
    came: list[Any] = []

    @on(Submitted, Amended, finds=finds, corrects=corrects, needs=("personal",), name="match")
    async def match(event: Any, request: Any, finder: Any) -> Outcome | None:
        found = await finder.find(**asked(request))
        came.append(found)
        return wished(request, found)

    return match, came


def nothing(request: Any, found: Any) -> None:
    return None


def close_them(request: Any, found: Any) -> Outcome:
    return Outcome(
        proposals=tuple(Proposal(to=one.reference, reason=said("Pareil"), tie=True, move="close") for one in found)
    )


def shut_them(request: Any, found: Any) -> Outcome:
    return Outcome(proposals=tuple(Proposal(to=one.reference, reason=said("Pareil"), move="shut") for one in found))


def correct_serial(request: Any, found: Any) -> Outcome:
    return Outcome(correct=Correction(answers={"serial": " Z-9 "}, reason=said("Lu sur la photo")))


def correct_colour(request: Any, found: Any) -> Outcome:
    """What hides another answer of one of them."""
    return Outcome(correct=Correction(answers={"colour": "blue"}, reason=said("Lu sur la photo")))


def correct_again(request: Any, found: Any) -> Outcome:
    serial = f"{request.answers.get('serial', '')}x"
    return Outcome(correct=Correction(answers={"serial": serial}, reason=said("Encore")))


def say_nothing(request: Any, found: Any) -> Outcome:
    return Outcome(
        proposals=tuple(Proposal(to=one.reference, reason=said("Pareil"), tie=True, message=said(" ")) for one in found)
    )


def correct_too_long(request: Any, found: Any) -> Outcome:
    return Outcome(correct=Correction(answers={"serial": "x" * 11}, reason=said("Lu sur la photo")))


SCRIPTS = {
    "everything": (BARE, nothing, lambda request: {}, ()),
    "what is personal": (WIDE, nothing, lambda request: {"answers": {"serial": "ab-1"}}, ()),
    "near and lately": (
        WIDE,
        nothing,
        lambda request: {"near": NEAR, "since": request.submitted_at - timedelta(days=1), "answers": {"colour": "red"}},
        (),
    ),
    "ties and steps": (WIDE, close_them, lambda request: {"answers": {"colour": request.answers["colour"]}}, ()),
    "a step out of scope": (WIDE, shut_them, lambda request: {}, ()),
    "a correction": (BARE, correct_serial, lambda request: {}, ("serial",)),
    "a correction that is none": (BARE, correct_too_long, lambda request: {}, ("serial",)),
    "a correction that loses an answer": (BARE, correct_colour, lambda request: {}, ("colour",)),
    "a correction of corrections": (BARE, correct_again, lambda request: {}, ("serial",)),
    "an empty message": (BARE, say_nothing, lambda request: {}, ()),
    "a correction that is not declared": (BARE, correct_serial, lambda request: {}, ()),
}


@pytest.mark.parametrize("granted", [True, False])
@pytest.mark.parametrize("script", SCRIPTS)
async def test_kit_and_host_find_correct_and_propose_the_same(hosted, script, granted):
    scope, wished, asked, corrects = SCRIPTS[script]
    told = []
    for play in (lambda match: at_the_desk(match, granted), lambda match: on_the_host(hosted, match, granted)):
        match, came = handler((scope,), wished, asked, corrects)
        stands = await play(match)
        order = stands.pop("order")
        stands["found"] = [[shown(one, order) for one in found] for found in came]
        told.append(stands)
    kit, host = told
    assert kit == host


def shown(found: Any, order: list[str]) -> dict[str, Any]:
    """One of those found, without what differs between two towns."""
    told = msgspec.to_builtins(found)
    told.pop("submitted_at")
    return told | {"reference": order.index(found.reference)}
