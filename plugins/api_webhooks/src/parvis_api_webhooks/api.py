"""Webhooks by the API: made, listed, changed, paused, tested, deleted; deliveries, another secret, and replay."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Annotated, Any
from uuid import UUID

import structlog
from litestar.exceptions import HTTPException
from litestar.params import FromPath, FromQuery
from msgspec import UNSET, Meta, Struct, UnsetType, field, structs

from parvis.api.calls import AnyRequest, Call, Given, body_of, faulty, require, shaped
from parvis.api.operations import WHOLE, operation
from parvis.api.shapes import ListAnswer, Moment, told_as
from parvis.i18n import gettext
from parvis_api_webhooks.collecting import begin_replay, first_id
from parvis_api_webhooks.deliveries import STATES, counts_of, deliveries_of
from parvis_api_webhooks.endpoints import (
    EVENTS,
    MOST,
    Endpoint,
    EventName,
    change_endpoint,
    change_secret,
    delete_endpoint,
    endpoints_of,
    find_endpoint,
    make_endpoint,
    reaches_all,
    resume,
)
from parvis_api_webhooks.requested import LONGEST_TITLE, LONGEST_URL, Mistake, mistakes_in
from parvis_api_webhooks.sending import tell_ping

SCOPE, TAG = "webhooks:manage", "webhooks"
OVERLAP_HOURS = 24
Codes = Annotated[list[str], Meta(max_length=200)]
Events = Annotated[list[EventName], Meta(min_length=1, max_length=len(EVENTS), examples=[["submitted", "moved"]])]
Url = Annotated[str, Meta(max_length=LONGEST_URL, examples=["https://observatory.example/parvis"])]
Title = Annotated[str, Meta(min_length=1, max_length=LONGEST_TITLE, examples=["Observatoire de la voirie"])]
log = structlog.get_logger("parvis.api_webhooks")


class NewWebhook(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Whom to tell, and of what: without `units` and `types`, of all requests that the token reaches."""

    title: Title
    url: Url
    events: Events = field(default_factory=lambda: list(EVENTS))
    units: Codes = []
    types: Codes = []


class WebhookChange(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What to change; members left out stay as they are. While it is `paused` everything waits.

    `version` is the one the caller has seen.
    """

    version: int
    title: Title | UnsetType = UNSET
    url: Url | UnsetType = UNSET
    events: Events | UnsetType = UNSET
    units: Codes | UnsetType = UNSET
    types: Codes | UnsetType = UNSET
    paused: bool | UnsetType = UNSET


class ReplayShape(Struct, frozen=True, kw_only=True):
    """How far a replay has come: how many deliveries it has made so far, and whether it is over."""

    deliveries: int
    over: bool


class WebhookShape(Struct, frozen=True, kw_only=True):
    """A webhook as it stands. `paused_because` says whether a pause was `asked` for, or it was `failing` for five days,
    `gone` (410), or its `token` is no longer in force. `counts` are its deliveries by state."""

    id: str
    title: str
    url: str
    events: list[str]
    units: list[str]
    types: list[str]
    paused: bool
    paused_because: str
    failures: int
    made_at: Moment
    version: int
    counts: dict[str, int]
    replay: ReplayShape


class MadeWebhook(WebhookShape, frozen=True, kw_only=True):
    """The same with its secret, told this once."""

    secret: str


class WebhookList(ListAnswer, frozen=True, kw_only=True):
    """The webhooks of the town that lie within the limits of the token, the latest first."""

    items: list[WebhookShape]


class PingAnswer(Struct, frozen=True, kw_only=True):
    """Whether a signed trial was accepted, and what was answered."""

    accepted: bool
    answer: str


class SecretWanted(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """For how many hours the previous secret signs beside the new one."""

    overlap_hours: Annotated[int, Meta(ge=0, le=720)] = OVERLAP_HOURS


class MadeSecret(Struct, frozen=True, kw_only=True):
    """The new secret, told this once; both sign until the overlap is over."""

    secret: str
    former_until: Moment


class ReplayWanted(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """From where everything is told again: a moment, or after the delivery with that `id`."""

    since: Moment | UnsetType = UNSET
    after: str | UnsetType = UNSET


class WebhookDeliveryShape(Struct, frozen=True, kw_only=True):
    """What is told in one call; `id` is its `webhook-id`, the same at every try. `trouble` says why the last failed."""

    id: str
    reference: str
    event: str
    state: str
    attempts: int
    made_at: Moment
    due_at: Moment
    done_at: Moment | None
    trouble: str


class WebhookDeliveryList(ListAnswer, frozen=True, kw_only=True):
    """Deliveries in the order in which things happened, the latest first."""

    items: list[WebhookDeliveryShape]


class Deleted(Struct, frozen=True, kw_only=True):
    """That it is gone."""

    deleted: bool


@operation(
    "POST /webhooks",
    "Create a webhook for what happens from now on; its secret is shown only this once",
    status=201,
    body=NewWebhook,
    scope=SCOPE,
    problems=(409,),
    tag=TAG,
)
async def make_webhook(call: Given[Call], request: AnyRequest) -> MadeWebhook:
    """A token is told of what it may read, so it needs `requests:read` as well; without it, the answer is 403."""
    body = await body_of(request)
    token, wanted = require(call, "requests:read"), shaped(body, NewWebhook)
    given = {name: getattr(wanted, name) for name in NewWebhook.__struct_fields__}
    for name in ("units", "types"):
        given[name] = given[name] or list(getattr(token, name))
    _refuse(mistakes_in(call.host, call.town, token, given))
    if len(await endpoints_of(call.town.code)) >= MOST:
        detail = gettext("This town has {most} webhooks already: delete one first.").format(most=MOST)
        raise HTTPException(status_code=409, detail=detail)
    made = await make_endpoint(call.host, jurisdiction=call.town.code, owner=token.handle, **given)
    _note(call, "make webhook", made)
    shape = await _shape(made)
    return MadeWebhook(**structs.asdict(shape), secret=made.secrets(call.host)[0])


@operation("GET /webhooks", "The webhooks of the town, within the limits of the token", scope=SCOPE, tag=TAG)
async def list_webhooks(call: Given[Call]) -> WebhookList:
    token = require(call, SCOPE)
    there = [each for each in await endpoints_of(call.town.code) if reaches_all(token, each, call.town)]
    return WebhookList(items=[await _shape(each) for each in there])


@operation("GET /webhooks/{id}", "One webhook, with its deliveries by state", scope=SCOPE, tag=TAG)
async def show_webhook(call: Given[Call], id: FromPath[str]) -> WebhookShape:
    return await _shape(await _found(call, id))


@operation(
    "PATCH /webhooks/{id}",
    "Change a webhook, pause it or resume it",
    body=WebhookChange,
    scope=SCOPE,
    problems=(409,),
    tag=TAG,
)
async def change_webhook(call: Given[Call], request: AnyRequest, id: FromPath[str]) -> WebhookShape:
    """Change what a webhook is told of; it belongs to the caller's token from then on."""
    body = await body_of(request)
    endpoint, wanted = await _found(call, id), shaped(body, WebhookChange)
    token = require(call, "requests:read")
    names = ("title", "url", "events", "units", "types")
    given = {name: getattr(wanted, name) for name in names if getattr(wanted, name) is not UNSET}
    _refuse(mistakes_in(call.host, call.town, token, given))
    changed = dict(given)
    if changed or wanted.paused is False:
        changed["owner"] = token.handle
    if wanted.paused is True:
        changed |= {"state": "paused", "why": "asked"}
    became = await change_endpoint(call.host.engine, endpoint.id, wanted.version, changed)
    if became is None:
        raise _nothing()
    if isinstance(became, int):
        raise _overtaken(became)
    if wanted.paused is False:
        await resume(call.host.engine, endpoint.id)
    _note(call, "change webhook", endpoint)
    return await _shape(await _found(call, id))


@operation("POST /webhooks/{id}/deletion", "Delete a webhook with its deliveries", scope=SCOPE, tag=TAG)
async def delete_webhook(call: Given[Call], id: FromPath[str]) -> Deleted:
    endpoint = await _found(call, id)
    await delete_endpoint(call.host.engine, endpoint.id)
    _note(call, "delete webhook", endpoint)
    return Deleted(deleted=True)


@operation("POST /webhooks/{id}/test", "Send a signed ping at once, and return the answer", scope=SCOPE, tag=TAG)
async def test_webhook(call: Given[Call], id: FromPath[str]) -> PingAnswer:
    accepted, answer = await tell_ping(call.host, await _found(call, id))
    return PingAnswer(accepted=accepted, answer=answer)


@operation(
    "POST /webhooks/{id}/secret",
    "Create a new secret, while the previous one still signs for some hours",
    body=SecretWanted,
    scope=SCOPE,
    tag=TAG,
)
async def renew_webhook_secret(call: Given[Call], request: AnyRequest, id: FromPath[str]) -> MadeSecret:
    wanted = shaped(await body_of(request), SecretWanted)
    endpoint = await _found(call, id)
    changed = await change_secret(call.host, endpoint.id, timedelta(hours=wanted.overlap_hours))
    if changed is None:
        raise _nothing()
    _note(call, "renew webhook secret", changed)
    return MadeSecret(secret=changed.secrets(call.host)[0], former_until=changed.former_until or changed.made_at)


@operation(
    "POST /webhooks/{id}/replay",
    "Send everything again from a moment, or after a delivery, even what was sent before",
    status=202,
    body=ReplayWanted,
    scope=SCOPE,
    tag=TAG,
)
async def replay_webhook(call: Given[Call], request: AnyRequest, id: FromPath[str]) -> WebhookShape:
    """Receivers know each call again by its `webhook-id`. A replay that is under way is replaced."""
    body = await body_of(request)
    endpoint, wanted = await _found(call, id), shaped(body, ReplayWanted)
    if (wanted.since is UNSET) == (wanted.after is UNSET):
        raise faulty("since", "required", gettext("Give either `since` or `after`."))
    after = first_id(wanted.since) if not isinstance(wanted.since, UnsetType) else _id(str(wanted.after), "after")
    await begin_replay(call.host.engine, endpoint.id, after)
    _note(call, "replay webhook", endpoint)
    return await _shape(await _found(call, id))


@operation(
    "GET /webhooks/{id}/deliveries",
    "Deliveries that were sent, are waiting or were given up, newest first",
    query={
        "state": {"type": "string", "enum": list(STATES)},
        "cursor": {"type": "string", "maxLength": 36},
        "limit": WHOLE,
    },
    scope=SCOPE,
    tag=TAG,
)
async def list_webhook_deliveries(
    call: Given[Call],
    request: AnyRequest,
    id: FromPath[str],
    cursor: FromQuery[str] = "",
    limit: FromQuery[int] = 50,
) -> WebhookDeliveryList:
    endpoint = await _found(call, id)
    before = _id(cursor, "cursor") if cursor else None
    state = request.query_params.get("state", "")
    rows = await deliveries_of(endpoint.id, state=state, before=before, most=limit + 1)
    items = [told_as(WebhookDeliveryShape, each, id=str(each.entry)) for each in rows[:limit]]
    return WebhookDeliveryList(items=items, next_cursor=items[-1].id if len(rows) > limit else "")


async def _found(call: Call, id: str) -> Endpoint:
    """The endpoint, if all that it is told of lies within the limits of the token; else it is not there."""
    token = require(call, SCOPE)
    try:
        endpoint = await find_endpoint(UUID(id))
    except ValueError:
        endpoint = None
    if endpoint is None or not reaches_all(token, endpoint, call.town):
        raise _nothing()
    return endpoint


async def _shape(endpoint: Endpoint) -> WebhookShape:
    lists: dict[str, Any] = {name: list(getattr(endpoint, name)) for name in ("events", "units", "types")}
    return told_as(
        WebhookShape,
        endpoint,
        id=str(endpoint.id),
        paused=endpoint.state == "paused",
        paused_because=endpoint.why if endpoint.state == "paused" else "",
        counts=await counts_of(endpoint.id),
        replay=ReplayShape(deliveries=endpoint.replayed, over=endpoint.replay_until is None),
        **lists,
    )


def _refuse(mistakes: Sequence[Mistake]) -> None:
    if mistakes:
        extra: list[Any] = [{"path": each.path, "code": each.code, "message": each.words} for each in mistakes]
        detail = gettext("What was sent cannot be accepted as it is.")
        raise HTTPException(status_code=422, detail=detail, extra=extra)


def _id(given: str, path: str) -> UUID:
    try:
        return UUID(given)
    except ValueError:
        raise faulty(path, "unreadable", "not_given") from None


def _overtaken(version: int) -> HTTPException:
    detail = gettext("The webhook has changed; it is now at version {version}.").format(version=version)
    extra: list[Any] = [{"path": "version", "code": "conflict", "message": detail}]
    return HTTPException(status_code=409, detail=detail, extra=extra)


def _nothing() -> HTTPException:
    return HTTPException(status_code=404, detail=gettext("There is no such webhook, or you may not see it."))


def _note(call: Call, did: str, endpoint: Endpoint) -> None:
    """What a program does to a webhook is told to the log, by codes and ids only."""
    log.info("webhook", did=did, by=call.token.handle if call.token else "", webhook=str(endpoint.id))
