"""What is kept of a page without going on from it: as it is typed, on the way back, or until later."""

import hashlib
from collections.abc import Sequence
from copy import deepcopy
from typing import Any

import msgspec

from parvis.requests.records import as_json
from parvis.web.portal.drafting import FormDraft, part_of
from parvis.web.portal.placing import place_typed
from parvis.web.portal.steps import Step, fields
from parvis.web.portal.taking import identity_typed, section_typed
from parvis.web.typed import FormInput
from parvis_sdk.problems import Problem, Problems

KEEP, LATER, BACK, LANGUAGE, CHANGE = "_keep", "_later", "_back", "_language", "_change"
PAGE_FIELD, BEFORE_FIELD, REVIEW_FIELD = "_page", "_by", "_reviewed"
MOST_PAGE = 16
WRONG = "wrong"


async def keep_as_typed(work: FormDraft, step: Step, typed: FormInput) -> tuple[Problem, ...]:
    """Takes a page over as it stands, whatever is wrong with it; only files that cannot be taken are told."""
    match step.kind:
        case "place":
            place_typed(work, typed)
        case "identity" | "send":
            identity_typed(work, typed)
        case "what":
            if work.request_type.place.need != "none":
                place_typed(work, typed)
            return await section_typed(work, step, typed)
        case "section":
            return await section_typed(work, step, typed)
        case _:
            pass
    return ()


def own_part(work: FormDraft, step: Step) -> Any:
    """What a page holds of the draft."""
    match step.kind:
        case "place":
            return part_of(work.raw, "place")
        case "identity" | "send":
            return part_of(work.raw, "requester")
        case _:
            answers = work.answers
            own = deepcopy({field.code: answers[field.code] for field in fields(step) if field.code in answers})
            return {"place": part_of(work.raw, "place"), "answers": own} if step.kind == "what" else own


def is_overtaken(work: FormDraft, step: Step, typed: FormInput) -> bool:
    """Whether another tab or device has written this page since it was shown here."""
    writer = written_by(work, step)
    return bool(typed.text(PAGE_FIELD)) and writer not in ("", typed.text(PAGE_FIELD), typed.text(BEFORE_FIELD))


def written_by(work: FormDraft, step: Step) -> str:
    """The page, as it was once shown to somebody, that this step was last typed on."""
    writer = part_of(work.raw, "by").get(step.code, "")
    return writer if isinstance(writer, str) else ""


def reviewed(work: FormDraft, step: Step) -> str:
    """A digest of what a last look shows that was typed on other pages, "" on a page that shows none."""
    if step.kind not in ("review", "send"):
        return ""
    names = ("answers", "place", *(("requester",) if step.kind == "review" else ()))
    shown = {name: part_of(work.raw, name) for name in names}
    return hashlib.sha256(as_json(shown).encode()).hexdigest()[:16]


def note_wrong(work: FormDraft, step: Step, problems: Sequence[Problem]) -> None:
    """Keeps what is wrong with a page until somebody comes to it: of a file that was refused nothing else is left."""
    others = {code: told for code, told in part_of(work.raw, WRONG).items() if code != step.code}
    work.raw[WRONG] = {**others, **({step.code: msgspec.to_builtins(problems)} if problems else {})}


def noted_wrong(work: FormDraft, step: Step) -> Problems | None:
    found = part_of(work.raw, WRONG).get(step.code)
    return Problems(found=msgspec.convert(found, tuple[Problem, ...])) if found else None


def sign(work: FormDraft, step: Step, typed: FormInput) -> None:
    """Remembers which page this step was typed on; what was noted against it has been read by then."""
    if step.code in part_of(work.raw, WRONG):
        note_wrong(work, step, ())
    if page := typed.text(PAGE_FIELD)[:MOST_PAGE]:
        work.raw["by"] = {**part_of(work.raw, "by"), step.code: page}
