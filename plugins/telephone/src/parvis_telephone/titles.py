"""What the history calls a call that was asked for, one that nobody answered, and one that nobody made in time."""

from collections.abc import Iterator

from parvis.requests.entry_words import EntryWords
from parvis.requests.history import Entry
from parvis_sdk.request_types import RequestType
from parvis_sdk.text import Text
from parvis_telephone.voice_survey import is_by_voice

TOLD_TO = Text(fr="Personnes avisées\u00a0: {names}", en="People notified: {names}")
TOLD_NOBODY = Text(fr="Cette unité n’a pas de gestionnaire.", en="This unit has no manager.")

BY_VOICE = Text(
    fr="Réponse donnée par téléphone et inscrite par la Ville.",
    en="Answer given by telephone and recorded by the town.",
)


def _lines(request_type: RequestType, entry: Entry) -> Iterator[Text]:
    if entry.kind == "call_escalated":
        names = ", ".join(entry.body.get("to", ()))
        yield TOLD_TO.format(names=names) if names else TOLD_NOBODY
    if is_by_voice(entry):
        yield BY_VOICE


WORDS = EntryWords(
    titles={
        "call_wanted": Text(fr="Rappel demandé", en="Callback requested"),
        "call_noted": Text(fr="Appel reçu", en="Call received"),
        "call_escalated": Text(fr="Appel en retard, escaladé", en="Overdue call, escalated"),
        "not_reached": Text(fr="Appel sans réponse", en="Unanswered call"),
    },
    lines=_lines,
)
