"""How the history calls what happens to tasks and opinions; what an opinion says stands nowhere in it."""

from msgspec import convert

from parvis.jurisdictions import Jurisdiction
from parvis.requests.entry_words import EntryWords
from parvis.requests.history import Entry
from parvis_sdk.request_types import RequestType
from parvis_sdk.reviews import Review
from parvis_sdk.text import Text

OPINION = Text(fr="Avis donné\u00a0: {task}", en="Opinion given: {task}")
CORRECTED = Text(fr="Avis corrigé\u00a0: {task}", en="Opinion corrected: {task}")
LATE = Text(fr="Avis donné après la conclusion\u00a0: {task}", en="Opinion given after the conclusion: {task}")
NOTED = Text(
    fr="Avis reçu trop tard pour être pris en compte\u00a0: {task}",
    en="Opinion received too late to be considered: {task}",
)
REMINDED = Text(fr="Rappel envoyé\u00a0: {task}", en="Reminder sent: {task}")
ESCALATED = Text(fr="Avis bientôt à échéance, escaladé\u00a0: {task}", en="Opinion due soon, escalated: {task}")
OVERDUE = Text(fr="Avis en retard, rappel envoyé\u00a0: {task}", en="Opinion overdue, reminder sent: {task}")
DONE = {
    "taken": Text(fr="Avis pris en charge\u00a0: {task}", en="Opinion taken on: {task}"),
    "handed": Text(fr="Avis attribué à {who}\u00a0: {task}", en="Opinion assigned to {who}: {task}"),
    "delegated": Text(
        fr="Avis externe demandé à {who}\u00a0: {task}", en="External opinion requested from {who}: {task}"
    ),
    "extended": Text(fr="Échéance de l’avis reportée\u00a0: {task}", en="Due date of the opinion extended: {task}"),
    "cancelled": Text(fr="Avis qui n’est plus demandé\u00a0: {task}", en="Opinion no longer needed: {task}"),
    "sent": Text(fr="Lien privé renouvelé\u00a0: {task}", en="Private link renewed: {task}"),
    "revoked": Text(fr="Lien privé révoqué\u00a0: {task}", en="Private link revoked: {task}"),
}
KINDS = ("opinion", "task", "reminded")


def title_of(request_type: RequestType, town: Jurisdiction | None, entry: Entry) -> Text:
    """The title of an entry of one of these kinds."""
    body = entry.body
    review = next((each for each in request_type.of(Review) if each.code == body.get("review")), None)
    wanted = review.task(str(body.get("task"))) if review else None
    unit = town.unit(str(body.get("unit", ""))) if town else None
    if "said" in body:  # deemed to be given: the rule is quoted as it stood
        return convert(body["said"], Text)
    who = body.get("who") or (unit.name if unit else body.get("unit", ""))
    return _words(entry).format(task=wanted.title if wanted else body.get("task", ""), who=who)


def _words(entry: Entry) -> Text:
    if entry.kind == "reminded" and "escalated" in entry.body:
        return ESCALATED
    if entry.kind == "reminded":
        return OVERDUE if entry.body.get("overdue") else REMINDED
    if entry.kind == "task":
        did = str(entry.body.get("did", ""))
        return DONE.get(did, Text(fr=did))
    if entry.body.get("noted"):
        return NOTED
    if entry.body.get("number", 1) > 1:
        return CORRECTED
    return LATE if entry.body.get("late") else OPINION


WORDS = EntryWords(
    made=dict.fromkeys(KINDS, title_of),
)
