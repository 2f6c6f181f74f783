"""The whole demo town leaves, and comes in on another installation: row by row, it is the same town."""

import json
from datetime import UTC, datetime
from pathlib import Path
from shutil import copytree
from zipfile import ZipFile

import httpx
import pytest
from msgspec import structs

from parvis import clock
from parvis.access_scope import Reach
from parvis.app import create_app
from parvis.db import transaction
from parvis.db.tables import ServiceRequest
from parvis.deployment import open_deployment
from parvis.example_towns import town_folder
from parvis.identifiers import new_id
from parvis.requests.lists.search import Filters, queue
from parvis.requests.records import find
from parvis.requests.references import key_for
from parvis.requests.visibility import Viewer
from parvis.settings import Settings
from parvis.worker.relay import Relay
from parvis_demo.of_crews import crews_of_the_demo
from parvis_demo.prepare import prepare
from parvis_disposal.arriving import read_town
from parvis_disposal.leaving import archive_town
from parvis_disposal.town_rows import NOT_SAID, sorted_tables
from parvis_disposal.town_tables import contents_there
from parvis_mandates.tables import Mandate

NOW = datetime(2026, 11, 25, 15, tzinfo=UTC)
CODE = "parvis"
MANAGER = Viewer(
    kind="agent",
    id="test",
    name="Test",
    reaches=(Reach(permissions=frozenset({"see"}), jurisdiction=CODE, unit=""),),
)


def quiet(words):
    return None


def rows_of(folder: Path) -> dict[str, list[dict]]:
    """Each table of an archive, with its rows."""
    return {
        file.stem: [json.loads(line) for line in file.read_text("utf-8").splitlines()]
        for file in sorted((folder / "tables").iterdir())
    }


@pytest.fixture
def other_urls(tmp_path, request, on_postgres):
    """Two more databases, without tables yet: of the other engine, and of this one."""
    if not on_postgres:
        yield f"sqlite:///{tmp_path}/second/parvis.sqlite", f"sqlite:///{tmp_path}/third/parvis.sqlite"
        return
    server = request.getfixturevalue("postgres_server")
    server.execute("postgres", "CREATE DATABASE third")
    yield f"sqlite:///{tmp_path}/second/parvis.sqlite", f"{server.url}/third"
    server.execute("postgres", "DROP DATABASE third WITH (FORCE)")


@pytest.fixture
def first(database_url, tmp_path):
    """Where the demo town is first."""
    copytree(town_folder(), tmp_path / "first" / "towns")
    return Settings(
        territory=tmp_path / "first" / "towns",
        secret_key="a secret of thirty-two characters",
        data=tmp_path / "first",
        database=database_url,
        worker=False,
        plugins={"notify": {"mode": "mailbox"}, **crews_of_the_demo()},
    )


async def archived(settings: Settings, folder: Path):
    async with open_deployment(settings) as deployment:
        town = deployment.jurisdictions.jurisdiction(CODE)
        return await archive_town(deployment.host, town, folder, quiet, with_passwords=True)


def told_by(folder: Path) -> dict[str, dict]:
    """What the archive of each request says, and of what; the moment at which it was made is its own."""
    told = {}
    for file in sorted((folder / "requests").iterdir()):
        with ZipFile(file) as archive:
            said = json.loads(archive.read("donnees.json"))
            told[file.name] = said | {"made_at": "", "names": sorted(archive.namelist())}
    return told


@pytest.mark.slow
@pytest.mark.both_engines
async def test_the_demo_town_leaves_and_comes_in_row_by_row(first, other_urls, tmp_path):
    with clock.moved_to(NOW):
        async with open_deployment(first, migrating=True) as deployment:
            _, staying = sorted_tables(deployment.modules)
            assert {each.name for each in staying if each.why == NOT_SAID} == set()
            host = deployment.host
            await prepare(host, counts={"parvis": 150, "rivemont": 20}, deliver=Relay(host).drain)
            one = (await queue(host, MANAGER, CODE, Filters(), limit=1)).rows[0].reference
            record = await find(host, one)
            key = key_for(host.secret, record.id, record.holders)
            async with transaction(host.engine):
                await Mandate.insert(mandate_for(record.id))
            elsewhere = await ServiceRequest.count().where(ServiceRequest.jurisdiction != CODE)
        made = await archived(first, tmp_path / "archive")
        assert (made.requests >= 150, elsewhere > 10, made.without_files, made.unsorted) == (True, True, (), ())
        before, filled = rows_of(tmp_path / "archive"), set()
        source = tmp_path / "archive"
        for name, url in zip(("second", "third"), other_urls, strict=True):
            here = structs.replace(
                first, territory=tmp_path / name / "towns", data=tmp_path / name / "data", database=url
            )
            done = await read_town(here, source, quiet, digest=made.digest)
            assert (done.requests, done.broken, done.missing_files) == (made.requests, (), 0)
            source = tmp_path / f"archive_{name}"
            made = await archived(here, source)
            after = rows_of(source)
            assert after.keys() == before.keys()
            for table, rows in before.items():
                assert told_of(table, after[table]) == told_of(table, rows), table
                filled |= {table} if rows else set()
            assert told_by(source) == told_by(tmp_path / "archive")
            assert contents_there(source) == contents_there(tmp_path / "archive") != {}
            app = create_app(here)
            transport = httpx.ASGITransport(app=app)
            async with app.lifespan(), httpx.AsyncClient(transport=transport, follow_redirects=True) as http:
                page = await http.get(f"http://127.0.0.1:8000/fr/suivi/{one}?cle={key}")
                assert (page.status_code, page.url.path.rpartition("/")[2]) == (200, one)
    assert len(filled) > 40
    assert {"entry", "attachment", "document", "charge", "tie", "mandates_mandate", "delivery", "looked"} <= filled


def mandate_for(request) -> Mandate:
    """Somebody who speaks for the requester, which nobody in the demo does."""
    return Mandate(
        id=new_id(),
        request=request,
        kind="family",
        name="Léa Roy",
        email="lea@exemple.ca",
        phone="+15145550188",
        represented="Zoé Côté",
        until="2027-05-01",
        proof="procuration vue au comptoir",
        seen_by="Ana Tremblay",
        made_at=NOW,
        logged_to=NOW,
    )


def told_of(table: str, rows: list[dict]) -> list[dict]:
    """Rows as they are compared: decisions about modules are made anew where they are, for the town alone."""
    if table != "module_switch":
        return rows
    return [row | {"id": "", "number": 0, "jurisdiction": CODE} for row in rows]
