"""Files that wait under the key of a request, and the people of its file."""

import hashlib
from typing import Any

from litestar import Request, Response, get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from parvis.i18n import gettext
from parvis.requests.attached.attachments import waiting
from parvis.requests.parties import end_access, let_in, letting_in, parties_of
from parvis.requests.records import Record
from parvis.requests.references import key_for
from parvis.signing import oldest_key
from parvis.web.addresses import in_each, patterns
from parvis.web.pages import render
from parvis.web.people import parties_shown
from parvis.web.portal.visit import AtPortal, Visit, see_other
from parvis.web.track.keys import TrackedRequest, held_or_redirect, own_address, private, without_key
from parvis.web.typed import FormInput, typed
from parvis.web.uploads import take_files
from parvis_sdk.fields import AnyField, File, Photo
from parvis_sdk.problems import Problem, Problems
from parvis_sdk.requests import Attachment
from parvis_sdk.text import Text


def waiting_holder(here: Visit, found: TrackedRequest) -> str:
    """Under what files wait that the holder of this request's key has sent."""
    key = f"{key_for(oldest_key(here.host.secret), found.record.id, found.record.holders)}{found.viewer.id}"
    return hashlib.sha256(b"track:" + key.encode()).hexdigest()


async def files_sent(
    here: Visit, found: TrackedRequest, fields: tuple[AnyField, ...], raw: dict[str, Any], sent: FormInput
) -> tuple[Problem, ...]:
    """Receives the files sent for these questions, puts their ids among the answers, and tells what was not taken."""
    troubles: list[Problem] = []
    holder = waiting_holder(here, found)
    for field in fields:
        if not isinstance(field, Photo | File):
            continue
        ids = chosen(raw.get(field.code))
        troubles += await take_files(here.host, holder, field, field.code, sent.files.get(field.code, ()), ids)
        if ids:
            raw[field.code] = ids
        else:
            raw.pop(field.code, None)
    return tuple(troubles)


async def kept_here(
    here: Visit, found: TrackedRequest, fields: tuple[AnyField, ...], values: dict[str, Any]
) -> dict[str, list[Attachment]]:
    """Files already received for these questions, to be shown again with them."""
    wanted = {field.code: chosen(values.get(field.code)) for field in fields if isinstance(field, Photo | File)}
    if not any(wanted.values()):
        return {}
    files = await waiting(waiting_holder(here, found))
    return {code: [files[id] for id in ids if id in files] for code, ids in wanted.items()}


def chosen(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else [one for one in value or () if isinstance(one, str)]


AnyRequest = Request[Any, Any, Any]
MANDATE = File(
    code="mandate",
    label=Text(fr="Le mandat écrit", en="The written mandate"),
    help=Text(fr="Demandé pour certains rôles seulement.", en="Asked for some roles only."),
    required=False,
    most=1,
)


@get(patterns(":track", "{reference:str}", ":people"), name="people-page")
async def people_page(here: AtPortal, request: AnyRequest, reference: FromPath[str]) -> Response[Any]:
    found = await held_or_redirect(here, reference, "invite")
    if not found.request_type.parties:
        raise NotFoundException("Nobody can be let into this request.")
    return await _page(here, found, {}, done=request.query_params.get("fait", ""))


@post(patterns(":track", "{reference:str}", ":people"), name="people", status_code=200)
async def change_people(here: AtPortal, request: AnyRequest, reference: FromPath[str]) -> Response[Any]:
    """Let somebody in, or end the access of somebody."""
    found = await held_or_redirect(here, reference, "invite")
    sent = await typed(request)
    if id := sent.text("end"):
        await end_access(here.host, found.record.reference, id, actor=found.actor)
        return see_other(own_address(here, found, ":people", fait="fin") + "#main")
    raw: dict[str, Any] = {code: sent.values.get(code) for code in ("role", "name", "email", "language")}
    files: dict[str, Any] = {MANDATE.code: sent.values.get(MANDATE.code)}
    troubles = await files_sent(here, found, (MANDATE,), files, sent)
    mandate = next(iter(files.get(MANDATE.code) or ()), "")
    if troubles:
        return await _page(here, found, raw | files, Problems(found=troubles))
    sendable = {code: value for code, value in raw.items() if value}
    done = await let_in(
        here.host,
        found.record.reference,
        sendable,
        actor=found.actor,
        mandate=mandate,
        holder=waiting_holder(here, found),
    )
    if isinstance(done, Problems):
        return await _page(here, found, raw | files, done)
    return see_other(own_address(here, found, ":people", fait="acces") + "#main")


@post(patterns(":track", "{reference:str}", ":people", ":leave"), name="people-leave", status_code=200)
async def leave(here: AtPortal, reference: FromPath[str]) -> Response[Any]:
    """Somebody who was let in goes: from now on their key opens nothing."""
    found = await held_or_redirect(here, reference, "see")
    mine = next((each for each in await parties_of(found.record.id) if each.id.hex == found.viewer.id), None)
    if mine is None:
        raise NotFoundException("Only who was let in can leave.")
    await end_access(here.host, found.record.reference, str(mine.id), actor=found.actor)
    return await without_key(here, found.record.reference, f"/{here.language}/")


async def _page(
    here: Visit, found: TrackedRequest, values: dict[str, Any], problems: Problems | None = None, done: str = ""
) -> Response[Any]:
    record: Record = found.record
    waits = await waiting(waiting_holder(here, found))
    kept = [waits[id] for id in values.get(MANDATE.code) or () if id in waits]
    demands = any(role.mandate for role in found.request_type.parties)
    return render(
        here.request,
        "track/people.html",
        status=422 if problems else 200,
        reference=record.reference,
        title=found.request_type.title,
        fields=(*letting_in(found.request_type, here.town.languages).fields(), *((MANDATE,) if demands else ())),
        values={"language": here.language} | {code: value for code, value in values.items() if value},
        kept={MANDATE.code: kept},
        problems=problems,
        people=parties_shown(found.request_type, await parties_of(record.id)),
        done={
            "acces": gettext("Access is given. Their own link is sent to them."),
            "fin": gettext("Access is removed. Their link no longer works."),
        }.get(done, ""),
        back=own_address(here, found),
        alternates=in_each(here.town.languages, ":track", record.reference, ":people"),
        **private(),
    )
