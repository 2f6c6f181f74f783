"""Which documents of a town a plugin renders in its own way, by the name of its renderer."""

from collections.abc import Iterator, Mapping
from typing import get_args

from parvis.jurisdictions import Jurisdiction, JurisdictionMistake
from parvis.jurisdictions.reading import Table, did_you_mean, not_installed
from parvis.jurisdictions.town_files import Offer, Surroundings, TownFile
from parvis_documents.town_templates import unknown_document
from parvis_sdk.document_renderers import NAME
from parvis_sdk.documents import Document, Kind

FILE = "documents.toml"
USUAL = "usual"  # the usual way, for one document among others of its kind
KINDS: tuple[str, ...] = get_args(Kind)
Renderers = Mapping[str, str]
"""Names of renderers by the kind of document, or by `<request type>.<document>`, which counts more."""


def read_renderers(table: Table, around: Surroundings) -> Renderers:
    """The table `[renderers]` of `documents.toml`."""
    named, found = table.table("renderers"), {}
    for key in tuple(named.values):
        renderer = named.string(key, required=True)
        if "." not in key and key not in KINDS:
            near = did_you_mean(key, KINDS)
            named.wrong(key, "is no kind of document", f"name one of {', '.join(KINDS)}, or <type>.<document>{near}")
        elif renderer and not NAME.fullmatch(renderer):
            named.wrong(key, f"'{renderer}' is no name of a renderer", "name the renderer of a plugin, or 'usual'")
        found[key] = renderer
    named.close()
    table.close()
    return found


def loose_renderers(town: Jurisdiction, renderers: Renderers, offer: Offer) -> Iterator[JurisdictionMistake]:
    """Renderers that no plugin brings, and documents that nobody issues."""
    for key, renderer in renderers.items():
        file = f"{town.code}/{FILE}"
        if "." in key:
            yield from unknown_document(file, f"renderers.{key}", key, offer)
        if renderer not in (USUAL, *offer.renderers):
            yield not_installed(file, f"renderers.{key}", renderer, "document renderer", offer.renderers)


def renderer_for(town: Jurisdiction, request_type: str, document: Document) -> str:
    """The name of the renderer that a town chose for a document; empty for the host's own."""
    chosen = RENDERERS.of(town)
    name = chosen.get(f"{request_type}.{document.code}", chosen.get(document.kind, USUAL))
    return "" if name == USUAL else name


NO_RENDERERS: Renderers = {}
RENDERERS: TownFile[Renderers] = TownFile(
    name=FILE, read=read_renderers, usual=NO_RENDERERS, loose_ends=loose_renderers
)
