"""What monitors read: measures without personal data, to those who may have them."""

import dataclasses
import io
import shutil
from datetime import timedelta

import httpx
import pytest
from PIL import Image
from prometheus_client.parser import text_string_to_metric_families

from parvis import clock
from parvis.db import DatabaseAway, transaction
from parvis.db.tables import Delivery
from parvis.outbox.clock_watch import ClockWatch
from parvis.people.tokens import TokenLimits, make_token
from parvis.requests.attached.antivirus import UploadGuard
from parvis.requests.attached.receiving import receive_file
from parvis.web.operators import measures as pulse
from parvis_prometheus import collecting
from parvis_sdk.errors import Later
from parvis_sdk.virus_scanners import Clean
from parvis_testing.antivirus import AnsweringScanner
from parvis_testing.modules import switch
from parvis_testing.operators import opened


@pytest.fixture
async def site(settings, town_plugin, modules):
    """An application of each test's own: what it counts begins at nothing."""
    async with opened(settings, [town_plugin], modules) as site:
        yield site


async def measures(site, **headers):
    answer = await site.http.get("/metrics", headers=headers)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    families = text_string_to_metric_families(answer.text)
    return {(each.name, *sorted(each.labels.items())): each.value for family in families for each in family.samples}


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

    monkeypatch.setattr("parvis_prometheus.collecting.oldest", away)
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


async def test_a_token_of_one_town_among_several_collects_nothing_of_the_others(site):
    assert len(site.host.jurisdictions.by_code) > 1
    await site.deliveries()
    everything = await measures(site)
    transport = httpx.ASGITransport(app=site.app, client=("203.0.113.9", 1234))
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000") as http:
        found = {}
        for town in ("parvis", "rivemont"):
            key, _ = await make_token(site.host.engine, name="moniteur", jurisdiction=town, scopes=["operate"])
            answer = await http.get("/metrics", headers={"authorization": f"Bearer {key}"})
            families = text_string_to_metric_families(answer.text)
            found[town] = {(each.name, *sorted(each.labels.items())) for one in families for each in one.samples}
    ours = {each for each in everything if each[0] == "parvis_requests"}
    assert ours, "a request was filed in parvis"
    assert {each for each in found["parvis"] if each[0] == "parvis_requests"} == ours
    assert not {each for each in found["rivemont"] if each[0] == "parvis_requests"}
    named = {name for name, *_ in found["rivemont"]}
    assert {"parvis_build", "parvis_database_up", "parvis_disk_free_bytes"} <= named
    assert not {"parvis_deliveries", "parvis_delivery_oldest_seconds", "parvis_http_requests_total"} & named


async def test_a_token_of_the_only_town_collects_everything(site, monkeypatch):
    monkeypatch.delitem(site.host.jurisdictions.by_code, "rivemont")
    assert [*site.host.jurisdictions.by_code] == ["parvis"]
    await site.deliveries()
    transport = httpx.ASGITransport(app=site.app, client=("203.0.113.9", 1234))
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000") as http:
        key, _ = await make_token(site.host.engine, name="moniteur", jurisdiction="parvis", scopes=["operate"])
        answer = await http.get("/metrics", headers={"authorization": f"Bearer {key}"})
    assert {"parvis_deliveries", "parvis_requests"} <= {
        each.name for each in text_string_to_metric_families(answer.text)
    }


@pytest.mark.parametrize("limits", [TokenLimits(units=("roads",)), TokenLimits(types=("hole",))])
async def test_a_token_that_is_limited_does_not_collect_what_is_of_the_whole_installation(site, limits):
    transport = httpx.ASGITransport(app=site.app, client=("203.0.113.9", 1234))
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000") as http:
        key, _ = await make_token(
            site.host.engine, name="moniteur", jurisdiction="parvis", scopes=["operate"], limits=limits
        )
        assert (await http.get("/metrics", headers={"authorization": f"Bearer {key}"})).status_code == 403


async def test_how_far_a_replica_is_behind_is_measured_where_one_answers(site, monkeypatch):
    assert "parvis_replica_behind_seconds" not in {name for name, *_ in await measures(site)}
    monkeypatch.setattr(collecting, "seconds_behind", lambda engine: 3.4)
    assert (await measures(site))["parvis_replica_behind_seconds",] == 3.4


async def test_what_is_left_of_the_disk_is_measured(site, settings, monkeypatch):
    usage = shutil.disk_usage(settings.data.parent)._replace(free=400_000_000)
    monkeypatch.setattr(pulse.shutil, "disk_usage", lambda folder: usage)
    assert (await measures(site))["parvis_disk_free_bytes",] == 400_000_000


async def test_a_clock_that_jumped_is_measured(site):
    await ClockWatch(site.host.engine, "worker:1").look()
    assert (await measures(site))["parvis_clock_in_doubt",] == 0
    with clock.moved_to(clock.now() + timedelta(days=21)):
        assert (await measures(site))["parvis_clock_in_doubt",] == 1


async def test_an_antivirus_that_is_away_and_the_files_that_it_holds_are_measured(site):
    found = await measures(site)
    assert (found["parvis_antivirus_up",], found["parvis_files_held",], found["parvis_files_up",]) == (1, 0, 1)
    deployment, scanner = site.app.state.deployment, AnsweringScanner(Clean())
    host = deployment.host.having(UploadGuard(scanner))
    site.app.state.deployment = dataclasses.replace(deployment, host=host)
    written = io.BytesIO()
    Image.new("RGB", (20, 20)).save(written, "JPEG")
    await receive_file(host, "h" * 64, "photos", "trou.jpg", written.getvalue())
    scanner.answer = Later("/run/clamd: connection refused")
    with clock.moved_to(clock.now() + timedelta(minutes=20)):
        found = await measures(site)
    assert (found["parvis_antivirus_up",], found["parvis_files_held",]) == (0, 1)
    assert 1_190 < found["parvis_file_held_oldest_seconds",] < 1_210


async def test_the_overview_names_the_address_and_both_go_on_where_every_town_switched_the_module_off(site):
    await switch(site.host, "off", "prometheus")
    assert (await measures(site))["parvis_database_up",] == 1
    await site.sign_in()
    assert "Pour les outils de surveillance : /health et /metrics." in await site.page()
