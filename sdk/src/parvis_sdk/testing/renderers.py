"""Runs document renderers without a host, and finds everything that the host would refuse.

file = await rendered_by(LARGE_PRINT, a_document())
"""

import zlib
from collections.abc import Iterator
from typing import Any

from msgspec import structs

from parvis_sdk.document_renderers import (
    DocumentContent,
    DocumentFact,
    DocumentPage,
    DocumentPicture,
    DocumentPictures,
    DocumentRenderer,
    DocumentTable,
    Letterhead,
    RenderedFile,
    Verification,
    file_mistakes,
    no_address,
    renderer_mistakes,
)
from parvis_sdk.errors import DeclarationMistake
from parvis_sdk.testing.shown import BOTH, WORDS, Showing, nothing_lent
from parvis_sdk.testing.texts import missing_words
from parvis_sdk.text import Text

CODE = "7K3M9QXT4B2C"
OF_DOCUMENT = Text(fr="document", en="document")
MADE_BY_HOST = Text(
    fr="les documents sont faits à la manière habituelle", en="documents are made in the usual way instead"
)
DRAWN = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 20 20"><rect width="20" height="20" fill="#000"/></svg>'
TOWN = Letterhead(
    name="Ville de Valclair",
    mark="Valclair",
    colour="#1d4f91",
    lines=("1, rue de l’Hôtel-de-Ville, Valclair (Québec) G0A 1A0", "418 555-0100"),
    email="greffe@valclair.example",
    logo=DRAWN,
    logo_name="logo.svg",
)
FRENCH = {
    "what": "Renseignement",
    "said": "Détail",
    "conditions": "Conditions",
    "rests_on": "Pièces examinées",
    "verify": "Vérifier ce document",
    "page": "Page {page} de {pages}",
    "preview": "APERÇU",
    "no_value": "Aperçu sans valeur officielle",
}
ENGLISH = {
    "what": "Item",
    "said": "Detail",
    "conditions": "Conditions",
    "rests_on": "Documents examined",
    "verify": "Verify this document",
    "page": "Page {page} of {pages}",
    "preview": "PREVIEW",
    "no_value": "Preview without official value",
}
STREETS = ("rue de l’Anse-aux-Foulons", "chemin du Cap-Rouge", "montée Saint-Jean-Baptiste-de-la-Salle")


def a_document(*, preview: bool = False, languages: tuple[str, ...] = ("fr",), rows: int = 3) -> DocumentContent:
    """A permit with every possible content, and a given number of rows in its table."""
    pages = (_page(each, preview, rows) for each in languages)
    return DocumentContent(
        request_type="sample",
        code="permit",
        kind="permit",
        reference="7K3M-9QXT-4",
        day="2026-09-14",
        pages=tuple(pages),
        preview=preview,
    )


def a_short_letter() -> DocumentContent:
    """A letter of one sentence in English, of a town without a logo: everything optional is empty."""
    whole = _page("en", preview=False, rows=0)
    page = DocumentPage(
        language="en",
        title="Letter",
        number="L-2026-1",
        dates="14 September 2026",
        town=structs.replace(TOWN, logo=b"", logo_name="", email="", lines=()),
        words=ENGLISH,
        body=("Your request is closed.",),
        verification=whole.verification,
    )
    return DocumentContent(
        request_type="sample", code="letter", kind="letter", reference="7K3M-9QXT-4", day="2026-09-14", pages=(page,)
    )


def _page(language: str, preview: bool, rows: int) -> DocumentPage:
    words = FRENCH if language == "fr" else ENGLISH
    url = f"https://valclair.example/fr/verifier/{CODE}"
    drawn = DocumentPicture(name="map.svg", content=DRAWN, alt="Plan de l’endroit", below="© Ville de Valclair")
    trees = tuple((f"Arbre {each + 1}", STREETS[each % len(STREETS)], "120,00 $") for each in range(rows))
    table = DocumentTable(
        title="Arbres",
        columns=("Arbre", "Où", "Droit"),
        rows=(*trees, ("Total", "", "360,00 $")),
        figures=(2,),
        summed=True,
    )
    return DocumentPage(
        language=language,
        title="Permis d’abattage",
        number="" if preview else "PA-2026-00042",
        dates="Délivré le 14 septembre 2026. Valide jusqu’au 14 septembre 2027.",
        town=TOWN,
        words=words,
        version="Version 2, qui remplace celle du 1er septembre 2026.",
        lead="La Ville autorise l’abattage de trois arbres.",
        body=(
            "Ce permis est délivré à Ana Tremblay.\nIl vaut pour le 12, rue des Érables.",
            "L’œuvre dure dix jours.",
        ),
        facts=(DocumentFact(label="Essence", lines=("Frêne d’Amérique", "Érable à sucre")),),
        holds=(table, DocumentPictures(title="Plan", pictures=(drawn,))),
        conditions=("La haie reste.", "Une souche est ôtée dans les trente jours."),
        rests_on=("rapport.pdf (empreinte 3f9a2c81d0b4)",),
        closing=("Affichez ce permis.",),
        signatory="Marie-Ève Gagné",
        role="Urbanisme",
        signed="Signé électroniquement le 14 septembre 2026 à 10 h",
        verification=None
        if preview
        else Verification(
            url=url, shown=url.removeprefix("https://"), code="7K3M-9QXT-4B2C", scan=DRAWN, alt="Code à balayer"
        ),
    )


async def rendered_by(renderer: DocumentRenderer, document: DocumentContent) -> RenderedFile:
    """The file, as the host would issue it; `AssertionError` where it would not. Other systems are not there."""
    answer = await renderer.render(document, nothing_lent())
    found = [str(each) for each in _looked_over(document, answer)]
    if found:
        raise AssertionError("\n".join(found))
    return answer


def rendering_mistakes(
    renderer: DocumentRenderer, languages: tuple[str, ...] = ("fr", "en")
) -> list[DeclarationMistake]:
    """Every mistake of a renderer: in its declaration, and in its results for long and short documents."""
    found = [_showing(renderer, a_document()).declared(each) for each in renderer_mistakes(renderer)]
    if found:
        return [structs.replace(each, so_what=MADE_BY_HOST) for each in found]
    words = missing_words(renderer.title, languages)
    by_what = {each: _showing(renderer, a_document()).mistake(WORDS.format(mistake=each), BOTH) for each in words}
    documents = (a_document(), a_short_letter(), a_document(preview=True), a_document(languages=languages, rows=60))
    with _showing(renderer, documents[0]).watched() as thread:
        for document in documents:
            for mistake in _showing(renderer, document).mistakes(document, thread, languages):
                by_what.setdefault(str(mistake), mistake)
            if by_what:
                break  # each document would show it again
    return list(by_what.values())


def _showing(renderer: DocumentRenderer, document: DocumentContent) -> Showing:
    return Showing(
        noun=f"document renderer {renderer.name!r}",
        function=renderer.render,
        seconds=renderer.seconds,
        about=OF_DOCUMENT,
        looked_over=lambda answer: _looked_over(document, answer),
        so_what=MADE_BY_HOST,
        alike=False,
        may_be_away=True,
    )


def _looked_over(document: DocumentContent, answer: Any) -> Iterator[DeclarationMistake]:
    wrong = list(file_mistakes(answer))
    yield from wrong
    if not wrong and not document.preview and not carries(answer.content, CODE.encode()):
        yield no_address()


def carries(content: bytes, words: bytes) -> bool:
    """Whether a PDF contains these words, in plain text or in a readable stream."""
    if words in content:
        return True
    begins = content.find(b"stream")
    while begins >= 0:
        packed = content[begins + len(b"stream") :].lstrip(b"\r\n")
        try:
            if words in zlib.decompressobj().decompress(packed, 4_000_000):
                return True
        except zlib.error:
            pass
        begins = content.find(b"stream", begins + 1)
    return False
