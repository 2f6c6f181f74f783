"""What incidents are called: what it is, and where."""

from collections.abc import Mapping, Sequence

from parvis.jurisdictions import Jurisdiction
from parvis.requests.entry_words import EntryWords
from parvis.requests.history import Entry
from parvis_sdk.text import Text

OTHER = "other"
KINDS: dict[str, Text] = {
    "storm": Text(fr="Tempête", en="Storm"),
    "water_main": Text(fr="Bris d’aqueduc", en="Water main break"),
    "collection": Text(fr="Collecte non faite", en="Collection not made"),
    "power": Text(fr="Panne d’éclairage", en="Lighting outage"),
    "flood": Text(fr="Inondation", en="Flood"),
    "road": Text(fr="Rue fermée", en="Street closed"),
    OTHER: Text(fr="Incident", en="Incident"),
}
"""By code, the commonest first."""
OFFERED = KINDS | {OTHER: Text(fr="Autre chose", en="Something else")}
"""The same for whoever says what is happening: an incident of no kind is called so, and chosen as something else."""
FOLLOW = Text(fr="Suivre cet incident", en="Follow this incident")
HERE = Text(fr="{what}\u00a0: {zones}", en="{what}: {zones}")


def incident_title(town: Jurisdiction, what: str, zones: Sequence[str]) -> Text:
    """In both languages without a word typed: “Water main break: Rosemont”."""
    kind = KINDS.get(what, KINDS[OTHER])
    named = [zone.name for code in zones if (zone := town.zone(code)) is not None]
    if not named:
        return kind
    listed = Text(fr=", ".join(name.to("fr") for name in named), en=", ".join(name.to("en") for name in named))
    return HERE.format(what=kind, zones=listed)


def _values(entry: Entry) -> Mapping[str, Text | str]:
    return {"incident": entry.body.get("incident", "")}


WORDS = EntryWords(
    titles={
        "announced": Text(fr="Message à tous ceux que l’incident touche", en="Message to everybody concerned"),
        "attached": Text(fr="Rattachée à l’incident {incident}", en="Attached to incident {incident}"),
        "detached": Text(fr="Retirée de l’incident {incident}", en="Taken out of incident {incident}"),
        "told": Text(
            fr="Avis de l’incident {incident} remis {way}", en="Notice about incident {incident} delivered {way}"
        ),
    },
    values=_values,
)
