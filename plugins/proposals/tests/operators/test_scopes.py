"""Operators read what each plugin would find, correct and propose, and grant or revoke it, town by town."""

import re
from types import ModuleType

from msgspec import structs

from parvis.people.agents import Grant
from parvis.plugins.registry import DiscoveredPlugin, PluginDeclarations
from parvis_proposals.granting import asking, declared_scopes, is_granted
from parvis_sdk.figures import Figure
from parvis_sdk.finding import Scope
from parvis_sdk.text import Text

SENT = {"souscription": "town.match", "ville": "parvis"}


def marks(page):
    """The mark of what the page shows of each subscription."""
    return dict(re.findall(r'name="souscription" value="([^"]+)".*?name="lu" value="([^"]+)"', page, re.S))


async def standing(site, town="parvis"):
    here = site.host.jurisdictions.jurisdiction(town)
    return [each.standing for each in await declared_scopes(site.host, (here,)) if each.seeker.name == "town.match"]


async def test_a_scope_is_read_in_words_granted_and_revoked_with_who_and_why(site):
    await site.sign_in()
    assert "portées d’extensions attendent une décision" in await site.page()
    page = await site.page("/portees")
    for words in ("town.match", "non autorisée", "Trou", "Témoin", "réponses personnelles", "Commencer", "Décrivez"):
        assert words in page, words
    assert "avertie quand" in page.lower()
    assert "une requête a été reçue" in page
    read = {"lu": marks(page)["town.match"]}
    answer = await site.post("/portees", "/portees", decision="autoriser", raison="Essai du printemps", **read, **SENT)
    assert answer.headers["location"].endswith("fait=autorise")
    assert await standing(site) == ["granted"]
    assert await standing(site, "rivemont") in ([], ["never"])
    page = await site.page("/portees", fait="autorise")
    for words in ("La portée est autorisée, dès maintenant.", "Karim Diallo", "Essai du printemps"):
        assert words in page, words
    await site.post("/portees", "/portees", decision="retirer", **SENT)
    assert await standing(site) == ["revoked"]


async def test_the_page_of_plugins_says_what_each_asks_for_and_leads_to_where_it_is_granted(site):
    await site.sign_in()
    page = await site.page("/extensions")
    for words in ("Portées des extensions", "town.match", "non autorisée", 'href="/exploitation/portees"'):
        assert words in page, words
    read = {"lu": marks(await site.page("/portees"))["town.match"]}
    await site.post("/portees", "/portees", decision="autoriser", **read, **SENT)
    assert (await site.page("/extensions")).count("non autorisée") == page.count("non autorisée") - 1


async def test_a_panel_and_a_chore_are_read_in_words_as_well(site):
    await site.sign_in()
    page = await site.page("/portees")
    for words in (
        "town.panels.near",
        "Affichée au bureau",
        "Trous voisins",
        "town.chores.tally",
        "S’exécute automatiquement",
    ):
        assert words in page, words
    read = {"souscription": "town.chores.tally", "lu": marks(page)["town.chores.tally"]}
    answer = await site.post("/portees", "/portees", decision="autoriser", **{**SENT, **read})
    assert answer.headers["location"].endswith("fait=autorise")
    here = site.host.jurisdictions.jurisdiction("parvis")
    standings = {each.seeker.name: each.standing for each in await declared_scopes(site.host, (here,))}
    assert standings["town.chores.tally"] == "granted"
    assert standings["town.panels.near"] == "never"


async def test_what_was_not_read_is_not_granted(site):
    await site.sign_in()
    answer = await site.post("/portees", "/portees", decision="autoriser", lu="0" * 64, **SENT)
    assert answer.headers["location"].endswith("fait=change")
    assert await standing(site) == ["never"]
    assert "a changé depuis l’ouverture" in await site.page("/portees", fait="change")


async def test_an_operator_decides_only_for_towns_that_they_run(site):
    await site.sign_in(grants=(Grant(role="operator", jurisdiction="rivemont"),))
    answer = await site.post("/portees", "/portees", decision="autoriser", **SENT)
    assert answer.headers["location"].endswith("fait=refuse")
    assert await standing(site) == ["never"]


async def holes(view, connection):
    return len(view.requests)


async def test_what_a_figure_reads_is_granted_like_what_a_handler_finds(site, monkeypatch):
    title = Text(fr="Trous", en="Holes")
    reads = (Scope(types=("hole",), answers=("danger",)),)
    figure = Figure(code="holes", title=title, explanation=title, count=holes, reads=reads)
    found = DiscoveredPlugin.of("town", ModuleType("figures_of_the_town"))
    heard = PluginDeclarations(found=found, settings=None, lists={"figures": [figure]})
    plugins = structs.replace(site.host.plugins, heard=(*site.host.plugins.heard, heard))
    monkeypatch.setitem(vars(site.host), "plugins", plugins)
    await site.sign_in()
    page = await site.page("/portees")
    assert "Compte pour le tableau de bord" in page
    here = site.host.jurisdictions.jurisdiction("parvis")
    (seeker,) = (each for each in asking(site.host, here) if each.noun == figure)
    assert not await is_granted("parvis", seeker)
    lu = marks(page)["town.figures.holes"]
    sent = SENT | {"souscription": "town.figures.holes"}
    await site.post("/portees", "/portees", decision="autoriser", lu=lu, **sent)
    assert await is_granted("parvis", seeker)
    wider = structs.replace(seeker, noun=structs.replace(figure, reads=(Scope(types=("hole",)),)))
    assert not await is_granted("parvis", wider)
