"""All addresses of one IPv6 network count as one caller who asks for links, and one who tries them."""

import pytest

from parvis_testing.callers import MOST, are_counted_by_network, are_two, knock

DOORS = {
    "the entrance": ("parvis.web.entrance.ASKS_OF_CALLER", "/fr/mes-requetes", {"email": "zoe@exemple.ca"}),
    "the link": ("parvis.web.entrance.PRESSES_OF_CALLER", "/fr/mes-requetes/lien/rien", {"x": "1"}),
}


@pytest.mark.parametrize("door", DOORS)
async def test_thirty_addresses_of_one_network_are_one_caller(app, visitor, door, monkeypatch):
    most, path, data = DOORS[door]
    monkeypatch.setattr(most, MOST)

    async def asked(address):
        return await knock(app, address, path, data)

    await are_counted_by_network(asked)
    monkeypatch.setattr(most, 1)
    await are_two(asked)
