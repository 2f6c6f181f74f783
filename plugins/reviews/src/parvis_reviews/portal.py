"""The page of an opinion asked of a body outside: what it needs of the request, the form, what it gave already.

Opening it changes nothing, for robots open links too; a press on a button does.
"""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from litestar import Request, Response, get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from litestar.response import Stream
from msgspec import Struct

from parvis.requests.actors import Actor
from parvis.requests.attached.attachments import kept
from parvis.requests.changing import AlreadyErased, Situation
from parvis.requests.declarations import type_of_record
from parvis.requests.drafting import TooLong
from parvis.requests.records import Record
from parvis.requests.records import get as get_record
from parvis.web.addresses import address, in_each, patterns
from parvis.web.answers import answer_rows
from parvis.web.downloads import handed_out, shown_file
from parvis.web.pages import render
from parvis.web.portal.visit import AtPortal, Visit, see_other
from parvis.web.track.uploads import chosen
from parvis.web.typed import FormInput, typed
from parvis.web.uploads import take_files
from parvis_reviews.opinions import Opinion, OpinionSubmission, files_for, give_opinion, opinions_of
from parvis_reviews.outside_keys import Key, opened, save_draft
from parvis_reviews.review_letters import OPINION
from parvis_reviews.review_needs import TaskMaterial, needed_for
from parvis_reviews.review_tasks import OpinionTask, declared, task_by_id
from parvis_sdk.fields import AnyField, File, Photo
from parvis_sdk.forms import raw_of
from parvis_sdk.problems import Problem, Problems
from parvis_sdk.request_types import RequestType
from parvis_sdk.requests import Phase
from parvis_sdk.reviews import RECOMMENDED, Task
from parvis_sdk.text import Text
from parvis_sdk.workflow import Denied

AnyRequest = Request[Any, Any, Any]
LATER = "_later"
OUTSIDE = "outside"
NO_LONGER = Text(fr="Ce lien n’est plus valide.", en="This link is no longer valid.")


class Behind(Struct, frozen=True, kw_only=True):
    """What a good link opens."""

    token: str
    key: Key
    task: OpinionTask
    record: Record
    request_type: RequestType
    wanted: Task
    given: Opinion | None


async def behind(here: Visit, token: str) -> Behind | None:
    """What this link opens in this town; None for one that is over, revoked, of another town or never ours."""
    key = await opened(here.host, token)
    task = await task_by_id(key.task) if key else None
    if key is None or task is None or not task.email or task.state not in ("asked", "given", "deemed"):
        return None
    record = await get_record(here.host, key.request)
    if record.jurisdiction != here.town.code or record.erased_at is not None or record.phase is Phase.CLOSED:
        return None  # of one that was closed while opinions were not installed, the links were not revoked
    request_type = await type_of_record(here.host, record)
    found = declared(request_type, task)
    if found is None:
        return None
    theirs = [each for each in await opinions_of(record.id) if each.task == task.id and each.by.id == OUTSIDE]
    given = theirs[-1] if theirs else None
    return Behind(
        token=token, key=key, task=task, record=record, request_type=request_type, wanted=found[1], given=given
    )


@get(patterns(OPINION, "{token:str}"), name="outside-opinion")
async def opinion_page(here: AtPortal, token: FromPath[str]) -> Response[Any]:
    found = await behind(here, token)
    return await show(here, found) if found else not_good(here)


@post(patterns(OPINION, "{token:str}"), name="outside-opinion-give", status_code=200)
async def take_opinion(here: AtPortal, request: AnyRequest, token: FromPath[str]) -> Response[Any]:
    """Give the opinion or correct it, or keep what was typed for later."""
    found = await behind(here, token)
    if found is None:
        return not_good(here)
    sent = await typed(request)
    fields = found.wanted.form().fields()
    raw = {field.code: sent.values[field.code] for field in fields if field.code in sent.values}
    troubles = await _receive(here, found, fields, raw, sent)
    try:
        await save_draft(here.host, found.key, raw)
    except TooLong:
        return await show(here, found, raw, refused=TOO_LONG.to(here.language), status=HTTPStatus.UNPROCESSABLE_ENTITY)
    if troubles:
        return await show(here, found, raw, Problems(found=troubles))
    if sent.text(LATER):
        return see_other(address(here.language, OPINION, token, kept="1"))
    return await _give(here, found, raw, sent)


async def _give(here: Visit, found: Behind, raw: dict[str, Any], sent: FormInput) -> Response[Any]:
    seen = sent.text("seen")
    handed = OpinionSubmission(
        task=found.task.id,
        raw=raw,
        actor=Actor(kind="agent", id=OUTSIDE, name=found.task.body),
        seen=int(seen) if seen.isascii() and seen.isdecimal() and len(seen) < 6 else 0,
        holder=found.key.holder,
        check=_still_good(here, found),
    )
    try:
        answer = await give_opinion(here.host, found.record.reference, handed)
    except AlreadyErased:
        return not_good(here)
    if isinstance(answer, Problems):
        return await show(here, found, raw, answer)
    if isinstance(answer, Denied):
        now = await behind(here, found.token)
        refused = answer.reason.to(here.language)
        return await show(here, now, raw, refused=refused, status=HTTPStatus.CONFLICT) if now else not_good(here)
    return see_other(address(here.language, OPINION, found.token, given="1"))


def _still_good(here: Visit, found: Behind) -> Any:
    """Asked under lock: the link may have been withdrawn since its page was opened."""

    async def check(_: Situation, asked: OpinionTask) -> Denied | None:
        key = await opened(here.host, found.token)
        if key is None or key.task != asked.id or not asked.email:
            return Denied(code="not_by_you", reason=NO_LONGER)
        return None

    return check


@get(patterns(OPINION, "{token:str}", ":files", "{id:str}"), name="outside-file")
async def opinion_file(here: AtPortal, request: AnyRequest, token: FromPath[str], id: FromPath[str]) -> Stream:
    """A file that the opinion needs, or that came with it."""
    found, file = await behind(here, token), await kept(id)
    if found is None or file is None or file.request != found.record.id:
        raise NotFoundException("There is no such file.")
    needed = await needed_for(found.record, found.request_type, found.wanted)
    own = found.given.files if found.given else ()
    if id not in own and all(each.attachment.id != id for each in needed.files):
        raise NotFoundException("There is no such file.")
    return await handed_out(here.host, file, request=request)


async def _receive(
    here: Visit, found: Behind, fields: tuple[AnyField, ...], raw: dict[str, Any], sent: FormInput
) -> tuple[Problem, ...]:
    """Puts the ids of received files among the answers; what could not be taken is told."""
    troubles: list[Problem] = []
    for field in fields:
        if not isinstance(field, Photo | File):
            continue
        ids = chosen(raw.get(field.code))
        uploads = sent.files.get(field.code, ())
        troubles += await take_files(here.host, found.key.holder, field, field.code, uploads, ids)
        raw.pop(field.code, None)
        if ids:
            raw[field.code] = ids
    return tuple(troubles)


async def show(
    here: Visit,
    found: Behind,
    raw: Mapping[str, Any] | None = None,
    problems: Problems | None = None,
    *,
    refused: str = "",
    status: int = 200,
) -> Response[Any]:
    needed = await needed_for(found.record, found.request_type, found.wanted)
    fields = found.wanted.form().fields()
    before = raw_of(fields, found.given.given) if found.given else {}
    values = dict(raw) if raw is not None else found.key.draft or before
    return render(
        here.request,
        "reviews/outside.html",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if problems else status,
        found=found,
        title=found.wanted.title,
        rows=_rows(needed),
        files=[shown_file(each.attachment, _file_at(here, found, each.attachment.id)) for each in needed.files],
        place=needed.place,
        fields=fields,
        values=values,
        kept=await _kept(found, values),
        problems=problems,
        refused=refused,
        own=_own(here, found, fields),
        query=here.request.query_params,
        alternates=in_each(here.town.languages, OPINION, found.token),
        keep=False,
    )


def _rows(needed: TaskMaterial) -> list[dict[str, Any]]:
    told = [one for one in needed.answers if not isinstance(one.field, Photo | File)]
    files = {each.attachment.id: each.attachment for each in needed.files}
    return answer_rows([one.field for one in told], {one.field.code: one.value for one in told}, files)


def _own(here: Visit, found: Behind, fields: tuple[AnyField, ...]) -> dict[str, Any] | None:
    """What this body has said, to be read again."""
    if found.given is None:
        return None
    given = found.given
    title = RECOMMENDED[given.recommendation].to(here.language)
    asked = [field for field in fields if not isinstance(field, Photo | File) and field.code != "recommendation"]
    return {
        "title": title,
        "recommendation": given.recommendation.value,
        "at": given.at,
        "rows": answer_rows(asked, given.given, {}),
    }


async def _kept(found: Behind, values: Mapping[str, Any]) -> dict[str, Any]:
    """Files that were received for these questions, to be shown again with them."""
    named = {code: value for code, value in values.items() if isinstance(value, list)}
    known = await files_for(found.record, found.given, found.key.holder) if named else {}
    return {code: [known[id] for id in ids if isinstance(id, str) and id in known] for code, ids in named.items()}


def _file_at(here: Visit, found: Behind, id: str) -> str:
    return address(here.language, OPINION, found.token, ":files", id)


def not_good(here: Visit) -> Response[Any]:
    """One page for every link that opens nothing, whatever the reason: it tells nobody what was behind it."""
    return render(here.request, "reviews/not_good.html", status=HTTPStatus.NOT_FOUND, alternates={}, keep=False)


TOO_LONG = Text(fr="Le texte est trop long.", en="The text is too long.")
