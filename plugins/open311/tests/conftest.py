"""A town that answers to GeoReport, and a client of it with a key."""

import pytest

from parvis_testing.api import *
from parvis_testing.known_addresses import with_known_addresses
from parvis_testing.modules import only
from parvis_testing.town import *


@pytest.fixture(scope="session")
def modules():
    return with_known_addresses(only("open311", "public_requests"))


class Client:
    """A client of others: knows addresses, forms and nothing of Parvis."""

    def __init__(self, api, key):
        self.api, self.http, self.host, self.key = api, api.http, api.host, key

    async def get(self, path, **asked):
        return await self.http.get(f"/open311/v2/{path}", params=asked)

    async def post(self, path="requests.json", files=None, **sent):
        form = {"api_key": self.key, **sent}
        return await self.http.post(f"/open311/v2/{path}", data=form, files=files)

    async def hole(self, **sent):
        return await self.post(**(HOLE | sent))


HOLE = {
    "service_code": "hole",
    "lat": "45.5236",
    "long": "-73.5807",
    "description": "Gros trou",
    "attribute[danger]": "no",
}


@pytest.fixture
async def client(api):
    token = await api.token("requests:write")
    return Client(api, token["Authorization"].removeprefix("Bearer "))
