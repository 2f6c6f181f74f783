"""The page of components: nothing that templates can import is left out of it, and only a demonstration shows it."""

import re
from pathlib import Path

import httpx
import pytest

from parvis.app import create_app
from parvis.example_towns import town_folder
from parvis.settings import Settings
from parvis.web.pages import TEMPLATES

DEFINED = re.compile(r"{% macro (\w+)\(")
PARTS = {"fields": {"question", "error_summary", "button", "link_button", "select"}}
"""Where only some of a file's macros are for others; the rest draw parts of these."""
WHOLE = ("contents", "pieces", "shell")
MENU = {"menu", "menu_link", "menu_group", "menu_person"}
NOT_DRAWN = {"phase_name", "file_state", "language_switch", "other_language", "shortcuts_help"} | MENU
"""Words alone, or parts of the shell that stand around every page."""


def defined(name: str) -> set[str]:
    return set(DEFINED.findall((Path(TEMPLATES) / f"macros/{name}.html").read_text("utf-8")))


@pytest.fixture
async def shown(database_url, tmp_path, modules):
    async def get(path: str, demo: bool) -> httpx.Response:
        settings = Settings(
            territory=town_folder(), secret_key="s" * 40, data=tmp_path, database=database_url, demo=demo, worker=False
        )
        app = create_app(settings, plugins=[], modules=modules)
        transport = httpx.ASGITransport(app=app)
        async with app.lifespan(), httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as http:
            return await http.get(path, headers={"accept": "text/html"})

    return get


async def test_every_component_is_shown_under_its_name(shown):
    page = await shown("/fr/demo/composants", demo=True)
    assert page.status_code == 200
    there = set(re.findall(r'id="c-(\w+)"', page.text))
    wanted = PARTS["fields"].union(*(defined(name) for name in WHOLE)) - NOT_DRAWN
    assert wanted - there == set()
    assert "Composants" in page.text


async def test_no_town_shows_it(shown):
    assert (await shown("/fr/demo/composants", demo=False)).status_code == 404
