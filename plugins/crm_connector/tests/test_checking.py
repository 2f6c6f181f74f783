"""The check, where the real counterpart has no such bad day: rights that lack, and descriptions that are none."""

import pytest

from parvis_crm_connector.checking import check, described_by
from parvis_sdk.errors import Later

from .conftest import settings

EDMX = (
    '<edmx:Edmx xmlns:edmx="e"><edmx:DataServices><Schema xmlns="s"><EntityType Name="incident">'
    '<Property Name="title" Type="Edm.String" MaxLength="200"/></EntityType></Schema></edmx:DataServices></edmx:Edmx>'
)


async def test_settings_that_lack_are_named_before_anything_is_asked(crm, exchange):
    [answer] = await check(crm, settings(client_secret="", scope="", mappings=()))
    assert (answer.code, answer.ok) == ("settings", False)
    assert answer.said.en == "Missing settings: scope, client_secret, mappings (incidents)"
    assert exchange.requests == []


async def test_a_right_that_lacks_is_named(crm, exchange):
    exchange.answer("GET", "/api/data/v9.2/WhoAmI", json={"UserId": "us"})
    exchange.answer("GET", "/api/data/v9.2/$metadata", text=EDMX)
    exchange.answer("GET", "/api/data/v9.2/incidents", status=403, json={"error": {"message": "prvReadIncident"}})
    settled, reachable, allowed = await check(crm, settings())
    assert (settled.ok, reachable.ok, allowed.ok) == (False, True, False)
    assert "there is no column 'description' there" in settled.said.en
    assert "prvReadIncident" in allowed.said.en


def test_what_it_says_of_itself_is_read():
    assert described_by(EDMX.encode())["incident"]["title"].most == 200


@pytest.mark.parametrize("said", [b"<p>Connexion", b"", b"{}"])
def test_what_is_no_description_is_for_later(said):
    with pytest.raises(Later):
        described_by(said)
