"""The end of a form: the request taken in once, however often it is sent."""

from datetime import timedelta
from typing import Any

from litestar import Response
from litestar.exceptions import TooManyRequestsException

from parvis.people.throttle import caller_of, key_of, take_try
from parvis.requests import drafting
from parvis.requests.history import entries_of
from parvis.requests.intake import take_in, taken_before
from parvis.requests.records import find
from parvis.requests.relations.ties import tie_after
from parvis.requests.work.conversation import MOST_WORDS, receive
from parvis.web.addresses import address
from parvis.web.pages import render
from parvis.web.portal.answering import insistence_of, tell, was_answered
from parvis.web.portal.device import keeps_cookies
from parvis.web.portal.drafting import COMES_AFTER, FormDraft
from parvis.web.portal.showing import show_step
from parvis.web.portal.visit import Visit, see_other
from parvis.web.track.keys import key_cookies, opened_by
from parvis_sdk.counter import Receipt
from parvis_sdk.problems import Problems

JOIN = "_join"
SENDINGS = 40
SENDING_WINDOW = timedelta(hours=1)
SEVERAL = "Too many requests came from this address within the hour."


async def send(work: FormDraft, *, join: bool = False) -> Response[Any]:
    """Takes the request in, unless that was done by a press whose answer never came back.

    With `join` answers to questions that are gone from the form go along as a message.
    """
    here: Visit = work.here
    last = len(work.steps) - 1
    receipt = await taken_before(here.host, here.town, once_of(work))
    if receipt is None:
        submission = work.submission()
        if isinstance(submission, Problems):
            return await show_step(work, last, submission)
        if not await take_try(here.host.engine, key_of("portal", caller_of(here.request)), SENDINGS, SENDING_WINDOW):
            raise TooManyRequestsException(SEVERAL)
        receipt = await take_in(
            here.host,
            here.town,
            submission,
            idempotency_key=once_of(work),
            holder=work.holder,
            insistence=insistence_of(work),
        )
    if isinstance(receipt, Problems) and was_answered(receipt):
        await tell(work)
        return see_other(work.at(":answer"), *await work.save())
    if isinstance(receipt, Problems):
        return await show_step(work, last, receipt)
    if join and work.outgrown.gone:
        await join_left_over(work, receipt.reference)
    if isinstance(earlier := work.raw.get(COMES_AFTER), str):
        await tie_after(here.host, receipt.reference, earlier)
    await drafting.sent(here.host, work.token, receipt.reference)
    return await taken_home(work, receipt)


async def join_left_over(work: FormDraft, reference: str) -> None:
    """What was typed for questions that the form no longer asks, told to the town once."""
    here: Visit = work.here
    record = await find(here.host, reference)
    if record is None or any(each.kind == "received" for each in await entries_of(record)):
        return  # told by the press before, whose answer never came back
    files = tuple(id for id in work.outgrown.files if id in work.files)
    words = work.outgrown.words()[:MOST_WORDS]
    await receive(here.host, reference, words, files=files, holder=work.holder, moves=False)


async def to_receipt(work: FormDraft) -> Response[Any]:
    """A form that was sent before, in this tab or another, leads to its receipt; the holder of the draft may see that
    too.
    """
    here: Visit = work.here
    receipt = await taken_before(here.host, here.town, once_of(work))
    if isinstance(receipt, Receipt):
        return await taken_home(work, receipt)
    return see_other(address(here.language, ":track", work.sent_as, ":receipt"))


async def taken_home(work: FormDraft, receipt: Receipt) -> Response[Any]:
    here: Visit = work.here
    if not keeps_cookies(here.request):
        return see_other(work.at(":receipt"))
    where = address(here.language, ":track", receipt.reference, ":receipt")
    opened = await opened_by(here, receipt.reference, receipt.key)
    return see_other(where, *(key_cookies(here, receipt.reference, opened.key) if opened else ()))


async def show_receipt(work: FormDraft) -> Response[Any]:
    """The receipt for a browser that refuses cookies: here, as the pages of the request know people by theirs."""
    here: Visit = work.here
    receipt = await taken_before(here.host, here.town, once_of(work))
    if keeps_cookies(here.request) or not isinstance(receipt, Receipt):
        return await to_receipt(work)
    return render(
        here.request,
        "portal/sent.html",
        receipt=receipt,
        request_type=work.request_type,
        alternates={language: work.at(":receipt", language=language) for language in here.town.languages},
        keep=False,
    )


def once_of(work: FormDraft) -> str:
    return f"draft:{work.holder}"  # the same for each token of the draft
