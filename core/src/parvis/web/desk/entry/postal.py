"""What is offered for a postal address at the desk: what is found while it is typed, and the place of the request."""

from msgspec import Struct

from parvis.jurisdictions.addressing.found import sure_among
from parvis.jurisdictions.envelopes import on_envelope
from parvis.requests.places.locating import find_places
from parvis.web.desk.context import DeskContext
from parvis.web.desk.entry.places import MOST_FOUND

LEAST = 4


class PostalOffered(Struct, frozen=True, kw_only=True):
    """Addresses as they stand on an envelope: that of the place of the request, and those found for what is typed."""

    same: str = ""
    found: tuple[str, ...] = ()


async def postal_offered(room: DeskContext, typed: str, place: str) -> PostalOffered:
    """The place while nothing is typed; addresses of the town while one line is; nothing for a whole address."""
    lines = [line.strip() for line in typed.splitlines() if line.strip()]
    if not lines and place:
        found = await find_places(room.heart, room.town, place[:200], MOST_FOUND)
        sure = sure_among(found, place)
        return PostalOffered(same=on_envelope(room.town, place, sure.postal_code if sure else ""))
    if len(lines) == 1 and len(lines[0]) >= LEAST:
        found = await find_places(room.heart, room.town, lines[0][:200], MOST_FOUND)
        civic = (each for each in found if each.kind == "address" and each.fit != "near")
        written = dict.fromkeys(on_envelope(room.town, each.text, each.postal_code) for each in civic)
        return PostalOffered(found=tuple(written))
    return PostalOffered()


def row(lines: str) -> str:
    """An address of several lines in one."""
    return ", ".join(line for line in lines.splitlines() if line)
