"""What anyone may find: the list of what is public, and nothing beside it."""

import pytest

from parvis.db import counted
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
        await browser.open("/fr/requetes")
    for number in range(12):
        await submit(place={"lon": -73.58 + number / 1000, "lat": 45.52, "address": "ici"})
    with counted() as many:
        await browser.open("/fr/requetes")
    assert one.count == many.count
