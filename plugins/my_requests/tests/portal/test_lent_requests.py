"""Requests opened from a resident's own space: for a day, and no longer than they stay signed in."""

from datetime import timedelta

import pytest

from parvis import clock
from parvis.requests.persons import followers
from parvis.requests.records import find
from parvis_testing.devices import copied, quit_on, with_cookies

from .conftest import opened


@pytest.fixture
async def followed(submit, host):
    """A request of Zoé that Luc follows."""
    record = await find(host, (await submit()).reference)
    await followers.follow(host, record.reference, "luc@exemple.ca", "fr")
    (luc,) = await followers.followers_of(host, record)
    await followers.confirm(host, luc.confirm_url.rsplit("/", 1)[-1])
    return record


async def test_ones_own_page_lends_a_request_for_a_day_and_no_longer(visitor, submit, host):
    receipt = await submit()
    browser = await opened(visitor(), host)
    with clock.moved_to(clock.now()) as later:
        await browser.open(f"/fr/mes-requetes/ouvrir/{receipt.reference}")
        assert browser.path == f"/fr/suivi/{receipt.reference}"
        later.to(clock.now() + timedelta(hours=26))
        assert (await browser.open(f"/fr/suivi/{receipt.reference}")).path == "/fr/suivi"


async def test_leaving_ones_own_page_closes_the_requests_that_it_opened_on_that_device(visitor, submit, host):
    receipt = await submit()
    page = f"/fr/suivi/{receipt.reference}"
    shared, mine = await opened(visitor(), host), await opened(visitor(), host)
    for browser in (shared, mine):
        await browser.open(f"/fr/mes-requetes/ouvrir/{receipt.reference}")
        assert browser.path == page
    thief = with_cookies(visitor(), copied(shared))
    await shared.open("/fr/mes-requetes")
    form = next(n for n in range(9) if shared.form(n)["action"].endswith("/mes-requetes/quitter"))
    await shared.send(form=form)
    assert (await shared.open(page)).path == "/fr/suivi"
    assert (await thief.open(page)).path == "/fr/suivi"
    assert (await mine.open(page)).path == page


async def test_leaving_one_request_leaves_the_others_that_ones_own_page_opened(visitor, submit, host):
    receipts = [await submit(), await submit()]
    pages = [f"/fr/suivi/{receipt.reference}" for receipt in receipts]
    browser = await opened(visitor(), host)
    for receipt in receipts:
        await browser.open(f"/fr/mes-requetes/ouvrir/{receipt.reference}")
    await quit_on(browser)
    assert (await browser.open(pages[1])).path == "/fr/suivi"
    assert (await browser.open(pages[0])).path == pages[0]
    await browser.open(f"/fr/mes-requetes/ouvrir/{receipts[1].reference}")
    assert browser.path == pages[1]


async def test_following_is_stopped_from_ones_own_page_that_was_opened_an_hour_before(visitor, followed, host):
    """What the page names is found again, although links are dated by the hour."""
    with clock.moved_to(clock.now().replace(minute=50) + timedelta(hours=1)) as later:
        browser = await opened(visitor(), host, "luc@exemple.ca")
        form = next(n for n in range(9) if browser.form(n)["action"].endswith("/mes-requetes/ne-plus-suivre"))
        later.forward(minutes=15)
        await browser.send(form=form)
        assert await followers.followers_of(host, followed) == ()
