"""What was reported of a page is told over HTTP, and settled by hiding it or by a reason."""

import pytest

from parvis.requests.history import entries_of
from parvis.requests.records import find
from parvis_public_requests.page_reports import report_page
from parvis_testing.api import HERE

THIEF = "Jean Tremblay, 418 555-0123, est un voleur"


@pytest.fixture
async def accused(api):
    """A request whose place holds free words, its path, and a token that may decide about it."""
    reference = (await api.filed(place=HERE | {"address": THIEF}))["reference"]
    return f"/requests/{reference}/public-page", reference, await api.token("requests:read", "requests:write")


async def kinds(api, reference):
    return [(entry.kind, entry.actor.name) for entry in await entries_of(await find(api.host, reference))]


async def test_a_machine_hides_a_reported_page_at_once_and_shows_it_again(api, accused):
    path, reference, token = accused
    record, town = await find(api.host, reference), api.host.jurisdictions.jurisdiction("parvis")
    await report_page(api.host, town, f"/fr/requete/{reference}", record, "person", "C’est mon nom", "fr")
    assert [each["words"] for each in (await api.get(path, token)).json()["reports"]] == ["C’est mon nom"]
    hidden = await api.post(path, {"do": "hide", "reason": "Un nom"}, token)
    assert (hidden.status_code, hidden.json()["public"], hidden.json()["reports"]) == (200, False, [])
    assert (await api.get(f"/requests/{reference}")).status_code == 404
    assert (await api.post(path, {"do": "hide", "reason": "Un nom"}, token)).status_code == 409
    shown = {"do": "show", "reason": "Corrigé", "version": hidden.json()["version"]}
    assert (await api.post(path, shown, token)).json()["public"] is True
    assert (await api.get(f"/requests/{reference}")).status_code == 200
    assert (await api.post(path, {"do": "burn"}, token)).status_code == 422
    assert (await kinds(api, reference))[1:] == [("page_hidden", "Pont"), ("page_shown", "Pont")]
