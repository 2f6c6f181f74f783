"""Ready texts of a town: what its people write to residents again and again, in every language it writes in."""

import difflib
import re
from collections.abc import Iterator, Mapping

import msgspec

from parvis.jurisdictions import Jurisdiction, JurisdictionMistake
from parvis.jurisdictions.reading import Table, did_you_mean, not_installed
from parvis.jurisdictions.town_files import Offer, Surroundings, TownFile
from parvis_sdk.text import Text
from parvis_sdk.text_normalisation import fold

NAMES: Mapping[str, Text] = {
    "name": Text(fr="nom de la personne", en="name of the requester"),
    "reference": Text(fr="numéro de la requête", en="request number"),
    "type": Text(fr="type de requête", en="request type"),
    "state": Text(fr="état de la requête", en="state of the request"),
    "place": Text(fr="endroit", en="place"),
    "promised": Text(fr="date promise", en="promised date"),
    "town": Text(fr="nom de la ville", en="name of the town"),
    "unit": Text(fr="équipe responsable", en="unit in charge"),
    "agent": Text(fr="nom de la personne qui écrit", en="name of the person writing"),
}
"""What stands in a ready text as `{name}` and is filled in; a sentence that needs what is not known is left out."""
WRITTEN = frozenset(f"{{{name}}}" for name in NAMES)
IN_FRENCH = {
    "nom": "name", "prenom": "name", "personne": "name", "numero": "reference", "requete": "reference",
    "dossier": "reference", "etat": "state", "statut": "state", "lieu": "place", "adresse": "place", "endroit": "place",
    "date": "promised", "promesse": "promised", "echeance": "promised", "delai": "promised", "ville": "town",
    "unite": "unit", "equipe": "unit", "service": "unit", "agente": "agent", "signature": "agent",
}  # fmt: skip
"""What people write in place of a name, to guess what they meant."""
BRACED = re.compile(r"\{[^{}\n]*\}|[{}]\w*")


class ReadyText(msgspec.Struct, frozen=True, kw_only=True):
    """One of them: its short code, what it is called, its words. `types` or `units` left empty are all of them."""

    code: str
    title: Text
    text: Text
    types: tuple[str, ...] = ()
    units: tuple[str, ...] = ()

    def is_for(self, type_code: str) -> bool:
        return not self.types or type_code in self.types


def never_filled(text: Text) -> tuple[tuple[str, str], ...]:
    """What stands in braces and is nothing that is filled in, each with the nearest that is, if any is near.

    >>> never_filled(Text(fr="Bonjour {nom}, à {plase} le {promised}"))
    (('{nom}', '{name}'), ('{plase}', '{place}'))
    """
    said = "\n".join(text.to(language) for language in text.languages())
    given = dict.fromkeys(BRACED.findall(said))
    return tuple((written, _nearest(written)) for written in given if written not in WRITTEN)


def _nearest(written: str) -> str:
    meant = fold(written).strip("{} ")
    known = {name: name for name in NAMES} | IN_FRENCH
    near = meant if meant in known else next(iter(difflib.get_close_matches(meant, known, 1, 0.6)), "")
    return f"{{{known[near]}}}" if near else ""


def read_ready_texts(table: Table, around: Surroundings) -> tuple[ReadyText, ...]:
    """`ready_texts.toml`: one table a text, in the order in which they are offered."""
    texts = []
    for code, entry in table.named_tables():
        ready = ReadyText(
            code=code,
            title=entry.text("title", required=True),
            text=entry.text("text", required=True),
            types=entry.strings("types"),
            units=entry.strings("units"),
        )
        entry.close()
        for unit in ready.units:
            if unit not in around.units:
                near = did_you_mean(unit, tuple(around.units))
                entry.wrong("units", f"'{unit}' is not a unit", f"name a unit of units.toml{near}")
        for written, nearest in never_filled(ready.text):
            near = f" (did you mean {nearest}?)" if nearest else ""
            entry.wrong("text", f"{written} is nothing that is filled in", f"use one of {', '.join(NAMES)}{near}")
        texts.append(ready)
    return tuple(texts)


def unknown_types(town: Jurisdiction, texts: tuple[ReadyText, ...], offer: Offer) -> Iterator[JurisdictionMistake]:
    """Types of request that texts are for and nobody here brings."""
    for each in texts:
        for name in each.types:
            if name not in offer.types:
                yield not_installed(f"{town.code}/{READY_TEXTS.name}", each.code, name, "type", offer.types)


READY_TEXTS: TownFile[tuple[ReadyText, ...]] = TownFile(
    name="ready_texts.toml", read=read_ready_texts, usual=(), loose_ends=unknown_types
)
TOWN_FILES = (READY_TEXTS,)
