"""The site of the documentation is built without a warning, is good to read for everybody, and finds what one asks."""

import functools
import http.server
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from axe_playwright_python.async_playwright import Axe

ROOT = Path(__file__).parents[2]
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
PAGES = (
    "docs/README",
    "docs/desk",
    "docs/fr/bureau",
    "docs/reference/settings",
    "docs/reference/sdk/connectors",
    "docs/reference/commands",
)
ASKED = {
    "routing rules": "docs/routing",
    "retention": "docs/operations",
    "second factor": "docs/sign-in",
    "postgresql replica": "docs/production",
    "PersonClaims": "docs/reference/sdk/identity_providers",
    "suspendre un délai": "docs/fr/delais",
    "conflit d’intérêts": "docs/fr/roles",
    "registre de destruction": "docs/fr/renseignements-personnels",
    "textos à trier": "docs/fr/bureau",
}

pytestmark = pytest.mark.slow


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *said: Any) -> None:
        pass


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site as `tox run -e docs` makes it, where a warning is an error."""
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "sphinx", "-W", "-q", "-b", "html", "-c", "docs/site", "-d", folder / "trees", "."]
    done = subprocess.run([*command, folder / "html"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return folder / "html"


@pytest.fixture(scope="module")
def address(built: Path) -> Iterator[str]:
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=built)) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_every_guide_stands_in_the_menu():
    told = yaml.safe_load((ROOT / "docs/site/toc.yml").read_text("utf-8"))
    listed = {told["root"], *(entry["file"] for part in told["subtrees"] for entry in part["entries"])}
    guides = (*(ROOT / "docs").glob("*.md"), *(ROOT / "docs/fr").glob("*.md"))
    assert {each.relative_to(ROOT).with_suffix("").as_posix() for each in guides} <= listed


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
            await page.goto(f"{address}/docs/{each}.html")
            found = await Axe().run(page, options=RULES)
            assert [(each["id"], each["nodes"][0]["html"]) for each in found.response["violations"]] == []
            assert await page.evaluate("document.documentElement.scrollWidth") <= width
    await page.close()
    assert [each for each in asked if not each.startswith(address)] == []


@pytest.mark.browser
async def test_what_one_asks_for_is_among_the_first_five(chromium_of_session, address, subtests):
    page = await chromium_of_session.new_page()
    for words, wanted in ASKED.items():
        with subtests.test(words):
            await page.goto(f"{address}/search.html?q={words}")
            await page.wait_for_selector("#search-results p.search-summary", timeout=60_000)
            await page.wait_for_function(
                "!document.querySelector('#search-progress')?.textContent.includes('Searching')"
            )
            links = await page.locator("#search-results ul.search li > a").evaluate_all(
                "all => all.map(each => each.href)"
            )
            assert any(f"/{wanted}.html" in each for each in links[:5]), links[:5]
    await page.close()
