"""Whom each file of an answer may reach: what protects the question protects its files."""

from collections.abc import Mapping
from typing import Any

from parvis.requests.history import Audience
from parvis_sdk.fields import AnyField, File, Group, Photo, Privacy, Sensitivity
from parvis_sdk.request_types import RequestType


def audiences_of(
    fields: tuple[AnyField, ...], answers: Mapping[str, Any], *, by_requester: bool, told: bool = True
) -> dict[str, Audience]:
    """Whom each file among these answers may reach, by its id: what protects the question protects its files."""
    found: dict[str, Audience] = {}
    for field in fields:
        value = answers.get(field.code)
        if isinstance(field, Photo | File) and value:
            audience = _audience_of(field.privacy, by_requester=by_requester, told=told)
            found |= dict.fromkeys(value, audience)
        elif isinstance(field, Group) and value:
            for item in value:
                found |= audiences_of(field.fields, item, by_requester=by_requester, told=told)
    return found


def audiences_at_first(kind: RequestType, answers: Mapping[str, Any]) -> dict[str, Audience]:
    """The same of what a request came with: what the town itself declares it also tells."""
    return audiences_of(kind.form.fields(), answers, by_requester=kind.opened_by != "town")


def _audience_of(privacy: Privacy, *, by_requester: bool, told: bool) -> Audience:
    match privacy.sensitivity:
        case Sensitivity.PUBLIC if told and not by_requester:
            return "public"  # those of the requester once somebody of the town has published them
        case Sensitivity.SENSITIVE:
            return "sensitive" if by_requester else "restricted"
        case Sensitivity.PERSONAL:
            return "personal" if by_requester else "colleagues"
        case _:
            return "requester" if by_requester or told else "internal"
