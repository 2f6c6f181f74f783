"""What a document says, as plain data for its template: one sheet for each language in which it is issued."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from msgspec import Struct

from parvis.i18n import format_date, format_time, local_day, say, speaking
from parvis.jurisdictions import Jurisdiction
from parvis.jurisdictions.jurisdiction import town_head
from parvis.requests.actors import Actor
from parvis.requests.answers_said import place_said
from parvis.requests.attached.attachments import kept_of
from parvis.requests.changing import Situation
from parvis.requests.contacts import contact_of
from parvis.requests.history import entries_of
from parvis.requests.host import Host
from parvis.requests.parts.together import answered_again, standing_facts
from parvis.requests.visibility import HOLDER, sees_audience
from parvis_documents import wording
from parvis_documents.codes import grouped_code, verify_url, without_scheme
from parvis_documents.holdings import Answered, Holdings, held_in, holdings_of
from parvis_documents.wording import said_lines
from parvis_sdk.document_rules import SOMEBODY, without_bullet
from parvis_sdk.documents import Document
from parvis_sdk.fields import AnyField, LongText, Sensitivity
from parvis_sdk.placeholders import fill_body, nameless
from parvis_sdk.request_types import RequestType
from parvis_sdk.requests import Attachment
from parvis_sdk.review_rules import deemed_opinions
from parvis_sdk.reviews import Review
from parvis_sdk.standing_answers import asked_by, standing_answers
from parvis_sdk.text import Text

SHORT_DIGEST = 12
DECISIONS = ("permit", "certificate", "refusal")


class Paper(Struct, frozen=True, kw_only=True):
    """One document about to be made. Without a `number` it is a preview; `until` is its last day, where it has one."""

    document: Document
    here: Situation
    actor: Actor
    move: str = ""
    given: Mapping[str, Any] = {}
    said: Mapping[str, Text] = {}
    number: str = ""
    code: str = ""
    version: int = 1
    before: datetime | None = None
    until: datetime | None = None
    sealed: bool = False

    @property
    def is_preview(self) -> bool:
        return not self.number


class Composed(Struct, frozen=True, kw_only=True):
    """One sheet for each language, and the pictures that they name."""

    sheets: list[dict[str, Any]]
    pictures: dict[str, bytes]


class DocumentSource(Struct, frozen=True, kw_only=True):
    """What was read for it: the answers that it may show with their questions, its files, who asked, what it holds.

    `deemed` are the opinions that nobody gave and a rule deems to be given: a decision says that it rests on them.
    """

    fields: dict[str, AnyField]
    answers: dict[str, Any]
    files: dict[str, Attachment]
    requester: str
    signatory: str
    holdings: Holdings
    deemed: tuple[Text, ...] = ()

    def label(self, name: str) -> str:
        """What a name of a sentence stands for, as people know it."""
        return say(self.fields[name].label) if name in self.fields else name


def languages_of(document: Document, town: Jurisdiction, language: str) -> tuple[str, ...]:
    """In which languages it is issued, as the town's language regime and the document allow."""
    if document.languages == "both" and town.language_regime == "bilingual":
        return town.languages
    return (language if language in town.languages else town.languages[0],)


def is_protected(document: Document, request_type: RequestType, identity: str) -> bool:
    """Whether it may hold what only few people of the town may see."""
    shown = {*document.shows, document.conditions, *(getattr(each, "of", "") for each in document.holds)}
    sensitive = (
        field.code in shown
        for field in request_type.form.fields()
        if field.privacy.sensitivity is Sensitivity.SENSITIVE
    )
    return identity == "confidential" or any(sensitive)


async def compose(host: Host, paper: Paper) -> Composed:
    """Everything that the document says, in each of its languages."""
    here = paper.here
    known = await _known(host, paper)
    sheets = []
    for language in languages_of(paper.document, here.town, here.record.language):
        with speaking(language, here.town.time_zone):
            sheets.append(_sheet(host, paper, known, language))
    return Composed(sheets=sheets, pictures=known.holdings.pictures)


async def _known(host: Host, paper: Paper) -> DocumentSource:
    """The requester's own answers as they stand, and of those to the moves what may be told to them."""
    here = paper.here
    own = {field.code: field for field in here.request_type.form.fields()}
    later = [
        each.tellable(own)
        for each in (
            await answered_again(here.record, here.request_type),
            asked_by(here.request_type, paper.move, paper.given),
        )
    ]
    answers = standing_answers(here.request_type, here.record.answers, *later)
    fields = own | later[0].fields | later[1].fields
    kept = await kept_of(here.record)
    seen = [
        each for each in kept if each.is_ready and sees_audience(HOLDER, each.audience, here.record, host.jurisdictions)
    ]
    ready = {each.attachment.id: each for each in seen}
    contact = await contact_of(here.record)
    return DocumentSource(
        fields=fields,
        answers=answers,
        files={each.attachment.id: each.attachment for each in seen},
        requester=contact.name if contact else "",
        signatory=await _signatory_of(paper),
        holdings=await holdings_of(host, here, paper.document, Answered(fields=fields, answers=answers, files=ready)),
        deemed=await _deemed(host, paper),
    )


async def _deemed(host: Host, paper: Paper) -> tuple[Text, ...]:
    here = paper.here
    if paper.document.kind not in DECISIONS or not here.request_type.of(Review):
        return ()
    return deemed_opinions(here.request_type, await standing_facts(host, here.record, here.request_type))


async def _signatory_of(paper: Paper) -> str:
    """Who of the town decided last."""
    moves = [each.actor for each in await entries_of(paper.here.record) if each.kind == "moved"]
    return next((actor.name for actor in (paper.actor, *reversed(moves)) if actor.kind == "agent"), "")


def _sheet(host: Host, paper: Paper, known: DocumentSource, language: str) -> dict[str, Any]:
    document, here = paper.document, paper.here
    said = {
        code: said_lines(known.fields[code], known.answers[code], known.files)
        for code in (*document.shows, document.conditions)
        if code in known.answers and code in known.fields
    }
    values = _values(paper, known) | {
        code: ("\n\n" if isinstance(known.fields[code], LongText) else ", ").join(lines) for code, lines in said.items()
    }
    in_words = document.said()
    day = local_day(here.at)
    lead, body = _filled(document.lead, values), _paragraphs(document.body, values)
    held = held_in(document, known.holdings)
    lacking = [say(each.title) for each in document.holds if each.code not in {one["code"] for one in held}]
    unsaid = [*(known.label(name) for name in _unsaid(document, values)), *lacking]
    told = [say(wording.UNSAID.format(names=", ".join(unsaid)))] if unsaid and paper.is_preview else []
    return {
        "language": language,
        "preview": paper.is_preview,
        "kind": document.kind,
        "title": say(document.title),
        "number": values["number"],
        "described": f"{say(document.title)} {values['number']} – {say(here.town.name)}",
        "day": [day.year, day.month, day.day],
        "dates": _filled(wording.DATES[document.kind], values),
        "lead": lead,
        "version": _version(paper),
        "reference": here.record.reference,
        "requester": known.requester,
        "place": values["place"],
        "until": values["until"],
        "town": town_head(here.town),
        "body": [*body, *told, *map(say, known.deemed)],
        "grants": bool(lead or body) or not (document.lead or document.body),
        "unsaid": unsaid,
        "facts": [
            {"code": code, "label": say(document.labels.get(code, known.fields[code].label)), "lines": said[code]}
            for code in document.shows
            if said.get(code) and code not in in_words
        ],
        "holds": held,
        "conditions": [without_bullet(line) for line in said.get(document.conditions, ())],
        "rests_on": _rests_on(known) if document.files else [],
        "closing": _paragraphs(document.closing, values),
        "signatory": _signatory(paper, known),
        "signed": _signed(paper),
        "verify": None if paper.is_preview else _verify(host, paper, language),
        "words": {name: say(text) for name, text in wording.WORDS.items()},
    }


def _values(paper: Paper, known: DocumentSource) -> dict[str, str]:
    """The names that the author's sentences may use; empty where there is nothing to say."""
    here, record = paper.here, paper.here.record
    others = {name: say(text) for name, text in paper.said.items()}
    nothing = dict.fromkeys((*paper.document.shows, paper.document.conditions, *paper.document.said()), "")
    own = {
        "title": say(paper.document.title),
        "number": paper.number or say(wording.NOT_YET),
        "date": format_date(here.at),
        "until": format_date(paper.until) if paper.until else "",
        "reference": record.reference,
        "requester": known.requester or say(SOMEBODY),
        "place": place_said(record.place, record.address, record.reference),
        "type": say(here.request_type.title),
        "town": say(here.town.name),
    }
    return nothing | own | {name: words for name, words in others.items() if not own.get(name)}


def _filled(text: Text | None, values: Mapping[str, str]) -> str:
    return fill_body(say(text), values) if text else ""


def _paragraphs(text: Text | None, values: Mapping[str, str]) -> list[str]:
    return [each for each in _filled(text, values).split("\n\n") if each.strip()]


def _unsaid(document: Document, values: Mapping[str, str]) -> tuple[str, ...]:
    """The placeholders without a value, whose sentences are omitted; the agent who issues the document is told."""
    texts = [say(text) for text in (document.lead, document.body, document.closing) if text]
    return nameless("\n".join(texts), values)


def _version(paper: Paper) -> str:
    if paper.before is None or paper.version < 2:
        return ""
    return say(wording.VERSION.format(version=paper.version, before=format_date(paper.before)))


def _rests_on(known: DocumentSource) -> list[dict[str, str]]:
    return [
        {"name": file.name, "said": say(wording.DIGEST.format(digest=file.digest[:SHORT_DIGEST]))}
        for file in known.files.values()
    ]


def _signatory(paper: Paper, known: DocumentSource) -> dict[str, str]:
    """The signatory: the agent who issues the document, or who made the last decision where the host issues it."""
    unit = paper.here.town.unit(paper.here.record.unit)
    return {"name": known.signatory, "role": say(unit.name) if unit and known.signatory else ""}


def _signed(paper: Paper) -> str:
    words = wording.SIGNED if paper.sealed else wording.ISSUED
    return say(words.format(day=format_date(paper.here.at), time=format_time(paper.here.at)))


def _verify(host: Host, paper: Paper, language: str) -> dict[str, str]:
    url = verify_url(host, paper.here.town, paper.code, language)
    return {
        "code": grouped_code(paper.code),
        "url": url,
        "shown": without_scheme(url),
        "alt": say(wording.SCAN),
    }
