"""Figures from plugins on the dashboard: what they count for whom, in each sheet, and honest when one breaks."""

import asyncio
import csv
import io
import re
from dataclasses import replace
from datetime import timedelta
from html import unescape
from types import ModuleType

import pytest
from msgspec import structs

from parvis import clock
from parvis.db import transaction
from parvis.db.tables import ServiceRequest
from parvis.outbox import memory
from parvis.plugins import DiscoveredPlugin
from parvis.plugins.loading import load_plugins
from parvis.requests.asked_plugins import AskedTroubles
from parvis.requests.locating import FAILURES
from parvis_sdk.contents import Amount, Table
from parvis_sdk.figures import Figure
from parvis_sdk.finding import Scope
from parvis_sdk.hooks import hookimpl
from parvis_sdk.text import Text

from .test_figures import cells_of

TITLE, WHAT = Text(fr="Heures d’équipe", en="Hours of crews"), Text(fr="Les heures.", en="The hours.")
HERE = "/bureau/tableau"


def figure(count, **more) -> Figure:
    return Figure(**{"code": "hours", "title": TITLE, "explanation": WHAT, "count": count, **more})


def answering(answer):
    async def count(view, connection):
        return answer

    return count


def table_of(*rows):
    return Table(caption=TITLE, columns=(TITLE, WHAT), rows=rows)


def loaded(*figures: Figure):
    module = ModuleType("crew_plugin")

    @hookimpl
    def declared() -> list[Figure]:
        return list(figures)

    module.figures = declared
    return load_plugins([DiscoveredPlugin.of("crew", module, distribution="parvis-crew", version="1")])


@pytest.fixture
def having(desk):
    """The desk with a plugin that has these figures."""

    def plugged(*figures: Figure) -> None:
        found = loaded(*figures)
        assert [str(each) for each in found.troubles if each.severe] == []
        old = desk.app.state.deployment
        brought = {**old.host.plugins.by_name, **found.by_name}
        plugins = structs.replace(old.host.plugins, by_name=brought, heard=found.heard)
        host = replace(old.host, plugins=plugins)
        desk.app.state.deployment, desk.host = replace(old, host=host), host

    return plugged


@pytest.fixture
async def remembered(desk):
    """Three holes of which the plugin remembers hours: two of roads, one of them long ago, and one of parks."""
    with clock.moved_to(clock.now() - timedelta(days=200)):
        old = await desk.request("hole", "roads")
    now, parks = await desk.request("hole", "roads"), await desk.request("quarrel", "parks")
    async with transaction(desk.host.engine):
        for hours, each in zip((1, 2, 4), (old, now, parks), strict=True):
            await memory.remember("crew", "hours", hours, reference=each.reference)
            await memory.remember("stranger", "hours", 100, reference=each.reference)
    return old, now, parks


def sum_of(told):
    async def hours(view, connection):
        told.append(view)
        return sum(each.remembered["hours"] for each in view.requests)

    return hours


def tile_of(page, title) -> str:
    """The words of one tile, and what is counted, which stands at the end of the page."""
    found = re.findall(rf"<dt>{re.escape(title)}</dt>\s*<dd>(.*?)</dd>", page.page.text, re.DOTALL)
    assert len(found) == 2, title
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", " ".join(found))).split())


async def test_a_number_an_amount_and_nothing_stand_among_the_tiles_with_what_is_counted(desk, having):
    having(
        figure(answering(12.5), unit=Text(fr="heures", en="hours")),
        figure(answering(Amount(cents=123450)), code="cost", title=Text(fr="Coût", en="Cost")),
        figure(answering(None), code="none", title=Text(fr="Rien <b>", en="Nothing")),
    )
    manager = await desk.signed_in("manager")
    await manager.get(HERE)
    hours = tile_of(manager, "Heures d’équipe")
    assert hours.startswith("12,5 heures")
    assert hours.endswith("Les heures. Compté par l’extension crew.")
    assert tile_of(manager, "Coût").replace("\xa0", " ").startswith("1 234,50 $")
    assert tile_of(manager, "Rien &lt;b&gt;").startswith("–")


async def test_a_small_table_is_drawn_with_its_sheet_and_html_in_it_is_text(desk, having):
    having(figure(answering(table_of(("<i>Nord</i>", Amount(cents=150)), ("=1+1", 3)))))
    manager = await desk.signed_in("manager")
    await manager.get(HERE)
    assert "&lt;i&gt;Nord&lt;/i&gt;" in manager.page.text
    assert "<i>" not in manager.page.text
    (address,) = re.findall(r'href="([^"]*par=crew\.hours[^"]*)"', manager.page.text)
    taken = await manager.http.get(unescape(address))
    assert 'filename="parvis-crew.hours-' in taken.headers["content-disposition"]
    rows = list(csv.reader(io.StringIO(taken.text.removeprefix("\ufeff"))))
    assert rows == [["Heures d’équipe", "Les heures."], ["<i>Nord</i>", "1.5"], ["'=1+1", "3"]]


async def test_it_counts_requests_as_far_as_who_looks_may_and_as_the_page_is_narrowed(desk, having, remembered):
    told = []
    having(figure(sum_of(told)))
    _old, now, parks = remembered
    manager = await desk.signed_in("manager")
    await manager.get(HERE)
    assert tile_of(manager, "Heures d’équipe").startswith("7 ")
    assert told[0].received == {now.reference, parks.reference}
    assert {each.type for each in told[0].requests} == {"hole", "quarrel"}
    assert (told[0].until - told[0].since).days == 89
    for query, hours in (("type=hole", 3), ("unite=parks", 4), ("canal=phone", 0)):
        await manager.get(f"{HERE}?{query}")
        assert tile_of(manager, "Heures d’équipe").startswith(f"{hours} "), query
    roads = await desk.signed_in("manager", "roads", name="Luc Roy")
    await roads.get(HERE)
    assert tile_of(roads, "Heures d’équipe").startswith("3 ")


async def test_a_figure_of_the_whole_town_is_for_those_who_may_count_it(desk, having):
    having(figure(answering(3), over="town"))
    manager, roads = await desk.signed_in("manager"), await desk.signed_in("manager", "roads", name="Luc Roy")
    for who, query, shown in ((manager, "", True), (manager, "?type=hole", False), (roads, "", False)):
        await who.get(f"{HERE}{query}")
        assert ("Heures d’équipe" in who.page.text) is shown
    agent = await desk.signed_in("agent", name="Ana Roy")
    assert (await agent.get(HERE)).status_code == 403


async def test_a_town_without_the_plugin_or_that_is_not_named_has_no_figure(desk, having, monkeypatch):
    manager = await desk.signed_in("manager")
    having(figure(answering(3), towns=("rivemont",)))
    await manager.get(HERE)
    assert "Heures d’équipe" not in manager.page.text
    having(figure(answering(3)))
    towns = desk.host.jurisdictions
    without = structs.replace(towns.jurisdiction("parvis"), plugins=("others",))
    others = structs.replace(towns, by_code={**towns.by_code, "parvis": without})
    monkeypatch.setattr(desk.app.state.pages, "jurisdictions", others)
    desk.app.state.deployment = replace(desk.app.state.deployment, host=replace(desk.host, jurisdictions=others))
    await manager.get(HERE)
    assert "Heures d’équipe" not in manager.page.text


DANGER = Scope(types=("hole",), answers=("danger",), place=True)


async def test_a_figure_that_reads_requests_says_so_until_that_is_granted(desk, having):
    told = []
    having(figure(sum_of(told), reads=(DANGER,)))
    manager = await desk.signed_in("manager")
    await manager.get(HERE)
    assert "Ce chiffre demande un accès qui n’est pas autorisé" in tile_of(manager, "Heures d’équipe")
    assert told == []


async def test_it_reads_what_its_scope_names_of_the_requests_that_who_looks_may_count(
    desk, having, monkeypatch, remembered
):
    told = []

    async def count(view, connection):
        told.append({each.reference: each for each in view.requests})
        return len(view.requests)

    async def granted(look, named):
        return True

    monkeypatch.setattr("parvis_dashboards.plugin_figures.is_granted", granted)
    having(figure(count, reads=(DANGER,)))
    old, now, _ = remembered
    another, erased = await desk.request("hole", "roads"), await desk.request("hole", "roads")
    async with transaction(desk.host.engine):
        gone = ServiceRequest.reference == erased.reference
        await ServiceRequest.update({ServiceRequest.erased_at: clock.now()}).where(gone)
    roads = await desk.signed_in("manager", "roads", name="Luc Roy")
    await roads.get(HERE)
    (seen,) = told
    assert set(seen) == {old.reference, now.reference, another.reference}
    assert (seen[now.reference].remembered, seen[another.reference].remembered) == ({"hours": 2}, {})
    assert seen[another.reference].answers == {"danger": another.answers["danger"]}
    assert (seen[another.reference].state, seen[another.reference].place) == (another.state, another.place)
    monkeypatch.setattr("parvis_dashboards.read_requests.MOST_READ", 1)
    manager = await desk.signed_in("manager")
    await manager.get(HERE)
    assert another.reference in told[1]
    assert {each.answers != {} for each in told[1].values() if each.reference != another.reference} == {False}
    assert tile_of(manager, "Heures d’équipe").startswith("4 2 requêtes reçues auparavant")


async def raises(view, connection):
    raise LookupError("the words of the exception")


async def hangs(view, connection):
    await asyncio.sleep(60)


@pytest.mark.parametrize(
    ("count", "what"),
    [
        (raises, "the words of the exception"),
        (hangs, "within 0.2 s"),
        (answering("<b>gras</b>"), "a value of type str"),
        (answering(float("inf")), "the number is not finite"),
    ],
)
async def test_a_figure_whose_plugin_breaks_says_so_by_its_name_and_nothing_else_suffers(
    desk, having, monkeypatch, count, what
):
    monkeypatch.setattr("parvis_dashboards.plugin_figures.SECONDS", 0.2)
    having(figure(count), figure(answering(5), code="sound", title=Text(fr="Équipes", en="Crews")))
    await desk.request("hole", "roads")
    manager = await desk.signed_in("manager")
    for _ in range(FAILURES + 1):
        await manager.get(HERE)
        assert manager.page.status_code == 200
        said = "L’extension crew ne peut pas fournir ce chiffre pour le moment."
        assert said in tile_of(manager, "Heures d’équipe")
        assert tile_of(manager, "Équipes").startswith("5 ")
        assert tile_of(manager, "Reçues").startswith("1 ")
        assert what not in manager.page.text
        assert "gras" not in manager.page.text
    (trouble,) = desk.host.of(AskedTroubles)
    assert what in str(trouble)
    assert "figure 'hours'" in str(trouble)
    sheets = cells_of((await manager.http.get(f"{HERE}/chiffres.xlsx")).content)
    (row,) = [row for row in sheets["Chiffres des extensions"] if row[0] == "Heures d’équipe"]
    assert said in row


async def test_the_workbook_has_all_of_them_and_tables_of_one_name_are_told_apart(desk, having):
    long = Text(fr="'Un titre [très] long d’un tableau'", en="Title")
    having(
        figure(answering(7), unit=Text(fr="heures", en="hours")),
        figure(answering(Amount(cents=150)), code="cost"),
        figure(answering(table_of(("Nord", 1))), code="one", title=long),
        figure(answering(table_of(("Sud", 2))), code="two", title=long),
    )
    manager = await desk.signed_in("manager")
    sheets = cells_of((await manager.http.get(f"{HERE}/chiffres.xlsx")).content)
    assert sheets["Chiffres des extensions"][1][:3] == ["Heures d’équipe", "7", "heures"]
    assert "1.5" in sheets["Chiffres des extensions"][2]
    tables = [rows for name, rows in sheets.items() if name[:3] in ("1. ", "2. ")]
    assert [rows[1] for rows in tables] == [["Nord", "1"], ["Sud", "2"]]
    meanings = [cell for row in sheets["Calcul des chiffres"] for cell in row]
    assert meanings.count("Les heures. Compté par l’extension crew.") == 4
    taken = await manager.http.get(f"{HERE}/chiffres.csv?par=plugins")
    assert "Heures d’équipe,7,heures,crew," in taken.text
    other = await manager.http.get(f"{HERE}/chiffres.csv?par=crew.unknown")
    assert other.text.startswith("\ufeffType,")


@pytest.mark.parametrize(
    ("wrong", "what"),
    [
        ({"code": "No Code"}, "no usable code"),
        ({"explanation": Text(fr="")}, "no words in French"),
        ({"over": "world"}, "over is 'world', which is unknown"),
        ({"count": lambda view, connection: 1}, "its count is not async"),
        ({"connector": "others"}, "the plugin has no connector 'others'"),
        ({"reads": (Scope(types=("nothing",)),)}, "its scope names the type 'nothing', which nobody declares"),
    ],
)
def test_a_wrong_declaration_is_told_to_operators(wrong, what):
    plugins = loaded(structs.replace(figure(answering(1)), **wrong))
    assert what in " ".join(map(str, plugins.troubles))


def test_a_plugin_has_so_many_figures_and_no_more():
    plugins = loaded(*(figure(answering(1), code=f"hours-{number}") for number in range(9)))
    assert "there are 9; the most is 8" in " ".join(map(str, plugins.troubles))
