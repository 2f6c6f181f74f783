"""What monitors hear: health in two words, measures without personal data, to those who may have them."""

import shutil
from dataclasses import replace
from datetime import timedelta

import httpx
import pytest
from msgspec import structs
from prometheus_client.parser import text_string_to_metric_families

from parvis import clock
from parvis.db import DatabaseAway, transaction
from parvis.db.tables import Chore, Delivery
from parvis.people.tokens import TokenLimits, make_token
from parvis.web.operators import machines
from parvis.web.operators import measures as pulse
from parvis_testing.operators import opened


@pytest.fixture
async def site(settings, town_plugin):
    """An application of each test's own: what it counts begins at nothing."""
    async with opened(settings, [town_plugin]) as site:
        yield site


async def chore_ran(site):
    async with transaction(site.host.engine):
        await Chore.insert(Chore(name="timers", held_by="", held_until=None, ran_at=clock.now(), said="0"))


async def measures(site, **headers):
    answer = await site.http.get("/metrics", headers=headers)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    families = text_string_to_metric_families(answer.text)
    return {(each.name, *sorted(each.labels.items())): each.value for family in families for each in family.samples}


async def test_health_is_good_with_a_database_and_a_worker(site):
    await chore_ran(site)
    answer = await site.http.get("/health")
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    told = answer.json()
    assert told["status"] == "ok"
    assert told["database"]["reachable"]
    assert told["worker"]["status"] == "alive"
    assert told["outbox"] == {"oldest_waiting_seconds": 0}
    assert told["requests"] == {"without_plugin": 0, "unreadable": 0}
    assert (await site.http.head("/health")).status_code == 200


async def test_health_and_measures_say_how_far_a_replica_is_behind(site, monkeypatch):
    deployment = site.app.state.deployment
    assert "replica" not in (await site.http.get("/health")).json()
    assert "parvis_replica_behind_seconds" not in {name for name, *_ in await measures(site)}
    address = "postgresql://parvis@db2/parvis"
    site.app.state.deployment = replace(
        deployment, settings=structs.replace(deployment.settings, database_replica=address)
    )
    assert (await site.http.get("/health")).json()["replica"] == {"status": "away"}
    monkeypatch.setattr(machines, "is_copied", lambda engine: False)
    assert (await site.http.get("/health")).json()["replica"] == {"status": "no copy"}
    for where in (machines, pulse):
        monkeypatch.setattr(where, "seconds_behind", lambda engine: 3.4)
    assert (await site.http.get("/health")).json()["replica"] == {"status": "ok", "seconds_behind": 3}
    assert (await measures(site))["parvis_replica_behind_seconds",] == 3.4


async def test_health_tells_of_a_worker_that_died_and_balancers_do_not_mind(site):
    await chore_ran(site)
    await site.deliveries()
    with clock.moved_to(clock.now() + timedelta(minutes=10)):
        answer = await site.http.get("/health")
        assert answer.status_code == 503
        assert answer.json()["status"] == "worker away"
        assert 590 < answer.json()["outbox"]["oldest_waiting_seconds"] < 610
        assert (await site.http.get("/health/web")).status_code == 200


async def test_health_takes_no_sign_of_life_from_a_clock_that_was_ahead(site):
    """Else a worker that dies after its clock had jumped six years counts as alive for six years."""
    with clock.moved_to(clock.now() + timedelta(days=6 * 365)):
        await chore_ran(site)
    with clock.moved_to(clock.now() + timedelta(minutes=10)):
        answer = await site.http.get("/health")
        assert (answer.status_code, answer.json()["worker"]["status"]) == (503, "away")
        async with transaction(site.host.engine):
            await Chore.insert(Chore(name="relay", held_by="", held_until=None, ran_at=clock.now(), said="0"))
        assert (await site.http.get("/health")).json()["worker"]["status"] == "alive"


async def test_a_young_process_waits_for_its_worker_before_it_complains(site):
    answer = await site.http.get("/health")
    assert (answer.status_code, answer.json()["worker"]) == (200, {"status": "starting", "last_run": None})


async def test_health_says_soon_that_the_database_is_away_or_too_slow(site, monkeypatch):
    async def away():
        raise DatabaseAway("postgresql://parvis:secret@host is gone")

    monkeypatch.setattr(pulse, "last_run", away)
    answer = await site.http.get("/health")
    assert answer.status_code == 503
    assert answer.json()["status"] == "database away"
    assert "secret" not in answer.text
    assert (await site.http.get("/health/web")).status_code == 503

    async def slow():
        await pulse.asyncio.Event().wait()

    monkeypatch.setattr(pulse, "last_run", slow)
    felt = await pulse.feel(site.host.engine, clock.now(), patience=0.02)
    assert not felt.database


async def test_measures_count_answers_by_pattern_of_the_path_and_never_by_path(site):
    await site.http.get("/exploitation/livraisons/018f0000-0000-7000-8000-000000000000")
    await site.http.get("/nowhere/7K3M-9QXT-4?cle=secret")
    await site.http.request("BREW", "/")
    found = await measures(site)
    unmatched = ("parvis_http_requests_total", ("method", "GET"), ("route", "unmatched"), ("status", "404"))
    assert found[unmatched] == 1
    patterns = {value for name, *labels in found for label, value in labels if label == "route"}
    assert "/exploitation/livraisons/{id:str}" in patterns
    assert not [pattern for pattern in patterns if "7K3M" in pattern or "018f0000" in pattern]
    assert {value for name, *labels in found for label, value in labels if label == "method"} <= {"GET", "other"}
    slowest = ("parvis_http_request_seconds_count", ("route", "unmatched"))
    assert found[slowest] >= 1


async def test_measures_of_the_database_hold_deliveries_requests_and_no_person(site):
    [one] = await site.deliveries()
    async with transaction(site.host.engine):
        await Delivery.update({Delivery.state: "dead"}).where(Delivery.id == one.id)
    text = (await site.http.get("/metrics")).text
    assert "Zoé" not in text
    assert one.reference not in text
    found = await measures(site)
    assert found["parvis_database_up",] == 1
    assert found["parvis_deliveries", ("state", "dead"), ("subscriber", "town.tell")] == 1
    assert found["parvis_requests", ("jurisdiction", "parvis"), ("state", "received")] == 1
    assert found["parvis_delivery_oldest_seconds",] >= 0
    assert found["parvis_plugin_troubles", ("kind", "severe")] == 0
    assert found["process_resident_memory_bytes",] > 1_000_000


async def test_measures_are_given_without_the_database_too(site, monkeypatch):
    async def away():
        raise DatabaseAway("gone")

    monkeypatch.setattr("parvis.web.operators.measures.oldest", away)
    assert (await measures(site))["parvis_database_up",] == 0


async def test_a_page_lost_to_the_database_is_counted(site, monkeypatch):
    await site.sign_in()

    async def away(*given, **named):
        raise DatabaseAway("gone")

    monkeypatch.setattr("parvis.web.operators.overview.counts", away)
    assert (await site.get()).status_code == 503
    assert (await measures(site))["parvis_database_errors_total", ("kind", "DatabaseAway")] == 1


@pytest.mark.parametrize(
    ("address", "headers", "allowed"),
    [
        ("127.0.0.1", {}, True),
        ("::ffff:10.2.3.4", {}, True),
        ("203.0.113.9", {}, False),
        ("127.0.0.1", {"x-forwarded-for": "203.0.113.9"}, False),
        ("127.0.0.1", {"forwarded": "for=203.0.113.9"}, False),
    ],
)
async def test_measures_are_for_allowed_addresses(site, address, headers, allowed):
    transport = httpx.ASGITransport(app=site.app, client=(address, 1234))
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000") as http:
        answer = await http.get("/metrics", headers=headers)
        assert answer.status_code == (200 if allowed else 403)
        assert answer.headers["content-type"].startswith("text/plain" if allowed else "application/problem+json")


async def test_a_token_with_the_scope_may_collect_from_anywhere(site):
    transport = httpx.ASGITransport(app=site.app, client=("203.0.113.9", 1234))
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000") as http:
        for scope, status in (("operate", 200), ("requests:read", 403)):
            key, _ = await make_token(site.host.engine, name="moniteur", jurisdiction="parvis", scopes=[scope])
            answer = await http.get("/metrics", headers={"authorization": f"Bearer {key}"})
            assert answer.status_code == status
        assert (await http.get("/metrics", headers={"authorization": "Bearer parvis_x"})).status_code == 403


@pytest.mark.parametrize("limits", [TokenLimits(units=("roads",)), TokenLimits(types=("hole",))])
async def test_a_token_that_is_limited_does_not_collect_what_is_of_the_whole_installation(site, limits):
    transport = httpx.ASGITransport(app=site.app, client=("203.0.113.9", 1234))
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000") as http:
        key, _ = await make_token(
            site.host.engine, name="moniteur", jurisdiction="parvis", scopes=["operate"], limits=limits
        )
        assert (await http.get("/metrics", headers={"authorization": f"Bearer {key}"})).status_code == 403


async def test_a_disk_that_is_nearly_full_is_told_before_it_is_full(site, settings, monkeypatch):
    await chore_ran(site)
    assert (await site.http.get("/health")).json()["disk"] == {"status": "ok"}
    usage = shutil.disk_usage(settings.data.parent)._replace(free=400_000_000)
    monkeypatch.setattr(pulse.shutil, "disk_usage", lambda folder: usage)
    answer = await site.http.get("/health")
    assert (answer.status_code, answer.json()["disk"]) == (200, {"status": "low"})
    assert (await measures(site))[("parvis_disk_free_bytes",)] == 400_000_000
