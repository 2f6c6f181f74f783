"""What a request that the town makes itself is about, and in which zones, for a line of a list."""

from typing import Any

from parvis.requests.records import Record
from parvis_sdk.about import ZONES
from parvis_sdk.fields import OneOf, Sensitivity
from parvis_sdk.request_types import RequestType


def declared_by_town(record: Record, request_type: RequestType) -> dict[str, Any]:
    """The fields of its row: its subject is the answer to the first public question that offers choices."""
    if request_type.opened_by != "town":
        return {}
    choices = [each for each in request_type.form.fields() if isinstance(each, OneOf)]
    options = next((each for each in choices if each.privacy.sensitivity is Sensitivity.PUBLIC), None)
    said = record.answers.get(options.code) if options else None
    subject = next((each.label for each in options.options if each.code == said), None) if options else None
    return {"by_town": True, "subject": subject, "zones": tuple(record.answers.get(ZONES) or ())}
