"""What the tutorials tell somebody to write and type is done from an empty folder, and comes out as they say."""

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import httpx
import pytest

from parvis.app import create_app
from parvis.jurisdictions import Jurisdictions
from parvis.settings import read_settings
from parvis_reports.pothole import POTHOLE
from parvis_testing.guide_walk import SAID

ROOT = Path(__file__).parents[2]
DOCS = {"en": ROOT / "docs/town-in-an-hour.md", "fr": ROOT / "docs/fr/une-ville-en-une-heure.md"}
FIRST = {"en": ROOT / "docs/first-request.md", "fr": ROOT / "docs/fr/premiere-requete.md"}


@pytest.fixture(scope="module")
def walked(tmp_path_factory) -> tuple[Path, list[str]]:
    """The folder of the town, as the tutorial leaves it, and what was printed."""
    folder, printed = tmp_path_factory.mktemp("valclair"), []
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    for commands, name, content in SAID.findall(DOCS["en"].read_text("utf-8")):
        if commands:
            command = ["bash", "-ec", commands]
            done = subprocess.run(
                command, cwd=folder, env={**os.environ, "PATH": path}, capture_output=True, text=True, check=False
            )
            assert done.returncode == 0, f"{commands}\n{done.stdout}{done.stderr}"
            printed.append(done.stdout)
        else:
            (folder / name).write_text(content, "utf-8")
    return folder, printed


def test_both_languages_have_the_same_files_and_commands():
    shown = {language: SAID.findall(path.read_text("utf-8")) for language, path in DOCS.items()}
    assert shown["fr"] == shown["en"]
    assert len(shown["en"]) == 8


def test_the_town_of_the_tutorial_is_read_without_a_word_against_it(walked):
    folder, printed = walked
    told = "\n".join(printed)
    assert re.search(r"valclair · .* · 2 units · 0 zones · \d+ request types", told)
    assert "public_requests off -> on" in told
    assert (folder / "data").is_dir()


async def test_it_serves_its_portal_and_takes_a_pothole(walked, monkeypatch):
    folder, _ = walked
    monkeypatch.chdir(folder)
    app = create_app(read_settings(folder / "parvis.toml", {}, worker=False))
    transport = httpx.ASGITransport(app=app)
    async with app.lifespan(), httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000") as http:
        page = await http.get("/fr/")
        assert "Ville de Valclair" in page.text
        filed = await http.post(
            "/api/v1/requests",
            json={
                "type": "pothole",
                "language": "fr",
                "answers": {"size": "large", "surface": "lane", "danger": False},
                "place": {"lon": -73.57778, "lat": 45.52204},
                "requester": {"mode": "anonymous"},
            },
        )
        assert filed.status_code == 201, filed.text
        towns: Jurisdictions = app.state.deployment.host.jurisdictions
        assert towns.get("valclair").unit("roads").name.en == "Roads"


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_steps_of_the_first_request_lead_to_its_end(language):
    """In the order in which they are named, each is a step of the request of the tutorial."""
    text = FIRST[language].read_text("utf-8")
    titles = {each.title.to(language): each for each in POTHOLE.workflow.transitions}
    named = [titles[words] for words in re.findall(r"\*([^*\n]+)\*", text) if words in titles]
    steps = [each for each in named if each.code in ("plan", "start", "resolve")]
    assert [each.code for each in steps] == ["plan", "start", "resolve"]
    state = POTHOLE.workflow.initial.code
    for step in steps:
        assert state in step.sources
        state = step.target
    assert state == "resolved"
    assert POTHOLE.title.to(language) in text
    assert POTHOLE.theme.title.to(language) in text


def test_the_account_of_the_first_request_is_one_of_the_demo():
    accounts = tomllib.loads((ROOT / "plugins/demo/src/parvis_demo/accounts.toml").read_text("utf-8"))["accounts"]
    passwords = {each["email"]: each["password"] for each in accounts}
    for path in FIRST.values():
        text = path.read_text("utf-8")
        [email] = set(re.findall(r"`([\w.]+@parvis\.example)`", text))
        assert f"`{passwords[email]}`" in text
