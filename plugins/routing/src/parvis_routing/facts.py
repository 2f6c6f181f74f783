"""What rules look at, gathered from a submission or from a request that was made long ago."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from parvis.jurisdictions import Jurisdiction
from parvis.jurisdictions.owners import owner_of
from parvis.jurisdictions.places import locate
from parvis_routing.rules import Facts
from parvis_sdk.fields import AnyField, Group, LongText, Sensitivity, ShortText
from parvis_sdk.request_types import RequestType
from parvis_sdk.requests import Place

OPEN = frozenset({Sensitivity.PUBLIC, Sensitivity.INTERNAL})
PROTECTED = frozenset({Sensitivity.PERSONAL})


def facts_of(
    town: Jurisdiction,
    request_type: RequestType,
    *,
    channel: str,
    requester: str,
    place: Place | None,
    answers: Mapping[str, Any],
    at: datetime,
) -> Facts:
    """The facts of one request; what is sensitive is none of them."""
    zones: tuple[str, ...] = ()
    owner = None
    if place is not None and place.lon is not None and place.lat is not None:
        zones = locate(town, place.lon, place.lat).zone_codes
        owner = owner_of(town, request_type.code, place.lon, place.lat)
    return gathered(
        request_type,
        zones=zones,
        owner=owner.code if owner else "",
        channel=channel,
        requester=requester,
        place=place,
        answers=answers,
        at=at,
    )


def gathered(
    request_type: RequestType,
    *,
    zones: tuple[str, ...],
    owner: str,
    channel: str,
    requester: str,
    place: Place | None,
    answers: Mapping[str, Any],
    at: datetime,
    words: bool = True,
) -> Facts:
    """The same where it is known already whose the place is; without `words` nobody will listen for any."""
    fields = request_type.form.fields()
    return Facts(
        type=request_type.code,
        theme=request_type.theme.code,
        zones=zones,
        channel=channel,
        owner=owner,
        requester=requester,
        answers=without_sensitive(request_type, answers),
        said=" ".join(written(fields, answers, OPEN)) if words else "",
        told=" ".join((*written(fields, answers, PROTECTED), place.words if place else "")) if words else "",
        at=at,
    )


def without_sensitive(request_type: RequestType, answers: Mapping[str, Any]) -> Mapping[str, Any]:
    """The answers that a rule may ask about: where a request lies would tell of the others."""
    hidden = {field.code for field in request_type.form.fields() if field.privacy.sensitivity is Sensitivity.SENSITIVE}
    return {code: value for code, value in answers.items() if code not in hidden} if hidden else answers


def written(fields: tuple[AnyField, ...], answers: Mapping[str, Any], wanted: frozenset[Sensitivity]) -> Iterator[str]:
    """What somebody wrote in their own words, under those protections."""
    for field in fields:
        value = answers.get(field.code)
        if isinstance(field, ShortText | LongText) and field.privacy.sensitivity in wanted and isinstance(value, str):
            yield value
        elif isinstance(field, Group) and isinstance(value, list):
            within = wanted if field.privacy.sensitivity in OPEN else wanted & {field.privacy.sensitivity}
            for item in value:
                if isinstance(item, dict):
                    yield from written(field.fields, item, within)
