"""What a plugin shows of a request, as data that the host draws: to whom, in their language, and when it breaks."""

import asyncio
import re
import time
from dataclasses import replace
from datetime import UTC, date, datetime
from types import ModuleType

import pytest
from markupsafe import Markup
from msgspec import structs

from parvis.db import counted, transaction
from parvis.outbox import memory
from parvis.plugins import DiscoveredPlugin
from parvis.plugins.loading import load_plugins
from parvis.plugins.threads import PluginThreads
from parvis.requests import asked_panels
from parvis.requests.asked_plugins import AskedTroubles
from parvis.requests.locating import FAILURES
from parvis_sdk.contents import Amount, Fact, Facts, Link, Notice, Table, Words
from parvis_sdk.hooks import hookimpl
from parvis_sdk.panels import Panel
from parvis_sdk.text import Text
from parvis_testing.browsing import looking, served
from parvis_testing.desk import address, said

TITLE = Text(fr="Travaux", en="Public works")
NUMBER = Text(fr="Bon de travail", en="Work order")
ALL = ("desk", "requester", "public")
NEUTRAL = "This part of the page cannot be shown at the moment. The rest is not affected."


def plugin_with(*panels: Panel) -> ModuleType:
    module = ModuleType("crew_plugin")

    @hookimpl
    def declared() -> list[Panel]:
        return list(panels)

    module.panels = declared
    return module


def panel(show, **more) -> Panel:
    return Panel(**{"code": "works", "title": TITLE, "shown_to": ALL, "show": show, **more})


def showing(*contents):
    async def show(request, connection):
        return contents

    return show


@pytest.fixture
def having(desk):
    """The desk with a plugin that has these panels."""

    def plugged(*panels: Panel, threads: PluginThreads | None = None) -> None:
        loaded = load_plugins(
            [DiscoveredPlugin.of("crew", plugin_with(*panels), distribution="parvis-crew", version="1")]
        )
        assert [str(each) for each in loaded.troubles if each.severe] == []
        old = desk.app.state.deployment
        plugins = structs.replace(
            old.host.plugins, panels=loaded.panels, by_name={**old.host.plugins.by_name, **loaded.by_name}
        )
        host = replace(old.host, plugins=plugins)
        host = host.having(threads) if threads else host
        desk.app.state.deployment, desk.host = replace(old, host=host), host

    return plugged


@pytest.fixture
async def hole(desk):
    return await desk.request("hole", "roads")


async def at_desk(desk, hole):
    clerk = await desk.signed_in()
    await clerk.get(address(hole))
    assert clerk.page.status_code == 200
    return clerk


async def as_requester(desk, language="fr"):
    raw = {
        "language": language,
        "answers": {"danger": False, "words": "Un gros trou"},
        "place": {"lon": -73.5807, "lat": 45.5236, "address": "1234, rue Rachel Est"},
        "requester": {"mode": "named", "name": "Zoé Côté", "email": "zoe@exemple.ca"},
    }
    receipt = await desk.counter.submit("parvis", "hole", raw, channel="portal")
    way = {"fr": "/fr/suivi", "en": "/en/track"}[language]
    visitor = desk.browser()
    await visitor.get(f"{way}/{receipt.reference}?cle={receipt.key}")
    assert visitor.page.status_code == 200
    return visitor


async def test_panels_are_drawn_at_the_desk_and_for_the_requester_in_their_language(desk, having, hole):
    day, at = date(2026, 12, 1), datetime(2026, 12, 1, 19, 30, tzinfo=UTC)
    having(
        panel(
            showing(
                Facts(
                    rows=(
                        Fact(label=NUMBER, value="BT-104"),
                        Fact(label=Text(fr="Prévu", en="Planned"), value=day),
                        Fact(label=Text(fr="Vu", en="Seen"), value=at),
                        Fact(label=Text(fr="Coût", en="Cost"), value=Amount(cents=123450)),
                        Fact(label=Text(fr="Nombre", en="Count"), value=1500),
                    )
                ),
                Table(
                    caption=Text(fr="Étapes", en="Steps"),
                    columns=(Text(fr="Étape", en="Step"), Text(fr="Jour", en="Day")),
                    rows=((Text(fr="Asphalte", en="Asphalt"), day),),
                ),
                Words(text=Text(fr="Une équipe est en route.", en="A crew is on its way.")),
                Notice(text=Text(fr="La rue est fermée.", en="The street is closed."), tone="warn"),
                Link(text=Text(fr="Suivre", en="Follow"), url="https://works.example.org/orders/104?a=b"),
            )
        )
    )
    clerk = await at_desk(desk, hole)
    french = await as_requester(desk)
    english = await as_requester(desk, "en")
    for page in (clerk, french):
        for words in (
            "Travaux",
            "BT-104",
            "1er décembre 2026",
            "Asphalte",
            "Une équipe est en route.",
            "La rue est fermée.",
        ):
            assert words in page.text
        for words in ("1234,50 $", "1500"):
            assert words in re.sub("[\u00a0\u202f]", " ", page.text).replace("1 ", "1")
        assert "works.example.org" in page.text
        assert "<caption>Étapes</caption>" in page.page.text
        assert '<th scope="col">Jour</th>' in page.page.text
        assert '<th scope="row">Asphalte</th>' in page.page.text
        assert 'href="https://works.example.org/orders/104?a=b" rel="external noopener noreferrer"' in page.page.text
    for words in ("Public works", "Work order", "December 1, 2026", "A crew is on its way.", "$1,234.50"):
        assert words in english.text


async def test_a_panel_is_shown_to_whom_it_names_and_on_its_types(desk, having, hole):
    words = {name: Words(text=Text(fr=f"Mots pour {name}", en="Words")) for name in (*ALL, "lamps", "nothing")}
    having(
        *(panel(showing(words[name]), code=f"to_{name}", shown_to=(name,)) for name in ALL),
        panel(showing(words["lamps"]), code="lamps", types=("lamps",)),
        panel(showing(), code="nothing", title=Text(fr="Boîte vide", en="Empty box")),
    )
    clerk, visitor = await at_desk(desk, hole), await as_requester(desk)
    assert "Mots pour desk" in clerk.text
    assert "Mots pour requester" in visitor.text
    for page in (clerk, visitor):
        assert page.text.count("Mots pour") == 1
        assert "Boîte vide" not in page.text


async def test_a_public_page_shows_what_is_for_everybody_and_a_panel_there_knows_what_everybody_does(desk, having):
    told = []

    async def show(request, connection):
        told.append(request)
        return (Words(text=Text(fr="Mots pour tous", en="Words for all")),)

    having(
        panel(show, shown_to=("public",)),
        panel(showing(Words(text=TITLE)), code="desk", shown_to=("desk", "requester")),
    )
    record = await desk.request("hole", "roads")
    visitor = desk.browser()
    await visitor.get(f"/fr/requete/{record.reference}")
    assert visitor.page.status_code == 200
    assert visitor.text.count("Mots pour tous") == 1
    assert "Travaux" in visitor.text
    (request,) = told
    assert request.requester is None
    assert (request.channel, request.unit, request.external_references) == ("", "", {})
    assert "Un gros trou" not in str(request.answers)  # typed freely, and read by nobody of the town yet


@pytest.mark.browser
async def test_a_wide_table_of_a_plugin_stands_in_rows_and_columns(chromium, desk, having, hole):
    """Its name for narrow screens is no other piece's, whose look it would take on."""
    columns = (NUMBER, Text(fr="Jour", en="Day"), Text(fr="Équipe", en="Crew"))
    having(panel(showing(Table(caption=TITLE, columns=columns, rows=(("BT-1", date(2026, 12, 1), "Voirie"),)))))
    async with (
        served(desk.app, lifespan=False) as url,
        looking(chromium, url, viewport={"width": 1280, "height": 900}) as page,
    ):
        await page.goto(f"/fr/requete/{hole.reference}")
        drawn = page.get_by_role("table", name="Travaux")
        assert await drawn.evaluate("table => getComputedStyle(table).display") == "table"
        await page.set_viewport_size({"width": 360, "height": 800})
        assert await drawn.locator("td").first.evaluate("cell => getComputedStyle(cell).display") != "table-cell"


async def test_a_panel_is_never_given_the_memory_of_another_plugin(desk, having, hole):
    told = []

    async def show(request, connection):
        told.append((request.remembered, connection.remembered))
        return ()

    having(panel(show, connector="stranger"))
    async with transaction(desk.host.engine):
        await memory.remember("stranger", "word", "secret", reference=hole.reference)
        await memory.remember("stranger", "word", "secret")
        await memory.remember("crew", "word", "own", reference=hole.reference)
    await at_desk(desk, hole)
    assert told == [({"word": "own"}, {})]


async def test_without_panels_the_page_asks_the_database_for_nothing_more(desk, having, hole):
    clerk = await at_desk(desk, hole)
    with counted() as before:
        await clerk.get(address(hole))
    having(panel(showing(Words(text=TITLE)), types=("lamps",)))
    with counted() as after:
        await clerk.get(address(hole))
    assert after.count == before.count


async def test_a_panel_knows_no_more_than_who_looks(desk, having):
    told = {}

    async def show(request, connection):
        told[len(told)] = request
        return (Words(text=TITLE),)

    async def know(request, connection):
        told["needs"] = request
        return (Words(text=TITLE),)

    having(
        panel(show, shown_to=("desk", "requester")),
        panel(know, code="know", shown_to=("desk",), needs=("contact", "personal")),
    )
    quarrel = await desk.request("quarrel", "roads")
    await at_desk(desk, quarrel)
    assert told[0].requester is None
    assert told["needs"].requester is None  # nobody of the desk sees who it is without a reveal
    visitor = await as_requester(desk)
    assert "Travaux" in visitor.text
    for request in told.values():
        for link in ("tracking_url", "view_url", "stop_url", "short_url", "short_stop_url", "settled_url"):
            assert getattr(request, link) == ""
        assert request.parties == request.followers == ()


@pytest.mark.parametrize(
    ("contents", "what"),
    [
        ("<b>words</b>", "str"),
        (("words",), "str"),
        ((Words(text="words"),), "Text"),
        ((Words(text=Text(fr=Markup("<b>gras</b>"))),), "Text"),
        ((Words(text=Text(fr=" ")),), "French"),
        ((Facts(rows=(Fact(label=NUMBER, value=1.5),)),), "float"),
        ((Facts(rows=(Fact(label=NUMBER, value=Markup("<b>gras</b>")),)),), "Markup"),
        ((Facts(rows=(Fact(label=NUMBER, value=10**400),)),), "large"),
        ((Facts(rows=(Fact(label=NUMBER, value=date(1, 1, 1)),)),), "far off"),
        ((Facts(rows=(Fact(label=NUMBER, value=datetime(2026, 1, 1)),)),), "time zone"),  # noqa: DTZ001
        ((Table(caption=TITLE, columns=(TITLE,), rows=((1, 2),)),), "cells"),
        ((Table(caption=TITLE, columns=(TITLE,) * 9, rows=()),), "most is"),
        ((Link(text=TITLE, url="javascript:alert(1)"),), "https"),
        ((Link(text=TITLE, url="https://good.example@evil.example/"),), "https"),
        ((Link(text=TITLE, url='https://x.example/" onclick="alert(1)'),), "https"),
        ((Notice(text=TITLE, tone="pink"),), "tone"),
        ((Words(text=TITLE),) * 500, "most is"),
        (None, "NoneType"),
    ],
)
async def test_an_answer_of_something_else_leaves_the_panel_out_and_tells_operators(desk, having, hole, contents, what):
    async def show(request, connection):
        return contents

    having(panel(show))
    clerk, visitor = await at_desk(desk, hole), await as_requester(desk)
    assert "crew" in clerk.text
    assert "gras" not in clerk.page.text
    assert said(NEUTRAL) in visitor.text
    assert "crew" not in visitor.text
    (trouble,) = desk.host.of(AskedTroubles)
    assert what in str(trouble)
    assert "test_panels_of_plugins" in str(trouble) or "crew (parvis-crew 1)" in str(trouble)


async def test_what_looks_like_html_is_read_as_it_is_written(desk, having, hole):
    evil = Text(fr="<script>alert(1)</script>", en="<i>x</i>")
    rows = ((evil, '"><img src=x onerror=alert(1)>'),)
    having(
        panel(
            showing(Words(text=evil), Notice(text=evil), Table(caption=evil, columns=(evil, evil), rows=rows)),
            title=evil,
        )
    )
    for page in (await at_desk(desk, hole), await as_requester(desk)):
        assert "<script>alert" not in page.page.text
        assert "<img src=x" not in page.page.text
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page.page.text


async def test_a_flood_is_cut_and_says_how_much_there_is(desk, having, hole):
    rows = tuple((f"BT-{number}",) for number in range(100_000))
    odd = Text(fr="\ud800\x00bon" + "x" * 1_000_000, en="x")
    having(panel(showing(Table(caption=TITLE, columns=(NUMBER,), rows=rows), Words(text=odd))))
    clerk = await at_desk(desk, hole)
    assert len(clerk.page.text) < 200_000
    assert "BT-49" in clerk.text
    assert "BT-50" not in clerk.text
    assert "99950" in re.sub(r"\s", "", clerk.text)


async def test_panels_are_asked_side_by_side_and_who_is_late_is_left_out(desk, having, hole):
    async def slow(request, connection):
        await asyncio.sleep(0.2)
        return (Words(text=Text(fr="Presque à l’heure", en="Nearly in time")),)

    async def hangs(request, connection):
        await asyncio.sleep(60)

    having(
        *(panel(slow, code=f"slow_{number}", shown_to=("desk",)) for number in range(5)),
        panel(hangs, code="hangs", shown_to=("desk",)),
    )
    clerk = await at_desk(desk, hole)
    assert clerk.text.count("Presque à l’heure") == 5
    assert clerk.text.count("crew") == 1
    (trouble,) = desk.host.of(AskedTroubles)
    assert "it did not answer within 0.3 s" in str(trouble)


async def test_a_panel_that_raises_again_and_again_is_left_alone_for_a_while(desk, having, hole):
    asked = []

    async def raises(request, connection):
        asked.append("raises")
        raise LookupError("the words of the exception")

    having(panel(raises))
    clerk = await at_desk(desk, hole)
    for _ in range(FAILURES + 1):
        await clerk.get(address(hole))
        assert clerk.page.status_code == 200
    assert "the words of the exception" not in clerk.page.text
    assert len(asked) == FAILURES
    (trouble,) = desk.host.of(AskedTroubles)
    assert "it raised LookupError: the words of the exception" in str(trouble)


async def test_a_panel_that_blocks_its_thread_stops_nobody(desk, having, hole):
    async def blocks(request, connection):
        time.sleep(1)  # noqa: ASYNC251  what must stop nobody

    threads = PluginThreads()
    having(panel(blocks), threads=threads)
    clerk = await at_desk(desk, hole)
    assert hole.reference in clerk.text
    (trouble,) = desk.host.of(AskedTroubles)
    assert "it did not answer within 0.3 s" in str(trouble)
    await threads.close()


async def test_operators_read_what_is_wrong_with_a_panel_until_it_works(desk, having, hole):
    works = []

    async def show(request, connection):
        if not works:
            raise LookupError("the words of the exception")
        return (Words(text=TITLE),)

    having(panel(show))
    clerk = await at_desk(desk, hole)
    operator = await desk.signed_in("operator")
    await operator.get("/exploitation/extensions")
    assert "the words of the exception" in operator.text
    works.append(True)
    await clerk.get(address(hole))
    await operator.get("/exploitation/extensions")
    assert "the words of the exception" not in operator.text


@pytest.mark.parametrize(
    ("wrong", "what"),
    [
        ({"code": "No Code"}, "no usable code"),
        ({"title": Text(fr="")}, "no words in French"),
        ({"shown_to": ()}, "nobody"),
        ({"shown_to": ("everybody",)}, "nobody"),
        ({"needs": ("followers",), "shown_to": ("desk",)}, "cannot need 'followers'"),
        ({"needs": ("contact",)}, "what everybody sees needs contact"),
        ({"show": lambda request, connection: ()}, "not async"),
        ({"types": "hole"}, "no tuple"),
    ],
)
def test_a_wrong_declaration_leaves_the_plugin_out_with_a_sentence(wrong, what):
    given = panel(showing())
    plugins = load_plugins([DiscoveredPlugin.of("crew", plugin_with(structs.replace(given, **wrong)))])
    assert what in " ".join(map(str, plugins.troubles)).replace("is not a tuple", "is no tuple")
    assert "crew" not in plugins.by_name


def test_the_limit_is_that_of_the_sdk():
    assert asked_panels.SECONDS == 0.3
