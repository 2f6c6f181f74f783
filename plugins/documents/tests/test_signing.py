"""Every document is accessible, archivable and signed; alterations are detected."""

import asyncio
import io
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pikepdf
import pytest

from parvis import clock
from parvis_documents.issued import content_of_document, issued_of
from parvis_sdk.workflow import Denied
from parvis_seals.seals import NotSigned, Seals, TownSeals
from parvis_typesetting.printable import MISSING, RANGES, printable

from .conftest import MONDAY, PASSPHRASE, bundle_of, pem_of


async def pdfs_of(office, reference) -> list[bytes]:
    found = []
    for document in await issued_of((await office.town.record(reference)).id):
        with await content_of_document(office.host, document) as content:
            found.append(content.read())
    return found


async def every_kind(office, language) -> list[bytes]:
    granted, refused = await office.granted(language=language), await office.apply(language)
    await office.move(refused, "write", {"reason": "Il manque un plan.\nEt un autre."})
    await office.move(refused, "refuse", {"reason": "La marge n\u2019est pas respectée."})
    return [*await pdfs_of(office, granted), *await pdfs_of(office, refused)]


def findings(folder: Path, pdfs: list[bytes]) -> list[str]:
    """What two checkers of PDF/UA-1 find wrong with documents; each runs as its own command."""
    paths = [folder / f"{number}.pdf" for number, _ in enumerate(pdfs)]
    for path, pdf in zip(paths, pdfs, strict=True):
        path.write_bytes(pdf)
    commands = (["outloud", "-q", "--layer", "conformance"], ["pdfua", "check"])
    done = [run([f"{Path(sys.executable).parent}/{name}", *more, *map(str, paths)]) for name, *more in commands]
    return [each.stdout + each.stderr for each in done if each.returncode or "FAIL" in each.stdout]


def run(command: list[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, capture_output=True, text=True)


async def test_two_checkers_find_no_fault_in_any_signed_document_in_any_language(sealed, tmp_path):
    pdfs = [*await every_kind(sealed, "fr"), *await every_kind(sealed, "en")]
    assert await asyncio.to_thread(findings, tmp_path, pdfs) == []
    languages = []
    for pdf in pdfs:
        with pikepdf.open(io.BytesIO(pdf)) as opened, opened.open_metadata() as about:
            assert (about["pdfuaid:part"], about["pdfaid:part"], about["pdfaid:conformance"]) == ("1", "2", "A")
            assert (opened.pdf_version, opened.Root.get("/Version")) == ("1.7", None)
            assert opened.Root.MarkInfo.Marked
            languages.append(str(opened.Root.Lang))
    # The refusal is issued in both languages of a bilingual town, French first.
    assert languages == ["fr-CA", "fr-CA", "fr-CA", "en-CA", "en-CA", "fr-CA"]


async def test_the_checkers_would_find_a_fault(sealed, tmp_path):
    (pdf,) = await pdfs_of(sealed, await sealed.granted())
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        del opened.Root.StructTreeRoot
        opened.save(broken := io.BytesIO())
    assert await asyncio.to_thread(findings, tmp_path, [broken.getvalue()])


async def test_the_signature_is_the_towns_covers_all_and_says_when(sealed, keys):
    (pdf,) = await pdfs_of(sealed, await sealed.granted())
    status = await judged(pdf, keys)
    assert status.bottom_line
    assert status.coverage.name == "ENTIRE_FILE"
    assert status.signer_reported_dt == MONDAY
    assert status.docmdp_ok
    record = (await issued_of((await sealed.town.record(await sealed.granted())).id))[0]
    assert record.signed_by == "CN=Ville de parvis"


@pytest.mark.parametrize("where", [0.2, 0.5, 0.9])
async def test_a_document_that_was_touched_is_found_out(sealed, keys, where):
    (pdf,) = await pdfs_of(sealed, await sealed.granted())
    covered = pdf.index(b"/Contents <")  # before the signature itself, which nothing covers
    place = int(covered * where)
    status = await judged(pdf[:place] + bytes([pdf[place] ^ 1]) + pdf[place + 1 :], keys)
    assert not status.intact


async def test_what_is_added_afterwards_is_found_out(sealed, keys):
    (pdf,) = await pdfs_of(sealed, await sealed.granted())
    from pyhanko.pdf_utils.generic import NameObject, TextStringObject
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

    writer, out = IncrementalPdfFileWriter(io.BytesIO(pdf)), io.BytesIO()
    writer.root[NameObject("/Note")] = TextStringObject("valable dix ans")
    writer.update_root()
    writer.write(out)
    assert not (await judged(out.getvalue(), keys)).bottom_line


async def judged(pdf: bytes, keys: Path):
    """What an independent validator says, which trusts the town's certificate."""
    from asn1crypto import x509
    from cryptography.hazmat.primitives.serialization import Encoding
    from cryptography.hazmat.primitives.serialization.pkcs12 import load_pkcs12
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign.validation import async_validate_pdf_signature
    from pyhanko_certvalidator import ValidationContext

    own = load_pkcs12((keys / "parvis.p12").read_bytes(), PASSPHRASE).cert.certificate
    trusted = x509.Certificate.load(own.public_bytes(Encoding.DER))
    (signature,) = PdfFileReader(io.BytesIO(pdf), strict=False).embedded_signatures
    context = ValidationContext(trust_roots=[trusted], moment=clock.now())
    return await async_validate_pdf_signature(signature, context)


async def test_where_the_town_has_keys_nothing_leaves_unsigned(office_of, tmp_path):
    office = office_of(TownSeals(Seals(tmp_path, PASSPHRASE)))
    denied = await office.move(await office.apply(), "grant")
    assert isinstance(denied, Denied)
    assert denied.code == "not_possible"


async def test_a_key_that_is_over_or_locked_signs_nothing(office_of, tmp_path):
    (tmp_path / "parvis.p12").write_bytes(bundle_of("Ville", begins=MONDAY - timedelta(days=400), days=100))
    office = office_of(TownSeals(Seals(tmp_path, PASSPHRASE)))
    assert isinstance(await office.move(await office.apply(), "grant"), Denied)
    with pytest.raises(NotSigned, match="cannot be opened"):
        Seals(tmp_path, b"autre chose").of("parvis")
    assert list(Seals(tmp_path, PASSPHRASE).missing(["parvis", "rivemont"])) == ["rivemont"]


async def test_keys_may_be_pem(office_of, tmp_path):
    (tmp_path / "parvis.pem").write_bytes(pem_of(bundle_of("Ville")))
    office = office_of(TownSeals(Seals(tmp_path)))
    (pdf,) = await pdfs_of(office, await office.granted())
    assert b"/ETSI.CAdES.detached" in pdf


def test_every_character_that_is_let_through_can_be_set():
    words = "".join(chr(code) for first, last in RANGES for code in range(first, last + 1))
    compiled = run([sys.executable, "-c", SET_ALL, words])
    assert compiled.stdout == "%PDF-1.7", compiled.stderr[-300:]


SET_ALL = """
import sys
from datetime import UTC, datetime
from parvis_typesetting.setting import set_pdf, sources_of
words = sys.argv[1]
template = '#let paper(it) = [= A\\n#for each in it.all { [#each ] }]'
sheet = {"language": "fr", "title": "A", "number": "1", "described": "A", "day": [2026, 1, 1],
         "preview": False,
         "all": [words[start:start + 40] for start in range(0, len(words), 40)], "verify": None,
         "town": {"name": "A", "colour": "#000000", "link": "#000000"}, "words": {"page": "", "no_value": ""}}
pdf = set_pdf(sources_of(template), [sheet], "https://x.example/", datetime(2026, 1, 1, tzinfo=UTC))
print(pdf[:8].decode(), end="")
"""


@pytest.mark.parametrize(
    ("typed", "set"),
    [
        ("e\u0301t\u00e9", "été"),
        ("😀 漢", f"{MISSING} {MISSING}"),
        ("a\u202eb\x07c\td", "abc d"),
        ("a\nb", "a\nb"),
        ("ﾊ１", f"{MISSING}1"),
    ],
)
def test_what_cannot_be_set_is_a_square_and_what_controls_is_gone(typed, set):
    assert printable({"words": [typed]}) == {"words": [set]}
