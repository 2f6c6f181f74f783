"""Asking the town to erase or to correct what it holds: a request like any other, from an address that was verified."""

import hashlib
import secrets
from typing import Any

import msgspec
from litestar import Request, Response, get, post
from litestar.exceptions import NotFoundException
from msgspec import structs

from parvis.i18n import gettext
from parvis.privacy.data_request import CODE, CORRECT, ERASE
from parvis.requests.actors import VERIFIED
from parvis.requests.contacts import contact_of
from parvis.requests.offered import type_of
from parvis.requests.persons.person import Theirs, requests_of
from parvis.requests.request_service import RequestService
from parvis.web.addresses import address, in_each, patterns
from parvis.web.pages import render
from parvis.web.portal.visit import AtPortal, Visit, see_other, visit
from parvis.web.typed import typed
from parvis_my_requests.addresses import own
from parvis_my_requests.portal.session import TO_ENTRANCE, owner_or_out
from parvis_my_requests.sessions import Owner
from parvis_sdk.fields import AnyField
from parvis_sdk.problems import Problem, Problems
from parvis_sdk.request_types import RequestType
from parvis_sdk.requesters import NAME
from parvis_sdk.text import Text

AnyRequest = Request[Any, Any, Any]
ASKED = {ERASE: ("words",), CORRECT: ("correction", "words")}


@get(patterns(*own(":erase")), name="own-erase", exception_handlers=TO_ENTRANCE)
async def show_erase(here: AtPortal) -> Response[Any]:
    return await show(here, await owner_or_out(here), ERASE)


@get(patterns(*own(":correct")), name="own-correct", exception_handlers=TO_ENTRANCE)
async def show_correct(here: AtPortal) -> Response[Any]:
    return await show(here, await owner_or_out(here), CORRECT)


@post(patterns(*own(":erase")), name="own-ask-erase", status_code=200, exception_handlers=TO_ENTRANCE)
async def ask_to_erase(request: AnyRequest) -> Response[Any]:
    return await ask(visit(request), ERASE)


@post(patterns(*own(":correct")), name="own-ask-correct", status_code=200, exception_handlers=TO_ENTRANCE)
async def ask_to_correct(request: AnyRequest) -> Response[Any]:
    return await ask(visit(request), CORRECT)


async def ask(here: Visit, wish: str) -> Response[Any]:
    """By the request service, as every request; the same form sent twice is one request, and with other words, on a
    page that was taken back in the browser, it is not: what somebody asks for is never acknowledged and dropped."""
    owner = await owner_or_out(here)
    sent = await typed(here.request)
    idempotency_key = sent.text("once")[:60]
    values = {name: sent.text(name) for name in ("name", *ASKED[wish])}
    raw = {
        "language": here.language,
        "answers": {"wish": wish, **{name: values[name] for name in ASKED[wish] if values[name].strip()}},
        "requester": {"mode": "named", "name": values["name"], "email": owner.email},
    }
    taken = await RequestService(here.host).submit(
        here.town.code,
        CODE,
        raw,
        channel="portal",
        actor=VERIFIED,
        idempotency_key=f"own:{owner.email}:{idempotency_key}" if idempotency_key else "",
        fingerprint=hashlib.sha256(msgspec.json.encode(raw, order="deterministic")).hexdigest(),
    )
    if isinstance(taken, Problems) and any(each.code == "once_reused" for each in taken.found):
        words = gettext("You have already sent another request from this page. Send this one again to add it.")
        problem = Problem(path="", code="once_reused", message=Text(fr=words, en=words))
        return await show(here, owner, wish, values, Problems(found=(problem,)))
    if isinstance(taken, Problems):
        return await show(here, owner, wish, values, taken)
    return see_other(f"{address(here.language, *own(), fait=wish)}#main")


async def show(
    here: Visit, owner: Owner, wish: str, values: dict[str, str] | None = None, problems: Problems | None = None
) -> Response[Any]:
    request_type = type_of(here.host, here.town, CODE)
    if request_type is None:
        raise NotFoundException("This town takes these requests in another way.")
    theirs = await requests_of(here.host, here.town.code, owner.email)
    return render(
        here.request,
        "my_requests/asking.html",
        status=422 if problems else 200,
        wish=wish,
        owner=owner,
        fields=(NAME, *fields_of(request_type, wish)),
        values=values or {"name": await name_of(theirs)},
        problems=local(problems) if problems else None,
        idempotency_key=secrets.token_urlsafe(12),
        count=len(theirs),
        back=address(here.language, *own()),
        headers={"x-robots-tag": "noindex, nofollow"},
        alternates=in_each(here.town.languages, *own(f":{wish}")),
        keep=False,
    )


def fields_of(request_type: RequestType, wish: str) -> tuple[AnyField, ...]:
    """The questions that go with a wish which the page itself says already."""
    return tuple(
        structs.replace(field, show_when=None) for field in request_type.form.fields() if field.code in ASKED[wish]
    )


async def name_of(theirs: tuple[Theirs, ...]) -> str:
    """The name they gave last, so that it need not be typed again."""
    contact = await contact_of(theirs[0].record) if theirs else None
    return contact.name if contact else ""


def local(problems: Problems) -> Problems:
    """The same at the boxes of this page, which asks without sections."""
    parts = (structs.replace(one, path=one.path.rpartition(".")[2]) for one in problems.found)
    return Problems(found=tuple(parts))
