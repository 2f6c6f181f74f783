"""Anybody sends the PDF to be verified: genuine, altered, or not of the town; hostile files harm nobody."""

import io
import re
import time
import zlib

import pikepdf
import pytest

from parvis_documents import checking
from parvis_documents import portal as verifying
from parvis_documents.checking import MOST_OF_ALL, MOST_OF_ONE, MOST_STREAMS, codes_in
from parvis_documents.codes import new_code
from parvis_documents.issued import issued_of

from .test_issuing import pdf_of
from .test_pages import only

PATH = {"fr": "/fr/verifier", "en": "/en/verify"}
GENUINE = {"fr": "Ce fichier est authentique", "en": "This file is genuine"}
ALTERED = {
    "fr": "Ce fichier n’est pas celui que la Ville a délivré",
    "en": "This file is not the one that the town issued",
}
NOT_OURS = {"fr": "La Ville n’a pas délivré ce fichier", "en": "The town did not issue this file"}


async def compare(visitor, content: bytes, language="fr", code=""):
    page = await visitor.get(PATH[language])
    token = re.search(r'name="_csrf" value="([^"]+)"', page.text)[1]
    sent = {"_csrf": token, "code": code}
    return await visitor.post(PATH[language], data=sent, files={"file": ("permis.pdf", content, "application/pdf")})


def saved_anew(pdf: bytes, mode=pikepdf.ObjectStreamMode.generate) -> bytes:
    """The same as a program saves it that changed a page, links hidden in streams of objects."""
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        opened.Root.PageLayout = pikepdf.Name.SinglePage
        opened.save(written := io.BytesIO(), object_stream_mode=mode)
    return written.getvalue()


@pytest.mark.parametrize("language", ["fr", "en"])
async def test_the_file_as_it_was_issued_is_genuine_and_an_altered_one_is_not(house, visitor, language):
    document = await only(house, await house.granted())
    pdf = await pdf_of(house, document)
    page = await compare(visitor, pdf, language)
    assert page.status_code == 200
    assert GENUINE[language] in page.text
    assert document.number in page.text
    for altered in (pdf + b"\n", pdf.replace(b"%PDF-1.7", b"%PDF-1.6"), saved_anew(pdf)):
        page = await compare(visitor, altered, language)
        assert ALTERED[language] in page.text
        assert document.number in page.text
        assert GENUINE[language] not in page.text
    for words in ("Zoé", "Rachel", "1 234 567", "18 500"):
        assert words not in page.text


async def test_what_the_town_knows_nothing_of_is_not_its_own(house, visitor):
    document = await only(house, await house.granted())
    for content in (b"%PDF-1.7 of somebody else", b"\x00" * 1000, f"/fr/verifier/{new_code()}".encode()):
        page = await compare(visitor, content)
        assert NOT_OURS["fr"] in page.text
    page = await compare(visitor, b"%PDF-1.4 a scan", code=document.verification)
    assert ALTERED["fr"] in page.text


async def test_a_genuine_file_of_what_was_replaced_or_revoked_says_so(house, visitor):
    reference = await house.granted()
    first = await pdf_of(house, await only(house, reference))
    await house.move(reference, "grant")
    page = await compare(visitor, first)
    assert GENUINE["fr"] in page.text
    assert "Ce document a été remplacé" in page.text
    await house.move(reference, "revoke", {"reason": "Renseignements inexacts"})
    latest = (await issued_of((await house.town.record(reference)).id))[-1]
    assert "Ce document a été révoqué" in (await compare(visitor, await pdf_of(house, latest))).text


async def test_nothing_that_is_sent_is_kept(house, visitor, tmp_path):
    document = await only(house, await house.granted())
    pdf = await pdf_of(house, document)
    before = sorted(path for path in tmp_path.rglob("*") if path.is_file() and "database" not in path.name)
    await compare(visitor, pdf + b"secret words of a stranger")
    after = sorted(path for path in tmp_path.rglob("*") if path.is_file() and "database" not in path.name)
    assert after == before


async def test_what_is_too_large_or_empty_is_told_and_tries_are_counted(house, visitor, monkeypatch):
    monkeypatch.setattr(verifying, "LARGEST", 2_000_000)
    large = await compare(visitor, b"%PDF" + b"0" * 2_000_000)
    assert large.status_code == 422
    assert "« permis.pdf » dépasse 2 Mo." in large.text.replace("\u00a0", " ")
    page = await visitor.get(PATH["fr"])
    token = re.search(r'name="_csrf" value="([^"]+)"', page.text)[1]
    nothing = await visitor.post(PATH["fr"], data={"_csrf": token, "code": ""})
    assert nothing.status_code == 422
    assert "Entrez le code du document, ou choisissez son fichier PDF." in nothing.text
    monkeypatch.setattr(verifying, "TRIES", 2)
    answers = [(await compare(visitor, b"%PDF")).status_code for _ in range(3)]
    assert answers[-1] == 429


def test_hostile_files_take_neither_time_nor_memory():
    bomb = zlib.compress(b"0" * 200_000_000, 9)
    stream = b"<</Type/ObjStm/Filter/FlateDecode>>stream\n" + bomb
    started = time.process_time()
    assert codes_in(stream * 50) == []
    assert codes_in(b"/ObjStm" * 1_000_000) == []
    assert codes_in(b"/verify/" * 1_000_000) == []
    assert codes_in(b"/ObjStm stream\n" + b"\xff" * 1000) == []
    assert time.process_time() - started < 5


def test_streams_that_fail_late_or_hold_nothing_use_up_the_limits_as_others_do(monkeypatch):
    real, handed = zlib.decompressobj, []

    class Counting:
        def __init__(self):
            self.stream = real()

        def __getattr__(self, name):
            return getattr(self.stream, name)

        def decompress(self, packed, most):
            handed.append((len(packed), most))
            return self.stream.decompress(packed, most)

    monkeypatch.setattr(checking.zlib, "decompressobj", Counting)
    begins = b"<</Type/ObjStm/Filter/FlateDecode>>stream\n"
    fails_late = zlib.compress(b"0" * 1_900_000, 9)[:-4] + b"\xff" * 4
    holds_nothing = b"\x78\x9c" + b"\x00\x00\x00\xff\xff" * 380_000
    for file in ((begins + fails_late) * MOST_STREAMS, (begins + holds_nothing) * 12):
        handed.clear()
        assert codes_in(file) == []
        assert 1 < len(handed) <= MOST_OF_ALL / 1_900_000 + 1
        assert max(max(sizes) for sizes in handed) <= MOST_OF_ONE


def test_codes_are_found_in_plain_sight_and_in_streams_of_objects():
    code = new_code()
    link = f"(https://services.example/en/verify/{code})".encode()
    assert codes_in(b"/URI" + link) == [code]
    assert codes_in(b"/Type /ObjStm /Length 9 >>\nstream\r\n" + zlib.compress(link) + b"endstream") == [code]
