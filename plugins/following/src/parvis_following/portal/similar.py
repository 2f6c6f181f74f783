"""Requests that others made about what may be the same thing, between the place of a form and its questions."""

import asyncio
from collections.abc import Sequence
from typing import Any

import structlog
from litestar import Response

from parvis.requests.lists.nearby import Similar, similar_open
from parvis.requests.places import pointed_at
from parvis.web.addresses import address
from parvis.web.pages import render
from parvis.web.portal.drafting import FormDraft, part_of
from parvis.web.portal.joining import FollowOffer
from parvis.web.portal.visit import Visit
from parvis_sdk.problems import Problem
from parvis_sdk.requests import Place

PATIENCE = 1.5  # seconds that a person waits for similar requests
LOOKING: set["asyncio.Future[tuple[Similar, ...]]"] = set()
log = structlog.get_logger("parvis.following")


async def similar_here(work: FormDraft) -> Sequence[Similar]:
    """Open requests of this kind around the place of a draft; none when they cannot be had at once.

    What others reported is a courtesy: nobody is kept from reporting because it does not come.
    """
    place = pointed_at(work.here.town, work.request_type, read) if isinstance(read := place_of(work), Place) else None
    if not isinstance(place, Place) or place.lon is None or place.lat is None:
        return ()
    looking = asyncio.ensure_future(
        similar_open(work.here.host, work.here.town, work.request_type, place.lon, place.lat)
    )
    # Left to end by itself when it takes too long: a query that is cut off would cost a connection.
    LOOKING.add(looking)
    looking.add_done_callback(looked)
    await asyncio.wait({looking}, timeout=PATIENCE)
    return looking.result() if looking.done() and looking.exception() is None else ()


def looked(looking: "asyncio.Future[tuple[Similar, ...]]") -> None:
    LOOKING.discard(looking)
    if not looking.cancelled() and (trouble := looking.exception()) is not None:
        log.warning("similar", trouble=type(trouble).__name__)


def place_of(work: FormDraft) -> Place | Problem | None:
    return work.request_type.place.read(place) if (place := part_of(work.raw, "place")) else None


def show_found(work: FormDraft, found: Sequence[Similar]) -> Response[Any]:
    """Each may be followed by one press."""
    here: Visit = work.here
    given = part_of(work.raw, "requester").get("email")
    return render(
        here.request,
        "following/similar.html",
        request_type=work.request_type,
        found=found,
        place=place_of(work),
        email=given if isinstance(given, str) else "",
        follow_of=lambda reference: follow_address(here.language, reference),
        page_of=lambda reference: address(here.language, ":public", reference),
        go_on=work.at(":similar"),
        draft=work.token,
        back=work.at(),
        alternates={language: work.at(":similar", language=language) for language in here.town.languages},
        keep=False,
    )


def follow_address(language: str, reference: str) -> str:
    """Where somebody asks to follow a request."""
    return address(language, ":follow", reference)


OFFER = FollowOffer(
    slot="portal.follow", name="following", address_of=follow_address, similar=similar_here, show=show_found
)
