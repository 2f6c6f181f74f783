"""Settings as a town has them, and a connection to a scripted Dataverse."""

from datetime import UTC, datetime
from typing import Any

import pytest

from parvis_crm_connector.client import Dataverse
from parvis_crm_connector.settings import Settings
from parvis_sdk.connectors import Connection
from parvis_sdk.mapping import Mapped
from parvis_sdk.oauth import ClientCredentials
from parvis_sdk.testing import Exchange

BASE = "https://crm.example/api/data/v9.2/"
TOKENS = "https://login.example/token"
NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
CASE = Mapped(
    to="incidents",
    columns={"title": "type_title", "description": "place.address", "new_person": "requester.email"},
    read="statuscode",
    moves={"5": "close"},
)
CONTACT = Mapped(to="contacts", columns={"lastname": "requester.name", "emailaddress1": "requester.email"})


def settings(**more: Any) -> Settings:
    given = {"base_url": BASE, "token_url": TOKENS, "client_id": "parvis", "client_secret": "asphalte"}
    given |= {"scope": "https://crm.example/.default", "needs": ("contact",), "mappings": (CASE, CONTACT)}
    return Settings(**{**given, "unnamed_customer": "accounts(accountnumber='X')", **more})


@pytest.fixture
def exchange() -> Exchange:
    scripted = Exchange()
    scripted.answer("POST", "/token", json={"access_token": "t-1", "expires_in": 3600})
    return scripted


@pytest.fixture
async def crm(exchange):
    async with exchange.client() as http:
        access = ClientCredentials(TOKENS, "parvis", lambda: "asphalte")
        yield Dataverse(BASE, access, Connection(http=http, now=NOW))
