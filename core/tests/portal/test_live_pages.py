"""An open page is told of changes, and never keeps the host from ending."""

import asyncio
import contextlib

import pytest

from parvis.requests.actors import Actor
from parvis.requests.request_service import RequestService
from parvis.requests.work.conversation import reply
from parvis.web.track import live

ANA = Actor(kind="agent", id="ana", name="Ana")


@pytest.fixture
async def receipt(host, visitor):
    raw = {"language": "fr", "answers": {"words": "Une scie."}, "requester": {"name": "Zoé", "email": "z@exemple.ca"}}
    return await RequestService(host).submit("parvis", "din", raw, channel="portal")


async def let_in():
    return True


async def test_whoever_is_let_in_no_more_hears_that_and_nothing_after(app, host, receipt, monkeypatch):
    monkeypatch.setattr(live, "LOOK_SECONDS", 0.02)

    async def shut_out():
        return False

    news = live.watch(host, receipt.reference, 1, app.state, shut_out)
    await anext(news)
    await reply(host, receipt.reference, "Demain.", actor=ANA)
    assert (await asyncio.wait_for(anext(news), 30)).event == "changed"
    await reply(host, receipt.reference, "Après-demain.", actor=ANA)
    assert await asyncio.wait_for(anext(news, None), 30) is None
    assert app.state.streams == 0


async def test_a_change_is_told_to_an_open_page(app, host, receipt, monkeypatch):
    monkeypatch.setattr(live, "LOOK_SECONDS", 0.02)
    news = live.watch(host, receipt.reference, 1, app.state, let_in)
    assert (await anext(news)).comment == "here"
    await reply(host, receipt.reference, "Demain.", actor=ANA)
    message = await asyncio.wait_for(anext(news), 30)
    assert (message.event, message.data) == ("changed", "2")
    await news.aclose()
    assert app.state.streams == 0


async def test_the_end_of_the_host_ends_every_open_page_at_once(app, host, receipt, monkeypatch):
    monkeypatch.setattr(live, "LOOK_SECONDS", 60)
    news = live.watch(host, receipt.reference, 1, app.state, let_in)
    await anext(news)
    waiting = asyncio.create_task(anext(news, None))
    await asyncio.sleep(0.05)
    app.state.stopping.set()
    assert await asyncio.wait_for(waiting, 30) is None


async def test_a_page_that_is_left_is_no_longer_counted(app, host, receipt, monkeypatch):
    monkeypatch.setattr(live, "LOOK_SECONDS", 60)
    news = live.watch(host, receipt.reference, 1, app.state, let_in)
    await anext(news)
    waiting = asyncio.create_task(anext(news, None))
    await asyncio.sleep(0.05)
    waiting.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await waiting
    assert app.state.streams == 0


async def test_where_too_many_pages_are_open_the_browser_is_told_not_to_come_back(browser, app, receipt):
    await browser.open(f"/fr/suivi/{receipt.reference}?cle={receipt.key}")
    app.state.streams = live.MOST_STREAMS
    answer = await browser.http.get(f"http://127.0.0.1/fr/suivi/{receipt.reference}/en-direct")
    assert answer.status_code == 204
    app.state.streams = 0


async def test_the_stream_is_one_of_events(browser, app, host, receipt, monkeypatch):
    monkeypatch.setattr(live, "LOOK_SECONDS", 0.01)
    monkeypatch.setattr(live, "LIFE", 3)
    await browser.open(f"/fr/suivi/{receipt.reference}?cle={receipt.key}")
    address = f"http://127.0.0.1/fr/suivi/{receipt.reference}/en-direct"
    answer = await browser.http.get(address, headers={"accept-encoding": "gzip, br"})
    assert answer.headers["content-type"].startswith("text/event-stream")
    assert "content-encoding" not in answer.headers
    assert "no-store" in answer.headers["cache-control"]
