"""A mandate beside a request: added, ended, warned of, and each disclosure in the access log with it."""

from datetime import timedelta

import pytest

from parvis import clock
from parvis.db import transaction
from parvis.db.tables import Delivery
from parvis.identifiers import new_id
from parvis.outbox.deliveries import receiver_of
from parvis.requests.access_log import looks_at
from parvis.requests.changing import Change, change
from parvis.requests.history import Line, entries_of
from parvis.requests.keeping.retention import erase
from parvis.requests.links import tracking_url
from parvis_mandates.disclosures import log_disclosures
from parvis_mandates.mandates import end_mandate, mandates_of
from parvis_testing.desk import ANA, address, said
from parvis_testing.modules import switch

MANDATE = {
    "name": "Zoé Côté",
    "represented": "Paul Roy",
    "mandate-kind": "procuration",
    "proof": "Procuration notariée",
}
REACHED = {"email": "zoe@exemple.ca"}


@pytest.fixture
async def hole(desk):
    return await desk.request("hole", "roads")


@pytest.fixture
async def clerk(desk):
    return await desk.signed_in()


async def delivered(record, to, at=None):
    """A message that a channel has delivered to this address."""
    row = {"id": new_id(), "request": record.id, "reference": record.reference, "subscriber": "channel:email"}
    row |= {"lane": f"channel:email:{receiver_of(to)}", "event_id": str(new_id()), "event": "{}", "state": "done"}
    async with transaction(Delivery._meta.db):
        at = at or clock.now()
        await Delivery.insert(Delivery(**row, attempts=1, made_at=at, due_at=at, done_at=at))


async def told(desk, record):
    """What the access log says of people who speak for others, once the chore has gone over it."""
    with clock.moved_to(clock.now() + timedelta(minutes=2)):
        await log_disclosures(desk.host)
        await log_disclosures(desk.host)
    lines, _ = await looks_at(record.id)
    return sorted((line.what, line.name, line.times) for line in lines if line.kind == "mandatary")


async def test_a_mandate_is_said_in_plain_words_and_ended_by_a_press(desk, hole, clerk):
    await clerk.get(address(hole))
    until = (clock.now() + timedelta(days=400)).date().isoformat()
    await clerk.post(address(hole, "mandat"), **MANDATE, **REACHED, until=until)
    assert said("The mandate has been added.") in clerk.text
    assert "Mandat de Zoé Côté pour Paul Roy, jusqu’au" in clerk.text
    assert "Procuration notariée, vue par Ana Tremblay" in clerk.text
    assert "vérifiez avant de communiquer quoi que ce soit" not in clerk.text
    (mandate,) = await mandates_of(hole)
    await clerk.post(address(hole, "mandat", "fin"), id=str(mandate.id))
    assert said("The mandate has been ended.") in clerk.text
    assert "Mandat terminé le" in clerk.text
    kinds = [entry.kind for entry in await entries_of(hole)]
    assert kinds[-2:] == ["mandate_added", "mandate_ended"]
    assert "Paul Roy" not in str(await entries_of(hole))
    await clerk.post(address(hole, "mandat", "fin"), id=str(mandate.id))
    assert said("Nothing was changed: this mandate had already ended.") in clerk.text


async def test_what_is_lacking_is_said_at_its_box_and_what_was_typed_stays(desk, hole, clerk):
    await clerk.get(address(hole))
    page = await clerk.post(address(hole, "mandat"), name="Luc", until="2020-01-01", phone="555")
    assert page.status_code == 422
    for name in ("represented", "kind", "proof", "until", "phone"):
        assert f'href="#mandate-{name}"' in page.text
        assert f'id="mandate-{name}"' in page.text
    assert 'value="Luc"' in page.text
    assert await mandates_of(hole) == ()


async def test_an_ended_mandate_warns_above_the_answer_box_and_in_the_preview(desk, hole, clerk):
    warned = "vérifiez avant de communiquer quoi que ce soit"
    await clerk.get(address(hole))
    await clerk.post(address(hole, "mandat"), **MANDATE, **REACHED)
    await clerk.get(f"/bureau?apercu={hole.reference}")
    assert warned not in clerk.text
    (mandate,) = await mandates_of(hole)
    await end_mandate(desk.host, hole.reference, mandate.id, actor=ANA)
    await clerk.get(f"/bureau?apercu={hole.reference}")
    assert "et les messages lui sont encore envoyés" in clerk.text
    page = await clerk.get(address(hole))
    assert "et les messages lui sont encore envoyés" in clerk.text
    assert page.text.index("les messages lui sont encore envoyés") < page.text.index('name="_send"')
    await clerk.post(address(hole, "mandat"), **MANDATE, **REACHED)
    assert "les messages lui sont encore envoyés" not in clerk.text, "another mandate of the same person stands"


async def test_messages_calls_and_letters_to_the_mandatary_stand_in_the_access_log_once(desk, hole, clerk):
    await clerk.get(address(hole))
    await clerk.post(address(hole, "mandat"), **MANDATE, **REACHED)
    (mandate,) = await mandates_of(hole)
    await delivered(hole, "Zoe@exemple.ca")
    await delivered(hole, "autre@exemple.ca")
    for kind in ("called", "posted"):
        plan = Change(line=Line(kind=kind, audience="internal", body={}))
        await change(desk.host, hole.reference, _as(plan), actor=ANA)
    who = "Zoé Côté, au nom de Paul Roy (procuration)"
    assert await told(desk, hole) == [("told_call", who, 1), ("told_letter", who, 1), ("told_message", who, 1)]
    await end_mandate(desk.host, hole.reference, mandate.id, actor=ANA)
    with clock.moved_to(clock.now() + timedelta(hours=3)):
        await delivered(hole, "zoe@exemple.ca")
        assert ("told_message", f"mandat terminé\u00a0: {who}", 1) in await told(desk, hole)
    manager = await desk.signed_in("manager")
    await manager.get(address(hole, "consultations"))
    assert who in manager.text
    assert said("a call, made to them") in manager.text


def _as(planned):
    async def plan(here):
        return planned

    return plan


async def test_the_private_page_opened_by_the_mandatary_is_written_and_says_so(desk, hole, clerk):
    await clerk.get(address(hole))
    await clerk.post(address(hole, "mandat"), **MANDATE, **REACHED)
    resident = desk.browser()
    page = await resident.get(tracking_url(desk.host, desk.host.jurisdictions.jurisdiction("parvis"), hole))
    assert page.status_code == 200
    assert "Vous parlez au nom de Paul Roy." in resident.text
    assert [what for what, _, _ in await told(desk, hole)] == ["told_page"]


async def test_off_nothing_speaks_of_it_messages_are_written_on_and_erasure_takes_the_names(desk, hole, clerk):
    await clerk.get(address(hole))
    await clerk.post(address(hole, "mandat"), **MANDATE, **REACHED)
    await switch(desk.host, "off", "mandates")
    await clerk.get(address(hole))
    assert "Paul Roy" not in clerk.text
    assert (await clerk.post(address(hole, "mandat"), **MANDATE)).status_code == 404
    await clerk.get(address(hole, "dossier"))
    assert "Zoé Côté, au nom de Paul Roy" in clerk.text
    await delivered(hole, "zoe@exemple.ca")
    assert len(await told(desk, hole)) == 1
    await erase(desk.host, hole.reference, actor=ANA)
    assert await mandates_of(hole) == ()
    assert await told(desk, hole) == [("told_message", "", 1)]


async def test_who_asked_in_confidence_has_no_box_of_mandates(desk, clerk):
    record = await desk.request("quarrel")
    page = await clerk.get(address(record))
    assert 'id="mandates"' not in page.text
