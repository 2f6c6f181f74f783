"""What the documents show really runs: code of README and docs, examples in docstrings, settings that can be read."""

import doctest
import importlib
import json
import re
import tomllib
from types import ModuleType

import httpx
import pytest
from sybil import Sybil
from sybil.parsers.markdown import PythonCodeBlockParser

from parvis.app import create_app
from parvis.example_towns import town_folder
from parvis.outbox.letters import letters
from parvis.people.tokens import make_token
from parvis.plugins import DiscoveredPlugin
from parvis.settings import Settings
from parvis.worker import Relay

FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r'\]\(([^)\s]+)\)|src="([^"]+)"')
READERS = {"toml": tomllib.loads, "json": json.loads}


@pytest.fixture(scope="session")
def documents(tracked):
    return [path for path in tracked if path.suffix == ".md"]


def test_python_blocks_of_the_documents_run(documents, subtests):
    sybil = Sybil(parsers=[PythonCodeBlockParser()])
    for document in documents:
        with subtests.test(document=str(document)):
            for example in sybil.parse(document).examples():
                example.evaluate()


def test_settings_and_answers_shown_in_the_documents_can_be_read(documents, subtests):
    for document in documents:
        for language, block in FENCE.findall(document.read_text()):
            if language in READERS:
                with subtests.test(document=str(document), block=block[:60]):
                    READERS[language](block)


def anchor_of(heading: str) -> str:
    """What a heading is called in an address, as forges make it."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-")


def test_links_between_documents_lead_somewhere(documents, root, subtests):
    for document in documents:
        for target in map("".join, LINK.findall(FENCE.sub("", document.read_text()))):
            if target.startswith(("http:", "https:", "mailto:")):
                continue
            with subtests.test(document=str(document.relative_to(root)), target=target):
                name, _, anchor = target.partition("#")
                there = (document.parent / name).resolve() if name else document
                assert there.exists()
                if anchor:
                    headings = re.findall(r"^#+ (.+)$", there.read_text(), re.MULTILINE)
                    assert anchor in map(anchor_of, headings)


def test_examples_in_docstrings_say_what_happens(sources, subtests):
    tried = 0
    for path in sources:
        if ">>> " in path.read_text():
            name = path.as_posix().partition("/src/")[2].removesuffix(".py").replace("/", ".").removesuffix(".__init__")
            with subtests.test(module=name):
                result = doctest.testmod(importlib.import_module(name))
                tried += result.attempted
                assert result.failed == 0
    assert tried > 0


def test_commands_named_in_the_documents_are_environments_of_tox(documents, root):
    tox = (root / "tox.ini").read_text()
    named = {name for path in documents for name in re.findall(r"tox (?:run )?-e ([\w.-]+)", path.read_text())}
    assert {name for name in named if not re.search(rf"\b{re.escape(name)}\b", tox)} == set()


# The plugin of the README, loaded as a town would.

FILED = {
    "type": "charging_station",
    "language": "fr",
    "answers": {"number": "QC-117"},
    "place": {"lon": -73.5817, "lat": 45.5229, "address": "4563, rue Saint-Urbain"},
    "requester": {"mode": "named", "name": "Zoé Côté", "email": "zoe@exemple.ca"},
}


@pytest.fixture(scope="module")
def blocks(root) -> list[str]:
    text = (root / "README.md").read_text(encoding="utf-8")
    return [block for language, block in FENCE.findall(text) if language == "python"]


def plugin_of(*blocks: str) -> ModuleType:
    """The plugin that somebody has who copies these blocks; its other system gives every ticket the same number."""
    plugin = ModuleType("parvis_stations")
    plugin.open_ticket = open_ticket
    for block in blocks:
        exec(compile(block, "README.md", "exec"), vars(plugin))  # noqa: S102  the very text that people copy
    return plugin


async def open_ticket(number: str, once: str) -> str:
    assert once
    return "T-" + number.removeprefix("QC-")


def test_ten_lines_declare_a_service(blocks):
    declared = blocks[0].partition("STATION = ")[2].partition("\n\n")[0]
    assert len(declared.splitlines()) == 10


async def test_the_service_in_ten_lines_is_offered_filed_and_answered(blocks, database_url, tmp_path):
    settings = Settings(
        territory=town_folder(),
        secret_key="s" * 40,
        data=tmp_path,
        database=database_url,
        worker=False,
        plugins={"notify": {"mode": "mailbox"}},
    )
    app = create_app(settings, [DiscoveredPlugin.of("stations", plugin_of(*blocks[:2]))])
    host = app.state.deployment.host
    assert app.state.deployment.plugins.troubles == ()
    transport = httpx.ASGITransport(app=app)
    async with app.lifespan(), httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as http:
        assert "Borne de recharge en panne" in (await http.get("/fr/")).text
        assert "Charging station out of order" in (await http.get("/en/request/streets/charging-station")).text
        schema = (await http.get("/api/v1/request-types/charging_station")).json()["schema"]
        assert schema["properties"]["number"]["title"] == "Numéro de la borne"
        receipt = (await http.post("/api/v1/requests", json=FILED)).json()
        await Relay(host).drain()
        scopes = ("requests:read", "requests:write")
        key, _ = await make_token(host.engine, name="Pont", jurisdiction="parvis", scopes=scopes)
        bearer = {"authorization": f"Bearer {key}"}
        address = f"/api/v1/requests/{receipt['reference']}"
        assert (await http.get(address, headers=bearer)).json()["external_references"] == {"stations": "T-117"}
        sent = {"transition": "resolve", "version": (await http.get(address, headers=bearer)).json()["version"]}
        moved = await http.post(f"{address}/moves", headers=bearer, json=sent)
        assert moved.json()["state"] == "resolved"
        await Relay(host).drain()
        assert [letter.to for letter in await letters(reference=receipt["reference"])] == ["zoe@exemple.ca"] * 2


async def test_the_walk_of_the_readme_passes(blocks):
    known: dict[str, object] = {}
    exec(compile(blocks[2], "README.md", "exec"), known)  # noqa: S102
    await known["test_a_broken_station_has_a_ticket"](plugin_of(*blocks[:2]))
