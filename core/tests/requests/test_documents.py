"""Documents are known by what they are, kept byte for byte, and refused when they run, hide, swell or do not open."""

import io
import zipfile
import zlib

import pikepdf
import pytest
from pikepdf import Dictionary, Name

from parvis.requests.attached.documents import EXCEL, WORD, kind_of_document, look_into
from parvis.requests.attached.receiving import claims, named_as, plain_name
from parvis.requests.attached.unfit import Unfit

ODT = "application/vnd.oasis.opendocument.text"


def pdf(change=lambda document: None, **options):
    written = io.BytesIO()
    with pikepdf.new() as document:
        document.add_blank_page()
        change(document)
        document.save(written, **options)
    return written.getvalue()


def zipped(parts, method=zipfile.ZIP_DEFLATED):
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", method) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return written.getvalue()


def word(**more):
    return zipped({"[Content_Types].xml": "<Types/>", "word/document.xml": "<w:document/>", **more})


def judged(content):
    look_into(content, kind_of_document(content))


def with_script(document):
    document.Root.OpenAction = Dictionary(S=Name.JavaScript, JS="app.alert(1)")


def with_launch(document):
    document.pages[0].Annots = document.make_indirect(
        pikepdf.Array([Dictionary(Subtype=Name.Link, A=Dictionary(S=Name.Launch, F="cmd.exe"))])
    )


def with_file(document):
    document.attachments["x.txt"] = b"hello"


def with_form_script(document):
    document.Root.AcroForm = Dictionary(
        Fields=pikepdf.Array([Dictionary(AA=Dictionary(K=Dictionary(S=Name.JavaScript)))])
    )


def with_xfa(document):
    document.Root.AcroForm = Dictionary(XFA=document.make_stream(b"<xdp/>"))


@pytest.mark.parametrize("packed", [pikepdf.ObjectStreamMode.disable, pikepdf.ObjectStreamMode.generate])
@pytest.mark.parametrize("change", [with_script, with_launch, with_file, with_form_script, with_xfa])
def test_a_pdf_that_runs_or_carries_something_is_refused_however_it_is_packed(change, packed):
    with pytest.raises(Unfit, match="file_active"):
        judged(pdf(change, object_stream_mode=packed))


def with_link(document):
    document.pages[0].Annots = pikepdf.Array(
        [Dictionary(Subtype=Name.Link, A=Dictionary(S=Name.URI, URI="https://ville.example"))]
    )
    document.Root.OpenAction = Dictionary(S=Name.GoTo)


@pytest.mark.parametrize(
    "content",
    [
        pdf(),
        pdf(with_link),
        pdf(linearize=True),
        b"\n\n" + pdf(),
        pdf(encryption=pikepdf.Encryption(owner="o", user="")),
    ],
)
def test_a_pdf_that_only_shows_is_kept(content):
    assert kind_of_document(content) == "application/pdf"
    judged(content)


def test_a_pdf_that_asks_for_a_password_says_so():
    with pytest.raises(Unfit, match="file_locked"):
        judged(pdf(encryption=pikepdf.Encryption(owner="o", user="u")))


@pytest.mark.parametrize("content", [b"%PDF-1.7", b"%PDF-1.7\nrubbish" * 50, pdf()[:200], b"%PDF-1.7\n" + b"<<" * 5000])
def test_a_pdf_that_does_not_open_is_broken(content):
    with pytest.raises(Unfit, match="file_broken"):
        judged(content)


def swelling_pdf(size):
    """Its objects lie in a stream that becomes a thousand times as large."""
    packed = zlib.compress(b" " * size, 9)
    objects = [
        b"<</Type/Catalog/Pages 2 0 R/OpenAction 5 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>",
        b"<</Type/ObjStm/N 1/First 4/Filter/FlateDecode/Length %d>>stream\n" % len(packed) + packed + b"\nendstream",
    ]
    written, places = b"%PDF-1.7\n", []
    for number, each in enumerate(objects, 1):
        places.append(len(written))
        written += b"%d 0 obj\n%b\nendobj\n" % (number, each)
    rows = [(0, 0), *((1, place) for place in places), (2, 4), (1, len(written))]
    table = b"".join(bytes([kind]) + place.to_bytes(4, "big") + b"\0" for kind, place in rows)
    head = b"<</Type/XRef/Size 7/Root 1 0 R/W[1 4 1]/Length %d>>stream\n" % len(table)
    return written + b"6 0 obj\n" + head + table + b"\nendstream\nendobj\nstartxref\n%d\n%%%%EOF" % len(written)


def test_a_pdf_that_swells_when_it_is_opened_is_refused():
    with pytest.raises(Unfit, match="file_swollen"):
        judged(swelling_pdf(70_000_000))


def test_office_files_are_known_by_what_lies_inside():
    assert kind_of_document(word()) == WORD
    assert kind_of_document(zipped({"[Content_Types].xml": "", "xl/workbook.xml": ""})) == EXCEL
    assert kind_of_document(zipped({"mimetype": ODT, "content.xml": ""}, zipfile.ZIP_STORED)) == ODT
    assert kind_of_document(zipped({"outil.exe": "MZ"})) == ""
    assert kind_of_document(zipped({"mimetype": "application/x-evil"})) == ""
    judged(word())


@pytest.mark.parametrize(
    ("parts", "code"),
    [
        ({"word/vbaProject.bin": b"x"}, "file_active"),
        ({"word/activeX/activeX1.bin": b"x"}, "file_active"),
        ({"word/embeddings/oleObject1.bin": b"x"}, "file_active"),
        ({"word/media/image.bmp": bytes(5_000_000)}, "file_swollen"),
        ({f"word/{number}.xml": "" for number in range(5001)}, "file_swollen"),
    ],
)
def test_an_office_file_with_programs_or_that_swells_is_refused(parts, code):
    with pytest.raises(Unfit, match=code):
        judged(word(**parts))


def test_an_office_file_cut_off_is_broken_and_a_locked_one_says_so():
    with pytest.raises(Unfit, match="file_broken"):
        look_into(word()[:-30], WORD)
    locked = bytearray(word())
    at = locked.index(b"PK\x01\x02")
    locked[at + 8] |= 1
    with pytest.raises(Unfit, match="file_locked"):
        judged(bytes(locked))


@pytest.mark.parametrize(
    ("name", "kind"), [("WordDocument", "application/msword"), ("Workbook", "application/vnd.ms-excel")]
)
def test_office_files_of_before_are_known_and_their_programs_refused(name, kind):
    content = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500) + name.encode("utf-16-le") + bytes(500)
    assert kind_of_document(content) == kind
    look_into(content, kind)
    with pytest.raises(Unfit, match="file_active"):
        look_into(content + "_VBA_PROJECT".encode("utf-16-le"), kind)


@pytest.mark.parametrize(
    "content",
    [
        b"<!DOCTYPE html><p>x",
        b"<svg xmlns='x'/>",
        b"\xef\xbb\xbf  <script>",
        b"#!/bin/sh\nrm",
        b"MZ plain words",
        b"words <script src=x>",
        b"\x00\x01",
        b"",
        b"\xff\xfe\x00",
        b"\x7fELF" + bytes(90),
    ],
)
def test_pages_drawings_programs_and_bytes_are_no_text(content):
    assert kind_of_document(content) in ("", "application/octet-stream")


def test_plain_words_are_text():
    assert kind_of_document("Un nid-de-poule\r\nà l’angle\t🙂".encode()) == "text/plain"


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("../../etc/passwd", "passwd"),
        ("D:\\Photos\\plan.pdf", "plan.pdf"),
        ("plan\u202egpj.exe", "plangpj.exe"),
        ("pho\u200bto\x00.jpg", "photo.jpg"),
        ("a\r\nContent-Type: x.jpg", "a Content-Type- x.jpg"),
        ("👩‍🚒 incendie.jpg", "👩‍🚒 incendie.jpg"),
        ("", "fichier"),
        ("...", "fichier"),
        ("e\u0301te\u0301.jpg", "été.jpg"),
        ('<img src=x onerror="a">.jpg', "-img src=x onerror=-a--.jpg"),
    ],
)
def test_names_are_shown_without_folders_or_tricks(given, shown):
    assert plain_name(given) == shown


def test_a_name_without_end_is_cut_in_the_middle_and_keeps_its_ending():
    name = plain_name("é" * 300 + ".jpeg")
    assert len(name) <= 120
    assert name.endswith("….jpeg")
    assert len(named_as("x" * 300, "application/pdf")) <= 120


def test_a_name_says_what_the_content_is():
    assert named_as("IMG_1.HEIC", "image/jpeg") == "IMG_1.jpg"
    assert named_as("facture.pdf.exe", "application/pdf") == "facture.pdf.exe.pdf"
    assert named_as("photo.JPEG", "image/jpeg") == "photo.JPEG"
    assert claims("x.JPG", ("image/jpeg",))
    assert not claims("x.exe", ("image/jpeg",))
