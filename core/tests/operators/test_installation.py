"""What the overview, plugins, settings, chores and circuits tell."""

from datetime import timedelta
from types import ModuleType

import pytest
from msgspec import structs

from parvis import clock
from parvis.db import transaction
from parvis.db.tables import Chore
from parvis.outbox import circuits
from parvis.outbox.clock_watch import ClockWatch, standing
from parvis.plugins import DiscoveredPlugin
from parvis.troubles import only_words, said
from parvis.web.operators.installation import chore_name
from parvis.worker.chores import chores_of
from parvis_sdk.hooks import hookimpl
from parvis_sdk.parts import Part
from parvis_sdk.text import Text
from parvis_testing.operators import opened
from parvis_testing.town import HOLE, plugin_of


@pytest.fixture
def broken_plugin():
    """A plugin whose hook raises."""
    module = ModuleType("test_broken_plugin")

    @hookimpl
    def request_types():
        raise LookupError("no list today")

    module.request_types = request_types
    return DiscoveredPlugin.of("broken", module, distribution="parvis-broken", version="9.9")


async def test_the_whole_message_of_a_plugin_in_trouble_is_shown_with_who_brought_it(
    settings, town_plugin, broken_plugin
):
    async with opened(settings, [town_plugin, broken_plugin]) as site:
        await site.sign_in()
        [trouble] = site.host.plugins.troubles
        page = await site.page("/extensions")
        for part in (trouble.who, trouble.what, trouble.so_what, trouble.now_what):
            assert said(part, "fr").replace("'", "&#39;") in page, part
        assert "l’extension est laissée de côté" in page
        assert "broken (parvis-broken 9.9)" in page
        assert "1 problème d’extension" in await site.page()


async def test_each_plugin_shows_what_it_brings_and_where_it_is_enabled(site):
    await site.sign_in()
    page = await site.page("/extensions")
    assert "Aucune extension n’a de problème" in page
    for words in ("hole", "version 1", "reçoit les événements Submitted, Moved", "non activée"):
        assert words in page, words


async def test_settings_show_their_origin_and_no_secret(site):
    await site.sign_in()
    page = await site.page("/parametres")
    assert "PARVIS_SECRET_KEY" in page
    assert "s" * 40 not in page
    assert "valeur par défaut" in page
    assert "routes.toml" in page  # a loose end: the towns name types that are not installed here


async def test_an_open_circuit_and_a_failed_chore_are_called_out(site):
    await site.sign_in()
    async with transaction(site.host.engine):
        for _ in range(5):
            await circuits.failed(site.host.engine, "town.tell", only_words("no answer from the ERP"))
        now = clock.now()
        await Chore.insert(
            Chore(name="timers", held_by="", held_until=None, ran_at=now, said="failed: no disk"),
            Chore(name="drafts", held_by="", held_until=None, ran_at=now, said="7"),
        )
    overview = await site.page()
    assert "1 abonné est en pause" in overview
    assert "1 tâche a échoué" in overview
    assert "no answer from the ERP" in await site.page("/circuits")
    chores = await site.page("/taches")
    assert "no disk" in chores
    assert "7 éléments traités" in chores


async def test_every_chore_of_the_house_has_a_name_in_words(site):
    names = {each.name: chore_name(each.name) for each in chores_of(site.host)}
    assert [name for name, words in names.items() if words == name] == []


async def test_a_silent_worker_is_called_out(site):
    await site.sign_in()
    assert "Aucun processus de travail n’a répondu" not in await site.page()
    with clock.moved_to(clock.now() + timedelta(minutes=10)):
        assert "Aucun processus de travail n’a répondu" in await site.page()
        assert "Aucun processus de travail n’a répondu" in await site.page("/taches")


async def test_after_weeks_of_standing_still_the_page_asks_for_the_time_and_one_press_lets_everything_go_on(site):
    await site.sign_in()
    await ClockWatch(site.host.engine, "worker:1").look()
    assert "L’heure est fiable" in await site.page("/horloge")
    three_weeks_on = clock.now() + timedelta(days=21)
    with clock.moved_to(three_weeks_on):
        await site.sign_in(email="late@parvis.example")
        assert "L’heure est incertaine" in await site.page("/")
        page = await site.page("/horloge")
        assert "Rien n’a fonctionné ici depuis" in page
        assert "L’heure affichée est-elle la bonne?" in page
        assert (await site.http.get("/health")).json()["clock"] == {"status": "in doubt"}
        old = await site.post("/horloge", "/horloge", shown=str(int(three_weeks_on.timestamp()) - 3600))
        assert old.status_code == 409
        assert (await standing(site.host.engine)).is_doubted
        await site.post("/horloge", "/horloge", shown=str(int(three_weeks_on.timestamp())))
        assert not (await standing(site.host.engine)).is_doubted
        assert "Karim Diallo" in await site.page("/horloge")
        assert await ClockWatch(site.host.engine, "worker:2").look() is None


async def test_a_type_for_whose_part_there_is_no_module_is_told_with_its_town(settings, monkeypatch):
    request_type = structs.replace(HOLE, parts=(Hearing(code="public", title=Text(fr="Audience")),))
    async with opened(settings, [DiscoveredPlugin.of("town", plugin_of(request_type))]) as site:
        await site.sign_in()
        assert "\u00a0: aucun module ne prend en charge hearing" in await site.page("/extensions")


class Hearing(Part, frozen=True, kw_only=True, tag="hearing"):
    """A kind of part after which nobody here looks."""
