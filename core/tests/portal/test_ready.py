"""Answers that are ready for everybody: the same as made anew, for nobody else's town, language or person, bounded."""

import asyncio
import time
from datetime import timedelta
from types import SimpleNamespace

import brotli  # type: ignore[import-untyped]
import httpx
import pytest
import structlog

from parvis import clock
from parvis.db import transaction
from parvis.db.binding import open_engine
from parvis.web.bodies import BEST, BROTLI
from parvis.web.pages import Pages
from parvis.web.ready import LARGEST, MOST, MOST_BYTES, Ready
from parvis_testing.visitors import HOST

FOR_EVERYBODY = ("/fr/", "/en/", "/fr/services", "/fr/territoire.geojson")


@pytest.fixture(autouse=True)
def lasting(monkeypatch):
    """An hour in place of a second: no test depends on how fast this machine is."""
    monkeypatch.setattr("parvis.web.ready.SECONDS", 3600.0)


@pytest.fixture
def rendered(monkeypatch):
    """The templates that were rendered, in their order."""
    found, render = [], Pages.render

    def noted(pages, request, template, **values):
        found.append(template)
        return render(pages, request, template, **values)

    monkeypatch.setattr(Pages, "render", noted)
    return found


@pytest.fixture
async def ask(app, visitor):
    """Somebody who says nothing of themselves; `visitor` keeps the application open."""
    transport = httpx.ASGITransport(app=app)

    async def asked(path, host=HOST, method="GET", **headers):
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        async with httpx.AsyncClient(transport=transport, base_url=host) as http:
            return await http.request(method, path, headers={"accept": "text/html", **given})

    return asked


class Counted:
    """Somebody who counts answers."""

    def __init__(self):
        self.answers = []

    def count(self, method, route, status, seconds):
        self.answers.append((method, route, status))


def but_its_id(answer):
    return {name: value for name, value in answer.headers.items() if name != "x-request-id"}


@pytest.mark.parametrize("path", FOR_EVERYBODY)
async def test_what_is_ready_is_what_would_be_made_with_its_own_id_line_and_count(app, ask, path, monkeypatch):
    monkeypatch.setitem(app.state.counters, "test", counted := Counted())
    with structlog.testing.capture_logs() as lines:
        made, ready, head = await ask(path), await ask(path), await ask(path, method="HEAD")
    assert (ready.status_code, ready.content, head.content) == (200, made.content, b"")
    assert but_its_id(made) == but_its_id(ready) == but_its_id(head)
    assert ready.headers["x-frame-options"] == "DENY"
    said = [line for line in lines if line["event"] == "request"]
    assert {each["route"] for each in said} == {said[0]["route"]} != {""}
    ids = [each.headers["x-request-id"] for each in (made, ready, head)]
    assert [each["request_id"] for each in said] == ids
    assert len({*ids}) == 3
    assert counted.answers == [(method, said[0]["route"], 200) for method in ("GET", "GET", "HEAD")]


@pytest.mark.parametrize("path", FOR_EVERYBODY)
async def test_what_is_for_everybody_depends_on_nothing_else_that_is_sent(ask, path, monkeypatch):
    monkeypatch.setattr("parvis.web.ready.SECONDS", 0.0)  # nothing is ready
    others = {"user_agent": "x", "referer": f"{HOST}/bureau", "accept": "*/*", "origin": HOST, "save_data": "on"}
    assert (await ask(path)).content == (await ask(path, **others)).content


async def test_who_has_what_is_ready_is_told_so(ask, rendered):
    tag = (await ask("/fr/")).headers["etag"]
    known = await ask("/fr/", if_none_match=tag)
    assert (known.status_code, known.content, known.headers["etag"]) == (304, b"", tag)
    assert "content-type" not in known.headers
    assert rendered == ["portal/home.html"]


async def test_each_town_language_coding_and_scheme_has_its_own(ask):
    asked = [("/fr/", HOST), ("/en/", HOST), ("/fr/", "http://localhost"), ("/fr/", "https://127.0.0.1")]
    alone = [(await ask(path, host)).text for path, host in asked]
    again = [await ask(path, host) for path, host in asked]
    assert [each.text for each in again] == alone
    assert "Rivemont" in alone[2]
    assert "Rivemont" not in alone[0]
    assert ["strict-transport-security" in each.headers for each in again] == [False, False, False, True]
    codings = [
        (await ask("/fr/", accept_encoding=each)).headers.get("content-encoding") for each in ("br", "gzip", "x")
    ]
    assert codings == ["br", "gzip", None]


@pytest.mark.parametrize(
    "said", [{"cookie": "parvis_visitor=x"}, {"authorization": "Bearer x"}, {"range": "bytes=0-9"}]
)
async def test_who_says_something_of_themselves_gets_an_answer_of_their_own(ask, rendered, said):
    for each in ({}, said, said, {}):
        await ask("/fr/", **each)
    assert len(rendered) == 3


async def test_what_depends_on_a_person_is_never_ready(ask, rendered):
    for _ in range(2):
        form = await ask("/fr/demande/signalements/nid-de-poule")
    assert rendered.count("portal/home.html") == 0
    assert form.headers.get("set-cookie") or len(rendered) == 2


async def test_it_is_made_anew_after_a_write_of_this_process_and_where_the_clock_was_moved(ask, host, rendered):
    await ask("/fr/")
    async with transaction(host.engine):
        pass
    await ask("/fr/")
    with clock.moved_to(clock.now() + timedelta(hours=2)):
        await ask("/fr/")
    assert len(rendered) == 3
    await ask("/fr/")
    assert len(rendered) == 3


async def test_what_another_process_wrote_is_there_a_second_later(ask, host, settings, rendered, monkeypatch):
    monkeypatch.setattr("parvis.web.ready.SECONDS", 1.0)
    await ask("/fr/")
    elsewhere = open_engine(settings.database_url)
    await elsewhere.start()
    async with transaction(elsewhere):
        pass
    await elsewhere.close()
    until = time.monotonic() + 60
    while len(rendered) < 2 and time.monotonic() < until:
        await ask("/fr/")
        await asyncio.sleep(0.05)
    assert len(rendered) == 2


def ready_now():
    town = SimpleNamespace(code="town")
    towns = SimpleNamespace(for_host=lambda host: town, by_code={"town": town})
    modules = SimpleNamespace(of=lambda town: "modules")
    host = SimpleNamespace(jurisdictions=towns, modules=modules, engine=SimpleNamespace(writes=0))
    return Ready(SimpleNamespace(deployment=SimpleNamespace(host=host)))


def scope_of(*, host=b"a", query=b"", more=()):
    headers = [(b"host", host), *more]
    scope = {"method": "GET", "scheme": "http", "path": "/fr/", "query_string": query, "headers": headers, "state": {}}
    return scope | {"route_handler": SimpleNamespace(paths={"/fr"}, opt={})}


def key_of(ready, scope):
    return ready.key_of(scope, dict(scope["headers"]), "br")


def make(ready, body, coding="", **asked):
    scope = scope_of(**asked)
    return ready.made(ready.inquiry(key_of(ready, scope), scope), scope, START, body, coding)


START = {"status": 200, "headers": [(b"content-type", b"text/html"), (b"x-request-id", b"of another")]}


def test_hostile_hosts_and_addresses_fill_no_memory():
    ready = ready_now()
    for number in range(MOST * 4):
        make(ready, bytes(100_000), host=b"h%d" % number, query=b"q=%d" % number)
    assert len(ready._kept) <= MOST
    assert ready.size == sum(len(each.body) for each in ready._kept.values()) <= MOST_BYTES
    assert key_of(ready, scope_of(query=b"q" * 500)) is None
    make(ready, bytes(LARGEST + 1), query=b"large")
    assert ready.of(key_of(ready, scope_of(query=b"large"))) is None


@pytest.mark.parametrize("more", [(b"host", b"b"), (b"content-length", b"3"), (b"cookie", b"a=b")])
def test_what_is_no_honest_request_is_not_answered_from_memory(more):
    assert key_of(ready_now(), scope_of(more=[more])) is None


def test_what_is_asked_often_outlives_what_is_asked_once():
    ready = ready_now()
    home, made = key_of(ready, scope_of()), make(ready, b"home")
    for number in range(MOST * 2):
        make(ready, b"x", query=b"q=%d" % number)
        assert ready.of(home) is made
    assert b"x-request-id" not in dict(made.headers)


def test_a_town_that_was_read_again_ends_what_was_ready_of_it():
    ready = ready_now()
    home, made = key_of(ready, scope_of()), make(ready, b"home")
    assert ready.of(home) is made
    ready.state.deployment.host.jurisdictions.by_code["town"] = SimpleNamespace(code="town")
    assert ready.of(home) is None


def test_nothing_keeps_a_town_that_was_read_again():
    ready = ready_now()
    towns = ready.state.deployment.host.jurisdictions.by_code
    late = ready.inquiry(key_of(ready, scope_of(query=b"late")), scope_of(query=b"late"))
    for number in range(3):
        make(ready, b"home", query=b"q=%d" % number)
    towns["town"] = other = SimpleNamespace(code="town")
    ready.state.deployment.host.jurisdictions.for_host = lambda host: other
    made = make(ready, b"new")
    assert ready.made(late, scope_of(query=b"late"), START, b"late", "").body == b"late"
    assert [*ready._kept.values()] == [made]
    assert ready.size == len(b"new")


def test_the_same_is_packed_once_and_as_small_as_can_be_where_it_stays_the_same(monkeypatch):
    page = "".join(f"<li>{number}, rue {number * 7 % 97}</li>" for number in range(500)).encode()
    ready = ready_now()
    first, second = (make(ready, page, "br") for _ in range(2))
    assert second.body is first.body
    monkeypatch.setattr("parvis.web.ready.STEADY", -1.0)
    third, fourth = (make(ready, page, "br") for _ in range(2))
    assert fourth.body is third.body
    assert (first.quality, third.quality) == (BROTLI, BEST)
    assert len(third.body) < len(first.body)
    assert brotli.decompress(third.body) == page
    assert brotli.decompress(make(ready, page + b"!", "br").body) == page + b"!"
