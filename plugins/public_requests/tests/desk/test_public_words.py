"""What a stranger typed stands on no public page before a person of the town has read it; a page is hidden at once."""

import io
import re
from datetime import timedelta
from uuid import uuid4

import pytest
from msgspec import structs
from PIL import Image

from parvis import clock
from parvis.access_scope import Scope
from parvis.db import transaction
from parvis.db.tables import Attachment, ServiceRequest
from parvis.requests.amendments import amend
from parvis.requests.attached.attachments import kept_of
from parvis.requests.attached.receiving import receive_file
from parvis.requests.drafting import holder_of
from parvis.requests.keeping.retention import erase
from parvis.requests.publishing import verify_older
from parvis_public_requests.page_reports import report_page, reports_of
from parvis_public_requests.tables import PageReport
from parvis_public_requests.waiting_words import words_to_read
from parvis_sdk.fields import PUBLIC, SENSITIVE, LongText, Photo
from parvis_sdk.forms import Form, Section
from parvis_testing.desk import ANA, HERE, ZOE, said

THIEF = "Jean Tremblay, 418 555-0123, est un voleur"
KNOWN = "470, avenue du Mont-Royal Est"
EVERYWHERE = ("requetes", "requetes.atom", "requetes.rss", "requetes.geojson")
BY_API = ("requests", "requests.geojson", "similar-requests?type=hole&lon=-73.5807&lat=45.5236")


@pytest.fixture
def picture():
    written = io.BytesIO()
    Image.new("RGB", (60, 40), "blue").save(written, "JPEG")
    return written.getvalue()


@pytest.fixture
def told_freely(desk):
    """The holes of this town ask for public words and photos, as a vendor's type may."""
    request_type = desk.host.plugins.request_types["hole"]
    danger, words, *others = request_type.form.fields()
    fields = (danger, structs.replace(words, privacy=PUBLIC), *(f for f in others if not isinstance(f, Photo)))
    photos = structs.replace(others[-1], privacy=PUBLIC)
    form = Form(sections=(Section(code="what", title=words.label, fields=(*fields, photos)),))
    assert isinstance(words, LongText)
    desk.host.plugins.request_types["hole"] = structs.replace(request_type, form=form)
    return desk


async def public_text(desk, reference):
    """Everything that anybody can read of a request, wherever."""
    anybody, seen = desk.browser(), ""
    for path in (*(f"/fr/{each}" for each in EVERYWHERE), f"/fr/requete/{reference}", f"/en/request/{reference}"):
        seen += (await anybody.get(path)).text
    for path in BY_API:
        seen += (await anybody.http.get(f"/api/v1/{path}")).text
    return seen + (await anybody.http.get(f"/api/v1/requests/{reference}")).text


async def test_a_name_typed_in_place_of_an_address_reaches_no_public_page_feed_or_map(desk):
    sent = {
        "type": "hole",
        "language": "fr",
        "answers": {"danger": False},
        "place": HERE | {"address": THIEF, "words": THIEF},
        "requester": ZOE,
    }
    answer = await desk.browser().http.post("/api/v1/requests", json=sent)
    assert answer.status_code == 201
    reference = answer.json()["reference"]
    seen = await public_text(desk, reference)
    assert reference in seen
    for words in ("Tremblay", "418 555-0123", "voleur"):
        assert words not in seen, words
    assert reference not in (await desk.browser().get("/fr/requetes?q=voleur")).text
    assert KNOWN in seen  # what the address base knows at that point
    clerk = await desk.signed_in("agent")
    assert THIEF in (await clerk.get(f"/bureau/requete/{reference}")).text  # the town reads what was sent


async def test_an_address_of_the_base_is_public_at_once_and_one_that_lies_elsewhere_is_not_believed(desk):
    right = await desk.request(place=HERE | {"address": KNOWN.upper()})
    far = await desk.request(place=HERE | {"address": "420, boulevard Rosemont"})
    assert (right.public_address, far.public_address) == (KNOWN, KNOWN)
    nowhere = await desk.request(place={"words": "420, boulevard Rosemont"})
    assert nowhere.public_address == "420, boulevard Rosemont"
    assert (await desk.request(place={"words": THIEF})).public_address == ""
    assert (await desk.request(place={"lon": HERE["lon"], "lat": HERE["lat"]})).public_address == ""


async def test_words_are_public_after_a_press_at_the_desk_and_other_words_wait_again(told_freely):
    desk = told_freely
    record = await desk.request(answers={"danger": False, "words": "Trou devant la caserne"})
    assert "caserne" not in await public_text(desk, record.reference)
    clerk = await desk.signed_in("agent")
    assert "Trou devant la caserne" in (await clerk.get("/bureau/pages-publiques")).text
    await clerk.get(f"/bureau/requete/{record.reference}")
    await clerk.post(f"/bureau/requete/{record.reference}/page-publique", do="publish")
    assert said("The text is published.") in clerk.text
    assert said("Free text to review") not in clerk.text
    assert "Trou devant la caserne" in await public_text(desk, record.reference)
    assert record.reference not in (await clerk.get("/bureau/pages-publiques")).text
    # A correction made afterwards has not been reviewed yet.
    await amend(desk.host, record.reference, answers={"danger": False, "words": "Autre chose"}, actor=ANA)
    assert (await desk.record(record.reference)).answers["words"] == "Autre chose"
    seen = await public_text(desk, record.reference)
    assert "Autre chose" not in seen
    assert "caserne" not in seen


async def test_words_of_years_ago_do_not_keep_those_of_today_off_the_page(told_freely):
    desk, given = told_freely, {"danger": False, "words": "Trou devant la caserne"}
    older, newest = [(await desk.request(answers=given)).reference for _ in range(2)]
    async with transaction(desk.host.engine):
        row = ServiceRequest
        await row.update({row.submitted_at: clock.now() - timedelta(days=3650)}).where(row.reference == older)
    found = await words_to_read(Scope(jurisdiction="parvis"), 1)
    assert [each.reference for each in found] == [newest]


async def test_published_words_are_taken_back_with_a_reason(told_freely):
    desk = told_freely
    record = await desk.request(answers={"danger": False, "words": "Trou devant la caserne"})
    clerk, path = await desk.signed_in("agent"), f"/bureau/requete/{record.reference}"
    await clerk.get(path)
    await clerk.post(f"{path}/page-publique", do="publish")
    await clerk.post(f"{path}/page-publique", do="take-back")
    assert clerk.page.status_code == 422
    assert said("Enter a reason.") in clerk.text
    await clerk.post(f"{path}/page-publique", do="take-back", reason="Nomme un voisin")
    assert "Nomme un voisin" in (await clerk.get(path)).text
    seen = await public_text(desk, record.reference)
    assert "caserne" not in seen
    assert "Nomme un voisin" not in seen


async def test_a_type_may_say_that_free_words_are_never_public(told_freely):
    desk = told_freely
    request_type = desk.host.plugins.request_types["hole"]
    never = structs.replace(request_type.visibility, free_text="never")
    desk.host.plugins.request_types["hole"] = structs.replace(request_type, visibility=never)
    record = await desk.request(answers={"danger": False, "words": "Trou devant la caserne"})
    clerk, path = await desk.signed_in("agent"), f"/bureau/requete/{record.reference}"
    await clerk.get(path)
    assert said("Publish this text") not in clerk.text
    await clerk.post(f"{path}/page-publique", do="publish")
    assert clerk.page.status_code == 409
    assert "caserne" not in await public_text(desk, record.reference)


async def test_a_photo_of_a_stranger_waits_to_be_seen_as_words_do(told_freely, picture):
    desk = told_freely
    file = await receive_file(desk.host, holder_of("x" * 32), "photos", "voisin.jpg", picture)
    raw = {"language": "fr", "answers": {"danger": False, "photos": [file.id]}, "place": HERE, "requester": ZOE}
    receipt = await desk.counter.submit("parvis", "hole", raw, channel="portal", holder=holder_of("x" * 32))
    here, anybody = f"/fr/requete/{receipt.reference}/fichiers/{file.id}", desk.browser()
    assert (await anybody.get(here)).status_code == 404
    clerk, path = await desk.signed_in("agent"), f"/bureau/requete/{receipt.reference}"
    await clerk.get(path)
    await clerk.post(f"{path}/page-publique", do="publish")
    assert (await anybody.get(here)).status_code == 200
    await clerk.post(f"{path}/page-publique", do="take-back", reason="On voit une plaque")
    assert (await anybody.get(here)).status_code == 404


async def published_photo(desk, picture):
    holder = holder_of("x" * 32)
    file = await receive_file(desk.host, holder, "photos", "voisin.jpg", picture)
    raw = {"language": "fr", "answers": {"danger": False, "photos": [file.id]}, "place": HERE, "requester": ZOE}
    receipt = await desk.counter.submit("parvis", "hole", raw, channel="portal", holder=holder)
    clerk, path = await desk.signed_in("agent"), f"/bureau/requete/{receipt.reference}"
    await clerk.get(path)
    await clerk.post(f"{path}/page-publique", do="publish")
    return receipt.reference, file.id, desk.browser()


async def test_a_published_photo_that_a_correction_takes_out_is_public_no_more(told_freely, picture):
    desk = told_freely
    reference, file, anybody = await published_photo(desk, picture)
    page, here = f"/fr/requete/{reference}", f"/fr/requete/{reference}/fichiers/{file}"
    assert (await anybody.get(here)).status_code == 200
    assert "voisin" in (await anybody.get(page)).text
    await amend(desk.host, reference, answers={"danger": False}, actor=ANA)
    assert (await anybody.get(here)).status_code == 404
    assert "voisin" not in (await anybody.get(page)).text


async def test_other_words_beside_a_published_photo_make_both_wait_again(told_freely, picture):
    desk = told_freely
    reference, file, anybody = await published_photo(desk, picture)
    await amend(desk.host, reference, answers={"danger": False, "photos": [file], "words": "Autre chose"}, actor=ANA)
    assert (await anybody.get(f"/fr/requete/{reference}/fichiers/{file}")).status_code == 404
    assert "voisin" not in (await anybody.get(f"/fr/requete/{reference}")).text


async def test_a_photo_is_as_confidential_as_the_type_that_its_request_becomes(told_freely, picture):
    desk = told_freely
    types = desk.host.plugins.request_types
    *others, photos = types["hole"].form.fields()
    hidden = structs.replace(photos, privacy=SENSITIVE)
    form = Form(sections=(Section(code="what", title=photos.label, fields=(*others, hidden)),))
    reference, file, anybody = await published_photo(desk, picture)
    types["quarrel"] = structs.replace(types["quarrel"], form=form)
    await amend(desk.host, reference, type="quarrel", actor=ANA)
    (kept,) = await kept_of(await desk.record(reference))
    assert (kept.attachment.id, kept.audience) == (file, "sensitive")
    assert (await anybody.get(f"/fr/requete/{reference}/fichiers/{file}")).status_code == 404


async def test_anybody_reports_a_page_and_the_desk_hides_it_at_once_with_a_reason(desk):
    record, anybody = await desk.request(), desk.browser()
    page = f"/fr/requete/{record.reference}"
    found = await anybody.get(page)
    assert f"/fr/signaler-cette-page?page=%2Ffr%2Frequete%2F{record.reference}" in found.text
    await anybody.get(f"/fr/signaler-cette-page?page={page}")
    await anybody.post("/fr/signaler-cette-page", page=page, why="", words="")
    assert anybody.page.status_code == 422
    await anybody.post("/fr/signaler-cette-page", page=page, why="person", words="C’est mon voisin")
    assert said("Your report has been sent") in anybody.text
    clerk = await desk.signed_in("agent")
    await clerk.get("/bureau/pages-publiques")
    assert "C’est mon voisin" in clerk.text
    path = f"/bureau/requete/{record.reference}"
    assert "C’est mon voisin" in (await clerk.get(path)).text
    await clerk.post(f"{path}/page-publique", do="hide", reason="Nomme une personne")
    assert said("The public page is hidden.") in clerk.text
    assert (await anybody.get(page)).status_code == 404
    for each in EVERYWHERE:
        assert record.reference not in (await anybody.get(f"/fr/{each}")).text, each
    assert (await anybody.http.get(f"/api/v1/requests/{record.reference}")).status_code == 404
    assert "C’est mon voisin" not in (await clerk.get("/bureau/pages-publiques")).text
    assert "Nomme une personne" in (await clerk.get(path)).text
    await clerk.post(f"{path}/page-publique", do="show", reason="Corrigé")
    assert (await anybody.get(page)).status_code == 200


async def test_a_report_that_hides_nothing_and_one_of_another_page_are_closed_with_a_reason(desk):
    record, anybody = await desk.request(), desk.browser()
    for page in (
        f"/fr/requete/{record.reference}",
        "/fr/requetes",
        "/fr/suivi/clef?cle=secret",
        "https://autre.example",
    ):
        await anybody.get("/fr/signaler-cette-page")
        await anybody.post("/fr/signaler-cette-page", page=page, why="false", words=f"Faux {len(page)}")
    manager = await desk.signed_in("manager")
    listed = await manager.get("/bureau/pages-publiques")
    assert "secret" not in listed.text
    assert "autre.example" not in listed.text
    path = f"/bureau/requete/{record.reference}"
    await manager.get(path)
    await manager.post(f"{path}/page-publique", do="keep", reason="Rien à masquer ici")
    assert said("The reports are closed. The page stays public.") in manager.text
    while "/bureau/pages-publiques/" in (await manager.get("/bureau/pages-publiques")).text:
        one = manager.page.text.split('action="/bureau/pages-publiques/')[1].split('"')[0]
        await manager.post(f"/bureau/pages-publiques/{one}", reason="")
        assert manager.page.status_code == 422
        await manager.post(f"/bureau/pages-publiques/{one}", reason="Vérifié")
    assert said("No page is reported.") in manager.text


async def test_a_report_that_is_pressed_twice_is_there_once(desk):
    record = await desk.request()
    town = desk.host.jurisdictions.jurisdiction("parvis")
    page = f"/fr/requete/{record.reference}"
    for why, words in (("person", "C’est mon voisin"), ("person", "C’est mon voisin"), ("false", "C’est mon voisin")):
        await report_page(desk.host, town, page, record, why, words, "fr")
    assert [each.why for each in await reports_of(record)] == ["person", "false"]
    with clock.moved_to(clock.now() + timedelta(minutes=2)):  # by then it is somebody else who says so
        await report_page(desk.host, town, page, record, "person", "C’est mon voisin", "fr")
    assert len(await reports_of(record)) == 3


async def test_who_closes_a_report_that_is_closed_already_is_told_so(desk):
    town = desk.host.jurisdictions.jurisdiction("parvis")
    await report_page(desk.host, town, "/fr/requetes", None, "false", "Faute", "fr")
    manager = await desk.signed_in("manager")
    await manager.get("/bureau/pages-publiques")
    one = manager.page.text.split('action="/bureau/pages-publiques/')[1].split('"')[0]
    for reason in ("Corrigé", "Corrigé aussi"):
        await manager.post(f"/bureau/pages-publiques/{one}", reason=reason)
        assert manager.page.status_code == 200
        assert said("The report is closed.") in manager.text
    assert [row["settled_why"] for row in await PageReport.select()] == ["Corrigé"]
    assert (await manager.post(f"/bureau/pages-publiques/{uuid4()}", reason="Rien")).status_code == 404


async def test_who_may_not_correct_a_request_decides_nothing_about_its_page(desk):
    record = await desk.request("hole", "roads")
    for role, of in (("observer", ""), ("contractor", "roads"), ("agent", "permits")):
        clerk = await desk.signed_in(role, of)
        await clerk.get("/bureau/compte")
        answer = await clerk.post(f"/bureau/requete/{record.reference}/page-publique", do="hide", reason="x")
        assert answer.status_code in (403, 404), role
    assert (await desk.record(record.reference)).public


async def test_public_words_of_before_are_taken_back_and_their_addresses_looked_up(told_freely):
    desk = told_freely
    record = await desk.request(
        answers={"danger": False, "words": "Trou devant la caserne"}, place=HERE | {"address": THIEF}
    )
    async with transaction(desk.host.engine):
        before = {"public_address": None, "public_text": "voleur caserne", "words_wait": False}
        await ServiceRequest.update(before).where(ServiceRequest.id == record.id)
        await Attachment.update({Attachment.audience: "public"}).where(Attachment.request == record.id)
    assert "voleur est" not in await public_text(desk, record.reference)
    assert await verify_older(desk.host) == 1
    assert await verify_older(desk.host) == 0
    now = await desk.record(record.reference)
    assert now.public_address == KNOWN
    assert record.reference not in (await desk.browser().get("/fr/requetes?q=voleur")).text
    clerk = await desk.signed_in("agent")
    assert record.reference in (await clerk.get("/bureau/pages-publiques")).text


async def test_what_nobody_read_is_not_among_what_stays_after_erasure(told_freely):
    desk = told_freely
    record = await desk.request(
        answers={"danger": True, "words": "Trou devant la caserne"}, place=HERE | {"address": THIEF}
    )
    erased = await erase(desk.host, record.reference, actor=ANA)
    assert erased.answers == {"danger": True}
    assert erased.address == KNOWN


SHAME = "Le maire est un voleur"
SOUGHT = ("q", "near", "type", "theme", "zone")


async def test_words_in_an_address_stand_in_no_title_under_the_name_of_the_town(desk):
    anybody = desk.browser()
    for page in (*EVERYWHERE[:3], "recherche"):
        for name in SOUGHT:
            text = (await anybody.get(f"/fr/{page}?{name}={SHAME}")).text
            for title in re.findall("<title>([^<]*)", text):
                assert SHAME not in title, (page, name)
    title = re.findall("<title>([^<]*)", (await anybody.get("/fr/requetes?type=hole")).text)[0]
    assert title.startswith(said("Public requests"))
