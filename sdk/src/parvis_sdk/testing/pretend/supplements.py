"""Supplements at the pretend desk: points sent by a transition, answered, reminded of, abandoned with time."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import partial

from msgspec import structs

from parvis_sdk.days import last_day, local_day, midnight_after
from parvis_sdk.events import Amended
from parvis_sdk.problems import Problem, Problems
from parvis_sdk.requests import Attachment, Town
from parvis_sdk.supplement_answers import ALREADY, NO_LONGER, SupplementAnswers, read_answers
from parvis_sdk.supplement_rules import (
    NOTHING,
    NOTHING_MARKED,
    asked_by_rules,
    checked,
    is_awaited,
    is_told,
    next_step_at,
    ripe,
    steps_of,
    told_of_points,
    with_carried,
    words_of,
    wrong_points,
)
from parvis_sdk.supplements import Point, Supplement
from parvis_sdk.testing.cases import Case
from parvis_sdk.testing.pretend.situations import Effects, Facts, PretendKind, Situation, Write, add, put
from parvis_sdk.testing.pretend.states import SupplementList
from parvis_sdk.workflow import Denied, Transition


def asking(case: Case, code: str) -> Transition | None:
    """The transition that sends the list of a supplement from the current state."""
    workflow, fact = case.request_type.workflow, f"{Supplement.part}.{code}.asked"
    found = (each for each in workflow.transitions if case.state in each.sources and fact in workflow.brought_by(each))
    return next(found, None)


def prepare(here: Situation, supplement: Supplement, points: Sequence[Point], due_on: str) -> Problems | None:
    """Prepares the list that the next transition sends, replacing an earlier one; returns its mistakes."""
    if not points:
        return Problems(found=(Problem(path="points", code="required", message=NOTHING),))
    fields = here.request_type.form.fields()
    if wrong := wrong_points(supplement, fields, points, due_on, local_day(here.town, here.at)):
        return Problems(found=wrong)
    unprepare(here.case, supplement.code)
    marked = with_carried((), points)
    here.case.lists.append(SupplementList(code=supplement.code, points=marked, due_on=due_on))
    return None


def unprepare(case: Case, code: str) -> None:
    """Discards a list that was prepared but not sent."""
    case.lists = [each for each in case.lists if each.code != code or each.state != "prepared"]


def _bring(here: Situation, supplement: Supplement, word: str) -> Effects | Denied:
    if word == "checked":
        return _looked_at(here, supplement)
    case, last = here.case, _last(here.case, supplement.code)
    prepared = _place(case, supplement.code, "prepared")
    place = prepared if prepared is not None else last
    before = case.lists[last] if last is not None else None
    if place is None or (prepared is None and before is not None and before.state not in ("asked", "abandoned")):
        return Denied(code="not_possible", reason=NOTHING_MARKED)
    # Without a new list: the same points again, with as many days as before.
    chosen = case.lists[place] if prepared is not None else structs.replace(case.lists[place], due_on="")
    if not chosen.left:
        return Denied(code="not_possible", reason=NOTHING_MARKED)
    replaced = last is not None and before is not None and before.state == "asked" and last != place
    points = with_carried(chosen.points, before.left if before is not None and replaced else ())
    days = timedelta(days=supplement.days)
    until = date.fromisoformat(chosen.due_on) if chosen.due_on else local_day(here.town, here.at) + days
    left = tuple(each.point for each in points if not each.done)
    said = told_of_points(supplement, here.request_type.form.fields(), left, until)
    steps = steps_of(supplement, here.town, here.at, until)
    sent = SupplementList(
        code=supplement.code,
        points=points,
        state="asked",
        due_on=until.isoformat(),
        asked_at=here.at,
        due_at=midnight_after(here.town, until),
        next_at=steps[0].at if steps else None,
    )
    writes = [put(case.lists, place, sent)]
    if replaced and last is not None and before is not None:
        writes.append(put(case.lists, last, structs.replace(before, state="replaced", next_at=None)))
    return Effects(writes=tuple(writes), facts={supplement.fact(word): said})


def _looked_at(here: Situation, supplement: Supplement) -> Effects:
    """What the rules ask for is put on the list that is prepared."""
    case = here.case
    asked = [each.point for listed in case.lists if listed.code == supplement.code for each in listed.points]
    points = asked_by_rules(here.request_type, supplement, here.answers, asked)
    if not points:
        return Effects()
    place, fact = _place(case, supplement.code, "prepared"), supplement.fact("lacking")
    before = case.lists[place] if place is not None else SupplementList(code=supplement.code, points=())
    became = structs.replace(before, points=checked(points, before.points))
    write = put(case.lists, place, became) if place is not None else add(case.lists, became)
    return Effects(writes=(write,), facts={fact: {}}, untold=frozenset({fact}))


def answer(
    here: Situation, supplement: Supplement, given: SupplementAnswers, files: Mapping[str, Attachment]
) -> Effects | Denied | Problems:
    """Answers the latest list as the requester, completely or, if allowed, in part."""
    case, place = here.case, _last(here.case, supplement.code)
    listed = case.lists[place] if place is not None else None
    if place is None or listed is None or listed.state != "asked" or not _awaited(case, supplement.code):
        done = listed is not None and listed.state == "answered"
        return Denied(code="not_from_here", reason=ALREADY if done else NO_LONGER)
    before, today = case.submission.answers, local_day(here.town, here.at)
    known = {**case.files, **files}
    read = read_answers(here.request_type, supplement, listed.left, before, given, files=known, today=today)
    if isinstance(read, Problems):
        return read
    points = tuple(structs.replace(each, done=each.done or each.point.field in read.done) for each in listed.points)
    whole = all(each.done for each in points)
    state = {"state": "answered", "next_at": None} if whole else {}
    fact = supplement.fact("answered" if whole else "partly")
    return Effects(
        writes=(
            put(case.lists, place, structs.replace(listed, points=points, **state)),
            partial(_correct, case, read.form_answers.answers, files),
        ),
        facts={fact: {}},
        untold=frozenset() if is_told(here.request_type, case.state, fact) else frozenset({fact}),
        events=((Amended, {"changed": ("answers",)}),),
    )


def _correct(case: Case, answers: dict[str, object], files: Mapping[str, Attachment]) -> None:
    before = case.submission.answers
    changed = {code for code in answers.keys() | before.keys() if answers.get(code) != before.get(code)}
    case.submission = structs.replace(case.submission, answers=answers)
    case.answered = case.answered.without(changed)  # an answer that was corrected since is the corrected one
    case.files.update(files)


def _awaited(case: Case, code: str) -> bool:
    return is_awaited(case.request_type, code, case.state)


def _place(case: Case, code: str, *states: str) -> int | None:
    return max((n for n, each in enumerate(case.lists) if each.code == code and each.state in states), default=None)


def _last(case: Case, code: str) -> int | None:
    return _place(case, code, "asked", "answered", "abandoned", "replaced")


def _standing(case: Case, now: datetime) -> Iterator[str]:
    for supplement in case.request_type.of(Supplement):
        place = _last(case, supplement.code)
        if place is not None:
            listed = case.lists[place]
            awaited = _awaited(case, supplement.code)
            yield from (supplement.fact(word) for word in words_of(listed.state, listed.points, awaited))


def _moment(case: Case, town: Town) -> datetime | None:
    return min((each.next_at for each in case.lists if each.next_at is not None), default=None)


def _wake(here: Situation) -> Effects:
    facts, untold, writes = Facts(), set[str](), list[Write]()
    for place, listed in enumerate(here.case.lists):
        if listed.next_at is None or listed.next_at > here.at:
            continue
        became, word = _after(here, listed)
        writes.append(put(here.case.lists, place, became))
        supplement = _declared(here, listed)
        if word:
            fact, until = supplement.fact(word), became.next_at if word == "warned" else listed.due_at
            last = last_day(here.town, until or here.at)
            facts[fact] = told_of_points(supplement, here.request_type.form.fields(), listed.left, last)
            untold |= set() if is_told(here.request_type, here.case.state, fact) else {fact}
    return Effects(writes=tuple(writes), facts=facts, untold=frozenset(untold))


def _after(here: Situation, listed: SupplementList) -> tuple[SupplementList, str]:
    """A list to which a step of time has come, and the word of what that brings about."""
    asleep = structs.replace(listed, next_at=None)
    if listed.state != "asked" or not _awaited(here.case, listed.code):
        return asleep, ""
    supplement = _declared(here, listed)
    assert listed.asked_at is not None
    assert listed.due_at is not None
    steps = steps_of(supplement, here.town, listed.asked_at, last_day(here.town, listed.due_at))
    made = ripe(steps, listed.steps_made, here.at)
    if made is None:
        return asleep, ""
    following = next_step_at(steps, made, here.at, supplement)
    became, word = structs.replace(listed, steps_made=made + 1, next_at=following), steps[made].word
    if word == "reminded" and here.at >= listed.due_at:
        return became, ""  # nobody is reminded of a day that is past
    return (structs.replace(became, state="abandoned") if word == "abandoned" else became), word


def _declared(here: Situation, listed: SupplementList) -> Supplement:
    supplement = here.request_type.part(Supplement, listed.code)
    assert supplement is not None
    return supplement


SUPPLEMENTS = PretendKind(noun=Supplement, bring=_bring, standing=_standing, moment=_moment, wake=_wake, has_page=True)
