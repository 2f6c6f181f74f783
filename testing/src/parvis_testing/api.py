"""The API of a running application over HTTP, with helpers that make tokens and requests."""

import io
from contextlib import asynccontextmanager

import httpx
import pytest
from msgspec import structs
from PIL import Image

from parvis.app import create_app
from parvis.example_towns import town_folder
from parvis.people.tokens import make_token
from parvis.settings import Settings
from parvis_testing.modules import every_scope, switch
from parvis_testing.town import with_own_deployment

HERE = {"lon": -73.5807, "lat": 45.5236, "address": "1234, rue Rachel Est"}
ZOE = {"mode": "named", "name": "Zoé Côté", "email": "zoe@exemple.ca"}


class Api:
    """A caller of the API."""

    def __init__(self, http, app):
        self.http, self.app = http, app
        self.host = app.state.deployment.host

    async def file(self, key="", token=None, **given):
        body = {
            "type": "hole",
            "language": "fr",
            "answers": {"danger": False, "words": "Gros trou"},
            "place": HERE,
            "requester": ZOE,
        } | given
        headers = ({"Idempotency-Key": key} if key else {}) | (token or {})
        return await self.http.post("/api/v1/requests", json=body, headers=headers)

    async def filed(self, **given):
        answer = await self.file(**given)
        assert answer.status_code == 201, answer.text
        return answer.json()

    async def token(self, *scopes, jurisdiction="parvis", unit=""):
        town, added = {"jurisdiction": jurisdiction, "unit_code": unit}, every_scope(self.host)["added"]
        key, _ = await make_token(self.host.engine, name="Pont", scopes=scopes, added=added, **town)
        return {"Authorization": f"Bearer {key}"}

    async def get(self, path, headers=None, **params):
        return await self.http.get(f"/api/v1{path}", headers=headers, params=params)

    async def post(self, path, body, headers=None, **params):
        return await self.http.post(f"/api/v1{path}", json=body, headers=headers, params=params)


@pytest.fixture
def picture():
    """A small photo."""
    written = io.BytesIO()
    Image.new("RGB", (40, 20), "red").save(written, "JPEG")
    return written.getvalue()


async def says_what_is_wrong(answer):
    """Checks that a refusal names each error with its place, its kind and a sentence."""
    if answer.headers.get("content-type") == "application/problem+json":
        await answer.aread()
        errors = answer.json().get("errors")
        assert errors, answer.text
        assert all(each["code"] and each["message"] and "path" in each for each in errors), answer.text


@asynccontextmanager
async def calling(app):
    transport = httpx.ASGITransport(app=app)
    hooks = {"response": [says_what_is_wrong]}
    base = "http://127.0.0.1:8000"
    async with app.lifespan(), httpx.AsyncClient(transport=transport, base_url=base, event_hooks=hooks) as http:
        yield Api(http, app)


@asynccontextmanager
async def running(settings, plugins):
    """An application for one test."""
    async with calling(create_app(settings, plugins=plugins)) as api:
        yield api


@pytest.fixture(scope="session")
def whole_app(tmp_path_factory, town_plugin, modules):
    """The application, made once because making it takes longer than most tests."""
    data = tmp_path_factory.mktemp("whole")
    given = Settings(territory=town_folder(), secret_key="s" * 40, data=data, worker=False)
    return create_app(given, plugins=[town_plugin], modules=modules)


@pytest.fixture(scope="session")
def first_state(whole_app):
    """The state of the application before its first call."""
    return whole_app.state.dict()


@pytest.fixture
async def api(database_url, tmp_path, whole_app, first_state):
    """The application with a new host for this test, without state of earlier ones."""
    settings = structs.replace(first_state["deployment"].settings, data=tmp_path, database=database_url)
    with_own_deployment(whole_app, first_state, settings)
    async with calling(whole_app) as api:
        await switch(api.host, "on")
        yield api
