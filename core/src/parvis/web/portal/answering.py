"""Answers on the way through a form: what stands against filing is said as soon as it is known, and counted once."""

from functools import partial
from typing import Any

from litestar import Response

from parvis.requests import advice, drafting
from parvis.requests.advice import CODES, Advice, Insistence, Notice, advise, hints, informing, zones_at
from parvis.requests.offered import type_of
from parvis.web.addresses import address
from parvis.web.pages import render
from parvis.web.portal.device import holding
from parvis.web.portal.drafting import FormDraft, part_of
from parvis.web.portal.joining import follow_offer
from parvis.web.portal.steps import Step, answers_so_far
from parvis.web.portal.visit import Visit, apply_address, see_other, service_address
from parvis.web.typed import FormInput
from parvis_sdk.places import read_place
from parvis_sdk.problems import Problem, Problems
from parvis_sdk.requests import Place
from parvis_sdk.text import Text

SETTLED, INSIST = "settled", "insist"


async def standing(work: FormDraft) -> tuple[Advice, ...]:
    """What stands against this draft as far as it is filled in, without what the person insisted on."""
    here: Visit = work.here
    answers = answers_so_far(work.request_type, work.raw, work.reading)
    said = await advise(here.host, here.town, work.request_type, place_of(work), answers)
    insistence = insistence_of(work)
    return tuple(each for each in said if not insistence.overrules(each))


def is_closed(work: FormDraft) -> bool:
    """Whether the service is stopped or turned elsewhere in the whole town: then no question is asked at all."""
    here: Visit = work.here
    notices = informing(here.host, here.town, work.request_type, ())
    return any(notice.kind != "inform" for notice in notices)


def insistence_of(work: FormDraft) -> Insistence:
    """What the person pressed on in spite of."""
    return Insistence(marks=frozenset(marks_in(work, "insisted")))


def marks_in(work: FormDraft, name: str) -> list[str]:
    kept = work.raw.get(name)
    return [mark for mark in kept if isinstance(mark, str)] if isinstance(kept, list) else []


def place_of(work: FormDraft) -> Place | None:
    """The place of a draft, if it can be read."""
    typed = part_of(work.raw, "place")
    read = read_place(typed, work.request_type.place.shapes) if typed else None
    return None if isinstance(read, Problem) else read


async def tell(work: FormDraft) -> bool:
    """Whether there is something to say now; what is said for the first time is counted, and the draft remembers it."""
    said = await standing(work)
    new = [each.mark for each in said if each.mark not in marks_in(work, "told")]
    if new:
        here: Visit = work.here
        await advice.count(here.host, here.town, work.request_type.code, new, "told")
        work.raw["told"] = [*marks_in(work, "told"), *new]
    return bool(said)


def was_answered(problems: Problems) -> bool:
    """Whether what the request service refused is an answer, and not a mistake of the person."""
    return any(problem.code in CODES.values() for problem in problems.found)


async def show_answer(work: FormDraft) -> Response[Any]:
    """The answer in place of the next question, and what may be done now."""
    here: Visit = work.here
    said = await standing(work)
    if not said:
        return see_other(work.at())
    offer = follow_offer(here)
    return render(
        here.request,
        "portal/answer.html",
        request_type=work.request_type,
        said=said,
        insist=words_to_insist(said),
        action=work.at(":answer"),
        draft=work.token,
        begun=not work.is_new,
        back=service_address(here.language, work.request_type) if is_closed(work) else page_of(work, said[0].path),
        follow_of=partial(offer.address_of, here.language) if offer else None,
        shown_at=lambda reference: address(here.language, ":public", reference),
        other_of=lambda code: other_service(here, code),
        alternates={language: work.at(":answer", language=language) for language in here.town.languages},
        keep=False,
    )


def page_of(work: FormDraft, path: str) -> str:
    """The page of the form on which what was answered can be changed."""
    for index, step in enumerate(work.steps):
        if index and step.owns(path):
            return work.at(step.word)
    return work.at()


def words_to_insist(said: tuple[Advice, ...]) -> Text | None:
    """The label of the button to file all the same; empty where nobody may insist."""
    return said[0].insist if all(each.insist is not None for each in said) else None


def other_service(here: Visit, code: str) -> tuple[Text, str] | None:
    """Another service to turn to: its title and its form."""
    request_type = type_of(here.host, here.town, code)
    return (
        (request_type.title, apply_address(here.language, request_type))
        if request_type and request_type.opened_by == "anyone"
        else None
    )


async def take_answer(work: FormDraft, sent: FormInput) -> Response[Any] | None:
    """What the person makes of the answer: it was enough, or they go on all the same (None: on with the form)."""
    here: Visit = work.here
    said = await standing(work)
    if sent.text("do") == SETTLED and said:
        await advice.count(here.host, here.town, work.request_type.code, [each.mark for each in said], "settled")
        await drafting.discard(here.host, work.token)
        others = tuple(token for token in work.held if token != work.token)
        thanks = service_address(here.language, work.request_type, repondu="1")
        return see_other(thanks, holding(here, work.request_type.code, others))
    if sent.text("do") == INSIST and words_to_insist(said) is not None:
        work.raw["insisted"] = [*marks_in(work, "insisted"), *(each.mark for each in said)]
        return None
    return see_other(work.at(":answer")) if said else None


def notices_in(work: FormDraft) -> tuple[Notice, ...]:
    """What the town wants known by those who fill in this form: of a zone once the place lies in it."""
    here: Visit = work.here
    found = informing(here.host, here.town, work.request_type, zones_at(here.town, place_of(work)))
    return tuple(notice for notice in found if notice.kind == "inform")


def hints_in(work: FormDraft, step: Step) -> tuple[Text, ...]:
    """What is said above the questions of this page."""
    if step.section is None:
        return ()
    here: Visit = work.here
    answers = answers_so_far(work.request_type, work.raw, work.reading)
    found = hints(here.host, here.town, work.request_type, place_of(work), answers)
    return tuple(found[field.code] for field in step.section.fields if field.code in found)
