"""The draft behind a form: found by what browser and form carry, saved at each press, compared with a changed form."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from copy import deepcopy
from datetime import datetime
from functools import partial
from typing import Any

import msgspec
from litestar import Response
from litestar.datastructures import Cookie
from litestar.exceptions import ClientException, NotFoundException
from msgspec import Struct, structs

from parvis import clock
from parvis.i18n import say
from parvis.jurisdictions.layers import Here, known_of
from parvis.requests import drafting
from parvis.requests.advice import asks_little
from parvis.requests.answers_said import said_answer
from parvis.requests.attached.attachments import waiting
from parvis.requests.declarations import declaration_kept, keep_pinned, pinned_as
from parvis.web.places import SlotItem
from parvis.web.portal.device import (
    ANOTHER,
    IN_ADDRESS,
    NUMBER,
    TOKEN,
    held_tokens,
    holding,
    keeps_cookies,
    number_of,
)
from parvis.web.portal.linked import WORDS, LinkTarget, filled_in, known_along
from parvis.web.portal.steps import Step, first_open, steps_of
from parvis.web.portal.visit import DRAFT_FIELD, Visit, apply_address
from parvis.web.typed import FormInput
from parvis_sdk.cleaning import clean
from parvis_sdk.fields import AnyField, File, Information, Photo
from parvis_sdk.mistakes import CODE
from parvis_sdk.problems import Problem, Problems
from parvis_sdk.reading import Reading, read_value
from parvis_sdk.request_types import RequestType
from parvis_sdk.requests import Attachment, Place
from parvis_sdk.text import Text

COMES_AFTER = "after"  # of a draft: the reference of the request in whose place this one is made
OUTGROWN = "outgrown"  # what is kept of it beside the answers, until the request is sent
SEEN = "_told"  # what a page sends along that told of it
MOST, LONGEST = 40, 4000
BESIDE = {"place", "choice"}  # what a page sends beside the answers to its questions


class LeftOver(Struct, frozen=True, kw_only=True):
    """An answer whose question is gone, or no longer takes it: in the person's words, with its files."""

    label: Text
    said: str
    files: tuple[str, ...] = ()


class FormChanges(Struct, frozen=True, kw_only=True):
    """What has changed in a form since a draft was begun. `form` is the digest of the form that it was typed for; it is
    `seen` once a page that said so was sent.
    """

    form: str = ""
    seen: bool = False
    added: tuple[Text, ...] = ()
    changed: tuple[Text, ...] = ()
    gone: dict[str, LeftOver] = {}

    @property
    def is_news(self) -> bool:
        return not self.seen and bool(self.form or self.gone)

    def lines(self) -> list[dict[str, str]]:
        """The answers that are left over, as rows of a summary."""
        return [{"key": say(each.label), "value": each.said} for each in self.gone.values()]

    def words(self) -> str:
        """The same as a message to the town."""
        return "\n".join(f"{say(each.label)}\u00a0: {each.said}" for each in self.gone.values())

    @property
    def files(self) -> tuple[str, ...]:
        return tuple(id for each in self.gone.values() for id in each.files)


def kept_in(raw: Mapping[str, Any]) -> FormChanges:
    """What a draft remembers of it."""
    try:
        return msgspec.convert(raw.get(OUTGROWN) or {}, FormChanges)
    except msgspec.ValidationError:
        return FormChanges()


def carried_over(
    raw: dict[str, Any], form: str, old: RequestType | None, new: RequestType, files: Mapping[str, Attachment]
) -> dict[str, Any]:
    """The draft as it goes on in the new form: nothing that was typed is lost, and what changed is told."""
    given = raw.get("answers")
    answers = dict(given) if isinstance(given, Mapping) else {}
    known = {field.code: field for field in new.form.fields()}
    before = {field.code: field for field in old.form.fields()} if old else {}
    lost = {
        code: value for code, value in answers.items() if not _fits(known.get(code), before.get(code), value, files)
    }
    told = kept_in(raw)
    gone = {code: left_over(code, before.get(code), value, files) for code, value in lost.items()}
    asked = {code: field for code, field in known.items() if not isinstance(field, Information)}
    added = tuple(field.label for code, field in asked.items() if old and code not in before)
    changed = tuple(field.label for code, field in known.items() if code in before and before[code] != field)
    now = FormChanges(
        form=told.form or form,
        added=_each_once(told.added, added),
        changed=_each_once(told.changed, changed),
        gone=told.gone | gone,
    )
    return raw | {
        "answers": {code: value for code, value in answers.items() if code not in lost},
        OUTGROWN: msgspec.to_builtins(now),
    }


def with_late(
    raw: dict[str, Any], sent: FormInput, old: RequestType | None, new: RequestType, *, is_new: bool
) -> dict[str, Any]:
    """The same with what a page of the old form sends to questions that the new one does not ask.

    A page that was open before anything was kept (`is_new`) has no form that we know: its questions go by their codes.
    """
    if OUTGROWN in raw and sent.text(SEEN):
        raw = raw | {OUTGROWN: msgspec.to_builtins(structs.replace(kept_in(raw), seen=True))}
    known = {field.code for field in new.form.fields()} | BESIDE
    before = {field.code: field for field in old.form.fields()} if old else {}
    late = {
        code: value
        for code, value in sent.values.items()
        if value and code not in known and (code in before or (is_new and CODE.fullmatch(code)))
    }
    if not late:
        return raw
    told = kept_in(raw)
    gone = told.gone | {code: left_over(code, before.get(code), value, {}) for code, value in late.items()}
    return raw | {
        OUTGROWN: msgspec.to_builtins(structs.replace(told, seen=False, gone=dict(list(gone.items())[:MOST])))
    }


def left_over(code: str, field: AnyField | None, value: Any, files: Mapping[str, Attachment]) -> LeftOver:
    label = field.label if field else Text(fr=code)
    if field is None or isinstance(field, Photo | File):
        ids = tuple(id for id in (value if isinstance(value, list) else [value]) if isinstance(id, str) and id in files)
        if ids:
            return LeftOver(label=label, said=", ".join(files[id].name for id in ids), files=ids)
    read = read_value(_freed(field), value, code, Reading(complete=False), {}) if field else value
    has_answer = isinstance(read, str | bool | int | float | list | dict) and read not in ("", [], {})
    said = said_answer(field, read) if field and has_answer else ""
    return LeftOver(label=label, said=clean(said or _flat(value))[:LONGEST])


def _fits(new: AnyField | None, old: AnyField | None, value: Any, files: Mapping[str, Attachment]) -> bool:
    """Whether an answer still answers its question: of another kind, or among other choices, it may not."""
    if new is not None and (old is None or type(new) is type(old) or isinstance(new, Photo | File)):
        read = read_value(_freed(new), value, new.code, Reading(complete=False, attachments=files), {})
        codes = {problem.code for problem in read.found} if isinstance(read, Problems) else set()
        return not codes & {"not_offered", "wrong_kind"}
    return False


def _freed(field: AnyField) -> AnyField:
    """The question asked always: what it hung on may be gone as well."""
    return structs.replace(field, show_when=None, required_when=None, checks=())


def _each_once(first: tuple[Text, ...], more: tuple[Text, ...]) -> tuple[Text, ...]:
    return (*first, *(each for each in more if each not in first))[:MOST]


def _flat(value: Any) -> str:
    if isinstance(value, Mapping):
        return ", ".join(part for each in value.values() if (part := _flat(each)))
    if isinstance(value, list):
        return ", ".join(part for each in value if (part := _flat(each)))
    return str(value)


class Resumable(Struct, frozen=True, kw_only=True):
    """A draft that this browser holds, as the first page shows it."""

    holder: str
    title: Text
    at: datetime
    kept_until: datetime
    href: str
    discard: str


class DraftShelf(SlotItem, frozen=True, kw_only=True):
    """Where a module lets a draft be found and taken up again, in the slot `portal.drafts`; without one, a draft stays
    on its device and is found by beginning its form again.

    `held` are those of a browser, shown by the `template`; `taken_up` does with one, by its token, what was pressed.
    """

    held: Callable[[Visit], Awaitable[Sequence[Resumable]]]
    taken_up: Callable[[Visit, str, str], Awaitable[Response[Any]]]
    template: str


def shelf_in(here: Visit) -> DraftShelf | None:
    """The one that the town has."""
    return next(iter(here.nouns(DraftShelf, "portal.drafts")), None)


class HeldElsewhere(NotFoundException):
    """An address carries the token of a draft that this browser does not hold: the person is asked first."""

    def __init__(self, token: str) -> None:
        super().__init__("This draft is not held by this browser.")
        self.token = token


class FormDraft(Struct, kw_only=True):
    """One person's form of one request type: what is kept of it, and what follows from that.

    `mark` is what every address of this form carries, so that it leads back to this draft and to no other.
    """

    here: Any
    request_type: RequestType
    token: str
    raw: dict[str, Any]
    files: dict[str, Attachment]
    draft: drafting.Draft | None = None
    held: tuple[str, ...] = ()
    mark: dict[str, str] = {}
    older: RequestType | None = None

    @property
    def is_new(self) -> bool:
        return self.draft is None

    @property
    def sent_as(self) -> str:
        return self.draft.sent_as if self.draft else ""

    @property
    def kept_until(self) -> datetime:
        return self.draft.kept_until if self.draft else clock.now() + drafting.KEPT_FOR

    @property
    def outgrown(self) -> FormChanges:
        """What has changed in the form since these answers were typed, and those that have no question any more."""
        return kept_in(self.raw)

    @property
    def form(self) -> str:
        return pinned_as(self.here.host, self.request_type).digest

    @property
    def holder(self) -> str:
        return self.draft.holder if self.draft else drafting.holder_of(self.token)

    @property
    def reading(self) -> Reading:
        return Reading(today=self.here.today, attachments=self.files, here=self.known)

    @property
    def known(self) -> Here:
        """What the town's layers say of the place given so far."""
        return known_of(self.here.town, self.place)

    @property
    def steps(self) -> tuple[Step, ...]:
        here: Visit = self.here
        little = asks_little(here.host, here.town, self.request_type, self.place)
        return steps_of(self.request_type, self.raw, self.reading, little=little)

    @property
    def place(self) -> Place | None:
        """The place given so far, where it can be read."""
        place = self.request_type.place.read(self.raw["place"]) if self.raw.get("place") else None
        return place if isinstance(place, Place) else None

    @property
    def answers(self) -> dict[str, Any]:
        return dict(self.raw.get("answers") or {})

    @property
    def done(self) -> list[str]:
        return list(self.raw.get("done") or [])

    def at(self, *more: str, language: str = "", **query: str) -> str:
        """The address of the form, or of one of its pages, for this draft."""
        return apply_address(language or self.here.language, self.request_type, *more, **self.mark, **query)

    def submission(self) -> Any:
        """Everything as one submission, or everything that is wrong with it."""
        sent = {name: self.raw.get(name) for name in ("answers", "place", "requester")}
        sent["answers"] = {code: value for code, value in self.answers.items() if value not in (None, "", [])}
        return self.request_type.read(
            {**sent, "language": self.here.language},
            channel="portal",
            today=self.here.today,
            attachments=self.files,
            known=partial(known_of, self.here.town),
            methods=self.here.methods_read,
        )

    def problems(self) -> tuple[Problem, ...]:
        read = self.submission()
        return read.found if isinstance(read, Problems) else ()

    def open_until(self) -> int:
        """The index of the last step that may be shown."""
        return first_open(self.steps, self.done, self.problems())

    def finish(self, step: Step) -> None:
        """The person has gone through this step."""
        self.raw["done"] = [code for code in self.done if code != step.code] + [step.code]

    async def save(self) -> tuple[Cookie, ...]:
        """Keeps what was typed; the cookie that finds it again, where the browser takes any."""
        here: Visit = self.here
        await keep_pinned(here.host, pinned_as(here.host, self.request_type))
        try:
            await drafting.save(
                here.host,
                self.token,
                here.town.code,
                self.request_type.code,
                here.language,
                self.raw,
                before=self.draft,
                form=self.form,
            )
        except drafting.TooLong as error:
            raise ClientException("The answers are too long.", status_code=413) from error
        if not keeps_cookies(here.request):
            self.mark = {IN_ADDRESS: self.token}
            return ()
        self.held = self.held if self.token in self.held else (*self.held, self.token)
        self.mark = mark_of(self.token, self.held)
        return (holding(here, self.request_type.code, self.held),)


async def working(here: Visit, request_type: RequestType, *, unsent: bool = False) -> FormDraft:
    """The draft that a form or an address names, or the one this browser holds; a new one where there is none of ours.

    A person may have several of one service, in several tabs: each form carries the token of its own, each address
    its number; an address without one means the oldest, or with `unsent` the oldest that still is a draft.
    """
    query = here.request.query_params
    cookie = held_tokens(here, request_type.code)
    given = await token_given(here) or str(query.get(IN_ADDRESS, ""))
    known = await drafting.load_all(here.host, {*cookie, *([given] if TOKEN.fullmatch(given) else [])})
    ours = (request_type.code, here.town.code)
    is_taken = given in known and (known[given].type, known[given].jurisdiction) != ours
    known = {token: draft for token, draft in known.items() if (draft.type, draft.jurisdiction) == ours}
    held = tuple(token for token in cookie if token in known and not known[token].sent_as)
    if here.request.method == "GET" and given in known and given not in cookie and keeps_cookies(here.request):
        raise HeldElsewhere(given) if shelf_in(here) else NotFoundException("This draft is not held by this browser.")
    token = given if given in known else numbered(str(query.get(NUMBER, "")), tuple(known))
    if here.request.method != "GET" and not token and not is_taken and drafting.is_ours(here.host.secret, given):
        return anew(here, request_type, held, given)
    token = token or next((one for one in (held if unsent else cookie) if one in known), "")
    if not token or (here.request.method == "GET" and query.get(ANOTHER)):
        return anew(here, request_type, held)
    draft = known[token]
    files = {} if draft.sent_as else await waiting(draft.holder)
    raw, older = await as_asked_now(here, request_type, draft, files)
    return FormDraft(
        here=here,
        request_type=request_type,
        token=token,
        raw=raw,
        files=files,
        draft=draft,
        held=held,
        mark=mark_of(token, cookie) if token in cookie else {IN_ADDRESS: token},
        older=older,
    )


def mark_of(token: str, held: tuple[str, ...]) -> dict[str, str]:
    """The oldest draft needs no number in its addresses."""
    return {} if held[:1] == (token,) else {NUMBER: number_of(token)}


def numbered(number: str, tokens: tuple[str, ...]) -> str:
    return next((token for token in tokens if number and number_of(token) == number), "")


async def token_given(here: Visit) -> str:
    """The token that a form of ours carries."""
    if here.request.method == "GET":
        return ""
    given = (await here.request.form()).get(DRAFT_FIELD)
    return given if isinstance(given, str) else ""


def anew(here: Visit, request_type: RequestType, held: tuple[str, ...] = (), token: str = "") -> FormDraft:
    """A draft of which only the words are known that its address brings along; it is called so until it is kept."""
    token, mark = token or drafting.form_token(here.host.secret), known_along(here)
    raw = filled_in(request_type, LinkTarget(words=mark.get(WORDS, "")))
    return FormDraft(here=here, request_type=request_type, token=token, raw=raw, files={}, held=held, mark=mark)


async def as_asked_now(
    here: Visit, request_type: RequestType, draft: drafting.Draft, files: Mapping[str, Attachment]
) -> tuple[dict[str, Any], RequestType | None]:
    """What was typed, as the form of today takes it; and the form that it was begun in, where that was another one."""
    raw = deepcopy(draft.raw)
    begun_in = kept_in(raw).form or draft.form
    now = pinned_as(here.host, request_type).digest
    older = await declaration_kept(here.host, begun_in) if begun_in not in ("", now) else None
    if draft.form not in ("", now) or part_of(raw, "answers").keys() - {
        field.code for field in request_type.form.fields()
    }:
        last = await declaration_kept(here.host, draft.form) if draft.form not in ("", now) else None
        raw = carried_over(raw, draft.form, last, request_type, files)
    return raw, older


def part_of(raw: Mapping[str, Any], name: str) -> dict[str, Any]:
    """One part of what was typed, whatever a stranger may have sent in its place."""
    value = raw.get(name)
    return dict(value) if isinstance(value, Mapping) else {}
