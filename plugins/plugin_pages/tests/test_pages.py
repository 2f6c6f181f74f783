"""Pages of plugins: drawn from data for whom they are for, with filters and leaves, and honest when a plugin breaks."""

import asyncio
import re
from dataclasses import replace
from types import ModuleType

import pytest
from msgspec import structs

from parvis.db import transaction
from parvis.outbox import memory
from parvis.plugins import DiscoveredPlugin
from parvis.plugins.loading import load_plugins
from parvis.requests.asked_plugins import AskedTroubles
from parvis.requests.locating import FAILURES
from parvis_sdk.contents import Fact, Facts, Heading, RequestReference, Table, Words
from parvis_sdk.fields import LongText, OneOf, Option, ShortText
from parvis_sdk.hooks import hookimpl
from parvis_sdk.pages import Page
from parvis_sdk.text import Text

TITLE, NUMBER = Text(fr="Bons de travail", en="Work orders"), Text(fr="Numéro", en="Number")
SIDE = OneOf(
    code="side",
    label=Text(fr="Côté", en="Side"),
    required=False,
    options=(Option(code="even", label=Text(fr="pair", en="even")), Option(code="odd", label=Text(fr="impair"))),
)
HERE = "/bureau/pages/crew/orders"


def page(show, **more) -> Page:
    return Page(**{"code": "orders", "title": TITLE, "shown_to": ("desk",), "roles": ("agent",), "show": show, **more})


def showing(*contents):
    async def show(view, connection):
        return contents

    return show


def loaded(*pages: Page):
    module = ModuleType("crew_plugin")

    @hookimpl
    def declared() -> list[Page]:
        return list(pages)

    module.pages = declared
    return load_plugins([DiscoveredPlugin.of("crew", module, distribution="parvis-crew", version="1")])


@pytest.fixture
def having(desk):
    """The desk with a plugin that has these pages."""

    def plugged(*pages: Page) -> None:
        found = loaded(*pages)
        assert [str(each) for each in found.troubles] == []
        old = desk.app.state.deployment
        brought = {**old.host.plugins.by_name, **found.by_name}
        host = replace(old.host, plugins=structs.replace(old.host.plugins, pages=found.pages, by_name=brought))
        desk.app.state.deployment, desk.host = replace(old, host=host), host

    return plugged


async def test_a_page_has_a_line_in_the_menu_and_opens_for_the_roles_that_it_names(desk, having):
    having(page(showing(Heading(text=NUMBER), Words(text=Text(fr="Deux équipes", en="Two crews")))))
    agent, observer = await desk.signed_in("agent"), await desk.signed_in("observer", name="Luc Roy")
    await agent.get("/bureau")
    assert f'href="{HERE}"' in agent.page.text
    await agent.get(HERE)
    assert agent.page.status_code == 200
    assert re.search(r"<h1>Bons de travail</h1>", agent.page.text)
    assert "<h2>Numéro</h2>" in agent.page.text
    assert "Deux équipes" in agent.text
    assert re.search(rf'href="{HERE}"[^>]*aria-current="page"', agent.page.text)
    await observer.get("/bureau")
    assert HERE not in observer.page.text
    assert (await observer.get(HERE)).status_code == 403
    assert (await agent.get("/bureau/pages/crew/others")).status_code == 404


async def test_operators_read_which_roles_may_open_it(desk, having):
    having(page(showing()))
    operator = await desk.signed_in("operator")
    await operator.get("/exploitation/personnes")
    assert "ouvrir la page « Bons de travail »" in operator.text.replace("\u00a0", " ")


async def test_it_is_given_what_is_remembered_of_requests_that_who_looks_may_see(desk, having):
    told = []

    async def show(view, connection):
        told.append((view, connection))
        rows = tuple((each.remembered["number"], RequestReference(reference=each.reference)) for each in view.kept)
        return (Table(caption=TITLE, columns=(NUMBER, TITLE), rows=rows),)

    having(page(show))
    ours, others = await desk.request("hole", "roads"), await desk.request("hole", "parks")
    async with transaction(desk.host.engine):
        for number, each in enumerate((ours, others)):
            await memory.remember("crew", "number", f"BT-{number}", reference=each.reference)
            await memory.remember("stranger", "number", "secret", reference=each.reference)
        await memory.remember("crew", "seen", 1)
    agent = await desk.signed_in("agent", "roads")
    await agent.get(HERE)
    (view, connection) = told[0]
    assert [(each.reference, each.remembered) for each in view.kept] == [(ours.reference, {"number": "BT-0"})]
    assert (view.shown_to, view.town, view.more, connection.remembered) == ("desk", "parvis", 0, {"seen": 1})
    assert f'href="/bureau/requete/{ours.reference}"' in agent.page.text
    await (await desk.signed_in("agent", name="Luc Roy")).get(HERE)
    assert [each.reference for each in told[1][0].kept] == [others.reference, ours.reference]


async def test_a_request_that_who_looks_may_not_see_is_neither_named_nor_led_to(desk, having):
    others = await desk.request("hole", "parks")
    having(page(showing(Facts(rows=(Fact(label=NUMBER, value=RequestReference(reference=others.reference)),)))))
    agent = await desk.signed_in("agent", "roads")
    await agent.get(HERE)
    assert agent.page.status_code == 200
    assert others.reference not in agent.page.text


async def test_filters_are_read_by_their_fields_and_stand_in_the_address(desk, having):
    told = []

    async def show(view, connection):
        told.append(view.filters)
        return (Words(text=TITLE),)

    number = ShortText(code="number", label=NUMBER, required=False, max_length=5)
    having(page(show, filters=(SIDE, number)))
    agent = await desk.signed_in("agent")
    await agent.get(f"{HERE}?side=even&number=+BT+&unknown=1")
    await agent.get(HERE)
    assert told == [{"side": "even", "number": "BT"}, {}]
    await agent.get(f"{HERE}?side=middle&number=12345678")
    assert agent.page.status_code == 422
    assert 'value="12345678"' in agent.page.text
    assert 'href="#number"' in agent.page.text
    assert len(told) == 2


async def test_a_long_table_is_turned_leaf_by_leaf_and_never_past_its_end(desk, having):
    rows = tuple((f"BT-{number:04}",) for number in range(120))
    having(page(showing(Words(text=NUMBER), Table(caption=TITLE, columns=(NUMBER,), rows=rows)), filters=(SIDE,)))
    agent = await desk.signed_in("agent")
    for address, first, last in (("", 0, 49), ("?_page2=2&side=odd", 50, 99), ("?_page2=99", 100, 119)):
        await agent.get(f"{HERE}{address}")
        assert re.findall(r"BT-(\d{4})", agent.page.text) == [f"{number:04}" for number in range(first, last + 1)]
    await agent.get(f"{HERE}?_page2=1&side=odd")
    assert f'href="{HERE}?side=odd&amp;_page2=2"' in agent.page.text
    for nonsense in ("_page2=-1", "_page2=x", "_pagex=2", "_page2=" + "9" * 400, "_page1=3", "_page2=0"):
        await agent.get(f"{HERE}?{nonsense}")
        assert agent.page.status_code == 200


async def raises(view, connection):
    raise LookupError("the words of the exception")


async def hangs(view, connection):
    await asyncio.sleep(60)


async def lies(view, connection):
    return "<b>gras</b>"


@pytest.mark.parametrize(
    ("show", "what"), [(raises, "the words of the exception"), (hangs, "within 0.2 s"), (lies, "a value of type str")]
)
async def test_a_page_whose_plugin_breaks_says_so_and_no_other_one_notices(desk, having, monkeypatch, show, what):
    monkeypatch.setattr("parvis_plugin_pages.showing.SECONDS", 0.2)
    having(page(show), page(showing(Words(text=NUMBER)), code="sound"))
    agent = await desk.signed_in("agent")
    for _ in range(FAILURES + 1):
        await agent.get(HERE)
        assert agent.page.status_code == 503
        assert agent.page.headers["retry-after"] == "30"
        assert "crew" in agent.text
        assert what not in agent.page.text
        assert "gras" not in agent.page.text
    (trouble,) = desk.host.of(AskedTroubles)
    assert what in str(trouble)
    assert "page 'orders'" in str(trouble)
    assert (await agent.get("/bureau/pages/crew/sound")).status_code == 200
    operator = await desk.signed_in("operator")
    await operator.get("/exploitation/extensions")
    assert "manque aux pages qui le montrent" in operator.text


async def test_a_public_page_is_listed_at_home_and_read_by_everybody_in_their_language(desk, having):
    told = []

    async def show(view, connection):
        told.append(view)
        return (Words(text=Text(fr="Pour tout le monde", en="For everybody")),)

    summary = Text(fr="Ce que font les équipes.", en="What crews do.")
    having(page(show, shown_to=("public",), roles=(), summary=summary))
    hole = await desk.request("hole", "roads")
    async with transaction(desk.host.engine):
        await memory.remember("crew", "number", "BT-1", reference=hole.reference)
    visitor = desk.browser()
    await visitor.get("/fr/")
    assert 'href="/fr/pages/crew/orders"' in visitor.page.text
    await visitor.get("/fr/pages/crew/orders")
    assert "Pour tout le monde" in visitor.text
    await visitor.get("/en/pages/crew/orders")
    assert "For everybody" in visitor.text
    assert told[0].kept == ()
    assert (await visitor.get("/fr/pages/crew/others")).status_code == 404
    having(page(raises, shown_to=("public",), roles=()))
    await visitor.get("/fr/pages/crew/orders")
    assert visitor.page.status_code == 503
    assert "crew" not in visitor.text


async def test_a_public_page_is_read_so_often_from_one_address_and_then_later(desk, having, monkeypatch):
    monkeypatch.setattr("parvis_plugin_pages.portal.LOOKS", 2)
    having(page(showing(Words(text=NUMBER)), shown_to=("public",), roles=()))
    visitor = desk.browser()
    for _ in range(2):
        assert (await visitor.get("/fr/pages/crew/orders")).status_code == 200
    assert (await visitor.get("/fr/pages/crew/orders")).status_code == 429
    assert "Attendez quelques minutes" in visitor.text


async def test_what_the_public_makes_fail_is_still_there_at_the_desk(desk, having):
    async def show(view, connection):
        if view.shown_to == "public":
            raise RuntimeError("somebody asked strangely")
        return (Words(text=NUMBER),)

    having(page(show, shown_to=("desk", "public")))
    visitor, agent = desk.browser(), await desk.signed_in("agent")
    for _ in range(FAILURES + 1):
        await visitor.get("/fr/pages/crew/orders")
        assert visitor.page.status_code == 503
    await agent.get(HERE)
    assert agent.page.status_code == 200


async def test_a_page_for_operators_stands_among_their_sections(desk, having):
    having(page(showing(Words(text=NUMBER)), shown_to=("operators",), roles=()))
    operator, agent = await desk.signed_in("operator"), await desk.signed_in("agent", name="Luc Roy")
    await operator.get("/exploitation")
    assert 'href="/exploitation/pages/crew/orders"' in operator.page.text
    assert (await operator.get("/exploitation/pages/crew/orders")).status_code == 200
    assert (await agent.get("/exploitation/pages/crew/orders")).status_code == 403
    assert (await operator.get(HERE)).status_code == 404


@pytest.mark.parametrize(
    ("wrong", "what"),
    [
        ({"code": "No Code"}, "no usable code"),
        ({"title": Text(fr="")}, "no words in French"),
        ({"shown_to": ("requester",)}, "nobody"),
        ({"roles": ()}, "nobody may open it at the desk"),
        ({"roles": ("mayor",)}, "the role 'mayor' is unknown"),
        ({"shown_to": ("public",)}, "is not at the desk"),
        ({"menu": "top"}, "the menu 'top' is unknown"),
        ({"filters": (structs.replace(SIDE, required=True),)}, "cannot be required"),
        ({"filters": (LongText(code="words", label=NUMBER, required=False),)}, "cannot be of the kind LongText"),
        ({"filters": (SIDE,) * 7}, "the most is 6"),
        ({"show": lambda view, connection: ()}, "not async"),
    ],
)
def test_a_wrong_declaration_leaves_the_plugin_out_with_a_sentence(wrong, what):
    plugins = loaded(structs.replace(page(showing()), **wrong))
    assert what in " ".join(map(str, plugins.troubles))
    assert "crew" not in plugins.by_name
