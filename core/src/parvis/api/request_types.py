"""The kinds of request that a town offers, and what each asks."""

from typing import Any

from litestar import get
from litestar.exceptions import HTTPException
from litestar.params import FromPath

from parvis.api.calls import AnyRequest, Call, call_of, limited
from parvis.api.shapes import RequestTypeDetail, RequestTypeSummary, ServiceLevelShape, languages
from parvis.requests.heart import type_of, types_of
from parvis.requests.links import service_url
from parvis_sdk.request_types import RequestType
from parvis_sdk.schemas import place_schema


@get("/request-types")
async def list_types(request: AnyRequest) -> list[RequestTypeSummary]:
    call = await call_of(request)
    limited(call, "read")
    return [RequestTypeSummary(**_summary(call, kind)) for kind in types_of(call.heart, call.town)]


@get("/request-types/{code:str}")
async def show_type(request: AnyRequest, code: FromPath[str]) -> RequestTypeDetail:
    call = await call_of(request)
    limited(call, "read")
    kind = type_of(call.heart, call.town, code)
    if kind is None:
        raise HTTPException(status_code=404, detail=f"This town offers no request type `{code[:60]}`.")
    return RequestTypeDetail(
        **_summary(call, kind),
        schema=kind.form.json_schema(call.language),
        place_schema=place_schema(kind.place.shapes) if kind.place.need != "none" else None,
        service_levels=[
            ServiceLevelShape(
                code=level.code,
                title=languages(level.title),
                business_days=level.business_days,
                business_hours=level.business_hours,
                hours=level.hours,
                until=level.until,
            )
            for level in kind.service_levels
        ],
        states=[
            {"code": state.code, "title": languages(state.title), "phase": state.phase}
            for state in kind.workflow.states
        ],
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
