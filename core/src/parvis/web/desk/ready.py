"""Ready texts on the page of a request: offered there, and filled in as the requester will read them."""

from collections.abc import Mapping

from parvis import i18n
from parvis.filling import fill_body
from parvis.requests.contacts import contact_of
from parvis.requests.ready_texts import expanded, offered
from parvis.requests.records import Record
from parvis.requests.visibility import sees_contact
from parvis.territory.ready_texts import ReadyText
from parvis.web.desk.room import Room, unit_name
from parvis_sdk.request_types import RequestType


def to_choose(room: Room, record: Record) -> list[tuple[str, str]]:
    """The texts that fit, for a list whose first line is none of them."""
    texts = offered(room.town, record)
    return [("", ""), *((ready.code, i18n.say(ready.title)) for ready in texts)] if texts else []


async def with_ready(room: Room, record: Record, kind: RequestType, words: str, chosen: str = "") -> str:
    """What is typed, with the texts that its slashes call and the one chosen from the list at its end."""
    texts = offered(room.town, record)
    if not texts or not (chosen or "/" in words):
        return words
    values = await _values(room, record, kind)

    def written(ready: ReadyText) -> str:
        return fill_body(ready.text.to(record.language), values)

    said = expanded(words, texts, written)
    added = [written(ready) for ready in texts if ready.code == chosen]
    return "\n\n".join(part for part in (said.rstrip(), *added) if part)


async def _values(room: Room, record: Record, kind: RequestType) -> Mapping[str, str]:
    """What stands for each name, in the language of the request; nothing that the person writing may not see."""
    language = record.language
    person = await contact_of(record) if sees_contact(room.viewer, record, room.host.territory) else None
    with room.request.app.state.pages.catalogues.speaking(language, room.town.time_zone):
        return {
            "name": person.name if person else "",
            "reference": record.reference,
            "type": kind.title.to(language),
            "state": kind.workflow.state(record.state).title.to(language),
            "place": "" if record.identity == "confidential" else record.address,
            "promised": i18n.format_date(record.promised_at) if record.promised_at else "",
            "town": room.town.name.to(language),
            "unit": unit_name(room.town, record.unit),
            "agent": room.person.name,
        }
