"""What everybody reads of how the service is."""

from dataclasses import replace
from datetime import timedelta

import pytest

from parvis import clock
from parvis.db import DatabaseAway, transaction
from parvis.db.tables import Delivery
from parvis.outbox import circuits, heartbeat
from parvis.troubles import only_words
from parvis.worker import Relay
from parvis_testing.modules import switch
from parvis_testing.operators import opened, settings_on, visiting  # noqa: F401


@pytest.fixture
def settings(database_url, tmp_path, jurisdictions, monkeypatch):
    monkeypatch.setattr("parvis.deployment.load_jurisdictions", lambda folder, files: jurisdictions)
    return settings_on(data=tmp_path, database=database_url)


@pytest.fixture
async def site(settings, town_plugin, modules):
    async with opened(settings, [town_plugin], modules) as site:
        yield site


async def status(site, path="/fr/etat", **ahead):
    site.app.state.watching = None
    with clock.moved_to(clock.now() + timedelta(**ahead)):
        answer = await site.http.get(path)
    assert answer.status_code == 200
    return answer.text


async def test_a_young_installation_takes_requests_in_and_looks_at_the_rest(site):
    page = await status(site)
    assert "Vérifié à l’instant" in page
    assert page.count("en cours de vérification") == 2
    assert await Delivery.count() == 0


async def test_what_one_host_saw_is_not_said_of_another_that_the_same_application_serves(site):
    assert "Dernière activité :" not in await status(site)
    await heartbeat.beat(site.host.engine)
    await Relay(site.host).drain()
    assert "Dernière activité :" not in (await site.http.get("/fr/etat")).text  # seen a moment ago
    other = replace(site.host)
    site.app.state.deployment = replace(site.app.state.deployment, host=other)
    assert "Dernière activité :" in (await site.http.get("/fr/etat")).text


async def test_a_heartbeat_that_was_carried_shows_that_all_works_and_when_it_was_seen(site):
    await heartbeat.beat(site.host.engine)
    await Relay(site.host).drain()
    page = await status(site)
    assert "Tout fonctionne" in page
    assert "Dernière activité :" in page
    english = await status(site, "/en/status")
    for words in ("Receiving requests", "Processing requests", "Sending messages", "Everything works"):
        assert words in english, words
    late = await status(site, minutes=20)
    assert "en retard" in late
    assert "sera traité dès que possible" in late


async def test_a_mail_server_that_is_away_shows(site):
    await heartbeat.beat(site.host.engine)
    await Relay(site.host).drain()
    async with transaction(site.host.engine):
        for _ in range(5):
            await circuits.failed(site.host.engine, "channel:email", only_words("550 secret.internal says no"))
    page = await status(site)
    assert page.count("en retard") == 2  # the line and the sentence above
    assert "secret.internal" not in page


async def test_a_database_that_is_away_shows_without_a_word_of_it(site, monkeypatch):
    async def away(engine):
        raise DatabaseAway("postgresql://parvis:secret@host is gone")

    monkeypatch.setattr("parvis_service_status.portal.can_write", away)
    page = await status(site)
    assert "ne pouvons pas recevoir de requêtes" in page
    assert "secret" not in page


async def test_whoever_asks_often_is_told_the_same_and_costs_nothing(site, monkeypatch):
    looks = []

    async def counted(engine):
        looks.append(1)
        return True

    monkeypatch.setattr("parvis_service_status.portal.can_write", counted)
    for _ in range(5):
        assert (await site.http.get("/fr/etat")).status_code == 200
    assert len(looks) == 1


async def test_every_page_of_the_portal_leads_there(site):
    assert 'href="/fr/etat"' in (await site.http.get("/fr/")).text
    assert 'href="/en/status"' in (await site.http.get("/en/status")).text


async def test_where_the_module_is_off_no_page_leads_there(site):
    await switch(site.host, "off", "service_status")
    assert "/fr/etat" not in (await site.http.get("/fr/")).text
    assert (await site.http.get("/fr/etat")).status_code == 404
