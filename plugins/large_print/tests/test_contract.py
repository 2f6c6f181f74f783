"""The plugin keeps the contract, and what it makes is large, whole and readable by those who see little or nothing."""

import asyncio
import io

import msgspec
import pikepdf
import pytest
from msgspec import structs

from parvis_large_print import plugin
from parvis_large_print.settings import Settings
from parvis_sdk.testing import PluginContract
from parvis_sdk.testing.renderers import a_document, a_short_letter, rendered_by


class TestLargePrint(PluginContract):
    plugin = plugin
    settings = Settings()


def pdf_of(document, **settings) -> pikepdf.Pdf:
    (renderer,) = plugin.document_renderers(Settings(**settings))
    file = asyncio.run(rendered_by(renderer, document))
    return pikepdf.open(io.BytesIO(file.content))


def sizes_in(pdf) -> set[float]:
    """The sizes of letters on the pages, in points."""
    found = set()
    for page in pdf.pages:
        for operands, operator in pikepdf.parse_content_stream(page):
            if str(operator) == "Tf":
                found.add(round(float(operands[1]), 1))
    return found


@pytest.mark.parametrize("points", [16.0, 18.0, 24.0])
def test_nothing_is_smaller_than_the_size_that_was_chosen(points):
    assert min(sizes_in(pdf_of(a_document(), points=points))) == points


@pytest.mark.parametrize("points", [11.0, 40.0])
def test_a_size_that_is_no_large_print_is_refused(points):
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({"points": points}, Settings)


def test_it_is_tagged_archivable_and_in_the_font_for_low_vision():
    pdf = pdf_of(a_document(languages=("fr", "en")))
    with pdf.open_metadata() as about:
        assert (about["pdfuaid:part"], about["pdfaid:part"], about["pdfaid:conformance"]) == ("1", "2", "A")
    assert pdf.Root.MarkInfo.Marked
    assert str(pdf.Root.Lang) == "fr-CA"
    fonts = {str(font.BaseFont) for page in pdf.pages for font in page.Resources.Font.values()}
    assert all("AtkinsonHyperlegible" in each for each in fonts), fonts


def test_the_town_its_number_and_where_to_verify_stand_in_what_is_told_of_it():
    pdf = pdf_of(a_short_letter())
    assert str(pdf.docinfo.Title) == "Letter L-2026-1"
    links = [str(each.A.URI) for page in pdf.pages for each in page.get("/Annots", [])]
    assert links == ["https://valclair.example/fr/verifier/7K3M9QXT4B2C"]


@pytest.mark.parametrize(
    "words", ['#panic("x") $x^2$ #read("/etc/passwd") \\ "]', "<b> @preview/x:1.0.0", "= Titre\n- *gras*"]
)
def test_words_of_a_person_are_never_source(words):
    letter = a_short_letter()
    page = structs.replace(letter.pages[0], title=words, body=(words,), lead=words, closing=(words,))
    assert len(pdf_of(structs.replace(letter, pages=(page,))).pages) >= 1


def test_the_same_document_is_the_same_file():
    (renderer,) = plugin.document_renderers(Settings())
    first, again = (asyncio.run(rendered_by(renderer, a_document())) for _ in range(2))
    assert first == again
