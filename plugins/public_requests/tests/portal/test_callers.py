"""All addresses of one IPv6 network count as one caller who reports pages."""

from parvis_testing.callers import MOST, are_counted_by_network, are_two, knock


async def test_who_reports_a_page_from_thirty_addresses_of_one_network_is_one_caller(app, visitor, monkeypatch):
    monkeypatch.setattr("parvis_public_requests.portal.reporting.TRIES", MOST)

    async def asked(address):
        return await knock(app, address, "/fr/signaler-cette-page", {"page": "/fr/", "why": "other"})

    await are_counted_by_network(asked)
    monkeypatch.setattr("parvis_public_requests.portal.reporting.TRIES", 1)
    await are_two(asked)
