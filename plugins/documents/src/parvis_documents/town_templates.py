"""Templates of a town's own, which replace those of request types on its documents."""

import re
from collections.abc import Iterator, Mapping

from parvis.jurisdictions import Jurisdiction, JurisdictionMistake
from parvis.jurisdictions.reading import Table, not_installed
from parvis.jurisdictions.town_files import Offer, Surroundings, TownFile
from parvis_sdk.documents import Document, source_mistakes
from parvis_sdk.errors import said

NAMES = re.compile(r"([a-z][a-z0-9_]*)\.([a-z][a-z0-9_]*)\.typ")
Templates = Mapping[str, str]
"""Typst texts by `<request type>.<document>`."""


def read_templates(table: Table, around: Surroundings) -> Templates:
    """`documents/<type>.<document>.typ`, checked as those of plugins are."""
    templates: dict[str, str] = {}
    for file, text in table.values.items():
        path, named = table.file / file, NAMES.fullmatch(file)
        if named is None:
            table.findings.add(path, "", "names no document", "name it <request type>.<document>.typ")
            continue
        for mistake in source_mistakes(text, ""):
            table.findings.add(path, "", said(mistake.what), said(mistake.now_what))
        templates[f"{named[1]}.{named[2]}"] = text
    return templates


def unknown_documents(town: Jurisdiction, templates: Templates, offer: Offer) -> Iterator[JurisdictionMistake]:
    """Templates of types of request that nobody here brings, and of documents that the type does not make."""
    for name in templates:
        yield from unknown_document(f"{town.code}/documents/{name}.typ", "", name, offer)


def unknown_document(file: str, key: str, name: str, offer: Offer) -> Iterator[JurisdictionMistake]:
    """What is wrong with the name `<request type>.<document>` in a file of a town."""
    code, _, document = name.partition(".")
    request_type = offer.types.get(code)
    if request_type is None:
        yield not_installed(file, key, code, "type", offer.types)
        return
    made = [part.code for part in request_type.parts if isinstance(part, Document)]
    if document not in made:
        yield not_installed(file, key, document, f"document of '{code}'", made)


NO_TEMPLATES: Templates = {}
TEMPLATES: TownFile[Templates] = TownFile(
    name="documents/*.typ", read=read_templates, usual=NO_TEMPLATES, loose_ends=unknown_documents
)
