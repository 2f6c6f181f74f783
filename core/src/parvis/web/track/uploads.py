"""Files sent with a move, a message or an occurrence: they wait under the request's key until they are taken in."""

import hashlib
from typing import Any

from parvis.requests.attached.attachments import waiting
from parvis.requests.references import key_for
from parvis.web.portal.visit import Visit
from parvis.web.track.keys import TrackedRequest
from parvis.web.typed import FormInput
from parvis.web.uploads import take_files
from parvis_sdk.fields import AnyField, File, Photo
from parvis_sdk.problems import Problem
from parvis_sdk.requests import Attachment


def waiting_holder(here: Visit, found: TrackedRequest) -> str:
    """Under what files wait that the holder of this request's key has sent."""
    key = f"{key_for(here.heart.secret, found.record.id, found.record.holders)}{found.viewer.id}"
    return hashlib.sha256(b"track:" + key.encode()).hexdigest()


async def files_sent(
    here: Visit, found: TrackedRequest, fields: tuple[AnyField, ...], raw: dict[str, Any], sent: FormInput
) -> tuple[Problem, ...]:
    """Receives the files sent for these questions, puts their ids among the answers, and tells what was not taken."""
    troubles: list[Problem] = []
    holder = waiting_holder(here, found)
    for field in fields:
        if not isinstance(field, Photo | File):
            continue
        ids = chosen(raw.get(field.code))
        troubles += await take_files(here.heart, holder, field, field.code, sent.files.get(field.code, ()), ids)
        if ids:
            raw[field.code] = ids
        else:
            raw.pop(field.code, None)
    return tuple(troubles)


async def kept_here(
    here: Visit, found: TrackedRequest, fields: tuple[AnyField, ...], values: dict[str, Any]
) -> dict[str, list[Attachment]]:
    """Files already received for these questions, to be shown again with them."""
    wanted = {field.code: chosen(values.get(field.code)) for field in fields if isinstance(field, Photo | File)}
    if not any(wanted.values()):
        return {}
    files = await waiting(waiting_holder(here, found))
    return {code: [files[id] for id in ids if id in files] for code, ids in wanted.items()}


def chosen(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else [one for one in value or () if isinstance(one, str)]
