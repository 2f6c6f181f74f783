"""Files that somebody at the desk sends with a form: received, and shown again while they wait."""

from collections.abc import Iterable, Mapping
from typing import Any

from parvis.requests.attached.attachments import waiting
from parvis.requests.attached.dropping import discard
from parvis.requests.drafting import holder_of
from parvis.web.desk.context import DeskContext
from parvis.web.typed import FormInput
from parvis.web.uploads import take_files
from parvis_sdk.fields import AnyField, File, Photo
from parvis_sdk.problems import Problem
from parvis_sdk.requests import Attachment
from parvis_sdk.text import Text

REPLY_FILES = File(code="files", label=Text(fr="Photos ou documents", en="Photos or documents"), required=False)


def holder(room: DeskContext, reference: str, form: str) -> str:
    """Under what the files of one person's form about one request wait."""
    return holder_of(f"desk {room.person.id} {reference} {form}")


async def kept(held_by: str) -> dict[str, Attachment]:
    return await waiting(held_by)


async def kept_for(
    room: DeskContext, reference: str, form: str, values: Mapping[str, Any]
) -> dict[str, list[Attachment]]:
    """The files that came with an earlier press of a form, by the name of their question, to be shown again with it."""
    waits = await waiting(holder(room, reference, form)) if form else {}
    if form == "reply":
        return {REPLY_FILES.code: list(waits.values())}
    named = {code: value for code, value in values.items() if isinstance(value, list)}
    return {f"{form}.{code}": [waits[id] for id in ids if id in waits] for code, ids in named.items()} if waits else {}


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
        troubles += await take_files(room.host, held_by, field, field.code, sent, ids)
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
            await discard(room.host, held_by, id)
    troubles = await receive(room, held_by, (REPLY_FILES,), raw, typed)
    return await waiting(held_by), troubles
