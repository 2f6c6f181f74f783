"""A step of a form as a page: its questions with what was typed, the problems first, and the way back and on."""

import secrets
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from litestar import Response
from litestar.datastructures import Cookie
from msgspec import Struct

from parvis.i18n import gettext, say
from parvis.web.addresses import address
from parvis.web.answers import answer_rows, place_words
from parvis.web.downloads import shown_file
from parvis.web.pages import render
from parvis.web.panels import PagePanel, drawn
from parvis.web.portal.answering import hints_in, notices_in
from parvis.web.portal.device import ANOTHER, IN_ADDRESS, keeps_cookies
from parvis.web.portal.drafting import COMES_AFTER, FormDraft, part_of, shelf_in
from parvis.web.portal.keeping import noted_wrong, reviewed, written_by
from parvis.web.portal.linked import known_along
from parvis.web.portal.offer import levels_of, promises
from parvis.web.portal.placing import AS_TYPED, assets_here, finding, standing_here
from parvis.web.portal.placing import listed as listed_assets
from parvis.web.portal.service import about_of
from parvis.web.portal.steps import (
    PLACE_TITLE,
    Step,
    answers_so_far,
    fields,
    identity_fields,
    is_short,
    only_mode,
    open_questions,
    shown_fields,
)
from parvis.web.portal.taking import IDENTITY, file_questions, listed, row_counts
from parvis.web.portal.visit import Visit, apply_address, service_address
from parvis_sdk.fields import Address, AnyField, File, Information, Photo
from parvis_sdk.problems import Problems
from parvis_sdk.requests import Attachment


class DraftNotice(Struct, frozen=True, kw_only=True):
    """A draft that somebody comes back to, from elsewhere than its own pages."""

    at: datetime
    go_on: str
    another: str


def draft_values(work: FormDraft, step: Step, index: int) -> dict[str, Any]:
    """What the templates of the steps know of the draft, as `draft`."""
    return {
        "draft": {
            "token": work.token,
            "page": secrets.token_hex(6),
            "by": written_by(work, step),
            "reviewed": reviewed(work, step),
            "kept_until": work.kept_until,
            "has_shelf": shelf_in(work.here) is not None,
            "begun": begun(work) if index == 0 else None,
            "outgrown": work.outgrown,
            "is_without_cookies": IN_ADDRESS in work.mark and not keeps_cookies(work.here.request),
        }
    }


def begun(work: FormDraft) -> DraftNotice | None:
    """The draft behind the first page, when the person does not come to it from its other pages."""
    here: Visit = work.here
    has_words = any(work.raw.get(name) for name in ("answers", "place", "requester"))
    if work.draft is None or here.request.method != "GET" or not has_words or comes_from_inside(work):
        return None
    another = apply_address(here.language, work.request_type, **{ANOTHER: "1"}, **known_along(here))
    furthest = work.open_until()
    return DraftNotice(at=work.draft.updated_at, go_on=work.at(":review") if furthest else "", another=another)


def comes_from_inside(work: FormDraft) -> bool:
    """Whether the page before is one of its own: of its form, where it was begun, or of the request that it follows.

    A page below that of the service is one for a draft that it has just begun, not for one that it adds to.
    """
    here, request_type = work.here, work.request_type
    path = urlsplit(here.request.headers.get("referer", "")).path
    followed = (":track", str(work.raw[COMES_AFTER])) if work.raw.get(COMES_AFTER) else (":begin",)
    is_new = work.draft is not None and work.draft.version == 1
    return any(
        path.startswith((apply_address(language, request_type), address(language, *followed)))
        or (is_new and path.startswith(f"{service_address(language, request_type)}/"))
        for language in here.town.languages
    )


TEMPLATES = {
    "place": "portal/step_place.html",
    "section": "portal/step_questions.html",
    "identity": "portal/step_identity.html",
    "review": "portal/step_review.html",
    "what": "portal/step_what.html",
    "send": "portal/step_send.html",
}


async def show_step(
    work: FormDraft,
    index: int,
    problems: Problems | None = None,
    *cookies: Cookie,
    overtaken: list[dict[str, Any]] | None = None,
    is_seen_before: bool = False,
) -> Response[Any]:
    here: Visit = work.here
    steps = work.steps
    step = steps[index]
    is_answer = here.request.method != "GET"
    problems = problems if is_answer else problems or noted_wrong(work, step)
    return render(
        here.request,
        TEMPLATES[step.kind],
        status=200 if not is_answer else 422 if problems else 409 if overtaken is not None or is_seen_before else 200,
        cookies=cookies,
        alternates={language: translated(language, work, step, index) for language in here.town.languages},
        keep=False,
        keeping_form="" if step.kind == "review" else "step-form",
        request_type=work.request_type,
        step=step,
        names=[say(one.title) for one in steps],
        index=index,
        action=address_of(work, step, index),
        problems=problems,
        back=back_of(work, index),
        promises=promises(work.request_type, here.town, await levels_of(here)),
        notices=notices_in(work),
        hints=hints_in(work, step),
        about=about_of(here, work.request_type),
        service=service_address(here.language, work.request_type),
        overtaken=overtaken,
        is_seen_before=is_seen_before,
        **draft_values(work, step, index),
        **await values_of(work, step, problems),
    )


async def show_overtaken(work: FormDraft, index: int, theirs: dict[str, Any]) -> Response[Any]:
    """The page as it was typed here, with what another tab kept of it meanwhile: nothing is written over unseen."""
    step = work.steps[index]
    mine = work.raw
    work.raw = {**mine, **as_kept(mine, step, theirs)}
    rows = step_rows(work, step)
    of_theirs = theirs["answers"] if step.kind == "what" else theirs
    work.raw = {**mine, "answers": with_files_of(part_of(mine, "answers"), of_theirs, step)}
    return await show_step(work, index, overtaken=rows)


def as_kept(raw: dict[str, Any], step: Step, theirs: dict[str, Any]) -> dict[str, Any]:
    match step.kind:
        case "place":
            return {"place": theirs}
        case "identity" | "send":
            return {"requester": theirs}
        case _:
            if step.kind == "what":
                return {"place": theirs["place"], **_answers_kept(raw, step, theirs["answers"])}
            return _answers_kept(raw, step, theirs)


def _answers_kept(raw: dict[str, Any], step: Step, theirs: dict[str, Any]) -> dict[str, Any]:
    own = {field.code for field in fields(step)}
    others = {code: value for code, value in part_of(raw, "answers").items() if code not in own}
    return {"answers": {**others, **theirs}}


def with_files_of(answers: dict[str, Any], theirs: dict[str, Any], step: Step) -> dict[str, Any]:
    """Files are never a matter of choosing: those of both tabs stay."""
    asked = [field.code for field in fields(step) if isinstance(field, Photo | File) and theirs.get(field.code)]
    both = {code: list(dict.fromkeys([*listed(theirs[code]), *listed(answers.get(code))])) for code in asked}
    return {**answers, **both}


async def values_of(work: FormDraft, step: Step, problems: Problems | None) -> dict[str, Any]:
    """What the template of a step needs beyond what all need."""
    match step.kind:
        case "place":
            return await place_values(work, problems)
        case "section":
            return section_values(work, step)
        case "what":
            return what_values(work, step, problems) | await place_values(work, problems)
        case "identity":
            return identity_values(work)
        case "send":
            return identity_values(work) | await review_values(work)
        case _:
            return await review_values(work)


def identity_values(work: FormDraft) -> dict[str, Any]:
    values = part_of(work.raw, "requester")
    modes = work.request_type.identity.modes
    return {
        "fields": identity_fields(work.request_type, work.here.contact_methods),
        # On the page that sends the first mode is chosen already: nothing is known of anybody who writes nothing.
        "values": {"mode": modes[0], **values} if is_short(work.request_type) else values,
        "only_mode": only_mode(work.request_type),
    }


async def review_values(work: FormDraft) -> dict[str, Any]:
    panels = work.here.nouns(PagePanel, "portal.review")
    boxes = await drawn(panels, work.here, work, lambda right: False)
    return {"parts": review_parts(work), "where": lambda path: where(work, path), "panels": boxes}


def what_values(work: FormDraft, step: Step, problems: Problems | None) -> dict[str, Any]:
    """The questions of a short form, photos first; those that are folded by their sections, till answered."""
    values = section_values(work, step)
    shown, is_open = values["fields"], open_questions(work.request_type) | work.answers.keys()
    first = sorted((field for field in shown if field.code in is_open), key=lambda field: not isinstance(field, Photo))
    rest = [field for field in shown if field.code not in is_open]
    wrong = {problem.path.partition(".")[0] for problem in problems.found} if problems else set()
    more = [
        (section, own)
        for section in work.request_type.form.sections
        if (own := [field for field in rest if any(field.code == one.code for one in section.fields)])
    ]
    return values | {
        "fields": first,
        "more": more,
        "is_more_open": any(field.code in wrong for field in rest),
        "place_said": place_words(part_of(work.raw, "place")) if is_place_said(work, problems) else "",
    }


def is_place_said(work: FormDraft, problems: Problems | None) -> bool:
    """Whether a photo, a code or a page before has told where it is: it can be changed, and is not asked."""
    place = part_of(work.raw, "place")
    if not work.raw.get("said") or not place.get("lon") or (problems and problems.at("place")):
        return False
    standing = standing_here(work)
    return (standing is None or standing.owner is None) and (bool(listed_assets(place)) or not assets_here(work))


async def place_values(work: FormDraft, problems: Problems | None) -> dict[str, Any]:
    place = part_of(work.raw, "place")
    return {
        "place": place,
        "finding": await finding(work),
        "as_typed": AS_TYPED,
        "standing": standing_here(work),
        "assets": assets_here(work),
        "chosen": listed_assets(place),
    }


def section_values(work: FormDraft, step: Step) -> dict[str, Any]:
    fields = shown_fields(step, answers_so_far(work.request_type, work.raw, work.reading))
    return {
        "fields": fields,
        "values": told_by_place(work, fields) | work.answers,
        "kept": kept_files(work, fields),
        "rows": {**row_counts(work), "_drop": True},
    }


def told_by_place(work: FormDraft, fields: tuple[AnyField, ...]) -> dict[str, str]:
    """The address of what a request is about, where it must be given: the one of the place, until another is typed."""
    asked = (each for each in fields if isinstance(each, Address) and each.required and each.means == "whose_address")
    return {each.code: address for each in asked if (address := part_of(work.raw, "place").get("address"))}


def kept_files(work: FormDraft, fields: tuple[AnyField, ...]) -> dict[str, list[dict[str, Any]]]:
    """The files already received for each question of the page, each with its preview and a button to take it out."""
    return {
        name: [kept_file(work, work.files[id]) for id in listed(holder.get(code)) if id in work.files]
        for _, holder, code, name in file_questions(fields, work.answers)
    }


def kept_file(work: FormDraft, file: Attachment) -> dict[str, Any]:
    return shown_file(file, work.at(":files", file.id), removable=True)


def review_parts(work: FormDraft) -> list[dict[str, Any]]:
    """Everything that will be sent, part by part, each with the way to change it."""
    return [
        {
            "title": gettext("Your request") if step.kind == "what" else say(step.title),
            "rows": [{**row, "files": review_files(work, row)} for row in step_rows(work, step)],
            "href": address_of(work, step, index),
            "is_short": step.kind == "what",
        }
        for index, step in enumerate(work.steps[:-1])
    ]


def review_files(work: FormDraft, row: dict[str, Any]) -> list[dict[str, Any]]:
    """The photos and documents of an answer, as one looks at them."""
    ids = listed(work.answers.get(row["path"].removeprefix("answers."))) if row.get("is_files") else []
    return [kept_file(work, work.files[id]) for id in ids if id in work.files]


def step_rows(work: FormDraft, step: Step) -> list[dict[str, Any]]:
    """What was answered on one page."""
    asks_place = step.asks_place and work.request_type.place.need != "none"
    title = say(work.request_type.place.label or PLACE_TITLE)
    place = [{"key": title, "value": place_words(part_of(work.raw, "place")), "path": "place"}] if asks_place else []
    if step.kind == "place":
        return place
    if step.kind in ("identity", "send"):
        asked = identity_fields(work.request_type, work.here.contact_methods)
        return answer_rows(asked, spoken(part_of(work.raw, "requester")), {})
    answers = answers_so_far(work.request_type, work.raw, work.reading)
    said = [field for field in fields(step) if not isinstance(field, Information) and field.code in answers]
    rows = answer_rows(said, answers, work.files)
    own = [{"path": f"answers.{field.code}", "is_files": isinstance(field, Photo | File)} for field in said]
    return [*place, *({**row, **more} for row, more in zip(rows, own, strict=True))]


def where(work: FormDraft, path: str) -> str:
    """The page on which a problem of the whole is solved, or where something can be changed."""
    path = f"requester.{path}" if path in IDENTITY else path
    for index, step in enumerate(work.steps):
        if step.owns(path):
            spot = path.removeprefix("answers.").removeprefix("requester.").replace(".", "-")
            return f"{address_of(work, step, index)}#{spot}"
    return address_of(work, work.steps[0], 0)


def spoken(requester: dict[str, Any]) -> dict[str, Any]:
    if requester.get("mode") == "anonymous":
        return {name: value for name, value in requester.items() if name != "name"}
    return requester


def address_of(work: FormDraft, step: Step, index: int) -> str:
    return translated(work.here.language, work, step, index)


def translated(language: str, work: FormDraft, step: Step, index: int) -> str:
    """Where a step is shown: the first one at the address of the service itself."""
    if index == 0:
        return work.at(language=language)
    return work.at(step.word, language=language)


def back_of(work: FormDraft, index: int) -> str:
    return address_of(work, work.steps[index - 1], index - 1) if index else ""
