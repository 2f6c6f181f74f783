"""Leaving out of what was exchanged whatever opens a door or tells of a person; pure."""

import json
import re
from collections.abc import Iterable
from urllib.parse import quote, quote_plus

from parvis_sdk.fields import Sensitivity
from parvis_sdk.requests import ServiceRequest

HIDDEN = "•••"
SHORTEST = 3  # characters; what is shorter stands everywhere by chance
SECRETS = (
    r"(?:access_?|refresh_?|id_?)?token|password|passwd|pwd|secret|client_?secret|client_?assertion|api_?key|"
    r"authorization|signature|sig|session|assertion"
)
IN_JSON = re.compile(rf'(\\?"(?:{SECRETS})\\?"\s*:\s*)(\\?"(?:[^"\\]|\\.)*"|[^\s,}}\]]+)', re.IGNORECASE)
IN_FORM = re.compile(rf"(^|[?&;\s])((?:{SECRETS})=)([^&\s]*)", re.IGNORECASE)


def without_secrets(words: str) -> str:
    """The words without the values of what names itself a secret, in JSON, forms and addresses."""
    hidden = IN_JSON.sub(rf'\1"{HIDDEN}"', words)
    return IN_FORM.sub(rf"\1\2{HIDDEN}", hidden)


def without(words: str, values: Iterable[str]) -> str:
    """The words without these values, however they are written in JSON, forms and addresses."""
    for value in sorted({value for value in values if len(value) >= SHORTEST}, key=len, reverse=True):
        for written in {value, json.dumps(value)[1:-1], quote(value), quote(value, safe=""), quote_plus(value)}:
            words = words.replace(written, HIDDEN)
    return words


def personal_of(request: ServiceRequest) -> tuple[str, ...]:
    """Everything in a request that tells of a person, as it was handed over."""
    values: list[str] = []
    if request.requester is not None:
        person = request.requester
        values += [person.name, person.email, person.phone, person.postal_address, *person.postal_address.split("\n")]
    values += [follower.email for follower in request.followers]
    values += [word for party in request.parties for word in (party.name, party.email, party.url)]
    values += [request.tracking_url, request.view_url, request.stop_url, request.settled_url, request.words]
    values += [request.short_url, request.short_stop_url]
    for code, answer in request.answers.items():
        field = request.questions.get(code)
        if field is not None and field.privacy.sensitivity in (Sensitivity.PERSONAL, Sensitivity.SENSITIVE):
            values += _words_in(answer)
    return tuple(value for value in values if value)


def _words_in(answer: object) -> list[str]:
    if isinstance(answer, str):
        return [answer]
    if isinstance(answer, dict):
        return [word for each in answer.values() for word in _words_in(each)]
    if isinstance(answer, list | tuple):
        return [word for each in answer for word in _words_in(each)]
    return []
