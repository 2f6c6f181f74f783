"""Who has links of drafts mailed again and again is counted by their network."""

from parvis_testing.callers import are_two, visitor_from
from parvis_testing.visitors import Browser


async def test_drafts_mailed_from_one_network_are_of_one_caller(app, visitor, monkeypatch):
    monkeypatch.setattr("parvis_drafts.portal.later.MAILS_OF_CALLER", 1)
    monkeypatch.setitem(app.state.deployment.host.plugins.channels, "email", object())

    async def asked(address):
        async with visitor_from(app, address) as http:
            browser = Browser(http)
            await browser.open("/fr/demande/rues/signalement")
            await browser.send({"words": "Un bruit", "_later": "1"})
            await browser.send({"email": f"x{abs(hash(address))}@exemple.ca"}, form=0)
            return browser.status

    assert await asked("2001:db8:1:2::1") == 200
    assert await asked("2001:db8:1:2::2") == 429
    assert await asked("2001:db8:1:3::1") == 200
    await are_two(asked)
