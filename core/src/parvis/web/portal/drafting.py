"""The draft behind a form: found by what browser and form carry, saved at each press, ended when it is sent."""

from collections.abc import Mapping
from copy import deepcopy
from datetime import datetime
from functools import partial
from typing import Any

from litestar.datastructures import Cookie
from litestar.exceptions import ClientException, NotFoundException
from msgspec import Struct

from parvis import clock
from parvis.jurisdictions.layers import Here, known_of
from parvis.requests.advice.advising import asks_little
from parvis.requests.attached.attachments import waiting
from parvis.requests.declarations import declaration_kept, keep_pinned, pinned_as
from parvis.requests.drafting import drafts
from parvis.web.portal.changed_forms import FormChanges, carried_over, kept_in
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
from parvis.web.portal.steps import Step, first_open, steps_of
from parvis.web.portal.visit import DRAFT_FIELD, Visit, apply_address
from parvis_sdk.problems import Problem, Problems
from parvis_sdk.reading import Reading
from parvis_sdk.request_types import RequestType
from parvis_sdk.requests import Attachment, Place


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
    kind: RequestType
    token: str
    raw: dict[str, Any]
    files: dict[str, Attachment]
    draft: drafts.Draft | None = None
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
        return self.draft.kept_until if self.draft else clock.now() + drafts.KEPT_FOR

    @property
    def outgrown(self) -> FormChanges:
        """What has changed in the form since these answers were typed, and those that have no question any more."""
        return kept_in(self.raw)

    @property
    def form(self) -> str:
        return pinned_as(self.here.heart, self.kind).digest

    @property
    def holder(self) -> str:
        return self.draft.holder if self.draft else drafts.holder_of(self.token)

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
        little = asks_little(here.heart, here.town, self.kind, self.place)
        return steps_of(self.kind, self.raw, self.reading, little=little)

    @property
    def place(self) -> Place | None:
        """The place given so far, where it can be read."""
        place = self.kind.place.read(self.raw["place"]) if self.raw.get("place") else None
        return place if isinstance(place, Place) else None

    @property
    def answers(self) -> dict[str, Any]:
        return dict(self.raw.get("answers") or {})

    @property
    def done(self) -> list[str]:
        return list(self.raw.get("done") or [])

    def at(self, *more: str, language: str = "", **query: str) -> str:
        """The address of the form, or of one of its pages, for this draft."""
        return apply_address(language or self.here.language, self.kind, *more, **self.mark, **query)

    def demand(self) -> Any:
        """Everything as one demand, or everything that is wrong with it."""
        sent = {name: self.raw.get(name) for name in ("answers", "place", "requester")}
        sent["answers"] = {code: value for code, value in self.answers.items() if value not in (None, "", [])}
        return self.kind.read(
            {**sent, "language": self.here.language},
            channel="portal",
            today=self.here.today,
            attachments=self.files,
            known=partial(known_of, self.here.town),
            methods=self.here.methods_read,
        )

    def problems(self) -> tuple[Problem, ...]:
        read = self.demand()
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
        await keep_pinned(here.heart, pinned_as(here.heart, self.kind))
        try:
            await drafts.save(
                here.heart,
                self.token,
                here.town.code,
                self.kind.code,
                here.language,
                self.raw,
                before=self.draft,
                form=self.form,
            )
        except drafts.TooLong as error:
            raise ClientException("The answers are too long.", status_code=413) from error
        if not keeps_cookies(here.request):
            self.mark = {IN_ADDRESS: self.token}
            return ()
        self.held = self.held if self.token in self.held else (*self.held, self.token)
        self.mark = mark_of(self.token, self.held)
        return (holding(here, self.kind.code, self.held),)


async def working(here: Visit, kind: RequestType, *, unsent: bool = False) -> FormDraft:
    """The draft that a form or an address names, or the one this browser holds; a new one where there is none of ours.

    A person may have several of one service, in several tabs: each form carries the token of its own, each address
    its number; an address without one means the oldest, or with `unsent` the oldest that still is a draft.
    """
    query = here.request.query_params
    cookie = held_tokens(here, kind.code)
    given = await token_given(here) or str(query.get(IN_ADDRESS, ""))
    known = await drafts.load_all(here.heart, {*cookie, *([given] if TOKEN.fullmatch(given) else [])})
    ours = (kind.code, here.town.code)
    is_taken = given in known and (known[given].type, known[given].jurisdiction) != ours
    known = {token: draft for token, draft in known.items() if (draft.type, draft.jurisdiction) == ours}
    held = tuple(token for token in cookie if token in known and not known[token].sent_as)
    if here.request.method == "GET" and given in known and given not in cookie and keeps_cookies(here.request):
        raise HeldElsewhere(given)
    token = given if given in known else numbered(str(query.get(NUMBER, "")), tuple(known))
    if here.request.method != "GET" and not token and not is_taken and drafts.is_ours(here.heart.secret, given):
        return anew(here, kind, held, given)
    token = token or next((one for one in (held if unsent else cookie) if one in known), "")
    if not token or (here.request.method == "GET" and query.get(ANOTHER)):
        return anew(here, kind, held)
    draft = known[token]
    files = {} if draft.sent_as else await waiting(draft.holder)
    raw, older = await as_asked_now(here, kind, draft, files)
    return FormDraft(
        here=here,
        kind=kind,
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


def anew(here: Visit, kind: RequestType, held: tuple[str, ...] = (), token: str = "") -> FormDraft:
    token = token or drafts.form_token(here.heart.secret)
    return FormDraft(here=here, kind=kind, token=token, raw={}, files={}, held=held)


async def as_asked_now(
    here: Visit, kind: RequestType, draft: drafts.Draft, files: Mapping[str, Attachment]
) -> tuple[dict[str, Any], RequestType | None]:
    """What was typed, as the form of today takes it; and the form that it was begun in, where that was another one."""
    raw = deepcopy(draft.raw)
    begun_in = kept_in(raw).form or draft.form
    now = pinned_as(here.heart, kind).digest
    older = await declaration_kept(here.heart, begun_in) if begun_in not in ("", now) else None
    if draft.form not in ("", now) or part_of(raw, "answers").keys() - {field.code for field in kind.form.fields()}:
        last = await declaration_kept(here.heart, draft.form) if draft.form not in ("", now) else None
        raw = carried_over(raw, draft.form, last, kind, files)
    return raw, older


def part_of(raw: Mapping[str, Any], name: str) -> dict[str, Any]:
    """One part of what was typed, whatever a stranger may have sent in its place."""
    value = raw.get(name)
    return dict(value) if isinstance(value, Mapping) else {}
