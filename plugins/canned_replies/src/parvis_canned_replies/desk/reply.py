"""Ready texts on the page of a request: offered there, and filled in as the requester will read them."""

from collections.abc import Mapping

from parvis import i18n
from parvis.i18n import gettext
from parvis.requests.contacts import contact_of
from parvis.requests.records import Record
from parvis.requests.visibility import sees_contact
from parvis.web.desk.context import DeskContext, unit_name
from parvis.web.desk.one_request.case import PreparedReply, ReplyAid
from parvis_canned_replies.choosing import Offer, expanded, offered
from parvis_canned_replies.kept import standing_texts
from parvis_canned_replies.ready_texts import ReadyText
from parvis_canned_replies.used import count_used
from parvis_sdk.placeholders import fill_body
from parvis_sdk.request_types import RequestType


async def to_choose(room: DeskContext, record: Record) -> list[tuple[str, str]]:
    """The texts that fit, for a list whose first line is none of them."""
    offers = await _offers(room, record)
    return [("", ""), *((offer.code, _title(offer)) for offer in offers)] if offers else []


async def _offers(room: DeskContext, record: Record) -> tuple[Offer, ...]:
    return offered(await standing_texts(room.host, room.town), room.town, record, room.person.id)


def _title(offer: Offer) -> str:
    title = i18n.say(offer.ready.title)
    return gettext("%(title)s (mine)") % {"title": title} if offer.is_own else title


async def with_ready(
    room: DeskContext, record: Record, request_type: RequestType, words: str, chosen: str
) -> PreparedReply:
    """What is typed, with the texts that its slashes call and the one chosen from the list at its end."""
    offers = await _offers(room, record) if chosen or "/" in words else ()
    if not offers:
        return PreparedReply(words=words)
    values = values_in(room, record, request_type, record.language, await name_seen(room, record))
    put: list[ReadyText] = []

    def written(ready: ReadyText) -> str:
        put.append(ready)
        return fill_body(ready.text.to(record.language), values)

    said = expanded(words, [offer.ready for offer in offers], written)
    added = [written(offer.ready) for offer in offers if offer.code == chosen]
    return PreparedReply(
        words="\n\n".join(part for part in (said.rstrip(), *added) if part),
        used=tuple(offer.code for offer in offers if not offer.is_own and offer.ready in put),
    )


async def note_used(room: DeskContext, record: Record, codes: tuple[str, ...]) -> None:
    """A message was sent in which these texts had been put."""
    known = {offer.code for offer in await _offers(room, record) if not offer.is_own} if codes else set[str]()
    await count_used(room.host, room.town, known.intersection(codes))


async def name_seen(room: DeskContext, record: Record) -> str:
    """Who asked, where the person writing may see it."""
    person = await contact_of(record) if sees_contact(room.viewer, record, room.host.jurisdictions) else None
    return person.name if person else ""


def values_in(
    room: DeskContext, record: Record, request_type: RequestType, language: str, name: str
) -> Mapping[str, str]:
    """What stands for each name, in one language."""
    with room.request.app.state.pages.catalogues.speaking(language, room.town.time_zone):
        return {
            "name": name,
            "reference": record.reference,
            "type": request_type.title.to(language),
            "state": request_type.workflow.state(record.state).title.to(language),
            "place": "" if record.identity == "confidential" else record.address,
            "promised": i18n.format_date(record.promised_at) if record.promised_at else "",
            "town": room.town.name.to(language),
            "unit": unit_name(room.town, record.unit),
            "agent": room.person.name,
        }


AID = ReplyAid(
    name="ready",
    title=lambda: gettext("Canned reply"),
    hint=lambda: gettext("Or type a slash and the start of its name on a separate line of the message."),
    choices=to_choose,
    fill=with_ready,
    sent=note_used,
)
