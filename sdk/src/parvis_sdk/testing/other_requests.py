"""Finds other requests within a scope, at the pretend desk and in the contract, by the rules of the host."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from msgspec import structs

from parvis_sdk.events import Event
from parvis_sdk.finding import MOST, MOST_CALLS, FoundRequest, Near, Query, Scope, checked, matches, told_answers
from parvis_sdk.forms import raw_of
from parvis_sdk.problems import Problems
from parvis_sdk.proposals import correction_mistakes, others_changed
from parvis_sdk.request_types import RequestType
from parvis_sdk.subscriptions import Outcome, Subscription
from parvis_sdk.testing.cases import Case
from parvis_sdk.testing.happenings import case_of
from parvis_sdk.text import Text


class CaseFinder:
    """A finder over cases; `besides` is the reference of the current request, which is excluded."""

    def __init__(
        self,
        cases: Iterable[Case],
        scopes: tuple[Scope, ...],
        *,
        besides: str = "",
        granted: bool = True,
        most: int = MOST_CALLS,
    ) -> None:
        self.cases, self.scopes, self.besides = tuple(cases), scopes, besides
        self.granted, self.most, self.calls = granted, most, 0

    async def find(
        self,
        *,
        type: str = "",
        near: Near | None = None,
        since: datetime | None = None,
        answers: Mapping[str, Any] | None = None,
    ) -> tuple[FoundRequest, ...]:
        """The newest matching requests, at most as many as the host returns."""
        self.calls += 1
        query = Query(type=type, near=near, since=since, answers=answers or {})
        searched = checked(self.scopes, query, self.calls, self.most)
        if not self.granted:
            return ()
        newest = sorted(reversed(self.cases), key=lambda each: each.submitted_at, reverse=True)
        found = (
            each
            for case in newest
            if case.reference != self.besides and case.request_type.code in searched
            for each in _found(searched[case.request_type.code], case, query)
        )
        return tuple(each for each, _ in zip(found, range(MOST), strict=False))


def _found(scope: Scope, case: Case, query: Query) -> Iterable[FoundRequest]:
    named = case.submission.requester.mode == "named"
    told = told_answers(scope, case.request_type, case.submission.answers, named=named)
    if matches(query, case.submission.place, case.submitted_at, told):
        yield FoundRequest(
            reference=case.reference,
            type=case.request_type.code,
            state=case.state,
            phase=case.request_type.workflow.state(case.state).phase,
            submitted_at=case.submitted_at,
            place=case.submission.place if scope.place else None,
            answers=told,
        )


def sample_cases(scopes: Iterable[Scope], types: Iterable[RequestType]) -> tuple[Case, ...]:
    """A few requests with random answers for each known type in a scope."""
    known = {each.code: each for each in types}
    codes = [code for scope in scopes for code in scope.types if code in known]
    made = []
    for code in dict.fromkeys(codes):
        for seed in (3, 7):
            case = case_of(known[code], seed)
            case.reference = f"{code}-{seed}"
            made.append(case)
    return tuple(made)


def corrected(
    case: Case, outcome: Outcome, subscription: Subscription, event: Event
) -> Problems | tuple[Text, ...] | bool:
    """Corrects a case as the host does; returns whether it changed, or the mistakes, without a change."""
    correction = outcome.correct
    if correction is None:
        return False
    corrects, needs = subscription.corrects, subscription.needs
    wrong = tuple(correction_mistakes(correction, corrects, case.request_type, needs=needs, event=event))
    if wrong:
        return wrong
    form, before = case.request_type.form, case.submission.answers
    raw = raw_of(form.fields(), before) | correction.answers
    read = form.read(raw, today=case.submitted_at.date(), attachments=case.files)
    if isinstance(read, Problems):
        return read
    if (lost := others_changed(before, read.answers, correction.answers)) is not None:
        return lost
    case.submission = structs.replace(case.submission, answers=read.answers)
    return read.answers != before
