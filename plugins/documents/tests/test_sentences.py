"""A sentence of a document is not dropped unseen: what grants is always said, and what is left out is told."""

import pytest
from msgspec import structs

from parvis import clock
from parvis.requests.changing import Situation
from parvis.requests.declarations import type_of_record
from parvis.requests.request_service import RequestService
from parvis.requests.timeline import story
from parvis.requests.visibility import HOLDER, SYSTEM_VIEWER
from parvis_documents import making
from parvis_documents.issued import issued_of
from parvis_documents.making import preview
from parvis_documents.reissuing import preview_paper
from parvis_sdk.request_types import IdentityRule, PlaceRule
from parvis_sdk.workflow import Denied
from parvis_testing.town import HOLE, Town, host_on, said

from .conftest import ANA, ANSWERS, MONDAY, PERMIT, WORKS, Office, with_documents

RING = [[-73.5810, 45.5230], [-73.5806, 45.5230], [-73.5806, 45.5234], [-73.5810, 45.5234], [-73.5810, 45.5230]]
DRAWN = {"geometry": {"type": "Polygon", "coordinates": [RING]}}
GRANTING = structs.replace(
    PERMIT,
    lead=said("{requester} peut faire ces travaux à {place}.", "{requester} may do this work at {place}."),
    body=said("Valable jusqu’au {until}.\n\nPrécisions : {words}", "Valid until {until}.\n\nDetails: {words}"),
    may_lack=("words", "place"),
)
ONLY_WORDS = structs.replace(
    PERMIT, lead=None, body=said("Nous accordons : {words}.", "We grant: {words}."), may_lack=("words",)
)
SILENT = {code: value for code, value in ANSWERS.items() if code != "words"}


@pytest.fixture
def town_with(database, jurisdictions, tmp_path, monkeypatch):
    """An office whose permit is this one, and every sheet that it printed."""

    async def make(document, **changes):
        printed, really = [], making.set_pdf

        def spied(sources, sheets, *rest):
            printed.extend(sheets)
            return really(sources, sheets, *rest)

        monkeypatch.setattr(making, "set_pdf", spied)
        request_type = structs.replace(
            WORKS, parts=(document, *(part for part in WORKS.parts if part is not PERMIT)), **changes
        )
        host = await with_documents(host_on(database, jurisdictions, tmp_path, request_type, HOLE))
        return Office(Town(host=host, counter=RequestService(host))), printed

    return make


@pytest.mark.parametrize(
    ("place", "where"),
    [
        (DRAWN, "l’emplacement délimité au plan du dossier {reference} (centre\u00a0: 45,52320\u00a0; -73,58080)"),
        (
            {"lon": -73.5807, "lat": 45.5236},
            "le point indiqué au plan du dossier {reference} (45,52360\u00a0; -73,58070)",
        ),
        ({"lon": -73.5807, "lat": 45.5236, "words": "au coin nord"}, "au coin nord"),
    ],
    ids=["area", "point", "words"],
)
async def test_a_permit_on_a_drawn_area_without_an_address_still_grants_it(town_with, place, where):
    office, printed = await town_with(GRANTING, place=PlaceRule(shapes=("point", "polygon")))
    reference = await office.granted(place=place)
    where = where.format(reference=reference)
    lead = printed[-1]["lead"].replace("\u2212", "-")
    assert lead == f"Zoé Côté peut faire ces travaux à {where}."
    (document,) = await issued_of((await office.town.record(reference)).id)
    assert document.state == "issued"


async def test_a_permit_for_somebody_without_a_name_grants_it_to_the_applicant(town_with):
    office, printed = await town_with(GRANTING, identity=IdentityRule(modes=("anonymous",)))
    await office.granted(requester={"mode": "anonymous"}, language="en")
    assert printed[-1]["lead"] == "the applicant may do this work at 1234, rue Rachel Est."


async def test_who_previews_and_who_reads_the_history_is_told_of_a_sentence_that_is_left_out(town_with):
    office, printed = await town_with(GRANTING)
    reference = await office.apply(answers=SILENT)
    record = await office.town.record(reference)
    request_type, town = await type_of_record(office.host, record), office.host.jurisdictions.jurisdiction("parvis")
    here = Situation(record=record, request_type=request_type, town=town, at=clock.now())
    move = request_type.workflow.transition("grant")
    paper = await preview_paper(office.host, here, GRANTING, move, {}, ANA)
    assert isinstance(await preview(office.host, paper), bytes)
    assert printed[-1]["body"][-1] == "Phrase omise (réponse manquante)\u00a0: Description."
    await office.move(reference, "grant")
    assert not any("omise" in line for line in printed[-1]["body"])
    record = await office.town.record(reference)
    told = (await story(office.host, record, SYSTEM_VIEWER, "fr"))[-1].words
    assert told == "Une phrase est absente du document, faute de réponse\u00a0: Description."
    assert "omet" not in (await story(office.host, record, HOLDER, "fr"))[-1].words


async def test_a_document_that_would_grant_nothing_is_not_issued(town_with):
    office, _ = await town_with(ONLY_WORDS)
    with clock.moved_to(MONDAY):
        reference = await office.apply(answers=SILENT)
        refused = await office.move(reference, "grant")
    assert isinstance(refused, Denied)
    assert "Description" in refused.reason.fr
    assert "grant nothing" in refused.reason.to("en")
    record = await office.town.record(reference)
    assert (record.state, await issued_of(record.id)) == ("received", ())
    whole = await office.granted()
    assert (await office.town.record(whole)).state == "granted"
