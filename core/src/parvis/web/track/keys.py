"""The key of a request: taken out of its link into a cookie that only the pages of that request receive."""

from typing import Any, Literal

from litestar.datastructures import Cookie
from litestar.exceptions import NotFoundException
from msgspec import Struct

from parvis.requests.actors import Actor
from parvis.requests.persons.parties import actor_of, party_of_key
from parvis.requests.records import Record, find, type_of_record
from parvis.requests.references import is_key, normalise
from parvis.requests.visibility import HOLDER, Viewer
from parvis.web.addresses import address
from parvis.web.portal.visit import Visit
from parvis_sdk.parties import Right
from parvis_sdk.request_types import RequestType

COOKIE = "parvis_key"
DAYS = 180
MOST_KEY = 100


class Held(Struct, frozen=True, kw_only=True):
    """A request whose key the visitor holds: its requester, or somebody whom they let in."""

    record: Record
    kind: RequestType
    viewer: Viewer = HOLDER

    @property
    def actor(self) -> Actor:
        return actor_of(self.viewer)


async def held(here: Visit, reference: str) -> Held | None:
    """The request of an address, when the cookie that came with it is its key or that of a party."""
    record = await find(here.heart, reference)
    key = here.request.cookies.get(COOKIE, "")[:MOST_KEY]
    if record is None or record.jurisdiction != here.town.code:
        return None
    kind = await type_of_record(here.heart, record)
    if is_key(here.heart.secret, record.id, key, record.holders):
        return Held(record=record, kind=kind)
    party = await party_of_key(here.heart, record, kind, key)
    return Held(record=record, kind=kind, viewer=party) if party else None


async def opened_by(here: Visit, reference: str, key: str) -> Record | None:
    """The request that this key, out of a link, opens."""
    record = await find(here.heart, reference)
    if record is None or record.jurisdiction != here.town.code:
        return None
    key = key[:MOST_KEY]
    if is_key(here.heart.secret, record.id, key, record.holders):
        return record
    kind = await type_of_record(here.heart, record)
    return record if await party_of_key(here.heart, record, kind, key) else None


def key_cookies(here: Visit, reference: str, key: str) -> list[Cookie]:
    """One cookie for the pages of the request in each language of the town."""
    return [
        here.kept(COOKIE, key, path=address(language, ":track", reference), days=DAYS)
        for language in here.town.languages
    ]


def private(**more: Any) -> dict[str, Any]:
    """What every page of a private view is rendered with: no copy is kept.

    The policy on referrers stays that of all pages: under `no-referrer` browsers send forms without their origin.
    """
    return {"keep": False, **more}


def own_address(here: Visit, found: Held, *more: str, **query: str) -> str:
    return address(here.language, ":track", found.record.reference, *more, **query)


async def held_or_redirect(here: Visit, reference: str, right: Right | Literal["see", "all"] = "all") -> Held:
    """The request, or an exception that sends a person without its key to the entrance.

    A page is for the requester alone, unless it names a `right`; "see" is everybody's who was let in.
    """
    found = await held(here, reference)
    if found is None:
        raise NoKey(normalise(reference) or "")
    if found.viewer.role and right != "see" and (right == "all" or not found.viewer.holds(right)):
        raise NotFoundException("This page is not for those who were let into the request.")
    return found


class NoKey(NotFoundException):
    """A private page was asked for without the key of its request."""

    def __init__(self, reference: str) -> None:
        super().__init__("The key of this request is not here.")
        self.reference = reference
