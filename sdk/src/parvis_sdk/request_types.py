"""A request type: one frozen declaration from which page, validation, API, desk, messages and documents are derived."""

from collections.abc import Callable, Collection, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any, Literal, TypeVar

import msgspec
from msgspec import Raw, Struct, StructMeta, structs

from parvis_sdk.about import About, Answer, OpenedBy, Operation, Scheduled
from parvis_sdk.children import ChildRule
from parvis_sdk.cleaning import clean, cleaned
from parvis_sdk.conditions import Condition, holds
from parvis_sdk.contact_methods import BUILT_IN, ContactMethod
from parvis_sdk.documents import Document
from parvis_sdk.eligibility import Eligibility
from parvis_sdk.errors import DeclarationError, DeclarationMistake
from parvis_sdk.fees import Fee
from parvis_sdk.fields import Shape
from parvis_sdk.forms import Form
from parvis_sdk.inspections import Inspection
from parvis_sdk.obligations import Obligation
from parvis_sdk.overlaps import Overlap
from parvis_sdk.parties import PartyRole
from parvis_sdk.parts import Fact, Part, UnknownPart, read_part, stored_part
from parvis_sdk.places import read_place
from parvis_sdk.problems import Problem, Problems, problem
from parvis_sdk.renamed import also_called, now_at
from parvis_sdk.requesters import read_requester
from parvis_sdk.requests import Attachment, Channel, IdentityMode, Place, Requester
from parvis_sdk.reviews import Review
from parvis_sdk.schemas import place_schema
from parvis_sdk.supplements import Supplement
from parvis_sdk.text import Text
from parvis_sdk.type_mistakes import type_mistakes
from parvis_sdk.validity import Validity
from parvis_sdk.workflow import Denied, Transition, Workflow

FORMER_FIELDS: dict[str, type[Part]] = {
    "validity": Validity,
    "obligations": Obligation,
    "documents": Document,
    "supplements": Supplement,
    "reviews": Review,
    "inspections": Inspection,
    "fees": Fee,
}
"""Where the parts of each kind stood before `parts` held them all: requests are pinned to declarations of that form."""
PARTS: dict[str, type[Part]] = {noun.part: noun for noun in FORMER_FIELDS.values()}
"""The kinds of part that this sdk publishes, by their words."""
Noun = TypeVar("Noun", bound=Part)
NOT_YET = Text(
    fr="«\u00a0{move}\u00a0» n’est pas encore possible. Il faut d’abord\u00a0: {missing}.",
    en="“{move}” is not possible yet. This must come first: {missing}.",
)
THAT_IS = Text(fr="{reason} {says}", en="{reason} {says}")
UNKNOWN_FACT = Text(
    fr="«\u00a0{fact}\u00a0», dont le module n’est pas installé ici",
    en="“{fact}”, whose module is not installed here",
)


class Theme(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A theme of the portal that groups request types; `slug` is its word in addresses.

    `answers` need no request and stand on the page of every service of the theme.
    """

    code: str
    title: Text
    slug: Text
    icon: str = ""
    answers: tuple[Answer, ...] = ()


class PlaceRule(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Whether and how a place is asked. `precision` is to how many metres the public page rounds it (0: exact).

    `assets` names a layer of the town's things (street lights, park equipment) to choose among, at most `most_assets`;
    a town without that layer asks for the place alone. `words` is whether a description alone is enough.
    """

    need: Literal["required", "optional", "none"] = "required"
    shapes: tuple[Shape, ...] = ("point",)
    precision: int = 0
    inside: bool = True
    label: Text | None = None
    assets: str = ""
    most_assets: int = 1
    words: bool = True

    def read(self, raw: Any) -> Place | Problem:
        """Reads a submitted place by this rule; mistakes have their own path."""
        return read_place(raw, self.shapes, most_assets=_most_assets(self), words_alone=self.words)

    def json_schema(self) -> dict[str, Any]:
        """What a program may send as the place."""
        return place_schema(self.shapes, _most_assets(self))


def _most_assets(rule: PlaceRule) -> int:
    return rule.most_assets if rule.assets else 0


class IdentityRule(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How a person may identify themselves. `contact` says whether a named or confidential person must be reachable."""

    modes: tuple[IdentityMode, ...] = ("named", "anonymous")
    contact: bool = True


class ServiceLevel(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A promised response time, or one that only the town sees. Of those that begin and end alike the first whose
    condition holds is kept; the first of all that is not `internal` is the promise told to the resident.

    Exactly one of `business_days`, `business_hours` and `hours` (by the wall clock) is given. It begins when the
    request comes in, or `since` a state is reached, a phase, or a fact has come true: a time limit may begin once the
    file is complete. It is met when phase `until` is reached, and is paused while the town waits for the requester,
    unless `pauses` is false. `statutory` is a time limit set by law, and shown as one.
    """

    code: str
    title: Text
    business_days: int = 0
    business_hours: int = 0
    hours: int = 0
    until: Literal["in_progress", "decided", "closed"] = "closed"
    when: Condition | None = None
    since: str = ""
    statutory: bool = False
    internal: bool = False
    pauses: bool = True


class Retention(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How long a closed request is kept, in days, before personal data goes (`anonymise`) or all of it (`destroy`).

    Until then it is kept also from a person who asks for erasure, who is told the `rule` (of a law or of a retention
    schedule) and the date, unless the type says that nothing requires it: `erasable_on_request`.
    """

    days: int
    then: Literal["anonymise", "destroy"] = "anonymise"
    rule: Text | None = None
    erasable_on_request: bool = False


class Visibility(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Whether requests of this type have a public page, and within which radius and age they count as similar.

    `free_text` is when what somebody typed or attached may stand on that page: once a person of the town has read and
    published it ("reviewed"), or "never". Choices, dates, numbers and addresses of the town's base need no reading.
    """

    public: bool = True
    similar_within: int = 75
    similar_days: int = 60
    free_text: Literal["reviewed", "never"] = "reviewed"


class Message(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The message to a person when `on` happens: a word of `TOLD`, the code of a transition, or a fact of a part.

    `{reference}`, `{type}`, `{state}`, `{place}`, `{promised}`, `{reason}`, `{town}`, `{link}` and the answers given
    to the transition are filled in, and what the facts that come true have to say. A
    town may replace both texts in its settings.
    """

    on: str
    subject: Text
    body: Text


class Submission(Struct, frozen=True, kw_only=True):
    """What the counter takes in: everything a person sent, read and clean."""

    type: str
    language: str
    channel: Channel
    answers: dict[str, Any]
    attachments: tuple[str, ...]
    place: Place | None
    requester: Requester


class _Spelling(StructMeta):
    """Tells who writes a field of former days, one for each kind of part, how it is written now."""

    def __call__(cls, *given: Any, **fields: Any) -> Any:
        for name, noun in FORMER_FIELDS.items():
            if name in fields:
                raise TypeError(f"{name}=(...) is written parts=({noun.__name__}(...), ...)")
        return super().__call__(*given, **fields)


class RequestType(Struct, frozen=True, kw_only=True, omit_defaults=True, metaclass=_Spelling):
    """One kind of service request, complete. A request stays with the very declaration that it was made with.

    `opened_by="town"` keeps a type for the people of the town: the portal does not offer it. `operations` are the codes
    of such types: while one of their requests is under way where the person points, they are offered to follow it.
    `children` makes one request for each owner of the things that are pointed at.
    `parts` are what a request has beside its workflow, of whatever kinds: fees, inspections, documents. Where the town
    has no module for one of these kinds the type is not offered; it does without those that are named in `optional`.
    `category` names the question (one of several) by whose answer the requests of this kind are listed and counted.
    """

    code: str
    version: int = 1
    title: Text
    summary: Text
    slug: Text
    theme: Theme
    form: Form
    workflow: Workflow
    place: PlaceRule = PlaceRule()
    identity: IdentityRule = IdentityRule()
    service_levels: tuple[ServiceLevel, ...] = ()
    retention: Retention
    visibility: Visibility = Visibility()
    messages: tuple[Message, ...] = ()
    keywords: tuple[Text, ...] = ()
    unlike: tuple[Text, ...] = ()
    prepare: Text | None = None
    occurrence: Form | None = None
    icon: str = ""
    about: About = About()
    scheduled: Scheduled | None = None
    opened_by: OpenedBy = "anyone"
    operation: Operation | None = None
    operations: tuple[str, ...] = ()
    parties: tuple[PartyRole, ...] = ()
    parts: tuple[Part, ...] = ()
    optional: tuple[str, ...] = ()
    category: str = ""
    overlaps: Overlap | None = None
    eligibility: Eligibility | None = None
    children: ChildRule | None = None

    def of(self, noun: type[Noun]) -> tuple[Noun, ...]:
        """The parts of one kind, in the order declared."""
        return tuple(part for part in self.parts if isinstance(part, noun))

    def part(self, noun: type[Noun], code: str) -> Noun | None:
        """The part of one kind and of that code."""
        return next((part for part in self.of(noun) if part.code == code), None)

    def required(self) -> frozenset[str]:
        """The kinds of part without which this type cannot be offered."""
        return frozenset(part.part for part in self.parts) - frozenset(self.optional)

    def without(self, kinds: Collection[str]) -> "RequestType":
        """This type without these kinds of part, and without everything that uses their facts."""
        left_out = [part for part in self.parts if part.part in kinds]
        if not left_out:
            return self
        facts = {fact for part in left_out for fact in part.facts()}
        workflow = self.workflow.without(facts)
        gone = facts | {each.code for each in self.workflow.transitions if workflow.transition(each.code) is None}
        return structs.replace(
            self,
            workflow=workflow,
            parts=tuple(part for part in self.parts if part.part not in kinds),
            optional=tuple(word for word in self.optional if word not in kinds),
            service_levels=tuple(level for level in self.service_levels if level.since not in facts),
            messages=tuple(message for message in self.messages if message.on not in gone),
        )

    def facts(self) -> dict[str, Fact]:
        """Every fact that may become true of a request of this kind, by its whole name."""
        return {name: fact for part in self.parts for name, fact in part.facts().items()}

    def party(self, code: str) -> PartyRole | None:
        """The role of that code in which people may be let into such a request."""
        return next((role for role in self.parties if role.code == code), None)

    def part_of(self, fact: str) -> tuple[Part, str]:
        """The part that a fact is about, and its word about it; `KeyError` if there is none."""
        name, _, word = fact.rpartition(".")
        return {f"{part.part}.{part.code}": part for part in self.parts}[name], word

    def not_yet(
        self,
        transition: Transition,
        standing: Collection[str],
        answers: Mapping[str, Any] | None = None,
        given: Mapping[str, Any] | None = None,
    ) -> Denied | None:
        """Why a step that needs facts cannot be made while only those in `standing` are true.

        `answers` are those that stand, `given` those to the move itself once they are known.
        """
        missed = [fact for fact in transition.needed(answers or {}, given) if fact not in standing]
        if not missed:
            return None
        known = self.facts()
        lacking = [known[fact].title if fact in known else UNKNOWN_FACT.format(fact=fact) for fact in missed]
        missing = Text(fr=", ".join(each.to("fr") for each in lacking), en=", ".join(each.to("en") for each in lacking))
        reason = NOT_YET.format(move=transition.title, missing=missing)
        for need in transition.needs_when:
            if need.says is not None and need.fact in missed:
                reason = THAT_IS.format(reason=reason, says=need.says)
        return Denied(code="not_yet", reason=reason)

    def read(
        self,
        raw: object,
        *,
        channel: Channel,
        today: date | None = None,
        attachments: Mapping[str, Attachment] | None = None,
        known: Callable[[Place | None], Mapping[str, Mapping[str, Any]]] | None = None,
        methods: Collection[ContactMethod] = BUILT_IN,
    ) -> Submission | Problems:
        """Read `{"language", "answers", "place", "requester"}` as sent; a clean `Submission`, or every problem at once.

        `known` tells what the town's layers say of the place, for questions that depend on it; `methods` are the
        contact methods that the town has.
        """
        if not isinstance(raw, Mapping):
            return Problems(found=(problem("unreadable", ""),))
        found: list[Problem] = []
        place = self._read_place(raw.get("place"))
        here = known(None if isinstance(place, Problem) else place) if known else {}
        form_answers = self.form.read(raw.get("answers") or {}, today=today, attachments=attachments, here=here)
        if isinstance(form_answers, Problems):
            found.extend(form_answers.within("answers").found)
        if isinstance(place, Problem):
            found.append(place)
        identity = self.identity
        requester = read_requester(raw.get("requester"), identity.modes, contact=identity.contact, methods=methods)
        if isinstance(requester, Problems):
            found.extend(requester.found)
        language = raw.get("language") or "fr"
        if not isinstance(language, str) or not (2 <= len(language) <= 5) or clean(language) != language:
            found.append(problem("language", "language"))
        if found or isinstance(form_answers, Problems) or isinstance(place, Problem) or isinstance(requester, Problems):
            return Problems(found=tuple(found))
        return Submission(
            type=self.code,
            language=str(language),
            channel=channel,
            answers=form_answers.answers,
            attachments=form_answers.attachments,
            place=place,
            requester=requester,
        )

    def _read_place(self, raw: Any) -> Place | Problem | None:
        if self.place.need == "none":
            return None
        raw = cleaned(raw)
        empty = raw is None or (isinstance(raw, Mapping) and all(value in (None, "", {}, []) for value in raw.values()))
        if empty:
            return problem("place_missing", "place") if self.place.need == "required" else None
        place = self.place.read(raw)
        return Problem(path="place", code=place.code, message=place.message) if isinstance(place, Problem) else place

    def promises(self) -> tuple[ServiceLevel, ...]:
        """The service levels shown to residents: all except internal ones."""
        return tuple(level for level in self.service_levels if not level.internal)

    def promise(self, answers: Mapping[str, Any]) -> ServiceLevel | None:
        """The promise that these answers earn: the first one whose condition holds."""
        return next((level for level in self.promises() if level.when is None or holds(level.when, answers)), None)

    def message(self, on: str) -> Message | None:
        """The author's message for when `on` happens."""
        return next((message for message in self.messages if message.on == on), None)

    def mistakes(self) -> tuple[DeclarationMistake, ...]:
        """Every mistake of the author of this request type."""
        return tuple(mistake.within(f"request type {self.code!r}") for mistake in type_mistakes(self))

    def check(self) -> None:
        """Raise `DeclarationError` with every mistake, if there is any."""
        if mistakes := self.mistakes():
            raise DeclarationError(mistakes)


also_called(RequestType, slips="mistakes")
if not TYPE_CHECKING:
    __getattr__ = now_at(__name__, __name__, Demand="Submission")


def dump_type(request_type: RequestType) -> bytes:
    """The whole declaration as JSON, the same bytes for the same declaration."""
    # Through storage and back first: 1 and 1.0, a list and a tuple are the same declaration and become the same bytes.
    rest = msgspec.json.decode(msgspec.json.encode(structs.replace(request_type, parts=())), type=RequestType)
    fields = msgspec.json.decode(msgspec.json.encode(rest, order="deterministic"), type=dict[str, Raw])
    if request_type.parts:
        fields["parts"] = Raw(msgspec.json.encode([stored_part(part) for part in request_type.parts]))
    return msgspec.json.encode(fields)


def load_type(stored: bytes | str, nouns: Mapping[str, type[Part]] = PARTS) -> RequestType:
    """A declaration out of what `dump_type` gave, without the plugin that made it.

    `nouns` are the kinds of part that are known here, by their words; parts of others stay as they were stored.
    """
    fields = msgspec.json.decode(stored, type=dict[str, Raw])
    parts = _raws(fields.pop("parts", None))
    for name, noun in FORMER_FIELDS.items():
        parts += [b'{"part":"%b",' % noun.part.encode() + each[1:] for each in _raws(fields.pop(name, None))]
    rest = msgspec.json.decode(msgspec.json.encode(fields), type=RequestType)
    return structs.replace(rest, parts=tuple(read_part(each, nouns) for each in parts))


def nouns_of(request_type: RequestType) -> dict[str, type[Part]]:
    """The words of the kinds of part that a declaration uses, besides those of the sdk."""
    return PARTS | {part.part: type(part) for part in request_type.parts if not isinstance(part, UnknownPart)}


def _raws(stored: Raw | None) -> list[bytes]:
    return [bytes(each).strip() for each in msgspec.json.decode(stored, type=list[Raw])] if stored is not None else []
