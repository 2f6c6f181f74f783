"""Nobody fills somebody else's mailbox through the town, or has it say to them what a stranger typed."""

import json
from hashlib import sha256

import httpx
import pytest

from parvis import clock
from parvis.db import transaction
from parvis.db.tables import Delivery
from parvis.notify.telling import tell
from parvis.outbox.addressees import confirm_address, confirmed_among, may_write
from parvis.requests.history import entries_of
from parvis.requests.links import view_url
from parvis.requests.payloads import request_for
from parvis.requests.records import find
from parvis.worker.relay import Relay
from parvis_sdk.events import Submitted
from parvis_testing.letters import letters_to
from parvis_testing.visitors import Browser

VICTIM = "victime@exemple.ca"
ADVERT = "Gagnez 1000 $ sur https://piege.example"


@pytest.fixture
def from_address(app):
    async def visited(address, work):
        transport = httpx.ASGITransport(app=app, client=(address, 1), raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport) as http:
            return await work(Browser(http))

    return visited


def asking_to_follow(reference):
    async def work(browser):
        await browser.open(f"/fr/suivre/{reference}")
        await browser.send({"email": VICTIM})
        return browser.status

    return work


async def followed_letters():
    """Those that were written, and those that a worker is still to write."""
    rows = [json.loads(row["event"]) for row in await Delivery.select(Delivery.event)]
    return [row for row in rows if row.get("event") == "followed"]


async def test_another_day_and_another_address_have_their_own_measure(submit, host):
    from parvis.requests.persons.followers import follow

    receipts = [await submit() for _ in range(8)]
    for each in receipts:
        await follow(host, each.reference, VICTIM, "fr")
    assert len(await followed_letters()) == 6
    await follow(host, receipts[0].reference, "autre@exemple.ca", "fr")
    assert len(await followed_letters()) == 7
    with clock.moved_to(clock.now()) as later:
        later.forward(hours=25)
        await follow(host, receipts[7].reference, VICTIM, "fr")
    assert len(await followed_letters()) == 8


async def test_requests_filed_in_the_name_of_one_address_fill_no_mailbox_and_the_desk_reads_why(submit, host):
    receipts = [await submit(requester={"mode": "named", "name": "Zoé", "email": VICTIM}) for _ in range(23)]
    assert await sent_to(host, VICTIM) == 20
    notes = [entry for each in receipts for entry in await entries_of(await find(host, each.reference))]
    assert sum("trop de messages" in str(entry.personal) + str(entry.body) for entry in notes) == 3


async def acknowledgement(host, record):
    about = {"id": "1", "reference": record.reference, "at": record.submitted_at, "actor": "requester"}
    event = Submitted(**about, type="hole", state="received")
    (letter,) = (await tell.handler(event, await request_for(host, record, ("contact",)))).messages
    return letter


@pytest.mark.parametrize("place", ["1234, rue Rachel Est", ADVERT])
async def test_no_word_that_a_stranger_typed_stands_in_the_first_letter_to_an_address(submit, host, place):
    receipt = await submit(
        requester={"mode": "named", "name": ADVERT, "email": VICTIM},
        place={"lon": -73.5807, "lat": 45.5236, "address": place},
    )
    record = await find(host, receipt.reference)
    letter = await acknowledgement(host, record)
    for words in (letter.text, letter.html, letter.subject):
        assert "piege" not in words
        assert "Rachel" not in words
    assert record.reference in letter.text


async def test_once_the_link_was_opened_from_the_mailbox_letters_speak_to_the_person(submit, host, visitor):
    receipt = await submit()
    record = await find(host, receipt.reference)
    town = host.jurisdictions.jurisdiction(record.jurisdiction)
    await visitor().open(f"/fr/suivi/{receipt.reference}?cle={receipt.key}")  # which the person who filed it has
    assert await confirmed_among(host.secret, ["zoe@exemple.ca"]) == frozenset()
    await visitor().open(view_url(host, town, record, "zoe@exemple.ca").removeprefix("http://127.0.0.1"))
    assert await confirmed_among(host.secret, ["Zoe@exemple.ca"]) == {"Zoe@exemple.ca"}
    letter = await acknowledgement(host, record)
    assert "Zoé Côté" in letter.text
    assert "1234, rue Rachel Est" in letter.text


async def test_what_an_agent_wrote_down_is_said_to_whom_they_spoke_with(submit, host):
    from parvis.requests.request_service import RequestService
    from parvis_testing.portal import ANA

    raw = {
        "language": "fr",
        "answers": {"size": "small", "danger": False},
        "place": {"lon": -73.5807, "lat": 45.5236, "address": "1234, rue Rachel Est"},
        "requester": {"mode": "named", "name": "Zoé Côté", "email": "zoe@exemple.ca"},
    }
    receipt = await RequestService(host).submit("parvis", "hole", raw, channel="phone", actor=ANA)
    request = await request_for(host, await find(host, receipt.reference), ("contact",))
    assert not request.unconfirmed


async def test_that_an_address_was_confirmed_is_forgotten_with_it(submit, host):
    from parvis.requests.persons.person import forget_around

    await confirm_address(host.engine, host.secret, VICTIM)
    await forget_around(host, "parvis", VICTIM)
    assert await confirmed_among(host.secret, [VICTIM]) == frozenset()


async def sent_to(host, to):
    """How many messages were given to the channel for this address."""
    await Relay(host).drain()
    receiver = sha256(to.encode()).hexdigest()[:16]
    return await Delivery.count().where(Delivery.lane == f"channel:email:{receiver}")


async def strangers_ask_for_links(host, to):
    async with transaction(host.engine):
        assert [await may_write(host.secret, to, "link") for _ in range(12)] == [True] * 12


async def test_links_that_somebody_asks_for_do_not_hide_that_they_took_a_request_over(submit, visitor, host):
    receipt = await submit()
    await strangers_ask_for_links(host, "zoe@exemple.ca")
    thief = await visitor().open(f"/fr/suivi/{receipt.reference}?cle={receipt.key}")
    await thief.open(f"/fr/suivi/{receipt.reference}/coordonnees")
    await thief.send({"email": "voleur@exemple.ca"})
    assert len(await letters_to("zoe@exemple.ca", "/retablir/")) == 1
