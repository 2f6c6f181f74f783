"""What monitors hear of how the installation is, in two words."""

import shutil
from dataclasses import replace
from datetime import timedelta

import pytest
from msgspec import structs

from parvis import clock
from parvis.db import DatabaseAway, transaction
from parvis.db.tables import Chore
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


async def test_health_says_how_far_a_replica_is_behind(site, monkeypatch):
    deployment = site.app.state.deployment
    assert "replica" not in (await site.http.get("/health")).json()
    address = "postgresql://parvis@db2/parvis"
    site.app.state.deployment = replace(
        deployment, settings=structs.replace(deployment.settings, database_replica=address)
    )
    assert (await site.http.get("/health")).json()["replica"] == {"status": "away"}
    monkeypatch.setattr(machines, "is_copied", lambda engine: False)
    assert (await site.http.get("/health")).json()["replica"] == {"status": "no copy"}
    monkeypatch.setattr(machines, "seconds_behind", lambda engine: 3.4)
    assert (await site.http.get("/health")).json()["replica"] == {"status": "ok", "seconds_behind": 3}


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


async def test_a_disk_that_is_nearly_full_is_told_before_it_is_full(site, settings, monkeypatch):
    await chore_ran(site)
    assert (await site.http.get("/health")).json()["disk"] == {"status": "ok"}
    usage = shutil.disk_usage(settings.data.parent)._replace(free=400_000_000)
    monkeypatch.setattr(pulse.shutil, "disk_usage", lambda folder: usage)
    answer = await site.http.get("/health")
    assert (answer.status_code, answer.json()["disk"]) == (200, {"status": "low"})


class Counted:
    """Somebody who counts answers."""

    def __init__(self):
        self.answers, self.troubles = [], []

    def count(self, method, route, status, seconds):
        self.answers.append((method, route, status, seconds >= 0))

    def lost(self, trouble):
        self.troubles.append(trouble)


async def test_who_counts_answers_is_told_of_each_and_of_those_lost_to_the_database(site, monkeypatch):
    site.app.state.counters["test"] = counted = Counted()
    await site.http.get("/health/live")
    await site.http.get("/nowhere")
    await site.sign_in()

    async def away(*given, **named):
        raise DatabaseAway("gone")

    monkeypatch.setattr("parvis.web.operators.overview.counts", away)
    assert (await site.get()).status_code == 503
    assert counted.answers[:2] == [("GET", "/health/live", 200, True), ("GET", "", 404, True)]
    assert counted.answers[-1][1:3] == ("/exploitation", 503)
    assert counted.troubles == ["DatabaseAway"]


async def test_without_the_module_of_measures_nothing_speaks_of_them(site):
    await site.sign_in()
    assert "Pour les outils de surveillance : /health." in await site.page()
    assert (await site.http.get("/metrics")).status_code == 404
