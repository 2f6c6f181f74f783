"""What is found for whatever a person says of themselves or of a request: who they are, and which request they mean."""

import re
from collections.abc import Mapping

from msgspec import Struct

from parvis.db.text_search import SHORTEST
from parvis.requests.lists.search import Filters, Row, queue
from parvis.requests.lists.text_queries import sought_in
from parvis.web.desk.context import DeskContext
from parvis_telephone.callers import Caller, callers
from parvis_telephone.heard_references import heard_wrong

MOST_REQUESTS = 5
EMAIL = re.compile(r"\S+@\S+")
REFERENCE = re.compile(r"\d|^\s*[A-Za-z]{4}\s*$")  # or an address; half a number of a request may be letters alone
NUMBER = re.compile(r"\+?\(?\d[\d ().\u00a0-]{5,}\d")


class Found(Struct, frozen=True, kw_only=True):
    """People called that, or with `near` something like it; requests that it names; numbers that may be meant."""

    people: tuple[Caller, ...] = ()
    near: bool = False
    requests: tuple[Row, ...] = ()
    meant: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        return not (self.people or self.requests or self.meant)

    def person(self, reference: str) -> Caller | None:
        """The one who is known in a request."""
        return next((one for one in self.people if reference in one.references), None) if reference else None


async def look_up(room: DeskContext, who: str) -> Found:
    """People whom the agent may know, then requests that they may see: by their number, half of it, or an address."""
    if not who.strip():
        return Found()
    found = await callers(room.host.engine, room.scope("contacts"), who)
    if found.people and not found.near:
        return Found(people=found.people)
    if found.people and not REFERENCE.search(who):
        return Found(people=found.people, near=found.near)
    meant = await heard_wrong(room.scope("see"), who)
    if not any(max(map(len, way)) >= SHORTEST for each in sought_in(who) for way in each.ways):
        return Found(people=found.people, near=found.near, meant=meant)  # of a letter or two every request has some
    page = await queue(
        room.host, room.viewer, room.town.code, Filters(text=who), sort="newest", limit=MOST_REQUESTS, count=False
    )
    return Found(people=found.people, near=found.near, requests=page.rows, meant=meant)


def said_of_oneself(who: str) -> Mapping[str, str]:
    """What was typed about somebody whom nobody knows, as the boxes of the form that it belongs in."""
    email, number = EMAIL.search(who), NUMBER.search(who)
    name = NUMBER.sub(" ", EMAIL.sub(" ", who)).strip(" ,;:()-")
    told = {
        "email": email[0] if email else "",
        "phone": number[0].strip() if number else "",
        "name": "" if re.search(r"\d", name) else " ".join(name.split()),
    }
    return {box: words for box, words in told.items() if words}
