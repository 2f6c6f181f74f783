"""Files that wait with a form of the desk that was pressed before: under whose name, and what is shown of them."""

from collections.abc import Mapping
from typing import Any

from parvis.requests.attached.attachments import waiting
from parvis.requests.drafting.drafts import holder_of
from parvis.web.desk.context import DeskContext
from parvis_sdk.fields import File
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
