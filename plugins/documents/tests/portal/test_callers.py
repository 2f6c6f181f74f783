"""All addresses of one IPv6 network count as one caller where codes are verified."""

from parvis_documents.codes import new_code
from parvis_testing.callers import MOST, are_counted_by_network, are_two, knock


async def test_thirty_addresses_of_one_network_of_the_new_internet_are_one_caller(app, visitor, monkeypatch):
    """Otherwise the owner of one network tries codes without a limit."""
    monkeypatch.setattr("parvis_documents.portal.TRIES", MOST)

    async def asked(address):
        return await knock(app, address, f"/fr/verifier/{new_code()}", None)

    await are_counted_by_network(asked)
    monkeypatch.setattr("parvis_documents.portal.TRIES", 1)
    await are_two(asked)
