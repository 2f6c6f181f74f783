"""What anyone may find: the list of what is public, and nothing beside it."""

import re

import pytest

from parvis.db import counted
from parvis.requests.persons import followers
from parvis.requests.records import find
from parvis_testing.public_town import submit

__all__ = ["submit"]


async def test_the_list_shows_public_requests_and_filters_them(browser, submit):
    hole, noise = await submit(), await submit("din")
    await browser.open("/fr/requetes")
    assert hole.reference in browser.page.text
    assert noise.reference not in browser.page.text
    assert "1 requête" in browser.text
    await browser.open("/fr/requetes?q=mont-royal&type=hole&open=oui")
    assert hole.reference in browser.page.text
    await browser.open("/fr/requetes?type=lamps")
    assert "Aucune requête ne correspond" in browser.text
    await browser.open("/fr/requetes?q=Zoé")
    assert hole.reference not in browser.page.text
    await browser.open("/fr/requetes?q=é")
    assert hole.reference not in browser.page.text
    assert "Tapez au moins deux lettres ou chiffres." in browser.text


@pytest.mark.parametrize("query", ["cursor=zzz", "q=%00", "type=%27%3B--", "open=peut-être", "zone=" + "x" * 500])
async def test_strange_filters_give_a_page(browser, submit, query):
    await submit()
    await browser.open(f"/fr/requetes?{query}")
    assert browser.status in (200, 400)
    assert "Traceback" not in browser.page.text


async def test_a_list_of_many_asks_the_database_as_often_as_a_list_of_one(browser, submit):
    await submit()
    await browser.open("/fr/requetes")
    with counted() as one:
        await browser.open("/fr/requetes?vue=carte")  # that of the list itself is ready
    for number in range(12):
        await submit(place={"lon": -73.58 + number / 1000, "lat": 45.52, "address": "ici"})
    with counted() as many:
        await browser.open("/fr/requetes?vue=carte")
    assert one.count == many.count > 0


async def test_a_line_says_how_many_people_are_behind_it_and_where_it_is(browser, submit, host):
    receipt, alone = await submit(), await submit()
    for email in ("luc@exemple.ca", "mary@exemple.ca"):
        await followers.follow(host, receipt.reference, email, "fr")
    for each in await followers.followers_of(host, await find(host, receipt.reference)):
        await followers.confirm(host, each.stop_url.rsplit("/", 1)[-1])
    await browser.open("/fr/requetes")
    lines = dict(re.findall(r'data-reference="([^"]+)"(.*?)</li>', browser.page.text, re.DOTALL))
    assert "3 personnes" in lines[receipt.reference]
    assert "personne" not in lines[alone.reference]
    assert "470, avenue du Mont-Royal Est" in lines[alone.reference]
    assert browser.page.text.index("<details") < browser.page.text.index('name="phase"')
    await browser.open("/fr/requetes?phase=open")
    assert not re.search(r"<details[^>]* open>", browser.page.text)  # a chip says what narrows the list
