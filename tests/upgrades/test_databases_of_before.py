"""The databases that earlier versions filled open with this one: every request, its history, its pages, every list.

`kept` holds one for each release; `keep.py` makes them, of any commit, and says how.
"""

import lzma
from pathlib import Path

import httpx
import pytest
from litestar import Litestar

from parvis.app import create_app
from parvis.db.tables import ServiceRequest
from parvis.deployment import open_deployment
from parvis.example_towns import town_folder
from parvis.people.agents import Grant, add_agent
from parvis.people.roles import ROLES
from parvis.people.sessions import begin_session
from parvis.people.tokens import make_token
from parvis.requests.history import broken_at, entries_of
from parvis.requests.host import Host
from parvis.requests.records import find
from parvis.requests.references import key_for
from parvis.settings import Settings
from parvis_testing.modules import every_scope

KEPT = sorted((Path(__file__).parent / "kept").glob("*.sqlite.xz"))
HOST = "http://127.0.0.1:8000"
TOWN = "parvis"
LEFT_OUT = ("en-direct", "/live", "/connexion", "/demo/", "/en/")  # pages that never end, or are of one's own account
FEWEST = 20  # requests that each of them holds, with something that was done to them


@pytest.fixture(scope="module", params=KEPT, ids=lambda file: file.name.partition(".")[0])
async def app(request, tmp_path_factory):
    """The application on an older database, migrated to this version."""
    folder = tmp_path_factory.mktemp("before")
    (folder / "town.sqlite").write_bytes(lzma.decompress(request.param.read_bytes()))
    settings = Settings(
        territory=town_folder(),
        secret_key="a secret of thirty-two characters",
        data=folder,
        database=f"sqlite:///{folder}/town.sqlite",
        demo=True,
        worker=False,
        log_level="error",
        plugins={"notify": {"mode": "mailbox"}},
    )
    async with open_deployment(settings, migrating=True):
        pass
    app = create_app(settings)
    async with app.lifespan():
        yield app


def _browser(app: Litestar) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    return httpx.AsyncClient(transport=transport, base_url=HOST, headers={"accept-encoding": "identity"})


async def _at_the_desk(host: Host, email: str) -> str:
    """The session of somebody with every role of the town."""
    grants = tuple(Grant(role=role, jurisdiction=TOWN, unit="") for role in ROLES)
    person = await add_agent(host.engine, email=email, name="Ana", password="x" * 20, grants=grants)
    return await begin_session(host.engine, person.id, "Tests")


async def test_every_request_its_history_and_its_pages_are_there(app):
    host = app.state.deployment.host
    rows = await ServiceRequest.select(ServiceRequest.reference)
    assert len(rows) >= FEWEST
    wrong = []
    async with _browser(app) as anyone, _browser(app) as clerk:
        clerk.cookies.set("parvis_session", await _at_the_desk(host, "ana@parvis.example"))
        for row in rows:
            record = await find(host, row["reference"])
            assert record is not None
            entries = await entries_of(record)
            if await broken_at(record) is not None or len(entries) != record.entries or not entries:
                wrong.append(f"the history of {record.reference}, {record.type}")
            key = key_for(host.secret, record.id, record.holders)
            seen = {
                f"/fr/suivi/{record.reference}?cle={key}": anyone,
                **({f"/bureau/requete/{record.reference}": clerk} if record.jurisdiction == TOWN else {}),
            }
            for path, browser in seen.items():
                answer = await browser.get(path, follow_redirects=True)
                if answer.status_code != 200 or record.reference not in answer.text:
                    wrong.append(f"{path}: {answer.status_code}")
    assert wrong == []


async def test_every_list_opens(app):
    host, wrong = app.state.deployment.host, []
    key, _ = await make_token(host.engine, name="Pont", jurisdiction=TOWN, **every_scope(host))
    async with _browser(app) as clerk:
        clerk.cookies.set("parvis_session", await _at_the_desk(host, "bob@parvis.example"))
        for route in app.routes:
            path = route.path_format
            if "GET" in route.methods and "{" not in path and not any(each in path for each in LEFT_OUT):
                bearer = {"authorization": f"Bearer {key}"} if path.startswith("/api/") else {}
                answer = await clerk.get(path, headers=bearer)
                if answer.status_code >= 500:
                    wrong.append(f"{path}: {answer.status_code}")
    assert wrong == []
