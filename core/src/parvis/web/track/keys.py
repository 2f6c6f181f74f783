"""The key of a request: taken out of its link into a cookie that only the pages of that request receive."""

from datetime import timedelta
from typing import Any, Literal
from uuid import UUID

from litestar.datastructures import Cookie
from litestar.exceptions import NotFoundException
from litestar.response import Redirect
from msgspec import Struct

from parvis.outbox.addressees import confirm_address
from parvis.requests.actors import Actor
from parvis.requests.contacts import contact_of
from parvis.requests.declarations import type_of_record
from parvis.requests.device_keys import device_in, device_key, end_device, find_with_key
from parvis.requests.history import Entry
from parvis.requests.links import is_mail_key, looks_dated
from parvis.requests.parties import actor_of, confirm_party, party_by_id, party_of_key
from parvis.requests.records import Record, find
from parvis.requests.references import is_key, normalise
from parvis.requests.timeline import StoryLine
from parvis.requests.visibility import HOLDER, Viewer
from parvis.web.addresses import Step, address
from parvis.web.portal.visit import Visit, see_other
from parvis_sdk.parties import Right
from parvis_sdk.request_types import RequestType

COOKIE = "parvis_key"
ANSWER_COOKIE = "parvis_answer"  # holds the right to say whether it is settled, and no other
DAYS = 180
PROVED = timedelta(days=1)  # in a browser that was opened by a link asked for, or from one's own page
ANSWERS = timedelta(days=1)
MOST_KEY = 120


class TrackedRequest(Struct, frozen=True, kw_only=True):
    """A request whose key the visitor holds: its requester, or somebody whom they let in.

    With `answers_only` the visitor came by a link of a message that is for one thing, and may do that alone, on the
    page below the request that `page` names. With `is_lasting` the browser keeps a key that is not its own and has no
    end.
    """

    record: Record
    request_type: RequestType
    viewer: Viewer = HOLDER
    answers_only: bool = False
    page: tuple[Step, ...] = ()
    is_lasting: bool = False
    past: tuple[Entry, ...] = ()  # its history and what they may know of it, once the page has read them
    lines: tuple[StoryLine, ...] = ()

    @property
    def actor(self) -> Actor:
        return actor_of(self.viewer)


class LinkKey(Struct, frozen=True, kw_only=True):
    """A request that a link opens, and the key that the browser keeps from then on."""

    record: Record
    key: str
    party: Viewer | None = None


async def held(here: Visit, reference: str) -> TrackedRequest | None:
    """The request of an address, when the cookie that came with it is its key or that of a party."""
    key = here.request.cookies.get(COOKIE, "")[:MOST_KEY]
    record, is_ended = await find_with_key(reference, key)
    if record is None or is_ended or record.jurisdiction != here.town.code:
        return None
    request_type = await type_of_record(here.host, record)
    device = device_in(here.host, record, "view", key)
    if device == "holder":
        return TrackedRequest(record=record, request_type=request_type)
    if device:
        party = await party_by_id(record, request_type, device)
        return TrackedRequest(record=record, request_type=request_type, viewer=party) if party else None
    return await _held_of_before(here, record, request_type, key)


async def _held_of_before(here: Visit, record: Record, request_type: RequestType, key: str) -> TrackedRequest | None:
    """Browsers that came before devices had keys of their own keep the one of the receipt, or of a party; `renewed`
    exchanges it."""
    if is_key(here.host.secret, record.id, key, record.holders):
        return TrackedRequest(record=record, request_type=request_type, is_lasting=True)
    party = await party_of_key(here.host, record, request_type, key)
    return TrackedRequest(record=record, request_type=request_type, viewer=party, is_lasting=True) if party else None


def renewed(here: Visit, found: TrackedRequest) -> list[Cookie]:
    """The key of this device for a browser that keeps a lasting one."""
    if not found.is_lasting:
        return []
    party = None if found.viewer.is_requester else UUID(found.viewer.id)
    key = device_key(here.host, found.record, "view", timedelta(days=DAYS), party=party)
    return key_cookies(here, found.record.reference, key)


async def opened_by(here: Visit, reference: str, key: str) -> LinkKey | None:
    """The request that this key, out of a link, opens; the browser keeps none that would open it for ever."""
    record = await find(here.host, reference)
    if record is None or record.jurisdiction != here.town.code:
        return None
    key = key[:MOST_KEY]
    if is_key(here.host.secret, record.id, key, record.holders) or await _is_mailed(here, record, key):
        return LinkKey(record=record, key=device_key(here.host, record, "view", timedelta(days=DAYS)))
    request_type = await type_of_record(here.host, record)
    party = await party_of_key(here.host, record, request_type, key)
    if party is None:
        return None
    await confirm_party(here.host, record, party)
    key = device_key(here.host, record, "view", timedelta(days=DAYS), party=UUID(party.id))
    return LinkKey(record=record, key=key, party=party)


async def _is_mailed(here: Visit, record: Record, key: str) -> bool:
    """Whether this key went out in a message to an address or a number that is still that of the request.

    Nobody else was given it, so that the person who brings it back has shown that the address is theirs.
    """
    contact = await contact_of(record)
    known = (contact.email, contact.phone) if contact else ()
    to = next((each for each in known if is_mail_key(here.host, record, key, each)), "")
    if to:
        await confirm_address(here.host.engine, here.host.secret, to)
    return bool(to)


def proved_cookies(here: Visit, record: Record) -> list[Cookie]:
    """For a browser in which somebody has shown that the contact of the request is theirs: open for a day."""
    return key_cookies(here, record.reference, device_key(here.host, record, "view", PROVED), PROVED.days)


def key_cookies(here: Visit, reference: str, key: str, days: int = DAYS, name: str = COOKIE) -> list[Cookie]:
    """One cookie for the pages of the request in each language of the town."""
    return [
        here.kept(name, key, path=address(language, ":track", reference), days=days) for language in here.town.languages
    ]


async def without_key(here: Visit, reference: str, path: str) -> Redirect:
    """To this page, on a device that no longer opens the request, nor do copies of its keys."""
    for name in (COOKIE, ANSWER_COOKIE):
        if key := here.request.cookies.get(name, "")[:MOST_KEY]:
            await end_device(here.host.engine, key)
    answer = see_other(path)
    for language in here.town.languages:
        for name in (COOKIE, ANSWER_COOKIE):
            answer.delete_cookie(name, path=address(language, ":track", reference))
    return answer


def private(**more: Any) -> dict[str, Any]:
    """What every page of a private view is rendered with: no copy is kept, and no search engine lists it.

    The policy on referrers stays that of all pages: under `no-referrer` browsers send forms without their origin.
    """
    return {"keep": False, "headers": {"x-robots-tag": "noindex, nofollow"}, **more}


def own_address(here: Visit, found: TrackedRequest, *more: Step, **query: str) -> str:
    return address(here.language, ":track", found.record.reference, *more, **query)


async def held_or_redirect(here: Visit, reference: str, right: Right | Literal["see", "all"] = "all") -> TrackedRequest:
    """The request, or an exception that sends a person without its key to the entrance.

    A page is for the requester alone, unless it names a `right`; "see" is everybody's who was let in.
    """
    found = await held(here, reference)
    if found is None:
        raise NoKey(normalise(reference) or "")
    return allowed(found, right)


def allowed(found: TrackedRequest, right: Right | Literal["see", "all"]) -> TrackedRequest:
    """The request, for people who hold that right over it."""
    if found.viewer.role and right != "see" and (right == "all" or not found.viewer.holds(right)):
        raise NotFoundException("This page is not for those who were let into the request.")
    return found


class NoKey(NotFoundException):
    """A private page was asked for without the key of its request, or by a link that is `over`."""

    def __init__(self, reference: str, *, over: bool = False) -> None:
        super().__init__("The key of this request is not here.")
        self.reference = reference
        self.over = over


def no_longer(reference: str, key: str) -> NotFoundException:
    """Of a link that does not open what it names: to where another is asked for, if it may have been one of ours."""
    if looks_dated(key[:MOST_KEY]) and (known := normalise(reference)):
        return NoKey(known, over=True)
    return NotFoundException("There is no such request, or its link is not whole.")
