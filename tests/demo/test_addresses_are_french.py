"""An address of the town is marked as French wherever a page in English shows it, so that it is read aloud as one."""

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urldefrag, urljoin, urlsplit

import httpx
import pytest

from parvis.app import create_app
from parvis.deployment import open_deployment
from parvis.example_towns import town_folder
from parvis.people.agents import Grant, add_agent
from parvis.people.roles import ROLES
from parvis.people.sessions import begin_session
from parvis.settings import Settings
from parvis_demo.of_crews import crews_of_the_demo
from parvis_demo.prepare import prepare

from .every_word import HOST, TOWN, parsed

STREETS = "rue|avenue|boulevard|chemin|place|rang|ruelle|route|montée"
OWN = "(?<!Demonstration town hall, )"  # the address that a town says of itself, in both languages
ENDS = r"(?=\s*(?:$|[·(),–]))"  # where a sentence goes on, it is what somebody typed
ADDRESS = re.compile(rf"{OWN}\b\d+[A-Z]?, (?:{STREETS}) [^,·().\"”]+?{ENDS}")
BARE = {"script", "style", "svg", "template", "textarea", "title", "option", "pre"}  # in which no markup may stand
STARTS = ("/bureau", "/exploitation", "/bureau/nouvelle?who=rue+Rachel", "/en", "/en/services")
LEFT_OUT = re.compile(r"/connexion|/deconnexion|/live|/demo/|/fr(/|$)|/guides|\.(csv|xlsx|pdf|zip|ics|png|jpg)")
OFTEN = 4  # requests, visits, tasks: as many pages of each kind are read
NAMED = re.compile(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]|[0-9a-f-]{36}|\d+")


def unmarked(part: Any, french: bool) -> Iterator[str]:
    """The addresses in the text below an element that no `lang` says are French."""
    if not isinstance(part.tag, str) or part.tag in BARE:
        return
    french = part.get("lang", "fr" if french else "en").startswith("fr")
    told = [part.text or "", *(child.tail or "" for child in part)]
    yield from (found[0] for words in told if not french for found in ADDRESS.finditer(words.strip()))
    for child in part:
        yield from unmarked(child, french)


@pytest.mark.parametrize(
    ("html", "found"),
    [
        ("<p>At 1234, rue Rachel Est</p>", ["1234, rue Rachel Est"]),
        ("<p>At <span lang='fr'>1234, rue Rachel Est</span>, twice</p>", []),
        ("<p lang='fr'>Au <b>1234, rue Rachel Est</b> <i lang='en'>or 5, rue Drolet</i></p>", ["5, rue Drolet"]),
        ("<p>I live at 5, rue Drolet. It is dark.</p>", []),
        ("<p><b>Here</b> 5A, avenue Coloniale (north)</p>", ["5A, avenue Coloniale"]),
    ],
)
def test_an_address_without_its_language_is_found(html, found):
    assert list(unmarked(parsed(f"<html lang='en-CA'><body>{html}</body></html>"), french=False)) == found


@pytest.fixture(scope="module")
async def clerk(database_of_module, tmp_path_factory):
    """An agent of every role who reads English, in a demo town."""
    settings = Settings(
        territory=town_folder(),
        secret_key="a secret of thirty-two characters",
        base_url=HOST,
        data=tmp_path_factory.mktemp("marked"),
        database=database_of_module,
        demo=True,
        worker=False,
        log_level="error",
        plugins={"notify": {"mode": "mailbox"}, **crews_of_the_demo()},
    )
    async with open_deployment(settings, migrating=True) as deployment:
        await prepare(deployment.host, counts={TOWN: 60})
        grants = tuple(Grant(role=role, jurisdiction=TOWN, unit="") for role in ROLES)
        engine, email = deployment.host.engine, "ana@parvis.example"
        person = await add_agent(engine, email=email, name="Ana", password="x" * 20, grants=grants, language="en")
        session = await begin_session(engine, person.id, "Tests")
    app = create_app(settings)
    browser = httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url=HOST, headers={"accept": "text/html"})
    async with app.lifespan(), browser:
        browser.cookies.set("parvis_session", session)
        yield browser


@pytest.mark.slow
async def test_every_address_on_a_page_in_english_is_marked_as_french(clerk):
    left, read, bare = list(STARTS), dict[str, int](), dict[str, list[str]]()
    while left:
        address = left.pop(0)
        kind = NAMED.sub("*", urlsplit(address).path)
        if address in bare or read.get(kind, 0) >= OFTEN:
            continue
        page = await clerk.get(address)
        if page.status_code != 200 or "html" not in page.headers["content-type"] or not page.text:
            continue
        read[kind] = read.get(kind, 0) + 1
        tree = parsed(page.text)
        bare[address] = list(unmarked(tree, tree.get("lang").startswith("fr")))
        links = (urldefrag(urljoin(str(page.url), each.get("href")))[0] for each in tree.iter("a") if each.get("href"))
        left += [each.removeprefix(HOST) for each in links if each.startswith(f"{HOST}/") and not LEFT_OUT.search(each)]
    assert len(read) > 100
    assert {page: found for page, found in bare.items() if found} == {}
