"""What a document contains besides sentences: tables of answers, fees and opinions, a map, received pictures."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from msgspec import Struct

from parvis_sdk.errors import DeclarationMistake
from parvis_sdk.fields import AnyField, File, Group, Photo
from parvis_sdk.mistakes import code_mistakes, text_mistakes
from parvis_sdk.reviews import Review, Task
from parvis_sdk.text import Text
from parvis_sdk.workflow import Transition, Workflow

if TYPE_CHECKING:
    from parvis_sdk.request_types import RequestType

MOST_COLUMNS = 6
MOST_PICTURES = 6
AROUND = range(20, 5001)  # metres


class AnswersTable(Struct, frozen=True, kw_only=True, omit_defaults=True, tag="answers_table"):
    """A row for each thing of a `Group`, whose code is `of`: each tree, each lamp.

    `columns` are the questions of a row, by their codes; without it, all that are not files.
    """

    code: str
    title: Text
    of: str
    columns: tuple[str, ...] = ()


class FeeTable(Struct, frozen=True, kw_only=True, omit_defaults=True, tag="fee_table"):
    """The charge of the fee with the code `fee`: its lines with amounts, exemptions, and the total."""

    code: str
    title: Text
    fee: str


class OpinionTable(Struct, frozen=True, kw_only=True, omit_defaults=True, tag="opinion_table"):
    """The opinions given in the review of the code `review`, each with its day; of tasks that the requester may read.

    Their conditions and words are not in it: what is decided stands in the sentences of the document.
    """

    code: str
    title: Text
    review: str


class PlaceMap(Struct, frozen=True, kw_only=True, omit_defaults=True, tag="place_map"):
    """Where the request is: its point or its drawn shape among streets, parks and water of the town's own files.

    It shows `around` metres on each side. `layer` names one of the town's layers, such as "lots", of which the area
    around the place is outlined; a town without that layer has none. Nothing is asked of any other system.
    """

    code: str
    title: Text
    around: int = 150
    layer: str = ""


class Picture(Struct, frozen=True, kw_only=True, omit_defaults=True, tag="picture"):
    """The first photos, at most `most`, that answer the question `of` of the form; nothing but their pixels.

    `alt` says what a photo shows, for those who do not see it; `title` stands below it.
    """

    code: str
    title: Text
    of: str
    alt: Text
    most: int = 1


Content = AnswersTable | FeeTable | OpinionTable | PlaceMap | Picture


def columns_of(table: AnswersTable, group: Group) -> tuple[AnyField, ...]:
    """The questions that are the columns of a table, in its order."""
    asked = {field.code: field for field in group.fields}
    plain = [field.code for field in group.fields if not isinstance(field, File | Photo)]
    return tuple(asked[code] for code in table.columns or plain[:MOST_COLUMNS] if code in asked)


def opinions_shown(table: OpinionTable, request_type: "RequestType") -> tuple[Task, ...]:
    """The tasks whose opinions a table may show: those that the requester may read."""
    review = request_type.part(Review, table.review)
    return tuple(task for task in review.tasks if "requester" in task.readers) if review else ()


def content_mistakes(contents: Sequence[Content], where: str) -> Iterator[DeclarationMistake]:
    """Mistakes in the contents of a document that show without its request type."""
    codes = [each.code for each in contents]
    for code in sorted({code for code in codes if codes.count(code) > 1}):
        yield DeclarationMistake(where=where, what=f"{code!r} is used twice", now_what="give each its own code")
    for each in contents:
        here = f"{where} · {each.code}"
        yield from code_mistakes(each.code, here)
        yield from text_mistakes(each.title, f"{here} · title")
        match each:
            case Picture():
                yield from text_mistakes(each.alt, f"{here} · alt")
                if not 1 <= each.most <= MOST_PICTURES:
                    what, now_what = f"it would be {each.most} pictures", f"show 1 to {MOST_PICTURES}"
                    yield DeclarationMistake(where=here, what=what, now_what=now_what)
            case PlaceMap() if each.around not in AROUND:
                what, now_what = f"no map shows {each.around} m around", f"show {AROUND[0]} to {AROUND[-1]}"
                yield DeclarationMistake(where=here, what=what, now_what=now_what)
            case AnswersTable() if len(each.columns) > MOST_COLUMNS:
                what = f"{len(each.columns)} columns do not fit on a sheet"
                yield DeclarationMistake(where=here, what=what, now_what=f"name at most {MOST_COLUMNS}")


def content_mistakes_in(
    contents: Sequence[Content], request_type: "RequestType", where: str
) -> Iterator[DeclarationMistake]:
    """Names in the contents that its request type does not have."""
    for each in contents:
        for what, now_what in _not_found(each, request_type):
            yield DeclarationMistake(where=f"{where} · {each.code}", what=what, now_what=now_what)


def _not_found(content: Content, request_type: "RequestType") -> Iterator[tuple[str, str]]:
    match content:
        case AnswersTable():
            yield from _no_group(content, request_type)
        case FeeTable(fee=fee):
            if not any(part.part == "fee" and part.code == fee for part in request_type.parts):
                yield f"there is no fee {fee!r}", "declare a `Fee` of that code, or correct it"
        case OpinionTable(review=review):
            if request_type.part(Review, review) is None:
                yield f"there is no review {review!r}", "declare a `Review` of that code, or correct it"
            elif not opinions_shown(content, request_type):
                yield f"the requester may read no opinion of {review!r}", 'add "requester" to `readers` of a task'
        case PlaceMap():
            if request_type.place.need == "none":
                yield "no place is asked, and there is nothing to map", "ask for a place, or leave out the map"
        case Picture(of=of):
            if not isinstance(request_type.form.field(of), Photo):
                yield f"{of!r} is no photo that the form asks for", "name a question of the kind `Photo`"


def _no_group(table: AnswersTable, request_type: "RequestType") -> Iterator[tuple[str, str]]:
    every = (*request_type.form.fields(), *request_type.workflow.fields())
    group = next((field for field in every if field.code == table.of), None)
    if not isinstance(group, Group):
        yield f"{table.of!r} is no group of questions", "name a question of the kind `Group`"
        return
    asked = [field.code for field in group.fields]
    for code in table.columns:
        if code not in asked:
            yield f"{code!r} is not asked in {table.of!r}", f"use {', '.join(asked)}"


def is_sure(field: AnyField | None) -> bool:
    """Whether a question always has an answer."""
    return field is not None and field.required and field.show_when is None


def answered_in_any_case(code: str, request_type: "RequestType", moves: Sequence[Transition]) -> bool:
    """Whether the form, or each of these steps, requires an answer."""
    asked = [move.asks.field(code) for move in moves]
    return is_sure(request_type.form.field(code)) or (bool(asked) and all(map(is_sure, asked)))


def may_be_empty(content: Content, request_type: "RequestType", moves: Sequence[Transition]) -> bool:
    """Whether it may be empty in one of the steps that issue the document."""
    match content:
        case AnswersTable(of=of):
            return not answered_in_any_case(of, request_type, moves)
        case FeeTable(fee=fee):
            return not _comes_after(f"fee.{fee}.", request_type.workflow, moves, brought=f"fee.{fee}.due")
        case OpinionTable(review=review):
            given = [task for task in opinions_shown(content, request_type) if task.when is None]
            after = _comes_after(f"review.{review}.", request_type.workflow, moves)
            return not after or all(task.silence is not None for task in given)
        case PlaceMap():
            return request_type.place.need != "required" or request_type.place.words
        case Picture(of=of):
            return not is_sure(request_type.form.field(of))


def _comes_after(facts: str, workflow: Workflow, moves: Sequence[Transition], *, brought: str = "") -> bool:
    """Whether each of these moves is made only once a fact that begins so was true, or the one `brought` about."""
    if brought in workflow.initial.brings:
        return bool(moves)
    before, edge = {workflow.initial.code}, [workflow.initial.code]
    while edge:
        here = edge.pop()
        for move in workflow.transitions:
            is_past = _waits_for(facts, move) or brought in workflow.brought_by(move)
            if here in move.sources and not is_past and move.target not in before:
                before.add(move.target)
                edge.append(move.target)
    return bool(moves) and all(_waits_for(facts, move) or before.isdisjoint(move.sources) for move in moves)


def _waits_for(facts: str, move: Transition) -> bool:
    alone = move.after if move.by == ("system",) else ()
    return any(fact.startswith(facts) for fact in move.needs) or (
        bool(alone) and all(fact.startswith(facts) for fact in alone)
    )
