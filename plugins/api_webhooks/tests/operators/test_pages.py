"""Webhooks made, tried, paused, replayed and deleted by operators, each within the towns that they run."""

import re
from datetime import timedelta

import pytest

from parvis import clock
from parvis.people.agents import Grant
from parvis_api_webhooks.endpoints import endpoints_of
from parvis_api_webhooks.rounds import one_round

SENT = {
    "title": "Observatoire",
    "url": "https://observatory.example/parvis",
    "where": "parvis",
    "events": ["submitted", "moved"],
    "types": "hole",
}


async def until_calm(host):
    while await one_round(host):
        pass


async def test_a_webhook_is_made_tried_paused_resumed_replayed_and_deleted(site, receiver):
    await site.sign_in()
    await site.deliveries()
    made = await site.post("/webhooks", "/webhooks", **SENT)
    assert made.status_code == 200
    assert made.headers["cache-control"] == "private, no-store"
    secret = re.search(r"whsec_[\w+/=]{40,}", made.text)[0]
    [webhook] = await endpoints_of("parvis")
    assert (webhook.types, webhook.units, webhook.owner) == (("hole",), (), "")
    here = f"/webhooks/{webhook.id}"
    assert secret not in await site.page(here)
    assert "Observatoire" in await site.page("/webhooks")
    tried = await site.post(f"{here}/essai", here)
    assert "HTTP 204" in tried.text
    assert receiver.told[-1]["type"] == "ping"
    await site.post(f"{here}/pause", here, version="1", do="pause")
    assert "en pause" in await site.page(here)
    overtaken = await site.post(f"{here}/pause", here, version="1", do="resume")
    assert overtaken.headers["location"].endswith("fait=change")
    await site.post(f"{here}/pause", here, version="2", do="resume")
    wrong = await site.post(f"{here}/reprise", here, since="hier")
    assert wrong.headers["location"].endswith("fait=jour")
    since = f"{clock.now() - timedelta(days=2):%Y-%m-%d}"
    await site.post(f"{here}/reprise", here, since=since)
    await until_calm(site.host)
    assert receiver.told[-1]["type"] == "request.submitted"
    page = await site.page(here)
    assert receiver.told[-1]["data"]["reference"] in page
    assert "livrée" in page
    renewed = await site.post(f"{here}/secret", here)
    assert re.search(r"whsec_[\w+/=]{40,}", renewed.text)[0] != secret
    gone = await site.post(f"{here}/suppression", here)
    assert gone.headers["location"].endswith("fait=supprime")
    assert await endpoints_of() == ()


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"title": " "}, "Enter the name of the program"),
        ({"url": "http://observatory.example"}, "Give an address of https"),
        ({"where": []}, "Choose a town"),
        ({"where": ["parvis", "rivemont"]}, "Choose a town"),
        ({"types": "nothing"}, "Offered here"),
    ],
)
async def test_what_may_not_be_made_is_said_and_what_was_typed_stays(site, wrong, words):
    await site.sign_in(language="en")
    refused = await site.post("/webhooks", "/webhooks", **SENT | wrong)
    assert refused.status_code == 422
    assert words in refused.text
    assert await endpoints_of() == ()


async def test_the_webhook_of_another_town_is_not_there(site):
    await site.sign_in()
    await site.post("/webhooks", "/webhooks", **SENT)
    [webhook] = await endpoints_of("parvis")
    site.http.cookies.clear()
    await site.sign_in("jo@rivemont.example", grants=(Grant(role="operator", jurisdiction="rivemont"),))
    assert "Observatoire" not in await site.page("/webhooks")
    assert (await site.get(f"/webhooks/{webhook.id}")).status_code == 404
    for path in ("pause", "essai", "secret", "reprise", "suppression"):
        assert (await site.post(f"/webhooks/{webhook.id}/{path}", "/webhooks")).status_code == 404, path
    assert (await site.post("/webhooks", "/webhooks", **SENT)).status_code == 422
    assert (await site.get("/webhooks/nonsense")).status_code == 404
