"""Text messages as a resident meets them: offered where there are any, with short links that change nothing."""

from dataclasses import replace

import pytest
from msgspec import structs

from parvis.requests.contacts import contact_of, wants_messages
from parvis.requests.payloads import request_for
from parvis.requests.records import find
from parvis_testing.portal import HERE


@pytest.fixture
def texting(app):
    """The same town with a channel for text messages."""
    deployment = app.state.deployment
    plugins = deployment.host.plugins
    notify = structs.replace(plugins.by_name["notify"], channels=("email", "sms"))
    plugins = structs.replace(plugins, by_name={**plugins.by_name, "notify": notify})
    app.state.deployment = replace(deployment, host=replace(deployment.host, plugins=plugins))
    yield
    app.state.deployment = deployment


async def at_identity(browser):
    await browser.open("/fr/demande/rues/nid-de-poule")
    await browser.send(HERE)
    await browser.send({"size": "small", "danger": "no"})
    return await browser.send({})


async def test_text_messages_are_not_offered_where_nothing_carries_them(visitor, opened):
    browser = await at_identity(visitor())
    assert "Courriel" in browser.text
    assert "Par courriel" not in browser.text  # no question, where there is one way alone
    assert "texto" not in browser.text
    await browser.send({"mode": "named", "name": "Zoé", "phone": "514 555-0101", "preferred_channel": "sms"})
    assert "texto" not in browser.text
    holder, receipt = opened
    await holder.open(f"/fr/suivi/{receipt.reference}/coordonnees")
    assert "Courriel" in holder.text
    assert "Par courriel" not in holder.text
    assert "texto" not in holder.text


async def test_text_messages_are_offered_and_need_a_number(texting, visitor, app):
    browser = await at_identity(visitor())
    assert "Chacun dit comment les arrêter." in browser.text
    await browser.send({"mode": "named", "name": "Zoé", "email": "zoe@exemple.ca", "preferred_channel": "sms"})
    assert browser.status == 422
    assert "Donnez le numéro de téléphone où vous voulez être joint." in browser.text
    await browser.send({"phone": "514 555-0101"})
    assert browser.path.endswith("/verification")
    await browser.send()
    record = await find(app.state.deployment.host, browser.path.split("/")[3])
    contact = await contact_of(record)
    assert (contact.phone, contact.preferred_channel) == ("+15145550101", "sms")


async def test_short_links_lead_to_the_request_and_to_the_button_that_stops(visitor, submit, host):
    receipt = await submit(language="en")
    record = await find(host, receipt.reference)
    request = await request_for(host, record, ("contact",))
    assert len(request.short_url) < len(request.tracking_url)
    path = request.short_url.removeprefix("http://127.0.0.1")
    browser = await visitor().open(path)
    assert browser.path == f"/en/track/{receipt.reference}"
    to_stop = request.short_stop_url.removeprefix("http://127.0.0.1")
    for before in (to_stop, f"{path}/stop"):  # the second is that of texts sent until now
        stranger = await visitor().open(before)
        assert stranger.path == f"/en/track/{receipt.reference}/messages"
        assert await wants_messages(record)
        await stranger.send({"do": "stop"})
        assert not await wants_messages(record)
        await stranger.send({"do": "resume"})
        assert (await stranger.open(f"/en/track/{receipt.reference}")).path == "/en/track"


@pytest.mark.parametrize("wrong", ["", "x", "7K3M9QXT4", "7K3M9QXT4" + "a" * 22, "7K3M9QXT4" + "é" * 22, "%00" * 31])
async def test_a_short_link_that_is_not_whole_opens_nothing(visitor, submit, wrong):
    receipt = await submit()
    for token in (wrong, receipt.reference.replace("-", "") + wrong):
        browser = await visitor().open(f"/t/{token}")
        assert browser.status in (400, 404)


async def test_the_way_to_be_reached_is_changed_on_the_page_of_the_request(texting, opened, app):
    browser, receipt = opened
    await browser.open(f"/fr/suivi/{receipt.reference}/coordonnees")
    await browser.send({"phone": "", "preferred_channel": "sms"})
    assert browser.status == 422
    await browser.send({"email": "", "phone": "438 555-0102", "preferred_channel": "sms"})
    contact = await contact_of(await find(app.state.deployment.host, receipt.reference))
    assert (contact.email, contact.phone, contact.preferred_channel) == ("", "+14385550102", "sms")
