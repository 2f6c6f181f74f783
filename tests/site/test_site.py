"""The site of the documentation is built without a warning, is good to read for everybody, and finds what one asks."""

import functools
import http.server
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
import yaml
from axe_playwright_python.async_playwright import Axe

from parvis_guides.pages import SECTIONS, translations
from parvis_testing import html_checker

ROOT = Path(__file__).parents[2]
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
PAGES = (
    "docs/README",
    "docs/desk",
    "fr/README",
    "fr/bureau",
    "fr/renseignements-personnels",
    "fr/appels-et-lettres",
    "docs/permits",
    "docs/reference/settings",
    "docs/reference/sdk/connectors",
    "docs/reference/commands",
    "docs/reference/facts",
    "docs/reference/messages",
    "docs/reference/services",
    "fr/reference/services",
)
ASKED = {
    "routing rules": "docs/routing",
    "retention": "docs/operations",
    "two-step verification": "docs/sign-in",
    "postgresql replica": "docs/production",
    "PersonClaims": "docs/reference/sdk/identity_providers",
    "merge requests": "docs/desk",
    "conflict of interest": "docs/roles",
    "who saw the request": "docs/roles",
    "incident": "docs/incidents",
    "dashboard": "docs/figures",
    "notices": "docs/towns",
    "address search": "docs/towns",
    "barking dog": "docs/reference/services",
    "import requests": "docs/migration",
    "import old requests": "docs/migration",
    "rude client": "docs/desk",
    "translate": "docs/desk",
}
ASKED_IN_FRENCH = {
    "suspendre un délai": "delais",
    "conflit d’intérêts": "roles",
    "registre de destruction": "renseignements-personnels",
    "textos à trier": "bureau",
    "message de clôture": "incidents",
    "réponse type": "bureau",
    "date promise": "delais",
    "mandat": "bureau",
    "fusionner deux requêtes": "bureau",
    "rappeler une personne": "bureau",
    "règle d’acheminement": "acheminement",
    "demande d’accès": "renseignements-personnels",
    "lettres du jour": "appels-et-lettres",
    "prévoir une visite": "permis",
    "délivrer un document": "permis",
    "faire une sauvegarde": "exploitation",
    "photo floue": "bureau",
    "changer mon mot de passe": "bureau",
    "requête en double": "bureau",
    "doublon": "bureau",
    "requête urgente": "bureau",
    "mauvais service": "bureau",
    "plainte anonyme": "bureau",
    "répondre en anglais": "bureau",
    "courriel non reçu": "bureau",
    "supprimer une note": "bureau",
    "congé d’un collègue": "bureau",
    "ouvrir dans Excel": "bureau",
    "mot de passe oublié": "bureau",
    "imprimer une lettre": "appels-et-lettres",
    "changer la date promise": "delais",
    "rembourser des frais": "permis",
    "jour férié": "delais",
    "panne d’un connecteur": "connecteurs",
    "masquer la page publique": "renseignements-personnels",
    "supprimer une photo": "bureau",
    "personne fâchée": "bureau",
    "menaces": "bureau",
    "client impoli": "bureau",
    "citoyen en colère": "bureau",
    "client agressif": "bureau",
    "traduire": "bureau",
    "traduction": "bureau",
    "transférer une requête": "bureau",
    "vacances": "bureau",
    "pièce jointe": "bureau",
    "importer": "reprise",
    "chien qui jappe": "reference/services",
    "plainte de bruit": "reference/services",
    "bac pas ramassé": "reference/services",
    "qui a vu la requête": "roles",
}
BEHIND = ("/docs/adr/", "/CHANGELOG.html")
"""What nobody wants to read before a guide."""

pytestmark = pytest.mark.slow


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *said: Any) -> None:
        pass


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site as `tox run -e docs` makes it, where a warning is an error."""
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "sphinx", "-W", "-q", "-b", "html", "-c", "docs/site", "-d", folder / "trees", "."]
    in_french = [*command[:-2], folder / "trees-fr", "-t", "fr", "docs/fr", folder / "html/fr"]
    for each in ([*command, folder / "html"], in_french):
        done = subprocess.run(each, cwd=ROOT, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
    return folder / "html"


@pytest.fixture(scope="module")
def address(built: Path) -> Iterator[str]:
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=built)) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.mark.parametrize(("menu", "folder"), [("toc.yml", "docs"), ("toc.fr.yml", "docs/fr")])
def test_every_guide_stands_in_the_menu_of_its_language(menu, folder):
    told = yaml.safe_load((ROOT / "docs/site" / menu).read_text("utf-8"))
    listed = {told["root"], *(entry["file"] for part in told["subtrees"] for entry in part["entries"])}
    below = ROOT if menu == "toc.yml" else ROOT / folder
    guides = (ROOT / folder).glob("*.md")
    assert {each.relative_to(below).with_suffix("").as_posix() for each in guides} <= listed


def test_each_page_leads_to_a_page_in_the_other_language(built, subtests):
    pages = (*built.glob("docs/*.html"), *built.glob("fr/[!gs]*.html"), built / "docs/reference/events.html")
    assert len(pages) > 35
    for page in (each for each in pages if each.name != "index.html"):
        with subtests.test(page.relative_to(built).as_posix()):
            text = page.read_text("utf-8")
            own, other = ("fr", "en") if page.is_relative_to(built / "fr") else ("en", "fr")
            assert f'<html class="no-js" lang="{own}"' in text
            [link] = re.findall(rf'<link rel="alternate" hreflang="{other}" href="([^"]+)">', text)
            assert f'<a href="{link}" lang="{other}" hreflang="{other}">' in text
            there = (page.parent / link).resolve().read_text("utf-8")
            assert f'<html class="no-js" lang="{other}"' in there
            [menu] = re.findall(rf'<div lang="{other}"><p class="caption".*?</div>', text, re.DOTALL)
            lines = re.findall(r'href="([^"]+)"', menu)
            assert lines
            assert all((page.parent / each).resolve().is_file() for each in lines)


def test_no_page_asks_for_more_than_the_policy_of_a_town_allows(built):
    """`script-src 'self'; style-src 'self'`: no words of a script or a style, no style of a picture."""
    pages = [*built.glob("docs/*.html"), *built.glob("fr/*.html"), *built.glob("docs/reference/*.html")]
    inside = re.compile(r"<style>|<script>|<script [^>]*>[^<]|<path style=|<svg[^>]* style=")
    assert [each.name for each in pages if inside.search(each.read_text("utf-8"))] == []


def test_every_page_is_valid_html(built, java_and_npm):
    """Warnings are about the theme: where it puts headings and articles; `index` only sends on to the first page."""
    told = html_checker.complaints(built, *java_and_npm, warnings=False)
    assert [each for each in told if not each.startswith("index: ")] == []


def test_every_link_to_a_section_leads_to_it(built):
    """The help of the desk, and guides, name sections by their headings."""
    named = {page: set(re.findall(r'\bid="([^"]+)"', page.read_text("utf-8"))) for page in built.rglob("*.html")}
    lost = []
    for page in (page for page in named if page.parent.name in ("docs", "fr")):
        for link, section in re.findall(r'<a [^>]*?href="([^":?#]*)#([^"]+)"', page.read_text("utf-8")):
            there = (page.parent / link).resolve() if link else page
            if unquote(section) not in named.get(there, {unquote(section)}):
                lost.append((page.relative_to(built).as_posix(), f"{link}#{section}"))
    assert lost == []


def test_every_section_that_help_opens_is_in_the_site(built):
    guides = {each for of in translations().values() for pair in of.items() for each in pair} | set(SECTIONS.values())
    lost = []
    for guide in guides:
        page, _, section = guide.partition("#")
        file = built / f"{page}.html"
        if not file.is_file() or (section and f'id="{section}"' not in file.read_text("utf-8")):
            lost.append(guide)
    assert lost == []


def test_every_link_within_the_site_leads_somewhere(built):
    broken = []
    for page in built.rglob("*.html"):
        for link in re.findall(r'<a [^>]*?href="([^"#:?]+)["#]', page.read_text("utf-8")):
            there = (page.parent / link).resolve()
            if not (there.is_file() or (there / "index.html").is_file()):
                broken.append((page.relative_to(built).as_posix(), link))
    assert broken == []


def test_the_reference_has_every_module_of_the_sdk(built):
    modules = {each.stem for each in (ROOT / "sdk/src/parvis_sdk").glob("[!_]*.py")} | {"testing"}
    pages = {each.stem for each in (built / "docs/reference/sdk").glob("*.html")}
    assert pages <= modules
    assert len(pages) > 50


@pytest.mark.browser
@pytest.mark.parametrize("width", [1280, 320])
async def test_pages_are_for_everybody_and_ask_nobody_else(chromium_of_session, address, width, subtests):
    page = await chromium_of_session.new_page(viewport={"width": width, "height": 900})
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    for each in PAGES:
        with subtests.test(each):
            await page.goto(f"{address}/{each}.html")
            found = await Axe().run(page, options=RULES)
            assert [(each["id"], each["nodes"][0]["html"]) for each in found.response["violations"]] == []
            assert await page.evaluate("document.documentElement.scrollWidth") <= width
    await page.close()
    assert [each for each in asked if not each.startswith(address)] == []


@pytest.mark.browser
async def test_it_is_read_in_the_dark_and_on_paper(chromium_of_session, address):
    page = await chromium_of_session.new_page(color_scheme="dark")
    await page.goto(f"{address}/fr/bureau.html")
    found = await Axe().run(page, options=RULES)
    assert [(each["id"], each["nodes"][0]["html"]) for each in found.response["violations"]] == []
    background = "getComputedStyle(document.body).backgroundColor"
    dark = await page.evaluate(background)
    await page.emulate_media(media="print", color_scheme="light")
    assert await page.evaluate(background) != dark
    assert not await page.locator(".other-language, .sidebar-drawer, .toc-drawer").filter(visible=True).count()
    assert await page.locator("h1").is_visible()
    await page.close()


@pytest.mark.browser
@pytest.mark.parametrize(("asked", "folder"), [(ASKED, ""), (ASKED_IN_FRENCH, "/fr")])
async def test_what_one_asks_for_is_among_the_first_five(chromium_of_session, address, subtests, asked, folder):
    page = await chromium_of_session.new_page()
    for words, wanted in asked.items():
        with subtests.test(words):
            await page.goto(f"{address}{folder}/search.html?q={words}")
            await page.wait_for_selector("#search-results p.search-summary", timeout=60_000)
            await page.wait_for_function("document.querySelectorAll('#search-results ul.search li > a').length > 0")
            await page.wait_for_timeout(300)
            links = await page.locator("#search-results ul.search li > a").evaluate_all(
                "all => all.map(each => each.href)"
            )
            assert any(f"/{wanted}.html" in each for each in links[:5]), links[:5]
            assert [each for each in links[:2] if any(part in each for part in BEHIND)] == []
    await page.close()
