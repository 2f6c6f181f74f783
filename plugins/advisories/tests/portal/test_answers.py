"""Answers in place of a request: not that day, by a schedule of the town, and notices that stop or divert."""

from datetime import UTC, datetime

import pytest
from msgspec import structs

from parvis.requests.advice import Notice
from parvis.requests.history import entries_of
from parvis.requests.lists.search import Filters, queue
from parvis.requests.records import find
from parvis.requests.request_service import RequestService
from parvis.requests.visibility import SYSTEM_VIEWER
from parvis_advisories.notice_board import NoticeBoard
from parvis_sdk.counter import Receipt
from parvis_sdk.problems import Problems
from parvis_testing.deflections import deflections
from parvis_testing.service_answers import ANA, ON_THE_PLATEAU, PLATEAU, app, visitor, whole_app
from parvis_testing.services import said

__all__ = ["app", "visitor", "whole_app"]

STOP = Notice(code="frost", kind="stop", types=("snow",), title=said("Gel", "Frost"), text=said("Fermé.", "Closed."))


@pytest.fixture
def noticed():
    """Notices of the town for one test."""
    return []


@pytest.fixture(autouse=True)
def posted(whole_app, noticed, monkeypatch):
    """The board of the town holds these notices."""
    board = whole_app.state.deployment.host.of(NoticeBoard)
    monkeypatch.setattr(board, "all_of", lambda town: tuple(noticed))


async def about_missed(browser, day: str, language: str = "fr"):
    """As far as the day on which the truck should have come."""
    service = {"fr": "/fr/demande/rues/collecte-manquee", "en": "/en/request/streets/missed-collection"}
    await browser.open(service[language])
    await browser.send(PLATEAU)
    await browser.send({"stream": "recycling"})
    year, month, number = day.split("-")
    return await browser.send({"day.day": number, "day.month": month, "day.year": year})


# Not that day


@pytest.mark.parametrize(
    ("language", "words", "when"),
    [
        ("fr", "Aucune collecte n’était prévue le mardi 24 novembre", "Prochaine collecte : mercredi 25 novembre"),
        ("en", "No collection was scheduled on Tuesday, November 24", "Next collection: Wednesday, November 25"),
    ],
)
async def test_who_names_another_day_is_told_when_it_comes_and_files_nothing(browser, host, language, words, when):
    await about_missed(browser, "2026-11-24", language)
    assert browser.path.endswith(("/reponse", "/answer"))
    assert words in browser.text
    assert when in browser.text
    assert "Plateau" in browser.text
    await browser.send({"do": "settled"})
    assert browser.path in ("/fr/services/rues/collecte-manquee", "/en/services/streets/missed-collection")
    assert await deflections("parvis", "missed") == {"schedule:collections-recycling": (1, 1, 0)}
    assert (await queue(host, SYSTEM_VIEWER, "parvis", Filters())).total == 0


async def test_the_page_on_the_day_says_beforehand_when_it_comes(browser):
    await browser.open("/fr/demande/rues/collecte-manquee")
    await browser.send(PLATEAU)
    await browser.send({"stream": "recycling"})
    said = "dans votre secteur (Le Plateau-Mont-Royal), la collecte se fait le mercredi."
    assert f"{said} Dernière collecte : mercredi 18 novembre." in browser.text


async def test_whoever_insists_files_all_the_same_and_the_desk_reads_it(browser, host):
    await about_missed(browser, "2026-11-24")
    await browser.send({"do": "insist"})
    assert browser.path == "/fr/demande/rues/collecte-manquee/verification"
    await browser.send({})
    assert browser.path.endswith("/recu"), browser.text
    record = await find(host, browser.path.split("/")[3])
    first = (await entries_of(record))[0]
    assert first.body["despite"][0]["mark"] == "schedule:collections-recycling"
    assert await deflections("parvis", "missed") == {"schedule:collections-recycling": (1, 0, 1)}


async def test_the_day_of_the_round_is_not_over_before_its_hour(browser):
    await about_missed(browser, "2026-11-25")
    assert "La journée de collecte n’est pas terminée" in browser.text
    assert "jusqu’à 20 h" in browser.text


async def test_the_right_day_goes_straight_on(browser):
    await about_missed(browser, "2026-11-18")
    assert browser.path == "/fr/demande/rues/collecte-manquee/verification"


async def test_the_answer_is_counted_once_however_often_the_page_is_loaded(browser, host):
    await about_missed(browser, "2026-11-24")
    for _ in range(3):
        await browser.open(browser.path)
    assert await deflections("parvis", "missed") == {"schedule:collections-recycling": (1, 0, 0)}


async def test_a_changed_answer_makes_the_way_free(browser):
    await about_missed(browser, "2026-11-24")
    await browser.open("/fr/demande/rues/collecte-manquee")
    await browser.send({"day.day": "18", "day.month": "11", "day.year": "2026"})
    assert browser.path == "/fr/demande/rues/collecte-manquee/verification"


async def test_the_counter_answers_the_same_whoever_asks_and_takes_an_insistence(host, visitor):
    from parvis.requests.advice import Insistence

    raw = {
        "answers": {"stream": "recycling", "day": "2026-11-24"},
        "place": ON_THE_PLATEAU,
        "requester": {"mode": "anonymous"},
    }
    counter = RequestService(host)
    refused = await counter.submit("parvis", "missed", raw, channel="api")
    assert isinstance(refused, Problems)
    (problem,) = refused.found
    assert (problem.path, problem.code) == ("answers.day", "not_today")
    assert "Wednesday" in problem.message.en
    assert isinstance(await counter.submit("parvis", "missed", raw, channel="api", insistence=Insistence()), Receipt)
    assert await deflections("parvis", "missed") == {"schedule:collections-recycling": (1, 0, 1)}


# Notices


DIVERT = structs.replace(STOP, code="berri", types=("hole",), zones=("plateau",), kind="divert", to="missed")
with_notices = pytest.mark.parametrize("noticed", [(STOP, DIVERT)], ids=["stop and divert"])


@with_notices
async def test_a_stopped_service_asks_nothing_and_says_why(browser, noticed):
    await browser.open("/fr/demande/rues/neige")
    assert "Gel" in browser.text
    assert "Fermé." in browser.text
    assert "Adresse" not in browser.text
    await browser.open("/fr/services/rues/neige")
    assert "Gel" in browser.text
    assert "/fr/demande/rues/neige" not in browser.page.text
    await browser.open("/fr/")
    assert "Gel" in browser.text


async def test_a_season_that_begins_in_the_year_9999_closes_no_page(browser, noticed):
    far = datetime(9999, 12, 1, tzinfo=UTC)
    noticed.append(structs.replace(STOP, since=far, every_year=((11, 15), (4, 1))))
    await browser.open("/fr/services/rues/neige")
    assert browser.status == 200
    assert "Gel" not in browser.text


@with_notices
async def test_a_service_is_diverted_once_the_place_is_known_and_nobody_may_insist(browser, noticed):
    await browser.open("/fr/demande/rues/nid-de-poule")
    assert browser.path == "/fr/demande/rues/nid-de-poule"
    await browser.send(PLATEAU)
    assert browser.path.endswith("/reponse")
    assert 'href="/fr/demande/rues/collecte-manquee"' in browser.page.text
    await browser.send({"do": "insist"})
    assert browser.path.endswith("/reponse")


@with_notices
async def test_only_the_people_of_the_town_overrule_it_and_with_a_reason(host, visitor, noticed):
    from parvis.requests.advice import Insistence

    raw = {
        "answers": {"size": "small", "danger": False},
        "place": ON_THE_PLATEAU,
        "requester": {"mode": "anonymous"},
    }
    counter = RequestService(host)
    for weak in (Insistence(), Insistence(by_town=True), Insistence(reason="J’insiste")):
        refused = await counter.submit("parvis", "snow", raw, channel="api", insistence=weak)
        assert isinstance(refused, Problems)
        assert refused.found[0].code == "stopped"
    strong = Insistence(reason="Fuite sous la glace", by_town=True)
    receipt = await counter.submit("parvis", "snow", raw, channel="phone", actor=ANA, insistence=strong)
    first = (await entries_of(await find(host, receipt.reference)))[0]
    assert first.personal["insisted"] == "Fuite sous la glace"
