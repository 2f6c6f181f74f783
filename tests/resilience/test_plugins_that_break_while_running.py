"""Bad plugins, last rows: handlers that raise, hang, answer rubbish or wish the impossible, and a plugin that is gone.

Each reaches its own delivery and nothing else; the resident who sent the request notices nothing of it.
"""

import re
import shutil
from contextlib import asynccontextmanager
from importlib import invalidate_caches
from pathlib import Path

import httpx
import pytest

from parvis.app import create_app
from parvis.db.migrating import migrate
from parvis.example_towns import town_folder
from parvis.outbox import listing
from parvis.requests.actors import Actor
from parvis.requests.lifecycle import make_move
from parvis.requests.records import find
from parvis.settings import read_settings
from parvis.worker import Limits, Relay
from parvis_sdk.workflow import Denied

HANDLER = """
import asyncio
from parvis_sdk.errors import Later, Refused
from parvis_sdk.events import Submitted
from parvis_sdk.hooks import hookimpl
from parvis_sdk.subscriptions import Outcome, on
from parvis_sdk.text import Text

@on(Submitted)
async def hear(event, request):
    {body}

@hookimpl
def subscriptions():
    return [hear]
"""
SUBMISSION = {
    "type": "lamp",
    "language": "fr",
    "answers": {"danger": True},
    "place": {"lon": -73.5807, "lat": 45.5236, "address": "1234, rue Rachel Est"},
    "requester": {"mode": "anonymous"},
}
FACTS = {"database_connections": 3, "worker": False, "log_level": "error"}


@pytest.fixture
def settings(tmp_path):
    environ = {"PARVIS_SECRET_KEY": "a secret of thirty-two characters"}
    return read_settings(None, environ, territory=town_folder(), data=tmp_path / "data", **FACTS)


@asynccontextmanager
async def town(settings):
    """The whole application over a real database file, and a client of it."""
    settings.data.mkdir(exist_ok=True)
    app = create_app(settings)
    await migrate(app.state.deployment.host.engine, app.state.deployment.modules)
    client = httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url=settings.address, follow_redirects=True)
    async with app.lifespan(), client as http:
        yield app.state.deployment.host, http


async def sent(http: httpx.AsyncClient) -> dict:
    answer = await http.post("/api/v1/requests", json=SUBMISSION, headers={"Idempotency-Key": "one"})
    assert answer.status_code == 201, answer.text
    return answer.json()


async def delivered(host) -> dict[str, tuple[str, str]]:
    """What the operator sees of each subscriber after one round: its state and its trouble, times left out."""
    await Relay(host, Limits(seconds=0.1), name="w", luck=lambda: 0.0).step()
    lines = await listing(("dead", "postponed", "waiting", "done"))
    told = {
        line.subscriber: (line.state, re.sub(r"after [\d :-]+ UTC", "after <time>", str(line.trouble or "")))
        for line in lines
    }
    return {name: state for name, state in told.items() if not name.startswith("notify.")}


@pytest.mark.slow
async def test_what_handlers_do_wrong_reaches_their_own_delivery_and_no_resident(install, settings, monkeypatch):
    monkeypatch.setattr("parvis.plugins.trying.LAST_WORDS", 0.05)
    install("lights")
    bodies = {
        "good": "return Outcome(external_reference='7')",
        "raises": "raise ValueError('no map')",
        "exits": "raise SystemExit(3)",
        "hangs": "await asyncio.sleep(3600)",
        "rubbish": "return 'done'",
        "later": "raise Later('closed for the night')",
        "refused": "raise Refused('unknown street')",
        "wishes": "return Outcome(move='explode')",
    }
    for name, body in bodies.items():
        install(name, HANDLER.format(body=body))
    async with town(settings) as (host, http):
        assert [str(trouble) for trouble in host.plugins.troubles] == []
        receipt = await sent(http)
        found = await delivered(host)
        reference = receipt["reference"]
        again = "next try after <time> (1 so far)"

        def said(name: str, what: str, so_what: str, now_what: str, line: str = "") -> str:
            where = f"{name}.hear · {reference}" + (f" · parvis_{name}/plugin.py:{line}" if line else "")
            return f"{name} (parvis-{name} 1.2.3) · {where} · {what} · {so_what} · {now_what}"

        up = "no action needed unless this lasts: check whether that system works"
        author = "notify the author of the plugin"
        assert found == {
            "good.hear": ("done", ""),
            "wishes.hear": ("done", ""),
            "raises.hear": ("postponed", said("raises", "it raised ValueError: no map", again, author, "11")),
            "exits.hear": ("postponed", said("exits", "it raised SystemExit: 3", again, author, "11")),
            "hangs.hear": (
                "postponed",
                said(
                    "hangs",
                    "it did not answer within 0.1 s",
                    again,
                    f"{up}, or give the call its own limit",
                    "9",
                ),
            ),
            "rubbish.hear": (
                "postponed",
                said("rubbish", "it returned a str instead of an Outcome or nothing", again, author, "9"),
            ),
            "later.hear": ("postponed", said("later", "closed for the night", again, up)),
            "refused.hear": (
                "dead",
                said(
                    "refused",
                    "unknown street",
                    "it will not be tried again",
                    "correct what was refused and revive the delivery, or skip it",
                ),
            ),
        }
        page = await http.get(receipt["tracking_url"])
        assert page.status_code == 200
        assert "Lampadaire" in page.text
        for word in ("ValueError", "no map", "unknown street", "closed for the night", "explode"):
            assert word not in page.text
        record = await find(host, reference)
        assert record.state == "new"
        assert record.external_references == {"good": "7"}


@pytest.mark.slow
async def test_a_plugin_that_is_gone_leaves_its_requests_readable_and_unmoved(install, settings, tmp_path):
    install("lights")
    install("erp", HANDLER.format(body="return None"))
    async with town(settings) as (host, http):
        receipt = await sent(http)
    for name in ("lights", "erp"):
        uninstall(tmp_path / "site", name)
    async with town(settings) as (host, http):
        assert host.plugins.request_type("lamp") is None
        page = await http.get(receipt["tracking_url"])
        assert page.status_code == 200
        assert "Lampadaire" in page.text
        ana = Actor(kind="agent", id="ana", name="Ana")
        assert isinstance(await make_move(host, receipt["reference"], "close", {}, actor=ana, mover="agent"), Denied)
        assert (await find(host, receipt["reference"])).state == "new"
        refused = await http.post("/api/v1/requests", json=SUBMISSION)
        assert refused.status_code in (404, 422)
        assert "Traceback" not in refused.text


def uninstall(site: Path, name: str) -> None:
    """What pip does when it removes a distribution."""
    shutil.rmtree(site / f"parvis_{name}")
    shutil.rmtree(site / f"parvis_{name}-1.2.3.dist-info")
    invalidate_caches()
