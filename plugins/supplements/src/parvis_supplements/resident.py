"""The requester's page of what is to be corrected or added: exactly those points, kept while typed, sent once."""

from collections.abc import Mapping
from typing import Any

from litestar import Request, Response, get, post
from litestar.params import FromPath
from msgspec import Struct

from parvis.i18n import gettext, say
from parvis.requests.attached.attachments import waiting
from parvis.web.addresses import in_each, patterns
from parvis.web.done_messages import DoneMessage
from parvis.web.pages import render
from parvis.web.panels import PagePanel
from parvis.web.portal.visit import AtPortal, Visit, see_other
from parvis.web.storytelling import file_item, files_for
from parvis.web.track.actions import back_to_request, done_on_request
from parvis.web.track.keys import TrackedRequest, held_or_redirect, own_address, private
from parvis.web.track.uploads import chosen
from parvis.web.track.view import show_request
from parvis.web.typed import FormInput, typed
from parvis.web.uploads import take_files
from parvis_sdk.fields import AnyField, File, Photo
from parvis_sdk.forms import raw_of
from parvis_sdk.problems import Problem, Problems
from parvis_sdk.supplement_answers import ALREADY, OTHER, SupplementAnswers
from parvis_sdk.supplements import Supplement
from parvis_sdk.text import Text
from parvis_sdk.workflow import Denied
from parvis_supplements.completing import answer, keep_draft
from parvis_supplements.lists import SupplementList, last_of, lists_of
from parvis_supplements.marking import supplement_of
from parvis_supplements.panels import SUPPLEMENT, standing_of, supplement_panel

AnyRequest = Request[Any, Any, Any]
WORDS, BESIDE = "_words", "_beside"
MORE = File(code=OTHER, label=Text(fr="Documents et photos", en="Documents and photos"), required=False)


class Sheet(Struct, frozen=True, kw_only=True):
    """One list of one request, open on the page, with what has been typed so far."""

    found: TrackedRequest
    supplement: Supplement
    listed: SupplementList
    raw: Mapping[str, Any]
    words: Mapping[str, str]
    beside: frozenset[str]

    @property
    def marked(self) -> tuple[str, ...]:
        return tuple(point.field for point in self.listed.left)

    def fields(self) -> tuple[AnyField, ...]:
        """The marked questions, then those that only the corrections have brought up."""
        every = self.found.request_type.form.fields()
        marked = tuple(field for code in self.marked for field in every if field.code == code)
        return marked + tuple(each for each in every if each.code in self.raw and each not in marked)


async def _sheet(here: Visit, reference: str, code: str) -> tuple[TrackedRequest, Sheet | None]:
    """The list that waits, with its draft; None where nothing waits under that code."""
    found = await held_or_redirect(here, reference, "answer")
    supplement = supplement_of(found.request_type, code)
    listed = last_of(await lists_of(found.record.id), code)
    if supplement is None or listed is None or not listed.is_open(found.record, found.request_type):
        return found, None
    draft = listed.draft
    return found, Sheet(
        found=found,
        supplement=supplement,
        listed=listed,
        raw=draft.get("raw", {}),
        words=draft.get("words", {}),
        beside=frozenset(draft.get("beside", ())),
    )


@get(patterns(":track", "{reference:str}", SUPPLEMENT, "{code:str}"), name="supplement-page")
async def supplement_page(
    here: AtPortal, request: AnyRequest, reference: FromPath[str], code: FromPath[str]
) -> Response[Any]:
    found, sheet = await _sheet(here, reference, code)
    if sheet is None:
        return back_to_request(here, found)
    return await _page(here, sheet, done=request.query_params.get("fait", ""))


@post(patterns(":track", "{reference:str}", SUPPLEMENT, "{code:str}"), name="supplement", status_code=200)
async def send_supplement(
    here: AtPortal, request: AnyRequest, reference: FromPath[str], code: FromPath[str]
) -> Response[Any]:
    """Keep what was typed, or send it; whatever comes of it, nothing that was typed or received is lost."""
    sent = await typed(request)
    found, sheet = await _sheet(here, reference, code)
    if sheet is None:
        lists = await lists_of(found.record.id)
        last = last_of(lists, code)
        answered = last is not None and last.state == "answered"
        return done_on_request(here, found, "deja") if answered else await _too_late(here, found, sent)
    sheet, troubles = await _taken(here, sheet, sent)
    await keep_draft(here.host, sheet.listed, found.record, _draft(sheet))
    if name := sent.text("_add"):
        rows = {name: len(sheet.raw.get(name) or ()) + 1}
        return await _page(here, sheet, rows=rows)
    if troubles:
        return await _page(here, sheet, Problems(found=troubles))
    if sent.text("do") != "send":
        return see_other(own_address(here, found, SUPPLEMENT, code, fait="garde") + "#main")
    number = sent.text("number")
    done = await answer(
        here.host,
        found.record.reference,
        code,
        _given(sheet),
        number=int(number) if number.isdecimal() and len(number) < 6 else None,
        actor=found.actor,
        holder=sheet.listed.holder(here.host),
    )
    if isinstance(done, Problems):
        return await _page(here, _with_brought_up(sheet, done), done)
    if isinstance(done, Denied):
        again = await held_or_redirect(here, reference, "answer")
        return done_on_request(here, again, "deja") if done.reason == ALREADY else await _too_late(here, again, sent)
    return done_on_request(here, found, "complements")


async def _taken(here: Visit, sheet: Sheet, sent: FormInput) -> tuple[Sheet, tuple[Problem, ...]]:
    """The sheet with what was sent laid over it, and what could not be taken of the files."""
    known = {field.code for field in sheet.found.request_type.form.fields()}
    extra = [code for code in _list(sent.values.get("_also")) if code in known]
    fields = [field for field in sheet.found.request_type.form.fields() if field.code in {*sheet.marked, *extra}]
    raw: dict[str, Any] = {field.code: sent.values.get(field.code) for field in fields}
    troubles: list[Problem] = []
    holder = sheet.listed.holder(here.host)
    for field in (*fields, *((MORE,) if "" in sheet.marked else ())):
        if isinstance(field, Photo | File):
            waits = await waiting(holder)
            ids = [id for id in chosen(sent.values.get(field.code)) if id in waits]
            troubles += await take_files(here.host, holder, field, field.code, sent.files.get(field.code, ()), ids)
            raw[field.code] = ids
    words = sent.values.get(WORDS)
    return Sheet(
        found=sheet.found,
        supplement=sheet.supplement,
        listed=sheet.listed,
        raw=raw,
        words={code: word for code, word in words.items() if isinstance(word, str)} if isinstance(words, dict) else {},
        beside=frozenset(_list(sent.values.get(BESIDE))),
    ), tuple(troubles)


def _list(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else [one for one in value or () if isinstance(one, str)]


def _draft(sheet: Sheet) -> dict[str, Any]:
    return {"raw": sheet.raw, "words": sheet.words, "beside": sorted(sheet.beside)}


def _given(sheet: Sheet) -> SupplementAnswers:
    raw = dict(sheet.raw)
    return SupplementAnswers(files=tuple(raw.pop(OTHER, ())), raw=raw, words=sheet.words, beside=sheet.beside)


def _with_brought_up(sheet: Sheet, problems: Problems) -> Sheet:
    """The sheet with the questions that the corrections have brought up, to be answered too."""
    every = {field.code for field in sheet.found.request_type.form.fields()}
    new = {one.path.partition(".")[0] for one in problems.found} & every - set(sheet.marked)
    raw = {**dict.fromkeys(new), **sheet.raw}
    return Sheet(
        found=sheet.found,
        supplement=sheet.supplement,
        listed=sheet.listed,
        raw=raw,
        words=sheet.words,
        beside=sheet.beside,
    )


async def _page(
    here: Visit,
    sheet: Sheet,
    problems: Problems | None = None,
    *,
    rows: Mapping[str, int] | None = None,
    done: str = "",
) -> Response[Any]:
    found, waits = sheet.found, await waiting(sheet.listed.holder(here.host))
    fields = sheet.fields()
    before = raw_of(found.request_type.form.fields(), found.record.answers)
    files = await files_for(here.host, found.record, found.viewer)
    old = {
        field.code: [
            file_item(files[id], lambda id: own_address(here, found, ":files", id))
            for id in before.get(field.code, ())
            if id in files
        ]
        for field in fields
        if isinstance(field, Photo | File)
    }
    typed_files = {code: [waits[id] for id in _list(sheet.raw.get(code)) if id in waits] for code in (*old, OTHER)}
    return render(
        here.request,
        "supplements/answering.html",
        status=422 if problems else 200,
        reference=found.record.reference,
        title=found.request_type.title,
        supplement=sheet.supplement,
        listed=sheet.listed,
        standing=standing_of(found.record, found.request_type, sheet.listed),
        points=[
            (
                next((field for field in fields if field.code == point.field), None),
                say(sheet.supplement.said(point, fields)),
            )
            for point in sheet.listed.left
        ],
        also=[field for field in fields if field.code not in sheet.marked],
        values={**before, **{code: sheet.raw[code] for code in sheet.raw}},
        words=sheet.words,
        beside=sheet.beside,
        old=old,
        kept=typed_files,
        rows=rows or {},
        more=MORE,
        other=OTHER,
        problems=problems,
        done=gettext("Saved. Nothing has been sent yet. To continue, use the same link.") if done == "garde" else "",
        back=own_address(here, found),
        alternates=in_each(here.town.languages, ":track", found.record.reference, SUPPLEMENT, sheet.supplement.code),
        **private(),
    )


async def _too_late(here: Visit, found: TrackedRequest, sent: FormInput) -> Response[Any]:
    """The request as it is now; what was typed stands in the message box, to be sent if it changes anything."""
    labels = {field.code: say(field.label) for field in found.request_type.form.fields()}
    words = sent.values.get(WORDS)
    given = [*sent.values.items(), *(words.items() if isinstance(words, dict) else ())]
    lines = [f"{labels.get(code, '')} {value}".strip() for code, value in given if _is_said(code, value, labels)]
    return await show_request(here, found, values={"words": "\n".join(lines)}, done="trop-tard", status=409)


def _is_said(code: str, value: Any, labels: Mapping[str, str]) -> bool:
    return isinstance(value, str) and bool(value.strip()) and (code in labels or code == OTHER)


PANEL: PagePanel[Visit, TrackedRequest] = PagePanel(
    slot="tracking.request",
    name="supplements",
    after="divided",
    title=lambda: gettext("To correct or to add"),
    draw=lambda here, found: supplement_panel(found.record, found.request_type, found.viewer),
)
MESSAGES = (
    DoneMessage(
        slot="tracking.request.done",
        name="complements",
        text=lambda: gettext(
            "Thank you. Your corrections have been sent, and the town is continuing to review your request."
        ),
    ),
    DoneMessage(
        slot="tracking.request.done",
        name="deja",
        text=lambda: gettext("This answer has already been sent: see below. Nothing was sent twice."),
    ),
    DoneMessage(
        slot="tracking.request.done",
        name="trop-tard",
        text=lambda: gettext(
            "The town no longer needs this answer: your request has moved forward. Your text is in the "
            "message below. Send it if it is still useful."
        ),
    ),
)
