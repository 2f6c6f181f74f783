"""Coming back to a draft: what its private link opens, and those that this browser holds. Looking changes nothing."""

from collections.abc import Sequence
from typing import Any

from litestar import Request, Response, get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, FromQuery

from parvis.i18n import say
from parvis.requests import drafting
from parvis.requests.offered import type_of
from parvis.web.addresses import address, in_each, patterns
from parvis.web.pages import render
from parvis.web.portal.device import (
    IN_ADDRESS,
    NUMBER,
    TOKEN,
    held_by_type,
    held_tokens,
    holding,
    keeps_cookies,
    number_of,
)
from parvis.web.portal.drafting import DraftShelf, Resumable, mark_of
from parvis.web.portal.visit import AtPortal, Visit, apply_address, see_other, visit
from parvis.web.sign_in.guard import WHERE_OFF
from parvis.web.typed import typed
from parvis_sdk.request_types import RequestType

AnyRequest = Request[Any, Any, Any]
MOST_SHOWN = 40
LINK_STAYS = "lien"


async def resumable(here: Visit) -> Sequence[Resumable]:
    """The drafts of this browser that can be continued, the newest first; nothing is asked where it holds none."""
    held = held_by_type(here)
    tokens_held = [token for tokens in held.values() for token in tokens][:MOST_SHOWN]
    found = await drafting.load_all(here.host, tokens_held)
    shown: dict[str, Resumable] = {}
    for code, tokens in held.items():
        request_type = type_of(here.host, here.town, code)
        for token in tokens if request_type is not None else ():
            draft = found.get(token)
            if (
                request_type is not None
                and draft is not None
                and is_of(draft, here, request_type)
                and not draft.sent_as
            ):
                shown.setdefault(draft.holder, as_resumable(here, request_type, draft, token, tokens))
    return sorted(shown.values(), key=lambda one: one.at, reverse=True)


def is_of(draft: drafting.Draft, here: Visit, request_type: RequestType) -> bool:
    return (draft.type, draft.jurisdiction) == (request_type.code, here.town.code)


def as_resumable(
    here: Visit, request_type: RequestType, draft: drafting.Draft, token: str, tokens: tuple[str, ...]
) -> Resumable:
    return Resumable(
        holder=draft.holder,
        title=request_type.title,
        at=draft.updated_at,
        kept_until=draft.kept_until,
        href=apply_address(here.language, request_type, ":review", **mark_of(token, tokens)),
        discard=address(here.language, ":draft", **{NUMBER: number_of(token)}),
    )


def show_over(request: AnyRequest) -> Response[Any]:
    """The page where the module is off: a letter that was sent before cannot say so, its link does."""
    return render(
        request,
        "drafts/off.html",
        status=404,
        headers={"x-robots-tag": "noindex, nofollow"},
        alternates={},
        keep=False,
    )


@get(patterns(":draft", "{token:str}"), name="draft-link", opt={WHERE_OFF: show_over})
async def draft_link(request: AnyRequest, token: FromPath[str]) -> Response[Any]:
    """What the link opens is named, not shown: mail scanners open links, and other people may."""
    return await show_draft(visit(request), token, address(visit(request).language, ":draft", token))


@post(patterns(":draft", "{token:str}"), name="draft-adopt", status_code=200, opt={WHERE_OFF: show_over})
async def adopt(here: AtPortal, request: AnyRequest, token: FromPath[str]) -> Response[Any]:
    return await decided(here, token, (await typed(request)).text("do"))


@get(patterns(":draft"), name="draft-held")
async def draft_held(here: AtPortal, no: FromQuery[str] = "") -> Response[Any]:
    """A draft of this browser, by its number: to continue it or do away with it."""
    return await show_draft(here, held_token(here, no), address(here.language, ":draft", **{NUMBER: no}))


@post(patterns(":draft"), name="draft-decide", status_code=200)
async def decide(here: AtPortal, request: AnyRequest, no: FromQuery[str] = "") -> Response[Any]:
    return await decided(here, held_token(here, no), (await typed(request)).text("do"))


def held_token(here: Visit, number: str) -> str:
    tokens = (token for tokens in held_by_type(here).values() for token in tokens)
    return next((token for token in tokens if number_of(token) == number), "")


async def opened(here: Visit, token: str) -> tuple[drafting.Draft, RequestType | None] | None:
    """The draft of a token and its service, which may no longer be offered; nothing of another town."""
    draft = await drafting.load(here.host, token) if TOKEN.fullmatch(token) else None
    if draft is None or draft.jurisdiction != here.town.code:
        return None
    return draft, type_of(here.host, here.town, draft.type)


async def tokens_here(here: Visit, draft: drafting.Draft) -> tuple[str, ...]:
    """The tokens under which this browser holds a draft already; it may have come to it in several ways."""
    held = held_tokens(here, draft.type)
    found = await drafting.load_all(here.host, held)
    return tuple(token for token in held if token in found and found[token].holder == draft.holder)


async def show_draft(here: Visit, token: str, action: str) -> Response[Any]:
    found = await opened(here, token)
    draft, request_type = found or (None, None)
    state = "gone" if draft is None else "sent" if draft.sent_as else "closed" if request_type is None else "open"
    own = action.removeprefix(address(here.language, ":draft"))
    return render(
        here.request,
        "drafts/draft.html",
        status=404 if state == "gone" else 200,
        state=state,
        draft=draft,
        title=say(request_type.title) if request_type else "",
        days=drafting.KEPT_FOR.days,
        action=action,
        token=token,
        is_here=draft is not None and bool(await tokens_here(here, draft)),
        track=address(here.language, ":track"),
        service=here.apply(request_type) if request_type else "",
        headers={"x-robots-tag": "noindex, nofollow"},
        alternates={language: address(language, ":draft") + own for language in here.town.languages},
        keep=False,
    )


async def decided(here: Visit, token: str, do: str) -> Response[Any]:
    """One press: this browser takes the draft up, lets go of it, or everything in it is destroyed."""
    found = await opened(here, token)
    if found is None or found[0].sent_as:
        return await show_draft(here, token, here.request.url.path)
    draft, request_type = found
    mine = await tokens_here(here, draft)
    others = tuple(one for one in held_tokens(here, draft.type) if one not in mine)
    if do == "forget":
        let_go = address(here.language, ":draft", ":discarded", **{LINK_STAYS: "1"})
        return see_other(let_go, holding(here, draft.type, others))
    if do == "discard":
        await drafting.discard(here.host, token)
        return see_other(address(here.language, ":draft", ":discarded"), holding(here, draft.type, others))
    if do != "resume" or request_type is None:
        raise NotFoundException("There is nothing of the kind to be done with a draft.")
    if not keeps_cookies(here.request):
        return see_other(apply_address(here.language, request_type, ":review", **{IN_ADDRESS: token}))
    token = mine[0] if mine else token
    held = (*others, token)
    where = apply_address(here.language, request_type, ":review", **mark_of(token, held))
    return see_other(where, holding(here, draft.type, held))


@get(patterns(":draft", ":discarded"), name="draft-discarded")
async def discarded(here: AtPortal, request: AnyRequest) -> Response[Any]:
    return render(
        request,
        "drafts/discarded.html",
        link_stays=LINK_STAYS in request.query_params,
        alternates=in_each(here.town.languages, ":draft", ":discarded", **dict(request.query_params.items())),
        keep=False,
    )


SHELF = DraftShelf(slot="portal.drafts", name="drafts", held=resumable, taken_up=decided, template="drafts/resume.html")
