"""A town with three services, and a browser without scripts that fills in forms as a person does."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from html.parser import HTMLParser
from types import ModuleType
from typing import Any
from urllib.parse import urljoin

import httpx
import pytest
from litestar import Litestar

from parvis.app import create_app
from parvis.composition import Host
from parvis.db.opening import open_engine
from parvis.example_towns import town_folder
from parvis.files import LocalFiles
from parvis.house import Found
from parvis.modules import ModuleRegistry
from parvis.requests.actors import Actor
from parvis.requests.attached.antivirus import UploadGuard
from parvis.requests.counter import HostCounter
from parvis.requests.declarations import Declarations
from parvis.requests.lifecycle import make_move
from parvis.settings import Settings
from parvis.testing.browsing import served
from parvis.testing.modules import switch
from parvis_sdk.conditions import All, Is
from parvis_sdk.eligibility import Eligibility, Verdict
from parvis_sdk.fields import (
    PUBLIC,
    Consent,
    File,
    Group,
    LongText,
    Number,
    OneOf,
    Option,
    Photo,
    ShortText,
    YesNo,
)
from parvis_sdk.forms import Form, Section
from parvis_sdk.hooks import hookimpl
from parvis_sdk.request_types import (
    IdentityRule,
    PlaceRule,
    RequestType,
    Retention,
    ServiceLevel,
    Theme,
    Visibility,
)
from parvis_sdk.requests import Phase
from parvis_sdk.text import Text
from parvis_sdk.workflow import State, Transition, Workflow, reason_form

HOST = "http://127.0.0.1"
SECRET = "a secret of more than thirty-two characters"
ANA = Actor(kind="agent", id="ana", name="Ana Tremblay")
OTHER_HOST = "http://localhost"
HERE = {"place.address": "4563, rue Saint-Urbain", "place.lon": "-73.585", "place.lat": "45.522"}


def said(fr: str, en: str) -> Text:
    return Text(fr=fr, en=en)


LIFE = Workflow(
    states=(
        State(
            code="received",
            title=said("Reçue", "Received"),
            phase=Phase.RECEIVED,
            story=said("Nous l’avons reçue.", "We have received it."),
        ),
        State(code="working", title=said("En cours", "Under way"), phase=Phase.IN_PROGRESS),
        State(code="waiting", title=said("En attente", "Waiting"), phase=Phase.WAITING_FOR_YOU),
        State(code="repaired", title=said("Réparé", "Repaired"), phase=Phase.DECIDED),
        State(code="closed", title=said("Fermée", "Closed"), phase=Phase.CLOSED),
    ),
    transitions=(
        Transition(code="start", title=said("Commencer", "Start"), sources=("received",), target="working"),
        Transition(
            code="ask",
            title=said("Poser une question", "Ask"),
            sources=("working",),
            target="waiting",
            asks=reason_form(),
        ),
        Transition(
            code="answer",
            title=said("Répondre à la Ville", "Answer the town"),
            sources=("waiting",),
            target="working",
            by=("requester",),
            asks=reason_form(said("Votre réponse", "Your answer")),
        ),
        Transition(code="repair", title=said("Réparer", "Repair"), sources=("working",), target="repaired"),
        Transition(
            code="not_fixed",
            title=said("Ce n’est pas réparé", "It is not repaired"),
            sources=("repaired", "closed"),
            target="working",
            by=("requester",),
            asks=reason_form(required=False),
        ),
        Transition(code="close", title=said("Fermer", "Close"), sources=("repaired", "working"), target="closed"),
        Transition(
            code="withdraw",
            title=said("Retirer ma requête", "Withdraw my request"),
            sources=("received", "working", "waiting"),
            target="closed",
            by=("requester",),
            asks=reason_form(required=False),
            tone="warning",
        ),
    ),
)
STREETS = Theme(code="streets", title=said("Rues", "Streets"), slug=said("rues", "streets"), icon="road")
NEIGHBOURS = Theme(code="neighbours", title=said("Voisinage", "Neighbours"), slug=said("voisinage", "neighbours"))
SIZES = (
    Option(code="small", label=said("Petit", "Small")),
    Option(code="large", label=said("Grand", "Large")),
)
DO_WE_COME = Eligibility(
    title=said("Passons-nous?", "Do we come?"),
    asks=("size", "depth", "danger"),
    verdicts=(
        Verdict(
            code="small",
            means="not_needed",
            title=said("Nous le verrons bien", "We shall see it"),
            body=said("Rien à signaler.", "Nothing to report."),
            when=All(parts=(Is(field="size", value="small"), Is(field="danger", value=False))),
        ),
        Verdict(code="needed", title=said("Dites-le-nous", "Tell us"), body=said("Nous passerons.", "We will come.")),
    ),
)
HOLE = RequestType(
    code="hole",
    title=said("Nid-de-poule", "Pothole"),
    summary=said("Un trou dans la chaussée.", "A hole in the roadway."),
    slug=said("nid-de-poule", "pothole"),
    theme=STREETS,
    keywords=(said("cratère", "crater"),),
    prepare=said("L’endroit et une photo.", "The place and a photo."),
    eligibility=DO_WE_COME,
    form=Form(
        sections=(
            Section(
                code="what",
                title=said("Le trou", "The hole"),
                fields=(
                    OneOf(code="size", label=said("Quelle taille?", "What size?"), options=SIZES, privacy=PUBLIC),
                    Number(
                        code="depth",
                        label=said("Quelle profondeur?", "How deep?"),
                        least=1,
                        most=200,
                        show_when=Is(field="size", value="large"),
                    ),
                    YesNo(code="danger", label=said("Est-ce dangereux?", "Is it dangerous?"), privacy=PUBLIC),
                ),
            ),
            Section(
                code="danger_now",
                title=said("Le danger", "The danger"),
                fields=(LongText(code="why", label=said("Pourquoi?", "Why?"), max_length=300),),
                show_when=Is(field="danger", value=True),
            ),
            Section(
                code="more",
                title=said("Photos", "Photos"),
                fields=(
                    Photo(code="photos", label=said("Photos du trou", "Photos of the hole"), required=False, most=2),
                    File(code="papers", label=said("Documents", "Documents"), required=False, most=1),
                ),
            ),
        )
    ),
    workflow=LIFE,
    service_levels=(
        ServiceLevel(code="danger", title=said("Danger", "Danger"), hours=24, when=Is(field="danger", value=True)),
        ServiceLevel(code="usual", title=said("Réparation", "Repair"), business_days=5),
    ),
    retention=Retention(days=365),
)
LAMPS = RequestType(
    code="lamps",
    title=said("Lampadaires éteints", "Lights out"),
    summary=said("Un ou plusieurs lampadaires éteints.", "One or more street lights out."),
    slug=said("lampadaires", "lights"),
    theme=STREETS,
    form=Form(
        sections=(
            Section(
                code="which",
                title=said("Les lampadaires", "The lights"),
                fields=(
                    Group(
                        code="lamps",
                        label=said("Lampadaires", "Lights"),
                        item=said("Lampadaire", "Light"),
                        most=3,
                        fields=(
                            ShortText(code="number", label=said("Numéro", "Number")),
                            Photo(code="photo", label=said("Photo", "Photo"), required=False, most=1),
                        ),
                    ),
                    Consent(
                        code="agree",
                        label=said("Accord", "Agreement"),
                        statement=said("Je suis d’accord.", "I agree."),
                    ),
                ),
            ),
        )
    ),
    workflow=LIFE,
    place=PlaceRule(need="none"),
    identity=IdentityRule(modes=("named",)),
    retention=Retention(days=365),
)
NOISE = RequestType(
    code="din",
    title=said("Plainte de bruit", "Noise complaint"),
    summary=said("Un bruit qui dérange.", "A noise that disturbs."),
    slug=said("bruit", "noise"),
    theme=NEIGHBOURS,
    form=Form(
        sections=(
            Section(
                code="what",
                title=said("Le bruit", "The noise"),
                fields=(LongText(code="words", label=said("Quel bruit?", "What noise?")),),
            ),
        )
    ),
    workflow=LIFE,
    place=PlaceRule(need="optional"),
    identity=IdentityRule(modes=("confidential",)),
    occurrence=Form(
        sections=(
            Section(
                code="again",
                title=said("Encore", "Again"),
                fields=(ShortText(code="when", label=said("Quand?", "When?")),),
            ),
        )
    ),
    retention=Retention(days=90),
    visibility=Visibility(public=False),
)


def plugin_of(*types: RequestType) -> ModuleType:
    module = ModuleType("portal_town")

    @hookimpl
    def request_types() -> list[RequestType]:
        return list(types)

    module.request_types = request_types  # type: ignore[attr-defined]
    return module


class Forms(HTMLParser):
    """The forms of a page with everything a browser would send of them, and the words that are to be read."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.forms: list[dict[str, Any]] = []
        self.words: list[str] = []
        self._area = ""
        self._select: tuple[str, list[str]] | None = None
        self._silent = 0
        self.feed(html)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attributes}
        if tag in ("script", "style", "svg"):
            self._silent += 1
        if tag == "form":
            self.forms.append({"method": given.get("method", "get"), "action": given.get("action", ""), "fields": []})
        elif self.forms and given.get("name"):
            self.take(tag, given, "checked" in dict(attributes))
        if tag == "option" and self._select and "selected" in dict(attributes):
            self.forms[-1]["fields"].append((self._select[0], given.get("value", "")))

    def take(self, tag: str, given: dict[str, str], is_checked: bool) -> None:
        if tag == "textarea":
            self._area = given["name"]
            self.forms[-1]["fields"].append((self._area, ""))
        elif tag == "select":
            self._select = (given["name"], [])
        elif tag == "input" and is_sent(given.get("type", "text"), is_checked):
            self.forms[-1]["fields"].append((given["name"], given.get("value", "")))

    def handle_endtag(self, tag: str) -> None:
        if tag in ("script", "style", "svg"):
            self._silent -= 1
        if tag == "textarea":
            self._area = ""
        if tag == "select":
            self._select = None

    def handle_data(self, data: str) -> None:
        if self._area:
            name, before = self.forms[-1]["fields"][-1]
            self.forms[-1]["fields"][-1] = (name, (before + data).removeprefix("\n"))
        elif not self._silent and data.strip():
            self.words.append(data.strip())


def is_sent(kind: str, is_checked: bool) -> bool:
    return is_checked if kind in ("radio", "checkbox") else kind not in ("file", "submit")


class Browser:
    """One visitor with cookies, without scripts: opens pages, fills in the last form of a page, follows redirects."""

    def __init__(self, http: httpx.AsyncClient, host: str = HOST) -> None:
        self.http = http
        self.host = host
        self.page: httpx.Response = httpx.Response(0)

    @property
    def path(self) -> str:
        return self.page.url.path

    @property
    def text(self) -> str:
        return " ".join(Forms(self.page.text).words).replace("\u00a0", " ")

    @property
    def status(self) -> int:
        return self.page.status_code

    async def open(self, path: str, **headers: str) -> "Browser":
        self.page = await self.http.get(
            urljoin(self.host, path), follow_redirects=True, headers={"accept": "text/html", **headers}
        )
        return self

    def form(self, number: int = -1) -> dict[str, Any]:
        posts = [form for form in Forms(self.page.text).forms if form["method"] == "post"]
        assert posts, f"no form to send on {self.page.url}: {self.text[:300]}"
        return posts[number]

    async def send(
        self,
        values: dict[str, Any] | None = None,
        *,
        files: list[tuple[str, tuple[str, bytes, str]]] | None = None,
        form: int = -1,
        follow: bool = True,
        headers: dict[str, str] | None = None,
    ) -> "Browser":
        """Press the button: what stood in the form, with `values` in place of it (None takes a name out)."""
        filled = self.form(form)
        values = values or {}
        pairs = [(name, value) for name, value in filled["fields"] if name not in values]
        for name, value in values.items():
            several = value if isinstance(value, list) else [] if value is None else [value]
            pairs += [(name, one) for one in several]
        parts: list[Any] = [(name, (None, value.encode())) for name, value in pairs]
        parts += files or []
        self.page = await self.http.post(
            urljoin(str(self.page.url), filled["action"])
            if filled["action"]
            else str(self.page.url.copy_with(fragment=None)),
            files=parts,
            follow_redirects=follow,
            headers={"accept": "text/html", **(headers or {})},
        )
        return self


@pytest.fixture(scope="session")
def compiled_templates(tmp_path_factory: pytest.TempPathFactory) -> Any:
    return tmp_path_factory.mktemp("templates")


@pytest.fixture
def settings(database_url: str, tmp_path: Any, compiled_templates: Any) -> Settings:
    (compiled_templates / "cache").mkdir(exist_ok=True)
    (tmp_path / "cache").symlink_to(compiled_templates / "cache")
    return Settings(
        territory=town_folder(),
        secret_key=SECRET,
        base_url=HOST,
        data=tmp_path,
        database=database_url,
        worker=False,
    )


@pytest.fixture(scope="session")
def whole_app(compiled_templates: Any, modules: ModuleRegistry) -> Litestar:
    """The application made once; each test gives it a host of its own."""
    plugins = [Found.of("town", plugin_of(HOLE, LAMPS, NOISE)), Found.of("reports", plugin_of(REPORT))]
    settings = Settings(
        territory=town_folder(), secret_key=SECRET, base_url=HOST, data=compiled_templates, worker=False
    )
    return create_app(settings, plugins, modules=modules)


@pytest.fixture
async def url(app: Litestar) -> AsyncIterator[str]:
    """Where a real browser finds the town."""
    async with served(app) as address:
        yield address


@pytest.fixture
def app(whole_app: Litestar, settings: Settings) -> Litestar:
    host: Host = whole_app.state.host
    heart = replace(
        host.heart.without(Declarations, UploadGuard),
        engine=open_engine(settings.database_url),
        files=LocalFiles(settings.data / "files"),
    )
    whole_app.state.host = replace(host, settings=settings, heart=heart)
    return whole_app


REPORT = RequestType(
    code="report",
    title=said("Signalement", "Report"),
    summary=said("Signaler quelque chose.", "Report something."),
    slug=said("signalement", "report"),
    theme=STREETS,
    form=Form(
        sections=(
            Section(
                code="what", title=said("Quoi", "What"), fields=(LongText(code="words", label=said("Quoi?", "What?")),)
            ),
        )
    ),
    workflow=LIFE,
    place=PlaceRule(need="none"),
    retention=Retention(days=30),
)


@asynccontextmanager
async def visiting(app: Litestar) -> AsyncIterator[Callable[..., Browser]]:
    """As many visitors as one likes, each with cookies of their own."""
    transport = httpx.ASGITransport(app=app)
    async with app.lifespan():
        await switch(app.state.host.heart, "on")
        yield lambda host=HOST: Browser(httpx.AsyncClient(transport=transport), host)


@pytest.fixture
async def visitor(app: Litestar) -> AsyncIterator[Callable[..., Browser]]:
    async with visiting(app) as anyone:
        yield anyone


@pytest.fixture
def browser(visitor: Callable[..., Browser]) -> Browser:
    return visitor()


@pytest.fixture
def heart(app: Litestar) -> Any:
    return app.state.host.heart


@pytest.fixture
def jpeg() -> bytes:
    from io import BytesIO

    from PIL import Image

    content = BytesIO()
    Image.new("RGB", (640, 480), "#336699").save(content, "JPEG")
    return content.getvalue()


@pytest.fixture
async def submit(heart: Any, visitor: Any) -> Callable[..., Any]:
    async def submitted(type: str = "hole", **given: Any) -> Any:
        raw = {
            "language": "fr",
            "answers": {
                "hole": {"size": "small", "danger": False},
                "din": {"words": "Une scie."},
                "lamps": {"lamps": [{"number": "A-1"}], "agree": True},
            }[type],
            "place": {"lon": -73.5807, "lat": 45.5236, "address": "1234, rue Rachel Est"},
            "requester": {
                "mode": "confidential" if type == "din" else "named",
                "name": "Zoé Côté",
                "email": "zoe@exemple.ca",
                "phone": "514 555-0101",
            },
        }
        return await HostCounter(heart).submit("parvis", type, raw | given, channel="portal")

    return submitted


@pytest.fixture
async def opened(browser: Browser, submit: Any) -> tuple[Browser, Any]:
    """A browser on the private view of a fresh request."""
    receipt = await submit()
    await browser.open(f"/fr/suivi/{receipt.reference}?cle={receipt.key}")
    return browser, receipt


async def moved(heart: Any, reference: str, *codes: str, **raw: Any) -> None:
    for code in codes:
        await make_move(heart, reference, code, raw if code == codes[-1] else {}, actor=ANA, mover="agent")
