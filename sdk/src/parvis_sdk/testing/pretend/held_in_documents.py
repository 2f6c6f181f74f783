"""The tables, the map and the pictures of a document at the pretend desk, as text."""

from collections.abc import Iterator, Mapping
from typing import Any

from parvis_sdk.amounts import money_shown
from parvis_sdk.days import day_text, local_day
from parvis_sdk.document_contents import (
    AnswersTable,
    Content,
    FeeTable,
    OpinionTable,
    Picture,
    PlaceMap,
    columns_of,
    opinions_shown,
)
from parvis_sdk.document_rules import FEE_COLUMNS, OPINION_COLUMNS, fee_rows
from parvis_sdk.documents import Document
from parvis_sdk.fields import AnyField, Group
from parvis_sdk.reviews import RECOMMENDED, Recommendation
from parvis_sdk.testing.pretend.situations import Situation
from parvis_sdk.testing.pretend.states import HeldInDocument
from parvis_sdk.testing.pretend.words import in_words


def held_in(
    here: Situation, document: Document, fields: Mapping[str, AnyField], answers: Mapping[str, Any]
) -> dict[str, HeldInDocument]:
    """Its contents by code, without empty ones."""
    found = {each.code: _held(here, each, fields, answers) for each in document.holds}
    return {code: held for code, held in found.items() if held.rows or held.place or held.files}


def _held(
    here: Situation, content: Content, fields: Mapping[str, AnyField], answers: Mapping[str, Any]
) -> HeldInDocument:
    language = here.case.submission.language
    title = content.title.to(language)
    match content:
        case AnswersTable():
            return _answers(content, fields.get(content.of), answers.get(content.of, ()), language)
        case FeeTable():
            charged = fee_rows(here.case.charges, content.fee)
            rows = tuple((words.to(language), money_shown(cents).to(language)) for words, cents in charged)
            return HeldInDocument(title=title, columns=tuple(each.to(language) for each in FEE_COLUMNS), rows=rows)
        case OpinionTable():
            columns = tuple(each.to(language) for each in OPINION_COLUMNS)
            return HeldInDocument(title=title, columns=columns, rows=tuple(_opinions(here, content, language)))
        case PlaceMap():
            place = here.case.submission.place
            is_drawn = place is not None and (place.lon is not None or place.geometry is not None)
            return HeldInDocument(title=title, place=place if is_drawn else None)
        case Picture():
            names = [here.case.files[id].name for id in answers.get(content.of, ()) if id in here.case.files]
            return HeldInDocument(title=title, files=tuple(names[: content.most]), alt=content.alt.to(language))


def _answers(table: AnswersTable, group: AnyField | None, entries: Any, language: str) -> HeldInDocument:
    title = table.title.to(language)
    if not isinstance(group, Group):
        return HeldInDocument(title=title)
    columns = columns_of(table, group)
    rows = tuple(
        tuple(in_words(each, entry[each.code], language) if each.code in entry else "" for each in columns)
        for entry in entries
    )
    return HeldInDocument(title=title, columns=tuple(each.label.to(language) for each in columns), rows=rows)


def _opinions(here: Situation, table: OpinionTable, language: str) -> Iterator[tuple[str, str, str]]:
    shown = {task.code: task.title for task in opinions_shown(table, here.request_type)}
    for round in here.case.rounds:
        for task in round.tasks if round.review == table.review else ():
            if task.task in shown and task.recommendation and task.given_at is not None:
                said = RECOMMENDED[Recommendation(task.recommendation)].to(language)
                day = day_text(local_day(here.town, task.given_at)).to(language)
                yield shown[task.task].to(language), said, day
