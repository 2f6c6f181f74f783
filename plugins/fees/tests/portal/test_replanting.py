"""Scenario 4: a tree is felled with a certificate, and its replacement wakes the request by itself months later."""

from dataclasses import replace
from datetime import UTC, datetime

import msgspec
import pytest

from parvis import clock
from parvis.app import create_app
from parvis.db.binding import open_engine
from parvis.db.tables import Delivery
from parvis.example_towns import town_folder
from parvis.files import LocalFiles
from parvis.outbox.clock_watch import confirm
from parvis.plugins import DiscoveredPlugin
from parvis.requests.actors import Actor
from parvis.requests.declarations import Declarations
from parvis.requests.history import broken_at, entries_of
from parvis.requests.lifecycle import make_move
from parvis.requests.payloads import request_for
from parvis.requests.records import Record, find
from parvis.requests.request_service import RequestService
from parvis.settings import Settings
from parvis.worker.chores import chores_of, do_due
from parvis_fees.at_the_desk import take_at_counter
from parvis_fees.charges import charges_of
from parvis_grants import proving
from parvis_grants.obligations import obligations_of
from parvis_grants.validity import validity_of
from parvis_sdk.requests import Phase
from parvis_sdk.workflow import Denied
from parvis_testing.modules import only
from parvis_testing.portal import SECRET
from parvis_testing.visitors import HOST

permits = pytest.importorskip("parvis_permits.plugin")

ANA = Actor(kind="agent", id="ana", name="Ana Tremblay")
GRANTED = datetime(2026, 5, 4, 15, tzinfo=UTC)
TREE = {"species": "Érable argenté", "diameter": "38", "count": "2", "reason": "sick"}
ANSWERS = {
    "applicant": "owner",
    "lot": "1 234 567",
    "trees": [TREE],
    "urgent": "no",
    "boundary": "no",
    "works": "no",
    "replacing": "yes",
    "replacement_species": "Chêne rouge",
    "replacement_place": "Au même endroit",
    "access": "yes",
    "declaration": "yes",
}
GRANT = {"valid_until": "2026-08-31", "trees_to_plant": "2", "plant_before": "2026-10-31"}


@pytest.fixture(scope="session")
def modules():
    return only("documents", "fees", "grants")


@pytest.fixture(scope="module")
def green(compiled_templates, modules):
    given = {"territory": town_folder(), "secret_key": SECRET, "base_url": HOST, "data": compiled_templates}
    return create_app(Settings(**given, worker=False), [DiscoveredPlugin.of("permits", permits)], modules=modules)


@pytest.fixture
def app(green, settings):
    deployment = green.state.deployment
    host = replace(
        deployment.host.without(Declarations),
        engine=open_engine(settings.database_url),
        files=LocalFiles(settings.data / "files"),
    )
    green.state.deployment = replace(deployment, settings=settings, host=host)
    return green


@pytest.fixture
async def felled(browser, host):
    """A certificate granted on condition: the browser of its holder on its page, and its reference."""
    request_type = host.plugins.request_types["tree_felling"]
    known = {field.code for field in request_type.form.fields()}
    place = {"lon": -73.5807, "lat": 45.5236, "address": "1234, rue Rachel Est"}
    raw = {
        "language": "fr",
        "answers": {code: value for code, value in ANSWERS.items() if code in known},
        "place": place,
        "requester": {"mode": "named", "name": "Zoé Côté", "email": "zoe@exemple.ca"},
    }
    with clock.moved_to(GRANTED):
        receipt = await RequestService(host).submit("parvis", "tree_felling", raw, channel="portal")
        assert hasattr(receipt, "reference"), receipt
        early = await make_move(host, receipt.reference, "start_review", {}, actor=ANA, mover="agent")
        assert isinstance(early, Record), early
        assert isinstance(await make_move(host, receipt.reference, "grant", GRANT, actor=ANA, mover="agent"), Denied)
        (charge,) = await charges_of(early.id)
        assert (charge.amount, charge.state) == (50_00, "due")
        await take_at_counter(host, receipt.reference, charge.id, way="cash", actor=ANA)
        became = await make_move(host, receipt.reference, "grant", GRANT, actor=ANA, mover="agent")
        assert isinstance(became, Record), became
        await browser.open(f"/fr/suivi/{receipt.reference}?cle={receipt.key}")
    return receipt.reference


async def pass_to(host, moment):
    with clock.moved_to(moment):
        await confirm(host.engine, "Test")  # nobody ran meanwhile
        await do_due(host.engine, chores_of(host), f"worker {moment}")


async def link_of_a_message(host, reference, moment) -> str:
    """The private view, as a message of that moment links to it."""
    with clock.moved_to(moment):
        request = await request_for(host, await find(host, reference), ("contact",))
    return request.view_url.removeprefix(HOST)


async def told_of(host, reference) -> list[str]:
    record = await find(host, reference)
    rows = await Delivery.select(Delivery.event).where(Delivery.request == record.id).order_by(Delivery.id)
    events = [msgspec.json.decode(row["event"]) for row in rows]
    return list(
        dict.fromkeys(event["fact"] for event in events if event["event"] == "happened" and event.get("tell", True))
    )


async def test_the_replacement_outlives_the_certificate_and_is_proved_months_later(browser, host, felled, jpeg):
    for moment in ((8, 17, 13), (9, 1, 4), (10, 1, 13), (10, 31, 13)):
        await pass_to(host, datetime(2026, *moment, tzinfo=UTC))
    record = await find(host, felled)
    (certificate,) = await validity_of(record.id)
    (replacement,) = await obligations_of(record.id)
    assert (record.state, certificate.state, replacement.state) == ("granted", "expired", "due")
    assert await told_of(host, felled) == [
        "fee.study.due",
        "fee.study.paid",
        "validity.certificate.ending",
        "validity.certificate.expired",
        "obligation.replacement.soon",
        "obligation.replacement.due",
    ]
    link = await link_of_a_message(host, felled, datetime(2026, 10, 31, 13, tzinfo=UTC))
    with clock.moved_to(datetime(2026, 11, 3, 15, tzinfo=UTC)):
        await browser.open(f"/fr/suivi/{felled}")  # this browser was opened six months ago, and no longer is
        assert browser.path == "/fr/suivi"
        await browser.open(link)
        assert browser.path == f"/fr/suivi/{felled}"
        assert "Planter des arbres de remplacement (nombre exigé : 2) et nous en envoyer une photo." in browser.text
        assert "L’échéance est passée : 31 octobre 2026." in browser.text
        await browser.open(f"/fr/suivi/{felled}/preuve/{replacement.id}")
        planted = {"planted_on.day": "30", "planted_on.month": "10", "planted_on.year": "2026"}
        await browser.send({**planted, "planted_species": "Chêne rouge"})
        assert browser.status == 422
        photo = [("photos", ("a.jpg", jpeg, "image/jpeg"))]
        await browser.send({**planted, "planted_species": "Chêne rouge"}, files=photo)
        assert "Merci. Nous avons reçu votre preuve." in browser.text
        await proving.accept(host, felled, str(replacement.id), actor=ANA)
    record = await find(host, felled)
    assert (record.state, record.phase) == ("closed", Phase.CLOSED)
    assert await broken_at(record) is None


async def test_a_forgotten_replacement_is_chased_and_only_then_may_end_as_an_offence(host, felled):
    early = await make_move(host, felled, "offence", {"reason": "Rien de planté."}, actor=ANA, mover="agent")
    assert isinstance(early, Denied)
    for moment in ((2026, 10, 31, 13), (2026, 11, 15, 14), (2026, 12, 16, 5)):
        await pass_to(host, datetime(*moment, tzinfo=UTC))
    assert (await told_of(host, felled))[-2:] == ["obligation.replacement.chased", "obligation.replacement.overdue"]
    became = await make_move(host, felled, "offence", {"reason": "Rien de planté."}, actor=ANA, mover="agent")
    assert isinstance(became, Record)
    entries = await entries_of(became)
    assert sum("obligation.replacement.overdue" in entry.body.get("facts", ()) for entry in entries) == 1
