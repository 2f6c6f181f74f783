"""A document holds tables, a map of the town's own streets, and photos that were sent: tagged, small, bare."""

import asyncio
import io

import pikepdf
import pytest
from msgspec import structs
from PIL import Image

from parvis.jurisdictions.addresses import NO_ADDRESSES
from parvis.requests.attached.receiving import receive_file
from parvis.requests.request_service import RequestService
from parvis_documents import making
from parvis_documents.composing import compose
from parvis_documents.issued import issued_of
from parvis_documents.site_maps import site_map
from parvis_sdk.document_contents import AnswersTable, Picture, PlaceMap
from parvis_sdk.fields import Group, Money, Photo, ShortText
from parvis_sdk.requests import Place
from parvis_testing.town import HERE, HOLE, Town, host_on, said

from .conftest import ANSWERS, FORM, PERMIT, WORKS, Office, with_documents
from .test_issuing import pdf_of
from .test_signing import findings

ROOMS = Group(
    code="rooms",
    label=said("Pièces", "Rooms"),
    item=said("Pièce", "Room"),
    most=40,
    fields=(ShortText(code="name", label=said("Nom", "Name")), Money(code="worth", label=said("Valeur", "Worth"))),
)
FRONT = Photo(code="front", label=said("Façade", "Front"), required=False, most=3)
TABLE = AnswersTable(code="rooms", title=said("Pièces touchées", "Rooms affected"), of="rooms")
MAP = PlaceMap(code="map", title=said("Plan de situation", "Site map"), layer="zoning")
PICTURE = Picture(code="front", title=said("Façade", "Front"), of="front", alt=said("Façade", "Front of it"), most=2)
SECTION = structs.replace(FORM.sections[0], fields=(*FORM.sections[0].fields, ROOMS, FRONT))
HOLDING = structs.replace(
    WORKS,
    form=structs.replace(FORM, sections=(SECTION,)),
    parts=tuple(
        structs.replace(part, holds=(TABLE, MAP, PICTURE), may_lack=("map", "front")) if part is PERMIT else part
        for part in WORKS.parts
    ),
)
MANY = [{"name": f"Pièce {number}", "worth": 10_000 * number} for number in range(1, 31)]


HOLDER = "h" * 64


@pytest.fixture
async def office(database, jurisdictions, tmp_path):
    """An office that issues a permit with all of it."""
    host = await with_documents(host_on(database, jurisdictions, tmp_path, HOLDING, HOLE))
    return Office(Town(host=host, counter=RequestService(host)))


@pytest.fixture
def sheets(monkeypatch) -> list:
    """What the last documents said, as their template read it."""
    kept = []

    async def kept_as_composed(host, paper):
        kept.append(await compose(host, paper))
        return kept[-1]

    monkeypatch.setattr(making, "compose", kept_as_composed)
    return kept


def with_place_taken() -> bytes:
    """A photo that says where it was taken, and is larger than any sheet."""
    exif = Image.Exif()
    exif[0x010E] = "secret words"
    exif.get_ifd(0x8825)[1] = "N"
    Image.new("RGB", (3000, 2000), "#336699").save(written := io.BytesIO(), "JPEG", exif=exif)
    return written.getvalue()


async def granted(office: Office, sheets: list, language: str = "fr", **answers) -> bytes:
    given = ANSWERS | {"rooms": MANY} | answers
    reference = await office.granted(language=language, answers=given, holder=HOLDER)
    (document,) = await issued_of((await office.town.record(reference)).id)
    return await pdf_of(office, document)


async def test_rows_have_their_headings_on_each_page_and_are_tagged(office, sheets, tmp_path):
    pdf = await granted(office, sheets)
    table, drawn = sheets[-1].sheets[0]["holds"]
    assert (table["columns"], len(table["rows"]), table["figures"]) == (["Nom", "Valeur"], 30, (1,))
    assert table["rows"][0] == ["Pièce 1", "100,00\u00a0$"]
    assert drawn["code"] == "map"
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        assert len(opened.pages) > 1
        assert {"/Table", "/TH", "/Figure"} <= tags(opened.Root.StructTreeRoot)
    assert await asyncio.to_thread(findings, tmp_path, [pdf]) == []


def tags(element) -> set[str]:
    """Every tag below an element of the structure of a document."""
    found, waiting = set(), [element]
    while waiting:
        each = waiting.pop()
        if isinstance(each, pikepdf.Array):
            waiting += list(each)
        elif isinstance(each, pikepdf.Dictionary):
            found |= {str(each.S)} if "/S" in each else set()
            waiting += [each.K] if "/K" in each else []
    return found


async def test_the_map_is_drawn_from_the_towns_own_files_and_described(office, sheets):
    await granted(office, sheets, language="en")
    drawn = sheets[-1].sheets[0]["holds"][1]
    (shown,) = drawn["pictures"]
    assert shown["alt"].startswith("Map of the place: 1234, rue Rachel Est. North is up.")
    svg = sheets[-1].pictures["map.svg"]
    assert svg.startswith(b"<svg")
    assert b"href" not in svg
    assert b"http" not in svg.replace(b"http://www.w3.org/2000/svg", b"")


def test_a_map_shows_the_shape_that_was_drawn_and_where_nothing_is_known_the_whole_town(jurisdictions):
    town = jurisdictions.jurisdiction("parvis")
    lon, lat = HERE["lon"], HERE["lat"]
    ring = [[lon, lat], [lon + 0.001, lat], [lon + 0.001, lat + 0.001], [lon, lat]]
    place = Place(lon=lon, lat=lat, geometry={"type": "Polygon", "coordinates": [ring]})
    drawn = site_map(town, NO_ADDRESSES, place, 100, "")
    assert b'fill-opacity="0.3"' in drawn.drawn
    assert drawn.streets == ()
    assert site_map(town, NO_ADDRESSES, Place(words="derrière l’église"), 100, "") is None


async def test_a_photo_is_scaled_and_says_nothing_but_its_pixels(office, sheets):
    sent = await receive_file(office.host, HOLDER, "front", "facade.jpg", with_place_taken(), kinds=("image/jpeg",))
    await granted(office, sheets, front=[sent.id])
    assert [each["code"] for each in sheets[-1].sheets[0]["holds"]] == ["rooms", "map", "front"]
    with Image.open(io.BytesIO(sheets[-1].pictures["front-1.jpg"])) as shown:
        assert max(shown.size) == 1400
        assert not shown.getexif()
    assert b"secret words" not in sheets[-1].pictures["front-1.jpg"]


async def test_what_is_missing_is_told_to_whoever_issues_the_document(office, sheets):
    await granted(office, sheets)
    assert sheets[-1].sheets[0]["unsaid"] == ["Façade"]
