"""The current answers at a step: those of the form, replaced by those of later transitions; and which may be shown."""

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from parvis_sdk.fields import AnyField, File, Group, Photo, Sensitivity
from parvis_sdk.forms import Form

if TYPE_CHECKING:
    from parvis_sdk.request_types import RequestType

OPEN = (Sensitivity.PUBLIC, Sensitivity.INTERNAL)


class AnsweredAgain(Struct, frozen=True, kw_only=True):
    """What moves were answered, the last answer to each question, with the questions by their codes."""

    answers: dict[str, Any] = {}
    fields: dict[str, AnyField] = {}

    def then(self, later: "AnsweredAgain") -> "AnsweredAgain":
        """The same with what was answered after it."""
        return AnsweredAgain(answers=self.answers | later.answers, fields=self.fields | later.fields)

    def without(self, codes: Collection[str]) -> "AnsweredAgain":
        """The same without these later answers: those of the form count again."""
        left = [code for code in self.answers if code not in codes]
        return AnsweredAgain(
            answers={code: self.answers[code] for code in left}, fields={code: self.fields[code] for code in left}
        )

    def tellable(self, own: Mapping[str, AnyField]) -> "AnsweredAgain":
        """What of it its holder may read: what is open, or answers a question of the form guarded just as much."""
        hidden = {
            code
            for code, field in self.fields.items()
            if field.privacy.sensitivity not in OPEN
            and not (code in own and own[code].privacy.sensitivity is field.privacy.sensitivity)
        }
        return self.without(hidden)


def asked_by(request_type: "RequestType", move: str, given: Mapping[str, Any]) -> AnsweredAgain:
    """The answers to one step, with their questions."""
    transition = request_type.workflow.transition(move)
    fields = {field.code: field for field in transition.asks.fields() if field.code in given} if transition else {}
    return AnsweredAgain(answers={code: given[code] for code in fields}, fields=fields)


def standing_answers(request_type: "RequestType", own: Mapping[str, Any], *later: AnsweredAgain) -> dict[str, Any]:
    """The form’s answers, replaced by those of later steps; answers to questions then hidden no longer count."""
    answers = dict(own)
    for each in later:
        answers |= each.answers
    if answers == own:
        return answers
    shown = {field.code for field in request_type.form.visible(answers)}
    hidden = {field.code for field in request_type.form.fields()} - shown
    return {code: value for code, value in answers.items() if code not in hidden}


def those(fields: Iterable[AnyField], answers: Mapping[str, Any], wanted: Callable[[AnyField], bool]) -> dict[str, Any]:
    """The answers to wanted questions, groups sifted inside too."""
    kept: dict[str, Any] = {}
    for field in fields:
        if field.code not in answers or not wanted(field):
            continue
        value = answers[field.code]
        kept[field.code] = [those(field.fields, item, wanted) for item in value] if isinstance(field, Group) else value
    return kept


def tellable(form: Form, answers: Mapping[str, Any]) -> dict[str, Any]:
    """The answers to a step that its event may carry: neither personal nor files."""
    return those(
        form.fields(), answers, lambda field: field.privacy.sensitivity in OPEN and not isinstance(field, Photo | File)
    )
