"""The API of a town, with tokens within limits and webhooks that they made."""

import pytest

from parvis.people.tokens import TokenLimits, make_token
from parvis_testing.api import *
from parvis_testing.modules import every_scope

URL = "https://observatory.example/parvis"
SCOPES = ("requests:read", "requests:write", "webhooks:manage")


@pytest.fixture
def limited(api):
    """Makes a token within limits; the headers that send it."""

    async def make(*scopes, units=(), types=(), jurisdiction="parvis"):
        key, _ = await make_token(
            api.host.engine,
            name="Pont",
            jurisdiction=jurisdiction,
            scopes=scopes or SCOPES,
            limits=TokenLimits(units=units, types=types),
            added=every_scope(api.host)["added"],
        )
        return {"Authorization": f"Bearer {key}"}

    return make


@pytest.fixture
def made(api, limited):
    """Makes a webhook; what was answered, and the token."""

    async def make(token=None, **given):
        token = token or await limited()
        answer = await api.post("/webhooks", {"title": "Observatoire", "url": URL} | given, token)
        assert answer.status_code == 201, answer.text
        return answer.json(), token

    return make
