"""Where anybody verifies a document of the town: by the code on it, and without learning anything personal."""

from datetime import datetime, timedelta
from typing import Any

from litestar import Request, Response, get, post
from litestar.datastructures import UploadFile
from litestar.exceptions import TooManyRequestsException
from litestar.params import FromPath

from parvis.i18n import format_date, gettext, say
from parvis.people.throttle import caller_of, key_of, take_try
from parvis.requests.attached.receiving import plain_name
from parvis.requests.parts.together import terms_of
from parvis.requests.remaining_parts import has_part
from parvis.web.addresses import address, in_each, patterns
from parvis.web.pages import FooterLink, render
from parvis.web.portal.visit import AtPortal, Visit, see_other, visit
from parvis.web.sign_in.guard import REMAINS
from parvis.web.typed import typed
from parvis_documents.checking import LARGEST, Comparison, compared
from parvis_documents.codes import LENGTH, VERIFY, grouped_code, normalise_code
from parvis_documents.issued import IssuedDocument, Standing, last_moment_of, standing_of, verified
from parvis_documents.shown import standing_words
from parvis_sdk.documents import Document as Declared
from parvis_sdk.fields import File, ShortText
from parvis_sdk.problems import Problem, Problems, problem
from parvis_sdk.text import Text

AnyRequest = Request[Any, Any, Any]
TRIES, WINDOW = 60, timedelta(minutes=15)
STAYS = {REMAINS: Declared.part}  # what was handed out can be verified as long as there is any of it
UNLISTED = {"x-robots-tag": "noindex, nofollow"}
CODE = ShortText(
    code="code",
    label=Text(fr="Code de vérification", en="Verification code"),
    help=Text(fr="Il est imprimé sous le code QR du document.", en="It is printed under the QR code on the document."),
    example=Text(fr="7K3M-9QXT-42ZA", en="7K3M-9QXT-42ZA"),
    autocomplete="off",
    required=False,
    max_length=40,
)
FILE = File(
    code="file",
    label=Text(fr="Ou le fichier PDF", en="Or the PDF file"),
    help=Text(
        fr="Nous le comparons à celui que la Ville a délivré. Il n’est pas conservé.",
        en="We compare it with the one that the town issued. It is not kept.",
    ),
    kinds=("application/pdf",),
    required=False,
    most=1,
    max_size=LARGEST,
)
NOTHING = Text(
    fr="Entrez le code du document, ou choisissez son fichier PDF.",
    en="Enter the document’s code, or choose its PDF file.",
)
MISREAD = Text(
    fr="Ce code contient une erreur. Vérifiez chaque caractère.",
    en="This code contains an error. Check each character.",
)
UNKNOWN = Text(
    fr="Aucun document délivré par la Ville ne porte ce code.",
    en="No document issued by the town has this code.",
)


@get(patterns(VERIFY), name="verify", opt=STAYS)
async def ask_code(request: AnyRequest) -> Response[Any]:
    return _form(visit(request), "")


@post(patterns(VERIFY), name="verify-code", status_code=200, opt=STAYS)
async def take_code(here: AtPortal, request: AnyRequest) -> Response[Any]:
    """To the page of the code, or the form again with what is wrong."""
    sent = await typed(request)
    given, files = sent.text("code")[:40], sent.files.get("file", [])
    if not given.strip() and not files:
        return _form(here, given, Problem(path="code", code="required", message=NOTHING))
    code = normalise_code(given)
    if code is None and given.strip():
        return _form(here, given, Problem(path="code", code="code", message=MISREAD))
    if files:
        return await _compared(here, files[0], code or "")
    return see_other(address(here.language, VERIFY, code or ""))


async def _compared(here: Visit, file: UploadFile, code: str) -> Response[Any]:
    """What the file is; nothing of it is kept."""
    await _count_try(here)
    try:
        content = await file.read(LARGEST + 1)
    finally:
        await file.close()
    if len(content) > LARGEST:
        name = plain_name(file.filename or "")
        return _form(here, grouped_code(code), problem("file_size", "file", name=name, limit=LARGEST // 1_000_000))
    found = await compared(here.town.code, content, code)
    if found.document is None:
        return render(
            here.request,
            "documents/not_ours.html",
            headers=UNLISTED,
            keep=False,
            again=address(here.language, VERIFY),
            alternates=in_each(here.town.languages, VERIFY),
        )
    return await _result(here, found.document, found.comparison)


@get(patterns(VERIFY, "{code:str}"), name="verified", opt=STAYS)
async def show_verified(here: AtPortal, code: FromPath[str]) -> Response[Any]:
    """Whether the document holds; tries are counted, so that nobody goes through codes."""
    wanted = normalise_code(code)
    if wanted is None:
        return _form(here, code[: LENGTH * 2], Problem(path="code", code="code", message=MISREAD))
    await _count_try(here)
    document = await verified(wanted)
    if document is None or document.jurisdiction != here.town.code:
        return _form(here, grouped_code(wanted), Problem(path="code", code="unknown", message=UNKNOWN))
    return await _result(here, document)


async def _count_try(here: Visit) -> None:
    key = key_of("verify-caller", caller_of(here.request))
    if not await take_try(here.host.engine, key, TRIES, WINDOW):
        raise TooManyRequestsException("Too many tries; wait a quarter of an hour.")


async def _result(here: Visit, document: IssuedDocument, file: Comparison | None = None) -> Response[Any]:
    """What a document is, and with a `file` whether that is it."""
    held = await terms_of(here.host, document.request)
    standing, until = standing_of(document, held), last_moment_of(document, held)
    return render(
        here.request,
        "documents/verified.html",
        headers=UNLISTED,
        keep=False,
        document=document,
        standing=standing,
        file=file,
        words=lambda: standing_words(document, standing),
        verdict=lambda: (
            gettext("This file is not the one that the town issued") if file == "altered" else verdict(standing)
        ),
        rows=lambda: rows_of(here, document, until),
        digest=document.digest,
        again=address(here.language, VERIFY),
        alternates=in_each(here.town.languages, VERIFY, document.verification),
    )


LINK = FooterLink(
    name="verify",
    steps=(VERIFY,),
    text=lambda: gettext("Verify a document"),
    when=lambda host, town: has_part(host, town, Declared),
    remains=Declared.part,
)


def verdict(standing: Standing) -> str:
    """The answer in two or three words."""
    match standing:
        case "valid":
            return gettext("This document is valid")
        case "suspended":
            return gettext("This document is suspended")
        case "expired":
            return gettext("This document has expired")
        case "ended":
            return gettext("This document is no longer in force")
        case "revoked":
            return gettext("This document was revoked")
    return gettext("This document was replaced")


def rows_of(here: Visit, document: IssuedDocument, until: datetime | None) -> list[dict[str, Any]]:
    """What the document is, without the person it concerns."""
    rows = [
        {"key": gettext("Document"), "value": say(document.title)},
        {"key": gettext("Number"), "value": document.number},
        {"key": gettext("Issued by"), "value": say(here.town.name)},
        {"key": gettext("Issued on"), "value": format_date(document.issued_at)},
    ]
    if until is not None and document.state == "issued":
        rows.append({"key": gettext("Last day"), "value": format_date(until)})
    if document.version > 1:
        rows.append({"key": gettext("Version"), "value": str(document.version)})
    return [*rows, {"key": gettext("Verification code"), "value": grouped_code(document.verification)}]


def _form(here: Visit, given: str, wrong: Problem | None = None) -> Response[Any]:
    return render(
        here.request,
        "documents/verify.html",
        status=422 if wrong else 200,
        headers=UNLISTED,
        fields=(CODE, FILE),
        values={"code": given},
        problems=Problems(found=(wrong,)) if wrong else None,
        action=address(here.language, VERIFY),
        alternates=in_each(here.town.languages, VERIFY),
    )
