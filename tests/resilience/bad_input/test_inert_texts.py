"""Script, markup, links and formulas written into every text: shown as the letters they are, on page and paper."""

import csv
import io
import json
import re
from collections import Counter, deque
from datetime import date
from random import Random
from typing import Any
from urllib.parse import urljoin, urlsplit
from xml.etree import ElementTree

import html5lib
import httpx
import pikepdf
import pytest
from msgspec.structs import replace
from PIL import Image

from parvis import clock
from parvis.jurisdictions.calendars import local_day
from parvis.people.agents import Grant
from parvis.requests.actors import Actor
from parvis.requests.attached.attachments import waiting
from parvis.requests.attached.receiving import receive_file
from parvis.requests.drafting import holder_of
from parvis.requests.host import Host
from parvis.requests.intake import take_in
from parvis.requests.offered import types_of
from parvis.requests.work.conversation import note, receive, reply
from parvis.worker.relay import Relay
from parvis_sdk.counter import Receipt
from parvis_sdk.fields import AnyField, File, LongText, Photo, ShortText
from parvis_sdk.request_types import RequestType, Submission
from parvis_sdk.requests import Attachment
from parvis_sdk.testing import submission_for

from .conftest import Installation, serving

PLANTED = "planted"
WICKED = (
    f"=cmd|'/c calc'!A1 \"'><script id={PLANTED}>{PLANTED}()</script><img id={PLANTED} src=x onerror={PLANTED}()>"
    f"<a id={PLANTED} href='javascript:{PLANTED}()'>ici</a><style id={PLANTED}></style></textarea></title>"
    "{{ 7 * 1911911911 }} {% 1 %} ${7*1911911911} "
    f'https://exemple.org/"onmouseover="{PLANTED}()\r\nBcc: x@exemple.org'
)
COMPUTED = "13383383377"
OF_A_KIND = 5  # pages that differ only in which request or filter they show
VARIES = re.compile(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]|[0-9a-f-]{32,36}|/\d+|\?.*")
MARKUP, TABLES, FEEDS = "text/html", "text/csv", ("application/atom+xml", "application/rss+xml")
RIGHTS = [Grant(role=role, jurisdiction="parvis") for role in ("manager", "operator")]
ANA = Actor(kind="agent", id="ana", name="Ana")


def _empty_page() -> bytes:
    written = io.BytesIO()
    with pikepdf.new() as document:
        document.add_blank_page()
        document.save(written)
    return written.getvalue()


def _grey_picture() -> bytes:
    written = io.BytesIO()
    Image.new("RGB", (40, 30), "grey").save(written, "JPEG")
    return written.getvalue()


PDF, JPEG = _empty_page(), _grey_picture()


@pytest.fixture
async def installation(settings, crashes):
    showing = replace(settings, demo=True, plugins={**settings.plugins, "notify": {"mode": "mailbox"}})
    async with serving(showing) as installation:
        installation.crashes = crashes
        yield installation


async def test_what_is_written_anywhere_stays_letters_everywhere(installation: Installation):
    receipts = await written_everywhere(installation)
    assert len(receipts) >= 12
    keys = [f"/fr/suivi/{each.reference}?cle={each.key}" for each in receipts]
    async with installation.http(follow_redirects=True, cookies=await installation.signed_in("Ana", *RIGHTS)) as http:
        seen = await walked(http, ["/fr/", "/fr/requetes", "/bureau", "/exploitation", "/demo/courriels", *keys])
    kinds = {kind for kind, _ in seen.values()}
    assert {MARKUP, TABLES} <= kinds
    assert sum("script id=planted" in body or "script id=planted" in body for _, body in seen.values()) > 30
    wrong = {path: found for path, (kind, body) in seen.items() if (found := alive(kind, body))}
    assert wrong == {}
    assert installation.crashes == []


async def written_everywhere(installation: Installation) -> list[Receipt]:
    """One request of each type with it in every text, and a conversation of nothing else."""
    host, random = installation.host, Random(191)
    town = host.jurisdictions.by_code["parvis"]
    today = local_day(town.calendar, clock.now())
    receipts = []
    for request_type in types_of(host, town):
        holder = holder_of(f"inert {request_type.code}")
        files = {
            field.code: await received(host, holder, field) for field in request_type.form.fields() if is_needed(field)
        }
        known = await waiting(holder)
        tries = (
            request_type.read(
                wicked(request_type, random, today, files), channel="phone", today=today, attachments=known
            )
            for _ in range(50)
        )
        submission = next(each for each in tries if isinstance(each, Submission))
        receipt = await take_in(host, town, submission, actor=ANA, holder=holder, judged=False, declares=True)
        assert isinstance(receipt, Receipt), (request_type.code, receipt)
        receipts.append(receipt)
        await note(host, receipt.reference, WICKED, actor=ANA)
        await reply(host, receipt.reference, WICKED, actor=ANA)
        await receive(host, receipt.reference, WICKED)
    await Relay(host).drain()
    return receipts


def is_needed(field: AnyField) -> bool:
    """Whether some answers cannot be sent without files here."""
    return isinstance(field, File | Photo) and field.least > 0


async def received(host: Host, holder: str, field: AnyField) -> list[str]:
    """As many files as the question wants, with it in their name."""
    content, name = (JPEG, f"{WICKED[:60]}.jpg") if isinstance(field, Photo) else (PDF, f"{WICKED[:60]}.pdf")
    files = [await receive_file(host, holder, field.code, name, content) for _ in range(field.least)]
    return [each.id for each in files if isinstance(each, Attachment)]


def wicked(request_type: RequestType, random: Random, today: date, files: dict[str, list[str]]) -> dict[str, Any]:
    """A submission with it in every text and in the names of those files that some answers need."""
    given = submission_for(request_type, random, today=today).native
    for field in request_type.form.fields():
        if isinstance(field, LongText | ShortText) and not getattr(field, "pattern", ""):
            given["answers"][field.code] = WICKED[: field.max_length]
        if isinstance(field, File | Photo):
            given["answers"].pop(field.code, None)
            given["answers"] |= {field.code: files[field.code]} if field.code in files else {}
    if "place" in given:
        given["place"] = {"lon": -73.5807, "lat": 45.5236, "address": WICKED[:200], "words": WICKED[:200]}
    if given["requester"].get("name"):
        given["requester"]["name"] = WICKED[:120]
    return given


async def walked(http: httpx.AsyncClient, begin: list[str]) -> dict[str, tuple[str, str]]:
    """Every page that links lead to, by path: the kind of thing it is, and its text."""
    waiting, seen = deque(begin), dict[str, tuple[str, str]]()
    tried, of_a_kind = set(begin), Counter[str]()
    while waiting:
        path = waiting.popleft()
        of_a_kind[VARIES.sub("*", path)] += 1
        if of_a_kind[VARIES.sub("*", path)] > OF_A_KIND and path not in begin:
            continue
        answer = await http.get(path)
        kind = answer.headers.get("content-type", "").split(";")[0]
        if answer.status_code != 200 or kind.startswith(("image/", "font/", "text/css", "text/javascript")):
            continue
        seen[path] = (kind, answer.text)
        for link in links_of(answer.text) if kind == MARKUP else ():
            address = urljoin(str(answer.url), link)
            parts = urlsplit(address)
            short = parts.path + (f"?{parts.query}" if parts.query else "")
            if parts.netloc == urlsplit(str(http.base_url)).netloc and short not in tried and "en-direct" not in short:
                tried.add(short)
                waiting.append(short)
    return seen


def links_of(source: str) -> list[str]:
    tree = html5lib.parse(source, namespaceHTMLElements=False)
    found = [each.get("href") for each in tree.iter() if each.tag in ("a", "link")]
    return [*filter(None, found), *filter(None, (each.get("src") for each in tree.iter("iframe")))]


def alive(kind: str, body: str) -> list[str]:
    """What has become more than letters."""
    if kind == MARKUP:
        return alive_in_markup(body)
    if kind == TABLES:
        cells = [cell for row in csv.reader(io.StringIO(body.removeprefix("\ufeff")), delimiter=";") for cell in row]
        return [cell for cell in cells if cell[:1] in ("=", "+", "@", "\t", "\r") or cell.startswith("-cmd")]
    if kind in FEEDS:
        # RSS is read as HTML; in Atom only what says that it is.
        every = ElementTree.fromstring(body).iter()  # noqa: S314 - our own feed
        texts = [each.text or "" for each in every if kind.endswith("rss+xml") or "html" in each.get("type", "")]
        return [found for text in texts for found in alive_in_markup(text)]
    if kind == "text/calendar":
        return [line for line in body.splitlines() if line.lower().startswith("bcc")]
    if kind.endswith("json"):
        json.loads(body)
    return []


def alive_in_markup(source: str) -> list[str]:
    wrong = [COMPUTED] if COMPUTED in source else []
    for each in html5lib.parse(source, namespaceHTMLElements=False).iter():
        if isinstance(each.tag, str):
            given: dict[str, Any] = dict(each.items())
            if given.get("id") == PLANTED or any(name.startswith("on") for name in given):
                wrong.append(f"<{each.tag} {given}>")
            if any(str(given.get(name, "")).lower().startswith("javascript:") for name in ("href", "src", "action")):
                wrong.append(f"<{each.tag} {given}>")
    return wrong


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        (MARKUP, f"<p>{WICKED}</p>"),
        (MARKUP, f'<a href="javascript:{PLANTED}()">ici</a>'),
        (MARKUP, f'<p onmouseover="{PLANTED}()">'),
        (MARKUP, f"<p>{COMPUTED}</p>"),
        (TABLES, "reference;words\nA;=cmd|'/c calc'!A1\n"),
        (FEEDS[0], f"<feed><title type='html'>&lt;script id={PLANTED}&gt;</title></feed>"),
        (FEEDS[1], f"<rss><description>&lt;script id={PLANTED}&gt;</description></rss>"),
        ("text/calendar", "SUMMARY:x\r\nBcc: x@exemple.org"),
    ],
)
def test_what_comes_alive_would_be_found(kind: str, body: str):
    assert alive(kind, body)
