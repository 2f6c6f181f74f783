"""The API of a town, with what else reads and writes requests for programs, and tokens with limits."""

import pytest

from parvis.people.tokens import TokenLimits, make_token
from parvis_testing.api import *
from parvis_testing.modules import every_scope, only


@pytest.fixture(scope="session")
def modules():
    return only("api_access", "bulk_actions", "changes", "feeds", "open311", "public_requests")


@pytest.fixture
def limited(api):
    """Makes a token of some scopes within limits; the headers that send it."""

    async def make(*scopes, units=(), types=(), jurisdiction="parvis", ends_at=None):
        key, _ = await make_token(
            api.host.engine,
            name="Pont",
            jurisdiction=jurisdiction,
            scopes=scopes,
            limits=TokenLimits(units=units, types=types),
            ends_at=ends_at,
            added=every_scope(api.host)["added"],
        )
        return {"Authorization": f"Bearer {key}"}

    return make


@pytest.fixture
async def both(api):
    """A hole of the roads and a quarrel, which only people of the town see; their references."""
    hole = (await api.filed())["reference"]
    quarrel = (await api.filed(type="quarrel", answers={"kind": "dog", "words": "Il jappe"}))["reference"]
    return hole, quarrel
