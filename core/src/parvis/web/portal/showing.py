"""A step of a form as a page: its questions with what was typed, the problems first, and the way back and on."""

from typing import Any

from litestar import Response
from litestar.datastructures import Cookie

from parvis.i18n import say
from parvis.requests.attachments import INLINE
from parvis.web.answers import answer_rows, place_words
from parvis.web.pages import render
from parvis.web.portal.drafting import Working, part_of
from parvis.web.portal.offer import promises
from parvis.web.portal.placing import AS_TYPED, finding, owner_here
from parvis.web.portal.steps import Step, answers_so_far, identity_fields, only_mode, shown_fields
from parvis.web.portal.taking import file_questions, listed, row_counts
from parvis.web.portal.visit import Visit, apply_address
from parvis_sdk.fields import AnyField, Information
from parvis_sdk.problems import Problems
from parvis_sdk.requests import Attachment

TEMPLATES = {
    "place": "portal/step_place.html",
    "section": "portal/step_questions.html",
    "identity": "portal/step_identity.html",
    "review": "portal/step_review.html",
}


async def show_step(work: Working, index: int, problems: Problems | None = None, *cookies: Cookie) -> Response[Any]:
    here: Visit = work.here
    steps = work.steps
    step = steps[index]
    return render(
        here.request,
        TEMPLATES[step.kind],
        status=422 if problems else 200,
        cookies=cookies,
        alternates={language: translated(language, work, step, index) for language in here.town.languages},
        keep=False,
        kind=work.kind,
        step=step,
        names=[say(one.title) for one in steps],
        index=index,
        problems=problems,
        back=back_of(work, index),
        promises=promises(work.kind, here.town),
        **await values_of(work, step, problems),
    )


async def values_of(work: Working, step: Step, problems: Problems | None) -> dict[str, Any]:
    """What the template of a step needs beyond what all need."""
    match step.kind:
        case "place":
            return await place_values(work, problems)
        case "section":
            return section_values(work, step)
        case "identity":
            fields, values = identity_fields(work.kind, work.here.channels), part_of(work.raw, "requester")
            return {"fields": fields, "values": values, "only_mode": only_mode(work.kind)}
        case _:
            return {"parts": review_parts(work), "where": lambda path: where(work, path)}


async def place_values(work: Working, problems: Problems | None) -> dict[str, Any]:
    foreign = problems is not None and any(problem.code == "not_ours" for problem in problems.found)
    return {
        "place": part_of(work.raw, "place"),
        "finding": await finding(work),
        "as_typed": AS_TYPED,
        "owner": owner_here(work) if foreign else None,
    }


def section_values(work: Working, step: Step) -> dict[str, Any]:
    fields = shown_fields(step, answers_so_far(work.kind, work.raw, work.reading))
    answers = work.answers
    return {
        "fields": fields,
        "values": answers,
        "kept": kept_files(work, fields),
        "rows": {**row_counts(work), "_drop": True},
    }


def kept_files(work: Working, fields: tuple[AnyField, ...]) -> dict[str, list[dict[str, Any]]]:
    """The files already received for each question of the page, each with its preview and a button to take it out."""
    return {
        name: [kept_file(work, work.files[id]) for id in listed(holder.get(code)) if id in work.files]
        for _, holder, code, name in file_questions(fields, work.answers)
    }


def kept_file(work: Working, file: Attachment) -> dict[str, Any]:
    here: Visit = work.here
    photo = here.apply(work.kind, ":files", file.id) if file.kind in INLINE else ""
    return {"id": file.id, "name": file.name, "size": file.size, "photo": photo, "removable": True}


def review_parts(work: Working) -> list[dict[str, Any]]:
    """Everything that will be sent, part by part, each with the way to change it."""
    answers = answers_so_far(work.kind, work.raw, work.reading)
    parts = []
    for index, step in enumerate(work.steps[:-1]):
        rows: list[dict[str, Any]] = []
        if step.kind == "place":
            rows = [{"key": say(step.title), "value": place_words(part_of(work.raw, "place"))}]
        elif step.kind == "identity":
            rows = answer_rows(identity_fields(work.kind), spoken(part_of(work.raw, "requester")), {})
        elif step.section is not None:
            asked = tuple(field for field in step.section.fields if not isinstance(field, Information))
            rows = answer_rows(asked, answers, work.files)
        parts.append({"title": say(step.title), "rows": rows, "href": address_of(work, step, index)})
    return parts


def where(work: Working, path: str) -> str:
    """The page on which a problem of the whole is solved."""
    for index, step in enumerate(work.steps):
        if step.owns(path):
            return f"{address_of(work, step, index)}#{path.removeprefix('answers.').replace('.', '-')}"
    return address_of(work, work.steps[0], 0)


def spoken(requester: dict[str, Any]) -> dict[str, Any]:
    if requester.get("mode") == "anonymous":
        return {name: value for name, value in requester.items() if name != "name"}
    return requester


def address_of(work: Working, step: Step, index: int) -> str:
    here: Visit = work.here
    return translated(here.language, work, step, index)


def translated(language: str, work: Working, step: Step, index: int) -> str:
    if index == 0:
        return apply_address(language, work.kind)
    return apply_address(language, work.kind, str(step.number) if step.kind == "section" else f":{step.kind}")


def back_of(work: Working, index: int) -> str:
    return address_of(work, work.steps[index - 1], index - 1) if index else ""
