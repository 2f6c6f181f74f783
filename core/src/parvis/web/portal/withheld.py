"""A form begun before its service stopped taking new requests: what was written is kept, and nothing is sent."""

from typing import Any

from litestar import Response
from litestar.datastructures import Cookie
from litestar.exceptions import NotFoundException

from parvis.web.pages import render
from parvis.web.portal.drafting import FormDraft
from parvis.web.portal.keeping import KEEP, keep_as_typed
from parvis.web.portal.steps import Step
from parvis.web.portal.visit import see_other
from parvis.web.typed import FormInput


async def show_begun(work: FormDraft) -> Response[Any]:
    """To whoever began it; to everybody else there is no such page."""
    if work.is_new or work.sent_as:
        raise NotFoundException("There is no such service.")
    return _told(work)


async def keep_begun(work: FormDraft, step: Step | str, sent: FormInput) -> Response[Any]:
    """What stood on the page is kept, and the person is told why it goes no further."""
    if isinstance(step, Step):
        await keep_as_typed(work, step, sent)
    cookies = await work.save()
    if sent.text(KEEP):
        return Response({"kept": True}, cookies=cookies, headers={"cache-control": "no-store"})
    if not work.held:
        return _told(work, *cookies)
    return see_other(work.at(), *cookies)


def _told(work: FormDraft, *cookies: Cookie) -> Response[Any]:
    return render(
        work.here.request,
        "portal/withheld.html",
        kind=work.kind,
        kept_until=work.kept_until,
        alternates={},
        keep=False,
        cookies=cookies,
    )
