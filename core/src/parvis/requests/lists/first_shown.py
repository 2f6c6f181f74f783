"""What a list shows of a request besides its facts: first words, first picture, what the town’s own is about."""

from typing import Any

from parvis.requests.host import Host
from parvis.requests.records import Record
from parvis.requests.visibility import Viewer, sees_answer
from parvis_sdk.about import ZONES
from parvis_sdk.fields import LongText, OneOf, Photo, Sensitivity
from parvis_sdk.request_types import RequestType

FIRST = 160  # letters: no line shows more


def first_shown(host: Host, viewer: Viewer, record: Record, request_type: RequestType) -> dict[str, Any]:
    """The first words and the first picture of a request, of those answers that the viewer may see."""
    found: dict[str, Any] = {}
    for field in request_type.form.fields():
        name = "words" if isinstance(field, LongText) else "photo" if isinstance(field, Photo) else ""
        if not name or name in found or not (given := record.answers.get(field.code)):
            continue
        if sees_answer(viewer, field, record, host.jurisdictions):
            found[name] = " ".join(given[:FIRST].split()) if name == "words" else str(_one_of(given))
    return found


def _one_of(given: Any) -> Any:
    return given[0] if isinstance(given, list) else given


def declared_by_town(record: Record, request_type: RequestType) -> dict[str, Any]:
    """The fields of its row: its subject is the answer to the first public question that offers choices."""
    if request_type.opened_by != "town":
        return {}
    choices = [each for each in request_type.form.fields() if isinstance(each, OneOf)]
    options = next((each for each in choices if each.privacy.sensitivity is Sensitivity.PUBLIC), None)
    said = record.answers.get(options.code) if options else None
    subject = next((each.label for each in options.options if each.code == said), None) if options else None
    return {"by_town": True, "subject": subject, "zones": tuple(record.answers.get(ZONES) or ())}
