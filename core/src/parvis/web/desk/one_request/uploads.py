"""Files that somebody at the desk sends with a form: received, and named in the answers by their ids."""

from collections.abc import Iterable
from typing import Any

from parvis.requests.attached.attachments import discard, waiting
from parvis.web.desk.context import DeskContext
from parvis.web.desk.one_request.waiting_files import REPLY_FILES
from parvis.web.typed import FormInput
from parvis.web.uploads import take_files
from parvis_sdk.fields import AnyField, File, Photo
from parvis_sdk.problems import Problem
from parvis_sdk.requests import Attachment


async def receive(
    room: DeskContext, held_by: str, fields: Iterable[AnyField], raw: dict[str, Any], typed: FormInput, prefix: str = ""
) -> tuple[Problem, ...]:
    """Puts the ids of received files into `raw`; what could not be taken is told."""
    troubles: list[Problem] = []
    for field in fields:
        if not isinstance(field, Photo | File):
            continue
        given = raw.get(field.code)
        ids = [given] if isinstance(given, str) else list(given or ())
        sent = typed.files.get(f"{prefix}{field.code}", ())
        troubles += await take_files(room.heart, held_by, field, field.code, sent, ids)
        raw.pop(field.code, None)
        if ids:
            raw[field.code] = ids
    return tuple(troubles)


async def receive_free(
    room: DeskContext, held_by: str, typed: FormInput
) -> tuple[dict[str, Attachment], tuple[Problem, ...]]:
    """The files of a message, which has no form behind it: those kept from an earlier press and those sent now."""
    name, before = REPLY_FILES.code, await waiting(held_by)
    chosen = typed.values.get(name)
    raw = {name: [id for id in ([chosen] if isinstance(chosen, str) else chosen or ()) if id in before]}
    for id in before:
        if id not in raw[name]:  # unticked, or left by a message that was never sent
            await discard(room.heart, held_by, id)
    troubles = await receive(room, held_by, (REPLY_FILES,), raw, typed)
    return await waiting(held_by), troubles
