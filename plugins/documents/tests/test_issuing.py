"""A move issues a document or is not made; what is issued is numbered, kept, replaced and revoked."""

import asyncio
import io
from datetime import timedelta

import msgspec
import pikepdf
import pytest

from parvis import clock
from parvis.db.tables import Delivery
from parvis.requests.declarations import type_of_record
from parvis.requests.history import broken_at, entries_of
from parvis.requests.parts.together import standing_facts
from parvis.requests.records import Record
from parvis_documents.codes import grouped_code, new_code, normalise_code
from parvis_documents.issued import content_of_document, issued_of, standing_of, verified
from parvis_documents.tables import Document as DocumentRow
from parvis_documents.tables import Series
from parvis_grants.validity import validity_of
from parvis_sdk.workflow import Denied

from .conftest import ANSWERS, MONDAY


async def pdf_of(office, document) -> bytes:
    with await content_of_document(office.host, document) as content:
        return content.read()


async def only(office, reference):
    (document,) = await issued_of((await office.town.record(reference)).id)
    return document


async def test_a_move_issues_a_numbered_document_in_its_own_unit(office):
    reference = await office.granted()
    record, document = await office.town.record(reference), await only(office, reference)
    assert (document.number, document.version, document.state) == ("PC-2026-00001", 1, "issued")
    assert record.version == 2
    assert (await entries_of(record))[-1].body["facts"] == ["document.permit.issued", "validity.permit.valid"]
    request_type = await type_of_record(office.host, record)
    assert "document.permit.issued" in await standing_facts(office.host, record, request_type)
    pdf = await pdf_of(office, document)
    assert pdf.startswith(b"%PDF-1.7")
    assert len(pdf) == document.size
    assert await broken_at(record) is None


async def test_messages_of_the_move_may_name_the_number_and_the_page_that_verifies_it(office):
    record = await office.town.record(await office.granted())
    rows = await Delivery.select(Delivery.event).where(Delivery.request == record.id)
    (moved,) = [event for row in rows if (event := msgspec.json.decode(row["event"]))["event"] == "moved"]
    document = await only(office, record.reference)
    assert moved["said"]["document_number"] == {"fr": "PC-2026-00001"}
    assert moved["said"]["document_link"]["en"].endswith(f"/en/verify/{document.verification}")


async def test_numbers_count_by_town_and_year_without_gap_or_repeat(office):
    with clock.moved_to(MONDAY) as moved:
        first = [await office.apply() for _ in range(3)]
        for reference in first:
            assert isinstance(await office.move(reference, "grant"), Record)
        moved.forward(days=200)
        late = await office.apply()
        await office.move(late, "grant")
    numbers = [(await only(office, reference)).number for reference in (*first, late)]
    assert numbers == ["PC-2026-00001", "PC-2026-00002", "PC-2026-00003", "PC-2027-00001"]


async def test_two_who_grant_at_the_same_time_never_share_a_number(office):
    references = [await office.apply() for _ in range(4)]
    await asyncio.gather(*(office.move(reference, "grant") for reference in references))
    numbers = {(await only(office, reference)).number[-5:] for reference in references}
    assert numbers == {"00001", "00002", "00003", "00004"}


async def test_a_document_that_cannot_be_made_refuses_the_move_and_takes_no_number(office, monkeypatch):
    from parvis_documents import making

    reference = await office.apply()
    sources = making.sources_of('#import "parvis.typ": *\n#let paper(it) = panic("broken")')
    monkeypatch.setattr(making, "sources_for", lambda document, here: sources)
    denied = await office.move(reference, "grant")
    assert isinstance(denied, Denied)
    assert denied.code == "not_possible"
    assert "Permis de construction" in denied.reason.fr
    assert "Building permit" in denied.reason.en
    record = await office.town.record(reference)
    assert (record.state, record.version) == ("received", 1)
    assert await DocumentRow.select() == []
    assert {row["last"] for row in await Series.select()} <= {0}
    monkeypatch.undo()
    await office.move(reference, "grant")
    assert (await only(office, reference)).number.endswith("-00001")


async def test_a_template_that_never_ends_refuses_the_move(office, monkeypatch):
    from parvis_documents import making

    loop = "#let paper(it) = { let n = 0\n for a in range(3000) { for b in range(3000) { n += 1 } } }"
    monkeypatch.setattr(making, "sources_for", lambda document, here: making.sources_of(loop))
    monkeypatch.setattr(making, "SECONDS", 0.05)
    denied = await office.move(await office.apply(), "grant")
    assert isinstance(denied, Denied)
    assert denied.code == "not_possible"


async def test_what_a_later_move_issues_replaces_what_was_issued_before(office):
    reference = await office.granted()
    with clock.moved_to(MONDAY + timedelta(days=3)):
        await office.move(reference, "grant")
    first, second = await issued_of((await office.town.record(reference)).id)
    assert (first.state, second.state) == ("replaced", "issued")
    assert standing_of(first, await validity_of(first.request)) == "replaced"
    assert second.number == "PC-2026-00002"


async def test_letters_stand_beside_each_other(office):
    reference = await office.apply()
    await office.move(reference, "write", {"reason": "Il manque un plan."})
    await office.move(reference, "write", {"reason": "Il manque encore un plan."})
    documents = await issued_of((await office.town.record(reference)).id)
    assert [(each.number, each.state) for each in documents] == [("LC-1", "issued"), ("LC-2", "issued")]


async def test_a_document_is_worth_what_its_validity_is(office):
    reference = await office.granted()
    document = await only(office, reference)
    assert standing_of(document, await validity_of(document.request)) == "valid"
    await office.move(reference, "revoke", {"reason": "Renseignements inexacts"})
    document = await only(office, reference)
    assert document.state == "revoked"
    assert standing_of(document, await validity_of(document.request)) == "revoked"


async def test_a_code_is_found_however_it_was_typed_and_never_with_a_mistake(office):
    document = await only(office, await office.granted())
    shown = grouped_code(document.verification)
    assert await verified(normalise_code(shown.lower().replace("-", " "))) == document
    wrong = ("0" if shown[0] != "0" else "1") + shown[1:]
    assert normalise_code(wrong) is None
    assert len({new_code() for _ in range(1000)}) == 1000


@pytest.mark.parametrize(
    ("language", "title", "lang"), [("fr", "Permis de construction", "fr-CA"), ("en", "Building permit", "en-CA")]
)
async def test_the_pdf_says_its_title_number_and_language(office, language, title, lang):
    document = await only(office, await office.granted(language=language))
    with pikepdf.open(io.BytesIO(await pdf_of(office, document))) as pdf:
        assert pdf.Root.Lang == lang
        assert pdf.Root.ViewerPreferences.DisplayDocTitle
        with pdf.open_metadata() as about:
            assert about["dc:title"] == f"{title} PC-2026-00001"
            assert (about["pdfuaid:part"], about["pdfaid:part"], about["pdfaid:conformance"]) == ("1", "2", "A")


async def test_hostile_words_are_words_and_nothing_else(office):
    words = '#panic("x") $x^2$ @preview/x:1.0.0 #read("/etc/passwd") \\ "] *gras* \u202e😀漢字\x07 <b> {number}'
    reference = await office.granted(answers=ANSWERS | {"lot": '"]#eval("1")', "words": words})
    with pikepdf.open(io.BytesIO(await pdf_of(office, await only(office, reference)))) as pdf:
        assert len(pdf.pages) == 1
