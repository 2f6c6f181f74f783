"""Who asks to follow a request confirms by a link first; how often anybody may ask is counted."""

import asyncio
import json
from uuid import UUID

import httpx
import pytest

from parvis.db.tables import Delivery
from parvis.requests.persons import followers
from parvis.requests.records import find
from parvis_testing.callers import MOST, are_counted_by_network, are_two, knock
from parvis_testing.modules import switch
from parvis_testing.visitors import Browser

VICTIM = "victime@exemple.ca"


async def test_following_needs_the_press_of_a_button_on_the_page_of_its_link(browser, submit, host):
    receipt = await submit()
    await browser.open(f"/fr/suivre/{receipt.reference}")
    await browser.send({"email": "voisin@exemple.ca"})
    assert "Vérifiez vos courriels" in browser.text
    record = (await followers.followers_of(host, await find(host, receipt.reference)))[0]
    link = record.confirm_url.removeprefix("http://127.0.0.1")
    await browser.open(link)
    assert "Confirmer et suivre" in browser.text
    await browser.open(link)
    assert await followers.count_followers(await find(host, receipt.reference)) == 0
    await browser.send({"do": "confirm"})
    assert "Vous suivez cette requête" in browser.text
    assert await followers.count_followers(await find(host, receipt.reference)) == 1
    await browser.send({"do": "stop"})
    assert "Vous ne suivez plus cette requête" in browser.text
    assert await followers.count_followers(await find(host, receipt.reference)) == 0


async def test_a_followers_link_of_before_stops_and_does_no_more(visitor, submit, host):
    """Nobody who has an old letter is left without a way to stop; nobody begins to follow by it."""
    reference = (await submit()).reference
    await followers.follow(host, reference, "luc@exemple.ca", "fr")
    (asked,) = await followers.followers_of(host, await find(host, reference))
    link = asked.confirm_url.removeprefix("http://127.0.0.1")
    await (await visitor().open(link)).send({"do": "confirm"})
    before = f"{link.partition('.')[0]}.{followers._mark(host.secret, UUID(link.rsplit('/', 1)[-1].partition('.')[0]))}"
    browser = await visitor().open(before)
    assert "Vous suivez cette requête" in browser.text
    await browser.send({"do": "stop"})
    assert not await is_followed(host, reference)
    assert "Vous ne suivez plus cette requête" in browser.text
    assert "Suivre de nouveau" not in browser.text
    again = await visitor().open(link)
    assert (await again.send({"do": "confirm"})).status == 200
    forged = f"{link[:-1]}{'0' if link[-1] != '0' else '1'}"
    assert "Ce lien n’est plus valide" not in (await visitor().open(forged)).text
    assert await is_followed(host, reference)


async def is_followed(host, reference):
    return await followers.count_followers(await find(host, reference)) == 1


async def test_who_follows_a_request_from_thirty_addresses_of_one_network_is_one_caller(app, submit, monkeypatch):
    reference = (await submit()).reference
    monkeypatch.setattr("parvis.web.portal.joining.ASKS", MOST)

    async def asked(address):
        return await knock(app, address, f"/fr/suivre/{reference}", {"email": "zoe@exemple.ca"})

    await are_counted_by_network(asked)
    monkeypatch.setattr("parvis.web.portal.joining.ASKS", 1)
    await are_two(asked)


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


async def test_forty_posts_from_forty_places_to_follow_forty_requests_send_one_address_a_handful(submit, from_address):
    receipts = [await submit() for _ in range(40)]
    for number, receipt in enumerate(receipts):
        assert await from_address(f"203.0.113.{number}", asking_to_follow(receipt.reference)) == 200
    assert len(await followed_letters()) == 6


async def test_forty_at_the_same_moment_send_no_more(submit, from_address):
    receipts = [await submit() for _ in range(12)]
    await asyncio.gather(
        *(from_address(f"203.0.113.{n}", asking_to_follow(each.reference)) for n, each in enumerate(receipts))
    )
    assert len(await followed_letters()) == 6


async def test_a_town_that_switches_it_off_offers_it_nowhere_and_lets_everybody_stop(visitor, submit, host):
    reference = (await submit()).reference
    await followers.follow(host, reference, "luc@exemple.ca", "fr")
    (asked,) = await followers.followers_of(host, await find(host, reference))
    link = asked.confirm_url.removeprefix("http://127.0.0.1")
    page = f"/fr/requete/{reference}"
    assert f'href="/fr/suivre/{reference}"' in (await visitor().open(page)).page.text
    open_before = await visitor().open(link)
    await switch(host, "off", "following")
    try:
        assert (await open_before.send({"do": "confirm"})).status == 404
        browser = await visitor().open(page)
        assert browser.status == 200
        for words in ("/fr/suivre/", "Suivre cette requête", "Ce problème vous touche aussi?"):
            assert words not in browser.page.text
        assert (await visitor().open(f"/fr/suivre/{reference}")).status == 404
        browser = await visitor().open(link)
        assert "Vous ne suivez pas cette requête" in browser.text
        assert 'name="do"' not in browser.page.text
        assert not await is_followed(host, reference)
        assert (await visitor().http.post(f"http://127.0.0.1{link}", data={"List-Unsubscribe": "One-Click"})).is_success
        assert await followers.followers_of(host, await find(host, reference)) == ()
    finally:
        await switch(host, "on", "following")
