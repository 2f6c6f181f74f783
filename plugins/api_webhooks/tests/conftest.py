"""A town whose programs make their own webhooks, and what receives them."""

import json

import httpx
import pytest

from parvis.http_client import Clients, client_over
from parvis_sdk import connectors
from parvis_testing.modules import only
from parvis_testing.town import *


class Receiver(httpx.AsyncBaseTransport):
    """The other side of the wire: what arrived, and what it answers."""

    def __init__(self):
        self.requests, self.status, self.headers = [], 204, {}

    async def handle_async_request(self, request):
        await request.aread()
        self.requests.append(request)
        if self.status is None:
            raise httpx.ConnectError("it cannot be reached")
        return httpx.Response(self.status, headers=self.headers, stream=httpx.ByteStream(b""), request=request)

    @property
    def told(self):
        return [json.loads(each.content) for each in self.requests]


@pytest.fixture(scope="session")
def modules():
    return only("api_webhooks")


@pytest.fixture
def receiver(monkeypatch):
    """Whatever is sent out arrives here."""
    made = Receiver()
    monkeypatch.setattr(
        Clients, "of", lambda self, name, pace, guard=None: client_over(made, connectors.Pace(seconds=5))
    )
    return made
