"""OAuth 2.0 client credentials: the token endpoint, revocation, and the metadata that name them (RFC 8414)."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl

import msgspec
import structlog
from authlib.oauth2.rfc6749.errors import InvalidRequestError
from authlib.oauth2.rfc6749.util import extract_basic_authorization
from litestar import Request, Response, get, post

from parvis import clock
from parvis.composition import Deployment
from parvis.people.throttle import Pace, caller_of, count_under, key_of, wait_for
from parvis.people.tokens import another_key, revoke_key, token_of, tokens
from parvis.requests.host import Host
from parvis.requests.links import town_url
from parvis.web.security import FROM_ELSEWHERE
from parvis.web.town import find_town, town_of
from parvis_api_access.clients import note_use, secrets_of
from parvis_api_access.granting import GRANT, LASTS, METHODS, Client, FormRequest, Server, Verdict

AnyRequest = Request[Any, Any, Any]
TOKEN, REVOCATION = "/oauth/token", "/oauth/revocation"
METADATA = "/.well-known/oauth-authorization-server"
WINDOW = timedelta(minutes=10)
MOST_CALLS, MOST_WRONG = 300, 20  # of one address; wrong secrets for one client from one address
LARGEST = 10_000  # bytes of a form
UNKNOWN = "The client is unknown, or its secret is wrong."
FORM = "application/x-www-form-urlencoded"
ONCE = {"cache-control": "no-store", "pragma": "no-cache"}
log = structlog.get_logger("parvis.api_access")


@get(METADATA)
async def show_metadata(request: AnyRequest) -> Response[dict[str, Any]]:
    """Where tokens are asked for and how, for libraries that configure themselves."""
    deployment: Deployment = request.app.state.deployment
    town = town_of(request.scope) or find_town(deployment.jurisdictions, request.scope)
    root = town_url(deployment.host, town)
    return Response(
        {
            "issuer": root,
            "token_endpoint": f"{root}{TOKEN}",
            "token_endpoint_auth_methods_supported": METHODS,
            "revocation_endpoint": f"{root}{REVOCATION}",
            "revocation_endpoint_auth_methods_supported": METHODS,
            "grant_types_supported": [GRANT],
            "response_types_supported": [],
            "scopes_supported": sorted({each.name for each in deployment.host.modules.scopes(town)} | {*_core()}),
            "service_documentation": f"{root}/api/v1/openapi.json",
        },
        headers={"cache-control": "public, max-age=3600"},
    )


@post(TOKEN, status_code=200, opt={FROM_ELSEWHERE: True}, request_max_body_size=LARGEST)
async def give_token(request: AnyRequest) -> Response[Any]:
    """An access token of an hour, for a client that knows one of its secrets."""
    host: Host = request.app.state.deployment.host
    read = await _read(request, host)
    if isinstance(read, Response):
        return read
    client, form = read
    verdict = Server(client).create_token_response(form)
    status, body, _ = verdict
    if status != 200 or client.token is None or client.used is None:
        return await _refused(request, host, client, verdict)
    now = clock.now()
    latest = now + timedelta(seconds=LASTS)
    ends = min(latest, client.token.ends_at or latest)
    made = await another_key(host.engine, client.token.handle, ends_at=ends, scopes=body["scope"].split())
    if made is None:  # revoked since it was read
        return _error(401, "invalid_client", "The client cannot be authenticated.")
    await note_use(host.engine, client.used)
    body |= {"access_token": made[0], "expires_in": max(1, int((ends - now).total_seconds()))}
    log.info("access token", client=client.token.handle, scopes=body["scope"])
    return Response(body, headers=ONCE)


@post(REVOCATION, status_code=200, opt={FROM_ELSEWHERE: True}, request_max_body_size=LARGEST)
async def end_token(request: AnyRequest) -> Response[Any]:
    """End one access token of the client (RFC 7009)."""
    host: Host = request.app.state.deployment.host
    read = await _read(request, host)
    if isinstance(read, Response):
        return read
    client, form = read
    verdict = Server(client).create_endpoint_response("revocation", form)
    if verdict[0] != 200 or client.token is None:
        return await _refused(request, host, client, verdict)
    given = form.form["token"]
    meant = await token_of(host.engine, given)
    if meant is not None and meant.handle == client.token.handle:
        await revoke_key(host.engine, given)
        log.info("access token revoked", client=client.token.handle)
    return Response({}, headers=ONCE)


async def _read(request: AnyRequest, host: Host) -> tuple[Client, FormRequest] | Response[Any]:
    """The client that is named, with what was sent; or why it is refused."""
    if not host.of(Pace).allows("oauth", caller_of(request), MOST_CALLS, WINDOW, clock.now()):
        return _too_often(int(WINDOW.total_seconds()))
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    try:
        pairs = parse_qsl((await request.body()).decode(), keep_blank_values=True, errors="strict", max_num_fields=50)
    except ValueError:  # not UTF-8, or too many fields
        return _error(400, "invalid_request", "The form cannot be read.")
    form = dict(pairs)
    headers = {"Authorization": given} if (given := request.headers.get("authorization", "")) else {}
    if kind != FORM or len(form) != len(pairs) or (given and "client_secret" in form):
        return _error(400, "invalid_request", InvalidRequestError.__doc__.split("\n\n")[0])
    try:
        client_id = _named(given, form)
    except ValueError:  # no text that anybody would have been given
        return _error(401, "invalid_client", UNKNOWN)
    if given and form.get("client_id", client_id) != client_id:
        return _error(400, "invalid_request", "The header and the form name two clients.")
    wait = await wait_for({_tries(request, client_id): MOST_WRONG})
    if wait:
        return _too_often(wait)
    # Authlib refuses addresses that are not encrypted; whether they are is for the proxy in front to see to.
    return await _client(request, host, client_id), FormRequest(f"https://parvis{request.url.path}", form, headers)


async def _client(request: AnyRequest, host: Host, client_id: str) -> Client:
    """The client of that name, if it is a valid one of a town that is served at this address."""
    town = town_of(request.scope) or find_town(host.jurisdictions, request.scope)
    found = next((each for each in await tokens(host.engine, town.code) if each.handle == client_id), None)
    over = found is not None and found.ends_at is not None and found.ends_at <= clock.now()
    if found is None or not found.is_client or found.revoked or over:
        return Client(None, ())
    return Client(found, await secrets_of(client_id))


async def _refused(request: AnyRequest, host: Host, client: Client, verdict: Verdict) -> Response[Any]:
    """The answer of Authlib; a secret that was wrong is counted."""
    status, body, headers = verdict
    if body.get("error") == "invalid_client":
        form = dict(parse_qsl((await request.body()).decode(), keep_blank_values=True))
        client_id = _named(request.headers.get("authorization", ""), form)
        await count_under(host.engine, [_tries(request, client_id)], WINDOW)
        log.info("client refused", client=client.token.handle if client.token else "", address=caller_of(request))
        return _error(401, "invalid_client", UNKNOWN)
    return Response(body, status_code=status, headers={name.lower(): value for name, value in headers} | ONCE)


def _named(authorization: str, form: Mapping[str, str]) -> str:
    """The client that a call names, in its header if it has one; `ValueError` for bytes that are no text."""
    header = {"Authorization": authorization}
    named, _ = extract_basic_authorization(header) if authorization else (form.get("client_id"), None)
    return (named or "")[:100]


def _tries(request: AnyRequest, client_id: str) -> str:
    return key_of("oauth", client_id, caller_of(request))


def _too_often(seconds: int) -> Response[Any]:
    answer = _error(429, "temporarily_unavailable", "Too many calls; try again later.")
    answer.headers["retry-after"] = str(seconds)
    return answer


def _error(status: int, code: str, words: str) -> Response[Any]:
    headers: Mapping[str, str] = ONCE | ({"www-authenticate": 'Basic realm="parvis"'} if status == 401 else {})
    told = {"error": code, "error_description": " ".join(words.split())}
    return Response(msgspec.json.encode(told), status_code=status, headers=dict(headers), media_type="application/json")


def _core() -> tuple[str, ...]:
    from parvis.people.tokens import SCOPES

    return tuple(SCOPES)
