"""Where anybody says that a public page tells what it must not: it reaches the desk, which hides at once."""

from datetime import timedelta
from typing import Any

from litestar import Request, Response, get, post
from litestar.exceptions import TooManyRequestsException

from parvis.i18n import gettext
from parvis.people.throttle import caller_of, key_of, take_try
from parvis.requests.records import Record, find
from parvis.requests.visibility import PUBLIC, sees
from parvis.web.addresses import address, in_each, is_for_everybody, patterns, word
from parvis.web.pages import ABOUT, FooterLink, render
from parvis.web.portal.visit import AtPortal, Visit, see_other
from parvis.web.typed import typed
from parvis_public_requests.page_reports import MOST_WORDS, WHY, report_page
from parvis_sdk.fields import LongText, OneOf, Option
from parvis_sdk.forms import Form, Section
from parvis_sdk.problems import Problems
from parvis_sdk.text import Text

AnyRequest = Request[Any, Any, Any]
TRIES, WINDOW = 20, timedelta(hours=1)
MOST_PATH = 300
FORM = Form(
    sections=(
        Section(
            code="report",
            title=Text(fr="Signalement", en="Report"),
            fields=(
                OneOf(
                    code="why",
                    label=Text(fr="Qu’est-ce qui ne va pas?", en="What is wrong?"),
                    options=tuple(Option(code=code, label=WHY[code]) for code in WHY),
                ),
                LongText(
                    code="words",
                    label=Text(fr="Précisions", en="Details"),
                    help=Text(
                        fr="Seul le personnel de la Ville les lit. N’indiquez pas vos coordonnées.",
                        en="Only municipal staff will read them. Do not give your contact details.",
                    ),
                    required=False,
                    max_length=MOST_WORDS,
                    rows=4,
                ),
            ),
        ),
    )
)


@get(patterns(":report-page"), name="report-page")
async def ask_report(here: AtPortal, request: AnyRequest) -> Response[Any]:
    return _page(here, _path_in(here, request.query_params.get("page", "")), {}, None)


@post(patterns(":report-page"), name="report-page-take", status_code=200)
async def take_report(here: AtPortal, request: AnyRequest) -> Response[Any]:
    """Written down for the desk; so many within the hour from one address."""
    sent = await typed(request)
    path = _path_in(here, sent.text("page"))
    given = {"why": sent.text("why"), "words": sent.text("words")}
    read = FORM.read(given)
    if isinstance(read, Problems):
        return _page(here, path, given, read)
    if not await take_try(here.host.engine, key_of("report-page", caller_of(request)), TRIES, WINDOW):
        raise TooManyRequestsException("Too many reports came from this address within the hour.")
    record = await _request_at(here, path)
    words = read.answers.get("words", "")
    await report_page(here.host, here.town, path, record, read.answers["why"], words, here.language)
    return see_other(address(here.language, ":report-page", page=path, sent="1"))


def _path_in(here: Visit, given: str) -> str:
    """The page that is meant; the first one of the town where what was sent names none that everybody may open."""
    return given if len(given) <= MOST_PATH and is_for_everybody(given) else address(here.language)


async def _request_at(here: Visit, path: str) -> Record | None:
    """The public request whose page it is, if it is one."""
    steps = path.strip("/").split("/")
    if len(steps) < 3 or steps[1] != word("public", steps[0]):
        return None
    record = await find(here.host, steps[2])
    if record is None or record.jurisdiction != here.town.code or not sees(PUBLIC, record, here.host.jurisdictions):
        return None
    return record


def _page(here: Visit, path: str, values: dict[str, Any], problems: Problems | None) -> Response[Any]:
    return render(
        here.request,
        "public_requests/report_page.html",
        status=422 if problems else 200,
        path=path,
        fields=FORM.fields(),
        values=values,
        problems=problems,
        sent=here.request.query_params.get("sent") == "1",
        alternates=in_each(here.town.languages, ":report-page", page=path),
        keep=False,
    )


LINK = FooterLink(
    slot=ABOUT,
    name="report-page",
    steps=(":report-page",),
    text=lambda: gettext("Report a problem with this page"),
    when=lambda host, town: True,
)
