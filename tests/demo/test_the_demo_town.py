"""The demo town with the real plugins: every step of every story is one that their workflows take."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from parvis import clock
from parvis.access_scope import Reach
from parvis.db.tables import Letter
from parvis.deployment import open_deployment
from parvis.example_towns import town_folder
from parvis.outbox.operating import counts
from parvis.plugins.discovery import find_plugins
from parvis.plugins.loading import load_plugins
from parvis.plugins.plugin_settings import settings_from
from parvis.requests.history import broken_at
from parvis.requests.lists.search import Filters, queue
from parvis.requests.records import find
from parvis.requests.visibility import Viewer
from parvis.settings import Settings
from parvis.worker.relay import Relay
from parvis_demo.courses import GROUNDS
from parvis_demo.of_crews import crews_of_the_demo
from parvis_demo.prepare import prepare
from parvis_demo.sentences import all_lines
from parvis_proposals.tables import PluginProposal
from parvis_service_levels.desk.raised import raised_to, steps_of
from parvis_telephone.calls import calls_for

NOW = datetime(2026, 11, 25, 15, tzinfo=UTC)
EVERYWHERE = tuple(Reach(permissions=frozenset({"see"}), jurisdiction=code, unit="") for code in ("parvis", "rivemont"))
CALLER = Viewer(
    kind="agent",
    id="test",
    name="Test",
    reaches=(Reach(permissions=frozenset({"see", "work", "intake", "contacts"}), jurisdiction="parvis", unit=""),),
)
MANAGER = Viewer(kind="agent", id="test", name="Test", reaches=EVERYWHERE)


def test_a_refusal_gives_the_ground_that_its_words_explain():
    """The demo has one sentence in each language for a refusal of a type, and the form one ground that fits it."""
    plugins = load_plugins(find_plugins()[0], settings_from({}, {}))
    words = {kind: lines for kinds in all_lines().values() for kind, lines in kinds.items()}
    asked = dict[str, str]()
    for code, kind in plugins.request_types.items():
        refusal = next((each for each in kind.workflow.transitions if each.code == "refuse"), None)
        fields = refusal.asks.fields() if refusal and code in words else ()
        for field in (each for each in fields if each.code in ("ground", "grounds")):
            assert GROUNDS[code] in {option.code for option in field.options}, code
            assert {len(words[code][language]["refused"]) for language in ("fr", "en")} == {1}, code
            asked[code] = field.code
    assert asked.keys() == GROUNDS.keys()


async def everything(host, town):
    rows, cursor = [], ""
    while True:
        found = await queue(host, MANAGER, town, Filters(), limit=200, cursor=cursor)
        rows += found.rows
        cursor = found.next_cursor
        if not cursor:
            return [await find(host, row.reference) for row in rows]


@pytest.mark.slow
async def test_the_whole_demo_is_played_without_one_refusal_and_every_delivery_is_done(database_url, tmp_path):
    settings = Settings(
        territory=town_folder(),
        secret_key="a secret of thirty-two characters",
        data=tmp_path,
        database=database_url,
        demo=True,
        plugins={"notify": {"mode": "mailbox"}, **crews_of_the_demo()},
    )
    async with open_deployment(settings, migrating=True) as deployment:
        assert {"reports", "complaints", "permits"} <= set(deployment.plugins.by_name)
        assert deployment.loose_ends == ()
        with clock.moved_to(NOW):
            prepared = await prepare(deployment.host, deliver=Relay(deployment.host).drain)
            assert prepared.refused == ()
            assert prepared.requests == 400
            delivered = await counts()
            assert (delivered.waiting, delivered.postponed, delivered.dead) == (0, 0, 0)
            assert delivered.done > 1000
            calls = (
                await calls_for(deployment.host, CALLER, deployment.host.jurisdictions.jurisdiction("parvis"))
            ).calls
            assert 0 < len(calls) < 40
            assert all(call.due_at > NOW for call in calls)
            raised = (
                await queue(deployment.host, MANAGER, "parvis", Filters(conditions=(raised_to(1),)), limit=200)
            ).rows
            assert {1, 2} <= {*(await steps_of(raised)).values()}
            told = await Letter.select(Letter.to).where(Letter.subject.like("%à surveiller%"))
            assert told
            assert len(told) == len({row["to"] for row in told})
            parvis = await everything(deployment.host, "parvis")
            rivemont = await everything(deployment.host, "rivemont")
        # And a snow operation, works that have begun, an incident, two street lights with what is made of them, and two
        # requests at one place, about which a plugin proposes something.
        assert (len(parvis), len(rivemont)) == (360 + 1 + 5 + 1 + 3 + 2, 40)
        assert await PluginProposal.exists().where(PluginProposal.state == "waiting")
        types = Counter(record.type for record in (*parvis, *rivemont))
        assert len(types) == 13 + 2
        assert {record.theme for record in rivemont} <= {
            "streets",
            "lighting",
            "collection",
            "cleanliness",
            "green",
            "snow",
        }
        phases = Counter(record.phase for record in (*parvis, *rivemont))
        assert min(phases[phase] for phase in ("received", "in_progress", "waiting_for_you", "decided", "closed")) > 0
        kept = sum(record.promise == "missed" for record in parvis) / len(parvis)
        assert 0.05 < kept < 0.35
        assert all(record.updated_at - record.submitted_at < timedelta(days=270) for record in parvis)
        for record in (*parvis[:20], *rivemont[:5]):
            assert await broken_at(record) is None
