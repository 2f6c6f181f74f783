"""Random complete submissions for any request type: answers, place and requester, valid or hostile."""

from datetime import date
from random import Random
from typing import Any

from msgspec import Struct

from parvis_sdk.request_types import RequestType
from parvis_sdk.requests import Attachment
from parvis_sdk.testing.answers import TODAY, answers_for
from parvis_sdk.testing.places import CENTRE, place_for


class Submissions(Struct, frozen=True, kw_only=True):
    """The same submission as JSON and as form data, and the files that it names."""

    native: dict[str, Any]
    page: dict[str, Any]
    attachments: dict[str, Attachment] = {}


def submission_for(
    request_type: RequestType, random: Random, *, today: date = TODAY, centre: tuple[float, float] = CENTRE
) -> Submissions:
    """A valid submission for `request_type`, as `RequestType.read` accepts it."""
    answers = answers_for(request_type.form, random, today=today)
    language = random.choice(("fr", "en"))
    native: dict[str, Any] = {
        "language": language,
        "answers": answers.native,
        "requester": _requester(request_type, random),
    }
    page = {**native, "answers": answers.page}
    need = request_type.place.need
    if need == "required" or (need == "optional" and random.random() < 0.5):
        rule = request_type.place
        native["place"], page["place"] = place_for(rule.shapes, random, centre, words_alone=rule.words)
    return Submissions(native=native, page=page, attachments=answers.attachments)


def _requester(request_type: RequestType, random: Random) -> dict[str, Any]:
    mode = random.choice(request_type.identity.modes)
    if mode == "anonymous":
        return {"mode": mode}
    return {
        "mode": mode,
        "name": "Zoé L’Écuyer",
        "email": "zoe@exemple.com",
        "phone": random.choice(("", "450 555-0199")),
    }
