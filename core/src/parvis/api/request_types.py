"""The kinds of request that a town offers, and what each asks."""

from typing import Any

from litestar import get
from litestar.exceptions import HTTPException
from litestar.params import FromPath, FromQuery

from parvis import clock
from parvis.api.calls import AnyRequest, Call, call_of, limited
from parvis.api.said_shapes import AnswerGiven, NoticeShape
from parvis.api.shapes import (
    RequestTypeDetail,
    RequestTypeSummary,
    ServiceLevelShape,
    languages,
)
from parvis.requests.finding import find_types
from parvis.requests.heart import type_of, types_for_anyone, types_of
from parvis.requests.levels.kept import LEVELS
from parvis.requests.levels.lines import usual
from parvis.requests.links import service_url
from parvis.requests.procedures.kept import in_force
from parvis.requests.situation.advising import informing
from parvis.territory import Notice
from parvis.territory.calendars import local_day
from parvis.territory.services import in_the_words_of
from parvis_sdk.request_types import RequestType

MOST_WORDS = 200


@get("/request-types")
async def list_types(request: AnyRequest, q: FromQuery[str] = "") -> list[RequestTypeSummary]:
    """All of them; with `q`, those that the words of a person may mean, likeliest first."""
    call = await call_of(request)
    limited(call, "read")
    offered = types_of(call.heart, call.town) if call.token else types_for_anyone(call.heart, call.town)
    if not q.strip():
        return [RequestTypeSummary(**_summary(call, kind)) for kind in offered]
    hits = find_types(call.heart, offered, q[:MOST_WORDS])
    return [RequestTypeSummary(**_summary(call, hit.kind), because=list(hit.because), sure=hit.sure) for hit in hits]


@get("/request-types/{code:str}")
async def show_type(request: AnyRequest, code: FromPath[str]) -> RequestTypeDetail:
    call = await call_of(request)
    limited(call, "read")
    kind = type_of(call.heart, call.town, code)
    if kind is None or (kind.opened_by == "town" and call.token is None):
        raise HTTPException(status_code=404, detail=f"This town offers no request type `{code[:60]}`.")
    levels = (await in_force(LEVELS, call.heart, call.town)).body
    today = local_day(call.town.calendar, clock.now())
    return RequestTypeDetail(
        **_summary(call, kind),
        schema=kind.form.json_schema(call.language),
        place_schema=kind.place.json_schema() if kind.place.need != "none" else None,
        service_levels=[
            ServiceLevelShape(
                code=level.code,
                title=languages(level.title),
                business_days=amount.business_days or 0,
                business_hours=amount.business_hours or 0,
                hours=amount.hours or 0,
                until=level.until,
            )
            for level in kind.promises()
            for amount in (usual(levels, call.town, kind.code, level.code, today) or level,)
        ],
        states=[
            {"code": state.code, "title": languages(state.title), "phase": state.phase}
            for state in kind.workflow.states
        ],
        questions=_questions(call, kind),
        notices=[_notice(notice) for notice in informing(call.heart, call.town, kind, None)],
    )


def _questions(call: Call, kind: RequestType) -> list[AnswerGiven]:
    about = in_the_words_of(call.town.services.get(kind.code), kind.about, kind.theme.answers)
    return [
        AnswerGiven(code=each.code, question=languages(each.question), answer=languages(each.answer), link=each.link)
        for each in about.answers
    ]


def _notice(notice: Notice) -> NoticeShape:
    return NoticeShape(
        code=notice.code,
        kind=notice.kind,
        title=languages(notice.title),
        text=languages(notice.text),
        zones=list(notice.zones),
        until=notice.until,
        every_year=[f"{month:02}-{day:02}" for month, day in notice.every_year or ()],
        link=notice.link,
        phone=notice.phone,
        to=notice.to,
        urgent=notice.urgent,
    )


def _summary(call: Call, kind: RequestType) -> dict[str, Any]:
    return {
        "code": kind.code,
        "version": kind.version,
        "title": languages(kind.title),
        "summary": languages(kind.summary),
        "theme": kind.theme.code,
        "theme_title": languages(kind.theme.title),
        "place": kind.place.need,
        "identity": list(kind.identity.modes),
        "url": {language: service_url(call.heart, call.town, kind, language) for language in call.town.languages},
    }


HANDLERS = (list_types, show_type)
