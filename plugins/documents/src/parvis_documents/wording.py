"""The words that every document has, and answers as a document says them."""

from collections.abc import Mapping, Sequence
from typing import Any

from parvis.i18n import (
    language,
    say,
)
from parvis.requests.answers_said import said_answer
from parvis_sdk.fields import (
    AnyField,
    Consent,
    File,
    Group,
    Photo,
    YesNo,
)
from parvis_sdk.requests import Attachment
from parvis_sdk.text import Text
from parvis_typesetting.setting import WORDS as OF_EVERY_SHEET

ANSWERED = Text(fr="{label}\u00a0: {said}", en="{label}: {said}")
YES, NO = Text(fr="Oui", en="Yes"), Text(fr="Non", en="No")
WORDS = {
    **OF_EVERY_SHEET,
    "what": Text(fr="Renseignement", en="Item"),
    "said": Text(fr="Détail", en="Detail"),
    "conditions": Text(fr="Conditions", en="Conditions"),
    "rests_on": Text(fr="Pièces examinées", en="Documents examined"),
    "verify": Text(fr="Vérifier ce document", en="Verify this document"),
}
SCAN = Text(
    fr="Code QR qui mène à la page de vérification de ce document",
    en="QR code that leads to the page where this document is verified",
)
DATES = {
    "permit": Text(fr="Délivré le {date}. Valide jusqu’au {until}.", en="Issued on {date}. Valid until {until}."),
    "certificate": Text(fr="Délivré le {date}. Valide jusqu’au {until}.", en="Issued on {date}. Valid until {until}."),
    "refusal": Text(fr="Décision du {date}", en="Decision of {date}"),
    "letter": Text(fr="Le {date}", en="{date}"),
    "receipt": Text(fr="Le {date}", en="{date}"),
}
VERSION = Text(
    fr="Version {version}, qui remplace celle du {before}.", en="Version {version}, which replaces that of {before}."
)
UNSAID = Text(fr="Phrase omise (réponse manquante)\u00a0: {names}.", en="Sentence left out (missing answer): {names}.")
MAPPED = Text(
    fr="Plan de l’endroit\u00a0: {place}. Le nord est en haut. {streets}",
    en="Map of the place: {place}. North is up. {streets}",
)
STREETS = Text(fr="Rues nommées\u00a0: {streets}.", en="Streets named: {streets}.")
MARKED = Text(fr="l’endroit marqué", en="the place marked")
SIGNED = Text(fr="Signé électroniquement le {day} à {time}", en="Signed electronically on {day} at {time}")
ISSUED = Text(fr="Délivré le {day} à {time}", en="Issued on {day} at {time}")
NOT_YET = Text(fr="(numéro à la délivrance)", en="(number assigned when issued)")
DIGEST = Text(fr="empreinte {digest}", en="digest {digest}")
FIELD = Text(fr="Signature électronique de la Ville", en="Electronic signature of the town")


def said_lines(field: AnyField, value: Any, files: Mapping[str, Attachment]) -> list[str]:
    """One answer, line by line, in the language of the moment."""
    match field:
        case Group(fields=inner):
            return [_row(inner, row, files) for row in value if isinstance(row, Mapping)]
        case Photo() | File():
            return [files[id].name for id in value if id in files]
    return [line for line in _said(field, value).splitlines() if line.strip()]


def _row(fields: Sequence[AnyField], row: Mapping[str, Any], files: Mapping[str, Attachment]) -> str:
    answered = [field for field in fields if field.code in row]
    said = [
        say(ANSWERED).format(label=say(field.label), said=", ".join(said_lines(field, row[field.code], files)))
        for field in answered
    ]
    return "; ".join(said)


def _said(field: AnyField, value: Any) -> str:
    if isinstance(field, YesNo | Consent):
        return (YES if value else NO).to(language())
    return said_answer(field, value)
