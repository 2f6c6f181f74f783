"""Panels without a host: what may be drawn, what the kit says of one that the host would leave out."""

import asyncio
import itertools
import time
from datetime import date
from types import ModuleType

import pytest

from parvis_sdk.contents import MOST_ROWS, MOST_TEXT, Fact, Facts, Link, Table, Words, bounded, is_elsewhere
from parvis_sdk.hooks import hookimpl
from parvis_sdk.panels import Panel
from parvis_sdk.testing import Desk, PluginContract
from parvis_sdk.testing.cases import Case
from parvis_sdk.testing.panels import shown_at, shown_by, shown_mistakes
from parvis_sdk.testing.samples import SAMPLE
from parvis_sdk.text import Text

TITLE = Text(fr="Travaux", en="Works")
COUNT = itertools.count()


def panel(show, **more) -> Panel:
    return Panel(**{"code": "works", "title": TITLE, "shown_to": ("desk",), "show": show, **more})


async def sound(request, connection):
    return (Facts(rows=(Fact(label=TITLE, value=request.reference), Fact(label=TITLE, value=date(2026, 12, 1)))),)


async def raises(request, connection):
    raise LookupError("no order")


async def blocks(request, connection):
    time.sleep(2)  # noqa: ASYNC251  what the kit must find


async def hangs(request, connection):
    await asyncio.sleep(60)


async def counts(request, connection):
    return (Words(text=Text(fr=f"{next(COUNT)}", en="n")),)


async def lies(request, connection):
    return "<b>words</b>"


async def speaks_french(request, connection):
    return (Words(text=Text(fr="Bonjour")),)


async def changes(request, connection):
    request.remembered["seen"] = True
    return ()


@pytest.mark.parametrize(
    ("show", "what"),
    [
        (raises, "it raises LookupError: no order"),
        (blocks, "it blocks without awaiting anything"),
        (hangs, "it does not answer within"),
        (counts, "it answers two things of the same request"),
        (lies, "it is a value of type str"),
        (speaks_french, "no words in 'en'"),
        (changes, "it changes the request"),
    ],
)
def test_the_kit_names_what_the_host_would_leave_out_with_its_line(show, what):
    found = [str(each) for each in shown_mistakes(panel(show), [SAMPLE])]
    assert any(what in each for each in found), found
    assert any("test_panels.py:" in each for each in found), found


def test_a_sound_panel_has_no_mistake():
    assert shown_mistakes(panel(sound), [SAMPLE]) == []


async def test_a_panel_is_shown_for_a_case_at_the_pretend_desk():
    plugin = ModuleType("example")

    @hookimpl
    def request_types():
        return [SAMPLE]

    plugin.request_types = request_types
    desk = Desk(plugin)
    asked = {"answers": {}, "place": {"words": "au parc"}, "requester": {"mode": "anonymous"}}
    case = await desk.submit("sample", asked)
    assert isinstance(case, Case)
    (facts,) = await shown_at(desk, case, panel(sound))
    assert facts.rows[0].value == case.reference


async def test_shown_by_says_why_nothing_would_be_drawn():
    with pytest.raises(AssertionError, match="panel 'works' · it is a value of type str"):
        await shown_by(panel(lies), None)


def test_the_contract_of_plugins_asks_panels():
    plugin = ModuleType("example")

    @hookimpl
    def panels():
        return [panel(raises), panel(sound)]

    plugin.panels = panels

    class Contract(PluginContract):
        pass

    Contract.plugin = plugin
    with pytest.raises(AssertionError, match="two panels have the code 'works'"):
        Contract().test_every_panel_shows_what_can_be_drawn_of_requests_in_every_state()


@pytest.mark.parametrize(
    ("url", "is_one"),
    [
        ("https://works.example.org/orders?id=104&x=a%20b#top", True),
        ("http://works.example.org", False),
        ("javascript:alert(1)", False),
        ("https://", False),
        ("https://good.example@evil.example", False),
        ("https://x.example/\\evil", False),
        ('https://x.example/"', False),
        ("https://x.example/ a", False),
        ("https://x.example:port/", False),
        ("https://x.example/" + "a" * 600, False),
        (None, False),
    ],
)
def test_a_link_leads_to_another_system_by_https(url, is_one):
    assert is_elsewhere(url) is is_one


def test_what_is_drawn_is_clean_and_bounded():
    rows = tuple((str(number),) for number in range(MOST_ROWS + 7))
    table, words, link = bounded(
        [
            Table(caption=TITLE, columns=(TITLE,), rows=rows, more=3),
            Words(text=Text(fr="\x00a\ud800" + "b" * 9000)),
            Link(text=TITLE, url="https://x.example"),
        ]
    )
    assert (len(table.rows), table.more) == (MOST_ROWS, 10)
    assert len(words.text.fr) <= MOST_TEXT
    assert words.text.fr.startswith("ab")
    assert link.host == "x.example"
