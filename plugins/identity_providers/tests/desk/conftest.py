"""The desk of a running application, whose first town lets people in by a provider."""

import dataclasses

import pytest
from msgspec import structs

from parvis_identity_providers.providers import IdentityProviders
from parvis_identity_providers.rules import TOWN, GroupRule, TownProviders
from parvis_testing.desk import *

from ..sham_provider import PROVIDER, Sham

RULES = (
    GroupRule(provider="ville", values=("voirie",), role="agent", unit="roads"),
    GroupRule(provider="ville", values=("exploitation",), role="operator"),
)


@pytest.fixture
def sham(monkeypatch):
    return Sham(monkeypatch)


@pytest.fixture
def by_provider(desk, sham, monkeypatch):
    """The host of the desk with the provider of its settings, as after a restart; both towns let it in."""
    towns = desk.host.jurisdictions
    said = TownProviders(providers=("ville",), rules=RULES)
    letting = structs.replace(towns, by_code={code: TOWN.put(town, said) for code, town in towns.by_code.items()})
    host = dataclasses.replace(desk.host, jurisdictions=letting).having(
        IdentityProviders({"ville": sham.doorway(PROVIDER)})
    )
    monkeypatch.setattr(desk.app.state.pages, "jurisdictions", letting)
    desk.app.state.deployment = desk.deployment = dataclasses.replace(desk.deployment, host=host)
    desk.host = host
    return desk
