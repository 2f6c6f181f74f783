"""Which request a text message is about: the one that it names, else the last thing that its number was told."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from msgspec import Struct, structs

from parvis import clock
from parvis.db.tables import Contact, Delivery
from parvis.outbox.deliveries import lane_of
from parvis.requests.contacts import known_of_all
from parvis.requests.host import Host
from parvis.requests.records import Record, get_each
from parvis.requests.references import normalise
from parvis_sdk.channels import OutgoingMessage
from parvis_sdk.contact_methods import TEXT_MESSAGE
from parvis_sdk.requests import Phase, Requester
from parvis_sdk.text_normalisation import fold
from parvis_text_messages.keywords import REFERENCE

MODULE = "text_messages"
MOST = 50  # requests of one number that are looked at, the newest
TOLD_WITHIN = timedelta(days=14)  # after which nobody answers any more to what they were told
CLOSED = (Phase.DECIDED, Phase.CLOSED)


class Placement(Struct, frozen=True, kw_only=True):
    """Where a message goes, or why nowhere: `candidates` are those that it may be about, of one person."""

    record: Record | None = None
    why: str = ""
    candidates: tuple[Record, ...] = ()
    town: str = ""  # whose requests it may be about, where all of them are of one
    named: bool = False


async def placed(host: Host, number: str, words: str) -> Placement:
    """The request that a message of this number is about; None where two are possible, whatever their requesters."""
    theirs = await requests_of(host, number)
    named = references_in(words)
    if named:
        found = [each for each in theirs if each.reference in named]
        if len(found) == 1:
            return Placement(record=found[0], why="names its reference", named=True)
        return Placement(why="names a request that is not of its number")
    told = await _last_told(theirs, number)
    possible = [each for each in theirs if each.phase not in CLOSED or each.id in told]
    if not possible:
        return Placement(why="no open request of its number")
    towns = {each.jurisdiction for each in possible}
    town = towns.pop() if len(towns) == 1 else ""
    if await _are_of_several(possible):
        return Placement(why="its number is the one of several persons", town=town)
    return structs.replace(_among(possible, told), town=town)


def references_in(words: str) -> frozenset[str]:
    """The references that a message names, however they are typed.

    >>> references_in("pour 7k3m 9qxt 4 svp"), references_in("rien 1234-5678-9")
    (frozenset(), frozenset())
    """
    return frozenset(found for each in REFERENCE.findall(words) if (found := normalise(each)))


def rest_of(words: str) -> str:
    """What a message says beside the references that it names."""
    return REFERENCE.sub(lambda found: "" if normalise(found[0]) else found[0], words).strip(" \n\r\t:;,.-#")


async def requests_of(host: Host, number: str) -> tuple[Record, ...]:
    """The requests of this number in towns that take text messages in, the newest first."""
    rows = (
        await Contact.select(Contact.request)
        .where(Contact.phone == number)
        .order_by(Contact.request, ascending=False)
        .limit(MOST)
    )
    records = await get_each({row["request"] for row in rows}) if rows else {}
    here = [each for each in records.values() if each.erased_at is None and takes_texts(host, each.jurisdiction)]
    return tuple(sorted(here, key=lambda each: each.submitted_at, reverse=True))


def takes_texts(host: Host, code: str) -> bool:
    """Whether a town has this module on."""
    town = host.jurisdictions.get(code)
    return town is not None and host.modules.of(town).has(MODULE)


def lane_to(number: str) -> str:
    """What the deliveries of text messages to a number have in common: their words and their number are not kept."""
    return lane_of(OutgoingMessage(channel=TEXT_MESSAGE.name, to=number, subject="", text="", language="fr"))


async def _last_told(records: Sequence[Record], number: str) -> dict[UUID, datetime]:
    """When this number was last told something of each request, within the time in which people answer."""
    ids = [each.id for each in records]
    if not ids:
        return {}
    since = clock.now() - TOLD_WITHIN
    sent = (Delivery.request.is_in(ids)) & (Delivery.lane == lane_to(number)) & (Delivery.state == "done")
    rows = await Delivery.select(Delivery.request, Delivery.done_at).where(sent & (Delivery.done_at >= since))
    last: dict[UUID, datetime] = {}
    for row in rows:
        last[row["request"]] = max(row["done_at"], last.get(row["request"], row["done_at"]))
    return last


async def _are_of_several(records: Iterable[Record]) -> bool:
    """Whether these requests are of more than one person: by name, and by e-mail as soon as one has no name."""
    known = await known_of_all(tuple(records))
    people = [person for person, _ in known.values() if person is not None]
    names, mails = ({_told(person, part) for person in people} - {""} for part in ("name", "email"))
    one_is_nameless = any(not _told(person, "name") for person in people)
    return len(names) > 1 or (one_is_nameless and len(mails) > 1)


def _told(person: Requester, part: str) -> str:
    return " ".join(fold(str(getattr(person, part))).split())


def _among(possible: Sequence[Record], told: dict[UUID, datetime]) -> Placement:
    """Of requests of one person: the only one, else the last that was told where at most one is open or it asked."""
    if len(possible) == 1:
        return Placement(record=possible[0], why="the only request of its number")
    open_ones = [each for each in possible if each.phase not in CLOSED]
    last = max((each for each in possible if each.id in told), key=lambda each: told[each.id], default=None)
    asking = [each for each in open_ones if each.phase is Phase.WAITING_FOR_YOU]
    if last is not None and (len(open_ones) <= 1 or asking == [last]):
        return Placement(record=last, why="answers the last thing that its number was told")
    return Placement(why="several requests are possible", candidates=tuple(possible[:9]))
