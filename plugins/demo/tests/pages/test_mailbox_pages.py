"""The mailbox of a demonstration, seen through the whole application."""

from contextlib import asynccontextmanager

import httpx
import pytest
from msgspec.structs import replace

from parvis import clock
from parvis.app import create_app
from parvis.example_towns import town_folder
from parvis.outbox import letters
from parvis.settings import Settings
from parvis_testing.town import with_own_deployment


@pytest.fixture(scope="module")
def whole_app(tmp_path_factory, modules):
    """The application made once, and what it holds before its first call."""
    settings = Settings(
        territory=town_folder(),
        secret_key="a secret of thirty-two characters or more",
        data=tmp_path_factory.mktemp("whole"),
        worker=False,
        plugins={"notify": {"mode": "mailbox"}},
    )
    app = create_app(settings, plugins=[], modules=modules)
    return app, app.state.dict()


@pytest.fixture
def opened(database_url, tmp_path, whole_app):
    @asynccontextmanager
    async def open_app(demo=True):
        app, first = whole_app
        with_own_deployment(
            app, first, replace(first["deployment"].settings, data=tmp_path, database=database_url, demo=demo)
        )
        transport = httpx.ASGITransport(app=app)
        async with app.lifespan(), httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as http:
            yield http

    return open_app


def letter(id="l1", **more):
    return letters.Letter(
        **{
            "id": id,
            "channel": "email",
            "to": "zoe@exemple.ca",
            "subject": "Requête 7K3M-9QXT-4 : <reçue>",
            "text": "Bonjour,\n\nPour la suivre : https://parvis.example/fr/suivi/7K3M-9QXT-4?cle=abc\n",
            "html": "<!doctype html><html><head><title>x</title></head><body><script>alert(1)</script></body></html>",
            "headers": {"From": "Ville de Parvis <parvis@localhost>"},
            "language": "fr",
            "reference": "7K3M-9QXT-4",
            "at": clock.now(),
            **more,
        }
    )


async def test_letters_are_listed_and_can_be_looked_for(opened):
    async with opened() as http:
        await letters.keep(letter())
        await letters.keep(letter("l2", to="luc@exemple.ca", reference="AAAA-BBBB-C", subject="Autre"))
        everything = await http.get("/demo/courriels", headers={"accept": "text/html", "accept-language": "fr"})
        assert everything.status_code == 200
        assert "Courriels de la démonstration" in everything.text
        assert "&lt;reçue&gt;" in everything.text
        assert "Autre" in everything.text
        only = await http.get("/demo/courriels?a=luc@exemple.ca")
        assert "&lt;reçue&gt;" not in only.text
        assert "Autre" in only.text
        assert "Autre" not in (await http.get("/demo/courriels?q=7k3m-9qxt-4")).text


async def test_a_letter_is_shown_with_its_text_and_its_links(opened):
    async with opened() as http:
        await letters.keep(letter())
        page = await http.get("/demo/courriels/l1")
        assert page.status_code == 200
        assert '<a href="https://parvis.example/fr/suivi/7K3M-9QXT-4?cle=abc">' in page.text
        assert "alert(1)" not in page.text
        assert 'src="/demo/courriels/l1/html"' in page.text
        assert 'sandbox="allow-popups allow-popups-to-escape-sandbox"' in page.text
        assert (await http.get("/demo/courriels/nothing")).status_code == 404


async def test_the_html_of_a_letter_is_shut_in(opened):
    async with opened() as http:
        await letters.keep(letter())
        html = await http.get("/demo/courriels/l1/html")
        policy = html.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "sandbox allow-popups allow-popups-to-escape-sandbox" in policy
        assert "script-src" not in policy
        assert html.headers["x-frame-options"] == "SAMEORIGIN"
        assert '<base target="_blank">' in html.text


async def test_outside_a_demonstration_the_mailbox_is_closed(opened):
    async with opened(demo=False) as http:
        await letters.keep(letter())
        for path in ("/demo/courriels", "/demo/courriels/l1", "/demo/courriels/l1/html"):
            assert (await http.get(path)).status_code == 404


async def test_a_text_message_lies_beside_the_letters_with_what_it_takes(opened):
    async with opened() as http:
        taken = {"Alphabet": "UCS-2", "Units": "201", "Parts": "3"}
        text = "Ville de Parvis. Réglé.\nhttps://parvis.example/t/7K3M9QXT4x\n"
        await letters.keep(letter(channel="sms", to="+15145550101", html="", text=text, headers=taken))
        french = {"accept": "text/html", "accept-language": "fr"}
        listed = await http.get("/demo/courriels?a=%2B15145550101", headers=french)
        assert "Texto" in listed.text
        page = await http.get("/demo/courriels/l1", headers=french)
        assert page.status_code == 200
        assert "3 parties, 201 caractères (UCS-2)" in page.text
        assert "<iframe" not in page.text
        assert 'href="https://parvis.example/t/7K3M9QXT4x"' in page.text
