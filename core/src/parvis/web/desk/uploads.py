"""Files that somebody at the desk sends with a form: received, and named in the answers by their ids."""

from collections.abc import Iterable
from typing import Any

from parvis.requests.attachments import receive_file, waiting
from parvis.requests.drafts import holder_of
from parvis.web.desk.room import Room
from parvis.web.typed import Typed
from parvis_sdk.fields import DOCUMENT_KINDS, AnyField, File, Photo
from parvis_sdk.problems import Problem
from parvis_sdk.requests import Attachment
from parvis_sdk.text import Text

MOST_FREE = 5


def holder(room: Room, reference: str, form: str) -> str:
    """Under what the files of one person's form about one request wait."""
    return holder_of(f"desk {room.person.id} {reference} {form}")


async def receive(
    room: Room, held_by: str, fields: Iterable[AnyField], raw: dict[str, Any], typed: Typed, prefix: str = ""
) -> tuple[Problem, ...]:
    """Puts the ids of received files into `raw`; what could not be taken is told."""
    troubles: list[Problem] = []
    for field in fields:
        if not isinstance(field, Photo | File):
            continue
        given = raw.get(field.code)
        ids = [given] if isinstance(given, str) else list(given or ())
        for upload in typed.files.get(f"{prefix}{field.code}", ())[: field.most + 1]:
            content = await upload.read(field.max_size + 1)
            received = await receive_file(
                room.heart,
                held_by,
                field.code,
                upload.filename or "",
                content,
                kinds=field.kinds,
                max_size=field.max_size,
            )
            if isinstance(received, Problem):
                troubles.append(Problem(path=field.code, code=received.code, message=received.message))
            else:
                ids.append(received.id)
        raw.pop(field.code, None)
        if ids:
            raw[field.code] = ids
    return tuple(troubles)


async def receive_free(room: Room, held_by: str, name: str, typed: Typed) -> tuple[Problem, ...]:
    """Files of a message, which has no question of a form behind it."""
    field = File(code=name, label=Text(fr=""), kinds=DOCUMENT_KINDS, most=MOST_FREE)
    return await receive(room, held_by, (field,), {}, typed)


async def kept(held_by: str) -> dict[str, Attachment]:
    return await waiting(held_by)
