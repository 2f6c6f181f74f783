"""What a town says differently from a request type: its own messages."""

import msgspec

from parvis.jurisdictions.jurisdiction import Jurisdiction
from parvis.jurisdictions.reading import Table
from parvis.jurisdictions.town_files import TownFile
from parvis_sdk.text import Text

ANY = "*"


class MessageOverride(msgspec.Struct, frozen=True, kw_only=True):
    """The town's own words for a step; an empty subject or body keeps the usual one."""

    type: str = ANY
    transition: str = ANY
    subject: Text = Text(fr="")
    body: Text = Text(fr="")


def read_messages(table: Table) -> tuple[MessageOverride, ...]:
    """`messages.toml`: `[[messages]]` with `type`, `transition` (or "*"), `subject`, `body`."""
    found: dict[tuple[str, str], MessageOverride] = {}
    for entry in table.tables("messages"):
        message = MessageOverride(
            type=entry.string("type", ANY),
            transition=entry.string("transition", ANY),
            subject=entry.text("subject"),
            body=entry.text("body"),
        )
        entry.close()
        if not message.subject.fr and not message.body.fr:
            entry.wrong("", "changes nothing", "add subject or body")
        if (message.type, message.transition) in found:
            entry.wrong("", f"repeats {message.type} / {message.transition}", "keep one of the two")
        found[message.type, message.transition] = message
    table.close()
    return tuple(found.values())


def most_fitting(messages: tuple[MessageOverride, ...], type_code: str, transition: str) -> MessageOverride | None:
    """Exactly this step of this type, else any step of the type, else this step of any type, else the general one."""
    by_key = {(message.type, message.transition): message for message in messages}
    keys = ((type_code, transition), (type_code, ANY), (ANY, transition), (ANY, ANY))
    return next((by_key[key] for key in keys if key in by_key), None)


MESSAGES: TownFile[tuple[MessageOverride, ...]] = TownFile(
    name="messages.toml", read=lambda table, around: read_messages(table), usual=()
)


def town_message(town: Jurisdiction, type_code: str, transition: str) -> MessageOverride | None:
    """What a town says itself when a request of this type takes this transition."""
    return most_fitting(MESSAGES.of(town), type_code, transition)
