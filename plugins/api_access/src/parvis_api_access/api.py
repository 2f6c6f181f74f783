"""The API of a token about itself: what it may do, when it expires, and its renewal by its holder."""

from datetime import timedelta
from typing import Annotated

import structlog
from litestar.exceptions import HTTPException
from msgspec import Meta, Struct

from parvis import clock
from parvis.api.calls import AnyRequest, Call, Given, body_of, shaped, unauthorized
from parvis.api.operations import operation
from parvis.api.shapes import Moment, told_as
from parvis.i18n import gettext
from parvis.people.tokens import another_key, tokens

OVERLAP_HOURS = 24
log = structlog.get_logger("parvis.api_access")


class OwnToken(Struct, frozen=True, kw_only=True):
    """What the token of the call may do; `units` and `types` are empty where it is not limited to some.

    `ends_at` is the end of the key that was sent, null for one that lasts until it is revoked.
    """

    handle: str
    name: str
    town: str
    units: list[str]
    types: list[str]
    scopes: list[str]
    ends_at: Moment | None


class RenewalWanted(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """For how many hours the previous keys still work beside the new one."""

    overlap_hours: Annotated[int, Meta(ge=0, le=720)] = OVERLAP_HOURS


class RenewedToken(Struct, frozen=True, kw_only=True):
    """The new key, told this once: keep it like a password. It lasts as long as the latest one was made for."""

    token: str
    ends_at: Moment
    others_end_at: Moment


@operation("GET /token", "What the token of this call may do, and until when", tag="tokens")
async def show_own_token(call: Given[Call]) -> OwnToken:
    token = call.token
    if token is None:
        raise unauthorized(gettext("Use `Authorization: Bearer` with a token of this installation."))
    lists = {name: list(getattr(token, name)) for name in ("units", "types", "scopes")}
    return told_as(OwnToken, token, town=token.jurisdiction, **lists)


@operation(
    "POST /token/renewal",
    "Renew the token of this call before it expires: a new key, while the previous one still works for some hours",
    body=RenewalWanted,
    scope="token:renew",
    problems=(409,),
    tag="tokens",
)
async def renew_own_token(call: Given[Call], request: AnyRequest) -> RenewedToken:
    wanted = shaped(await body_of(request), RenewalWanted)
    whole = next(each for each in await tokens(call.host.engine) if call.token and each.handle == call.token.handle)
    if whole.is_client:
        raise HTTPException(status_code=409, detail=gettext("A client asks `/oauth/token` for another access token."))
    if call.token is None or call.token.ends_at is None or whole.ends_at is None:
        raise HTTPException(status_code=409, detail=gettext("Only a token that expires is renewed."))
    others = clock.now() + timedelta(hours=wanted.overlap_hours)
    made = await another_key(call.host.engine, whole.handle, as_before=True, others_end=others)
    if made is None or made[1].ends_at is None:
        raise unauthorized(gettext("The token is unknown, revoked or expired."), 'error="invalid_token"')
    log.info("token renewed by itself", token=whole.handle)
    return RenewedToken(token=made[0], ends_at=made[1].ends_at, others_end_at=min(others, call.token.ends_at))
