"""All addresses of one IPv6 network count as one caller wherever tries are limited."""

import pytest
from msgspec import structs

from parvis.api import calls
from parvis.people.throttle import Pace, caller_of
from parvis.requests.references import new_reference
from parvis_sdk.about import Answer
from parvis_testing.callers import A_NETWORK, MOST, are_counted_by_network, are_two, knock, visitor_from
from parvis_testing.services import said
from parvis_testing.visitors import Browser

SERVICE = "/fr/demande/rues/nid-de-poule"
DOORS = {
    "the entrance to a request": (
        "parvis.web.entrance.ASKS_OF_CALLER",
        "/fr/suivi",
        {"reference": new_reference(), "contact": "zoe@exemple.ca"},
    ),
    "the link to a request": ("parvis.web.entrance.PRESSES_OF_CALLER", "/fr/suivi/lien/rien", {"x": "1"}),
    "a form that is begun": ("parvis.web.portal.apply.NEW_DRAFTS", SERVICE, {"place.address": "4563 rue saint-urbain"}),
    "a place that is looked up": ("parvis.web.portal.starting.LOOKS", "/fr/commencer/lieu", {"place.lon": "-73.5"}),
    "sign-in": ("parvis.people.sign_in.BY_ADDRESS", "/connexion", {"email": "{n}@parvis.example", "password": "wrong"}),
}


@pytest.mark.parametrize("door", DOORS)
async def test_thirty_addresses_of_one_network_of_the_new_internet_are_one_caller(app, visitor, door, monkeypatch):
    """Otherwise the owner of one network has unlimited tries: links to mailboxes, codes, passwords, forms."""
    most, path, data = DOORS[door]
    count = iter(range(1000))
    monkeypatch.setattr(most, MOST)

    async def asked(address):
        return await knock(app, address, path, data, number=next(count))

    await are_counted_by_network(asked)
    monkeypatch.setattr(most, 1)
    await are_two(asked)


async def test_requests_sent_from_one_network_are_of_one_caller(app, visitor, monkeypatch):
    monkeypatch.setattr("parvis.web.portal.sending.SENDINGS", 1)

    async def asked(address):
        async with visitor_from(app, address) as http:
            browser = Browser(http)
            await browser.open("/fr/demande/rues/signalement")
            await browser.send({"words": "Un bruit"})
            await browser.send({"mode": "named", "name": "Éloïse Tremblay", "email": "eloise@exemple.ca"})
            return browser.status

    assert await asked("2001:db8:1:2::1") == 200
    assert await asked("2001:db8:1:2::2") == 429
    assert await asked("2001:db8:1:3::1") == 200
    await are_two(asked)


async def test_an_answer_that_was_enough_is_counted_by_network(app, visitor, monkeypatch):
    """A figure of the town that one connection may move only so far."""
    pressed = []

    async def count(*given):
        pressed.append(given)

    monkeypatch.setattr("parvis.web.portal.service.PRESSES", MOST)
    monkeypatch.setattr("parvis.web.portal.service.advice.count", count)
    request_type = app.state.deployment.host.plugins.request_type("hole")
    before = request_type.theme.answers
    structs.force_setattr(
        request_type.theme, "answers", (Answer(code="a", question=said("Q", "Q"), answer=said("R", "A")),)
    )
    for address in A_NETWORK:
        assert await knock(app, address, "/fr/services/rues/nid-de-poule", {"answer": "a"}) == 303
    structs.force_setattr(request_type.theme, "answers", before)
    assert len(pressed) == MOST


async def test_the_api_counts_a_network_as_one_caller(app, visitor, monkeypatch):
    window = calls.LIMITS["read"][1]
    app.state.deployment.host.memory.pop(Pace, None)
    monkeypatch.setitem(calls.LIMITS, "read", (MOST, window))

    async def asked(address):
        return await knock(app, address, "/api/v1/requests", None)

    await are_counted_by_network(asked)
    monkeypatch.setitem(calls.LIMITS, "read", (1, window))
    await are_two(asked)


@pytest.mark.parametrize(
    ("address", "caller"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        ("2001:DB8:1:2::1%eth0", "2001:db8:1:2::/64"),
        ("testclient", "testclient"),
    ],
)
def test_a_caller_is_an_address_or_its_network(address, caller):
    class Asked:
        client = type("Client", (), {"host": address})

    assert caller_of(Asked()) == caller


def test_a_connection_without_an_address_is_one_caller():
    assert caller_of(type("Asked", (), {"client": None})()) == ""
