"""What one press in a form does to the draft: answers kept, files received, rows added or removed, problems found."""

from collections.abc import Mapping
from typing import Any

from litestar.datastructures import UploadFile
from msgspec import Struct

from parvis.requests.attached.attachments import waiting
from parvis.requests.attached.dropping import discard
from parvis.web.portal.drafting import FormDraft, part_of
from parvis.web.portal.steps import Step, answers_so_far, identity_fields, shown_fields
from parvis.web.typed import FormInput
from parvis.web.uploads import take_files
from parvis_sdk.contact_methods import method_of
from parvis_sdk.fields import AnyField, File, Group, Information, Photo
from parvis_sdk.problems import Problem, Problems
from parvis_sdk.requesters import read_requester

IDENTITY = ("mode", "name", "email", "phone", "preferred_channel")
ADD, REMOVE_FILE, REMOVE_ROW = "_add", "_remove", "_drop"


class StepResult(Struct, frozen=True, kw_only=True):
    """What came of a press: problems to show, or a spot of the same page to come back to, or neither: go on."""

    problems: tuple[Problem, ...] = ()
    stay_at: str = ""


async def take_section(work: FormDraft, step: Step, typed: FormInput) -> StepResult:
    """The answers of one section."""
    troubles = await section_typed(work, step, typed)
    if (pressed := await rows_and_files(work, typed)) is not None:
        return StepResult(problems=troubles, stay_at="" if troubles else pressed)
    return StepResult(problems=whatever_is_wrong(work, step, troubles))


async def section_typed(work: FormDraft, step: Step, typed: FormInput) -> tuple[Problem, ...]:
    """Takes the answers of a section over as typed; what is wrong with its files."""
    shown = shown_fields(step, answers_so_far(work.request_type, work.raw, work.reading))
    answers = work.answers
    for field in shown:
        if isinstance(field, Photo | File):
            put(answers, field.code, still_there(work, listed(answers.get(field.code)), typed.values.get(field.code)))
        elif not isinstance(field, Information):
            put(answers, field.code, typed.values.get(field.code))
    troubles = await receive_all(work, shown, answers, typed.files)
    work.raw["answers"] = answers
    return troubles


def still_there(work: FormDraft, before: list[str], given: Any) -> list[str]:
    """The files of a question: a page that knows nothing of those another tab has sent does not take them out."""
    return [id for id in dict.fromkeys([*before, *listed(given)]) if id in work.files]


def put(answers: dict[str, Any], code: str, value: Any) -> None:
    """Takes an answer over, or leaves it out when it was emptied."""
    if value in (None, "", [], {}):
        answers.pop(code, None)
    else:
        answers[code] = value


def form_problems(work: FormDraft, step: Step) -> tuple[Problem, ...]:
    """The problems of this step among all those of the form, with paths as the questions of the page are named."""
    read = work.request_type.form.read(work.answers, today=work.here.today, attachments=work.files, here=work.known)
    found = read.found if isinstance(read, Problems) else ()
    return tuple(problem for problem in found if step.owns(f"answers.{problem.path}"))


def whatever_is_wrong(work: FormDraft, step: Step, troubles: tuple[Problem, ...]) -> tuple[Problem, ...]:
    """The files that were refused, and every mistake at another question."""
    refused = {problem.path for problem in troubles}
    return (*troubles, *(problem for problem in form_problems(work, step) if problem.path not in refused))


def identity_typed(work: FormDraft, typed: FormInput) -> dict[str, Any]:
    """Takes over, as typed, who is asking; a page that asks nothing of it, as the former last look, leaves it alone."""
    is_asked = any(name in typed.values for name in IDENTITY)
    before = part_of(work.raw, "requester")
    given = {name: typed.text(name) for name in IDENTITY if typed.text(name)} if is_asked else before
    if method_of(given.get("preferred_channel", ""), work.here.contact_methods) is None:
        given.pop("preferred_channel", None)  # not offered here
    if len(work.request_type.identity.modes) == 1:
        given["mode"] = work.request_type.identity.modes[0]
    work.raw["requester"] = given
    return given


def take_identity(work: FormDraft, typed: FormInput) -> StepResult:
    """Who is asking."""
    given = identity_typed(work, typed)
    read = read_requester(
        given,
        work.request_type.identity.modes,
        contact=work.request_type.identity.contact,
        methods=work.here.contact_methods,
    )
    found = read.found if isinstance(read, Problems) else ()
    asked = {field.code for field in identity_fields(work.request_type, work.here.contact_methods)}
    return StepResult(problems=tuple(local(problem, asked) for problem in found))


def local(problem: Problem, asked: set[str]) -> Problem:
    """The same problem, at the question of the page that it is about."""
    name = problem.path.removeprefix("requester.")
    return Problem(path=name if name in asked else "", code=problem.code, message=problem.message)


async def receive_all(
    work: FormDraft, fields: tuple[AnyField, ...], answers: dict[str, Any], files: Mapping[str, list[UploadFile]]
) -> tuple[Problem, ...]:
    """Receives every file sent for a question of this page; what cannot be taken is told and the rest is kept."""
    troubles: list[Problem] = []
    for field, holder, code, name in file_questions(fields, answers):
        ids = [id for id in listed(holder.get(code)) if id in work.files]
        troubles += await take_files(work.here.host, work.holder, field, name, files.get(name, ()), ids)
        put(holder, code, ids)
    work.files = await waiting(work.holder) if files else work.files
    return tuple(troubles)


def file_questions(
    fields: tuple[AnyField, ...], answers: dict[str, Any], prefix: str = ""
) -> list[tuple[Photo | File, dict[str, Any], str, str]]:
    """Each question for files: with the answers it lies in, its code there, and its name on the page."""
    found: list[tuple[Photo | File, dict[str, Any], str, str]] = []
    for field in fields:
        if isinstance(field, Photo | File):
            found.append((field, answers, field.code, f"{prefix}{field.code}"))
        elif isinstance(field, Group):
            rows = answers.get(field.code)
            for index, row in enumerate(rows if isinstance(rows, list) else ()):
                if isinstance(row, dict):
                    found += file_questions(field.fields, row, f"{prefix}{field.code}.{index}.")
    return found


def listed(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else [one for one in value or () if isinstance(one, str)]


async def rows_and_files(work: FormDraft, typed: FormInput) -> str | None:
    """The buttons that work without scripts: another row, one row less, one file less. The spot to come back to."""
    if name := typed.text(ADD):
        return add_row(work, name)
    if where := typed.text(REMOVE_ROW):
        return drop_row(work, where)
    if id := typed.text(REMOVE_FILE):
        return await drop_file(work, id)
    return None


def add_row(work: FormDraft, name: str) -> str:
    group = work.request_type.form.field(name)
    if isinstance(group, Group):
        rows = work.answers.get(name)
        shown = max(len(rows) if isinstance(rows, list) else 0, row_counts(work).get(name, 0), group.least, 1)
        work.raw["rows"] = {**row_counts(work), name: min(shown + 1, group.most)}
        return f"{name}-{min(shown, group.most - 1)}"
    return "main"


def drop_row(work: FormDraft, where: str) -> str:
    name, _, number = where.partition(".")
    rows = work.answers.get(name)
    if isinstance(rows, list) and number.isdecimal() and int(number) < len(rows):
        kept = [row for index, row in enumerate(rows) if index != int(number)]
        answers = work.answers
        put(answers, name, kept)
        work.raw["answers"] = answers
    if isinstance(work.request_type.form.field(name), Group):
        work.raw["rows"] = {**row_counts(work), name: max(row_counts(work).get(name, 0) - 1, 0)}
    return name


def row_counts(work: FormDraft) -> dict[str, int]:
    """How many rows each group shows, where more were asked for than are filled in."""
    kept = work.raw.get("rows")
    return {name: count for name, count in kept.items() if isinstance(count, int)} if isinstance(kept, dict) else {}


async def drop_file(work: FormDraft, id: str) -> str:
    answers = work.answers
    spot = "main"
    for _, holder, code, name in file_questions(work.request_type.form.fields(), answers):
        if id in listed(holder.get(code)):
            put(holder, code, [one for one in listed(holder.get(code)) if one != id])
            spot = name.replace(".", "-")
    work.raw["answers"] = answers
    if id in work.files:
        await discard(work.here.host, work.holder, id)
        work.files = {one: file for one, file in work.files.items() if one != id}
    return spot
