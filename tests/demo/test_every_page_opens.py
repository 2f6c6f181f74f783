"""Every page and operation answers whatever became of a request: erased, merged, split, imported, its plugin gone."""

import re
from collections.abc import AsyncIterator, Iterator
from typing import Any
from uuid import UUID

import httpx
import pytest
from litestar import Litestar
from msgspec import Struct

from parvis import clock
from parvis.app import create_app
from parvis.composition import Deployment
from parvis.db.every_table import TABLES
from parvis.db.tables import ServiceRequest
from parvis.deployment import open_deployment
from parvis.example_towns import town_folder
from parvis.identifiers import new_id
from parvis.people.agents import Grant, add_agent
from parvis.people.roles import ROLES
from parvis.people.sessions import begin_session
from parvis.people.tokens import make_token
from parvis.plugins.module_discovery import find_modules
from parvis.privacy.data_request import CODE as ABOUT_ONESELF
from parvis.requests.actors import SYSTEM, VERIFIED, Actor
from parvis.requests.host import Host
from parvis.requests.keeping.retention import erase
from parvis.requests.offered import type_of
from parvis.requests.records import Record, find
from parvis.requests.references import key_for
from parvis.requests.request_service import RequestService
from parvis.requests.visibility import SYSTEM_VIEWER
from parvis.settings import Settings
from parvis.web.security import VISITOR_COOKIE, csrf_token
from parvis_demo.of_crews import crews_of_the_demo
from parvis_demo.prepare import prepare
from parvis_merging.merging import merge
from parvis_merging.splitting import Part, split_off
from parvis_migration.importing import ImportedRequest, bring_in
from parvis_sdk.counter import Receipt
from parvis_sdk.inspections import Inspection
from parvis_sdk.supplements import Supplement
from parvis_testing.modules import every_scope

HOST = "http://127.0.0.1:8000"
TOWN = "parvis"
ANA = Actor(kind="agent", id="ana", name="Ana Tremblay")
PLAYED = {TOWN: 40}
HERE = {"lon": -73.5807, "lat": 45.5236, "address": "1234, rue Rachel Est"}
NO_ID = "01a21300-0000-7000-8000-000000000000"
SPLIT_INTO = "graffiti"
# Which row of the request stands for what an address names, by what stands before it.
ROWS = {
    "attachment": ("fichiers", "files", "attachments"),
    "charge": ("frais", "fees", "charges"),
    "document": ("documents",),
    "inspection": ("inspections", "visites", "terrain"),
    "obligation": ("conditions", "preuve", "proof", "obligations"),
    "payment": ("recus",),
    "review_task": ("taches", "tasks"),
}
# Pages that never end, and what is of a person's own account.
LEFT_OUT = ("en-direct", "/live", "/connexion", "/demo/", "/en/")
SHARES = 6
UNTIES = ("liens", "ties", "recherche")  # asked last: a request that was merged is none afterwards


class Case(Struct, frozen=True, kw_only=True):
    """One request, and what became of it."""

    became: frozenset[str]
    record: Record
    ids: dict[str, str]

    def filled(self, path: str, kind: Any) -> str:
        """An address with what it names: rows of this request where it has any."""
        return re.sub(r"\{(\w+)(?::\w+)?\}", lambda found: self._named(path[: found.start()], found[1], kind), path)

    def _named(self, before: str, name: str, request_type: Any) -> str:
        if name == "reference":
            return self.record.reference
        room = before.rstrip("/").rpartition("/")[2]
        table = next((table for table, rooms in ROWS.items() if room in rooms), "")
        if name in ("id", "payment", "file"):
            return self.ids.get(table, NO_ID)
        if name == "number":
            return "1"
        codes = {
            "transition": [each.code for each in request_type.workflow.transitions],
            "code": [
                each.code
                for each in (
                    *request_type.of(Supplement),
                    *request_type.of(Inspection),
                    *request_type.workflow.transitions,
                )
            ],
        }
        return next(iter(codes.get(name, ())), "nothing")


@pytest.fixture(scope="module")
def settings(database_of_module, tmp_path_factory) -> Settings:
    return Settings(
        territory=town_folder(),
        secret_key="a secret of thirty-two characters",
        data=tmp_path_factory.mktemp("opened"),
        database=database_of_module,
        demo=True,
        worker=False,
        log_level="error",
        plugins={"notify": {"mode": "mailbox"}, **crews_of_the_demo()},
    )


@pytest.fixture(scope="module")
async def cases(settings) -> list[list[Case]]:
    """Of each type some requests to which each thing has happened."""
    async with open_deployment(settings, migrating=True) as deployment:
        host = deployment.host
        await prepare(host, counts=PLAYED)
        for _ in range(4):  # which no system brings in: they are the town's, or of people who proved their identity
            await RequestService(host).submit(TOWN, ABOUT_ONESELF, _about_oneself(), channel="portal", actor=VERIFIED)
        made = [await _cases_of(host, kind) for kind in host.plugins.request_types]
        became = {(case.record.type, what) for of_type in made for case in of_type for what in case.became}
        for kind in host.plugins.request_types.values():
            usual = {"erased"} | ({"imported"} if kind.opened_by == "anyone" else set())
            assert {(kind.code, each) for each in usual} <= became, kind.code
        assert {("pothole", "merged"), ("pothole", "split"), ("noise", "merged"), ("noise", "split")} <= became
        return made


@pytest.fixture(scope="module", params=["with every plugin", "orphaned"])
async def app(cases, settings, request) -> AsyncIterator[Litestar]:
    """The application with what is installed, then with no plugin at all, in the same town."""
    app = create_app(settings, plugins=[] if request.param == "orphaned" else None)
    async with app.lifespan():
        yield app


@pytest.mark.slow
async def test_no_list_breaks_where_such_requests_stand_beside_others(app):
    assert await _lists(app) == {}


@pytest.mark.slow
@pytest.mark.parametrize("share", range(SHARES))
async def test_no_page_nor_operation_breaks_on_a_request_that_was_erased_merged_split_imported_or_orphaned(
    app, cases, share
):
    """The types in several shares: on PostgreSQL those run again that send there what no other does."""
    assert await _opened(app, [case for of_type in cases[share::SHARES] for case in of_type]) == {}


async def _cases_of(host: Host, kind: str) -> list[Case]:
    cases = []
    for reference, became in (await _of_type(host, kind)).items():
        record = await _found(host, reference)
        cases.append(Case(became=frozenset(became), record=record, ids=await _ids(record.id)))
    return cases


async def _of_type(host: Host, kind: str) -> dict[str, set[str]]:
    """One that was erased, one that goes on with another, and that other one, of which a part was split off."""
    there = await _there(host, kind)
    became: dict[str, set[str]] = {each: {"imported"} if number > 1 else set() for number, each in enumerate(there)}
    fullest, *others = there
    assert await erase(host, fullest, actor=SYSTEM) is not None
    became[fullest].add("erased")
    if len(others) > 1 and isinstance(await merge(host, SYSTEM_VIEWER, others[-2], others[-1], actor=ANA), Record):
        became[others[-2]].add("merged")
    if others:
        source = await _found(host, others[-1])
        split = await split_off(host, SYSTEM_VIEWER, source, Part(type=SPLIT_INTO, words="Et un graffiti."), actor=ANA)
        if isinstance(split, Receipt):
            became[others[-1]].add("split")
    return {each: what for each, what in became.items() if what}


async def _there(host: Host, kind: str) -> list[str]:
    """The two busiest of a type, and two more of the system before where it may have had any."""
    rows = ServiceRequest.select(ServiceRequest.reference).where(
        (ServiceRequest.jurisdiction == TOWN) & (ServiceRequest.type == kind)
    )
    there = [row["reference"] for row in await rows.order_by(ServiceRequest.entries, ascending=False).limit(2)]
    town = host.jurisdictions.jurisdiction(TOWN)
    offered = type_of(host, town, kind)
    if offered is not None and offered.opened_by != "town":
        for number in range(4 - len(there)):
            receipt = await bring_in(host, town, "former", _past(kind, number))
            assert isinstance(receipt, Receipt), receipt
            there.append(receipt.reference)
    return there


def _past(kind: str, number: int) -> ImportedRequest:
    """A request of the system before, of which little is known."""
    return ImportedRequest(key=f"{kind}-{number}", type=kind, submitted_at=clock.now())


def _about_oneself() -> dict[str, Any]:
    zoe = {"mode": "named", "name": "Zoé Côté", "email": "zoe@exemple.ca"}
    return {"language": "fr", "answers": {"wish": "erase"}, "requester": zoe}


async def _found(host: Host, reference: str) -> Record:
    record = await find(host, reference)
    assert record is not None
    return record


async def _now(host: Host, record: Record) -> Record:
    return await _found(host, record.reference)


async def _ids(request: UUID) -> dict[str, str]:
    """One row of each table whose rows have addresses of their own."""
    ids = {}
    for table in (*TABLES, *find_modules().tables()):
        if table._meta.tablename in ROWS:
            row = await table.select().where(table._meta.get_column_by_name("request") == request).first()
            if row is not None:
                ids[table._meta.tablename] = str(row["id"])
    return ids


async def _opened(app: Litestar, cases: list[Case]) -> dict[str, int]:
    """What answered that the product is at fault: each page first, then what changes something."""
    deployment: Deployment = app.state.deployment
    types = deployment.host.plugins.request_types
    broken: dict[str, int] = {}
    async with await _desk(app) as clerk, _visitor(app) as anyone:
        await clerk.get("/bureau/compte")
        for method in ("GET", "POST", "PUT", "PATCH"):
            routes = sorted(_routes(app, method), key=lambda path: (any(word in path for word in UNTIES), path))
            for case in cases:
                request_type = types.get(case.record.type) or types[ABOUT_ONESELF]
                token, record = await _machine(deployment.host), await _now(deployment.host, case.record)
                for route in routes:
                    path = case.filled(route, request_type)
                    if NO_ID in path:  # the request has nothing of this kind
                        continue
                    status, who = await _asked(deployment, clerk, anyone, token, method, path, record)
                    if status >= 500:
                        became = ", ".join(sorted(case.became))
                        broken[f"{method} {route} by {who}: {case.record.type}, {became}"] = status
                    if method != "GET" and status < 400:  # what it did shows in the request as the next one finds it
                        record = await _now(deployment.host, record)
    return broken


async def _lists(app: Litestar) -> dict[str, int]:
    """The pages on which such requests stand beside others: lists, maps, figures, feeds, files to take away."""
    broken = {}
    token = await _machine(app.state.deployment.host)
    async with await _desk(app) as clerk:
        for route in app.routes:
            path = route.path_format
            if "GET" in route.methods and "{" not in path and not any(each in path for each in LEFT_OUT):
                bearer = {"authorization": f"Bearer {token}"} if path.startswith("/api/") else {}
                answer = await clerk.get(path, headers=bearer)
                if answer.status_code >= 500:
                    broken[f"GET {path}"] = answer.status_code
    return broken


def _visitor(app: Litestar, **headers: str) -> httpx.AsyncClient:
    """Somebody who takes pages as they are: to make each of them small would be a tenth of all that is done here."""
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    return httpx.AsyncClient(transport=transport, base_url=HOST, headers={"accept-encoding": "identity", **headers})


def _routes(app: Litestar, method: str) -> Iterator[str]:
    """Every address that belongs to one request or to a row of it."""
    rooms = {room for rooms in ROWS.values() for room in rooms}
    for route in app.routes:
        path = route.path_format
        named = "{reference}" in path or any(f"/{room}/{{" in path for room in rooms)
        if method in route.methods and named and not any(each in path for each in LEFT_OUT):
            yield path


async def _asked(
    deployment: Deployment,
    clerk: httpx.AsyncClient,
    anyone: httpx.AsyncClient,
    token: str,
    method: str,
    path: str,
    record: Record,
) -> tuple[int, str]:
    """The address, asked by an account that may reach it."""
    key = key_for(deployment.host.secret, record.id, record.holders)
    given = {"words": "Un mot", "reason": "Une raison", "unit": "parks", "transition": "start", "version": 1}
    given["version"] = record.version
    if path.startswith("/api/"):
        json = {} if method == "GET" else {"json": given}
        bearer = {"authorization": f"Bearer {token}"}
        return (await anyone.request(method, path, headers=bearer, **json)).status_code, "a machine"
    data = {} if method == "GET" else {"data": {**given, "_csrf": clerk.headers["x-token"]}}
    if path.startswith(("/bureau", "/exploitation")):
        return (await clerk.request(method, path, **data)).status_code, "the desk"
    if data:
        data["data"]["_csrf"] = csrf_token(deployment.host.secret, "v" * 32)
    sent = f"{VISITOR_COOKIE}={'v' * 32}" + (f"; parvis_key={key}" if "/suivi/" in path else "")
    answer = await anyone.request(method, path, headers={"cookie": sent, "accept": "text/html"}, **data)
    return answer.status_code, "the holder" if "/suivi/" in path else "anyone"


async def _machine(host: Host) -> str:
    key, _ = await make_token(host.engine, name="Pont", jurisdiction=TOWN, **every_scope(host))
    return key


async def _desk(app: Litestar) -> httpx.AsyncClient:
    host = app.state.deployment.host
    grants = tuple(Grant(role=role, jurisdiction=TOWN, unit="") for role in ROLES)
    person = await add_agent(
        host.engine, email=f"{new_id()}@parvis.example", name="Ana", password="x" * 20, grants=grants
    )
    session = await begin_session(host.engine, person.id, "Tests")
    browser = _visitor(app, accept="text/html")
    browser.cookies.set("parvis_session", session)
    browser.headers["x-token"] = csrf_token(host.secret, session)
    return browser
