"""Documents on pages: downloaded with a key to the request, verified by anybody, revoked and replaced at the desk."""

import re
from datetime import timedelta
from hashlib import sha256

import pytest

from parvis import clock
from parvis.people.agents import Grant, add_agent
from parvis.people.sessions import begin_session
from parvis.requests.actors import SYSTEM
from parvis.requests.keeping.retention import erase
from parvis.requests.references import key_for
from parvis.requests.remaining_parts import RemainingParts
from parvis_documents.issued import issued_of
from parvis_documents.reissuing import replace as reissue
from parvis_grants.expiring import expire
from parvis_my_requests.archive import as_data, documents_of, gather
from parvis_testing.forms import version_in_form
from parvis_testing.modules import switch

from .conftest import ANA, MONDAY


async def tracking(house, http, reference, language="fr"):
    record = await house.town.record(reference)
    track = {"fr": "suivi", "en": "track"}[language]
    return await http.get(f"/{language}/{track}/{reference}?cle={key_for(house.host.secret, record.id)}")


async def only(house, reference):
    (document,) = await issued_of((await house.town.record(reference)).id)
    return document


async def test_the_holder_of_the_key_saves_the_document(house, visitor):
    reference = await house.granted()
    page = await tracking(house, visitor, reference)
    document = await only(house, reference)
    assert "Permis de construction" in page.text
    assert "PC-2026-00001" in page.text
    saved = await visitor.get(f"/fr/suivi/{reference}/documents/{document.id}")
    assert saved.headers["content-type"] == "application/pdf"
    assert saved.headers["content-disposition"] == "attachment; filename*=UTF-8''PC-2026-00001.pdf"
    assert saved.headers["cache-control"] == "private, no-store"
    assert "sandbox" in saved.headers["content-security-policy"]
    assert len(saved.content) == document.size


async def test_nobody_else_saves_it(house, visitor):
    reference, other = await house.granted(), await house.granted()
    document = await only(house, reference)
    refused = await visitor.get(f"/fr/suivi/{reference}/documents/{document.id}")
    assert refused.url.path == "/fr/suivi"
    await tracking(house, visitor, other)
    assert (await visitor.get(f"/fr/suivi/{other}/documents/{document.id}")).status_code == 404
    assert (await visitor.get(f"/fr/suivi/{other}/documents/nothing")).status_code == 404


async def signed_in(house, http, role="manager"):
    """A clerk at the same browser; what the token of forms is read from."""
    grants = (Grant(role=role, jurisdiction="parvis", unit=""),)
    person = await add_agent(
        house.host.engine,
        email=f"{role}@parvis.example",
        name="Ana Tremblay",
        password="quatre chevaux",
        grants=grants,
    )
    http.cookies.set("parvis_session", await begin_session(house.host.engine, person.id, "Tests"))


async def sent(http, page, path, **values):
    token = re.search(r'name="_csrf" value="([^"]+)"', page.text)[1]
    return await http.post(path, data={"_csrf": token, **version_in_form(page, path), **values})


async def test_a_document_is_changed_from_what_was_seen_of_its_request(house, visitor):
    reference = await house.granted()
    document = await only(house, reference)
    await signed_in(house, visitor)
    change = f"/bureau/requete/{reference}/documents/{document.id}/changer"
    form = await visitor.get(change)
    for version, status in (("", 422), ("x", 422), ("1", 409)):
        page = await sent(visitor, form, change, do="revoke", reason="Mot à garder", version=version)
        assert (page.status_code, "Mot à garder" in page.text) == (status, True)
    assert (await only(house, reference)).state == "issued"


@pytest.mark.parametrize("language", ["fr", "en"])
async def test_anybody_verifies_a_document_and_learns_nothing_personal(house, visitor, language):
    document = await only(house, await house.granted())
    page = await visitor.get(f"/{language}/{'verifier' if language == 'fr' else 'verify'}/{document.verification}")
    assert page.status_code == 200
    assert {"fr": "Ce document est valide", "en": "This document is valid"}[language] in page.text
    last = {"fr": "14 septembre 2027", "en": "September 14, 2027"}[language]
    for words in ("PC-2026-00001", document.digest, last, {"fr": "Ville de Parvis", "en": "City of Parvis"}[language]):
        assert words in page.text
    for words in ("Zoé", "Rachel", "1 234 567", "18 500", "zoe@"):
        assert words not in page.text
    assert page.headers["x-robots-tag"] == "noindex, nofollow"
    assert "no-store" in page.headers["cache-control"]


async def test_a_typed_code_leads_to_its_page_and_a_wrong_one_says_so(house, visitor):
    document = await only(house, await house.granted())
    form = await visitor.get("/fr/verifier")
    shown = document.verification.lower()
    found = await sent(visitor, form, "/fr/verifier", code=f"{shown[:4]} {shown[4:8]}-{shown[8:]}")
    assert "Ce document est valide" in found.text
    missing, misread = "Entrez le code du document, ou choisissez", "Ce code contient une erreur."
    for code, words in (("", missing), ("7K3M-9QXT-42ZA", misread), ("x" * 5000, misread)):
        refused = await sent(visitor, form, "/fr/verifier", code=code)
        assert refused.status_code == 422
        assert words in refused.text
    from parvis_documents.codes import new_code

    unknown = await visitor.get(f"/fr/verifier/{new_code()}")
    assert unknown.status_code == 422
    assert "Aucun document" in unknown.text


async def test_nobody_goes_through_codes(house, visitor, monkeypatch):
    from parvis_documents import portal as verifying
    from parvis_documents.codes import new_code

    monkeypatch.setattr(verifying, "TRIES", 3)
    answers = [(await visitor.get(f"/fr/verifier/{new_code()}")).status_code for _ in range(5)]
    assert answers == [422, 422, 422, 429, 429]


async def test_the_page_says_when_a_document_is_revoked(house, visitor):
    reference = await house.granted()
    await house.move(reference, "revoke", {"reason": "Renseignements inexacts"})
    page = await visitor.get(f"/fr/verifier/{(await only(house, reference)).verification}")
    assert "Ce document a été révoqué" in page.text
    assert "inexacts" not in page.text


async def test_the_desk_previews_a_document_and_takes_no_number(house, visitor):
    reference = await house.apply()
    await signed_in(house, visitor, "agent")
    page = await visitor.get(f"/bureau/requete/{reference}")
    assert 'name="_document" value="permit"' in page.text
    shown = await sent(visitor, page, f"/bureau/requete/{reference}/etape/grant", _document="permit")
    assert shown.headers["content-type"] == "application/pdf"
    assert shown.content.startswith(b"%PDF")
    assert await issued_of((await house.town.record(reference)).id) == ()
    assert (await house.town.record(reference)).version == 1


async def test_a_new_version_keeps_the_number_and_the_one_before_says_replaced(house, visitor):
    reference = await house.granted()
    first = await only(house, reference)
    await signed_in(house, visitor)
    change = f"/bureau/requete/{reference}/documents/{first.id}/changer"
    page = await visitor.get(change)
    missing = await sent(visitor, page, change, do="replace", version="2")
    assert missing.status_code == 422
    done = await sent(visitor, page, change, do="replace", version="2", reason="Le lot était mal écrit.")
    assert "La nouvelle version est délivrée" in done.text
    old, new = await issued_of((await house.town.record(reference)).id)
    assert (old.state, new.state, new.number, new.version) == ("replaced", "issued", old.number, 2)
    assert new.name == "PC-2026-00001-v2.pdf"
    assert (await visitor.get(change)).status_code == 404
    assert "Ce document a été remplacé" in (await visitor.get(f"/fr/verifier/{old.verification}")).text
    assert "Version 2" in (await tracking(house, visitor, reference)).text
    assert "Le lot était mal écrit." in (await tracking(house, visitor, reference)).text


@pytest.mark.parametrize("became", ["ended", "revoked", "expired"])
async def test_what_is_no_longer_in_force_gets_no_new_version_and_no_new_term(house, visitor, became):
    reference = await house.granted()
    if became != "expired":
        await house.move(reference, f"{became}_alone")
    with clock.moved_to(MONDAY + timedelta(days=400)):
        await expire(house.host)
        first = await only(house, reference)
        await signed_in(house, visitor)
        change = f"/bureau/requete/{reference}/documents/{first.id}/changer"
        page = await visitor.get(change)
        assert "Révoquer le document" in page.text
        assert "Délivrer une nouvelle version" not in page.text
        answer = await sent(visitor, page, change, do="replace", reason="Le lot était mal écrit.")
        assert answer.status_code == 409
        assert "Ce document n’est plus en vigueur" in answer.text
    assert await only(house, reference) == first


async def test_a_new_version_of_what_is_suspended_keeps_its_last_day(house, visitor):
    reference = await house.granted()
    await house.move(reference, "suspended_alone")
    with clock.moved_to(MONDAY + timedelta(days=100)):
        first = await only(house, reference)
        before = await visitor.get(f"/fr/verifier/{first.verification}")
        await reissue(house.host, reference, str(first.id), "Lot corrigé", actor=ANA)
        _, second = await issued_of((await house.town.record(reference)).id)
        after = await visitor.get(f"/fr/verifier/{second.verification}")
    last = re.compile(r"Dernier jour.{0,120}?([0-9].{3,12} 20[0-9]{2})", re.DOTALL)
    assert last.search(before.text)[1] == last.search(after.text)[1]


async def test_two_who_replace_at_once_make_one_version(house, visitor):
    reference = await house.granted()
    first = await only(house, reference)
    await signed_in(house, visitor)
    change = f"/bureau/requete/{reference}/documents/{first.id}/changer"
    page = await visitor.get(change)
    done = await sent(visitor, page, change, do="replace", version="2", reason="Un")
    assert done.status_code == 200
    again = await sent(visitor, page, change, do="revoke", version="2", reason="Deux")
    assert again.status_code == 404
    assert [each.state for each in await issued_of((await house.town.record(reference)).id)] == ["replaced", "issued"]


async def test_an_agent_saves_documents_and_only_a_manager_changes_them(house, visitor):
    reference = await house.granted()
    document = await only(house, reference)
    assert document.audience == "personal"
    await signed_in(house, visitor, "agent")
    saved = await visitor.get(f"/bureau/requete/{reference}/documents/{document.id}")
    assert saved.content.startswith(b"%PDF")
    assert "changer" not in (await visitor.get(f"/bureau/requete/{reference}")).text
    assert (await visitor.get(f"/bureau/requete/{reference}/documents/{document.id}/changer")).status_code == 403


async def test_programs_list_and_save_documents_with_the_key_and_nobody_without(house, visitor):
    reference = await house.granted()
    record, document = await house.town.record(reference), await only(house, reference)
    key = key_for(house.host.secret, record.id)
    path = f"/api/v1/requests/{reference}/documents"
    (listed,) = (await visitor.get(path, params={"key": key})).json()["items"]
    assert (listed["number"], listed["standing"], listed["kind"]) == ("PC-2026-00001", "valid", "permit")
    assert listed["digest"] == document.digest
    saved = await visitor.get(listed["url"], params={"key": key})
    assert saved.headers["content-type"] == "application/pdf"
    assert sha256(saved.content).hexdigest() == document.digest
    assert (await visitor.get(listed["url"])).status_code == 404
    other = await house.town.record(await house.granted())
    stranger = key_for(house.host.secret, other.id)
    assert (await visitor.get(listed["url"], params={"key": stranger})).status_code == 404
    there = f"/api/v1/requests/{other.reference}/documents/{document.id}"
    assert (await visitor.get(there, params={"key": stranger})).status_code == 404


async def test_erasure_destroys_what_a_document_said_and_keeps_that_it_was_issued(house, visitor):
    reference = await house.granted()
    document = await only(house, reference)
    await erase(house.host, reference, actor=SYSTEM)
    gone = await only(house, reference)
    assert (gone.content, gone.digest, gone.number) == ("", document.digest, "PC-2026-00001")
    with pytest.raises(FileNotFoundError):
        house.host.files.open(document.content)
    page = await visitor.get(f"/fr/verifier/{document.verification}")
    assert "PC-2026-00001" in page.text
    assert document.digest in page.text
    record = await house.town.record(reference)
    path = f"/api/v1/requests/{reference}/documents"
    (listed,) = (await visitor.get(path, params={"key": key_for(house.host.secret, record.id)})).json()["items"]
    assert listed["url"] is None


async def test_the_archive_of_a_person_holds_their_documents(house):
    reference = await house.granted()
    document = await only(house, reference)
    archive = await gather(house.host, house.host.jurisdictions.jurisdiction("parvis"), "zoe@exemple.ca", "fr")
    ((paper, name),) = documents_of(archive)
    assert (paper.number, paper.content, paper.digest) == (document.number, document.content, document.digest)
    assert name == f"documents/{reference}/PC-2026-00001.pdf"
    assert b'"number": "PC-2026-00001"' in as_data(archive)


@pytest.mark.parametrize(
    ("became", "french", "english"),
    [
        ("valid", "Ce document est valide", "This document is valid"),
        ("suspended", "Ce document est suspendu", "This document is suspended"),
        ("expired", "Ce document est échu", "This document has expired"),
        ("ended", "Ce document n’est plus en vigueur", "This document is no longer in force"),
        ("revoked", "Ce document a été révoqué", "This document was revoked"),
    ],
)
async def test_whoever_verifies_reads_how_the_validity_of_a_document_stands(house, visitor, became, french, english):
    reference = await house.granted()
    if became in ("suspended", "ended", "revoked"):
        await house.move(reference, f"{became}_alone")
    with clock.moved_to(MONDAY + timedelta(days=400 if became == "expired" else 30)):
        await expire(house.host)
        (document,) = await issued_of((await house.town.record(reference)).id)
        pages = [await visitor.get(f"/{path}/{document.verification}") for path in ("fr/verifier", "en/verify")]
    assert document.state == "issued"
    assert f"<h1>{french}</h1>" in pages[0].text
    assert f"<h1>{english}</h1>" in pages[1].text
    # The day it would have ended by itself is nobody's business once it ended otherwise.
    assert ("Dernier jour" in pages[0].text) is (became not in ("ended", "revoked"))


async def test_where_the_module_is_off_what_was_issued_stays_in_reach_and_nothing_is_issued(house, visitor):
    reference = await house.granted()
    document = await only(house, reference)
    await switch(house.host, "off", "documents")
    await house.host.of(RemainingParts).look(house.host)
    verified = await visitor.get(f"/fr/verifier/{document.verification}")
    assert "PC-2026-00001" in verified.text
    assert 'href="/fr/verifier"' in verified.text
    page = await tracking(house, visitor, reference)
    own = f"/fr/suivi/{reference}/documents/{document.id}"
    assert own in page.text
    assert (await visitor.get(own)).content[:5] == b"%PDF-"
    archive = await gather(house.host, house.host.jurisdictions.jurisdiction("parvis"), "zoe@exemple.ca", "fr")
    assert [paper.number for paper, _ in documents_of(archive)] == ["PC-2026-00001"]
    await signed_in(house, visitor)
    at_desk = f"/bureau/requete/{reference}/documents/{document.id}"
    page = await visitor.get(f"/bureau/requete/{reference}")
    assert at_desk in page.text
    assert (await visitor.get(at_desk)).content[:5] == b"%PDF-"
    assert (await visitor.get(f"{at_desk}/changer")).status_code == 404
    assert (await visitor.get(f"/api/v1/requests/{reference}/documents")).status_code == 404


async def test_where_the_module_is_off_and_nothing_was_issued_there_is_no_word_of_it(house, visitor):
    assert 'href="/fr/verifier"' in (await visitor.get("/fr/")).text
    await switch(house.host, "off", "documents")
    await house.host.of(RemainingParts).look(house.host)
    assert "verifier" not in (await visitor.get("/fr/")).text
    assert [(await visitor.get(f"/{path}")).status_code for path in ("fr/verifier", "en/verify")] == [404, 404]


async def test_a_town_keeps_its_pages_for_what_it_issued_itself(house, visitor):
    await house.granted()
    await switch(house.host, "off", "documents")
    remaining = house.host.of(RemainingParts)
    await remaining.look(house.host)
    assert {town for town, word in remaining if word == "document"} == {"parvis"}
