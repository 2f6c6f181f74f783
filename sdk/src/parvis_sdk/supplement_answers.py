"""Answering a supplement: the requester's answers, merged with the earlier ones, validated, and checked on the day."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from parvis_sdk.cleaning import clean
from parvis_sdk.fields import File, Photo
from parvis_sdk.forms import FormAnswers, raw_of, with_facts_of
from parvis_sdk.nothing import NOTHING
from parvis_sdk.problems import Problem, Problems
from parvis_sdk.reading import Reading, read_value
from parvis_sdk.requests import Attachment
from parvis_sdk.supplements import Point, Supplement
from parvis_sdk.text import Text

if TYPE_CHECKING:
    from parvis_sdk.request_types import RequestType

OTHER = "_other"  # how the point that is about no question is called
MOST_WORDS = 4000
ALREADY = Text(
    fr="Cette réponse a déjà été envoyée. Elle se trouve dans le suivi de votre requête.",
    en="This answer was sent already. You find it on the page of your request.",
)
NO_LONGER = Text(
    fr="La Ville n’attend plus cette réponse\u00a0: elle a avancé dans l’étude de la requête. Si ce que vous apportez "
    "change quelque chose, écrivez-nous par un message.",
    en="The town no longer waits for this answer: it has gone on with the request. If what you bring changes "
    "anything, send us a message.",
)
AS_BEFORE = Text(
    fr="«\u00a0{label}\u00a0»\u00a0: la réponse est la même qu’avant. Corrigez-la, ou dites pourquoi elle reste ainsi.",
    en="“{label}”: the answer is the same as before. Correct it, or say why it stays so.",
)
SOMETHING = Text(fr="Écrivez votre réponse, ou joignez un fichier.", en="Write your answer, or attach a file.")
ONE_AT_LEAST = Text(fr="Corrigez au moins un point avant d’envoyer.", en="Correct at least one point before you send.")


class SupplementAnswers(Struct, frozen=True, kw_only=True):
    """What a requester sends: raw answers by question, a comment on each, and earlier files kept with new ones.

    `files` belong to the point without a question, whose comment is under `OTHER`.
    """

    raw: Mapping[str, Any] = {}
    words: Mapping[str, str] = {}
    beside: frozenset[str] = frozenset()
    files: tuple[str, ...] = ()


class ReadAnswers(Struct, frozen=True, kw_only=True):
    """The result of reading them: the current answers, and the points that they answer."""

    form_answers: FormAnswers
    done: frozenset[str]
    words: dict[str, str]


def read_answers(
    request_type: "RequestType",
    supplement: Supplement,
    left: Sequence[Point],
    before: Mapping[str, Any],
    given: SupplementAnswers,
    *,
    files: Mapping[str, Attachment],
    today: date,
) -> ReadAnswers | Problems:
    """The answers to the open points `left` of a list, merged with those of `before`; or the problems found."""
    marked = {point.field for point in left}
    raw = with_facts_of(request_type.form.fields(), _laid_over(request_type, before, given, marked), before)
    words = {code: said for code, word in given.words.items() if (said := clean(word).strip()[:MOST_WORDS])}
    form_answers = request_type.form.read(raw, attachments=files)
    if isinstance(form_answers, Problems):
        return form_answers
    changed = {code for code in marked if form_answers.answers.get(code) != before.get(code)}
    done = changed | {code for code in marked if words.get(code or OTHER)}
    done |= {""} if "" in marked and given.files else set()
    found = _judged_today(request_type, changed, raw, form_answers, Reading(today=today, attachments=files))
    if not supplement.partial:
        found += [_unanswered(request_type, code) for code in (point.field for point in left) if code not in done]
    elif not done:
        found.append(Problem(path="", code="as_before", message=ONE_AT_LEAST))
    if found:
        return Problems(found=tuple(found))
    return ReadAnswers(form_answers=form_answers, done=frozenset(done), words=words)


def _unanswered(request_type: "RequestType", code: str) -> Problem:
    field = request_type.form.field(code)
    message = AS_BEFORE.format(label=field.label) if field is not None else SOMETHING
    return Problem(path=code or OTHER, code="as_before", message=message)


def _laid_over(
    request_type: "RequestType", before: Mapping[str, Any], given: SupplementAnswers, marked: set[str]
) -> dict[str, Any]:
    """What was answered with what is sent over it: marked questions, and those that only their answers bring up."""
    raw = raw_of(request_type.form.fields(), before)
    for field in request_type.form.fields():
        code = field.code
        if code not in given.raw or (code not in marked and code in before):
            continue
        raw[code] = _files_over(before.get(code), given, code) if isinstance(field, Photo | File) else given.raw[code]
    return {code: value for code, value in raw.items() if value not in (None, "", [], {})}


def _files_over(before: Any, given: SupplementAnswers, code: str) -> list[str]:
    """New files in place of those before, or after them; no new ones, and those before stay."""
    sent = given.raw[code]
    new = [sent] if isinstance(sent, str) else [one for one in sent or () if isinstance(one, str)]
    old = [one for one in before or () if one not in new]
    return [*old, *new] if code in given.beside or not new else new


def _judged_today(
    request_type: "RequestType",
    changed: set[str],
    raw: Mapping[str, Any],
    form_answers: FormAnswers,
    reading: Reading,
) -> list[Problem]:
    """What is wrong with a corrected answer today; earlier answers were judged on their day."""
    found: list[Problem] = []
    for code in changed:
        field = request_type.form.field(code)
        if field is None or code not in form_answers.answers:
            continue
        value = read_value(field, raw.get(code), code, reading, form_answers.answers)
        if value is not NOTHING and isinstance(value, Problems):
            found += value.found
    return found
