"""Public words published, pages hidden and people revealed over HTTP, by the rights and reasons of the desk."""

from datetime import timedelta

import pytest

from parvis import clock
from parvis.requests.access_log import reveals_in
from parvis.requests.history import entries_of
from parvis.requests.records import find
from parvis_testing.api import HERE

THIEF = "Jean Tremblay, 418 555-0123, est un voleur"
MARIE = {"mode": "confidential", "name": "Marie Plainte", "email": "marie@exemple.ca"}


@pytest.fixture
async def accused(api):
    """A request whose place holds free words, its path, and a token that may decide about it."""
    reference = (await api.filed(place=HERE | {"address": THIEF}))["reference"]
    return f"/requests/{reference}/public-page", reference, await api.token("requests:read", "requests:write")


async def kinds(api, reference):
    return [(entry.kind, entry.actor.name) for entry in await entries_of(await find(api.host, reference))]


async def test_a_machine_reads_publishes_and_takes_back_the_words_that_a_stranger_typed(api, accused):
    path, reference, token = accused
    page = (await api.get(path, token)).json()
    assert (page["waiting"], page["published"], page["place_typed"]) == (True, False, THIEF)
    assert THIEF not in (await api.get(f"/requests/{reference}")).text
    unseen = await api.post(path, {"do": "publish"}, token)
    assert (unseen.status_code, unseen.headers["content-type"]) == (428, "application/problem+json")
    stale = await api.post(path, {"do": "publish", "version": page["version"] - 1}, token)
    assert stale.status_code == 409
    published = await api.post(path, {"do": "publish", "version": page["version"]}, token)
    assert (published.status_code, published.json()["published"]) == (200, True)
    assert THIEF in (await api.get(f"/requests/{reference}")).text
    back = {"do": "take_back", "version": published.json()["version"]}
    assert (await api.post(path, back, token)).status_code == 422  # no reason
    assert (await api.post(path, back | {"reason": "Un nom"}, token)).json()["published"] is False
    assert THIEF not in (await api.get(f"/requests/{reference}")).text
    assert (await kinds(api, reference))[1:] == [("words_public", "Pont"), ("words_taken_back", "Pont")]


async def test_a_machine_hides_a_page_at_once_and_shows_it_again(api, accused):
    path, reference, token = accused
    hidden = await api.post(path, {"do": "hide", "reason": "Un nom"}, token)
    assert (hidden.status_code, hidden.json()["public"], hidden.json()["reports"]) == (200, False, [])
    assert (await api.get(f"/requests/{reference}")).status_code == 404
    assert (await api.post(path, {"do": "hide", "reason": "Un nom"}, token)).status_code == 409
    shown = {"do": "show", "reason": "Corrigé", "version": hidden.json()["version"]}
    assert (await api.post(path, shown, token)).json()["public"] is True
    assert (await api.get(f"/requests/{reference}")).status_code == 200
    assert (await api.post(path, {"do": "burn"}, token)).status_code == 422
    assert (await kinds(api, reference))[1:] == [("page_hidden", "Pont"), ("page_shown", "Pont")]


async def test_who_may_not_correct_a_request_decides_nothing_about_its_public_page(api, accused):
    path, reference, _ = accused
    beside = await api.token("requests:read", "requests:write", unit="snow")
    elsewhere = await api.token("requests:read", "requests:write", jurisdiction="rivemont")
    reader = await api.token("requests:read", "contacts:read")
    for headers, status in ((None, 401), (reader, 403), (beside, 403), (elsewhere, 404)):
        body = {"do": "hide", "reason": "Un nom"}
        assert (await api.post(path, body, headers)).status_code in {status, 404}
        assert (await api.get(path, headers)).status_code in {status, 404}
    assert (await find(api.host, reference)).public
    assert len(await kinds(api, reference)) == 1


async def test_a_confidential_person_is_revealed_to_a_machine_for_a_reason_that_is_written_down_first(api):
    receipt = await api.filed(type="quarrel", answers={"kind": "noise"}, requester=MARIE)
    path = f"/requests/{receipt['reference']}"
    token = await api.token("requests:read", "contacts:read", "contacts:reveal")
    assert "Marie" not in (await api.get(path, token)).text
    for reason in (None, "", "  ", "x", 5):
        refused = await api.post(f"{path}/reveal", {"reason": reason}, token)
        assert (refused.status_code, refused.headers["content-type"]) == (422, "application/problem+json")
    short = (await api.post(f"{path}/reveal", {"reason": "x"}, token)).json()["errors"]
    assert [(each["path"], each["message"]) for each in short] == [
        ("reason", "Indiquez pourquoi vous avez besoin de le savoir.")
    ]
    assert len(await kinds(api, receipt["reference"])) == 1
    told = await api.post(f"{path}/reveal", {"reason": "Rappeler la plaignante"}, token)
    assert (told.json()["requester"]["name"], told.json()["answers"]["kind"]) == ("Marie Plainte", "noise")
    assert (await kinds(api, receipt["reference"]))[1:] == [("revealed", "Pont")]
    [reveal], _ = await reveals_in("parvis")
    assert (reveal.name, reveal.reason) == ("Pont", "Rappeler la plaignante")
    assert "Marie" not in (await api.get(path, token)).text  # who it is is told once


async def test_nobody_without_the_scope_and_the_unit_is_told_who_a_confidential_person_is(api):
    receipt = await api.filed(type="quarrel", answers={"kind": "noise"}, requester=MARIE)
    path, body = f"/requests/{receipt['reference']}/reveal", {"reason": "Rappeler la plaignante"}
    everything_else = ("requests:read", "requests:write", "contacts:read", "operate")
    refused = {
        401: None,
        403: await api.token(*everything_else),
        404: await api.token("contacts:reveal"),  # sees no request
    }
    for status, headers in refused.items():
        answer = await api.post(path, body, headers)
        assert (answer.status_code, "Marie" in answer.text) == (status, False)
    for other in ({"unit": "snow"}, {"jurisdiction": "rivemont"}):
        answer = await api.post(path, body, await api.token(*everything_else, "contacts:reveal", **other))
        assert (answer.status_code, "Marie" in answer.text) == (404, False)
    assert (await api.post(path, body, key=receipt["key"])).status_code == 401
    assert len(await kinds(api, receipt["reference"])) == 1


async def test_what_a_reveal_opens_to_a_machine_closes_after_fifteen_minutes(api, monkeypatch):
    from parvis.api import calls
    from parvis.requests.access_log import find_revealed

    receipt = await api.filed(type="quarrel", answers={"kind": "noise"}, requester=MARIE)
    path, seen = f"/requests/{receipt['reference']}", []

    async def noted(host, reference, viewer):
        record, found = await find_revealed(host, reference, viewer)
        seen.append(found.revealing)
        return record, found

    monkeypatch.setattr(calls, "find_revealed", noted)
    token = await api.token("requests:read", "contacts:reveal")
    await api.post(f"{path}/reveal", {"reason": "Rappeler"}, token)
    await api.get(path, token)
    await api.get(path, await api.token("requests:read", "contacts:reveal"))  # another machine gave no reason
    with clock.moved_to(clock.now() + timedelta(minutes=16)):
        await api.get(path, token)
    open_to = frozenset({receipt["reference"]})
    assert seen == [frozenset(), open_to, frozenset(), frozenset()]
