"""What stands before every operation: the caller, the town, the language, what they may see, how often they may ask."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from itertools import islice
from typing import Any, TypeVar, cast

import msgspec
from litestar import Request
from litestar.connection import ASGIConnection
from litestar.di import NamedDependency, Provide
from litestar.exceptions import HTTPException
from litestar.handlers import BaseRouteHandler
from litestar.params import FromPath, FromQuery, SkipValidation
from msgspec import Struct, structs

from parvis import clock, i18n
from parvis.access_scope import Reach
from parvis.api.operations import Operation
from parvis.downloads import ALSO
from parvis.i18n import gettext
from parvis.jurisdictions import Jurisdiction
from parvis.people.throttle import Pace, caller_of
from parvis.people.tokens import MachineToken, token_of
from parvis.requests.access_log import AccessLog, find_revealed
from parvis.requests.actors import REQUESTER, Actor
from parvis.requests.drafting import holder_of
from parvis.requests.host import Host
from parvis.requests.offered import types_of
from parvis.requests.records import Record
from parvis.requests.references import is_key
from parvis.requests.visibility import HOLDER, PUBLIC, Permission, Viewer, may, sees
from parvis.viewers import rights_in
from parvis_sdk.accepted_languages import wanted
from parvis_sdk.cleaning import clean
from parvis_sdk.forms import Form, as_programs_send
from parvis_sdk.problems import MESSAGES, Problem, Problems
from parvis_sdk.request_types import RequestType
from parvis_sdk.strict_calls import is_deeper, misfit, misshapen, null_members, unknown_members

Noun = TypeVar("Noun")
Given = NamedDependency[SkipValidation[Noun]]
AnyRequest = Request[Any, Any, Any]
AnyConnection = ASGIConnection[Any, Any, Any, Any]
BEARER = "bearer "
DEEPEST = 64
LONGEST_KEY = 200
LIMITS: dict[str, tuple[int, timedelta]] = {
    "submit": (30, timedelta(minutes=10)),
    "upload": (120, timedelta(minutes=10)),
    "write": (120, timedelta(minutes=10)),
    "read": (3000, timedelta(minutes=10)),
}


class Call(Struct, frozen=True, kw_only=True):
    """One call: what is asked, the host, the town, the language of the answer, and the token when there is one."""

    operation: Operation
    host: Host
    town: Jurisdiction
    language: str
    caller: str
    token: MachineToken | None = None
    fields: tuple[str, ...] = ()

    @property
    def viewer(self) -> Viewer:
        """As whom this call looks, the key of a request apart."""
        if self.token is None:
            return PUBLIC
        return viewer_of_token(self.host, self.token)

    @property
    def types(self) -> tuple[RequestType, ...]:
        """The types that the caller is told of."""
        return tuple(filter(self.knows, types_of(self.host, self.town)))

    def knows(self, request_type: RequestType) -> bool:
        """Whether anybody may ask for it, or the token is for what the town opens itself."""
        return request_type.opened_by == "anyone" or bool(self.token and self.token.is_for(request_type.code))

    @property
    def actor(self) -> Actor:
        """Who is written into history: the machine by its name, or the person asking."""
        return Actor(kind="agent", id=self.token.handle, name=self.token.name) if self.token else REQUESTER


def viewer_of_token(host: Host, token: MachineToken) -> Viewer:
    """As whom a machine looks: with what its scopes allow, over its units and its types of request."""
    town = token.jurisdiction
    rights = token.rights(host.modules.scopes(host.jurisdictions.get(town)), rights_in(host, town))
    reaches = (
        Reach(permissions=rights, jurisdiction=town, unit=unit, types=frozenset(token.types))
        for unit in token.units or ("",)
    )
    return Viewer(kind="token", id=token.handle, name=token.name, reaches=tuple(reaches))


class Access(Struct, frozen=True, kw_only=True):
    """The request that a call is about, and the identity it is read with."""

    record: Record
    viewer: Viewer


class Edit(Access, frozen=True, kw_only=True):
    """The same with what was sent about it."""

    body: dict[str, Any]


async def call_of(request: AnyConnection, operation: Operation) -> Call:
    """Read who calls; a token that is not good is refused rather than ignored."""
    host: Host = request.app.state.deployment.host
    token, speaking = None, request.app.state.deployment.catalogues
    here = host.jurisdictions.for_host(request.headers.get("host"))
    accepted, authorization = (request.headers.get(name, "") for name in ("accept-language", "authorization"))
    i18n.speak(speaking.voice(wanted(accepted, here.languages)))
    request.state[ALSO] = _kept_by_whom(request, wanted(accepted, here.languages))
    if authorization:
        if not authorization.lower().startswith(BEARER):
            raise unauthorized(gettext("Use `Authorization: Bearer` with a token of this installation."))
        token = await token_of(host.engine, authorization[len(BEARER) :].strip())
        if token is None:
            raise unauthorized(gettext("The token is unknown, revoked or expired."), 'error="invalid_token"')
    town = host.jurisdictions.get(token.jurisdiction) if token else here
    if town is None:
        raise unauthorized(gettext("The token is for a town that is not served here."))
    language, caller = wanted(accepted, town.languages), caller_of(request)
    i18n.speak(speaking.voice(language, town.time_zone))
    request.state[ALSO] = _kept_by_whom(request, language)
    fields = tuple(filter(None, request.query_params.get("fields", "").split(",")))
    return Call(operation=operation, host=host, town=town, language=language, caller=caller, token=token, fields=fields)


def _kept_by_whom(request: AnyConnection, language: str) -> list[tuple[bytes, bytes]]:
    """The language of an answer, what it depends on, and who may keep it: of what a key opens, nobody."""
    headers = [(b"content-language", language.encode()), (b"vary", b"Accept-Language, Authorization")]
    if "key" in request.query_params:
        return [*headers, (b"cache-control", b"private, no-store")]
    return [*headers, *([(b"cache-control", b"private, no-cache")] if "authorization" in request.headers else [])]


def unauthorized(detail: str, *told: str, status: int = 401) -> HTTPException:
    """401, or 403 for another scope, with the challenge that the standard asks for (RFC 6750)."""
    challenge = ", ".join(('Bearer realm="parvis"', *told))
    return HTTPException(status_code=status, detail=detail, headers={"www-authenticate": challenge})


def _limited(call: Call) -> None:
    """Count one call; residents have limits by address, machines with a token ten times as much."""
    kind = call.operation.pace
    most, window = LIMITS[kind]
    caller = call.token.handle if call.token else call.caller
    if not call.host.of(Pace).allows(kind, caller, most * (10 if call.token else 1), window, clock.now()):
        wait = str(int(window.total_seconds()))
        detail = gettext("Too many calls of this kind; try again later.")
        raise HTTPException(status_code=429, detail=detail, headers={"retry-after": wait})


def require(call: Call, scope: str) -> MachineToken:
    """The token, which must have this scope."""
    if call.token is None:
        raise unauthorized(gettext("This needs a token with the scope `{scope}`.").format(scope=scope))
    if not call.token.allows(scope):
        lacking = gettext("The token lacks the scope `{scope}`.").format(scope=scope)
        raise unauthorized(lacking, 'error="insufficient_scope"', f'scope="{scope}"', status=403)
    return call.token


def allow(call: Call, access: Access, *rights: Permission) -> None:
    """Refuse who has not each of these rights over the request."""
    if not all(may(access.viewer, right, access.record, call.host.jurisdictions) for right in rights):
        raise forbidden(gettext("You may see this request, but you may not do this."))


def must_be_for(call: Call, type_code: str) -> None:
    """Refuse a token that is limited to other types of request."""
    if call.token and not call.token.is_for(type_code):
        raise forbidden(gettext("The token is not for requests of the type `{type}`.").format(type=clean(type_code)))


async def read(call: Call, reference: str, key: str = "") -> tuple[Record, Viewer]:
    """The request and the identity it is read with: the public's where the token's units do not include it, if the
    public may.
    """
    return await seen(call, reference, key, is_for_anybody=True)


async def seen(call: Call, reference: str, key: str = "", *, is_for_anybody: bool = False) -> tuple[Record, Viewer]:
    """The request and the identity it is read with; 404 for what may not be seen."""
    record, viewer = await find_revealed(call.host, reference, call.viewer)
    if record is not None and record.jurisdiction == call.town.code:
        if key and is_key(call.host.secret, record.id, key, record.holders):
            return record, HOLDER
        if is_for_anybody and call.token and not sees(viewer, record, call.host.jurisdictions):
            viewer = structs.replace(call, token=None).viewer
        if not key and sees(viewer, record, call.host.jurisdictions):
            call.host.of(AccessLog).at(viewer, record, "page")
            return record, viewer
    raise not_found()


def given_call(request: AnyRequest) -> Call:
    """What the guard read."""
    call: Call = request.state.call
    return call


async def given_access(call: Given[Call], reference: FromPath[str], key: FromQuery[str] = "") -> Access:
    """The request as the caller sees it, who has every right over it that the operation needs."""
    record, viewer = await seen(call, reference, key)
    access = Access(record=record, viewer=viewer)
    if call.operation.is_for_holders and viewer.kind != "holder":
        raise forbidden(gettext("Opening this requires the key of the request."))
    if viewer.kind != "holder":
        allow(call, access, *call.operation.rights)
    return access


async def given_public_access(call: Given[Call], reference: FromPath[str], key: FromQuery[str] = "") -> Access:
    """The request as the caller sees it, or as anybody does."""
    record, viewer = await read(call, reference, key)
    return Access(record=record, viewer=viewer)


async def given_edit(request: AnyRequest, access: Given[Access]) -> Edit:
    """The body is read once the caller may send one."""
    return Edit(record=access.record, viewer=access.viewer, body=await body_of(request))


DEPENDENCIES = {
    "call": Provide(given_call, sync_to_thread=False),
    "access": Provide(given_access),
    "public_access": Provide(given_public_access),
    "edit": Provide(given_edit),
}


def idempotency_key_of(request: AnyRequest) -> str:
    """The key by which a call that is sent again is known, when it has one: that of its token, or of all without."""
    given, token = request.headers.get("idempotency-key", ""), given_call(request).token
    if len(given) > LONGEST_KEY:
        raise faulty("Idempotency-Key", "too_long", "longer", status=400, limit=LONGEST_KEY)
    return given and f"{token.handle if token else ''}:{given}"


async def body_of(request: AnyRequest) -> dict[str, Any]:
    """The JSON object that was sent, with each member under its name of today; one that is not asked for is refused."""
    body, call = await _object_of(request), given_call(request)
    for former, name in call.operation.formerly.items():
        if former in body:
            body.setdefault(name, body.pop(former))
    refuse_strange(body, call.operation.body)
    return body


def refuse_strange(body: dict[str, Any], shape: Any) -> None:
    """Refuse members that the shape does not have, each by its path, and null where it offers none."""
    if unknown := list(islice(unknown_members(body, shape), MOST)):
        raise _refused(unknown, "unknown_member")
    for path in null_members(body, shape):
        raise faulty(path, "wrong_kind", "misshapen")


async def _object_of(request: AnyRequest) -> dict[str, Any]:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        raise HTTPException(status_code=415, detail=gettext("Send JSON, as `Content-Type: application/json`."))
    try:
        body = msgspec.json.decode(await request.body())
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise HTTPException(status_code=400, detail=gettext("The body is not JSON that can be read.")) from error
    if not isinstance(body, dict):
        raise HTTPException(status_code=400, detail=gettext("The body must be a JSON object."))
    if is_deeper(body, DEEPEST):
        raise HTTPException(status_code=400, detail=gettext("The body is nested too deeply."))
    return body


def shaped(body: Mapping[str, Any], shape: type[Noun]) -> Noun:
    """The body as this shape; what does not fit is said."""
    try:
        return msgspec.convert(body, shape)
    except msgspec.ValidationError as error:
        raise refused_for(misshapen(error)) from error


def holder_in(body: Mapping[str, Any]) -> str:
    """Who owns the files that the body names: their sender, by its `upload`."""
    upload = text_in(body, "upload", most=200, required=False)
    return holder_of(upload) if upload else ""


def files_in(body: Mapping[str, Any]) -> tuple[str, ...]:
    """The ids of files that go along."""
    files = body.get("files", [])
    if not isinstance(files, list) or len(files) > 20 or not all(isinstance(each, str) for each in files):
        raise faulty("files", "wrong_kind", "misshapen")
    return tuple(files)


def text_in(body: Mapping[str, Any], name: str, *, most: int = 4000, required: bool = True) -> str:
    """A member of the body that must be text, without what could disguise it."""
    value = body.get(name)
    if value is None and not required:
        return ""
    value = clean(value) if isinstance(value, str) else value
    if not isinstance(value, str) or (required and not value.strip()):
        raise faulty(name, "required", "not_text")
    if len(value) > most:
        raise faulty(name, "too_long", "longer", limit=most)
    return value


def answers_in(body: Mapping[str, Any], form: Form, *, missing: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """The answers of the body to a form; an amount among them is whole cents, as the API says it, and nothing else."""
    answers = body.get("answers", missing)
    if not isinstance(answers, dict):
        raise faulty("answers", "wrong_kind", "misshapen")
    sent: dict[str, Any] = as_programs_send(form.fields(), answers)
    return sent


def version_in(body: Mapping[str, Any]) -> int | None:
    """The version of the request that the caller has seen, when they say so."""
    value = body.get("version")
    if value is not None and (not isinstance(value, int) or isinstance(value, bool)):
        raise faulty("version", "number", "not_number")
    return value


def seen_version(body: Mapping[str, Any]) -> int:
    """The version that a change which overwrites something must name, so that nobody's work is lost unseen."""
    value = version_in(body)
    if value is None:
        raise faulty("version", "required", "version_needed", status=428)
    return value


def forbidden(detail: str) -> HTTPException:
    """403: the caller is known, and may not do this."""
    return HTTPException(status_code=403, detail=detail)


def overtaken(version: int, fault: list[Any] | None = None) -> HTTPException:
    """409, for a caller who would overwrite what others did meanwhile."""
    detail = gettext("The request has changed; it is now at version {version}.").format(version=version)
    extra = fault or [{"path": "version", "code": "conflict", "message": detail}]
    return HTTPException(status_code=409, detail=detail, extra=extra)


def not_found() -> HTTPException:
    """404: which of the two it is, is not told."""
    return HTTPException(status_code=404, detail=gettext("There is no such request, or you may not see it."))


def faulty(path: str, code: str, words: str, *, status: int = 422, **values: object) -> HTTPException:
    """One fault of what was sent: where it stands, which kind it is, and a sentence or the name of one of the sdk."""
    ready = MESSAGES.get(words)
    detail = ready.format(name=path, **values).to(i18n.language()) if ready else words
    return HTTPException(status_code=status, detail=detail, extra=[{"path": path, "code": code, "message": detail}])


def refused_for(wrong: Problem) -> HTTPException:
    """422 for one problem, in the caller's language."""
    return faulty(wrong.path, wrong.code, wrong.message.to(i18n.language()))


def unprocessable(problems: Problems, language: str, at: Callable[[str], str] = str) -> HTTPException:
    """422 with every problem: where, which kind, and a sentence in the caller's language.

    `at` says where in the body that was sent stands what a use case calls by another name.
    """
    found = problems.found
    errors = [{"path": at(each.path), "code": each.code, "message": each.message.to(language)} for each in found]
    return HTTPException(status_code=422, detail=gettext("What was sent cannot be accepted as it is."), extra=errors)


def among_answers(form: Form, shape: type[Struct], body: Mapping[str, Any]) -> Callable[[str], str]:
    """Where a fault stands in a body of this shape: questions, and what was sent as one, stand under `answers`."""
    sent = body.get("answers")
    asked = {*(field.code for field in form.fields()), *(sent if isinstance(sent, dict) else ())}

    def at(path: str) -> str:
        head = path.partition(".")[0]
        return path if not path or (head in shape.__struct_fields__ and head not in asked) else f"answers.{path}"

    return at


MOST = 20


async def admit(connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler) -> None:
    """The guard of every operation; who calls is kept for the operation itself."""
    operation: Operation = handler.opt["operation"]
    connection.state.call = call = await call_of(connection, operation)
    if not operation.also_off and not call.host.modules.of(call.town).has(operation.owner):
        raise HTTPException(status_code=404, detail=gettext("There is no such operation."))
    _refuse_unknown(call, list(connection.query_params.keys()))
    _refuse_repeated(call, [name for name, _ in connection.query_params.multi_items()])
    for name, declared in operation.query.items():
        value = connection.query_params.get(name)
        if value is None and "x-required" in declared:
            raise faulty(name, "required", "missing")
        if value is not None and (wrong := misfit(name, value, declared)):
            raise refused_for(wrong)
    _limited(call)
    if operation.scope and not (operation.key and connection.query_params.get("key")):
        _authorized(call)


def _refuse_unknown(call: Call, given: list[str]) -> None:
    """Each parameter that the operation does not know, named, with those that it does: never ignored."""
    if call.operation.any_query:
        return
    known = call.operation.parameters
    # A key narrows nothing: what it opens, or that it opens nothing here, each operation says itself.
    unknown = [name for name in dict.fromkeys(given) if name not in (*known, "key")][:MOST]
    if unknown:
        raise _refused(unknown, "unknown_parameter", offered=", ".join(known) or "—")


def _refuse_repeated(call: Call, given: list[str]) -> None:
    """A parameter that is given twice: only one of its two values would count."""
    twice = next((name for name in given if given.count(name) > 1), None)
    if twice is not None and not call.operation.any_query:
        raise faulty(twice, "repeated", "repeated")


def _refused(names: list[str], code: str, **told: Any) -> HTTPException:
    """422 that names each parameter of the address, or each member of the body, that is not known here."""
    said = [faulty(clean(name)[:60], code, code, **told) for name in names]
    errors: list[Any] = [fault for each in said for fault in cast("list[Any]", each.extra)]
    return HTTPException(status_code=422, detail=" ".join(each.detail for each in said), extra=errors)


def _authorized(call: Call) -> None:
    """Refuse who has no token with a scope that is enough."""
    enough = call.operation.enough
    if not (enough and call.token and call.token.allows(enough)):
        for scope in reversed(call.operation.scopes):
            require(call, scope)
