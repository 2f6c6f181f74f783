"""What each operation may cost: statements, bytes of the answer, calls of Python. One table; no clock and no chance.

Instructions of the processor are not counted: virtual machines seldom show them. Functions of Python that are begun are
the same from run to run (within one in five hundred, home within one in thirty) and follow what a processor does. They
are compared where the libraries are those with which they were counted, as another version may take more of them. Bytes
and calls may be a tenth above what was counted, which a second walk over all rows is not. A change that makes an
operation lighter lowers its bound; `-s` shows what each costs.
"""

import asyncio
import os
import re
import selectors
import sys
from contextlib import contextmanager
from datetime import timedelta
from importlib.metadata import version
from random import Random

import httpx
import pytest
from jinja2.compiler import CodeGenerator
from jinja2.environment import create_cache
from jinja2.runtime import Context
from msgspec import structs

from parvis import clock
from parvis.app import create_app
from parvis.db import counted, insert_values, transaction
from parvis.db.tables import ServiceRequest
from parvis.example_towns import town_folder
from parvis.people import agents as colleagues
from parvis.people.agents import Grant, add_agent
from parvis.people.sessions import begin_session
from parvis.people.tokens import make_token
from parvis.requests.records import as_json
from parvis.requests.references import key_for
from parvis.requests.request_service import RequestService
from parvis.settings import Settings
from parvis.switches import EVERYWHERE
from parvis.switches.deciding import decide
from parvis.web.pages import ShortEnvironment
from parvis.worker import Relay
from parvis_dashboards.kept_figures import KeptFigures
from parvis_routing.rules import Rule, of_files
from parvis_routing.tables import RuleSet
from parvis_sdk.counter import Receipt
from parvis_sdk.fields import File, Photo
from parvis_sdk.testing import answers_for

# Statements on SQLite and on PostgreSQL, bytes of the answer by brotli, functions of Python that are begun.
MOST = {
    "home": (0, 0, 3_920, 2_160),
    "public map": (0, 0, 120, 840),
    "public list": (3, 3, 5_150, 4_890),
    "GeoJSON": (1, 1, 1_900, 3_790),
    "read by key, API": (2, 2, 710, 1_320),
    "tracking page": (3, 3, 4_700, 3_140),
    "desk: list of 50": (4, 4, 7_510, 13_730),
    "desk: filtered list": (4, 4, 7_810, 13_850),
    "desk: one request": (7, 7, 10_290, 7_300),
    "search, a word of all": (5, 4, 7_690, 13_930),
    "search, a word of one": (5, 4, 6_210, 6_630),
    "list of 50 as JSON": (2, 2, 1_470, 4_190),
    "dashboard": (5, 5, 8_570, 4_530),
    "dashboard, counted anew": (9, 9, 8_570, 9_080),
    "create, nobody in turn": (7, 2, 210, 2_720),
    "create, persons in turn": (8, 3, 210, 2_790),
    "change by API": (7, 6, 2_070, 3_050),
    "worker's pass over 24": (18, 18, 0, 42_190),
}
COUNTED_WITH = {
    "python": "3.13",
    "litestar": "2.25.0",
    "piccolo": "1.38.0",
    "jinja2": "3.1.6",
    "httpx": "0.28.1",
    "msgspec": "0.23.0",
}
PLACE = {"lon": -73.5807, "lat": 45.5236, "address": "1234, rue Rachel Est"}
TIMES = 3
REPORTED = 55
TOOL = 4  # of sys.monitoring


@pytest.fixture
async def town(database_url, tmp_path, monkeypatch):
    monkeypatch.setattr(colleagues, "KEPT", timedelta(seconds=5))  # as where no test runs
    settings = Settings(
        territory=town_folder(),
        secret_key="a secret of thirty-two characters",
        data=tmp_path,
        database=database_url,
        demo=True,
        worker=False,
        log_level="error",
        plugins={"notify": {"mode": "mailbox"}},
    )
    app = create_app(settings)
    async with app.lifespan():
        host = app.state.deployment.host
        for name in ("routing", "interests", "absences", "dashboards", "public_requests"):
            await decide(
                host.engine, host.modules, jurisdiction=EVERYWHERE, module=name, state="on", by="Tests", why=""
            )
        await share_potholes(host)
        for number in range(REPORTED):
            await report(host, number, "Zoé Quetsche" if number == 7 else "Zoé Côté")
        await Relay(host).drain()
        yield app


async def share_potholes(host):
    """Three persons get potholes in turn."""
    town = host.jurisdictions.jurisdiction("parvis")
    grants = (Grant(role="agent", jurisdiction=town.code),)
    people = [
        await add_agent(host.engine, email=f"{each}@parvis.example", name=each, password="x" * 20, grants=grants)
        for each in ("ana", "luc", "zoe")
    ]
    rule = Rule(id="b", types=("pothole",), unit=town.default_unit, persons=tuple(each.id for each in people))
    rules = of_files(town)
    row = {"key": "parvis 1", "jurisdiction": town.code, "number": 1, "word": "", "back_to": 0, "agent": "", "by": ""}
    row |= {"body": as_json(structs.replace(rules, rules=(rule, *rules.rules))), "at": clock.now()}
    async with transaction(host.engine):
        await insert_values(RuleSet, row)


def answers(host, kind):
    form = host.plugins.request_types[kind].form
    given = answers_for(form, Random(1)).native
    return {code: each for code, each in given.items() if not isinstance(form.field(code), Photo | File)}


def asked_for(host, number, kind="pothole", name="Zoé Côté"):
    person = {"mode": "named", "name": name, "email": f"zoe{number}@exemple.ca"}
    return {"type": kind, "language": "fr", "answers": answers(host, kind), "place": PLACE, "requester": person}


async def report(host, number, name):
    raw = asked_for(host, number, name=name)
    receipt = await RequestService(host).submit("parvis", raw.pop("type"), raw, channel="portal")
    assert isinstance(receipt, Receipt), receipt


@contextmanager
def calls_counted():
    """How many functions of Python are begun inside; nothing where this Python does not say.

    Those of `asyncio` are left out: how often its loop goes round follows how busy the machine is.
    """
    found, watching = [0], getattr(sys, "monitoring", None)
    if watching is None:
        yield found
        return
    of_the_loop = (os.path.dirname(asyncio.__file__), selectors.__file__)

    def begun(code, _):
        if not code.co_filename.startswith(of_the_loop):
            found[0] += 1

    watching.use_tool_id(TOOL, "calls")
    watching.register_callback(TOOL, watching.events.PY_START, begun)
    watching.set_events(TOOL, watching.events.PY_START)
    try:
        yield found
    finally:
        watching.set_events(TOOL, 0)
        watching.free_tool_id(TOOL)


def what_is_here():
    libraries = {name: version(name) for name in COUNTED_WITH if name != "python"}
    return {"python": f"{sys.version_info.major}.{sys.version_info.minor}"} | libraries


async def cost_of(ask):
    """The least of several times, once everything is warm: statements, bytes, calls."""
    await ask(), await ask()
    seen = []
    for _ in range(TIMES):
        with counted() as queries, calls_counted() as calls:
            answer = await ask()
        assert answer is None or answer.status_code in (200, 201), answer.text
        size = int(answer.headers.get("content-length", len(answer.content))) if answer is not None else 0
        seen.append((queries.count, size, calls[0]))
    return tuple(min(each) for each in zip(*seen, strict=True))


async def asks(app):
    """Every operation, as what asks for it once."""
    host = app.state.deployment.host
    row = await ServiceRequest.select().where(ServiceRequest.type == "pothole").order_by(ServiceRequest.id).first()
    reference, key = row["reference"], key_for(host.secret, row["id"])
    http = httpx.AsyncClient(
        transport=httpx.ASGITransport(app=app), base_url=host.base_url, headers={"accept-encoding": "br"}
    )
    grants = (Grant(role="manager", jurisdiction="parvis", unit=""),)
    person = await add_agent(host.engine, email="all@parvis.example", name="Ana", password="x" * 20, grants=grants)
    session = {"cookie": f"parvis_session={await begin_session(host.engine, person.id, 'Tests')}"}
    scopes = ("requests:read", "requests:write")
    token, _ = await make_token(host.engine, name="tests", jurisdiction="parvis", scopes=scopes)
    bearer = {"authorization": f"Bearer {token}"}
    link = await http.get(f"/fr/suivi/{reference}?cle={key}")
    seen = {"cookie": link.headers["set-cookie"].partition(";")[0]}
    http.cookies.clear()
    numbers = iter(range(1_000, 10_000))

    def get(path, **headers):
        return lambda: http.get(path, headers=headers)

    def post(path, body, **headers):
        async def ask():
            number = next(numbers)
            head = headers | {"idempotency-key": f"operation {number:016}", "accept": "application/json"}
            return await http.post(path, json=body(number), headers=head)

        return ask

    async def counted_anew():
        host.of(KeptFigures).clear()
        return await http.get("/bureau/tableau", headers={**session, "accept": "text/html"})

    async def told():
        await Relay(host).step()

    return {
        "home": get("/fr/", accept="text/html"),
        "public map": get("/fr/requetes/carte?zoom=14&view=-73.60,45.50,-73.55,45.54"),
        "public list": get("/fr/requetes", accept="text/html"),
        "GeoJSON": get("/api/v1/requests.geojson"),
        "read by key, API": get(f"/api/v1/requests/{reference}?key={key}"),
        "tracking page": get(f"/fr/suivi/{reference}", **seen, accept="text/html"),
        "desk: list of 50": get("/bureau", **session, accept="text/html"),
        "desk: filtered list": get("/bureau?type=pothole&ouvertes=toutes", **session, accept="text/html"),
        "desk: one request": get(f"/bureau/requete/{reference}", **session, accept="text/html"),
        "search, a word of all": get("/bureau?q=cote", **session, accept="text/html"),
        "search, a word of one": get("/bureau?q=quetsche", **session, accept="text/html"),
        "list of 50 as JSON": get("/api/v1/requests?limit=50", **bearer),
        "dashboard": get("/bureau/tableau", **session, accept="text/html"),
        "dashboard, counted anew": counted_anew,
        "create, nobody in turn": post("/api/v1/requests", lambda n: asked_for(host, n, "graffiti")),
        "create, persons in turn": post("/api/v1/requests", lambda n: asked_for(host, n, "pothole")),
        "change by API": post(f"/api/v1/requests/{reference}/notes", lambda n: {"words": f"Vu {n}."}, **bearer),
        "worker's pass over 24": told,
    }


@pytest.mark.both_engines
async def test_no_operation_costs_more_than_its_bound(town):
    found = {}
    with clock.moved_to(clock.now()):  # what is kept for some seconds is not over before it is counted
        for name, ask in (await asks(town)).items():
            if ask.__name__ == "told":
                await Relay(town.state.deployment.host).drain()
                for number in range(24 * (TIMES + 2)):
                    await report(town.state.deployment.host, 20_000 + number, "Zoé Côté")
            found[name] = await cost_of(ask)
    above, second = [], town.state.deployment.host.engine.engine_type == "postgres"
    compared = ("statements", "bytes", *(("calls",) if what_is_here() == COUNTED_WITH else ()))
    for name, (statements, size, calls) in found.items():
        of_sqlite, of_postgres, *others = MOST[name]
        most = (of_postgres if second else of_sqlite, *others)
        print(f"{name}: {statements, size, calls} of {most}")  # noqa: T201 - shown when it fails
        told = zip(("statements", "bytes", "calls"), (statements, size, calls), most, strict=True)
        above += [
            f"{name}: {is_} {what}, {bound} at most" for what, is_, bound in told if what in compared and is_ > bound
        ]
    assert above == []


class AsJinjaHasIt(ShortEnvironment):
    """The environment of pages with the code that Jinja makes by itself."""

    code_generator_class = CodeGenerator
    context_class = Context


TOKEN = re.compile(r'(?<=name="_csrf" value=")[^"]+')  # another in each answer


async def test_pages_are_those_that_the_code_of_jinja_writes(town):
    pages = town.state.pages
    short, plain = pages.environment, pages.environment.overlay()
    plain.__class__, plain.cache, plain.bytecode_cache = AsJinjaHasIt, create_cache(400), None
    seen = 0
    with clock.moved_to(clock.now()):
        for name, ask in (await asks(town)).items():
            if name.startswith(
                ("create", "change", "worker", "home", "public")
            ):  # home and public pages are kept whole
                continue
            await ask()
            first = await ask()
            pages.environment = plain
            second = await ask()
            pages.environment = short
            assert TOKEN.sub("", first.text) == TOKEN.sub("", second.text), name
            seen += "<main" in first.text
    assert seen >= 6
