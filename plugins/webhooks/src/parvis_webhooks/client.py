"""The protocol: one signed POST, by the Standard Webhooks (https://www.standardwebhooks.com)."""

import json
from collections.abc import Iterable

import httpx
import msgspec

from parvis_sdk.calling import called, wait_of
from parvis_sdk.connectors import Connection
from parvis_sdk.errors import Later, Refused, must_fit
from parvis_sdk.signatures import ID, SIGNATURE, TIME, signature
from parvis_sdk.text import Text
from parvis_webhooks.mapping import Payload

GONE = 410


async def send(connection: Connection, url: str, secrets: Iterable[str], payload: Payload) -> httpx.Response:
    """Send it, signed with every secret. Any 2xx is success, 410 ends it for good, everything else is retried.

    An answer that names an event must name this one; otherwise it is no success.
    """
    body = msgspec.json.encode(payload)
    at = int(connection.now.timestamp())
    headers = {
        "content-type": "application/json",
        ID: payload.id,
        TIME: str(at),
        SIGNATURE: " ".join(signature(each, payload.id, at, body) for each in secrets),
    }
    answer = await called(connection.http, "POST", url, now=connection.now, content=body, headers=headers)
    if answer.is_success:
        _must_be_about(payload, answer)
        return answer
    if answer.status_code == GONE:
        raise Refused(
            Text(
                fr="cette adresse n’existe plus (HTTP 410)\u00a0: retirez-la des paramètres",
                en="this address no longer exists (HTTP 410): remove it from the settings",
            )
        )
    raise Later(
        Text(
            fr=f"l’adresse a refusé l’envoi (HTTP {answer.status_code})",
            en=f"the address refused the call (HTTP {answer.status_code})",
        ),
        retry_after=wait_of(answer, connection.now),
    )


def _must_be_about(payload: Payload, answer: httpx.Response) -> None:
    """Raise `Foreign` where an answer names another call, or another request, than the one that was sent."""
    must_fit(payload.id, answer.headers.get(ID, payload.id))
    named = _named_in(answer.content)
    if payload.data is not None and named:
        must_fit(payload.data.reference, named)


def _named_in(content: bytes) -> str:
    """The request that an answer names: by itself, in the payload sent back, or in a list of one; it may say anything
    else as well, and may begin with a byte order mark.
    """
    try:
        said = json.loads(content)
    except (ValueError, RecursionError):
        return ""  # an endpoint may answer whatever it likes
    if isinstance(said, list) and len(said) == 1:
        said = said[0]
    for each in (said, said.get("data") if isinstance(said, dict) else None):
        if isinstance(each, dict) and isinstance(named := each.get("reference"), str) and named:
            return named
    return ""
