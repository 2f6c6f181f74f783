"""A dog's licence is renewed with other answers: charged, judged and printed by what was answered then."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import msgspec
import pytest

from parvis import clock
from parvis.requests.actors import REQUESTER
from parvis.requests.amendments import amend
from parvis.requests.lifecycle import make_move
from parvis.requests.records import Record
from parvis.requests.request_service import RequestService
from parvis_documents import making
from parvis_documents.issued import issued_of
from parvis_fees.at_the_desk import take_at_counter
from parvis_fees.charges import charges_of
from parvis_sdk.conditions import Is
from parvis_sdk.documents import Document
from parvis_sdk.errors import DeclarationError
from parvis_sdk.fees import Fee
from parvis_sdk.fields import PERSONAL, Number, ShortText, YesNo
from parvis_sdk.request_types import RequestType, Retention, ServiceLevel
from parvis_sdk.requests import Phase
from parvis_sdk.tariffs import Asked, Fixed, PerUnit, Tariff, Unit
from parvis_sdk.validity import Renewal, Validity
from parvis_sdk.workflow import State, Transition, Workflow
from parvis_testing.modules import all_on, only
from parvis_testing.town import HOLE, Town, host_on, said

from .conftest import ANA, MONDAY, section

FERTILE, STERILE = (Is(field="sterilised", value=value) for value in (False, True))
STERILISED = YesNo(code="sterilised", label=said("Stérilisé", "Sterilised"))
VET = ShortText(code="vet", label=said("Vétérinaire", "Vet"), required=False, show_when=STERILE)
OWNER = ShortText(code="owner", label=said("Maître", "Owner"), required=False, privacy=PERSONAL)
DOGS = Number(code="dogs", label=said("Chiens", "Dogs"), least=1)
AGAIN = section("again", STERILISED, DOGS, OWNER)
BY_DOG = Tariff(
    since=date(2026, 1, 1),
    basis=said("Règlement 7"),
    lines=(
        Fixed(code="fertile", title=said("Non stérilisé", "Not sterilised"), amount=Decimal(45), when=FERTILE),
        Fixed(code="sterile", title=said("Stérilisé", "Sterilised"), amount=Decimal(20), when=STERILE),
        PerUnit(
            code="dogs",
            title=said("Chiens", "Dogs"),
            of=(Asked(field="dogs", unit=Unit(one=said("chien", "dog"), many=said("chiens", "dogs"))),),
            price=Decimal(1),
        ),
    ),
)
LICENCE = Document(
    code="licence",
    title=said("Licence de chien", "Dog licence"),
    kind="permit",
    number="CH-{year}-{number:04}",
    shows=("sterilised", "vet", "dogs", "owner"),
    validity="licence",
)
ISSUED = ("validity.licence.valid", "document.licence.issued")
RENEWED = ("validity.licence.renewed", "document.licence.issued")


def state(code, phase, **more):
    return State(code=code, title=said(code), phase=phase, **more)


def step(code, sources, target, by=("agent",), **more):
    return Transition(code=code, title=said(code), sources=sources, target=target, by=by, **more)


MOVES = (
    step("grant", ("received",), "granted", brings=ISSUED),
    step(
        "renew",
        ("granted",),
        "granted",
        by=("requester",),
        asks=AGAIN,
        brings=("fee.renewal.due", *RENEWED),
    ),
    step("ask_to_renew", ("granted",), "paying", by=("requester",), asks=AGAIN, brings=("fee.renewal.due",)),
    step("prolong", ("paying",), "granted", by=("system",), after=("fee.renewal.paid",), brings=RENEWED),
    step("reckon", ("granted",), "granted", asks=AGAIN, brings=("fee.renewal.due",)),
    step("print", ("granted",), "granted", brings=("document.licence.issued",)),
    step("close", ("granted",), "closed"),
)
DOG = RequestType(
    code="dog",
    title=said("Chien", "Dog"),
    summary=said("Une licence", "A licence"),
    slug=said("chien", "dog"),
    theme=HOLE.theme,
    form=section("dog", STERILISED, VET, OWNER),
    workflow=Workflow(
        states=(
            state("received", Phase.RECEIVED),
            state("granted", Phase.DECIDED),
            state("paying", Phase.WAITING_FOR_YOU),
            state("closed", Phase.CLOSED),
        ),
        transitions=MOVES,
    ),
    retention=Retention(days=365),
    parts=(
        Validity(code="licence", title=said("Licence"), months=12, renewal=Renewal(opens=366, grace=30)),
        LICENCE,
        Fee(code="renewal", title=said("Renouvellement", "Renewal"), tariffs=(BY_DOG,)),
    ),
    service_levels=(
        ServiceLevel(code="reckoned", title=said("Long", "Long"), hours=90, since="fee.renewal.due", when=FERTILE),
        ServiceLevel(code="reckoned_fast", title=said("Court", "Short"), hours=10, since="fee.renewal.due"),
    ),
)


class Pound:
    """A town that licenses dogs, and what its last document said."""

    def __init__(self, town, printed):
        self.town, self.host, self.printed = town, town.host, printed

    async def granted(self):
        answers = {"sterilised": True, "vet": "Dre Roy", "owner": "Zoé"}
        with clock.moved_to(MONDAY):
            reference = (await self.town.submit("dog", answers=answers)).reference
            await self.move(reference, "grant")
        return reference

    async def move(self, reference, move, days=20, **given):
        mover, actor = ("requester", REQUESTER) if "renew" in move else ("agent", ANA)
        with clock.moved_to(MONDAY + timedelta(days=days)):
            became = await make_move(self.host, reference, move, given, actor=actor, mover=mover)
        assert isinstance(became, Record), became
        return became

    async def charged(self, reference):
        return [each.amount for each in await charges_of((await self.town.record(reference)).id)]

    async def numbers(self, reference):
        documents = await issued_of((await self.town.record(reference)).id)
        return [(each.number, each.version, each.state) for each in documents]

    def said(self):
        (sheet,) = self.printed[-1]
        return {fact["code"]: fact["lines"] for fact in sheet["facts"]} | {"version": sheet["version"]}


@pytest.fixture(scope="session")
def modules():
    return only("documents", "fees", "grants")


@pytest.fixture
async def pound(database, jurisdictions, tmp_path, monkeypatch, modules):
    printed, really = [], making.set_pdf

    def spied(sources, sheets, *rest):
        printed.append(sheets)
        return really(sources, sheets, *rest)

    monkeypatch.setattr(making, "set_pdf", spied)
    host = host_on(database, jurisdictions, tmp_path, DOG, HOLE)
    host = replace(host, modules=await all_on(database, modules))
    return Pound(Town(host=host, counter=RequestService(host)), printed)


async def test_a_renewal_is_charged_judged_and_printed_by_its_own_answers(pound):
    """Else the town asks for the price of a sterilised dog on a licence that says that it is not."""
    reference = await pound.granted()
    assert pound.said()["sterilised"] == ["Oui"]
    became = await pound.move(reference, "renew", sterilised=False, dogs=2, owner="Max")
    assert await pound.charged(reference) == [4700]
    said_now = pound.said()
    assert (said_now["sterilised"], said_now["dogs"], said_now["owner"]) == (["Non"], ["2"], ["Max"])
    assert "vet" not in said_now  # a question that these answers no longer ask
    assert became.promised_at == MONDAY + timedelta(days=20, hours=90)


async def test_a_renewed_licence_keeps_the_number_that_is_on_the_collar(pound):
    reference = await pound.granted()
    await pound.move(reference, "renew", sterilised=False, dogs=1)
    await pound.move(reference, "print", days=30)
    assert await pound.numbers(reference) == [
        ("CH-2026-0001", 1, "replaced"),
        ("CH-2026-0001", 2, "replaced"),
        ("CH-2026-0001", 3, "issued"),
    ]
    assert pound.said()["version"].startswith("Version 3")
    assert await pound.numbers(await pound.granted()) == [("CH-2026-0002", 1, "issued")]


async def test_a_licence_printed_again_without_a_renewal_is_a_new_one(pound):
    reference = await pound.granted()
    await pound.move(reference, "print")
    assert [number for number, *_ in await pound.numbers(reference)] == ["CH-2026-0001", "CH-2026-0002"]


async def test_what_is_printed_once_it_is_paid_says_what_was_paid_for(pound):
    reference = await pound.granted()
    await pound.move(reference, "ask_to_renew", sterilised=False, dogs=1)
    (charge,) = await charges_of((await pound.town.record(reference)).id)
    assert charge.amount == 4600
    with clock.moved_to(MONDAY + timedelta(days=21)):
        paid = await take_at_counter(pound.host, reference, charge.id, way="cash", actor=ANA)
    assert paid.state == "granted"
    assert pound.said()["sterilised"] == ["Non"]
    assert [number for number, *_ in await pound.numbers(reference)] == ["CH-2026-0001"] * 2


async def test_an_answer_corrected_after_a_renewal_is_the_one_that_counts(pound):
    reference = await pound.granted()
    await pound.move(reference, "renew", sterilised=False, dogs=1, owner="Max")
    with clock.moved_to(MONDAY + timedelta(days=25)):
        answers = {"sterilised": True, "vet": "Dr Côté", "owner": "Zoé"}
        await amend(pound.host, reference, answers=answers, actor=ANA)
        again = {"sterilised": False, "vet": "Dr Côté", "owner": "Zoé"}
        await amend(pound.host, reference, answers={k: again[k] for k in ("sterilised", "owner")}, actor=ANA)
        await amend(pound.host, reference, answers=answers, actor=ANA)
    await pound.move(reference, "print", days=30)
    told = pound.said()
    assert (told["sterilised"], told["vet"], told["dogs"]) == (["Oui"], ["Dr Côté"], ["1"])
    assert told["owner"] == ["Max"]  # which nobody has corrected


async def test_a_fee_may_look_at_what_the_move_asks_and_at_nothing_that_no_move_asks():
    nobody_asks = msgspec.structs.replace(
        DOG.workflow,
        transitions=tuple(
            msgspec.structs.replace(each, asks=section("less", STERILISED)) if each.code == "reckon" else each
            for each in MOVES
        ),
    )
    DOG.check()
    with pytest.raises(DeclarationError, match="'dogs' is not asked"):
        msgspec.structs.replace(DOG, workflow=nobody_asks).check()
