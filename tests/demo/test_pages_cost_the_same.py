"""No page of the desk or of operators costs more statements when rows grow: all are opened with few and with many."""

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

import httpx
import pytest
from piccolo.table import Table

from parvis import clock
from parvis.app import create_app
from parvis.db import Engine, NotUnique, counted, insert_values, transaction
from parvis.db.every_table import TABLES
from parvis.db.tables import Contact, ServiceRequest
from parvis.example_towns import town_folder
from parvis.identifiers import new_id
from parvis.people.agents import Grant, add_agent
from parvis.people.sessions import begin_session
from parvis.plugins.module_discovery import find_modules
from parvis.requests.references import new_reference
from parvis.settings import Settings
from parvis.worker.relay import Relay
from parvis_demo.of_crews import crews_of_the_demo
from parvis_demo.prepare import prepare
from parvis_proposals.tables import PluginProposal

Row = dict[str, Any]

FEW, TIMES = {"parvis": 60, "rivemont": 5}, 6
ROLES = ("agent", "manager", "operator")
ROOMS = ("/bureau", "/exploitation")
# Files, of which each so many rows are read by a statement; nobody waits for a page.
FILES = {"/bureau/liste.csv", "/bureau/liste.xlsx", "/bureau/tableau/verification/dossier.zip"}
# Which row stands for the last parameter; with `{reference}` before it the request is the one of that row.
ROWS = {
    "/bureau/fichiers/{id}": "attachment",
    "/bureau/requete/{reference}/conditions/{id}": "obligation",
    "/bureau/requete/{reference}/documents/{id}": "document",
    "/bureau/requete/{reference}/frais/{id}": "charge",
    "/bureau/requete/{reference}/recus/{payment}": "payment",
    "/bureau/taches/{id}": "review_task",
    "/bureau/terrain/{id}": "inspection",
    "/bureau/visites/{id}": "inspection",
    "/exploitation/livraisons/{id}": "delivery",
    "/exploitation/personnes/{id}": "agent",
}
# The page of a plugin that stands for all of them, in each room.
OF_PLUGINS = {
    "/bureau/pages/{plugin}/{code}": "/bureau/pages/road_crews/rounds",
    "/exploitation/pages/{plugin}/{code}": "/exploitation/pages/road_crews/crews",
}
# What the demo has none of when it has been played, or what comes one by one.
NOT_THERE = {
    "/bureau/courriels/{id}",
    "/bureau/courriels/{id}/fichiers/{file}",
    "/bureau/delais/brouillon/ligne/{id}",
    "/bureau/plusieurs/{id}",
    "/bureau/regles/brouillon/regle/{id}",
    "/bureau/requete/{reference}/complements/{code}",
    "/bureau/requete/{reference}/documents/{id}/changer",
    "/bureau/tableau/qualite/{id}",
    "/bureau/tableau/qualite/{id}/{number}",
    "/bureau/taches/{id}/fichiers/{file}",
    "/bureau/textes/a-moi/{code}",
    "/bureau/textes/a-moi/{code}/versions",
    "/bureau/textes/ville/{code}",
    "/bureau/textes/ville/{code}/versions",
    "/bureau/textos/{id}",
    "/bureau/textos/{id}/fichiers/{file}",
    "/exploitation/connecteurs/{name}",
    "/exploitation/connecteurs/{name}/comparaison",
    "/exploitation/egarees/{id}",
    "/exploitation/jetons/{handle}",
    "/exploitation/webhooks/{id}",
}


@pytest.mark.slow
async def test_no_page_costs_more_statements_when_rows_grow(database_url, tmp_path):
    settings = Settings(
        territory=town_folder(),
        secret_key="a secret of thirty-two characters",
        data=tmp_path,
        database=database_url,
        demo=True,
        worker=False,
        log_level="error",
        plugins={"notify": {"mode": "mailbox"}, **crews_of_the_demo()},
    )
    app = create_app(settings)
    async with app.lifespan():
        host = app.state.deployment.host
        await prepare(host, counts=FEW)
        await Relay(host).drain()  # plugins have heard of everything, and remember and propose
        assert await PluginProposal.exists()
        routes = {route.path_format for route in app.routes if route.path.startswith(ROOMS) and "GET" in route.methods}
        pages = [page for route in sorted(routes - FILES - NOT_THERE) for page in await _pages(route)]
        await _of_one_person(host.engine)
        async with await _manager(app) as browser:
            few = await _costs(browser, pages)
            made = await _multiply(host.engine, TIMES)
            many = await _costs(browser, pages)
    assert made["service_request"] > 150
    assert made["review_task"] > 20
    assert made["delivery"] > 1000
    assert made["inspection"] > 5
    assert sum(status == 200 for status, _ in few.values()) > 60
    grown = {
        page: sorted((Counter(now) - Counter(before)).items(), key=lambda each: -each[1])[:2]
        for page, (status, before) in few.items()
        for now_status, now in (many[page],)
        if len(now) > len(before) or now_status != status
    }
    assert grown == {}


async def _pages(route: str) -> list[str]:
    """The addresses of a route for what is there."""
    if route.startswith("/bureau/incidents/{"):
        return [route.format(reference=await _reference(ServiceRequest.type == "incident"))]
    if route in OF_PLUGINS:
        return [OF_PLUGINS[route]]
    if "{id}" in route or route in ROWS:
        [table] = [each for each in _tables() if each._meta.tablename == ROWS[route]]
        row = await table.select().order_by(table._meta.primary_key).first()
        assert row is not None, f"the demo has no {ROWS[route]}"
        of = await _reference(ServiceRequest.id == row["request"]) if "{reference}" in route else ""
        [name] = {*re.findall(r"{(\w+)}", route)} - {"reference"}
        return [route.format(**{name: row["id"], "reference": of})]
    if "{reference}" in route:
        return [route.format(reference=row["reference"]) for row in await _busiest()]
    if route == "/exploitation/modules/{name}":
        return [route.format(name=each.name) for each in find_modules().modules]
    assert "{" not in route, f"{route}: name what stands for it, or that there is none"
    return [route]


def _tables() -> tuple[type[Table], ...]:
    """Those of the core and of every module."""
    return (*TABLES, *find_modules().tables())


async def _busiest() -> list[Row]:
    there = ServiceRequest.select(ServiceRequest.id, ServiceRequest.reference)
    here = there.where(ServiceRequest.jurisdiction == "parvis")
    return list(await here.order_by(ServiceRequest.entries, ServiceRequest.id, ascending=False).limit(2))


async def _of_one_person(engine: Engine) -> None:
    """Copies are of the same person: that a person has others, which is asked about once more, holds before too."""
    ids = [row["id"] for row in await _busiest()]
    async with transaction(engine):
        await Contact.update({Contact.email: "deux.fois@exemple.ca"}).where(Contact.request.is_in(ids))


async def _reference(where: Any) -> str:
    rows = await ServiceRequest.select(ServiceRequest.reference).where(where).limit(1)
    return str(rows[0]["reference"])


async def _manager(app: Any) -> httpx.AsyncClient:
    engine = app.state.deployment.host.engine
    grants = tuple(Grant(role=role, jurisdiction="parvis", unit="") for role in ROLES)
    person = await add_agent(engine, email="all@parvis.example", name="Ana", password="x" * 20, grants=grants)
    browser = httpx.AsyncClient(
        transport=httpx.ASGITransport(app=app), base_url="http://127.0.0.1:8000", headers={"accept": "text/html"}
    )
    browser.cookies.set("parvis_session", await begin_session(engine, person.id, "Tests"))
    return browser


async def _costs(browser: httpx.AsyncClient, pages: Iterable[str]) -> dict[str, tuple[int, list[str]]]:
    """Of each page its status and its statements, once it is warm."""
    costs = {}
    for page in pages:
        with clock.moved_to(clock.now()):  # what a page remembers for some seconds is not over before it is counted
            await browser.get(page)
            with counted() as queries:
                answer = await browser.get(page)
        costs[page] = answer.status_code, [_shape(statement) for statement in queries.statements]
    return costs


def _shape(statement: str) -> str:
    """A statement without how many values it has."""
    return re.sub(r"(\$\d+|\?)(, *(\$\d+|\?))*", "?", " ".join(statement.split()))


async def _multiply(engine: Engine, times: int) -> dict[str, int]:
    """Copies of all that has an id of its own, which belong together as their originals do; every second time they
    belong to the requests that are there. How many of each table came of it."""
    there = {table: list(await table.select()) for table in _tables() if table._meta.primary_key.value_type is UUID}
    made = Counter[str]()
    for number in range(times):
        copied = {table: rows for table, rows in there.items() if table is not ServiceRequest or number % 2 == 0}
        ids = {row["id"]: new_id() for rows in copied.values() for row in rows if "id" in row}
        for table, rows in copied.items():
            copies = [_copy(table, row, ids, number) for row in rows]
            made[table._meta.tablename] += await _keep(engine, table, copies)
    return made


def _copy(table: type[Table], row: Row, ids: Mapping[UUID, UUID], number: int) -> Row:
    copy = {name: ids.get(value, value) if isinstance(value, UUID) else value for name, value in row.items()}
    for column in table._meta.columns:
        name = column._meta.name
        if column._meta.unique and isinstance(copy[name], str):
            mark = hashlib.sha256(f"{number} {copy[name]}".encode()).hexdigest()
            copy[name] = mark[: getattr(column, "length", None) or 40]
    return copy | ({"reference": new_reference()} if table is ServiceRequest else {})


async def _keep(engine: Engine, table: type[Table], rows: list[Row]) -> int:
    """As many as the table takes: some rows are one of a kind."""
    try:
        async with transaction(engine):
            await insert_values(table, *rows)
        return len(rows)
    except NotUnique:
        return 0 if len(rows) < 2 else sum([await _keep(engine, table, half) for half in _halves(rows)])


def _halves(rows: list[Row]) -> tuple[list[Row], list[Row]]:
    middle = len(rows) // 2
    return rows[:middle], rows[middle:]
