"""OData 4.0 for Excel and Power BI: requests and monthly figures of the units of a token."""

import re
from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import Any
from urllib.parse import quote, urlencode

import msgspec
from litestar import Response, get
from litestar.params import FromPath
from msgspec import Struct

from parvis.api.calls import faulty
from parvis.db.tables import ServiceRequest
from parvis.i18n import language
from parvis.requests.lists.cursors import BadCursor
from parvis.requests.lists.module_figures import ListCondition
from parvis.requests.lists.search import Filters, Row, Sort, queue, where_for
from parvis.requests.references import normalise
from parvis_feeds.asking import CHALLENGE, NO_TOKEN, AnyRequest, Asked, asked, nothing, refused, require, whole
from parvis_feeds.odata_filter import UnreadableFilter, list_condition
from parvis_feeds.odata_model import FIGURES, REQUESTS, EntitySet, metadata, request_row
from parvis_sdk.text import Text

ROOT = "/odata/v4"
NAMES = ("$select", "$filter", "$orderby", "$top", "$skip", "$count", "$skiptoken", "$format")
AT_ONCE, MOST_ROWS, MOST_SKIPPED = 200, 1000, 100_000
KEYED = re.compile(r"([A-Za-z]{1,40})(?:\('([^']{1,40})'\))?")
ORDER = re.compile(r"([A-Za-z]+)(?: (asc|desc))?")
JSON = "application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false"
HEADERS = {"odata-version": "4.0", "cache-control": "private, no-store", "vary": "Accept-Language, Authorization"}
NO_SET = Text(
    fr="Il n’y a pas de telles données ici, ou le jeton n’en a pas la portée.",
    en="There is no such data here, or the token does not have its scope.",
)
BAD_FILTER = Text(
    fr="«\u00a0$filter\u00a0» compare des colonnes avec des valeurs, comme «\u00a0Phase eq 'closed' and SubmittedAt ge "
    "2026-01-01T00:00:00Z\u00a0». Les métadonnées disent lesquelles.",
    en="“$filter” compares columns with values, like “Phase eq 'closed' and SubmittedAt ge 2026-01-01T00:00:00Z”. The "
    "metadata say which.",
)


class RowQuery(Struct, frozen=True, kw_only=True):
    """Which rows of a set: `top` is None where all are wanted."""

    select: tuple[str, ...]
    filters: Filters
    sort: Sort
    top: int | None
    skip: int
    count: bool
    cursor: str


def sets_for(call: Asked) -> tuple[EntitySet, ...]:
    """Those that the token may read here."""
    there = (REQUESTS, FIGURES) if call.host.modules.of(call.town).has("dashboards") else (REQUESTS,)
    return tuple(each for each in there if call.allows(each.scope))


@get(ROOT, name="odata")
async def service_document(request: AnyRequest) -> Response[bytes]:
    call = await called(request)
    named = [{"name": each.name, "kind": "EntitySet", "url": each.name} for each in sets_for(call)]
    return told(call, {"@odata.context": context(call), "value": named})


@get(f"{ROOT}/$metadata", name="odata-metadata")
async def describe(request: AnyRequest) -> Response[bytes]:
    call = await called(request)
    return Response(metadata(sets_for(call)), media_type="application/xml", headers=HEADERS)


@get(f"{ROOT}/{{resource:str}}", name="odata-rows")
async def read_rows(request: AnyRequest, resource: FromPath[str]) -> Response[bytes]:
    """The rows of a set, or one request by its number."""
    call = await called(request)
    entity_set, key = resource_in(call, resource)
    if key is not None:
        return told(call, {"@odata.context": context(call, f"{entity_set.name}/$entity"), **await one(call, key)})
    query = row_query(call.given, entity_set)
    if entity_set is FIGURES:
        rows = (await figures_of(call))[query.skip :][: query.top]
        return answer(call, entity_set, query, rows, len(rows), "")
    found, cursor = await requests_of(call, query)
    total = await counted(call, query.filters) if query.count else 0
    rows = [request_row(row, call.town, call.language) for row in found]
    return answer(call, entity_set, query, rows, total, cursor)


@get(f"{ROOT}/{{resource:str}}/$count", name="odata-count")
async def count_rows(request: AnyRequest, resource: FromPath[str]) -> Response[bytes]:
    call = await called(request)
    entity_set, key = resource_in(call, resource)
    if key is not None:
        raise nothing(NO_SET)
    query = row_query(call.given, entity_set)
    number = len(await figures_of(call)) if entity_set is FIGURES else await counted(call, query.filters)
    return Response(str(number).encode(), media_type="text/plain", headers=HEADERS)


async def called(request: AnyRequest) -> Asked:
    call = await asked(request, NAMES)
    if call.token is None:
        raise refused(401, NO_TOKEN, CHALLENGE)
    if call.given.get("$format", "json") not in ("json", "application/json"):
        raise faulty("$format", "not_offered", "one_of", status=400, offered="json")
    return call


def resource_in(call: Asked, resource: str) -> tuple[EntitySet, str | None]:
    """The set of an address, and the key of one of its rows."""
    match = KEYED.fullmatch(resource)
    found = next((each for each in (REQUESTS, FIGURES) if match and each.name == match[1]), None)
    if match is None or found is None or (match[2] and found is not REQUESTS):
        raise nothing(NO_SET)
    require(call, found.scope)
    if found not in sets_for(call):
        raise nothing(NO_SET)
    return found, match[2]


def row_query(given: Mapping[str, str], entity_set: EntitySet) -> RowQuery:
    """What is asked of a set; what cannot be answered is refused with 400."""
    select = tuple(each.strip() for each in given.get("$select", "").split(",") if each.strip() not in ("", "*"))
    for name in select:
        if entity_set.property(name) is None:
            offered = ", ".join(each.name for each in entity_set.properties)
            raise faulty("$select", "not_offered", "one_of", status=400, offered=offered)
    if given.get("$count", "false") not in ("true", "false"):
        raise faulty("$count", "not_offered", "one_of", status=400, offered="true, false")
    skip = whole(given.get("$skip", ""), "$skip", 0, 10**9, least=0)
    if skip > MOST_SKIPPED:
        raise faulty("$skip", "out_of_range", "out_of_range", status=400, least=0, most=MOST_SKIPPED)
    conditions = (condition_of(given["$filter"], entity_set),) if "$filter" in given else ()
    return RowQuery(
        select=select,
        filters=Filters(conditions=conditions),
        sort=sort_of(given.get("$orderby", ""), entity_set),
        top=whole(given["$top"], "$top", 0, 10**9, least=0) if "$top" in given else None,
        skip=skip,
        count=given.get("$count") == "true",
        cursor=given.get("$skiptoken", "")[:300],
    )


def condition_of(given: str, entity_set: EntitySet) -> ListCondition:
    try:
        return list_condition(given, entity_set)
    except UnreadableFilter as error:
        raise faulty("$filter", "unreadable", BAD_FILTER.to(language()), status=400) from error


def sort_of(given: str, entity_set: EntitySet) -> Sort:
    if not given:
        return "oldest"
    match = ORDER.fullmatch(given.strip())
    if match is None or match[1] != entity_set.sortable:
        raise faulty("$orderby", "not_offered", "one_of", status=400, offered=entity_set.sortable or "—")
    return "newest" if match[2] == "desc" else "oldest"


async def requests_of(call: Asked, query: RowQuery) -> tuple[list[Row], str]:
    """A page of rows, and where the next one begins; rows that are skipped are read and left out."""
    rows, cursor, skipped = list[Row](), query.cursor, 0
    wanted = MOST_ROWS if query.top is None else min(query.top, MOST_ROWS)
    while len(rows) < wanted:
        left = query.skip - skipped
        most = min(AT_ONCE, left or wanted - len(rows))
        try:
            page = await queue(
                call.host,
                call.viewer,
                call.town.code,
                query.filters,
                sort=query.sort,
                limit=most,
                cursor=cursor,
                count=False,
            )
        except BadCursor as error:
            raise faulty("$skiptoken", "unreadable", "not_given", status=400) from error
        if left:
            skipped += most
        else:
            rows += page.rows
        if not (cursor := page.next_cursor):
            break
    return rows, cursor


async def one(call: Asked, key: str) -> dict[str, Any]:
    these = ListCondition("reference = {}", (normalise(key) or "",), leads=True)
    found = await queue(call.host, call.viewer, call.town.code, Filters(conditions=(these,)), limit=1, count=False)
    if not found.rows:
        raise nothing(NO_SET)
    call.note("OData Requests", 1)
    return request_row(found.rows[0], call.town, call.language)


async def counted(call: Asked, filters: Filters) -> int:
    sql, values = where_for(call.host, call.viewer, call.town.code, filters)
    [row] = await ServiceRequest.raw(f"SELECT count(*) AS number FROM service_request WHERE {sql}", *values)  # noqa: S608 - ours
    return int(row["number"])


async def figures_of(call: Asked) -> list[dict[str, Any]]:
    """Loaded where the module that counts them is there."""
    rows: list[dict[str, Any]] = await import_module("parvis_feeds.monthly_figures").monthly_rows(call)
    return rows


def answer(
    call: Asked, entity_set: EntitySet, query: RowQuery, rows: Sequence[Mapping[str, Any]], total: int, cursor: str
) -> Response[bytes]:
    """Rows with the columns that are wanted, and the address of those that follow."""
    call.note(f"OData {entity_set.name}", len(rows))
    names = query.select or tuple(each.name for each in entity_set.properties)
    columns = f"({','.join(query.select)})" if query.select else ""
    body: dict[str, Any] = {"@odata.context": context(call, f"{entity_set.name}{columns}")}
    if query.count:
        body["@odata.count"] = total
    body["value"] = [{name: row[name] for name in names} for row in rows]
    left = None if query.top is None else query.top - len(rows)
    if cursor and left != 0:
        following = {name: value for name, value in call.given.items() if name not in ("$skip", "$top", "$skiptoken")}
        following |= {"$skiptoken": cursor} | ({} if left is None else {"$top": str(left)})
        body["@odata.nextLink"] = (
            f"{call.root}{ROOT}/{entity_set.name}?{urlencode(following, safe='$', quote_via=quote)}"
        )
    return told(call, body)


def context(call: Asked, of: str = "") -> str:
    return f"{call.root}{ROOT}/$metadata{f'#{of}' if of else ''}"


def told(call: Asked, body: Mapping[str, Any]) -> Response[bytes]:
    return Response(msgspec.json.encode(body), media_type=JSON, headers=HEADERS)
