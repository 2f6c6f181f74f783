"""What is done with any rule set of the town at the desk: its draft changed, put in force, a version brought back."""

import secrets
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic

from litestar import Response, get, post
from litestar.exceptions import PermissionDeniedException
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath
from msgspec import Struct

from parvis.i18n import gettext
from parvis.requests.levels import RulesetInForce
from parvis.web.desk.context import DeskContext, go
from parvis.web.pages import AnyRequest
from parvis.web.typed import FormInput, typed
from parvis_rulesets.editing import Body, Edit, EditConflict, Step, moving, removing, replacing
from parvis_rulesets.files import Unreadable, read_file, written_as_file
from parvis_rulesets.versions import (
    LONGEST_WORD,
    Draft,
    Ruleset,
    change_draft,
    draft_of,
    drop_draft,
    in_force,
    publish,
    roll_back,
    versions_of,
)
from parvis_sdk.fields import Option, SeveralOf
from parvis_sdk.text import Text

GONE = Text(fr="{code} (n’existe plus)", en="{code} (no longer exists)")


@dataclass(frozen=True)
class Pages(Generic[Body]):
    """The pages of one rule set: where they are, what keeps its draft from being put in force, how the draft looks."""

    kept: Ruleset[Body]
    path: str
    part: str  # in addresses: that of one part is below it
    anchor: str
    file: str
    is_wrong: Callable[[DeskContext, Body], bool]
    draft: Callable[[DeskContext, "DraftAttempt"], Awaitable[Response[Any]]]

    @property
    def draft_path(self) -> str:
        return f"{self.path}/brouillon"


class DraftAttempt(Struct, frozen=True, kw_only=True):
    """What came of the last press on the page of a draft, where it did not do what it was for."""

    overtaken: EditConflict | None = None
    problem: str = ""  # why it was not put in force
    word: str = ""
    unread: str = ""  # what is wrong with a file


NOTHING_TRIED = DraftAttempt()


def handlers_of(pages: Pages[Body]) -> tuple[HTTPRouteHandler, ...]:
    """The handlers of every rule set, at its addresses, for agents who may change it."""
    draft, one = pages.draft_path, f"{pages.draft_path}/{pages.part}/{{id:str}}"

    @get(draft)
    async def show_draft(request: AnyRequest) -> Response[Any]:
        return await pages.draft(editing(request), NOTHING_TRIED)

    @get(f"{pages.path}/{pages.file}")
    async def save_file(request: AnyRequest) -> Response[Any]:
        return await _saved_as_file(pages, editing(request))

    @post(f"{draft}/fichier", status_code=200)
    async def bring_file(request: AnyRequest) -> Response[Any]:
        return await _brought_by_file(pages, editing(request))

    @post(f"{one}/place", status_code=200)
    async def move_part(request: AnyRequest, id: FromPath[str]) -> Response[Any]:
        room = editing(request)
        step: Step = "up" if (await typed(request)).text("_up") else "down"
        return await changed(pages, room, moving(id, step), f"#{pages.anchor}-{id}")

    @post(f"{one}/retrait", status_code=200)
    async def take_part_out(request: AnyRequest, id: FromPath[str]) -> Response[Any]:
        room = editing(request)
        return await changed(pages, room, removing(id, (await typed(request)).text("saw")), "#main", "retiree")

    @post(f"{draft}/abandon", status_code=200)
    async def abandon(request: AnyRequest) -> Response[Any]:
        return await _thrown_away(pages, editing(request))

    @post(f"{draft}/publication", status_code=200)
    async def put_in_force(request: AnyRequest) -> Response[Any]:
        return await _put_in_force(pages, editing(request))

    @post(f"{pages.path}/versions/{{number:int}}/retour", status_code=200)
    async def bring_back(request: AnyRequest, number: FromPath[int]) -> Response[Any]:
        return await _brought_back(pages, editing(request), number)

    return (show_draft, save_file, bring_file, move_part, take_part_out, abandon, put_in_force, bring_back)


def editing(request: AnyRequest) -> DeskContext:
    """The desk around a page, for agents who may change rule sets."""
    room = DeskContext(request)
    demand_editor(room)
    return room


def edits(room: DeskContext) -> bool:
    """Whether the person may change rule sets: they hold for the whole town, so who may has its whole town."""
    return room.scope("route").is_whole


def demand_editor(room: DeskContext) -> None:
    if not edits(room):
        raise PermissionDeniedException("This page needs the right 'route' over the whole town.")


async def show_in_force(
    pages: Pages[Body], room: DeskContext, standing: RulesetInForce[Body], template: str, **values: Any
) -> Response[Any]:
    """What is in force and the versions there were; those who may change it also see whether somebody is at it."""
    return room.show(
        template,
        version=standing.version,
        versions=await versions_of(pages.kept, room.town),
        edits=edits(room),
        draft=await draft_of(pages.kept, room.town) if edits(room) else None,
        done=room.request.query_params.get("fait", ""),
        **values,
    )


def show_draft(
    room: DeskContext,
    tried: DraftAttempt,
    template: str,
    standing: RulesetInForce[Body],
    draft: Draft[Body] | None,
    *,
    is_refused: bool = False,
    **values: Any,
) -> Response[Any]:
    """What is being written, or is in force where nobody has begun, with what came of the last press."""
    is_refused = is_refused or bool(tried.problem or tried.unread)
    return room.show(
        template,
        status=409 if tried.overtaken else 422 if is_refused else 200,
        draft=draft,
        version=standing.version,
        overtaken=tried.overtaken,
        problem=tried.problem,
        word=tried.word,
        unread=tried.unread,
        most=LONGEST_WORD,
        done=room.request.query_params.get("fait", ""),
        **values,
    )


async def changed(pages: Pages[Body], room: DeskContext, edit: Edit[Body], where: str, done: str = "") -> Response[Any]:
    """The draft after a change; or its page, where somebody else was first."""
    answer = await change_draft(pages.kept, room.host, room.town, edit, actor=room.actor)
    if isinstance(answer, EditConflict):
        return await pages.draft(room, DraftAttempt(overtaken=answer))
    return go(f"{pages.draft_path}{f'?fait={done}' if done else ''}{where}")


async def _put_in_force(pages: Pages[Body], room: DeskContext) -> Response[Any]:
    """The draft in force, if nobody changed it, nor what is in force, since it was read."""
    sent, draft = await typed(room.request), await draft_of(pages.kept, room.town)
    word = sent.text("word").strip()
    if draft is None:
        return go(pages.draft_path)
    if not word or len(word) > LONGEST_WORD:
        words = (
            gettext("Briefly describe the change and the reason for it.")
            if not word
            else gettext("The text is too long.")
        )
        return await pages.draft(room, DraftAttempt(problem=words, word=word))
    if pages.is_wrong(room, draft.body):
        marked = gettext("First correct the errors shown below.")
        return await pages.draft(room, DraftAttempt(problem=marked, word=word))
    answer = await publish(
        pages.kept,
        room.host,
        room.town,
        word,
        edition=number_in(sent, "edition"),
        seen=number_in(sent, "seen"),
        actor=room.actor,
    )
    if isinstance(answer, EditConflict):
        return await pages.draft(room, DraftAttempt(overtaken=answer, word=word))
    return go(f"{pages.path}?fait=publie#main")


async def _thrown_away(pages: Pages[Body], room: DeskContext) -> Response[Any]:
    """No draft any more, if it is still as it was seen."""
    edition = number_in(await typed(room.request), "edition")
    dropped = await drop_draft(pages.kept, room.host, room.town, edition)
    return (
        go(f"{pages.path}?fait=abandonne#main")
        if dropped
        else await pages.draft(room, DraftAttempt(overtaken=EditConflict()))
    )


async def _brought_back(pages: Pages[Body], room: DeskContext, number: int) -> Response[Any]:
    """An earlier version in force again with one press."""
    seen = number_in(await typed(room.request), "seen")
    answer = await roll_back(pages.kept, room.host, room.town, number, seen=seen, actor=room.actor)
    return go(f"{pages.path}?fait={'depasse' if isinstance(answer, EditConflict) else 'retour'}#main")


async def _saved_as_file(pages: Pages[Body], room: DeskContext) -> Response[Any]:
    """A file of what is being written where there is a draft and it was asked for, else of what is in force."""
    draft = await draft_of(pages.kept, room.town) if "brouillon" in room.request.query_params else None
    body = draft.body if draft else (await in_force(pages.kept, room.host, room.town)).body
    headers = {
        "content-disposition": f'attachment; filename="{room.town.code}-{pages.file}"',
        "cache-control": "no-store",
    }
    return Response(written_as_file(pages.kept, body).encode(), media_type="application/toml", headers=headers)


async def _brought_by_file(pages: Pages[Body], room: DeskContext) -> Response[Any]:
    """The draft as a file says, if it is still as it was seen."""
    sent = await typed(room.request)
    given = sent.files.get("file", [])
    if not given:
        return await pages.draft(room, DraftAttempt(unread=gettext("Choose a file.")))
    try:
        body: Any = read_file(pages.kept, await given[0].read())
    except Unreadable as error:
        words = gettext("This file is not in the right format: %(why)s") % {"why": str(error)[:300]}
        return await pages.draft(room, DraftAttempt(unread=words))
    return await changed(pages, room, replacing(body, sent.text("saw")), "#main", "fichier")


def number_in(sent: FormInput, name: str) -> int:
    """Which edition or version the person saw; one that there is not, where the form does not say so."""
    number = sent.number(name)
    return -1 if number is None else number


def new_id(sent: FormInput) -> str:
    """The id of a new part as its page was given it: of a press that comes twice the second changes nothing."""
    given = sent.text("new")
    return given if len(given) == 8 and given.isalnum() and given.isascii() else secrets.token_hex(4)


def several(code: str, label: Text, offered: Mapping[str, Text], chosen: tuple[str, ...]) -> SeveralOf:
    """The question which of these a part names; what it names and is no longer there stays to be read."""
    gone = {each: GONE.format(code=each) for each in chosen if each not in offered}
    options = tuple(Option(code=each, label=words) for each, words in {**offered, **gone}.items())
    return SeveralOf(code=code, label=label, required=False, options=options)
