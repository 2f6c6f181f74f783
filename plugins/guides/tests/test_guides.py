"""Each page of the desk leads to its guide, in its language; the site is served whole, and nothing beside it."""

import re
import tomllib
from pathlib import Path

import pytest

from parvis.web.links import PageLink
from parvis_guides.pages import SECTIONS, guide_about, page_of, translations
from parvis_guides.settings import Settings

ROOT = Path(__file__).parents[3]


def helps(text: str) -> list[tuple[str, str]]:
    """Where the help links of a page lead, with their words."""
    return re.findall(r'<a href="([^"]+)"><svg[^\n]*</svg><span>(Aide[^<]*|Help[^<]*)</span>', text)


async def test_each_page_of_the_desk_leads_to_the_guide_about_it_in_its_language(desk, told, site):
    told(folder=str(site))
    agent = await desk.signed_in("agent")
    await agent.get("/bureau")
    assert helps(agent.page.text) == [
        ("/documentation/fr/bureau.html#trouver-la-requête-à-traiter", "Aide sur cette page")
    ]
    await agent.get("/bureau/compte")
    assert helps(agent.page.text) == [
        ("/documentation/fr/bureau.html#votre-compte-et-la-validation-en-deux-étapes", "Aide sur cette page")
    ]
    await agent.post("/bureau/compte/preferences", language="en")
    await agent.get("/bureau")
    assert helps(agent.page.text) == [("/documentation/docs/desk.html#the-queue", "Help about this page")]


async def test_operators_have_it_too(desk, told, site):
    told(folder=str(site))
    operator = await desk.signed_in("operator")
    await operator.get("/exploitation/personnes")
    assert helps(operator.page.text) == [
        ("/documentation/fr/roles.html#pour-donner-ou-retirer-un-rôle", "Aide sur cette page")
    ]


async def test_links_lead_to_an_address_elsewhere_where_one_is_named(desk, told, site):
    told(folder=str(site), address="https://docs.example.org/")
    agent = await desk.signed_in("agent")
    await agent.get("/bureau")
    assert [where for where, _ in helps(agent.page.text)] == [
        "https://docs.example.org/fr/bureau.html#trouver-la-requête-à-traiter"
    ]
    await agent.get("/documentation/docs/README.html")
    assert agent.page.status_code == 404


async def test_without_a_site_there_is_no_link_and_no_page(desk, told, tmp_path):
    told(folder=str(tmp_path / "nothing"))
    agent = await desk.signed_in("agent")
    await agent.get("/bureau")
    assert helps(agent.page.text) == []
    await agent.get("/documentation")
    assert agent.page.status_code == 404


async def test_the_site_is_served_with_the_protections_of_every_page(desk, told, site):
    told(folder=str(site))
    anybody = await desk.signed_in("agent")
    await anybody.get("/documentation/docs/README.html")
    assert anybody.page.status_code == 200
    assert anybody.page.headers["content-type"] == "text/html; charset=utf-8"
    assert "script-src 'self'" in anybody.page.headers["content-security-policy"]
    assert "attachment" not in anybody.page.headers.get("content-disposition", "")
    await anybody.get("/documentation")
    assert anybody.page.url.path == "/documentation/fr/README.html"
    await anybody.get("/documentation/_static/site.js")
    assert anybody.page.headers["content-type"].startswith("text/javascript")


@pytest.mark.parametrize("path", ["../secret.html", "%2e%2e/secret.html", "docs/%2e%2e/%2e%2e/secret.html", "docs"])
async def test_nothing_beside_the_folder_is_sent(desk, told, site, path):
    told(folder=str(site))
    anybody = await desk.signed_in("agent")
    page = await anybody.http.get(f"/documentation/{path}")
    assert page.status_code == 404
    assert "not for anybody" not in page.text


def test_the_nearest_line_of_a_menu_says_which_guide():
    lines = [
        PageLink(slot="desk.menu", path="/bureau/regles", text=str, guide="docs/towns"),
        PageLink(slot="desk.procedures", path="/bureau/regles/delais", text=str, guide="docs/service-levels"),
        PageLink(slot="desk.menu", path="/bureau/autre", text=str),
    ]
    assert guide_about("/bureau/regles/delais/nouveau", lines) == "docs/service-levels"
    assert guide_about("/bureau/regles-et-plus", lines) == "docs/desk#the-queue"
    assert guide_about("/bureau/autre/1", lines) == "docs/desk#the-queue"


def test_a_page_below_any_request_has_a_section_of_its_own():
    assert guide_about("/bureau/requete/P-12/liens", ()) == "docs/desk#two-reports-of-one-thing"
    assert guide_about("/bureau/requete/P-12", ()) == guide_about("/bureau/requete/P-12/autre", ()) != ""


def test_a_section_leads_to_what_says_the_same_in_french_or_to_the_guide_that_does():
    assert page_of("docs/desk#the-whole-file", "fr") == "fr/bureau.html#exporter-ou-imprimer-un-dossier"
    assert page_of("docs/desk#the-whole-file", "en") == "docs/desk.html#the-whole-file"
    assert page_of("docs/desk#mandates", "fr") == "fr/bureau.html"
    assert page_of("docs/operations#health", "fr") == "docs/operations.html#health"


def anchors(path: Path) -> set[str]:
    """What a link may name of a guide, as the site and the host of the files make it from each heading."""
    headings = re.findall(r"^#+ (.+)$", re.sub(r"^```.*?^```$", "", path.read_text("utf-8"), flags=re.M | re.S), re.M)
    return {re.sub(r"[^\w\- ]", "", each.lower()).replace(" ", "-") for each in headings}


MADE = {"docs/reference/glossary", "docs/reference/services", "fr/reference/glossaire", "fr/reference/services"}
"""Pages that are made with the site."""


def test_every_guide_and_section_that_is_named_is_there():
    """In the repository; an installation without it has nothing to compare."""
    if not (ROOT / "docs/README.md").is_file():
        pytest.skip("the guides are not here")
    named = set(SECTIONS.values())
    for each in (*ROOT.glob("plugins/*/src/**/*.py"), *ROOT.glob("core/src/parvis/web/**/*.py")):
        named.update(re.findall(r'\bguide="([^"]+)"', each.read_text("utf-8")))
    assert len(named) > 40
    assert [each for each in named if "#" not in each] == []
    written = tomllib.loads((ROOT / "plugins/guides/src/parvis_guides/translations.toml").read_text("utf-8"))
    assert written == translations()
    named |= {page_of(each, language).replace(".html", "") for each in named for language in ("fr", "en")}
    named.update(each for of in written.values() for pair in of.items() for each in pair)
    named -= MADE
    lost = []
    for each in named:
        guide, _, section = each.partition("#")
        file = ROOT / ("docs" if guide.startswith("fr/") else ".") / f"{guide}.md"
        if not file.is_file() or (section and section not in anchors(file)):
            lost.append(each)
    assert lost == []


def test_an_address_that_is_none_is_refused():
    with pytest.raises(ValueError, match="no address"):
        Settings(address="docs.example.org")
