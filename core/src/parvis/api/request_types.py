"""The kinds of request that a town offers, and what each asks."""

from typing import Any

from litestar.params import FromPath, FromQuery
from msgspec import UNSET, Struct, UnsetType

from parvis import clock
from parvis.api.calls import Call, Given, faulty
from parvis.api.operations import WORDS, operation
from parvis.api.shapes import Languages, ListAnswer, Moment, languages, told_as
from parvis.jurisdictions.calendars import local_day
from parvis.jurisdictions.services import SERVICES, in_the_words_of
from parvis.requests.advice import Notice, informing
from parvis.requests.contacts import contact_methods
from parvis.requests.finding import find_types
from parvis.requests.levels import levels_in_force, usual
from parvis.requests.links import service_url
from parvis.requests.offered import type_of
from parvis_sdk.form_versions import form_version
from parvis_sdk.request_types import RequestType

MOST_WORDS = 200


class AnswerGiven(Struct, frozen=True, kw_only=True):
    """A question that needs no request, with what is said to it."""

    code: str
    question: Languages
    answer: Languages
    link: str


class NoticeShape(Struct, frozen=True, kw_only=True):
    """What the town wants known now; `stop` and `divert` answer people who file in its zones (empty: everywhere).

    `every_year` names the first and the last day of the part of each year in which it holds: `["12-01", "03-31"]`.
    """

    code: str
    kind: str
    title: Languages
    text: Languages
    zones: list[str]
    until: Moment | None
    every_year: list[str]
    link: str
    phone: str
    to: str
    urgent: bool


class RequestTypeSummary(Struct, frozen=True, kw_only=True):
    """A kind of request that this town offers. Titles are by language.

    Where words were looked for, `because` are those that led here, and `sure` says that it is more than a guess.
    """

    code: str
    version: int
    title: Languages
    summary: Languages
    theme: str
    theme_title: Languages
    place: str
    identity: list[str]
    url: Languages
    because: list[str] | UnsetType = UNSET
    sure: bool | UnsetType = UNSET


class RequestTypeList(ListAnswer, frozen=True, kw_only=True):
    """The kinds of request of a town; with words those that they may mean, likeliest first."""

    items: list[RequestTypeSummary]


class ServiceLevelShape(Struct, frozen=True, kw_only=True):
    """A promise in time; exactly one response time is above zero."""

    code: str
    title: Languages
    business_days: int
    business_hours: int
    hours: int
    until: str


class ContactMethodShape(Struct, frozen=True, kw_only=True):
    """A way in which people of this town may be reached: a value of `preferred_channel`, and the part of `requester`
    that it needs, if any."""

    code: str
    title: Languages
    needs: str


class RequestTypeDetail(RequestTypeSummary, frozen=True, kw_only=True):
    """The same with everything needed to file one: `schema` is a JSON Schema of `answers`, `form_version` identifies
    the form for clients that file later.

    `contact_methods` are the values that `preferred_channel` may have, those that plugins bring among them.
    `questions` are answered without a request; `notices` are in force now.
    """

    schema: dict[str, Any]
    form_version: str
    place_schema: dict[str, Any] | None
    contact_methods: list[ContactMethodShape]
    service_levels: list[ServiceLevelShape]
    states: list[dict[str, Any]]
    questions: list[AnswerGiven]
    notices: list[NoticeShape]


@operation(
    "GET /request-types",
    "The request types that this town offers; with `q`, those that its words may mean, likeliest first",
    query={"q": WORDS},
    tag="request types",
)
async def list_request_types(call: Given[Call], q: FromQuery[str] = "") -> RequestTypeList:
    offered = call.types
    if not q.strip():
        return RequestTypeList(items=[RequestTypeSummary(**_summary(call, request_type)) for request_type in offered])
    found = [
        RequestTypeSummary(**_summary(call, hit.request_type), because=list(hit.because), sure=hit.sure)
        for hit in find_types(call.host, offered, q[:MOST_WORDS])
    ]
    return RequestTypeList(items=found)


@operation("GET /request-types/{code}", "One request type, with the JSON Schema of its answers", tag="request types")
async def show_request_type(call: Given[Call], code: FromPath[str]) -> RequestTypeDetail:
    request_type = type_of(call.host, call.town, code)
    if request_type is None or not call.knows(request_type):
        raise faulty("code", "not_found", "no_such_type", status=404)
    levels = (await levels_in_force(call.host, call.town)).body
    today = local_day(call.town.calendar, clock.now())
    return RequestTypeDetail(
        **_summary(call, request_type),
        schema=request_type.form.json_schema(call.language),
        form_version=form_version(request_type.form.json_schema()),
        place_schema=request_type.place.json_schema() if request_type.place.need != "none" else None,
        contact_methods=[
            ContactMethodShape(code=each.name, title=languages(each.title), needs=each.needs)
            for each in contact_methods(call.host, call.town)
        ],
        service_levels=[
            ServiceLevelShape(
                code=level.code,
                title=languages(level.title),
                business_days=amount.business_days or 0,
                business_hours=amount.business_hours or 0,
                hours=amount.hours or 0,
                until=level.until,
            )
            for level in request_type.promises()
            for amount in (usual(levels, call.town, request_type.code, level.code, today) or level,)
        ],
        states=[
            {"code": state.code, "title": languages(state.title), "phase": state.phase}
            for state in request_type.workflow.states
        ],
        questions=_questions(call, request_type),
        notices=[_notice(notice) for notice in informing(call.host, call.town, request_type, None)],
    )


def _questions(call: Call, request_type: RequestType) -> list[AnswerGiven]:
    about = in_the_words_of(
        SERVICES.of(call.town).get(request_type.code), request_type.about, request_type.theme.answers
    )
    return [
        AnswerGiven(code=each.code, question=languages(each.question), answer=languages(each.answer), link=each.link)
        for each in about.answers
    ]


def _notice(notice: Notice) -> NoticeShape:
    return told_as(
        NoticeShape,
        notice,
        title=languages(notice.title),
        text=languages(notice.text),
        zones=list(notice.zones),
        every_year=[f"{month:02}-{day:02}" for month, day in notice.every_year or ()],
    )


def _summary(call: Call, request_type: RequestType) -> dict[str, Any]:
    return {
        "code": request_type.code,
        "version": request_type.version,
        "title": languages(request_type.title),
        "summary": languages(request_type.summary),
        "theme": request_type.theme.code,
        "theme_title": languages(request_type.theme.title),
        "place": request_type.place.need,
        "identity": list(request_type.identity.modes),
        "url": {
            language: service_url(call.host, call.town, request_type, language) for language in call.town.languages
        },
    }
