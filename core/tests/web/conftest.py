"""A small application that wears the shell around a few pages of its own."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
from litestar import Litestar, Request, Response, get, post
from litestar.params import FromQuery, JSONBody
from litestar.response import ServerSentEvent
from litestar.response.sse import ServerSentEventMessage

from parvis.app import shell
from parvis.jurisdictions import Jurisdictions
from parvis.web.around import around
from parvis.web.mapping import ASKED_BY_TEMPLATES
from parvis.web.pages import Pages, render
from parvis.web.places import Nouns
from parvis.web.security import protect_forms
from parvis.web.typed import typed
from parvis_sdk.fields import AnyField
from parvis_sdk.forms import Form, Section
from parvis_sdk.problems import Problems
from parvis_sdk.text import Text
from parvis_testing.jurisdictions import example_towns
from parvis_testing.known_addresses import knowing_host

AnyRequest = Request[Any, Any, Any]
Opened = Callable[..., Any]
TEMPLATES = {
    "live.html": """{% extends "page.html" %}
        {% block content %}<h1>{{ words }}</h1><div data-live="/nouvelles">
        <p data-live-part="state">{{ words }}</p>
        <div data-live-part="answer"><label for="a">Réponse</label><input id="a" value="{{ words }}"></div></div>
        {% endblock %}""",
    "queue.html": """{% extends "layouts/desk.html" %}
        {% from "macros/pieces.html" import table, search_box %}
        {% block title %}File{% endblock %}
        {% block content %}<h1>File</h1>
        {{ search_box("#", "Chercher") }}
        <button class="button" hidden data-shortcuts-open>Raccourcis</button>
        <a class="button" href="#new" data-key-new>Nouvelle requête</a>
        <div class="moves"><details><summary>Attribuer</summary>
        <label>À <input data-key-assign></label></details></div>
        {% call table("File", true, "queue") %}<thead><tr><th scope="col">Référence</th></tr></thead>
        <tbody>{% for row in (1, 2, 3) %}
        <tr data-row><th scope="row"><a href="#r{{ row }}">{{ row }}</a></th></tr>{% endfor %}
        </tbody>{% endcall %}{% endblock %}""",
    "plain.html": '{% extends "page.html" %}{% block content %}<h1>{{ words }}</h1>{% endblock %}',
    "form.html": """{% extends "layouts/narrow.html" %}
        {% from "macros/fields.html" import questions, error_summary, csrf, button %}
        {% block title %}Formulaire{% endblock %}
        {% block narrow %}
        {{ error_summary(problems) }}
        <h1>Formulaire</h1>
        <form method="post" enctype="multipart/form-data" novalidate>{{ csrf(page) }}
        {{ questions(page, fields, values, problems, kept=kept) }}
        {{ button("Envoyer") }}</form>
        {% endblock %}""",
}


@pytest.fixture(scope="session")
def jurisdictions() -> Jurisdictions:
    return example_towns()


@pytest.fixture
def pages(jurisdictions: Jurisdictions, tmp_path) -> Pages:
    for name, source in TEMPLATES.items():
        (tmp_path / name).write_text(source, encoding="utf-8")
    return Pages(
        jurisdictions=jurisdictions,
        asked=ASKED_BY_TEMPLATES,
        secret=b"a secret of forty characters or so, kept",
        town_templates=tmp_path,
        compiled=tmp_path,
    )


def application(pages: Pages, fields: tuple[AnyField, ...] = ()) -> Litestar:
    """Pages that greet, that ask `fields`, that break, and one that streams."""
    form = Form(sections=(Section(code="all", title=Text(fr="Tout"), fields=fields),))
    said: list[dict[str, Any]] = []

    @get(["/{language:str}/bonjour", "/bonjour"], sync_to_thread=False)
    def hello(request: AnyRequest, words: FromQuery[str] = "Bonjour") -> object:
        return render(request, "plain.html", words=words)

    @get("/{language:str}/formulaire", sync_to_thread=False)
    def ask(request: AnyRequest) -> object:
        return render(request, "form.html", fields=fields, values={}, problems=None, kept={})

    @post("/{language:str}/formulaire", before_request=protect_forms)
    async def take(request: AnyRequest) -> object:
        sent = await typed(request)
        said.append(sent.values)
        read = form.read(sent.values)
        problems = read if isinstance(read, Problems) else None
        status = 422 if problems else 200
        values = {"fields": fields, "values": sent.values, "problems": problems, "kept": {}}
        return render(request, "form.html", status=status, **values)

    @post("/api/v1/things")
    async def things(data: JSONBody[dict[str, Any]]) -> dict[str, Any]:
        return data

    @get("/{language:str}/file", sync_to_thread=False)
    def queue(request: AnyRequest) -> object:
        return render(request, "queue.html")

    @get("/fr/vivant", sync_to_thread=False)
    def live(request: AnyRequest) -> object:
        return render(request, "live.html", words=app.state.news)

    @get("/nouvelles", sync_to_thread=False)
    def news() -> ServerSentEvent:
        return ServerSentEvent(announcements(app))

    @get("/casse", sync_to_thread=False)
    def broken() -> str:
        raise LookupError("the words of the exception")

    @get("/flux", sync_to_thread=False)
    def stream() -> ServerSentEvent:
        return ServerSentEvent(iter(["un", "deux"]))

    @get("/sw.js", sync_to_thread=False)
    def worker() -> Response[str]:
        """The portal's own belongs to the portal; pages for residents ask for one."""
        return Response("", media_type="text/javascript")

    worn = shell()
    app = Litestar(
        route_handlers=[*worn.route_handlers, hello, ask, take, things, queue, live, news, broken, stream, worker],
        exception_handlers=worn.exception_handlers,
        openapi_config=None,
        logging_config=None,
    )
    app.asgi_handler = around(app.asgi_handler, pages, {})
    app.state.update({"pages": pages, "said": said, "news": "avant", "told": asyncio.Queue()})
    app.state.update({"deployment": SimpleNamespace(host=knowing_host()), "nouns": Nouns(())})
    return app


async def announcements(app: Litestar) -> AsyncIterator[ServerSentEventMessage]:
    """Each thing that is told, until nothing is: then the stream is over, and the browser comes back at once."""
    yield ServerSentEventMessage(comment="here", retry=100)
    while event := await app.state.told.get():
        yield ServerSentEventMessage(event=event, data="1")


@asynccontextmanager
async def opened(app: Litestar, **options: Any) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    options = {"base_url": "https://parvis.test", "headers": {"accept": "text/html"}} | options
    async with app.lifespan(), httpx.AsyncClient(transport=transport, **options) as client:
        yield client


@pytest.fixture
def app(pages: Pages) -> Litestar:
    return application(pages)


@pytest.fixture
async def client(app: Litestar) -> AsyncIterator[httpx.AsyncClient]:
    async with opened(app) as client:
        yield client
