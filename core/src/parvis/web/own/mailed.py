"""What was begun elsewhere and had its link mailed to this address: listed, taken up on this device, or erased."""

from datetime import datetime
from typing import Any

from litestar import Request, Response, post
from msgspec import Struct

from parvis.people.own_keys import Owner
from parvis.requests.drafting.draft_keys import key_for, mailed_to
from parvis.requests.offered import type_of
from parvis.web.addresses import address, patterns
from parvis.web.own.session import owner_or_out
from parvis.web.portal.resuming import decided
from parvis.web.portal.visit import AtPortal, Visit, see_other
from parvis.web.typed import typed
from parvis_sdk.text import Text

AnyRequest = Request[Any, Any, Any]


class MailedDraft(Struct, frozen=True, kw_only=True):
    """A draft as the page lists it, by a name that opens nothing."""

    name: str
    title: Text
    at: datetime
    kept_until: datetime


async def mailed_here(here: Visit, owner: Owner, shown: set[str]) -> list[MailedDraft]:
    """Those whose service is still offered, but for those that are `shown` already as begun on this device."""
    found = []
    for draft in await mailed_to(here.town.code, owner.email):
        kind = type_of(here.heart, here.town, draft.type)
        if kind is not None and draft.holder not in shown:
            found.append(
                MailedDraft(name=draft.holder, title=kind.title, at=draft.updated_at, kept_until=draft.kept_until)
            )
    return found


@post(patterns(":own", ":draft"), name="own-draft", status_code=200)
async def open_draft(here: AtPortal, request: AnyRequest) -> Response[Any]:
    """As if by its private link: one press goes on with it here, the other asks first and erases it."""
    owner = await owner_or_out(here)
    sent = await typed(request)
    theirs = await mailed_to(here.town.code, owner.email)
    draft = next((each for each in theirs if each.holder == sent.text("draft")), None)
    if draft is None:  # sent or erased meanwhile
        return see_other(address(here.language, ":own"))
    token = await key_for(here.heart, draft, owner.email)
    if sent.text("do") == "resume":
        return await decided(here, token, "resume")
    return see_other(address(here.language, ":draft", token))
