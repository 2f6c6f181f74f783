"""Somebody who files a request of any type without scripts, the clerk who takes it to its end, every word they meet.

`python -m tests.demo.every_word fr pothole noise` prints each of these words once, to be proofread.
"""

import asyncio
import io
import re
import sys
import tempfile
from collections.abc import Iterator
from contextlib import asynccontextmanager
from datetime import date
from functools import lru_cache
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import quote, urljoin

import httpx
import pikepdf
from litestar import Litestar
from lxml import html as pages
from PIL import Image

from parvis import clock
from parvis.app import create_app
from parvis.deployment import open_deployment
from parvis.example_towns import town_folder
from parvis.jurisdictions.calendars import is_business_day, local_day, next_business_day
from parvis.people.agents import Grant, add_agent
from parvis.people.roles import ROLES
from parvis.people.sessions import begin_session
from parvis.requests.offered import type_of
from parvis.requests.records import find
from parvis.settings import Settings
from parvis.worker.relay import Relay
from parvis_demo.answering import FormSource, answers_to
from parvis_demo.of_crews import crews_of_the_demo
from parvis_demo.prepare import prepare
from parvis_sdk.request_types import RequestType

HOST, TOWN = "http://127.0.0.1:8000", "parvis"
HOME = "4563, rue Saint-Urbain"
STORY = {"fr": "Voici la situation en détail.", "en": "Here is the situation in detail."}
START = re.compile(r"(Commencer|Start)\b")
EXAMPLE = re.compile(r"(?:Par exemple\s?:|For example:) ([^.]+)")
STEPS = (
    *("need_information", "triage", "check", "start_review", "accept", "first_letter", "plan_visit", "record_visit"),
    *("plan", "entrust", "start", "conclude", "approve", "settle", "find_founded", "resolve", "start_works", "conform"),
    *("issue", "grant", "grant_outright", "close"),
)
TASK, CHARGE, VISIT = (re.compile(f"/bureau/{part}") for part in ("taches/.", "requete/[^/]+/frais/", "visites/"))
SILENT, BLOCKS = {"script", "style", "svg", "template", "noscript"}, {"a", "em", "strong", "time", "span", "code", "b"}
MOST_PAGES = 30


def lines_of(html: str) -> list[str]:
    """What is to be read on a page, a line for each block; words in another language are left out."""
    lines, told = [], list[str]()

    def end() -> None:
        if line := " ".join("".join(told).split()):
            lines.append(line)
        told.clear()

    def read(part: Any) -> None:
        if not isinstance(part.tag, str) or part.tag in SILENT or part.get("hidden") is not None:
            return
        if part.tag != "html" and part.get("lang"):
            return
        if part.tag not in BLOCKS:
            end()
        told.append(part.text or "")
        for child in part:
            read(child)
            told.append(child.tail or "")
        if part.tag not in BLOCKS:
            end()

    read(parsed(html))
    end()
    return lines


@lru_cache(maxsize=8)
def parsed(html: str) -> Any:
    """A page as a tree, without comments; the last few are kept.

    libxml2 takes a thirteenth of the time of html5lib, which takes longer than to serve a page. Whether a page is
    written so that all who read it find the same tree is for the tour of every page to say.
    """
    return pages.document_fromstring(html.encode(), parser=pages.HTMLParser(encoding="utf-8", remove_comments=True))


def words_of(part: Any) -> str:
    return " ".join("".join(part.itertext()).split())


@asynccontextmanager
async def demo(folder: Path, database: str = "") -> Any:
    """The demo town without anybody’s requests."""
    settings = Settings(
        territory=town_folder(),
        secret_key="a secret of thirty-two characters",
        base_url=HOST,
        data=folder,
        **({"database": database} if database else {}),
        demo=True,
        worker=False,
        log_level="error",
        plugins={"notify": {"mode": "mailbox"}, **crews_of_the_demo()},
    )
    async with open_deployment(settings, migrating=True) as deployment:
        await prepare(deployment.host, counts={})
    app = create_app(settings)
    async with app.lifespan():
        yield app


class Walk:
    """One request from the list of services to its last step, in one language; `read` holds each page in turn."""

    def __init__(self, app: Litestar, kind: RequestType, language: str) -> None:
        self.app, self.language = app, language
        self.host = app.state.deployment.host
        self.town = self.host.jurisdictions.jurisdiction(TOWN)
        offered = type_of(self.host, self.town, kind.code)
        assert offered is not None, kind.code
        self.kind = offered
        self.today = local_day(self.town.calendar, clock.now())
        self.email = f"zoe.{kind.code}.{language}@exemple.ca".replace("_", "-")
        self.read: list[tuple[str, list[str]]] = []
        self.resident, self.clerk = self._browser(), self._browser()
        self.reference = self.link = ""
        self.letters: set[str] = set()

    def _browser(self) -> httpx.AsyncClient:
        transport = httpx.ASGITransport(app=self.app)
        return httpx.AsyncClient(
            transport=transport, base_url=HOST, follow_redirects=True, headers={"accept": "text/html"}, timeout=60
        )

    def keep(self, where: str, page: httpx.Response) -> httpx.Response:
        assert page.status_code < 500, f"{where}: {page.url}"
        self.read.append((where, lines_of(page.text)))
        return page

    async def file(self) -> None:
        """From the list of services to the receipt."""
        page = await self.resident.get(f"/{self.language}/services")
        title = self.kind.title.to(self.language)
        (address, *_) = [a.get("href") for a in _all(page, "a") if words_of(a).startswith(" ".join(title.split()))]
        page = self.keep("service", await self.resident.get(address))
        start = next((a for a in _all(page, "a") if START.match(words_of(a)) and "button" in a.get("class", "")), None)
        if start is not None:
            page = self.keep("form", await self.resident.get(start.get("href")))
        for _ in range(MOST_PAGES):
            if references := [
                e
                for e in _all(page, "span")
                if e.get("class") == "reference" and page.url.path.endswith(("/recu", "/receipt"))
            ]:
                self.reference = words_of(references[0])
                self.link = next(a.get("href") for a in _all(page, "a") if "?cle=" in a.get("href", ""))
                return
            form = [form for form in _all(page, "form") if form.get("method") == "post"][-1]
            buttons = [each for each in form.iter("button") if each.get("formnovalidate") is None]
            page = self.keep("form", await self._send(self.resident, page, form, buttons[-1], self._told()))
        raise AssertionError(f"{self.kind.code} never came to a receipt: {self.read[-1][1][:12]}")

    async def take_to_its_end(self) -> str:
        """Every step that the desk offers on the way; after each, both pages and the letters. The last state."""
        grants = tuple(Grant(role=role, jurisdiction=TOWN, unit="") for role in ROLES)
        name = f"clerk.{self.kind.code}.{self.language}@parvis.example"
        person = await add_agent(
            self.host.engine, email=name, name="Ana", password="x" * 20, grants=grants, language=self.language
        )
        self.clerk.cookies.set("parvis_session", await begin_session(self.host.engine, person.id, "Tests"))
        page, done = await self._look(), set[str]()
        while True:
            code = next((each for each in STEPS if each not in done and each in _steps(page)), "")
            if not code and not await self._do_what_is_due(page, done):
                break
            if not code:
                page = await self._look()
                continue
            done.add(code)
            asks = next(each for each in self.kind.workflow.transitions if each.code == code).asks
            form = _steps(page)[code]
            answers = {f"{code}.{name}": value for name, value in self._answers(asks).items()}
            button = next(form.iter("button"))
            self.keep(f"desk, {code}", await self._send(self.clerk, page, form, button, self._told() | answers))
            page = await self._look()
            if code == "need_information":
                await self._answer()
                page = await self._look()
        record = await find(self.host, self.reference)
        assert record is not None
        return record.state

    async def _do_what_is_due(self, desk: httpx.Response, done: set[str]) -> bool:
        """One opinion is given, one charge paid at the counter, or one visit made: whether there was any."""
        for address in dict.fromkeys(a.get("href", "") for a in _all(desk, "a")):
            if address in done or not (TASK.match(address) or CHARGE.match(address) or VISIT.match(address)):
                continue
            page = await self.clerk.get(address)
            if "html" not in page.headers["content-type"]:
                continue
            self.keep("desk, part", page)
            if VISIT.match(address) and not await self._plan(page):
                continue  # another visit comes first
            done.add(address)
            if VISIT.match(address):
                page = self.keep("visit", await self.clerk.get(address.replace("/visites/", "/terrain/")))
            if forms := [form for form in _all(page, "form") if _asks(form, "recommendation", "deed", ".finding")]:
                told = self._told() | {
                    "opinion.recommendation": "favourable",
                    "deed": "terminal",
                    "outcome": "made",
                    "note": "T-4471",
                }
                button = [*forms[0].iter("button")][-1]
                self.keep("desk, part", await self._send(self.clerk, page, forms[0], button, told))
                return True
        return False

    async def _plan(self, page: httpx.Response) -> bool:
        forms = [form for form in _all(page, "form") if form.get("action", "").endswith("/plan")]
        if forms:
            open_today = is_business_day(self.town.calendar, self.today)
            day = self.today if open_today else next_business_day(self.town.calendar, self.today)
            told = {"day": day.isoformat()}
            sent = await self._send(self.clerk, page, forms[0], next(forms[0].iter("button")), told)
            self.keep("desk, visit planned", sent)
        return bool(forms)

    async def _look(self) -> httpx.Response:
        await Relay(self.host).drain()
        self.keep("own page", await self.resident.get(self.link))
        mailbox = await self.resident.get(f"/demo/courriels?a={quote(self.email)}")
        for letter in [a.get("href") for a in _all(mailbox, "a") if "/demo/courriels/" in a.get("href", "")]:
            if letter not in self.letters:
                self.letters.add(letter)
                self.keep("letter", await self.resident.get(letter))
        return self.keep("desk", await self.clerk.get(f"/bureau/requete/{self.reference}"))

    async def _answer(self) -> None:
        page = await self.resident.get(self.link)
        forms = [form for form in _all(page, "form") if form.get("action", "").endswith("/answer")]
        if not forms:
            link = next(a.get("href") for a in _all(page, "a") if a.get("href", "").endswith("/answer"))
            page = self.keep("answer", await self.resident.get(link))
            forms = [form for form in _all(page, "form") if form.get("method") == "post"][-1:]
        await self._send(self.resident, page, forms[0], [*forms[0].iter("button")][-1], self._told())

    def _told(self) -> dict[str, Any]:
        """What this person says of themselves, of the place and of the matter, by the names of the fields."""
        place = {"place.address": HOME, "place.lon": "-73.5883", "place.lat": "45.51954"}
        return self._answers(self.kind.form) | place | {"email": self.email, "phone": "514 555-0101", "name": "Zoé"}

    def _answers(self, form: Any) -> dict[str, Any]:
        words = STORY[self.language]
        source = FormSource(
            words=words, facts={}, address=HOME, home=HOME, lon=-73.5883, lat=45.51954, email=self.email,
            phone="514 555-0101", today=self.today,
        )  # fmt: skip
        return dict(_named(answers_to(form, source, Random(5))))

    async def _send(
        self, browser: httpx.AsyncClient, page: httpx.Response, form: Any, button: Any, told: dict[str, Any]
    ) -> httpx.Response:
        told_days = [name.removesuffix(".year") for name in told if name.endswith(".year")]
        days = [tuple(int(told[f"{name}.{part}"]) for part in ("year", "month", "day")) for name in told_days]
        last = max((date(*day) for day in days), default=self.today)  # an end that nobody tells is none before it
        values, files = _filled(form, told, STORY[self.language], max(last, self.today).isoformat(), page)
        if button.get("name"):
            values.append((button.get("name"), button.get("value", "")))
        address = urljoin(str(page.url), button.get("formaction") or form.get("action") or page.url.path)
        if form.get("enctype") == "multipart/form-data":
            parts: list[Any] = [(name, (None, value.encode())) for name, value in values] + files
            return await browser.post(address, files=parts)
        held: dict[str, list[str]] = {}
        for name, value in values:
            held.setdefault(name, []).append(value)
        return await browser.post(address, data=held)


def _all(page: httpx.Response, tag: str | None = None) -> list[Any]:
    main = next(parsed(page.text).iter("main"))
    return [each for each in main.iter(tag) if isinstance(each.tag, str)]


def _steps(page: httpx.Response) -> dict[str, Any]:
    forms = [form for form in _all(page, "form") if "/etape/" in form.get("action", "")]
    return {form.get("action").rsplit("/", 1)[1]: form for form in forms}


def _asks(form: Any, *names: str) -> bool:
    return any((each.get("name") or "").endswith(names) for each in form.iter())


def _named(answers: dict[str, Any], within: str = "") -> Iterator[tuple[str, Any]]:
    """Answers by the names that fields have in a form; numbers are left to the examples beside the questions."""
    for code, value in answers.items():
        name = f"{within}{code}"
        if isinstance(value, bool):
            yield name, "yes" if value else "no"
        elif isinstance(value, list) and value and isinstance(value[0], dict):
            for number, one in enumerate(value):
                yield from _named(one, f"{name}.{number}.")
        elif isinstance(value, list):
            yield name, value
        elif isinstance(value, str) and (day := re.fullmatch(r"(\d{4})-0?(\d+)-0?(\d+)", value)):
            yield from zip((f"{name}.year", f"{name}.month", f"{name}.day"), day.groups(), strict=True)
        elif isinstance(value, str) and not re.fullmatch(r"[\d.]*", value):
            yield name, value


def _filled(form: Any, told: dict[str, Any], words: str, day: str, page: httpx.Response) -> tuple[list[Any], list[Any]]:
    """What is sent of a form: what is told where a field asks for it, what stands there, the example, or anything."""
    values, files, choices = [], list[Any](), dict[str, list[Any]]()
    by_id = {each.get("id"): each for each in _all(page) if each.get("id")}
    for each in form.iter():
        name, kind = each.get("name"), each.get("type", "text")
        if not name or each.tag not in ("input", "textarea", "select") or each.get("disabled") is not None:
            continue
        if kind in ("radio", "checkbox") and each.tag == "input":
            choices.setdefault(name, []).append(each)
        elif kind == "file":
            files.append((name, _sheet() if "pdf" in each.get("accept", "") else _photo()))
        elif each.tag == "select":
            offered = [option.get("value") for option in each.iter("option") if option.get("value")]
            values.append((name, told.get(name) if told.get(name) in offered else (offered or [""])[0]))
        elif each.tag == "textarea":
            values.append((name, told.get(name) or words))
        elif kind == "hidden":
            values.append((name, each.get("value") or told.get(name, "")))
        else:
            hints = " ".join(words_of(by_id[id]) for id in each.get("aria-describedby", "").split() if id in by_id)
            example = EXAMPLE.search(hints)
            usual = dict(zip(("year", "month", "day"), day.split("-"), strict=True)).get(name.rsplit(".", 1)[-1], "")
            number = "3" if each.get("inputmode") in ("numeric", "decimal") else ""
            values.append((name, told.get(name) or each.get("value") or usual or (example or ["", ""])[1] or number))
    for name, offered in choices.items():
        values += [(name, value) for value in _chosen(offered, told.get(name))]
    return values, files


def _chosen(offered: list[Any], told: Any) -> list[str]:
    codes = [each.get("value", "on") for each in offered]
    wanted = told if isinstance(told, list) else [told]
    if found := [code for code in codes if code in wanted]:
        return found
    if offered[0].get("type") == "checkbox" and len(offered) == 1 and told == "no":
        return []
    usual = [each.get("value", "on") for each in offered if each.get("checked") is not None]
    return usual or ["no" if "no" in codes else codes[0]]


def _photo() -> tuple[str, bytes, str]:
    held = io.BytesIO()
    Image.new("RGB", (640, 480), "#336699").save(held, "JPEG")
    return "photo.jpg", held.getvalue(), "image/jpeg"


def _sheet() -> tuple[str, bytes, str]:
    held = io.BytesIO()
    with pikepdf.new() as document:
        document.add_blank_page(page_size=(600, 800))
        document.save(held)
    return "plan.pdf", held.getvalue(), "application/pdf"


async def read_through(language: str, codes: list[str]) -> None:
    seen = set[str]()
    with tempfile.TemporaryDirectory() as folder:
        async with demo(Path(folder)) as app:
            for kind in app.state.deployment.host.plugins.request_types.values():
                if kind.opened_by == "town" or (codes and kind.code not in codes):
                    continue
                walk = Walk(app, kind, language)
                await walk.file()
                await walk.take_to_its_end()
                for where, lines in walk.read:
                    new = [line for line in lines if line not in seen]
                    sys.stdout.write("\n".join((f"\n## {kind.code}: {where}", *new, "")))
                    seen.update(lines)


if __name__ == "__main__":
    asyncio.run(read_through(sys.argv[1], sys.argv[2:]))
