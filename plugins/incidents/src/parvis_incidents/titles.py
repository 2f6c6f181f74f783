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
    "collection": Text(fr="Collecte manquée", en="Missed collection"),
    "power": Text(fr="Panne d’éclairage", en="Lighting outage"),
    "flood": Text(fr="Inondation", en="Flood"),
    "road": Text(fr="Rue fermée", en="Closed street"),
    OTHER: Text(fr="Incident", en="Incident"),
}
"""By code, the commonest first."""
OFFERED = KINDS | {OTHER: Text(fr="Autre chose", en="Something else")}
"""The same for whoever says what is happening: an incident of no kind is called so, and chosen as something else."""
SAME: dict[str, Text] = {
    "storm": Text(fr="Est-ce à cause de cette tempête?", en="Is it because of this storm?"),
    "water_main": Text(fr="Est-ce le même bris?", en="Is it the same break?"),
    "collection": Text(fr="Est-ce la même collecte?", en="Is it the same collection?"),
    "power": Text(fr="Est-ce la même panne?", en="Is it the same outage?"),
    "flood": Text(fr="Est-ce la même inondation?", en="Is it the same flood?"),
    "road": Text(fr="Est-ce la même rue?", en="Is it the same street?"),
    OTHER: Text(fr="Est-ce le même problème?", en="Is it the same problem?"),
}
"""What is asked of whoever would report it again."""
YES = Text(fr="Oui, suivre cet incident", en="Yes, follow this incident")
NO = Text(
    fr="Non, c’est autre chose, ou quelqu’un ne peut pas passer",
    en="No, it is something else, or somebody cannot get through",
)
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
        "announced": Text(
            fr="Message aux personnes touchées par l’incident", en="Message to people concerned by the incident"
        ),
        "attached": Text(fr="Rattachée à l’incident {incident}", en="Attached to incident {incident}"),
        "detached": Text(fr="Retirée de l’incident {incident}", en="Removed from incident {incident}"),
        "told": Text(
            fr="Message sur l’incident {incident} remis {way}", en="Message about incident {incident} delivered {way}"
        ),
    },
    values=_values,
)
