"""Mail that does not reach the person of a request: written in its story, and told by telephone or letter instead."""

from functools import partial

from parvis.identifiers import new_id
from parvis.requests.actors import SYSTEM
from parvis.requests.changing import Change, Situation, change_within
from parvis.requests.heart import Heart
from parvis.requests.history import Line
from parvis.requests.persons.contacts import contact_of, mark_returned, reached, way_to
from parvis.requests.records import Record
from parvis.requests.work.calls import Way, owe
from parvis_sdk.subscriptions import ByHand
from parvis_sdk.text import Text

RETURNED, UNDELIVERED = "returned", "undelivered"
ABOUT = Text(fr="Un courriel n’est pas arrivé", en="A mail did not arrive")
SAY_ADDRESS = Text(
    fr="Le courriel revient de {address}. Donnez les dernières nouvelles et demandez une autre adresse.",
    en="Mail comes back from {address}. Give the latest news and ask for another address.",
)
SAY_ONCE = Text(
    fr="Un courriel n’a pas pu être remis à {address}\u00a0: boîte pleine ou refus. Donnez les dernières nouvelles.",
    en="A mail could not be delivered to {address}, which may be full or refuse it. Give the latest news.",
)


async def mail_returned_within(
    heart: Heart, reference: str, *, to: str, of_the_address: bool, status: str, said: str
) -> Record | None:
    """Inside a unit: a mail to the request's own person came back or was not taken; the desk owes them what it said.

    `to` is where it went: what is sent to others, or to an address that they have left, is nothing new of theirs.
    `of_the_address` when nothing will ever arrive there: the address is marked then, and no mail goes to it before it
    is corrected. None where nothing new is learnt of it.
    """

    async def plan(here: Situation) -> Change | None:
        person, before = await contact_of(here.record), await reached(here.record)
        if person is None or not person.email or person.email.casefold() != to.casefold():
            return None
        if of_the_address and before.returned_at is not None:
            return None
        way: Way = "letter" if way_to(person, (), mail_returns=True) == "letter" else "phone"
        say = (SAY_ADDRESS if of_the_address else SAY_ONCE).format(address=person.email)
        told = ByHand(way=way, about=ABOUT, say=say)
        mark = (partial(mark_returned, here.record.id, here.at, said or status),) if of_the_address else ()
        return Change(
            line=Line(
                kind=RETURNED if of_the_address else UNDELIVERED,
                audience="colleagues",
                body={"status": status},
                personal={"words": f"{person.email}\n{said or status}".strip()},
            ),
            writes=(partial(owe, heart, here.record, new_id(), told), *mark),
        )

    changed = await change_within(heart, reference, plan, actor=SYSTEM)
    return changed if isinstance(changed, Record) else None
