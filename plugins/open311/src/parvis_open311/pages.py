"""The endpoint: every call of GeoReport v2 under `/open311/v2`, answered in the format of its suffix, errors too."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from http import HTTPStatus
from typing import Any
from urllib.parse import unquote, unquote_to_bytes

from litestar import HttpMethod, Request, Response
from litestar.datastructures import UploadFile
from litestar.exceptions import HTTPException
from litestar.handlers import HTTPRouteHandler
from msgspec import Struct

from parvis import clock
from parvis.composition import Deployment
from parvis.jurisdictions import Jurisdiction
from parvis.people.throttle import Pace, caller_of
from parvis.requests.host import Host
from parvis.requests.links import town_url
from parvis.requests.offered import public_types
from parvis.requests.references import normalise
from parvis.web.security import FROM_ELSEWHERE
from parvis_open311.filing import UploadedFile, file_report
from parvis_open311.keys import key_holder
from parvis_open311.markup import FORMATS, Many, written
from parvis_open311.query import is_extended, query_of
from parvis_open311.refusals import Refused, refused
from parvis_open311.services import changeset_of, definition, service, service_at, services_of
from parvis_open311.settings import names_of, settings_for
from parvis_open311.shown import requests_found, requests_named
from parvis_open311.updates import take_update, updates_between
from parvis_sdk.cleaning import clean

AnyRequest = Request[Any, Any, Any]
ROOT = "/open311"
SPECIFICATION = "http://wiki.open311.org/GeoReport_v2"
LARGEST = 80_000_000  # bytes of a form with its pictures
PACES = {"GET": (3000, timedelta(minutes=10)), "POST": (300, timedelta(minutes=10))}
OPEN_TO_OTHERS = {"access-control-allow-origin": "*", "cross-origin-resource-policy": "cross-origin"}
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
Arguments = dict[str, tuple[str, ...]]


class Call(Struct, frozen=True, kw_only=True):
    """One call: for which town, what it asks, in which language and format it is answered."""

    request: Any
    host: Host
    town: Jurisdiction
    format: str
    language: str
    asked: Arguments
    sent: Arguments
    files: tuple[UploadedFile, ...]
    names: tuple[str, ...]  # what stands in the address in place of a name

    def answer(self, root: str, value: Any, status: int = HTTPStatus.OK) -> Response[bytes]:
        return Response(written(root, value, self.format), media_type=FORMATS[self.format], status_code=status)


Answering = Callable[[Call], Awaitable[Response[bytes]]]


async def discover(call: Call) -> Response[bytes]:
    """Where the endpoint is, of which kind, and whom to ask for a key."""
    settings, town = settings_for(call.town), call.town
    changeset = changeset_of(call.host, town)
    endpoint = {
        "specification": SPECIFICATION,
        "url": f"{town_url(call.host, town)}{ROOT}/v2",
        "changeset": changeset,
        "type": settings.type,
        "formats": Many("format", ("text/xml", "application/json")),
    }
    told = {"changeset": changeset, "contact": settings.contact or town.name.to(call.language)}
    how = settings.key_service or f"{town_url(call.host, town)}/"
    return call.answer("discovery", {**told, "key_service": how, "endpoints": Many("endpoint", (endpoint,))})


async def list_services(call: Call) -> Response[bytes]:
    offered = tuple(service(each, call.language) for each in services_of(call.host, call.town))
    return call.answer("services", Many("service", offered))


async def define_service(call: Call) -> Response[bytes]:
    request_type = service_at(call.host, call.town, call.names[0])
    if request_type is None:
        raise refused(404, "Aucun service n’a ce service_code.", "No service has this service_code.")
    return call.answer("service_definition", definition(request_type, call.language))


async def list_requests(call: Call) -> Response[bytes]:
    query = query_of(call.asked, public_types(call.host, call.town))
    found = await requests_found(call.host, call.town, query, call.language)
    return call.answer("service_requests", Many("request", found))


async def show_request(call: Call) -> Response[bytes]:
    extensions = is_extended(call.asked)
    found = await requests_named(
        call.host, call.town, [normalise(call.names[0]) or ""], call.language, extensions=extensions
    )
    if not found:
        raise refused(404, "Aucune requête ne porte ce numéro.", "No request has this number.")
    return call.answer("service_requests", Many("request", found))


async def post_request(call: Call) -> Response[bytes]:
    token = await key_holder(call.host, call.town, set(call.sent.get("api_key", ())))
    taken = await file_report(call.host, call.town, token, call.sent, call.files, call.language)
    told = {"service_request_id": taken.reference, "service_notice": "", "account_id": ""}
    return call.answer("service_requests", Many("request", (told,)))


async def show_token(call: Call) -> Response[bytes]:
    raise refused(
        404,
        "Aucun jeton n’est donné ici : chaque requête a son numéro aussitôt.",
        "No token is given here: every request has its number at once.",
    )


async def list_updates(call: Call) -> Response[bytes]:
    found = await updates_between(call.host, call.town, call.asked, call.language)
    return call.answer("service_request_updates", Many("request_update", found))


async def post_update(call: Call) -> Response[bytes]:
    token = await key_holder(call.host, call.town, set(call.sent.get("api_key", ())))
    taken = await take_update(call.host, call.town, token, call.sent)
    return call.answer("service_request_updates", Many("request_update", ({"update_id": taken},)))


CALLS: Mapping[tuple[str, ...], Mapping[str, Answering]] = {
    ("discovery",): {"GET": discover},
    ("v2", "discovery"): {"GET": discover},
    ("v2", "services"): {"GET": list_services},
    ("v2", "services", "*"): {"GET": define_service},
    ("v2", "requests"): {"GET": list_requests, "POST": post_request},
    ("v2", "requests", "*"): {"GET": show_request},
    ("v2", "tokens", "*"): {"GET": show_token},
    ("v2", "servicerequestupdates"): {"GET": list_updates, "POST": post_update},
}


async def answer_call(request: AnyRequest) -> Response[bytes]:
    """Any call below `/open311`."""
    path = request.url.path.removeprefix(ROOT).strip("/")
    words, _, suffix = path.rpartition(".")
    format = suffix if suffix in FORMATS else "xml"
    deployment: Deployment = request.app.state.deployment
    try:
        call, answering = await read_call(request, deployment.host, words, suffix, format)
        answer = await answering(call)
    except Refused as error:
        answer = errors(error, format, language_of(request))
    except HTTPException as error:  # a form that is too large or cannot be read
        answer = errors(refused(error.status_code, error.detail, error.detail), format, language_of(request))
    if request.method in ("GET", "HEAD"):
        answer.headers.update(OPEN_TO_OTHERS)
    return answer


async def read_call(request: AnyRequest, host: Host, words: str, suffix: str, format: str) -> tuple[Call, Answering]:
    """What is called, in the order in which it may be refused: the address, the method, the pace, the town."""
    names, methods = found_at(tuple(unquote(each) for each in words.split("/"))) if suffix in FORMATS else ((), None)
    if methods is None:
        raise refused(404, "Il n’y a rien à cette adresse.", "There is nothing at this address.")
    method = "GET" if request.method == "HEAD" else request.method
    if method not in methods:
        allowed = ", ".join(methods)
        raise refused(
            405, f"Cette adresse n’accepte que {allowed}.", f"This address takes {allowed} only.", allow=allowed
        )
    most, window = PACES[method]
    if not host.of(Pace).allows(f"open311:{method}", caller_of(request), most, window, clock.now()):
        wait = str(int(window.total_seconds()))
        raise refused(429, "Trop d’appels ; réessayez plus tard.", "Too many calls; try again later.", retry_after=wait)
    asked = arguments(request.query_params.multi_items())
    sent, files = await sent_by(request) if method == "POST" else ({}, ())
    # What stands in the address and in the form is one; a value that is twice the same is given once.
    given = {name: tuple(dict.fromkeys((*asked.get(name, ()), *sent.get(name, ())))) for name in {**asked, **sent}}
    town = town_for(request, host, given.get("jurisdiction_id", ()))
    wanted = next(iter(given.get("locale", ())), "").partition("-")[0].lower()
    language = wanted if wanted in town.languages else town.languages[0]
    return Call(
        request=request,
        host=host,
        town=town,
        format=format,
        language=language,
        asked=given,
        sent=given,
        files=files,
        names=names,
    ), methods[method]


def found_at(words: tuple[str, ...]) -> tuple[tuple[str, ...], Mapping[str, Answering] | None]:
    """What stands at an address, with the words that stand there in place of a name."""
    for known, methods in CALLS.items():
        if len(known) == len(words) and all(one in ("*", other) for one, other in zip(known, words, strict=True)):
            return tuple(other for one, other in zip(known, words, strict=True) if one == "*"), methods
    return (), None


def town_for(request: AnyRequest, host: Host, named: tuple[str, ...]) -> Jurisdiction:
    """The town that the address is of, or that is named where the address is of several; a name that is wrong is told,
    so that no slip files a report with another town."""
    here = host.jurisdictions.claimed_by(request.headers.get("host", ""))
    served = [here] if here is not None else list(host.jurisdictions.by_code.values())
    offering = [town for town in served if host.modules.of(town).has("open311")]
    if not named:
        if len(offering) == 1:
            return offering[0]
        if not offering:
            raise refused(404, "Aucune ville n’offre Open311 ici.", "No town offers Open311 here.")
        raise refused(
            400, "jurisdiction_id manque : plusieurs villes répondent ici.", "jurisdiction_id is required here."
        )
    found = [town for town in offering if len(named) == 1 and named[0] in names_of(town)]
    if not found:
        raise refused(404, "jurisdiction_id n’est pas connu ici.", "jurisdiction_id is not known here.")
    return found[0]


async def sent_by(request: AnyRequest) -> tuple[Arguments, tuple[UploadedFile, ...]]:
    """The fields and files of a form; anything else than a form in UTF-8 is refused."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in FORMS and await request.body():
        raise refused(415, "Envoyez un formulaire.", "Send a form, application/x-www-form-urlencoded or multipart.")
    if kind == FORMS[0]:
        refuse_unreadable(await request.body())
    form = await request.form()
    files = [
        UploadedFile(name=value.filename or "photo", content=await value.read())
        for _, value in form.multi_items()
        if isinstance(value, UploadFile)
    ]
    fields = arguments([(name, value) for name, value in form.multi_items() if isinstance(value, str)])
    return fields, tuple(each for each in files if each.content)


def refuse_unreadable(body: bytes) -> None:
    """Bytes that are no UTF-8, plain or behind per cent signs."""
    try:
        unquote_to_bytes(body.replace(b"+", b" ")).decode("utf-8")
    except UnicodeDecodeError:
        raise refused(400, "Le formulaire n’est pas en UTF-8.", "The form is not UTF-8.") from None


def arguments(pairs: Any) -> Arguments:
    """The values of each name; empty ones count as absent, and what XML cannot carry is taken out."""
    found: Arguments = {}
    for name, value in pairs:
        words = clean(str(value))
        if words.strip():
            found[name] = (*found.get(name, ()), words if name == "description" else words.strip())
    return found


def language_of(request: AnyRequest) -> str:
    return "en" if request.query_params.get("locale", "").lower().startswith("en") else "fr"


def errors(error: Refused, format: str, language: str) -> Response[bytes]:
    """All reasons in the format that was asked for."""
    told = tuple({"code": each.status, "description": each.description.to(language)} for each in error.refusals)
    status = error.refusals[0].status
    content = written("errors", Many("error", told), format)
    return Response(content, media_type=FORMATS[format], status_code=status, headers=error.headers)


serve = HTTPRouteHandler(
    [f"{ROOT}/{{call:path}}"],
    http_method=[HttpMethod.GET, HttpMethod.POST, HttpMethod.PUT, HttpMethod.PATCH, HttpMethod.DELETE],
    opt={FROM_ELSEWHERE: True},
    request_max_body_size=LARGEST,
    name="open311",
)(answer_call)
