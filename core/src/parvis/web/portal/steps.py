"""The steps of a form: which there are for the answers given so far, what each asks, and which may be opened yet."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Literal

from msgspec import Struct, structs

from parvis_sdk.conditions import All, Condition, Is, Not, Some, fields_of, holds
from parvis_sdk.contact_methods import ContactMethod
from parvis_sdk.fields import AnyField, File, Group, Information, OneOf, Option, Photo, PlaceFact, PlaceField
from parvis_sdk.forms import Section
from parvis_sdk.nothing import NOTHING
from parvis_sdk.problems import Problem, Problems
from parvis_sdk.reading import Reading, read_value
from parvis_sdk.request_types import RequestType
from parvis_sdk.requesters import CHANNEL_LABEL, EMAIL, NAME, PHONE
from parvis_sdk.text import Text

PLACE_TITLE = Text(fr="L’endroit", en="The place")
IDENTITY_TITLE = Text(fr="Vos coordonnées", en="Your contact details")
REVIEW_TITLE = Text(fr="Vérification", en="Review")
WHAT_TITLE = Text(fr="Le problème et l’endroit", en="The problem and the place")
SEND_TITLE = Text(fr="Vos coordonnées et l’envoi", en="Your contact details and sending")
StepKind = Literal["place", "section", "identity", "review", "what", "send"]
MOST_AT_ONCE = 14  # questions of a form that is asked on two pages


class Step(Struct, frozen=True, kw_only=True):
    """One page of the form. `code` is what the draft remembers; a section's is its own.

    A short form has two: `what`, the place and every question at once, and `send`, the person and a last look.
    """

    code: str
    kind: StepKind
    title: Text
    section: Section | None = None
    number: int = 0

    @property
    def word(self) -> str:
        """The last word of its address, where it is not the first page."""
        return str(self.number) if self.kind == "section" else ":review" if self.kind == "send" else f":{self.kind}"

    @property
    def asks_place(self) -> bool:
        return self.kind in ("place", "what")

    def owns(self, path: str) -> bool:
        """Whether a problem at that path is to be solved on this page."""
        match self.kind:
            case "place":
                return is_of_place(path)
            case "identity" | "send":
                return path.startswith(("requester", "language"))
            case "section" | "what":
                code = path.removeprefix("answers.").partition(".")[0]
                asked = path.startswith("answers.") and any(field.code == code for field in fields(self))
                return asked or (self.kind == "what" and is_of_place(path))
            case _:
                return False


def is_of_place(path: str) -> bool:
    return path == "place" or path.startswith("place.")


def fields(step: Step) -> tuple[AnyField, ...]:
    return step.section.fields if step.section else ()


def steps_of(
    request_type: RequestType, raw: Mapping[str, Any], reading: Reading, *, little: bool = False
) -> tuple[Step, ...]:
    """The pages of the form for the answers so far; two where it is short.

    With `little` only the necessary questions are asked, and those that were answered before.
    """
    if not is_short(request_type):
        return every_step(request_type, raw, reading, little=little)
    sections = request_type.form.sections
    asked = tuple(
        field
        for section in sections
        for field in asked_in(structs.replace(section, fields=_necessary(section, raw)) if little else section)
    )
    at_once = Section(code="what", title=WHAT_TITLE, fields=asked)
    return (
        Step(code="@what", kind="what", title=WHAT_TITLE, section=at_once),
        Step(code="@send", kind="send", title=SEND_TITLE),
    )


def is_short(request_type: RequestType) -> bool:
    """Whether all is asked on two pages: few questions, no condition to meet first, no document to join, no fee."""
    fields = request_type.form.fields()
    inner = [one for field in fields if isinstance(field, Group) for one in field.fields]
    if request_type.eligibility or request_type.parts or len(fields) > MOST_AT_ONCE:
        return False
    if any(isinstance(field, File | PlaceField) for field in (*fields, *inner)):
        return False
    is_asked = bool(fields) or request_type.place.need != "none"
    return is_asked and not {field.code for field in fields} & {"place", "choice"}


def asked_in(section: Section) -> tuple[AnyField, ...]:
    """Its questions; what decides whether the section is asked at all decides it for each of them."""
    if section.show_when is None:
        return section.fields
    return tuple(
        structs.replace(
            field,
            show_when=section.show_when if field.show_when is None else All(parts=(section.show_when, field.show_when)),
        )
        for field in section.fields
    )


def every_step(
    request_type: RequestType, raw: Mapping[str, Any], reading: Reading, *, little: bool = False
) -> tuple[Step, ...]:
    """A page each: the place, each section to be seen, the person, a last look."""
    steps: list[Step] = []
    if request_type.place.need != "none":
        steps.append(Step(code="@place", kind="place", title=request_type.place.label or PLACE_TITLE))
    answers = answers_so_far(request_type, raw, reading)
    for number, declared in enumerate(request_type.form.sections, 1):
        section = structs.replace(declared, fields=_necessary(declared, raw)) if little else declared
        if to_show(section, answers) and (section.show_when is None or holds(section.show_when, answers)):
            steps.append(Step(code=section.code, kind="section", title=section.title, section=section, number=number))
    steps.append(Step(code="@identity", kind="identity", title=IDENTITY_TITLE))
    steps.append(Step(code="@review", kind="review", title=REVIEW_TITLE))
    return tuple(steps)


def _necessary(section: Section, raw: Mapping[str, Any]) -> tuple[AnyField, ...]:
    given = raw.get("answers") or {}
    return tuple(
        field for field in section.fields if field.required or field.required_when is not None or given.get(field.code)
    )


def open_questions(request_type: RequestType) -> set[str]:
    """The questions of a short form that stand open: photos, what must be answered, what changes the promise or the
    way of the request, what is told; and whatever these hang on. The others are folded.
    """
    deciding = {code for level in request_type.service_levels if level.when for code in fields_of(level.when)}
    found: set[str] = set()
    for field in reversed([field for section in request_type.form.sections for field in asked_in(section)]):
        must = field.required or field.required_when is not None or isinstance(field, Photo | Information)
        if must or field.code in deciding or field.code in found:
            found |= {field.code, *(fields_of(field.show_when) if field.show_when else ())}
    return found


def answers_so_far(request_type: RequestType, raw: Mapping[str, Any], reading: Reading) -> dict[str, Any]:
    """The clean answers among those typed, leaving out what is missing or wrong."""
    given = raw.get("answers") or {}
    answers: dict[str, Any] = {}
    for section in request_type.form.sections:
        if section.show_when is not None and not holds(section.show_when, answers):
            continue
        for field in section.fields:
            value = read_value(field, given.get(field.code), field.code, reading, answers)
            if not isinstance(value, Problems) and value is not NOTHING:
                answers[field.code] = value
    return answers


def first_open(steps: Sequence[Step], done: Sequence[str], problems: Sequence[Problem]) -> int:
    """How far one may go: the first step that was not gone through, or whose answers no longer hold."""
    for index, step in enumerate(steps):
        if step.code not in done or any(step.owns(problem.path) for problem in problems):
            return index
    return len(steps) - 1


def shown_fields(step: Step, answers: Mapping[str, Any]) -> tuple[AnyField, ...]:
    """The questions of a step for the answers of the steps before it."""
    return to_show(step.section, answers) if step.section else ()


def to_show(section: Section, answers: Mapping[str, Any]) -> tuple[AnyField, ...]:
    """The questions of a page. What earlier pages decide is decided here; the rest is left to the page itself."""
    asked = [field for field in section.fields if not isinstance(field, PlaceFact)]
    own = {field.code for field in asked}
    shown: list[AnyField] = []
    for field in asked:
        condition = None if field.show_when is None else settled(field.show_when, answers, own)
        if condition is not False:
            shown.append(structs.replace(field, show_when=None if condition in (None, True) else condition))
    return tuple(shown)


def settled(condition: Condition, answers: Mapping[str, Any], still_open: set[str]) -> Condition | bool:
    """The condition with everything worked out that does not hang on questions of the same page."""
    if not still_open.intersection(fields_of(condition)):
        return holds(condition, answers)
    match condition:
        case Not(part=part):
            inner = settled(part, answers, still_open)
            return (not inner) if isinstance(inner, bool) else Not(part=inner)
        case All(parts=parts):
            left = [settled(part, answers, still_open) for part in parts]
            return False if False in left else All(parts=tuple(part for part in left if not isinstance(part, bool)))
        case Some(parts=parts):
            left = [settled(part, answers, still_open) for part in parts]
            return True if True in left else Some(parts=tuple(part for part in left if not isinstance(part, bool)))
        case _:
            return condition


MODES = {
    "named": Option(
        code="named",
        label=Text(fr="Oui, donner mon nom", en="Yes, give my name"),
        help=Text(
            fr="La Ville sait qui vous êtes et peut vous joindre.", en="The town knows who you are and can reach you."
        ),
    ),
    "confidential": Option(
        code="confidential",
        label=Text(fr="Oui, en toute confidentialité", en="Yes, confidentially"),
        help=Text(
            fr=(
                "Ni l’équipe qui intervient ni la personne visée ne voit qui vous êtes. "
                "Chaque consultation est inscrite."
            ),
            en="Neither the crew nor the person concerned sees who you are. Each viewing is recorded.",
        ),
    ),
    "anonymous": Option(
        code="anonymous",
        label=Text(fr="Non, rester anonyme", en="No, stay anonymous"),
        help=Text(
            fr="Aucun nom n’est conservé. Donnez un courriel si vous voulez des nouvelles.",
            en="No name is kept. Give an email address if you want updates.",
        ),
    ),
}


def only_mode(request_type: RequestType) -> Option | None:
    """The one way to present oneself, where there is no choice but something to know about it."""
    return MODES[request_type.identity.modes[0]] if request_type.identity.modes == ("confidential",) else None


def ways_offered(methods: Collection[ContactMethod]) -> tuple[ContactMethod, ...]:
    """Those that anybody may wish for."""
    return tuple(each for each in methods if each.offered_to == "everyone")


def way_fields(methods: Collection[ContactMethod]) -> tuple[OneOf, ...]:
    """How the person wants to be reached, among what is possible here; no question where there is one way alone."""
    ways = tuple(Option(code=each.name, label=each.title, help=each.hint) for each in ways_offered(methods))
    field = OneOf(code="preferred_channel", label=CHANNEL_LABEL, required=False, options=ways)
    return (field,) if len(ways) > 1 else ()


def identity_fields(request_type: RequestType, methods: Collection[ContactMethod]) -> tuple[AnyField, ...]:
    """The questions on who is asking, as fields like any other; `methods` are the ways of being reached there are."""
    named = Not(part=_is_anonymous())
    several = len(request_type.identity.modes) > 1
    mode = OneOf(
        code="mode",
        label=Text(fr="Souhaitez-vous donner votre nom?", en="Do you want to give your name?"),
        options=tuple(MODES[mode] for mode in request_type.identity.modes),
    )
    name = structs.replace(NAME, show_when=named if "anonymous" in request_type.identity.modes and several else None)
    asked: tuple[AnyField, ...] = () if request_type.identity.modes == ("anonymous",) else (name,)
    return (*((mode,) if several else ()), *asked, EMAIL, PHONE, *way_fields(methods))


def _is_anonymous() -> Condition:
    return Is(field="mode", value="anonymous")
