"""Documents at the pretend desk: issued by a step with every word filled in, replaced by a later one, revoked."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import partial
from typing import Any

from msgspec import structs

from parvis_sdk.days import ONE_INSTANT, day_text, last_day, local_day, midnight_after
from parvis_sdk.document_rules import NOT_A_WORD, SOMEBODY, series_of, without_bullet
from parvis_sdk.documents import Document
from parvis_sdk.fields import AnyField, LongText
from parvis_sdk.placeholders import fill_body, nameless
from parvis_sdk.standing_answers import standing_answers
from parvis_sdk.testing.cases import Case
from parvis_sdk.testing.pretend.held_in_documents import held_in
from parvis_sdk.testing.pretend.situations import Effects, Facts, PretendKind, Situation, Write, add, put
from parvis_sdk.testing.pretend.states import IssuedDocument
from parvis_sdk.testing.pretend.words import in_words
from parvis_sdk.text import Text
from parvis_sdk.validity import Validity
from parvis_sdk.validity_rules import first_end
from parvis_sdk.workflow import Denied


def _bring(here: Situation, document: Document, word: str) -> Effects | Denied:
    place = _newest(here.case, document.code)
    before = here.case.documents[place] if place is not None else None
    if word == "revoked":
        if place is None or before is None:
            return Effects()
        gone = put(here.case.documents, place, structs.replace(before, state="revoked"))
        return Effects(writes=(gone,), facts={document.fact(word): _said(here, before)})
    former = before if before is not None and _lives_on(here, document, before) else None
    made, counted = _composed(here, document, former)
    if isinstance(made, Denied):
        return made
    facts: Facts = {document.fact("issued"): _said(here, made)}
    writes: list[Write] = [counted, add(here.case.documents, made)]
    if place is not None and before is not None and not document.beside:
        writes.insert(0, put(here.case.documents, place, structs.replace(before, state="replaced")))
        facts[document.fact("replaced")] = _said(here, made)
    return Effects(writes=tuple(writes), facts=facts)


def _newest(case: Case, code: str) -> int | None:
    places = (n for n, each in enumerate(case.documents) if each.code == code and each.state == "issued")
    return max(places, default=None)


def _lives_on(here: Situation, document: Document, before: IssuedDocument) -> bool:
    """Whether a document goes on under the number of the one before: what it is worth is renewed, or was since."""
    if document.beside:
        return False
    if document.keeps_number or here.brings(f"{Validity.part}.{document.validity}.renewed"):
        return True
    held = here.case.held.get(document.validity)
    return held is not None and held.renewals > 0 and held.since <= before.issued_at


def _said(here: Situation, issued: IssuedDocument) -> dict[str, Text]:
    link = Text(fr=f"{here.town.url}/fr/verifier/{issued.number}", en=f"{here.town.url}/en/verify/{issued.number}")
    return {"document_title": issued.title, "document_number": Text(fr=issued.number), "document_link": link}


def _composed(
    here: Situation, document: Document, former: IssuedDocument | None
) -> tuple[IssuedDocument | Denied, Write]:
    number, counted = (former.number, lambda: None) if former else _numbered(here, document)
    language, end = here.case.submission.language, _end(here, document)
    fields, answers = _known(here)
    said = {
        code: in_words(fields[code], answers[code], language, here.case.files)
        for code in (*document.shows, document.conditions)
        if code in answers and code in fields
    }
    own = _own_values(here, document, number, end)
    values = _values(here, document, own) | {
        code: words if isinstance(fields[code], LongText) else words.replace("\n", ", ") for code, words in said.items()
    }
    texts = {name: text.to(language) for name in ("lead", "body", "closing") if (text := getattr(document, name))}
    filled = {name: fill_body(words, values) for name, words in texts.items()}
    held = held_in(here, document, fields, answers)
    lacking = tuple(each.code for each in document.holds if each.code not in held)
    unsaid = (*nameless("\n".join(texts.values()), values), *lacking)
    if not (filled.get("lead") or filled.get("body")) and (document.lead or document.body):
        names = ", ".join(fields[name].label.to(language) if name in fields else name for name in unsaid)
        return Denied(code="not_possible", reason=NOT_A_WORD.format(title=document.title, names=names)), counted
    issued = IssuedDocument(
        code=document.code,
        kind=document.kind,
        title=document.title,
        number=number,
        version=former.version + 1 if former else 1,
        language=language,
        issued_at=here.at,
        until=last_day(here.town, end) if end else None,
        shows={code: said[code] for code in document.shows if said.get(code) and code not in document.said()},
        conditions=tuple(
            without_bullet(each) for each in said.get(document.conditions, "").splitlines() if each.strip()
        ),
        holds=held,
        unsaid=unsaid,
        **filled,
    )
    return issued, counted


def _numbered(here: Situation, document: Document) -> tuple[str, Write]:
    """The next number of its series, counted for each year where the pattern names it, and what uses it up."""
    year = local_day(here.town, here.at).year
    series = series_of(document.number, year)
    count = max(here.numbers.get(series, 0), here.counted.get(series, 0)) + 1
    here.counted[series] = count
    return document.number.format(year=year, number=count), partial(here.numbers.__setitem__, series, count)


def _end(here: Situation, document: Document) -> datetime | None:
    """When it is worth nothing any more: by the validity as it stands, or as the step begins it."""
    validity = here.request_type.part(Validity, document.validity)
    if validity is None:
        return None
    if validity.code in here.ends:
        return here.ends[validity.code]
    if held := here.case.held.get(validity.code):
        return held.until
    last = first_end(here.occasion, validity)
    return midnight_after(here.town, last) if last else None


def _known(here: Situation) -> tuple[dict[str, AnyField], dict[str, Any]]:
    """The questions and answers that it may show: the requester's own, and of those to moves what they may read."""
    own = {field.code: field for field in here.request_type.form.fields()}
    later = here.case.answered.tellable(own), here.asked_now.tellable(own)
    answers = standing_answers(here.request_type, here.case.submission.answers, *later)
    return own | later[0].fields | later[1].fields, answers


def _own_values(here: Situation, document: Document, number: str, end: datetime | None) -> dict[str, str]:
    case, language = here.case, here.case.submission.language
    place = case.submission.place
    return {
        "title": document.title.to(language),
        "number": number,
        "date": day_text(local_day(here.town, here.at)).to(language),
        "until": day_text(local_day(here.town, end - ONE_INSTANT)).to(language) if end else "",
        "reference": case.reference,
        "requester": case.submission.requester.name or SOMEBODY.to(language),
        "place": (place.address or place.words) if place else "",
        "type": case.request_type.title.to(language),
        "town": here.town.name.to(language),
    }


def _values(here: Situation, document: Document, own: Mapping[str, str]) -> dict[str, str]:
    language = here.case.submission.language
    others = {name: text.to(language) for name, text in here.said.items()}
    nothing = dict.fromkeys((*document.shows, document.conditions, *document.said()), "")
    return nothing | {**own} | {name: words for name, words in others.items() if not own.get(name)}


def _standing(case: Case, now: datetime) -> Iterator[str]:
    yield from (f"{Document.part}.{each.code}.{each.state}" for each in case.documents)


DOCUMENTS = PretendKind(noun=Document, bring=_bring, standing=_standing, brought_last=True)
