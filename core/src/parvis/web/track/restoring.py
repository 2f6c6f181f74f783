"""The page behind the message that tells of a change of contact details: one press takes it back."""

from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath

from parvis.requests.declarations import type_of_record
from parvis.requests.links import DATED_LENGTH
from parvis.requests.persons.contact_letters import restorable, restore_contact
from parvis.requests.records import Record, find
from parvis.web.addresses import address, in_each, patterns
from parvis.web.pages import render
from parvis.web.portal.visit import AtPortal, Visit
from parvis.web.track.entrance import not_here
from parvis.web.track.keys import private

MOST_TOKEN = 32 + DATED_LENGTH


@get(patterns(":track", "{reference:str}", ":restore", "{token:str}"), name="restore-page")
async def restore_page(here: AtPortal, reference: FromPath[str], token: FromPath[str]) -> Response[Any]:
    """What happened, and a button; opening the page changes nothing."""
    record = await _record(here, reference)
    is_good = await restorable(here.host, record, token[:MOST_TOKEN]) is not None
    return await _page(here, record, token, "asked" if is_good else "over")


@post(patterns(":track", "{reference:str}", ":restore", "{token:str}"), name="restore", status_code=200)
async def restore(here: AtPortal, reference: FromPath[str], token: FromPath[str]) -> Response[Any]:
    record = await _record(here, reference)
    done = await restore_contact(here.host, record.reference, token[:MOST_TOKEN])
    return await _page(here, record, token, "done" if isinstance(done, Record) else "over")


async def _record(here: Visit, reference: str) -> Record:
    record = await find(here.host, reference)
    if record is None or record.jurisdiction != here.town.code or record.erased_at is not None:
        raise not_here()
    return record


async def _page(here: Visit, record: Record, token: str, standing: str) -> Response[Any]:
    """The words are the same for an invented link as for one that is over."""
    return render(
        here.request,
        "track/restore.html",
        status=404 if standing == "over" else 200,
        standing=standing,
        reference=record.reference,
        title=(await type_of_record(here.host, record)).title if standing != "over" else None,
        track=address(here.language, ":track"),
        alternates=in_each(here.town.languages, ":track", record.reference, ":restore", token[:MOST_TOKEN]),
        **private(),
    )
