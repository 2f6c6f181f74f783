"""One token: what it may do, when it was used and when it ends; renewing it, and the secrets of a client."""

from datetime import timedelta
from typing import Any

from litestar import Response, get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from parvis import clock, i18n
from parvis.i18n import gettext
from parvis.people.tokens import MachineToken, another_key
from parvis.web.operators.context import AtOperations, OperatorContext, go
from parvis.web.pages import AnyRequest
from parvis.web.typed import FormInput, typed
from parvis_api_access.clients import MOST, end_secret, new_secret, secrets_of
from parvis_api_access.operators.tokens import LASTS, TOKENS, USUAL, end_of, lasts, shown, token_at

ONE = f"{TOKENS}/{{handle:str}}"
OVERLAPS = (0, 24, 7 * 24, 30 * 24)  # hours
USUAL_OVERLAP = 24


@get(ONE)
async def show_token(room: AtOperations, handle: FromPath[str]) -> Response[Any]:
    return await _page(room, await _there(room, handle))


@post(f"{ONE}/renouvellement", status_code=200)
async def renew(room: AtOperations, request: AnyRequest, handle: FromPath[str]) -> Response[Any]:
    """A new key, shown once; the previous ones work for the chosen number of hours."""
    token, sent = await _there(room, handle), await typed(request)
    days, hours = sent.text("lasts"), _overlap(sent)
    town = room.host.jurisdictions.get(token.jurisdiction)
    if token.is_client or hours is None or days not in map(str, (*LASTS, 0)) or town is None:
        return go(f"{TOKENS}/{handle}?fait=refuse")
    others_end = clock.now() + timedelta(hours=hours)
    made = await another_key(room.host.engine, handle, ends_at=end_of(int(days), town.time_zone), others_end=others_end)
    if made is None:
        return go(f"{TOKENS}/{handle}?fait=refuse")
    room.note("renew token", token=handle, overlap_hours=hours)
    return await _page(room, await _there(room, handle), key=made[0])


@post(f"{ONE}/secrets", status_code=200)
async def add_secret(room: AtOperations, request: AnyRequest, handle: FromPath[str]) -> Response[Any]:
    """Another secret of a client, shown this once."""
    token, hours = await _there(room, handle), _overlap(await typed(request))
    there = len(await secrets_of(handle))
    if not token.is_client or token.revoked or hours is None or (there >= MOST and hours):
        return go(f"{TOKENS}/{handle}?fait={'deux' if there >= MOST else 'refuse'}")
    key = await new_secret(room.host.engine, handle, others_end=clock.now() + timedelta(hours=hours))
    room.note("renew client secret", token=handle, overlap_hours=hours)
    return await _page(room, token, key=key)


@post(f"{ONE}/secrets/fin")
async def remove_secret(room: AtOperations, request: AnyRequest, handle: FromPath[str]) -> Response[Any]:
    await _there(room, handle)
    secret = (await typed(request)).text("secret")
    if not await end_secret(room.host.engine, handle, secret):
        return go(f"{TOKENS}/{handle}?fait=refuse")
    room.note("end client secret", token=handle, secret=secret)
    return go(f"{TOKENS}/{handle}?fait=termine")


def _overlap(sent: FormInput) -> int | None:
    given = sent.text("overlap")
    return int(given) if given in map(str, OVERLAPS) else None


async def _there(room: OperatorContext, handle: str) -> MachineToken:
    token = await token_at(room, handle)
    if token is None:
        raise NotFoundException(gettext("This token does not exist."))
    return token


async def _page(room: OperatorContext, token: MachineToken, *, key: str = "") -> Response[Any]:
    hours = [(str(each), i18n.format_duration(timedelta(hours=each))) for each in OVERLAPS if each]
    return room.show(
        "api_access/token.html",
        key=key,
        one=shown(room, token),
        secrets=await secrets_of(token.handle) if token.is_client else (),
        most=MOST,
        lasts=lasts(),
        usual=str(USUAL),
        overlaps=[("0", gettext("Ends at once")), *hours],
        usual_overlap=str(USUAL_OVERLAP),
    )
