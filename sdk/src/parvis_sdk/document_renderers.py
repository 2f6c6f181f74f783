"""Renderers of documents: permits, certificates and letters made into a file in another way than the host makes them.

async def render(document: DocumentContent, connection: Connection) -> RenderedFile:
    pdf = await asyncio.to_thread(typeset, document)
    return RenderedFile(content=pdf)

DocumentRenderer(name="large_print", title=Text(fr="Gros caractères", en="Large print"), render=render)
"""

import inspect
import re
from collections.abc import Awaitable, Callable, Iterator, Mapping
from typing import Any, Literal

from msgspec import Struct

from parvis_sdk.connectors import Connection
from parvis_sdk.documents import Kind
from parvis_sdk.errors import DeclarationMistake, Words
from parvis_sdk.made_of import shape_mistakes
from parvis_sdk.text import Text

NAME = re.compile(r"[a-z][a-z0-9_]{1,29}")
LONGEST_SECONDS = 20.0  # that somebody at the desk waits for one document
MOST_BYTES = 10_000_000
MediaType = Literal["application/pdf"]
BEGINS = b"%PDF-"
ENDS = b"%%EOF"
TAIL = 1024  # bytes at its end in which a PDF says that it is whole


class Letterhead(Struct, frozen=True, kw_only=True):
    """Who issues a document: the town's name, the short one of its mark, its colour (`#1d4f91`), how to reach it.

    `logo` is a picture of the type that `logo_name` ends with; empty where the town has none.
    """

    name: str
    mark: str = ""
    colour: str = "#000000"
    lines: tuple[str, ...] = ()
    email: str = ""
    logo: bytes = b""
    logo_name: str = ""


class DocumentFact(Struct, frozen=True, kw_only=True):
    """One answer: the question, and the answer as lines."""

    label: str
    lines: tuple[str, ...]


class DocumentTable(Struct, frozen=True, kw_only=True):
    """A table under its title. `figures` are the columns, from 0, whose cells are amounts; `summed`: the last row is
    the sum of those above."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    figures: tuple[int, ...] = ()
    summed: bool = False


class DocumentPicture(Struct, frozen=True, kw_only=True):
    """A photo (JPEG) or a map (SVG): the file under a plain name, what it shows in words, and what stands below it."""

    name: str
    content: bytes
    alt: str
    below: str = ""


class DocumentPictures(Struct, frozen=True, kw_only=True):
    """Pictures under one title."""

    title: str
    pictures: tuple[DocumentPicture, ...]


class Verification(Struct, frozen=True, kw_only=True):
    """Where anybody can verify the document: the address, its printed form, and the code to type there.

    `scan` is the address as a picture to scan (SVG), `alt` what that picture is in words. The file must carry `url` as
    a link.
    """

    url: str
    shown: str
    code: str
    scan: bytes
    alt: str


class DocumentPage(Struct, frozen=True, kw_only=True):
    """The content of a document in one language, in reading order. Parts that it lacks are empty.

    `dates` says when it was issued and until when it is valid, `lead` is set apart above the `body`, `holds` are tables
    and pictures, `rests_on` the files that were examined, `signed` who signed and when. `words` are those of every
    document: "conditions", "rests_on", "verify", "what", "said" (the heads of the facts), "page" ("Page {page} de
    {pages}"), "preview" and "no_value".
    """

    language: str
    title: str
    number: str
    dates: str
    town: Letterhead
    words: Mapping[str, str]
    version: str = ""
    lead: str = ""
    body: tuple[str, ...] = ()
    facts: tuple[DocumentFact, ...] = ()
    holds: tuple[DocumentTable | DocumentPictures, ...] = ()
    conditions: tuple[str, ...] = ()
    rests_on: tuple[str, ...] = ()
    closing: tuple[str, ...] = ()
    signatory: str = ""
    role: str = ""
    signed: str = ""
    verification: Verification | None = None


class DocumentContent(Struct, frozen=True, kw_only=True):
    """A document about to be issued, as data: one page of content for each language in which it is issued.

    `request_type` and `code` say which document it is, `day` is the day of the town on which it is issued, as
    `2026-09-14`. A `preview` has no number and no verification yet: show on every sheet of it the words "preview".
    """

    request_type: str
    code: str
    kind: Kind
    reference: str
    day: str
    pages: tuple[DocumentPage, ...]
    preview: bool = False


class RenderedFile(Struct, frozen=True, kw_only=True):
    """The file: whole, readable without a password, nothing in it that runs. The host signs it afterwards."""

    content: bytes
    media_type: MediaType = "application/pdf"


Render = Callable[[DocumentContent, Connection], Awaitable[RenderedFile]]


class DocumentRenderer(Struct, frozen=True, kw_only=True):
    """A way of rendering documents. `name` is unique in the installation: a town names it in `documents.toml`.

    `render` is asked outside of any transaction, on the thread of its plugin, and has `seconds` (20 at most). Who is
    late, raises, or answers something else than a whole file that carries the address at which it is verified is left
    aside: the document is then made by the host. It may be asked again for the same document.
    """

    name: str
    title: Text
    render: Render
    seconds: float = 8.0


BAD_NAME = Text(fr="son nom n’est pas utilisable", en="its name cannot be used")
SMALL_LETTERS = Text(
    fr="écrivez-le en minuscules, chiffres et _, 30 au plus",
    en="write it in lowercase letters, digits and _, 30 at most",
)
NO_TITLE = Text(fr="il n’a pas de titre", en="it has no title")
GIVE_TITLE = Text(fr="donnez-lui un titre dans les deux langues", en="give it a title in both languages")
NO_TIME = Text(
    fr="seconds n’est pas une durée de {most}\u00a0s au plus", en="seconds is not a time of {most} s or less"
).format(most=f"{LONGEST_SECONDS:g}")
GIVE_TIME = Text(fr="écrivez un nombre, comme 8.0", en="write a number, such as 8.0")
NOT_ASYNC = Text(fr="sa fonction render n’est pas async", en="its render is not async")
NOT_TWO = Text(
    fr="sa fonction render ne prend pas (document, connection)", en="its render does not take (document, connection)"
)
WRITE_IT = Text(
    fr="écrivez `async def render(document, connection)`", en="write `async def render(document, connection)`"
)
NO_FILE = Text(
    fr="render a répondu {answer}, au lieu d’un RenderedFile", en="render answered {answer} instead of a RenderedFile"
)
ANSWER_FILE = Text(
    fr="répondez RenderedFile(content=…), avec des octets", en="answer RenderedFile(content=…), with bytes"
)
UNKNOWN_KIND = Text(fr="{kind} n’est pas un type de fichier connu ici", en="{kind} is no type of file that is known")
ONLY_PDF = Text(fr="répondez application/pdf", en="answer application/pdf")
NOT_WHOLE = Text(fr="ce n’est pas un PDF entier", en="it is not a whole PDF")
GIVE_ALL = Text(fr="répondez le fichier du début à la fin", en="answer the file from its beginning to its end")
TOO_LARGE = Text(fr="le fichier dépasse {most} octets", en="the file is larger than {most} bytes").format(
    most=f"{MOST_BYTES:_}"
)
SMALLER = Text(fr="réduisez les images", en="make its pictures smaller")
NO_ADDRESS = Text(
    fr="le fichier ne mène pas à l’adresse où on le vérifie", en="the file does not lead to where it is verified"
)
ADD_LINK = Text(
    fr="ajoutez un lien vers verification.url sur une page", en="put a link to verification.url on one of its pages"
)


def renderer_mistakes(renderer: DocumentRenderer) -> Iterator[DeclarationMistake]:
    """Every mistake of the declaration of one renderer."""
    where = f"document renderer {renderer.name!r}"
    wrong = [each.within(where) for each in shape_mistakes(renderer)]
    yield from wrong
    for what, now_what in () if wrong else _wrongs(renderer):
        yield DeclarationMistake(where=where, what=what, now_what=now_what)


def _wrongs(renderer: DocumentRenderer) -> Iterator[tuple[Words, Words]]:
    if not NAME.fullmatch(renderer.name):
        yield BAD_NAME, SMALL_LETTERS
    if not (renderer.title.fr.strip() and renderer.title.en):
        yield NO_TITLE, GIVE_TITLE
    if not 0 < renderer.seconds <= LONGEST_SECONDS:
        yield NO_TIME, GIVE_TIME
    render: Any = renderer.render
    if not (inspect.iscoroutinefunction(render) or inspect.iscoroutinefunction(type(render).__call__)):
        yield NOT_ASYNC, WRITE_IT
        return
    try:
        inspect.signature(render).bind(None, None)
    except TypeError:
        yield NOT_TWO, WRITE_IT


def file_mistakes(answer: Any) -> Iterator[DeclarationMistake]:
    """Why a result of `render` cannot be issued, as far as its form shows."""
    if type(answer) is not RenderedFile or type(answer.content) is not bytes:
        given = type(answer).__name__ if type(answer) is not RenderedFile else type(answer.content).__name__
        yield _of_answer(NO_FILE.format(answer=given), ANSWER_FILE)
    elif answer.media_type != "application/pdf":
        yield _of_answer(UNKNOWN_KIND.format(kind=repr(answer.media_type)[:80]), ONLY_PDF)
    elif len(answer.content) > MOST_BYTES:
        yield _of_answer(TOO_LARGE, SMALLER)
    elif not answer.content.startswith(BEGINS) or ENDS not in answer.content[-TAIL:]:
        yield _of_answer(NOT_WHOLE, GIVE_ALL)


def no_address() -> DeclarationMistake:
    """The message for a file without its verification address."""
    return _of_answer(NO_ADDRESS, ADD_LINK)


def _of_answer(what: Words, now_what: Words) -> DeclarationMistake:
    return DeclarationMistake(where="", what=what, so_what="", now_what=now_what)
