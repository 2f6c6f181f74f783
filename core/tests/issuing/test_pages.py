"""Documents on pages: saved by whoever holds the key, verified by anybody, revoked and replaced at the desk."""

from collections.abc import AsyncIterator
from dataclasses import replace

import httpx
import pytest

from parvis.app import create_app
from parvis.db import open_engine
from parvis.demo import town_folder
from parvis.house import Found
from parvis.requests.counter import HostCounter
from parvis.requests.files import LocalFiles
from parvis.requests.issuing.issued import issued_of
from parvis.requests.references import key_for
from parvis.settings import Settings

from ..conftest import Town, plugin_of
from .conftest import WORKS, Office

HOST = "http://127.0.0.1"


@pytest.fixture(scope="session")
def whole_app(tmp_path_factory):
    settings = Settings(
        territory=town_folder(),
        secret_key="a secret of thirty-two characters",
        base_url=HOST,
        data=tmp_path_factory.mktemp("issuing"),
        worker=False,
    )
    return create_app(settings, [Found.of("town", plugin_of(WORKS))])


@pytest.fixture
async def house(whole_app, database_url, tmp_path) -> AsyncIterator[Office]:
    """An office in a running application."""
    host = whole_app.state.host
    files = LocalFiles(tmp_path / "files")
    heart = replace(host.heart, engine=open_engine(database_url), files=files, declarations={})
    whole_app.state.host = replace(host, heart=heart)
    async with whole_app.lifespan():
        yield Office(Town(heart=heart, counter=HostCounter(heart)))


@pytest.fixture
async def visitor(whole_app, house) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app=whole_app)
    async with httpx.AsyncClient(transport=transport, base_url=HOST, follow_redirects=True) as http:
        http.headers["accept"] = "text/html"
        yield http


async def tracking(house, http, reference, language="fr"):
    record = await house.town.record(reference)
    track = {"fr": "suivi", "en": "track"}[language]
    return await http.get(f"/{language}/{track}/{reference}?cle={key_for(house.heart.secret, record.id)}")


async def only(house, reference):
    (document,) = await issued_of((await house.town.record(reference)).id)
    return document


async def test_the_holder_of_the_key_saves_the_document(house, visitor):
    reference = await house.granted()
    page = await tracking(house, visitor, reference)
    document = await only(house, reference)
    assert "Permis de construction" in page.text
    assert "PC-2026-00001" in page.text
    saved = await visitor.get(f"/fr/suivi/{reference}/documents/{document.id}")
    assert saved.headers["content-type"] == "application/pdf"
    assert saved.headers["content-disposition"] == "attachment; filename*=UTF-8''PC-2026-00001.pdf"
    assert saved.headers["cache-control"] == "private, no-store"
    assert "sandbox" in saved.headers["content-security-policy"]
    assert len(saved.content) == document.size


async def test_nobody_else_saves_it(house, visitor):
    reference, other = await house.granted(), await house.granted()
    document = await only(house, reference)
    refused = await visitor.get(f"/fr/suivi/{reference}/documents/{document.id}")
    assert refused.url.path == "/fr/suivi"
    await tracking(house, visitor, other)
    assert (await visitor.get(f"/fr/suivi/{other}/documents/{document.id}")).status_code == 404
    assert (await visitor.get(f"/fr/suivi/{other}/documents/nothing")).status_code == 404
