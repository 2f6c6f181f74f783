"""Advisories are switched off: no page speaks of what the files announce, forms go on, what was counted stays read."""

from datetime import timedelta

import pytest
from msgspec import structs

from parvis import clock
from parvis.requests.advice import count, notices_known
from parvis.requests.module_use import warnings_of
from parvis.requests.request_service import RequestService
from parvis_sdk.counter import Receipt
from parvis_testing.deflections import deflections
from parvis_testing.modules import switch
from parvis_testing.service_answers import ON_THE_PLATEAU, app, visitor, whole_app
from parvis_testing.services import said
from parvis_testing.visitors import HOST

from .test_answers import STOP, about_missed, posted

__all__ = ["app", "posted", "visitor", "whole_app"]


@pytest.fixture
def noticed():
    return [STOP]


@pytest.fixture
async def off(browser, host):
    await switch(host, "off", "advisories")
    return browser


async def test_no_page_speaks_of_a_notice_and_its_service_is_open(off, host):
    for path in ("/fr/", "/fr/services/rues/neige"):
        await off.open(path)
        assert "Gel" not in off.text
    assert 'href="/fr/demande/rues/neige"' in off.page.text
    assert "Toute l’année" in off.text
    await off.open("/fr/demande/rues/neige")
    assert "Adresse" in off.text
    assert "Gel" not in off.text
    assert (await off.http.get(f"{HOST}/api/v1/request-types/snow")).json()["notices"] == []
    await switch(host, "on", "advisories")
    assert "Gel" in (await off.open("/fr/")).text


async def test_a_day_is_taken_as_it_is_named_and_nothing_is_said_of_another(off):
    await about_missed(off, "2026-11-24")
    assert off.path == "/fr/demande/rues/collecte-manquee/verification"
    await off.open("/fr/demande/rues/collecte-manquee")
    assert "collecte se fait" not in off.text


async def test_the_intake_takes_it_and_what_was_counted_before_stays(off, host):
    town = host.jurisdictions.jurisdiction("parvis")
    await count(host, town, "snow", ["stop:frost"], "told")
    raw = {"answers": {"size": "small", "danger": False}, "place": ON_THE_PLATEAU, "requester": {"mode": "anonymous"}}
    assert notices_known(host, town) == ()
    assert isinstance(await RequestService(host).submit("parvis", "snow", raw, channel="api"), Receipt)
    assert await deflections("parvis") == {"stop:frost": (1, 0, 0)}


async def test_whoever_switches_it_off_reads_what_opens_and_what_is_not_said_any_more(browser, host, noticed):
    over = clock.now() - timedelta(days=1)
    noticed += [
        structs.replace(STOP, code="works", kind="inform", title=said("Travaux", "Works")),
        structs.replace(STOP, code="past", title=said("Passé", "Past"), until=over),
    ]
    town = host.jurisdictions.jurisdiction("parvis")
    assert await warnings_of(host, town, "advisories", "on") == ()
    opens, unsaid = await warnings_of(host, town, "advisories", "off")
    assert opens.fr.endswith("ces requêtes\u00a0: Gel.")
    assert unsaid.to("en").endswith(": Works.")
    await switch(host, "off", "advisories")
    assert await warnings_of(host, town, "advisories", "off") == ()
