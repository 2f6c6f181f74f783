"""Document renderers without a host: what the kit says of them, each at its line."""

import asyncio
import zlib

import pytest

from parvis_sdk.document_renderers import (
    MOST_BYTES,
    DocumentRenderer,
    RenderedFile,
    file_mistakes,
    renderer_mistakes,
)
from parvis_sdk.errors import Later
from parvis_sdk.testing.renderers import a_document, a_short_letter, carries, rendered_by, rendering_mistakes
from parvis_sdk.text import Text

TITLE = Text(fr="Sobre", en="Plain")


def pdf_of(document) -> bytes:
    """As much of a PDF as is seen from outside."""
    verification = document.pages[0].verification
    link = verification.url if verification else ""
    return b"%PDF-1.7\n1 0 obj\n<</URI (" + link.encode() + b")>>\nendobj\n%%EOF\n"


async def plain(document, connection):
    return RenderedFile(content=pdf_of(document))


async def away(document, connection):
    raise Later("the print shop is closed")


async def breaks_on_short_ones(document, connection):
    if not document.pages[0].facts:
        raise LookupError("no facts")
    return await plain(document, connection)


async def never(document, connection):
    await asyncio.sleep(60)


async def not_two(document): ...


def said(render, **more) -> list[str]:
    found = rendering_mistakes(DocumentRenderer(name="plain", title=TITLE, render=render, **more))
    return [str(each).partition(" · document renderer 'plain' · ")[2] for each in found]


@pytest.mark.parametrize("render", [plain, away])
def test_who_makes_whole_files_or_says_that_a_system_is_away_is_sound(render):
    assert said(render) == []


def test_a_renderer_that_breaks_on_a_short_document_is_told_so():
    (told,) = said(breaks_on_short_ones)
    assert told.startswith("it raises LookupError: no facts · documents are made in the usual way instead")


def test_a_renderer_that_never_comes_back_is_told_so():
    (told,) = said(never, seconds=0.02)
    assert "it does not answer within 0.2 s" in told


def test_what_the_host_would_issue_is_answered_and_what_it_would_not_raises():
    renderer = DocumentRenderer(name="plain", title=TITLE, render=plain)
    assert asyncio.run(rendered_by(renderer, a_short_letter())).content.startswith(b"%PDF-")

    async def bare(document, connection):
        return RenderedFile(content=b"%PDF-1.7\n%%EOF\n")

    with pytest.raises(AssertionError, match="does not lead to where it is verified"):
        asyncio.run(rendered_by(DocumentRenderer(name="bare", title=TITLE, render=bare), a_document()))


def test_a_link_is_found_in_a_stream_that_opens():
    packed = zlib.compress(b"<</URI (https://valclair.example/fr/verifier/7K3M9QXT4B2C)>>")
    content = b"%PDF-1.7\n1 0 obj\n<<>>\nstream\nnothing\nendstream\nstream\r\n" + packed + b"\nendstream\n%%EOF"
    assert carries(content, b"7K3M9QXT4B2C")
    assert not carries(content, b"7K3M9QXT4B2D")


@pytest.mark.parametrize(
    ("given", "what"),
    [
        ({"name": "Gros caractères"}, "its name cannot be used"),
        ({"title": Text(fr="", en="Plain")}, "it has no title"),
        ({"seconds": 0.0}, "seconds is not a time of 20 s or less"),
        ({"render": pdf_of}, "its render is not async"),
        ({"render": not_two}, "its render does not take (document, connection)"),
        ({"title": "Sobre"}, "it is 'Sobre' instead of Text"),
    ],
)
def test_mistakes_of_a_declaration_are_named(given, what):
    renderer = DocumentRenderer(**{"name": "plain", "title": TITLE, "render": plain} | given)
    assert [str(each.what.to("en")) for each in renderer_mistakes(renderer)] == [what]


@pytest.mark.parametrize(
    ("answer", "what"),
    [
        (None, "render answered NoneType instead of a RenderedFile"),
        (RenderedFile(content="%PDF-"), "render answered str instead of a RenderedFile"),
        (RenderedFile(content=b"PK", media_type="text/plain"), "'text/plain' is no type of file that is known"),
        (RenderedFile(content=b"<html>"), "it is not a whole PDF"),
        (RenderedFile(content=b"%PDF-" + bytes(MOST_BYTES)), "the file is larger than 10_000_000 bytes"),
    ],
)
def test_mistakes_of_an_answer_are_named(answer, what):
    assert [each.what.to("en") for each in file_mistakes(answer)] == [what]
